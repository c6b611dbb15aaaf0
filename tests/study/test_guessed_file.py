"""Which files look like one for all waves, and what is drafted of them."""

import numpy as np
import pandas as pd
import pytest
from study_files import drafted, write_sav

import opinionpanel as op
from opinionpanel.study.guessed_file import guess_one_file

K = np.arange(120)
ANSWERS = {1: "yes", 2: "no", 9: "don't know"}


def people(**columns):
    return pd.DataFrame({"resp_id": 5000 + K, "sex": 1 + K % 2, **columns})


def answer(seed):
    return np.random.default_rng(seed).choice([1.0, 2.0, 9.0], len(K))


def long_frame(name="wave", waves=(1, 2, 3)):
    parts = [
        people(**{name: wave}, trust=answer(k), vote=answer(k + 9), wgt=0.5 + (K + k) % 4 / 3)
        for k, wave in enumerate(waves)
    ]
    return pd.concat([part[k * 7 :] for k, part in enumerate(parts)]).sort_values("resp_id")


def wide_frame(*names, base=()):
    """Questions by wave: each name a form, such as "q12_{}" for the waves of `base`."""
    columns = {
        form.format(wave): np.where(10 * place > K, np.nan, answer(10 * place + spot))
        for spot, form in enumerate(names)
        for place, wave in enumerate(base)
    }
    return people(**columns)


@pytest.mark.parametrize(
    "name", ["wave", "Wave_id", "welle", "syear", "волна", "surveyYear", "round"]
)
def test_a_long_file_has_a_column_of_waves(name):
    one = guess_one_file(op.Wave(long_frame(name)))
    assert one.wave == name
    assert list(one.waves) == ["1", "2", "3"]
    assert one.person["1"] == ["resp_id"]
    assert one.weights["3"][0] == "wgt"
    assert name not in {column.name for column in one.columns["1"]}
    assert one.ordered


