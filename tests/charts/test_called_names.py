"""How states, waves, groups and columns are called where readers see them."""

import pytest

from opinionpanel.charts.called_names import called, column_called
from opinionpanel.drawing import language_of

ENGLISH, RUSSIAN = language_of("en"), language_of("ru")


def test_labels_come_first_then_words_of_the_library_then_names():
    assert called("approve", {"approve": "За"}, RUSSIAN) == "За"
    assert called("no answer", {}, RUSSIAN) == RUSSIAN.say("no answer") != "no answer"
    assert called("no answer", {"no answer": "—"}, RUSSIAN) == "—"
    assert called("approve", {}, RUSSIAN) == "approve"


def test_a_difference_is_named_by_its_parts_unless_it_has_a_name():
    assert called("a − b", {"a": "A"}, ENGLISH) == "A − b"
    assert called("a − b", {"a − b": "gap"}, ENGLISH) == "gap"


@pytest.mark.parametrize("name", ["", " \n "])
def test_nothing_is_without_a_name(name):
    assert called(name, {}, ENGLISH) == "(no name)"


def test_underscores_between_words_are_spaces_but_in_what_a_reader_wrote():
    assert column_called("age_group", {}, ENGLISH) == "age group"
    assert column_called("_x_", {}, ENGLISH) == "_x_"
    assert column_called("age_group", {"age_group": "age_at_w1"}, ENGLISH) == "age_at_w1"
