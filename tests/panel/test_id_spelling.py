"""Ids of one person that are written in two ways."""

import pytest
from hypothesis import given, strategies as st
from id_waves import ID_TEXTS, linked

from opinionpanel.errors import LinkError
from opinionpanel.panel.id_spelling import by_case, difference, in_one_case, loose


@pytest.mark.parametrize(
    ("first", "second", "forms", "why"),
    [
        (["007", "x1"], ["7", "x1"], ("'999'", "'9'"), "leading zeros"),
        (["0a1", "x1"], ["a1", "x1"], ("'9a9'", "'a9'"), "leading zeros"),
        (["1.0", "x1"], ["1", "x1"], ("'9.9'", "'9'"), "a trailing .0"),
        (["1a2b", "x1"], ["1A2B", "x1"], ("'9a9a'", "'9a9a'"), "letter case"),
        (["0x1a2b", "x1"], ["1a2b", "x1"], ("'9a9a9a'", "'9a9a'"), "a leading 0x"),
        (["0x1A2B", "x1"], ["1a2b", "x1"], ("'9a9a9a'", "'9a9a'"), "letter case and a leading 0x"),
        (["ab-12", "x1"], ["ab 12", "x1"], ("'aa-99'", "'aa 99'"), "their writing"),
        (["ab-12", "x1"], ["ab12", "x1"], ("'aa-99'", "'aa99'"), "spaces, commas or hyphens"),
        (["007", "008"], ["7", "8"], ("'999'", "'9'"), "leading zeros"),
        (["AB-12", "x1"], ["ab-12", "x1"], ("'aa-99'", "'aa-99'"), "letter case"),
        (["kJ4x", "1"], ["kj4x", "1"], ("'aa9a'", "'aa9a'"), "letter case"),
        (["\u200b17", "1"], ["17", "1"], ("'\\u200b99'", "'99'"), "invisible characters"),
        (["1,001", "x1"], ["1001", "x1"], ("'9,999'", "'9999'"), "spaces, commas or hyphens"),
    ],
)
def test_ids_written_differently_in_another_wave(first, second, forms, why):
    with pytest.raises(LinkError, match=f"would link if .* differ by {why}") as error:
        linked(w1=first, w2=second)
    for part, wave in zip(forms, ("w1", "w2"), strict=True):
        assert f"like {part} in wave '{wave}'" in str(error.value)
    for secret in {*first, *second} - {"7", "1", "8"}:
        assert secret not in str(error.value)


@pytest.mark.parametrize("word", ["nan", "None", "<NA>", "NaT"])
def test_words_for_a_blank_that_a_program_wrote(word):
    with pytest.raises(LinkError, match=r"1 id\(s\) \(column 'resp_id'\) are 'nan' or another"):
        linked(w1=["a1", "a2", word], w2=["a1", "a2", word])


def test_ids_written_differently_only_in_a_third_wave():
    with pytest.raises(LinkError, match=r"1 id\(s\).* in wave 'w1'.*in wave 'w3'"):
        linked(w1=["007", "x"], w2=["007", "x"], w3=["7", "x"])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["007", "7"], ["7", "8"]),  # one wave has both: two people
        (["1-23", "1-1"], ["12-3", "1-1"]),  # household and person
        (["kJ4x", "b"], ["Kj4x", "b"]),  # random ids that use letter case
        (["0x", "b"], ["x", "b"]),
    ],
)
def test_ids_that_only_look_alike(first, second):
    assert linked(w1=first, w2=second).people == 3


@given(text=ID_TEXTS, fold=st.booleans())
def test_what_changes_in_passing_is_undone(text, fold):
    bare = loose(text, fold=fold)[0]
    assert loose("\u200b" + text, fold=fold)[0] == bare
    if fold:
        assert loose(text.upper(), fold=True)[0] == bare
        assert loose(text.lower(), fold=True)[0] == bare
    if text[0].isalnum() and not text.lower().startswith("0x"):
        assert loose("0" + text, fold=fold)[0] == bare
        assert loose("0x" + text, fold=fold)[0] == bare
    assert loose(text + ".0", fold=fold)[0] == loose(text + ".00", fold=fold)[0]


@given(parts=st.lists(st.text("ab19", min_size=1), min_size=2, max_size=4), data=st.data())
def test_parted_ids_tell_where_they_are_parted(parts, data):
    signs = data.draw(st.lists(st.sampled_from(" -_,"), min_size=len(parts), max_size=len(parts)))
    text = "".join(part + sign for part, sign in zip(parts, signs, strict=True))[:-1]
    bare, parted = loose(text, fold=True)
    assert (bare, parted) == loose("-".join(parts), fold=True)
    assert bare == loose("".join(parts), fold=True)[0]
    assert loose("".join(parts), fold=True)[1] == ""


@given(first=ID_TEXTS, second=ID_TEXTS)
def test_a_difference_has_no_order(first, second):
    assert difference(first, second) == difference(second, first)


def test_ids_that_use_letter_case():
    assert by_case(["1", "kJ4x"])
    assert not by_case(["KJ4X", "kj4x", "Kj4x", "0xAB"])
    assert in_one_case(["a1", "7"])
    assert in_one_case(["A1", "7"])
    assert not in_one_case(["a1", "A1"])
