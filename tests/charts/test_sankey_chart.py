"""What a Sankey draws on every panel and in every size, and what it refuses to draw."""

import json
import re
from dataclasses import replace
from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import pytest
from chart_panels import cases
from drawn import STATES, of_kind
from flows_drawn import laid_out, marks_of, texts_of

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.drawing.boxes import overlapping, text_box
from opinionpanel.drawing.colours import contrast
from opinionpanel.drawing.marks import Text
from opinionpanel.escaping import script_json

CASES = cases()


@cache
def flows_of(name):
    panel = CASES[name]
    base = "panel" if name == "drop-out and entrants" else "balanced"
    return op.flows(panel, "support", base=base, by="region" if panel.groups else None)


def wrong_texts(drawing):
    """Texts that overlap, leave the chart, are too small, or do not read on paper."""
    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    left, top = drawing.corner
    for text in texts:
        box = text_box(text)
        inside = box.left + left >= -0.5 and box.right + left <= drawing.width + 0.5
        if not inside or box.top + top < 0 or box.bottom + top > drawing.height + 0.5:
            yield "outside", text
        if text.size < 9:
            yield "small", text
    yield from overlapping(drawing.marks)


@pytest.mark.parametrize("size", ["page", "slide", "card", "phone", (480, 640)])
@pytest.mark.parametrize("name", CASES)
def test_no_text_meets_another_or_leaves_the_chart(name, size):
    drawing = laid_out(flows_of(name), size=size, language="ru" if name == "long names" else "en")
    assert list(wrong_texts(drawing)) == []


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("name", ["2 states", "7 states", "drop-out and entrants", "30 people"])
def test_numbers_read_on_what_lies_below_them(name, theme):
    drawing = laid_out(flows_of(name), theme=theme)
    assert list(wrong_texts(drawing)) == []
    for text in marks_of(drawing, "share"):
        fills = [text.patch] if text.patch else fills_of(drawing, text.text)
        assert max(contrast(text.color, fill) for fill in fills) >= 4.5


def fills_of(drawing, share):
    ribbons = [one for one in marks_of(drawing, "flow") if f"{one.data['share']:.0%}" == share]
    return [fill for one in ribbons for fill in (one.fill, one.core_fill)]


def test_nothing_of_what_is_withheld_is_there():
    drawing = laid_out(flows_of("all withheld"))
    assert not marks_of(drawing, "flow") + marks_of(drawing, "node")
    (blank,) = marks_of(drawing, "withheld")
    assert blank.words.cells[-1] == "n < 10"
    assert "%" not in re.sub("95%", "", str(drawing.chart().to_dict()["data"]))


def test_a_group_with_nobody_is_left_out_and_a_panel_with_nobody_says_so():
    flows = flows_of("5 groups")
    none = (flows.labels["region"] == "region 1").to_numpy()
    emptied = replace(
        flows, n=np.where(none, 0, flows.n), value=np.where(none, np.nan, flows.value)
    )
    assert len(texts_of(laid_out(emptied), "panel")) == 4
    alone = laid_out(emptied.select(region="region 1"), min_n=0)
    assert marks_of(alone, "withheld")[0].words.cells[-1] == "nobody in the base"


def test_one_row_for_every_flow_that_exists(panel):
    flows = op.flows(panel, "support", base="panel")
    rows = of_kind(charts.sankey(flows), "flow")
    assert len(rows) == (flows.value > 0).sum() < len(flows)
    assert sum(row["share"] for row in rows) == pytest.approx(2, abs=1e-3)


def test_own_texts_take_the_place_of_the_charts(two):
    drawing = laid_out(two, title="Few moved", subtitle="", caption="As told.")
    assert drawing.title.text == ["Few moved"]
    assert drawing.title.subtitle == []
    assert " ".join(texts_of(drawing, "note")).startswith("As told.")


def test_caption_says_what_the_numbers_rest_on(two):
    text = " ".join(texts_of(laid_out(two), "note")).replace("\n", " ")
    for part in (
        "±: half of the 95% interval",
        f"people with an answer at both waves; n = {int(two.n[0])}",
        "Weight: w",
        "Source: Trial data.",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"color_by": "middle"}, "color_by"),
        ({"values": "middle"}, "values"),
        ({"threshold": 1.0}, r"threshold must be a share .*: 1\.0"),
        ({"threshold": -0.1}, "threshold"),
        ({"highlight": "nobody"}, "highlight"),
        ({"by": "age"}, "group column"),
        ({"size": (300, 200)}, "pixels or more"),
    ],
)
def test_what_cannot_be_drawn_is_refused(two, given, said):
    with pytest.raises(op.errors.OpinionPanelError, match=said):
        charts.sankey(two, **given)


def test_charts_combine_with_others_and_with_each_other(two):
    table = alt.Chart(pd.DataFrame({"a": [1]})).mark_bar().encode(x="a:Q")
    assert (charts.sankey(two) | table).to_dict()
    assert (charts.sankey(two) & charts.sankey(two, theme="dark")).to_dict()


def test_specs_are_small_repeatable_and_without_people(panel):
    four = op.flows(panel, "support", base="panel")
    first, second = (json.dumps(charts.sankey(four).to_dict()) for _ in range(2))
    assert first == second
    assert len(first) < 35_000
    assert not re.search(r"8000\d\d\d", first)


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
    assert len(script_json(chart.to_dict())) < 100_000
