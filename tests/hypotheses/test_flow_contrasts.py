"""Contrasts of flows: positions in every table, and the covariance of people drawn one by one."""

import numpy as np
import pytest

import opinionpanel as op
from opinionpanel.hypotheses.flow_contrasts import (
    arrow,
    cell_counts,
    few_moved,
    flow_cycles,
    flow_differences,
    flow_tables,
    net_matrix,
    pairs_text,
    several_tables,
    symmetric_flows,
    working_covariance,
)
from opinionpanel.measures import net_changes


@pytest.fixture(scope="module")
def joint():
    return op.flows(op.datasets.load("nes_ideology"), "ideology")


def test_every_flow_stands_in_its_table(joint):
    tables = flow_tables(joint)
    assert len(tables) == 2
    assert several_tables(joint)
    places = [place for _, cell in tables for place in cell.values()]
    assert sorted(places) == list(range(len(joint)))
    for key, cell in tables:
        for (origin, destination), place in cell.items():
            assert (*key, origin, destination) == tuple(joint.labels.iloc[place])


def test_a_single_table_is_not_several(from_table):
    assert not several_tables(op.flows(from_table("ab", [[5, 2], [1, 4]]), "opinion"))


def test_differences_are_of_the_flows_named(joint):
    there, back = ("liberal", "moderate"), ("moderate", "liberal")
    matrix, labels = flow_differences(joint, [(there, back)])
    assert len(labels) == len(flow_tables(joint))
    expected = [
        joint.value[cell[there]] - joint.value[cell[back]] for _, cell in flow_tables(joint)
    ]
    np.testing.assert_allclose(matrix @ joint.value, expected)
    assert (labels[["origin", "destination"]] == list(there)).all(axis=None)


def test_an_unweighted_sample_of_people_has_the_working_covariance_but_for_n(from_table):
    flows = op.flows(from_table("ab", [[50, 20], [10, 40]]), "opinion")
    ours = working_covariance(flows, np.eye(4))
    np.testing.assert_allclose(flows.covariance, ours * 120 / 119)


def test_few_people_each_way(from_table):
    for moved, few in ((2, True), (9, False), (0, False)):
        flows = op.flows(from_table("ab", [[50, moved], [moved, 40]]), "opinion")
        assert cell_counts(flows).tolist() == [50, moved, moved, 40]
        assert few_moved(flows, np.array([[0.0, 1, -1, 0]])) is few


def test_pairs_of_waves_are_named_once(joint):
    assert pairs_text(joint.labels) == "wave 1 → wave 2, wave 2 → wave 3"


def test_flows_there_and_back_at_their_mean(joint):
    there, back = (
        symmetric_flows(joint).select(origin=one, destination=other).value
        for one, other in (("liberal", "moderate"), ("moderate", "liberal"))
    )
    assert (there == back).all()
    assert symmetric_flows(joint).value.sum() == pytest.approx(joint.value.sum())


def test_net_changes_are_contrasts_of_flows(joint):
    change = net_changes(joint)
    np.testing.assert_allclose(net_matrix(joint, change) @ joint.value, change.value, atol=1e-12)


def test_cycles_go_round_both_ways(joint):
    cycles, labels, absent = flow_cycles(joint)
    assert len(cycles) == len(labels) == len(flow_tables(joint))
    assert not absent
    flows = joint.labels[["origin", "destination"]].to_numpy()[cycles[0]].tolist()
    assert flows[3:] == [flow[::-1] for flow in flows[:3]]


def test_a_flow_in_words():
    assert arrow(("liberal", "moderate")) == "liberal → moderate"
