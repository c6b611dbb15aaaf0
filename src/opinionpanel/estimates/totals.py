"""Weighted cell totals of a panel and their joint covariance, or their replicates, in one pass."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
import pandas as pd

from opinionpanel import engines
from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design import (
    AnySampling,
    Calibration,
    Members,
    PersonWeight,
    ReplicateMembers,
    Replication,
    Sampling,
    UnitMembers,
    coefficients,
    weights_after,
)
from opinionpanel.engines import Cross, Key, Table
from opinionpanel.errors import DesignError
from opinionpanel.estimates.about import About
from opinionpanel.estimates.derivatives import sandwich
from opinionpanel.estimates.estimates import Estimates
from opinionpanel.estimates.replicates import Replicates

__all__ = ["Cells", "Totals", "tally", "weighted_cells"]


@dataclass(frozen=True, eq=False)
class Cells:
    """One cell variable: which cell each person is in, with which weight.

    Attributes
    ----------
    codes : Cross, or numpy.ndarray of int, shape (people,)
        The cell; -1 for people outside the base. Best as the codes that cells are crossed from:
        variables that share some can be added up together.
    weight : numpy.ndarray, shape (people,)
        Zero for people not sampled.
    labels : pandas.DataFrame
        One row per cell, occupied or not.
    replicates : numpy.ndarray, shape (people, R), or None
        The replicates of the weight.
    calibrations : tuple of Calibration
        What the weight was calibrated to.
    weight_text : str
        The weight in words.
    """

    codes: Cross | Integers
    weight: Floats
    labels: pd.DataFrame
    replicates: Floats | None = None
    calibrations: tuple[Calibration, ...] = ()
    weight_text: str = "the weight"

    @property
    def cross(self) -> Cross:
        """The codes that cells are crossed from."""
        if isinstance(self.codes, Cross):
            return self.codes
        return Cross((Key(self.codes, len(self.labels)),))


def weighted_cells(codes: Cross | Integers, weight: PersonWeight, labels: pd.DataFrame) -> Cells:
    """Make a cell variable with a weight of the panel."""
    return Cells(codes, weight.values, labels, weight.replicates, weight.calibrations, weight.text)


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
            return np.divide(totals, base, out=np.full_like(base, np.nan), where=base > 0)

        base, value = domain @ self.value, ratio(self.value)
        defined = base > 0
        jacobian = np.zeros_like(domain)
        jacobian[defined] = (np.eye(len(base)) - value[:, None] * domain)[defined]
        jacobian[defined] /= base[defined, None]
        covariance, replicates = self._through(ratio, jacobian, value)
        squares = domain @ self.squares
        kish = np.divide(base**2, squares, out=np.zeros(len(base)), where=squares > 0)
        return Estimates(
            labels=self.labels,
            value=value,
            covariance=covariance,
            df=self.df(domain > 0),
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

    def df(self, domains: Booleans) -> Floats:
        """Degrees of freedom of the design in domains, given as rows of cells."""
        which = _numbered(row.tobytes() for row in domains)
        _, first = np.unique(which, return_index=True)
        tallied = (domains[first].astype(np.float64) @ self.cells) > 0
        return self.members.df(tallied)[which]

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
            cells.cross.table(cells.weight, cells.weight),
            cells.cross.table(cells.weight),
        )
    ]
    found = [table.ravel() for table in engines.tables(wanted)]
    n, squares, value = (np.concatenate(found[start::3]) for start in range(3))
    parts, members = [], []
    for cells, positive in zip(variables, sampled, strict=True):
        if cells.replicates is None:
            raise DesignError(
                f"There are no replicate weights for {cells.weight_text}. Name them in the "
                "ReplicateDesign, with replicates={wave or (from wave, to wave): columns}."
            )
        codes = cells.cross.codes()
        parts.append(engines.column_sums(codes, cells.cross.size, cells.replicates))
        members.append((np.where(positive, codes, -1), cells.cross.size, cells.replicates))
    replicates = Replicates(
        np.hstack(parts), replication.scale, replication.rscales, replication.mse
    )
    codes_of, sizes, weights = zip(*members, strict=True)
    calibrated = _calibrated(variables)
    return Totals(
        labels=labels,
        value=value,
        covariance=replicates.covariance(value),
        n=n,
        squares=squares,
        members=ReplicateMembers(codes_of, sizes, weights, replication.df),
        cells=np.eye(len(value), dtype=bool),
        exact=calibrated | (n == 0),
        replicates=replicates,
    )


def _linearised(sampling: Sampling, variables: Sequence[Cells], labels: pd.DataFrame) -> Totals:
    """Add up the cells by PSU, or by stratum and in pairs where people are their own PSUs."""
    stacked, mixing = _with_margins(variables)
    unit = Key(*sampling.units)
    people = sampling.psu is None
    within = unit if people else None
    pairs = list(combinations(range(len(stacked)), 2)) if people else []
    scale = sampling.scale_of_people if people else ()
    found = iter(
        engines.tables(
            [
                *(cells.cross.table(cells.weight, by=unit) for cells in stacked),
                *(cells.cross.table(cells.weight, cells.weight, by=within) for cells in stacked),
                *(
                    cells.cross.table(positive, by=within)
                    for cells, positive in zip(variables, _positive(variables), strict=True)
                ),
                *(_products(stacked[one], stacked[two], scale) for one, two in pairs),
            ]
        )
    )
    by_unit = _side_by_side(found, len(stacked), unit.size)
    squares = _side_by_side(found, len(stacked), unit.size if people else 1)
    people_of = _side_by_side(found, len(variables), unit.size if people else 1)
    n = people_of.sum(axis=0)
    value = by_unit[:, : len(n)].sum(axis=0)
    if people:
        members = people_of
        products = _filled(stacked, pairs, list(found))
        if not scale:
            products *= sampling.scale[0]
        # Nobody is in two cells of one variable.
        np.fill_diagonal(products, sampling.scale @ squares)
    else:
        # Weights are positive: where they add up to something, somebody is.
        members = np.asarray(by_unit[:, : len(n)] > 0, dtype=np.float64)
    # Before the margins are taken out: what a stratum holds is a matter of people.
    partly = sampling.fraction < 1 if people else sampling.fraction[sampling.stratum_of_psu] < 1
    nothing_left = ~((partly.astype(np.float64) @ members) > 0)
    if mixing is not None:
        by_unit = by_unit @ mixing.T
    if people:
        products = products if mixing is None else mixing @ products @ mixing.T
        covariance = sampling.covariance_of_people(products, by_unit)
    else:
        covariance = sampling.covariance_of_psus(by_unit)
    return Totals(
        labels=labels,
        value=value,
        covariance=covariance,
        n=n,
        squares=squares[:, : len(n)].sum(axis=0),
        members=UnitMembers(members, sampling.stratum_of_psu),
        cells=np.eye(len(value), dtype=bool),
        exact=_calibrated(variables) | nothing_left,
    )


def _positive(variables: Sequence[Cells]) -> list[Booleans]:
    """Tell for every variable who has a weight; once for each weight."""
    weights = {id(cells.weight): cells.weight for cells in variables}
    known = {place: weight > 0 for place, weight in weights.items()}
    return [known[id(cells.weight)] for cells in variables]


def _calibrated(variables: Sequence[Cells]) -> Booleans:
    """Mark the cells of calibrated weights."""
    return np.concatenate(
        [
            np.full(cells.cross.size, any(step.margins for step in cells.calibrations))
            for cells in variables
        ]
    )


def _with_margins(variables: Sequence[Cells]) -> tuple[list[Cells], Floats | None]:
    """Add the margins of calibrated weights as cells, and the matrix that takes them out again.

    V = [I, −Bᵀ] V_stacked [I, −Bᵀ]ᵀ, with B from the weights before the calibration.
    """
    stacked = list(variables)
    places: dict[int, int] = {}
    width = sum(cells.cross.size for cells in variables)
    effects: list[tuple[int, int, Floats]] = []
    row = 0
    for cells in variables:
        if cells.calibrations:
            if id(cells.calibrations) not in places:
                places[id(cells.calibrations)] = width
                after = weights_after(cells.calibrations, cells.weight)
                steps = zip(cells.calibrations, after, strict=True)
                for margin, weight in ((m, w) for step, w in steps for m in step.margins):
                    labels = pd.DataFrame({"category": margin.categories})
                    stacked.append(Cells(margin.codes, weight, labels))
                    width += len(labels)
            effect = np.vstack(coefficients(cells.calibrations, cells.weight, cells.cross))
            effects.append((row, places[id(cells.calibrations)], effect))
        row += cells.cross.size
    if not effects:
        return stacked, None
    mixing = np.zeros((row, width))
    mixing[:, :row] = np.eye(row)
    for top, left, effect in effects:
        mixing[top : top + effect.shape[1], left : left + len(effect)] = -effect.T
    return stacked, mixing


def _side_by_side(found: Iterator[Floats], number: int, units: int) -> Floats:
    """Put the next tables side by side, with one row for each unit."""
    return np.hstack([table.reshape(units, -1) for table in islice(found, number)])


def _products(one: Cells, two: Cells, scale: Sequence[Floats]) -> Table:
    """Ask for Σ scale_h w_one w_two by the cells of two variables."""
    inside = one.cross.inside
    if inside is None:
        inside = two.cross.inside
    elif two.cross.inside is not None and two.cross.inside is not inside:
        inside = inside & two.cross.inside
    keys = (*one.cross.keys, *two.cross.keys)
    return Table(keys, (*scale, one.weight, two.weight), inside)


def _filled(
    variables: Sequence[Cells], pairs: Sequence[tuple[int, int]], blocks: Sequence[Floats]
) -> Floats:
    """Put the blocks of pairs of variables into one symmetric matrix; zeros within a variable."""
    ends = np.cumsum([0, *(cells.cross.size for cells in variables)])
    products = np.zeros((ends[-1], ends[-1]))
    for (one, two), block in zip(pairs, blocks, strict=True):
        rows, columns = slice(ends[one], ends[one + 1]), slice(ends[two], ends[two + 1])
        products[rows, columns] = block.reshape(variables[one].cross.size, -1)
        products[columns, rows] = products[rows, columns].T
    return products


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
