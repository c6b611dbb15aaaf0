"""Weighted cell totals of a panel and their joint covariance, or their replicates, in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel import engines
from opinionpanel.arrays import Booleans
from opinionpanel.design import (
    AnySampling,
    PersonWeight,
    ReplicateMembers,
    Replication,
    Sampling,
    UnitMembers,
)
from opinionpanel.engines import Cross, Key, PersonColumn
from opinionpanel.estimates.cell_totals import Totals
from opinionpanel.estimates.labels import Labels
from opinionpanel.estimates.linearised import (
    Plan,
    Sums,
    Weighted,
    margins_of,
    plan,
    read_sums,
    side_by_side,
    sparse_sums,
    wanted_sums,
)
from opinionpanel.estimates.replicates import Summed, replicate_weights, replicated_totals
from opinionpanel.estimates.varying_cells import covariance_of

# Numbers by unit and cell beyond which those of nobody are left out.
MOST_BY_UNIT = 2**24
# Cells of which a square table is small.
FEW = 2**11


@dataclass(frozen=True, eq=False)
class Cells:
    """One cell variable: which cell each person is in, with which weight.

    Attributes
    ----------
    cross : Cross
        The codes that cells are crossed from; people without one of them are in none. Variables
        that share codes can be added up together.
    weight : PersonWeight
    labels : Labels
        One row per cell, occupied or not.
    amount : PersonColumn or None
        What is added up, times the weight, such as everyone's score. None adds up people; only
        cells of people tell who is in a domain.
    """

    cross: Cross
    weight: PersonWeight
    labels: Labels
    amount: PersonColumn | None = None

    @property
    def factors(self) -> tuple[PersonColumn, ...]:
        """What each person adds to a cell, as a product."""
        values = self.weight.values
        return (values,) if self.amount is None else (values, self.amount)


def weighted_cells(codes: Cross | PersonColumn, weight: PersonWeight, labels: Labels) -> Cells:
    """Make a cell variable, also from the cell of each person as one code; -1 is outside."""
    if not isinstance(codes, Cross):
        codes = Cross((Key(codes, len(labels)),))
    return Cells(codes, weight, labels)


def tally(
    sampling: AnySampling, variables: Sequence[Cells], labels: Labels | None = None
) -> Totals:
    """Add up cell totals and their joint covariance.

    Parameters
    ----------
    sampling : Sampling or Replication
        The compiled design; it does not depend on the base or the domain.
    variables : sequence of Cells
        For example one for each pair of waves; their covariance with each other is included.
    labels : Labels, optional
        One row per cell of all variables; by default their own labels, one after the other.

    Returns
    -------
    Totals
        The cells of all variables, one after the other.

    Raises
    ------
    DesignError
        The design has replicate weights, but not for the weight of a variable.
    """
    if labels is None:
        each = [cells.labels for cells in variables]
        labels = each[0] if len(each) == 1 else Labels.of(pd.concat([one.frame for one in each]))
    if isinstance(sampling, Replication):
        return _replicated(sampling, variables, labels)
    return _linearised(sampling, variables, labels)


def _replicated(replication: Replication, variables: Sequence[Cells], labels: Labels) -> Totals:
    """Add up the cells under the weight and under every replicate of it."""
    sampled = _positive(variables)
    wanted = [
        table
        for cells, positive in zip(variables, sampled, strict=True)
        for table in (
            cells.cross.table(positive),
            cells.cross.table(*cells.factors, *cells.factors),
            cells.cross.table(*cells.factors),
        )
    ]
    found = [table.ravel() for table in engines.tables(wanted)]
    n, squares, value = (np.concatenate(found[start::3]) for start in range(3))
    coded = [
        Summed(cells.cross.codes(), cells.cross.size, cells.weight, cells.amount)
        for cells in variables
    ]
    replicates = replicated_totals(replication, coded)
    members = [
        (np.where(positive, cells.codes, -1), cells.size, replicate_weights(cells.weight))
        for positive, cells in zip(sampled, coded, strict=True)
    ]
    codes_of, sizes, weights_of = zip(*members, strict=True)
    calibrated = _calibrated(variables)
    return Totals(
        named=labels,
        value=value,
        spread=replicates.covariance(value),
        n=n,
        squares=squares,
        members=ReplicateMembers(codes_of, sizes, weights_of, replication.df),
        cells=np.eye(len(value), dtype=bool),
        exact=calibrated | (n == 0),
        replicates=replicates,
    )


def _linearised(sampling: Sampling, variables: Sequence[Cells], labels: Labels) -> Totals:
    """Add up the cells by PSU, or by stratum and in pairs where people are their own PSUs."""
    margins = margins_of([(cells.cross, cells.weight, cells.amount) for cells in variables])
    weighted = [
        Weighted(cells.cross, cells.weight.values, cells.weight.interviewed, cells.amount)
        for cells in variables
    ]
    planned = plan(sampling, [*weighted, *margins.cells])
    people_of, sums = _sums(planned, variables)
    n = np.asarray(people_of.sum(axis=0))
    by_unit = sums.by_unit[:, : len(n)]
    # Weights are positive: where they add up to something, somebody is.
    members = people_of if planned.people else by_unit
    sample = planned.sample[: len(n)]
    # What a stratum holds is a matter of people, and not of margins.
    nothing_left = n == 0
    for place in np.unique(sample):
        partly, cells = planned.samples.fraction[place] < 1, sample == place
        if partly.all():
            continue
        if sampling.stratum_of_psu is not None:
            partly = partly[sampling.stratum_of_psu]
        nothing_left[cells] = partly.astype(np.float64) @ members[:, cells] == 0
    return Totals(
        named=labels,
        value=np.asarray(by_unit.sum(axis=0)),
        spread=covariance_of(planned, sums, margins.effect),
        n=n,
        squares=np.asarray(sums.squares[:, : len(n)].sum(axis=0)),
        members=UnitMembers(members, sampling.stratum_of_psu),
        cells=_identity(len(n)),
        exact=_calibrated(variables) | nothing_left,
    )


def _sums(planned: Plan, variables: Sequence[Cells]) -> tuple[Any, Sums]:
    """Add up everyone: the number of people by stratum and cell, or by cell, and `Sums`."""
    present, unit = _positive(variables), Key(*planned.sampling.units)
    if unit.size * len(planned.sample) > MOST_BY_UNIT:
        people, sums = sparse_sums(planned, present)
        return people if planned.people else people.sum(axis=0)[None], sums
    by = unit if planned.people else None
    tables = [
        cells.cross.table(positive, by=by)
        for cells, positive in zip(variables, present, strict=True)
    ]
    found = iter(engines.tables([*tables, *wanted_sums(planned)]))
    people = side_by_side(found, len(variables), unit.size if by else 1)
    return people, read_sums(planned, found)


def _positive(variables: Sequence[Cells]) -> list[Booleans]:
    """Tell for every variable who has a weight; once for each weight."""
    weights = {id(cells.weight.values): cells.weight.values for cells in variables}
    known = {place: weight > 0 for place, weight in weights.items()}
    return [known[id(cells.weight.values)] for cells in variables]


def _calibrated(variables: Sequence[Cells]) -> Booleans:
    """Mark the cells of calibrated weights."""
    return np.concatenate(
        [
            np.full(cells.cross.size, any(step.margins for step in cells.weight.calibrations))
            for cells in variables
        ]
    )


def _identity(size: int) -> Any:
    """Say of cells that each is made of itself."""
    if size <= FEW:
        return np.eye(size, dtype=bool)
    from scipy import sparse

    return sparse.eye_array(size, dtype=bool, format="csr")
