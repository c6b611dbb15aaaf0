"""A linear mixed model of areas with known sampling errors, and its multinomial form on logits.

Area g has estimates z_g of q quantities, z_g = X_g β + u_g + e_g, with u_g ~ N(0, Σ) what areas
differ by and e_g ~ N(0, Ψ_g) the sampling error, whose covariance is taken as known (Fay & Herriot
1979). Every quantity has the same covariates, and coefficients of its own.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.errors import SelectionError
from opinionpanel.models.sampling_errors import on_diagonal

# Steps until no logit moves by more than this; and how far one may move it.
STILL, LONGEST, MOST = 1e-6, 2.0, 200
# A logit that grows so large has no end, as where nobody in a category of effects is in a state.
ENDLESS = 20.0
# The least root of a variance that is not 0, in some units each.
LEAST = 1e-8
# What is left of the slope of the likelihood, of some units each, where it is at its highest.
FLAT = 1e-10


@dataclass(frozen=True, eq=False)
class AreaFit:
    """The model of G areas and q quantities, fitted.

    Attributes
    ----------
    predicted : numpy.ndarray, shape (G, q)
        X_g β + u_g, the empirical best linear unbiased predictor.
    residual : numpy.ndarray, shape (G, q)
        z_g − X_g β; 0 where there is no z.
    between : numpy.ndarray, shape (q, q)
        Σ.
    sampling : numpy.ndarray, shape (G, q, q)
        Ψ_g.
    weight : numpy.ndarray, shape (G, q, q)
        (Σ + Ψ_g)⁻¹; 0 for areas without an estimate, which are predicted from the others.
    covariates : numpy.ndarray, shape (G, p)
    """

    predicted: Floats
    residual: Floats
    between: Floats
    sampling: Floats
    weight: Floats
    covariates: Floats

    @property
    def seen(self) -> Booleans:
        """Which areas have an estimate, shape (G,)."""
        return np.asarray((self.weight != 0).any(axis=(1, 2)))

    @cached_property
    def smoother(self) -> Floats:
        """H with predicted = H z, shape (G q, G q)."""
        areas, q = self.predicted.shape
        design = _design(self.covariates, q)
        weighted = self.weight @ design
        information = _flat(design).T @ _flat(weighted)
        synthetic = _flat(design) @ np.linalg.solve(information, _flat(weighted).T)
        shrunk = on_diagonal(self.between @ self.weight)
        return np.asarray(synthetic + shrunk @ (np.eye(areas * q) - synthetic))

    @cached_property
    def turned(self) -> Floats:
        """W E W of each area and entry of Σ, shape (G, entries, q, q), E with a 1 there."""
        q = len(self.between)
        basis = np.zeros((q * (q + 1) // 2, q, q))
        for place, (i, j) in enumerate(zip(*np.tril_indices(q), strict=True)):
            basis[place, i, j] = basis[place, j, i] = 1.0
        return np.asarray(self.weight[:, None] @ basis @ self.weight[:, None])

    @cached_property
    def uncertain(self) -> Floats:
        """How the entries of Σ vary, as their information has it, shape (entries, entries)."""
        whole = np.where(self.seen[:, None, None], self.between + self.sampling, 0.0)
        return np.asarray(np.linalg.inv(_entries(self, self, whole)))

    def estimated(self, other: "AreaFit", together: Floats) -> Floats:
        """Say what the estimation of Σ adds to the errors of this and another fit of the areas.

        Parameters
        ----------
        other : AreaFit
            This one as well.
        together : numpy.ndarray, shape (G, q, r)
            How the residuals of an area vary together in both: Σ + Ψ_g, of the same fit.

        Returns
        -------
        numpy.ndarray, shape (G, q, r)

        Notes
        -----
        2 g₃: once for the error itself, once for what g₁ is too small by with Σ estimated by REML
        (Prasad & Rao 1990; Datta & Lahiri 2000). Of few areas that hardly differ it would come to
        more than smoothing gains, Ψ (Σ + Ψ)⁻¹ Ψ, so that a direct estimate were the better one: it
        is held at that. Areas without an estimate have no g₃; see `beyond`.
        """
        found = self._held_below(other, together)
        if other is self and not self.seen.all():
            found[~self.seen] = self.beyond
        return found

    @cached_property
    def beyond(self) -> Floats:
        """What is added to Σ in the error of areas without an estimate, shape (q, q).

        Nothing of theirs is known but Σ, and REML often finds it 0 where it is not. It is taken
        where |Σ| times the restricted likelihood is highest, which never is at 0 (adjusted maximum
        likelihood, Li & Lahiri 2010), and times what it takes that no area with an estimate has a
        larger error from Σ: an estimate can only help.
        """
        z = np.where(self.seen[:, None], self.residual, np.nan)
        # The likelihood is that of residuals: a mean more or less makes no difference.
        likely = _between(z, self.sampling, self.covariates, None, raised=True)[0]
        own = self.between - self.between @ self.weight @ self.between
        own = own + self._held_below(self, self.between + self.sampling)
        errors = np.concatenate([self.between[None], own[self.seen]])
        times = np.linalg.eigvals(np.linalg.solve(likely, errors)).real.max()
        return np.asarray(max(times, 1.0) * likely - self.between)

    @cached_property
    def held(self) -> Floats:
        """By what the error from Σ is multiplied in each area to stay below the gain, (G,)."""
        own = self._estimated(self, self.between + self.sampling)[self.seen]
        gain = (self.sampling @ self.weight @ self.sampling)[self.seen]
        most = np.linalg.eigvals(np.linalg.solve(gain, own)).real.max(axis=1)
        found = np.ones(len(self.weight))
        found[self.seen] = 1 / np.sqrt(np.maximum(most, 1.0))
        return found

    def _held_below(self, other: "AreaFit", together: Floats) -> Floats:
        return (self.held * other.held)[:, None, None] * self._estimated(other, together)

    def _estimated(self, other: "AreaFit", together: Floats) -> Floats:
        spread = self.uncertain @ _entries(self, other, together) @ other.uncertain
        own = np.einsum("ab,gaij->gbij", spread, self.turned)
        product = (own @ together[:, None] @ other.turned).sum(axis=1)
        return np.asarray(2 * self.sampling @ product @ other.sampling)


def fit_areas(z: Floats, sampling: Floats, covariates: Floats, between: Floats) -> AreaFit:
    """Predict areas where Σ is known.

    Parameters
    ----------
    z : numpy.ndarray, shape (G, q)
        NaN for areas without an estimate.
    sampling : numpy.ndarray, shape (G, q, q)
    covariates : numpy.ndarray, shape (G, p)
    between : numpy.ndarray, shape (q, q)
    """
    seen = np.asarray(np.isfinite(z).all(axis=1))
    weight = np.asarray(np.linalg.inv(between + sampling), dtype=np.float64)
    weight = weight * seen[:, None, None]
    z = np.where(seen[:, None], z, 0.0)
    mean = _least_squares(z, weight, _design(covariates, z.shape[1]))[0]
    residual = (z - mean) * seen[:, None]
    shrunk = np.einsum("ij,gjk,gk->gi", between, weight, residual)
    return AreaFit(mean + shrunk, residual, between, sampling, weight, covariates)


def restricted_likelihood(z: Floats, sampling: Floats, covariates: Floats) -> Floats:
    """Find Σ by restricted maximum likelihood (REML), with areas that have an estimate.

    Returns
    -------
    numpy.ndarray, shape (q, q)
        On the boundary, with a variance of 0, where areas differ by no more than samples do.
    """
    return _between(z, sampling, covariates, None)[0]


def fit_shares(
    shares: Floats, people: Floats, covariates: Floats, between: Floats | None = None
) -> AreaFit:
    """Fit the model to the logits of shares, each against the first one.

    Parameters
    ----------
    shares : numpy.ndarray, shape (G, q + 1)
        Of each area; NaN for those without one. No state is without people in all areas.
    people : numpy.ndarray, shape (G,)
        How many people of a simple random sample the shares of an area are worth.
    covariates : numpy.ndarray, shape (G, p)
    between : numpy.ndarray, shape (q, q), optional
        Σ, where it is known.

    Notes
    -----
    Logits of shares of 0 do not exist, and those of few people are biased. The model is fitted to
    z_g = η_g + D_g⁻¹ (p_g − π_g), linear in the direct shares p_g around the fitted ones π_g, with
    D_g = diag(π_g) − π_g π_gᵀ and the sampling error Ψ_g = D_g⁻¹ / n_g; and this again, until the
    fitted shares stay (penalised quasi-likelihood, Breslow & Clayton 1993).
    """
    seen = np.isfinite(shares).all(axis=1)
    pooled = (shares[seen] * people[seen, None]).sum(axis=0) / people[seen].sum()
    logits = np.tile(np.log(pooled[1:] / pooled[0]), (len(shares), 1))
    start = None
    for _ in range(MOST):
        fitted = from_logits(logits)
        inverse = 1 / fitted[:, :1, None] + np.eye(logits.shape[1]) / fitted[:, 1:, None]
        off = shares[:, 1:] - fitted[:, 1:]
        z = logits + np.einsum("gij,gj->gi", inverse, off)
        sampling = inverse / people[:, None, None]
        found = between
        if found is None:
            found, start = _between(z, sampling, covariates, start)
        fit = fit_areas(z, sampling, covariates, found)
        move = fit.predicted - logits
        logits = logits + np.clip(move, -LONGEST, LONGEST)
        if np.abs(move).max() < STILL:
            return fit
        if np.abs(logits).max() > ENDLESS:
            break
    raise SelectionError(
        "The smoothed shares did not settle: a state is rare, few groups have people in it, or "
        "nobody has in a category of effects. Put states together, leave effects or covariates "
        "out, or smooth larger groups."
    )


def from_logits(logits: Floats) -> Floats:
    """Turn logits against the first state into shares, shape (G, q + 1)."""
    wide = np.hstack([np.zeros((len(logits), 1)), logits])
    odds = np.exp(wide - wide.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _between(
    z: Floats,
    sampling: Floats,
    covariates: Floats,
    start: Floats | None,
    *,
    raised: bool = False,
) -> tuple[Floats, Floats]:
    """Find Σ, and where to start from the next time; or with |Σ| times the likelihood."""
    from scipy import optimize

    seen = np.isfinite(z).all(axis=1)
    z, sampling, covariates = z[seen], sampling[seen], covariates[seen]
    q = z.shape[1]
    lower = np.tril_indices(q)
    # On the scale of the sampling errors all is of size 1, whatever the logits are against.
    unit = np.linalg.cholesky(sampling.mean(axis=0))
    turned = np.linalg.inv(unit)
    z = z @ turned.T
    sampling = turned @ sampling @ turned.T
    design = _design(covariates, q)

    def unlikely(entries: Floats) -> tuple[float, Floats]:
        root = np.zeros((q, q))
        root[lower] = entries
        value, slope = _deviance(root @ root.T, z, sampling, design)
        slope = 2 * slope @ root
        if raised:
            # Of a first step that ends at 0 nothing is endless.
            sides = np.where(root.diagonal() == 0, LEAST, root.diagonal())
            value -= 2 * float(np.log(np.abs(sides)).sum())
            slope -= np.diag(2 / sides)
        return value, slope[lower]

    if start is None:
        start = np.eye(q)[lower]
    found: Any = optimize.minimize(
        unlikely,
        # At 0 the likelihood is flat, also where it rises from there.
        np.where(np.abs(start) < 1e-3, 1e-3 * np.eye(q)[lower] + start, start),
        jac=True,
        method="L-BFGS-B",
        options={"ftol": 1e-15, "gtol": FLAT, "maxiter": MOST},
    )
    root = np.zeros((q, q))
    root[lower] = found.x
    root = unit @ root
    return root @ root.T, found.x


def _deviance(between: Floats, z: Floats, sampling: Floats, design: Floats) -> tuple[float, Floats]:
    """Give −log restricted likelihood, and its slope by Σ, shape (q, q)."""
    weight = np.asarray(np.linalg.inv(between + sampling), dtype=np.float64)
    mean, information, weighted = _least_squares(z, weight, design)
    residual = z - mean
    pulled = (weight @ residual[:, :, None])[:, :, 0]
    value = (
        -np.linalg.slogdet(weight)[1].sum()
        + np.linalg.slogdet(information)[1]
        + (pulled * residual).sum()
    )
    # W X (Xᵀ W X)⁻¹ Xᵀ W, summed over areas.
    q = len(between)
    entries = weighted.transpose(1, 0, 2).reshape(q, -1)
    explained = (weighted @ np.linalg.inv(information)).transpose(1, 0, 2).reshape(q, -1)
    slope = weight.sum(axis=0) - pulled.T @ pulled - entries @ explained.T
    return float(value) / 2, slope / 2


def _least_squares(z: Floats, weight: Floats, design: Floats) -> tuple[Floats, Floats, Floats]:
    """Give X β at the generalised least squares β, and Xᵀ W X and W X."""
    weighted = weight @ design
    information = _flat(design).T @ _flat(weighted)
    beta = np.linalg.solve(information, _flat(weighted).T @ z.ravel())
    return design @ beta, information, weighted


def _entries(one: AreaFit, other: AreaFit, together: Floats) -> Floats:
    """Give ½ Σ_g tr(W E_a W Ω W E_b W Ωᵀ), shape (entries, entries)."""
    left = one.turned @ together[:, None]
    right = other.turned @ together.transpose(0, 2, 1)[:, None]
    return np.asarray(np.einsum("gaij,gbji->ab", left, right, optimize=True) / 2)


def _design(covariates: Floats, q: int) -> Floats:
    """Give every quantity of each area coefficients of its own, shape (G, q, p q)."""
    return np.asarray(
        np.einsum("gp,ij->gipj", covariates, np.eye(q)).reshape(len(covariates), q, -1)
    )


def _flat(matrices: Floats) -> Floats:
    """Put the rows of all areas below each other."""
    return matrices.reshape(-1, matrices.shape[-1])
