"""Tables of small groups, each smoothed on its own, and how their errors go together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opinionpanel.arrays import Floats, Integers
from opinionpanel.models.area_model import AreaFit, fit_shares, from_logits
from opinionpanel.models.sampling_errors import on_diagonal, with_diagonal

# Newton steps, and what they leave of a difference between shares.
MOST, STILL = 100, 1e-12


@dataclass(frozen=True, eq=False)
class Table:
    """The states of some groups that add up to all people of each: of one wave, or one origin.

    Attributes
    ----------
    rows : numpy.ndarray of int, shape (G, k)
        Where in the estimates the states of each group stand.
    chosen : numpy.ndarray of int, shape (q + 1,)
        The states that somebody chose, the most frequent first; k for all that are not in `rows`
        together.
    fit : AreaFit
        Of the logits of those chosen, against the first.
    logits : numpy.ndarray, shape (G, q)
        As predicted, and shifted to the direct total.
    smoother : numpy.ndarray, shape (G q, G q)
        What the logits are of the linearised direct ones.
    left : numpy.ndarray, shape (G q, G q)
        What the shift leaves of an error in all logits predicted.
    """

    rows: Integers
    chosen: Integers
    fit: AreaFit
    logits: Floats
    smoother: Floats
    left: Floats

    @property
    def value(self) -> Floats:
        """The smoothed shares, shape (G, k)."""
        found = np.zeros((len(self.rows), self.rows.shape[1] + 1))
        found[:, self.chosen] = from_logits(self.logits)
        return found[:, :-1]

    @cached_property
    def slopes(self) -> Floats:
        """Of smoothed shares by logits, shape (G, k, q)."""
        shares = from_logits(self.logits)
        found = np.zeros((len(self.rows), self.rows.shape[1] + 1, len(self.chosen) - 1))
        found[:, self.chosen] = _slopes(shares)
        return found[:, :-1]

    @cached_property
    def turns(self) -> Floats:
        """Of linearised direct logits by direct shares, shape (G, q, k): D⁻¹ around the fit."""
        k = self.rows.shape[1]
        fitted = from_logits(self.fit.predicted)[:, 1:]
        off = np.zeros((len(self.chosen) - 1, k + 1))
        off[np.arange(len(off)), self.chosen[1:]] = 1.0
        # All that are not in the rows are what is left of 1.
        off = off[:, :k] - off[:, k:]
        spread = fitted[:, :, None] * (np.eye(fitted.shape[1]) - fitted[:, None, :])
        return np.linalg.solve(spread, np.broadcast_to(off, (len(fitted), *off.shape)))


def smoothed_table(
    rows: Integers,
    shares: Floats,
    people: Floats,
    covariates: Floats,
    weights: Floats | None,
    between: Floats | None = None,
) -> Table:
    """Smooth one table.

    Parameters
    ----------
    rows : numpy.ndarray of int, shape (G, k)
    shares : numpy.ndarray, shape (G, k)
        NaN for groups without people.
    people : numpy.ndarray, shape (G,)
        How many of a simple random sample each group is worth.
    covariates : numpy.ndarray, shape (G, p)
    weights : numpy.ndarray, shape (G,), or None
        The sizes with which groups add up to the direct total that the smoothed ones are shifted
        to; None for no shift.
    between : numpy.ndarray, shape (q, q), optional
        Σ of the logits of those chosen, where it is known.
    """
    # What is missing to 1 are states that were left out: they count together as one.
    left = np.clip(1 - shares.sum(axis=1, keepdims=True), 0.0, 1.0)
    left[left < STILL] = 0.0
    whole = np.hstack([shares, left])
    seen = np.isfinite(shares).all(axis=1)
    sums = (whole[seen] * people[seen, None]).sum(axis=0)
    order = np.argsort(-sums, kind="stable")
    chosen = order[sums[order] > 0]
    fit = fit_shares(whole[:, chosen], people, covariates, between)
    every = np.eye(fit.predicted.size)
    if weights is None:
        return Table(rows, chosen, fit, fit.predicted, fit.smoother, every)
    weights = np.where(seen, weights, 0.0)
    weights = weights / weights.sum()
    total = weights[seen] @ whole[seen][:, chosen]
    logits, pull = benchmarked(fit.predicted, weights, total)
    # The shift follows the difference of direct logits from those predicted.
    shift = np.tile(np.eye(logits.shape[1]), (len(logits), 1)) @ pull
    smoother = fit.smoother + shift @ (every - fit.smoother)
    return Table(rows, chosen, fit, logits, smoother, every - shift)


def benchmarked(logits: Floats, weights: Floats, total: Floats) -> tuple[Floats, Floats]:
    """Shift the logits of all groups by the same, so that their shares add up to a total.

    Parameters
    ----------
    logits : numpy.ndarray, shape (G, q)
    weights : numpy.ndarray, shape (G,)
        They add up to 1.
    total : numpy.ndarray, shape (q + 1,)

    Returns
    -------
    tuple of numpy.ndarray
        The logits, shape (G, q), and the slopes of the shift by what the direct logits of each
        group are above those predicted, shape (q, G q).
    """
    moved = logits
    for _ in range(MOST):
        shares = from_logits(moved)
        each = weights[:, None, None] * _slopes(shares)[:, 1:]
        off = (total - weights @ shares)[1:]
        if np.abs(off).max(initial=0.0) < STILL:
            break
        moved = moved + np.clip(np.linalg.solve(each.sum(axis=0), off), -1.0, 1.0)
    q = logits.shape[1]
    flat = each.transpose(1, 0, 2).reshape(q, -1)
    return moved, np.linalg.solve(each.sum(axis=0), flat)


def errors_of(tables: Sequence[Table], direct: Floats) -> Floats:
    """Find the mean squared errors of all smoothed shares, and their products.

    Parameters
    ----------
    tables : sequence of Table
        Of the same groups.
    direct : numpy.ndarray, shape (m, m)
        The design's covariance of all direct shares, 0 where there is none.

    Returns
    -------
    numpy.ndarray, shape (m, m)

    Notes
    -----
    The predictor is linear in the direct logits z, H z with H X = X, so that its error is
    (H − I) u + H e, and of two tables s and t (H_s − I) Σ_st (H_t − I)ᵀ + H_s Ψ_st H_tᵀ: within a
    table g₁ + g₂ of Prasad & Rao (1990) where the errors of groups are independent, as they are not
    where PSUs are shared. What the estimation of Σ adds is added within each group.
    """
    sampling = _sampling(tables, direct)
    between = _between(tables, sampling)
    sizes = np.cumsum([0, *(table.logits.size for table in tables)])
    found = np.zeros_like(direct)
    for s, one in enumerate(tables):
        for t, other in enumerate(tables[: s + 1]):
            part = sampling[sizes[s] : sizes[s + 1], sizes[t] : sizes[t + 1]]
            error = one.smoother @ part @ other.smoother.T
            error += _of_groups(one, other, between[s][t])
            groups, q, r = len(one.rows), one.logits.shape[1], other.logits.shape[1]
            here = np.arange(groups)
            together = between[s][t] + part.reshape(groups, q, groups, r)[here, :, here, :]
            estimated = one.fit.estimated(other.fit, together)
            error += one.left @ on_diagonal(estimated) @ other.left.T
            error = error.reshape(groups, q, groups, r)
            shares = np.einsum("gki,gihj,hlj->gkhl", one.slopes, error, other.slopes, optimize=True)
            flat = shares.reshape(one.rows.size, -1)
            found[np.ix_(one.rows.ravel(), other.rows.ravel())] = flat
            found[np.ix_(other.rows.ravel(), one.rows.ravel())] = flat.T
    return found


def _of_groups(one: Table, other: Table, between: Floats) -> Floats:
    """Give (H_s − I)(I ⊗ Σ_st)(H_t − I)ᵀ, shape (G q, G r)."""
    groups = len(one.rows)
    left = (one.smoother - np.eye(one.logits.size)).reshape(one.logits.size, groups, -1)
    right = other.smoother - np.eye(other.logits.size)
    return np.asarray((left @ between).reshape(len(left), -1) @ right.T)


def _sampling(tables: Sequence[Table], direct: Floats) -> Floats:
    """Find Ψ of the direct logits of all tables and groups.

    That of a group in a table is the smooth one that the model was fitted with. How errors of the
    same group go together in two tables is taken to be alike in all groups; all else is the
    design's own.
    """
    groups = len(tables[0].rows)
    parts = [
        np.einsum("gqk,gkhl,hrl->gqhr", one.turns, between, other.turns, optimize=True)
        for one, other, between in (
            (one, other, direct[one.rows[:, :, None, None], other.rows[None, None, :, :]])
            for one in tables
            for other in tables
        )
    ]
    size = len(tables)
    here = np.arange(groups)
    for s, one in enumerate(tables):
        for t, other in enumerate(tables):
            part = parts[s * size + t]
            if s != t:
                part[here, :, here, :] = _alike(one, other, part[here, :, here, :])
    flat = [part.reshape(part.shape[0] * part.shape[1], -1) for part in parts]
    matrix = np.block([flat[s * size : (s + 1) * size] for s in range(size)])
    # First within each table, so that what is said of one does not depend on others.
    each = [
        with_diagonal(flat[s * size + s], [*table.fit.sampling]) for s, table in enumerate(tables)
    ]
    return with_diagonal(matrix, each)


def _alike(one: Table, other: Table, products: Floats) -> Floats:
    """Take the correlation of errors of a group in two tables from all groups together."""
    roots, others = (np.linalg.cholesky(table.fit.sampling) for table in (one, other))
    turned = np.linalg.solve(roots, products)
    turned = np.linalg.solve(others, turned.transpose(0, 2, 1)).transpose(0, 2, 1)
    # Groups count by their people: of few, products are 0 or noise.
    people = 1 / np.sqrt(
        np.trace(one.fit.sampling, axis1=1, axis2=2)
        * np.trace(other.fit.sampling, axis1=1, axis2=2)
    )
    people = np.where(one.fit.seen & other.fit.seen, people, 0.0)
    common = np.einsum("g,gqr->qr", people, turned) / max(people.sum(), STILL)
    return np.asarray(roots @ common @ others.transpose(0, 2, 1))


def _between(tables: Sequence[Table], sampling: Floats) -> list[list[Floats]]:
    """Find Σ_st of every two tables: how what groups differ by goes together.

    By moments, E[r_s r_tᵀ] = Σ_st + Ψ_st with r the residuals of a group, each weighted with how
    much of the variances of both is between groups.
    """
    sizes = np.cumsum([0, *(table.logits.size for table in tables)])
    ends = np.cumsum([0, *(table.logits.shape[1] for table in tables)])
    matrix = np.zeros((ends[-1], ends[-1]))
    here = np.arange(len(tables[0].rows))
    for s, one in enumerate(tables):
        for t, other in enumerate(tables[:s]):
            part = sampling[sizes[s] : sizes[s + 1], sizes[t] : sizes[t + 1]]
            part = part.reshape(len(here), one.logits.shape[1], len(here), -1)[here, :, here, :]
            weight = np.sqrt(_reliability(one) * _reliability(other))
            if weight.sum() <= STILL:
                continue
            products = one.fit.residual[:, :, None] * other.fit.residual[:, None, :] - part
            found = np.einsum("g,gqr->qr", weight, products) / weight.sum()
            matrix[ends[s] : ends[s + 1], ends[t] : ends[t + 1]] = found
            matrix[ends[t] : ends[t + 1], ends[s] : ends[s + 1]] = found.T
    matrix = with_diagonal(matrix, [table.fit.between for table in tables])
    return [
        [matrix[ends[s] : ends[s + 1], ends[t] : ends[t + 1]] for t in range(len(tables))]
        for s in range(len(tables))
    ]


def _reliability(table: Table) -> Floats:
    """Say which part of the variance of each group's direct logits is between groups."""
    fit = table.fit
    return np.asarray(np.einsum("ij,gji->g", fit.between, fit.weight) / len(fit.between))


def _slopes(shares: Floats) -> Floats:
    """Differentiate shares by logits against the first, shape (G, q + 1, q)."""
    q = shares.shape[1] - 1
    own = np.vstack([np.zeros(q), np.eye(q)])
    return np.asarray(shares[:, :, None] * (own - shares[:, None, 1:]))
