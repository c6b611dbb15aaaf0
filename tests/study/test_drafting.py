"""What ``init`` writes: valid TOML, good guesses, and nothing about a person."""

import tomllib

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, strategies as st
from places import REAL_FILES

import opinionpanel as op
from opinionpanel.errors import ReadError, StudyError
from opinionpanel.study.checking import check_study
from opinionpanel.study.drafting import _more_lines, draft_study, write_draft
from opinionpanel.study.guessing import GuessedColumn
from opinionpanel.study.toml_text import toml_comment, toml_key, toml_text

FOLDER = op.datasets.folder("attitudes_2024")
SHARED = REAL_FILES


def shared(*files):
    paths = [SHARED / file for file in files]
    if not all(path.is_file() for path in paths):
        pytest.skip("the real survey files are not here")
    return paths


def drafted(paths, folder):
    """The draft as TOML, and what check says of it."""
    path = write_draft(paths, folder / "study.toml")
    text = path.read_text(encoding="utf-8")
    _, keys = check_study(path)
    return tomllib.loads(text), text, keys.faults


@given(st.text())
def test_any_text_can_be_written(text):
    assert tomllib.loads(f"{toml_key(text)} = {toml_text(text)}  # {toml_comment(text)}") == {
        text: text
    }


def test_bundled_waves(tmp_path):
    study, _, faults = drafted([FOLDER / f"wave{number}.sav" for number in (1, 2, 3, 4)], tmp_path)
    assert faults == []
    assert study["person"] == "resp_id"
    assert study["design"] == {"weight": "wgt"}
    assert study["fixed"] == ["gender"]
    assert study["groups"] == {"gender": "first", "age_group": "first", "region": "first"}
    # The question has another name in the first wave, and the same wording.
    item = study["items"]["q12"]
    assert item["column"] == {"wave1": "q12", "wave2": "q9", "wave3": "q9", "wave4": "q9"}
    assert item["states"]["затрудняюсь ответить / hard to say"] == [3]
    assert len(item["states"]) == 7
    panel = op.read_study(tmp_path / "study.toml").panel
    assert panel.present.sum() == 1500 + 1192 + 1137 + 1051


def test_one_wave_alone(tmp_path):
    study, _, faults = drafted([FOLDER / "wave1.sav"], tmp_path)
    assert faults == []
    assert list(study["items"]) == ["settlement_type", "q12", "q20", "q31"]


def write_sav(path, frame, labels, wording=None, missing=None):
    pyreadstat.write_sav(
        frame,
        path,
        variable_value_labels=labels,
        column_labels=wording or {},
        missing_ranges=missing or {},
    )
    return path


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
    assert "may: 2 rows share their id" in text
    assert "june: 1, 3, 998, 999" in text
    assert "998 = [998]  # often: don't know, or no answer" in text
    assert "weight" not in study["design"]
    assert len(faults) == 1
    assert "stand in more than one row" in faults[0]


