"""The likelihood of the mover–stayer model: counts, its maximum, and derivatives by weight."""

from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.measures import Paths

# A share of stayers nearer to 0 or 1 than this is on the boundary.
NEAR = 1e-9


@dataclass(frozen=True, eq=False)
class PathCounts:
    """What paths amount to, one by one (P of them) or as a weighted sum.

    Attributes
    ----------
    start, stay : numpy.ndarray, shape (k,) or (P, k)
        Those who start in the state; those who are in it throughout.
    moves : numpy.ndarray, shape (k, k) or (P, k, k)
        From origin to destination, over all intervals.
    intervals : int
    """

    start: Floats
    stay: Floats
    moves: Floats
    intervals: int

    @property
    def at_risk(self) -> Floats:
        """Moves from the state, those to itself included."""
        return np.asarray(self.moves.sum(axis=-1))

    @property
    def kept(self) -> Floats:
        """Moves from the state to itself."""
        return np.asarray(np.diagonal(self.moves, axis1=-2, axis2=-1))

    def total(self, weights: Floats) -> "PathCounts":
        """Add up paths, given the weight of each."""
        moves = np.tensordot(weights, self.moves, axes=1)
        return PathCounts(weights @ self.start, weights @ self.stay, moves, self.intervals)

    def slope(self, m: Floats) -> Floats:
        """Differentiate the profile log-likelihood by m, times m (1 − mᵀ): 0 at the estimate.

        The polynomial of `mover_stayer` divided by 1 − m; linear in the counts.
        """
        powers = m ** np.arange(1, self.intervals + 1)[:, None]
        return np.asarray(
            (self.start - self.stay) * self.intervals * powers[-1]
            + (self.kept - self.intervals * self.stay) * (1 - powers[-1])
            - (self.at_risk - self.kept) * powers.sum(axis=0)
        )

    def curvature(self, m: Floats) -> Floats:
        """Differentiate `slope` by m."""
        power = np.arange(1, self.intervals + 1)[:, None]
        slopes = power * m ** (power - 1)
        later = self.intervals * self.start - self.kept
        return np.asarray(later * slopes[-1] - (self.at_risk - self.kept) * slopes.sum(axis=0))


def count_paths(paths: Paths) -> PathCounts:
    """Count each path by itself."""
    steps, state = paths.steps, np.eye(len(paths.states))
    start = state[steps[:, 0]]
    same = (steps == steps[:, :1]).all(axis=1)
    moves = np.einsum("pti,ptj->pij", state[steps[:, :-1]], state[steps[:, 1:]])
    return PathCounts(start, start * same[:, None], moves, steps.shape[1] - 1)


@dataclass(frozen=True, eq=False)
class StayerFit:
    """Shares of stayers s, shape (k,), and transitions of movers m, shape (k, k)."""

    s: Floats
    m: Floats

    @property
    def boundary(self) -> Booleans:
        """Mark the states whose share of stayers is 0 or 1."""
        return np.asarray((self.s < NEAR) | (self.s > 1 - NEAR))


def solve(counts: PathCounts) -> StayerFit:
    """Maximise the likelihood, state by state."""
    left = counts.at_risk - counts.kept
    s = np.full(len(left), np.nan)
    with np.errstate(invalid="ignore"):
        m = counts.moves / counts.at_risk[:, None]
    # Where nobody leaves the state, or nobody starts in it, there is no telling stayers.
    for i in np.flatnonzero((counts.start > 0) & (left > NEAR * counts.at_risk)):
        root = _root(counts, i)
        share, stays = counts.stay[i] / counts.start[i], root**counts.intervals
        s[i] = max(0.0, (share - stays) / (1 - stays))
        if s[i] > 1 - NEAR:
            s[i] = 1.0
        if s[i] > NEAR:
            m[i] = counts.moves[i] * (1 - root) / left[i]
            m[i, i] = root
    return StayerFit(s, m)


def _root(counts: PathCounts, i: np.intp) -> float:
    """Where the slope turns from plus to minus; nearly 1, with s far below 0, where it never does.

    It turns once, as everyone who is no stayer leaves at least once.
    """
    from scipy import optimize

    def slope(m: float) -> float:
        return float(counts.slope(np.full(len(counts.start), m))[i])

    if slope(0.0) <= 0:
        return 0.0
    if slope(1 - NEAR) >= 0:
        return 1 - NEAR
    return float(optimize.brentq(slope, 0.0, 1 - NEAR, xtol=1e-15, rtol=1e-14))


def shares_of_stayers(counts: PathCounts, found: StayerFit) -> Floats:
    """Shares of stayers by state, and overall."""
    base = counts.start.sum()
    with np.errstate(invalid="ignore"):
        overall = np.where(counts.start > 0, found.s, 0.0) @ counts.start / base
    return np.append(found.s, overall)


def slopes_by_path(
    paths: PathCounts, counts: PathCounts, found: StayerFit
) -> tuple[Floats, Floats]:
    """Differentiate stayers and transitions by the weight of each path, (P, k+1) and (P, k²).

    Of m by the implicit function; NaN for states on the boundary.
    """
    k, intervals = len(counts.start), counts.intervals
    m, left = np.diag(found.m), counts.at_risk - counts.kept
    with np.errstate(divide="ignore", invalid="ignore"):
        stays = -paths.slope(m) / counts.curvature(m)
        stays[:, left <= NEAR * counts.at_risk] = 0.0
        share = counts.stay / counts.start
        through = m**intervals
        s = (paths.stay - share * paths.start) / counts.start / (1 - through) - (
            intervals * m ** (intervals - 1) * stays * (1 - share) / (1 - through) ** 2
        )
        leaving = np.where(left > 0, left, np.inf)[:, None]
        goes = counts.moves / leaving
        others = (paths.moves - goes * (paths.at_risk - paths.kept)[:, :, None]) / leaving
        moves = others * (1 - m)[:, None] - goes * stays[:, :, None]
    moves[:, np.arange(k), np.arange(k)] = stays
    s[:, found.boundary] = np.nan
    moves[:, found.boundary] = np.nan
    overall = shares_of_stayers(counts, found)[-1]
    from_start = np.where(counts.start > 0, found.s, 0.0) - overall
    from_s = np.where(counts.start > 0, s, 0.0) @ counts.start
    # An empty group has no value to differentiate.
    total = (paths.start @ from_start + from_s) / (counts.start.sum() or 1.0)
    return np.column_stack([s, total]), moves.reshape(len(moves), k * k)


def logliks(counts: PathCounts, found: StayerFit) -> Floats:
    """Log-likelihoods of the model and of the plain chain."""
    from scipy.special import xlogy

    with np.errstate(invalid="ignore"):
        start = counts.start / counts.start.sum()
        chain = counts.moves / counts.at_risk[:, None]
    s, m = np.nan_to_num(found.s), np.nan_to_num(found.m)
    # The moves of those who stayed throughout stand in N_ii; they may be stayers' or movers'.
    moved = counts.moves - counts.intervals * np.diag(counts.stay)
    moved[moved < NEAR * counts.at_risk[:, None]] = 0.0
    stayed = s + (1 - s) * np.diag(m) ** counts.intervals
    initial = xlogy(counts.start, np.nan_to_num(start)).sum()
    model = (
        xlogy(counts.stay, stayed).sum()
        + xlogy(np.where(s < 1, counts.start - counts.stay, 0.0), 1 - s).sum()
        + xlogy(moved, m).sum()
    )
    plain = xlogy(counts.moves, np.nan_to_num(chain)).sum()
    return np.array([initial + model, initial + plain])
