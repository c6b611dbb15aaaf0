"""What all kinds of charts do alike: with names of any sort, and with nothing to draw."""

import numpy as np
import pandas as pd
import pytest
from laid_out import faults

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.dot_chart import lay_out_dots
from opinionpanel.charts.heatmap_chart import lay_out_heatmap
from opinionpanel.charts.path_chart import lay_out_paths
from opinionpanel.charts.sankey_chart import lay_out_sankey
from opinionpanel.charts.stacked_chart import lay_out_stacked
from opinionpanel.charts.trend_chart import lay_out_trend
from opinionpanel.drawing.marks import Text
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import withheld_of

KINDS = {
    lay_out_sankey: op.flows,
    lay_out_heatmap: op.transitions,
    lay_out_trend: op.shares,
    lay_out_dots: op.shares,
    lay_out_stacked: op.shares,
    lay_out_paths: op.paths,
}
LONG_WAVES = [
    "The first wave of our big panel in the spring of 2021",
    "The second wave of our panel in the autumn of 2022",
    "w" * 70,
]
NAMES = {
    "none": ["", "no", " "],
    "from the right": ["نعم أوافق", "לא מסכים", "plain"],
    "the library's own": ["total", "not interviewed", "other paths"],
    "with marks": ["a − b", "<b>", "a\nb"],
    "of one long word": ["Donaudampfschifffahrtsgesellschaft", "no", "w" * 60],
}


def panel_of(states, waves=("May", "June")):
    random = np.random.default_rng(4)
    state, people, frames = random.integers(1, 4, 600), np.arange(600), {}
    for wave in waves:
        frames[wave] = pd.DataFrame({"id": people, "q": state, "g": people % 2})
        state = np.where(random.random(600) < 0.3, random.integers(1, 4, 600), state)
    item = op.Item("q", {name: [code] for code, name in enumerate(states, 1)})
    groups = {"g": op.Grouping("g", {"": [0], "גבר": [1]})}
    return op.Panel.from_waves(frames, person="id", items={"q": item}, groups=groups)


def drawn(lay_out, estimates, **options):
    withheld, several = withheld_of(estimates, 10), lay_out is lay_out_dots
    one, two = ([estimates], [withheld]) if several else (estimates, withheld)
    return lay_out(one, two, Options(**options))


@pytest.mark.parametrize("by", [None, "g"])
@pytest.mark.parametrize("lay_out", KINDS)
@pytest.mark.parametrize("names", NAMES)
def test_names_may_be_any(names, lay_out, by):
    drawing = drawn(lay_out, KINDS[lay_out](panel_of(NAMES[names]), "q", by=by), size="phone")
    assert faults(drawing) == []
    texts = [mark.text for mark in drawing.marks if isinstance(mark, Text)]
    assert all(text.strip() for text in texts)
    assert "All" not in texts


@pytest.mark.parametrize("size", ["page", "phone"])
@pytest.mark.parametrize("lay_out", [kind for kind in KINDS if kind is not lay_out_heatmap])
@pytest.mark.parametrize("waves", [LONG_WAVES[:2], LONG_WAVES])
def test_long_names_of_waves_stay_within_the_chart(waves, lay_out, size):
    estimates = KINDS[lay_out](panel_of(["yes", "so", "no"], waves), "q")
    assert faults(drawn(lay_out, estimates, size=size)) == []


@pytest.mark.parametrize("lay_out", KINDS)
def test_there_has_to_be_something_to_draw(lay_out):
    nothing = KINDS[lay_out](panel_of(["yes", "so", "no"]), "q").at(np.array([], dtype=int))
    with pytest.raises(SelectionError, match=r"There is nothing to draw: .* has no rows"):
        drawn(lay_out, nothing)


def test_lines_in_print_may_be_more_than_there_are_dashes():
    states = {f"state {code}": [code] for code in range(1, 8)}
    people = pd.DataFrame({"id": np.arange(900) + 5000, "q": np.arange(900) % 7 + 1})
    item = op.Item("q", states)
    frames = {"May": people, "June": people[:600]}
    panel = op.Panel.from_waves(frames, person="id", items={"q": item})
    shares = op.shares(panel, "q", base="panel")
    assert shares.labels["state"].nunique() == 8
    assert faults(drawn(lay_out_trend, shares, theme="print")) == []
