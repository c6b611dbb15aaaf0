"""What the width of a printed interval tells, in a study without weights, strata and PSUs.

The formulas are those of textbooks: p(1 − p)/n for shares, intervals on the logit scale; for a
difference of two shares of one base (a + b)/n − (a/n − b/n)², over n; for one of shares at two
waves see `together`. Each is taken N/(N − 1) times, with N people in all, and t quantiles have
n − 1 degrees of freedom.
"""

from functools import cache

import numpy as np
from scipy.special import expit, logit
from scipy.stats import t


@cache
def _quantile(n):
    return t.ppf(0.975, n - 1)


@cache
def _limits(n, everyone):
    """Work out the limits for every number of people between none and all of a base."""
    p = np.arange(1, n) / n
    half = _quantile(n) * np.sqrt(everyone / (everyone - 1) / (p * (1 - p) * n))
    return expit(logit(p) - half), expit(logit(p) + half)


def counts(n, everyone, ends):
    """Return the least and the greatest number of people, but none and all, with such limits.

    None where no number has: the base is not what was thought.
    """
    low, high = _limits(n, everyone)
    fits = (low >= ends[0].low) & (low <= ends[0].high)
    fits &= (high >= ends[1].low) & (high <= ends[1].high)
    found = np.flatnonzero(fits) + 1
    return (found[0], found[-1]) if len(found) else None


def moved(n, everyone, difference, ends):
    """Return between which numbers both parts of a difference lie, added up.

    A difference that is as wide as its interval allows is made of many people there and back.
    """
    widest = (ends[1].high - ends[0].low) / 2
    narrowest = max((ends[1].low - ends[0].high) / 2, 0.0)
    squares = [end**2 for end in (difference.low, difference.high)]
    least = 0.0 if difference.low < 0 < difference.high else min(squares)

    def people(half, square):
        variance = (half / _quantile(n)) ** 2 * (everyone - 1) / everyone
        return n * (variance * n + square)

    return people(narrowest, least), people(widest, max(squares))


def together(one, other, everyone, ends):
    """Return limits of how far shares at two waves, of bases of their own, go together.

    Those who answered at both add up (a − p)(b − q), where a and b are 1 for who was in the state.
    Each wave is a share and its base; quantiles have as many degrees of freedom as the smaller.
    """
    (p, n), (q, m) = one, other
    apart = p * (1 - p) / n + q * (1 - q) / m
    widest = (ends[1].high - ends[0].low) / 2
    narrowest = max((ends[1].low - ends[0].high) / 2, 0.0)

    def product(half):
        variance = (half / _quantile(min(n, m))) ** 2 * (everyone - 1) / everyone
        return n * m / 2 * (apart - variance)

    return product(widest), product(narrowest)
