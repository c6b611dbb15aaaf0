"""Calibrated weights: what they were calibrated to, and what that takes out of the variance."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opinionpanel import engines
from opinionpanel.arrays import Floats
from opinionpanel.design.calibration_equations import solve_singular
from opinionpanel.engines import Cross, Key, PersonColumn
from opinionpanel.phrases import PERCENT, Phrase, figure, in_a_row, per_cent

ONE_PER_CENT = 0.01


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
        The totals that the calibrated weights add up to. NaN for a last category of whatever size:
        the others then have the shares that their totals have of each other, and all categories
        together add up to what these totals do.
    """

    name: str
    categories: tuple[str, ...]
    codes: PersonColumn
    targets: Floats

    @property
    def size(self) -> int:
        """The number of categories."""
        return len(self.categories)

    @property
    def free(self) -> bool:
        """Whether the last category may be of any size."""
        return bool(np.isnan(self.targets[-1]))

    @property
    def total(self) -> float:
        """What the calibrated weights of all categories add up to."""
        return float(np.nansum(self.targets))

    @property
    def contrasts(self) -> Floats:
        """What is to be met, a column for each category: sums of the categories, times these.

        A total of each; beside a free category, its share of those with totals, and in place of
        the free one the sum of all.
        """
        size = len(self.targets)
        if not self.free:
            return np.eye(size)
        found = np.eye(size) - np.outer(np.ones(size), self.targets / self.total)
        found[-1], found[:, -1] = 0.0, 1.0
        return found

    @property
    def wanted(self) -> Floats:
        """What each column of the contrasts is to add up to."""
        if not self.free:
            return self.targets
        return np.append(np.zeros(len(self.targets) - 1), self.total)

    @property
    def scale(self) -> Floats:
        """What a misfit of each column is measured by."""
        return np.where(np.isnan(self.targets), self.total, self.targets)


