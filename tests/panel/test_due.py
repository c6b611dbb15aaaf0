"""Cohorts of a rotating panel: when each was due, as declared or as it looks."""

from itertools import pairwise

import numpy as np
import pandas as pd
import polars as pl
import pytest
from panel_table import told
from rotating_panels import BASELINES, panel_of, rotating_frames, rotating_panel

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.panel.due import chain, default_pairs


def test_a_cohort_of_whom_nobody_came_was_not_due_and_a_note_says_so():
    panel = rotating_panel(BASELINES)
    assert panel.due == {"A": ("A", "C"), "B": ("B", "C")}
    assert panel.pairs() == panel.pairs("q") == [("A", "C"), ("B", "C")]
    assert panel.chain("q") == ("A", "C")
    assert [*panel.not_due] == ["B"]
    assert panel.not_due["B"].sum() == 40
    assert (panel.answers["q"][1] == -4).sum() == 40
    assert (panel.answers["q"][1] == -3).sum() == 0
    note = next(note for note in panel.notes if note.startswith("not due"))
    assert "40 people first interviewed at A, at B." in note
    assert "due={'A': ['A', 'B', 'C']}" in note
    text = str(panel)
    assert "Not due, and neither lost nor not interviewed: 40 at B" in text
    assert "A → C: " in text
    assert "A → B" not in text
    assert "In all 3 waves" not in text


@pytest.mark.parametrize("declared", [{}, {"A": ["B", "C"]}])
def test_a_straggler_is_no_step_of_a_cohort(declared):
    frames = rotating_frames(BASELINES, 60)
    # One of 60 gave an interview with the others' baseline, and more than 20 with the follow-up.
    frames["B"] = pd.concat([frames["B"], frames["A"].head(1)])
    panel = panel_of(frames, due=declared)
    assert panel.pairs() == [("A", "C"), ("B", "C")]
    lost = op.attrition(panel, "q", waves=["A", "B"]).select(state="all")
    assert lost.n.tolist() == [60 if declared else 1]
    assert any("none or hardly any of them" in note for note in panel.notes) != bool(declared)


def test_a_cohort_that_is_nearly_lost_is_lost():
    frames = rotating_frames({"A": ["A", "B", "C"], "B": ["B", "C"]}, 60)
    frames["B"] = pd.concat([frames["B"][frames["B"]["id"] >= 2000], frames["A"].head(12)])
    frames["C"] = pd.concat([frames["C"][frames["C"]["id"] >= 2000], frames["A"].head(3)])
    panel = panel_of(frames)
    assert panel.due["A"] == ("A", "B", "C")
    assert panel.pairs() == [("A", "B"), ("B", "C")]


def test_what_the_note_advises_makes_them_lost():
    panel = rotating_panel(BASELINES, due={"A": ["A", "B", "C"]})
    assert panel.due["A"] == ("A", "B", "C")
    assert not panel.not_due
    assert not any(note.startswith("not due") for note in panel.notes)
    # None of them is a step between B and another wave.
    assert panel.pairs() == [("A", "C"), ("B", "C")]
    lost = op.attrition(panel, "q", waves=["A", "B"]).select(state="all")
    assert lost.value.tolist() == [1.0]


def test_a_few_who_all_skip_a_wave_add_no_pair():
    """Cohorts of fewer than 10 people, though together they are more, as in any panel."""
    came = {(cohort, wave): 6 for cohort in "abc" for wave in "abcde"}
    came |= {("a", wave): 90 for wave in "abcde"} | {("b", "d"): 0, ("c", "d"): 0}
    linked = {(first, last): 80 for first in "abcde" for last in "abcde" if first < last}
    due = {"a": tuple("abcde"), "b": tuple("bcde"), "c": tuple("cde")}
    assert default_pairs("abcde", due, came, linked) == list(pairwise("abcde"))
    # Ten people and more tell that the wave is no step of theirs.
    came |= {("c", wave): 20 for wave in "ce"}
    assert ("c", "e") in default_pairs("abcde", due, came, linked)


def test_few_people_may_all_be_lost_by_chance():
    frames = rotating_frames(BASELINES, 40)
    few = frames["A"].head(9)
    panel = panel_of({**frames, "A": few})
    assert panel.due["A"] == ("A", "B", "C")
    assert panel_of({**frames, "A": frames["A"].head(10)}).due["A"] == ("A", "C")


def test_declared_cohorts_are_taken_at_their_word():
    due = {"1": ["1", "2", "3"], "2": ["2", "3", "4"], "3": ["3", "4"]}
    frames = rotating_frames(due, 30)
    # One person comes although not due: interviewed all the same.
    stray = frames["1"].head(1)
    frames["4"] = pd.concat([frames["4"], stray], ignore_index=True)
    panel = panel_of(frames, due={"1": ["3", "2"], "4": []})
    assert panel.due["1"] == ("1", "2", "3")
    assert panel.due["2"] == ("2", "3", "4")
    assert panel.not_due["4"].sum() == 29
    assert panel.pairs() == [("1", "2"), ("2", "3"), ("3", "4")]
    notes = " ".join(panel.notes)
    assert "due=: 1 person first interviewed at 1 gave an interview at 4" in notes
    assert "due= names 4, at which nobody was interviewed for the first time" in notes


