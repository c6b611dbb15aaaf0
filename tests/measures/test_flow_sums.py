"""Sums of flows: every table for itself, and with the base of its own."""

import numpy as np
import pytest
from hypothesis import given, settings

import opinionpanel as op
from opinionpanel.measures.flow_sums import by_table, people, table_keys
from opinionpanel.strategies import panels

few = settings(max_examples=15)


def everyone(value, part):
    row = np.zeros(len(value))
    row[part.places] = 1.0
    return {("everyone",): row}


@few
@given(panels())
def test_all_flows_of_a_table_are_its_base(panel):
    flows = op.flows(panel, "opinion", by="gender")
    sums = people(flows, {"component": "component"}, everyone)
    tables = flows.labels[table_keys(flows)].drop_duplicates()
    assert list(sums.labels) == [*tables, "component"]
    assert len(sums) == len(tables)
    first = tables.index.to_numpy()
    np.testing.assert_array_equal(sums.n, flows.n[first])
    np.testing.assert_array_equal(sums.df, flows.df[first])
    np.testing.assert_array_equal(sums.n_cell, sums.n)
    some = sums.n > 0
    np.testing.assert_allclose(sums.value[some], 1)
    assert np.isnan(sums.value[~some]).all()
    assert sums.unit == "share"


def test_keys_of_tables_are_waves_and_groups():
    panel = op.datasets.load("attitudes_2024").panel
    flows = op.flows(panel, "support", by=["gender", "region"])
    assert table_keys(flows) == ["from_wave", "to_wave", "gender", "region"]


def test_a_sum_says_what_it_is_and_is_no_flow():
    flows = op.flows(op.datasets.load("thomas_1991_3"), "opinion")
    sums = by_table(flows, {"component": "component"}, everyone)
    assert sums.about.role("component") == "component"
    assert not sums.about.flows
    assert sums.value == pytest.approx([1])
