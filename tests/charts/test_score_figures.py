"""Means and their changes are drawn in the numbers of the score, never in per cent."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.headlines import headline, summary
from opinionpanel.charts.kinds_of_charts import lay_out
from opinionpanel.charts.score_figures import ends_of, of_score, signed, writing_of
from opinionpanel.charts.suitable_kind import compares
from opinionpanel.drawing import language_of
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Withheld, withheld_of

WAVES = ("May", "June", "July")
ENGLISH, RUSSIAN = language_of("en"), language_of("ru")


@pytest.fixture(scope="module")
def panel():
    people = np.arange(240)
    age = np.array(["18–34", "35–54", "55+"])[people % 3]
    start = 30 + 40 * ((people * 37) % 101) / 100 + np.where(age == "55+", 16, 0)
    frames = {}
    for place, wave in enumerate(WAVES):
        warmth = np.round(start + 4 * place + (people * (7 + place)) % 11 - 5)
        frames[wave] = pd.DataFrame(
            {"id": people, "ft": np.where(people % 40 == place, 998, warmth), "age": age, "q": 1}
        )
    items = {
        "warmth": op.Score(
            "ft", low=0, high=100, missing=[998], label="Warmth", question="How warm?"
        ),
        "q": op.Item("q", {"any": [1]}),
    }
    return op.Panel.from_waves(frames, person="id", items=items, groups=["age"])


@pytest.fixture(scope="module")
def measured(panel):
    means = op.means(panel, "warmth")
    return {
        "means": means,
        "groups": op.means(panel, "warmth", by="age"),
        "one wave": op.means(panel, "warmth", by="age", waves=["June"]),
        "change": op.mean_change(panel, "warmth", waves=["May", "July"]),
        "changes": op.mean_change(panel, "warmth", by="age", waves=["May", "July"]),
        "difference": means.difference("wave", "July", minus="May"),
        "rest": op.means(panel, "warmth", by="age", reference="rest"),
        "shares": op.shares(panel, "q"),
    }


def drawn(kind, estimates, language="en", **own):
    lists = [[estimates], [withheld_of(estimates, 10)]] if kind == "dots" else None
    arguments = lists or [estimates, withheld_of(estimates, 10)]
    return lay_out(kind, *arguments, Options(language=language), **own)


def texts(drawing, *kinds):
    return [mark.text for mark in drawing.marks if getattr(mark, "kind", "") in kinds]


def test_which_estimates_are_of_a_score_and_which_have_signs(measured):
    assert [name for name, one in measured.items() if not of_score(one)] == ["shares"]
    assert [name for name, one in measured.items() if signed(one)] == ["difference", "rest"]
    change = measured["change"]
    assert signed(change.select(moment="change"))
    assert not signed(change.select(moment="before"))
    assert ends_of(measured["means"]) == (0, 100)
    assert ends_of(change) == (-100, 100)


@pytest.mark.parametrize(
    ("value", "low", "high", "number", "difference"),
    [
        (53.87, 51.85, 55.88, "54 (52 to 56)", "+53.9 (+51.9 to +55.9)"),
        (3.421, 3.363, 3.479, "3.42 (3.36 to 3.48)", "+3.421 (+3.363 to +3.479)"),
        (-2.0, -4.1, 0.1, "−2 (−4 to 0)", "−2.0 (−4.1 to +0.1)"),
        (41_500.0, 39_000.0, 44_000.0, "41500 (39000 to 44000)", "+41500.0 (+39000.0 to +44000.0)"),
        (5.0, np.nan, np.nan, "5.00", "+5.00"),
    ],
)
def test_numbers_have_the_digits_that_their_intervals_deserve(
    measured, value, low, high, number, difference
):
    for name, said in (("means", number), ("difference", difference)):
        writing = writing_of(measured[name], ENGLISH)
        assert writing.estimate(value, low, high, writing.digits([(low, high)])) == said


def test_the_language_writes_them():
    assert RUSSIAN.number(-1.25, digits=1) == "−1,2"
    assert ENGLISH.number(0.04, digits=1, signed=True) == "0.0"
    assert ENGLISH.number(1.25, digits=1, signed=True) == "+1.2"
    assert ENGLISH.number(float("nan")) == "–"


def test_means_over_waves_are_a_trend_and_others_dots(panel, measured):
    kinds = {name: one.plot().to_dict() for name, one in measured.items() if name != "shares"}
    for name, chart in kinds.items():
        direct = charts.trend if name in ("means", "groups") else charts.dots
        assert chart == direct(measured[name]).to_dict(), name
    assert compares(measured["means"])
    assert compares(measured["groups"])
    assert not compares(measured["difference"])
    median = op.means(panel, "warmth", waves=["May"])
    assert not compares(median)


def test_a_trend_shows_a_part_of_the_scale_and_says_which(measured):
    drawing = drawn("trend", measured["means"])
    ticks = [float(text) for text in texts(drawing, "tick")]
    assert ticks == [45, 50, 55, 60, 65, 70]
    assert texts(drawing, "label", "limits") == ["mean 63", "(62 to 65)"]
    notes = " ".join(texts(drawing, "note")).replace("\n", " ")
    assert "The axis shows 45 to 70 of a scale from 0 to 100." in notes
    assert "%" not in "".join(texts(drawing, "tick", "label", "limits"))


def test_groups_are_lines_of_one_trend(measured):
    drawing = drawn("trend", measured["groups"])
    assert sorted(text.split(":")[0] for text in texts(drawing, "label")) == [
        *("18–34", "35–54", "55+"),
    ]
    assert texts(drawing, "panel") == []


def test_dots_have_an_axis_in_numbers(measured):
    drawing = drawn("dots", measured["groups"])
    assert {float(tick) for tick in texts(drawing, "tick")} >= {60}
    assert "change (95%\u00a0interval)" in [t.replace("\n", " ") for t in texts(drawing, "head")]
    changes = drawn("dots", measured["changes"])
    assert "change (95%\u00a0interval)" in [t.replace("\n", " ") for t in texts(changes, "head")]
    assert "0" in texts(changes, "tick")
    said = " ".join(mark.text for mark in changes.marks if hasattr(mark, "text"))
    assert "Mean change among the same people. “How warm?”" in changes.chart().to_json(
        ensure_ascii=False
    )
    assert "%" not in said.replace("95%", "")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("means", "Warmth: the mean rose by 8.1 between May and July"),
        ("groups", "Warmth: mean by age, May – July"),
        ("one wave", "Warmth: the mean is highest among “55+”, June"),
        ("changes", "Warmth: mean change among the same people by age, May → July"),
        ("difference", "Warmth: a detectable difference, July − May"),
        ("rest", "Warmth by age: 9 of 9 differences are detectable, May – July"),
    ],
)
def test_titles_speak_of_the_mean(measured, name, title):
    estimates = measured[name]
    assert headline(Frame(estimates, withheld_of(estimates, 10), Options())) == title


def test_a_change_among_the_same_people_is_said_to_be_one(measured):
    change = measured["change"].select(moment="change")
    frame = Frame(change, withheld_of(change, 10), Options())
    assert (
        headline(frame) == "Warmth: among the same people the mean rose by 8.0 between May and July"
    )
    russian = Frame(change, withheld_of(change, 10), Options(language="ru"))
    assert headline(russian) == (
        "Warmth: среди одних и тех же людей среднее выросло на 8,0, May → July"
    )


def test_readers_who_do_not_see_the_chart_hear_the_means(measured):
    means = measured["means"]
    frame = Frame(means, withheld_of(means, 10), Options())
    assert summary(frame).startswith("May: 55 (53 to 57). July: 63 (62 to 65).")


def test_what_is_withheld_is_in_no_title(measured):
    means = measured["means"]
    hidden = Withheld(np.array([True, False, False]), 10, 0)
    frame = Frame(means, hidden, Options())
    assert headline(frame) == "Warmth: mean, May – July"
    assert "May" not in summary(frame)


@pytest.mark.parametrize("kind", ["heatmap", "sankey", "paths", "stacked"])
def test_kinds_for_states_are_refused_with_the_reason(measured, kind):
    said = "the answers to a score are numbers .* Draw them with opinionpanel.charts.trend or .do"
    with pytest.raises(SelectionError, match=said):
        getattr(charts, kind)(measured["means"])


@pytest.mark.parametrize("name", ["change", "difference", "rest"])
def test_changes_are_no_trend(measured, name):
    with pytest.raises(SelectionError, match=r"draws the means of a score at waves.*charts\.dots"):
        charts.trend(measured[name])


@pytest.mark.parametrize("name", ["groups", "changes"])
def test_every_word_is_russian_in_russian(measured, name):
    drawing = drawn("trend" if name == "groups" else "dots", measured[name], language="ru")
    said = " ".join(mark.text for mark in drawing.marks if hasattr(mark, "text"))
    for word in ("mean", "interval", "change", "axis", "scale"):
        assert word not in said.casefold()