def test_no_id_is_said_in_the_draft(tmp_path):
    for wave in ("a", "b"):
        pd.DataFrame({"x": np.tile([1, 2], 50), "y": np.tile([1, 2, 3, 4], 25)}).to_csv(
            tmp_path / f"{wave}.csv", index=False
        )
    study, text, faults = drafted([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path)
    assert study["person"] == "FILL IN"
    assert "# NOT FOUND in a, b" in text
    assert all("no column 'FILL IN'" in fault for fault in faults)


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
    assert text.endswith("# too many codes to draft (over 30), write by hand:\n#   county\n")
    column = GuessedColumn("a", "q", "", {}, {1: 2, 2: 2})
    lines = _more_lines([{"a": column, "b": column}, {"b": column, "c": column}], [])
    assert lines == ["# 1 more columns look like questions of several waves:", "#   q"]


@pytest.mark.parametrize(
    ("names", "said"), [(("w1", "w10", "w2"), True), (("w1", "w2", "w10"), False)]
)
def test_waves_in_the_order_of_the_shell(tmp_path, names, said):
    for name in names:
        pd.DataFrame({"id": range(20), "q": [1, 2] * 10}).to_csv(
            tmp_path / f"{name}.csv", index=False
        )
    study, text, _ = drafted([tmp_path / f"{name}.csv" for name in names], tmp_path)
    assert [wave["name"] for wave in study["waves"]] == list(names)
    assert ("the numbers in the names do not ascend" in text) == said


def test_waves_of_one_name(tmp_path):
    for wave in ("may", "june"):
        (tmp_path / wave).mkdir()
        pd.DataFrame({"id": range(60), "q": [1, 2] * 30}).to_csv(
            tmp_path / wave / "data.csv", index=False
        )
    files = [tmp_path / wave / "data.csv" for wave in ("may", "june")]
    study, _, faults = drafted(files, tmp_path)
    assert faults == []
    assert [wave["name"] for wave in study["waves"]] == ["may data", "june data"]
    assert [wave["file"] for wave in study["waves"]] == ["may/data.csv", "june/data.csv"]
    with pytest.raises(StudyError, match="named twice"):
        draft_study([files[0], files[0]], tmp_path)


def test_an_encoding_that_the_file_does_not_say(tmp_path):
    frame = pd.DataFrame({"id": range(60), "ответ": ["за", "против", "не знаю"] * 20})
    frame.to_csv(tmp_path / "w.csv", index=False, encoding="windows-1251")
    with pytest.raises(ReadError, match="It decodes with encoding='windows-1251'"):
        draft_study([tmp_path / "w.csv"], tmp_path)
    path = write_draft([tmp_path / "w.csv"], tmp_path / "study.toml", encoding="windows-1251")
    assert list(op.read_study(path).panel.items["ответ"].state_names) == ["за", "не знаю", "против"]


def test_a_format_that_loses_what_is_missing(tmp_path):
    frame = pd.DataFrame({"id": np.arange(60.0), "q": [1.0, 2.0] * 30})
    pyreadstat.write_por(frame, tmp_path / "w.por")
    _, text, faults = drafted([tmp_path / "w.por"], tmp_path)
    assert len(faults) == 1
    assert "lose which codes are declared missing" in faults[0]
    path = tmp_path / "study.toml"
    path.write_text(text.replace("# allow_lost", "allow_lost"), encoding="utf-8")
    assert check_study(path)[1].faults == []


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
    assert "# a list are ids of one person, as several waves have them; blanks are skipped." in text
    panel = op.read_study(tmp_path / "study.toml").panel
    assert panel.present.shape == (3, 60)
    assert panel.present.sum(axis=1).tolist() == [40, 30, 60]


def test_refusals(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text("mine")
    with pytest.raises(StudyError, match="exists already"):
        write_draft([FOLDER / "wave1.sav"], path)
    assert path.read_text() == "mine"
    with pytest.raises(ReadError, match="There is no file"):
        write_draft([tmp_path / "none.sav"], tmp_path / "new.toml")
    assert not (tmp_path / "new.toml").exists()


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


def test_covid_germany(tmp_path):
    files = shared("covid_germany/wave1.dta", "covid_germany/wave2.dta")
    study, text, faults = drafted(files, tmp_path)
    assert study["person"] == "be06_rv2"
    assert study["groups"]["gender"] == {"column": "sd02", "use": "first"}
    assert len(faults) == 1
    assert "stand in more than one row" in faults[0]
    # The draft says what to do: one mark is taken away.
    path = tmp_path / "study.toml"
    path.write_text(text.replace("# duplicates", "duplicates"), encoding="utf-8")
    assert op.read_study(path).panel.present.all(axis=0).sum() > 900


def test_vu_netherlands(tmp_path):
    files = shared(*(f"vu_netherlands/wave{number}.csv" for number in range(5)))
    study, text, faults = drafted(files, tmp_path)
    assert study["person"] == "iisID"
    assert faults == []
    assert "did the coding change" in text.split("[items.H7]")[1].split("[items.H7.states]")[0]


def test_chronicles_are_no_panel(tmp_path):
    files = shared("chronicles/ch01.sav", "chronicles/ch02.sav")
    study, _, faults = drafted(files, tmp_path)
    assert study["fixed"] == ["GENDER", "AGE"]
    assert study["design"]["weight"] == "wes_age_gender_tnp"
    assert len(faults) == 1
    assert "hardly the same people" in faults[0]
