"""Tiles of paths: the colours of the item, and letters only where they tell states apart."""

import numpy as np
import pandas as pd
import pytest
from chart_panels import LONG, NAMES, panel_of

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.path_tiles import tiles_of
from opinionpanel.drawing.colours import contrast
from opinionpanel.drawing.marks import Outline, Rect, Text
from opinionpanel.estimates import Withheld


def tiles(states, width=30.0, **options):
    estimates = op.paths(panel_of(states, 2), "support")
    frame = Frame(estimates, Withheld(np.zeros(len(estimates), bool)), Options(**options))
    return tiles_of(frame, states, width)


def test_letters_stand_only_where_they_differ_and_fit():
    assert tiles(NAMES[3]).letters == {"approve": "A", "unsure": "U", "oppose": "O"}
    assert tiles(NAMES[7]).letters == {}
    assert tiles(NAMES[3], width=12).letters == {}
    assert tiles(NAMES[3], labels={"oppose": "against"}).letters == {}
    assert set(tiles(LONG).letters.values()) == {"С", "З", "О"}


def test_new_entrants_have_a_plus_whether_others_have_letters_or_not():
    """Beside people who were not interviewed their tile would be the same."""
    random = np.random.default_rng(3)
    joined = random.integers(0, 2, 200)
    waves = {
        wave: pd.DataFrame({"id": range(200), "q": random.integers(1, 4, 200)})[joined <= at]
        for at, wave in enumerate(("May", "June"))
    }
    for names, other in ((NAMES[3], "A"), (["yes", "yes, rather", "no"], None)):
        item = op.Item("q", {name: [code] for code, name in enumerate(names, start=1)})
        panel = op.Panel.from_waves(waves, person="id", items={"support": item})
        paths = op.paths(panel, "support", base="last")
        frame = Frame(paths, Withheld(np.zeros(len(paths), bool)), Options())
        made = tiles_of(frame, paths.about.states, 30.0)
        assert made.letters["new entrant"] == "+"
        assert made.letters.get(names[0]) == other
        assert [mark.text for mark in made.tile("new entrant", 5, 7, 30, 20)[1:]] == ["+"]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_letters_read_on_their_tiles(theme):
    made = tiles(NAMES[3], theme=theme)
    for state in NAMES[3]:
        tile, letter = made.tile(state, 5, 7, 30, 20)
        assert isinstance(tile, Rect)
        assert isinstance(letter, Text)
        assert contrast(letter.color, tile.fill) >= 4.5


def test_print_hatches_tiles_without_letters():
    made = tiles(NAMES[7], theme="print")
    kinds = [[type(mark) for mark in made.tile(state, 0, 0, 30, 20)] for state in NAMES[7]]
    assert kinds.count([Rect]) == 1
    assert kinds.count([Rect, Outline]) == 6


def test_the_key_names_the_states_that_are_shown():
    made = tiles(NAMES[3], labels={"oppose": "against"})
    assert [entry.text for entry in made.key()] == ["approve", "unsure", "against"]
    assert made.key()[0].sample(0, 0, 26, 13) == made.tile("approve", 0, 0, 26, 13)
