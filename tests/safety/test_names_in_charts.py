"""Guards that names which mean something to what draws charts are names like any other there."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import vl_convert

import opinionpanel as op
from opinionpanel.charts import sankey

SVG = "{http://www.w3.org/2000/svg}"


def flows_of(states, waves=("w1", "w2"), group="g", categories=("m", "f")):
    """Everyone's way from each state to each, so that all ribbons are there."""
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
    panel = op.Panel.from_waves(frames, person="id", items={"x": item}, groups=[group])
    return op.flows(panel, "x", by=group)


def drawing(flows):
    return ElementTree.fromstring(vl_convert.vegalite_to_svg(sankey(flows).to_dict()))


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
    assert {key.strip() for key in keys} == {group}
    # None is lost where the group is named like another row.
    rows = re.findall(r"\{(\"(?:[^\"]|\\\")*\": datum.cells[^}]*)\}", str(chart.to_dict()))
    assert rows
    for row in rows:
        names = re.findall(r'"((?:[^"\\]|\\.)*)": datum', row)
        assert len(set(names)) == len(names)
    assert not keys & {"image", "title", "__proto__", "Flow", "State", "1"}


def test_expressions_hold_no_name_but_the_group_of_a_tooltip():
    """A name in an expression is code; all others are data."""
    chart = sankey(flows_of(["STATE", "b"], ("WAVE", "w2"), "GROUP", ("CATEGORY", "f")))
    expressions = re.findall(
        r"'(?:expr|calculate|filter|signal)': (?:'((?:[^'\\]|\\.)*)'|\"([^\"]*)\")",
        str(chart.to_dict() | {"data": None, "datasets": None}),
    )
    code = " ".join(a + b for a, b in expressions)
    assert "datum" in code
    assert not re.search("STATE|WAVE|CATEGORY", code)
    # Of ribbons, and of nodes.
    assert code.count("GROUP") == 2
    assert any("STATE" in row.get("cells", ()) for row in chart.data["values"])


def test_a_direction_ends_with_its_name_before_figures_follow():
    chart = sankey(flows_of(["a", "b"], group="g\u202e", categories=("m\u202e", "f")))
    assert "g\u202e\u202c" in " ".join(chart.title.text)
    texts = {row.get("text") for row in chart.data["values"]}
    assert {"f, n = 48", "m\u202e\u202c, n = 48"} <= texts
