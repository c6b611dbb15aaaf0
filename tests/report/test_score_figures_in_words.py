"""Sizes of changes of a score in words."""

from scored_contents import scored

import opinionpanel as op
from opinionpanel.drawing import language_of
from opinionpanel.report.score_figures_in_words import amount, comparable_groups, scale_figures


def test_sizes_have_no_sign_and_limits_that_are_found_are_not_nought():
    panel = scored().study.panel
    change = op.mean_change(panel, "warmth", waves=["June", "July"]).select(moment="change")
    assert amount(change, language_of("en")) == ("8.0", "7.3 to 8.8")
    assert scale_figures(change, -0.3, -0.6, -0.001, language_of("en"))[1] == "0.001 to 0.600"


def test_groups_of_one_category_compare_nothing():
    panel = scored().study.panel
    assert comparable_groups(panel) == ["sex"]
    assert comparable_groups(panel.where(sex="man")) in (["sex"], [])
