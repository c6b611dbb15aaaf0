"""Bases, weights and refusals of the measures; their numbers are in golden and properties."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import SelectionError

MEASURES = [op.shares, op.flows, op.transitions, op.net_change, op.turnover]


def of(estimates, **labels):
    return float(estimates.select(**labels).value[0])


def test_flows_by_hand(build):
    flows = op.flows(build(), "support")
    # November weights of the six in both: 1.25 .5 1.5 1 2 1, in all 7.25.
    assert of(flows, origin="approve", destination="oppose") == pytest.approx(1.25 / 7.25)
    assert of(flows, origin="oppose", destination="approve") == pytest.approx(1.0 / 7.25)
    assert flows.n.tolist() == [6] * 9
    assert flows.n_cell.tolist() == [1, 0, 1, 1, 1, 0, 1, 0, 1]
    assert flows.df.tolist() == [5.0] * 9


def test_panel_base_counts_those_who_left(build):
    flows = op.flows(build(), "support", base="panel")
    # July weights, all eight; 70007 approved and left, 70008 did not answer and left.
    assert of(flows, origin="approve", destination="not interviewed") == pytest.approx(0.75 / 9.0)
    assert of(flows, origin="no answer", destination="not interviewed") == pytest.approx(1.25 / 9)
    assert flows.n[0] == 8
    assert "everyone interviewed at Jul" in flows.about.base
    shares = op.shares(build(), "support", base="panel")
    assert of(shares, wave="Nov", state="not interviewed") == pytest.approx(2.0 / 9)


def test_people_of_weight_zero_add_no_state(build, july):
    july.loc[7, "wgt"] = 0.0  # the only one without an answer
    flows = op.flows(build(), "support", base="panel")
    assert "no answer" not in flows.about.states


def test_balanced_base_over_three_waves(build, july, november, support):
    december = november.assign(q9=[1, 4, None, 1, 2, 5, 1])
    item = op.Item({"Jul": "q12", "Nov": "q9", "Dec": "q9"}, support.states)
    panel = build(waves={"Jul": july, "Nov": november, "Dec": december}, items={"support": item})
    assert set(op.flows(panel, "support").n) == {6.0}
    balanced = op.flows(panel, "support", base="balanced")
    assert set(balanced.n) == {5.0}
    assert "Jul, Nov, Dec" in balanced.about.base
    assert "at Dec" in balanced.about.weight


def test_an_item_asked_at_one_wave_only(build, support):
    panel = build(items={"support": support, "once": op.Item({"Jul": "q12"}, support.states)})
    assert op.shares(panel, "once").labels["wave"].unique().tolist() == ["Jul"]
    for measure in MEASURES[1:]:
        with pytest.raises(SelectionError, match=r"at least 2 different wave.*asked at 'Jul'"):
            measure(panel, "once")
        with pytest.raises(SelectionError, match=r"'once' was not asked at wave 'Nov'.*'Jul'"):
            measure(panel, "once", waves=["Jul", "Nov"])


@pytest.mark.parametrize("measure", MEASURES)
def test_unknown_names(build, measure):
    panel = build()
    for arguments, near in (
        ({"item": "suport"}, "support"),
        ({"waves": ["Jul", "Nvo"]}, "Nov"),
        ({"by": "gendr"}, "gender"),
    ):
        with pytest.raises(SelectionError, match=f"Did you mean '{near}'"):
            measure(panel, **({"item": "support"} | arguments))
    with pytest.raises(SelectionError, match="'answered', 'balanced' or 'panel'"):
        measure(panel, "support", base="all")


def test_the_same_wave_twice(build):
    with pytest.raises(SelectionError, match="at least 2 different"):
        op.flows(build(), "support", waves=["Jul", "Jul"])


def test_an_origin_without_people_is_nan_with_n_0(build, july):
    july.loc[july["q12"].isin([3, 98]), "q12"] = 1
    row = op.transitions(build(), "support").select(origin="unsure")
    assert np.isnan(row.value).all()
    assert np.isnan(row.std_error).all()
    assert row.n.tolist() == [0, 0, 0]
    frame = row.to_frame()
    assert frame[["estimate", "conf_low", "conf_high"]].isna().all(axis=None)


def test_parts_of_turnover_have_the_base_of_their_own_group(build, july, november):
    # Nobody moves, so net depends on no flow; its base is still that of its group.
    panel = build(
        items={
            "support": op.Item({"Jul": "q12", "Nov": "q12"}, {"any": [1, 2, 3, 4]}, rest="missing")
        },
        waves={"Jul": july, "Nov": july.iloc[:6]},
    )
    parts = op.turnover(panel, "support", by="gender")
    flows = op.flows(panel, "support", by="gender")
    for gender in ("man", "woman"):
        base = flows.select(gender=gender)
        assert set(parts.select(gender=gender).n) == set(base.n)
        assert set(parts.select(gender=gender).df) == set(base.df)


def test_margins_that_tie_have_no_error_whatever_the_order_of_states(from_table):
    # Every margin is kept, but in floating point .1 + .2 - .3 is not 0 and has a sign.
    counts = np.array([[2, 1, 2], [3, 0, 0], [0, 2, 0]])
    for order in permutations(range(3)):
        turned = counts[np.ix_(order, order)]
        parts = op.turnover(from_table(["a", "b", "c"], turned), "opinion")
        net = parts.select(component="net")
        assert net.value[0] == pytest.approx(0.0, abs=1e-15)
        assert np.isnan(net.std_error[0])
        assert np.isfinite(parts.std_error[parts.labels["component"] != "net"]).all()


def test_everybody_moved_has_an_interval(from_table):
    # The flows add up to 1 - 2e-16.
    everybody = op.turnover(
        from_table(["a", "b", "c"], [[0, 4, 3], [4, 0, 7], [0, 3, 0]]), "opinion"
    )
    total = everybody.to_frame().iloc[0]
    assert total["estimate"] == pytest.approx(1.0)
    assert 0.8 < total["conf_low"] < 0.9
    assert total["conf_high"] == pytest.approx(1.0)


def test_several_groups_at_once(build):
    panel = build(groups=["gender", "region"])
    estimates = op.shares(panel, "support", by=["gender", "region"])
    assert list(estimates.labels) == ["wave", "gender", "region", "state"]
    assert len(estimates) == 2 * 2 * 2 * 3


def test_captions_name_question_base_weight_dates_and_source(build):
    panel = build(dates={"Jul": "1-8 July 2024"}, source="A test panel")
    about = op.transitions(panel, "support").about
    assert about.question == "Do you support it?"
    assert about.base == "people with an answer at both waves"
    assert about.weight == "wgt (at Nov, the later wave)"
    assert about.dates["Jul"] == "1-8 July 2024"
    assert about.source == "A test panel"
    assert about.states == ("approve", "unsure", "oppose")


def test_overlapping_waves_are_dependent(build):
    shares = op.shares(build(), "support")
    change = shares.difference("wave", "Nov", minus="Jul")
    separate = shares.std_error.reshape(2, 3)
    independent = np.hypot(*separate)
    assert not np.allclose(change.std_error, independent)
    covariance = shares.covariance[:3, 3:]
    np.testing.assert_allclose(
        change.std_error**2, (separate**2).sum(axis=0) - 2 * np.diag(covariance)
    )
    assert isinstance(change.labels, pd.DataFrame)


def test_titles_name_the_measure(build):
    panel = build()
    assert op.turnover(panel, "support").about.title.startswith("Turnover of support")
    assert op.net_change(panel, "support").about.title.startswith("Net change of support")
    against = op.turnover(panel, "support", by="gender", reference="rest")
    assert against.about.title == "Turnover of support, by gender: difference from the rest"
    one = [[1.0] + [0.0] * 5]
    contrast = op.shares(panel, "support").contrast(one, {"what": ["x"]})
    assert contrast.about.title.startswith("Contrast: Shares of support")
