"""Sheets: title, key and caption around a plot, none of them over another."""

from functools import partial

import pytest
from chart_panels import LONG
from hypothesis import given, strategies as st
from laid_out import faults

from opinionpanel.drawing.languages import ENGLISH
from opinionpanel.drawing.marks import Rect, Text
from opinionpanel.drawing.sheet import SAMPLE, KeyEntry, Sheet
from opinionpanel.drawing.sizes import MARGIN, SIZES, size_of
from opinionpanel.drawing.themes import theme_of
from opinionpanel.errors import SelectionError

WORDS = ["approve", "затрудняюсь", "of", "n = 1,084", "x" * 70]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)


def sample(color, x, y, width, height):
    return [Rect(x=x, y=y, width=width, height=height, fill=color)]


def sheet(size="page", key=(), **texts):
    plain = {"title": "Title", "subtitle": "Subtitle", "notes": ["Base: all; n = 10."]}
    entries = [KeyEntry(text, partial(sample, "#000000")) for text in key]
    return Sheet(size_of(size), theme_of("light"), ENGLISH, **(plain | texts), key=entries)


@given(
    st.sampled_from([*SIZES, (900.0, 1200.0)]),
    TEXTS,
    TEXTS,
    st.lists(TEXTS, max_size=3),
    st.lists(st.sampled_from(LONG), max_size=7),
)
def test_nothing_overlaps_or_leaves_the_sheet(size, title, subtitle, notes, key):
    made = sheet(size, key, title=title, subtitle=subtitle, notes=notes)
    drawing = made.drawing([], 100)
    assert faults(drawing) == []
    for mark in drawing.marks:
        if isinstance(mark, Rect):
            assert mark.width == SAMPLE
            assert mark.y >= 0
            assert -0.5 <= mark.x <= made.width
    if made.size.height is not None and made.plot_height >= 100:
        assert drawing.height == pytest.approx(made.size.height, abs=0.1)


def test_the_plot_gets_what_the_texts_leave():
    low, high = (sheet((800, height)).plot_height for height in (500, 700))
    assert high - low == 200
    assert sheet("slide", notes=[]).plot_height > sheet("slide").plot_height
    assert sheet().plot_height is None
    assert sheet().room(5000) is None


def test_a_size_with_a_name_gives_way_and_one_in_pixels_says_what_it_needs():
    assert sheet("card").room(2000) == 2000
    assert sheet("card").drawing([], 2000).height > 2000
    made = sheet((800, 500))
    assert made.room(100) == made.plot_height
    with pytest.raises(SelectionError, match="Draw it in 800 × 600 pixels or more"):
        made.room(made.plot_height + 100)
    with pytest.raises(SelectionError, match="Draw it in 1016 × 500 pixels"):
        made.needs(1000)
    with pytest.raises(SelectionError, match="Draw it in 1016 pixels or more"):
        sheet().needs(999.3)


def test_a_picture_of_given_height_is_never_lower():
    made = sheet((800, 500))
    assert made.drawing([], 10).height == pytest.approx(500, abs=0.1)
    notes = [mark for mark in made.drawing([], 10).marks if isinstance(mark, Text)]
    assert notes[-1].y > made.plot_height


def test_the_description_has_what_those_who_do_not_see_it_need():
    told = sheet(notes=["Grey: stayed.", "Base: all; n = 10."]).drawing([], 10, "The most: 12%")
    assert told.description == "Title. Subtitle. The most: 12%. Base: all; n = 10."


def test_entries_of_a_key_stand_in_rows():
    marks, bottom = sheet("phone").entries(sheet(key=["one", "two", *LONG]).key, 10)
    texts = [mark for mark in marks if isinstance(mark, Text)]
    assert texts[0].y == texts[1].y < texts[2].y
    assert "\n" in texts[-1].text
    assert bottom >= max(text.y + text.height / 2 for text in texts)
    assert sheet().entries([], 10) == ([], 10)


def test_the_corner_of_a_plot_is_below_the_title():
    assert sheet(title="", subtitle="").drawing([], 10).corner == (MARGIN, MARGIN)
    assert sheet().drawing([], 10).corner[1] > 40
