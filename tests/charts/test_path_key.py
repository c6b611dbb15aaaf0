"""The key of paths: only what is in the chart, and which wave a number stands for."""

import numpy as np
from chart_panels import NAMES, panel_of

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.path_key import BELOW_KEY, key_of
from opinionpanel.charts.path_tiles import tiles_of
from opinionpanel.drawing.marks import Text
from opinionpanel.estimates import Withheld


def key(waves, *, stayed=True, **options):
    estimates = op.paths(panel_of(NAMES[3], 2), "support")
    frame = Frame(estimates, Withheld(np.zeros(len(estimates), bool)), Options(**options))
    tiles = tiles_of(frame, NAMES[3][:2], 30)
    marks, height = key_of(frame, frame.sheet(title=""), tiles, waves, stayed=stayed)
    texts = [mark for mark in marks if isinstance(mark, Text) and mark.kind == "key"]
    assert all(mark.y < height - BELOW_KEY for mark in texts)
    return [mark.text for mark in texts]


def test_it_has_what_the_chart_has():
    assert key(["wave 1", "wave 2"]) == [
        *("approve", "unsure", "same answer every time", "95% interval")
    ]
    assert "same answer every time" not in key(["wave 1", "wave 2"], stayed=False)
    assert key(["wave 1", "wave 2"], level=0.9)[-1] == "90% interval"


def test_numbers_are_told_with_their_waves():
    assert key(["1", "2"])[-1] == "Waves: 1\u00a0wave\u00a01, 2\u00a0wave\u00a02"
    assert (
        key(["1", "2"], language="ru", labels={"wave 1": "июль"})[-1]
        == "Волны: 1\u00a0июль, 2\u00a0wave\u00a02"
    )
