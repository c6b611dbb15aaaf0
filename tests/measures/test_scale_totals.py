"""Moves on a scale: what is on it, and what is said of those who are not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.scale_totals import scale_totals
from opinionpanel.measures.tabulation import pair_totals
from opinionpanel.strategies import panels

few = settings(max_examples=12)


@few
@given(panels())
def test_off_the_scale_are_the_moves_that_touch_what_is_left_out(panel):
    states = panel.item("opinion").state_names
    if len(states) < 3:
        return
    args = (None, None, "answered")
    whole, _, _ = pair_totals(panel, "opinion", *args, "moves", "Moves")
    left, about, _, scale = scale_totals(panel, "opinion", *args, [states[0]], "moves", "Moves")
    assert about.states == tuple(scale) == states[1:]
    kept = whole.labels[["origin", "destination"]].isin(scale).all(axis=1).to_numpy()
    np.testing.assert_allclose(left.value, whole.value[kept])
    np.testing.assert_allclose(left.covariance, whole.covariance[np.ix_(kept, kept)], atol=1e-9)


def test_of_two_states_none_can_be_left_off_the_scale(build):
    item = op.Item({"Jul": "q12", "Nov": "q9"}, {"yes": [1, 2, 3], "no": [4, 5, 98]})
    panel = build(items={"support": item})
    with pytest.raises(SelectionError, match="has 'no' without 'yes'"):
        op.direction(panel, "support", without=["yes"])
    assert len(op.direction(panel, "support"))


def test_what_a_scale_leaves_out_is_said_of_the_pairs_where_someone_is_off_it():
    """Only between the second and the third wave is anyone unsure."""
    rows = pd.DataFrame({"t1": list("aabb"), "t2": list("abab"), "t3": ["a", "unsure", "b", "b"]})
    states = {"a": ["a"], "unsure": ["unsure"], "b": ["b"]}
    panel = op.Panel.from_wide(rows, items={"x": op.Item({t: t for t in rows}, states)})
    totals, about, _, scale = scale_totals(
        panel, "x", None, None, "answered", ["unsure"], "moves", "Moves"
    )
    assert scale == ["a", "b"]
    assert about.notes == {
        ("t2", "t3"): "t2 → t3: 25.0% of the base are left out, unsure at one of them."
    }
    assert list(totals.labels) == ["from_wave", "to_wave", "origin", "destination"]
    assert totals.labels.index.tolist() == list(range(8))
    with pytest.raises(SelectionError, match=r"Unknown state of item 'x' 'unsur'.*unsure"):
        scale_totals(panel, "x", None, None, "answered", ["unsur"], "moves", "Moves")
