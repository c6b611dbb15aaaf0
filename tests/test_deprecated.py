"""Earlier names: they warn, say what to write, give the same, and are listed nowhere."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.deprecated import EARLIER

PANEL = op.datasets.load("attitudes_2024").panel
WAVES = {"waves": ["Jul 2024", "Nov 2024"]}


def earlier(name):
    with pytest.warns(
        DeprecationWarning, match=rf"opinionpanel\.{name} goes with the next"
    ) as found:
        function = getattr(op, name)
    # Where the name was asked for, so that a notebook shows it.
    assert found[0].filename == __file__
    return function


SAME = {
    "moves": (op.direction, {"without": ["unsure"]}, {"without": ["unsure"]}),
    "mean_changes": (op.number_of_changes, {"by": "gender"}, {"by": "gender", "mean": True}),
    "corrected_flows": (
        op.error_sensitivity,
        {"response": 0.02},
        {"response": 0.02, "measure": "flows"},
    ),
    "error_rates": (op.error_sensitivity, {"rates": [0.01]}, {"response": [0.01]}),
}


@pytest.mark.parametrize("name", SAME)
def test_an_earlier_name_gives_the_same(name):
    function, before, now = SAME[name]
    old, new = earlier(name)(PANEL, "support", **before), function(PANEL, "support", **now)
    pd.testing.assert_frame_equal(old.to_frame(), new.to_frame())
    np.testing.assert_array_equal(old.covariance, new.covariance)
    assert str(old) == str(new)


def test_the_interval_of_turnover_keeps_its_columns():
    bounds = op.turnover_bounds(PANEL, "support", by="gender", **WAVES)
    old, new = earlier("turnover_interval")(bounds, level=0.9), bounds.between_bounds(level=0.9)
    assert list(old)[3:] == ["lower", "upper", "conf_low", "conf_high", "retained", "answered", "n"]
    pd.testing.assert_frame_equal(old[list(new)], new)


def test_no_earlier_name_is_listed_and_all_are_tried():
    assert set(EARLIER) == {*SAME, "turnover_interval"}
    assert not set(EARLIER) & set(dir(op))
    assert not set(EARLIER) & set(op.__all__)


@pytest.mark.parametrize("name", EARLIER)
def test_what_to_write_is_there(name):
    function = EARLIER[name][1].partition("(")[0]
    assert function in op.__all__
