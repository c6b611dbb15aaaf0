"""What a declaration says of texts, dates and files."""

import pandas as pd
import pytest
from study_files import PERSON, SIMPLE, WAVES, faults

import opinionpanel as op
from opinionpanel.study.checking import check_study

READ_AS = """title = "A"
person = "id"
blanks = ["NA"]
text = ["id"]
[[waves]]
name = "w1"
file = "w1.csv"
skip_rows = [1, 3]
[[waves]]
name = "w2"
file = "all.xlsx"
sheet = 2
skip_rows = 1
[[waves]]
name = "w3"
file = "all.xlsx"
sheet = "June"
[items.a]
column = "a"
states = {yes = [1], no = [2]}
"""


def test_how_files_are_read(tmp_path):
    lines = "".join(f"0.{row},{'NA' if row == 1 else 1 + row % 2}\n" for row in range(1, 9))
    (tmp_path / "w1.csv").write_text(f"Title\nid,a\nNumber,Question\n{lines}")
    with pd.ExcelWriter(tmp_path / "all.xlsx") as book:
        frame = pd.DataFrame({"id": [f"0.{row}" for row in range(1, 9)], "a": [1, 2] * 4})
        frame.to_excel(book, sheet_name="June", index=False)
        frame.to_excel(book, sheet_name="May", index=False, startrow=1)
    path = tmp_path / "study.toml"
    path.write_text(READ_AS)
    assert faults(path) == []
    assert check_study(path)[1].faults == []
    panel = op.read_study(path).panel
    assert (panel.answers["a"] >= 0).sum(axis=1).tolist() == [7, 8, 8]
    for wrong, key, say in (
        ("skip_rows = 0", "waves.1.skip_rows", "how many first rows to leave out"),
        ("sheet = 0", "waves.1.sheet", "the name of a sheet, or its number from 1"),
    ):
        path.write_text(READ_AS.replace("skip_rows = [1, 3]", wrong))
        assert any(one.startswith(f"{key}: ") and say in one for one in faults(path))
    path.write_text(READ_AS.replace("skip_rows = [1, 3]", "sheet = 1"))
    with pytest.raises(op.OpinionPanelError, match=r"w1\.csv: sheet= is for Excel files"):
        op.read_study(path)


def test_texts_are_given_by_language(study):
    path = study(
        """
        title = {ru = "Исследование", en = "A study"}
        source = "Nobody"
        mode = {ru = "Телефон"}
        person = {w1 = "id", w2 = "wid"}
        groups = {gender = {column = "sex", label = {en = "Gender", ru = "Пол"}}}
        labels = {w1 = {en = "First", ru = "Первая"}, yes = "Yes, in general"}
        [items.a]
        column = "a"
        states = {yes = [1], no = [2, "(blank)"]}
        rest = "missing"
        label = {en = "Trust", ru = "Доверие"}
        labels = {yes = {ru = "Да"}, no = "Nein"}
        """,
        waves="""
        [[waves]]
        name = "w1"
        file = "w1.csv"
        notes = {en = "New wording.", ru = "Новая формулировка."}
        [[waves]]
        name = "w2"
        file = "w2.csv"
        mode = "Web"
        """,
    )
    read = op.read_study(path)
    assert (read.title, read.source, read.panel.item("a").label) == ("A study", "Nobody", "Trust")
    russian = read.in_language("ru")
    assert (russian.title, russian.panel.item("a").label) == ("Исследование", "Доверие")
    assert russian.names("a") == {"gender": "Пол", "w1": "Первая", "yes": "Да", "no": "Nein"}
    assert read.names() == {"gender": "Gender", "w1": "First", "yes": "Yes, in general"}
    assert russian.of_wave("w1") == {"mode": "Телефон", "notes": "Новая формулировка."}
    assert russian.of_wave("w2") == {"mode": "Web"}


def test_texts_by_language_have_faults_of_their_own(study):
    path = study(
        """
        mode = {russian = "Телефон"}
        person = "id"
        [items.a]
        column = "a"
        states = {yes = [1], no = [2]}
        labels = {yess = "Yes"}
        question = {}
        """
    )
    assert faults(path) == [
        "mode.russian: must be the code of a language, such as en or ru",
        "items.a.question: is empty",
        "items.a.labels.yess: there is no such state. Did you mean 'yes'? Known: 'yes', 'no'.",
    ]


@pytest.mark.parametrize(
    ("written", "words", "told"),
    [
        ("[2024-07-08, 2024-07-17]", "8–17 July 2024", True),
        ('["2024-07-08", 2024-07-17]', "8–17 July 2024", True),
        ("2024-07-08", "8 July 2024", True),
        ("2024-07-08T10:00:00", "8 July 2024", True),
        ('"8–17 July 2024"', "8–17 July 2024", True),
        ('"summer of 2024"', "summer of 2024", False),
    ],
)
def test_fieldwork_is_days_or_words(study, written, words, told):
    waves = WAVES.replace('"w1.csv"', f'"w1.csv"\nfieldwork = {written}')
    panel = op.read_study(study(PERSON + SIMPLE, waves=waves)).panel
    assert panel.dates == {"w1": words}
    assert ("w1" in panel.days) is told


@pytest.mark.parametrize(
    ("written", "say"),
    [
        ("[2024-07-17, 2024-07-08]", "the last day, 2024-07-08, is before the first, 2024-07-17"),
        ("[2024-07-08, 2024-07-17, 2024-07-18]", "3 days. Give the first and the last"),
        ('["{8}", "July"]', "'{8}' is no day. Write days as 2024-07-08"),
        ("[]", "0 days"),
        ("10:00:00", "must be the first and the last day, [2024-07-08, 2024-07-17], one day, or"),
        ("{first = 2024-07-08}", "must be the first and the last day"),
        ("[true]", "must be the first and the last day"),
    ],
)
def test_fieldwork_that_is_none_is_a_fault_of_its_wave(study, written, say):
    waves = WAVES.replace('"w1.csv"', f'"w1.csv"\nfieldwork = {written}')
    path = study(PERSON + SIMPLE, waves=waves)
    (fault,) = faults(path)
    assert fault.startswith(f"waves.1.fieldwork: {say}")
    # The rest is looked at all the same.
    text, keys = check_study(path)
    assert keys.faults == [fault]
    assert "Panel: 2 waves" in text
