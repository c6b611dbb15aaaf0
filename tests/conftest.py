"""Hypothesis profiles, and small panels that several test files use."""

import gc
import os

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, settings
from places import LONGEST

import opinionpanel as op
from opinionpanel.panel import batches

# DuckDB and polars stand in for Dask and Spark, whose people stay there: they are quicker. Arrow's
# datasets are read in batches, and `test_streaming.py` reads what DuckDB and polars have.
batches.HERE = ("pyarrow",)

# Panels are slow to draw on a cold start: time limits would make failures random. A test that
# fails must end as soon as one that passes, so the example found is shown as it is; the profile
# `shrink` looks for the smallest, which can take minutes.
settings.register_profile(
    "dev",
    deadline=None,
    max_examples=30,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
dev = settings.get_profile("dev")
settings.register_profile("ci", dev, max_examples=12, derandomize=True)
# A first look; chosen by `make quick` on the command line of pytest, which has the last word.
settings.register_profile("quick", dev, max_examples=8)
settings.register_profile("mutants", dev, max_examples=8, derandomize=True, database=None)
settings.register_profile("shrink", dev, phases=list(Phase))
settings.load_profile("ci" if os.environ.get("CI") else "dev")

STATES = {"approve": [1, 2], "unsure": [3, 98], "oppose": [4, 5]}


@pytest.fixture
def support() -> op.Item:
    """A question with another column in each wave."""
    return op.Item({"Jul": "q12", "Nov": "q9"}, STATES, question="Do you support it?")


@pytest.fixture
def july() -> pd.DataFrame:
    """Eight people, ids as numbers no label or count in a message would show."""
    return pd.DataFrame(
        {
            "resp_id": [70001, 70002, 70003, 70004, 70005, 70006, 70007, 70008],
            "q12": [1, 2, 3, 98, 4, 5, 1, None],
            "wgt": [1.5, 0.5, 1.0, 1.0, 2.0, 1.0, 0.75, 1.25],
            "region": ["north", "north", "north", "north", "south", "south", "south", "south"],
            "village": [1, 1, 2, 2, 3, 3, 4, 4],
            "gender": ["man", "woman", "man", "woman", "man", "woman", "man", "woman"],
        }
    )


@pytest.fixture
def november() -> pd.DataFrame:
    """Six of them in another order, and one new person."""
    return pd.DataFrame(
        {
            "resp_id": [70006, 70005, 70004, 70003, 70002, 70001, 70009],
            "q9": [1, 4, 3, 1, 2, 5, 1],
            "wgt": [1.0, 2.0, 1.0, 1.5, 0.5, 1.25, 1.0],
            "region": ["south", "south", "north", "north", "north", "north", "south"],
            "village": [3, 3, 2, 2, 1, 1, 4],
            "gender": ["woman", "man", "woman", "man", "woman", "man", "man"],
        }
    )


@pytest.fixture
def build(july, november, support):
    """Build the panel, with any argument replaced."""

    def make(**changes):
        arguments = {
            "waves": {"Jul": july, "Nov": november},
            "person": "resp_id",
            "items": {"support": support},
            "groups": ["gender"],
            "design": op.Design(weight="wgt"),
        } | changes
        return op.Panel.from_waves(arguments.pop("waves"), **arguments)

    return make


@pytest.fixture
def from_table():
    """Build an unweighted panel of two waves from a table of counts."""

    def make(states, counts):
        rows = [
            {"w1": origin, "w2": destination, "count": counts[i][j]}
            for i, origin in enumerate(states)
            for j, destination in enumerate(states)
        ]
        item = op.Item({"w1": "w1", "w2": "w2"}, {state: [state] for state in states})
        return op.Panel.from_wide(pd.DataFrame(rows), items={"opinion": item}, count="count")

    return make


def pytest_configure(config):
    """Leave files in the order of `pytest_collection_modifyitems`, on several cores as well."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest: none of them is left for one core at the end."""
    place = {path: number for number, path in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


def pytest_collection_finish():
    """Leave what all tests stand on out of each search for garbage: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_terminal_summary(terminalreporter):
    """Show the tables that tests recorded, such as that of all nasty files and what they gave."""
    for report in terminalreporter.stats.get("passed", []):
        for name, text in report.user_properties:
            if name == "table":
                terminalreporter.section(report.nodeid)
                terminalreporter.write_line(text)
