"""Figures: plain Altair charts that stand alone, beside others and over them."""

import re
import struct
from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from chart_panels import LONG, NAMES, panel_of
from drawn import values
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.charts import save
from opinionpanel.charts.heatmap_chart import heatmap
from opinionpanel.drawing.figure import figure
from opinionpanel.drawing.languages import ENGLISH
from opinionpanel.drawing.lettering import text_width
from opinionpanel.drawing.marks import (
    Band,
    Dot,
    Outline,
    Rect,
    Ribbon,
    Rule,
    Text,
    Words,
)
from opinionpanel.escaping import tooltip_key, vega_literal

HEADS = ("State", "Share")
BLACK = "#000000"


def marks(state="approve", share="46%"):
    """One of each kind."""
    words = Words(HEADS, (state, share))
    lit = {"key": state, "keys": (state,)}
    return [
        Rect(x=0, y=0, width=50, height=20, fill="#cccccc", words=words, kind="bar", **lit),
        Ribbon(
            x=50,
            y=0,
            x2=90,
            y2=30,
            thick=10,
            core=4,
            fill="#dddddd",
            core_fill="#aaaaaa",
            outline="#ffffff",
            words=words,
            **lit,
        ),
        Band(xs=(0.0, 50.0), tops=(40.0, 45.0), bottoms=(50.0, 60.0), fill="#eeeeee"),
        Rule(x=0, y=70, x2=90, y2=70, color=BLACK),
        Dot(x=20, y=80, size=6, fill=BLACK, stroke=BLACK),
        Outline(x=0, y=90, path="M0 0 10 10", color=BLACK),
        Text(x=0, y=50, text=f"{state}\nsecond line", size=12, color=BLACK),
    ]


def drawn(found=None, **how):
    plain = {"width": 200, "height": 120, "corner": (8.0, 8.0), "paper": "#ffffff", "ink": BLACK}
    texts = {"title": alt.TitleParams(text=["Title"]), "description": "What it shows."}
    return figure(marks() if found is None else found, **(plain | texts | how), language=ENGLISH)


def svg_of(chart):
    return vl_convert.vegalite_to_svg(chart.to_dict())


def parts(spec):
    """All objects within a specification."""
    if isinstance(spec, Mapping):
        yield spec
        spec = spec.values()
    if not isinstance(spec, str) and hasattr(spec, "__iter__"):
        for part in spec:
            yield from parts(part)


def test_the_same_marks_give_the_same_chart():
    assert drawn().to_dict() == drawn().to_dict()
    estimates = op.transitions(panel_of(NAMES[3], 2), "support")
    assert heatmap(estimates).to_dict() == heatmap(estimates).to_dict()


def test_it_has_neither_scales_nor_a_configuration():
    spec = drawn().to_dict()
    names = {name for part in parts(spec["layer"]) for name in part}
    assert not {"scale", "axis", "legend", "data"} & names
    assert len(spec["datasets"]) == 1


def test_names_of_parameters_differ_where_charts_do():
    names = [
        {part["name"] for part in parts(chart.to_dict()["layer"]) if "select" in part}
        | {part["name"] for part in chart.to_dict().get("params", [])}
        for chart in (drawn(), drawn(marks("oppose")))
    ]
    assert all(names)
    assert names[0].isdisjoint(names[1])


@pytest.mark.parametrize("way", ["beside", "below", "with bars", "over"])
def test_charts_compose(way):
    first, second = drawn(), drawn(marks("oppose", "31%"))
    bars = alt.Chart(pd.DataFrame({"a": ["x", "y"], "b": [1, 2]})).mark_bar().encode(x="a", y="b")
    composed = {
        "beside": lambda: first | second,
        "below": lambda: first & second,
        "with bars": lambda: first & bars,
        "over": lambda: (
            first
            + alt.Chart(pd.DataFrame({"x": [0.5]})).mark_rule().encode(x=alt.X("x:Q", axis=None))
        ),
    }[way]()
    svg = svg_of(composed)
    assert "approve: 46%" in svg
    assert svg.count("second line") == (2 if way in ("beside", "below") else 1)


def test_a_chart_beside_itself_lights_both():
    first = drawn()
    with pytest.warns(UserWarning, match="deduplicated selection parameter"):
        assert svg_of(first | first).count("second line") == 2


def test_a_mark_says_what_it_is_once():
    svg = svg_of(drawn())
    # The bar, and the ribbon without its core.
    assert svg.count('aria-label="approve: 46%"') == 2
    assert 'aria-label="second' not in svg


@given(st.lists(st.sampled_from([*LONG, "' + alert(1) + '", "</script>", "\\"]), min_size=1))
def test_names_are_data_wherever_they_stand(names):
    found = [
        Rect(x=0, y=0, width=9, height=9, fill=BLACK, words=Words((name, "Share"), (name, "1%")))
        for name in names
    ]
    spec = drawn(found).to_dict()
    marked = [row for row in values(drawn(found)) if "style" in row]
    assert [row["cells"][0] for row in marked] == names
    expressions = [part["expr"] for part in parts(spec) if "expr" in part]
    for text in expressions:
        for name in names:
            text = text.replace(vega_literal(tooltip_key(name)), "")
        assert "alert" not in text


