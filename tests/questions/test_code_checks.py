"""Codes that fit no state or change their meaning: what is refused, and what is no fault."""

import numpy as np
import pandas as pd
import pytest
from coded_waves import YES_NO, encode, presence, read, refusal, wave

import opinionpanel as op
from opinionpanel.errors import ItemError
from opinionpanel.questions.answers import read_answers
from opinionpanel.questions.coalesced import coalesce
from opinionpanel.questions.naming import OtherAnswers


def test_combined_columns_must_be_mapped_together():
    item = op.Item(coalesce("a", "b"), YES_NO, rest="missing")
    assert read(item, wave(a=[1, None], b=[None, 98])).codes.tolist() == [[0, -1]]
    assert "No answer at all" in refusal(item, wave(a=[5, None], b=[None, 98]))


def test_texts_in_another_spelling_are_named_as_the_cause():
    item = op.Item("q", {"yes": ["Yes"], "no": ["No"]})
    first, other = wave(q=["Yes", "No"] * 40), wave(q=["YES", "No."] * 40)
    for waves in ((first, other), (wave(YES, q=[1, 2]), wave({1: "yes.", 2: "No"}, q=[1, 2]))):
        message = refusal(item, *waves)
        assert "is 'Yes' in another spelling" in message
        assert "coding" not in message


YES = {1: "Yes", 2: "No"}


@pytest.mark.parametrize("text", ["YES", "Yes.", "Ｙｅｓ", "Yes&nbsp;", "\N{NO-BREAK SPACE}Yes"])
def test_a_label_in_another_spelling_is_the_same(text):
    item = op.Item("q", YES_NO)
    codes = read(item, wave(YES, q=[1, 2]), wave(YES | {1: text}, q=[1, 2])).codes
    assert codes.tolist() == [[0, 1], [0, 1]]
    left_out = op.Item("q", {"yes": ["Yes"], "no": ["No"]}, rest="missing")
    assert "(1 person) is state 'yes'" in refusal(
        left_out, wave(YES, q=[1, 2]), wave(YES | {1: text + "!"}, q=[1, 2])
    )


def test_a_code_with_another_label_in_another_wave_is_refused():
    turned = wave({1: "No", 2: "Yes"}, q=[1, 2], source="two.sav")
    message = refusal(op.Item("q", YES_NO), wave(YES, q=[1, 2], source="one.sav"), turned)
    for part in ("'opinion'", "1 is 'Yes' there and 'No' here", "'w1' (one.sav)", "two.sav"):
        assert part in message
    assert "states={'w1': {…}, 'w2': {…}}" in message
    assert "map by label" in message
    same = wave(YES, q=[1, 2])
    by_wave = op.Item("q", {"w1": YES_NO, "w2": {"yes": [2], "no": [1]}})
    assert read(by_wave, same, turned).codes.tolist() == [[0, 1], [1, 0]]
    by_label = op.Item("q", {"yes": ["Yes"], "no": ["No"]})
    assert read(by_label, same, turned).codes.tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize("label", ["yes", " Yes", "YES.", "Yes\u2026", None, ""])
def test_labels_that_say_the_same_are_the_same(label):
    other = {1: label, 2: "No"} if label is not None else {}
    read(op.Item("q", YES_NO), wave(YES, q=[1, 2]), wave(q=[1, 2]), wave(other, q=[1, 2]))
    inner = {1: "I  do", 2: "No"}
    read(op.Item("q", YES_NO), wave(inner, q=[1, 2]), wave({1: "I do"}, q=[1, 2]))


def test_the_labels_of_codes_left_out_do_not_matter():
    item = op.Item("q", YES_NO, rest="missing")
    read(item, wave({**YES, 8: "DK"}, q=[1, 8]), wave({**YES, 8: "Refused"}, q=[2, 8]))
    message = refusal(
        op.Item("q", YES_NO, not_asked=[9]), wave({9: "not asked"}, q=[1]), wave({9: "DK"}, q=[2])
    )
    assert "9 is 'not asked' there and 'DK' here" in message


def test_combined_columns_must_have_the_same_labels_in_each_wave():
    columns = coalesce("a", "b")
    record = wave({"a": YES, "b": {1: "No", 2: "Yes"}}, a=[1, None], b=[None, 1])
    for states in (YES_NO, {"w1": YES_NO}):
        message = refusal(op.Item(columns, states), record)
        assert "column 'a'" in message
        assert "column 'b'" in message
        assert "map by label" in message
    by_label = op.Item(columns, {"yes": ["Yes"], "no": ["No"]})
    assert read(by_label, record).codes.tolist() == [[0, 1]]


def test_a_label_that_no_column_has_is_refused():
    item = op.Item("q", {"yes": ["Yse"], "no": ["No"]}, rest="missing")
    message = refusal(item, wave(YES, q=[1, 2], source="x.sav"))
    for part in ("'w1' (x.sav)", "'q'", "'Yse'", "Did you mean 'Yes'?", "'No'"):
        assert part in message
    # One wave that has it is enough; by wave, each must have its own.
    both = {"yes": ["Yes", "Oui"], "no": ["No"]}
    french = wave({1: "Oui", 2: "No"}, q=[1, 2])
    read(op.Item("q", both), wave(YES, q=[1, 2]), french)
    assert "'Oui'" in refusal(op.Item("q", {"w1": both, "w2": both}), wave(YES, q=[1, 2]), french)


