"""How often do 95 % intervals hold the truth where much of a finite population was asked?

Part of ``python benchmarks/coverage.py``; the results stand in ``finite_populations.csv``.

The population has a few hundred people whose answers at two waves are fixed; what is drawn is who
is asked. At the first wave these are a simple random sample of people, of people in strata, or of
PSUs that are taken whole. At the second some of them are lost, at random, and fresh ones may be
drawn from those who were not asked before. Nothing but the sampled fraction is left to chance, so
that an interval that takes the wrong one is too short or too long.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm import tqdm

import opinionpanel as op
from opinionpanel.estimates.about import About
from opinionpanel.estimates.intervals import confidence_limits
from opinionpanel.estimates.labels import label_rows
from opinionpanel.estimates.totals import tally, weighted_cells

RESULTS = Path(__file__).with_name("finite_populations.csv")
REPLICATIONS = 3_000
SEED = 20241121
STATES = ("approve", "unsure", "oppose")
PEOPLE, PSUS, PEOPLE_IN_PSU = 600, 60, 12
Booleans = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
QUANTITIES = ("later share", "change of share", "net change", "turnover")
SHARES = ("later share", "turnover")
FIELDS = ("value", "std_error", "df", "n", "n_effective")
ABOUT = About(measure="shares", title="coverage")
# Samples of each scenario in which the public measures are called too.
CHECKED = 3


@dataclass(frozen=True)
class Scenario:
    """What is drawn and lost.

    Attributes
    ----------
    drawn : {"people", "strata", "PSUs"}
        "strata": people in three, with the fraction and those on both sides of it.
    fraction : share of the population at the first wave
    lost : {"people", "PSUs"}
        Whether people are lost one by one or with their PSU.
    stay : share of those asked who stay
    fresh : whether as many new ones are drawn as were lost, as far as there are any
    variance : {"linearised", "jkn", "bootstrap"}
    """

    drawn: str
    fraction: float
    lost: str
    stay: float
    fresh: bool
    variance: str = "linearised"

    @property
    def row(self) -> dict[str, object]:
        """What identifies the scenario in the results."""
        return vars(self).copy()


FRACTIONS = (0.3, 0.6, 0.9)
SCENARIOS = [
    *(
        Scenario("people", fraction, "people", 0.6, fresh)
        for fraction in FRACTIONS
        for fresh in (False, True)
    ),
    Scenario("people", 0.5, "people", 0.2, True),
    Scenario("strata", 0.6, "people", 0.6, False),
    Scenario("strata", 0.6, "people", 0.6, True),
    *(
        Scenario("PSUs", fraction, "PSUs", 0.7, fresh)
        for fraction in FRACTIONS
        for fresh in (False, True)
    ),
    Scenario("people", 0.6, "people", 0.6, False, "bootstrap"),
    Scenario("PSUs", 0.6, "PSUs", 0.7, True, "jkn"),
    *(Scenario("PSUs", fraction, "people", 0.7, False) for fraction in FRACTIONS),
]


def population_of(scenario: Scenario, rng: np.random.Generator) -> pd.DataFrame:
    """Fix everyone's answers at both waves, their stratum and PSU, and the populations."""
    clustered = scenario.drawn == "PSUs"
    people = PSUS * PEOPLE_IN_PSU if clustered else PEOPLE
    psu = np.arange(people) // PEOPLE_IN_PSU
    stratum = np.arange(people) % 3 if scenario.drawn == "strata" else np.zeros(people, dtype=int)
    leaning = rng.normal(0, 0.4, PSUS)[psu] if clustered else 0.4 * stratum
    first = rng.standard_normal(people)
    second = 0.7 * first + np.sqrt(1 - 0.7**2) * rng.standard_normal(people)
    states = np.array(STATES)
    size = PSUS if clustered else np.bincount(stratum)[stratum]
    return pd.DataFrame(
        {
            "person": np.arange(people),
            "stratum": stratum,
            "unit": psu if clustered else np.arange(people),
            "size": size,
            "t1": states[np.digitize(first + leaning, [-0.2, 0.5])],
            "t2": states[np.digitize(second + leaning, [-0.1, 0.6])],
        }
    )


