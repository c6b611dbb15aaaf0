"""Weighted cell totals of a panel and their joint covariance, or their replicates, in one pass."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from opinionpanel import engines
from opinionpanel.arrays import Booleans, Floats, Integers
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
from opinionpanel.estimates.derivatives import sandwich
from opinionpanel.estimates.estimates import Estimates
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.estimates.linearised import (
    Weighted,
    covariance,
    margins_of,
    plan,
    read_sums,
    side_by_side,
    wanted_sums,
)
from opinionpanel.estimates.replicates import Replicates, replicate_weights, replicated_totals


@dataclass(frozen=True, eq=False)
class Cells:
    """One cell variable: which cell each person is in, with which weight.

    Attributes
    ----------
    cross : Cross
        The codes that cells are crossed from; people without one of them are in none. Variables
        that share codes can be added up together.
    weight : PersonWeight
    labels : pandas.DataFrame
        One row per cell, occupied or not.
    """

    cross: Cross
    weight: PersonWeight
    labels: pd.DataFrame


def weighted_cells(
    codes: Cross | PersonColumn, weight: PersonWeight, labels: pd.DataFrame
) -> Cells:
    """Make a cell variable, also from the cell of each person as one code; -1 is outside."""
    if not isinstance(codes, Cross):
        codes = Cross((Key(codes, len(labels)),))
    return Cells(codes, weight, labels)


@dataclass(frozen=True, eq=False)
class Totals:
    """Weighted cell totals with their covariance; everything else is derived from them.

    Attributes
    ----------
    labels : pandas.DataFrame, m rows
    value : numpy.ndarray, shape (m,)
        Weighted totals.
    covariance : numpy.ndarray, shape (m, m)
    n : numpy.ndarray, shape (m,)
        Unweighted people in each cell.
    squares : numpy.ndarray, shape (m,)
        Sums of squared weights, for Kish design effects.
    members : Members
        Who is in which tallied cell, for the degrees of freedom of domains.
    cells : numpy.ndarray of bool, shape (m, tallied cells)
        The tallied cells that each of these is made of.
    exact : numpy.ndarray of bool, shape (m,)
        Where no variance means that nothing is left to chance: the weight is calibrated, or
        everyone of the strata was sampled.
    replicates : Replicates or None
        The totals under every replicate weight.
    """

    labels: pd.DataFrame
    value: Floats
    covariance: Floats
    n: Floats
    squares: Floats
    members: Members
    cells: Booleans
    exact: Booleans
    replicates: Replicates | None = None

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
        domain = _same(self.labels, within)

        def ratio(totals: Floats) -> Floats:
            base = totals @ domain
            # Under a replicate with negative weights a base may be below 0, and the ratio holds.
            return np.divide(totals, base, out=np.full_like(base, np.nan), where=base != 0)

        base, value = domain @ self.value, ratio(self.value)
        # A share of nobody is NaN, and so are its derivatives.
        jacobian = (np.eye(len(base)) - value[:, None] * domain) / base[:, None]
        covariance, replicates = self._through(ratio, jacobian, value)
        squares = domain @ self.squares
        kish = np.divide(base**2, squares, out=np.zeros(len(base)), where=squares > 0)
        return Estimates(
            labels=self.labels,
            value=value,
            covariance=covariance,
            freedom=self.freedom(domain > 0),
            n=domain @ self.n,
            n_effective=kish,
            n_cell=self.n,
            about=about,
            exact=~((domain @ ~self.exact) > 0),
            replicates=replicates,
        )

    def combine(self, matrix: Booleans, labels: pd.DataFrame) -> "Totals":
        """Add up cells into others, which may overlap.

        Parameters
        ----------
        matrix : numpy.ndarray of bool, shape (k, m)
            The cells that make up each of the k new ones.
        labels : pandas.DataFrame, k rows
        """
        sums = matrix.astype(np.float64)
        value = sums @ self.value
        covariance, replicates = self._through(lambda totals: totals @ sums.T, sums, value)
        return Totals(
            labels=labels,
            value=value,
            covariance=covariance,
            n=sums @ self.n,
            squares=sums @ self.squares,
            members=self.members,
            cells=(sums @ self.cells) > 0,
            exact=~((sums @ ~self.exact) > 0),
            replicates=replicates,
        )

    def freedom(self, domains: Booleans) -> Freedom:
        """Degrees of freedom of the design in domains, given as rows of cells."""
        which = _numbered(row.tobytes() for row in domains)
        _, first = np.unique(which, return_index=True)
        tallied = (domains[first].astype(np.float64) @ self.cells) > 0
        # Not of these totals, whose covariance would be kept for it.
        members = self.members
        return Freedom(lambda: members.df(tallied)[which], now=members.on_engine)

    def _through(
        self, function: Callable[[Floats], Floats], jacobian: Floats, value: Floats
    ) -> tuple[Floats, Replicates | None]:
        """Carry covariance or replicates through a function of the totals."""
        if self.replicates is None:
            return sandwich(jacobian, self.covariance, np.isfinite(value)), None
        replicates = self.replicates.through(function)
        return replicates.covariance(value), replicates


def tally(
    sampling: AnySampling, variables: Sequence[Cells], labels: pd.DataFrame | None = None
) -> Totals:
    """Add up cell totals and their joint covariance.

    Parameters
    ----------
    sampling : Sampling or Replication
        The compiled design; it does not depend on the base or the domain.
    variables : sequence of Cells
        For example one for each pair of waves; their covariance with each other is included.
    labels : pandas.DataFrame, optional
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
        labels = pd.concat([cells.labels for cells in variables], ignore_index=True)
    if isinstance(sampling, Replication):
        return _replicated(sampling, variables, labels)
    return _linearised(sampling, variables, labels)


