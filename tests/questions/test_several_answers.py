"""Questions that take several answers: what is declared, and who is in the base."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.errors import ItemError
from opinionpanel.questions.several_answers import each_item

OPTIONS = {"TV": "q1", "net": "q2"}
# Who selected what: both, one, the other, none of these, nothing at all.
BOTH, TV, NET, NONE, SILENT = range(5)
MARKED = {
    "q1": [1, 1, None, None, None],
    "q2": [1, None, 1, None, None],
    "q9": [None, None, None, 1, None],
}


def frame(nothing=None, **columns):
    filled = {
        name: [nothing if code is None else code for code in codes]
        for name, codes in MARKED.items()
    }
    return pd.DataFrame({"id": range(5), **filled, **columns})


def read(media, people=None, waves=("May",)):
    people = frame() if people is None else people
    return op.Panel.from_waves(dict.fromkeys(waves, people), person="id", items={"media": media})


def codes(panel, option):
    return panel.answers[f"media: {option}"][0].tolist()


@pytest.mark.parametrize("nothing", [None, 0])
def test_blanks_and_zeros_say_the_same(nothing):
    media = op.multiple(OPTIONS, selected=[1], unselected=[0], none="q9")
    panel = read(media, frame(nothing))
    assert codes(panel, "TV") == [0, 0, 1, 1, -1]
    assert codes(panel, "net") == [0, 1, 0, 1, -1]
    shares = op.shares(panel, "media")
    assert shares.value.tolist() == [0.5, 0.5]
    assert shares.n.tolist() == [4, 4]
    # The panel tells of the question once.
    (told,) = (line for line in str(panel).splitlines() if "media" in line)
    assert told == "Question media, several answers: TV, net"


def test_without_an_option_of_none_the_base_are_those_who_selected_something():
    panel = read(op.multiple(OPTIONS, selected=[1]))
    assert codes(panel, "TV") == [0, 0, 1, -1, -1]


def test_to_select_nothing_may_be_an_answer():
    zeros = op.multiple(OPTIONS, selected=[1], unselected=[0], nothing="none")
    assert codes(read(zeros, frame(0)), "TV") == [0, 0, 1, 1, 1]
    # Blanks alone say so only where that is declared.
    assert codes(read(zeros), "TV") == [0, 0, 1, -1, -1]
    blanks = op.multiple(OPTIONS, selected=[1], unselected=[None], nothing="none")
    assert codes(read(blanks), "TV") == [0, 0, 1, 1, 1]
    with pytest.raises(ItemError, match="needs to know them: unselected="):
        op.multiple(OPTIONS, selected=[1], nothing="none")


def test_who_was_not_asked_has_a_code_or_blanks():
    people = frame(0)
    people.loc[SILENT, ["q1", "q2"]] = 9
    media = op.multiple(OPTIONS, selected=[1], unselected=[0], not_asked=[9], none="q9")
    with pytest.raises(ItemError, match=r"column 'q9'|9"):
        read(op.multiple(OPTIONS, selected=[1], unselected=[0]), people)
    people.loc[SILENT, "q9"] = None
    assert codes(read(media, people), "TV") == [0, 0, 1, 1, -2]
    blank = op.multiple(OPTIONS, selected=[1], none="q9", not_asked=[None])
    assert codes(read(blank), "net") == [0, 1, 0, 1, -2]


def test_each_option_may_have_its_own_code():
    people = frame(q2=[2, None, 2, None, None])
    media = op.multiple(OPTIONS, selected={"TV": [1], "net": [2]}, none="q9")
    assert codes(read(media, people), "net") == [0, 1, 0, 1, -1]


def test_any_column_may_hold_any_option():
    people = pd.DataFrame(
        {"id": range(5), "m1": [7, 8, 8, 99, None], "m2": [8, None, 9, None, None]}
    )
    media = op.multiple({"TV": [7], "net": [8], "radio": [9]}, columns=["m1", "m2"], none=[99])
    panel = read(media, people)
    assert codes(panel, "TV") == [0, 1, 1, 1, -1]
    assert codes(panel, "net") == [0, 0, 0, 1, -1]
    assert codes(panel, "radio") == [1, 1, 0, 1, -1]


def test_labels_mark_options_and_may_differ_between_columns():
    labels = {"q1": {1: "TV"}, "q2": {1: "Internet"}, "q9": {1: "None of these"}}
    wave = op.Wave(frame(), labels=labels)
    assert codes(read(op.multiple(OPTIONS, selected=[1], none="q9"), wave), "TV") == [
        0,
        0,
        1,
        1,
        -1,
    ]
    named = op.multiple(OPTIONS, selected={"TV": ["TV"], "net": ["Internet"]})
    assert codes(read(named, wave), "net") == [0, 1, 0, -1, -1]


def test_an_option_may_come_at_a_later_wave():
    media = op.multiple({"TV": {"w1": "q1", "w2": "q1"}, "net": {"w2": "q2"}}, selected=[1])
    panel = read(media, waves=("w1", "w2"))
    assert panel.asked("media: net") == ("w2",)
    assert panel.answers["media: TV"].tolist() == [[0, 0, -1, -1, -1], [0, 0, 1, -1, -1]]
    shares = op.shares(panel, "media")
    assert shares.labels[["option", "wave"]].to_numpy().tolist() == [
        ["TV", "w1"],
        ["TV", "w2"],
        ["net", "w2"],
    ]


def test_codes_that_are_named_nowhere_are_refused_or_left_out():
    people = frame(0, q2=[1, 8, 1, 0, 8])
    media = {"options": OPTIONS, "selected": [1], "unselected": [0]}
    with pytest.raises(ItemError, match=r"column 'q2'.*8 \(2 people\).*unselected="):
        read(op.multiple(**media), people)
    panel = read(op.multiple(**media, rest="missing"), people)
    assert codes(panel, "net") == [0, 1, 0, -1, -1]
    assert dict(panel.unread["media: net"]["May"]) == {"8": 1}
    assert "May" not in panel.unread["media: TV"]
    # Who has left out all the others has codes to mend, and nothing to leave out.
    with pytest.raises(
        ItemError, match=r"No answer at all is named in selected=.*mend their codes"
    ):
        read(op.multiple(OPTIONS, selected=[99], rest="missing"), frame(0))


def test_long_and_wide_frames_have_such_questions():
    long = pd.concat([frame().assign(wave=name) for name in ("w1", "w2")])
    media = op.multiple(OPTIONS, selected=[1], none="q9")
    panel = op.Panel.from_long(
        long, person="id", wave="wave", waves=["w1", "w2"], items={"media": media}
    )
    assert codes(panel, "TV") == [0, 0, 1, 1, -1]
    wide = frame().drop(index=SILENT)
    media = op.multiple(
        {"TV": {"w1": "q1", "w2": "q1"}, "net": {"w1": "q2", "w2": "q2"}},
        selected=[1],
        none={"w1": "q9", "w2": "q9"},
    )
    assert codes(op.Panel.from_wide(wide, items={"media": media}), "net") == [0, 1, 0, 1]


@settings(max_examples=8)
@given(st.integers(0, 2**16), st.sampled_from([None, 0]), st.booleans())
def test_the_base_is_who_selected_anything(seed, nothing, none):
    rng = np.random.default_rng(seed)
    marked = rng.random((3, 30)) < 0.4
    marked[:, 0] = True
    said = marked.any(axis=0) if none else marked[:2].any(axis=0)
    people = pd.DataFrame({"id": range(30)})
    for name, column in zip(("q1", "q2", "q9"), marked, strict=True):
        people[name] = pd.Series(np.where(column, 1, nothing), dtype=object)
    given_none = {"none": "q9"} if none else {}
    media = op.multiple(OPTIONS, selected=[1], unselected=[0], **given_none)
    panel = read(media, people)
    for row, option in enumerate(OPTIONS):
        found = panel.answers[f"media: {option}"][0]
        np.testing.assert_array_equal(found >= 0, said)
        np.testing.assert_array_equal(found == 0, marked[row])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"options": {}, "selected": [1]}, "needs options"),
        ({"options": {1: "q1"}, "selected": [1]}, "named by text"),
        ({"options": {"TV": "q1", " ": "q2"}, "selected": [1]}, "has an empty name"),
        ({"options": {"TV": ["q1"]}, "selected": [1]}, "has a column, or one by wave"),
        ({"options": OPTIONS}, "lists the codes or labels that mark"),
        ({"options": OPTIONS, "selected": "1"}, "lists the codes or labels"),
        ({"options": OPTIONS, "selected": {"TV": [1]}}, "names the codes of 'TV'"),
        ({"options": {"TV": "q1", "net": "q1"}, "selected": [1]}, "names one twice"),
        ({"options": {"TV": "q1", "net": {"w1": "q2"}}, "selected": [1]}, "of all options by wave"),
        ({"options": OPTIONS, "selected": [1], "unselected": [1]}, "stands in two states"),
        ({"options": OPTIONS, "selected": [1], "not_asked": 9}, "must be a list of codes"),
        ({"options": OPTIONS, "selected": [1], "nothing": "zero"}, "'no answer' or 'none'"),
        ({"options": OPTIONS, "columns": ["m1"]}, "list of codes or labels"),
        ({"options": {"TV": [1], "net": [1]}, "columns": ["m1"]}, "two options, 'TV' and 'net'"),
        ({"options": {"TV": [1]}, "columns": ["m1"], "selected": [1]}, "leave selected out"),
        ({"options": OPTIONS, "selected": [1], "changes": ["May"]}, "in words what changed"),
        ({"options": OPTIONS, "selected": [1], "changes": {"May": None}}, "in words what changed"),
        ({"options": OPTIONS, "selected": [1], "changes": 0}, "in words what changed"),
        ({"options": OPTIONS, "selected": [1], "label": {"TV": "x"}}, "what titles call"),
        ({"options": OPTIONS, "selected": [1], "question": 5}, "the wording, as text"),
    ],
)
def test_what_is_no_such_question_is_refused(given, words):
    with pytest.raises(ItemError, match=words):
        op.multiple(**given)


def test_it_says_what_it_is():
    media = op.multiple(OPTIONS, selected=[1], question="Where from?", label="Sources")
    assert str(media) == "Multiple: Where from?\n  TV\n  net"
    items = each_item({"media": media})
    assert list(items) == ["media: TV", "media: net"]
    assert items["media: TV"].label == "Sources: TV"
    assert str(items["media: TV"]).splitlines()[:4] == [
        "Item: Where from?",
        "  selected      1",
        "  not selected  blank",
        "  columns       q1 (every wave)",
    ]
