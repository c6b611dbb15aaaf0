"""Codes that fit no state or change their meaning: what is refused, and what is no fault."""

import itertools

import numpy as np
import pandas as pd
import pytest
from coded_waves import YES_NO, encode, presence, read, refusal, wave
from hypothesis import given, strategies as st
from places import REAL_FILES

import opinionpanel as op
from opinionpanel.errors import ItemError
from opinionpanel.questions.answers import read_answers
from opinionpanel.questions.code_checks import looks_open
from opinionpanel.questions.item import coalesce

VU = REAL_FILES / "vu_netherlands"


def many(counts):
    return [code for code, count in counts.items() for _ in range(count)]


def test_combined_columns_must_be_mapped_together():
    item = op.Item(coalesce("a", "b"), YES_NO, rest="missing")
    assert read(item, wave(a=[1, None], b=[None, 98])).codes.tolist() == [[0, -1]]
    assert "No answer at all" in refusal(item, wave(a=[5, None], b=[None, 98]))


# Labels by wave


YES = {1: "Yes", 2: "No"}


@pytest.mark.parametrize("text", ["YES", "Yes.", "Ｙｅｓ", "Yes&nbsp;", "\N{NO-BREAK SPACE}Yes"])
def test_a_label_in_another_spelling_is_the_same(text):
    item = op.Item("q", YES_NO)
    codes = read(item, wave(YES, q=[1, 2]), wave(YES | {1: text}, q=[1, 2])).codes
    assert codes.tolist() == [[0, 1], [0, 1]]
    left_out = op.Item("q", {"yes": ["Yes"], "no": ["No"]}, rest="missing")
    assert "differs from 'Yes' in the states" in refusal(
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


# A coding that changes


OLD, NEW = {1: 60, 2: 20, 3: 15, 4: 10}, {1: 60, 3: 20, 4: 15, 5: 10}


AGREE = {"yes": [1, 2], "no": [3, 4]}


@pytest.mark.parametrize("rest", [None, "missing"])
def test_a_recoding_is_noticed(rest):
    old, new = wave(q=many(OLD), source="one.csv"), wave(q=many(NEW))
    message = refusal(op.Item("q", AGREE, rest=rest), old, old, new)
    for part in (
        "'opinion'",
        "coding seems to have changed",
        "code 2 does not occur at 'w3'",
        "where 5, mapped to no state, is new",
        "'w1' (one.csv) 1: 60, 2: 20, 3: 15, 4: 10",
        "'w3' (a frame) 1: 60, 3: 20, 4: 15, 5: 10",
        "states={'w1': {…}, 'w2': {…}, 'w3': {…}}",
    ):
        assert part in message
    other = {"yes": [1, 3], "no": [4, 5]}
    read(op.Item("q", {"w1": AGREE, "w2": AGREE, "w3": other}, rest=rest), old, old, new)


def test_a_recoding_shows_fifteen_codes_and_how_many_more():
    few = {**dict.fromkeys(range(1, 16), 20)}
    for last in (15, 17):
        old = dict.fromkeys(range(1, last + 1), 20)
        new = {**dict.fromkeys((1, *range(3, last + 1)), 20), last + 1: 20}
        states = {"yes": list(range(1, 9)), "no": list(range(9, last + 1))}
        message = refusal(op.Item("q", states), wave(q=many(old)), wave(q=many(new)))
        assert "coding seems to have changed" in message
        assert all(f"{code}: 20" in message for code in few)
        assert message.count(" more") == (0 if last == 15 else 2)
        if last == 17:
            assert message.count("15: 20, and 2 more") == 1


@pytest.mark.parametrize(
    ("first", "second", "options"),
    [
        ({1: 60, 2: 20, 3: 15}, {1: 60, 3: 20, -8: 15}, {}),
        ({1: 60, 2: 20, 3: 15}, {1: 60, 3: 20, 98: 15}, {"missing": [(97, 99)]}),
        ({1: 60, 2: 20, 3: 15}, {1: 60, 3: 20, "x": 15}, {"missing": ["x", ("a", "z")]}),
        ({1: 60, 2: 20, 3: 15}, {1: 60, 3: 20}, {}),
        ({1: 60, 2: 20, 3: 15, 5: 1}, {1: 60, 3: 20, 5: 15}, {}),
        ({1: 6, 2: 2, 3: 5}, {1: 6, 3: 2, 5: 9}, {}),
        ({1: 6000, 2: 50, 3: 15}, {1: 6000, 3: 20, 5: 600}, {}),
    ],
    ids=[
        "negative",
        "declared",
        "declared text",
        "nothing new",
        "was there",
        "few people",
        "rare code",
    ],
)
def test_no_false_alarm_of_a_recoding(first, second, options):
    item = op.Item("q", AGREE, rest="missing")
    read(item, wave(q=many(first), **options), wave(q=many(second), **options))


def test_labels_show_that_a_code_was_only_not_chosen():
    item = op.Item("q", AGREE, rest="missing")
    labels = {1: "a", 2: "b", 3: "c", 4: "d"}
    read(item, wave(labels, q=many(OLD)), wave({**labels, 5: "DK"}, q=many(NEW)))


@given(
    first=st.lists(st.integers(1, 6), max_size=40), second=st.lists(st.integers(1, 6), max_size=40)
)
def test_a_few_people_never_look_like_a_recoding(first, second):
    item = op.Item("q", {"yes": [1], "no": [2], "other": [3]}, rest="missing")
    read(item, wave(q=[1, *first]), wave(q=[1, *second]))


# Slips


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


def test_a_slip_is_noticed_without_labels_too():
    item = op.Item("q", {"yes": ["I approve"], "no": ["No"]}, rest="missing")
    message = refusal(item, wave(q=["I aprove", "I aprove", "No"]))
    for part in ("'q'", "'I approve'", "'I aprove' (2 people)", "Did you mean"):
        assert part in message
    other = op.Item("q", {"yes": ["satisfied"], "no": ["No"]}, rest="missing")
    assert encode(other, ["unsatisfied", "No", "Other"]) == [-1, 1, -1]


# Codes without a state


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


@pytest.mark.parametrize(("label", "shown"), [("No, never", "'No, never'"), (None, "without a")])
def test_a_label_renamed_in_one_wave_is_not_lost_with_the_rest(label, shown):
    item = op.Item("q", {"yes": ["yes"], "no": ["no"]}, rest="missing")
    first = wave({1: "yes", 2: "no", 9: "refused"}, q=[1, 2, 9])
    message = refusal(item, first, wave({1: "yes", 2: label, 9: "refused"}, q=[1, 2, 9]))
    assert f"2 is 'no', state 'no', there and {shown}" in message
    assert "Map each wave for itself" in message


def test_a_code_that_was_left_out_may_have_had_another_label():
    item = op.Item("q", {"yes": ["yes"], "no": ["no", "never"]}, rest="missing")
    first = wave({1: "yes", 2: "no", 9: "refused"}, q=[1, 2, 9])
    moved = wave({1: "yes", 2: "refused", 3: "no"}, q=[1, 2, 3])
    other = wave({1: "yes", 2: "refused", 3: "never"}, q=[1, 2, 3])
    assert read(item, first, moved, other).codes.tolist() == [[0, 1, -1], [0, -1, 1], [0, -1, 1]]


@pytest.mark.parametrize(
    ("values", "states", "part"),
    [
        ([1, 2, "1"], YES_NO, "stored as text: write '1'"),
        (["yes", "no", "No."], {"yes": ["yes"], "no": ["no"]}, r"'No.' (1 person) differs from"),
    ],
)
def test_the_rest_may_not_swallow_answers_written_otherwise(values, states, part):
    item = op.Item("q", states, rest="missing")
    assert part in refusal(item, wave(q=pd.Series(values, dtype=object)))


def test_labels_that_are_no_text_are_shown_as_they_are():
    item = op.Item("q", YES_NO, rest="missing")
    assert encode(item, [1, 2, 3], labels={1: 5, 3: 7}) == [0, 1, -1]


def test_a_label_that_is_a_number_is_no_other_type():
    scale = {code: str(code - 1) for code in range(1, 12)}  # 0 to 10, coded 1 to 11
    item = op.Item("q", {"high": ["10"], "low": ["0"]}, rest="missing")
    assert encode(item, [1, 10, 11], labels=scale) == [1, -1, 0]


@pytest.mark.parametrize("rest", [None, "missing"])
def test_the_ids_of_a_few_people_are_not_shown(rest):
    item = op.Item("q", {"yes": ["yes"]}, rest=rest)
    few = wave(q=[f"secret-{number}" for number in range(20)] + ["yes"])
    if rest is None:
        assert "20 different values" in refusal(item, few)
        assert "secret" not in refusal(item, few)
    else:
        assert read(item, few).unread == {"w1": {"20 different values of 'q'": 20}}


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


# A real panel


@pytest.fixture(scope="module")
def vu():
    if not VU.is_dir():
        pytest.skip("the folder shared/data with the VU election panel is not here")
    frames = {f"w{i}": pd.read_csv(VU / f"wave{i}.csv", usecols=["iisID", "H7"]) for i in range(5)}
    # A test record of the survey house.
    return {name: frame[frame["iisID"] != 9992] for name, frame in frames.items()}


def test_the_recoding_of_a_real_panel_is_noticed(vu):
    item = op.Item("H7", AGREE, rest="missing")
    with pytest.raises(ItemError) as error:
        op.Panel.from_waves(vu, person="iisID", items={"vaccinated": item})
    for part in ("'vaccinated'", "code 2 does not occur at 'w3', 'w4'", "2: 425", "5: 124"):
        assert part in str(error.value)


def test_with_each_wave_mapped_the_real_panel_gives_its_known_matrix(vu):
    old = {"yes": [1, 2], "unsure": [None], "no": [3, 4]}
    new = {"yes": [1, 3], "unsure": [None], "no": [4, 5]}
    states = dict(zip(vu, itertools.chain([old] * 3, [new] * 2), strict=False))
    panel = op.Panel.from_waves(vu, person="iisID", items={"vaccinated": op.Item("H7", states)})
    moves = op.transitions(panel, "vaccinated", waves=["w0", "w4"])
    known = [[91.3, 5.1, 3.6], [53.5, 30.2, 16.3], [19.4, 7.5, 73.1]]
    np.testing.assert_allclose(moves.matrix().to_numpy() * 100, known, atol=0.05)
    answered = (panel.answers["vaccinated"][[0, 4]] >= 0).all(axis=0)
    assert answered.sum() == 1372


# Thresholds at their boundary


@pytest.mark.parametrize(
    ("second", "noticed"),
    [
        ({1: 35, 3: 10, 5: 5}, True),  # fifty answers are just enough
        ({1: 34, 3: 10, 5: 5}, False),
        ({1: 36, 3: 10, 5: 4}, False),  # five people just use a code
        ({1: 945, 3: 45, 5: 10}, True),  # and one in a hundred
        ({1: 946, 3: 45, 5: 9}, False),
    ],
)
def test_how_many_people_make_a_recoding(second, noticed):
    item = op.Item("q", AGREE, rest="missing")
    waves = wave(q=many({1: 60, 2: 25, 3: 15})), wave(q=many(second))
    if noticed:
        assert "code 2 does not occur at 'w2'" in refusal(item, *waves)
    else:
        read(item, *waves)


@pytest.mark.parametrize(("total", "noticed"), [(100, True), (99, False)])
def test_a_code_is_missed_where_ten_answers_were_expected(total, noticed):
    item = op.Item("q", AGREE, rest="missing")
    first = wave(q=many({1: 90, 2: 10}))
    second = wave(q=many({1: total - 10, 5: 10}))
    if noticed:
        assert "code 2 does not occur" in refusal(item, first, second)
    else:
        read(item, first, second)


def test_codes_expected_from_all_waves_that_use_them_together():
    """Two of three waves use code 2, by 20 of 300 answers: of 150 ten are expected, of 140 not."""
    item = op.Item("q", AGREE, rest="missing")
    users = wave(q=many({1: 185, 2: 15})), wave(q=many({1: 95, 2: 5}))
    message = refusal(item, *users, wave(q=many({1: 140, 5: 10})))
    assert "code 2 does not occur at 'w3'" in message
    read(item, *users, wave(q=many({1: 130, 5: 10})))


def test_a_recoding_at_two_waves_names_both():
    item = op.Item("q", AGREE, rest="missing")
    message = refusal(
        item, wave(q=many(OLD)), wave(q=many(NEW)), wave(q=many({1: 60, 3: 20, 4: 15, 6: 10}))
    )
    assert "code 2 does not occur at 'w2', 'w3', where 5, 6, mapped to no state, is new" in message


@pytest.mark.parametrize(
    ("values", "people", "open_"),
    [
        (12, 1, False),  # few people may give twelve different answers
        (13, 1, True),
        (50, 2, False),  # many give fifty
        (51, 40, True),
        (20, 2, False),  # half as many values as people are just codes
        (21, 1, True),
    ],
)
def test_how_many_values_look_like_ids(values, people, open_):
    assert looks_open(dict.fromkeys(range(values), people)) == open_


# Two waves with a fault each, and labels for some codes only


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


@pytest.mark.parametrize(
    ("first", "second", "noticed"),
    [
        ({}, {}, True),
        ({1: "a", 2: "b"}, {}, True),
        ({1: "a"}, {1: "a"}, True),  # labels of other codes say nothing of code 2
        ({2: "b"}, {1: "a"}, True),
        ({1: "a", 2: "b"}, {2: "b"}, False),
    ],
)
def test_partly_labelled_columns_show_a_recoding_of_the_codes_without_a_label(
    first, second, noticed
):
    item = op.Item("q", AGREE, rest="missing")
    waves = wave(first, q=many(OLD)), wave(second, q=many(NEW))
    if noticed:
        assert "code 2 does not occur at 'w2'" in refusal(item, *waves)
    else:
        read(item, *waves)


def test_codes_that_all_have_a_state_may_come_and_go_with_a_note_if_nothing_is_labelled():
    item = op.Item("q", {"yes": [1, 2], "no": [3, 4, 5]})
    notes = read(item, wave(q=many(OLD)), wave(q=many(NEW))).notes
    assert "code 2 does not occur at 'w2', where 5 is new" in notes[0]
    for labels in ({1: "a"}, {code: str(code) for code in range(1, 6)}):
        assert not read(item, wave(labels, q=many(OLD)), wave(labels, q=many(NEW))).notes
        assert not read(item, wave(labels, q=many(OLD)), wave(q=many(NEW))).notes
