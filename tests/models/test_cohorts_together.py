"""Which cohorts of a panel are sources of their own, and which count together."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from test_interview_sources import cells, panel

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.models.cohorts_together import FEWEST, FEWEST_JOINED, SOURCE, source_words
from opinionpanel.models.interview_sources import sources_of
from opinionpanel.models.source_fits import fit_sources

ITEM = op.Item("x", {"yes": [1], "no": [0]})


def refreshed(first=200, fresh=(60, 80), units=None):
    """Three waves in two groups, with fresh people at the second and third."""
    rng = np.random.default_rng(first + sum(fresh))
    joined = np.repeat([0, 1, 2], [first, *fresh])
    frame = pd.DataFrame({"id": 7 * np.arange(len(joined)), "joined": joined})
    frame["g"] = np.where(rng.random(len(frame)) < 0.4, "a", "b")
    frame["w"] = rng.uniform(0.5, 2, len(frame))
    frame["unit"] = frame["id"] if units is None else units(frame)
    waves = {}
    for place, wave in enumerate(("w1", "w2", "w3")):
        here = (joined == place) | ((joined < place) & (rng.random(len(frame)) < 0.7))
        waves[wave] = frame[here].assign(x=rng.integers(0, 2, here.sum()))
    design = op.Design(weight="w", psu="unit", lonely_psu="certainty")
    return op.Panel.from_waves(waves, person="id", items={"x": ITEM}, groups=["g"], design=design)


def test_those_who_joined_are_a_source_where_they_are_many():
    many, few = panel(FEWEST_JOINED), panel(FEWEST_JOINED - 1)
    found = sources_of(many, "x", {}, None, None, {})
    assert cells(found) == [("w1", "panel"), ("w2", "panel"), ("w2", "joined w2")]
    assert found.shares.n[found.places[:, 0]].tolist() == [120, 60, FEWEST_JOINED]
    assert found.names == ["panel", "joined w2"]
    assert (found.groups, found.tables) == ([], ["wave", SOURCE])
    alone = sources_of(few, "x", {}, None, None, {})
    assert cells(alone) == [("w1", "panel"), ("w2", "panel")]
    np.testing.assert_array_equal(alone.shares.value, op.shares(few, "x").value)


@settings(max_examples=8)
@given(st.integers(5, 90), st.tuples(st.integers(1, 120), st.integers(50, 120)))
def test_every_interview_counts_in_every_group(first, fresh):
    people = refreshed(first, fresh)
    found, shares = (
        op.combine(people, "x", by="g", disagreement="pool"),
        op.shares(people, "x", by="g"),
    )
    np.testing.assert_array_equal(found.n, shares.n)
    np.testing.assert_array_equal(found.n_cell, shares.n_cell)
    assert "left out" not in str(found.about.notes)
    sources = sources_of(people, "x", {}, None, "g", {})
    n = sources.shares.n[sources.places[:, 0]]
    levels = list(zip(sources.wave, sources.group, strict=True))
    assert all(n[one] >= FEWEST or levels.count(levels[one]) == 1 for one in range(len(n)))


def test_small_cohorts_that_count_with_the_panel_give_its_shares():
    people = refreshed(200, (55, 55))
    found = sources_of(people, "x", {}, None, "g", {})
    assert ("w2", ("a",), "joined w2") not in zip(
        found.wave, found.group, found.source, strict=True
    )
    combined = op.combine(people, "x", by="g", disagreement="pool").select(wave="w2", g="a")
    shares = op.shares(people, "x", by="g").select(wave="w2", g="a")
    # Of one source; what is known of the same people at other waves moves it a little.
    np.testing.assert_allclose(combined.value, shares.value, atol=0.05)
    assert (combined.std_error <= shares.std_error * 1.02).all()


def test_a_cohort_with_an_effect_of_its_own_does_not_count_with_others():
    people = refreshed(200, (55, 80))
    effects = {"fresh": {"joined w2": ["w2"]}}
    apart = sources_of(people, "x", {}, None, "g", effects)
    assert any("'joined w2 and a at w2'" in text for text in apart.left_out)
    assert not any("at w3" in text for text in apart.left_out)
    with pytest.raises(SelectionError, match="In a, no source with the effect 'fresh' has enough"):
        fit_sources(apart, effects, {})
    # The people of the first wave have it as well.
    both = {"fresh": {"joined w2": ["w2"], "panel": None}}
    assert sources_of(people, "x", {}, None, "g", both).left_out != ()
    same = {"fresh": {"joined w2": None, "joined w3": None, "panel": None}}
    assert sources_of(people, "x", {}, None, "g", same).left_out == ()


def test_cohorts_without_a_standard_error_count_with_the_panel():
    people = refreshed(
        200, (60, 60), units=lambda frame: np.where(frame["joined"] == 1, 0, frame["id"])
    )
    found = sources_of(people, "x", {}, None, None, {})
    assert cells(found).count(("w2", "panel")) == 1
    assert found.names == ["panel", "joined w3"]
    np.testing.assert_array_equal(op.combine(people, "x").n, op.shares(people, "x").n)


def test_sources_are_named_so_that_another_language_can():
    told = [source_words(name) for name in ("panel", "joined w2", "web")]
    assert told == ["panel", "joined w2", "web"]
    assert told[1].values == {"wave": "w2"}
