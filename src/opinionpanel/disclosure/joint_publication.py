"""What a report shows of two items together: how far those who moved on one moved on the other."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

import numpy as np

from opinionpanel import measures
from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.disclosure.merging import with_large_states, with_one_base
from opinionpanel.disclosure.people import in_base
from opinionpanel.disclosure.publication import MIN_N, Shown
from opinionpanel.estimates import MIN_CELL, Estimates, Withheld, of_matrix
from opinionpanel.panel import Panel

# Decimals of a correlation; fewer are shown where these would tell of few people.
DECIMALS = (2, 1)


def publish_joint(
    panel: Panel,
    items: Sequence[str],
    pair: tuple[str, str],
    *,
    min_n: int = MIN_N,
    min_cell: int = MIN_CELL,
) -> dict[tuple[str, str], Shown]:
    """Decide what a report shows of how two items move together, for every two of some.

    Parameters
    ----------
    panel : Panel
    items : sequence of str
        Those that were not asked at both waves of the pair are left out.
    pair : tuple of str
    min_n, min_cell : int
        As in `publish`.

    Returns
    -------
    dict of (str, str) to Shown
        Their correlation of change (phi), with states put together as on the pages of the items.

    Notes
    -----
    It is withheld where fewer than `min_cell` people moved on both items, on either one only, or on
    none. The pages of the items are about nearly the same people: with turnover there, it must not
    tell how many moved of the few who answered one of the items only. It is rounded so far that it
    does not, and its standard error upwards; where one decimal is too many, it is withheld.
    """
    shown = [item for item in items if set(pair) <= set(panel.asked(item))]
    inside: dict[str, Booleans] = {}
    for item in shown:
        panel, _ = with_large_states(panel, item, min_n)
        pairs = [each for each in panel.pairs(item) if panel.linked[each]]
        narrowed, _ = with_one_base(panel, item, pairs, min_n, min_cell)
        inside[item] = in_base(narrowed, item, pair) & np.asarray(narrowed.domain)
    answered = {item: in_base(panel, item, pair) & np.asarray(panel.domain) for item in shown}
    found = {}
    for two in combinations(shown, 2):
        both = answered[two[0]] & answered[two[1]]
        moves = [_moved(panel, item, pair) for item in two]
        bases = [inside[item] for item in two]
        decimals = _decimals(moves, both, bases, min_n, min_cell)
        estimates = measures.association_of_change(panel, *two, waves=[pair])
        estimates = estimates.select(index="phi")
        hidden = decimals is None or estimates.n[0] < min_n
        found[two] = Shown(
            estimates if decimals is None else _rounded(estimates, decimals),
            Withheld(np.array([hidden]), min_n, min_cell),
        )
    return found


def _moved(panel: Panel, item: str, pair: tuple[str, str]) -> Booleans:
    start, end = (panel.answers[item][panel.position(wave)] for wave in pair)
    return np.asarray(start != end)


def _decimals(
    moves: Sequence[Booleans],
    both: Booleans,
    bases: Sequence[Booleans],
    min_n: int,
    min_cell: int,
) -> int | None:
    """Say with how many decimals a correlation may be shown; None where it may not.

    Parameters
    ----------
    moves : sequence of numpy.ndarray of bool, shape (people,)
        Who moved on either item.
    both : numpy.ndarray of bool, shape (people,)
        Who answered both items at both waves.
    bases : sequence of numpy.ndarray of bool, shape (people,)
        Whom the page of either item is about.
    min_n, min_cell : int
    """
    cells = np.bincount((2 * moves[0] + moves[1])[both].astype(np.int64), minlength=4)
    if cells.min() < max(min_cell, 1):
        return None
    others = []
    for move, base, table in zip(moves, bases, (cells, cells[[0, 2, 1, 3]]), strict=True):
        for few, sign in ((base & ~both, 1), (both & ~base, -1)):
            if 0 < few.sum() < min_n:
                others.append(Few(table, int(few.sum()), int((few & move).sum()), sign))
    for places in DECIMALS:
        if all(few.open(places, min_cell) >= min(min_cell, few.people) for few in others):
            return places
    return None


class Few(NamedTuple):
    """Few people whom the page of an item is about, and the correlation is not; or the reverse.

    Attributes
    ----------
    table : numpy.ndarray of int, shape (4,)
        How many of the others moved on neither item, the other only, this one only, and both.
    people, moved : int
        How many the few are, and how many of them moved on this item.
    sign : int
        1 for people of the page, -1 for people of the correlation.
    """

    table: Integers
    people: int
    moved: int
    sign: int

    def open(self, places: int, min_cell: int) -> int:
        """Count how many moved at most less how many did at least, as far as readers can tell.

        They are taken to know all but this and how many moved on both items, of whom there are
        `min_cell` or more.
        """
        total, other = int(self.table.sum()), int(self.table[1] + self.table[3])
        here, shown = int(self.table[2] + self.table[3]), _phi(self.table).round(places)
        fits = []
        for moved in range(self.people + 1):
            one = here - self.sign * (moved - self.moved)
            on_both = np.arange(min(one, other) + 1)
            tables = np.array(
                [total - one - other + on_both, other - on_both, one - on_both, on_both]
            )
            tables = tables[:, (tables >= max(min_cell, 1)).all(axis=0)]
            if (_phi(tables).round(places) == shown).any():
                fits.append(moved)
        return max(fits) - min(fits)


def _phi(tables: Integers) -> Floats:
    """Correlate two moves, by how many made neither, either one only, and both."""
    neither, one, other, both = tables.astype(np.float64)
    margins = (both + one) * (other + neither) * (both + other) * (one + neither)
    return np.asarray((both * neither - one * other) / np.sqrt(margins))


def _rounded(found: Estimates, places: int) -> Estimates:
    """Round an estimate; its standard error upwards, to halves of a unit."""
    half = 0.5 * 10.0**-places
    error = np.ceil(found.std_error / half) * half
    return replace(
        found,
        value=found.value.round(places),
        spread=of_matrix(error[:, None] ** 2),
        replicates=None,
    )
