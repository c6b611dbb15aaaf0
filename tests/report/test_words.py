"""Sentences claim no more than their intervals allow."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.disclosure import Shown
from opinionpanel.estimates import withheld_of
from opinionpanel.report import words

STATES = ["for", "unsure", "against"]


def shown(estimates):
    """What is shown of estimates that leave alone."""
    return Shown(estimates, withheld_of(estimates, 10, 5))


@pytest.fixture
def panel(from_table):
    def make(counts):
        return from_table(STATES, counts)

    return make


def test_equal_opposite_flows_are_not_told_apart(panel):
    flows = op.flows(panel([[100, 30, 5], [29, 80, 6], [5, 6, 90]]), "opinion")
    text = words.opposites(shown(flows))
    assert "no detectable difference" in text
    assert "larger" not in text


def test_the_larger_of_two_opposite_flows_is_named_where_the_interval_excludes_zero(panel):
    flows = op.flows(panel([[100, 60, 5], [10, 80, 6], [5, 6, 90]]), "opinion")
    text = words.opposites(shown(flows))
    assert "The flow for → unsure is the larger" in text
    assert "no detectable difference" not in text


def test_opposite_flows_are_the_differences_of_the_flows(panel):
    flows = op.flows(panel([[100, 60, 5], [10, 80, 6], [7, 9, 90]]), "opinion")
    table = flows.matrix()
    expected = [
        table.loc["for", "unsure"] - table.loc["unsure", "for"],
        table.loc["for", "against"] - table.loc["against", "for"],
        table.loc["unsure", "against"] - table.loc["against", "unsure"],
    ]
    assert words.opposite_flows(shown(flows)).estimates.value == pytest.approx(expected, abs=1e-15)


def test_flows_of_few_people_are_not_compared(panel):
    flows = op.flows(panel([[20, 0, 0], [4, 20, 0], [0, 0, 20]]), "opinion")
    assert len(words.opposite_flows(shown(flows)).estimates) == 0
    assert "too few people moved" in words.opposites(shown(flows))


def test_net_change_is_said_only_where_the_interval_excludes_zero(panel):
    changes = op.net_change(panel([[100, 60, 5], [10, 80, 6], [5, 6, 90]]), "opinion")
    text = words.net_change(shown(changes), "w1", "w2")
    assert "for fell by" in text
    assert "unsure rose by" in text
    assert "no detectable difference for against" in text


def test_a_change_without_an_interval_keeps_its_sign(panel):
    changes = shown(op.net_change(panel([[10, 25, 0], [5, 60, 0], [0, 0, 0]]), "opinion"))
    changes = replace(changes, withheld=replace(changes.withheld, limits=np.array([True] * 3)))
    text = words.net_change(changes, "w1", "w2")
    assert "without an interval, in points: for −20.0, unsure +20.0 and" in text
    assert "interval stands alone" not in text


def test_turnover_does_not_claim_that_minds_changed(panel):
    parts = op.turnover(panel([[100, 60, 5], [10, 80, 6], [5, 6, 90]]), "opinion")
    text = words.turnover(shown(parts), "w1", "w2")
    assert "gave an answer in another state at w2 than at w1" in text
    assert "cannot tell a change of mind from an unsteady answer" in text


def test_symmetry_goes_no_further_than_its_test(panel):
    steady = words.symmetry(op.symmetry(panel([[100, 30, 5], [30, 80, 6], [5, 6, 90]]), "opinion"))
    assert "that does not show that none does. F(3, 349) = 0.00, p = 1.000." in steady
    moved = words.symmetry(op.symmetry(panel([[100, 60, 5], [10, 80, 6], [5, 6, 90]]), "opinion"))
    assert "by more than chance would explain" in moved


def test_break_even_is_an_assumption(panel):
    rates = op.break_even(panel([[100, 60, 5], [10, 80, 6], [5, 6, 90]]), "opinion")
    text = words.break_even(shown(rates))
    assert "% (" in text.replace("\u00a0", "")
    assert "from w1 to w2" in text
    assert "not an estimate" in text


@pytest.mark.parametrize("counts", [[[30, 5, 9], [10, 30, 6], [5, 6, 30]], [[1, 30], [30, 1]]])
def test_a_withheld_break_even_rate_tells_neither_a_small_base_nor_turnover_at_random(
    from_table, counts
):
    panel = from_table(STATES[: len(counts)], counts)
    rates = shown(op.break_even(panel, "opinion"))
    all_hidden = replace(rates.withheld, rows=np.ones(1, dtype=bool))
    assert words.break_even(replace(rates, withheld=all_hidden)) == words.NO_BREAK_EVEN


def test_small_bases_give_no_number(panel):
    small = panel([[2, 1, 0], [1, 2, 0], [0, 1, 1]])
    assert words.turnover(shown(op.turnover(small, "opinion")), "w1", "w2") == words.TOO_FEW
    assert words.net_change(shown(op.net_change(small, "opinion")), "w1", "w2") == words.TOO_FEW
    assert words.opposites(shown(op.flows(small, "opinion"))) == words.TOO_FEW
    assert words.break_even(shown(op.break_even(small, "opinion"))) == words.TOO_FEW


def test_drop_out_is_told_for_every_later_wave(july, november, build):
    def twice(frame):
        return pd.concat([frame, frame.assign(resp_id=frame["resp_id"] + 1000)])

    panel = build(waves={"Jul": twice(july), "Nov": twice(november)})
    text = words.drop_out(shown(op.shares(panel, "support", base="panel")))
    assert text.startswith("Of the people who answered at Jul, ")
    assert "were not interviewed at Nov." in text
