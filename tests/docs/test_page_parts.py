"""Tables and charts of pages: what stands in them is text, and each has a name."""

import sys

import altair as alt
import pandas as pd
import pytest
from places import ROOT

from opinionpanel import report


@pytest.fixture
def page_parts(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs")
    import page_parts

    yield page_parts
    sys.modules.pop("page_parts", None)


def test_cells_are_text_but_for_code_and_what_is_important(page_parts):
    frame = pd.DataFrame({"text": ["<b> `f(<x>)` **much**"], "figure": [1]})
    html = page_parts.table('a "name"', frame, texts=["text"]).data
    assert "&lt;b&gt; <code>f(&lt;x&gt;)</code> <strong>much</strong>" in html
    assert '<td class="figure">1</td>' in html
    assert 'tabindex="0" role="group" aria-label="a &quot;name&quot;"' in html
    assert "&lt;i&gt;" in page_parts.framed("name", pd.DataFrame({"<i>": [1]})).data


def test_a_chart_is_drawn_for_pages_and_for_phones(page_parts):
    report.notebook()
    rows = pd.DataFrame({"x": [1, 2]})

    def draw(width):
        chart = alt.Chart(rows).mark_point().encode(x="x:Q")
        return chart.properties(width=width, description=f"Two points, {width} wide")

    numbers = page_parts.table("numbers", rows)
    html = page_parts.chart(draw, numbers).data
    assert html.count('class="opinionpanel-spec"') == 2
    assert 'aria-label="Two points, 720 wide"' in html
    assert 'aria-label="Two points, 250 wide"' in html
    assert html.count("<summary>") == 1
    assert "<summary>" not in page_parts.chart(draw).data
