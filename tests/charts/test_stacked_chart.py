"""Stacked bars: what they show is what tables hold, in every theme and size, and no more."""

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest
from chart_panels import NAMES, cases, panel_of
from hypothesis import given
from laid_out import expected, faults, laid_out, same_shares, shown

import opinionpanel as op
from opinionpanel import strategies
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.stacked_chart import lay_out_stacked, stacked
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import withheld_of

PANELS = cases()
THEMES, SIZES = ("light", "dark", "print"), ("page", "slide", "card", "phone")


@cache
def shares_of(name, base="answered"):
    panel = PANELS[name]
    return op.shares(panel, "support", by=next(iter(panel.groups), None), base=base)


@pytest.mark.parametrize("name", PANELS)
def test_texts_have_room_in_every_theme_and_size(name):
    colors = "unordered" if name == "7 parties" else "ordered"
    for k, (theme, size) in enumerate(product(THEMES, SIZES)):
        look = {"theme": theme, "size": size, "language": "ru" if k % 2 else "en"}
        drawing = laid_out(lay_out_stacked, shares_of(name), colors=colors, **look)
        assert faults(drawing) == [], look


@pytest.mark.parametrize("name", PANELS)
def test_figures_are_those_of_the_table(name):
    drawing = laid_out(lay_out_stacked, shares_of(name))
    assert shown(drawing, "bar") == pytest.approx(expected(shares_of(name)))


@given(strategies.panels(people=(4, 60)))
def test_every_panel_of_a_survey_has_bars_without_what_is_withheld(panel):
    by = next(iter(panel.groups), None)
    estimates = op.shares(panel, "opinion", by=by)
    drawing = laid_out(lay_out_stacked, estimates)
    assert faults(drawing) == []
    assert shown(drawing, "bar") == pytest.approx(expected(estimates))


def test_neither_the_order_of_rows_nor_the_scale_of_weights_changes_a_chart():
    first, *others = (stacked(shares).to_dict() for shares in same_shares())
    assert all(chart == first for chart in others)


def test_what_is_withheld_leaves_a_blank_and_nothing_else():
    estimates = op.shares(panel_of(NAMES[3], 2, people=400, groups=3), "support", by="region")
    hidden = estimates.labels["region"].eq("region 2").to_numpy()

    def drawing(secret):
        value = np.where(hidden, secret, estimates.value)
        withheld = replace(withheld_of(estimates, 10), rows=hidden)
        return lay_out_stacked(replace(estimates, value=value), withheld, Options())

    found = drawing(0.2)
    assert found.chart().to_dict() == drawing(0.9).chart().to_dict()
    assert len([mark for mark in found.marks if mark.kind == "withheld"]) == 2
    assert len([mark for mark in found.marks if mark.kind == "bar"]) == 2 * 2 * 3
    assert [mark.text for mark in found.marks if mark.kind == "difference"].count("–") == 2


def test_those_without_an_answer_stand_with_the_undecided():
    drawing = laid_out(lay_out_stacked, shares_of("drop-out and entrants", "panel"))
    bars = [mark for mark in drawing.marks if mark.kind == "bar" and mark.data["wave"] == "wave 4"]
    x = {mark.key: mark.x for mark in bars}
    assert x["approve"] < x["oppose"] < x["unsure"] < x["not interviewed"]
    assert [mark.text for mark in drawing.marks if mark.kind == "key"][-1] == "not interviewed"


def test_two_groups_are_sections_and_rows_at_a_single_wave():
    study = op.datasets.load("attitudes_2024")
    shares = op.shares(study.panel, "support", by=["gender", "age_group"], waves=["Jul 2025"])
    drawing = laid_out(lay_out_stacked, shares, more={"sort": "approve"})
    assert [mark.text for mark in drawing.marks if mark.kind == "section"] == ["man", "woman"]
    assert len([mark for mark in drawing.marks if mark.kind == "name"]) == 8
    assert faults(drawing) == []


def test_bars_that_do_not_add_up_are_not_said_to():
    shares = shares_of("3 states")
    notes = [mark.text for mark in laid_out(lay_out_stacked, shares).marks if mark.kind == "note"]
    assert "add up to 100%" in notes[0]
    some = laid_out(lay_out_stacked, shares.select(state=["approve", "oppose"]))
    assert "add up" not in next(mark.text for mark in some.marks if mark.kind == "note")


def test_what_is_no_share_of_a_wave_is_refused():
    with pytest.raises(SelectionError, match="stacked bars draws the shares of an item's states"):
        stacked(op.flows(PANELS["3 states"], "support"))


@pytest.mark.slow
def test_stacked_bars_can_be_saved(tmp_path):
    chart = stacked(shares_of("5 groups"), theme="print")
    path = op.charts.save(chart, tmp_path / "bars.svg")
    assert "approve" in path.read_text(encoding="utf-8")
