"""Parts about who was lost, and about true change."""

from made_contents import bundled, every, part

import opinionpanel as op
from opinionpanel.report.blocks import Grid, Text
from opinionpanel.report.contents import Contents
from opinionpanel.study import Study


def test_who_was_lost_is_said_with_the_bounds_of_turnover():
    texts = [block.text for block in every(part(bundled(), "drop-out", "support"), Text)]
    assert any("whatever the others did" in text for text in texts)
    assert any("were not interviewed later: 27% (24 to 29) in" in text for text in texts)


def test_with_three_waves_a_model_sets_true_beside_observed_turnover():
    (grid,) = every(part(bundled(), "true-change", "support"), Grid)
    assert len(grid.data) == 6


def test_with_two_waves_words_say_why_true_change_cannot_be_known():
    panel = op.datasets.load("agresti_approval")
    contents = Contents(Study(title="t", source="", panel=panel))
    first, second, *_ = part(contents, "true-change", "opinion")
    assert first.text.startswith("Two waves cannot tell a change of mind")
    assert "8%" in second.text
    # For readers without Python.
    assert "(...)" not in first.text + second.text
