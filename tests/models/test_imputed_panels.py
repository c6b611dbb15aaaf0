"""Every measure pooled over imputed panels, marked wherever it is shown."""

import numpy as np
import pytest
from models.test_imputation import PANEL, panel_of, people

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.charts.chart_captions import short_caption
from opinionpanel.drawing import language_of
from opinionpanel.errors import SelectionError

IMPUTED = op.impute(PANEL, ["x", "warmth"], m=3, missed=True, seed=1)
PAIR = {"waves": ["w1", "w2"]}


@pytest.mark.parametrize(
    ("measure", "arguments"),
    [
        (op.shares, {"item": "x", "by": "gender"}),
        (op.flows, {"item": "x", "base": "balanced"}),
        (op.transitions, {"item": "x"} | PAIR),
        (op.turnover, {"item": "x"}),
        (op.net_change, {"item": "x"} | PAIR),
        (op.paths, {"item": "x", "min_n": 1}),
        (op.means, {"score": "warmth"}),
        (op.quantiles, {"score": "warmth", "at": [0.5]}),
    ],
)
def test_every_measure_is_the_mean_of_those_of_each_panel(measure, arguments):
    found = IMPUTED.estimate(measure, **arguments)
    alone = [measure(panel, **arguments) for panel in IMPUTED.panels]
    if measure is op.paths:
        # Not everyone's path was taken in each.
        assert found.value.sum() == pytest.approx(1.0)
    else:
        np.testing.assert_allclose(found.value, np.mean([one.value for one in alone], axis=0))
    known = np.isfinite(found.std_error)
    assert known.any()
    assert ((found.missing_information >= 0) & (found.missing_information <= 1))[known].all()
    assert "of the answers were imputed (3 times)" in str(found)
    # Whoever was imputed makes nobody who answered harder to find.
    answered = measure(IMPUTED.given, **arguments)
    for min_n in (100, 280):
        one, other = (each.to_frame(min_n=min_n, min_cell=12) for each in (found, answered))
        names = list(found.named)
        both = other.merge(one, on=names, suffixes=("", " of imputed"))
        assert len(both) == len(other)
        np.testing.assert_array_equal(both["withheld of imputed"], both["withheld"])
    assert other["withheld"].any()


def test_a_test_is_one_of_pooled_estimates():
    found = IMPUTED.estimate(op.net_change, "x", **PAIR).test()
    assert 0 < found.pvalue < 1
    assert "answers were imputed" in str(found)
    with pytest.raises(SelectionError, match=r"gives TestResult.*\.test\(\)"):
        IMPUTED.estimate(op.marginal_homogeneity, "x")


def test_rare_paths_are_not_added_up_differently_in_each_panel():
    with pytest.raises(SelectionError, match="min_n=1"):
        IMPUTED.estimate(op.paths, "x")


def test_a_chart_says_so_in_both_languages():
    found = IMPUTED.estimate(op.shares, "x")
    alone = op.shares(IMPUTED.panels[0], "x")
    for estimates, english, russian in (
        (found, "answers were imputed (3 times)", "Восстановлено ответов: 22 % (повторов: 3)"),
        (found, "Fraction of missing information: ", "Доля утраченной информации: "),
        (alone, "imputed, and only once", "причём один раз"),
    ):
        short = short_caption(estimates, language_of("ru"), level=0.95, interval="logit")[1]
        assert english in " ".join(charts.notes(estimates))
        assert russian in short.replace("\xa0", " ")
        assert "imputed" not in " ".join(charts.notes(estimates, language="ru"))


def test_what_was_imputed_stands_beside_what_was_answered():
    summary = IMPUTED.summary()
    states = summary[summary["item"] == "x"]
    np.testing.assert_allclose(states.groupby("wave")[["answered", "imputed"]].sum(), 1.0)
    given = (PANEL.answers["x"][1] >= 0).sum()
    second = states[states["wave"] == "w2"]
    assert second["n_answered"].sum() == given
    assert second["n_imputed"].sum() == pytest.approx(len(PANEL.domain) - given)
    assert "Imputed 3 times" in str(IMPUTED)


def test_what_few_answered_is_withheld_wherever_it_stands():
    frame = people(300, gone=0.0)
    tiny = frame.index < 20
    frame["gender"] = np.where(tiny, "few", "many")
    frame.loc[tiny & (frame.index >= 4), "w2"] = np.nan
    imputed = op.impute(panel_of(frame), "x", m=2, seed=1)
    found = imputed.estimate(op.shares, "x", waves=["w2"], by="gender")
    assert set(found.select(gender="few").n) == {20}
    assert found.to_frame(min_n=10)["estimate"].isna().all()
    assert "few of these people answered" in found.to_latex(min_n=10)
    both = op.side_by_side({"one": found, "two": op.shares(PANEL, "x", waves=["w2"], by="gender")})
    assert both.to_frame(min_n=10).groupby("study")["withheld"].mean().tolist() == [1.0, 0.0]
    change = found.difference("gender", "few", minus="many")
    assert change.to_frame(min_n=10)["withheld"].all()
    flows = imputed.estimate(op.flows, "x", waves=["w1", "w2"], by="gender")
    figure = charts.sankey(flows, by="gender", values="origin").to_json()
    assert "withheld" in figure


def test_bounds_have_no_pooled_form():
    with pytest.raises(SelectionError, match="no standard errors that could be pooled"):
        IMPUTED.estimate(op.transition_bounds, "x", **PAIR)


def test_a_measure_that_those_who_answered_do_not_allow_counts_nobody():
    def lonely(panel):
        if panel is IMPUTED.given:
            raise SelectionError("Too few.")
        return op.shares(panel, "x")

    found = IMPUTED.estimate(lonely)
    assert found.n.min() > 0
    assert found.to_frame(min_n=1)["withheld"].all()
