"""Weighted cell totals of a panel and their joint covariance, or their replicates, in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel import engines
from opinionpanel.arrays import Booleans, Floats, Integers, Places
from opinionpanel.design import (
    AnySampling,
    Members,
    PersonWeight,
    ReplicateMembers,
    Replication,
    Sampling,
    UnitMembers,
)
from opinionpanel.engines import Cross, Key, PersonColumn
from opinionpanel.estimates.about import About
from opinionpanel.estimates.covariances import Covariance
from opinionpanel.estimates.estimates import Estimates
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.estimates.labels import Labels, numbered
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
from opinionpanel.estimates.replicates import (
    Replicates,
    Summed,
    replicate_weights,
    replicated_totals,
)
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


@dataclass(frozen=True, eq=False)
class Totals:
    """Weighted cell totals with their covariance; everything else is derived from them.

    Attributes
    ----------
    named : Labels, m rows
    value : numpy.ndarray, shape (m,)
        Weighted totals.
    spread : Covariance
        How they vary together.
    n : numpy.ndarray, shape (m,)
        Unweighted people in each cell.
    squares : numpy.ndarray, shape (m,)
        Sums of squared weights, for Kish design effects.
    members : Members
        Who is in which tallied cell, for the degrees of freedom of domains.
    cells : numpy.ndarray of bool, shape (m, tallied cells)
        The tallied cells that each of these is made of; where they are many a scipy.sparse array.
    exact : numpy.ndarray of bool, shape (m,)
        Where no variance means that nothing is left to chance: the weight is calibrated, or
        everyone of the strata was sampled.
    replicates : Replicates or None
        The totals under every replicate weight.
    """

    named: Labels
    value: Floats
    spread: Covariance
    n: Floats
    squares: Floats
    members: Members
    cells: Any
    exact: Booleans
    replicates: Replicates | None = None

    @property
    def covariance(self) -> Floats:
        """The whole covariance, shape (m, m)."""
        return self.spread.full

    @property
    def labels(self) -> pd.DataFrame:
        """What each total is, as a frame."""
        return self.named.frame

    def shares(self, within: Sequence[str], about: About) -> Estimates:
        """Divide every total by the total of its domain.

        Parameters
        ----------
        within : sequence of str
            Label columns that define the domain; none for all cells together.
        about : About

        Returns
        -------
        Estimates
            NaN, with n = 0, where nobody is in the domain.

        Notes
        -----
        The standard error is that of a ratio: with p = W_c / W_d, the derivative of p is
        (1_c − p 1_d) / W_d (Lumley 2010, ch. 2).
        """
        domain = self.named.numbers(within)

        def added(numbers: Floats) -> Floats:
            return _sums_of_domains(numbers, domain)[..., domain]

        def ratio(totals: Floats) -> Floats:
            base = added(totals)
            # Under a replicate with negative weights a base may be below 0, and the ratio holds.
            return np.divide(totals, base, out=np.full_like(base, np.nan), where=base != 0)

        # A share of nobody is NaN, and has no variance.
        base, value = added(self.value), ratio(self.value)
        replicates = self.replicates and self.replicates.through(ratio)
        squares = added(self.squares)
        kish = np.divide(base**2, squares, out=np.zeros(len(base)), where=squares > 0)
        return Estimates(
            named=self.named,
            value=value,
            spread=replicates.covariance(value)
            if replicates
            else self.spread.ratios(value, base, domain),
            freedom=self.freedom(_rows(domain, self.cells)).at(domain),
            n=added(self.n),
            n_effective=kish,
            n_cell=self.n,
            about=about,
            exact=added((~self.exact).astype(np.float64)) == 0,
            replicates=replicates,
        )

    def ratios(
        self,
        above: Places,
        below: Places,
        labels: Labels,
        about: About,
        *,
        middle: Floats | float = 0.0,
        width: float = 1.0,
    ) -> Estimates:
        """Divide totals by totals of people, such as sums of scores by the weights of a base.

        Parameters
        ----------
        above, below : numpy.ndarray of int, shape (k,)
            The places of the totals to divide, and of those to divide by.
        labels : Labels, k rows
        about : About
        middle : float, or numpy.ndarray, shape (k,)
        width : float
            The estimate is middle + width × ratio: what amounts were measured from, and in.

        Returns
        -------
        Estimates
            Numbers; NaN, with n = 0, where nobody is in the base.

        Notes
        -----
        The standard error is that of a ratio X / W, with the derivatives 1 / W by X and −X / W² by
        W (Lumley 2010, ch. 2).
        """

        def ratio(totals: Floats) -> Floats:
            base = totals[..., below]
            result = np.full_like(base, np.nan)
            np.divide(totals[..., above], base, out=result, where=base != 0)
            return middle + width * result

        value, base, own = ratio(self.value), self.value[below], np.arange(len(below))
        known = np.isfinite(value)
        inverse = np.divide(width, base, out=np.zeros(len(base)), where=known)
        slopes = np.zeros((len(below), len(self.value)))
        slopes[own, above] += inverse
        slopes[own, below] -= np.where(known, value - middle, 0.0) / width * inverse
        replicates = self.replicates and self.replicates.through(ratio)
        domains = np.zeros(slopes.shape, dtype=bool)
        domains[own, below] = True
        squares = self.squares[below]
        return Estimates(
            named=labels,
            value=value,
            spread=replicates.covariance(value)
            if replicates
            else self.spread.through(slopes, known),
            freedom=self.freedom(domains),
            n=self.n[below],
            n_effective=np.divide(base**2, squares, out=np.zeros(len(base)), where=squares > 0),
            unit="number",
            about=about,
            exact=self.exact[below],
            replicates=replicates,
        )

    def combine(self, matrix: Booleans, labels: Labels) -> "Totals":
        """Add up cells into others, which may overlap.

        Parameters
        ----------
        matrix : numpy.ndarray of bool, shape (k, m)
            The cells that make up each of the k new ones.
        labels : Labels, k rows
        """
        sums = matrix.astype(np.float64)
        value = sums @ self.value
        replicates = self.replicates and self.replicates.through(lambda totals: totals @ sums.T)
        return Totals(
            named=labels,
            value=value,
            spread=replicates.covariance(value)
            if replicates
            else self.spread.through(sums, np.isfinite(value)),
            n=sums @ self.n,
            squares=sums @ self.squares,
            members=self.members,
            cells=np.asarray(sums @ self.cells) > 0,
            exact=~((sums @ ~self.exact) > 0),
            replicates=replicates,
        )

    def freedom(self, domains: Any) -> Freedom:
        """Degrees of freedom of the design in domains, given as rows of cells."""
        # Not of these totals, whose covariance would be kept for it.
        members = self.members
        if not isinstance(domains, np.ndarray):
            within = (domains @ self.cells) > 0
            return Freedom(lambda: members.df(within), now=members.on_engine)
        which = numbered(row.tobytes() for row in domains)
        _, first = np.unique(which, return_index=True)
        tallied = (domains[first].astype(np.float64) @ self.cells) > 0
        return Freedom(lambda: members.df(tallied)[which], now=members.on_engine)


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


def _sums_of_domains(numbers: Floats, domain: Integers) -> Floats:
    """Add up along the last axis by domain."""
    order = np.argsort(domain, kind="stable")
    starts = np.searchsorted(domain[order], np.arange(domain.max(initial=-1) + 1))
    return np.asarray(np.add.reduceat(numbers[..., order], starts, axis=-1))


def _identity(size: int) -> Any:
    """Say of cells that each is made of itself."""
    if size <= FEW:
        return np.eye(size, dtype=bool)
    from scipy import sparse

    return sparse.eye_array(size, dtype=bool, format="csr")


def _rows(domain: Integers, cells: Any) -> Any:
    """Mark the cells of every domain, as `cells` are: in an array, or a sparse one."""
    size = domain.max(initial=-1) + 1
    if isinstance(cells, np.ndarray):
        return np.arange(size)[:, None] == domain
    from scipy import sparse

    one = np.ones(len(domain), dtype=bool)
    return sparse.csr_array((one, (domain, np.arange(len(domain)))), shape=(size, len(domain)))
