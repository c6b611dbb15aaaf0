"""Charts of paths: everything fits, nothing overlaps, and the figures are those of the table."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from chart_panels import LONG, NAMES, cases, panel_of
from laid_out import faults

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.path_chart import lay_out_paths, paths
from opinionpanel.drawing.marks import Rect, Rule, Text
from opinionpanel.drawing.sizes import MARGIN
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Withheld, withheld_of

THREE = NAMES[3]


@cache
def panel(groups=0, waves=4, **item):
    return panel_of(THREE, waves, groups=groups, **item)


@cache
def case_of(name):
    found = cases()[name]
    estimates = op.paths(found, "support", by=next(iter(found.groups), None))
    return estimates, withheld_of(estimates, 10)


def drawing_of(estimates, withheld=None, *, most=12, **options):
    withheld = withheld or Withheld(np.zeros(len(estimates), dtype=bool))
    return lay_out_paths(estimates, withheld, Options(**options), most=most)


def rows_of(drawing):
    return [mark for mark in drawing.marks if mark.kind == "path"]


def within(drawing):
    """Whether bars and lines lie within the sheet, and lines run forwards."""
    across = drawing.width - 2 * MARGIN
    for mark in drawing.marks:
        if isinstance(mark, Rect):
            assert -0.5 <= mark.x <= mark.x + mark.width <= across + 0.5
        if isinstance(mark, Rule):
            assert mark.x <= mark.x2 <= across + 0.5


@pytest.mark.parametrize("size", ["page", "slide", "card", "phone", (900.0, 1600.0)], ids=str)
@pytest.mark.parametrize("case", cases())
def test_everything_fits(case, size):
    estimates, withheld = case_of(case)
    theme = "print" if size in ("phone", "slide") else "dark"
    drawing = drawing_of(estimates, withheld, size=size, theme=theme, language="ru")
    assert faults(drawing) == []
    within(drawing)


def test_the_figures_are_those_of_the_table():
    estimates = op.paths(panel(), "support")
    table = estimates.to_frame().set_index("path")["estimate"]
    rows = rows_of(drawing_of(estimates, most=99, size=(900, 2000)))
    assert len(rows) == (table > 0).sum() > 12
    for row in rows:
        assert row.data["share"] == pytest.approx(table[row.data["path"]])


def test_the_largest_come_first_and_the_others_are_added_up():
    estimates = op.paths(panel(), "support")
    drawing = drawing_of(estimates, most=5)
    shares = [row.data["share"] for row in rows_of(drawing)]
    assert [row.data["path"] for row in rows_of(drawing)[5:]] == ["other paths"]
    assert shares[:5] == sorted(estimates.value[:-1], reverse=True)[:5]
    assert sum(shares) == pytest.approx(1)
    # What the measure says of its own, smaller row.
    assert "fewer than 10" in str(estimates.about.notes)
    assert "fewer than 10" not in str(drawing.chart().to_dict())


def test_the_order_of_rows_changes_nothing():
    estimates = op.paths(panel(), "support")
    backwards = estimates.at(np.arange(len(estimates))[::-1])
    assert drawing_of(backwards).chart().to_dict() == drawing_of(estimates).chart().to_dict()


def test_a_small_size_shows_fewer_paths():
    estimates = op.paths(panel(), "support")
    tall, low = (
        rows_of(drawing_of(estimates, size=(760, height), most=20)) for height in (900, 450)
    )
    assert 4 <= len(low) < len(tall)
    for rows in (tall, low):
        assert sum(row.data["share"] for row in rows) == pytest.approx(1)


def test_a_size_in_pixels_is_kept_or_refused():
    estimates = op.paths(panel(groups=4), "support", by="region")
    assert drawing_of(estimates, size=(900, 1600)).height == pytest.approx(1600, abs=1)
    with pytest.raises(SelectionError, match=r"Draw it in 900 × \d+ pixels or more"):
        drawing_of(estimates, size=(900, 500))
    with pytest.raises(SelectionError, match=r"Draw it in \d+ × 500 pixels or more"):
        drawing_of(op.paths(panel(waves=8), "support"), size=(240, 500))


def test_what_is_withheld_is_nowhere():
    estimates, withheld = case_of("5 groups")
    drawing = drawing_of(estimates, withheld)
    text = str(drawing.chart().to_dict())
    assert 0 < withheld.rows.sum() < len(estimates)
    hidden = estimates.to_frame()[withheld.rows]
    for row in hidden[hidden["estimate"] > 0].itertuples():
        assert f"{row.estimate:.5f}".rstrip("0") not in text
    shown = {(row.words.cells[0], row.data["path"]) for row in rows_of(drawing)}
    assert shown.isdisjoint(zip(hidden["region"], hidden["path"], strict=True))
    boxes = [mark for mark in drawing.marks if mark.kind == "withheld"]
    assert len({box.width for box in boxes}) == 1
    assert len(boxes) == hidden["region"].nunique()


def test_nobody_to_show_is_drawn():
    few = op.paths(panel_of(THREE, people=8), "support", min_n=1)
    drawing = drawing_of(few, withheld_of(few, 10))
    assert rows_of(drawing) == []
    assert "n < 10" in [mark.text for mark in drawing.marks if isinstance(mark, Text)]
    found = op.paths(panel(groups=2), "support", by="region")
    away = (found.labels["region"] == "region 2").to_numpy()
    nobody = replace(found, value=np.where(away, np.nan, found.value), n=np.where(away, 0, found.n))
    texts = [mark.text for mark in drawing_of(nobody).marks if isinstance(mark, Text)]
    assert {"–", "n = 0"} <= set(texts)


def test_letters_or_a_key_tell_states_apart():
    short, long = op.paths(panel(), "support"), case_of("7 states")[0]
    lettered, plain = (drawing_of(estimates, theme="print") for estimates in (short, long))
    assert {mark.text for mark in lettered.marks if mark.kind == "letter"} == {"A", "U", "O"}
    assert not [mark for mark in plain.marks if mark.kind == "letter"]
    assert {mark.text for mark in plain.marks if mark.kind == "key"} >= set(NAMES[7])


def test_waves_are_named_or_numbered():
    named, numbered = (
        drawing_of(op.paths(panel(waves=waves), "support"), size="phone") for waves in (4, 8)
    )
    assert "wave\n4" in [mark.text for mark in named.marks if mark.kind == "wave"]
    assert "8" in [mark.text for mark in numbered.marks if mark.kind == "wave"]
    key = " ".join(mark.text for mark in numbered.marks if mark.kind == "key")
    assert "8 wave 8" in " ".join(key.split())


def test_those_who_never_changed_have_stronger_bars():
    drawing = drawing_of(op.paths(panel(), "support"))
    bars = [mark for mark in drawing.marks if mark.kind == "bar"]
    fills = {bar.y: bar.fill for bar in bars}
    for row in rows_of(drawing)[:-1]:
        own = next(fill for y, fill in fills.items() if row.y < y < row.y + row.height)
        assert (own == "#8c8c8c") == (len(set(row.data["path"].split(" → "))) == 1)


def test_other_estimates_are_refused():
    found = panel(groups=2)
    with pytest.raises(SelectionError, match="these estimates are shares"):
        paths(op.shares(found, "support"))
    with pytest.raises(SelectionError, match="shares of paths"):
        paths(op.paths(found, "support", by="region", reference="rest"))
    with pytest.raises(SelectionError, match="most must be"):
        paths(op.paths(found, "support"), most=0)


@pytest.mark.slow
def test_it_draws(tmp_path):
    found = panel_of(LONG, 3)
    op.charts.save(paths(op.paths(found, "support"), language="ru"), tmp_path / "paths.png")
    assert (tmp_path / "paths.png").stat().st_size > 10_000
