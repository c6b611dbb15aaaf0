"""What rest="missing" may not swallow: what a state has at any wave, or what resembles it."""

import pandas as pd
import pytest
from coded_waves import YES_NO, encode, read, refusal, wave

import opinionpanel as op


def test_a_slip_is_noticed_without_labels_too():
    item = op.Item("q", {"yes": ["I approve"], "no": ["No"]}, rest="missing")
    message = refusal(item, wave(q=["I aprove", "I aprove", "No"]))
    for part in ("'q'", "'I aprove' (2 people), but here 'I approve' (nobody) is state 'yes'"):
        assert part in message
    other = op.Item("q", {"yes": ["satisfied"], "no": ["No"]}, rest="missing")
    assert encode(other, ["unsatisfied", "No", "Other"]) == [-1, 1, -1]


@pytest.mark.parametrize(
    ("label", "shown"), [("No, never", "2 'No, never'"), ("Nay", "2 'Nay'"), (None, "2")]
)
def test_a_label_renamed_in_one_wave_is_not_lost_with_the_rest(label, shown):
    item = op.Item("q", {"yes": ["yes"], "no": ["no"]}, rest="missing")
    first = wave({1: "yes", 2: "no", 9: "refused"}, q=[1, 2, 9])
    message = refusal(item, first, wave({1: "yes", 2: label, 9: "refused"}, q=[1, 2, 9]))
    assert f"{shown} (1 person), but at 'w1' (a frame) 2 'no' (1 person) is state 'no'" in message
    assert ("map each wave for itself" in message) == (label != "No, never")


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
        (
            ["yes", "no", "No."],
            {"yes": ["yes"], "no": ["no"]},
            "'No.' (1 person), but here 'no' (1 person) is state 'no'",
        ),
    ],
)
def test_the_rest_may_not_swallow_answers_written_otherwise(values, states, part):
    item = op.Item("q", states, rest="missing")
    assert part in refusal(item, wave(q=pd.Series(values, dtype=object)))


def test_a_label_that_is_a_number_is_no_other_type():
    scale = {code: str(code - 1) for code in range(1, 12)}  # 0 to 10, coded 1 to 11
    item = op.Item("q", {"high": ["10"], "low": ["0"]}, rest="missing")
    assert encode(item, [1, 10, 11], labels=scale) == [1, -1, 0]


def test_labels_that_are_no_text_are_shown_as_they_are():
    item = op.Item("q", YES_NO, rest="missing")
    assert encode(item, [1, 2, 3], labels={1: 5, 3: 7}) == [0, 1, -1]


SAID = {"yes": ["Yes"], "no": ["No"], "dk": ["Don't know", "Hard to say"]}
CODED = {"yes": [1], "no": [2], "dk": [3]}
FOUR = {1: "Yes", 2: "No", 3: "Don't know", 4: "Hard to say"}


def labelled(labels, answers=(1, 2, 3, 4)):
    return wave(labels, q=list(answers) * 5)


def texts(*answers):
    return wave(q=list(answers) * 5)