def asked_of(
    scenario: Scenario, population: pd.DataFrame, rng: np.random.Generator
) -> tuple[Booleans, Booleans]:
    """Draw who is asked at the first wave, and at the second."""
    unit, stratum = population["unit"].to_numpy(), population["stratum"].to_numpy()
    stratum_of = np.zeros(unit.max() + 1, dtype=int)
    stratum_of[unit] = stratum
    first = np.zeros(len(stratum_of), dtype=bool)
    second = np.zeros(len(stratum_of), dtype=bool)
    for h in np.unique(stratum_of):
        order = rng.permutation(np.flatnonzero(stratum_of == h))
        fraction = scenario.fraction + 0.3 * (h - 1) * (scenario.drawn == "strata")
        many = round(fraction * len(order))
        stay = round(scenario.stay * many) if scenario.lost == scenario_unit(scenario) else many
        first[order[:many]] = True
        second[order[:stay]] = True
        if scenario.fresh:
            second[order[many : 2 * many - stay]] = True
    one, two = first[unit], second[unit]
    if scenario.lost != scenario_unit(scenario):
        two = two & (rng.random(len(unit)) < scenario.stay)
    return one, two


def scenario_unit(scenario: Scenario) -> str:
    """Name the units that are drawn."""
    return "PSUs" if scenario.drawn == "PSUs" else "people"


def panel_of(
    scenario: Scenario, population: pd.DataFrame, asked: tuple[Booleans, Booleans]
) -> op.Panel:
    """Link those who were asked."""
    item = op.Item("answer", {state: [state] for state in STATES})
    stratum = "stratum" if scenario.drawn == "strata" else None
    psu = "unit" if scenario.drawn == "PSUs" else None
    design: op.Design = op.Design(weight="weight", stratum=stratum, psu=psu, fpc="size")
    waves = {
        wave: population[there]
        .rename(columns={wave: "answer"})
        .assign(weight=weight_of(population, there)[there])
        for wave, there in zip(("t1", "t2"), asked, strict=True)
    }
    declared = design
    if scenario.variance != "linearised":
        options = {"replicates": 200} if scenario.variance == "bootstrap" else {}
        declared = design.as_replicates(scenario.variance, **options)
    return op.Panel.from_waves(waves, person="person", items={"support": item}, design=declared)


def weight_of(population: pd.DataFrame, asked: Booleans) -> Floats:
    """Weigh the units of each stratum up to their number in the population; 0 for the others."""
    stratum = population["stratum"].to_numpy()
    units = population[asked].groupby("stratum")["unit"].nunique()
    number = np.bincount(units.index, units, minlength=stratum.max() + 1)
    return np.where(asked, population["size"].to_numpy() / number[stratum], 0.0)


def drawn_panels(
    scenario: Scenario, population: pd.DataFrame
) -> Callable[[tuple[Booleans, Booleans]], op.Panel]:
    """Return what makes the panel of those asked, from one of everybody where that will do."""
    if scenario.variance != "linearised":
        return lambda asked: panel_of(scenario, population, asked)
    everyone = np.ones(len(population), dtype=bool)
    whole = panel_of(scenario, population, (everyone, everyone))
    answers = np.asarray(whole.answers["support"])

    def of_asked(asked: tuple[Booleans, Booleans]) -> op.Panel:
        present = np.stack(asked)
        weights = {
            wave: weight_of(population, here) for wave, here in zip(whole.waves, asked, strict=True)
        }
        return replace(
            whole,
            present=present,
            answers={"support": np.where(present, answers, -3)},
            weights=weights,
        )

    return of_asked


# From one tally: states at the first wave, at the second, and moves. What is counted, within whom.
T1, T2, PAIR = np.arange(3), np.arange(3, 6), np.arange(6, 15)
RATIOS = [
    ([5], T2),
    ([2], T1),
    ([8, 11, 14], PAIR),
    ([12, 13, 14], PAIR),
    ([7, 8, 9, 11, 12, 13], PAIR),
]


