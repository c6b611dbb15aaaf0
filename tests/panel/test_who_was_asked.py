"""Questions put to some people only: from 5% on, the panel says so and what to do."""

import pandas as pd
import polars as pl
import pytest

import opinionpanel as op
from opinionpanel.panel.noticed import counted_notes


def panel_of(silent, people=40, made=pd.DataFrame):
    """A panel whose second wave did not put the question to some."""
    answers = [9] * silent + [1] * (people - silent)
    waves = {
        "t1": made({"id": range(people), "q": [1, 2] * (people // 2)}),
        "t2": made({"id": range(people), "q": answers}),
    }
    item = op.Item("q", {"yes": [1], "no": [2]}, not_asked=[9])
    return op.Panel.from_waves(waves, person="id", items={"x": item})


def test_a_note_says_item_wave_count_share_and_what_to_do():
    panel = panel_of(17)
    (note,) = counted_notes(panel)
    assert note == (
        "item x: at t2, 17 of 40 people interviewed (42%) were not asked. Its shares there are of "
        "those asked: compare waves only among people asked at both, as net_change does, or narrow "
        "the panel to them with panel.where(...)."
    )
    assert f"Note: {note}" in str(panel)


def test_one_person_was_not_asked():
    (note,) = counted_notes(panel_of(1, people=14))
    assert "at t2, 1 of 14 people interviewed (7%) was not asked." in note


@pytest.mark.parametrize(("silent", "notes"), [(0, 0), (1, 0), (2, 1), (3, 1)])
def test_from_five_per_cent_on(silent, notes):
    assert len(counted_notes(panel_of(silent))) == notes


def test_on_an_engine_alike():
    lazy = panel_of(17, made=lambda columns: pl.LazyFrame(columns))
    assert counted_notes(lazy) == counted_notes(panel_of(17))


def test_no_word_of_questions_put_to_everybody():
    assert counted_notes(op.datasets.load("attitudes_2024").panel) == []


def test_of_a_score_it_is_the_mean_that_is_of_those_asked():
    frame = pd.DataFrame({"id": range(20), "y": [-1] * 4 + [*range(16)]})
    score = op.Score("y", low=0, high=20, not_asked=[-1])
    panel = op.Panel.from_waves({"t1": frame}, person="id", items={"age": score})
    (note,) = counted_notes(panel)
    assert note.startswith(
        "score age: at t1, 4 of 20 people interviewed (20%) were not asked. Its "
    )
    assert "mean there is of those asked" in note
    assert "as mean_change does" in note
