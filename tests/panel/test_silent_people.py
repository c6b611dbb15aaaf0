"""The same people without an answer to anything: from 5 % on, the panel says so."""

import numpy as np
import pandas as pd
import pytest
from engine_frames import FRAMES, ON_STAND_INS

import opinionpanel as op
from opinionpanel.engines import how_many
from opinionpanel.panel.silent_people import silence_conditions, silence_notes

STATES = {"yes": [1], "no": [2]}
PEOPLE = np.arange(200)


def panel_of(made=lambda frame: frame, design=None, **silent):
    """Items by name, each without an answer of so many of 200 people at the second wave."""
    here = {name: np.where(gone, np.nan, 1 + PEOPLE % 2) for name, gone in silent.items()}
    everyone = dict.fromkeys(silent, 1 + PEOPLE % 2)
    waves = {
        "t1": pd.DataFrame({"id": PEOPLE, **everyone, "w": 1.0}),
        "t2": pd.DataFrame({"id": PEOPLE, **here, "w": np.where(PEOPLE < 20, 0.0, 2.0)}),
    }
    return op.Panel.from_waves(
        {name: made(frame) for name, frame in waves.items()},
        person="id", items={name: op.Item(name, STATES) for name in silent}, design=design,
    )  # fmt: skip


WEIGHTED = op.Design(weight="w")


def noted(panel):
    return silence_notes(panel, how_many(silence_conditions(panel)))


def test_a_note_says_wave_count_share_and_what_to_do():
    panel = panel_of(x=PEOPLE < 20, y=PEOPLE < 23)
    (note,) = noted(panel)
    assert note.startswith(
        "at t2, 20 of 200 people interviewed (10%) have no answer to any of the 2 items: perhaps "
        "there was no interview. If so, say who was interviewed, by interviewed="
    )
    assert f"Note: {note}" in str(panel)


@ON_STAND_INS
def test_on_an_engine_alike(engine):
    for design in (None, WEIGHTED):
        panel = panel_of(FRAMES[engine], design, x=PEOPLE < 20)
        assert noted(panel) == noted(panel_of(design=design, x=PEOPLE < 20))


def test_one_item_needs_a_weight_to_show_it():
    assert noted(panel_of(x=PEOPLE < 20)) == []
    (note,) = noted(panel_of(design=WEIGHTED, x=PEOPLE < 20))
    assert "have no answer to item x and no positive weight" in note
    # Refusals of people who count are no such sign.
    assert noted(panel_of(design=WEIGHTED, x=PEOPLE >= 180)) == []


@pytest.mark.parametrize(("gone", "notes"), [(9, 0), (10, 1)])
def test_from_five_per_cent_and_ten_people_on(gone, notes):
    silent = np.arange(200) < gone
    assert len(noted(panel_of(x=silent, y=silent))) == notes


def test_other_people_are_not_the_same_people():
    # A quarter is silent on each, and a sixteenth on both, as by chance.
    assert noted(panel_of(x=PEOPLE % 4 == 0, y=PEOPLE % 16 < 4)) == []


def test_no_items_no_word():
    assert noted(panel_of()) == []
    assert noted(op.datasets.load("attitudes_2024").panel) == []


@pytest.mark.parametrize("interviewed", [op.Status("here", [1]), "weight"])
def test_whoever_is_declared_to_be_interviewed_is_not_doubted(interviewed):
    frame = pd.DataFrame({"id": 500 + PEOPLE, "x": 1 + PEOPLE % 2, "y": 1.0, "here": 1, "w": 1.0})
    later = frame.assign(x=np.where(PEOPLE < 20, np.nan, frame["x"]), y=frame["x"])
    later.loc[PEOPLE < 20, "y"] = np.nan
    about = {"person": "id", "items": {name: op.Item(name, STATES) for name in "xy"}}
    about["design"] = WEIGHTED
    waves = {"t1": frame, "t2": later}
    assert len(noted(op.Panel.from_waves(waves, **about))) == 1
    assert noted(op.Panel.from_waves(waves, **about, interviewed=interviewed)) == []


def test_scores_are_questions_as_items_are():
    frame = pd.DataFrame({"id": PEOPLE, "x": 1 + PEOPLE % 2, "y": np.where(PEOPLE < 20, 998, 40)})
    later = frame.assign(x=np.where(PEOPLE < 20, np.nan, frame["x"]))
    score = op.Score("y", low=0, high=100, missing=[998])
    items = {"x": op.Item("x", STATES), "y": score}
    panel = op.Panel.from_waves({"t1": frame, "t2": later}, person="id", items=items)
    (note,) = noted(panel)
    assert "have no answer to any of the 2 questions: perhaps" in note
