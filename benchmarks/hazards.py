"""How often do intervals about the first change hold the true value? A simulation.

Run as ``python benchmarks/hazards.py``; the results stand in ``hazards.csv`` beside it.

Everyone has an answer at the first of five waves, and changes it in each interval with a
probability that depends on the interval and on a group: on the scale of the link their effects add
up, so that the coefficients of `hazard` are known exactly, and the share who have not changed yet
is a product. In each interval the people of a PSU are alike by chance: whether they change is the
sign of a normal variable, of whose variance a part is the PSU's. Strata differ in their weights,
one of the groups is drawn more often than the other, and weights are otherwise unequal. At every
wave some people drop out at random, and some miss only that wave.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from tqdm import tqdm

import opinionpanel as op

Floats = npt.NDArray[np.float64]

SEED = 20250301
REPLICATIONS = 500
RESULTS = Path(__file__).with_name("hazards.csv")
WAVES = ["w1", "w2", "w3", "w4", "w5"]
# Of changing in each interval, for the first group; and what is added for the second.
BASELINE, EFFECT = (0.30, 0.22, 0.16, 0.12), 0.4
# The part of a PSU in the variance; who is drawn, of two groups of the same size; losses by wave.
PSU, DRAWN, GONE, MISSED = 0.08, 0.6, 0.08, 0.04
WEIGHT_SPREAD, STRATUM_WEIGHTS = 0.4, (0.6, 1.4)


@dataclass(frozen=True)
class Scenario:
    """A design and a link; `psus` 0 are people as PSUs."""

    strata: int
    psus: int
    n: int
    link: str

    @property
    def row(self) -> dict[str, object]:
        """What identifies the scenario in the results."""
        return {"strata": self.strata, "psus": self.psus, "n": self.n, "link": self.link}


SCENARIOS = [
    Scenario(5, 20, 500, "logit"),
    Scenario(4, 8, 500, "logit"),
    Scenario(4, 0, 500, "logit"),
    Scenario(10, 60, 1_200, "logit"),
    Scenario(5, 20, 500, "cloglog"),
]


def chances(link: str) -> Floats:
    """Give the probability of changing, shape (groups, intervals)."""
    base = np.array(BASELINE)
    if link == "logit":
        odds = np.log(base / (1 - base))
        return 1 / (1 + np.exp(-np.array([odds, odds + EFFECT])))
    rate = -np.log(1 - base)
    return 1 - np.exp(-np.array([rate, rate * np.exp(EFFECT)]))


def truth(link: str) -> dict[str, float]:
    """Work out what the estimates are about."""
    chance = chances(link)
    left = np.cumprod(1 - chance, axis=1)
    first = np.log(BASELINE[0] / (1 - BASELINE[0]))
    last = np.log(BASELINE[-1] / (1 - BASELINE[-1]))
    if link == "cloglog":
        first, last = (float(np.log(-np.log(1 - BASELINE[place]))) for place in (0, -1))
    return {
        "intercept": float(first),
        "last interval": float(last - first),
        "group": EFFECT,
        "unchanged at w2": float(left[:, 0].mean()),
        "unchanged at w5": float(left[:, -1].mean()),
        "unchanged at w5, second group": float(left[1, -1]),
        "difference of groups": float(left[1, -1] - left[0, -1]),
    }


def draw(scenario: Scenario, rng: np.random.Generator) -> op.Panel:
    """Draw a sample, and lose some of it."""
    n = scenario.n
    psus = scenario.psus or n
    psu = np.arange(n) % psus
    stratum = psu % scenario.strata
    group = (rng.random(n) >= DRAWN).astype(int)
    weight = np.linspace(*STRATUM_WEIGHTS, scenario.strata)[stratum]
    weight = weight * np.where(group, 0.5 / (1 - DRAWN), 0.5 / DRAWN)
    weight = weight * rng.lognormal(0, WEIGHT_SPREAD, n)
    chance, state = chances(scenario.link), np.zeros(n, dtype=int)
    answers, gone = [state], np.zeros(n, dtype=bool)
    for place in range(len(WAVES) - 1):
        part = rng.normal(size=psus)[psu] * np.sqrt(PSU if scenario.psus else 0.0)
        own = rng.normal(size=n) * np.sqrt(1 - (PSU if scenario.psus else 0.0))
        moves = part + own < stats.norm.ppf(chance[group, place])
        state = np.where(moves, (state + 1) % 3, state)
        gone = gone | (rng.random(n) < GONE)
        answers.append(np.where(gone | (rng.random(n) < MISSED), -1, state))
    frame = pd.DataFrame(np.column_stack(answers), columns=WAVES).replace(-1, np.nan)
    frame = frame.assign(stratum=stratum, psu=psu, weight=weight, group=np.array(["a", "b"])[group])
    design = op.Design(weight="weight", stratum="stratum", psu="psu" if scenario.psus else None)
    item = op.Item({wave: wave for wave in WAVES}, {"x": [0], "y": [1], "z": [2]})
    return op.Panel.from_wide(frame, items={"opinion": item}, groups=["group"], design=design)


def estimated(panel: op.Panel, link: str) -> pd.DataFrame:
    """Estimate everything with its interval, in the order of `truth`."""
    fit = op.hazard(panel, "group", item="opinion", link=link).coefficients  # type: ignore[arg-type]
    terms = fit.labels["term"].tolist()
    rows = [terms.index(name) for name in ("Intercept", "interval[T.w4 → w5]", "group[T.b]")]
    whole = op.unchanged(panel, "opinion")
    groups = op.unchanged(panel, "opinion", by="group")
    parts = [
        fit.at(rows),
        whole.select(wave=["w2", "w5"]),
        groups.select(group="b", wave="w5"),
        groups.select(wave="w5").difference("group", "b", minus="a"),
    ]
    columns = ["estimate", "std_error", "conf_low", "conf_high", "n"]
    return pd.concat([part.to_frame()[columns] for part in parts], ignore_index=True)


def simulate(scenario: Scenario, replications: int) -> list[dict[str, object]]:
    """Count how often each interval holds the truth."""
    key = (scenario.strata, scenario.psus, scenario.n, scenario.link == "logit")
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=tuple(map(int, key))))
    known = truth(scenario.link)
    value = np.array([*known.values()])
    found = [
        estimated(draw(scenario, rng), scenario.link).to_numpy()
        for _ in tqdm(range(replications), desc=str(scenario))
    ]
    estimate, error, low, high, n = np.moveaxis(np.array(found), 2, 0)
    covered = (low <= value) & (value <= high)
    coverage = covered.mean(axis=0)
    return [
        scenario.row
        | {
            "quantity": name,
            "truth": value[place],
            "mean_estimate": estimate[:, place].mean(),
            "mean_std_error": error[:, place].mean(),
            "spread": estimate[:, place].std(ddof=1),
            "mean_n": n[:, place].mean(),
            "coverage": coverage[place],
            "mc_error": np.sqrt(coverage[place] * (1 - coverage[place]) / replications),
            "too_low": (high[:, place] < value[place]).mean(),
            "too_high": (low[:, place] > value[place]).mean(),
            "replications": replications,
        }
        for place, name in enumerate(known)
    ]


def main() -> None:
    """Simulate all scenarios and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    rows: list[dict[str, object]] = []
    for each in SCENARIOS:
        rows += simulate(each, given.replications)
        pd.DataFrame(rows).to_csv(given.out, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
