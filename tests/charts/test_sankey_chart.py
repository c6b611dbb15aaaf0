"""What a Sankey draws, what it says, and what it refuses to draw."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.errors import SelectionError

WAVES = ["2021", "2022", "2023"]
STATES = {"approve": [1], "unsure": [2], "oppose": [3]}


@pytest.fixture(scope="module")
def panel():
    """600 people, a tenth of them lost at every wave, ids that no share or count equals."""
    random = np.random.default_rng(7)
    people, state = np.arange(600) + 8_000_000, random.integers(1, 4, 600)
    gender, weight = random.choice(["man", "woman"], 600), random.uniform(0.5, 2, 600)
    there, waves = np.ones(600, dtype=bool), {}
    for wave in WAVES:
        columns = {"id": people, "q": state, "w": weight, "gender": gender}
        waves[wave] = pd.DataFrame(columns)[there]
        state = np.where(random.random(600) < 0.3, random.integers(1, 4, 600), state)
        there &= random.random(600) > 0.1
    return op.Panel.from_waves(
        waves,
        person="id",
        items={"support": op.Item("q", STATES, question="Do you support it?")},
        groups=["gender"],
        design=op.Design(weight="w"),
        dates={"2021": "May 2021"},
        source="Trial data",
    )


@pytest.fixture(scope="module")
def two(panel):
    return op.flows(panel, "support", waves=WAVES[:2])


def values(chart):
    found = []

    def walk(part):
        if isinstance(part, dict):
            if isinstance(part.get("values"), list):
                found.append(part["values"])
            if "datasets" in part:
                found.extend(part["datasets"].values())
            for key, below in part.items():
                if key not in ("values", "datasets"):
                    walk(below)
        elif isinstance(part, list):
            for below in part:
                walk(below)

    walk(chart.to_dict())
    assert len(found) == 1, "one dataset for the whole chart"
    return found[0]


def of_kind(chart, kind):
    return [row for row in values(chart) if row["kind"] == kind]


def test_one_row_for_every_flow_that_exists(panel):
    flows = op.flows(panel, "support", base="panel")
    rows = of_kind(charts.sankey(flows), "flow")
    assert len(rows) == (flows.value > 0).sum() < len(flows)
    assert sum(row["share"] for row in rows) == pytest.approx(2, abs=1e-3)


def test_nodes_say_share_and_margin(panel, two):
    joint = two.to_frame()
    approve = joint.loc[joint["origin"] == "approve", "estimate"].sum()
    node = of_kind(charts.sankey(two), "node")[0]
    assert node["share"] == pytest.approx(approve, abs=1e-5)
    half = 100 * (node["high"] - node["low"]) / 2
    assert node["text"] == f"{approve:.0%} ±{half:.0f}"
    shares = op.shares(panel, "support", base="balanced", waves=WAVES[:2]).to_frame()
    assert node["low"] == pytest.approx(shares["conf_low"][0], abs=1e-5)
    assert node["high"] == pytest.approx(shares["conf_high"][0], abs=1e-5)


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


def test_title_of_two_waves_is_the_turnover_of_the_same_flows(panel, two):
    total = op.turnover(panel, "support", waves=WAVES[:2]).to_frame().iloc[0]
    text = " ".join(charts.sankey(two).title.text)
    assert f"{total['estimate']:.0%} gave another answer" in text
    low, high = 100 * total["conf_low"], 100 * total["conf_high"]
    assert f"(95% interval {low:.0f} to {high:.0f})" in text


def test_title_claims_no_turnover_where_people_dropped_out(panel):
    flows = op.flows(panel, "support", waves=WAVES[:2], base="panel")
    assert charts.sankey(flows).title.text == ["support: who moved, 2021 → 2022"]


def test_own_title_and_subtitle(two):
    heading = charts.sankey(two, title="Few moved", subtitle="").title
    assert heading.text == ["Few moved"]
    assert heading.subtitle == []


def test_caption_says_what_the_numbers_rest_on(two):
    (note,) = of_kind(charts.sankey(two), "note")
    text = note["text"].replace("\n", " ")
    n = int(two.n[0])
    for part in (
        "lower 95% bound",
        f"people with an answer at both waves; n = {n}",
        "Weight: w",
        "May 2021",
        "Source: Trial data.",
        "95% intervals",
    ):
        assert part in text


def test_groups_become_panels_with_their_base(panel):
    flows = op.flows(panel, "support", base="balanced", by="gender")
    chart = charts.sankey(flows)
    drawn = [row for row in values(chart) if row["kind"] != "note"]
    assert {row["group"] for row in drawn} == {"man", "woman"}
    titles = [row["text"] for row in of_kind(chart, "panel")]
    assert titles == [
        f"{gender}, n = {part['n'].iloc[0]:,}"
        for gender, part in flows.to_frame().groupby("gender", sort=False)
    ]


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
    chart = charts.sankey(op.flows(panel, "support", base="balanced", by="region"))
    assert len(of_kind(chart, "flow")) == 5 * 5 * 9
    assert len(json.dumps(chart.to_dict())) < 100_000


def test_one_selected_group_still_names_it(panel):
    flows = op.flows(panel, "support", waves=WAVES[:2], by="gender").select(gender="woman")
    assert "woman, n = " in json.dumps(charts.sankey(flows).to_dict())


def test_colour_by_destination_changes_only_the_colours(two):
    by_origin, by_destination = charts.sankey(two), charts.sankey(two, color_by="destination")
    assert values(by_origin) == values(by_destination)
    assert by_origin.to_dict() != by_destination.to_dict()
    with pytest.raises(SelectionError, match="'middle'"):
        charts.sankey(two, color_by="middle")


def test_charts_combine_with_others(two):
    table = alt.Chart(pd.DataFrame({"a": [1]})).mark_bar().encode(x="a:Q")
    assert (charts.sankey(two) | table).to_dict()


def test_specs_are_small_repeatable_and_without_people(panel):
    four = op.flows(panel, "support", base="panel")
    first, second = (json.dumps(charts.sankey(four).to_dict()) for _ in range(2))
    assert first == second
    assert len(first) < 25_000
    assert not re.search(r"8000\d\d\d", first)


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
    with pytest.raises(SelectionError, match='base="balanced"'):
        charts.sankey(op.flows(panel, "support"))
    several = op.flows(panel, "support", base="balanced", waves=WAVES)
    backwards = replace(several, labels=several.labels.iloc[::-1].reset_index(drop=True))
    with pytest.raises(SelectionError, match="do not follow each other"):
        charts.sankey(backwards)
    uneven = several.value.copy()
    uneven[:2] += [0.01, -0.01]
    with pytest.raises(SelectionError, match="do not match"):
        charts.sankey(replace(several, value=uneven))


def test_parts_of_a_table_are_refused(two):
    with pytest.raises(SelectionError, match="not whole tables"):
        charts.sankey(two.select(origin="approve"))


def test_more_than_one_group_column_is_refused(two):
    labels = two.labels.assign(gender="man", region="north")
    with pytest.raises(SelectionError, match="one group column"):
        charts.sankey(replace(two, labels=labels))
