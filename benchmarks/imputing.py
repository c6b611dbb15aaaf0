"""How often do pooled intervals hold the true value where answers are missing at random?

Run as ``python benchmarks/imputing.py``; the results stand in ``imputing.csv`` beside it.

People of two groups, one drawn more often than the other, answer at three waves: each answer
depends on the one before, on the group and on what is peculiar to the PSU. Who misses the second
and the third wave depends on the first answer and on the group, and some of those interviewed do
not answer. The same figures are computed from those who answered alone, for comparison. Truths are
the shares of four million people.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm import tqdm

import opinionpanel as op

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SEED = 20261201
REPLICATIONS, IMPUTATIONS = 500, 10
RESULTS = Path(__file__).with_name("imputing.csv")
WAVES = ["w1", "w2", "w3"]
# Log odds of each state: at first; given the answer before; in the second group.
FIRST = np.array([0.4, 0.0, 0.2])
BEFORE = np.array([[1.6, 0.0, -0.4], [0.2, 1.2, 0.3], [-0.4, 0.1, 1.5]])
GROUP = np.array([0.5, 0.0, -0.4])
# The standard deviation of what is peculiar to a PSU, on the same scale.
PECULIAR = 0.4
# Who is drawn of the second group, which is half of all; and how unequal weights are otherwise.
DRAWN, WEIGHT_SPREAD = 0.4, 0.3
# Log odds of missing the second and third wave, by the first answer; and in the second group.
MISSED = {"w2": np.array([-1.9, -0.4, -1.2]), "w3": np.array([-1.6, -0.2, -0.9])}
IN_GROUP, SILENT = 0.7, 0.05
TRUTH_FROM = 4_000_000


@dataclass(frozen=True)
class Scenario:
    """A design; `people` in each PSU, 0 for people as PSUs."""

    n: int
    people: int


SCENARIOS = [Scenario(500, 0), Scenario(500, 10), Scenario(1_500, 0), Scenario(1_500, 10)]


def draw_states(scores: Floats, rng: np.random.Generator) -> Integers:
    """Draw a state for each row of log odds."""
    gumbel = scores - np.log(-np.log(rng.random(scores.shape)))
    return np.asarray(gumbel.argmax(axis=1))


def answers(group: Integers, peculiar: Floats, rng: np.random.Generator) -> Integers:
    """Draw what people think at each wave, shape (people, waves)."""
    shift = group[:, None] * GROUP + peculiar
    found = [draw_states(FIRST + shift, rng)]
    for _ in WAVES[1:]:
        found.append(draw_states(BEFORE[found[-1]] + shift, rng))
    return np.stack(found, axis=1)


def truth() -> dict[str, float]:
    """Find the figures of all people."""
    rng = np.random.default_rng(SEED)
    group = rng.integers(0, 2, TRUTH_FROM)
    y = answers(group, PECULIAR * rng.normal(size=(TRUTH_FROM, 3)), rng)
    second = y[y[:, 1] == 0]
    return {
        "share at w2": float((y[:, 1] == 0).mean()),
        "share at w3": float((y[:, 2] == 0).mean()),
        "share at w3, second group": float((y[group == 1, 2] == 0).mean()),
        "change w1 to w3": float((y[:, 2] == 0).mean() - (y[:, 0] == 0).mean()),
        "transition w2 to w3": float((second[:, 2] == 0).mean()),
        "turnover w2 to w3": float((y[:, 1] != y[:, 2]).mean()),
    }


def draw(scenario: Scenario, rng: np.random.Generator) -> op.Panel:
    """Draw a sample, and lose some of its answers."""
    n = scenario.n
    psu = np.arange(n) // (scenario.people or 1)
    group = (rng.random(n) < DRAWN).astype(int)
    weight = np.where(group, 0.5 / DRAWN, 0.5 / (1 - DRAWN)) * rng.lognormal(0, WEIGHT_SPREAD, n)
    peculiar = PECULIAR * rng.normal(size=(n, 3))[psu]
    y = answers(group, peculiar, rng).astype(float)
    first, frame = y[:, 0].astype(int), {}
    silent = rng.random((n, 3)) < SILENT
    known = np.where(silent[:, 0], 0, first)
    for place, wave in enumerate(WAVES):
        there = np.ones(n, dtype=bool)
        if wave in MISSED:
            odds = MISSED[wave][known] + IN_GROUP * group
            there = rng.random(n) >= 1 / (1 + np.exp(-odds))
        frame[wave] = np.where(there & ~silent[:, place], y[:, place], np.nan)
        frame[f"here {wave}"] = np.where(there, 1.0, np.nan)
    table = pd.DataFrame(frame).assign(psu=psu, weight=weight, group=np.array(["a", "b"])[group])
    items = {
        "x": op.Item({wave: wave for wave in WAVES}, {"yes": [0], "unsure": [1], "no": [2]}),
        "here": op.Item({wave: f"here {wave}" for wave in WAVES}, {"yes": [1]}),
    }
    design = op.Design(weight="weight", psu="psu" if scenario.people else None)
    return op.Panel.from_wide(table, items=items, groups=["group"], design=design)


def figures(estimate: Callable[..., op.Estimates]) -> pd.DataFrame:
    """Estimate everything with its interval, in the order of `truth`."""
    shares = estimate(op.shares).select(state="yes")
    groups = estimate(op.shares, by="group")
    pair = {"waves": ["w2", "w3"]}
    parts = [
        shares.select(wave=["w2", "w3"]),
        groups.select(state="yes", wave="w3", group="b"),
        shares.difference("wave", "w3", minus="w1"),
        estimate(op.transitions, **pair).select(origin="yes", destination="yes"),
        estimate(op.turnover, **pair).select(component="total"),
    ]
    columns = ["estimate", "std_error", "conf_low", "conf_high"]
    frames = [part.to_frame() for part in parts]
    return pd.concat(
        [frame.reindex(columns=[*columns, "missing_information"]) for frame in frames],
        ignore_index=True,
    )


def of_imputed(imputed: "op.models.Imputed", measure: Callable[..., Any], **more: Any) -> Any:
    """Estimate from imputed panels."""
    return imputed.estimate(measure, "x", **more)


def of_answered(panel: op.Panel, measure: Callable[..., Any], **more: Any) -> Any:
    """Estimate from those who answered."""
    return measure(panel, "x", **more)


def simulate(scenario: Scenario, replications: int) -> list[dict[str, object]]:
    """Count how often each interval holds the truth."""
    rng = np.random.default_rng([SEED, scenario.n, scenario.people])
    known = truth()
    found: dict[str, list[Floats]] = {"imputed": [], "answered": []}
    for place in tqdm(range(replications), desc=str(scenario)):
        panel = draw(scenario, rng)
        imputed = op.impute(panel, "x", m=IMPUTATIONS, missed=True, seed=place)
        found["imputed"].append(figures(partial(of_imputed, imputed)).to_numpy())
        found["answered"].append(figures(partial(of_answered, panel)).to_numpy())
    return [
        {"n": scenario.n, "people_in_psu": scenario.people or 1, "made_from": way} | row
        for way, results in found.items()
        for row in rows(known, np.array(results))
    ]


def rows(known: dict[str, float], results: Floats) -> list[dict[str, object]]:
    """Summarise one way of estimating, a row for each figure."""
    value = np.array([*known.values()])
    estimate, error, low, high, missing = np.moveaxis(results, 2, 0)
    covered = ((low <= value) & (value <= high)).mean(axis=0)
    number = len(results)
    return [
        {
            "quantity": name,
            "truth": value[place],
            "mean_estimate": estimate[:, place].mean(),
            "spread": estimate[:, place].std(ddof=1),
            "mean_std_error": error[:, place].mean(),
            "missing_information": missing[:, place].mean(),
            "coverage": covered[place],
            "mc_error": np.sqrt(covered[place] * (1 - covered[place]) / number),
            "replications": number,
        }
        for place, name in enumerate(known)
    ]


def main() -> None:
    """Simulate all scenarios and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    written: list[dict[str, object]] = []
    for each in SCENARIOS:
        written += simulate(each, given.replications)
        pd.DataFrame(written).to_csv(given.out, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
