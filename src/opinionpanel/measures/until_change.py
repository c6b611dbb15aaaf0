"""The way of people to their first change of answer, by interval, and where it is cut off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np

from opinionpanel.design import PersonWeight
from opinionpanel.engines import PersonColumn, how_many
from opinionpanel.errors import SelectionError, count_people
from opinionpanel.measures.bases import state_codes
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, all_of


@dataclass(frozen=True, eq=False)
class Interval:
    """The people who had not changed before two waves, one after the other.

    Attributes
    ----------
    waves : tuple of str
    at_risk : PersonColumn of bool
        They answered at both, and had given the same answer at every wave since their first. Those
        without a weight are among them.
    changed : PersonColumn of int
        1 for those whose answer at the later wave was another; of all others it means nothing.
    state : PersonColumn of int
        The answer that they had given so far.
    weight : PersonWeight
        That of the two waves.
    """

    waves: tuple[str, str]
    at_risk: PersonColumn
    changed: PersonColumn
    state: PersonColumn
    weight: PersonWeight


@dataclass(frozen=True)
class CutOff:
    """People of whom nothing more is known before they changed, unweighted.

    Attributes
    ----------
    gone : int
        They gave no answer any more.
    gaps : int
        They missed a wave, or gave no answer, and answered again later.
    later : int
        They gave their first answer after the first wave.
    """

    gone: int
    gaps: int
    later: int

    def words(self) -> str:
        """Say how many they are; "" for none."""
        parts = []
        if self.gone:
            parts.append(Phrase("{people} who dropped out", people=count_people(self.gone)))
        if self.gaps:
            parts.append(
                Phrase(
                    "{people} who missed a wave and came back, and may have changed meanwhile",
                    people=count_people(self.gaps),
                )
            )
        if not parts:
            return ""
        who = all_of(parts) if len(parts) > 1 else parts[0]
        return Phrase(
            "Counted until the last wave before a missing answer, as if those lost went on to "
            "change like the others: {who}.",
            who=who,
        )


def intervals_until_change(
    panel: Panel, item: str, names: Sequence[str], *, from_first_wave: bool
) -> tuple[tuple[str, ...], list[Interval], CutOff]:
    """Find who was still to change in each interval, and who was lost before.

    Parameters
    ----------
    panel : Panel
    item : str
    names : sequence of str
        Waves in the order of fieldwork.
    from_first_wave : bool
        Only people with an answer at the first of them; otherwise everyone from the first answer
        that they gave.

    Returns
    -------
    tuple
        The states of the item, the intervals, and those who were cut off.
    """
    states, codes = state_codes(panel, item, list(names), "answered")
    answered = [panel.domain & (codes[name] >= 0) for name in names]
    counts = [panel.weight(name).values > 0 for name in names]
    watched = started = answered[0]
    intervals: list[Interval] = []
    lost: list[tuple[int, PersonColumn, PersonColumn]] = []
    for place, pair in enumerate(pairwise(names)):
        first, last = codes[pair[0]], codes[pair[1]]
        at_risk = watched & answered[place + 1]
        lost.append((place, watched & ~answered[place + 1] & counts[place], started))
        changed, weight = (first != last).astype(np.int64), panel.weight(*pair)
        intervals.append(Interval(pair, at_risk, changed, first, weight))
        watched = at_risk & (first == last)
        if not from_first_wave:
            watched = watched | (answered[place + 1] & ~started)
            started = started | answered[place + 1]
    found = how_many(_conditions(lost, answered, counts, later=not from_first_wave))
    gaps = sum(count for (what, _), count in found.items() if what == "gap")
    everyone = sum(count for (what, _), count in found.items() if what == "lost")
    joined = sum(count for (what, _), count in found.items() if what == "later")
    return states, intervals, CutOff(gone=everyone - gaps, gaps=gaps, later=joined)


def refuse_nobody(item: str, names: Sequence[str], people: float) -> None:
    """Refuse waves between which nobody was seen twice."""
    if not people:
        raise SelectionError(
            f"Nobody with a positive weight answered {item!r} at two waves in a row, of "
            f"{names[0]!r} to {names[-1]!r}: no first change can be seen. Name the waves that link "
            "people, with waves=."
        )


def _conditions(
    lost: Sequence[tuple[int, PersonColumn, PersonColumn]],
    answered: Sequence[PersonColumn],
    counts: Sequence[PersonColumn],
    *,
    later: bool,
) -> Iterator[tuple[tuple[str, int], PersonColumn]]:
    """Name the people to count; all are counted in one pass."""
    for place, people, started in lost:
        yield ("lost", place), people
        after = answered[place + 2 :]
        if after:
            yield ("gap", place), people & reduce(np.logical_or, after)
        if later and place + 2 < len(answered):
            yield ("later", place), answered[place + 1] & ~started & counts[place + 1]
