"""How good are levels and changes from all interviews together? A simulation.

Run as ``python benchmarks/combining.py``; the results stand in ``combining.csv`` beside it.

Three waves of a panel. Of the people of one wave half are interviewed at the next, and as many
fresh people join. The answer is a normal variable cut into three states, so that the shares of all
waves are known exactly; a part of the variable is the person's own, and a part the PSU's. Every
sample is combined, and the level of the last wave and its change from the first compared with the
truth, and with what the cohort of the first wave tells alone.
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
from opinionpanel.errors import SelectionError

Floats = npt.NDArray[np.float64]

SEED = 20251130
REPLICATIONS = 1_000
RESULTS = Path(__file__).with_name("combining.csv")
WAVES = ["w1", "w2", "w3"]
STATES = ("approve", "unsure", "oppose")
# The shares of the states at the waves.
COMMON = np.array([[0.40, 0.25, 0.35], [0.42, 0.24, 0.34], [0.46, 0.22, 0.32]])
RARE = np.array([[0.50, 0.46, 0.04], [0.52, 0.44, 0.04], [0.55, 0.40, 0.05]])
# The parts of a person and of a PSU in the variance; who stays; the effect of being in the panel.
OWN, PSU, STAY, EFFECT = 0.6, 0.05, 0.5, 0.05
PANEL_EFFECT = {"panel": {name: ["w3"] for name in ("panel", "joined w2", "joined w3")}}


@dataclass(frozen=True)
class Scenario:
    """A design; `psus` 0 are people as PSUs, `beside` adds a sample of other people at the end."""

    n: int
    psus: int
    rare: bool = False
    beside: bool = False
    effect: bool = False

    @property
    def row(self) -> dict[str, object]:
        """What identifies the scenario in the results."""
        parts = {"a rare state": self.rare, "a sample beside": self.beside}
        parts["an effect estimated"] = self.effect
        kind = ", ".join(["refreshed", *(name for name, there in parts.items() if there)])
        return {"n": self.n, "psus": self.psus, "kind": kind}


SCENARIOS = [
    Scenario(500, 0),
    Scenario(1_500, 0),
    Scenario(500, 20),
    Scenario(500, 60),
    Scenario(1_500, 60),
    Scenario(500, 0, rare=True),
    Scenario(1_500, 60, rare=True),
    Scenario(500, 0, beside=True),
    Scenario(1_500, 60, beside=True),
    Scenario(500, 0, beside=True, effect=True),
    Scenario(1_500, 60, beside=True, effect=True),
]


def draw(
    scenario: Scenario, rng: np.random.Generator
) -> tuple[op.Panel, dict[str, op.Panel] | None]:
    """Draw a panel, and a sample beside it where there is one."""
    shares = RARE if scenario.rare else COMMON
    cuts = stats.norm.ppf(np.cumsum(shares, axis=1)[:, :2])
    units = rng.normal(size=scenario.psus or 1)
    part = PSU if scenario.psus else 0.0

    def answers(size: int, first: int, effects: Floats) -> pd.DataFrame:
        psu = rng.integers(0, scenario.psus, size) if scenario.psus else np.arange(size) + first
        own = rng.normal(size=size) * np.sqrt(OWN)
        if scenario.psus:
            own = own + effects[psu] * np.sqrt(part)
        frame = {"id": first + np.arange(size), "psu": psu, "stratum": psu % 5}
        for place, wave in enumerate(WAVES):
            value = own + rng.normal(size=size) * np.sqrt(1 - OWN - part)
            frame[wave] = (value[:, None] > cuts[place]).sum(axis=1)
        return pd.DataFrame(frame)

    cohorts = [answers(scenario.n, 0, units).assign(cohort="first")]
    waves = {}
    here = cohorts[0]
    for place, wave in enumerate(WAVES):
        if place:
            here = here[rng.random(len(here)) < STAY]
            fresh = answers(scenario.n - len(here), 100_000 * place, units)
            here = pd.concat([here, fresh.assign(cohort="later")])
        frame = here[["id", "psu", "stratum", "cohort"]].assign(q=here[wave])
        if scenario.effect and place == 2:
            # Some of those who would be unsure approve, in the panel.
            moved = (frame["q"] == 1) & (rng.random(len(frame)) < EFFECT / shares[place, 1])
            frame["q"] = frame["q"].where(~moved, 0)
        waves[wave] = frame
    item = op.Item("q", {state: [code] for code, state in enumerate(STATES)})
    psu = "psu" if scenario.psus else None
    design = op.Design(weight=None, stratum="stratum" if scenario.psus else None, psu=psu)
    given = {"items": {"x": item}, "design": design}
    panel = op.Panel.from_waves(waves, person="id", groups=["cohort"], **given)  # type: ignore[arg-type]
    if not scenario.beside:
        return panel, None
    other = answers(scenario.n, 900_000, rng.normal(size=scenario.psus or 1))
    beside = op.Panel.from_waves({"w3": other.assign(q=other["w3"])}, person=None, **given)  # type: ignore[arg-type]
    return panel, {"beside": beside}


def estimated(scenario: Scenario, rng: np.random.Generator) -> tuple[Floats, Floats, bool]:
    """Estimate all quantities: with intervals, and the errors that other ways to them have.

    These are the cohort of the first wave alone, and the shares of everyone interviewed in the
    panel. The last says whether the sources disagreed.
    """
    panel, samples = draw(scenario, rng)
    given = {"effects": PANEL_EFFECT} if scenario.effect else {}
    try:
        both, apart = op.combine(panel, "x", samples, **given), False  # type: ignore[arg-type]
    except SelectionError:
        pooled = {**given, "disagreement": "pool"}
        both, apart = op.combine(panel, "x", samples, **pooled), True  # type: ignore[arg-type]

    def level_and_change(found: op.Estimates) -> list[op.Estimates]:
        last = found.select(wave="w3")
        return [last, found.difference("wave", "w3", minus="w1")]

    frames = [part.to_frame() for part in level_and_change(both)]
    columns = ["estimate", "std_error", "conf_low", "conf_high"]
    others = [op.shares(panel.where(cohort="first"), "x"), op.shares(panel, "x")]
    errors = [np.concatenate([part.std_error for part in level_and_change(one)]) for one in others]
    return pd.concat(frames)[columns].to_numpy(), np.array(errors), apart


def simulate(scenario: Scenario, replications: int) -> list[dict[str, object]]:
    """Count how often each interval holds the truth."""
    key = tuple(
        map(int, (scenario.n, scenario.psus, scenario.rare, scenario.beside, scenario.effect))
    )
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=key))
    shares = RARE if scenario.rare else COMMON
    truth = np.concatenate([shares[2], shares[2] - shares[0]])
    names = [
        *(f"level of {state}" for state in STATES),
        *(f"change of {state}" for state in STATES),
    ]
    found = [
        estimated(scenario, rng)
        for _ in tqdm(range(replications), desc=str(scenario), mininterval=30)
    ]
    value, error, low, high = np.moveaxis(np.array([one for one, _, _ in found]), 2, 0)
    alone, pooled = np.moveaxis(np.array([errors for _, errors, _ in found]), 1, 0)
    refused = float(np.mean([apart for _, _, apart in found]))
    coverage = ((low <= truth) & (truth <= high)).mean(axis=0)
    return [
        scenario.row
        | {
            "quantity": name,
            "truth": truth[place],
            "bias": value[:, place].mean() - truth[place],
            "spread": value[:, place].std(ddof=1),
            "mean_std_error": error[:, place].mean(),
            "ratio_to_cohort": error[:, place].mean() / alone[:, place].mean(),
            "ratio_to_shares": error[:, place].mean() / pooled[:, place].mean(),
            "coverage": coverage[place],
            "mc_error": np.sqrt(coverage[place] * (1 - coverage[place]) / replications),
            "refused": refused,
            "replications": replications,
        }
        for place, name in enumerate(names)
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
