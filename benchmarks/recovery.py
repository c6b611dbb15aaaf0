"""Does the latent Markov model find what is there? A simulation with a known truth.

Run as ``python benchmarks/recovery.py``; the results stand in ``recovery.csv`` beside it.

1,000 people answer at four waves, in three states. Behind the answers stands a latent Markov chain
with constant transitions; with response error, some answers are not the latent state. *Change*
has all parameters inside (0, 1). *No change* has the same response error, and nobody ever changes
latent state: what is observed to change is error alone, and the true parameters lie on the
boundary. Every sample is fitted by the public function, from random starts that know nothing of
the truth; in the first samples of *change* the maximum that a climb from the truth reaches is
compared.
"""

import argparse
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm import tqdm

import opinionpanel as op
from opinionpanel.models.expectation import climb
from opinionpanel.models.latent_chain import LatentMarkov, latent_markov
from opinionpanel.models.likelihood import Chain, PathTable

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SEED = 20241120
PEOPLE, WAVES = 1_000, 4
REPLICATIONS, STARTS = 500, 5
# Samples of *change* in which a climb from the truth is compared.
FROM_TRUTH = 50
RESULTS = Path(__file__).with_name("recovery.csv")
STATES = ("approve", "unsure", "oppose")
CHAIN = Chain(len(STATES), len(STATES), WAVES, True)


@dataclass(frozen=True, eq=False)
class Scenario:
    """What is true: initial shares, response probabilities by latent state, transitions."""

    name: str
    initial: Floats
    response: Floats
    transitions: Floats

    @property
    def vector(self) -> Floats:
        """The parameters as one vector."""
        return np.concatenate([self.initial, self.response.ravel(), self.transitions.ravel()])

    @property
    def truth(self) -> dict[str, Floats]:
        """True values, in the order of the estimates; observed turnover follows from them."""
        now = self.initial
        observed, true = [], []
        for _ in range(WAVES - 1):
            pairs = now[:, None] * self.transitions
            true.append(1 - np.trace(pairs))
            observed.append(1 - np.trace(self.response.T @ pairs @ self.response))
            now = now @ self.transitions
        return {
            "initial": self.initial,
            "response": self.response.ravel(),
            "transitions": self.transitions.ravel(),
            "turnover": np.array([observed, true]).ravel(),
        }


INITIAL = np.array([0.45, 0.25, 0.30])
RESPONSE = np.array([[0.88, 0.08, 0.04], [0.10, 0.80, 0.10], [0.04, 0.08, 0.88]])
TRANSITIONS = np.array([[0.88, 0.08, 0.04], [0.12, 0.76, 0.12], [0.04, 0.10, 0.86]])
SCENARIOS = [
    Scenario("change", INITIAL, RESPONSE, TRANSITIONS),
    Scenario("no change", INITIAL, RESPONSE, np.eye(3)),
]


def draw(scenario: Scenario, rng: np.random.Generator) -> Integers:
    """Draw the answers of all people, shape (waves, people)."""
    latent = _drawn(np.tile(scenario.initial, (PEOPLE, 1)), rng)
    answers = []
    for _ in range(WAVES):
        answers.append(_drawn(scenario.response[latent], rng))
        latent = _drawn(scenario.transitions[latent], rng)
    return np.array(answers)


def _drawn(probabilities: Floats, rng: np.random.Generator) -> Integers:
    """Draw one category for each row."""
    below = probabilities.cumsum(axis=1) < rng.random((len(probabilities), 1))
    return below.sum(axis=1).clip(max=len(STATES) - 1)


def make_panel(answers: Integers) -> op.Panel:
    """Build the panel of the first sample; later ones replace its answers."""
    names = [f"w{wave + 1}" for wave in range(WAVES)]
    table = pd.DataFrame(np.array(STATES)[answers].T, columns=names)
    item = op.Item({name: name for name in names}, {state: [state] for state in STATES})
    return op.Panel.from_wide(table, items={"support": item})


