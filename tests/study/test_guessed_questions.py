"""Which columns of several waves are one question, and which are not drafted."""

import numpy as np
import pandas as pd
from study_files import drafted

from opinionpanel.study.drafting import _more_lines
from opinionpanel.study.guessed_questions import guess_long, guess_questions
from opinionpanel.study.guessing import GuessedColumn


def test_more_questions_than_are_drafted(tmp_path):
    columns = {f"v{number}": np.tile([1, 2, 3], 20) for number in range(30)}
    for wave in ("a", "b"):
        pd.DataFrame({"id": range(60), **columns}).to_csv(tmp_path / f"{wave}.csv", index=False)
    study, text, faults = drafted([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path)
    assert faults == []
    assert len(study["items"]) == 20
    assert "# 10 more columns look like questions" in text
    assert "v29" in text


def test_questions_of_many_codes_and_of_one_name(tmp_path):
    rng = np.random.default_rng(4)
    many = {"county": rng.integers(0, 40, 400), "party": np.arange(400) % 25}
    frame = pd.DataFrame({"id": range(400), **many, "minutes": rng.integers(0, 4000, 400)})
    for wave in ("a", "b"):
        frame.to_csv(tmp_path / f"{wave}.csv", index=False)
    study, text, faults = drafted([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path)
    assert faults == []
    assert list(study["items"]) == ["party"]
    assert len(study["items"]["party"]["states"]) == 25
    assert text.endswith(
        "# too many codes to draft (over 30), write by hand; numbers, as of a thermometer, are "
        "scores:\n#   county\n"
    )
    column = GuessedColumn("a", "q", "", {}, {1: 2, 2: 2})
    lines = _more_lines([{"a": column, "b": column}, {"b": column, "c": column}], [])
    assert lines == ["# 1 more columns look like questions of several waves:", "#   q"]


def column(wave, name, wording="", labels=None):
    labels = labels or {1: "yes", 2: "no", 3: "maybe", 4: "never"}
    return GuessedColumn(wave, name, wording, labels, dict.fromkeys(labels, 30))


def names(questions):
    return [{wave: column.name for wave, column in question.items()} for question in questions]


def test_one_question_by_name_or_by_wording():
    asked = "do you trust the government of this country"
    columns = {
        "w1": [column("w1", "q1", asked), column("w1", "q2", "something else altogether")],
        "w2": [column("w2", "q2", "something else altogether"), column("w2", "x7", asked)],
    }
    assert names(guess_questions(columns, [])) == [
        {"w1": "q1", "w2": "x7"},
        {"w1": "q2", "w2": "q2"},
    ]
    assert names(guess_questions(columns, ["q2"])) == [{"w1": "q1", "w2": "x7"}]


def test_one_name_with_another_question_is_no_question_of_both():
    other = {1: "red", 2: "green", 3: "blue", 4: "grey"}
    columns = {
        "w1": [column("w1", "q1", "do you trust the government")],
        "w2": [column("w2", "q1", "which of these colours is nicest", other)],
    }
    assert guess_questions(columns, []) == []


def test_two_columns_that_fit_equally_are_left_apart():
    asked = "do you trust the government of this country"
    columns = {
        "w1": [column("w1", "a", asked)],
        "w2": [column("w2", "b", asked), column("w2", "c", asked)],
    }
    assert guess_questions(columns, []) == []


def test_questions_of_too_many_answers_are_named_only():
    many = dict.fromkeys(range(1, 41), 30)
    long = [GuessedColumn(wave, "party", "", {}, many) for wave in ("w1", "w2")]
    columns = {"w1": [long[0]], "w2": [long[1]]}
    assert guess_questions(columns, []) == []
    assert guess_long(columns, []) == ["party"]
    assert guess_long(columns, ["party"]) == []
