"""Targets of a calibration: read, checked, and compared with who is in the sample."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from opinionpanel import engines
from opinionpanel.arrays import Floats
from opinionpanel.design import Margin, WaveKey, key_text
from opinionpanel.engines import Cross, Key, PersonColumn, Table
from opinionpanel.errors import DesignError, SelectionError, count_people, listing, shown, unknown
from opinionpanel.panel import Panel
from opinionpanel.questions import unknown_category

Numbers = Mapping[Hashable, float] | pd.Series
Targets = Mapping[str | tuple[str, ...], Numbers]

# How far apart totals may be by rounding alone; what looks like proportions gone wrong; and like
# per cent, since no population is of 100 people.
ROUNDING = 1e-6
NEARLY_ONE = 0.1
PER_CENT = (99.0, 101.0)


@dataclass(frozen=True, eq=False)
class Target:
    """The numbers wanted for one margin.

    Attributes
    ----------
    groups : tuple of str
        One group, or several crossed.
    categories : tuple of tuple of str
        One category of each group.
    numbers : numpy.ndarray, shape (categories,)
        Proportions, which add up to exactly 1, or population totals.
    proportions : bool
    """

    groups: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    numbers: Floats
    proportions: bool

    @property
    def name(self) -> str:
        """For example "gender × age_group"."""
        return " × ".join(self.groups)

    def scaled(self, total: float) -> Floats:
        """Bring the numbers to a total."""
        return np.asarray(self.numbers / self.numbers.sum() * total)

    @property
    def texts(self) -> tuple[str, ...]:
        """The categories in words, for example "man × 18-34"."""
        return tuple(" × ".join(category) for category in self.categories)


def keys_of(panel: Panel, waves: Sequence[WaveKey] | str | None) -> list[WaveKey]:
    """List the weights to work on: those named, or all of the panel."""
    if waves is None:
        return list(panel.weights)
    if not isinstance(waves, Iterable):
        raise DesignError(f"waves must be a list of waves or pairs of waves, not {waves!r}.")
    keys: list[WaveKey] = [waves] if isinstance(waves, str) else list(waves)
    for key in keys:
        if not isinstance(key, (str, tuple)):
            raise DesignError(f"waves holds {key!r}; name waves, or pairs as ('w1', 'w2').")
        if isinstance(key, str):
            panel.position(key)
        elif key not in panel.weights:
            pairs = [pair for pair in panel.weights if isinstance(pair, tuple)]
            raise unknown("longitudinal weight", key, pairs)
    if not keys or len(set(keys)) < len(keys):
        raise DesignError(f"waves must name at least one weight, each once; got {listing(keys)}.")
    return keys


def read_targets(panel: Panel, targets: Targets) -> list[Target]:
    """Read the targets in the order of the panel's categories, and refuse impossible ones."""
    if not isinstance(targets, Mapping) or not targets:
        raise DesignError(
            "targets must be a dict of margins, each a dict of numbers by category: "
            "{'gender': {'man': 0.48, 'woman': 0.52}}."
        )
    found = [_read(panel, names, numbers) for names, numbers in targets.items()]
    check_totals(found)
    return found


def check_totals(targets: Sequence[Target]) -> None:
    """Refuse totals of different populations."""
    totals = [target for target in targets if not target.proportions]
    for target in totals:
        first, this = totals[0].numbers.sum(), target.numbers.sum()
        if abs(this - first) > ROUNDING * first:
            raise DesignError(
                f"The targets contradict each other: margin {totals[0].name!r} adds up to "
                f"{first:,.10g}, margin {target.name!r} to {this:,.10g}. Bring them to the same "
                "total, or give proportions that add up to 1."
            )


def total_of(targets: Sequence[Target]) -> float | None:
    """Return the population total of the targets; None where all are proportions."""
    totals = [float(target.numbers.sum()) for target in targets if not target.proportions]
    return totals[0] if totals else None


def _read(panel: Panel, names: str | tuple[str, ...], numbers: Numbers) -> Target:
    groups = names if isinstance(names, tuple) else (names,)
    known = [panel.group(name).categories for name in groups]
    if len(set(groups)) < len(groups) or not groups:
        raise DesignError(f"Margin {names!r} crosses a group with itself. Name different groups.")

    def no_such(group: str, part: str) -> SelectionError:
        return unknown_category(f"category of {group!r} in the targets:", part, panel.group(group))

    return read_numbers(f"Margin {' × '.join(groups)!r}", groups, known, numbers, no_such)


