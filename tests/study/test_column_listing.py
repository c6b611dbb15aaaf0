"""What ``columns`` prints: all that a file says of its columns, and nothing about a person."""

import numpy as np
import pandas as pd
import pytest
from study_files import FOLDER, shared, write_sav

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.study.column_listing import list_columns


def by_column(text):
    """The lines of every column, by its name."""
    parts = {}
    for line in text.splitlines():
        if line.startswith("  ") and not line.startswith("   "):
            name = line.strip().partition(":")[0]
            parts[name] = []
        elif line.startswith("    "):
            parts[name].append(line.strip())
    return parts


def test_every_column_and_every_row_is_there():
    wave = op.read_wave(FOLDER / "wave1.sav")
    text = list_columns([FOLDER / "wave1.sav"])
    assert text.startswith("wave1.sav (utf-8): 11 columns, 1,500 rows\n")
    parts = by_column(text)
    assert list(parts) == list(wave.frame.columns)
    counted = wave.frame["q12"].value_counts()
    rows = {line.split()[0]: line.split()[1] for line in parts["q12"][1:]}
    blanks = int(wave.frame["q12"].isna().sum())
    assert rows == {f"{code:.0f}": str(n) for code, n in counted.items()} | {"blank": str(blanks)}
    assert "(declared missing)" in " ".join(parts["q12"])
    # No state is looked at, so no column of them is printed.
    assert parts["q12"][0].split() == ["code", "rows", "label"]


@pytest.mark.parametrize("word", ["ПОДДЕРЖ", "поддерж", "operation", "OPERATION"])
def test_words_are_found_in_any_case(word):
    text = list_columns([FOLDER / "wave1.sav", FOLDER / "wave2.sav"], search=word)
    assert text.count(" columns, ") == 2
    assert "q12" in by_column(text)
    assert "gender" not in by_column(text)


def test_names_labels_and_answers_are_searched(tmp_path):
    frame = pd.DataFrame({"q7": [1, 2] * 10, "other": ["for", "against"] * 10})
    write_sav(tmp_path / "w.sav", frame, {"q7": {1: "Rather for", 2: "No"}})
    found = {
        word: list(by_column(list_columns([tmp_path / "w.sav"], search=word)))
        for word in ("Q7", "for", "against", "no")
    }
    assert found == {"Q7": ["q7"], "for": ["q7", "other"], "against": ["other"], "no": ["q7"]}


def test_a_word_that_no_column_has():
    with pytest.raises(SelectionError, match=r"No column has 'vote' .* leave --search out"):
        list_columns([FOLDER / "wave1.sav"], search="vote")


def test_nobody_is_named_or_found(tmp_path):
    """Ids, open answers, numbers of few people and labels in people's own words are counted."""
    words = [f"since my {thing} left" for thing in ("aunt", "dog", "son", "boss", "friend")]
    labels = dict(enumerate(["no", *words, "yes"], start=1))
    frame = pd.DataFrame(
        {
            "resp": np.arange(7001, 7121),
            "open": ["nothing"] * 115 + words,
            "code": [1.0] * 60 + [7.0] * 55 + [2.0, 3.0, 4.0, 5.0, 6.0],
            "income": np.linspace(1200.5, 9999.5, 120),
        }
    )
    write_sav(tmp_path / "w.sav", frame, {"code": labels})
    text = list_columns([tmp_path / "w.sav"])
    for shown in ("7001", "aunt", "dog", "1200", "9999"):
        assert shown not in text
    parts = by_column(text)
    assert parts["resp"] == ["not named: 120 values of 120 people"]
    assert parts["open"][-1] == "not named: 5 values of 5 people"
    assert "5 labels of few people left out" in " ".join(parts["code"])
    assert "read_wave(…).frame[column]" in text
    # Nor does a search tell what they say.
    for word in ("aunt", "7001"):
        with pytest.raises(SelectionError):
            list_columns([tmp_path / "w.sav"], search=word)


def test_ids_of_a_long_file_stand_often_and_are_not_shown(tmp_path):
    ids = np.repeat(np.arange(501, 541), 6)
    frame = pd.DataFrame({"person": ids, "wave": np.tile(range(1, 7), 40), "q": ids % 3})
    frame.to_csv(tmp_path / "all.csv", index=False)
    parts = by_column(list_columns([tmp_path / "all.csv"]))
    assert parts["person"] == ["the person id, of which no value is shown"]
    assert len(parts["q"]) == 4


def test_columns_that_hold_no_answers(tmp_path):
    frame = pd.DataFrame({"q": [1, 2] * 10, "parts": [[1, 2]] * 20})
    frame.to_parquet(tmp_path / "w.parquet")
    parts = by_column(list_columns([tmp_path / "w.parquet"]))
    assert len(parts["q"]) == 3
    assert "holds lists or other structures" in parts["parts"][0]


def test_real_files_of_several_encodings():
    files = shared("chronicles/ch01.sav", "chronicles/ch02.sav", "chronicles/ch11.sav")
    text = list_columns(files, search="доверяете официальной")
    assert "ch01.sav (windows-1251): 1 of 42 columns" in text
    assert "ch11.sav (utf-8): 0 of 63 columns" in text


def test_texts_of_a_file_stay_within_their_lines(tmp_path):
    frame = pd.DataFrame({"q": ["yes\x1b[31m\n  w2: forged", "no\u202e"] * 10})
    frame.to_parquet(tmp_path / "w.parquet")
    text = list_columns([tmp_path / "w.parquet"])
    assert r"yes\x1b[31m\n  w2: forged" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert list(by_column(text)) == ["q"]
