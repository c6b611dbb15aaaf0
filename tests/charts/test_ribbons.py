"""What Vega draws: ribbons as thick as the flows, panels apart, and a small specification."""

import json
import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import vl_convert
from drawn import STATES, WAVES, of_kind

import opinionpanel as op
from opinionpanel import charts


def test_ribbons_are_as_thick_as_the_estimate_and_cores_as_the_lower_bound(two):
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
    heights = {row["state"]: row["share"] for row in of_kind(chart, "node") if row["wave"] == 0}
    bottom = max(row["y"] + row["share"] for row in of_kind(chart, "node"))
    scale = chart.height / bottom
    assert sum(heights.values()) == pytest.approx(1, abs=1e-4)
    for row, full, core in zip(rows, paths[::2], paths[1::2], strict=True):
        assert f"{row['origin']} → {row['destination']}, 2021 → 2022" in full.get("aria-label")
        assert core.get("aria-label") is None
        for path, share in ((full, row["share"]), (core, row["low"])):
            numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", path.get("d"))]
            assert numbers[-1] - numbers[1] == pytest.approx(share * scale, abs=0.02)
    frame = two.to_frame().set_index(["origin", "destination"])
    for row in rows:
        low = frame.loc[(row["origin"], row["destination"]), "conf_low"]
        assert row["low"] == pytest.approx(low, abs=1e-5)


@pytest.mark.parametrize("waves", [WAVES[:2], WAVES], ids=["side by side", "below each other"])
def test_panels_keep_apart(panel, waves):
    flows = op.flows(panel, "support", waves=waves, base="balanced", by="gender")
    chart = charts.sankey(flows)
    svg = ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.to_dict()))
    edges = {"man": [], "woman": []}
    for path in svg.iter("{http://www.w3.org/2000/svg}path"):
        label = path.get("aria-label") or ""
        if re.match(r"(man|woman), .* → ", label):
            numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", path.get("d"))]
            edges[label.split(",")[0]] += zip(numbers[::2], numbers[1::2], strict=True)
    first, second = (np.array(edges[gender]) for gender in sorted(edges, key=flows_order(flows)))
    across = int(len(waves) > 2)
    assert first[:, across].max() < second[:, across].min()
    for place, size in ((0, chart.width), (1, chart.height)):
        assert first[:, place].min() >= -0.5
        assert second[:, place].max() <= size + 0.5


def flows_order(flows):
    return list(dict.fromkeys(flows.labels["gender"])).index


def test_a_spec_of_six_waves_and_five_groups_is_small():
    random = np.random.default_rng(3)
    people, state = np.arange(1000), random.integers(1, 4, 1000)
    region = random.choice(["north", "south", "east", "west", "centre"], 1000)
    waves = {}
    for wave in range(6):
        waves[f"wave {wave}"] = pd.DataFrame({"id": people, "q": state, "region": region})
        state = np.where(random.random(1000) < 0.3, random.integers(1, 4, 1000), state)
    panel = op.Panel.from_waves(
        waves, person="id", items={"support": op.Item("q", STATES)}, groups=["region"]
    )
    chart = charts.sankey(op.flows(panel, "support", base="balanced", by="region"), min_cell=0)
    assert len(of_kind(chart, "flow")) == 5 * 5 * 9
    assert len(json.dumps(chart.to_dict())) < 100_000