def read_numbers(
    what: str,
    groups: tuple[str, ...],
    known: Sequence[Sequence[str]],
    numbers: Numbers,
    no_such: Callable[[str, str], SelectionError],
) -> Target:
    """Read the numbers of one margin.

    Parameters
    ----------
    what : str
        Names the margin in messages.
    groups : tuple of str
        What its categories are crossed from.
    known : sequence of sequence of str
        The categories there are of each, in order.
    numbers : dict or pandas.Series
    no_such : callable
        Makes the error for a category of a group that is not known.
    """
    if not isinstance(numbers, (Mapping, pd.Series)) or not len(numbers):
        raise DesignError(f"{what}: give a dict, or a pandas Series, of numbers by category.")
    by_category: dict[tuple[str, ...], float] = {}
    for key, number in numbers.items():
        parts = tuple(str(part) for part in (key if isinstance(key, tuple) else (key,)))
        if len(parts) != len(groups):
            raise DesignError(f"{what}: category {key!r} must name one category of each group.")
        # A number such as 1.0 is the category "1" of a coded group.
        parts = tuple(
            part if part in categories else _coded(part)
            for part, categories in zip(parts, known, strict=True)
        )
        for group, part, categories in zip(groups, parts, known, strict=True):
            if part not in categories:
                raise no_such(group, part)
        if parts in by_category:
            raise DesignError(f"{what}: category {key!r} has two targets. Give one.")
        by_category[parts] = _number(number, f"{what}, category {' × '.join(parts)!r}")
    places = [{text: place for place, text in enumerate(texts)} for texts in known]
    ordered = sorted(
        by_category,
        key=lambda parts: [place[part] for place, part in zip(places, parts, strict=True)],
    )
    values = np.array([by_category[parts] for parts in ordered])
    total = values.sum()
    proportions = bool(abs(total - 1) <= ROUNDING)
    if not proportions and abs(total - 1) <= NEARLY_ONE:
        raise DesignError(
            f"{what}: the proportions add up to {total:.6g}. They must add up to 1; rescale them, "
            "or add the category that is missing."
        )
    if PER_CENT[0] <= total <= PER_CENT[1]:
        raise DesignError(
            f"{what}: the targets add up to {total:.6g}, which looks like per cent. Divide them by "
            "100: proportions add up to 1."
        )
    return Target(groups, tuple(ordered), values / total if proportions else values, proportions)


def _coded(text: str) -> str:
    """Spell the number of a code as groups do: whole numbers without decimals, True as 1."""
    text = {"True": "1", "False": "0"}.get(text, text)
    return text.removesuffix(".0")


def _number(number: object, where: str) -> float:
    try:
        value = float(number)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise DesignError(f"{where}: the target {shown(number)} is not a number.") from None
    if not (np.isfinite(value) and value > 0):
        raise DesignError(
            f"{where}: the target is {value:g}; it must be a positive number. Leave out a category "
            "that the population does not have, and give the people in it another category."
        )
    return value


def margins_at(
    panel: Panel,
    key: WaveKey,
    targets: Sequence[Target],
    total: float,
    sampled: PersonColumn | None = None,
) -> tuple[Margin, ...]:
    """Find everyone's category at a wave or pair, and compare sample and targets.

    `total` is what the calibrated weights will add up to; `sampled` are the people whom the
    margins are about, by default everyone with a weight.
    """
    sampled = panel.weights[key] > 0 if sampled is None else sampled
    # For a pair of waves, groups by wave take the value of the earlier one, as in the measures.
    position = panel.position(key if isinstance(key, str) else key[0])
    margins = []
    for target in targets:
        codes = _codes(panel, position, target)
        groups = [panel.group(name) for name in target.groups]
        check_members(codes, sampled, target, key, [group.nameable for group in groups])
        codes = np.where(sampled, codes, -1)
        margins.append(Margin(target.name, target.texts, codes, target.scaled(total)))
    return tuple(margins)


def _codes(panel: Panel, position: int, target: Target) -> PersonColumn:
    """Everyone's category; -1 for people without one, -2 for those whose has no target."""
    groups = [panel.group(name) for name in target.groups]
    table = np.full([len(group.categories) for group in groups], -2, dtype=np.int64)
    for place, parts in enumerate(target.categories):
        cell = [group.categories.index(part) for group, part in zip(groups, parts, strict=True)]
        table[tuple(cell)] = place
    keys = (Key(group.at(position), len(group.categories)) for group in groups)
    crossed = Cross(tuple(keys)).codes()
    return engines.take(table.ravel(), crossed)


def check_members(
    codes: PersonColumn,
    sampled: PersonColumn,
    target: Target,
    key: WaveKey,
    nameable: Sequence[Sequence[str]],
) -> None:
    """Refuse people without a category or target, targets without people, totals of fewer people.

    `codes` are as those of `_codes`; `nameable` are the categories that a message may name.
    """
    what = f"Weight at {key_text(key)}, margin {target.name!r}"
    members = engines.tables([Table((Key(codes + 2, len(target.texts) + 2),), (), sampled)])[0]
    surplus, unknowns = int(members[0]), int(members[1])
    if unknowns:
        raise DesignError(
            f"{what}: {count_people(unknowns)} with a weight have no category. Fill the column, "
            "give them a category of their own with a target, or leave the margin out."
        )
    if surplus:
        without = ""
        if len(target.groups) == 1:
            given = {category for (category,) in target.categories}
            left = [text for text in nameable[0] if text not in given]
            without = f", such as {listing(left)}" if left else ""
        are = "is" if surplus == 1 else "are"
        raise DesignError(
            f"{what}: {count_people(surplus)} with a weight {are} in categories without a target"
            f"{without}; there are targets for {listing(target.texts)}. Add the missing targets, "
            "or put categories together."
        )
    empty = [text for text, count in zip(target.texts, members[2:], strict=True) if not count]
    if empty:
        raise DesignError(
            f"{what}: nobody with a weight is in {listing(empty)}. Put the category together with "
            "another one, in the data and in the targets."
        )
    people, total = int(members[2:].sum()), float(target.numbers.sum())
    if not target.proportions and total < people * (1 - ROUNDING):
        per_cent = " Divide per cent by 100." if abs(total / 100 - 1) <= NEARLY_ONE else ""
        raise DesignError(
            f"{what}: the targets add up to {total:,.6g}, but {count_people(people)} with a weight "
            "are in its categories, and no population is smaller than its sample. Give proportions "
            f"that add up to 1, or totals of the population.{per_cent}"
        )
