"""Weighted cell totals of a panel and their joint covariance, or their replicates, in one pass."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel import engine
from opinionpanel.about import About
from opinionpanel.calibrated import Calibration, coefficients, weights_after
from opinionpanel.derivatives import sandwich
from opinionpanel.errors import DesignError
from opinionpanel.estimates import Estimates
from opinionpanel.freedom import Members, ReplicateMembers, UnitMembers
from opinionpanel.replicates import Replicates
from opinionpanel.sampling import AnySampling, Replication, Sampling
from opinionpanel.weights import PersonWeight

__all__ = ["Cells", "Totals", "tally", "weighted_cells"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """One cell variable: which cell each person is in, with which weight.

    Attributes
    ----------
    codes : numpy.ndarray of int, shape (people,)
        The cell; -1 for people outside the base.
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

    codes: Integers
    weight: Floats
    labels: pd.DataFrame
    replicates: Floats | None = None
    calibrations: tuple[Calibration, ...] = ()
    weight_text: str = "the weight"


def weighted_cells(codes: Integers, weight: PersonWeight, labels: pd.DataFrame) -> Cells:
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
    cells: npt.NDArray[np.bool_]
    exact: npt.NDArray[np.bool_]
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

    def combine(self, matrix: npt.NDArray[np.bool_], labels: pd.DataFrame) -> "Totals":
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

    def df(self, domains: npt.NDArray[np.bool_]) -> Floats:
        """Degrees of freedom of the design in domains, given as rows of cells."""
        distinct, which = np.unique(domains, axis=0, return_inverse=True)
        tallied = (distinct.astype(np.float64) @ self.cells) > 0
        return self.members.df(tallied)[which.ravel()]

    def _through(
        self, function: Callable[[Floats], Floats], jacobian: Floats, value: Floats
    ) -> tuple[Floats, Replicates | None]:
        """Carry covariance or replicates through a function of the totals."""
        if self.replicates is None:
            return sandwich(jacobian, self.covariance, np.isfinite(value)), None
        replicates = self.replicates.through(function)
        return replicates.covariance(value), replicates


def tally(sampling: AnySampling, variables: Sequence[Cells]) -> Totals:
    """Add up cell totals and their joint covariance.

    Parameters
    ----------
    sampling : Sampling or Replication
        The compiled design; it does not depend on the base or the domain.
    variables : sequence of Cells
        For example one for each pair of waves; their covariance with each other is included.

    Returns
    -------
    Totals
        The cells of all variables, one after the other.

    Raises
    ------
    DesignError
        The design has replicate weights, but not for the weight of a variable.
    """
    sizes = [len(cells.labels) for cells in variables]
    sampled = [np.where(cells.weight > 0, cells.codes, -1) for cells in variables]
    n = [
        engine.counts([codes], [size], codes >= 0)
        for codes, size in zip(sampled, sizes, strict=True)
    ]
    squares = [
        engine.sums([cells.codes], [size], cells.weight**2)
        for cells, size in zip(variables, sizes, strict=True)
    ]
    value = [
        engine.sums([cells.codes], [size], cells.weight)
        for cells, size in zip(variables, sizes, strict=True)
    ]
    total = np.concatenate(value)
    members: Members
    if isinstance(sampling, Replication):
        replicates = _replicated(sampling, variables, sizes)
        covariance = replicates.covariance(total)
        weights = [cells.replicates for cells in variables if cells.replicates is not None]
        members = ReplicateMembers(sampled, sizes, weights, sampling.df)
    else:
        replicates, covariance = None, _linearised(sampling, variables)
        unit, units = sampling.units
        by_unit = [
            engine.counts([unit, codes], [units, size], codes >= 0)
            for codes, size in zip(sampled, sizes, strict=True)
        ]
        members = UnitMembers(np.hstack(by_unit), sampling.stratum_of_psu)
    return Totals(
        labels=pd.concat([cells.labels for cells in variables], ignore_index=True),
        value=total,
        covariance=covariance,
        n=np.concatenate(n).astype(np.float64),
        squares=np.concatenate(squares),
        members=members,
        cells=np.eye(len(total), dtype=bool),
        exact=np.concatenate(_exact(sampling, variables, sampled, sizes)),
        replicates=replicates,
    )


