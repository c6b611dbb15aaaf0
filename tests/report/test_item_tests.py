"""The tests of an item: what they rest on, what they leave out, and what they never say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from claims_compared import contradictions
from hypothesis import given, settings
from seeded_panels import sample

import opinionpanel as op
from opinionpanel.disclosure import publish
from opinionpanel.drawing import language_of
from opinionpanel.report.findings_in_words import Claim, item_claims
from opinionpanel.report.item_tests import item_tests
from opinionpanel.strategies import panels

STATES = ["for", "unsure", "against"]
CHANGED = [[100, 60, 5], [10, 80, 6], [5, 6, 90]]
ENGLISH = language_of("en")


def made(panel, *groups):
    return item_tests(publish(panel, "opinion", groups))


def claims_of(tests):
    return item_claims(tests, ENGLISH, {})


@settings(max_examples=10)
@given(panels(people=(30, 90)))
def test_no_two_sentences_contradict_each_other(panel):
    tests = made(panel, *panel.groups)
    claims = claims_of(tests)
    states = tests.net and panel.item("opinion").state_names
    assert contradictions(claims, list(tests.net), states) == []
    for one in tests.families:
        assert one.holds or not one.singles["found"].any()


@pytest.mark.parametrize("seed", range(6))
def test_no_two_sentences_of_a_seeded_study_contradict_each_other(seed):
    panel = sample(seed, waves=2 + seed % 2, states=2 + seed % 4, moved=0.1 * seed)
    tests = made(panel, "group")
    claims = claims_of(tests)
    assert contradictions(claims, list(tests.net), panel.item("opinion").state_names) == []
    assert len({claim.text for claim in claims}) == len(claims)


@pytest.mark.parametrize(
    "claims",
    [
        [("net", "w1", "w2", "a", "up"), ("net", "w1", "w2", "a", "down")],
        [("balance", "w1", "w2", "none"), ("balance", "w1", "w2", "a", "b", "up")],
        [("net", "w1", "w2", "a", "up"), ("balance", "w1", "w2", "none")],
        [("net", "w1", "w2", "a", "up"), ("balance", "w1", "w2", "a", "b", "up")],
        [("trend", "w1", "w2", state, "up") for state in "abc"],
        [
            ("shares by", "g", "w2", "a", *two, way)
            for *two, way in ("xyu", "yzu", "xzd")
            for way in [{"u": "up", "d": "down"}[way]]
        ],
    ],
)
def test_contradictions_would_be_seen(claims):
    made = [Claim("", tuple(subject), way) for *subject, way in claims]
    assert contradictions(made, [("w1", "w2")], "ab")


def test_joint_tests_are_those_of_the_library(from_table):
    panel = from_table(STATES, CHANGED)
    tests = made(panel)
    net = op.marginal_homogeneity(panel, "opinion").pvalue
    balance = op.symmetry(panel, "opinion").pvalue
    # Of the same people the trend is the net change, so that there are three families.
    assert tests.net["w1", "w2"].pvalue == pytest.approx(3 * min(net, balance), rel=1e-6)
    assert tests.trend.holds
    assert tests.balance["w1", "w2"].holds


def test_single_comparisons_have_the_intervals_of_the_tables(from_table):
    panel = from_table(STATES, CHANGED)
    tests = made(panel)
    table = op.net_change(panel, "opinion")
    columns = ["estimate", "conf_low", "conf_high"]
    pd.testing.assert_frame_equal(
        tests.net["w1", "w2"].singles[["state", *columns]], table.to_frame()[["state", *columns]]
    )
    family = table.comparisons()
    joint = tests.net["w1", "w2"].pvalue
    expected = np.maximum(family["pvalue_holm"], joint)
    assert tests.net["w1", "w2"].singles["p_adjusted"].to_numpy() == pytest.approx(expected)
    flows = op.flows(panel, "opinion").matrix()
    found = tests.balance["w1", "w2"].singles.set_index(["origin", "destination"])["estimate"]
    assert found["for", "unsure"] == pytest.approx(flows.loc["for", "unsure"] - flows.iloc[1, 0])


def test_of_two_states_flows_and_net_change_are_one_question(from_table):
    tests = made(from_table(["yes", "no"], [[300, 60], [30, 210]]))
    net, balance = tests.net["w1", "w2"], tests.balance["w1", "w2"]
    assert net.holds
    assert net.pvalue == balance.pvalue == tests.trend.pvalue
    assert net.singles["found"].all()
    assert balance.singles["found"].all()


def test_flows_of_few_people_are_not_compared_and_tell_no_joint_test(from_table):
    tests = made(from_table(STATES, [[60, 3, 30], [3, 60, 12], [8, 11, 60]]))
    balance = tests.balance["w1", "w2"]
    compared = set(zip(balance.singles["origin"], balance.singles["destination"], strict=True))
    assert ("for", "unsure") not in compared
    # In its place stands what the shown figures tell by themselves.
    assert balance.pvalue is not None


def test_trends_do_not_tell_how_many_of_few_kept_their_answer(from_table):
    panel = from_table(["a", "b", "c"], [[70, 3, 0], [40, 80, 0], [0, 0, 30]])
    trend = made(panel).trend
    hidden = trend.singles["conf_low"].isna()
    assert hidden.any()
    assert trend.singles.loc[hidden, ["p", "p_adjusted"]].isna().all(axis=None)
    assert not trend.singles.loc[hidden, "found"].any()


def test_what_has_no_interval_has_no_pvalue(from_table):
    """With it the interval could be computed, and from that the flows."""
    panel = from_table(STATES, [[60, 3, 30], [3, 60, 2], [8, 11, 60]])
    published = publish(panel, "opinion")
    limits = published.net_change("w1", "w2").withheld.limits
    assert limits.any()
    singles = item_tests(published).net["w1", "w2"].singles
    assert singles.loc[limits, ["conf_low", "p", "p_adjusted"]].isna().all(axis=None)


def test_sentences_that_compare_waves_need_the_same_question(from_table):
    panel = from_table(STATES, CHANGED)
    item = replace(panel.item("opinion"), changes={"w2": "another wording"})
    tests = made(replace(panel, items={"opinion": item}))
    assert {one.pvalue for one in tests.families} == {None}
    assert all("not put in the same way" in one.untested for one in tests.families)
    assert not any(one.singles["found"].any() for one in tests.families)


def test_a_design_that_is_too_small_finds_nothing():
    panel = sample(1, waves=2, moved=0.9)
    frame = pd.DataFrame({"w1": ["a", "b"] * 60, "w2": ["a"] * 120, "psu": [1, 2] * 60})
    item = panel.item("opinion")
    small = op.Panel.from_wide(
        frame, items={"opinion": item}, design=op.Design(weight=None, psu="psu")
    )
    tests = made(small)
    assert not any(one.holds for one in tests.families)


def test_where_nobody_changed_nothing_is_tests_of(from_table):
    tests = made(from_table(STATES, np.diag([50, 60, 70])))
    assert tests.net["w1", "w2"].pvalue is None
    assert {claim.direction for claim in claims_of(tests)} == {"unknown"}


def test_a_change_in_one_group_is_found_there():
    tests = made(sample(3, people=1_500, moved=0.3), "group")
    assert tests.trend.holds
    assert tests.net["w2", "w3"].holds
    assert tests.balance["w2", "w3"].holds
    assert not tests.net["w1", "w2"].holds
    change = tests.net_change_by["group"]
    assert change.holds
    first = change.found.iloc[0]
    assert (first["state"], first["category"], first["other"]) == ("a", "x", "y")
    assert first["estimate"] > 0.1
    assert tests.shares_by["group"].holds
    assert tests.turnover_by["group"].key == ("group", "w2", "w3")


def test_categories_are_compared_as_differences_say(from_table):
    panel = sample(4, moved=0.2)
    tests = made(panel, "group")
    pair = ["w2", "w3"]
    total = op.turnover(panel, "opinion", waves=pair, by="group").select(component="total")
    difference = total.difference("group", "x", minus="y")
    expected = difference.to_frame()
    found = tests.turnover_by["group"].singles
    columns = ["estimate", "conf_low", "conf_high"]
    assert found[columns].to_numpy() == pytest.approx(expected[columns].to_numpy(), rel=1e-9)
    # Two categories are one comparison, and the joint test is that of its t.
    assert found["p"].iloc[0] == pytest.approx(
        total.difference("group", "x", minus="y").test().pvalue
    )


def test_what_is_kept_apart_changes_nothing_by_order_of_states(from_table):
    """Renaming and turning the states gives the same findings."""
    turned = np.array(CHANGED)[::-1, ::-1]
    one = made(from_table(STATES, CHANGED))
    other = made(from_table(STATES[::-1], turned))
    for family, mirrored in zip(one.families, other.families, strict=True):
        assert family.pvalue == pytest.approx(mirrored.pvalue)
        assert sorted(family.singles["p_adjusted"]) == pytest.approx(
            sorted(mirrored.singles["p_adjusted"])
        )
