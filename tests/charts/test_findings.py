"""What titles may say, against tests by hand and the measures' own; and what they must not."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import norm, t
from title_panels import STATES, counted, framed, square

import opinionpanel as op
from opinionpanel.charts.findings import (
    changed,
    detectable,
    highest,
    moved_most,
    opposites,
    risen,
    stayed,
)
from opinionpanel.estimates import Withheld

MOVES = square([60, 12, 8], [30, 80, 20], [14, 11, 65])
counts = st.lists(
    st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=3, max_size=3
).filter(lambda rows: sum(map(sum, rows)) >= 40)


def paired(there, back, people):
    """The difference of two shares of the same people, and its two-sided p-value."""
    value = (there - back) / people
    error = np.sqrt(((there + back) / people - value**2) / (people - 1))
    return value, (2 * t.sf(abs(value) / error, people - 1) if error > 0 else np.nan)


def holm(pvalues):
    """The least of the adjusted p-values."""
    known = [one for one in pvalues if np.isfinite(one)]
    return min(known) * len(known) if known else np.nan


def test_the_share_that_changed_is_one_less_those_who_stayed_with_a_logit_interval():
    found = changed(framed(op.flows(counted(MOVES), "q12")))
    n = sum(MOVES.values())
    share = 1 - (60 + 80 + 65) / n
    error = np.sqrt(1 / (share * (1 - share) * (n - 1))) * t.ppf(0.975, n - 1)
    limits = [1 / (1 + np.exp(-(np.log(share / (1 - share)) + side))) for side in (-error, error)]
    assert (found.value, found.low, found.high) == pytest.approx((share, *limits))


def test_turnover_and_flows_say_the_same(attitudes):
    waves = ["Jul 2024", "Nov 2024"]
    total = op.turnover(attitudes, "support", waves=waves)
    row = total.to_frame().iloc[0]
    for estimates in (op.flows(attitudes, "support", waves=waves), total):
        found = changed(framed(estimates))
        want = (row["estimate"], row["conf_low"], row["conf_high"])
        assert (found.value, found.low, found.high) == pytest.approx(want)


def test_those_who_stayed_on_paths_are_the_stable_core(attitudes):
    core = op.stable_core(attitudes, "support")
    row = core.to_frame().iloc[0]
    for estimates in (op.paths(attitudes, "support"), core):
        found = stayed(framed(estimates))
        want = (row["estimate"], row["conf_low"], row["conf_high"])
        assert (found.value, found.low, found.high) == pytest.approx(want)


def test_nobody_is_said_to_have_stayed_where_some_of_them_are_among_other_paths():
    # Six people who stayed are too few for a path of their own.
    panel = counted(square([60, 12, 8], [30, 80, 20], [14, 11, 6]))
    assert stayed(framed(op.paths(panel, "q12"))) is None
    assert stayed(framed(op.paths(panel, "q12", min_n=1), min_n=0)) is not None


def test_the_move_is_the_one_with_the_largest_lower_limit():
    panel = counted(square([60, 12, 8], [40, 200, 20], [5, 7, 3]))
    for estimates in (op.transitions(panel, "q12"), op.inflows(panel, "q12")):
        frame = estimates.to_frame(min_n=10)
        moves = frame[frame["origin"] != frame["destination"]]
        assert moved_most(framed(estimates)) == moves["conf_low"].idxmax()
    # The largest share of all is that of a row of 15 people.
    transitions = op.transitions(panel, "q12").to_frame()
    row = moved_most(framed(op.transitions(panel, "q12")))
    assert transitions["estimate"][row] < 7 / 15


@given(rows=counts)
def test_a_state_rises_where_the_paired_test_adjusted_for_all_states_says_so(rows):
    panel = counted(square(*rows))
    matrix, n = np.array(rows), sum(map(sum, rows))
    tests = [
        paired(matrix[:, k].sum() - matrix[k, k], matrix[k].sum() - matrix[k, k], n)
        for k in range(3)
    ]
    least = holm([pvalue for _, pvalue in tests])
    if abs(least - 0.05) < 1e-6:
        return
    for estimates in (op.shares(panel, "q12"), op.net_change(panel, "q12")):
        found = risen(framed(estimates, min_n=0))
        if not np.isfinite(least):
            assert found is None
        elif least < 0.05:
            value, _ = tests[STATES.index(found.state)]
            assert found.value == pytest.approx(value)
            assert (found.first, found.last) == ("wave 1", "wave 2")
        else:
            assert found.state == ""


def test_a_change_of_two_waves_is_found_in_their_difference_too():
    panel = counted(MOVES)
    shares = op.shares(panel, "q12")
    change = shares.difference("wave", "wave 2", minus="wave 1")
    assert risen(framed(change)) == risen(framed(shares))
    # The other way round it would be told backwards, and that of a gap is none of a state.
    back = shares.difference("wave", "wave 1", minus="wave 2")
    assert risen(framed(back)) is None
    gap = grouped_shares(30, 20).difference("group", "b", minus="a")
    assert risen(framed(gap)) is None


@given(rows=counts)
def test_more_moved_than_back_where_the_test_of_the_flows_says_so(rows):
    matrix, n = np.array(rows), sum(map(sum, rows))
    tests = {
        (a, b): paired(matrix[a, b], matrix[b, a], n)
        for a, b in ((0, 1), (0, 2), (1, 2))
        if matrix[a, b] + matrix[b, a] >= 10
    }
    least = holm([pvalue for _, pvalue in tests.values()])
    found = opposites(framed(op.flows(counted(square(*rows)), "q12"), min_n=0))
    if abs(least - 0.05) < 1e-6:
        return
    assert (found is not None) == bool(least < 0.05)
    if found is not None:
        there, back = STATES.index(found.origin), STATES.index(found.destination)
        assert matrix[there, back] > matrix[back, there]


def grouped_shares(*approving, people=100):
    """Shares at one wave of groups of 100, of which so many approve."""
    tables = {
        name: {(1, 1): yes, (2, 1): people - yes}
        for name, yes in zip("abcdefgh", approving, strict=False)
    }
    panel = counted(tables, states=("approve", "oppose"), groups="group")
    return op.shares(panel, "q12", by="group", waves=["wave 1"])


def test_a_group_is_highest_where_it_differs_from_every_other():
    found = highest(framed(grouped_shares(70, 40, 42)))
    assert (found.state, found.group, found.others) == ("approve", "a", ["b", "c"])
    # It is above one of the others only.
    assert highest(framed(grouped_shares(60, 40, 50))) is None
    assert highest(framed(grouped_shares(40, 42, 41))) is None


@given(yes=st.tuples(st.integers(1, 99), st.integers(1, 99)))
def test_of_two_groups_one_is_higher_where_the_difference_excludes_zero(yes):
    a, b = (one / 100 for one in yes)
    # Both states are tested, so Holm doubles the p-value.
    z = abs(a - b) / np.sqrt((a * (1 - a) + b * (1 - b)) / 100)
    pvalue = 2 * 2 * norm.sf(z)
    if 0.035 < pvalue < 0.07:
        return
    found = highest(framed(grouped_shares(*yes)))
    assert (found is not None) == (pvalue < 0.05)
    if found is not None:
        assert (found.state, found.group) == ("approve", "a" if a > b else "b")


def test_differences_are_counted_as_one_family(attitudes):
    shares = op.shares(attitudes, "support", by="age_group", waves=["Jul 2024"])
    every = shares.pairwise("age_group")
    family = every.comparisons()["pvalue_holm"]
    assert detectable(framed(every)) == ((family < 0.05).sum(), 18)
    # Those that are withheld are not counted, nor do they count in the family.
    rows = np.arange(18) < 6
    left = every.at(np.flatnonzero(~rows)).comparisons()["pvalue_holm"]
    found = detectable(framed(every, withheld=Withheld(rows, 10, 5)))
    assert found == ((left < 0.05).sum(), 12)
    # A sum is no difference, though it is shown in points.
    flows = op.flows(attitudes, "support", waves=["Jul 2024", "Nov 2024"])
    moved = flows.contrast(np.ones((1, 9)), {"what": ["all"]})
    assert detectable(framed(moved)) is None


def test_no_title_compares_what_was_asked_or_worded_differently(attitudes):
    plain = counted(MOVES)
    other = counted(MOVES, changes={"wave 2": "asked by phone"})
    for measure, find in (
        (op.flows, changed),
        (op.flows, opposites),
        (op.transitions, moved_most),
        (op.shares, risen),
        (op.paths, stayed),
    ):
        assert find(framed(measure(plain, "q12"))) is not None
        assert find(framed(measure(other, "q12"))) is None


def test_falling_silent_is_no_change_of_answer(attitudes):
    waves = ["Jul 2024", "Nov 2024"]
    for measure, find in (
        (op.flows, changed),
        (op.turnover, changed),
        (op.transitions, moved_most),
        (op.shares, risen),
        (op.paths, stayed),
    ):
        estimates = measure(attitudes, "support", waves=waves, base="panel")
        assert find(framed(estimates)) is None


def test_a_part_of_a_table_is_not_taken_for_the_whole(attitudes):
    flows = op.flows(attitudes, "support", waves=["Jul 2024", "Nov 2024"])
    assert changed(framed(flows.select(origin="approve"))) is None
    shares = op.shares(attitudes, "support").select(state=["approve", "unsure"])
    assert risen(framed(shares)) is None
    assert stayed(framed(op.paths(attitudes, "support").at(np.arange(6)))) is None


def test_nobody_and_everybody_are_no_finding():
    still = counted(square([40, 0, 0], [0, 50, 0], [0, 0, 60]))
    assert changed(framed(op.flows(still, "q12"))) is None
    assert stayed(framed(op.paths(still, "q12"))) is None
    assert moved_most(framed(op.transitions(still, "q12"))) is None
    assert opposites(framed(op.flows(still, "q12"))) is None


def test_models_of_flows_are_not_told_as_flows(attitudes):
    waves = ["Jul 2024", "Nov 2024"]
    modelled = op.missing_at_random(attitudes, "support", waves=waves)
    assert changed(framed(modelled)) is None
    corrected = op.error_sensitivity(
        attitudes, "support", waves=waves, response=0.02, measure="flows"
    )
    assert changed(framed(corrected)) is None
