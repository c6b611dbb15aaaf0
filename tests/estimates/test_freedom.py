"""Degrees of freedom are worked out when somebody looks at them, and once."""

import pickle
import weakref

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.design.degrees_of_freedom import ReplicateMembers
from opinionpanel.estimates.freedom import Freedom


@pytest.fixture
def asked(monkeypatch):
    """Count how often the rank of replicates is asked for."""
    calls = []
    found = ReplicateMembers.df

    def counted(self, domains):
        calls.append(len(domains))
        return found(self, domains)

    monkeypatch.setattr(ReplicateMembers, "df", counted)
    return calls


@pytest.fixture
def shares():
    rng = np.random.default_rng(8)
    columns = {name: rng.integers(0, size, 60) for name, size in (("a", 2), ("b", 2), ("sex", 2))}
    frame = pd.DataFrame({"psu": np.repeat(np.arange(12), 5), **columns})
    return op.shares(
        op.Panel.from_wide(
            frame,
            items={"x": op.Item({"first": "a", "last": "b"}, {"yes": [0], "no": [1]})},
            groups=["sex"],
            design=op.Design(weight=None, psu="psu").as_replicates("jk1"),
        ),
        "x",
        by="sex",
    )


def test_values_errors_and_differences_do_without(asked, shares):
    change = shares.difference("wave", "last", minus="first")
    assert (change.std_error > 0).all()
    assert (shares.select(state="yes").noted({("first",): "!"}).std_error > 0).all()
    assert asked == []
    assert change.df.tolist() == change.df.tolist()
    assert shares.df.min() == change.df.min()
    assert len(asked) == 1


def test_they_go_into_a_file_without_the_people():
    values = np.array([3.0, 7.0])
    kept = Freedom(lambda: values)
    again = pickle.loads(pickle.dumps(kept.at([1])))
    assert again.values.tolist() == [7.0]
    assert again.least(np.ones((2, 1), dtype=bool)).values.tolist() == [7.0, 7.0]


def test_once_found_they_need_nobody():
    people = np.array([3.0, 7.0])
    gone = weakref.ref(people)
    kept = Freedom(lambda people=people: people + 1)
    del people
    assert kept.at([1]).values.tolist() == [8.0]
    assert gone() is None
    assert kept.values.tolist() == [4.0, 8.0]
