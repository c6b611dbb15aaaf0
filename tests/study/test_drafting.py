"""What ``init`` writes: valid TOML, good guesses, and nothing about a person."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from study_files import FOLDER, drafted, shared

import opinionpanel as op
from opinionpanel.errors import ReadError, StudyError
from opinionpanel.study.checking import check_study
from opinionpanel.study.drafting import draft_study, write_draft


def test_bundled_waves(tmp_path):
    files = [FOLDER / f"wave{number}.sav" for number in (1, 2, 3, 4)]
    study, text, faults = drafted(files, tmp_path)
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
    assert '# due = {wave1 = ["wave1", "wave4"]}' in text


def test_one_wave_alone(tmp_path):
    study, text, faults = drafted([FOLDER / "wave1.sav"], tmp_path)
    assert faults == []
    assert "due =" not in text
    assert list(study["items"]) == ["q12", "q20", "q31", "settlement_type"]


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


def test_refusals(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text("mine")
    with pytest.raises(StudyError, match="exists already"):
        write_draft([FOLDER / "wave1.sav"], path)
    assert path.read_text() == "mine"
    with pytest.raises(ReadError, match="There is no file"):
        write_draft([tmp_path / "none.sav"], tmp_path / "new.toml")
    assert not (tmp_path / "new.toml").exists()


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
