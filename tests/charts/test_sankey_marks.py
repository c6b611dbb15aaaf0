"""Ribbons as thick as flows, nodes as tall as shares, and nothing lost between them."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import vl_convert
from chart_panels import NAMES, panel_of
from drawn import of_kind
from flows_drawn import is_move, laid_out, marks_of, place_of, way_of
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.sankey_chart import lay_out_sankey
from opinionpanel.charts.sankey_marks import THIN
from opinionpanel.drawing.marks import Outline, Ribbon, Text
from opinionpanel.estimates import withheld_of

CHAIN = op.flows(panel_of(NAMES[3], 3, people=1500), "support", base="balanced")
WAVES = CHAIN.about.waves
WITHHELD = [withheld_of(CHAIN, 10, few) for few in (0, 40, 80)]


def scale_of(drawing):
    """Pixels for a share of 1, as told by any node."""
    node = marks_of(drawing, "node")[0]
    return node.height / node.data["share"]


def room_of(drawing, wave):
    """What ribbons and stubs fill of the nodes of a wave on either side, and the nodes' height."""
    nodes = [node for node in marks_of(drawing, "node") if place_of(node)[0] == WAVES[wave]]
    ribbons, stubs = marks_of(drawing, "flow"), marks_of(drawing, "others")
    left, right = nodes[0].x, nodes[0].x + nodes[0].width
    into = sum(one.thick for one in ribbons if one.x2 == pytest.approx(left))
    out = sum(one.thick for one in ribbons if one.x == pytest.approx(right))
    into += sum(one.height for one in stubs if one.x + one.width == pytest.approx(left))
    out += sum(one.height for one in stubs if one.x == pytest.approx(right))
    return into, out, sum(node.height for node in nodes)


@given(st.floats(0, 0.5), st.sampled_from(WITHHELD))
def test_ribbons_and_stubs_fill_their_nodes_whatever_is_merged_or_withheld(threshold, withheld):
    drawing = lay_out_sankey(CHAIN, withheld, Options(), threshold=threshold)
    for wave in range(3):
        into, out, height = room_of(drawing, wave)
        assert into == pytest.approx(height) or wave == 0
        assert out == pytest.approx(height) or wave == 2
    shares = [one.data["share"] for one in marks_of(drawing, "flow") if is_move(one)]
    assert all(share >= threshold for share in shares)


def test_ribbons_are_as_thick_as_the_estimate_and_cores_as_the_lower_bound(two):
    drawing = laid_out(two, min_cell=0)
    scale = scale_of(drawing)
    frame = two.to_frame().set_index(["origin", "destination"])
    for one in marks_of(drawing, "flow"):
        row = frame.loc[way_of(one)]
        assert one.thick == pytest.approx(row["estimate"] * scale)
        assert one.core == pytest.approx(row["conf_low"] * scale)
        assert one.words.cells[-1] == str(row["n_cell"])
        assert one.data["share"] == row["estimate"]


def test_what_is_drawn_is_as_thick(two):
    """Whatever Vega makes of a ribbon is as thick at its end as at its beginning."""
    chart = charts.sankey(two)
    svg = ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.to_dict()))
    paths = [
        path
        for group in svg.iter("{http://www.w3.org/2000/svg}g")
        if "mark-area" in group.get("class", "")
        for path in group.iter("{http://www.w3.org/2000/svg}path")
    ]
    rows = of_kind(chart, "flow")
    assert len(paths) == 2 * len(rows)
    for row, full, core in zip(rows, paths[::2], paths[1::2], strict=True):
        assert f"{', '.join(row['cells'][:3])}: " in full.get("aria-label")
        assert core.get("aria-label") is None
        for path, thick in ((full, row["thick"]), (core, row["core"])):
            numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", path.get("d"))]
            assert numbers[-1] - numbers[1] == pytest.approx(thick, abs=0.02)


def test_a_thin_ribbon_has_one_tone():
    flows = op.flows(panel_of(NAMES[3], 2, people=4000, rare="unsure"), "support")
    drawing = laid_out(flows, min_cell=0)
    thin = [one for one in marks_of(drawing, "flow") if one.thick < THIN]
    assert thin
    assert all(one.core == 0 for one in thin)
    assert all(one.thick == one.data["share"] * scale_of(drawing) for one in thin)


