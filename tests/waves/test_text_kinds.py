"""Columns of text in batches: what each look at a batch may tell."""

import pyarrow as pa
import pytest

from opinionpanel.waves import Written
from opinionpanel.waves.text_kinds import (
    NotInBatchesError,
    TextAfterAllError,
    TextIds,
    ValueTexts,
    Weights,
    WholeIds,
)


def keep(kind, column):
    return kind.keep(column, kind.look(column))


def kept(kind, *batches):
    parts = [keep(kind, pa.array(batch, kind.read_as)) for batch in batches]
    why = kind.end()
    return [kind.give(part).to_pylist() for part in parts], why


def test_values_are_numbers_where_all_of_them_are():
    assert kept(ValueTexts((), ",", text=False), ["1", ""], ["2"]) == ([[1, None], [2]], None)
    assert kept(ValueTexts((), ",", text=True), ["1", ""], ["2"]) == ([["1", None], ["2"]], None)
    found, why = kept(ValueTexts((), ",", text=False), ["1"], ["01"])
    assert found == [["1"], ["01"]]
    assert why == Written(mark=".")


def test_places_of_values_take_few_bytes():
    kind = ValueTexts((), ",", text=False)
    assert keep(kind, pa.array(["a"])).type == "uint8"
    assert keep(kind, pa.array(list(map(str, range(300))))).type == "uint16"


def test_whole_ids():
    kind = WholeIds(["none"])
    assert kept(kind, ["7", "0", "-3"], ["", " none ", "12"]) == (
        [[7, 0, -3], [None, None, 12]],
        None,
    )
    assert kind.range == (-3, 12)
    assert kept(WholeIds(["7"]), ["7", "5"], [" 7", "5"]) == ([[None, 5], [None, 5]], None)
    for text in ("07", "0x7", "-07", "+7", " 7", "7.0", "1000000000000000", "a"):
        with pytest.raises(TextAfterAllError):
            WholeIds(()).look(pa.array(["1", text]))


def test_text_ids_are_text_for_certain_or_left_to_reading_at_once():
    assert kept(TextIds((), text=False), ["7", "a7", ""]) == ([["7", "a7", None]], Written())
    assert kept(TextIds((), text=False), ["7"], ["007"])[1] == Written(mark=".")
    assert kept(TextIds(["a"], text=True), ["7", " a "]) == ([["7", None]], None)
    for texts in (["7", "7.0"], ["7"], ["a", "NA"], ["a", "1.23457E+14"]):
        with pytest.raises(NotInBatchesError):
            kept(TextIds((), text=False), texts)


@pytest.mark.parametrize(
    ("mark", "delimiter", "numbers", "read"),
    [
        (".", ",", [1.234, 2.5], True),
        (".", ";", [1.234, 2.5], False),
        (".", ";", [1.234, 0.5], True),
        (",", ",", [1.2345, None], True),
        (",", ";", [1.0, 2.0], False),
        (",", ";", [1234.5], True),
        (".", ",", [float("nan")], False),
        (".", ",", [float("inf")], False),
        (".", ",", [1e13], False),
    ],
)
def test_weights_whose_decimal_mark_is_certain(mark, delimiter, numbers, read):
    if read:
        assert kept(Weights((), mark, delimiter), numbers) == ([numbers], None)
    else:
        with pytest.raises(NotInBatchesError):
            kept(Weights((), mark, delimiter), numbers)


def test_a_number_that_stands_for_a_blank_is_no_weight():
    with pytest.raises(NotInBatchesError):
        Weights(["99"], ".", ",")
