"""Tests of a score by group and over the waves of a series, and their sentences."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scored_contents import scored

import opinionpanel as op
from opinionpanel.disclosure import Shown
from opinionpanel.estimates import Withheld
from opinionpanel.report.contents import Contents
from opinionpanel.report.score_tests import group_sentences, score_families
from opinionpanel.study import Study


def series(shift, waves=("May", "June", "July"), language="en"):
    """Other people at each wave, of 60 each, who are warmer at the last one."""
    rng = np.random.default_rng(5)
    frames = {
        wave: pd.DataFrame({"ft": rng.integers(30, 60, 60) + shift * (wave == waves[-1])})
        for wave in waves
    }
    score = op.Score("ft", low=0, high=100)
    panel = op.Panel.from_waves(frames, person=None, items={"warmth": score})
    return frames, Contents(Study(title="A series", source="", panel=panel), language)


def test_the_mean_of_a_series_is_compared_by_welch_s_t_of_two_waves():
    frames, contents = series(4, ("May", "June"))
    (family,) = contents.scores["warmth"].families
    one, two = (frame["ft"] for frame in frames.values())
    error = np.sqrt(one.var() / 60 + two.var() / 60)
    # The fewer degrees of freedom of the two, which is careful.
    p = 2 * stats.t.sf(abs(two.mean() - one.mean()) / error, 59)
    assert family.singles["estimate"].iloc[0] == pytest.approx(two.mean() - one.mean())
    assert family.pvalue == pytest.approx(p, rel=0.05)


@pytest.mark.parametrize(
    ("shift", "language", "said"),
    [
        (9, "en", "The mean rose by "),
        (-9, "en", "The mean fell by "),
        (0, "en", "The mean did not detectably change over the waves from May to July."),
        (9, "ru", "Среднее выросло на "),
    ],
)
def test_the_page_of_a_series_says_whether_the_mean_changed(shift, language, said):
    _, contents = series(shift, language=language)
    assert contents.scores["warmth"].findings[0].startswith(said)


def test_change_by_group_is_tested_jointly_before_two_categories_are_compared():
    (score,) = scored().scores.values()
    (family,) = score.families
    assert family.key == ("sex", "June", "July")
    change = op.mean_change(score.panel, "warmth", waves=["June", "July"], by="sex")
    direct = change.select(moment="change").difference("sex", "man", minus="woman")
    assert family.pvalue == pytest.approx(float(direct.comparisons()["pvalue"].iloc[0]))
    assert group_sentences(score.families, score.published, score.told) == [
        "Between June and July the mean did not detectably change in other ways by Sex."
    ]


def test_a_series_in_which_nobody_differs_is_neither_small_nor_without_change():
    frames = {wave: pd.DataFrame({"ft": [value] * 60}) for wave, value in (("May", 3), ("June", 4))}
    panel = op.Panel.from_waves(
        frames, person=None, items={"warmth": op.Score("ft", low=0, high=10)}
    )
    for language, said in (
        ("en", "as where everyone gave the same number."),
        ("ru", "например, все назвали одно и то же число."),
    ):
        contents = Contents(Study(title="A series", source="", panel=panel), language)
        assert contents.scores["warmth"].findings[0].endswith(said)


def test_where_limits_alone_are_withheld_nobody_is_called_few():
    (score,) = scored().scores.values()
    change = op.mean_change(score.panel, "warmth", waves=["June", "July"], by="sex")
    change = change.select(moment="change")
    rows = np.zeros(len(change), dtype=bool)
    for hidden, said in (
        ({"rows": rows, "limits": ~rows}, "some of what would be compared is withheld"),
        ({"rows": ~rows}, "too few people are in what would be compared"),
    ):
        shown = Shown(change, Withheld(min_n=10, min_cell=5, **hidden))
        (family,) = score_families(score.published, {"sex": shown})
        assert family.pvalue is None
        assert str(family.untested).startswith(said)
