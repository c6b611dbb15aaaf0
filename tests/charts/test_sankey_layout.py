"""The layout of a Sankey conserves shares and keeps things apart."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.charts.sankey_layout import place

GAP = 0.05


@st.composite
def chains(draw):
    """Flows over two to four waves whose margins match from wave to wave."""
    states, steps = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    counts = st.integers(0, 20)
    weights = np.array(
        draw(st.lists(st.lists(counts, min_size=states, max_size=states), min_size=1, max_size=1))
    )[0].astype(float)
    weights[0] += 1
    margin = weights / weights.sum()
    tables = []
    for _ in range(steps):
        moves = np.array([[draw(counts) for _ in range(states)] for _ in range(states)], float)
        moves += np.eye(states)
        table = margin[:, None] * moves / moves.sum(axis=1, keepdims=True)
        tables.append(table)
        margin = table.sum(axis=0)
    return np.array(tables)


def placed(flows):
    """The layout where nothing is withheld: nodes are what flows add up to."""
    return place(flows, np.array([flows[0].sum(axis=1), *flows.sum(axis=1)]), GAP)


@given(chains())
def test_ribbons_fill_their_nodes(flows):
    layout = placed(flows)
    for step, table in enumerate(flows):
        for ribbons, column, axis in (
            (layout.starts[step], layout.columns[step], 1),
            (layout.ends[step], layout.columns[step + 1], 0),
        ):
            bottom = (ribbons + table).max(axis=axis)
            np.testing.assert_allclose(ribbons.min(axis=axis), column.top, atol=1e-12)
            np.testing.assert_allclose(bottom, column.top + column.height, atol=1e-12)
            np.testing.assert_allclose(table.sum(axis=axis), column.height, atol=1e-12)


@given(chains())
def test_ribbons_do_not_overlap_within_a_node(flows):
    layout = placed(flows)
    for step, table in enumerate(flows):
        out_bottoms = layout.starts[step] + table
        np.testing.assert_allclose(out_bottoms[:, :-1], layout.starts[step][:, 1:], atol=1e-12)
        in_bottoms = layout.ends[step] + table
        np.testing.assert_allclose(in_bottoms[:-1], layout.ends[step][1:], atol=1e-12)


@given(chains())
def test_nodes_keep_the_gap_and_add_up_to_the_base(flows):
    for column in placed(flows).columns:
        assert column.height.sum() == pytest.approx(1)
        there = np.flatnonzero(column.height > 0)
        space = column.top[there[1:]] - (column.top + column.height)[there[:-1]]
        np.testing.assert_allclose(space, GAP, atol=1e-12)


@given(chains(), st.integers(0, 2**24 - 1))
def test_nothing_tells_how_withheld_flows_divide_their_room(flows, which):
    """Two tables with the same nodes and the same ribbons drawn lie alike."""
    drawn = np.array([which >> bit & 1 for bit in range(flows[0].size)], bool).reshape(
        flows[0].shape
    )
    nodes = np.array([flows[0].sum(axis=1), *flows.sum(axis=1)])
    layout = place(flows * drawn, nodes, GAP)
    for step in range(len(flows)):
        bottoms = (layout.starts[step] + flows[step] * drawn).max(axis=1)
        shown = (flows[step] * drawn).sum(axis=1)
        # All room of what is not drawn is below what is.
        np.testing.assert_allclose(bottoms, layout.columns[step].top + shown, atol=1e-12)


def test_states_that_nobody_is_in_take_no_space():
    flows = np.array([[[0.5, 0.0, 0.0], [0.0, 0.0, 0.0], [0.25, 0.0, 0.25]]])
    first, second = placed(flows).columns
    np.testing.assert_allclose(first.top, [0.0, 0.5 + GAP, 0.5 + GAP])
    np.testing.assert_allclose(second.top, [0.0, 0.75 + GAP, 0.75 + GAP])
    np.testing.assert_allclose(second.height, [0.75, 0.0, 0.25])
