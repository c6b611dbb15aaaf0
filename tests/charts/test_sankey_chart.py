"""What a Sankey draws, what it says, and what it refuses to draw."""

import json
import re

import altair as alt
import pandas as pd
import pytest
from drawn import WAVES, of_kind, values

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.errors import SelectionError


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