@given(st.lists(st.sampled_from(["State", "State ", "State  ", "Share"]), min_size=1))
def test_no_row_of_a_tooltip_is_lost_whatever_the_heads_are_called(heads):
    told = Words(tuple(heads), tuple(map(str, range(len(heads)))))
    spec = drawn([Rect(x=0, y=0, width=9, height=9, fill=BLACK, words=told)]).to_dict()
    names = re.findall(r'"([^"]*)": datum', spec["layer"][0]["mark"]["tooltip"]["expr"])
    assert len(set(names)) == len(names) == len(heads)


def test_a_mark_fades_where_it_has_keys_if_only_its_own():
    box = {"x": 0, "y": 0, "width": 9, "height": 9, "fill": BLACK}
    found = [Rect(**box, key="a", keys=("a",)), Rect(**box, key="b", keys=("a", "b")), Rect(**box)]
    rows = [row for row in values(drawn(found)) if "style" in row]
    assert [row.get("keys") for row in rows] == [[], ["a"], None]


def test_a_patch_lies_below_all_lines_of_a_text_and_below_all_texts():
    look = {"size": 10, "color": BLACK, "align": "center"}
    found = [
        Text(x=50, y=50, text="one\ntwo", patch="#dddddd", **look),
        Text(x=50, y=80, text="three", **look),
    ]
    chart = drawn(found)
    svg = svg_of(chart)
    (patch,) = re.findall(r'<path[^>]*d="([^"]*)"[^>]*fill="#dddddd"', svg)
    assert svg.index(patch) < svg.index(">one<") < svg.index(">three<")
    # A line of 13 pixels, the letters of the other, and what is around both.
    assert re.search(r"v([0-9.]+)h", patch)[1] == "26"
    wide = next(row["wide"] for row in values(chart) if "wide" in row)
    assert wide == pytest.approx(text_width("one", 10), abs=0.1)


def test_hover_lights_what_has_the_key_of_the_mark_pointed_at():
    spec = drawn().to_dict()
    faded = [layer["mark"]["opacity"] for layer in spec["layer"][:2]]
    (text,) = {opacity["expr"] for opacity in faded}
    assert "hover_" in text
    assert "pin_" in text
    assert text.endswith("? 1 : 0.2")
    plain = drawn([Rect(x=0, y=0, width=9, height=9, fill=BLACK)]).to_dict()
    assert "params" not in plain
    assert "opacity" not in plain["layer"][0]["mark"]


def test_lines_of_a_text_stand_around_its_middle():
    svg = svg_of(drawn([Text(x=0, y=50, text="one\ntwo\nthree", size=10, color=BLACK)]))
    spans = [part.split("</tspan>")[0] for part in svg.split("<tspan")[1:]]
    assert [span.split(">")[1] for span in spans] == ["one", "two", "three"]
    one = svg_of(drawn([Text(x=0, y=50, text="two", size=10, color=BLACK)]))
    # Of three lines the second is where a single one would be: the first 13 pixels higher.
    assert height_of(one) - height_of(svg) == pytest.approx(13)


def height_of(svg):
    text = next(part for part in svg.split("<text")[1:] if "two" in part or "one" in part)
    return float(text.split("translate(")[1].split(")")[0].split(",")[1])


def test_figures_are_short_in_the_data():
    dot = Dot(
        x=1 / 3, y=np.float64(200 / 3), size=4, fill=BLACK, stroke=BLACK, data={"share": 2 / 3}
    )
    (row,) = (row for row in values(drawn([dot])) if "share" in row)
    assert (row["x"], row["y"], row["share"]) == (8.33, 74.67, 0.66667)


def test_the_chart_describes_itself():
    assert drawn().to_dict()["description"] == "What it shows."


@pytest.mark.slow
@pytest.mark.parametrize("size", [(700.0, 500.0), "slide"])
def test_a_picture_is_as_large_as_asked(size, tmp_path):
    estimates = op.transitions(panel_of(NAMES[3], 2), "support")
    path = save(heatmap(estimates, size=size), tmp_path / "chart.png", scale=1)
    wide, high = struct.unpack(">II", path.read_bytes()[16:24])
    asked = (1280, 720) if size == "slide" else size
    assert (wide, high) == pytest.approx(asked, abs=10)


@pytest.mark.parametrize(
    ("title", "subtitle"),
    [("A", "B"), ("A", ""), ("A long title " * 9, ""), ("", "B"), ("", "")],
)
def test_a_title_stands_within_the_chart_with_and_without_a_subtitle(title, subtitle):
    estimates = op.transitions(panel_of(NAMES[3], 2), "support")
    spec = heatmap(estimates, title=title, subtitle=subtitle).to_dict() | {"padding": 0}
    height = re.search(r'<svg[^>]* height="([0-9.]+)"', vl_convert.vegalite_to_svg(spec))[1]
    assert float(height) == pytest.approx(spec["height"], abs=1)
