"""Flows fitted to tables of people seen twice and people seen once, by EM."""

import numpy as np
import numpy.typing as npt

from opinionpanel.errors import SelectionError

__all__ = [
    "answered",
    "fit",
    "identified",
    "improved",
    "information",
    "loglik",
    "ratio",
    "slopes",
    "times_log",
]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

STEPS, TOLERANCE = 50_000, 1e-13
# Flows that nobody was seen to take, and that the fit takes to zero; and the least part of the
# information, between 0 and 1, that the answers must hold in every direction.
ZERO, LEAST_INFORMATION = 1e-10, 1e-8


def fit(counts: Floats) -> tuple[Floats, Integers]:
    """Fit the flows of several tables by EM.

    Parameters
    ----------
    counts : numpy.ndarray, shape (tables, states + 1, states + 1)
        The last row and column hold people without an answer there.

    Returns
    -------
    flows : numpy.ndarray, shape (tables, states, states)
        NaN for tables without people.
    steps : numpy.ndarray of int, shape (tables,)
        How many steps each took.
    """
    complete = counts[:, :-1, :-1]
    some = answered(counts) > 0
    # From inside: a flow that nobody was seen to take may still be more than zero.
    flows = complete + 0.1 * (counts.sum(axis=(1, 2)) / complete[0].size)[:, None, None]
    flows[~some] = np.nan
    flows[some] /= flows[some].sum(axis=(1, 2), keepdims=True)
    steps = np.zeros(len(counts), dtype=np.int64)
    running = np.flatnonzero(some)
    while len(running):
        if steps.max() >= STEPS:
            raise SelectionError(
                f"Missing at random: the flows of {len(running)} of {len(counts)} table(s) still "
                f"change after {STEPS:,} steps. Too many answers are missing; put small states "
                "together in the Item."
            )
        after = improved(flows[running], counts[running])
        steps[running] += 1
        still = np.abs(after - flows[running]).max(axis=(1, 2)) > TOLERANCE
        flows[running] = after
        running = running[still]
    flows[(complete == 0) & (flows < ZERO)] = 0.0
    return flows, steps


def improved(flows: Floats, counts: Floats) -> Floats:
    """Take one step of EM: spread people seen once over the flows, and count again."""
    origin, destination = flows.sum(axis=2, keepdims=True), flows.sum(axis=1, keepdims=True)
    spread = ratio(counts[:, :-1, -1:], origin) + ratio(counts[:, -1:, :-1], destination)
    filled = counts[:, :-1, :-1] + flows * spread
    return np.asarray(filled / filled.sum(axis=(1, 2), keepdims=True))


def answered(counts: Floats) -> Floats:
    """Add up those with an answer at either wave, by table."""
    return np.asarray(counts.sum(axis=(1, 2)) - counts[:, -1, -1])


def loglik(flows: Floats, counts: Floats) -> Floats:
    """Log-likelihood of the answers that were given, by table."""
    origin, destination = flows.sum(axis=2), flows.sum(axis=1)
    twice = times_log(counts[:, :-1, :-1], flows).sum(axis=(1, 2))
    first = times_log(counts[:, :-1, -1], origin).sum(axis=1)
    second = times_log(counts[:, -1, :-1], destination).sum(axis=1)
    return np.asarray(twice + first + second)


def information(flows: Floats, counts: Floats) -> Floats:
    """Observed information of the flows, where that of complete answers is the identity.

    Returns
    -------
    numpy.ndarray, shape (tables, flows, flows)
        Flows of zero stand apart, with the identity.
    """
    tables, states = flows.shape[:2]
    shares = counts / answered(counts)[:, None, None]
    both = ratio(shares[:, :-1, :-1], flows)
    row = ratio(shares[:, :-1, -1], flows.sum(axis=2) ** 2)
    column = ratio(shares[:, -1, :-1], flows.sum(axis=1) ** 2)
    same = np.eye(states)
    seen = np.einsum("ti,ik->tik", row, same)[:, :, None, :, None]
    seen = seen + np.einsum("tj,jl->tjl", column, same)[:, None, :, None, :]
    root = np.sqrt(flows)
    seen = seen * root[:, :, :, None, None] * root[:, None, None, :, :]
    matrix = seen.reshape(tables, states**2, states**2)
    place = np.arange(states**2)
    matrix[:, place, place] += np.where(flows > 0, both, 1.0).reshape(tables, -1)
    return np.asarray(matrix)


def slopes(flows: Floats, counts: Floats) -> Floats:
    """Differentiate the flows of one table by its counts.

    Parameters
    ----------
    flows : numpy.ndarray, shape (states, states)
    counts : numpy.ndarray, shape (states + 1, states + 1)

    Returns
    -------
    numpy.ndarray, shape (flows, counts)

    Notes
    -----
    With m = Nπ the score of flow ij is n_ij/m_ij + n_i·/m_i+ + n_·j/m_+j − 1 = 0 (n_i· and n_·j
    those seen once), so that ∂m/∂n = (observed information)⁻¹ ∂score/∂n: the implicit function
    theorem. Flows of zero stay at zero.
    """
    states, total = len(flows), float(answered(counts[None])[0])
    by_count = np.zeros((states, states, states + 1, states + 1))
    root = np.sqrt(flows)
    for i, j in np.argwhere(flows > 0):
        by_count[i, j, i, j] = 1 / flows[i, j]
        by_count[i, j, i, -1] = 1 / flows[i].sum()
        by_count[i, j, -1, j] = 1 / flows[:, j].sum()
    by_count *= root[:, :, None, None]
    matrix = information(flows[None], counts[None])[0]
    scaled = np.linalg.solve(matrix, by_count.reshape(states**2, -1))
    change = root.ravel()[:, None] * scaled / total
    return np.asarray(change - flows.ravel()[:, None] * change.sum(axis=0))


def identified(flows: Floats, counts: Floats) -> Booleans:
    """Tell the tables whose answers determine all flows."""
    if not len(flows):
        return np.zeros(0, dtype=bool)
    least = np.linalg.eigvalsh(information(flows, counts))[:, 0]
    return np.asarray(least > LEAST_INFORMATION)


def ratio(top: Floats, bottom: Floats) -> Floats:
    """Divide; zero where there is nothing to divide by."""
    top, bottom = np.broadcast_arrays(top, bottom)
    return np.divide(top, bottom, out=np.zeros(top.shape), where=bottom > 0)


def times_log(count: Floats, share: Floats) -> Floats:
    """Multiply with the logarithm; nobody times anything is 0."""
    return np.asarray(count * np.log(np.where(count > 0, share, 1.0)))
