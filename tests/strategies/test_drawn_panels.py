"""The strategies reach the cases that panels are made of, and shrink to small ones."""

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings, strategies as st

import opinionpanel as op
from opinionpanel.design.sampling import Sampling
from opinionpanel.questions import NOT_ASKED
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


def has_another_weight_by_wave(panel):
    first, second = (panel.weights[wave] for wave in panel.waves[:2])
    both = (first > 0) & (second > 0)
    return len(set(first[both] / second[both])) > 1


def has_a_weight_from_first_to_last(panel):
    return len(panel.waves) > 2 and (panel.waves[0], panel.waves[-1]) in panel.weights


def has_large_weights(panel):
    return all(weight.max() > 1e6 for weight in panel.weights.values())


def has_a_group_that_changes(panel):
    return panel.group("job").changed > 0


def has_a_group_within_one_psu(panel):
    sampling = panel.sampling
    if not isinstance(sampling, Sampling) or sampling.psu is None:
        return False
    women = panel.group("gender").codes == panel.group("gender").categories.index("woman")
    return women.sum() > 1 and len(set(sampling.psu[women])) == 1


def has_rows_of_unequal_df(panel):
    return len(set(op.transitions(panel, "opinion").df)) > 1


def has_a_rotating_cohort(panel):
    """Someone who joined late and left early, while others were there."""
    if len(panel.waves) < 3:
        return False
    return (panel.present[1:-1].any(axis=0) & ~panel.present[0] & ~panel.present[-1]).any()


def has_a_wave_that_was_not_asked(panel):
    return len(panel.asked("opinion")) < len(panel.waves)


def has_people_not_asked(panel):
    return (panel.answers["opinion"][0] == NOT_ASKED).any()


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
        has_another_weight_by_wave,
        has_a_weight_from_first_to_last,
        has_large_weights,
        has_a_group_that_changes,
        has_a_group_within_one_psu,
        has_rows_of_unequal_df,
        has_a_rotating_cohort,
        has_a_wave_that_was_not_asked,
        has_people_not_asked,
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


@given(panels(independent=True))
def test_other_people_at_each_wave(panel):
    assert panel.independent
    assert (panel.present.sum(axis=0) == 1).all()
    assert not has_longitudinal_weight(panel)


@pytest.mark.parametrize("same", [True, False])
def test_psus_may_be_the_same(same):
    def declared(panel):
        return has_clusters(panel) and panel.design.same_psus is same

    assert declared(find(panels(independent=True), declared, settings=QUICK))


@given(panels(movers=False))
def test_nobody_moves(panel):
    answers = panel.answers["opinion"].astype(float)
    answers[answers < 0] = np.nan
    same = (answers == answers[0]) | np.isnan(answers) | np.isnan(answers[0])
    assert same.all()


@given(panel_parts(groups={"region": ("n", "s", "w"), "age": ("young", "old")}), st.data())
def test_groups(parts, data):
    panel = parts.panel()
    name = data.draw(st.sampled_from(list(parts.groups)))
    assert panel.groups[name].categories == tuple(sorted(panel.groups[name].categories))
    assert (panel.groups[name].codes >= 0).all()
    assert {group.use for group in panel.groups.values()} == {"first", "wave"}


def test_shrinks_to_a_small_panel():
    quick = settings(max_examples=200, phases=list(Phase), derandomize=True, database=None)
    panel = find(panels(), lambda panel: panel.present.shape[1] >= 6, settings=quick)
    assert panel.present.shape[1] == 6
    assert len(panel.waves) == 2
    assert len(panel.items["opinion"].state_names) == 2


@given(panel_parts(score=(-5.0, 5.0)))
def test_a_score_is_asked_of_the_same_people_as_the_item(parts):
    panel = parts.panel()
    assert panel.asked("number") == panel.asked("opinion")
    opinions, numbers = (panel.answers[name] for name in ("opinion", "number"))
    assert ((opinions >= 0) == (numbers >= 0)).all()
    assert np.abs(panel.numbers["number"]).max() <= 5
    means = op.means(panel, "number")
    assert (
        means.n == op.shares(panel, "opinion").n[:: len(panel.item("opinion").state_names)]
    ).all()


def test_without_a_score_panels_have_none():
    assert find(panels(), lambda panel: True).scores == {}
