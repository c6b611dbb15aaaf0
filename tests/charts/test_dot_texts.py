"""Columns, notes and the words of rows say what the figures are, and nothing that is withheld."""

import numpy as np
import pytest
from chart_panels import NAMES, panel_of

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.dot_chart import lay_out_dots
from opinionpanel.charts.dot_marks import key
from opinionpanel.charts.dot_rows import part_of, rows_of
from opinionpanel.charts.dot_texts import (
    Told,
    columns,
    notes,
    summary,
    tick_label,
    under_title,
    words,
)
from opinionpanel.charts.frame import Frame
from opinionpanel.estimates import Withheld, withheld_of


@pytest.fixture(scope="module")
def panel():
    return panel_of(NAMES[3], 3, people=600, groups=4)


def told_of(estimates, *, withheld=None, alone=False, state=None, ranks=False, **options):
    withheld = withheld_of(estimates, 10) if withheld is None else withheld
    part = part_of(estimates, withheld, state=state, alone=alone)
    frame = Frame(part.estimates, part.withheld, Options(**options))
    return Told(part, frame, rows_of(part, frame, by=None, sort=None, ranks=ranks))


def test_two_waves_have_a_column_of_changes_and_one_a_column_of_shares(panel):
    shares = op.shares(panel, "support", by="region")
    two, one = told_of(shares), told_of(shares.select(wave="wave 1"))
    assert columns(two)[0].head == "change, points (95%\u00a0interval)"
    row, language = two.rows[0], two.frame.language
    change = row.change
    assert columns(two)[0].texts[0] == language.difference(change.value, change.low, change.high)
    assert columns(one)[0].head == "share (95%\u00a0interval)"
    last = one.rows[0].last
    share, limits = language.share(last.value), language.compact_limits(last.low, last.high, 0)
    assert columns(one)[0].texts[0] == f"{share} ({limits})"
    assert columns(one)[1].texts[0] == str(last.n)


def test_narrow_intervals_have_a_digit_after_the_point_in_the_whole_column():
    panel = panel_of(NAMES[3], 2, people=4000, rare="unsure", stay=0.9)
    texts = columns(told_of(op.shares(panel, "support"), alone=True))[0].texts
    assert all("." in text for text in texts)


def test_withheld_figures_are_in_no_text(panel):
    shares = op.shares(panel, "support", by="region")
    hidden = (shares.labels["region"] == "region 2").to_numpy()
    told = told_of(shares, withheld=Withheld(hidden, min_n=10), ranks=True)
    change, rank, n = columns(told)
    assert (change.texts[1], rank.texts[1]) == ("", "–")
    assert n.texts[1] == str(told.rows[1].last.n)
    assert words(told, told.rows[1]).cells == (
        "Region: region 2",
        *["withheld"] * 3,
        "–",
        f"n = {n.texts[1]}",
    )
    assert "region 2" not in summary(told)


def test_where_no_interval_is_shown_none_is_promised(panel):
    """Of withheld figures and of withheld intervals; of both times, of one, and of numbers."""
    shares = op.shares(panel, "support", by="region")
    every, none = np.ones(len(shares), dtype=bool), np.zeros(len(shares), dtype=bool)
    bare = Withheld(none, min_n=10, min_cell=5, limits=every)
    for withheld in (bare, Withheld(every, min_n=300)):
        drawing = lay_out_dots([shares], [withheld], Options(), sort=None, ranks=False)
        chart = str(drawing.chart().to_dict())
        assert "95%" not in chart
        assert "interval of a change" not in chart
        assert ("Intervals that would tell of few people are withheld." in chart) == (
            withheld is bare
        )
        chart = str(
            lay_out_dots([shares], [withheld], Options(language="ru"), sort=None, ranks=False)
            .chart()
            .to_dict()
        )
        assert ("Интервалы, которые выдали бы" in chart) == (withheld is bare)
        assert "95\u00a0%" not in chart
    one = shares.select(wave="wave 1")
    rows = every[: len(one)]
    told = told_of(one, withheld=Withheld(~rows, min_n=10, limits=rows), language="ru")
    assert columns(told)[0].head == "доля"
    assert len(key(told)) == 1
    # Some have theirs.
    some = (shares.labels["region"] == "region 1").to_numpy()
    told = told_of(shares, withheld=Withheld(none, min_n=10, limits=some))
    assert "interval" in columns(told)[0].head
    assert "withheld" in notes(told, ranked=False)[0]
    assert "withheld" not in notes(told_of(shares), ranked=False)[0]


