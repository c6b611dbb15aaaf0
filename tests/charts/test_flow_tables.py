"""Flows as whole tables: what a Sankey takes, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest
from drawn import WAVES, of_kind

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.charts.flow_tables import chains_and_group, chart_tables
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import withheld_of
from opinionpanel.estimates.labels import Labels


@pytest.mark.parametrize("waves", [WAVES[:2], WAVES])
@pytest.mark.parametrize("by", [None, "gender"])
def test_tables_and_their_nodes_are_the_measures(panel, by, waves):
    """Flows add up to the shares at every wave, group by group."""
    flows = op.flows(panel, "support", waves=waves, base="balanced", by=by)
    shares = op.shares(panel, "support", waves=waves, base="balanced", by=by).to_frame()
    for table in chart_tables(flows, *chains_and_group(flows), withheld_of(flows, 10, 0)):
        mine = shares[shares[by] == table.group] if by else shares
        order = mine["wave"].map(WAVES.index).argsort(kind="stable")
        for ours, column in (
            (table.nodes, "estimate"),
            (table.nodes_low, "conf_low"),
            (table.nodes_high, "conf_high"),
        ):
            np.testing.assert_allclose(ours.ravel(), mine[column].iloc[order], atol=1e-12)
        np.testing.assert_allclose(table.share.sum(axis=2), table.nodes[:-1], atol=1e-12)
        np.testing.assert_allclose(table.share.sum(axis=1), table.nodes[1:], atol=1e-12)
        assert (table.people.sum(axis=(1, 2)) == table.n).all()


def test_small_bases_are_refused(panel):
    flows = op.flows(panel, "support", waves=WAVES[:2], by="gender")
    small = replace(flows, n=np.where(flows.labels["gender"] == "man", 9.0, flows.n))
    with pytest.raises(SelectionError, match=r"gender 'man' rest on 9 people .*min_n=10"):
        charts.sankey(small)
    assert charts.sankey(small, min_n=9)


def test_other_measures_and_differences_are_refused(panel, two):
    with pytest.raises(SelectionError, match=r"are shares .*opinionpanel\.flows"):
        charts.sankey(op.shares(panel, "support"))
    by = op.flows(panel, "support", waves=WAVES[:2], by="gender")
    with pytest.raises(SelectionError, match="a difference of flows"):
        charts.sankey(by.difference("gender", "man", minus="woman"))


def test_flows_that_do_not_chain_are_refused(panel):
    with pytest.raises(SelectionError, match=r'base="balanced".*not in pairs'):
        charts.sankey(op.flows(panel, "support"))
    several = op.flows(panel, "support", base="balanced", waves=WAVES)
    uneven = several.value.copy()
    uneven[:2] += [0.01, -0.01]
    with pytest.raises(SelectionError, match="do not match"):
        charts.sankey(replace(several, value=uneven))


@pytest.mark.parametrize("by", [None, "gender"])
def test_pairs_that_are_no_chain_are_panels_of_their_own(panel, by):
    pairs = [(WAVES[0], WAVES[2]), (WAVES[1], WAVES[2])]
    flows = op.flows(panel, "support", waves=pairs, by=by)
    tables = chart_tables(flows, *chains_and_group(flows), withheld_of(flows, 10, 0))
    assert [table.waves for table in tables] == [
        pair for pair in pairs for _ in range(2 if by else 1)
    ]
    for table in tables:
        alone = op.flows(panel, "support", waves=table.waves, by=by)
        if by:
            alone = alone.select(gender=table.group.rpartition(", ")[2])
        np.testing.assert_allclose(table.share.ravel(), alone.value, atol=1e-12)
        assert table.group.startswith(" → ".join(table.waves))
    chart = charts.sankey(flows)
    titles = [row["text"].rpartition(", n = ")[0] for row in of_kind(chart, "panel")]
    assert titles == [table.group for table in tables]
    named = [row["text"] for row in of_kind(chart, "wave")]
    assert named == [wave for table in tables for wave in table.waves]


def test_parts_of_a_table_are_refused(two):
    with pytest.raises(SelectionError, match="not whole tables"):
        charts.sankey(two.select(origin="approve"))


def test_more_than_one_group_column_is_refused(two):
    labels = two.labels.assign(gender="man", region="north")
    with pytest.raises(SelectionError, match="one group column"):
        charts.sankey(replace(two, named=Labels.of(labels)))
