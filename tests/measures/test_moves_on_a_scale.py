"""Moves along a scale: against counts by hand, turnover and net displacement of scores."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from score_panels import frames, panel_of, scored

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.moves_on_a_scale import direction, displacement
from opinionpanel.strategies import panels

few = settings(max_examples=15)


def test_by_hand(from_table):
    panel = from_table(["low", "middle", "high"], [[5, 3, 2], [1, 6, 1], [4, 0, 8]])
    found = direction(panel, "opinion")
    assert found.labels["move"].tolist() == ["upward", "same", "downward"]
    np.testing.assert_allclose(found.value, np.array([6, 19, 5]) / 30)
    assert found.n_cell.tolist() == [6, 19, 5]
    steps = displacement(panel, "opinion")
    np.testing.assert_allclose(steps.value, np.array([8, 9, -1, 17]) / 30)
    assert steps.unit == "number"


def test_who_was_at_an_end_of_the_scale_cannot_move_beyond_it(from_table):
    """A limit above 0 would say that somebody might."""
    panel = from_table(["low", "middle", "high"], [[5, 3, 2], [1, 6, 1], [4, 0, 8]])
    first, last = panel.waves
    before = panel.group_of("opinion", wave=first, name="before")
    frame = direction(before, "opinion", by="before").to_frame()
    ends = frame.set_index(["before", "move"])["conf_high"]
    assert ends["low", "downward"] == ends["high", "upward"] == 0
    assert (ends.drop([("low", "downward"), ("high", "upward")]) > 0).all()
    after = panel.group_of("opinion", wave=last, name="after")
    assert (direction(after, "opinion", by="after").to_frame()["conf_high"] > 0).all()


@few
@given(panels())
def test_moves_add_up_to_everyone_and_to_turnover(panel):
    found = direction(panel, "opinion").value.reshape(-1, 3)
    total = op.turnover(panel, "opinion").select(component="total").value
    np.testing.assert_allclose(found.sum(axis=1), np.where(np.isnan(total), np.nan, 1))
    np.testing.assert_allclose(found[:, 0] + found[:, 2], total, atol=1e-12)


@few
@given(panels())
def test_net_displacement_is_the_change_of_the_mean_score(panel):
    flows = op.flows(panel, "opinion")
    states = list(flows.about.states)
    flow = flows.value.reshape(-1, len(states), len(states))
    score = np.arange(len(states))
    change = flow.sum(axis=1) @ score - flow.sum(axis=2) @ score
    steps = displacement(panel, "opinion").value.reshape(-1, 4)
    np.testing.assert_allclose(steps[:, 2], change, atol=1e-12)
    np.testing.assert_allclose(steps[:, 3], steps[:, 0] + steps[:, 1], atol=1e-12)


def test_who_was_not_interviewed_has_no_place():
    with pytest.raises(SelectionError, match="direction compares the answers"):
        direction(op.datasets.load("attitudes_2024").panel, "support", base="panel")


@few
@given(panels())
def test_steps_are_those_of_flows(panel):
    states = panel.item("opinion").state_names
    flows = op.flows(panel, "opinion")
    place = {state: number for number, state in enumerate(states)}
    steps = flows.labels["destination"].map(place) - flows.labels["origin"].map(place)
    tables = flows.labels.groupby(["from_wave", "to_wave"], sort=False).ngroup()
    matrix = np.array([np.abs(steps) * (tables == number) for number in range(tables.max() + 1)])
    expected = flows.contrast(matrix, {"table": range(len(matrix))})
    found = displacement(panel, "opinion").select(move="distance")
    np.testing.assert_allclose(found.value, expected.value, rtol=1e-12)
    np.testing.assert_allclose(found.covariance, expected.covariance, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("number", [31, 32, 100, 120])
def test_long_scales_and_states_that_are_not_on_them(number):
    first = np.arange(number)
    waves = {"a": first, "b": first[::-1]}
    panel = op.Panel.from_waves(
        {name: pd.DataFrame({"id": first, "q": codes}) for name, codes in waves.items()},
        person="id",
        items={"q": op.Item("q", {f"s{code}": [code] for code in range(number)})},
    )
    expected = np.maximum(first[::-1] - first, 0).mean()
    found = displacement(panel, "q")
    np.testing.assert_allclose(found.value, expected * np.array([1, 1, 0, 2]), atol=1e-12)
    # Two people are in the first state, one at each wave.
    found = displacement(panel, "q", without=["s0"])
    inner = np.maximum(first[::-1] - first, 0)[1:-1].mean()
    np.testing.assert_allclose(found.value, inner * np.array([1, 1, 0, 2]), atol=1e-12)
    assert found.n.tolist() == [number - 2] * 4
    assert "left out, s0 at one of them" in next(iter(found.about.notes.values()))


@few
@given(scored(waves=3))
def test_of_a_score_directions_are_those_of_its_steps(given_panel):
    panel = panel_of(*given_panel)
    found = direction(panel, "x").value.reshape(-1, 3)
    steps = op.mean_change(panel, "x").value.reshape(-1, 5)
    np.testing.assert_allclose(found.sum(axis=1), np.where(np.isnan(steps[:, 0]), np.nan, 1))
    for column, moment in ((0, 3), (2, 4)):
        np.testing.assert_array_equal(found[:, column] > 0, steps[:, moment] > 1e-12)


@few
@given(scored(most=1))
def test_of_0_and_1_directions_are_those_of_the_item(given_panel):
    given, design = given_panel
    score = direction(panel_of(given, design, x=op.Score("x", low=0, high=1)), "x")
    item = op.Item("x", {"no": [0], "yes": [1]})
    wanted = direction(panel_of(given, design, x=item), "x")
    np.testing.assert_allclose(score.value, wanted.value)
    np.testing.assert_allclose(score.covariance, wanted.covariance, atol=1e-14)
    np.testing.assert_array_equal(score.n_cell, wanted.n_cell)


def test_what_a_score_has_no_direction_for():
    panel = panel_of(frames(4))
    with pytest.raises(SelectionError, match="no states to leave out"):
        direction(panel, "x", without=["unsure"])
    with pytest.raises(SelectionError, match="no number to average"):
        direction(panel, "x", base="panel")
    with pytest.raises(SelectionError, match="is a score"):
        displacement(panel, "x")