def test_the_household_is_not_the_person():
    frame = long_frame("syear", (2018, 2019)).assign(hid=lambda frame: frame["resp_id"] // 2)
    assert guess_one_file(op.Wave(frame)).person["2018"] == ["resp_id"]


def test_waves_are_called_by_their_labels():
    labels = {"wave": {1.0: "Spring", 2.0: "Autumn", 3.0: "Winter"}}
    one = guess_one_file(op.Wave(long_frame(), labels=labels))
    assert list(one.waves) == ["Spring", "Autumn", "Winter"]


@pytest.mark.parametrize(
    "frame",
    [
        people(wave=1, trust=answer(1)),
        people(year=1950 + K % 40, trust=answer(1)),
        people(trust=answer(1), vote=answer(2)),
        people(q4_1=answer(1), q4_2=1 + K % 5, q4_3=answer(2), vote=answer(3)),
        people(q1=answer(1), q2=answer(2), q3=answer(3)),
    ],
    ids=["one wave", "year of birth", "plain", "one battery", "numbered questions"],
)
def test_a_file_of_one_wave_stays_one(frame):
    assert guess_one_file(op.Wave(frame)) is None


def test_a_battery_beside_questions_by_wave_is_none_of_them():
    frame = wide_frame("q12_{}", "q13_{}", base=(1, 2))
    battery = {f"b_{k}": answer(40 + k) for k in range(1, 5)}
    one = guess_one_file(op.Wave(frame.assign(**battery)))
    assert [list(question) for question in one.questions] == [["1", "2"]] * 2
    assert one.names == {"q12_1": "q12", "q13_1": "q13"}


def test_one_question_by_wave_is_told_by_its_labels():
    frame = wide_frame("support_{}", base=(1, 2))
    assert guess_one_file(op.Wave(frame)) is None
    labels = {f"support_{wave}": ANSWERS for wave in (1, 2)}
    assert list(guess_one_file(op.Wave(frame, labels=labels)).waves) == ["1", "2"]
    wording = {f"support_{wave}": f"Support, wave {wave}" for wave in (1, 2)}
    assert list(guess_one_file(op.Wave(frame, wording=wording)).waves) == ["1", "2"]


def test_batteries_with_other_words_are_no_waves():
    frame = wide_frame("q4_{}", "q5_{}", base=(1, 2, 3))
    wording = {f"q{q}_{k}": f"Trust in {'abc'[k - 1] * 9}" for q in (4, 5) for k in (1, 2, 3)}
    assert guess_one_file(op.Wave(frame, wording=wording)) is None
    options = {name: {1.0: "not selected", 2.0: "selected", 9.0: "skipped"} for name in wording}
    assert guess_one_file(op.Wave(frame, labels=options)) is None


WIDE = {
    "number at the end": (("q12_{}", "q13_{}"), (1, 2), ["1", "2"]),
    "word in front": (("{}_q12",), ("w1", "w2", "w10"), ["w1", "w2", "w10"]),
    "word in front, joined": (("{}q12", "{}q13"), ("w1", "w2"), ["w1", "w2"]),
    "word behind": (("trust_{}",), ("t1", "t2"), ["t1", "t2"]),
    "w behind": (("trust_{}",), ("w1", "w2"), ["w1", "w2"]),
    "year": (("vote{}", "trust_{}"), (2016, 2018), ["2016", "2018"]),
    "short year": (("support{}",), (74, 79), ["74", "79"]),
}


@pytest.mark.parametrize("name", WIDE)
def test_a_wide_file_has_columns_by_wave(name):
    forms, base, waves = WIDE[name]
    one = guess_one_file(op.Wave(wide_frame(*forms, base=base)))
    assert one.wave == ""
    assert list(one.waves) == waves
    assert [[column.name for column in question.values()] for question in one.questions] == [
        [form.format(wave) for wave in base] for form in forms
    ]
    assert one.person[waves[0]] == ["resp_id"]


@pytest.mark.parametrize("weight", ["w{}", "wgt{}", "w{}_weight", "WT_{}"])
def test_weights_of_a_wide_file_may_be_called_otherwise(weight):
    weights = {weight.format(wave): 0.5 + (K + wave) % 31 / 30 for wave in (1, 2)}
    frame = wide_frame("q12_{}", "q13_{}", base=(1, 2)).assign(**weights)
    one = guess_one_file(op.Wave(frame))
    assert {wave: names[0] for wave, names in one.weights.items()} == {
        str(wave): weight.format(wave) for wave in (1, 2)
    }


def test_drafts_can_be_read(tmp_path):
    frame = long_frame("year", (2018, 2020)).rename(columns={"trust": "Trust"})
    file = write_sav(tmp_path / "all.sav", frame, {"Trust": ANSWERS, "vote": ANSWERS})
    toml, text, faults = drafted([file], tmp_path)
    assert faults == []
    assert (toml["file"], toml["wave"], toml["person"]) == ("all.sav", "year", "resp_id")
    assert [wave["name"] for wave in toml["waves"]] == ["2018", "2020"]
    assert toml["design"] == {"weight": "wgt"}
    assert "gender" in toml["groups"]
    assert op.read_study(tmp_path / "study.toml").panel.waves == ("2018", "2020")
    assert "5000" not in text


def test_a_draft_of_a_wide_file_can_be_read(tmp_path):
    weights = {f"wgt_{wave}": 0.5 + (K + wave) % 3 / 2 for wave in (1, 2)}
    frame = wide_frame("q12_{}", "q13_{}", base=(1, 2)).assign(**weights)
    labels = {f"q{q}_{w}": ANSWERS for q in (12, 13) for w in (1, 2)}
    file = write_sav(tmp_path / "all.sav", frame, labels)
    toml, _, faults = drafted([file], tmp_path)
    assert faults == []
    assert "wave" not in toml
    assert toml["items"]["q12"]["column"] == {"1": "q12_1", "2": "q12_2"}
    assert toml["design"]["weight"] == {"1": "wgt_1", "2": "wgt_2"}
    assert op.read_study(tmp_path / "study.toml").panel.waves == ("1", "2")
    anonymous = tmp_path / "anonymous"
    anonymous.mkdir()
    file = write_sav(anonymous / "all.sav", frame.drop(columns="resp_id"), labels)
    toml, _, faults = drafted([file], anonymous)
    assert (faults, "person" in toml) == ([], False)


def test_waves_of_text_are_to_be_put_in_order(tmp_path):
    file = tmp_path / "all.csv"
    long_frame("wave", ("before", "amid", "after")).to_csv(file, index=False)
    toml, text, faults = drafted([file], tmp_path)
    assert faults == []
    assert "NOTE: text does not tell its order" in text
    assert {wave["name"] for wave in toml["waves"]} == {"before", "amid", "after"}


def test_a_wave_of_a_few_rows_is_not_drafted():
    frame = long_frame(waves=("spring", "autumn", "winter")).reset_index(drop=True)
    frame.loc[3, "wave"] = "asked by Ann"
    assert set(guess_one_file(op.waves.Wave(frame)).waves) == {"spring", "autumn", "winter"}
