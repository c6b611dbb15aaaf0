"""Maximum likelihood of a latent Markov model: EM from many starts, each finished by Newton."""

from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.models.likelihood import (
    Chain,
    PathTable,
    information,
    loglik_and_gradient,
    path_scores,
)
from opinionpanel.progress import steps

# EM iterations before the first Newton step, which costs as much as many of them, and between one
# that failed and the next.
FIRST, AGAIN = 100, 20
# A probability below this is on the boundary: it has no standard error.
BOUNDARY = 1e-4
# Eigenvalues of the information, with a diagonal of 1, below which it is singular.
SINGULAR = 1e-10
# Least curvature that a Newton step reckons with, on the same scale.
FLAT = 1e-6
# Rounds of Newton steps or EM; a climb that needs more has not arrived.
MOST = 100
# What a last Newton step may still promise, in units of the log-likelihood.
ARRIVED = 1e-9
# What rounding may take from a log-likelihood, in relation to it.
ROUNDING = 1e-12
# Log-likelihoods that differ by less are the same maximum.
SAME = 1e-4
# Fewer people than this, expected in a latent state, say nothing of its row.
NOBODY = 1e-6


@dataclass(frozen=True, eq=False)
class Climb:
    """Where one start led.

    Attributes
    ----------
    vector : numpy.ndarray, shape (size,)
    loglik : float
    trace : tuple of float
        The log-likelihood after every step.
    arrived : bool
        Whether this is a maximum: no slope is left, nor one that leads away from a probability
        of 0.
    """

    vector: Floats
    loglik: float
    trace: tuple[float, ...]
    arrived: bool


@dataclass(frozen=True, eq=False)
class Best:
    """The best of several climbs.

    Attributes
    ----------
    climb : Climb
    starts, reached : int
        How many starts there were, and how many of them led to the same log-likelihood.
    """

    climb: Climb
    starts: int
    reached: int


def maximise(chain: Chain, table: PathTable, *, starts: int, seed: list[int], what: str) -> Best:
    """Climb from many starts and keep the best."""
    rng = np.random.default_rng(seed)
    guesses = [_guess(chain, rng, place) for place in range(starts)]
    climbs = [climb(chain, table, guess) for guess in steps(guesses, what)]
    highest = max(climb.loglik for climb in climbs)
    same = [climb for climb in climbs if climb.loglik > highest - SAME]
    # Of equals the first that arrived, so that a rounding error does not choose.
    best = next((climb for climb in same if climb.arrived), same[0])
    return Best(best, starts, len(same))


def _guess(chain: Chain, rng: np.random.Generator, place: int) -> Floats:
    """Draw a start; the first is the plain one, in which most answers are true and most stay."""
    k, s = chain.latent, chain.states
    stay = np.eye(k) if place == 0 else 0.5 * np.eye(k) + 0.5 * rng.dirichlet(np.ones(k), size=k)
    response = rng.dirichlet(np.ones(s), size=k)
    if place == 0 and k == s:
        response = 0.7 * np.eye(k) + 0.3 / k
    transitions = np.tile(0.8 * stay + 0.2 / k, (chain.matrices, 1, 1))
    initial = rng.dirichlet(np.full(k, 2.0))
    return chain.normalised(np.concatenate([initial, response.ravel(), transitions.ravel()]))


def climb(chain: Chain, table: PathTable, start: Floats, *, first: int = FIRST) -> Climb:
    """Climb from one start to a maximum; the log-likelihood never falls.

    Parameters
    ----------
    chain : Chain
    table : PathTable
    start : numpy.ndarray, shape (size,)
        Entries of 0 stay 0 unless the likelihood rises on leaving it.
    first : int
        EM iterations before the first Newton step; few from a start that is close.

    Notes
    -----
    EM first (Dempster, Laird & Rubin 1977), then Newton steps on the entries that are not 0. A
    step that would make a probability negative sets it to 0; there it stays while the slope
    leads out of the simplex (Bertsekas 1982, SIAM Journal on Control and Optimization 20). Where
    Newton fails, EM goes on.
    """
    people = float(table.counts.sum())
    vector, trace = _expectation_maximisation(chain, table, start, first)
    for _ in range(MOST):
        loglik, gradient = loglik_and_gradient(chain, vector, table)
        if not np.isfinite(loglik):
            # A start from which some path is impossible.
            break
        free = _moving(chain, vector, gradient, people)
        promised, candidate = _newton(chain, table, vector, float(loglik), gradient, free)
        if promised < ARRIVED:
            released = _released(chain, table, vector, float(loglik), gradient)
            if released is None:
                last = vector if candidate is None else candidate
                return Climb(last, max(trace[-1], float(loglik)), (*trace, float(loglik)), True)
            candidate = released
        if candidate is None:
            vector, more = _expectation_maximisation(chain, table, vector, AGAIN)
            trace += more
        else:
            vector = candidate
            trace.append(_loglik(chain, vector, table))
    return Climb(vector, trace[-1], tuple(trace), False)


def _moving(chain: Chain, vector: Floats, gradient: Floats, people: float) -> Booleans:
    """Which entries can move: not those of 0, nor those of latent states that nobody is in."""
    occupied = chain.row_sums(vector * gradient) > NOBODY * people
    return np.asarray((vector > 0) & occupied)


