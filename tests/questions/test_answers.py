"""Items on columns of every type; why people have no state; several columns."""

import numpy as np
import pandas as pd
import pytest
from coded_waves import YES_NO, encode, read, refusal, wave
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.errors import ItemError
from opinionpanel.questions.coalesced import coalesce
from opinionpanel.questions.naming import OtherAnswers
from opinionpanel.questions.question import NO_ANSWER, NOT_ASKED, NOT_INTERVIEWED

# Columns of every type


@given(
    answers=st.lists(st.sampled_from([None, 1, 2, 3, 98, -9]), max_size=40),
    dtype=st.sampled_from(
        ["float64", "Int64", "Float64", "int64[pyarrow]", "double[pyarrow]", "category", "object"]
    ),
)
def test_every_numeric_type_reads_alike(answers, dtype):
    item = op.Item("q", {"yes": [1, 2], "unsure": [-9, 98.0], "no": [3]})
    meaning = {None: NO_ANSWER, 1: 0, 2: 0, -9: 1, 98: 1, 3: 2}
    column = pd.Series(pd.Series(answers, dtype="Int64").astype(dtype))
    assert encode(item, column) == [meaning[answer] for answer in answers]
    if None not in answers and dtype == "float64":
        for whole in ("int64", "int8", "int8[pyarrow]", "UInt8"):
            if whole != "UInt8" or -9 not in answers:
                column = pd.Series(answers, dtype=whole)
                assert encode(item, column) == [meaning[answer] for answer in answers]


@given(
    answers=st.lists(st.sampled_from([None, "Yes", " Yes", "no", "caf\u00e9", ""]), max_size=40),
    dtype=st.sampled_from(["object", "str", "string[pyarrow]", "category"]),
)
def test_every_text_type_reads_alike(answers, dtype):
    item = op.Item("q", {"yes": ["Yes"], "no": ["no", "cafe\u0301"]})
    meaning = {None: -1, "": -1, "Yes": 0, " Yes": 0, "no": 1, "caf\u00e9": 1}
    assert encode(item, pd.Series(answers, dtype=dtype)) == [meaning[answer] for answer in answers]


@given(answers=st.lists(st.sampled_from([1, 2, 3, None]), min_size=1, max_size=30), data=st.data())
def test_neither_order_nor_names_of_codes_matter(answers, data):
    item = op.Item("q", {"a": [1], "b": [2, 3]})
    states = np.array(encode(item, answers))
    order = data.draw(st.permutations(range(len(answers))))
    assert encode(item, [answers[place] for place in order]) == states[order].tolist()
    new = data.draw(
        st.lists(st.integers(-(10**12), 10**12), min_size=3, max_size=3, unique=True)
        | st.lists(st.floats(0.1, 0.9), min_size=3, max_size=3, unique=True)
        | st.lists(st.sampled_from("xyzäöü"), min_size=3, max_size=3, unique=True)
    )
    renamed = {None: None, 1: new[0], 2: new[1], 3: new[2]}
    other = op.Item("q", {"a": new[:1], "b": new[1:]})
    assert encode(other, [renamed[answer] for answer in answers]) == states.tolist()


@pytest.mark.parametrize(
    ("values", "states"),
    [
        (pd.Series([True, False]), [0, 1]),
        (pd.Series([True, False, None], dtype="boolean"), [0, 1, -1]),
        (pd.Series([True, None], dtype="bool[pyarrow]"), [0, -1]),
        (pd.Series(["1", "0"], dtype="category").astype("category").cat.as_ordered(), None),
        (pd.Series([1.0, 10.0**9, np.nan]), None),
        (pd.Series([np.nan, np.nan]), [-1, -1]),
        (pd.Series([], dtype="float64"), []),
        (pd.Series([], dtype="object"), []),
    ],
)
def test_columns_at_the_edge(values, states):
    item = op.Item("q", {"yes": [1], "no": [0]})
    if states is None:
        with pytest.raises(ItemError, match="mapped to no state"):
            encode(item, values)
    else:
        assert encode(item, values) == states


def test_codes_far_apart_and_fractions():
    item = op.Item("q", {"low": [0.5], "far": [10**12, -(10**12)], "near": [99_999]})
    assert encode(item, [0.5, 1e12, -1e12, 99_999, np.inf][:4]) == [0, 1, 1, 2]
    with pytest.raises(ItemError, match=r"inf \(1 person\)"):
        encode(item, [0.5, np.inf])


def test_categories_that_nobody_chose_are_no_matter():
    column = pd.Categorical(["yes", "no", None], categories=["no", "perhaps", "yes"])
    item = op.Item("q", {"yes": ["yes"], "unsure": ["perhaps"], "no": ["no"]})
    assert encode(item, column) == [0, 2, -1]
    assert encode(op.Item("q", {"yes": ["yes"], "no": ["no"]}), column) == [0, 1, -1]


def test_labels_stand_for_their_codes():
    item = op.Item("q", {"yes": ["Fully", "Rather"], "no": ["No"]})
    labels = {1.0: " Fully ", 2.0: "Rather", 3.0: "No"}
    assert encode(item, [1, 2, 3.0], labels=labels) == [0, 0, 1]
    two = op.Item("q", {"yes": ["Yes"], "no": ["No"]})
    assert encode(two, [1, 2, 3], labels={1: "Yes", 2: "Yes", 3: "No", 4: ""}) == [0, 0, 1]


