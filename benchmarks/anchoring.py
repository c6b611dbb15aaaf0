"""How often do intervals of anchored transitions hold the true value? A simulation.

Run as ``python benchmarks/anchoring.py``; the results stand in ``anchoring.csv`` beside it.

Votes at two elections, with those who did not vote as a state. Who takes part depends on the vote
at both elections and on a group, as a product of one factor for each; results of both elections and
the size of the groups are known. The people of a PSU are alike by chance, in their first vote and
in whether they move: each is the place of a normal variable, of whose variance a part is the PSU's.
Strata differ in their weights. All the same is estimated without anchoring, with the weights of the
design.
"""

import argparse
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from tqdm import tqdm

import opinionpanel as op

Floats = npt.NDArray[np.float64]

SEED = 20250921
REPLICATIONS = 1000
# Without anchoring intervals are wrong by so much that fewer samples show it.
WITHOUT = 250
RESULTS = Path(__file__).with_name("anchoring.csv")
WAVES, STATES, GROUPS = ["2021", "2025"], ["left", "right", "none"], ["young", "old"]
SIZES = np.array([0.4, 0.6])
FIRST = np.array([0.35, 0.40, 0.25])
# Where people of each group go from each state.
MOVES = np.array(
    [
        [[0.74, 0.10, 0.16], [0.09, 0.77, 0.14], [0.18, 0.15, 0.67]],
        [[0.84, 0.07, 0.09], [0.05, 0.88, 0.07], [0.13, 0.12, 0.75]],
    ]
)
# Of taking part: by the first vote, the second, and the group.
TAKING_PART = (np.array([0.9, 0.75, 0.6]), np.array([0.95, 0.85, 0.7]), np.array([0.75, 0.95]))
# The part of a PSU in the variance; the weights of strata.
PSU, STRATUM_WEIGHTS = 0.05, (0.6, 1.4)


@dataclass(frozen=True)
class Scenario:
    """A design and the number of people expected to answer; `psus` 0 is a simple random sample."""

    strata: int
    psus: int
    n: int

    @property
    def row(self) -> dict[str, object]:
        """What identifies the scenario in the results."""
        return {"strata": self.strata, "psus": self.psus, "n": self.n}


SCENARIOS = [
    Scenario(1, 0, 500),
    Scenario(1, 0, 1_500),
    Scenario(5, 50, 500),
    Scenario(5, 50, 1_500),
]
FLOWS = np.einsum("g,i,gij->gij", SIZES, FIRST, MOVES)
ANSWERING = np.einsum("gij,i,j,g->", FLOWS, *TAKING_PART)
JOINT = FLOWS.sum(axis=0)
KNOWN = {
    "2021": dict(zip(STATES, JOINT.sum(axis=1), strict=True)),
    "2025": dict(zip(STATES, JOINT.sum(axis=0), strict=True)),
}
MARGINS = {"group": dict(zip(GROUPS, SIZES, strict=True))}


def truth() -> dict[str, float]:
    """Work out what the estimates are about."""
    cells = list(product(range(3), range(3)))
    named = {f"{STATES[i]} → {STATES[j]}": (i, j) for i, j in cells}
    rows = JOINT / JOINT.sum(axis=1, keepdims=True)
    return {
        **{f"flow {name}": float(JOINT[cell]) for name, cell in named.items()},
        **{f"row {name}": float(rows[cell]) for name, cell in named.items()},
        "turnover": float(1 - JOINT.trace()),
    }


def alike(rng: np.random.Generator, psu: npt.NDArray[np.int64], psus: int) -> Floats:
    """Draw a place between 0 and 1 for everyone, alike within PSUs where there are some."""
    own = rng.normal(size=len(psu))
    if not psus:
        return np.asarray(stats.norm.cdf(own))
    shared = rng.normal(size=psus)[psu]
    return np.asarray(stats.norm.cdf(np.sqrt(PSU) * shared + np.sqrt(1 - PSU) * own))


def draw(scenario: Scenario, rng: np.random.Generator) -> op.Panel:
    """Draw people, and keep those who take part."""
    people = round(scenario.n / ANSWERING)
    psu = np.arange(people) % (scenario.psus or people)
    stratum = psu % scenario.strata
    group = (rng.random(people) >= SIZES[0]).astype(int)
    first = np.searchsorted(FIRST.cumsum()[:2], alike(rng, psu, scenario.psus))
    place = alike(rng, psu, scenario.psus)
    second = (place[:, None] > MOVES.cumsum(axis=2)[group, first][:, :2]).sum(axis=1)
    by_first, by_second, by_group = TAKING_PART
    here = rng.random(people) < by_first[first] * by_second[second] * by_group[group]
    frame = pd.DataFrame(
        {
            "2021": first,
            "2025": second,
            "group": np.array(GROUPS)[group],
            "stratum": stratum,
            "psu": psu,
            "weight": np.linspace(*STRATUM_WEIGHTS, scenario.strata)[stratum],
        }
    )[here]
    design = op.Design(weight=None)
    if scenario.psus:
        design = op.Design(weight="weight", stratum="stratum", psu="psu")
    vote = op.Item({wave: wave for wave in WAVES}, {name: [k] for k, name in enumerate(STATES)})
    return op.Panel.from_wide(frame, items={"vote": vote}, groups=["group"], design=design)


def estimated(panel: op.Panel) -> pd.DataFrame:
    """Estimate everything with its interval, in the order of `truth`."""
    parts = [
        op.flows(panel, "vote"),
        op.transitions(panel, "vote"),
        op.turnover(panel, "vote").select(component="total"),
    ]
    columns = ["estimate", "std_error", "conf_low", "conf_high"]
    return pd.concat([part.to_frame()[columns] for part in parts], ignore_index=True)


def simulate(scenario: Scenario, replications: int) -> list[dict[str, object]]:
    """Count how often each interval holds the truth, with and without anchoring."""
    key = (scenario.strata, scenario.psus, scenario.n)
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=key))
    known = truth()
    found: dict[str, list[Floats]] = {"anchored": [], "not anchored": []}
    for sample in tqdm(range(replications), desc=str(scenario), mininterval=20):
        panel = draw(scenario, rng)
        anchored = op.anchor(panel, "vote", KNOWN, margins=MARGINS)
        found["anchored"].append(estimated(anchored).to_numpy())
        if sample < WITHOUT:
            found["not anchored"].append(estimated(panel).to_numpy())
    return [row for how, each in found.items() for row in summed(scenario, how, each, known)]


def summed(
    scenario: Scenario, how: str, found: list[Floats], known: dict[str, float]
) -> list[dict[str, object]]:
    """Sum up the samples of a scenario."""
    estimate, error, low, high = np.moveaxis(np.array(found), 2, 0)
    value = np.array([*known.values()])
    coverage = ((low <= value) & (value <= high)).mean(axis=0)
    return [
        scenario.row
        | {
            "weights": how,
            "quantity": name,
            "truth": value[place],
            "mean_estimate": estimate[:, place].mean(),
            "mean_std_error": error[:, place].mean(),
            "spread": estimate[:, place].std(ddof=1),
            "coverage": coverage[place],
            "mc_error": np.sqrt(coverage[place] * (1 - coverage[place]) / len(found)),
            "too_low": (high[:, place] < value[place]).mean(),
            "too_high": (low[:, place] > value[place]).mean(),
            "replications": len(found),
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
