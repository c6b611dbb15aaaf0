"""Ids that are written as those of no other wave are noted, in memory and on engines alike."""

import pandas as pd
import polars as pl
import pytest

import opinionpanel as op
from opinionpanel.panel.id_kinds import OTHER, count_kinds, kind, kind_notes, kinds_in_memory


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1204", "digits"),
        ("٣٤", "digits"),
        ("abQ", "letters"),
        ("имя", "letters"),
        ("7f3a", "letters and digits"),
        ("щ5", "letters and digits"),
        ("a-1", OTHER),
        ("x_1", OTHER),
    ],
)
def test_what_an_id_is_written_of(text, expected):
    assert kind(text) == expected


@pytest.mark.parametrize(
    ("kinds", "noted"),
    [
        ([{"digits": 100}, {"digits": 60, "letters": 40}], "40 of 100 at 'w2' (letters)"),
        ([{"digits": 100}, {"digits": 81, "letters": 19}], None),  # a few odd ones
        ([{"digits": 80, "letters": 20}, {"digits": 100}], "20 of 100 at 'w1' (letters)"),
        ([{"digits": 600}, {"digits": 571, "letters": 29}], None),
        ([{"digits": 600}, {"digits": 570, "letters": 30}], "30 of 600 at 'w2' (letters)"),
        ([{"digits": 30, "letters": 40}, {"digits": 40, "letters": 30}], None),
        ([{"digits": 30, "letters": 40}], None),
        ([{"digits": 30, "letters": 40}, {"digits": 19}], None),
        (
            [{"digits": 30}, {"letters": 28, "digits": 1}],
            "30 of 30 at 'w1' (digits), 28 of 29 at 'w2' (letters)",
        ),
    ],
)
def test_which_kinds_are_of_one_wave_alone(kinds, noted):
    notes = kind_notes({f"w{place}": counts for place, counts in enumerate(kinds, start=1)})
    assert notes == (
        [
            f"ids are written as at no other wave: {noted}; check that they are the ids that the "
            "other waves have"
        ]
        if noted
        else []
    )


def panel_of(made):
    numbers = [str(1000 + place) for place in range(60)]
    mixed = [*numbers[:20], *(f"{place:x}f{place}" for place in range(300, 330)), "é-1"]
    waves = {
        name: made({"id": ids, "q": [1, 2, 2] * (len(ids) // 3)})
        for name, ids in (("w1", numbers), ("w2", numbers[3:]), ("w3", mixed))
    }
    item = op.Item("q", {"yes": [1], "no": [2]})
    return op.Panel.from_waves(waves, person="id", items={"x": item})


@pytest.mark.parametrize("made", [pd.DataFrame, lambda columns: pl.LazyFrame(columns)])
def test_a_panel_notes_hexadecimal_ids_of_one_wave(made):
    panel = panel_of(made)
    assert "30 of 51 at 'w3' (letters and digits)" in " ".join(panel.notes)


def test_numbers_are_all_alike():
    assert count_kinds(["1", "22", "a1"]) == {"digits": 2, "letters and digits": 1}


def test_a_look_at_some_of_many_ids_shows_what_is_counted_then():
    digits = [str(number) for number in range(5_000)]
    mixed = [f"a{text}" if place % 19 == 0 else text for place, text in enumerate(digits)]
    assert "264 of 5,000 at 'w2'" in kinds_in_memory({"w1": digits, "w2": mixed})[0]
    assert not kinds_in_memory({"w1": mixed, "w2": mixed})
    odd = [f"a{text}" if place % 21 == 0 else text for place, text in enumerate(digits)]
    assert not kinds_in_memory({"w1": digits, "w2": odd})


@pytest.mark.parametrize("odd", ["Total", "Source: the institute"])
def test_rows_below_a_table_are_noted(odd):
    plain = pd.DataFrame({"id": [str(100 + k) for k in range(60)], "q": [1, 2] * 30})
    with_sum = pd.concat([plain, pd.DataFrame({"id": [odd], "q": [1]})])
    notes = set()
    for frame in (lambda one: one, lambda one: pl.from_pandas(one).lazy()):
        panel = op.Panel.from_waves(
            {"w1": frame(with_sum), "w2": frame(plain)},
            person="id",
            items={"q": op.Item("q", {"yes": [1], "no": [2]})},
        )
        (note,) = [note for note in panel.notes if "rows of sums" in note]
        notes.add(note)
    assert notes == {
        "wave 'w1': 1 of 61 ids are not of digits, as the others are: rows of sums or of remarks "
        "below a table are no people; remove them from the file"
    }
