"""What the documentation says about mutants follows from the committed results."""

import pandas as pd
import pytest
from places import BENCHMARKS, ROOT

FILE = BENCHMARKS / "mutants.csv"


@pytest.fixture(scope="module")
def mutants():
    return pd.read_csv(FILE, keep_default_na=False)


def test_at_least_95_of_100_mutants_are_noticed(mutants):
    assert set(mutants["result"]) <= {"killed", "timeout", "survived"}
    if len(mutants) < 500:
        pytest.skip(f"{len(mutants)} of 500 mutants were run; 'make mutants' goes on")
    assert (mutants["result"] != "survived").mean() >= 0.95


def test_every_survivor_has_its_reason(mutants):
    reasons = mutants.loc[mutants["result"] == "survived", "reason"]
    assert reasons.str.match("(equivalent|accepted) because ").all(), reasons.tolist()
    assert (mutants.loc[mutants["result"] != "survived", "reason"] == "").all()


def test_the_modules_are_still_there_and_none_has_more_than_others(mutants):
    counts = mutants["module"].value_counts()
    assert len(counts) >= 17
    assert counts.max() <= 20
    assert all((ROOT / "src" / "opinionpanel" / module).is_file() for module in counts.index)
