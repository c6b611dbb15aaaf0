"""Codes that are others in another wave, where no label says so: refused, or noted."""

import itertools

import numpy as np
import pandas as pd
import pytest
from coded_waves import many, read, refusal, wave
from hypothesis import given, strategies as st
from places import REAL_FILES

import opinionpanel as op
from opinionpanel.errors import ItemError

VU = REAL_FILES / "vu_netherlands"
YES = {1: "Yes", 2: "No"}
LABELS = {code: str(code) for code in range(1, 6)}


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
    assert "\\n" not in message
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


@pytest.mark.parametrize(
    ("first", "second", "noted"),
    [
        ({}, {}, True),
        ({1: "a"}, {1: "a"}, True),  # labels of other codes say nothing of code 2
        (LABELS, {}, True),
        ({}, LABELS, True),
        ({1: "1", 3: "3", 4: "4"}, LABELS, True),
        (LABELS, LABELS, False),
    ],
)
def test_codes_that_all_have_a_state_may_come_and_go_with_a_note_unless_labels_agree(
    first, second, noted
):
    item = op.Item("q", {"yes": [1, 2], "no": [3, 4, 5]})
    notes = read(item, wave(first, q=many(OLD)), wave(second, q=many(NEW))).notes
    if noted:
        assert "code 2 does not occur at 'w2', where 5 is new" in notes[0]
    else:
        assert not notes


@pytest.mark.parametrize("labels", [{}, {0: "Yes", 1: "Rather", 2: "No", 3: "Never"}])
def test_a_shift_of_all_codes_is_noted_whether_or_not_one_wave_has_labels(labels):
    item = op.Item("q", {"Yes": [0], "Rather": [1], "No": [2], "Never": [3], "4": [4]})
    notes = read(item, wave(labels, q=[0, 1, 2, 3] * 15), wave(q=[1, 2, 3, 4] * 15)).notes
    assert [note.split(": check")[0] for note in notes] == [
        "item 'opinion': code 0 does not occur at 'w2', where 4 is new",
        "item 'opinion': code 4 does not occur at 'w1', where 0 is new",
    ]


def test_texts_say_what_they_mean():
    item = op.Item("q", {"yes": [1, "Yes"], "no": [2, "No"], "dk": ["DK", "Unsure"]})
    codes, texts = wave(YES, q=[1, 2] * 30), wave(q=["Yes", "DK"] * 30)
    assert not read(item, codes, texts, wave(q=["No", "Unsure"] * 30)).notes


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
