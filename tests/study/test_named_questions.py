"""Items that an analyst names: those, in that order, or a refusal that helps."""

import tomllib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from study_files import FOLDER, shared

from opinionpanel.errors import SelectionError
from opinionpanel.study.drafting import draft_study
from opinionpanel.study.guessing import GuessedColumn
from opinionpanel.study.named_questions import named_questions

WAVES = [FOLDER / "wave1.sav", FOLDER / "wave2.sav"]
NAMES = ["a", "b", "c", "d"]
COLUMNS = {
    wave: [GuessedColumn(wave, name, "", {}, {1: 20, 2: 20, 3: n}) for n, name in enumerate(NAMES)]
    for wave in ("w1", "w2")
}


@given(st.lists(st.sampled_from(NAMES), min_size=1))
def test_exactly_those_in_that_order(names):
    found = named_questions(names, COLUMNS, None)
    assert [one.question["w1"].name for one in found] == list(dict.fromkeys(names))
    assert all(list(one.question) == ["w1", "w2"] and not one.doubts for one in found)


def items(files, folder, *names):
    text = draft_study(files, folder, items=names)
    return tomllib.loads(text)["items"], text


def test_a_question_by_another_name_in_another_wave_comes_along(tmp_path):
    found, text = items(WAVES, tmp_path, "q20", "q12")
    assert list(found) == ["q20", "q12"]
    assert found["q12"]["column"] == {"wave1": "q12", "wave2": "q9"}
    assert "more columns look like" not in text
    # By either name, and once; what the draft takes for a group is an item where it is named.
    found, _ = items(WAVES, tmp_path, "q9", "gender", "q12")
    assert list(found) == ["q12", "gender"]


def test_unknown_columns_and_those_without_a_few_answers(tmp_path):
    with pytest.raises(SelectionError) as refused:
        items(WAVES, tmp_path, "q112", "wgt", "q12", "resp_id")
    unknown, weight, person, hint = str(refused.value).splitlines()
    assert unknown.startswith("Unknown column 'q112'. Did you mean 'q12'?")
    assert weight.startswith("Column 'wgt' holds ")
    assert person.startswith("Column 'resp_id' holds 1,500 different values")
    assert "opinionpanel columns" in hint


def write_two(folder, second, codes=(1, 2, 3)):
    for wave, name, these in (("w1", "x", (1, 2, 3)), ("w2", second, codes)):
        frame = pd.DataFrame({"id": range(60), name: np.tile(these, 60 // len(these))})
        frame.to_csv(folder / f"{wave}.csv", index=False)
    return [folder / "w1.csv", folder / "w2.csv"]


def test_what_may_be_one_question_by_two_names(tmp_path):
    found, text = items(write_two(tmp_path, "y"), tmp_path, "x", "y")
    assert [item["column"] for item in found.values()] == [{"w1": "x"}, {"w2": "y"}]
    joined = '# column = {w1 = "x", w2 = "y"}'
    assert (
        f"# decide: is this item x by another name? Then give that the column below\n{joined}"
        in text
    )
    _, text = items(write_two(tmp_path, "y", codes=(7, 8, 9)), tmp_path, "x", "y")
    assert "by another name" not in text


def test_one_name_for_what_may_be_two_questions(tmp_path):
    found, text = items(write_two(tmp_path, "x", codes=(7, 8, 9)), tmp_path, "x")
    assert [item["column"] for item in found.values()] == [{"w1": "x"}, {"w2": "x"}]
    assert "# decide: the column has other words or codes at w2; one item or two?" in text


def test_a_wide_file(tmp_path):
    frame = pd.DataFrame({"id": range(60)})
    for name in ("trust", "vote"):
        for wave in (2019, 2021):
            frame[f"{name}_{wave}"] = np.tile([1, 2, 3], 20)
    frame.to_csv(tmp_path / "all.csv", index=False)
    for names in (["vote_2019", "trust_2021"], ["vote", "trust"]):
        found, _ = items([tmp_path / "all.csv"], tmp_path, *names)
        assert list(found) == ["vote", "trust"]


def test_rhode_island(tmp_path):
    files = shared(*(f"yougov_rhode_island/wave{number}.sav" for number in (3, 4, 5)))
    found, text = items(files, tmp_path, "q1", "q126")
    assert list(found) == ["q1", "q126"]
    assert '# column = {wave3 = "q1", wave4 = "q1", wave5 = "q126"}' in text
