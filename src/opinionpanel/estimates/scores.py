"""Estimates that are no function of a few cell totals: their covariance from scores by kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

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
from opinionpanel.engines import Cross, Key, PersonColumn, Table, incidence
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


class Coded(NamedTuple):
    """The kind of each person at a wave, 0 … size - 1, and the weight that counts there.

    The code is -1 for people outside the base.
    """

    codes: PersonColumn
    size: int
    weight: PersonWeight


@dataclass(frozen=True, eq=False, kw_only=True)
class Kinds:
    """Kinds of people, alike in all that a model looks at, and how many there are of each.

    Attributes
    ----------
    sampling : Sampling or Replication
    variables : tuple of Coded
        One; or one for each wave of a model of several, whose kinds follow one another. The same
        people are in them: their scores at all waves belong to one person.
    people : numpy.ndarray, shape (kinds,)
        People with a weight, unweighted.
    totals, squares : numpy.ndarray, shape (kinds,)
        Sums of their weights, and of the squares.
    by_unit : tuple of scipy.sparse arrays, shape (units, kinds)
        The same three by PSU; by stratum where people are their own PSUs; in one row with
        replicate weights.
    """

    sampling: AnySampling
    variables: tuple[Coded, ...]
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
        distinct, which = np.unique(base, axis=0, return_inverse=True)
        which = which.ravel()
        by_unit = self._people_by_unit(distinct)
        sums = base.astype(np.float64) @ np.stack([self.people, self.totals, self.squares], axis=1)
        times, total, squares = sums.T
        n = by_unit.sum(axis=0)[which]
        # Kish's design effect is that of the answers, of which people may have several.
        kish = np.divide(total**2, squares * times, out=np.zeros(len(n)), where=squares > 0)
        return Estimates(
            named=labels,
            value=value,
            spread=spread,
            freedom=Freedom(lambda: self._df(distinct, by_unit)[which], now=self._lazy),
            n=n,
            n_effective=kish * n,
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
        kinds = [
            Weighted(Cross((Key(codes, size),)), weight.values, weight.interviewed)
            for codes, size, weight in self.variables
        ]
        weights = [one.weight for one in self.variables]
        margins = margins_of(
            [(one.cross, weight, None) for one, weight in zip(kinds, weights, strict=True)]
        )
        planned, first = plan(self.sampling, [*kinds, *margins.cells]), len(kinds)
        found = iter(engines.tables(wanted_sums(planned, first)))
        rest = read_sums(planned, found, first)
        squares = self.by_unit[2] if planned.people else self.squares[None]
        sums = Sums(joined([self.by_unit[1], rest.by_unit]), joined([squares, rest.squares]))
        covariance = covariance_of(planned, sums, margins.effect)
        return covariance.through(scores.T, np.ones(scores.shape[1], dtype=bool))

    def _replicated(self, refit: Callable[[Floats], Floats], what: str) -> Replicates:
        assert isinstance(self.sampling, Replication)
        kinds = [Summed(*one) for one in self.variables]
        sums = replicated_totals(self.sampling, kinds, STEP_OF_FITS)
        refuse_negative(sums.values, what, "answers and groups")
        rows = [refit(row) for row in steps(list(sums.values), what)]
        return replace(sums, values=np.vstack(rows))

    @property
    def _lazy(self) -> bool:
        return any(engines.is_lazy(one.codes) for one in self.variables)

    def _parts(self, kinds: Any) -> list[Any]:
        """Part what stands by kind, along the last axis, into the variables."""
        ends = accumulate((one.size for one in self.variables), initial=0)
        return [kinds[..., start:stop] for start, stop in pairwise(ends)]

    def _people_by_unit(self, bases: Booleans) -> Floats:
        """Count the people of each base, however often they are in it; shape (units, bases)."""
        if len(self.variables) == 1:
            return np.asarray(self.by_unit[0] @ bases.T.astype(np.float64))
        wanted = []
        for base in bases:
            members = [
                engines.take(part, codes) & (weight.values > 0)
                for part, (codes, _, weight) in zip(self._parts(base), self.variables, strict=True)
            ]
            unit = _unit(self.sampling, self.variables[0].codes)
            wanted.append(Table((unit,), (), reduce(np.logical_or, members)))
        return np.stack(list(engines.tables(wanted)), axis=1).astype(np.float64)

    def _df(self, bases: Booleans, by_unit: Floats) -> Floats:
        if isinstance(self.sampling, Sampling):
            members: Members = UnitMembers(by_unit, self.sampling.stratum_of_psu)
            return members.df(np.eye(len(bases), dtype=bool))
        # The rank of replicate weights is costly: kinds in the same bases count as one.
        bases, same = np.unique(bases, axis=1, return_inverse=True)
        codes = []
        for part, one in zip(self._parts(same.ravel()), self.variables, strict=True):
            merged = engines.take(part, one.codes)
            codes.append(np.where(one.weight.values > 0, merged, -1))
        weights = [replicate_weights(one.weight) for one in self.variables]
        sizes = [bases.shape[1]] * len(codes)
        members = ReplicateMembers(codes, sizes, weights, self.sampling.df)
        return members.df(np.tile(bases, len(codes)))


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
    return kinds_at_waves(sampling, [Coded(codes, size, weight)])


def kinds_at_waves(sampling: AnySampling, variables: Sequence[Coded]) -> Kinds:
    """Add up the people of each kind at several waves, each with its own weight.

    Parameters
    ----------
    sampling : Sampling or Replication
    variables : sequence of Coded
    """
    found: list[list[Any]] = []
    for codes, size, weight in variables:
        values = weight.values
        parts = [values > 0, values, values * values]
        found.append(incidence(_unit(sampling, codes), Key(codes, size), parts))
    by_unit = found[0]
    if len(found) > 1:
        by_unit = [joined(tables) for tables in zip(*found, strict=True)]
    people, totals, squares = (np.asarray(table.sum(axis=0)) for table in by_unit)
    return Kinds(
        sampling=sampling,
        variables=tuple(variables),
        people=people,
        totals=totals,
        squares=squares,
        by_unit=(by_unit[0], by_unit[1], by_unit[2]),
    )


def _unit(sampling: AnySampling, codes: PersonColumn) -> Key:
    """Find the PSU of each person; replicates know none: one unit for all."""
    if isinstance(sampling, Sampling):
        return Key(*sampling.units)
    return Key(np.zeros_like(codes), 1)
