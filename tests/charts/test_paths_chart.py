"""Charts of paths: everything fits, nothing overlaps, and the figures are those of the table."""

import numpy as np
import pytest
from chart_panels import RUSSIAN, panel_of

import opinionpanel as op
from opinionpanel.charts.boxes import overlapping, text_box
from opinionpanel.charts.chart_options import MARGIN, Options
from opinionpanel.charts.marks import Rect, Rule, Text
from opinionpanel.charts.paths_chart import lay_out_paths, paths
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import withheld_of

CASES = {
    "two states": {"states": 2},
    "three states": {},
    "seven states": {"states": 7, "people": 2000, "waves": 3},
    "long Russian names": {"states": 5, "russian": True},
    "a rare state": {"rare": True, "people": 2000},
    "eight waves": {"waves": 8},
    "thirty people": {"people": 30},
    "five groups": {"groups": 5},
}
SIZES = ["page", "slide", "card", "phone", (900.0, 1200.0)]


def drawing_of(estimates, min_n=10, *, most=12, **options):
    withheld = withheld_of(estimates, min_n)
    return lay_out_paths(estimates, withheld, Options(**options), most=most)


def estimates_of(case):
    by = "group" if case.get("groups", 1) > 1 else None
    return op.paths(panel_of(**case), "q", by=by)


def rows_of(drawing):
    return [mark for mark in drawing.marks if mark.kind == "path"]


def assert_in_order(drawing, size):
    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    assert overlapping(texts) == []
    assert all(mark.size >= 9 for mark in texts)
    across, down = drawing.width - 2 * MARGIN, drawing.height - 2 * MARGIN
    for text in texts:
        box = text_box(text)
        assert box.left >= -0.5 and box.right <= across + 0.5, text
        assert box.top >= -0.5 and box.bottom <= down + 0.5, text
    for mark in drawing.marks:
        if isinstance(mark, Rect):
            assert 0 <= mark.x and mark.x + mark.width <= across + 0.5
        if isinstance(mark, Rule):
            assert mark.x <= mark.x2 <= across + 0.5


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("case", CASES)
def test_everything_fits(case, size):
    estimates = estimates_of(CASES[case])
    if case == "five groups" and size in ("card", "slide"):
        with pytest.raises(SelectionError, match=r"too many .* pixels or more"):
            drawing_of(estimates, size=size)
        return
    for theme in ("light", "dark", "print"):
        assert_in_order(drawing_of(estimates, size=size, theme=theme, language="ru"), size)


def test_the_figures_are_those_of_the_table():
    estimates = op.paths(panel_of(), "q")
    table = estimates.to_frame(min_n=10).set_index("path")["estimate"]
    rows = rows_of(drawing_of(estimates, most=99, size=(900, 2000)))
    assert len(rows) == (table > 0).sum() > 12
    for row in rows:
        assert row.data["share"] == pytest.approx(table[row.data["path"]])


def test_the_largest_come_first_and_the_others_are_added_up():
    estimates = op.paths(panel_of(), "q", min_n=1)
    rows = rows_of(drawing_of(estimates, min_n=0, most=5))
    shares = [row.data["share"] for row in rows]
    assert [row.data["path"] for row in rows[5:]] == ["other paths"]
    assert shares[:5] == sorted(estimates.value, reverse=True)[:5]
    assert sum(shares) == pytest.approx(1)
    assert "fewer than" not in drawing_of(estimates, most=5).description


def test_the_order_of_rows_and_the_scale_of_weights_change_nothing():
    estimates = op.paths(panel_of(), "q", by="group")
    reversed_ = estimates.at(np.arange(len(estimates))[::-1])
    assert drawing_of(reversed_).marks == drawing_of(estimates).marks


def test_a_small_size_shows_fewer_paths():
    estimates = op.paths(panel_of(), "q")
    tall, low = (
        rows_of(drawing_of(estimates, size=(760, height), most=20)) for height in (900, 450)
    )
    assert 3 <= len(low) < len(tall)
    assert sum(row.data["share"] for row in low) == pytest.approx(
        sum(row.data["share"] for row in tall)
    )


def test_what_is_withheld_is_nowhere():
    estimates = op.paths(panel_of(300, groups=3, seed=3), "q", by="group")
    withheld = withheld_of(estimates, 10)
    drawing = drawing_of(estimates)
    text = str(drawing.chart().to_dict())
    assert 0 < withheld.rows.sum() < len(estimates)
    hidden = estimates.to_frame()[withheld.rows]
    for row in hidden.itertuples():
        assert f"{row.estimate:.5f}" not in text
    shown = {(row.words.cells[0], row.data["path"]) for row in rows_of(drawing)}
    assert shown.isdisjoint(zip(hidden["group"], hidden["path"], strict=True))
    boxes = [mark for mark in drawing.marks if mark.kind == "withheld"]
    assert len({box.width for box in boxes}) == 1
    assert len(boxes) == hidden["group"].nunique()


def test_all_withheld_and_nobody_there_are_drawn():
    few = op.paths(panel_of(8), "q", min_n=1)
    drawing = drawing_of(few)
    assert rows_of(drawing) == []
    assert "n < 10" in str(drawing.chart().to_dict())


def test_letters_or_a_key_tell_states_apart():
    english, russian = (op.paths(panel_of(russian=name), "q") for name in (False, True))
    lettered, plain = (drawing_of(estimates) for estimates in (english, russian))
    assert {mark.text for mark in lettered.marks if mark.kind == "letter"} == {"A", "U", "O"}
    assert not [mark for mark in plain.marks if mark.kind == "letter"]
    keys = {mark.text for mark in plain.marks if mark.kind == "key"}
    assert keys >= set(RUSSIAN[:3])


def test_waves_are_named_or_numbered():
    wide, narrow = (op.paths(panel_of(waves=waves), "q") for waves in (4, 8))
    named, numbered = (drawing_of(found, size="phone") for found in (wide, narrow))
    assert "Jul\n2022" in [mark.text for mark in named.marks if mark.kind == "wave"]
    texts = [mark.text for mark in numbered.marks if isinstance(mark, Text)]
    assert "8" in texts
    assert "8 Nov 2024" in " ".join(" ".join(texts).split())


def test_other_estimates_are_refused():
    panel = panel_of()
    with pytest.raises(SelectionError, match="these estimates are shares"):
        paths(op.shares(panel, "q"))
    with pytest.raises(SelectionError, match="shares of paths"):
        paths(op.paths(panel, "q", by="group", reference="total"))
    with pytest.raises(SelectionError, match="most must be"):
        paths(op.paths(panel, "q"), most=0)


@pytest.mark.slow
def test_it_draws(tmp_path):
    chart = paths(op.paths(panel_of(), "q"), size=(700, 500))
    op.charts.save(chart, tmp_path / "paths.png")
    assert (tmp_path / "paths.png").stat().st_size > 10_000
