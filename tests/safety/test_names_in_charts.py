"""Guards that names which mean something to what draws charts are names like any other there."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import vl_convert
from hostile import MARKUP, PAGES, SEEN_AS_MORE
from kinds import of_every_kind

import opinionpanel as op
from opinionpanel.charts import sankey

SVG = "{http://www.w3.org/2000/svg}"


def panel_of(states, waves=("w1", "w2"), group="g", categories=("m", "f")):
    """People who went from each state to each, of either category."""
    size = len(states)
    people = np.arange(24 * size**2)
    answers = [people % size, people // size % size]
    frames = {
        wave: pd.DataFrame(
            {"id": people, "q": answer, group: np.take(categories, people // size**2 % 2)}
        )
        for wave, answer in zip(waves, answers, strict=True)
    }
    item = op.Item("q", {state: [code] for code, state in enumerate(states)})
    return op.Panel.from_waves(frames, person="id", items={"x": item}, groups=[group])


def flows_of(states, waves=("w1", "w2"), group="g", categories=("m", "f")):
    """Everyone's way from each state to each, so that all ribbons are there."""
    return op.flows(panel_of(states, waves, group, categories), "x", by=group)


def drawing_of(chart):
    return ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.to_dict()))


def drawing(flows):
    return drawing_of(sankey(flows))


def ribbons(svg):
    return [
        path
        for part in svg.iter(f"{SVG}g")
        if "mark-area" in part.get("class", "")
        for path in part.iter(f"{SVG}path")
    ]


def tooltip_keys(chart):
    shown = str(chart.to_dict())
    return re.findall(r'"((?:[^"\\]|\\.)*)": datum\.cells\[0\]', shown)


@pytest.mark.parametrize(
    "names",
    [
        ["a|b", "c", "a", "b|c"],
        ["__proto__", "constructor", "toString"],
        ["", "image", "title"],
        ["hasOwnProperty", "1", "0"],
        ["null", "x" * 300, "e\u0301" * 200],
        ["a\x1b[1m", "b\ufffe", "مرحبا"],
    ],
)
def test_every_flow_has_a_ribbon_of_its_own_whatever_its_states_are_called(names):
    flows = flows_of(names, categories=names[:2] if "" not in names else names[1:])
    svg = drawing(flows)
    rows = [row for row in sankey(flows).data["values"] if row.get("kind") == "flow"]
    assert len(rows) == 2 * len(names) ** 2
    found = ribbons(svg)
    # A ribbon and its core for each flow, and none without its edge or colour.
    assert len(found) == 2 * len(rows)
    assert all(path.get("d") and path.get("fill", "").startswith("#") for path in found)
    said = {path.get("aria-label") for path in found}
    assert len(said - {None}) == len(rows)


@pytest.mark.parametrize("waves", [("constructor", "toString"), ("__proto__", "a|b"), ("1", "0")])
def test_waves_may_have_any_name(waves):
    said = [path.get("aria-label") or "" for path in ribbons(drawing(flows_of(["a", "b"], waves)))]
    assert sum(" → ".join(waves) in text for text in said) == 8


@pytest.mark.parametrize("group", ["image", "title", "__proto__", "Flow", "State", "1", ""])
def test_a_group_may_have_the_name_of_what_a_tooltip_takes_specially(group):
    flows = flows_of(["a", "b"], group=group)
    chart = sankey(flows)
    assert ribbons(drawing(flows))
    keys = set(tooltip_keys(chart))
    assert {key.strip() for key in keys} == {group or "(no name)"}
    # None is lost where the group is named like another row.
    rows = re.findall(r"\{(\"(?:[^\"]|\\\")*\": datum.cells[^}]*)\}", str(chart.to_dict()))
    assert rows
    for row in rows:
        names = re.findall(r'"((?:[^"\\]|\\.)*)": datum', row)
        assert len(set(names)) == len(names)
    assert not keys & {"image", "title", "__proto__", "Flow", "State", "1"}


def test_expressions_hold_no_text_but_the_heads_of_tooltips():
    """A text in an expression is code, all others are data; heads are written as literals."""
    panel = panel_of(["STATE", "b"], ("WAVE", "w2"), "GROUP", ("CATEGORY", "f"))
    given = {"title": "TITLE", "subtitle": "BELOW", "caption": "CAPTION", "labels": {"f": "LABEL"}}
    for kind, chart in of_every_kind(panel, "x", "GROUP", **given).items():
        expressions = re.findall(
            r"'(?:expr|calculate|filter|signal)': (?:'((?:[^'\\]|\\.)*)'|\"([^\"]*)\")",
            str(chart.to_dict() | {"data": None, "datasets": None}),
        )
        code = " ".join(a + b for a, b in expressions)
        # The others call a group "Group".
        assert ("GROUP" in code) == (kind not in ("dots", "paths"))
        code = re.sub(r'"(?:[^"\\]|\\.)*": datum', "datum", code)
        assert "datum" in code
        assert not re.search("STATE|WAVE|GROUP|CATEGORY|TITLE|BELOW|CAPTION|LABEL", code), kind
        told = str(chart.data["values"]) + chart.description
        for text in ("LABEL", "CAPTION", "TITLE"):
            assert text in told, kind


@pytest.mark.parametrize(
    "names",
    [
        *(MARKUP[:6], PAGES[-6:], SEEN_AS_MORE[:6]),
        ["__proto__", "constructor", "toString", "image", "title", "1"],
    ],
)
def test_every_kind_draws_hostile_names_as_texts(names):
    states, waves, group, categories = names[:3], names[3:5], names[5], names[:2]
    panel = panel_of(states, waves, group, categories)
    charts = of_every_kind(panel, "x", group, size="slide")
    for kind, chart in charts.items():
        svg = drawing_of(chart)
        # Nothing is a script, a picture or a link.
        tags = {part.tag.removeprefix(SVG) for part in svg.iter()}
        assert tags <= {"svg", "g", "path", "rect", "text", "tspan"}, kind
        told = [part.get("aria-label") for part in svg.iter() if part.get("aria-label")]
        said = [row for row in chart.data["values"] if "cells" in row and row["kind"] != "heads"]
        assert len(said) >= 3
        assert len(told) >= len(said), kind


def test_a_direction_ends_with_its_name_before_figures_follow():
    chart = sankey(flows_of(["a", "b"], group="g\u202e", categories=("m\u202e", "f")))
    assert "g\u202e\u202c" in " ".join(chart.title.text)
    texts = {row.get("text") for row in chart.data["values"]}
    assert {"f, n = 48", "m\u202e\u202c, n = 48"} <= texts
