"""The one loop that tabulates: its tables by hand, and one after the other as all at once."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import opinionpanel as op
from opinionpanel.measures.bases import Own, about_of, base_of, state_codes
from opinionpanel.measures.tabulation import (
    WAVE,
    OneTable,
    inflow_totals,
    moved,
    pair_totals,
    tabulate,
    wave_totals,
)
from opinionpanel.strategies import panels

few = settings(max_examples=12)


@few
@given(panels())
def test_totals_are_sums_of_weights_by_hand(panel):
    totals, about, groups = wave_totals(panel, "opinion", None, "gender", "answered")
    assert groups == ["gender"]
    assert dict(about.roles) == {"wave": "time", "state": "state"}
    gender = panel.group("gender")
    for row, value, n in zip(totals.labels.to_dict("records"), totals.value, totals.n, strict=True):
        place = panel.position(row["wave"])
        state = panel.item("opinion").state_names.index(row["state"])
        weight = panel.weight(row["wave"]).values * panel.domain
        here = (panel.answers["opinion"][place] == state) & (
            gender.codes == gender.categories.index(row["gender"])
        )
        assert value == pytest.approx((weight * here).sum())
        assert n == ((weight > 0) & here).sum()


@few
@given(panels(waves=(3, 3)))
def test_each_pair_is_the_same_alone(panel):
    args = (None, "answered", "flows", "Flows")
    both, about, _ = pair_totals(panel, "opinion", None, *args)
    assert list(about.weights) == list(zip(panel.waves, panel.waves[1:], strict=False))
    size = len(both.labels) // 2
    for place in (0, 1):
        pair = panel.waves[place : place + 2]
        alone, _, _ = pair_totals(panel, "opinion", pair, *args)
        rows = slice(place * size, (place + 1) * size)
        np.testing.assert_allclose(alone.value, both.value[rows])
        np.testing.assert_allclose(alone.covariance, both.covariance[rows, rows], atol=1e-9)
        np.testing.assert_array_equal(alone.labels.to_numpy(), both.labels[rows].to_numpy())


@few
@given(panels())
def test_inflows_are_the_pairs_seen_from_the_other_side(panel):
    there, _, _ = pair_totals(panel, "opinion", None, None, "answered", "flows", "Flows")
    back, _, _ = inflow_totals(panel, "opinion", None, None, "answered", "Inflows")
    keys = ["from_wave", "to_wave", "origin", "destination"]
    one = there.labels.assign(value=there.value).set_index(keys)["value"]
    other = back.labels.assign(value=back.value).set_index(keys)["value"]
    np.testing.assert_allclose(other.reindex(one.index), one)


@few
@given(panels())
def test_a_group_named_like_an_own_column_keeps_both(panel):
    names = list(panel.waves[:1])
    _, codes = state_codes(panel, "opinion", names, "answered")
    inside, weight = base_of(panel, "opinion", names, (names[0],), "answered")
    own = [Own("gender", panel.item("opinion").state_names)]
    table = OneTable((names[0],), names[0], inside, weight, [codes[names[0]]])
    about = about_of(panel, "opinion", names, ["gender"], "everyone", {})
    totals, about, groups = tabulate(panel, about, ["gender"], WAVE, own, [table])
    assert groups == ["gender (group)"]
    assert list(totals.labels) == ["wave", "gender (group)", "gender"]
    assert about.role("gender (group)") == "group"
    assert about.role("gender") == "state"


def test_moves_go_from_each_state_to_each():
    origin, destination = moved(("a", "b"))
    assert (origin.name, origin.role) == ("origin", "origin")
    assert (destination.name, destination.role) == ("destination", "state")


def test_captions_say_whose_weight_and_which_value_of_a_group_count(build):
    panel = build(groups={"gender": "wave"})
    for measure in (op.attrition, op.turnover_bounds, op.flows):
        assert (
            "by gender (at the earlier wave)" in measure(panel, "support", by="gender").about.title
        )
    assert "by gender (at each wave)" in op.shares(panel, "support", by="gender").about.title


def test_bases_say_whether_one_wave_or_two_must_be_answered(build):
    assert op.shares(build(), "support").about.base.startswith("people with an answer at the wave")
    for measure in (op.flows, op.net_change, op.inflows):
        base = measure(build(), "support").about.base
        assert base.startswith("people with an answer at both waves")


def test_answers_of_a_series_group_those_who_were_asked_then():
    """At other waves, with other people, the groups are empty, and a note says so."""
    frame = pd.DataFrame({"q": [1, 2] * 10, "t": range(20)})
    items = {
        "x": op.Item("q", {"yes": [1], "no": [2]}),
        "s": op.Score("t", low=0, high=20),
    }
    waves = {"A": frame, "B": frame[::-1]}
    told = "At B nobody is in a group of"
    for person, empty in ((None, True), ("t", False)):
        panel = op.Panel.from_waves(waves, person=person, items=items)
        panel = panel.group_of("s", wave="A", bands=[0, 5]).group_of("x", wave="A", name="before")
        for by in ("s (A)", ["before", "s (A)"]):
            for found in (op.means(panel, "s", by=by), op.shares(panel, "x", by=by)):
                text = " ".join(str(found).split())
                assert (f"{told} s (A), the answers at A" in text) == empty
                assert "At A nobody" not in text
                assert told not in " ".join(str(found.select(wave="A")).split())
        assert told not in " ".join(str(op.means(panel, "s")).split())