@pytest.mark.parametrize(
    ("due", "message"),
    [
        ({"A": ["D"]}, r"Unknown wave in due: 'D'"),
        ({"Z": ["A"]}, r"Unknown wave in due: 'Z'"),
        ({"B": ["A", "C"]}, r"first interviewed at 'B' cannot have been due before, at 'A'"),
    ],
)
def test_waves_that_cannot_be_are_refused(due, message):
    with pytest.raises(SelectionError, match=message):
        rotating_panel(BASELINES, due=due)


def test_an_ordinary_panel_has_its_consecutive_pairs():
    panel = op.datasets.load("attitudes_2024").panel
    waves = list(panel.waves)
    assert panel.pairs() == list(pairwise(waves))
    assert panel.chain("support") == panel.asked("support")
    assert not panel.not_due


def test_who_skips_a_wave_and_comes_back_adds_no_pair():
    frames = rotating_frames({"1": ["1", "2", "3"]}, 60, stay=0.4)
    panel = panel_of(frames)
    assert panel.linked["1", "3"] > 10
    assert panel.pairs() == [("1", "2"), ("2", "3")]


def test_pairs_are_those_of_the_cohorts_that_link_people():
    linked = {("a", "b"): 3, ("a", "c"): 50, ("b", "c"): 9, ("a", "d"): 0}
    linked |= {("b", "d"): 0, ("c", "d"): 4}
    came = dict.fromkeys([*linked, *zip("abcd", "abcd", strict=True)], 50)
    due = {"a": ("a", "c"), "b": ("b", "c"), "c": ("c", "d")}
    # To d nothing links 10, so what links anybody stays.
    assert default_pairs("abcd", due, came, linked) == [("a", "c"), ("c", "d")]
    ordinary = {"a": ("a", "b", "c")}
    assert default_pairs("abc", ordinary, came, linked) == [("a", "b"), ("b", "c")]
    nobody = dict.fromkeys(linked, 0)
    assert default_pairs("abcd", due, came, nobody) == list(pairwise("abcd"))
    assert chain("bcd", due) == ("b", "c")
    assert chain("abcd", {}) == tuple("abcd")


def test_a_few_fresh_people_who_skip_a_wave_make_no_pair():
    """Many others are in both waves, but of them the wave in between is due."""
    frames = rotating_frames({"1": ["1", "2", "3", "4"], "2": ["2", "4"]}, 60, stay=0.9)
    few = np.isin(frames["2"].id, range(2000, 2011)) | (frames["2"].id < 2000)
    frames |= {"2": frames["2"][few], "4": frames["4"][(frames["4"].id < 2001)]}
    panel = panel_of(frames)
    assert panel.due["2"] == ("2", "4")
    assert panel.linked["2", "4"] > 10
    assert panel.pairs() == list(pairwise("1234"))


def test_who_was_not_due_is_neither_returning_nor_lost():
    frame = rotating_panel({"A": ["A", "B", "D"], "C": ["C", "D"]}, 30, stay=1.0).linkage()
    waves = frame[frame.what == "wave"].set_index("from_wave")
    assert waves.lost.tolist()[1:] == [0, 0, 0]
    assert waves.returning.tolist()[1:] == [0, 0, 0]
    pairs = frame[frame.what == "pair"].set_index(["from_wave", "to_wave"])
    assert pairs.lost["B", "C"] == 0


def test_a_domain_keeps_who_was_due():
    frames = {
        wave: frame.assign(sex=np.where(frame.id % 2, "man", "woman"))
        for wave, frame in rotating_frames(BASELINES, 40).items()
    }
    panel = panel_of(frames, groups=["sex"])
    men = panel.where(sex="man")
    assert men.pairs("q") == panel.pairs("q")
    assert op.attrition(men, "q").n.max() <= 20


@pytest.mark.parametrize("due", [None, {"A": ["A", "B", "C"]}])
def test_on_an_engine_as_in_memory(due):
    frames = rotating_frames(BASELINES, 40)
    here = panel_of(frames, due=due)
    there = panel_of(
        {wave: pl.from_pandas(frame).lazy() for wave, frame in frames.items()}, due=due
    )
    assert (there.due, there.linked, there.notes) == (here.due, here.linked, here.notes)
    assert told(there) == told(here)
    for base in ("answered", "panel"):
        one, other = (op.inflows(panel, "q", base=base) for panel in (here, there))
        pd.testing.assert_frame_equal(one.to_frame(), other.to_frame())
    for measure in (op.attrition, op.turnover, op.missing_at_random):
        one, other = (measure(panel, "q").to_frame() for panel in (here, there))
        pd.testing.assert_frame_equal(one, other, atol=1e-9)
