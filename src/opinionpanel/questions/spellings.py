"""One name in several spellings: which of them it is called by, and what is said about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from opinionpanel.errors import count_people
from opinionpanel.waves import LEAST_PEOPLE, folded

# A note names so many names, and counts the others.
MOST_NAMED = 5


@dataclass(frozen=True)
class Named:
    """A value that occurs at a wave.

    Attributes
    ----------
    wave : str
    text : str
        Its label, or the value itself.
    label : bool
        Whether a label of the wave's own says so.
    people : int
    """

    wave: str
    text: str
    label: bool
    people: int


@dataclass(frozen=True)
class Spellings:
    """Which texts are one name.

    Attributes
    ----------
    chosen : dict of str to str
        Text to the spelling that stands for it, where that is another one.
    notes : tuple of str
    """

    chosen: Mapping[str, str]
    notes: tuple[str, ...]

    def of(self, text: str) -> str:
        """Return the spelling that stands for a text."""
        return self.chosen.get(text, text)


def spelling_key(text: str) -> str:
    """Bring the spellings of a name to one; what is nothing but marks stays: "?" is not "!"."""
    return folded(text) or text


def spellings(values: Iterable[Named], *, shown: bool) -> Spellings:
    """Put together the texts that are the same when folded; notes name them if they may be `shown`.

    Names of few people that no label says are counted.

    A label comes before a text without a code, a text without entities of HTML before one with
    them, then the spelling of the first wave, then the one that most people have there, or in all.
    Codes of one wave whose labels differ in spelling stay what they are.
    """
    alike: dict[str, list[Named]] = {}
    for value in values:
        alike.setdefault(spelling_key(value.text), []).append(value)
    chosen: dict[str, str] = {}
    lines: list[str] = []
    together = 0
    for named in alike.values():
        texts = _ranked(named)
        if len(texts) == 1 or _apart(named):
            continue
        best = texts[0]
        chosen |= dict.fromkeys(texts[1:], best)
        together += 1
        if any(value.label for value in named) or _most(named) >= LEAST_PEOPLE:
            both = " and ".join(_counted(text, named) for text in texts)
            lines.append(f"{both} are one: {best!r}")
    notes = sorted(lines)[:MOST_NAMED] if shown else []
    if more := together - len(notes):
        names = "name stands" if more == 1 else "names stand"
        notes.append(f"{more}{' more' if notes else ''} {names} in several spellings, taken as one")
    return Spellings(chosen, tuple(notes))


def _apart(named: Iterable[Named]) -> bool:
    """Tell whether a wave labels two of its codes so."""
    labels: dict[str, str] = {}
    return any(
        labels.setdefault(value.wave, value.text) != value.text for value in named if value.label
    )


def _most(named: Iterable[Named]) -> int:
    """Count the people of a name, in any spelling, at the wave that has most of them."""
    people: dict[str, int] = {}
    for value in named:
        people[value.wave] = people.get(value.wave, 0) + value.people
    return max(people.values())


def _ranked(named: Sequence[Named]) -> list[str]:
    """List the spellings, the one that stands for all first."""
    waves = list(dict.fromkeys(value.wave for value in named))
    people: dict[str, int] = {}
    for value in named:
        people[value.text] = people.get(value.text, 0) + value.people
    ranked = sorted(
        (
            not value.label,
            unescape(value.text) != value.text,
            waves.index(value.wave),
            -value.people,
            -people[value.text],
            value.text,
        )
        for value in named
    )
    return list(dict.fromkeys(text for *_, text in ranked))


def _counted(text: str, named: Iterable[Named]) -> str:
    people: dict[str, int] = {}
    for value in named:
        if value.text == text:
            people[value.wave] = people.get(value.wave, 0) + value.people
    return f"{text!r} ({', '.join(f'{wave}: {count_people(n)}' for wave, n in people.items())})"


def spelt_apart(people: Mapping[str, int]) -> str:
    """Say which names of strata or PSUs differ in spelling only, and so count as several.

    `people` has each name; those of few people are not shown.
    """
    alike: dict[str, list[str]] = {}
    for text in people:
        alike.setdefault(spelling_key(text), []).append(text)
    several = [texts for texts in alike.values() if len(texts) > 1]
    if not several:
        return ""
    shown = [
        " and ".join(f"{text!r} ({count_people(people[text])})" for text in texts)
        for texts in several
        if sum(people[text] for text in texts) >= LEAST_PEOPLE
    ][:MOST_NAMED]
    more = f", such as {'; '.join(shown)}" if shown else ""
    names = "1 name stands" if len(several) == 1 else f"{len(several)} names stand"
    return (
        f"{names} in several spellings, which count as different ones{more}. If they are the same, "
        "write them alike"
    )
