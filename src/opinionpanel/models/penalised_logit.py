"""Multinomial logits and means with a weak prior, fitted fast and often; and one draw of each."""

import numpy as np

from opinionpanel.arrays import Floats, Integers

# The variance of a normal prior of each coefficient of a column with the standard deviation 1: so
# wide that it matters only where the answers leave a coefficient without end.
PRIOR_VARIANCE = 4.0
# Newton's steps, and how small one is when there is no more to gain.
MOST_STEPS, SMALL = 30, 1e-3


def fit_logit(
    x: Floats, y: Integers, states: int, weight: Floats, shocked: Floats, start: Floats | None
) -> tuple[Floats, Floats]:
    """Fit a multinomial logit to weighted answers, and draw parameters from what is known of them.

    Parameters
    ----------
    x : numpy.ndarray, shape (people, p)
        The first column is 1, others have the standard deviation 1.
    y : numpy.ndarray of int, shape (people,)
        Answers, from 0; the last state is the reference.
    states : int
    weight : numpy.ndarray, shape (people,)
        With the mean 1.
    shocked : numpy.ndarray, shape (people,)
        Weights times the shocks of `chained_answers.draw`.
    start : numpy.ndarray, shape (p, states - 1), or None
        Where to begin.

    Returns
    -------
    tuple of numpy.ndarray, shape (p, states - 1)
        The fit, and the draw.
    """
    answers = (y[:, None] == np.arange(states - 1)).astype(np.float64)
    size = x.shape[1]
    prior = np.full(size, 1 / PRIOR_VARIANCE)
    # Of the constant nearly nothing is said beforehand.
    prior[0] = 1e-4
    fit: Floats = np.zeros((size, states - 1)) if start is None else start
    for _ in range(MOST_STEPS):
        expected = probabilities(x, fit)[:, :-1]
        information = _information(x, weight, expected, prior)
        score = x.T @ (weight[:, None] * (answers - expected)) - prior[:, None] * fit
        step = _solved(information, score)
        # A step that is too long is cut: the function has one top, and no other.
        largest = np.abs(step).max()
        fit = fit + step * min(1.0, 2.0 / largest if largest else 1.0)
        if largest < SMALL:
            break
    # So near the top neither changes any more.
    moved = x.T @ (shocked[:, None] * (answers - expected))
    return fit, fit + _solved(information, moved)


def probabilities(x: Floats, coefficients: Floats) -> Floats:
    """Give the probability of each state, shape (people, states); the last is the reference."""
    # A row for each state: sums over few states are quick over whole rows.
    powers = np.vstack([coefficients.T @ x.T, np.zeros((1, len(x)))])
    powers -= powers.max(axis=0)
    np.exp(powers, out=powers)
    powers /= powers.sum(axis=0)
    return np.asarray(powers.T)


def fit_mean(x: Floats, y: Floats, weight: Floats, shocked: Floats) -> tuple[Floats, Floats]:
    """Fit a linear mean to weighted numbers, and draw its parameters, as `fit_logit` does."""
    prior = np.full(x.shape[1], 1e-4)
    information = (x.T * weight) @ x + np.diag(prior)
    fit: Floats = np.asarray(np.linalg.solve(information, x.T @ (weight * y)))
    moved: Floats = np.asarray(np.linalg.solve(information, x.T @ (shocked * (y - x @ fit))))
    return fit, fit + moved


def _information(x: Floats, weight: Floats, expected: Floats, prior: Floats) -> Floats:
    """Give the information of the parameters, those of one state after those of another."""
    size, states = x.shape[1], expected.shape[1]
    found = np.empty((states, size, states, size))
    for one in range(states):
        for other in range(one, states):
            share = expected[:, one] * ((one == other) - expected[:, other])
            part = (x.T * (weight * share)) @ x
            found[one, :, other] = found[other, :, one] = part
        found[one, :, one] += np.diag(prior)
    return found.reshape(states * size, states * size)


def _solved(information: Floats, score: Floats) -> Floats:
    """Solve for a step, shape (p, states - 1)."""
    found = np.linalg.solve(information, score.T.ravel())
    return np.asarray(found.reshape(score.shape[1], score.shape[0]).T)
