"""Every measure pooled over imputed panels, marked wherever it is shown."""

import numpy as np
import pytest
from models.test_imputation import PANEL

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