def _replicated(
    replication: Replication, variables: Sequence[Cells], labels: pd.DataFrame
) -> Totals:
    """Add up the cells under the weight and under every replicate of it."""
    sampled = _positive(variables)
    wanted = [
        table
        for cells, positive in zip(variables, sampled, strict=True)
        for table in (
            cells.cross.table(positive),
            cells.cross.table(cells.weight.values, cells.weight.values),
            cells.cross.table(cells.weight.values),
        )
    ]
    found = [table.ravel() for table in engines.tables(wanted)]
    n, squares, value = (np.concatenate(found[start::3]) for start in range(3))
    coded = [(cells.cross.codes(), cells.cross.size, cells.weight) for cells in variables]
    replicates = replicated_totals(replication, coded)
    members = [
        (np.where(positive, codes, -1), size, replicate_weights(weight))
        for positive, (codes, size, weight) in zip(sampled, coded, strict=True)
    ]
    codes_of, sizes, weights_of = zip(*members, strict=True)
    calibrated = _calibrated(variables)
    return Totals(
        labels=labels,
        value=value,
        covariance=replicates.covariance(value),
        n=n,
        squares=squares,
        members=ReplicateMembers(codes_of, sizes, weights_of, replication.df),
        cells=np.eye(len(value), dtype=bool),
        exact=calibrated | (n == 0),
        replicates=replicates,
    )


def _linearised(sampling: Sampling, variables: Sequence[Cells], labels: pd.DataFrame) -> Totals:
    """Add up the cells by PSU, or by stratum and in pairs where people are their own PSUs."""
    margins = margins_of([(cells.cross, cells.weight) for cells in variables])
    weighted = [
        Weighted(cells.cross, cells.weight.values, cells.weight.interviewed) for cells in variables
    ]
    planned = plan(sampling, [*weighted, *margins.cells])
    unit, people = Key(*sampling.units), sampling.psu is None
    present = [
        cells.cross.table(positive, by=unit if people else None)
        for cells, positive in zip(variables, _positive(variables), strict=True)
    ]
    found = iter(engines.tables([*present, *wanted_sums(planned)]))
    people_of = side_by_side(found, len(variables), unit.size if people else 1)
    sums = read_sums(planned, found)
    n = people_of.sum(axis=0)
    by_unit = sums.by_unit[:, : len(n)]
    # Weights are positive: where they add up to something, somebody is.
    members = people_of if people else np.asarray(by_unit > 0, dtype=np.float64)
    sample = planned.sample
    # What a stratum holds is a matter of people, and not of margins.
    partly = (planned.samples.fraction < 1).T[:, sample[: len(n)]]
    if sampling.stratum_of_psu is not None:
        partly = partly[sampling.stratum_of_psu]
    nothing_left = ~(partly & (members > 0)).any(axis=0)
    return Totals(
        labels=labels,
        value=by_unit.sum(axis=0),
        covariance=covariance(planned.samples, sample, sums, margins.effect),
        n=n,
        squares=sums.squares[:, : len(n)].sum(axis=0),
        members=UnitMembers(members, sampling.stratum_of_psu),
        cells=np.eye(len(n), dtype=bool),
        exact=_calibrated(variables) | nothing_left,
    )


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


def _same(labels: pd.DataFrame, within: Sequence[str]) -> Floats:
    """Mark, for every cell, the cells that share its domain: ones and zeros, (m, m)."""
    if not within:
        return np.ones((len(labels), len(labels)))
    # As arrays: to go through a column of a frame takes several times as long.
    domain = _numbered(zip(*(labels[name].to_numpy() for name in within), strict=True))
    return np.asarray(domain[:, None] == domain[None, :], dtype=np.float64)


def _numbered(rows: Iterable[Hashable]) -> Integers:
    """Give rows numbers in the order in which they first appear, equal ones the same."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(row, len(numbers)) for row in rows], dtype=np.int64)