def figures(fit: LatentMarkov) -> pd.DataFrame:
    """List all estimates of a fit, with intervals."""
    frames = [
        getattr(fit, kind).to_frame().assign(kind=kind)
        for kind in ("initial", "response", "transitions", "turnover")
    ]
    return pd.concat(frames, ignore_index=True)


def from_truth(scenario: Scenario, answers: Integers) -> float:
    """Log-likelihood that a climb from the truth reaches."""
    steps, counts = np.unique(answers.T, axis=0, return_counts=True)
    return climb(CHAIN, PathTable(steps, counts.astype(np.float64)), scenario.vector).loglik


def simulate(scenario: Scenario, replications: int, place: int) -> pd.DataFrame:
    """Fit all samples of a scenario, and sum up each quantity."""
    rng = np.random.default_rng([SEED, place])
    panel = make_panel(draw(scenario, rng))
    found, reached, arrived, behind = [], [], [], 0
    for replication in tqdm(range(replications), desc=scenario.name, leave=False):
        answers = draw(scenario, rng)
        panel = replace(panel, answers={"support": answers.astype(np.int8)})
        fit = latent_markov(panel, "support", starts=STARTS, seed=replication)
        found.append(figures(fit)[["estimate", "std_error", "conf_low", "conf_high"]].to_numpy())
        reached.append(fit.reached)
        arrived.append(fit.fits["arrived"].all())
        if scenario.name == "change" and replication < FROM_TRUTH:
            behind += from_truth(scenario, answers) > fit.loglik + 1e-4
    if scenario.name == "change":
        print(f"{behind} of {min(FROM_TRUTH, replications)} climbs from the truth end higher")
    return summarise(scenario, figures(fit), np.array(found)).assign(
        replications=replications, reached=np.mean(reached), arrived=np.mean(arrived)
    )


def summarise(scenario: Scenario, labels: pd.DataFrame, found: Floats) -> pd.DataFrame:
    """Sum up the samples, one row for each quantity; `found` is (samples, quantities, 4)."""
    estimate, error, low, high = np.moveaxis(found, 2, 0)
    truth = np.concatenate(list(scenario.truth.values()))
    has = np.isfinite(low) & np.isfinite(high)
    held = np.where(has, (low <= truth) & (truth <= high), np.nan)
    some = has.any(axis=0)
    coverage = np.full(len(truth), np.nan)
    coverage[some] = np.nanmean(held[:, some], axis=0)
    mean_error = np.full(len(truth), np.nan)
    mean_error[some] = np.sqrt(np.nanmean(error[:, some] ** 2, axis=0))
    return pd.DataFrame(
        {
            "scenario": scenario.name,
            "kind": labels["kind"],
            "quantity": [_name(row) for _, row in labels.iterrows()],
            "truth": truth,
            "mean_estimate": estimate.mean(axis=0),
            "bias": estimate.mean(axis=0) - truth,
            "spread": estimate.std(axis=0, ddof=1),
            "mean_std_error": mean_error,
            "no_interval": 1 - has.mean(axis=0),
            "coverage": coverage,
            "mc_error": np.sqrt(coverage * (1 - coverage) / np.maximum(has.sum(axis=0), 1)),
        }
    )


def _name(row: "pd.Series[str]") -> str:
    """Name a quantity by its labels."""
    columns = {
        "initial": ["latent"],
        "response": ["latent", "state"],
        "transitions": ["from_latent", "to_latent"],
        "turnover": ["component", "from_wave", "to_wave"],
    }[row["kind"]]
    return " → ".join(row[column] for column in columns)


def main() -> None:
    """Run the scenarios and write what they give."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--output", type=Path, default=RESULTS, help="default: %(default)s")
    options = parser.parse_args()
    results = []
    for place, scenario in enumerate(SCENARIOS):
        start = time.perf_counter()
        results.append(simulate(scenario, options.replications, place))
        pd.concat(results).to_csv(options.output, index=False, float_format="%.6g")
        print(f"{time.perf_counter() - start:6.1f} s  {scenario.name}", flush=True)


if __name__ == "__main__":
    main()
