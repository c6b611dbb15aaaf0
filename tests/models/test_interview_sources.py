"""Samples as sources beside a panel, and which cells have a say."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.models.interview_sources import sources_of

ITEM = op.Item("x", {"yes": [1], "no": [0]})


def panel(joined, *, person="id", size=120):
    rng = np.random.default_rng(2)
    first = pd.DataFrame({"id": 100 + np.arange(size), "x": rng.integers(0, 2, size)})
    fresh = pd.DataFrame({"id": 900 + np.arange(joined), "x": rng.integers(0, 2, joined)})
    second = pd.concat([first.iloc[: size // 2].assign(x=1 - first["x"].iloc[: size // 2]), fresh])
    waves = {"w1": first, "w2": second}
    return op.Panel.from_waves(waves, person=person, items={"x": ITEM})


def cells(sources):
    return list(zip(sources.wave, sources.source, strict=True))


def test_a_series_is_one_source_and_a_sample_another():
    series = panel(60, person=None)
    found = sources_of(panel(0), "x", {"beside": series}, None, None, {})
    names = [("w1", "panel"), ("w1", "beside"), ("w2", "panel"), ("w2", "beside")]
    assert sorted(cells(found)) == sorted(names)
    # Of other people: nothing varies between the two.
    first, other = found.places[0], found.places[found.source.index("beside")]
    assert not found.shares.spread.block(np.concatenate([first, other]))[:2, 2:].any()
    assert cells(sources_of(series, "x", {}, None, None, {})) == [("w1", "panel"), ("w2", "panel")]


def test_without_a_design_one_by_one_is_the_same():
    found = sources_of(panel(60), "x", {"beside": panel(60, person=None)}, None, None, {})
    own = found.shares.covariance
    np.testing.assert_allclose(found.one_by_one().full, own, rtol=0.02, atol=1e-12)


def test_few_answers_have_no_say_unless_nobody_else_has_any():
    # 40 answers at the first wave, 20 at the second.
    small = panel(0, person=None, size=40)
    found = sources_of(panel(0), "x", {"small": small}, None, None, {})
    assert cells(found) == [("w1", "panel"), ("w1", "small"), ("w2", "panel")]
    assert found.left_out == ("Fewer than 30 answers, left out: 'small at w2'.",)
    tiny = panel(0, person=None, size=20)
    assert cells(sources_of(tiny, "x", {}, None, None, {})) == [("w1", "panel"), ("w2", "panel")]


def test_a_sample_without_a_say_is_refused_with_the_reason():
    def refused(sample):
        with pytest.raises(SelectionError, match="Sample 'other' would change nothing") as error:
            sources_of(panel(0), "x", {"other": sample}, None, None, {})
        return str(error.value)

    few = refused(panel(0, person=None, size=20))
    assert "Fewer than 30 answers, left out: 'other at w1', 'other at w2'." in few
    design = op.Design(weight=None, psu="unit", lonely_psu="certainty")
    people = pd.DataFrame({"x": [0, 1] * 40, "unit": 1})
    alone = op.Panel.from_waves({"w1": people}, person=None, items={"x": ITEM}, design=design)
    text = refused(alone)
    assert "No standard error (people of one PSU have none), left out: 'other at w1'." in text
    assert "Fewer than" not in text


def test_samples_are_named_apart_from_cohorts():
    for name in ("panel", "joined w2", " "):
        with pytest.raises(SelectionError, match="A sample cannot be called"):
            sources_of(panel(0), "x", {name: panel(0)}, None, None, {})
