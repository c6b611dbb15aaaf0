"""The shares at two waves that tables of moves have to fit: of samples, or of the same people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import (
    PAIR,
    Estimates,
    Labels,
    Sources,
    label_rows,
    level_of_each,
    limits,
)
from opinionpanel.measures.pairs_of_waves import pair_names, wave_names
from opinionpanel.measures.tables_of_moves import Margins
from opinionpanel.measures.tabulation import pair_totals, wave_totals
from opinionpanel.panel import Panel

# The two margins of a table of the same people.
SIDES = ("first", "last")


@dataclass(frozen=True, eq=False)
class Samples:
    """The shares that tables have to fit.

    Attributes
    ----------
    shares : Estimates
        Of all groups and states, at each wave or on each side of a pair.
    pairs : list of (str, str)
    places : list of tuple of numpy.ndarray, shape (groups, states)
        By pair, the places of its shares before and after.
    groups : list of str
        The label columns of groups.
    """

    shares: Estimates
    pairs: list[tuple[str, str]]
    places: list[tuple[Integers, Integers]]
    groups: list[str]

    def within(self, number: int, level: float) -> tuple[Margins, Margins]:
        """Give intervals of the margins of a pair that all hold at once (Bonferroni)."""
        first, last = self.places[number]
        # Of two shares that add up to 1 one is enough.
        size = 2 * (1 if first.size == 2 else first.size)
        low, high = limits(self.shares, level_of_each(level, size), "logit")
        return Margins(low[first], high[first]), Margins(low[last], high[last])

    def check_groups(self) -> None:
        """Refuse groups without anybody at one of two waves."""
        for number, pair in enumerate(self.pairs):
            sizes = self._sizes(number)
            for wave, here, there in zip(pair, sizes, sizes[::-1], strict=True):
                if gone := np.flatnonzero((here == 0) & (there > 0)).tolist():
                    raise SelectionError(
                        f"At {wave} nobody is in {self._named(number, gone)}, and at the other "
                        "wave somebody is: groups narrow bounds only where both samples have them. "
                        "Put categories together, or leave the group out."
                    )

    def sizes_apart(self, number: int, level: float) -> SelectionError:
        """Refuse groups whose sizes before and after no population has, naming one."""
        sizes = self._sizes(number)
        group = int(np.abs(sizes[0] - sizes[1]).argmax())
        told = " and ".join(
            f"{100 * size[group]:.1f}% of {int(self.shares.n[side[0, 0]]):,} people at {wave}"
            for wave, size, side in zip(self.pairs[number], sizes, self.places[number], strict=True)
        )
        return SelectionError(
            f"{self._named(number, [group])} are {told}. Two samples of one population do not "
            f"differ by so much (at a level of {100 * level:g}%), so that no table of moves fits "
            "both. Weight both to the same sizes of groups, with rake or poststratify, or leave "
            "the group out."
        )

    def _sizes(self, number: int) -> Floats:
        """Give which share of people each group is, shape (2, groups)."""
        return np.array([self.shares.value[side].sum(axis=1) for side in self.places[number]])

    def _named(self, number: int, groups: Sequence[int]) -> str:
        first, _ = self.places[number]
        keys = self.shares.named.take(first[list(groups), 0]).keys(self.groups)
        return listing(", ".join(map(str, key)) for key in keys)

    def sources(self, of_pair: Integers) -> Sources | None:
        """Say that bounds add up what is known of each group: of few people it would be theirs."""
        if not self.groups:
            return None
        assert self.shares.n_cell is not None
        people = np.zeros(len(self.shares))
        inside = np.zeros((len(self.pairs), len(self.shares)), dtype=bool)
        for number, sides in enumerate(self.places):
            for side in sides:
                people[side] = self.shares.n_cell[side].sum(axis=1, keepdims=True)
                inside[number, side] = True
        # Groups that nobody is in tell of nobody.
        depends = inside & (people > 0)
        return Sources(((depends[of_pair], replace(self.shares, n=people)),))


def of_samples(panel: Panel, item: str, waves: Sequence[str] | None, groups: list[str]) -> Samples:
    """Take the shares at each wave, of other people each time."""
    names = wave_names(panel, item, waves, at_least=2)
    totals, about, columns = wave_totals(panel, item, names, groups, "answered")
    shares = totals.shares(["wave"], about)
    states = len(panel.item(item).state_names)
    at = {wave: np.flatnonzero(shares.named.where("wave", wave)) for wave in names}
    square = {wave: places.reshape(-1, states) for wave, places in at.items()}
    pairs = list(pairwise(names))
    return Samples(shares, pairs, [(square[a], square[b]) for a, b in pairs], columns)


def of_linked(panel: Panel, item: str, waves: Sequence[str] | None, groups: list[str]) -> Samples:
    """Take the margins of the flows of each pair of waves."""
    pairs = pair_names(panel, item, waves)
    totals, about, columns = pair_totals(panel, item, pairs, groups, "answered", "flows", "")
    states = len(panel.item(item).state_names)
    size = len(totals.value) // len(pairs) // states**2
    cells = np.arange(len(totals.value)).reshape(len(pairs), size, states, states)
    rows, labels, places = list[Booleans](), list[tuple[str, ...]](), []
    for number, pair in enumerate(pairs):
        sides = cells[number], cells[number].swapaxes(1, 2)
        start = len(rows)
        for side, cut in zip(SIDES, sides, strict=True):
            for margin in cut.reshape(-1, states):
                rows.append(np.isin(np.arange(len(totals.value)), margin))
                labels.append((*pair, side))
        own = np.arange(start, len(rows)).reshape(2, size, states)
        places.append((own[0], own[1]))
    named = label_rows(dict(zip((*PAIR, "side"), zip(*labels, strict=True), strict=True)))
    shares = totals.combine(np.array(rows), Labels(named.columns, len(rows)))
    return Samples(shares.shares([*PAIR, "side"], about), pairs, places, columns)
