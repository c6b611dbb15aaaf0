"""Guesses from wave files alone: who is who, weights, groups and what is fixed."""

import numpy as np
import pandas as pd
from study_files import drafted, shared

import opinionpanel as op
from opinionpanel.study.guessed_traits import guess_fixed, guess_groups
from opinionpanel.study.guessed_weights import guess_weights
from opinionpanel.study.guessing import (
    GuessedColumn,
    guess_person,
    survey_columns,
)
from opinionpanel.waves import Wave


def test_no_id_is_said_in_the_draft(tmp_path):
    for wave in ("a", "b"):
        pd.DataFrame({"x": np.tile([1, 2], 50), "y": np.tile([1, 2, 3, 4], 25)}).to_csv(
            tmp_path / f"{wave}.csv", index=False
        )
    study, text, faults = drafted([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path)
    assert study["person"] == "none"
    assert "no column links the waves; were other people asked at each?" in text
    assert not faults


def test_ids_of_several_waves(tmp_path):
    """The third wave knows people by the ids of the first and of the second, and has its own."""
    rng = np.random.default_rng(3)
    people = np.arange(60)
    ids = {"id_1": people + 1000, "id_2": people + 2000, "id_3": people + 3000}
    member = {"id_1": people < 40, "id_2": (people >= 20) & (people < 50), "id_3": people >= 0}
    paths = []
    for wave in (1, 2, 3):
        here = member[f"id_{wave}"]
        known = {name: np.where(member[name], number, np.nan) for name, number in ids.items()}
        frame = pd.DataFrame({name: known[name] for name in list(ids)[:wave]})[here]
        paths.append(tmp_path / f"w{wave}.csv")
        frame.astype("Int64").assign(q=rng.integers(1, 3, len(frame))).to_csv(
            paths[-1], index=False
        )
    study, text, faults = drafted(paths, tmp_path)
    assert faults == []
    assert study["person"] == {"w1": "id_1", "w2": ["id_1", "id_2"], "w3": ["id_1", "id_2", "id_3"]}
    assert "# person, as several waves have them; blanks are skipped." in text
    panel = op.read_study(tmp_path / "study.toml").panel
    assert panel.present.shape == (3, 60)
    assert panel.present.sum(axis=1).tolist() == [40, 30, 60]


def test_yougov(tmp_path):
    files = shared(*(f"yougov_rhode_island/wave{number}.sav" for number in (4, 5)))
    study, _, faults = drafted(files, tmp_path)
    assert study["person"] == {"wave4": "caseid", "wave5": ["caseid_BROW0016", "caseid_BROW0017"]}
    assert study["design"]["weight"] == "weight_RI"
    assert study["fixed"] == ["birthyr", "gender_client"]
    assert study["items"]["q6"]["not_asked"] == [9]
    assert faults == []
    panel = op.read_study(tmp_path / "study.toml").panel
    assert panel.present.all(axis=0).sum() == 175


def test_yougov_weights(tmp_path):
    files = shared(*(f"yougov_rhode_island/wave{number}.sav" for number in (4, 5, 6)))
    study, _, _ = drafted(files, tmp_path)
    # In wave 5 `weight` is blank for 174 of the 175 people who were asked in wave 4.
    expected = {"wave4": "weight_RI", "wave5": "weight_RI", "wave6": "weight"}
    assert study["design"]["weight"] == expected


def test_yougov_four_waves(tmp_path):
    files = shared(*(f"yougov_rhode_island/wave{number}.sav" for number in (3, 4, 5, 6)))
    study, _, faults = drafted(files, tmp_path)
    assert study["person"]["wave6"][-1] == "caseid"
    assert set(study["person"]["wave6"][:-1]) == {"caseid_15", "caseid_16", "caseid_17"}
    assert faults == []


def test_chronicles_are_no_panel(tmp_path):
    files = shared("chronicles/ch01.sav", "chronicles/ch02.sav")
    study, _, faults = drafted(files, tmp_path)
    assert study["fixed"] == ["GENDER", "AGE"]
    assert study["design"]["weight"] == "wes_age_gender_tnp"
    assert len(faults) == 1
    assert "hardly the same people" in faults[0]


def made(seed=1, people=200):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "resp_id": 5_000 + np.arange(people),
            "sex": rng.integers(1, 3, people),
            "birth_year": rng.integers(1940, 2005, people),
            "wgt": rng.lognormal(0, 0.3, people) / 1.05,
            "income": rng.lognormal(8, 1, people),
            "q1": rng.integers(1, 5, people),
        }
    )


def test_roles_of_columns_by_what_they_hold_and_are_called():
    frame = made()
    waves = {"w1": Wave(frame), "w2": Wave(frame.sample(frac=0.8, random_state=1))}
    columns = survey_columns(waves)
    person = guess_person(waves)
    assert person == {"w1": ["resp_id"], "w2": ["resp_id"]}
    assert guess_weights(waves, columns, person) == {"w1": ["wgt"], "w2": ["wgt"]}
    assert guess_groups(columns) == {"gender": {"w1": "sex", "w2": "sex"}}
    assert guess_fixed(columns, []) == ["sex", "birth_year"]
    assert guess_fixed(columns, ["sex"]) == ["birth_year"]


def test_waves_of_other_people_have_no_id_in_common():
    frame = made().rename(columns={"resp_id": "number"})
    others = frame.assign(number=frame["number"] + 10_000)
    found = guess_person({"w1": Wave(frame), "w2": Wave(others)})
    assert "w2" not in found


def test_a_question_is_a_few_answers_that_people_share():
    few = GuessedColumn("w1", "q", "", {}, {1: 50, 2: 50})
    text = GuessedColumn("w1", "q", "", {}, {f"my view {place}": 1 for place in range(9)})
    single = GuessedColumn("w1", "q", "", {}, {1: 100})
    assert [column.is_question() for column in (few, text, single)] == [True, False, False]


def test_years_of_age_may_be_cut_into_bands(tmp_path):
    for wave, name in (("a", "age"), ("b", "ALTER")):
        people = pd.DataFrame({"id": range(200), "q": np.tile([1, 2], 100)})
        people[name] = 18 + people["id"] % 60
        people["package"] = people["id"] % 60
        people.to_csv(tmp_path / f"{wave}.csv", index=False)
    _, text, faults = drafted([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path)
    line = '# age = {column = {a = "age", b = "ALTER"}, bands = [18, 30, 45, 60]}'
    assert line in text.splitlines()
    assert faults == []
    path = tmp_path / "study.toml"
    path.write_text(
        text.replace("# [groups]", "[groups]").replace(line, line[2:]), encoding="utf-8"
    )
    assert op.read_study(path).panel.groups["age"].categories[0] == "18–29"
