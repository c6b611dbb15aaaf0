"""Ranks of groups, with intervals that hold for all groups at once."""

from itertools import combinations

import numpy as np

from opinionpanel.arrays import Integers
from opinionpanel.estimates import Estimates


def rank_intervals(estimates: Estimates, *, level: float) -> tuple[Integers, Integers]:
    """Rank estimates, the highest first, as far as the sample tells them apart.

    Parameters
    ----------
    estimates : Estimates
        Of one figure in m groups, all of them defined.
    level : float
        Confidence that the intervals of all groups hold at once.

    Returns
    -------
    tuple of numpy.ndarray of int, shape (m,)
        The first and the last rank that each may have.

    Notes
    -----
    The differences between every two groups have simultaneous intervals (Bonferroni, from the
    joint design covariance). While all of these hold, a group has at least as many others above it
    as lie wholly above it by their differences, and likewise below (Klein, Wright & Wieczorek 2020,
    Journal of the Royal Statistical Society C 69; by differences, as Mogstad, Romano, Shaikh &
    Wilhelm 2024, Review of Economic Studies 91). Groups that are in truth equal share all the ranks
    between them. A difference without a variance tells nothing apart.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> shares = op.shares(panel, "support", by="age_group", waves=["Jul 2024"])
    >>> first, last = rank_intervals(shares.select(state="approve"), level=0.95)
    >>> first.tolist(), last.tolist()
    ([3, 2, 2, 1], [4, 4, 3, 1])
    """
    count = len(estimates)
    if count < 2:
        return np.ones(count, dtype=np.int64), np.ones(count, dtype=np.int64)
    pairs = np.array(list(combinations(range(count), 2)))
    matrix = np.zeros((len(pairs), count))
    matrix[np.arange(len(pairs)), pairs[:, 0]] = 1.0
    matrix[np.arange(len(pairs)), pairs[:, 1]] = -1.0
    found = estimates.contrast(matrix, {"pair": range(len(pairs))}).comparisons(level=level)
    # Of each pair the earlier one is higher, or the later one.
    earlier, later = (found["conf_low"] > 0).to_numpy(), (found["conf_high"] < 0).to_numpy()
    above, below = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    np.add.at(below, pairs[earlier, 0], 1)
    np.add.at(above, pairs[earlier, 1], 1)
    np.add.at(below, pairs[later, 1], 1)
    np.add.at(above, pairs[later, 0], 1)
    return 1 + above, count - below
