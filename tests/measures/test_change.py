"""Turnover and its parts, net change, gains and losses, moves along a scale."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.change import gains_and_losses
from opinionpanel.measures.moves_on_a_scale import direction, displacement
from opinionpanel.strategies import panel_parts, panels

PAIR = ["from_wave", "to_wave"]
bases = st.sampled_from(["answered", "balanced", "panel"])
BY_GROUP = [op.flows, op.transitions, op.turnover, op.net_change, gains_and_losses]
answered = st.sampled_from(["answered", "balanced"])
few = settings(max_examples=8)


def close(first, second):
    np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-12)


def same(first, second):
    close(first.value, second.value)
    close(first.covariance, second.covariance)
    np.testing.assert_array_equal(first.df, second.df)
    np.testing.assert_array_equal(first.n, second.n)


def summed(estimates, keys):
    """Add up the rows with the same keys, with their covariance."""
    groups = estimates.labels.groupby(keys, sort=False).ngroup().to_numpy()
    labels = estimates.labels[keys].drop_duplicates().reset_index(drop=True)
    return estimates.contrast((groups == np.arange(len(labels))[:, None]).astype(float), labels)


# ---- turnover and net change ------------------------------------------------------------------


@few
@given(panels(states=(2, 6), waves=(2, 3)), bases)
def test_net_exchange_and_shift_make_up_the_turnover_of_two_to_six_states(panel, base):
    parts = op.turnover(panel, "opinion", base=base, by="gender")
    total, net, exchange, shift = parts.value.reshape(-1, 4).T
    close(total, net + exchange + shift)
    change = op.net_change(panel, "opinion", base=base, by="gender")
    moved = change.labels.assign(moved=np.abs(change.value) / 2)
    half = moved.groupby([*PAIR, "gender"], sort=False)["moved"].agg(lambda p: p.sum(skipna=False))
    close(net, half)
    known = np.isfinite(total)
    assert (net[known] <= total[known] + 1e-12).all()
    assert (shift[known] >= -1e-12).all()
    assert (exchange[known] >= 0).all()


@few
@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_a_symmetric_table_is_all_exchange(k, seed):
    counts = np.random.default_rng(seed).poisson(1.0, (k, k))
    counts += counts.T + np.eye(k, dtype=int)
    panel = table([str(state) for state in range(k)], counts)
    close(op.net_change(panel, "opinion").value, 0.0)
    total, net, exchange, shift = op.turnover(panel, "opinion").value
    close([net, shift], 0.0)
    close(exchange, total)


def table(states, counts):
    rows = [
        {"w1": origin, "w2": destination, "count": counts[i][j]}
        for i, origin in enumerate(states)
        for j, destination in enumerate(states)
    ]
    item = op.Item({"w1": "w1", "w2": "w2"}, {state: [state] for state in states})
    return op.Panel.from_wide(pd.DataFrame(rows), items={"opinion": item}, count="count")


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


def test_a_group_that_nobody_is_in_has_no_figure(build, july, november):
    july.loc[:5, "region"] = "north"
    november["region"] = "north"
    panel = build(groups=["region"])
    for measure in (op.turnover, op.net_change, gains_and_losses, direction, displacement):
        south = measure(panel, "support", by="region").select(region="south")
        assert south.n.tolist() == [0] * len(south)
        assert np.isnan(south.value).all()
        assert np.isnan(south.covariance).all()


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


# ---- gains and losses -------------------------------------------------------------------------


@few
@given(panels(waves=(2, 3)), bases)
def test_gains_minus_losses_are_the_net_change(panel, base):
    parts = gains_and_losses(panel, "opinion", base=base, by="gender")
    change = op.net_change(panel, "opinion", base=base, by="gender")
    same(parts.select(other="all").difference("side", "gains", minus="losses"), change)
    singly = parts.select(other=[o for o in parts.labels["other"].unique() if o != "all"])
    same(
        summed(singly, [*PAIR, "gender", "state", "side"]),
        summed(parts.select(other="all"), [*PAIR, "gender", "state", "side"]),
    )


@few
@given(panels(waves=(2, 2), states=(2, 3)), bases)
def test_each_gain_is_a_flow_and_another_states_loss(panel, base):
    parts = gains_and_losses(panel, "opinion", base=base)
    flows = op.flows(panel, "opinion", base=base)
    for row, (state, side, other) in enumerate(
        parts.labels[["state", "side", "other"]].itertuples(index=False)
    ):
        if other == "all":
            continue
        origin, destination = (other, state) if side == "gains" else (state, other)
        flow = flows.select(origin=origin, destination=destination)
        close(parts.value[row], flow.value[0])
        close(parts.covariance[row, row], flow.covariance[0, 0])
        assert parts.n_cell[row] == flow.n_cell[0]
    total = op.turnover(panel, "opinion", base=base).select(component="total")
    for side in ("gains", "losses"):
        all_states = parts.select(side=side, other="all")
        close(all_states.value.sum(), total.value[0])


def test_gains_and_losses_by_hand(from_table):
    parts = gains_and_losses(
        from_table(["a", "b", "c"], [[5, 1, 2], [3, 4, 0], [1, 1, 3]]), "opinion"
    )
    a = parts.select(state="a").to_frame()
    assert a["other"].tolist() == ["all", "b", "c"] * 2
    assert a["n_cell"].tolist() == [4, 3, 1, 3, 1, 2]
    close(a["estimate"], np.array([4, 3, 1, 3, 1, 2]) / 20)
    assert (a["conf_low"] > 0).all()
    assert parts.unit == "share"
    assert "  " in str(parts)  # the state itself is left blank
    assert parts.matrix().loc[("a", "gains"), "b"] == pytest.approx(0.15)


def test_a_state_called_all_is_refused(from_table):
    with pytest.raises(SelectionError, match="state 'all', which is the name of the sum"):
        gains_and_losses(from_table(["all", "none"], [[1, 1], [1, 1]]), "opinion")


# ---- moves along a scale ----------------------------------------------------------------------


@few
@given(panels(waves=(2, 3)), answered)
def test_moves_add_up_to_one_and_to_turnover(panel, base):
    parts = direction(panel, "opinion", base=base, by="gender")
    upward, stayed, downward = parts.value.reshape(-1, 3).T
    total = op.turnover(panel, "opinion", base=base, by="gender").select(component="total")
    close(upward + downward, total.value)
    close((upward + stayed + downward)[total.n > 0], 1.0)
    moved = parts.select(move=["upward", "downward"])
    same(summed(moved, [*PAIR, "gender"]), replace(total))
    assert (parts.n_cell.reshape(-1, 3).sum(axis=1) == parts.n.reshape(-1, 3)[:, 0]).all()


@few
@given(panels(waves=(2, 3)), answered)
def test_net_displacement_is_the_change_of_the_mean_score(panel, base):
    steps = displacement(panel, "opinion", base=base, by="gender")
    change = op.net_change(panel, "opinion", base=base, by="gender")
    k = len(panel.items["opinion"].state_names)
    tables = len(change) // k
    scores = np.kron(np.eye(tables), np.arange(1, k + 1))
    same(steps.select(move="net"), change.contrast(scores, {"table": range(tables)}))
    upward, downward, net, distance = steps.value.reshape(-1, 4).T
    close(net, upward - downward)
    close(distance, upward + downward)
    assert steps.unit == "number"
    if k == 2:
        parts = direction(panel, "opinion", base=base, by="gender")
        same(steps.select(move=["upward", "downward"]), parts.select(move=["upward", "downward"]))


@few
@given(panel_parts(waves=(2, 3)), answered)
def test_a_scale_turned_round_swaps_up_and_down(parts, base):
    other_way = dict(reversed(parts.item.states.items()))
    turned = replace(parts, item=replace(parts.item, states=other_way))
    for measure in (direction, displacement):
        before = measure(parts.panel(), "opinion", base=base)
        after = measure(turned.panel(), "opinion", base=base)
        same(before.select(move="upward"), after.select(move="downward"))
        other = "same" if measure is direction else "distance"
        same(before.select(move=other), after.select(move=other))


@few
@given(panel_parts(states=(3, 4), waves=(2, 2)), answered)
def test_a_state_left_out_is_no_answer(parts, base):
    # As if the middle state were no answer at all.
    assume(all((frame["answer"].isin([1, 3, 4])).any() for frame in parts.frames.values()))
    codes = {name: codes for name, codes in parts.item.states.items() if name != "b"}
    without = replace(parts, item=op.Item("answer", codes, rest="missing")).panel()
    for measure in (direction, displacement):
        left = measure(parts.panel(), "opinion", base=base, without="b", by="gender")
        plain = measure(without, "opinion", base=base, by="gender")
        pd.testing.assert_frame_equal(left.labels, plain.labels)
        same(left, plain)


def test_moves_by_hand(from_table):
    panel = from_table(["low", "middle", "high"], [[5, 1, 2], [3, 4, 0], [1, 1, 3]])
    parts = direction(panel, "opinion")
    assert parts.labels["move"].tolist() == ["upward", "same", "downward"]
    close(parts.value, np.array([3, 12, 5]) / 20)
    assert parts.n_cell.tolist() == [3, 12, 5]
    steps = displacement(panel, "opinion")
    close(steps.value, np.array([1 + 4, 3 + 2 + 1, -1, 11]) / 20)
    assert "upward from low to high" in parts.about.title


def test_the_caption_says_who_is_left_out(from_table):
    panel = from_table(["low", "don't know", "high"], [[5, 1, 2], [3, 4, 0], [1, 1, 3]])
    parts = direction(panel, "opinion", without=["don't know"])
    assert (
        parts.about.base
        == "people with an answer at both waves, at neither wave of the pair don't know"
    )
    assert parts.about.states == ("low", "high")
    close(parts.value, np.array([2, 8, 1]) / 11)
    assert parts.n.tolist() == [11] * 3
    assert "w1 → w2: 45.0% of the base are left out" in str(parts)
    steps = displacement(panel, "opinion", without=["don't know"])
    close(steps.select(move="upward").value, 2 / 11)


def test_what_is_no_scale_is_refused(build):
    panel = build()
    with pytest.raises(SelectionError, match="who was not interviewed has none"):
        direction(panel, "support", base="panel")
    with pytest.raises(SelectionError, match="Did you mean 'unsure'"):
        direction(panel, "support", without="unsur")
    with pytest.raises(SelectionError, match="has 'oppose' without 'approve', 'unsure'"):
        displacement(panel, "support", without=["approve", "unsure"])


# ---- group by group ---------------------------------------------------------------------------


@few
@given(panels(waves=(2, 3)), bases, st.sampled_from(BY_GROUP))
def test_groups_differ_by_the_same_whichever_way_they_are_compared(panel, base, measure):
    estimates = measure(panel, "opinion", base=base, by="gender")
    known = estimates.difference("gender", "woman", minus="man")
    rest = measure(panel, "opinion", base=base, by="gender", reference="rest")
    woman = rest.select(gender="woman")
    close(woman.value, known.value)
    tied = np.isnan(woman.std_error) | np.isnan(known.std_error)
    close(woman.std_error[~tied] ** 2, known.std_error[~tied] ** 2)


@few
@given(panels(waves=(2, 3)), answered, st.sampled_from(["man", "woman"]))
def test_moves_of_a_group_are_those_of_the_domain(panel, base, gender):
    for measure in (direction, displacement, gains_and_losses):
        group = measure(panel, "opinion", base=base, by="gender").select(gender=gender)
        same(group, measure(panel.where(gender=gender), "opinion", base=base))


def test_two_states_swap_or_change_net_and_nothing_else(from_table):
    """Shift needs three states; at a tie all of turnover is exchange, errors included."""
    for counts in ([[60, 8], [8, 24]], [[60, 9], [5, 26]]):
        parts = op.turnover(from_table(["a", "b"], counts), "opinion")
        shift = parts.select(component="shift")
        assert shift.value[0] == pytest.approx(0, abs=1e-15)
        assert shift.std_error[0] == pytest.approx(0, abs=1e-12)
    tied = op.turnover(from_table(["a", "b"], [[60, 8], [8, 24]]), "opinion")
    total, exchange = (tied.select(component=name) for name in ("total", "exchange"))
    assert exchange.value[0] == pytest.approx(total.value[0])
    assert exchange.std_error[0] == pytest.approx(total.std_error[0])


def test_only_the_panel_base_counts_dropping_out_as_a_change(build):
    panel = build()
    assert op.turnover(panel, "support", base="panel").about.title.endswith(
        ", with dropping out counted as a change"
    )
    assert op.turnover(panel, "support").about.title == "Turnover of support"
    said = "Turnover here counts dropping out, giving no answer and coming back as changes"
    assert said in op.turnover(panel, "support", base="panel").about.notes["Jul", "Nov"]
    for base in ("answered", "balanced"):
        assert said not in str(op.turnover(panel, "support", base=base))
