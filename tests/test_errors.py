"""Errors say what there is and what was meant; all can be caught as one."""

import pytest
from hypothesis import given, strategies as st

from opinionpanel import errors
from opinionpanel.errors import OpinionPanelError, count_people, listing, near, unknown

KINDS = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize("kind", KINDS)
def test_every_refusal_is_a_value_error(kind):
    assert issubclass(kind, OpinionPanelError)
    assert issubclass(kind, ValueError)


@given(st.lists(st.text(max_size=5), max_size=30), st.integers(1, 20))
def test_a_listing_names_the_first_and_counts_the_others(values, most):
    text = listing(values, most=most)
    shown = ", ".join(map(repr, values[:most])) or "none"
    more = len(values) - most
    assert text == (f"{shown} and {more} more" if more > 0 else shown)


def test_a_listing_quotes_texts_only():
    assert listing(["a", 1, ("b", "c")]) == "'a', 1, ('b', 'c')"


def test_the_nearest_name_is_meant_whatever_its_letter_case():
    assert near("Suport", ["course", "support"]) == (
        " Did you mean 'support'? Known: 'course', 'support'."
    )
    assert near("GENDER", ["gender"]) == " Did you mean 'gender'? Known: 'gender'."
    assert near("zzz", ["gender"]) == " Known: 'gender'."
    assert near("zzz", []) == " Known: none."


def test_an_unknown_name_is_named_with_its_kind():
    assert (
        str(unknown("wave", 2023, [2024])) == "Unknown wave 2023. Did you mean '2024'? Known: 2024."
    )


def test_people_are_counted_in_words():
    assert [count_people(count) for count in (0, 1, 1200)] == [
        "0 people",
        "1 person",
        "1,200 people",
    ]


def test_spaces_around_a_name_are_shown():
    assert near("q", ["id", " q "]) == " Did you mean ' q '? Known: 'id', ' q '."
