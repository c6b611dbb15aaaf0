"""A wave that links far less often than the others: noted from three waves on, if no chance."""

import pandas as pd
import polars as pl
import pytest

import opinionpanel as op
from opinionpanel.panel.noticed import counted_notes


def panel_of(*ids, made=pd.DataFrame):
    waves = {
        f"w{number}": made({"id": list(here), "q": [1 + one % 3 % 2 for one in here]})
        for number, here in enumerate(ids, start=1)
    }
    item = op.Item("q", {"yes": [1], "no": [2]})
    return op.Panel.from_waves(waves, person="id", items={"x": item})


def rate_notes(panel):
    return [note for note in counted_notes(panel) if "any other wave" in note]


HERE = range(100)


def test_a_note_says_wave_counts_and_rates():
    panel = panel_of(HERE, HERE, range(90, 190))
    assert rate_notes(panel) == [
        "at w3, only 10 of 100 people (10%) are in any other wave, and at the other waves 100% "
        "(median): check that the ids are the same there; people who are new at a wave and do not "
        "stay link to nobody"
    ]
    assert "Note: at w3, only 10 of 100" in str(panel)


@pytest.mark.parametrize(
    ("ids", "waves"),
    [
        ([HERE, range(90, 190)], ""),  # two waves have the same links
        ([HERE, HERE, HERE], ""),
        ([HERE, HERE, range(65, 165)], ""),  # three standard errors, 15, below a half
        ([HERE, HERE, range(66, 166)], "w3"),
        ([range(5, 1000), range(5, 990), range(980, 2000)], "w3"),
        ([range(4), range(4), range(3, 7)], ""),  # few people
        ([range(95, 195), HERE, HERE, HERE], "w1"),
    ],
)
def test_which_wave_links_too_few(ids, waves):
    assert " ".join(note.split(",")[0].split()[1] for note in rate_notes(panel_of(*ids))) == waves


def test_on_an_engine_alike():
    lazy = panel_of(HERE, HERE, range(90, 190), made=lambda columns: pl.LazyFrame(columns))
    assert rate_notes(lazy) == rate_notes(panel_of(HERE, HERE, range(90, 190)))
