"""Rubin's rules over the design's covariance, against R's mitools."""

from pathlib import Path

import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.estimates import pooled

GOLDEN = Path(__file__).parents[1] / "golden"
STATES = {"one": [1], "two": [2], "three": [3]}


def panels():
    people = pd.read_csv(GOLDEN / "imputations_people.csv")
    item = op.Item({"first": "w1", "second": "w2"}, STATES)
    design = op.Design(weight="weight", stratum="stratum", psu="psu")
    return [
        op.Panel.from_wide(
            part.drop(columns="imputation"),
            person="person",
            items={"x": item},
            groups=["group"],
            design=design,
        )
        for _, part in people.groupby("imputation")
    ]


@pytest.fixture(scope="module")
def parts():
    return [op.shares(panel, "x") for panel in panels()]


@pytest.fixture(scope="module")
def golden():
    frame = pd.read_csv(GOLDEN / "imputations_golden.csv")
    return dict(iter(frame.groupby("what")))


def assert_golden(found, expected):
    assert found.value == pytest.approx(expected["estimate"], abs=1e-10)
    assert found.std_error == pytest.approx(expected["std_error"], abs=1e-10)
    assert found.df == pytest.approx(expected["df"], rel=1e-8)
    assert found.missing_information == pytest.approx(expected["missing"], rel=1e-8)
    assert found.covariance[0] == pytest.approx(expected["with_first"], abs=1e-12)


def test_shares_are_those_of_mitools(parts, golden):
    assert_golden(pooled(parts), golden["shares"])


def test_a_change_is_that_of_mitools(parts, golden):
    change = pooled(parts).difference("wave", "second", minus="first")
    assert_golden(change, golden["change"])


def test_a_group_has_the_degrees_of_freedom_of_its_own(golden):
    found = pooled([op.shares(panel, "x", by="group") for panel in panels()])
    assert_golden(found.select(group="a"), golden["group a"])