def _exact(
    sampling: AnySampling,
    variables: Sequence[Cells],
    sampled: Sequence[Integers],
    sizes: Sequence[int],
) -> list[npt.NDArray[np.bool_]]:
    """Mark the cells of calibrated weights, and those all of whose strata were taken whole."""
    partly = np.ones(len(sampled[0]), dtype=bool)
    if isinstance(sampling, Sampling):
        partly = sampling.fraction[sampling.stratum] < 1
    return [
        any(step.margins for step in cells.calibrations)
        | (engine.counts([codes], [size], partly) == 0)
        for cells, codes, size in zip(variables, sampled, sizes, strict=True)
    ]


def _replicated(
    replication: Replication, variables: Sequence[Cells], sizes: Sequence[int]
) -> Replicates:
    """Add up the cells under every replicate weight."""
    parts = []
    for cells, size in zip(variables, sizes, strict=True):
        if cells.replicates is None:
            raise DesignError(
                f"There are no replicate weights for {cells.weight_text}. Name them in the "
                "ReplicateDesign, with replicates={wave or (from wave, to wave): columns}."
            )
        parts.append(engine.column_sums(cells.codes, size, cells.replicates))
    return Replicates(np.hstack(parts), replication.scale, replication.rscales, replication.mse)


def _linearised(sampling: Sampling, variables: Sequence[Cells]) -> Floats:
    """Covariance of the totals: that of the cells, less what the calibrations explain."""
    stacked, mixing = _with_margins(variables)
    sizes = [len(cells.labels) for cells in stacked]
    unit, units = sampling.units
    by_unit = np.hstack(
        [
            engine.sums([unit, cells.codes], [units, size], cells.weight)
            for cells, size in zip(stacked, sizes, strict=True)
        ]
    )
    if mixing is not None:
        by_unit = by_unit @ mixing.T
    if sampling.psu is not None:
        return sampling.covariance_of_psus(by_unit)
    products = _products(sampling, stacked, sizes)
    if mixing is not None:
        products = mixing @ products @ mixing.T
    return sampling.covariance_of_people(products, by_unit)


def _with_margins(variables: Sequence[Cells]) -> tuple[list[Cells], Floats | None]:
    """Add the margins of calibrated weights as cells, and the matrix that takes them out again.

    V = [I, −Bᵀ] V_stacked [I, −Bᵀ]ᵀ, with B from the weights before the calibration.
    """
    stacked = list(variables)
    places: dict[int, int] = {}
    width = sum(len(cells.labels) for cells in variables)
    effects: list[tuple[int, int, Floats]] = []
    row = 0
    for cells in variables:
        size = len(cells.labels)
        if cells.calibrations:
            if id(cells.calibrations) not in places:
                places[id(cells.calibrations)] = width
                after = weights_after(cells.calibrations, cells.weight)
                steps = zip(cells.calibrations, after, strict=True)
                for margin, weight in ((m, w) for step, w in steps for m in step.margins):
                    labels = pd.DataFrame({"category": margin.categories})
                    stacked.append(Cells(margin.codes, weight, labels))
                    width += len(labels)
            effect = np.vstack(coefficients(cells.calibrations, cells.weight, cells.codes, size))
            effects.append((row, places[id(cells.calibrations)], effect))
        row += size
    if not effects:
        return stacked, None
    mixing = np.zeros((row, width))
    mixing[:, :row] = np.eye(row)
    for top, left, effect in effects:
        mixing[top : top + effect.shape[1], left : left + len(effect)] = -effect.T
    return stacked, mixing


def _products(sampling: Sampling, variables: Sequence[Cells], sizes: Sequence[int]) -> Floats:
    """Σ scale_h z zᵀ over people, where z has one weight per cell variable."""
    scale = sampling.scale[sampling.stratum]
    ends = np.concatenate([[0], np.cumsum(sizes)])
    products = np.zeros((ends[-1], ends[-1]))
    for i, first in enumerate(variables):
        scaled = scale * first.weight
        for j in range(i, len(variables)):
            second = variables[j]
            keys, shape = [first.codes, second.codes], [sizes[i], sizes[j]]
            block = engine.sums(keys, shape, scaled * second.weight)
            rows, columns = slice(ends[i], ends[i + 1]), slice(ends[j], ends[j + 1])
            products[rows, columns] = block
            products[columns, rows] = block.T
    return products


def _same(labels: pd.DataFrame, within: Sequence[str]) -> Floats:
    """Mark, for every cell, the cells that share its domain: ones and zeros, (m, m)."""
    if not within:
        return np.ones((len(labels), len(labels)))
    domain = labels.groupby(list(within), sort=False, dropna=False).ngroup().to_numpy()
    return np.asarray(domain[:, None] == domain[None, :], dtype=np.float64)