@pytest.mark.parametrize(
    ("states", "first", "second", "shown"),
    [
        pytest.param(
            SAID,
            labelled(FOUR),
            labelled({**FOUR, 3: "Don't know / refused"}),
            """3 "Don't know / refused" (5 people), but at 'w1' (a frame) 3 "Don't know" """
            "(5 people) is state 'dk'",
            id="one of two labels renamed",
        ),
        pytest.param(
            SAID,
            labelled({**FOUR, 3: "Don't know / refused"}),
            labelled(FOUR),
            """but at 'w2' (a frame) 3 "Don't know" (5 people) is state 'dk'""",
            id="renamed at the first wave",
        ),
        pytest.param(
            SAID,
            labelled(FOUR),
            labelled({**FOUR, 3: "Can't choose"}),
            """3 "Can't choose" (5 people), but at 'w1' (a frame) 3 "Don't know" """,
            id="renamed to something else",
        ),
        pytest.param(
            SAID,
            labelled(FOUR),
            labelled({1: "Yes", 2: "No", 4: "Hard to say"}),
            """3 (5 people), but at 'w1' (a frame) 3 "Don't know" """,
            id="one label lost",
        ),
        pytest.param(
            SAID,
            labelled(FOUR),
            labelled({1: "Yes", 2: "No", 8: "DON'T KNOW.", 4: "Hard to say"}, (1, 2, 8, 4)),
            """8 "DON'T KNOW." (5 people), but at 'w1'""",
            id="another code, written otherwise",
        ),
        pytest.param(
            CODED,
            labelled(FOUR, (1, 2, 3)),
            labelled({1: "Yes", 2: "No", 8: "Don't know"}, (1, 2, 8)),
            """8 "Don't know" (5 people), but at 'w1' (a frame) 3 "Don't know" (5 people)""",
            id="another code with the label of a state",
        ),
        pytest.param(
            CODED,
            labelled(FOUR, (1, 2, 3)),
            labelled({1: "Yes", 2: "No", 8: "Dont know"}, (1, 2, 8)),
            "8 'Dont know' (5 people), but at 'w1'",
            id="another code with a like label",
        ),
        pytest.param(
            SAID,
            texts("Yes", "No", "Don't know", "Hard to say"),
            texts("Yes", "No", "Don't know / refused", "Hard to say"),
            """"Don't know / refused" (5 people), but at 'w1' (a frame) "Don't know" (5 people)""",
            id="texts",
        ),
        pytest.param(
            SAID,
            labelled(FOUR),
            texts("Yes", "No", "Don`t know", "Hard to say"),
            "'Don`t know' (5 people), but at 'w1'",
            id="labels, then texts",
        ),
        pytest.param(
            SAID,
            labelled(FOUR),
            labelled({1: "Yes", 2: "No", 3: "(3) Don't know", 4: "Hard to say"}),
            """3 "(3) Don't know" (5 people), but at 'w1'""",
            id="numbered",
        ),
        pytest.param(
            {"w1": CODED, "w2": {"yes": [1], "no": [2], "dk": [4]}},
            labelled(FOUR, (1, 2, 3)),
            labelled({**FOUR, 3: "don't know"}),
            """3 "don't know" (5 people), but at 'w1' (a frame) 3 "Don't know" """,
            id="by wave, the same label",
        ),
        pytest.param(
            {"w1": CODED, "w2": {"yes": [1], "no": [2], "dk": [4]}},
            labelled(FOUR, (1, 2, 3)),
            labelled({**FOUR, 3: "Don't know, refused"}),
            """3 "Don't know, refused" (5 people), but at 'w1' (a frame) 3 "Don't know" """,
            id="by wave, a like label",
        ),
    ],
)  # fmt: skip
def test_what_a_state_has_at_some_wave_is_not_left_out_at_another(states, first, second, shown):
    message = refusal(op.Item("q", states, rest="missing"), first, second)
    assert shown in message
    assert "rest='missing' would read as no answer" in message
    assert "Add each to a state, old or new, or to not_asked" in message


@pytest.mark.parametrize(
    ("states", "first", "second"),
    [
        pytest.param(
            SAID,
            labelled({**FOUR, 9: "Refused"}, (1, 2, 3, 4, 9)),
            labelled({**FOUR, 9: "No answer", -1: "Refused"}, (1, 2, 3, 4, 9, -1)),
            id="refusals",
        ),
        pytest.param(
            {"agree": ["Agree"], "no": ["Disagree"]},
            labelled({1: "Agree", 2: "Disagree", 3: "Agree, in part", 4: "Strongly disagree"}),
            labelled({1: "Agree", 2: "Disagree", 3: "Agree, in part"}, (1, 2, 3)),
            id="answers of their own",
        ),
        pytest.param(
            {"high": ["10"], "low": ["0"]},
            labelled({code: str(code - 1) for code in range(1, 12)}, (1, 3, 11)),
            labelled({code: str(code) for code in range(11)}, (0, 1, 10)),
            id="labels that are numbers",
        ),
        pytest.param(
            {"yes": ["Yes"], "no": ["No"]}, texts("Yes", "No"), texts("Yes", "No answer"), id="no"
        ),
        pytest.param(
            {"w1": SAID, "w2": {"yes": ["Yes"], "no": ["No"], "dk": ["Hard to say"]}},
            labelled(FOUR),
            labelled({**FOUR, 3: "Other"}),
            id="by wave, another label",
        ),
    ],
)
def test_what_says_something_else_is_left_out(states, first, second):
    assert not read(op.Item("q", states, rest="missing"), first, second).notes


def test_a_code_without_label_that_another_wave_has_is_noted_where_each_wave_is_mapped():
    later = {"yes": [1], "no": [4], "dk": [5]}
    item = op.Item("q", {"w1": CODED, "w2": later}, rest="missing")
    old, new = wave(q=[1, 2, 3, 7] * 5), wave(q=[1, 3, 4, 5, 7] * 5)
    assert read(item, old, new).notes == (
        "item 'opinion': at w2, rest='missing' reads as no answer what has a state at another "
        "wave: 3 (5 people), at 'w1' (a frame) 3 (5 people) without a label is state 'dk'; check "
        "that the coding changed",
    )


