"""Charts as HTML: same chart, same text; and no text of a study can end its script."""

import json
import re

import altair as alt
import pandas as pd

import opinionpanel as op
from opinionpanel import report
from opinionpanel.report import embed

SPEC = {"description": 'A "chart" </script><b>', "mark": "bar", "data": {"values": [{"a": 1}]}}


def data_of(html):
    return re.search(r'<script type="application/json"[^>]*>(.*)</script>$', html)[1]


def test_the_specification_survives_and_cannot_end_its_script():
    html = embed.chart_html(SPEC)
    assert "<" not in data_of(html)
    assert json.loads(data_of(html)) == SPEC
    assert 'aria-label="A &quot;chart&quot; &lt;/script&gt;&lt;b&gt;"' in html


def test_narrow_windows_have_a_chart_of_their_own():
    flows = op.flows(op.datasets.load("thomas_1991_3"), "opinion")
    wide, phone = (op.charts.sankey(flows, size=size).to_dict() for size in ("page", "phone"))
    html = embed.chart_html(wide, phone=phone)
    assert re.findall('class="opinionpanel-chart (.*?)"', html) == ["wide", "narrow"]
    # Neither is made narrower than its letters are read.
    least = [int(pixels) for pixels in re.findall(r"--least: (\d+)px", html)]
    assert least[1] < 360 < least[0] < 760


def test_the_name_of_a_chart_comes_from_its_content(monkeypatch):
    names = []
    for _ in range(2):
        monkeypatch.setattr(embed, "_shown", type(embed._shown)())
        names.append(re.search(r'id="([^"]+)"', embed.chart_html(SPEC))[1])
    again = re.search(r'id="([^"]+)"', embed.chart_html(SPEC))[1]
    assert names[0] == names[1]
    assert again == names[0] + "-2"


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


def test_tables_withhold_small_bases(from_table):
    panel = from_table(["yes", "no"], [[2, 1], [0, 30]])
    html = report.table(op.transitions(panel, "opinion")).text
    assert html.startswith("<details")
    assert "n &lt; 10" in html
    assert "66.7" not in html
