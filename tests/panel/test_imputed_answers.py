"""What captions say of answers that nobody gave."""

from dataclasses import replace

import numpy as np
import pytest

from opinionpanel.panel import ImputedAnswers

PEOPLE = np.arange(1_000)
IMPUTED = {("x", "May"): 10, ("x", "June"): 0, ("y", "May"): 1}
ANSWERS = {("x", "May"): 100, ("x", "June"): 100, ("y", "May"): 1_000}
MARKED = ImputedAnswers(
    *({key: number > PEOPLE for key, number in counts.items()} for counts in (IMPUTED, ANSWERS))
)
EVERYONE = np.ones(1_000, dtype=bool)


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
    said = MARKED.words(items, waves, EVERYONE)
    assert said.startswith(share)
    assert bool(said) == bool(share)


def test_it_is_told_whether_they_were_imputed_once():
    assert "only once" in MARKED.words(["x"], ["May"], EVERYONE)
    assert "20 times" in replace(MARKED, times=20).words(["x"], ["May"], EVERYONE)


def test_the_share_is_that_of_the_people_whom_a_figure_is_about():
    assert MARKED.words(["x"], ["May"], PEOPLE < 20).startswith("50%")
    assert MARKED.words(["x"], ["May"], PEOPLE >= 10) == ""