def test_not_asked_is_not_left_out_either():
    item = op.Item("q", YES_NO, not_asked=["Filtered out"], rest="missing")
    labels = {1: "Yes", 2: "No", 9: "Filtered out"}
    message = refusal(
        item, labelled(labels, (1, 2, 9)), labelled({**labels, 9: "Filtered"}, (1, 2, 9))
    )
    assert (
        "9 'Filtered' (5 people), but at 'w1' (a frame) 9 'Filtered out' (5 people) is not_asked"
        in (message)
    )


def test_open_answers_of_single_people_are_not_shown():
    item = op.Item("q", {"yes": ["I approve"], "no": ["No"]}, rest="missing")
    open_ = [f"my own words {number}" for number in range(60)]
    first = wave(q=["I approve", "No"] * 5)
    read(item, first, wave(q=["No", "I aprove", *open_]))
    message = refusal(item, first, wave(q=["No", *["I aprove"] * 5, *open_]))
    assert "'I aprove' (5 people)" in message
    assert "own words" not in message


def test_a_label_renamed_in_one_of_several_columns_is_not_lost():
    item = op.Item(op.coalesce("a", "b"), {"yes": ["Yes"], "dk": ["Don't know"]}, rest="missing")
    known = {1: "Yes", 3: "Don't know"}
    columns = {"a": [1, None, 3, None] * 5, "b": [None, 1, None, 3] * 5}
    first = wave({"a": known, "b": known}, **columns)
    renamed = wave({"a": {**known, 3: "Don't know (spontaneous)"}, "b": known}, **columns)
    assert """3 "Don't know (spontaneous)" (5 people), but""" in refusal(item, first, renamed)


@pytest.mark.parametrize(
    ("labels", "answers", "said"),
    [
        ({1: "Yes", 4: "Rather no", 5: "Never"}, (1, 4, 5), "4 'Rather no' (5 people); 5 'Never'"),
        ({1: "Yes", 9: "Nope"}, (1, 9), "9 'Nope' (5 people)"),
        ({1: "Yes", 2: "No", 9: "Refused"}, (1, 2, 9), None),
        ({1: "Yes", 9: "Refused"}, (1, 9), None),
    ],
)
def test_labels_renamed_split_or_put_together_under_new_codes_are_noted(labels, answers, said):
    item = op.Item("q", {"yes": ["Yes"], "no": ["No"]}, rest="missing")
    first = labelled({1: "Yes", 2: "No"}, (1, 2))
    notes = read(item, first, labelled(labels, answers)).notes
    assert len(notes) == (said is not None)
    for note in notes:
        assert "at w2, no label is 'No' (5 people at w1; state 'no'), while" in note
        assert said in note


def test_a_label_whose_new_name_is_in_its_state_is_not_gone():
    states = {"a": ["SPD"], "left": ["PDS", "Die Linke"]}
    second = labelled({1: "SPD", 3: "Die Linke", 4: "AfD"}, (1, 3, 4))
    item = op.Item("q", states, rest="missing")
    assert read(item, labelled({1: "SPD", 3: "PDS"}, (1, 3)), second).notes == ()


def test_who_does_not_know_does_not_resemble_a_no():
    item = op.Item("q", {"yes": ["sí", "a favor"], "no": ["no", "en contra"]}, rest="missing")
    first = labelled({1: "sí", 2: "no"}, (1, 2))
    other = labelled({3: "a favor", 4: "en contra", 8: "no sabe"}, (3, 4, 8))
    assert read(item, first, other).unread == {"w2": {"8 'no sabe'": 5}}


def test_other_numbers_in_a_text_are_no_slip_but_noted():
    item = op.Item("q", {"young": ["18 to 29"], "old": ["60 and over"]}, rest="missing")
    first, second = texts("18 to 29", "60 and over"), texts("18 to 30", "60 and over")
    (note,) = read(item, first, second).notes
    assert "what no other wave has: '18 to 30' (5 people)" in note


def test_texts_of_few_people_that_resemble_a_state_are_counted():
    item = op.Item("q", {"yes": ["yes"], "no": ["no"]}, rest="missing")
    texts = ["yes, says Ann", "yes (Bob)", "no: Ann"]
    message = refusal(item, wave(q=["yes", "no"] * 9), wave(q=texts))
    assert "2 other answers, 2 people, but at 'w1' (a frame) 'yes' (9 people) is" in message
    assert "1 other answer, 1 person, but at 'w1' (a frame) 'no' (9 people) is" in message
    assert "; what they are, read_wave(…).frame['q'].value_counts() shows" in message
    assert not any(name in message for name in ("Ann", "Bob"))
