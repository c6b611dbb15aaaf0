"""Sums of weights by PSU, or in pairs of people, and the covariance of totals made of them.

Calibrated weights need no variance of their own: their margins are cells of the same sums, and
what these explain is taken out, V = [I, −Bᵀ] V_stacked [I, −Bᵀ]ᵀ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np

from opinionpanel.arrays import Floats
from opinionpanel.design import PersonWeight, Sampling, coefficients, weights_after
from opinionpanel.engines import Cross, Key, PersonColumn, Table


@dataclass(frozen=True, eq=False)
class Weighted:
    """Cells that people are in, and their weights."""

    cross: Cross
    weight: PersonColumn


@dataclass(frozen=True, eq=False)
class Margins:
    """What the weights of some cells were calibrated to.

    Attributes
    ----------
    cells : list of Weighted
        The margins, each with the weight that met it.
    effect : numpy.ndarray, shape (categories of all margins, cells)
        B, the regression of the cells on the margins in the weights before the calibration; zeros
        for cells whose weight knows nothing of the margin.
    """

    cells: list[Weighted]
    effect: Floats


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums of weights of cells that vary together.

    Attributes
    ----------
    by_unit : numpy.ndarray, shape (PSUs, or strata where people are their own PSUs, cells)
    squares : numpy.ndarray, shape (strata where people are their own PSUs, else 1, cells)
        Sums of squared weights.
    products : numpy.ndarray, shape (cells, cells), or None
        Σ scale_h w w over people; None where PSUs vary.
    """

    by_unit: Floats
    squares: Floats
    products: Floats | None


def margins_of(variables: Sequence[tuple[Cross, PersonWeight]]) -> Margins:
    """Collect the margins of calibrated weights, each once, and what they explain of the cells."""
    cells: list[Weighted] = []
    tops: dict[int, int] = {}
    blocks: list[tuple[int, int, Floats]] = []
    height = width = 0
    for cross, weight in variables:
        steps = weight.calibrations
        if steps and id(steps) not in tops:
            tops[id(steps)] = height
            for step, met in zip(steps, weights_after(steps, weight.values), strict=True):
                cells += [Weighted(margin, met) for margin in step.crosses]
                height += sum(margin.size for margin in step.crosses)
        if steps:
            effect = np.vstack(coefficients(steps, weight.values, cross))
            blocks.append((tops[id(steps)], width, effect))
        width += cross.size
    effect = np.zeros((height, width))
    for top, left, block in blocks:
        effect[top : top + block.shape[0], left : left + block.shape[1]] = block
    return Margins(cells, effect)


def wanted_sums(sampling: Sampling, variables: Sequence[Weighted]) -> list[Table]:
    """List the tables that `read_sums` reads: by PSU, or by stratum and in pairs of people."""
    unit = Key(*sampling.units)
    people = sampling.psu is None
    within = unit if people else None
    tables = [cells.cross.table(cells.weight, by=unit) for cells in variables]
    tables += [cells.cross.table(cells.weight, cells.weight, by=within) for cells in variables]
    if people:
        scale = sampling.scale_of_people
        tables += [pair_table(scale, *pair) for pair in combinations(variables, 2)]
    return tables


def pair_table(scale: Sequence[PersonColumn], one: Weighted, two: Weighted) -> Table:
    """Ask for Σ scale_h w_one w_two by the cells of two variables.

    A single stratum has no `scale` by person: `constant_scale` then multiplies the table.
    """
    inside = one.cross.inside
    if inside is None:
        inside = two.cross.inside
    elif two.cross.inside is not None and two.cross.inside is not inside:
        inside = inside & two.cross.inside
    keys = (*one.cross.keys, *two.cross.keys)
    return Table(keys, (*scale, one.weight, two.weight), inside)


def constant_scale(sampling: Sampling) -> float:
    """Return what pairs of people are multiplied with, where their tables do not hold it."""
    return float(sampling.scale[0]) if len(sampling.scale) == 1 else 1.0


def read_sums(sampling: Sampling, variables: Sequence[Weighted], found: Iterator[Floats]) -> Sums:
    """Put the tables that `wanted_sums` asked for together."""
    units, people = Key(*sampling.units).size, sampling.psu is None
    by_unit = side_by_side(found, len(variables), units)
    squares = side_by_side(found, len(variables), units if people else 1)
    if not people:
        return Sums(by_unit, squares, None)
    ends = np.cumsum([0, *(cells.cross.size for cells in variables)])
    # Nobody is in two cells of one variable.
    products = np.diag(sampling.scale @ squares)
    constant = constant_scale(sampling)
    for one, two in combinations(range(len(variables)), 2):
        rows, columns = slice(ends[one], ends[one + 1]), slice(ends[two], ends[two + 1])
        products[rows, columns] = constant * next(found).reshape(variables[one].cross.size, -1)
        products[columns, rows] = products[rows, columns].T
    return Sums(by_unit, squares, products)


def side_by_side(found: Iterator[Floats], number: int, units: int) -> Floats:
    """Put the next tables side by side, with one row for each unit."""
    if not number:
        return np.zeros((units, 0))
    return np.hstack([table.reshape(units, -1) for table in islice(found, number)])


def covariance(sampling: Sampling, sums: Sums, effect: Floats) -> Floats:
    """Compute the covariance of totals, without what margins explain of them.

    Parameters
    ----------
    sampling : Sampling
    sums : Sums
        Of the variables, and then of the margins.
    effect : numpy.ndarray, shape (categories of all margins, cells of the variables)
        B, as in `Margins`.
    """
    by_unit, products = sums.by_unit, sums.products
    if len(effect):
        mixing = np.hstack([np.eye(effect.shape[1]), -effect.T])
        by_unit = by_unit @ mixing.T
        products = None if products is None else mixing @ products @ mixing.T
    if products is None:
        return sampling.covariance_of_psus(by_unit)
    return sampling.covariance_of_people(products, by_unit)
