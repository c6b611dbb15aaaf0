"""Charts and tables of pages that are executed when they are built."""

import re

import altair as alt
import pandas as pd

import opinionpanel as op
from opinionpanel import report
from opinionpanel.report import embed


def test_notebook_shows_charts_without_outside_addresses():
    before = alt.renderers.active
    try:
        report.notebook()
        chart = alt.Chart(pd.DataFrame({"a": [1, 2]})).mark_bar().encode(x="a:Q")
        bundle = chart._repr_mimebundle_()
    finally:
        alt.renderers.enable(before)
    assert set(bundle) == {"text/html"}
    assert "src=" not in bundle["text/html"]


def test_a_chart_that_is_shown_twice_has_two_names(monkeypatch):
    monkeypatch.setattr(embed, "_shown", type(embed._shown)())
    spec = {"description": "A", "mark": "bar", "data": {"values": [{"a": 1}]}}
    first, second = (embed._render(spec)["text/html"] for _ in range(2))
    names = [re.search(r' id="([^"]+)"', html)[1] for html in (first, second)]
    assert names[0] != names[1]


def test_tables_withhold_small_bases(from_table):
    panel = from_table(["yes", "no"], [[2, 1], [0, 30]])
    html = report.table(op.transitions(panel, "opinion")).text
    assert html.startswith("<details")
    assert "n &lt; 10" in html
    assert "66.7" not in html
