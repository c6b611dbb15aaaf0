"""Estimates that are no function of a few cell totals: their covariance from scores by kind."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from opinionpanel import engines
from opinionpanel.arrays import Booleans, Floats
from opinionpanel.design import (
    AnySampling,
    Members,
    PersonWeight,
    ReplicateMembers,
    Replication,
    Sampling,
    UnitMembers,
)
from opinionpanel.engines import Cross, Key, PersonColumn, incidence
from opinionpanel.estimates.about import About
from opinionpanel.estimates.covariances import Covariance
from opinionpanel.estimates.estimates import Estimates
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.estimates.labels import Labels
from opinionpanel.estimates.linearised import (
    Sums,
    Weighted,
    joined,
    margins_of,
    plan,
    read_sums,
    wanted_sums,
)
from opinionpanel.estimates.replicates import (
    STEP_OF_FITS,
    Replicates,
    Summed,
    refuse_negative,
    replicate_weights,
    replicated_totals,
)
from opinionpanel.estimates.values import Unit
from opinionpanel.estimates.varying_cells import covariance_of
from opinionpanel.progress import steps


@dataclass(frozen=True, eq=False, kw_only=True)
class Kinds:
    """Kinds of people, alike in all that a model looks at, and how many there are of each.

    Attributes
    ----------
    sampling : Sampling or Replication
    weight : PersonWeight
    codes : numpy.ndarray of int, shape (people,)
        The kind of each person; -1 for people outside the base.
    people : numpy.ndarray, shape (kinds,)
        People with a weight, unweighted.
    totals, squares : numpy.ndarray, shape (kinds,)
        Sums of their weights, and of the squares.
    by_unit : tuple of scipy.sparse.csr_array, shape (units, kinds)
        The same three by PSU; by stratum where people are their own PSUs; in one row with
        replicate weights.
    """

    sampling: AnySampling
    weight: PersonWeight
    codes: PersonColumn
    people: Floats
    totals: Floats
    squares: Floats
    by_unit: tuple[Any, Any, Any]

    def estimates(
        self,
        labels: Labels,
        value: Floats,
        *,
        base: Booleans,
        scores: Floats,
        refit: Callable[[Floats], Floats],
        about: About,
        unit: Unit,
        what: str,
    ) -> Estimates:
        """Bring the design to fitted values.

        Parameters
        ----------
        labels : Labels, p rows
        value : numpy.ndarray, shape (p,)
            The fitted values; NaN for undefined ones.
        base : numpy.ndarray of bool, shape (p, kinds)
            The kinds that each value rests on, for its n and its degrees of freedom.
        scores : numpy.ndarray, shape (kinds, p)
            The derivative of every value by the weight of a person of each kind; NaN in the
            columns of values without a derivative, which get no standard error.
        refit : callable
            From sums of weights by kind, shape (kinds,), to the values, shape (p,). Used with
            replicate weights only.
        about : About
        unit : {"share", "change", "number"}
        what : str
            What is refitted, for the progress bar.

        Raises
        ------
        DesignError
            The design has replicate weights, but not for this weight, or some under which the
            weights of a kind add up to less than 0.

        Notes
        -----
        V(θ) is the design covariance of the totals Σ w_k u_k, with u_k = ∂θ/∂w_k (Binder 1983,
        International Statistical Review 51; Lumley 2010, Complex Surveys, ch. 2); calibrated
        weights take out what their margins explain. People of a kind have the same u: the totals
        of a PSU are its sums of weights by kind times the scores.
        """
        kept = np.isfinite(value) & np.isfinite(scores).all(axis=0)
        replicates = None
        if isinstance(self.sampling, Replication):
            replicates = self._replicated(refit, what).through(
                lambda values: np.where(kept, values, np.nan)
            )
            spread = replicates.covariance(value)
        else:
            spread = self.covariance(np.where(kept, scores, 0.0)).without(~kept)
        sums = base.astype(np.float64) @ np.stack([self.people, self.totals, self.squares], axis=1)
        n, total, squares = sums.T
        return Estimates(
            named=labels,
            value=value,
            spread=spread,
            freedom=Freedom(lambda: self._df(base), now=engines.is_lazy(self.codes)),
            n=n,
            n_effective=np.divide(total**2, squares, out=np.zeros(len(n)), where=squares > 0),
            about=about,
            unit=unit,
            replicates=replicates,
        )

    def covariance(self, scores: Floats) -> Covariance:
        """Covariance of Σ w u over people, from u by kind, shape (kinds, p); no replicates.

        That of the totals Σ w u and of the margins, as in the tally: B is linear in u. Kinds may
        be many, so that their own products are added up before anything is squared.
        """
        assert isinstance(self.sampling, Sampling)
        kinds = Weighted(
            Cross((Key(self.codes, len(self.totals)),)),
            self.weight.values,
            self.weight.interviewed,
        )
        margins = margins_of([(kinds.cross, self.weight, None)])
        planned = plan(self.sampling, [kinds, *margins.cells])
        rest = read_sums(planned, iter(engines.tables(wanted_sums(planned, first=1))), first=1)
        squares = self.by_unit[2] if planned.people else self.squares[None]
        sums = Sums(joined([self.by_unit[1], rest.by_unit]), joined([squares, rest.squares]))
        found = covariance_of(planned, sums, margins.effect)
        return found.through(scores.T, np.ones(scores.shape[1], dtype=bool))

    def _replicated(self, refit: Callable[[Floats], Floats], what: str) -> Replicates:
        assert isinstance(self.sampling, Replication)
        kinds = [Summed(self.codes, len(self.totals), self.weight)]
        sums = replicated_totals(self.sampling, kinds, STEP_OF_FITS)
        refuse_negative(sums.values, what, "answers and groups")
        rows = [refit(row) for row in steps(list(sums.values), what)]
        return replace(sums, values=np.vstack(rows))

    def _df(self, base: Booleans) -> Floats:
        distinct, which = np.unique(base, axis=0, return_inverse=True)
        members: Members
        if isinstance(self.sampling, Replication):
            # The rank of replicate weights is costly: kinds in the same bases count as one.
            distinct, same = np.unique(distinct, axis=1, return_inverse=True)
            codes = engines.take(np.append(same.ravel(), -1), self.codes)
            codes = np.where(self.weight.values > 0, codes, -1)
            weights = [replicate_weights(self.weight)]
            members = ReplicateMembers([codes], [distinct.shape[1]], weights, self.sampling.df)
        else:
            members = UnitMembers(self.by_unit[0], self.sampling.stratum_of_psu)
        return members.df(distinct)[which.ravel()]


def kinds_of(sampling: AnySampling, weight: PersonWeight, codes: PersonColumn, size: int) -> Kinds:
    """Add up the people of each kind.

    Parameters
    ----------
    sampling : Sampling or Replication
    weight : PersonWeight
    codes : PersonColumn of int
        The kind of each person, 0 … size - 1; -1 for people outside the base.
    size : int
    """
    values = weight.values
    # Replicates know no PSUs: one unit for all.
    unit = Key(np.zeros_like(codes), 1)
    if isinstance(sampling, Sampling):
        unit = Key(*sampling.units)
    by_unit = incidence(unit, Key(codes, size), [values > 0, values, values * values])
    people, totals, squares = (np.asarray(table.sum(axis=0)) for table in by_unit)
    return Kinds(
        sampling=sampling,
        weight=weight,
        codes=codes,
        people=people,
        totals=totals,
        squares=squares,
        by_unit=(by_unit[0], by_unit[1], by_unit[2]),
    )