def _loglik(chain: Chain, vector: Floats, table: PathTable) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(loglik_and_gradient(chain, vector, table)[0])
    return value if np.isfinite(value) else -np.inf


def _expectation_maximisation(
    chain: Chain, table: PathTable, vector: Floats, most: int
) -> tuple[Floats, list[float]]:
    """Iterate EM: every entry becomes its expected share of the people in its row."""
    trace = []
    for _ in range(most):
        loglik, gradient = loglik_and_gradient(chain, vector, table)
        trace.append(float(loglik))
        expected = vector * gradient
        people = chain.row_sums(expected)
        # The row of a latent state that nobody is in stays as it is.
        vector = np.divide(expected, people, out=vector.copy(), where=people > 1e-300)
    return vector, trace


def _newton(
    chain: Chain,
    table: PathTable,
    vector: Floats,
    loglik: float,
    gradient: Floats,
    free: Booleans,
) -> tuple[float, Floats | None]:
    """Try a Newton step: what it promises to gain, and where it leads if that is higher."""
    basis = chain.basis(free)
    if not basis.shape[1]:
        return 0.0, None
    slope = basis.T @ gradient
    values, axes = _principal(information(chain, vector, table, basis))
    # Where the likelihood bends upward the step goes up its slope all the same.
    inner = axes @ ((axes.T @ slope) / np.maximum(np.abs(values), FLAT))
    promised, step = float(slope @ inner), basis @ inner
    for length in _lengths(vector, step):
        candidate = chain.normalised(np.maximum(vector + length * step, 0.0))
        gain = _loglik(chain, candidate, table) - loglik
        # What gains nothing is worth it only at the end, or where it settles an entry at 0.
        worth = promised < 1e-6 or ((candidate == 0) & (vector > 0)).any()
        if gain >= (-ROUNDING * abs(loglik) if worth else 1e-4 * length * promised):
            break
    else:
        candidate = None
    return (promised if values.min() > -SINGULAR else np.inf), candidate


def _lengths(vector: Floats, step: Floats) -> list[float]:
    """How far to go: the whole step; to the first entry that becomes 0; shorter and shorter."""
    falling = step < 0
    first = float((vector[falling] / -step[falling]).min(initial=1.0))
    # A little beyond, so that rounding does not leave 1e-20 where 0 is meant.
    return [1.0, first * (1 + 1e-12), *(0.5 ** np.arange(1, 6) * first)]


def _released(
    chain: Chain, table: PathTable, vector: Floats, loglik: float, gradient: Floats
) -> Floats | None:
    """Lift the entry of 0 whose slope leads upward most, if there is one."""
    people = chain.row_sums(vector * gradient)
    upward = np.where(vector > 0, 0.0, gradient - people)
    entry = int(upward.argmax())
    if upward[entry] <= 1e-6 * max(people[entry], 1.0):
        return None
    for lifted in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6):
        candidate = vector.copy()
        candidate[entry] = lifted
        candidate = chain.normalised(candidate)
        if _loglik(chain, candidate, table) > loglik:
            return candidate
    return None


def influence(chain: Chain, table: PathTable, reached: Climb) -> tuple[Floats, Floats, Booleans]:
    """Derive how a maximum moves with the count of each path.

    Returns
    -------
    directions : numpy.ndarray, shape (paths, d)
        The derivative of the d free parameters by the count of each path; all NaN where the
        likelihood does not determine them.
    basis : numpy.ndarray, shape (size, d)
        What a free parameter does to the entries of the vector.
    nobody : numpy.ndarray of bool, shape (size,)
        The rows of latent states that nobody is in, which mean nothing.

    Notes
    -----
    (information)⁻¹ times the score of the path: at a maximum the scores add up to 0, whatever the
    counts (Binder 1983, International Statistical Review 51). Entries on the boundary are held.
    """
    vector = reached.vector
    nobody = unoccupied(chain, table, vector)
    basis = chain.basis((vector >= BOUNDARY) & ~nobody)
    _, scores = path_scores(chain, vector, table.steps)
    inverse = _inverse(information(chain, vector, table, basis))
    if inverse is None or not reached.arrived:
        return np.full((len(table.steps), basis.shape[1]), np.nan), basis, nobody
    return scores @ basis @ inverse, basis, nobody


def unoccupied(chain: Chain, table: PathTable, vector: Floats) -> Booleans:
    """Mark the rows of latent states that nobody is in, shape (size,)."""
    _, gradient = loglik_and_gradient(chain, vector, table)
    people = float(table.counts.sum())
    return np.asarray(chain.row_sums(vector * gradient) <= NOBODY * people)


def _inverse(matrix: Floats) -> Floats | None:
    """Invert an information matrix; None unless it is positive definite beyond rounding."""
    if not len(matrix):
        return matrix
    values, axes = _principal(matrix)
    return None if values.min() < SINGULAR else np.asarray((axes / values) @ axes.T)


def _principal(matrix: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues with the diagonal scaled to 1, and the axes in the units of the matrix."""
    diagonal = np.abs(np.diag(matrix))
    # What does not bend has no scale of its own: a tiny one would let the rest overflow.
    scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    values, vectors = np.linalg.eigh(matrix / scale / scale[:, None])
    return values, vectors / scale[:, None]
