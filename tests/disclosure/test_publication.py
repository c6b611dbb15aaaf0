"""All that is published of an item takes only what may leave together."""

import numpy as np
import pandas as pd
import pytest
from made import drawn, panel_of

import opinionpanel as op
from opinionpanel.disclosure import publish


@pytest.fixture(scope="module")
def small():
    """Few moved from no to yes, and a group has a small category."""
    answers = [[1, 1]] * 60 + [[2, 2]] * 50 + [[3, 3]] * 40 + [[1, 2]] * 12 + [[2, 1]] * 11
    answers += [[2, 3]] * 13 + [[3, 2]] * 9 + [[1, 3]] * 2 + [[3, 1]] * 8
    group = np.where(
        np.arange(len(answers)) % 40 == 0, "few", np.where(np.arange(205) % 2, "a", "b")
    )
    return publish(panel_of(answers, {"g": group}), "x", ["g"])


def test_a_withheld_flow_is_withheld_in_every_form(small):
    flows, moves = small.flows("w1", "w2"), small.transitions("w1", "w2")
    assert flows.hidden.tolist() == moves.hidden.tolist()
    place = list(
        zip(flows.estimates.labels["origin"], flows.estimates.labels["destination"], strict=True)
    )
    assert flows.hidden[place.index(("no", "yes"))]
    assert flows.frame().loc[flows.hidden, ["estimate", "n_cell"]].isna().all(axis=None)
    assert not small.every_move("w1", "w2")
    parts = dict(
        zip(["total", "net", "exchange", "shift"], small.turnover("w1", "w2").hidden, strict=True)
    )
    assert parts["exchange"]
    assert parts["shift"]
    assert not parts["net"]
    assert parts["total"] == flows.withheld.moved
    assert not small.net_change("w1", "w2").hidden.any()
    assert not small.shares()[0].hidden.any()
    rates = small.break_even()
    assert rates.hidden.all() == parts["total"]


def test_differences_of_withheld_flows_are_withheld(small):
    flows = small.flows("w1", "w2")
    hidden = int(np.flatnonzero(flows.hidden)[0])
    matrix = np.zeros((2, len(flows.estimates)))
    matrix[0, hidden], matrix[1, np.flatnonzero(~flows.hidden)[0]] = 1, 1
    found = flows.contrast(matrix, pd.DataFrame({"what": ["a", "b"]}), "Some flows")
    assert found.hidden.tolist() == [True, False]


def test_small_categories_are_shown_together(small):
    names = small.shares_by("g", "w2").estimates.labels["g"].unique().tolist()
    assert names[:1] != ["few"]
    assert "few" not in names
    assert small.groups == ["g"]


def test_where_all_is_large_nothing_changes():
    panel = op.datasets.load("attitudes_2024").panel
    found = publish(panel, "support", ["gender"])
    assert found.panel.domain_text == ""
    assert not found.notes
    waves = panel.waves[:2]
    flows = found.flows(*waves)
    assert not flows.hidden.any()
    np.testing.assert_array_equal(
        flows.estimates.value, op.flows(panel, "support", waves=waves).value
    )
    way, shares = found.way()
    assert way.estimates.value.reshape(3, -1).sum(axis=1) == pytest.approx(1)
    assert "without an answer" in way.estimates.about.states
    assert not way.hidden.any()
    assert set(shares.frame()["wave"]) == set(panel.waves)


def test_flows_put_together_add_up():
    panel = panel_of(drawn(15, people=600))
    found = publish(panel, "x")
    way, _ = found.way()
    frame = way.estimates.to_frame()
    lone = op.flows(panel, "x", base="panel").to_frame()
    stayed = lone[(lone["origin"] == "no") & (lone["destination"] == "no")]["n_cell"]
    same = frame[(frame["origin"] == "no") & (frame["destination"] == "no")]["n_cell"]
    # Of those who gave no answer at first, some are in the base of the latter alone.
    assert (same.to_numpy() <= stayed.to_numpy()).all()
    assert frame.groupby("from_wave")["n_cell"].sum().nunique() == 1
    assert (frame.groupby("from_wave")["n_cell"].sum() == frame["n"].iloc[0]).all()


def test_turnover_of_a_model_counts_as_a_figure():
    panel = panel_of(drawn(16, people=400))
    found = publish(panel, "x")
    fit = op.latent_markov(panel, "x")
    assert len(found.latent(fit.turnover).hidden) == len(fit.turnover)


def test_what_small_categories_gave_is_not_told_by_another_grouping():
    """The second group has the same people apart but for those whom the first put together."""
    answers = drawn(18, people=200, waves=2, lost=0.0, silent=0.0)
    coarse = np.repeat(["a", "b", "c"], [100, 91, 9])
    fine = np.repeat(["p", "q", "r"], [100, 88, 12])
    found = publish(panel_of(answers, {"g": coarse, "h": fine}), "x", ["g", "h"])
    assert found.groups == ["g"]
    assert found.panel.groups["g"].categories == ("a", "2 categories together")


@pytest.mark.parametrize("moved", [3, 30])
def test_intervals_of_trends_stand_where_they_tell_nothing(moved):
    answers = [[1, 1]] * 70 + [[2, 2]] * 80 + [[1, 2]] * moved + [[2, 1]] * 40 + [[3, 3]] * 20
    answers += [[3, 1]] * 20 + [[2, 3]] * 15
    found = publish(panel_of(answers), "x")
    trend, (shares, _) = found.trend(), found.shares()
    kept = trend.withheld.limits
    frame = trend.frame().set_index("state")
    assert kept.any() == (moved < 5)
    assert frame["conf_low"].isna().tolist() == kept.tolist()
    change = shares.frame().set_index(["wave", "state"])["estimate"]
    np.testing.assert_allclose(frame["estimate"], (change["w2"] - change["w1"])[frame.index])
    assert found.every_way() == (moved > 5)


@pytest.mark.parametrize("both_ends", [False, True])
def test_where_two_waves_share_few_a_trend_tells_only_of_those_at_both_its_ends(both_ends):
    """The second and third wave share seven people, who have no tables of their own."""
    rng = np.random.default_rng(5)
    answers = np.full((900, 3), -1)
    for wave, people in enumerate([slice(0, 400), slice(200, 600), slice(593, 900)]):
        answers[people, wave] = rng.integers(1, 4, people.stop - people.start)
    answers[:30, 2] = 1 if both_ends else -1
    found = publish(panel_of(answers), "x")
    assert [found.has(*pair) for pair in (("w1", "w2"), ("w2", "w3"))] == [True, False]
    assert found.trend().withheld.limits.tolist() == [both_ends] * 3
    if not both_ends:
        # The interval follows from what the shares at both waves say for themselves.
        shares = found.shares()[0].estimates
        alone = shares.select(wave="w1").std_error ** 2 + shares.select(wave="w3").std_error ** 2
        np.testing.assert_allclose(found.trend().estimates.std_error ** 2, alone, rtol=1e-12)


def test_a_single_wave_has_no_trend():
    answers = drawn(1, people=12, waves=2)
    answers[5:, 1] = -1
    assert publish(panel_of(answers), "x").trend() is None
