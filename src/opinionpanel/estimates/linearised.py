"""Sums of weights by PSU, or in pairs of people, and the covariance of totals made of them.

Calibrated weights need no variance of their own: their margins are cells of the same sums, and
what these explain is taken out, V = [I, −Bᵀ] V_stacked [I, −Bᵀ]ᵀ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise, product

import numpy as np

from opinionpanel.arrays import Floats, Integers
from opinionpanel.design import (
    PersonWeight,
    Samples,
    Sampling,
    coefficients,
    possible,
    samples_of,
    weights_after,
)
from opinionpanel.engines import Cross, Key, PersonColumn, Table, take


@dataclass(frozen=True, eq=False)
class Weighted:
    """Cells that people are in, and their weights.

    Attributes
    ----------
    cross : Cross
    weight : PersonColumn
    interviewed : tuple of PersonColumn of bool
        Who was interviewed at the waves that the cells compare, as in `PersonWeight`.
    """

    cross: Cross
    weight: PersonColumn
    interviewed: tuple[PersonColumn, ...] = ()


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
    squares : numpy.ndarray, shape (strata where people are their own PSUs, else 1, cells)
        Sums of squared weights.
    shared : numpy.ndarray, shape (samples, strata, cells), or None
        As `by_unit`, of the people who are in each sample as well; None where PSUs vary.
    products : numpy.ndarray, shape (cells, cells), or None
        Σ scale_h w w over people; None where PSUs vary.
    """

    by_unit: Floats
    squares: Floats
    shared: Floats | None
    products: Floats | None


def plan(sampling: Sampling, variables: Sequence[Weighted]) -> Plan:
    """Find the samples of some cells."""
    weights = [(cells.weight, cells.interviewed) for cells in variables]
    return Plan(sampling, variables, *samples_of(sampling, weights))


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


def wanted_sums(plan: Plan, first: int = 0) -> list[Table]:
    """List the tables that `read_sums` reads: by PSU, or by stratum and in pairs of people.

    Variables before `first` are left out.
    """
    unit = Key(*plan.sampling.units)
    within = unit if plan.people else None
    variables = plan.variables[first:]
    tables = [cells.cross.table(cells.weight, by=unit) for cells in variables]
    tables += [cells.cross.table(cells.weight, cells.weight, by=within) for cells in variables]
    if plan.people:
        places = range(first, len(plan.variables))
        tables += [
            shared_table(plan, place, sample)
            for sample in range(plan.samples.number)
            for place in places
            if sample != plan.place[place]
        ]
        tables += [pair_table(plan, *pair) for pair in combinations(places, 2)]
    return tables


def shared_table(plan: Plan, place: int, sample: int) -> Table:
    """Ask for the sums of a variable by stratum, of people in another sample as well."""
    cells, other = plan.variables[place], plan.samples.counting[sample]
    inside = other if cells.cross.inside is None else cells.cross.inside & other
    return Cross(cells.cross.keys, inside).table(cells.weight, by=Key(*plan.sampling.units))


def pair_table(plan: Plan, first: int, second: int) -> Table:
    """Ask for Σ scale_h w_one w_two by the cells of two variables.

    Where there is a single stratum, `constant_scale` multiplies the table.
    """
    one, two = plan.variables[first], plan.variables[second]
    inside = one.cross.inside
    if inside is None:
        inside = two.cross.inside
    elif two.cross.inside is not None and two.cross.inside is not inside:
        inside = inside & two.cross.inside
    keys = (*one.cross.keys, *two.cross.keys)
    scale = plan.scale_at(first, second)
    by_person = () if len(scale) == 1 else (take(scale, plan.sampling.stratum),)
    return Table(keys, (*by_person, one.weight, two.weight), inside)


def constant_scale(plan: Plan, first: int, second: int) -> float:
    """Return what pairs of people are multiplied with, where their tables do not hold it."""
    scale = plan.scale_at(first, second)
    return float(scale.item()) if len(scale) == 1 else 1.0


def read_sums(plan: Plan, found: Iterator[Floats], first: int = 0) -> Sums:
    """Put the tables that `wanted_sums` asked for together."""
    units = Key(*plan.sampling.units).size
    variables = plan.variables[first:]
    by_unit = side_by_side(found, len(variables), units)
    squares = side_by_side(found, len(variables), units if plan.people else 1)
    if not plan.people:
        return Sums(by_unit, squares, None, None)
    ends = np.cumsum([0, *(cells.cross.size for cells in variables)])
    blocks = [slice(*pair) for pair in pairwise(ends)]
    shared = np.repeat(by_unit[None], plan.samples.number, axis=0)
    for sample, place in product(range(plan.samples.number), range(len(variables))):
        if sample != plan.place[first + place]:
            shared[sample][:, blocks[place]] = next(found).reshape(units, -1)
    products = np.zeros((ends[-1], ends[-1]))
    for place, block in enumerate(blocks):
        # Nobody is in two cells of one variable.
        scale = plan.scale_at(first + place, first + place)
        products[block, block] = np.diag(scale @ squares[:, block])
    for one, two in combinations(range(len(variables)), 2):
        constant = constant_scale(plan, first + one, first + two)
        table = next(found).reshape(variables[one].cross.size, -1)
        products[blocks[one], blocks[two]] = constant * table
        products[blocks[two], blocks[one]] = constant * table.T
    return Sums(by_unit, squares, shared, products)


def side_by_side(found: Iterator[Floats], number: int, units: int) -> Floats:
    """Put the next tables side by side, with one row for each unit."""
    if not number:
        return np.zeros((units, 0))
    return np.hstack([table.reshape(units, -1) for table in islice(found, number)])


def covariance(samples: Samples, sample: Integers, sums: Sums, effect: Floats) -> Floats:
    """Compute the covariance of totals, without what margins explain of them.

    Parameters
    ----------
    samples : Samples
    sample : numpy.ndarray of int, shape (cells of the variables and of the margins,)
        The sample of each total.
    sums : Sums
        Of the variables, and then of the margins.
    effect : numpy.ndarray, shape (categories of all margins, cells of the variables)
        B, as in `Margins`.
    """
    if sums.products is None or sums.shared is None:
        found = samples.covariance_of_psus(sums.by_unit, sample)
    else:
        found = samples.covariance_of_people(sums.products, sums.shared, sample)
    if len(effect):
        mixing = np.hstack([np.eye(effect.shape[1]), -effect.T])
        found = mixing @ found @ mixing.T
    return possible(found, sample[: effect.shape[1]])
