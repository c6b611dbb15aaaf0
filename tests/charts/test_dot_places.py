"""Rows, axis and columns of a chart of dots share the sheet without meeting each other."""

import math

import pytest
from hypothesis import given, strategies as st

from opinionpanel.charts.dot_places import Column, place
from opinionpanel.charts.dot_rows import Point, Row
from opinionpanel.drawing.languages import ENGLISH
from opinionpanel.drawing.lettering import text_width
from opinionpanel.drawing.sheet import Sheet
from opinionpanel.drawing.sizes import size_of
from opinionpanel.drawing.themes import theme_of
from opinionpanel.errors import SelectionError

POINT = Point(0.4, 0.3, 0.5, 100, hidden=False)
NAMES = st.lists(
    st.text("абв ж", min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=4
).map(" ".join)
SECTIONS = st.lists(
    st.tuples(NAMES, st.lists(NAMES, min_size=1, max_size=4)), min_size=1, max_size=3
)
SIZES = st.sampled_from(["page", "slide", "card", "phone", (500, 700), (900, 1200)])


def placed(rows, size, texts=("+4 (−2 to +10)", "1,049")):
    sheet = Sheet(size_of(size), theme_of("light"), ENGLISH, "Title", "Question", ["Base."])
    columns = [
        Column("change, points (95%\u00a0interval)", [texts[0]] * len(rows)),
        Column("n", [texts[1]] * len(rows), right=True),
    ]
    return sheet, place(sheet, rows, columns, [0.2, 0.6], (0, 1), 30)


@given(SECTIONS, SIZES)
def test_rows_follow_each_other_and_nothing_leaves_the_sheet(sections, size):
    rows = [
        Row(f"{k}{head}", name, POINT) for k, (head, names) in enumerate(sections) for name in names
    ]
    try:
        sheet, found = placed(rows, size)
    except SelectionError:
        # A size in pixels may be too small.
        assert isinstance(size, tuple)
        return
    assert [slot.row for slot in found.slots if slot.row is not None] == list(range(len(rows)))
    assert len(found.slots) == len(rows) + len(sections)
    y = found.top
    for slot in found.slots:
        assert slot.top == pytest.approx(y)
        for middle in (slot.name_y, slot.track_y, slot.figures_y):
            assert slot.top < middle < slot.top + slot.height
        y = slot.top + slot.height
        bold = slot.row is None
        widest = max(text_width(line, sheet.size.label, bold=bold) for line in slot.name)
        room = found.names if found.way == "beside" else sheet.width
        if found.way == "above" and not bold:
            room = found.columns[0].x
        assert widest <= room + 0.5
    assert found.height == pytest.approx(y)
    if sheet.plot_height is not None:
        assert found.height >= sheet.plot_height - 1e-6
    assert found.left >= 0
    assert found.right <= sheet.width
    last = found.columns[-1]
    assert last.x == sheet.width


@pytest.mark.parametrize(
    ("size", "name", "way"),
    [
        ("page", "men", "beside"),
        ("card", "Северо-Кавказский федеральный округ", "beside"),
        ("phone", "men", "above"),
        ("phone", "Северо-Кавказский федеральный округ", "above"),
        ((240, 700), "Нижегородско-Поволжский", "folded"),
    ],
)
def test_names_stand_beside_the_dots_where_there_is_room(size, name, way):
    assert placed([Row("", name, POINT)], size)[1].way == way


def test_columns_keep_away_from_the_last_tick():
    _, found = placed([Row("", "men", POINT)], "page")
    assert found.columns[0].x - found.right >= 30


def test_what_has_no_room_is_refused_with_the_size_it_needs():
    rows = [Row("", f"group {k}", POINT) for k in range(60)]
    with pytest.raises(SelectionError, match=r"500 × \d+ pixels"):
        placed(rows, (500, 400))
    with pytest.raises(SelectionError, match="pixels"):
        placed(
            rows[:1],
            (300, 400),
            ["+4 (−2 to +10) and much, much more than there is any room for", "1"],
        )


def test_a_head_stands_closer_to_its_rows_than_to_those_before_it():
    _, found = placed([Row("One", "a", POINT), Row("Two", "b", POINT)], "slide")
    one, _, two, row = (slot.name_y for slot in found.slots)
    before = found.slots[1].name_y
    assert row - two < two - before
    assert math.isclose(row - two, before - one)
