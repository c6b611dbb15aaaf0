"""Joint tests and families of comparisons: identities, second formulas, refusals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.estimates.about import About
from opinionpanel.estimates.covariances import of_matrix
from opinionpanel.estimates.estimates import Estimates
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.estimates.labels import Labels, label_rows
from opinionpanel.estimates.wald import p_text, varies
from opinionpanel.strategies import panel_parts, panels

few = settings(max_examples=15)


def changes(value, covariance, df=20.0):
    """Differences a, b, … with a given covariance."""
    size = len(value)
    return Estimates(
        named=label_rows({"state": list("abcdefgh")[:size]}),
        value=np.array(value, dtype=float),
        spread=of_matrix(np.array(covariance, dtype=float)),
        freedom=Freedom(lambda: np.broadcast_to(np.asarray(df, dtype=float), size).copy()),
        n=np.full(size, 100.0),
        n_effective=np.full(size, 100.0),
        about=About(measure="net_change", title="Net change"),
        unit="change",
    )


def outcome(estimates):
    """The numbers of a joint test, or that it was refused."""
    try:
        test = estimates.test()
    except DesignError:
        return None
    return [test.wald, test.statistic, test.df1, test.df2, test.pvalue]


def assert_same_outcome(first, second):
    assert (first is None) == (second is None)
    if first is not None:
        np.testing.assert_allclose(first, second, rtol=1e-6, atol=1e-9)


@few
@given(panels(waves=(2, 2)))
def test_it_does_not_matter_which_category_is_omitted(panel):
    change = op.net_change(panel, "opinion")
    # A change without variance is left out and named; with another state omitted it may stand in
    # a sum that is refused. Its variance may be a rounding error, of which the standard error is
    # the root: 4e-9 for 1e-17. So ask the test itself what it leaves out.
    assume(not (~varies(change) & (np.abs(change.value) > 1e-12)).any())
    whole, states = outcome(change), change.labels["state"].tolist()
    for omitted in states:
        rest = change.select(state=[state for state in states if state != omitted])
        assert_same_outcome(whole, outcome(rest))


@few
@given(panel_parts(waves=(2, 2), weights=["constant"]), st.sampled_from([0.01, 7.0, 1e4]))
def test_scaling_weights_changes_nothing(parts, factor):
    frames = {
        wave: frame.assign(weight=frame["weight"] * factor) for wave, frame in parts.frames.items()
    }
    first, second = (
        outcome(op.shares(each.panel(), "opinion", by="gender", reference="rest"))
        for each in (parts, replace(parts, frames=frames))
    )
    assert_same_outcome(first, second)


@few
@given(panels(complete=True))
def test_the_difference_of_a_group_with_itself(panel):
    itself = op.shares(panel, "opinion", by="gender").difference("gender", "man", minus="man")
    assert not itself.value.any()
    assert not itself.covariance.any()
    frame = itself.comparisons()
    assert not frame.loc[itself.df > 0, ["conf_low", "conf_high"]].any(axis=None)
    assert frame[["t", "pvalue", "pvalue_holm"]].isna().all(axis=None)
    with pytest.raises(DesignError, match="None of the"):
        itself.test()


def test_one_estimate_is_a_t_test():
    test = changes([0.3], [[0.01]], df=7).test()
    assert test.statistic == pytest.approx(9.0)
    assert (test.df1, test.df2) == (1, 7)
    assert test.pvalue == pytest.approx(2 * stats.t.sf(3.0, 7))
    assert (test.wald_df, test.wald_pvalue) == (1, pytest.approx(2 * stats.norm.sf(3.0)))
    assert "F(1, 7) = 9.00, p = .020; χ²(1) = 9.00\n" in str(test)
    assert str(test).count("p = ") == 1


def test_several_estimates_by_hand():
    # Independent estimates: W is the sum of squared t, here 4 + 1 + 9.
    test = changes([0.2, 0.1, 0.3], np.diag([0.01, 0.01, 0.01]), df=12).test()
    assert test.wald == pytest.approx(14.0)
    assert test.statistic == pytest.approx(14 * (12 - 3 + 1) / (12 * 3))
    assert (test.df1, test.df2) == (3, 10)


def test_estimates_of_very_different_size_all_count():
    test = changes([2e-4, 3.0], np.diag([1e-8, 1.0])).test()
    assert test.wald == pytest.approx(4 + 9)


def test_what_is_left_out_is_named():
    # What rounding leaves of no variance is none.
    covariance = np.diag([0.01, 0.0, 1e-17, np.nan])
    test = changes([0.3, 0.0, 0.2, np.nan], covariance).test()
    assert test.df1 == 1
    assert "undefined: 'd'" in test.note
    assert "zero and without variance: 'b'" in test.note
    assert "not zero but without variance, which no test can weigh: 'c'" in test.note


def test_refusals():
    with pytest.raises(SelectionError, match=r"These are shares.*\.difference"):
        replace(changes([0.3], [[0.01]]), unit="share").test()
    with pytest.raises(SelectionError, match=r"These are shares.*\.difference"):
        replace(changes([0.3], [[0.01]]), unit="share").comparisons()
    with pytest.raises(DesignError, match="1 degrees of freedom, and 2 independent"):
        changes([0.3, 0.1], np.diag([0.01, 0.01]), df=1).test()
    with pytest.raises(DesignError, match="nothing to test"):
        changes([0.0, 0.0], np.zeros((2, 2))).test()
    # Perfectly correlated though not proportional: two PSUs cannot tell them apart.
    with pytest.raises(DesignError, match="too few to test 2 estimates at once"):
        changes([0.3, 0.1], np.full((2, 2), 0.01)).test()
    with pytest.raises(SelectionError, match="level must lie between"):
        changes([0.3], [[0.01]]).comparisons(level=95)


def test_comparisons_are_bonferroni_and_holm():
    error = np.array([0.1, 0.2, 0.1, 0.1, 0.0, np.nan])
    family = changes([0.35, 0.1, -0.25, 0.05, 0.0, np.nan], np.diag(error**2), df=9)
    frame = family.comparisons(level=0.9)
    assert list(frame) == [
        *("state", "estimate", "std_error", "conf_low", "conf_high"),
        *("t", "df", "pvalue", "pvalue_holm", "n"),
    ]
    # Four of the six vary: each interval has the level 1 - .1/4.
    single = family.to_frame(level=1 - 0.1 / 4)
    for side in ("conf_low", "conf_high"):
        np.testing.assert_allclose(frame[side][:4], single[side][:4])
    pvalue = frame["pvalue"][:4]
    np.testing.assert_allclose(pvalue, 2 * stats.t.sf([3.5, 0.5, 2.5, 0.5], 9))
    holm = multipletests(pvalue, method="holm")[1]
    np.testing.assert_allclose(frame["pvalue_holm"][:4], holm)
    assert frame.loc[4:, ["conf_low", "conf_high"]].isna().all(axis=None)
    assert frame.loc[4:, ["t", "pvalue", "pvalue_holm"]].isna().all(axis=None)
    assert frame.loc[5, ["estimate", "std_error", "conf_low"]].isna().all()


@few
@given(panels(), st.sampled_from([0.5, 0.9, 0.99]))
def test_simultaneous_intervals_hold_the_single_ones(panel, level):
    change = op.net_change(panel, "opinion", by="gender")
    joint, single = change.comparisons(level=level), change.to_frame(level=level)
    known = joint["pvalue"].notna()
    assert (joint["conf_low"] <= single["conf_low"] + 1e-12)[known].all()
    assert (joint["conf_high"] >= single["conf_high"] - 1e-12)[known].all()
    assert (joint["pvalue_holm"] >= joint["pvalue"])[known].all()
    # An interval leaves zero out exactly where Bonferroni rejects it.
    excludes = (joint["conf_low"] > 0) | (joint["conf_high"] < 0)
    significant = joint["pvalue"] * known.sum() < 1 - level
    np.testing.assert_array_equal(excludes[known], significant[known])


def test_a_joint_test_has_the_least_df_of_what_it_tests():
    test = changes([0.2, 0.1, 0.0], np.diag([0.01, 0.01, 0.0]), df=[20, 8, 3]).test()
    # The third does not vary, and so its three degrees of freedom do not count.
    assert (test.df1, test.df2) == (2, 8 - 2 + 1)
    assert test.statistic == pytest.approx(5 * 7 / (8 * 2))


def test_as_many_estimates_as_degrees_of_freedom_can_just_be_tested():
    test = changes([0.3, 0.1], np.diag([0.01, 0.01]), df=2).test()
    assert (test.df1, test.df2) == (2, 1)


def test_rows_without_df_are_no_members_of_a_family():
    error = np.array([0.1, 0.1, 0.1])
    family = changes([0.3, 0.25, 0.2], np.diag(error**2), df=[9, 0, 4])
    frame = family.comparisons(level=0.9)
    # Two of the three can be compared: half of .1 each, with their own degrees of freedom.
    half = stats.t.isf(0.1 / 2 / 2, [9, 4]) * 0.1
    np.testing.assert_allclose(frame["conf_high"][[0, 2]], [0.3 + half[0], 0.2 + half[1]])
    pvalue = 2 * stats.t.sf([3.0, 2.0], [9, 4])
    np.testing.assert_allclose(frame["pvalue"][[0, 2]], pvalue)
    np.testing.assert_allclose(
        frame["pvalue_holm"][[0, 2]], multipletests(pvalue, method="holm")[1]
    )
    hidden = ["conf_low", "conf_high", "t", "pvalue", "pvalue_holm"]
    assert frame.loc[1, hidden].isna().all()
    assert frame.loc[1, "std_error"] == pytest.approx(0.1)


def test_nothing_is_certain_without_df():
    fixed = replace(
        changes([0.3, 0.3], np.zeros((2, 2)), df=[9, 0]),
        exact=np.ones(2, dtype=bool),
    ).comparisons()
    assert fixed.loc[0, ["conf_low", "conf_high"]].tolist() == [0.3, 0.3]
    assert fixed.loc[1, ["conf_low", "conf_high"]].isna().all()


@pytest.mark.parametrize(
    ("pvalue", "text"), [(0.000999, "p < .001"), (0.001, "p = .001"), (0.05, "p = .050")]
)
def test_p_values_at_the_boundary(pvalue, text):
    assert p_text(pvalue) == text


def test_nothing_that_varies_is_named_as_left_out():
    assert "Left out" not in changes([0.0, 0.3], np.diag([0.01, 0.01])).test().note


def test_what_is_left_out_is_named_by_the_labels_that_differ():
    labels = pd.DataFrame({"wave": ["w1", "w1"], "state": ["a", "b"]})
    fixed = replace(changes([0.3, 0.0], np.diag([0.01, 0.0])), named=Labels.of(labels))
    assert fixed.test().note.endswith("Left out, zero and without variance: 'b'.")


def test_one_degree_of_freedom_is_one():
    fixed = replace(
        changes([0.3], np.zeros((1, 1)), df=1), exact=np.ones(1, dtype=bool)
    ).comparisons()
    assert fixed.loc[0, ["conf_low", "conf_high"]].tolist() == [0.3, 0.3]
    varying = changes([0.3], [[0.01]], df=1).comparisons()
    assert varying["pvalue"][0] == pytest.approx(2 * stats.t.sf(3.0, 1))


def test_names_with_hyphens_stay_whole_in_the_lines_of_a_note():
    test = changes([0.3, 0.2], np.eye(2)).test()
    for filler in range(60, 100):
        printed = str(replace(test, note="x" * filler + " from pre-election on they moved."))
        assert "pre-election" in printed
