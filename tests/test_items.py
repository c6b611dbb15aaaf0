import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import ItemError, OpinionPanelError


def encode(item, values, wave="Jul", **options):
    return item.encode(pd.Series(values, name="q12"), wave, **options).tolist()


def test_codes_become_positions_of_states(support):
    assert encode(support, [1, 2, 3, 98, 4, 5, None]) == [0, 0, 1, 1, 2, 2, -1]


@pytest.mark.parametrize(
    "values",
    [
        pd.array([1, 4, None], dtype="Int8"),
        np.array([1.0, 4.0, np.nan]),
        pd.Categorical([1, 4, None]),
        np.array([1, 4, None], dtype=object),
    ],
)
def test_every_column_type_reads_alike(support, values):
    assert encode(support, values) == [0, 2, -1]


def test_labels_stand_for_their_codes():
    item = op.Item("q", {"yes": ["Fully", "Rather"], "no": ["No"]})
    labels = {1.0: " Fully ", 2.0: "Rather", 3.0: "No"}
    assert encode(item, [1, 2, 3.0], labels=labels) == [0, 0, 1]
    assert encode(item, ["Fully", " Rather", "No"]) == [0, 0, 1]


def test_two_codes_with_the_same_label_are_both_read():
    item = op.Item("q", {"yes": ["Yes"], "no": ["No"]})
    assert encode(item, [1, 2, 3], labels={1: "Yes", 2: "Yes", 3: "No"}) == [0, 0, 1]


def test_composed_and_decomposed_letters_are_the_same_text():
    item = op.Item("q", {"yes": ["caf\u00e9"], "no": ["no"]})
    assert encode(item, ["cafe\u0301", "no"]) == [0, 1]


def test_blank_text_is_no_answer():
    item = op.Item("q", {"yes": ["y"], "no": ["n"]})
    assert encode(item, ["y", "", "  ", None, "n"]) == [0, -1, -1, -1, 1]


def test_an_unmapped_code_is_refused_with_label_and_count(support):
    with pytest.raises(ItemError) as error:
        encode(support, [1, 6, 6, 99], labels={6: "Refused"})
    message = str(error.value)
    for part in ("'Jul'", "'q12'", "6 'Refused' (2 people)", "99 (1 people)", "rest='missing'"):
        assert part in message


def test_rest_missing_reads_other_codes_as_no_answer():
    item = op.Item("q", {"yes": [1], "no": [2]}, rest="missing")
    assert encode(item, [1, 2, 99]) == [0, 1, -1]


def test_codes_may_change_by_wave():
    item = op.Item("q", {"w1": {"yes": [1], "no": [2]}, "w2": {"no": [1], "yes": [2]}})
    assert item.state_names == ("yes", "no")
    assert encode(item, [1, 2], "w1") == [0, 1]
    assert encode(item, [1, 2], "w2") == [1, 0]
    with pytest.raises(OpinionPanelError, match="Did you mean 'w2'"):
        encode(item, [1], "w22")


def test_a_mapping_by_wave_is_not_asked_elsewhere(support):
    assert support.column_at("Jul") == "q12"
    assert support.column_at("Dec") is None
    assert op.Item("q", {"yes": [1]}).column_at("any") == "q"


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ({}, "at least one state"),
        ({"yes": [1], "no": [1.0]}, "1 stands in two states"),
        ({"yes": [True], "no": [1]}, "stands in two states"),
        ({"yes": []}, "non-empty list"),
        ({"yes": "1"}, "non-empty list"),
        ({"w1": {"yes": [1]}, "w2": {"no": [1]}}, "different states"),
    ],
)
def test_impossible_states(states, words):
    with pytest.raises(ItemError, match=words):
        op.Item("q", states)


def test_unknown_rest():
    with pytest.raises(ItemError, match="'missing'"):
        op.Item("q", {"yes": [1]}, rest="drop")


def test_text_and_html():
    item = op.Item(
        "q", {"<b>yes</b>": [1], "no": [2.0, 98.0]}, question="Yes & no?", rest="missing"
    )
    text = str(item)
    for part in ("Yes & no?", "2, 98", "q (every wave)", "any other code is no answer"):
        assert part in text
    assert "&lt;b&gt;yes&lt;/b&gt;" in item._repr_html_()
    assert "Yes &amp; no?" in item._repr_html_()
    assert "in w2" in str(op.Item("q", {"w1": {"y": [1]}, "w2": {"y": [2]}}))


def test_an_item_keeps_its_states_whatever_becomes_of_the_dict():
    states = {"no": [0], "yes": [1]}
    item = op.Item("x", states)
    states["no"].append(1)
    assert item.states == {"no": [0], "yes": [1]}


def test_states_that_match_nothing_are_an_error_even_when_the_rest_is_missing():
    item = op.Item("x", {"yes": ["1"], "no": ["0"]}, rest="missing")
    with pytest.raises(ItemError, match="No answer at all"):
        item.encode(pd.Series([0, 1, 1], name="x"), "May")
    # A wave without any answer is no error.
    assert item.encode(pd.Series([np.nan, np.nan], name="x"), "May").tolist() == [-1, -1]
