"""Levels and effects: which weights they have, and what is told apart."""

import numpy as np
import pytest
from test_combining import BESIDE, EFFECT, PANEL

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.models.interview_sources import sources_of
from opinionpanel.models.source_fits import fit_sources


def fit(effects=None, declared=None, by=None, samples=BESIDE):
    effects = effects or {}
    return fit_sources(sources_of(PANEL, "x", samples, None, by, effects), effects, declared or {})


def test_each_state_has_weights_of_its_own_where_the_covariance_is_known_well():
    assert fit().own_weights
    # Half of the people, and of the degrees of freedom.
    assert not fit(by="stratum").own_weights


@pytest.mark.parametrize("by", [None, "stratum"])
def test_levels_are_right_for_all_shares_that_levels_and_effects_give(by):
    found = fit(EFFECT, by=by)
    rng = np.random.default_rng(1)
    groups = 1 if by is None else 2
    assert found.more == 3 * groups
    # Any shares of the states at each wave and group, and an effect in each.
    level = {at: rng.dirichlet(np.ones(3)) for at in found.at}
    effect = {group: np.array([0.03, -0.01, -0.02]) * rng.random() for group in found.groups}
    y = np.zeros(len(found.sources.shares))
    for cell, group in enumerate(found.sources.group):
        y[found.sources.places[cell]] = level[found.sources.wave[cell], group]
        y[found.sources.places[cell]] += effect[group] * found.effects[0, cell]
    np.testing.assert_allclose(found.levels @ y, np.concatenate([*level.values()]), atol=1e-9)
    np.testing.assert_allclose(found.sizes @ y, np.concatenate([*effect.values()]), atol=1e-9)
    np.testing.assert_allclose(found.left @ y, 0.0, atol=1e-9)
    without = (found.without_effects() @ y).reshape(-1, 3)
    pairs = zip(found.sources.wave, found.sources.group, strict=True)
    np.testing.assert_allclose(without, [level[at] for at in pairs], atol=1e-9)


def test_answers_with_an_effect_are_counted():
    found = fit(EFFECT)
    n = op.shares(PANEL, "x", by="cohort").to_frame()
    first = n[(n["wave"] == "w3") & (n["cohort"] == "first")]["n"]
    assert found.answers().tolist() == [first.iloc[0]]


def test_an_effect_that_nothing_tells_from_change_is_named():
    everyone = dict.fromkeys(("panel", "joined w2", "joined w3"))
    told = fit({"mode": everyone})
    assert told.names == ["mode"]
    with pytest.raises(SelectionError, match="'mode' is not identified"):
        fit({"mode": everyone}, samples={})
    with pytest.raises(SelectionError, match="'one', 'two' are not identified"):
        fit({"one": everyone, "two": everyone})
    known = fit({"mode": everyone}, {"mode": {"a": 0.01, "b": -0.01}}, samples={})
    assert known.names == []
