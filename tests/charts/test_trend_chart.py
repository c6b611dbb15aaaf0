"""Trends: what they show is what tables hold, in every theme and size, and no more than that."""

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest
from chart_panels import NAMES, cases, panel_of
from hypothesis import given
from laid_out import expected, faults, laid_out, same_shares, shown

import opinionpanel as op
from opinionpanel import strategies
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.trend_chart import lay_out_trend, trend
from opinionpanel.drawing.marks import Band, Dot, Rule
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import withheld_of

PANELS = cases()
THEMES, SIZES = ("light", "dark", "print"), ("page", "slide", "card", "phone")


@cache
def shares_of(name):
    panel = PANELS[name]
    return op.shares(panel, "support", by=next(iter(panel.groups), None))


@pytest.mark.parametrize("name", PANELS)
def test_texts_have_room_in_every_theme_and_size(name):
    for k, (theme, size) in enumerate(product(THEMES, SIZES)):
        language = "ru" if k % 2 else "en"
        drawing = laid_out(
            lay_out_trend, shares_of(name), theme=theme, size=size, language=language
        )
        assert faults(drawing) == [], (theme, size, language)


@pytest.mark.parametrize("name", PANELS)
def test_figures_are_those_of_the_table(name):
    drawing = laid_out(lay_out_trend, shares_of(name))
    assert shown(drawing) == pytest.approx(expected(shares_of(name)))


@given(strategies.panels(people=(4, 60)))
def test_every_panel_of_a_survey_has_a_trend_without_what_is_withheld(panel):
    by = next(iter(panel.groups), None)
    estimates = op.shares(panel, "opinion", by=by)
    drawing = laid_out(lay_out_trend, estimates)
    assert faults(drawing) == []
    assert shown(drawing) == pytest.approx(expected(estimates))


@given(strategies.panels(people=(12, 60)))
def test_bands_hold_their_lines(panel):
    drawing = laid_out(lay_out_trend, op.shares(panel, "opinion"), min_n=0)
    dots = {(mark.key, round(mark.x, 6)): mark.y for mark in drawing.marks if mark.kind == "share"}
    bands = [mark for mark in drawing.marks if isinstance(mark, Band) and mark.key]
    for band in bands:
        for x, top, bottom in zip(band.xs, band.tops, band.bottoms, strict=True):
            assert top - 1e-6 <= dots[band.key, round(x, 6)] <= bottom + 1e-6


def test_neither_the_order_of_rows_nor_the_scale_of_weights_changes_a_chart():
    first, *others = (trend(shares).to_dict() for shares in same_shares())
    assert all(chart == first for chart in others)


def test_what_is_withheld_leaves_a_mark_and_nothing_else():
    panel = panel_of(NAMES[3], 3, people=400, groups=3)
    estimates = op.shares(panel, "support", by="region")
    hidden = estimates.labels["wave"].eq("wave 2").to_numpy()

    def drawing(secret):
        value = np.where(hidden, secret, estimates.value)
        withheld = replace(withheld_of(estimates, 10), rows=hidden)
        return lay_out_trend(replace(estimates, value=value), withheld, Options())

    found = drawing(0.12)
    assert found.chart().to_dict() == drawing(0.9).chart().to_dict()
    # One for each panel, and one in the key.
    boxes = [mark for mark in found.marks if mark.kind == "withheld"]
    assert [mark.words.cells[-1] for mark in boxes if mark.words] == ["withheld"] * 3
    assert len(boxes) == 4
    # Each of the nine lines is interrupted: its ends stand alone, with the interval as a rule.
    assert not [mark for mark in found.marks if isinstance(mark, Band) and mark.key]
    dots = [mark for mark in found.marks if mark.kind == "share"]
    assert {mark.fill for mark in dots} == {"#ffffff"}


