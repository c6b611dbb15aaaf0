"""Weighted cell totals of a panel and their joint covariance, in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel import engine
from opinionpanel.about import About
from opinionpanel.design import Sampling
from opinionpanel.estimates import Estimates, sandwich

__all__ = ["Cells", "Totals", "tally"]

Floats = npt.NDArray[np.float64]


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
    """

    codes: npt.NDArray[np.int64]
    weight: Floats
    labels: pd.DataFrame


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
    members : numpy.ndarray, shape (units, m)
        People by PSU and cell; by stratum and cell where people are their own PSUs.
    sampling : Sampling
    """

    labels: pd.DataFrame
    value: Floats
    covariance: Floats
    n: Floats
    squares: Floats
    members: npt.NDArray[np.int64]
    sampling: Sampling

    def shares(self, within: Sequence[str], about: About) -> Estimates:
        """Divide every total by the total of its domain.

        Parameters
        ----------
        within : sequence of str
            Label columns that define the domain.
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
        base = domain @ self.value
        with np.errstate(divide="ignore", invalid="ignore"):
            value = self.value / base
        defined = base > 0
        value[~defined] = np.nan
        jacobian = np.zeros_like(self.covariance)
        jacobian[defined] = (np.eye(len(base)) - value[:, None] * domain)[defined]
        jacobian[defined] /= base[defined, None]
        n = domain @ self.n
        squares = domain @ self.squares
        kish = np.divide(base**2, squares, out=np.zeros(len(base)), where=squares > 0)
        return Estimates(
            labels=self.labels,
            value=value,
            covariance=sandwich(jacobian, self.covariance, defined),
            df=self.df(domain > 0),
            n=n,
            n_effective=kish,
            n_cell=self.n,
            about=about,
        )

    def df(self, domains: npt.NDArray[np.bool_]) -> Floats:
        """Count PSUs minus strata with members, for domains given as rows of cells."""
        distinct, which = np.unique(domains, axis=0, return_inverse=True)
        inside = self.members @ distinct.T.astype(np.int64)
        if self.sampling.psu is None:
            units, strata = inside.sum(axis=0), (inside > 0).sum(axis=0)
        else:
            assert self.sampling.stratum_of_psu is not None
            units = (inside > 0).sum(axis=0)
            by_stratum = np.zeros((len(self.sampling.sampled), inside.shape[1]), dtype=np.int64)
            np.add.at(by_stratum, self.sampling.stratum_of_psu, inside)
            strata = (by_stratum > 0).sum(axis=0)
        return np.asarray(units - strata, dtype=np.float64)[which.ravel()]


def tally(sampling: Sampling, variables: Sequence[Cells]) -> Totals:
    """Add up cell totals and their joint covariance.

    Parameters
    ----------
    sampling : Sampling
        The compiled design; it does not depend on the base or the domain.
    variables : sequence of Cells
        For example one for each pair of waves; their covariance with each other is included.

    Returns
    -------
    Totals
        The cells of all variables, one after the other.
    """
    sizes = [len(cells.labels) for cells in variables]
    sampled = [cells.weight > 0 for cells in variables]
    n = [
        engine.counts([cells.codes], [size], inside)
        for cells, size, inside in zip(variables, sizes, sampled, strict=True)
    ]
    squares = [
        engine.sums([cells.codes], [size], cells.weight**2)
        for cells, size in zip(variables, sizes, strict=True)
    ]
    if sampling.psu is None:
        unit, units = sampling.stratum, len(sampling.sampled)
    else:
        assert sampling.stratum_of_psu is not None
        unit, units = sampling.psu, len(sampling.stratum_of_psu)
    by_unit = np.hstack(
        [
            engine.sums([unit, cells.codes], [units, size], cells.weight)
            for cells, size in zip(variables, sizes, strict=True)
        ]
    )
    members = np.hstack(
        [
            engine.counts([unit, cells.codes], [units, size], inside)
            for cells, size, inside in zip(variables, sizes, sampled, strict=True)
        ]
    )
    if sampling.psu is None:
        products = _products(sampling, variables, sizes)
        covariance = sampling.covariance_of_people(products, by_unit)
    else:
        covariance = sampling.covariance_of_psus(by_unit)
    return Totals(
        labels=pd.concat([cells.labels for cells in variables], ignore_index=True),
        value=by_unit.sum(axis=0),
        covariance=covariance,
        n=np.concatenate(n).astype(np.float64),
        squares=np.concatenate(squares),
        members=members,
        sampling=sampling,
    )


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
    domain = labels.groupby(list(within), sort=False, dropna=False).ngroup().to_numpy()
    return np.asarray(domain[:, None] == domain[None, :], dtype=np.float64)
