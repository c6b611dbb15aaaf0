"""The sampling errors of many small groups, from the design's covariance: smooth, and possible."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from opinionpanel.arrays import Floats

# The least design effect: what is known for certain would be worth endlessly many people.
LEAST = 1e-6
# What rounding leaves of an eigenvalue of 0.
NOTHING = 1e-10


def people_worth(shares: Floats, spread: Floats, kish: Floats, df: Floats) -> Floats:
    """Say how many people of a simple random sample the shares of each group are worth.

    Parameters
    ----------
    shares : numpy.ndarray, shape (G, states)
        Direct shares; NaN for groups without people. What is missing to 1 is one state more.
    spread : numpy.ndarray, shape (G, states, states)
        Their design covariance.
    kish, df : numpy.ndarray, shape (G,)
        People divided by the Kish design effect; degrees of freedom of the design in each group.

    Returns
    -------
    numpy.ndarray, shape (G,)

    Notes
    -----
    A group has the design effect δ_g = n_g Σ_k V_kk / p_k / (K − 1) over the states that somebody
    is in, the first-order one of Rao & Scott (1984), against n_g, its people after Kish. Of a
    small group it is mostly noise, or undefined: it is drawn towards the mean of all groups, each
    weighted with its degrees of freedom, by what the effects differ more than their own variance
    of 2 δ² / df explains. A large group keeps its own.
    """
    variances = np.diagonal(spread, axis1=1, axis2=2)
    variances = np.column_stack([variances, spread.sum(axis=(1, 2))])
    shares = np.column_stack([shares, 1 - shares.sum(axis=1)])
    # Rounding leaves a little of what all states together are missing to 1.
    there = shares > NOTHING
    ratio = np.where(there, variances / np.where(there, shares, 1.0), 0.0)
    states = there.sum(axis=1)
    known = (states > 1) & (df > 0)
    if not known.any():
        return kish
    effect = kish * ratio.sum(axis=1) / np.maximum(states - 1, 1)
    weight = np.where(known, df, 0.0)
    mean = float((weight * effect).sum() / weight.sum())
    noise = 2 * mean**2 / np.where(known, df, 1.0)
    excess = float((weight * ((effect - mean) ** 2 - noise)).sum() / weight.sum())
    own = np.where(known, max(excess, 0.0) / (max(excess, 0.0) + noise + NOTHING), 0.0)
    return np.asarray(kish / np.maximum(mean + own * (effect - mean), LEAST))


def with_diagonal(matrix: Floats, blocks: Sequence[Floats]) -> Floats:
    """Take a covariance with other blocks on its diagonal, and make of it one that there can be.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (m, m)
        What varies together, as it was estimated.
    blocks : sequence of numpy.ndarray, shape (q, q)
        The blocks of the diagonal, one after the other, which stay.

    Returns
    -------
    numpy.ndarray, shape (m, m)
        Where no covariance has these blocks and the rest, the rest is drawn towards 0: negative
        eigenvalues of the correlation matrix are cut, and its diagonal is made 1 again.
    """
    ends = np.cumsum([0, *map(len, blocks)])
    parts = [slice(*pair) for pair in pairwise(ends)]
    alone = on_diagonal([matrix[part, part] for part in parts])
    if np.abs(matrix - alone).max(initial=0.0) <= NOTHING:
        return on_diagonal(blocks)
    roots, turns = zip(*map(_roots, blocks), strict=True)
    root, turn = on_diagonal(roots), on_diagonal(turns)
    correlation = turn @ matrix @ turn
    for part, one, back in zip(parts, roots, turns, strict=True):
        correlation[part, part] = one @ back
    values, vectors = np.linalg.eigh((correlation + correlation.T) / 2)
    if values[0] < -NOTHING:
        correlation = (vectors * np.maximum(values, 0.0)) @ vectors.T
        again = on_diagonal([_roots(correlation[part, part])[1] for part in parts])
        correlation = again @ correlation @ again
    found = root @ correlation @ root
    return np.asarray((found + found.T) / 2)


def on_diagonal(blocks: Sequence[Floats] | Floats) -> Floats:
    """Put matrices on the diagonal of a large one."""
    rows, columns = (np.cumsum([0, *(block.shape[axis] for block in blocks)]) for axis in (0, 1))
    found = np.zeros((rows[-1], columns[-1]))
    places = zip(pairwise(rows), pairwise(columns), strict=True)
    for block, ((top, bottom), (left, right)) in zip(blocks, places, strict=True):
        found[top:bottom, left:right] = block
    return found


def _roots(block: Floats) -> tuple[Floats, Floats]:
    """Give the square root of a covariance, and its inverse where it has one."""
    values, vectors = np.linalg.eigh(block)
    there = values > NOTHING * max(values[-1], NOTHING)
    roots = np.sqrt(np.where(there, values, 0.0))
    back = np.divide(1.0, roots, out=np.zeros_like(roots), where=there)
    return (vectors * roots) @ vectors.T, (vectors * back) @ vectors.T
