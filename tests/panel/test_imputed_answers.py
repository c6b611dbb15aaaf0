"""What captions say of answers that nobody gave."""

import pytest

from opinionpanel.panel import ImputedAnswers

COUNTS = {("x", "May"): (10, 100), ("x", "June"): (0, 100), ("y", "May"): (1, 1_000)}


@pytest.mark.parametrize(
    ("items", "waves", "share"),
    [
        (["x"], ["May"], "10% of the answers"),
        (["x"], ["May", "June"], "5% of the answers"),
        (["y"], ["May"], "under 1% of the answers"),
        (["x"], ["June"], ""),
        (["z"], ["May"], ""),
    ],
)
def test_the_share_of_the_answers_that_a_figure_is_of_is_told(items, waves, share):
    said = ImputedAnswers(COUNTS).words(items, waves)
    assert said.startswith(share)
    assert bool(said) == bool(share)


def test_it_is_told_whether_they_were_imputed_once():
    assert "only once" in ImputedAnswers(COUNTS).words(["x"], ["May"])
    assert "20 times" in ImputedAnswers(COUNTS, times=20).words(["x"], ["May"])
