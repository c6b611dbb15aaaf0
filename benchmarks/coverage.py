"""How often do nominal 95 % intervals hold the true value? A simulation with a known truth.

Run as ``python benchmarks/coverage.py``; the results stand in ``coverage.csv`` beside it, and those
of finite populations, from ``finite_populations.py``, in a file of that name.

The population is infinite and its shares are known exactly. Everyone has a leaning at each of two
waves, normal with a part for the stratum, the group, the PSU, the person's way into the sample and
chance. Two thresholds at each wave turn it into approve, unsure or oppose. A sample takes as many
PSUs in each stratum and as many people in each PSU. Strata are sampled at different rates, and
people who lean to oppose join more readily, so the weights are unequal and estimates without them
biased. Some answers at the second wave are missing at random.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import finite_populations
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, stats
from tqdm import tqdm

import opinionpanel as op
from opinionpanel.estimates.about import About
from opinionpanel.estimates.intervals import confidence_limits
from opinionpanel.estimates.labels import Labels, label_rows
from opinionpanel.estimates.totals import tally, weighted_cells

Floats = npt.NDArray[np.float64]

SEED = 20241120
REPLICATIONS = 5_000
# Samples of each scenario in which the public measures are called too.
CHECKED = 5
RESULTS = Path(__file__).with_name("coverage.csv")
STATES = ("approve", "unsure", "oppose")
INTERVALS = ("logit", "beta", "wilson", "wald")
FIELDS = ("value", "std_error", "df", "n", "n_effective")
MEASURED = ("share", "stayers", "newcomers", "flow", "turnover")

# The parts of a leaning; that of chance has variance 1. With these, 8 % of the variance of the
# leaning lies between the PSUs of a stratum.
STRATUM, GROUP, PSU, JOINING = 0.4, 0.3, 0.32, 0.4
# How alike the two waves are in what is left to PSUs and to chance.
PSU_AGAIN, CHANCE_AGAIN = 0.8, 0.6
# The weights: their spread within strata (the standard deviation of their logarithm) and between.
WEIGHT_SPREAD, STRATUM_WEIGHTS = 0.5, (0.6, 1.4)
MISSING = 0.15


@dataclass(frozen=True)
class Scenario:
    """A design and the share of *oppose* at the second wave; `psus` 0 are people as PSUs."""

    strata: int
    psus: int
    n: int
    p: float
    variance: str = "linearised"

    @property
    def seed(self) -> np.random.SeedSequence:
        """The same samples whatever the variance is estimated by."""
        key = (self.strata, self.psus, self.n, round(1000 * self.p))
        return np.random.SeedSequence(SEED, spawn_key=key)

    @property
    def row(self) -> dict[str, object]:
        """What identifies the scenario in the results."""
        return {
            "variance": self.variance,
            "strata": self.strata,
            "psus": self.psus,
            "n": self.n,
            "p": self.p,
        }


SHARES = (0.02, 0.05, 0.10, 0.30, 0.50)
DESIGNS = ((4, 8, 200), (4, 8, 1_000), (5, 20, 460), (10, 60, 1_020), (20, 200, 3_000), (4, 0, 461))
SCENARIOS = [
    *(Scenario(*design, p) for design, p in product(DESIGNS, SHARES)),
    *(Scenario(5, 20, 460, p, "jackknife") for p in (0.02, 0.30)),
]


@dataclass(frozen=True, eq=False)
class Population:
    """Thresholds of the leaning and the true shares.

    Attributes
    ----------
    thresholds : two for each wave, shape (2, 2)
    middle : mean leaning *in the sample* by stratum and group, shape (strata, 2)
    weight : share of the population by stratum, shape (strata,)
    truth : quantity to true value
    """

    thresholds: Floats
    middle: Floats
    weight: Floats
    truth: dict[str, float]


def make_population(scenario: Scenario) -> Population:
    """Set the thresholds so that *oppose* has its share, and work out everything else."""
    strata = scenario.strata
    middle = np.add.outer(np.linspace(-STRATUM, STRATUM, strata), [0.0, GROUP])
    weight = np.linspace(*STRATUM_WEIGHTS, strata) / strata
    spread = np.sqrt(1 + PSU**2 + JOINING**2)
    # Weights exp(sz) turn z ~ N(0, 1) among the people who join into N(s, 1) in the population.
    mean = (middle + JOINING * WEIGHT_SPREAD) / spread

    def below(threshold: float) -> float:
        return float(weight @ stats.norm.cdf(threshold - mean).mean(axis=1))

    def threshold_of(share: float) -> float:
        return float(optimize.brentq(lambda x: below(x) - share, -10, 10, xtol=1e-13))

    oppose = np.array([scenario.p + 0.3 * scenario.p * (1 - scenario.p), scenario.p])
    thresholds = np.array([[threshold_of(0.6 * (1 - q)), threshold_of(1 - q)] for q in oppose])
    again = (CHANCE_AGAIN + PSU**2 * PSU_AGAIN + JOINING**2) / spread**2
    tables = np.array([[_table(thresholds - one, again) for one in row] for row in mean])
    by_group = np.tensordot(weight, tables, axes=1)
    joint = by_group.mean(axis=0)
    first, second = joint.sum(axis=1), joint.sum(axis=0)
    groups = by_group[:, :, 2].sum(axis=1)
    truth = {
        "share": second[2],
        "stayers": joint[2, 2] / first[2],
        "newcomers": joint[1, 2] / first[1],
        "flow": joint[1, 2],
        "turnover": 1 - np.trace(joint),
        "change of share": second[2] - first[2],
        "net change": second[2] - first[2],
        "difference of groups": groups[1] - groups[0],
        "difference of flows": joint[1, 2] - joint[2, 1],
    }
    return Population(thresholds * spread, middle, weight, {k: float(v) for k, v in truth.items()})


def _table(thresholds: Floats, correlation: float) -> Floats:
    """Joint probabilities of the states at two waves, from a bivariate normal leaning."""
    normal = stats.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]])
    below = np.zeros((4, 4))
    below[3, 3] = 1.0
    below[1:3, 3], below[3, 1:3] = stats.norm.cdf(thresholds)
    for i, j in product((0, 1), (0, 1)):
        below[i + 1, j + 1] = normal.cdf([thresholds[0, i], thresholds[1, j]])
    return np.diff(np.diff(below, axis=0), axis=1)


@dataclass(frozen=True, eq=False)
class Sampler:
    """Draws the answers and weights of one scenario; who is in which stratum and PSU is fixed."""

    scenario: Scenario
    population: Population
    stratum: npt.NDArray[np.int64]
    psu: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]

    def draw(self, rng: np.random.Generator) -> tuple[npt.NDArray[np.int8], Floats]:
        """Answers, shape (2, people), -1 for none; and weights, shape (people,)."""
        people = len(self.psu)
        joining = rng.standard_normal(people)
        fixed = self.population.middle[self.stratum, self.group] + JOINING * joining
        of_psu = PSU * _twice(rng, self.psu.max() + 1, PSU_AGAIN)[:, self.psu]
        leaning = fixed + of_psu + _twice(rng, people, CHANCE_AGAIN)
        answers = (leaning[:, :, None] > self.population.thresholds[:, None, :]).sum(axis=2)
        answers[1, rng.random(people) < MISSING] = -1
        weight = self.population.weight[self.stratum] * np.exp(WEIGHT_SPREAD * joining)
        return answers.astype(np.int8), weight


def _twice(rng: np.random.Generator, size: int, correlation: float) -> Floats:
    """Standard normal numbers at two waves, correlated between them."""
    first, new = rng.standard_normal((2, size))
    return np.array([first, correlation * first + np.sqrt(1 - correlation**2) * new])


def make_sampler(scenario: Scenario) -> Sampler:
    """Place the people: PSUs and people as evenly as the numbers allow."""
    person = np.arange(scenario.n)
    psus = scenario.psus or scenario.n
    psu = person * psus // scenario.n
    stratum = psu * scenario.strata // psus
    return Sampler(scenario, make_population(scenario), stratum, psu, person % 2)


def make_panel(sampler: Sampler, answers: npt.NDArray[np.int8], weight: Floats) -> op.Panel:
    """Build the panel of the first sample; later ones replace its answers and weights."""
    names = np.array([*STATES, None], dtype=object)
    table = pd.DataFrame(
        {
            "w1": names[answers[0]],
            "w2": names[answers[1]],
            "weight": weight,
            "stratum": sampler.stratum,
            "psu": sampler.psu,
            "group": np.array(["a", "b"])[sampler.group],
        }
    )
    item = op.Item({"w1": "w1", "w2": "w2"}, {state: [state] for state in STATES})
    design: op.Design | op.ReplicateDesign = op.Design(
        weight="weight", stratum="stratum", psu="psu" if sampler.scenario.psus else None
    )
    if sampler.scenario.variance == "jackknife":
        factors, rscales = jackknife(sampler)
        columns = {f"rep_{i}": weight * factor for i, factor in enumerate(factors.T)}
        table = table.join(pd.DataFrame(columns))
        design = op.ReplicateDesign(
            weight="weight", replicates="rep_*", scale=1.0, rscales=rscales.tolist(), kind="JKn"
        )
    return op.Panel.from_wide(table, items={"support": item}, groups=["group"], design=design)


def jackknife(sampler: Sampler) -> tuple[Floats, Floats]:
    """JKn factors, shape (people, PSUs), and rscales: each replicate leaves out one PSU."""
    psus = np.arange(sampler.psu.max() + 1)
    of_psu = sampler.stratum[np.searchsorted(sampler.psu, psus)]
    sampled = np.bincount(of_psu)[of_psu]
    same = sampler.stratum[:, None] == of_psu
    factors = np.where(same, sampled / (sampled - 1), 1.0)
    factors[sampler.psu[:, None] == psus] = 0.0
    return factors, (sampled - 1) / sampled


def draw_panels(sampler: Sampler, rng: np.random.Generator) -> Callable[[], op.Panel]:
    """Return what draws a sample and puts it into the panel."""
    panel = make_panel(sampler, *sampler.draw(rng))
    assert panel.groups["group"].codes.tolist() == sampler.group.tolist(), "people changed places"
    factors = jackknife(sampler)[0] if panel.replicates else None

    def draw() -> op.Panel:
        answers, weight = sampler.draw(rng)
        waves = ("w1", "w2")
        replicates = {} if factors is None else dict.fromkeys(waves, factors * weight[:, None])
        return replace(
            panel,
            answers={"support": answers},
            weights=dict.fromkeys(waves, weight),
            replicates=replicates,
        )

    return draw


# Every quantity from one tally: what is counted, and within whom. Cells of the tally are, in this
# order, group × state at the first wave, group × state at the second, origin × destination.
W1, W2, PAIR = np.arange(6), np.arange(6, 12), np.arange(12, 21)
RATIOS = {
    "share": ([8, 11], W2),
    "stayers": ([20], [18, 19, 20]),
    "newcomers": ([17], [15, 16, 17]),
    "flow": ([17], PAIR),
    "turnover": ([13, 14, 15, 17, 18, 19], PAIR),
    "share before": ([2, 5], W1),
    "origin": ([18, 19, 20], PAIR),
    "destination": ([14, 17, 20], PAIR),
    "share in group a": ([8], [6, 7, 8]),
    "share in group b": ([11], [9, 10, 11]),
    "opposite flow": ([19], PAIR),
}
DIFFERENCES = {
    "change of share": ("share", "share before"),
    "net change": ("destination", "origin"),
    "difference of groups": ("share in group b", "share in group a"),
    "difference of flows": ("flow", "opposite flow"),
}


def _fixed() -> tuple[list[Labels], npt.NDArray[np.bool_], Labels, Floats]:
    """Labels and matrices of `estimate`, the same in every sample."""
    tallied = [label_rows({"cell": cells}) for cells in (W1, W2, PAIR)]
    parts = np.zeros((2 * len(RATIOS), 21), dtype=bool)
    for place, (inside, domain) in enumerate(RATIOS.values()):
        parts[2 * place, inside] = True
        parts[2 * place + 1, np.setdiff1d(domain, inside)] = True
    # Numbers, which are faster to group than names.
    labels = label_rows({"ratio": np.repeat(np.arange(len(RATIOS)), 2).tolist()})
    matrix = np.zeros((len(DIFFERENCES), len(parts)))
    names = list(RATIOS)
    for row, (of, minus) in enumerate(DIFFERENCES.values()):
        matrix[row, [2 * names.index(of), 2 * names.index(minus)]] = 1.0, -1.0
    return tallied, parts, labels, matrix


TALLIED, PARTS, LABELS, CONTRASTS = _fixed()
ABOUT = About(measure="shares", title="coverage")
DIFFERENCE_LABELS = pd.DataFrame({"difference": list(DIFFERENCES)})


def estimate(panel: op.Panel) -> Floats:
    """Estimate all quantities, shape (FIELDS, quantities), by the steps the measures take.

    The measures would tally six times, and most of their time would go into labels.
    """
    group = panel.groups["group"].codes
    first, second = panel.answers["support"].astype(np.int64)
    codes = [
        3 * group + first,
        np.where(second >= 0, 3 * group + second, -1),
        np.where(second >= 0, 3 * first + second, -1),
    ]
    weight = panel.weight("w2")
    variables = [
        weighted_cells(code, weight, labels) for code, labels in zip(codes, TALLIED, strict=True)
    ]
    totals = tally(panel.sampling, variables)
    shares = totals.combine(PARTS, LABELS).shares(["ratio"], ABOUT)
    changes = shares.contrast(CONTRASTS, DIFFERENCE_LABELS)
    wanted = np.arange(0, 2 * len(MEASURED), 2)
    return np.array(
        [np.append(getattr(shares, name)[wanted], getattr(changes, name)) for name in FIELDS]
    )


def measure(panel: op.Panel) -> Floats:
    """Estimate the same by the public measures, as a check."""
    shares, flows = op.shares(panel, "support"), op.flows(panel, "support")
    by_group = op.shares(panel, "support", waves=["w2"], by="group")
    moves = op.transitions(panel, "support").select(destination="oppose")
    there = flows.select(origin="unsure", destination="oppose")
    parts = [
        shares.select(wave="w2", state="oppose"),
        moves.select(origin="oppose"),
        moves.select(origin="unsure"),
        there,
        op.turnover(panel, "support").select(component="total"),
        shares.select(state="oppose").difference("wave", "w2", minus="w1"),
        op.net_change(panel, "support").select(state="oppose"),
        by_group.select(state="oppose").difference("group", "b", minus="a"),
        flows.contrast(np.array([[0, 0, 0, 0, 0, 1, 0, -1, 0]]), there.labels),
    ]
    return np.array([[getattr(part, name)[0] for part in parts] for name in FIELDS])


def simulate(scenario: Scenario, replications: int) -> pd.DataFrame:
    """Draw the samples of a scenario; count how often each interval holds the truth."""
    sampler = make_sampler(scenario)
    draw = draw_panels(sampler, np.random.default_rng(scenario.seed))
    panels = [draw() for _ in range(CHECKED)]
    for panel in panels:
        np.testing.assert_allclose(estimate(panel), measure(panel), rtol=1e-9, atol=1e-12)
    found = np.empty((replications, len(FIELDS), len(sampler.population.truth)))
    for replication in tqdm(range(replications), desc=str(scenario.row), leave=False):
        found[replication] = estimate(draw())
    rows = []
    for place, (name, truth) in enumerate(sampler.population.truth.items()):
        is_share = name in MEASURED
        # Changes have Wald limits, whatever interval is asked for.
        for interval in INTERVALS if is_share else ("wald",):
            numbers = dict(zip(FIELDS, found[:, :, place].T, strict=True))
            share = np.full(replications, is_share)
            limits = confidence_limits(interval, 0.95, share=share, **numbers)
            counted = count(truth, *limits, **numbers)
            rows.append({**scenario.row, "quantity": name, "interval": interval, **counted})
    return pd.DataFrame(rows)


def count(
    truth: float, low: Floats, high: Floats, *, value: Floats, df: Floats, n: Floats, **_: Floats
) -> dict[str, float]:
    """Sum up one interval of one quantity over all samples; samples without one are set apart."""
    has = np.isfinite(low) & np.isfinite(high)
    low, high = low[has], high[has]
    held = np.mean((low <= truth) & (truth <= high))
    return {
        "truth": truth,
        "mean_estimate": np.nanmean(value),
        "mean_n": n.mean(),
        "mean_df": df.mean(),
        "zero": np.mean(value == 0),
        "no_interval": np.mean(~has),
        "coverage": held,
        "mc_error": np.sqrt(held * (1 - held) / has.sum()),
        "too_low": np.mean(high < truth),
        "too_high": np.mean(low > truth),
        "width": np.mean(high - low),
        "replications": len(has),
    }


def main() -> None:
    """Run all scenarios; after each, write what is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--output", type=Path, default=RESULTS, help="default: %(default)s")
    parser.add_argument(
        "--resume", action="store_true", help="keep the scenarios that the output already holds"
    )
    options = parser.parse_args()
    results = [pd.read_csv(options.output)] if options.resume and options.output.exists() else []
    identity = list(SCENARIOS[0].row)
    done = {tuple(row) for frame in results for row in frame[identity].to_numpy().tolist()}
    for scenario in SCENARIOS:
        if tuple(scenario.row.values()) in done:
            continue
        start = time.perf_counter()
        results.append(simulate(scenario, options.replications))
        pd.concat(results).to_csv(options.output, index=False, float_format="%.6g")
        print(f"{time.perf_counter() - start:6.1f} s  {scenario.row}", flush=True)
    finite_populations.run()


if __name__ == "__main__":
    main()