def test_an_unmapped_code_is_refused_with_label_and_count(support):
    waves = {
        "Jul": wave({6: "Refused"}, q12=[1, 6, 6, 99], source="jul.sav"),
        "Nov": wave(q9=[1, 7, "z"]),
    }
    rows = {"Jul": np.arange(4), "Nov": np.arange(3)}
    with pytest.raises(ItemError) as error:
        read_answers(support, "support", waves, rows, presence(rows, 4))
    message = str(error.value)
    for part in (
        "'support'",
        "'Jul' (jul.sav), column 'q12': 2 answer codes are",
        "6 'Refused' (2 people); 99 (1 person)",
        "rest='missing'",
        "not_asked",
        "'Nov' (a frame), column 'q9'",
        "7 (1 person); 'z' (1 person)",
    ):
        assert part in message


def test_rest_missing_reads_other_codes_as_no_answer():
    item = op.Item("q", YES_NO, rest="missing")
    assert encode(item, [1, 2, 99]) == [0, 1, -1]
    # A wave without any answer is no error, one where no answer has a state is.
    assert encode(item, [np.nan, np.nan]) == [-1, -1]
    message = refusal(item, wave(q=[99]))
    assert "1 answer code is mapped to no state: 99 (1 person). No answer at all" in message


@pytest.mark.parametrize("rest", [None, "missing"])
def test_the_ids_of_a_few_people_are_not_shown(rest):
    item = op.Item("q", {"yes": ["yes"]}, rest=rest)
    few = wave(q=[f"secret-{number}" for number in range(20)] + ["yes"])
    if rest is None:
        assert "20 different values" in refusal(item, few)
        assert "secret" not in refusal(item, few)
    else:
        assert read(item, few).unread == {"w1": {OtherAnswers(20): 20}}


def test_ids_and_open_answers_are_not_shown():
    message = refusal(op.Item("q", YES_NO), wave(q=[f"id{i}" for i in range(51)]))
    assert "51 different values" in message
    assert "id7" not in message


@pytest.mark.parametrize(
    ("values", "states", "words"),
    [
        (["1", "2"], YES_NO, "stored as text: write '1' in the states where they have 1"),
        ([1, 2], {"yes": ["1"], "no": ["2"]}, "stored as numbers: write 1 .* have '1'"),
    ],
)
@pytest.mark.parametrize("rest", [None, "missing"])
def test_numbers_stored_as_text(values, states, words, rest):
    with pytest.raises(ItemError, match=words):
        encode(op.Item("q", states, rest=rest), values)


def test_codes_without_a_state_at_two_waves_are_all_named():
    message = refusal(op.Item("q", YES_NO), wave(q=[1, 7]), wave(q=[1, 2]), wave(q=[8, 8]))
    assert (
        "Wave 'w1' (a frame), column 'q': 1 answer code is mapped to no state: 7 (1 person)"
        in message
    )
    assert (
        "Wave 'w3' (a frame), column 'q': 1 answer code is mapped to no state: 8 (2 people)"
        in message
    )
    assert "'w2' (a frame)" not in message
    assert len(message.splitlines()) == 2, "each wave has a line, also below the item's name"


def test_a_wave_without_any_mapped_answer_is_named_beside_one_that_has_some():
    item = op.Item("q", YES_NO, rest="missing")
    message = refusal(item, wave(q=[1, 7]), wave(q=[7, 7]), wave(q=[8]))
    assert "Wave 'w1'" not in message
    assert "Wave 'w2'" in message
    assert "Wave 'w3'" in message


def test_all_codes_with_another_label_are_named():
    message = refusal(op.Item("q", YES_NO), wave(YES, q=[1]), wave({1: "No", 2: "Yes"}, q=[1]))
    assert "1 is 'Yes' there and 'No' here; 2 is 'No' there and 'Yes' here" in message


def test_a_label_that_no_wave_has_names_the_first_and_that_there_are_others():
    item = op.Item("q", {"yes": ["Yse"], "no": ["No"]}, rest="missing")
    assert "Wave 'w1' (one.sav), column 'q' and others: " in refusal(
        item, wave(YES, q=[1, 2], source="one.sav"), wave(YES, q=[1, 2], source="two.sav")
    )
    assert "and others" not in refusal(item, wave(YES, q=[1, 2]))


def test_a_label_that_no_column_has_is_refused_beside_texts():
    labelled = op.Wave(pd.DataFrame({"q": pd.Series([1, 2, "a"], dtype=object)}), labels={"q": YES})
    slip = op.Item("q", {"yes": ["Yess"], "no": ["No"]}, rest="missing")
    assert "Did you mean 'Yes'" in refusal(slip, labelled)


def test_labels_in_own_words_are_not_compared_aloud():
    """A program numbered the texts of each wave anew."""
    first = {1: "no", 2: "not since Ann left", 3: "till 9 May", 4: "yes"}
    other = {1: "no", 2: "not yet", 3: "yes", 4: "yes, Bob"}
    message = refusal(
        op.Item("q", {"yes": [4], "no": [1]}, rest="missing"),
        wave(first, q=[1] * 9 + [2, 3] + [4] * 9),
        wave(other, q=[1] * 9 + [2, 4] + [3] * 9),
    )
    assert "4 is 'yes' there and a label of few people here" in message
    message = refusal(op.Item("q", {"yes": ["ja"]}), wave(first, q=[1] * 9 + [2, 3] + [4] * 9))
    assert "Known: 'no', 'yes'." in message


def test_the_faults_of_each_wave_stand_in_a_line_of_their_own():
    frames = {wave: pd.DataFrame({"id": range(20), "q": [1, 2] * 10}) for wave in ("a", "b")}
    with pytest.raises(ItemError) as caught:
        op.Panel.from_waves(frames, person="id", items={"x": op.Item("q", {"yes": [1]})})
    lines = str(caught.value).splitlines()
    assert [line.partition(" (")[0] for line in lines] == ["Item 'x': Wave 'a'", "Wave 'b'"]
