"""How much closer to the truth are smoothed groups, and do their intervals hold it? A simulation.

Run as ``python benchmarks/smoothing.py``; the results stand in ``smoothing.csv`` beside it.

Every sample has a population of its own: groups, regions crossed with ages, differ in the logits of
their first answers, and of where they go from each answer, by normal variables whose standard
deviation is `between`; with a covariate they differ also by what it explains. People answer at two
waves. In clustered designs PSUs lie within regions and hold people of all ages: an answer is the
category that a normal variable falls into, of whose variance a part is the PSU's, at each wave
another one. Weights are unequal. Groups have from a few to many people, whatever they are in the
population.
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
Integers = npt.NDArray[np.int64]

SEED = 20250712
REPLICATIONS = 1_000
RESULTS = Path(__file__).with_name("smoothing.csv")
STATES = ("approve", "unsure", "oppose")
# Of the first answers, and of where people go from each.
FIRST = np.array([0.45, 0.30, 0.25])
MOVES = np.array([[0.75, 0.15, 0.10], [0.25, 0.50, 0.25], [0.10, 0.20, 0.70]])
AGES = ("18-34", "35-54", "55+", "all else")
# How logits of two answers go together; the part of a PSU in the variance; people in a PSU.
TOGETHER, PSU, TAKEN = 0.3, 0.05, 12
WEIGHT_SPREAD, EXPLAINED = 0.3, 0.4
# What counts as a small group.
SMALL = 50


@dataclass(frozen=True)
class Scenario:
    """Groups of `least` to `most` people, in a design, who differ by `between`; some are empty."""

    regions: int
    least: int
    most: int
    between: float
    clustered: bool = False
    covariate: bool = False
    empty: int = 0

    @property
    def row(self) -> dict[str, object]:
        """What identifies the scenario in the results."""
        return {
            "groups": self.regions * len(AGES),
            "n": f"{self.least}-{self.most}" + (f", {self.empty} empty" if self.empty else ""),
            "between": self.between,
            "design": "clustered" if self.clustered else "people",
            "covariate": self.covariate,
        }


SCENARIOS = [
    Scenario(5, 10, 50, 0.0),
    Scenario(5, 10, 50, 0.2),
    Scenario(5, 10, 50, 0.4),
    Scenario(5, 10, 50, 0.8),
    Scenario(15, 10, 50, 0.2),
    Scenario(15, 10, 50, 0.4),
    Scenario(10, 10, 200, 0.0, clustered=True),
    Scenario(10, 10, 200, 0.2, clustered=True),
    Scenario(10, 10, 200, 0.4, clustered=True),
    Scenario(10, 10, 200, 0.8, clustered=True),
    Scenario(10, 10, 50, 0.2, clustered=True, covariate=True),
    Scenario(10, 10, 50, 0.4, covariate=True),
    Scenario(5, 10, 50, 0.2, empty=3),
    Scenario(5, 10, 50, 0.4, empty=3),
    Scenario(10, 10, 50, 0.4, empty=5, clustered=True),
]
EMPTY = "groups without people"


@dataclass(frozen=True, eq=False)
class Population:
    """What is to be estimated of each group: first answers, and moves; and known facts of it."""

    first: Floats
    moves: Floats
    people: Floats
    covariate: Floats

    @property
    def second(self) -> Floats:
        """Answers at the second wave."""
        return np.asarray(np.einsum("gi,gij->gj", self.first, self.moves))


def populated(scenario: Scenario, rng: np.random.Generator) -> Population:
    """Draw groups."""
    groups, free = scenario.regions * len(AGES), len(STATES) - 1
    root = np.linalg.cholesky(TOGETHER + (1 - TOGETHER) * np.eye(free))
    covariate = rng.normal(size=groups)
    explained = EXPLAINED * covariate if scenario.covariate else np.zeros(groups)

    def around(shares: Floats) -> Floats:
        logits = np.log(shares[1:] / shares[0]) + explained[:, None]
        logits = logits + scenario.between * rng.normal(size=(groups, free)) @ root.T
        odds = np.exp(np.column_stack([np.zeros(groups), logits]))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    moves = np.stack([around(row) for row in MOVES], axis=1)
    people = rng.integers(20, 200, groups).astype(np.float64)
    return Population(around(FIRST), moves, people, covariate)


def answered(chances: Floats, psu: Integers, clustered: bool, rng: np.random.Generator) -> Integers:
    """Draw an answer of everyone; people of a PSU are alike."""
    part = PSU if clustered else 0.0
    common = rng.normal(size=int(psu.max()) + 1)[psu] * np.sqrt(part)
    place = stats.norm.cdf(common + rng.normal(size=len(psu)) * np.sqrt(1 - part))
    return np.asarray((place[:, None] > chances.cumsum(axis=1)[:, :-1]).sum(axis=1))


def draw(scenario: Scenario, population: Population, rng: np.random.Generator) -> op.Panel:
    """Draw a sample of every group."""
    groups = len(population.first)
    # The same sizes in every region would make regions alike.
    sizes = rng.permutation(np.linspace(scenario.least, scenario.most, groups).round().astype(int))
    # Nobody is asked in some; the first groups name the regions and ages that there are.
    if scenario.empty:
        sizes[rng.choice(np.arange(len(AGES) + 1, groups), scenario.empty, replace=False)] = 0
    group = np.repeat(np.arange(groups), sizes)
    region = group // len(AGES)
    within = np.concatenate([rng.permutation(count) for count in np.bincount(region)])
    psu = np.unique(np.column_stack([region, within // TAKEN]), axis=0, return_inverse=True)[1]
    psu = psu.ravel()
    first = answered(population.first[group], psu, scenario.clustered, rng)
    second = answered(population.moves[group, first], psu, scenario.clustered, rng)
    frame = pd.DataFrame(
        {
            "w1": first,
            "w2": second,
            "region": [f"region {number + 1:02d}" for number in region],
            "age": np.array(AGES)[group % len(AGES)],
            "psu": psu,
            "weight": rng.lognormal(0, WEIGHT_SPREAD, len(group)),
        }
    )
    design = op.Design(
        weight="weight",
        stratum="region" if scenario.clustered else None,
        psu="psu" if scenario.clustered else None,
    )
    states = {state: [code] for code, state in enumerate(STATES)}
    item = op.Item({"w1": "w1", "w2": "w2"}, states)
    return op.Panel.from_wide(frame, items={"vote": item}, groups=["region", "age"], design=design)


def estimated(
    scenario: Scenario, population: Population, panel: op.Panel
) -> dict[str, tuple[op.Estimates, op.Estimates, Floats]]:
    """Estimate everything: directly, smoothed, and what is true."""
    by = ["region", "age"]
    shares = op.shares(panel, "vote", by=by)
    moves = op.transitions(panel, "vote", by=by)
    keys = list(dict.fromkeys(shares.named.keys(by)))
    known = {"covariates": {"x": dict(zip(keys, population.covariate, strict=True))}}
    known = known if scenario.covariate else {}
    smoothed = op.smooth(shares, **known)  # type: ignore[arg-type]
    people = dict(zip(keys, population.people, strict=True))
    regions = op.smooth(
        shares.select(wave="w1"),
        effects=by,
        population=people,
        to="region",
        **known,  # type: ignore[arg-type]
    )
    weight = population.people.reshape(-1, len(AGES))
    weight = weight / weight.sum(axis=1, keepdims=True)
    matrix = np.zeros((len(weight), len(STATES), *weight.shape, len(STATES)))
    for region, parts in enumerate(weight):
        matrix[region, :, region] = np.einsum("a,ij->iaj", parts, np.eye(len(STATES)))
    put = matrix.reshape(weight.shape[0] * len(STATES), -1)
    change = ("wave", "w2")
    found = {
        "shares": (
            shares.select(wave="w1"),
            smoothed.select(wave="w1"),
            population.first.ravel(),
        ),
        "changes between waves": (
            shares.difference(*change, minus="w1"),
            smoothed.difference(*change, minus="w1"),
            (population.second - population.first).ravel(),
        ),
        "transitions": (moves, op.smooth(moves, **known), population.moves.ravel()),  # type: ignore[arg-type]
        "regions by known counts": (
            shares.select(wave="w1").contrast(put, regions.labels),
            regions,
            put @ population.first.ravel(),
        ),
    }
    if scenario.empty:
        for quantity in ("shares", "changes between waves"):
            direct, smooth, truth = found[quantity]
            nobody = direct.n == 0
            found[f"{quantity}, {EMPTY}"] = direct.at(nobody), smooth.at(nobody), truth[nobody]
    return found


def judged(part: tuple[op.Estimates, op.Estimates, Floats]) -> Floats:
    """Give n, both errors, the error expected and whether the interval holds the truth."""
    direct, smoothed, truth = part
    frame = smoothed.to_frame()
    covered = (frame["conf_low"] <= truth) & (truth <= frame["conf_high"])
    return np.column_stack(
        [
            direct.n,
            direct.value - truth,
            smoothed.value - truth,
            smoothed.std_error,
            covered,
        ]
    )


def simulate(scenario: Scenario, replications: int) -> list[dict[str, object]]:
    """Compare errors, and count how often each interval holds the truth."""
    key = [int(100 * value) for value in (scenario.regions, scenario.most, scenario.between)]
    key += [scenario.clustered, scenario.covariate]
    key += [scenario.empty] if scenario.empty else []
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=tuple(map(int, key))))
    found: dict[str, list[Floats]] = {}
    for _ in tqdm(range(replications), desc=str(scenario), mininterval=60):
        population = populated(scenario, rng)
        panel = draw(scenario, population, rng)
        for quantity, part in estimated(scenario, population, panel).items():
            found.setdefault(quantity, []).append(judged(part))
    return [scenario.row | summed_up(quantity, parts) for quantity, parts in found.items()]


def summed_up(quantity: str, parts: list[Floats]) -> dict[str, object]:
    """Sum up all samples; errors are those of groups that have a direct figure."""
    rates = np.array([part[:, 4].mean() for part in parts])
    n, direct, smoothed, expected, covered = np.vstack(parts).T
    seen = np.isfinite(direct)
    small = seen & (n < SMALL)

    def root(errors: Floats) -> float:
        return float(np.sqrt(np.mean(errors**2))) if len(errors) else np.nan

    return {
        "quantity": quantity,
        "rmse_direct": root(direct[seen]),
        "rmse_smoothed": root(smoothed[seen]),
        "ratio": root(smoothed[seen]) / root(direct[seen]),
        "ratio_small": root(smoothed[small]) / root(direct[small]) if small.any() else np.nan,
        "expected": root(expected),
        "coverage": covered.mean(),
        "coverage_small": covered[small].mean() if small.any() else np.nan,
        "mc_error": rates.std(ddof=1) / np.sqrt(len(rates)),
        "replications": len(rates),
    }


def main() -> None:
    """Run all scenarios and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--only", type=int, nargs="*", help="numbers of scenarios, from 0")
    given = parser.parse_args()
    chosen = SCENARIOS if given.only is None else [SCENARIOS[place] for place in given.only]
    rows: list[dict[str, object]] = []
    for scenario in chosen:
        rows += simulate(scenario, given.replications)
        pd.DataFrame(rows).to_csv(given.out, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