def panel_of_weights(scale, order):
    random = np.random.default_rng(4)
    people = pd.DataFrame({"id": np.arange(300), "w": random.uniform(0.5, 2, 300) * scale})
    waves = {
        name: people.assign(q=random.integers(1, 4, 300)).sample(frac=1, random_state=order)
        for name in ("a", "b")
    }
    item = op.Item("q", {"x": [1], "y": [2], "z": [3]})
    return op.Panel.from_waves(waves, person="id", items={"q": item}, design=op.Design(weight="w"))


@pytest.mark.parametrize(("scale", "order"), [(0.01, 1), (1000.0, 2)])
def test_order_of_people_and_scale_of_weights_change_nothing(scale, order):
    one, other = (
        laid_out(op.flows(panel_of_weights(*given), "q"), min_cell=0)
        for given in ((1.0, 0), (scale, order))
    )
    assert [mark.text for mark in one.marks if isinstance(mark, Text)] == [
        mark.text for mark in other.marks if isinstance(mark, Text)
    ]
    for left, right in zip(marks_of(one, "flow"), marks_of(other, "flow"), strict=True):
        assert (left.y, left.y2, left.thick, left.core) == pytest.approx(
            (right.y, right.y2, right.thick, right.core)
        )


def test_a_node_lights_what_touches_it_and_a_ribbon_itself(two):
    drawing = laid_out(two, min_cell=0)
    ribbons = marks_of(drawing, "flow")
    for node in marks_of(drawing, "node"):
        wave, state = place_of(node)
        lit = [one for one in ribbons if node.key in one.keys]
        assert lit == [one for one in ribbons if way_of(one)[wave == "2022"] == state]
    assert all(one.key in one.keys for one in ribbons)
    assert len({one.key for one in ribbons}) == len(ribbons)


def test_the_smaller_is_drawn_over_the_larger_and_what_is_lit_over_all(two):
    ribbons = marks_of(laid_out(two, min_cell=0), "flow")
    assert [is_move(one) for one in ribbons] == sorted(is_move(one) for one in ribbons)
    moved = [one.thick for one in ribbons if is_move(one)]
    assert moved == sorted(moved, reverse=True)
    lit = marks_of(laid_out(two, min_cell=0, highlight=("approve", "approve")), "flow")[-1]
    assert way_of(lit) == ("approve", "approve")


def test_what_is_not_highlighted_is_grey_and_keeps_its_numbers(two):
    plain, lit = laid_out(two), laid_out(two, highlight="approve")
    before = {way_of(one): one for one in marks_of(plain, "flow")}
    for one in marks_of(lit, "flow"):
        way = way_of(one)
        assert (one.fill == before[way].fill) == ("approve" in way)
        assert one.words == before[way].words
        assert (one.y, one.thick) == (before[way].y, before[way].thick)
    for kind in ("number", "name"):
        assert [mark.text for mark in marks_of(lit, kind)] == [
            mark.text for mark in marks_of(plain, kind)
        ]


def test_nodes_are_hatched_in_print_only(two):
    assert any(isinstance(mark, Outline) for mark in laid_out(two, theme="print").marks)
    assert not any(isinstance(mark, Outline) for mark in laid_out(two).marks)


def test_colour_by_destination_changes_only_the_colours(two):
    one, other = (laid_out(two, color_by=end) for end in ("origin", "destination"))
    for left, right in zip(one.marks, other.marks, strict=True):
        assert left.words == right.words
        if isinstance(left, Ribbon):
            assert (left.y, left.y2, left.thick) == (right.y, right.y2, right.thick)
            assert (left.fill == right.fill) == (not is_move(left))


def test_withheld_flows_are_nowhere():
    flows = op.flows(panel_of(NAMES[7], 2, people=1000), "support")
    hidden = laid_out(flows)
    shown = {way_of(one) for one in marks_of(hidden, "flow")}
    assert 0 < len(shown) < (flows.value > 0).sum()
    said = str(hidden.chart().to_dict())
    for row in flows.to_frame().itertuples():
        if row.estimate > 0 and (row.origin, row.destination) not in shown:
            assert f"{row.estimate:.5f}".rstrip("0") not in said
