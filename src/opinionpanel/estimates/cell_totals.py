"""Weighted cell totals, and what is divided or added up of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers, Places
from opinionpanel.design import Members
from opinionpanel.estimates.about import About
from opinionpanel.estimates.covariances import Covariance
from opinionpanel.estimates.estimates import Estimates
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.estimates.labels import Labels, numbered
from opinionpanel.estimates.replicates import Replicates


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
            size=base,
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


def _sums_of_domains(numbers: Floats, domain: Integers) -> Floats:
    """Add up along the last axis by domain."""
    order = np.argsort(domain, kind="stable")
    starts = np.searchsorted(domain[order], np.arange(domain.max(initial=-1) + 1))
    return np.asarray(np.add.reduceat(numbers[..., order], starts, axis=-1))


def _rows(domain: Integers, cells: Any) -> Any:
    """Mark the cells of every domain, as `cells` are: in an array, or a sparse one."""
    size = domain.max(initial=-1) + 1
    if isinstance(cells, np.ndarray):
        return np.arange(size)[:, None] == domain
    from scipy import sparse

    one = np.ones(len(domain), dtype=bool)
    return sparse.csr_array((one, (domain, np.arange(len(domain)))), shape=(size, len(domain)))
