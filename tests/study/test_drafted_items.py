"""The draft of an item: labels that change, codes that look like no answer."""

import tomllib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from study_files import drafted, write_sav

import opinionpanel as op
from opinionpanel.questions import nameable
from opinionpanel.study.drafted_items import item_lines
from opinionpanel.study.guessing import GuessedColumn
from opinionpanel.waves import Wave


@pytest.fixture
def turned(tmp_path):
    """Two waves in which code 1 and 2 change their labels, with awkward texts."""
    frame = pd.DataFrame(
        {
            "respondent": np.arange(1, 61),
            "row": np.arange(60) + 0.25,
            "ves": np.tile([0.5, 1.5], 30),
            "trust": np.tile([1.0, 2.0, 8.0, 9.0, np.nan], 12),
            "city": [f"town {number}" for number in range(60)],
        }
    )
    wording = {"trust": 'Do you "trust"\\them?', "respondent": "Number"}
    missing = {"trust": [8, 9]}
    long = "a label that is much longer than any name of a state may be, "
    first = {1: "Yes", 2: 'N"o"\\', 8: long + "one", 9: "not asked"}
    second = {1: 'N"o"\\', 2: "Yes", 8: long + "two", 9: "not asked"}
    later = frame.assign(respondent=frame["respondent"] + 20)
    return [
        write_sav(tmp_path / "one.sav", frame, {"trust": first}, wording, missing),
        write_sav(tmp_path / "two.sav", later, {"trust": second}, wording, missing),
    ]


def test_labels_that_change(turned, tmp_path):
    study, text, faults = drafted(turned, tmp_path)
    assert faults == []
    assert study["person"] == "respondent"
    assert study["design"]["weight"] == "ves"
    item = study["items"]["trust"]
    assert item["question"] == 'Do you "trust"\\them?'
    assert item["not_asked"] == ["not asked"]
    assert item["states"]["Yes"] == ["Yes"]
    assert [len(codes) for codes in item["states"].values()] == [1, 1, 1, 1]
    assert "other labels in another wave" in text
    assert "declared missing in the file" in text
    panel = op.read_study(tmp_path / "study.toml").panel
    # Code 1 is "Yes" in the first wave and code 2 in the second.
    yes = panel.items["trust"].state_names.index("Yes")
    assert (panel.answers["trust"] == yes).sum(axis=1).tolist() == [12, 12]
    # Nobody's id, and no open answer.
    assert "town 1" not in text
    assert list(study["items"]) == ["trust"]


def test_columns_without_labels_and_ids_that_repeat(tmp_path):
    frame = pd.DataFrame({"uid": [*range(99), 0], "h7": np.tile([1, 2, 998, 999], 25)})
    frame.to_csv(tmp_path / "may.csv", index=False)
    frame.assign(uid=range(100), h7=np.tile([1, 3, 998, 999], 25)).to_csv(
        tmp_path / "june.csv", index=False
    )
    study, text, faults = drafted([tmp_path / "may.csv", tmp_path / "june.csv"], tmp_path)
    assert [wave["name"] for wave in study["waves"]] == ["may", "june"]
    assert "duplicates: at may, 2 rows have the id of another row" in text
    assert "june: 1, 3, 998, 999" in text
    assert "998 = [998]  # often: don't know, or no answer" in text
    assert "weight" not in study["design"]
    assert len(faults) == 1
    assert "2 row(s) have no person id" in faults[0]


def test_codes_for_no_interview_are_drafted(tmp_path):
    labels = {1: "yes", 2: "no", 8: "Dropped out", 9: "No post-election interview"}
    for wave, answers in {"w1": [1, 2, 1, 8], "w2": [1, 2, 9, 8]}.items():
        frame = pd.DataFrame({"id": range(4), "h7": answers})
        write_sav(tmp_path / f"{wave}.sav", frame, {"h7": labels})
    study, _, faults = drafted([tmp_path / "w1.sav", tmp_path / "w2.sav"], tmp_path)
    (item,) = study["items"].values()
    assert item["no_interview"] == [9]
    # To have dropped out may be an answer: of school, for one.
    assert item["states"]["Dropped out"] == [8]
    assert faults == []


codes = st.one_of(st.integers(-9, 999), st.text("abcdef ", min_size=1, max_size=50))
columns = st.dictionaries(codes, st.integers(1, 50), min_size=1, max_size=8)


@given(st.lists(columns, min_size=1, max_size=3), st.booleans())
def test_every_code_has_one_place(people, labelled):
    """Without labels that differ, each code of any wave that may be named is in one state."""
    labels = {code: f"label {code}" for one in people for code in one} if labelled else {}
    question = {
        f"w{place}": GuessedColumn(f"w{place}", "q", "", labels, one)
        for place, one in enumerate(people)
    }
    waves = {wave: Wave(pd.DataFrame({"q": []})) for wave in question}
    item = tomllib.loads("\n".join(item_lines("q", question, waves)))["items"]["q"]
    placed = [code for state in item["states"].values() for code in state]
    every = {code for one in people for code in one}
    named = {code for one in people for code in nameable(one, labels)}
    assert sorted(placed, key=str) == sorted(named, key=str)
    assert ("rest" in item) == (named < every)
    assert item["column"] == "q"


def test_a_column_by_wave_where_a_wave_has_none():
    question = {"w1": GuessedColumn("w1", "q1", "", {}, {1: 5, 2: 5})}
    waves = {wave: Wave(pd.DataFrame({"q1": []}), wording={"q1": "Why?"}) for wave in ("w1", "w2")}
    item = tomllib.loads("\n".join(item_lines("q 1", question, waves)))["items"]["q 1"]
    assert item["column"] == {"w1": "q1"}
    assert item["question"] == "Why?"


def test_codes_with_one_label_are_one_state():
    labels = {1: "yes", 2: "no", 7: "yes"}
    question = {"w1": GuessedColumn("w1", "q", "", labels, dict.fromkeys(labels, 20))}
    lines = item_lines("q", question, {"w1": Wave(pd.DataFrame({"q": []}))})
    item = tomllib.loads("\n".join(lines))["items"]["q"]
    assert item["states"] == {"yes": [1, 7], "no": [2]}


def test_answers_of_few_people_are_left_out_and_counted():
    question = {
        "w1": GuessedColumn("w1", "q", "", {}, {"yes": 90, "no": 80, "Ann's, in May": 1, "?": 2}),
        "w2": GuessedColumn("w2", "q", "", {}, {"yes": 90, "no": 80, "Bob": 1, "ask Bob": 2}),
    }
    text = "\n".join(item_lines("q", question, dict.fromkeys(question, Wave(pd.DataFrame()))))
    assert "#   w1: 1 other answer, 1 person." in text
    assert "#   w2: 2 other answers, 3 people." in text
    assert not any(name in text for name in ("Ann", "Bob"))
    item = tomllib.loads(text)["items"]["q"]
    assert (item["rest"], set(item["states"])) == ("missing", {"yes", "no", "?"})


def test_a_label_in_own_words_is_no_state():
    labels = {1: "no", 2: "not since Ann left", 3: "till 9 May", 4: "yes"}
    question = {"w1": GuessedColumn("w1", "q", "", labels, {1: 90, 2: 1, 3: 2, 4: 80})}
    text = "\n".join(item_lines("q", question, {"w1": Wave(pd.DataFrame())}))
    assert tomllib.loads(text)["items"]["q"]["states"] == {
        "no": [1],
        "2": [2],
        "3": [3],
        "yes": [4],
    }
    assert "# w1: 2 labels of few people left out" in text, "why states are numbers is said"
