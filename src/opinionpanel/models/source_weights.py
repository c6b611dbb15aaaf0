"""How much each source counts: generalised least squares from the covariance of the sources."""

from collections.abc import Sequence

import numpy as np

from opinionpanel.arrays import Floats, Integers
from opinionpanel.errors import DesignError

# What rounding leaves of what is 0, as a part of the largest.
NOTHING = 1e-9


def fitted(design: Floats, covariance: Floats) -> Floats:
    """Find the best linear unbiased estimator of the parameters: A with A X = 1.

    Parameters
    ----------
    design : numpy.ndarray, shape (figures, parameters)
        X, of full column rank: which level and which effects are in each figure.
    covariance : numpy.ndarray, shape (figures, figures)

    Notes
    -----
    A = (Xᵀ V⁻¹ X)⁻¹ Xᵀ V⁻¹ (Aitken 1935). Where there are as many parameters as figures V does not
    matter.
    """
    figures, parameters = design.shape
    if figures == parameters:
        return np.asarray(np.linalg.solve(design, np.eye(figures)), dtype=np.float64)
    # In units of their standard errors, so that no figure is lost to rounding beside larger ones.
    error = np.sqrt(np.diag(covariance))
    root = np.linalg.cholesky(covariance / error / error[:, None])
    left = np.linalg.solve(root, design / error[:, None])
    inner, upper = np.linalg.qr(left)
    weights = np.linalg.solve(upper, inner.T @ np.linalg.inv(root)) / error
    return np.asarray(weights, dtype=np.float64)


def alike(design: Floats, covariance: Floats, states: int) -> Floats:
    """Weigh cells the same for all states, by the sum of the states' covariances.

    Parameters
    ----------
    design : numpy.ndarray, shape (cells, parameters)
    covariance : numpy.ndarray, shape (cells × states, cells × states)
    states : int

    Returns
    -------
    numpy.ndarray, shape (parameters × states, cells × states)

    Notes
    -----
    With C_ij = Σ_a Cov(y_ia, y_ja), A = (Xᵀ C⁻¹ X)⁻¹ Xᵀ C⁻¹ has the least sum of the variances of
    all states among weights that are the same for them.
    """
    cells = len(design)
    blocks = covariance.reshape(cells, states, cells, states)
    weights = fitted(design, np.einsum("iaja->ij", blocks))
    return np.asarray(np.kron(weights, np.eye(states)), dtype=np.float64)


def by_state(design: Floats, covariance: Floats, states: int) -> Floats:
    """Weigh the shares of all states jointly, as `alike` does one by one for cells.

    Notes
    -----
    The shares of a cell add up to 1, so that their covariance has no inverse: it is taken among
    the shares less their mean, 1/k, which is the same as without one of the states, whichever.
    """
    # Columns that span what adds up to 0, whatever the order of the states.
    span = np.linalg.svd(np.eye(states) - 1 / states)[0][:, : states - 1]
    cells, parameters = design.shape
    inside = np.kron(np.eye(cells), span)
    wide = np.asarray(np.kron(design, np.eye(states - 1)), dtype=np.float64)
    weights = fitted(wide, inside.T @ covariance @ inside)
    joint = np.kron(np.eye(parameters), span) @ weights @ inside.T
    # Levels add up to 1, as the shares of their cells do, and effects to 0.
    mean = np.linalg.pinv(design)
    return np.asarray(joint + np.kron(mean, np.full((states, states), 1 / states)))


def undetermined(design: Floats) -> Integers:
    """List the parameters that figures do not tell apart."""
    if not design.size:
        return np.arange(design.shape[1])
    _, size, rows = np.linalg.svd(design)
    rank = int((size > NOTHING * size.max(initial=0.0)).sum())
    return np.flatnonzero((np.abs(rows[rank:]) > NOTHING).any(axis=0))


def singular(covariance: Floats, states: int) -> bool:
    """Tell whether some sum of shares, besides those of whole cells, does not vary."""
    cells = len(covariance) // states
    variance = np.diag(covariance)
    if variance.min(initial=np.inf) <= NOTHING * variance.max(initial=0.0):
        return True
    values = np.linalg.eigvalsh(covariance / np.sqrt(variance) / np.sqrt(variance)[:, None])
    return int((values <= NOTHING).sum()) > cells


def refuse_certain(covariance: Floats, told: Sequence[str]) -> None:
    """Refuse figures that do not vary: they would count as certain, and others not at all."""
    variance = np.diag(covariance)
    certain = np.flatnonzero(variance <= NOTHING * variance.max(initial=0.0))
    if len(certain):
        raise DesignError(
            f"The shares of {told[int(certain[0])]} do not vary in the sample: everybody gave the "
            "same answer, or the weights are calibrated to them. They would count as certain, and "
            "those of other sources not at all. Leave the source or the wave out."
        )
