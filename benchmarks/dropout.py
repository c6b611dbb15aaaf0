"""Do attrition weights and `missing_at_random` remove the bias of drop-out? A known population.

Run as ``python benchmarks/dropout.py``; the results stand in ``dropout.csv`` beside it.

The population is infinite and its flows are known exactly. Half of the people belong to each of two
groups, and half of the PSUs to each of two kinds, which start from other states; where people go
depends on their state and group. A sample has 25 PSUs of 40 people, with unequal weights that have
nothing to do with the answers. People drop out by chance, by state, by state and group, or, which
is not missing at random, because they changed.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from tqdm import tqdm

import opinionpanel as op
from opinionpanel.estimates.estimates import Estimates
from opinionpanel.models.missing_answers import missing_at_random
from opinionpanel.weighting.against_dropout import attrition_weights

Floats = npt.NDArray[np.float64]

SEED = 20241121
REPLICATIONS = 300
RESULTS = Path(__file__).with_name("dropout.csv")
STATES = ("approve", "unsure", "oppose")
PSUS, PEOPLE = 25, 40
WEIGHT_SPREAD = 0.4

# Shares of the states at the first wave by group and kind of PSU, and the transitions by group.
FIRST = np.array(
    [[[0.55, 0.30, 0.15], [0.40, 0.30, 0.30]], [[0.40, 0.40, 0.20], [0.25, 0.40, 0.35]]]
)
MOVES = np.array(
    [
        [[0.85, 0.10, 0.05], [0.20, 0.65, 0.15], [0.05, 0.10, 0.85]],
        [[0.65, 0.25, 0.10], [0.30, 0.45, 0.25], [0.10, 0.25, 0.65]],
    ]
)
# Log odds of staying: the average, by state, for group b, and for those who changed.
DROP_OUT = {
    "by chance": (0.8, (0.0, 0.0, 0.0), 0.0, 0.0),
    "by state": (0.8, (1.2, -1.0, 0.0), 0.0, 0.0),
    "by state and group": (1.2, (1.0, -0.8, 0.0), -1.4, 0.0),
    "by change": (1.2, (0.0, 0.0, 0.0), 0.0, -1.2),
}
JOINT = FIRST.mean(axis=1)[:, :, None] * MOVES
STAY = np.eye(3, dtype=bool).ravel()
CONTRASTS = np.array([~STAY, np.tile([True, False, False], 3)], dtype=float)
TRUTH = {
    "turnover": float(JOINT.mean(axis=0).ravel() @ CONTRASTS[0]),
    "approve later": float(JOINT.mean(axis=0).ravel() @ CONTRASTS[1]),
    "turnover in group b": float(JOINT[1].ravel() @ CONTRASTS[0]),
}


@dataclass(frozen=True, eq=False)
class Sample:
    """The people of one sample: group, state before and after, weight, and who stayed."""

    group: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    weight: Floats
    stayed: npt.NDArray[np.bool_]


def draw(rng: np.random.Generator, drop_out: str) -> Sample:
    """Draw a sample; PSUs are blocks of people."""
    people = PSUS * PEOPLE
    kind = np.repeat(rng.integers(0, 2, PSUS), PEOPLE)
    group = rng.integers(0, 2, people)
    first = _drawn(rng, FIRST[group, kind])
    second = _drawn(rng, MOVES[group, first])
    middle, by_state, by_group, by_change = DROP_OUT[drop_out]
    odds = middle + np.array(by_state)[first] + by_group * group + by_change * (first != second)
    stayed = rng.random(people) < 1 / (1 + np.exp(-odds))
    weight = np.exp(WEIGHT_SPREAD * rng.standard_normal(people))
    return Sample(group, first, second, weight, stayed)


def _drawn(rng: np.random.Generator, shares: Floats) -> npt.NDArray[np.int64]:
    return (rng.random(len(shares))[:, None] > shares.cumsum(axis=1)[:, :2]).sum(axis=1)


def make_panel(sample: Sample, *, jackknife: bool) -> op.Panel:
    """Build the panel of the first sample; later ones replace what was drawn."""
    names = np.array(STATES, dtype=object)
    table = pd.DataFrame(
        {
            "w1": names[sample.first],
            "w2": np.where(sample.stayed, names[sample.second], None),
            "weight": sample.weight,
            "psu": np.repeat(np.arange(PSUS), PEOPLE),
            "group": np.array(["a", "b"])[sample.group],
        }
    )
    item = op.Item({"w1": "w1", "w2": "w2"}, {state: [state] for state in STATES})
    design = op.Design(weight="weight", psu="psu")
    return op.Panel.from_wide(
        table,
        items={"support": item},
        groups=["group"],
        design=design.as_replicates("jkn") if jackknife else design,
    )


def put_into(panel: op.Panel, sample: Sample) -> op.Panel:
    """Put a sample into a panel of the same PSUs; everyone keeps the weight at both waves."""
    group = panel.groups["group"]
    assert group.categories == ("a", "b"), "groups changed places"
    second = np.where(sample.stayed, sample.second, -3)
    weights = {"w1": sample.weight, "w2": np.where(sample.stayed, sample.weight, 0.0)}
    factors = np.where(np.eye(PSUS), 0.0, PSUS / (PSUS - 1)).repeat(PEOPLE, axis=0)
    return replace(
        panel,
        answers={"support": np.array([sample.first, second], dtype=np.int8)},
        present=np.array([np.ones(len(second), dtype=bool), sample.stayed]),
        groups={"group": replace(group, codes=sample.group, by_wave=np.array([sample.group] * 2))},
        weights=weights,
        replicates={wave: factors * weights[wave][:, None] for wave in panel.replicates},
    )


def weighted(panel: op.Panel) -> Callable[..., Estimates]:
    """Flows with attrition weights, which are fitted once for all of them."""
    adjusted = attrition_weights(panel, "support", groups=["group"])
    return lambda **by: op.flows(adjusted, "support", **by)


METHODS: dict[str, tuple[bool, Callable[[op.Panel], Callable[..., Estimates]]]] = {
    "complete cases": (False, lambda panel: lambda **by: op.flows(panel, "support", **by)),
    "attrition weights, fixed": (False, weighted),
    "attrition weights, refitted": (True, weighted),
    "missing at random": (False, lambda p: lambda **by: missing_at_random(p, "support", **by)),
}


def estimate(flows: Callable[..., Estimates]) -> Floats:
    """Value, standard error and df of every quantity, shape (3, quantities)."""
    whole = flows().contrast(CONTRASTS, {"what": ["turnover", "approve later"]})
    group = flows(by="group").select(group="b").contrast(CONTRASTS[:1], {"what": ["turnover"]})
    return np.hstack([[part.value, part.std_error, part.df] for part in (whole, group)])


def bounds(sample: Sample) -> tuple[float, float]:
    """The least and the greatest turnover of everyone, whatever those who were lost did."""
    moved = sample.weight[sample.stayed & (sample.first != sample.second)].sum()
    lost = sample.weight[~sample.stayed].sum()
    return moved / sample.weight.sum(), (moved + lost) / sample.weight.sum()


def simulate(drop_out: str, replications: int) -> pd.DataFrame:
    """Draw the samples of one kind of drop-out and sum up every method."""
    key = list(DROP_OUT).index(drop_out)
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(key,)))
    first = draw(rng, drop_out)
    panels = {jackknife: make_panel(first, jackknife=jackknife) for jackknife in (False, True)}
    found = np.empty((replications, len(METHODS), 3, len(TRUTH)))
    held, width, stayed = np.empty(replications), np.empty(replications), np.empty(replications)
    for replication in tqdm(range(replications), desc=drop_out, leave=False):
        sample = draw(rng, drop_out)
        for place, (jackknife, method) in enumerate(METHODS.values()):
            found[replication, place] = estimate(method(put_into(panels[jackknife], sample)))
        low, high = bounds(sample)
        held[replication] = low <= TRUTH["turnover"] <= high
        width[replication], stayed[replication] = high - low, sample.stayed.mean()
    rows = []
    for place, name in enumerate(METHODS):
        for column, (quantity, truth) in enumerate(TRUTH.items()):
            value, error, df = found[:, place, :, column].T
            inside = np.abs(value - truth) <= stats.t.ppf(0.975, df) * error
            rows.append(
                {
                    "drop_out": drop_out,
                    "stayed": stayed.mean(),
                    "quantity": quantity,
                    "truth": truth,
                    "method": name,
                    "bias": value.mean() - truth,
                    "bias_mc_error": value.std(ddof=1) / np.sqrt(replications),
                    "std_deviation": value.std(ddof=1),
                    "mean_std_error": error.mean(),
                    "coverage": inside.mean(),
                    "mc_error": np.sqrt(inside.mean() * (1 - inside.mean()) / replications),
                    "replications": replications,
                }
            )
    by_bounds = {"method": "bounds", "coverage": held.mean(), "width": width.mean()}
    about = {"drop_out": drop_out, "stayed": stayed.mean(), "replications": replications}
    rows.append(about | {"quantity": "turnover", "truth": TRUTH["turnover"]} | by_bounds)
    return pd.DataFrame(rows)


def main() -> None:
    """Run all kinds of drop-out and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--output", type=Path, default=RESULTS, help="default: %(default)s")
    options = parser.parse_args()
    results = pd.concat([simulate(name, options.replications) for name in DROP_OUT])
    results.to_csv(options.output, index=False, float_format="%.6g")
    print(results.to_string(index=False, float_format="{:.4f}".format))


if __name__ == "__main__":
    main()
