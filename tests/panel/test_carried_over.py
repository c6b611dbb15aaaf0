"""Everyone gives the answer of an earlier wave: noted from 30 people on who do not all agree."""

import pandas as pd
import polars as pl
import pytest

import opinionpanel as op
from opinionpanel.panel.noticed import counted_notes

YES_NO = op.Item("q", {"yes": [1], "no": [2]})


def panel_of(*answers, made=pd.DataFrame, item=YES_NO):
    """People numbered from 0 on, with their answers at waves w1, w2, …; None for blanks."""
    waves = {
        f"w{number}": made({"id": list(range(len(given))), "q": given})
        for number, given in enumerate(answers, start=1)
    }
    return op.Panel.from_waves(waves, person="id", items={"x": item})


MIXED = [1, 2] * 15
OTHER = [2, 1] * 15


def test_a_note_says_item_waves_and_count():
    panel = panel_of(MIXED, MIXED)
    (note,) = counted_notes(panel)
    assert note == (
        "item x: all 30 people who answered at w1 and at w2 gave the same answer: a trait that "
        "cannot change belongs in fixed= or groups=; else check that w2 has answers of its own, "
        "and not those of the earlier wave carried over"
    )
    assert f"Note: {note}" in str(panel)


@pytest.mark.parametrize(
    ("answers", "noted"),
    [
        ([MIXED, OTHER], []),
        ([MIXED[:29], MIXED[:29]], []),  # 29 people
        ([[1] * 30, [1] * 30, [1] * 29 + [2]], []),  # all say the same
        ([MIXED, [*MIXED[:-1], 1]], []),  # one changed
        ([[*MIXED, 1], [*MIXED, None]], [("w1", "w2")]),  # who did not answer does not count
        ([MIXED, OTHER, MIXED], [("w1", "w3")]),
        ([MIXED, MIXED, MIXED], [("w1", "w2"), ("w2", "w3")]),
        ([MIXED, OTHER, OTHER, OTHER, OTHER, MIXED], [(f"w{t}", f"w{t + 1}") for t in (2, 3, 4)]),
    ],
)
def test_which_waves_are_carried_over(answers, noted):
    notes = counted_notes(panel_of(*answers))
    assert len(notes) == len(noted)
    for note, (first, last) in zip(notes, noted, strict=True):
        assert f"answered at {first} and at {last} gave" in note


def test_on_an_engine_alike():
    lazy = panel_of(MIXED, OTHER, MIXED, made=lambda columns: pl.LazyFrame(columns))
    assert counted_notes(lazy) == counted_notes(panel_of(MIXED, OTHER, MIXED))


def test_a_question_asked_at_some_waves_is_compared_between_these():
    item = op.Item({"w1": "q", "w3": "q"}, {"yes": [1], "no": [2]})
    (note,) = counted_notes(panel_of(MIXED, OTHER, MIXED, item=item))
    assert "at w1 and at w3" in note


def test_a_score_carried_over_is_noted_as_an_item_is():
    score = op.Score("q", low=0, high=100)
    (note,) = counted_notes(panel_of([*range(30)], [*range(30)], item=score))
    assert note.startswith("score x: all 30 people who answered at w1 and at w2 gave the same")
    assert counted_notes(panel_of([50] * 30, [50] * 30, item=score)) == []
    lazy = panel_of([*range(30)], [*range(30)], made=pl.LazyFrame, item=score)
    assert counted_notes(lazy) == [note]
