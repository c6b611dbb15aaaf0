"""Time displacement on a scale of 0 to 100, whose table of transitions has 10,201 cells."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from panels import SEED, STRATA
from timing import Row, explained, in_turn

import opinionpanel as op

PEOPLE, POINTS = 2_733, 101
RUNS = 9


def make_answers(people: int) -> pd.DataFrame:
    """Make people who answer twice, most of the second answers near the first."""
    rng = np.random.default_rng(SEED)
    first = rng.integers(POINTS, size=people)
    second = np.clip(first + rng.normal(0, 12, people).round().astype(int), 0, POINTS - 1)
    psu = rng.integers(5 * STRATA, size=people)
    return pd.DataFrame(
        {
            "w1": first,
            "w2": second,
            "weight": rng.lognormal(-0.1, 0.45, people),
            "psu": psu,
            "stratum": psu // 5,
        }
    )


def check(found: op.Estimates, answers: pd.DataFrame) -> None:
    """Compare the mean steps up with a mean over people, and its error with linearised values."""
    weight = answers["weight"].to_numpy()
    steps = np.maximum(answers["w2"] - answers["w1"], 0).to_numpy()
    mean = np.average(steps, weights=weight)
    sums = (
        answers.assign(score=weight * (steps - mean) / weight.sum())
        .groupby(["stratum", "psu"])["score"]
        .sum()
    )
    variance = sums.groupby("stratum").agg(lambda part: len(part) * part.var()).sum()
    upward = list(found.labels["move"]).index("upward")
    np.testing.assert_allclose(found.value[upward], mean, rtol=1e-9)
    np.testing.assert_allclose(found.covariance[upward, upward], variance, rtol=1e-7)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure with strata and PSUs."""
    people = 500 if quick else PEOPLE
    answers = make_answers(people)
    panel = op.Panel.from_wide(
        answers,
        items={
            "feeling": op.Item(
                {"w1": "w1", "w2": "w2"}, {str(point): [point] for point in range(POINTS)}
            )
        },
        design=op.Design(weight="weight", stratum="stratum", psu="psu"),
    )

    def ours() -> object:
        found = op.displacement(panel, "feeling")
        return found.value, found.covariance

    check(op.displacement(panel, "feeling"), answers)
    (spent,), runs = in_turn((ours,), RUNS)
    row = Row(
        part="displacing",
        what=f"displacement on a scale of {POINTS} points",
        ours=spent,
        at_most=50,
        people=people,
        waves=2,
        runs=runs,
        note="mean and error compared with those of people's steps",
    )
    yield explained(row, ours)
