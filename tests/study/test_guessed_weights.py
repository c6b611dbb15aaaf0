"""Guesses of weights: those of the wave before initial ones, whatever else looks like a weight."""

import numpy as np
import pandas as pd
import pytest

from opinionpanel.study.guessed_weights import guess_weights
from opinionpanel.study.guessing import survey_columns
from opinionpanel.waves import Wave

PEOPLE = 60


def guessed(*names, waves=("w1", "w2"), wording=None):
    """The likeliest weight of each wave, where every wave has the same columns."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"id": np.arange(500, 500 + PEOPLE)})
    for name in names:
        frame[name] = np.exp(rng.normal(0, 0.2, PEOPLE))
    records = {wave: Wave(frame, wording=wording or {}) for wave in waves}
    person = {wave: ["id"] for wave in waves}
    found = guess_weights(records, survey_columns(records), person)
    assert all(set(here) == set(names) for here in found.values())
    return [here[0] for here in found.values()]


@pytest.mark.parametrize(
    ("names", "waves", "best"),
    [
        (("weight_initial", "weight_w1", "weight_w2"), ("w1", "w2"), ["weight_w1", "weight_w2"]),
        (("w0", "wgt1", "wgt2"), ("wave1", "wave2"), ["wgt1", "wgt2"]),
        (("base_weight", "weight"), ("w1", "w2"), ["weight", "weight"]),
        (("design_wgt", "wgt"), ("w1", "w2"), ["wgt", "wgt"]),
        (("dweight", "pspwght"), ("w1", "w2"), ["pspwght", "pspwght"]),
        (("anfangsgewicht", "gewicht"), ("w1", "w2"), ["gewicht", "gewicht"]),
        (("weight_selection", "weight_final", "weight"), ("a", "b"), ["weight_final"] * 2),
        (("weight_2019", "weight_2021"), ("y2019", "y2021"), ["weight_2019", "weight_2021"]),
        (("wt_july", "wt_nov"), ("july", "nov"), ["wt_july", "wt_nov"]),
        (("weight1", "weight2"), ("july", "nov"), ["weight1", "weight2"]),
        (("weight", "weight1"), ("w1", "w2"), ["weight1", "weight"]),
        (("index2", "weight"), ("w1", "w2"), ["weight", "weight"]),
    ],
)
def test_the_weight_of_the_wave_comes_first(names, waves, best):
    assert guessed(*names, waves=waves) == best


def test_labels_say_so_too():
    wording = {
        "g1": "Selection weight",
        "g2": "Post-stratification weight, wave 1",
        "g3": "Post-stratification weight, wave 2",
    }
    assert guessed("g1", "g2", "g3", waves=("wave 1", "wave 2"), wording=wording) == ["g2", "g3"]


def test_an_initial_weight_is_better_than_none_and_than_one_that_leaves_out_most_who_link():
    assert guessed("w0_weight") == ["w0_weight"] * 2
    frame = pd.DataFrame({"id": np.arange(500, 560), "base_weight": np.linspace(0.8, 1.2, 60)})
    frame["weight"] = np.where(np.arange(60) < 20, frame["base_weight"], np.nan)
    records = {"w1": Wave(frame), "w2": Wave(frame)}
    person = {"w1": ["id"], "w2": ["id"]}
    found = guess_weights(records, survey_columns(records), person)
    assert [here[0] for here in found.values()] == ["base_weight"] * 2
