"""How often does a page find something where nothing changed? A simulation with a known truth.

Run as ``python benchmarks/findings.py``; the results stand in ``findings.csv`` beside it.

Everyone has a leaning, with a part for the PSU, and answers by it at every wave with some error;
PSUs have a mood of their own at each wave. All waves are alike and all moves symmetric, so that
shares change and flows do not balance by chance only, and groups have nothing to do with the
answers. A sample takes PSUs with as many people in each, with unequal weights; some do not answer
at later waves. In the last scenarios a part of the people moves to the last state between the last
two waves, or does so in one group only: what a page should find.
"""

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from tqdm import tqdm

import opinionpanel as op
from opinionpanel.disclosure import publish
from opinionpanel.report.item_tests import ItemTests, item_tests

SEED = 20241130
SAMPLES = 1_000
RESULTS = Path(__file__).with_name("findings.csv")
# The parts of a leaning: the person's has variance 1. The mood of a PSU is another at each wave.
PSU, MOOD, ERROR = 0.35, 0.15, 0.6
WEIGHT_SPREAD, MISSING = 0.5, 0.15
GROUPS = {"gender": 2, "region": 4}
KINDS = {
    "trend": "trend",
    "net": "net",
    "balance": "balance",
    "turnover_by": "turnover by",
    "net_change_by": "net change by",
    "shares_by": "shares by",
}


@dataclass(frozen=True)
class Scenario:
    """A design, an item, and the true change; `psus` 0 are people as PSUs.

    Attributes
    ----------
    change : str
        "none"; "everywhere" or "in one group", where `moved` of the people of other states move to
        the last one.
    """

    people: int
    psus: int
    waves: int
    states: int
    change: str = "none"
    moved: float = 0.0


SCENARIOS = [
    Scenario(500, 0, 2, 2),
    Scenario(500, 0, 2, 3),
    Scenario(1_500, 0, 4, 3),
    Scenario(1_500, 0, 2, 5),
    Scenario(600, 12, 2, 3),
    Scenario(1_000, 25, 4, 3),
    Scenario(1_000, 0, 2, 3, "everywhere", 0.15),
    Scenario(1_000, 25, 2, 3, "everywhere", 0.15),
    Scenario(1_000, 0, 2, 3, "in one group", 0.20),
]


def sample(scenario: Scenario, rng: np.random.Generator) -> op.Panel:
    """Draw the panel of a sample."""
    people, waves = scenario.people, scenario.waves
    psu = np.arange(people) * (scenario.psus or people) // people
    groups = {name: rng.integers(0, size, people) for name, size in GROUPS.items()}
    leaning = rng.standard_normal(people)
    if scenario.psus:
        leaning += PSU * rng.standard_normal(scenario.psus)[psu]
    spread = np.sqrt(1 + ERROR**2 + (PSU**2 + MOOD**2 if scenario.psus else 0))
    thresholds = spread * stats.norm.ppf(np.linspace(0, 1, scenario.states + 1)[1:-1])
    columns: dict[str, npt.NDArray[np.generic]] = {}
    for wave in range(waves):
        said = leaning + ERROR * rng.standard_normal(people)
        if scenario.psus:
            said += MOOD * rng.standard_normal(scenario.psus)[psu]
        state = np.searchsorted(thresholds, said)
        if wave == waves - 1 and scenario.change != "none":
            inside = (groups["gender"] == 0) | (scenario.change == "everywhere")
            state[inside & (rng.random(people) < scenario.moved)] = scenario.states - 1
        answer = np.array(list("abcdefgh"), dtype=object)[state]
        if wave:
            answer[rng.random(people) < MISSING] = None
        columns[f"w{wave + 1}"] = answer
    names = {name: np.array(list("pqrs"))[codes] for name, codes in groups.items()}
    weight = np.exp(WEIGHT_SPREAD * rng.standard_normal(people))
    return op.Panel.from_wide(
        pd.DataFrame({**columns, **names, "psu": psu, "weight": weight}),
        items={
            "q": op.Item(
                {name: name for name in columns}, {s: [s] for s in "abcdefgh"[: scenario.states]}
            )
        },
        groups=list(GROUPS),
        design=op.Design(weight="weight", psu="psu" if scenario.psus else None),
    )


def found(tests: ItemTests) -> dict[str, bool]:
    """Tell which kinds of families found something, and whether any did."""
    each = {
        name: any(one.holds for one in tests.families if one.kind == kind)
        for name, kind in KINDS.items()
    }
    return {"any": any(each.values()), **each}


def simulate(scenario: Scenario, samples: int) -> dict[str, object]:
    """Draw the samples of a scenario; count in how many something was found."""
    key = tuple(value for value in asdict(scenario).values() if isinstance(value, int))
    seed = np.random.SeedSequence(SEED, spawn_key=(*key, len(scenario.change)))
    rng = np.random.default_rng(seed)
    rows = [
        found(item_tests(publish(sample(scenario, rng), "q", list(GROUPS))))
        for _ in tqdm(range(samples), desc=str(scenario), leave=False)
    ]
    return {**asdict(scenario), "samples": samples, **pd.DataFrame(rows).mean().round(4)}


def main() -> None:
    """Run all scenarios, or those with the given places."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--only", type=int, nargs="*", help="places of scenarios, from 0")
    parser.add_argument("--output", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    chosen = range(len(SCENARIOS)) if arguments.only is None else arguments.only
    # What is done stands, as all of it takes an hour; an older table does until all is done.
    rows, part = [], arguments.output.with_suffix(".part.csv")
    for place in chosen:
        rows.append(simulate(SCENARIOS[place], arguments.samples))
        pd.DataFrame(rows).to_csv(part, index=False)
    part.replace(arguments.output)


if __name__ == "__main__":
    main()
