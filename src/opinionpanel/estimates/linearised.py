"""Sums of weights by PSU, or by stratum and squared, from which totals have their covariance."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import mul as multiply
from typing import Any

import numpy as np

from opinionpanel.arrays import Floats, Integers
from opinionpanel.design import (
    PersonWeight,
    Samples,
    Sampling,
    coefficients,
    samples_of,
    weights_after,
)
from opinionpanel.engines import Cross, Key, PersonColumn, Table, incidence


@dataclass(frozen=True, eq=False)
class Weighted:
    """Cells that people are in, and their weights.

    Attributes
    ----------
    cross : Cross
    weight : PersonColumn
    interviewed : tuple of PersonColumn of bool
        Who was interviewed at the waves that the cells compare, as in `PersonWeight`.
    amount : PersonColumn or None
        As in `Cells`.
    """

    cross: Cross
    weight: PersonColumn
    interviewed: tuple[PersonColumn, ...] = ()
    amount: PersonColumn | None = None

    @property
    def factors(self) -> tuple[PersonColumn, ...]:
        """What each person adds to a cell, as a product."""
        return (self.weight,) if self.amount is None else (self.weight, self.amount)


@dataclass(frozen=True, eq=False)
class Margins:
    """What the weights of some cells were calibrated to.

    Attributes
    ----------
    cells : list of Weighted
        The margins, each with the weight that met it; and where only some people were calibrated,
        those and the others, with the weight before.
    effect : numpy.ndarray, shape (all of these, cells)
        B, the regression of the cells on the margins in the weights before the calibration; zeros
        for cells whose weight knows nothing of the margin.
    """

    cells: list[Weighted]
    effect: Floats


@dataclass(frozen=True, eq=False)
class Plan:
    """Cells that vary together, and the samples that their people are.

    Attributes
    ----------
    sampling : Sampling
    variables : sequence of Weighted
    samples : Samples
    place : list of int
        The sample of each variable.
    """

    sampling: Sampling
    variables: Sequence[Weighted]
    samples: Samples
    place: list[int]

    @property
    def people(self) -> bool:
        """Whether people are their own PSUs."""
        return self.sampling.psu is None

    @property
    def sample(self) -> Integers:
        """The sample of each cell."""
        return np.repeat(self.place, [cells.cross.size for cells in self.variables])

    def scale_at(self, one: int, two: int) -> Floats:
        """Return what pairs of people in two variables are multiplied by, by stratum."""
        scale: Floats = self.samples.scale[self.place[one], self.place[two]]
        return scale


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums of weights of cells that vary together.

    Attributes
    ----------
    by_unit : numpy.ndarray, shape (PSUs, or strata where people are their own PSUs, cells)
        Where these are very many, a scipy.sparse.csc_array.
    squares : numpy.ndarray, shape (strata where people are their own PSUs, else 1, cells)
        Sums of squared weights.
    """

    by_unit: Any
    squares: Any


def plan(sampling: Sampling, variables: Sequence[Weighted]) -> Plan:
    """Find the samples of some cells."""
    weights = [(cells.weight, cells.interviewed) for cells in variables]
    return Plan(sampling, variables, *samples_of(sampling, weights))


def margins_of(
    variables: Sequence[tuple[Cross, PersonWeight, PersonColumn | None]],
) -> Margins:
    """Collect the margins of calibrated weights, each once, and what they explain of the cells."""
    cells: list[Weighted] = []
    tops: dict[int, int] = {}
    blocks: list[tuple[int, int, Floats]] = []
    height = width = 0
    for cross, weight, amount in variables:
        steps = weight.calibrations
        if steps and id(steps) not in tops:
            tops[id(steps)] = height
            for step, met in zip(steps, weights_after(steps, weight.values), strict=True):
                explaining = [Weighted(*one) for one in step.explaining(met)]
                cells += explaining
                height += sum(one.cross.size for one in explaining)
        if steps:
            effect = np.vstack(coefficients(steps, weight.values, cross, amount))
            blocks.append((tops[id(steps)], width, effect))
        width += cross.size
    effect = np.zeros((height, width))
    for top, left, block in blocks:
        effect[top : top + block.shape[0], left : left + block.shape[1]] = block
    return Margins(cells, effect)


def wanted_sums(plan: Plan, first: int = 0) -> list[Table]:
    """List the tables that `read_sums` reads: by PSU, or by stratum where people are PSUs.

    Variables before `first` are left out.
    """
    unit = Key(*plan.sampling.units)
    within = unit if plan.people else None
    variables = plan.variables[first:]
    tables = [cells.cross.table(*cells.factors, by=unit) for cells in variables]
    tables += [cells.cross.table(*cells.factors, *cells.factors, by=within) for cells in variables]
    return tables


def read_sums(plan: Plan, found: Iterator[Floats], first: int = 0) -> Sums:
    """Put the tables that `wanted_sums` asked for together."""
    units, number = Key(*plan.sampling.units).size, len(plan.variables) - first
    by_unit = side_by_side(found, number, units)
    return Sums(by_unit, side_by_side(found, number, units if plan.people else 1))


def side_by_side(found: Iterator[Floats], number: int, units: int) -> Floats:
    """Put the next tables side by side, with one row for each unit.

    The units, mostly the longest axis of the tables, are next to each other in memory.
    """
    tables = list(islice(found, number))
    if units == 1:
        return np.concatenate([np.zeros(0), *map(np.ravel, tables)])[None]
    side = np.empty((sum(math.prod(table.shape[1:]) for table in tables), units))
    start = 0
    for table in tables:
        stop = start + math.prod(table.shape[1:])
        side[start:stop].reshape(*table.shape[1:], units)[...] = np.moveaxis(table, 0, -1)
        start = stop
    return side.T


def joined(tables: Sequence[Any]) -> Any:
    """Put tables side by side of which some may be sparse; then all are."""
    if all(isinstance(table, np.ndarray) for table in tables):
        return np.hstack(tables)
    from scipy import sparse

    # Columns are taken out of it.
    return sparse.csc_array(sparse.hstack([sparse.csc_array(table) for table in tables]))


def sparse_sums(plan: Plan, present: Sequence[PersonColumn]) -> tuple[Any, Sums]:
    """Add up as `read_sums` does, where most cells have nobody in most units.

    Parameters
    ----------
    plan : Plan
    present : sequence of PersonColumn of bool
        Who has a weight, for the first variables.

    Returns
    -------
    tuple
        The number of people of the first variables by unit and cell, and the sums of all.
    """
    unit = Key(*plan.sampling.units)
    found: list[list[Any]] = []
    for cells in plan.variables:
        added = reduce(multiply, cells.factors)
        values = [added, added * added, *present[len(found) :][:1]]
        key = Key(cells.cross.codes(), cells.cross.size)
        found.append(incidence(unit, key, values))
    by_unit, squares = (joined([tables[place] for tables in found]) for place in (0, 1))
    if not plan.people:
        squares = np.asarray(squares.sum(axis=0))[None]
    return joined([tables[2] for tables in found[: len(present)]]), Sums(by_unit, squares)
