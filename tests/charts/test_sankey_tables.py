"""Flows as whole tables: what a Sankey takes, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest
from drawn import WAVES
from flows_drawn import framed, laid_out, marks_of, texts_of

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.sankey_tables import any_state, chains_of, flow_tables
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Withheld
from opinionpanel.estimates.labels import Labels


def tables_of(flows, *, threshold=0.0, by_origin=False, **options):
    frame = framed(flows, min_cell=0, **options)
    groups = flows.about.columns(flows.labels, "group")
    chains = chains_of(flows)
    return flow_tables(frame, groups, chains, threshold=threshold, by_origin=by_origin)


@pytest.mark.parametrize("waves", [WAVES[:2], WAVES])
@pytest.mark.parametrize("by", [None, "gender"])
def test_tables_and_their_nodes_are_the_measures(panel, by, waves):
    """Flows add up to the shares at every wave, group by group."""
    flows = op.flows(panel, "support", waves=waves, base="balanced", by=by)
    shares = op.shares(panel, "support", waves=waves, base="balanced", by=by).to_frame()
    for table in tables_of(flows):
        mine = shares[shares[by] == table.name] if by else shares
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


@pytest.mark.parametrize("options", [{}, {"level": 0.9, "interval": "wilson"}])
def test_what_is_told_of_flows_is_what_frames_say(two, options):
    (table,) = tables_of(two, **options)
    frame = two.to_frame(**options)
    for ours, column in (
        (table.told, "estimate"),
        (table.told_low, "conf_low"),
        (table.told_high, "conf_high"),
        (table.low, "conf_low"),
    ):
        np.testing.assert_allclose(ours.ravel(), frame[column])


@pytest.mark.parametrize("by", [None, "gender"])
def test_shares_of_origins_are_transitions(panel, by):
    flows = op.flows(panel, "support", base="balanced", by=by)
    there = op.transitions(panel, "support", base="balanced", by=by).to_frame()
    tables = tables_of(flows, by_origin=True)
    for table in tables:
        mine = there[there[by] == table.name] if by else there
        for ours, column in (
            (table.told, "estimate"),
            (table.told_low, "conf_low"),
            (table.told_high, "conf_high"),
        ):
            # Those of transitions have the degrees of freedom of their origins.
            atol = 1e-12 if column == "estimate" else 3e-3
            np.testing.assert_allclose(ours.ravel(), mine[column], atol=atol)
    assert (tables[0].share == tables_of(flows)[0].share).all()


def test_shares_of_few_origins_are_not_told(panel):
    flows = op.flows(panel, "support", waves=WAVES[:2])
    people = flows.n_cell.copy()
    people[:3] = 3
    frame = framed(replace(flows, n_cell=people), min_cell=0)
    (table,) = flow_tables(frame, [], chains_of(flows), threshold=0, by_origin=True)
    assert np.isnan(table.told[0, 0]).all()
    assert np.isfinite(table.told[0, 1:]).all()
    assert (table.share[0] > 0).all()


@pytest.mark.parametrize("by_origin", [False, True])
def test_flows_without_limits_have_none_whatever_is_told(two, by_origin):
    withheld = Withheld(np.zeros(9, dtype=bool), 10, 5, limits=np.arange(9) == 1)
    frame = Frame(two, withheld, Options())
    (table,) = flow_tables(frame, [], chains_of(two), threshold=0, by_origin=by_origin)
    for part in (table.told_low, table.told_high):
        assert np.flatnonzero(np.isnan(part)).tolist() == [1]
    assert np.isfinite(table.told).all()


def test_small_moves_are_merged_and_stayers_never_are(two):
    (table,) = tables_of(two, threshold=0.99)
    assert (np.diag(table.share[0]) > 0).all()
    assert np.count_nonzero(table.share[0]) == 3
    assert table.merged[0] + table.share.sum() == pytest.approx(1)


def test_a_small_group_is_blank_and_has_no_figures(panel):
    flows = op.flows(panel, "support", waves=WAVES[:2], by="gender")
    small = replace(flows, n=np.where(flows.labels["gender"] == "man", 9.0, flows.n))
    tables = tables_of(small)
    # Where one of two groups were shown, the other would be what is left of all.
    assert [table.blank for table in tables] == [True, True]
    assert not any(table.share.any() or np.isfinite(table.nodes).any() for table in tables)
    assert not any_state(tables, flows.about.states, [0, 1]).any()
    drawing = laid_out(small)
    assert not marks_of(drawing, "flow")
    assert {"n < 10", "withheld"} <= {
        mark.words.cells[-1] for mark in marks_of(drawing, "withheld")
    }
    assert "man, n < 10" in texts_of(drawing, "panel")
    assert len(marks_of(laid_out(small, min_n=9, min_cell=0), "flow")) == 18


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
    tables = tables_of(flows)
    assert [table.waves for table in tables] == pairs * (2 if by else 1)
    for table in tables:
        alone = op.flows(panel, "support", waves=table.waves, by=by)
        if by:
            alone = alone.select(gender=table.groups[0])
        np.testing.assert_allclose(table.share.ravel(), alone.value, atol=1e-12)
        assert table.name == ", ".join([*table.groups, " → ".join(table.waves)])
    drawing = laid_out(flows, min_cell=0)
    titles = [text.rpartition(", n = ")[0] for text in texts_of(drawing, "panel")]
    assert titles == [table.name for table in tables]
    named = texts_of(drawing, "wave")
    assert named == [wave for table in tables for wave in table.waves]


def test_parts_of_a_table_are_refused(two):
    with pytest.raises(SelectionError, match="not whole tables"):
        charts.sankey(two.select(origin="approve"))


def test_several_group_columns_are_drawn_in_all_combinations(panel):
    flows = op.flows(panel, "support", waves=WAVES[:2], by="gender")
    both = replace(flows, named=Labels.of(flows.labels.assign(region="north")))
    assert sorted(table.name for table in tables_of(both)) == ["man, north", "woman, north"]
    drawing = laid_out(both, by="gender")
    assert len(texts_of(drawing, "panel")) == 2
    assert {mark.words.cells[0] for mark in marks_of(drawing, "node")} == {"man", "woman"}