def test_a_wave_that_did_not_ask_is_a_gap_and_one_that_was_left_out_is_not():
    random = np.random.default_rng(1)
    frames = {
        wave: pd.DataFrame({"id": np.arange(50), "q": random.integers(1, 3, 50)})
        for wave in ("a", "b", "c", "d")
    }
    item = op.Item({"a": "q", "c": "q", "d": "q"}, {"yes": [1], "no": [2]})
    panel = op.Panel.from_waves(frames, person="id", items={"q": item})
    asked = laid_out(lay_out_trend, op.shares(panel, "q"))
    assert [mark.text for mark in asked.marks if mark.kind == "wave"] == ["a", "b", "c", "d"]
    assert "not asked" in [mark.text for mark in asked.marks if mark.kind == "count"]
    bands = [mark for mark in asked.marks if isinstance(mark, Band) and mark.key]
    assert [len(band.xs) for band in bands] == [2, 2]
    chosen = laid_out(lay_out_trend, op.shares(panel, "q", waves=["c", "d"]))
    assert [mark.text for mark in chosen.marks if mark.kind == "wave"] == ["c", "d"]
    chosen = laid_out(
        lay_out_trend, op.shares(panel_of(NAMES[2], 4), "support").select(wave=["wave 1", "wave 4"])
    )
    assert len([mark for mark in chosen.marks if isinstance(mark, Band) and mark.key]) == 2


def test_a_change_of_mode_is_said_above_the_plot():
    panel = panel_of(NAMES[3], 4, changes={"wave 3": "by <b>phone</b>", "wave 1": "as ever"})
    drawing = laid_out(lay_out_trend, op.shares(panel, "support"))
    texts = [mark for mark in drawing.marks if mark.kind == "change" and not isinstance(mark, Rule)]
    rules = [mark for mark in drawing.marks if mark.kind == "change" and isinstance(mark, Rule)]
    # At the first wave there is nothing before it that was other.
    assert [mark.text for mark in texts] == ["by <b>phone</b>"]
    assert [rule.x for rule in rules] == [rule.x2 for rule in rules]
    assert texts[0].y < rules[0].y


def test_groups_of_a_single_state_are_lines_of_one_panel():
    panel = panel_of(NAMES[3], 4, people=2000, groups=5)
    estimates = op.shares(panel, "support", by="region").select(state="approve")
    drawing = laid_out(lay_out_trend, estimates)
    assert [mark.text for mark in drawing.marks if mark.kind == "panel"] == ["approve"]
    assert len({mark.key for mark in drawing.marks if isinstance(mark, Dot)}) == 5
    assert faults(drawing) == []
    more = panel_of(NAMES[2], 3, people=2000, groups=6)
    estimates = op.shares(more, "support", by="region").select(state="yes")
    panels = laid_out(lay_out_trend, estimates)
    assert len([mark for mark in panels.marks if mark.kind == "panel"]) == 6


def test_lines_of_groups_take_colours_by_name():
    panel = panel_of(NAMES[2], 2, groups=2)
    estimates = op.shares(panel, "support", by="region").select(state="yes")
    drawing = laid_out(lay_out_trend, estimates, colors={"region 2": "#123456"})
    inks = {mark.key: mark.fill for mark in drawing.marks if mark.kind == "share"}
    assert inks["region 2"] == "#123456"


def test_distances_without_days_are_said_to_be_equal():
    panel = panel_of(NAMES[3], 3, dates=False)
    drawing = laid_out(lay_out_trend, op.shares(panel, "support"))
    assert any("equal distances" in mark.text for mark in drawing.marks if mark.kind == "note")


def test_the_description_tells_the_main_numbers():
    description = laid_out(lay_out_trend, shares_of("3 states")).description
    share = expected(shares_of("3 states"))["wave 4", "approve"]
    assert f"approve {100 * share:.1f}%" in description


def test_what_is_no_share_of_a_wave_is_refused():
    panel = PANELS["3 states"]
    shares = op.shares(panel, "support")
    for estimates in (
        op.flows(panel, "support"),
        op.turnover(panel, "support"),
        shares.difference("wave", "wave 2", minus="wave 1"),
    ):
        with pytest.raises(SelectionError, match="shares of an item's states at waves"):
            trend(estimates)


@pytest.mark.slow
def test_a_trend_can_be_saved(tmp_path):
    for name, estimates in (("one", shares_of("3 states")), ("five", shares_of("5 groups"))):
        path = op.charts.save(trend(estimates, theme="print"), tmp_path / f"{name}.svg")
        assert "approve" in path.read_text(encoding="utf-8")
