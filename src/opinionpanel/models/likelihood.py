"""The likelihood of a latent Markov model with one indicator per wave, and its derivatives."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opinionpanel.arrays import Array, Booleans, Floats, Integers

# Numbers in one array while the information is computed: few enough for a processor to keep near.
AT_ONCE = 20_000


@dataclass(frozen=True)
class Chain:
    """The shape of a latent Markov model.

    Its parameters stand in one vector: the initial shares of the latent states, the response
    probabilities by latent state, the transition matrices. They come in rows that add up to 1.

    Attributes
    ----------
    latent, states, waves : int
        Latent states, observed states, waves.
    constant : bool
        One transition matrix for all intervals, instead of one for each.
    """

    latent: int
    states: int
    waves: int
    constant: bool

    @property
    def matrices(self) -> int:
        """How many transition matrices there are."""
        return 1 if self.constant else self.waves - 1

    @property
    def size(self) -> int:
        """The length of the vector."""
        return self.latent * (1 + self.states + self.matrices * self.latent)

    @property
    def free(self) -> int:
        """How many parameters there are: one less than entries in every row."""
        return self.size - len(np.unique(self.rows))

    @cached_property
    def rows(self) -> Integers:
        """The row that each entry of the vector belongs to, shape (size,)."""
        k = self.latent
        response = 1 + np.repeat(np.arange(k), self.states)
        transitions = 1 + k + np.repeat(np.arange(k * self.matrices), k)
        return np.concatenate([np.zeros(k, dtype=np.int64), response, transitions])

    def split(self, vector: Array) -> tuple[Array, Array, Array]:
        """Take vectors apart.

        Parameters
        ----------
        vector : numpy.ndarray, shape (..., size)

        Returns
        -------
        tuple of numpy.ndarray
            Initial (..., latent); response (..., latent, states); transitions (..., matrices,
            latent, latent).
        """
        k, s, shape = self.latent, self.states, vector.shape[:-1]
        return (
            vector[..., :k],
            vector[..., k : k + k * s].reshape(*shape, k, s),
            vector[..., k + k * s :].reshape(*shape, self.matrices, k, k),
        )

    def row_sums(self, vector: Floats) -> Floats:
        """Sum of the row of each entry, shape (size,)."""
        return np.asarray(np.bincount(self.rows, weights=vector)[self.rows])

    def normalised(self, vector: Floats) -> Floats:
        """Scale every row to add up to 1."""
        return vector / self.row_sums(vector)

    def basis(self, moving: Booleans) -> Floats:
        """Directions in which the moving entries change while every row adds up to 1.

        Returns
        -------
        numpy.ndarray, shape (size, directions)
            In each row of the model the first moving entry gives what another one takes.
        """
        columns = []
        for row in range(self.rows[-1] + 1):
            inside = np.flatnonzero(moving & (self.rows == row))
            for entry in inside[1:]:
                direction = np.zeros(self.size)
                direction[[inside[0], entry]] = -1.0, 1.0
                columns.append(direction)
        return np.array(columns).reshape(-1, self.size).T

    def permuted(self, vector: Floats, order: Integers) -> Floats:
        """Give the latent states another order, which changes no likelihood."""
        initial, response, transitions = self.split(vector)
        moved = transitions[:, order][:, :, order]
        return np.concatenate([initial[order], response[order].ravel(), moved.ravel()])

    def occupied(self, vector: Array) -> Array:
        """Share of each latent state at every wave, shape (..., waves, latent)."""
        initial, _, transitions = self.split(vector)
        shares = [initial]
        for interval in range(self.waves - 1):
            matrix = transitions[..., 0 if self.constant else interval, :, :]
            shares.append((shares[-1][..., None, :] @ matrix)[..., 0, :])
        return np.stack(shares, axis=-2)

    def turnover(self, vector: Array) -> Array:
        """Share who change latent state in each interval, shape (..., waves − 1)."""
        _, _, transitions = self.split(vector)
        stay = np.diagonal(transitions, axis1=-2, axis2=-1)
        return np.asarray((self.occupied(vector)[..., :-1, :] * (1 - stay)).sum(axis=-1))


@dataclass(frozen=True, eq=False)
class PathTable:
    """How many people took each path.

    Attributes
    ----------
    steps : numpy.ndarray of int, shape (paths, waves)
    counts : numpy.ndarray, shape (paths,)
        People, weighted or not.
    """

    steps: Integers
    counts: Floats


@dataclass(frozen=True, eq=False)
class _Messages:
    """What forward and backward recursions over the waves give; arrays (..., latent, paths).

    Attributes
    ----------
    loglik : shape (..., paths)
    before : by wave, the latent state given the answers before it
    given : by wave, the latent state given the answers up to it
    after : by wave, the likelihood of its and later answers, over that of the path
    later : by wave, that of later answers only, over that of the path
    """

    loglik: Array
    before: list[Array]
    given: list[Array]
    after: list[Array]
    later: list[Array]


def _messages(chain: Chain, vector: Array, steps: Integers) -> _Messages:
    initial, response, transitions = chain.split(vector)
    likely = [np.take(response, steps[:, wave], axis=-1) for wave in range(chain.waves)]
    matrices = [transitions[..., 0 if chain.constant else t, :, :] for t in range(chain.waves - 1)]
    before, given, scales = [], [], []
    expected = np.broadcast_to(initial[..., None], likely[0].shape)
    for wave in range(chain.waves):
        joint = expected * likely[wave]
        scale = joint.sum(axis=-2, keepdims=True)
        before.append(expected)
        given.append(joint / scale)
        scales.append(scale)
        if wave < chain.waves - 1:
            expected = np.swapaxes(matrices[wave], -1, -2) @ given[wave]
    after, later = [], []
    rest = np.ones_like(likely[0])
    for wave in range(chain.waves - 1, -1, -1):
        later.append(rest / scales[wave])
        after.append(likely[wave] * later[-1])
        if wave > 0:
            rest = matrices[wave - 1] @ after[-1]
    loglik = np.log(np.concatenate(scales, axis=-2)).sum(axis=-2)
    return _Messages(loglik, before, given, after[::-1], later[::-1])


def loglik_and_gradient(chain: Chain, vector: Array, table: PathTable) -> tuple[Array, Array]:
    """Log-likelihood of all people, and its derivative by every entry of the vector.

    Parameters
    ----------
    chain : Chain
    vector : numpy.ndarray, shape (..., size)
        Real, or complex for a complex step.
    table : PathTable

    Returns
    -------
    tuple of numpy.ndarray, shapes (...) and (..., size)
        The derivative takes every entry as free. It exists at entries of 0 too; times the entry
        it is the number of people expected there, so that EM needs nothing else.

    Notes
    -----
    Scaled forward and backward recursions (Baum et al. 1970, Annals of Mathematical Statistics 41).
    """
    found, counts = _messages(chain, vector, table.steps), table.counts
    answered = [step[:, None] == np.arange(chain.states) for step in table.steps.T]
    response = [
        (before * later * counts) @ here.astype(np.float64)
        for before, later, here in zip(found.before, found.later, answered, strict=True)
    ]
    moves = [
        (given * counts) @ np.swapaxes(after, -1, -2)
        for given, after in zip(found.given, found.after[1:], strict=False)
    ]
    gradient = _joined(chain, found.after[0] @ counts, _added(response), moves)
    return found.loglik @ counts, gradient


def path_scores(chain: Chain, vector: Floats, steps: Integers) -> tuple[Floats, Floats]:
    """Log-likelihood of every path, and its derivative by every entry of the vector.

    Returns
    -------
    tuple of numpy.ndarray, shapes (paths,) and (paths, size)
    """
    found = _messages(chain, vector, steps)
    response = [
        (before * later).T[:, :, None] * (step[:, None] == np.arange(chain.states))[:, None, :]
        for before, later, step in zip(found.before, found.later, steps.T, strict=True)
    ]
    moves = [
        given.T[:, :, None] * after.T[:, None, :]
        for given, after in zip(found.given, found.after[1:], strict=False)
    ]
    return found.loglik, _joined(chain, found.after[0].T, _added(response), moves)


def _added(parts: list[Array]) -> Array:
    return np.asarray(sum(parts[1:], start=parts[0]))


def _joined(chain: Chain, initial: Array, response: Array, moves: list[Array]) -> Array:
    """Put derivatives in the order of the vector."""
    if chain.constant:
        moves = [_added(moves)]
    parts = [initial, *(part.reshape(*part.shape[:-2], -1) for part in (response, *moves))]
    return np.concatenate(parts, axis=-1)


def information(chain: Chain, vector: Floats, table: PathTable, basis: Floats) -> Floats:
    """Observed information: minus the second derivatives of the log-likelihood.

    Parameters
    ----------
    basis : numpy.ndarray, shape (size, directions)

    Returns
    -------
    numpy.ndarray, shape (directions, directions)

    Notes
    -----
    The gradient is differentiated by a complex step, exact to rounding (Squire & Trapp 1998).
    """
    directions, step = basis.shape[1], 1e-30
    room = max(1, AT_ONCE // (len(table.steps) * chain.latent * chain.waves))
    slopes = np.empty((directions, chain.size))
    for start in range(0, directions, room):
        part = slice(start, start + room)
        stepped = vector + 1j * step * basis.T[part]
        slopes[part] = np.imag(loglik_and_gradient(chain, stepped, table)[1]) / step
    second = slopes @ basis
    return -(second + second.T) / 2
