"""Whether the paths of people can tell the parameters of a latent Markov model, before any fit."""

from dataclasses import replace
from itertools import product

import numpy as np

from opinionpanel.errors import SelectionError
from opinionpanel.models.likelihood import Chain, path_scores

# Random points at which the rank is taken; one where it is full is enough.
POINTS = 5
# Singular values below this part of the largest are rounding.
ROUNDING = 1e-10
# The most paths that are written out.
MOST_PATHS = 20_000


def check_identified(chain: Chain, item: str) -> None:
    """Refuse a model whose parameters the distribution of the paths does not determine.

    Parameters
    ----------
    chain : Chain
    item : str
        For the message.

    Raises
    ------
    SelectionError
        With the reason and the way out.

    Notes
    -----
    A model is locally identified where the Jacobian of the path probabilities by the free
    parameters has full rank (Goodman 1974, Biometrika 61); the rank is the same almost everywhere.
    Fewer waves than there are may be enough to show it. With constant transitions the parameters
    are the same ones. With free ones, every window of consecutive waves is a model of the same
    kind, started from the shares at its first wave, and the windows cover all intervals.
    """
    if chain.waves < 3:
        raise SelectionError(
            f"Two waves cannot separate change from response error: many latent Markov models "
            f"give the very same table of item {item!r}. Add a third wave, or see how much the "
            "observed turnover depends on response error with error_sensitivity(...)."
        )
    if not chain.constant and chain.latent > chain.states:
        raise SelectionError(
            f"With free transitions item {item!r} needs at least as many observed states as latent "
            f"ones, not {chain.states} for {chain.latent}: the last transition matrix is seen "
            "through the answers at the last wave only, which do not determine it. Use "
            "transitions='constant' or fewer latent states."
        )
    told = []
    for waves in range(3, chain.waves + 1):
        shorter = replace(chain, waves=waves)
        cells = chain.states**waves
        if cells > MOST_PATHS:
            break
        if cells - 1 < shorter.free:
            told.append(f"{waves} waves: {cells - 1:,} free path shares, {shorter.free} parameters")
            continue
        rank = jacobian_rank(shorter)
        if rank == shorter.free:
            return
        told.append(f"{waves} waves: rank {rank}, {shorter.free} parameters")
    raise SelectionError(
        f"A latent Markov model of item {item!r} with {chain.latent} latent and {chain.states} "
        f"observed states is not identified: different parameters give the same paths "
        f"({'; '.join(told)}). Use fewer latent states or more waves."
    )


def jacobian_rank(chain: Chain) -> int:
    """Rank of the Jacobian of all path probabilities by the free parameters.

    Notes
    -----
    The greatest rank over a few random interior points, always the same ones.
    """
    rng = np.random.default_rng(1974)
    steps = np.array(list(product(range(chain.states), repeat=chain.waves)), dtype=np.int64)
    basis = chain.basis(np.ones(chain.size, dtype=bool))
    greatest = 0
    for _ in range(POINTS):
        vector = chain.normalised(rng.gamma(1.0, size=chain.size) + 0.05)
        loglik, scores = path_scores(chain, vector, steps)
        jacobian = np.exp(loglik)[:, None] * scores @ basis
        values = np.linalg.svd(jacobian / np.linalg.norm(jacobian, axis=0), compute_uv=False)
        greatest = max(greatest, int((values > ROUNDING * values[0]).sum()))
        if greatest == chain.free:
            break
    return greatest
