"""A saved page: its language, its table, its font, and what fits narrow windows."""

import re

import altair as alt
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.drawing.chart_pages import chart_page, told
from opinionpanel.errors import SelectionError
from opinionpanel.escaping import html_text


@pytest.fixture(scope="module")
def moves():
    return op.transitions(op.datasets.load("thomas_1991_3"), "opinion")


def seen(html):
    """A page without its scripts, which are too long to be shown where a test fails."""
    return re.sub("(<script[^>]*>).*?</script>", r"\1", html, flags=re.DOTALL)


@pytest.fixture(scope="module")
def page(moves):
    return seen(chart_page(charts.heatmap(moves).to_dict()))


def test_a_page_speaks_the_language_of_its_chart(moves, page):
    russian = seen(chart_page(charts.heatmap(moves, language="ru").to_dict()))
    assert '<html lang="en">' in page
    assert '<html lang="ru">' in russian
    assert re.search("<summary>[^<]*[а-я][^<]*</summary>", russian)


def test_the_table_holds_every_number_of_the_chart(moves, page):
    rows = re.findall("<tr>(.*?)</tr>", page)
    cells = [re.findall("<t[dh][^>]*>(.*?)</t[dh]>", row) for row in rows]
    assert len(cells) == len(moves) + 1
    assert len({len(row) for row in cells}) == 1
    shown = moves.to_frame()["estimate"]
    assert [row[-2].split("%")[0] for row in cells[1:]] == [f"{100 * v:.1f}" for v in shown]


def test_a_page_brings_its_font_and_keeps_its_letters_readable(page):
    assert page.count("@font-face") == 2
    least = float(re.search(r"--least: (\d+)px", page)[1])
    letters = told(
        charts.heatmap(op.transitions(op.datasets.load("thomas_1991_3"), "opinion")).to_dict()
    )["letters"]
    assert least * letters / 760 == pytest.approx(9, abs=0.1)


def test_a_page_takes_a_chart_for_phones_as_well(moves, tmp_path):
    wide, narrow = charts.heatmap(moves), charts.heatmap(moves, size="phone")
    path = charts.save(wide, tmp_path / "moves.html", phone=narrow)
    html = seen(path.read_text(encoding="utf-8"))
    assert html.count('<script type="application/json" class="spec">') == 2
    # The numbers are the same: one table.
    assert html.count("<table>") == 1
    with pytest.raises(SelectionError, match="holds one chart"):
        charts.save(wide, tmp_path / "moves.svg", phone=narrow)


def test_charts_beside_each_other_have_a_table_each(moves):
    flows = op.flows(op.datasets.load("thomas_1991_3"), "opinion")
    both = charts.heatmap(moves) | charts.heatmap(flows)
    page = seen(chart_page(both.to_dict()))
    # Named as the first, and each is told to those who see none.
    assert f"<title>{html_text(' '.join(charts.heatmap(moves).title.text))}</title>" in page
    for one in (moves, flows):
        assert html_text(charts.heatmap(one).description) in page
    assert page.count("<table>") == 2
    # Half as large again at most, as one chart.
    assert f"max-width: {1.5 * (760 + 20 + 760):.0f}px" in page
    below = charts.heatmap(moves) & charts.heatmap(flows)
    assert f"max-width: {1.5 * 760:.0f}px" in seen(chart_page(below.to_dict()))


def test_any_other_chart_is_a_page_without_a_table():
    bars = alt.Chart(pd.DataFrame({"a": ["x"], "b": [1]})).mark_bar().encode(x="a", y="b")
    html = seen(chart_page(bars.to_dict()))
    assert "<table>" not in html
    assert "--least: " not in html.split("</style>")[1]