def test_codes_and_labels_may_not_disagree():
    message = refusal(op.Item("q", {"yes": [1], "no": ["Yes"]}), wave({1: "Yes"}, q=[1]))
    for part in ("'opinion'", "'w1'", "'q'", "code 1 'Yes'", "by label", "Leave it in one"):
        assert part in message


# Why there is no state


def test_the_reasons_for_no_state_stay_apart():
    item = op.Item({"w1": "q", "w3": "q"}, YES_NO, not_asked=[9], rest="missing")
    answers = read(
        item,
        wave({98: "don't know"}, q=[1, 9, 98, None]),
        wave(other=[1, 2]),
        wave(q=[2, 98, 98]),
        people=5,
    )
    no, unasked, out = NO_ANSWER, NOT_ASKED, NOT_INTERVIEWED
    assert answers.codes.tolist() == [
        [0, unasked, no, no, out],
        [unasked, unasked, out, out, out],
        [1, no, no, out, out],
    ]
    assert answers.codes.dtype == np.int8
    assert answers.unread == {"w1": {'98 "don\'t know"': 1}, "w3": {"98": 2}}


def test_blanks_may_be_a_state_or_mean_not_asked():
    labels = {9: "not asked"}
    item = op.Item("q", {"yes": [1], "unsure": [None]}, not_asked=["not asked"])
    assert encode(item, [1, 9, np.nan], labels=labels) == [0, NOT_ASKED, 1]
    for blank in (None, float("nan"), pd.NA, ""):
        assert encode(op.Item("q", {"yes": [1], "unsure": [blank]}), [1, None]) == [0, 1]
    filtered = op.Item("q", YES_NO, not_asked=[None])
    assert encode(filtered, [1, None]) == [0, NOT_ASKED]


def test_many_unread_values_are_not_named():
    item = op.Item("q", {"yes": ["yes"]}, rest="missing")
    unread = read(item, wave(q=["yes", *(f"my story {i}" for i in range(60))])).unread
    assert unread == {"w1": {OtherAnswers(60): 60}}


# Several columns


def test_columns_are_combined():
    item = op.Item(coalesce("a", "b", "c"), {"yes": [1], "no": [2]}, not_asked=[9], rest="missing")
    record = wave(
        {"b": {98: "DK"}},
        a=[1, None, 9, 98, 9, None, 1, 98],
        b=[None, 2, 1, 2, 98, None, 1, 98],
        c=[None, None, None, None, None, 9, 9, 1],
    )
    answers = read(item, record)
    assert answers.codes.tolist() == [[0, 1, 0, 1, NO_ANSWER, NOT_ASKED, 0, 0]]
    assert answers.unread == {"w1": {"98 'DK'": 1}}
    blank = op.Item(coalesce("a", "b"), {"yes": [1], "unsure": [None]})
    assert read(blank, wave(a=[1, None, None], b=[None, 1, None])).codes.tolist() == [[0, 0, 1]]


def test_columns_that_contradict_each_other_are_refused():
    item = op.Item({"w1": coalesce("a", "b")}, YES_NO)
    message = refusal(item, wave(source="x.sav", a=[1, 1, 2, 1], b=[2, 2, 2, None]))
    for part in ("'opinion'", "'w1' (x.sav)", "'a' and 'b'", "2 people", "mend the data"):
        assert part in message


# Other columns and waves


@pytest.mark.parametrize("dtype", ["object", "arrow"])
def test_lists_are_no_answers(dtype):
    column = pd.Series([[1], [1, 2]])
    if dtype == "arrow":
        pa = pytest.importorskip("pyarrow")
        column = column.astype(pd.ArrowDtype(pa.list_(pa.int64())))
    with pytest.raises(op.errors.OpinionPanelError, match="'q' holds lists"):
        read(op.Item("q", YES_NO), wave(q=column, source="x.parquet"))


@pytest.mark.parametrize("tag", ["a", "A"])
@pytest.mark.parametrize("written", [".a", ".A", "same"])
def test_tagged_missing_codes_are_mapped_with_or_without_the_point(tag, written):
    item = op.Item("q", {"yes": [1], "unsure": [tag if written == "same" else written]})
    assert encode(item, pd.Series([1.0, tag], dtype=object), missing=[tag]) == [0, 1]
    if written != "same":
        with pytest.raises(ItemError, match="mapped to no state"):
            encode(item, pd.Series([1.0, tag], dtype=object))


def test_a_misspelt_wave_is_refused(support):
    with pytest.raises(op.errors.OpinionPanelError, match=r"Unknown wave .*'Jul'"):
        read(support, wave(q=[1]))


def test_a_state_that_nobody_has_is_noted():
    item = op.Item("q", {"yes": [1], "no": [2], "unsure": ["(blank)"]}, rest="missing")
    notes = read(item, wave(q=[1, 2, None])).notes
    assert notes == ("item 'opinion': nobody's answer is 'unsure': check the codes",)
