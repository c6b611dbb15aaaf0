"""How often do 95 % intervals of quantiles hold the true value? A simulation with a known truth.

Run as ``python benchmarks/quantiles.py``; the results stand in ``quantiles.csv`` beside it.

Everyone in an infinite population has a score at each of two waves: normal, with a part for the
stratum and one for the PSU, and shifted between the waves. It is taken as it is (*fine*), or as a
whole number from 0 to 10 (*coarse*), of which many have the same. Samples take as many PSUs in each
stratum and ten people in each; strata are sampled at different rates, so weights are unequal. The
interval of R's survey, which lies around the share at or below the quantile, stands beside ours.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import optimize, stats
from tqdm import tqdm

import opinionpanel as op
from opinionpanel.estimates import Distribution

SEED = 20261130
REPLICATIONS = 2_000
RESULTS = Path(__file__).with_name("quantiles.csv")
# Strata and PSUs.
DESIGNS = ((4, 20), (5, 50), (10, 100))
KINDS = ("fine", "coarse")
AT = (0.1, 0.25, 0.5, 0.75, 0.9)
TAKEN = 10
# Means of strata lie so far apart at most; the standard deviation of PSUs and of people; how alike
# the waves are in both; and how far the score moves between them.
STRATUM, PSU, PERSON, AGAIN, SHIFT = 1.0, 0.7, 2.0, 0.7, 0.4
MIDDLE = 5.3


def weights_of(strata):
    """Give the weight of people by stratum: the inverse of the rate at which it is sampled."""
    return np.linspace(0.5, 1.5, strata)


def means_of(strata, wave):
    """Give the mean score by stratum."""
    return MIDDLE + np.linspace(-STRATUM, STRATUM, strata) + SHIFT * wave


def true_quantile(strata, wave, kind, p):
    """Find the quantile of the population."""
    share, means = weights_of(strata) / weights_of(strata).sum(), means_of(strata, wave)
    spread = np.hypot(PSU, PERSON)

    def below(x):
        return float(share @ stats.norm.cdf((x - means) / spread))

    if kind == "fine":
        return float(optimize.brentq(lambda x: below(x) - p, -50, 50, xtol=1e-12))
    return float(next(k for k in range(11) if k == 10 or below(k + 0.5) >= p))


def sample(rng, strata, psus):
    """Draw people, with their scores of both kinds at both waves."""
    stratum = np.arange(psus) * strata // psus
    parts = [(rng.normal(size=(2, psus)), PSU), (rng.normal(size=(2, psus * TAKEN)), PERSON)]
    found = []
    for (first, other), spread in parts:
        again = AGAIN * first + np.sqrt(1 - AGAIN**2) * other
        found.append(spread * np.stack([first, again]))
    by_psu, by_person = found
    people = np.repeat(np.arange(psus), TAKEN)
    frames = {}
    for wave in (0, 1):
        score = means_of(strata, wave)[stratum[people]] + by_psu[wave, people] + by_person[wave]
        frames[f"w{wave + 1}"] = pd.DataFrame(
            {
                "id": np.arange(len(people)),
                "fine": score,
                "coarse": np.clip(np.round(score), 0, 10),
                "w": weights_of(strata)[stratum[people]],
                "stratum": stratum[people],
                "psu": people,
            }
        )
    return frames


def limits_of_r(frame, kind, found):
    """Find the limits around the share at or below each quantile, as R's survey has them."""
    weight, x = frame["w"].to_numpy(), frame[kind].to_numpy()
    numbers, place = np.unique(x, return_inverse=True)
    reached = np.cumsum(np.bincount(place, weight)) / weight.sum()
    one, t = Distribution(numbers, reached), stats.t.ppf(0.975, found.df[0])
    psu, stratum = frame["psu"].to_numpy(), frame["stratum"].to_numpy()
    of_psu = stratum[np.unique(psu, return_index=True)[1]]
    n = np.bincount(of_psu)
    low, high = [], []
    for value in found.value:
        below = x <= value
        share = np.average(below, weights=weight)
        total = np.bincount(psu, weight * (below - share) / weight.sum())
        apart = total - (np.bincount(of_psu, total) / n)[of_psu]
        half = t * np.sqrt((n / (n - 1) * np.bincount(of_psu, apart**2)).sum())
        low.append(one.inverse(share - half))
        high.append(one.inverse(share + half))
    return np.array(low), np.array(high)


def one_sample(rng, strata, psus):
    """Give for every kind, method and quantity the limits."""
    frames = sample(rng, strata, psus)
    panel = op.Panel.from_waves(
        frames,
        person="id",
        items={kind: op.Score(kind, low=-np.inf, high=np.inf) for kind in KINDS},
        design=op.Design(weight="w", stratum="stratum", psu="psu"),
    )
    for kind in KINDS:
        found = op.quantiles(panel, kind, at=AT)
        first = found.select(wave="w1")
        yield (kind, "quantile", "Woodruff"), limits_of(first)
        yield (kind, "quantile", "around F, as R"), limits_of_r(frames["w1"], kind, first)
        change = found.difference("wave", "w2", minus="w1")
        yield (kind, "change", "Woodruff"), limits_of(change)


def limits_of(found):
    """Take the limits of 95 % intervals."""
    frame = found.to_frame()
    return frame["conf_low"].to_numpy(), frame["conf_high"].to_numpy()


def scenario(strata, psus, replications):
    """Count how often intervals hold the truth."""
    truth = {}
    for kind in KINDS:
        first, later = (
            np.array([true_quantile(strata, wave, kind, p) for p in AT]) for wave in (0, 1)
        )
        truth |= {(kind, "quantile"): first, (kind, "change"): later - first}
    rng = np.random.default_rng([SEED, strata, psus])
    held, undefined, width = (defaultdict(lambda: np.zeros(len(AT))) for _ in range(3))
    for _ in tqdm(range(replications), desc=f"{psus} PSUs", leave=False):
        for key, (low, high) in one_sample(rng, strata, psus):
            missing = ~(np.isfinite(low) & np.isfinite(high))
            true = truth[key[:2]]
            # Rounding does not decide of a limit that is the truth.
            held[key] += ~missing & (low <= true + 1e-9) & (high >= true - 1e-9)
            undefined[key] += missing
            width[key] += np.where(missing, 0.0, high - low)
    for (kind, quantity, method), counts in held.items():
        for place, p in enumerate(AT):
            known = replications - undefined[kind, quantity, method][place]
            yield {
                "kind": kind,
                "strata": strata,
                "psus": psus,
                "quantity": quantity,
                "method": method,
                "p": p,
                "truth": round(float(truth[kind, quantity][place]), 6),
                "samples": replications,
                "without_interval": round(1 - known / replications, 4),
                "coverage": round(counts[place] / known, 4) if known else np.nan,
                "width": round(width[kind, quantity, method][place] / known, 4)
                if known
                else np.nan,
            }


def main():
    """Write the results of all scenarios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    given = parser.parse_args()
    rows = [row for design in DESIGNS for row in scenario(*design, given.replications)]
    pd.DataFrame(rows).to_csv(RESULTS, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
