"""The strategies reach the cases that panels are made of, and shrink to small ones."""

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings, strategies as st

from opinionpanel.design.sampling import Sampling
from opinionpanel.strategies import panel_parts, panels

QUICK = settings(max_examples=400, phases=[Phase.generate], derandomize=True, database=None)


def dropped_out(panel):
    return (panel.present[0] & ~panel.present[-1]).any()


def joined_late(panel):
    return (~panel.present[0] & panel.present[-1]).any()


def did_not_answer(panel):
    return (panel.present & (panel.answers["opinion"] < 0)).any()


def has_zero_weight(panel):
    return any((panel.weights[w][panel.present[i]] == 0).any() for i, w in enumerate(panel.waves))


def has_missing_weight(panel):
    return any(panel.without_weight.values())


def has_longitudinal_weight(panel):
    return any(isinstance(key, tuple) for key in panel.weights)


def has_clusters(panel):
    sampling = panel.sampling
    clustered = isinstance(sampling, Sampling) and sampling.psu is not None
    return clustered and len(sampling.sampled) > 1


def has_strata_of_people(panel):
    sampling = panel.sampling
    return isinstance(sampling, Sampling) and sampling.psu is None and len(sampling.sampled) > 1


def has_made_replicates(panel):
    return bool(panel.replicates) and panel.design.kind == "JKn"


def has_delivered_replicates(panel):
    return bool(panel.replicates) and panel.design.kind == "bootstrap"


def has_longitudinal_replicates(panel):
    return any(isinstance(key, tuple) for key in panel.replicates)


def is_unweighted(panel):
    return panel.design.weight is None


def has_constant_unequal_weights(panel):
    first, last = (panel.weights[wave] for wave in (panel.waves[0], panel.waves[-1]))
    both = panel.present[0] & panel.present[-1]
    return len(np.unique(first[both])) > 1 and (first[both] == last[both]).all()


def nobody_starts_in_a_state(panel):
    states = len(panel.items["opinion"].state_names)
    return len(set(panel.answers["opinion"][0]) - {-1}) < states


@pytest.mark.parametrize(
    "condition",
    [
        dropped_out,
        joined_late,
        did_not_answer,
        has_zero_weight,
        has_missing_weight,
        has_longitudinal_weight,
        has_clusters,
        has_strata_of_people,
        has_made_replicates,
        has_delivered_replicates,
        has_longitudinal_replicates,
        is_unweighted,
        has_constant_unequal_weights,
        nobody_starts_in_a_state,
    ],
)
def test_reaches(condition):
    assert condition(find(panels(), condition, settings=QUICK))


@given(panels(waves=(2, 3), states=(3, 3), people=(10, 20)))
def test_keeps_its_bounds(panel):
    assert len(panel.waves) in (2, 3)
    assert panel.items["opinion"].state_names == ("a", "b", "c")
    assert panel.present.shape[1] <= 20
    if isinstance(panel.sampling, Sampling):
        assert (panel.sampling.sampled >= 2).all()


@given(panels(complete=True))
def test_complete_panels(panel):
    assert panel.present.all()
    assert (panel.answers["opinion"] >= 0).all()
    assert all((weight > 0).all() for weight in panel.weights.values())


@given(panels(movers=False))
def test_nobody_moves(panel):
    answers = panel.answers["opinion"].astype(float)
    answers[answers < 0] = np.nan
    same = (answers == answers[0]) | np.isnan(answers) | np.isnan(answers[0])
    assert same.all()


@given(panel_parts(groups={"region": ("n", "s", "w"), "age": ("young", "old")}), st.data())
def test_groups(parts, data):
    panel = parts.panel()
    name = data.draw(st.sampled_from(parts.groups))
    assert panel.groups[name].categories == tuple(sorted(panel.groups[name].categories))
    assert (panel.groups[name].codes >= 0).all()


def test_shrinks_to_a_small_panel():
    quick = settings(max_examples=200, derandomize=True, database=None)
    panel = find(panels(), lambda panel: panel.present.shape[1] >= 6, settings=quick)
    assert panel.present.shape[1] == 6
    assert len(panel.waves) == 2
    assert len(panel.items["opinion"].state_names) == 2
