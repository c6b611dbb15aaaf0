"""Sums of scores and of their products, tallied at each wave or each pair of waves, by group."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from opinionpanel.arrays import Floats, Integers
from opinionpanel.engines import PersonColumn, PersonRows, take
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import (
    DOWNWARD,
    UPWARD,
    About,
    Estimates,
    Labels,
    Role,
    Totals,
    free_names,
)
from opinionpanel.measures.tabulation import OneTable, tabulate
from opinionpanel.panel import Panel
from opinionpanel.questions import Score

# The label column that tells the sums of a base apart while they are made, in brackets so that no
# group is named like it; and its value where people are counted.
AMOUNT = "(moment)"
PEOPLE = "people"
# Amounts that are the length of a step, which is never less than 0.
STEPS = (UPWARD, DOWNWARD)


@dataclass(frozen=True, eq=False)
class Numbers:
    """The numbers of a score, brought to a range around 0 so that sums lose no digits.

    Attributes
    ----------
    score : Score
    middle, width : float
        A number is middle + width × what is added up.
    table : numpy.ndarray, shape (k,)
        What is added up, by the code of an answer.
    codes : PersonRows of int
        The codes of people by wave; below 0 for those without a number.
    """

    score: Score
    middle: float
    width: float
    table: Floats
    codes: PersonRows

    def at(self, place: int) -> PersonColumn:
        """Look up everyone's number at a wave; of those without one it is 0."""
        return take(self.table, self.codes[place])


def numbers_of(panel: Panel, score: str) -> Numbers:
    """Find the numbers of a score."""
    question, values = panel.score(score), panel.numbers[score]
    if not len(values):
        # Nobody has a number, and nothing is looked up.
        values = np.zeros(1)
    low, high = float(values[0]), float(values[-1])
    middle, width = (low + high) / 2, (high - low) or 1.0
    return Numbers(question, middle, width, (values - middle) / width, panel.answers[score])


def refuse_panel(base: str) -> None:
    """Refuse a base in which people have no number."""
    if base in ("panel", "last"):
        raise SelectionError(
            f"base={base!r} has people without an answer, and they have no number to average. Take "
            "base='answered' or 'balanced'; attrition says who was lost."
        )


def moments(
    panel: Panel,
    about: About,
    groups: Sequence[str],
    keys: Mapping[str, Role],
    tables: Sequence[tuple[OneTable, Mapping[str, PersonColumn]]],
) -> tuple[Totals, About, list[str]]:
    """Tally people, and amounts of theirs, over the same cells.

    Parameters
    ----------
    panel, about, groups, keys
        As in `tabulate`.
    tables : sequence of tuple
        Who is counted, without amounts, and each amount by name. Of steps only those who made one
        are counted, which adds up to the same.

    Returns
    -------
    tuple
        The totals, with the name of the amount, or `PEOPLE`, in the label column `AMOUNT`; the
        caption, and the label columns of the groups.
    """
    each = []
    for table, amounts in tables:
        each.append(replace(table, key=(*table.key, PEOPLE)))
        for name, amount in amounts.items():
            inside = table.inside & (amount > 0) if name in STEPS else table.inside
            each.append(replace(table, key=(*table.key, name), inside=inside, amount=amount))
    apart: dict[str, Role] = {**keys, AMOUNT: "parameter"}
    totals, told, names = tabulate(panel, about, groups, apart, [], each)
    weights = {table.key: table.weight.text for table, _ in tables}
    roles = {name: role for name, role in told.roles.items() if name != AMOUNT}
    return totals, replace(told, weights=weights, roles=roles), names


def averages(
    totals: Totals,
    about: About,
    numbers: Numbers,
    *,
    levels: Collection[str],
    counted: bool = False,
) -> Estimates:
    """Divide every amount by its people, and bring it back to the score's own numbers.

    Parameters
    ----------
    totals : Totals
        As `moments` tallied them.
    about : About
    numbers : Numbers
    levels : collection of str
        The amounts that are numbers of the score; others are differences of these.
    counted : bool
        Whether to say of each amount how many people it is made of.

    Returns
    -------
    Estimates
        The label column `AMOUNT`, the last one, names the amount. NaN, with n = 0, where nobody is
        in the base.
    """
    above, below = places_of_moments(totals.named)
    labels = totals.named.take(above)
    found = totals.ratios(
        above,
        below,
        labels,
        about,
        middle=np.where(labels.where(AMOUNT, *levels), numbers.middle, 0.0),
        width=numbers.width,
    )
    possible = _possible(found.named, numbers.score, levels)
    return replace(found, possible=possible, n_cell=totals.n[above] if counted else None)


def places_of_moments(labels: Labels) -> tuple[Integers, Integers]:
    """Find the amounts among the totals of `moments`, and the people of each one's base."""
    base = labels.numbers([name for name in labels if name != AMOUNT])
    people = labels.where(AMOUNT, PEOPLE)
    place = np.zeros(base.max(initial=-1) + 1, dtype=np.int64)
    place[base[people]] = np.flatnonzero(people)
    amounts = np.flatnonzero(~people)
    return amounts, place[base[amounts]]


def moment_last(labels: Labels, name: str = "") -> Labels:
    """Put the label column of the amounts last, under a name; without one it is left out."""
    columns = {key: column for key, column in labels.columns.items() if key != AMOUNT}
    if name:
        # A group of that name is told apart, as everywhere.
        columns = dict(zip(free_names([*columns], [name]), columns.values(), strict=True))
        columns[name] = labels.columns[AMOUNT]
    return Labels(columns, len(labels))


def _possible(labels: Labels, score: Score, levels: Collection[str]) -> Floats:
    """Say between what averages can lie, by the ends of the scale."""
    length = score.high - score.low
    ends = dict.fromkeys(levels, (score.low, score.high))
    ends |= dict.fromkeys(STEPS, (0.0, length))
    amounts = map(str, labels.column(AMOUNT))
    return np.array([ends.get(name, (-length, length)) for name in amounts]).reshape(-1, 2)
