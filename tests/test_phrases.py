"""Phrases are their English text to everybody, and remember how they were made."""

import copy
import pickle

import pytest
from hypothesis import given, strategies as st

from opinionpanel.escaping import closed
from opinionpanel.phrases import (
    Phrase,
    all_of,
    any_of,
    figure,
    in_a_row,
    one_after_another,
    per_cent,
)

TEXTS = st.text(max_size=8)
PHRASES = st.recursive(
    TEXTS | st.integers(0, 10**6),
    lambda parts: st.builds(
        lambda one, other: Phrase("{one} at {other}", one=one, other=other), parts, parts
    ),
    max_leaves=4,
).filter(lambda part: isinstance(part, Phrase))


@given(TEXTS, st.integers(0, 10**6))
def test_a_phrase_is_its_english_text(name, number):
    phrase = Phrase("{n} people at {wave}", n=number, wave=name)
    text = f"{number:,} people at {closed(name)}"
    assert phrase == text
    assert hash(phrase) == hash(text)
    assert phrase.template == "{n} people at {wave}"
    assert phrase.values == {"n": number, "wave": name}


@given(PHRASES)
def test_a_phrase_comes_back_whole_from_files_and_copies(phrase):
    for back in (pickle.loads(pickle.dumps(phrase)), copy.copy(phrase), copy.deepcopy(phrase)):
        assert back == phrase
        assert (type(back), back.template, back.values) == (
            Phrase,
            phrase.template,
            phrase.values,
        )


def test_a_name_with_braces_is_a_name():
    assert Phrase("at {wave}", wave="{wave}") == "at {wave}"


def test_the_direction_that_a_name_turns_ends_with_it():
    assert Phrase("{wave}, {n} people", wave="\u202e1", n=46) == "\u202e1\u202c, 46 people"


@pytest.mark.parametrize(
    ("join", "text"),
    [
        (all_of, "a and b and c"),
        (any_of, "a or b or c"),
        (in_a_row, "a, b, c"),
        (one_after_another, "a; b; c"),
    ],
)
def test_several_things_are_joined(join, text):
    assert join(["a", "b", "c"]) == text
    assert join(["a"]) == "a"


@given(st.decimals(0, 1000, places=2))
def test_a_figure_is_the_number_as_it_is_written(number):
    assert figure(str(number)) == str(number)
    assert figure(str(int(number))) == str(int(number))


@given(st.floats(0, 1), st.integers(0, 2))
def test_shares_are_rounded_as_everywhere(share, digits):
    assert per_cent(share, digits=digits) == f"{share:.{digits}%}"
