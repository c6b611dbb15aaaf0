"""Drop-out and refreshment: R's survey, identities, refusals."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from dropout_panels import KINDS, attitudes, golden, golden_panel
from hypothesis import given, settings

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.dropout import attrition, fresh_and_staying
from opinionpanel.strategies import panels

few = settings(max_examples=15)


# ---- the table of drop-out ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_r_survey_attrition(kind):
    rows, lost = golden(kind, "attrition"), attrition(golden_panel(kind), "x")
    assert lost.labels["state"].tolist() == rows["label"].tolist()
    np.testing.assert_allclose(lost.value, rows["estimate"], rtol=1e-10)
    np.testing.assert_allclose(lost.std_error, rows["std_error"], rtol=1e-8)
    np.testing.assert_array_equal(lost.df, rows["df"])
    (gap,) = golden(kind, "difference").itertuples()
    ours = lost.difference("state", "b", minus="a")
    np.testing.assert_allclose(ours.value, gap.estimate, rtol=1e-10)
    np.testing.assert_allclose(ours.std_error, gap.std_error, rtol=1e-8)


@few
@given(panels())
def test_attrition_is_the_transition_to_not_interviewed(panel):
    """Those of base="panel" over the first two waves: the same values, covariance, df and n."""
    pair = list(panel.asked("opinion")[:2])
    lost = attrition(panel, "opinion", waves=pair, by="gender").select(
        state=list(panel.items["opinion"].state_names)
    )
    moves = op.transitions(panel, "opinion", waves=pair, base="panel", by="gender").select(
        origin=list(panel.items["opinion"].state_names), destination="not interviewed"
    )
    np.testing.assert_allclose(lost.value, moves.value, atol=1e-12)
    np.testing.assert_allclose(lost.covariance, moves.covariance, atol=1e-12)
    np.testing.assert_array_equal(lost.df, moves.df)
    np.testing.assert_array_equal(lost.n, moves.n)
    np.testing.assert_array_equal(lost.n_cell, moves.n_cell)


@few
@given(panels())
def test_all_is_counted_by_hand(panel):
    lost = attrition(panel, "opinion").select(state="all")
    for place, (first, last) in enumerate(pairwise(panel.asked("opinion"))):
        weight = panel.weight(first).values * panel.present[panel.position(first)]
        gone = ~panel.present[panel.position(last)]
        assert lost.value[place] == pytest.approx(weight @ gone / weight.sum())
        assert lost.n[place] == (weight > 0).sum()
        assert lost.n_cell[place] == ((weight > 0) & gone).sum()


def test_every_state_stands_in_every_table():
    """No answer too, where a wave has it; "all" comes last."""
    lost = attrition(attitudes(), "support", by="gender")
    tables = lost.labels.groupby(["from_wave", "gender"], sort=False)["state"].agg(list)
    assert all(table == ["approve", "unsure", "oppose", "no answer", "all"] for table in tables)
    assert "Base: everyone interviewed at the earlier wave; n" in str(lost)
    first = attrition(attitudes(), "support", waves=["Jul 2024", "Jul 2025"]).select(state="all")
    assert first.n[0] == 1500


def test_states_that_the_table_needs():
    people = pd.DataFrame({"1": ["all", "b"] * 3, "2": ["all", "b"] * 3})
    item = op.Item({"1": "1", "2": "2"}, {"all": ["all"], "b": ["b"]})
    panel = op.Panel.from_wide(people, items={"x": item})
    with pytest.raises(SelectionError, match="Rename them"):
        attrition(panel, "x")


# ---- refreshment -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_r_survey_refreshment(kind):
    rows = golden(kind, "refreshment")
    gaps = fresh_and_staying(golden_panel(kind), "x").difference("side", "fresh", minus="staying")
    assert gaps.labels["state"].tolist() == rows["label"].tolist()
    np.testing.assert_allclose(gaps.value, rows["estimate"], rtol=1e-10)
    np.testing.assert_allclose(gaps.std_error, rows["std_error"], rtol=1e-8)


@few
@given(panels())
def test_fresh_and_staying_make_up_the_shares(panel):
    for wave in panel.asked("opinion"):
        place = panel.position(wave)
        weight = panel.weight(wave).values * (panel.answers["opinion"][place] >= 0)
        before = panel.present[:place].any(axis=0)
        fresh, staying = weight @ ~before, weight @ before
        if fresh == 0 or staying == 0:
            with pytest.raises(SelectionError, match="Waves that have both"):
                fresh_and_staying(panel, "opinion", wave=wave)
            continue
        sides = fresh_and_staying(panel, "opinion", wave=wave)
        both = sides.value.reshape(2, -1)
        whole = op.shares(panel, "opinion", waves=[wave]).value
        np.testing.assert_allclose(
            (fresh * both[0] + staying * both[1]) / (fresh + staying), whole, atol=1e-12
        )
        assert sides.n.reshape(2, -1)[0, 0] == ((weight > 0) & ~before).sum()


def test_by_group_and_in_a_domain():
    panel = attitudes()
    by_gender = fresh_and_staying(panel, "support", wave="Jul 2025", by="gender")
    domain = fresh_and_staying(panel.where(gender="man"), "support", wave="Jul 2025")
    men = by_gender.select(gender="man")
    np.testing.assert_allclose(men.value, domain.value)
    np.testing.assert_allclose(men.covariance, domain.covariance)