def measured(panel: op.Panel) -> Floats:
    """Estimate the quantities, shape (FIELDS, quantities), by the steps that the measures take."""
    first, second = np.asarray(panel.answers["support"]).astype(np.int64)
    codes = [first, second, np.where((first >= 0) & (second >= 0), 3 * first + second, -1)]
    codes = [np.maximum(code, -1) for code in codes]
    weights = [panel.weight("t1"), panel.weight("t2"), panel.weight("t1", "t2")]
    variables = [
        weighted_cells(code, weight, label_rows({"cell": cells}))
        for code, weight, cells in zip(codes, weights, (T1, T2, PAIR), strict=True)
    ]
    parts = np.zeros((2 * len(RATIOS), 15), dtype=bool)
    for place, (inside, domain) in enumerate(RATIOS):
        parts[2 * place, inside] = True
        parts[2 * place + 1, np.setdiff1d(domain, inside)] = True
    labels = label_rows({"ratio": np.repeat(np.arange(len(RATIOS)), 2).tolist()})
    shares = tally(panel.sampling, variables).combine(parts, labels).shares(["ratio"], ABOUT)
    contrasts = np.zeros((2, len(parts)))
    contrasts[0, [0, 2]] = contrasts[1, [4, 6]] = 1.0, -1.0
    changes = shares.contrast(contrasts, pd.DataFrame({"change": [0, 1]}))
    rows = [(shares, 0), (changes, 0), (changes, 1), (shares, 8)]
    return np.array([[getattr(part, name)[row] for part, row in rows] for name in FIELDS])


def measured_in_public(panel: op.Panel) -> Floats:
    """Estimate the same by the public measures, as a check."""
    shares = op.shares(panel, "support").select(state="oppose")
    parts = [
        shares.select(wave="t2"),
        shares.difference("wave", "t2", minus="t1"),
        op.net_change(panel, "support").select(state="oppose"),
        op.turnover(panel, "support").select(component="total"),
    ]
    return np.array([[getattr(part, name)[0] for part in parts] for name in FIELDS])


def truths(population: pd.DataFrame) -> list[float]:
    """Work the quantities out over the whole population."""
    oppose = (population[["t1", "t2"]] == "oppose").mean()
    change = oppose["t2"] - oppose["t1"]
    return [oppose["t2"], change, change, (population["t1"] != population["t2"]).mean()]


def simulate(scenario: Scenario, replications: int) -> pd.DataFrame:
    """Draw the samples of a scenario; count how often each interval holds the truth."""
    rng = np.random.default_rng([SEED, SCENARIOS.index(scenario)])
    population = population_of(scenario, rng)
    draw = drawn_panels(scenario, population)
    for _ in range(CHECKED):
        asked = asked_of(scenario, population, rng)
        public = measured_in_public(panel_of(scenario, population, asked))
        # Under replicates a ratio is not quite the same where other samples stand beside it.
        near = 1e-9 if scenario.variance == "linearised" else 5e-3
        np.testing.assert_allclose(measured(draw(asked)), public, rtol=near, atol=1e-12)
    found = np.empty((replications, len(FIELDS), len(QUANTITIES)))
    for place in tqdm(range(replications), desc=str(scenario.row), leave=False):
        found[place] = measured(draw(asked_of(scenario, population, rng)))
    rows = []
    for place, (name, truth) in enumerate(zip(QUANTITIES, truths(population), strict=True)):
        numbers = dict(zip(FIELDS, found[:, :, place].T, strict=True))
        share = np.full(replications, name in SHARES)
        low, high = confidence_limits("logit", 0.95, share=share, **numbers)
        held = np.mean((low <= truth) & (truth <= high))
        rows.append(
            {
                **scenario.row,
                "quantity": name,
                "truth": truth,
                "mean_estimate": numbers["value"].mean(),
                "true_error": numbers["value"].std(),
                "mean_error": np.sqrt(np.mean(numbers["std_error"] ** 2)),
                "coverage": held,
                "mc_error": np.sqrt(held * (1 - held) / replications),
                "replications": replications,
            }
        )
    return pd.DataFrame(rows)


def run(replications: int = REPLICATIONS, output: Path = RESULTS) -> None:
    """Run all scenarios; after each, write what is there."""
    results: list[pd.DataFrame] = []
    for scenario in SCENARIOS:
        # Replicates take longer.
        number = replications if scenario.variance == "linearised" else replications // 2
        results.append(simulate(scenario, number))
        pd.concat(results).to_csv(output, index=False, float_format="%.6g")
        coverage = results[-1]["coverage"].round(3).tolist()
        print(scenario.row, coverage, flush=True)


if __name__ == "__main__":
    run()
