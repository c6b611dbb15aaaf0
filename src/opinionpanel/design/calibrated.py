"""Calibrated weights: what they were calibrated to, and what that takes out of the variance."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opinionpanel import engines
from opinionpanel.arrays import Floats
from opinionpanel.design.calibration_equations import solve_singular
from opinionpanel.engines import Cross, Key, PersonColumn
from opinionpanel.phrases import Phrase, in_a_row


@dataclass(frozen=True, eq=False)
class Margin:
    """A categorical margin: one group, or several crossed.

    Attributes
    ----------
    name : str
        For example "gender" or "gender × age_group".
    categories : tuple of str
    codes : PersonColumn of int
        Each person's category; -1 for people without one, who are not sampled.
    targets : numpy.ndarray, shape (categories,)
        The totals that the calibrated weights add up to.
    """

    name: str
    categories: tuple[str, ...]
    codes: PersonColumn
    targets: Floats


@dataclass(frozen=True, eq=False)
class Calibration:
    """One calibration of the weights of a wave or of a pair of waves.

    Attributes
    ----------
    method : str
        For captions: "raked", "post-stratified" or "calibrated (linear)".
    before : PersonColumn
        The weights that went into it; 0 for people not sampled.
    margins : tuple of Margin
        Empty where weights were trimmed: that takes nothing out of the variance.
    """

    method: str
    before: PersonColumn
    margins: tuple[Margin, ...]

    @property
    def text(self) -> str:
        """The calibration in words, for captions."""
        if not self.margins:
            return self.method
        names = in_a_row([margin.name for margin in self.margins])
        return Phrase("{method} to {margins}", method=self.method, margins=names)

    @property
    def crosses(self) -> list[Cross]:
        """The margins as cells."""
        return [Cross((Key(margin.codes, len(margin.categories)),)) for margin in self.margins]

    @cached_property
    def products(self) -> Floats:
        """Xᵀ D X, with X the margins of people and D the weights before."""
        return _products(self, self.crosses, self.before)


def coefficients(
    calibrations: Sequence[Calibration],
    weight: PersonColumn,
    cross: Cross,
    amount: PersonColumn | None = None,
) -> list[Floats]:
    """Regress cells, or amounts in them, on the margins of one calibration after the other.

    Parameters
    ----------
    calibrations : sequence of Calibration
        Oldest first; the regressions go back from the latest, each on what the later ones left.
    weight : PersonColumn
        The weights that the last of them gave.
    cross : Cross
        The cells.
    amount : PersonColumn, optional
        What is added up in the cells, times the weight; by default people are.

    Returns
    -------
    list of numpy.ndarray, shape (categories of all margins, cells)
        For each calibration, in the same order.

    Notes
    -----
    With d the weights before a calibration and w those after, B = (Xᵀ D X)⁻ Xᵀ D y, and what a
    total varies by is w (y − X B) (Deville & Särndal 1992). For an earlier calibration, y is what
    the later ones left, divided by w.

    The latest calibration comes first because only its margins are met exactly: they have no
    error left. R's survey 4.1 starts with the oldest, and then gives such a margin one.
    """
    found: list[Floats] = []
    after = weights_after(calibrations, weight)
    for place in range(len(calibrations) - 1, -1, -1):
        this = calibrations[place]
        # What is left, in the weights before this calibration.
        inverse = engines.ratio(this.before, after[place])
        here = weight * inverse
        left = _products(this, [cross], here if amount is None else here * amount)
        latest_first = range(len(calibrations) - 1, place, -1)
        for later, effect in zip(latest_first, found, strict=True):
            margins = calibrations[later].crosses
            left -= _products(this, margins, after[later] * inverse) @ effect
        # Margins add up to the same total, so the matrix is singular: any solution will do.
        found.append(solve_singular(this.products, left))
    return found[::-1]


def weights_after(calibrations: Sequence[Calibration], weight: PersonColumn) -> list[PersonColumn]:
    """List the weights that each calibration gave; `weight` is that of the last."""
    return [*(later.before for later in calibrations[1:]), weight][: len(calibrations)]


def _products(calibration: Calibration, columns: Sequence[Cross], weight: PersonColumn) -> Floats:
    """Σ w x_margin x_column over people, for all categories of the margins and the columns."""
    rows = calibration.crosses
    wanted = [column.table(weight, by=row.keys[0]) for row in rows for column in columns]
    found = engines.tables(wanted)
    # Trimmed weights have no margins: no rows, or no columns.
    products = np.zeros((sum(row.size for row in rows), sum(column.size for column in columns)))
    top = 0
    for place, row in enumerate(rows):
        left = 0
        for offset, column in enumerate(columns):
            block = found[place * len(columns) + offset].reshape(row.size, -1)
            products[top : top + row.size, left : left + column.size] = block
            left += column.size
        top += row.size
    return products
