"""A font that is not here would leave a picture without its texts."""

import altair as alt
import pytest

from opinionpanel import charts
from opinionpanel.drawing.missing_fonts import missing_fonts
from opinionpanel.errors import WriteError


def text_in(font):
    return f'<svg><text font-family="{font}">a</text></svg>'


def test_only_fonts_that_draw_nothing_are_missing():
    assert missing_fonts(text_in("Nonesuch, Liberation Sans")) == []
    assert missing_fonts(text_in("&quot;None such&quot;") + text_in("Nonesuch")) == [
        '"None such"',
        "Nonesuch",
    ]


@pytest.mark.parametrize("ending", [".png", ".pdf"])
def test_a_chart_without_its_font_is_refused_and_takes_no_place(tmp_path, ending):
    chart = (
        alt.Chart(alt.Data(values=[{"a": "text"}])).mark_text(font="Nonesuch").encode(text="a:N")
    )
    with pytest.raises(WriteError, match=r"No font of 'Nonesuch' is on this machine"):
        charts.save(chart, tmp_path / f"chart{ending}")
    charts.save(chart, tmp_path / "chart.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["chart.svg"]


def test_a_chart_that_cannot_be_drawn_is_one_line(tmp_path):
    chart = alt.Chart(alt.Data(values=[{"a": 1}])).mark_bar().transform_calculate(b="(((")
    with pytest.raises(WriteError, match="cannot be drawn") as caught:
        charts.save(chart, tmp_path / "chart.svg")
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())