def test_few_people_are_not_counted(panel):
    shares = op.shares(panel, "support", by="region")
    told = told_of(shares, withheld=Withheld(np.ones(len(shares), dtype=bool), min_n=300))
    assert set(columns(told)[-1].texts) == {"< 300"}
    assert "n < 300" in words(told, told.rows[0]).cells
    assert summary(told) == ""
    assert told.everybody is None


def test_nobody_is_a_dash_not_a_zero(panel):
    shares = op.shares(panel, "support", by="region")
    labels = shares.labels
    gone = (labels["region"] == "region 2") & (labels["wave"] == "wave 3")
    told = told_of(shares.at(np.flatnonzero(~gone)))
    assert columns(told)[0].texts[1] == "–"
    assert columns(told)[1].texts[1] == "0"
    assert "–" in words(told, told.rows[1]).cells


def test_all_rows_say_the_same_kinds_of_things(panel):
    told = told_of(op.shares(panel, "support", by="region"), ranks=True)
    said = [words(told, row) for row in told.rows]
    assert {one.heads for one in said} == {
        ("Group", "wave 1", "wave 3", "change, points", "rank", "Base")
    }
    assert {one.figures for one in said} == {5}


@pytest.mark.parametrize(
    ("measure", "text"),
    [
        (op.shares, "Share answering “approve”. “How far do you support it?”"),
        (op.turnover, "Share who gave another answer. “How far do you support it?”"),
        (op.attrition, "Share not interviewed at the later wave. “How far do you support it?”"),
        (op.stable_core, "How far do you support it?"),
    ],
)
def test_the_subtitle_says_which_figure_is_shown(panel, measure, text):
    assert under_title(told_of(measure(panel, "support", by="region"))) == text


def test_a_single_flow_is_named_by_its_ends(panel):
    flows = op.flows(panel, "support", by="region", waves=["wave 1", "wave 3"])
    told = told_of(flows.select(origin="approve", destination="oppose"))
    assert under_title(told).startswith("approve → oppose. ")


def test_differences_have_signs(panel):
    shares = op.shares(panel, "support", by="region")
    told = told_of(shares.difference("wave", "wave 3", minus="wave 1"))
    assert told.signed
    assert not told.two
    assert [tick_label(told, tick, 0) for tick in (-0.1, 0.0, 0.1)] == ["−10", "0", "+10"]
    assert columns(told)[0].head == "points (95%\u00a0interval)"
    assert "points" in under_title(told)


def test_notes_name_the_waves_that_are_left_out_and_how_ranks_are_meant(panel):
    told = told_of(op.shares(panel, "support", by="region"), ranks=True)
    (note,) = notes(told, ranked=True)
    assert "first and the last of 3 waves" in note
    assert "n and rank: wave 3" in note
    assert "95% confidence for all groups at once" in note
    one = told_of(op.shares(panel, "support", by="region", waves=["wave 1"]))
    assert notes(one, ranked=False) == []
    pairs = told_of(op.net_change(panel, "support", by="region"))
    assert pairs.part.left_out == 0


def test_the_summary_names_the_highest_and_the_lowest(panel):
    told = told_of(op.shares(panel, "support", by="region"))
    names = sorted(told.rows, key=lambda row: row.last.value)
    assert summary(told).startswith(f"Highest: {names[-1].name}, ")
    assert f"lowest: {names[0].name}, " in summary(told)
    assert summary(told_of(op.shares(panel, "support"))).startswith("All: ")


@pytest.mark.parametrize("measure", [op.shares, op.net_change, op.turnover, op.attrition])
def test_a_russian_reader_reads_russian(panel, measure):
    told = told_of(
        measure(panel, "support", by="region"),
        ranks=True,
        language="ru",
        labels={"region": "Регион", "approve": "за"} if measure is op.shares else None,
    )
    heads = [column.head for column in columns(told)[:-1]]
    texts = [*heads, *notes(told, ranked=True), under_title(told).split(".")[0]]
    for text in texts:
        plain = text.replace("wave", "").replace("approve", "").replace("n ", "").replace("n:", "")
        assert not any("a" <= sign <= "z" for sign in plain), text