@dataclass(frozen=True)
class Shift:
    """How far a calibration moved the answers that it was about.

    Attributes
    ----------
    kind : {"flows", "shares"}
        What was compared before and after.
    share : float
        Half the sum of all differences: the part of the weight that stands elsewhere.
    most : float
        The largest difference.
    step : float
        What both are rounded to, so that nothing of a few people can be told from them.
    """

    kind: str
    share: float
    most: float
    step: float

    @property
    def text(self) -> str:
        """The shift in words, for captions."""
        template = {
            "flows": "{share} of the weight shifts between flows, at most {points} points in one",
            "shares": "{share} of the weight shifts between states, at most {points} points in one",
        }[self.kind]
        digits, least = int(self.step < ONE_PER_CENT), figure(f"{50 * self.step:g}")
        share = per_cent(self.share, digits=digits)
        if not self.share:
            share = Phrase("less than {share}", share=Phrase(PERCENT, number=least))
        points = figure(f"{100 * self.most:.{digits}f}") if self.most else least
        return Phrase(template, share=share, points=points)


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
    shift : Shift, optional
        How far it moved the answers, where it was made for them.
    inside : PersonColumn of bool, optional
        Whom the margins are about, where people beside them have a weight as well.
    known_total : bool
        Whether what the weights of those inside add up to is known. Else it is that of the weights
        before, which another sample would have had another of.
    """

    method: str
    before: PersonColumn
    margins: tuple[Margin, ...]
    shift: Shift | None = None
    inside: PersonColumn | None = None
    known_total: bool = True

    @property
    def text(self) -> str:
        """The calibration in words, for captions."""
        if not self.margins:
            return self.method
        names = in_a_row([margin.name for margin in self.margins])
        text = Phrase("{method} to {margins}", method=self.method, margins=names)
        if self.shift is None:
            return text
        return Phrase("{calibration}: {shift}", calibration=text, shift=self.shift.text)

    @property
    def crosses(self) -> list[Cross]:
        """The margins as cells."""
        return [Cross((Key(margin.codes, margin.size),)) for margin in self.margins]

    @cached_property
    def sides(self) -> list[Cross]:
        """Those inside and those beside them as cells, where there are both."""
        if self.inside is None:
            return []
        return [Cross((Key(engines.named(np.where(self.inside, 0, 1)), 2),))]

    def explaining(self, after: PersonColumn) -> list[tuple[Cross, PersonColumn]]:
        """List what explains a total, and in which weights; `after` are those it gave."""
        margins = [(cross, after) for cross in self.crosses]
        return [*margins, *((cross, self.before) for cross in self.sides)]

    @cached_property
    def products(self) -> Floats:
        """Xᵀ D X, with X the margins of people and D the weights before."""
        margins = [(cross, self.before) for cross in self.crosses]
        return _products([(cross, ()) for cross in self.crosses], margins)

    def effect(self, margins: Floats, sides: Floats) -> Floats:
        """Find B: what totals are explained by, and how.

        Parameters
        ----------
        margins : numpy.ndarray, shape (categories of all margins, cells)
            Xᵀ D y.
        sides : numpy.ndarray, shape (2, cells)
            Σ w y inside and beside, w the weights that the calibration gave.

        Returns
        -------
        numpy.ndarray, shape (categories of all margins, and two of the sides, cells)

        Notes
        -----
        Weights inside add up to what those before did, T = Σ d: with T the sum of w y there grows
        in proportion. Or they are brought to a known total, and those beside them by the same
        factor: the sum of w y beside falls in proportion as T grows.
        """
        found = self.regress(margins)
        if self.inside is None:
            return found
        total = np.trace(self.products[: self.margins[0].size, : self.margins[0].size])
        moved = sides[1] if self.known_total else -sides[0]
        return np.vstack([found, moved / total, np.zeros_like(moved)])

    def regress(self, products: Floats) -> Floats:
        """Solve Xᵀ D X B = Xᵀ D y for B; of free categories only the contrasts count.

        With contrasts C the regression is on X C, and B is C times its coefficients.
        """
        # Margins add up to the same total, so the matrix is singular: any solution will do.
        if not any(margin.free for margin in self.margins):
            return solve_singular(self.products, products)
        contrasts = contrasts_of(self.margins)
        inner = contrasts.T @ self.products @ contrasts
        return contrasts @ solve_singular(inner, contrasts.T @ products)


def contrasts_of(margins: Sequence[Margin]) -> Floats:
    """Put the contrasts of all margins into one matrix, each in a block of its own."""
    size = sum(len(margin.targets) for margin in margins)
    found, top = np.zeros((size, size)), 0
    for margin in margins:
        stop = top + len(margin.targets)
        found[top:stop, top:stop] = margin.contrasts
        top = stop
    return found


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
    list of numpy.ndarray
        The effect of each calibration, in the same order.

    Notes
    -----
    With d the weights before a calibration and w those after, B = (Xᵀ D X)⁻ Xᵀ D y, and what a
    total varies by is w (y − X B) (Deville & Särndal 1992). For an earlier calibration, y is what
    the later ones left, divided by w.

    Where only some people are calibrated, Σ d of them is one more thing to explain a total by: it
    is either that of the sample, or what the others are multiplied by.

    The latest calibration comes first because only its margins are met exactly: they have no
    error left. R's survey 4.1 starts with the oldest, and then gives such a margin one.
    """
    found: list[Floats] = []
    after = weights_after(calibrations, weight)
    for place in range(len(calibrations) - 1, -1, -1):
        this = calibrations[place]
        # What is left, in the weights before this calibration.
        inverse = engines.ratio(this.before, after[place])
        rows: list[tuple[Cross, tuple[PersonColumn, ...]]]
        rows = [*((one, (inverse,)) for one in this.crosses), *((one, ()) for one in this.sides)]
        left = _products(rows, [(cross, weight if amount is None else weight * amount)])
        latest_first = range(len(calibrations) - 1, place, -1)
        for later, effect in zip(latest_first, found, strict=True):
            left -= _products(rows, calibrations[later].explaining(after[later])) @ effect
        found.append(this.effect(*np.split(left, [len(this.products)])))
    return found[::-1]


def weights_after(calibrations: Sequence[Calibration], weight: PersonColumn) -> list[PersonColumn]:
    """List the weights that each calibration gave; `weight` is that of the last."""
    return [*(later.before for later in calibrations[1:]), weight][: len(calibrations)]


def _products(
    rows: Sequence[tuple[Cross, tuple[PersonColumn, ...]]],
    columns: Sequence[tuple[Cross, PersonColumn]],
) -> Floats:
    """Σ w x_row x_column over people, for all cells of rows and columns; w is a product of both."""
    wanted = [
        column.table(weight, *factors, by=row.keys[0])
        for row, factors in rows
        for column, weight in columns
    ]
    found = engines.tables(wanted)
    # Trimmed weights have no margins: no rows, or no columns.
    products = np.zeros((_height(rows), _height(columns)))
    top = 0
    for place, (row, _) in enumerate(rows):
        left = 0
        for offset, (column, _) in enumerate(columns):
            block = found[place * len(columns) + offset].reshape(row.size, -1)
            products[top : top + row.size, left : left + column.size] = block
            left += column.size
        top += row.size
    return products


def _height(cells: Sequence[tuple[Cross, object]]) -> int:
    return sum(cross.size for cross, _ in cells)
