"""Who has not changed yet: R's survey, identities with turnover and first change, groups."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from many_waves import DESIGNS, GOLDEN, WAVES, frames, panel, panel_of

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.not_changed_yet import unchanged
from opinionpanel.strategies import panels

OURS = GOLDEN[GOLDEN["model"] == "unchanged"]


@pytest.mark.parametrize("by", ["", "sex"])
@pytest.mark.parametrize("design", DESIGNS)
def test_every_row_agrees_with_r(design, by):
    found = unchanged(panel(design), "answer", by=by or None)
    assert found.select(wave="w1").value.tolist() == [1.0] * (2 if by else 1)
    assert not found.select(wave="w1").std_error.any()
    later = found.select(wave=WAVES[1:])
    golden = OURS.query("design == @design and formula == @by")
    np.testing.assert_allclose(later.value, golden["estimate"], rtol=1e-8)
    np.testing.assert_allclose(later.std_error, pd.to_numeric(golden["std_error"]), rtol=1e-8)


@settings(max_examples=12)
@given(panels(waves=(2, 2), states=(2, 3), people=(20, 60)))
def test_over_two_waves_it_is_what_turnover_leaves(drawn):
    turnover = op.turnover(drawn, "opinion").select(component="total")
    found = unchanged(drawn, "opinion").at([1])
    assert found.value[0] == pytest.approx(1 - turnover.value[0], nan_ok=True)
    assert found.n[0] == turnover.n[0]
    np.testing.assert_array_equal(found.df, turnover.df)
    np.testing.assert_allclose(found.std_error, turnover.std_error, atol=1e-9)


@settings(max_examples=10)
@given(panels(waves=(3, 3), states=(2, 3), people=(20, 60)))
def test_it_never_rises_and_groups_are_domains(drawn):
    found = unchanged(drawn, "opinion")
    assert found.value[0] == 1 or found.n[0] == 0
    known = found.value[np.isfinite(found.value)]
    assert (np.diff(known) <= 1e-12).all()
    limits = found.to_frame()
    assert (limits["conf_low"].dropna() >= 0).all()
    assert (limits["conf_high"].dropna() <= 1).all()
    assume(drawn.groups)
    name = next(iter(drawn.groups))
    category = drawn.group(name).categories[0]
    whole = unchanged(drawn, "opinion", by=name)
    assume(whole.n.min() > 0)
    part = unchanged(drawn.where(**{name: category}), "opinion")
    own = whole.select(**{name: category})
    np.testing.assert_allclose(own.value, part.value)
    np.testing.assert_allclose(own.std_error, part.std_error, atol=1e-9)


def test_with_all_answers_it_is_the_rest_of_the_first_changes():
    panel = op.datasets.load("nes_ideology")
    first, found = op.first_change(panel, "ideology"), unchanged(panel, "ideology")
    gone = first.contrast([[-1, 0, 0], [-1, -1, 0]], {"wave": ["wave 2", "wave 3"]})
    np.testing.assert_allclose(found.value[1:], 1 + gone.value)
    np.testing.assert_allclose(found.covariance[1:, 1:], gone.covariance)
    assert found.to_frame().loc[0, ["conf_low", "conf_high"]].tolist() == [1.0, 1.0]


def test_a_reference_is_the_difference():
    here = panel("strata, PSUs")
    whole = unchanged(here, "answer", by="sex")
    found = unchanged(here, "answer", by="sex", reference="f")
    known = whole.difference("sex", "m", minus="f")
    np.testing.assert_allclose(found.value, known.value, atol=1e-12)
    np.testing.assert_allclose(found.std_error, known.std_error, atol=1e-12)
    rest = unchanged(here, "answer", by="sex", reference="rest").select(sex="m")
    np.testing.assert_allclose(rest.value, known.value, atol=1e-12)


def test_nobody_left_is_undefined_from_there_on():
    moved = {
        name: frame.assign(answer=state)
        for (name, frame), state in zip(frames().items(), "abca", strict=True)
    }
    found = unchanged(panel_of(moved, None), "answer")
    assert found.value[:2].tolist() == [1.0, 0.0]
    assert np.isnan(found.value[2:]).all()
    assert np.isnan(found.std_error[2:]).all()
    assert found.n[2:].tolist() == [0, 0]


def test_the_text_says_who_is_followed_and_who_is_lost():
    text = " ".join(str(unchanged(panel("people"), "answer", by="sex")).split())
    assert "Not changed answer yet: share of those with an answer at w1, by sex." in text
    assert "Base: people with an answer at w1, until the first change" in text
    assert "people who dropped out and" in text
    assert "people who missed a wave and came back, and may have changed meanwhile." in text


def test_what_makes_no_sense_is_refused():
    here = panel("people")
    with pytest.raises(SelectionError, match="at least 2 different wave"):
        unchanged(here, "answer", waves=["w1"])
    with pytest.raises(SelectionError, match="in the order of fieldwork"):
        unchanged(here, "answer", waves=["w2", "w1"])
    with pytest.raises(SelectionError, match="name them with by="):
        unchanged(here, "answer", reference="rest")
