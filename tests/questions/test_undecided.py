"""Names of the state of the undecided."""

import pytest
from hypothesis import given, strategies as st

from opinionpanel.questions.undecided import NAMES, undecided_state

WRITTEN = [
    "Don't know",
    "DON’T KNOW.",
    "dont know",
    "Can`t say",
    "No  opinion",
    "(unsure)",
    "Neither",
    "Neither agree nor disagree",
    "Затрудняюсь ответить",
    "ЗАТРУДНЯЮСЬ",
    "не знаю…",
    "Не определился",
]
OPINIONS = ["", "for", "I know", "neither party", "not unsure", "neutrality", "знаю", "don't"]


@pytest.mark.parametrize("name", WRITTEN)
def test_the_undecided_are_known_by_name(name):
    assert undecided_state(["for", name, "against"]) == name


@pytest.mark.parametrize("name", OPINIONS)
def test_other_names_are_opinions(name):
    assert undecided_state([name]) is None


@given(st.sampled_from(sorted(NAMES)), st.sampled_from([str.upper, str.title, "  {}. ".format]))
def test_how_a_name_is_written_does_not_count(name, write):
    assert undecided_state(["for", write(name)]) == write(name)


@given(st.lists(st.sampled_from(WRITTEN + OPINIONS), unique=True))
def test_the_first_counts(names):
    assert undecided_state(names) == next((name for name in names if name in WRITTEN), None)
