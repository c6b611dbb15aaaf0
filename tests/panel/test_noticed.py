"""What is counted when a panel is printed: all rules, with or without the summary's counts."""

from opinionpanel import datasets
from opinionpanel.engines import how_many
from opinionpanel.panel.noticed import RULES, counted_conditions, counted_notes


def test_a_good_panel_has_nothing_to_look_at():
    assert counted_notes(datasets.load("attitudes_2024").panel) == []


def test_counts_that_are_there_are_taken():
    panel = datasets.load("attitudes_2024").panel
    counts = how_many(counted_conditions(panel))
    changed = {key: 0 if key[0] == "moved" else count for key, count in counts.items()}
    assert len(RULES) >= 3
    assert counted_notes(panel, counts) == []
    assert counted_notes(panel, changed)
