"""Cronbach's alpha: numpy's, of identical and turned columns, and where there is none.

Against R's survey under five designs in test_scores_golden.py.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from score_panels import frames, panel_of, scored

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.scale_reliability import cronbach_alpha

few = settings(max_examples=8)


def with_parts(given):
    """Add two questions that go together with x, one of them turned."""
    rng = np.random.default_rng(1)
    return {
        wave: one.assign(
            a=np.clip(one["x"] + rng.integers(-2, 3, len(one)), 0, 10),
            b=np.clip(10 - one["x"] + rng.integers(-3, 4, len(one)), 0, 10),
        )
        for wave, one in given.items()
    }


SCALE = op.scale(["x", "a", "b"], low=0, high=10, reverse="b", at_least=2)


def test_without_weights_it_is_that_of_the_numbers():
    given = with_parts(frames(6))
    found = cronbach_alpha(panel_of(given, "none", s=SCALE), "s")
    for value, n, one in zip(found.value, found.n, given.values(), strict=True):
        parts = one[["x", "a"]].assign(b=10 - one["b"]).dropna()
        alpha = 3 / 2 * (1 - parts.var().sum() / parts.sum(axis=1).var())
        assert (value, n) == (pytest.approx(alpha), len(parts))


@few
@given(scored())
def test_of_two_columns_it_follows_from_their_correlation(given_panel):
    """With equal variances alpha is 2r / (1 + r), and the errors follow."""
    given, design = given_panel
    both = given["w1"][["id", "x"]].merge(given["w2"][["id", "x"]], on="id")
    columns = both.rename(columns={"x_x": "one", "x_y": "two"})
    at_one = {"w1": given["w2"].merge(columns, on="id").assign(x=1.0)}
    items = {name: op.Score(name, low=0, high=10) for name in ("one", "two")} | {
        "s": op.scale(["one", "two"], low=0, high=10)
    }
    panel = panel_of(at_one, design, **items)
    alpha = cronbach_alpha(panel, "s", by="sex")
    assert (alpha.value[np.isfinite(alpha.value)] <= 1 + 1e-12).all()
    turned = panel_of(
        {"w1": at_one["w1"].assign(two=lambda frame: 10 - frame["two"])},
        design,
        s=op.scale(["one", "two"], low=0, high=10, reverse=["two"]),
    )
    again = cronbach_alpha(turned, "s", by="sex")
    np.testing.assert_allclose(again.value, alpha.value)
    np.testing.assert_allclose(again.covariance, alpha.covariance, atol=1e-9)


@few
@given(scored())
def test_identical_columns_have_an_alpha_of_1(given_panel):
    given, design = given_panel
    twice = {wave: one.assign(z=one["x"]) for wave, one in given.items()}
    found = cronbach_alpha(
        panel_of(twice, design, s=op.scale(["x", "z", "y"], low=0, high=10, reverse=["y"])), "s"
    )
    varies = np.isfinite(found.value)
    np.testing.assert_allclose(found.value[varies], 1)
    np.testing.assert_allclose(found.std_error[varies], 0, atol=1e-6)


def test_the_error_is_that_of_a_derived_function():
    """Of two columns of 0 and 1 alpha is a function of their joint shares."""
    given = {wave: one.assign(x=one["x"] // 6, z=one["y"] // 4) for wave, one in frames(8).items()}
    panel = panel_of(given, s=op.scale(["x", "z"], low=0, high=2))
    joint = {"w1": given["w1"].dropna().assign(both=lambda f: f["x"].astype(int) * 10 + f["z"])}
    codes = sorted(joint["w1"]["both"].unique())
    states = {str(code): [code] for code in codes}
    shares = op.shares(panel_of(joint, j=op.Item("both", states)), "j")
    x, z = (np.array([f(code) for code in codes]) for f in (lambda c: c // 10, lambda c: c % 10))

    def alpha(p):
        def variance(of):
            return p @ of**2 - (p @ of) ** 2

        return [2 * (1 - (variance(x) + variance(z)) / variance(x + z))]

    wanted = shares.derive(alpha, {"what": ["alpha"]})
    found = cronbach_alpha(panel, "s", waves=["w1"])
    np.testing.assert_allclose(found.value, wanted.value)
    np.testing.assert_allclose(found.std_error, wanted.std_error)


def test_the_note_says_what_a_number_needs():
    text = str(cronbach_alpha(panel_of(with_parts(frames(6)), s=SCALE), "s"))
    assert "people who answered all 3 columns of the scale" in text
    assert "needs 2 of the 3 columns" in text


def test_none_where_nothing_varies_or_nobody_answered_all():
    given = with_parts(frames(6))
    for change in ({"x": 1.0, "a": 1.0, "b": 9.0}, {"a": np.nan}):
        given["w2"] = given["w2"].assign(**change)
        found = cronbach_alpha(panel_of(given, s=SCALE), "s").to_frame().iloc[1]
        assert found[["estimate", "std_error", "conf_low", "conf_high"]].isna().all()
    assert found["n"] == 0


def test_a_score_of_one_column_has_none():
    with pytest.raises(SelectionError, match="single column"):
        cronbach_alpha(panel_of(frames(4)), "x")
