"""Studies whose waves stand in one file, long or wide: read, checked, and every fault listed."""

import numpy as np
import pandas as pd
import pytest
from study_files import code_table, write_sav

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError
from opinionpanel.study.checking import check_study

LABELS = {1: "Yes", 2: "No", 9: "DK"}
HEAD = 'title = "One"\nfile = "all.sav"\n'
LONG = HEAD + 'person = "id"\nwave = "year"\n'
STATES = "states = {yes = [1], no = [2], unsure = [9]}\n"
ITEM = '[items.v]\ncolumn = "v"\n' + STATES
WIDE_ITEM = '[items.v]\ncolumn = {"2016" = "v16", "2018" = "v18"}\n' + STATES
WAVES = '[[waves]]\nname = "2016"\nfieldwork = "May 2016"\n[[waves]]\nname = "2018"\n'


@pytest.fixture
def long(tmp_path):
    k = np.arange(30)
    first = pd.DataFrame({"id": 100.0 + k, "year": 2018.0, "v": np.tile([1.0, 2, 9], 10), "w": 1.5})
    frame = pd.concat([first, first.assign(year=2016.0, v=1.0)[5:]])
    write_sav(tmp_path / "all.sav", frame, {"v": LABELS}, missing={"v": [9]})
    return writing(tmp_path)


@pytest.fixture
def wide(tmp_path):
    k = np.arange(30)
    frame = pd.DataFrame(
        {
            "id": 100.0 + k,
            "v16": np.where(k < 5, np.nan, 1.0),
            "v18": np.tile([1.0, 2, 9], 10),
            "w16": 1.5,
            "w18": 0.5 + k % 2,
        }
    )
    write_sav(tmp_path / "all.sav", frame, {"v16": LABELS, "v18": LABELS}, missing={"v18": [9]})
    return writing(tmp_path)


def writing(folder):
    def write(text):
        path = folder / "study.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def faults(path):
    return check_study(path)[1].faults


@pytest.mark.parametrize("waves", ["", WAVES])
def test_a_long_file(long, waves):
    path = long(LONG + waves + ITEM + '[design]\nweight = "w"\n')
    text, keys = check_study(path)
    assert keys.faults == []
    assert code_table(text, "v", "2018")["9"] == ["10", "unsure", "DK", "(declared", "missing)"]
    assert code_table(text, "v", "2016")["1"][:2] == ["25", "yes"]
    panel = op.read_study(path).panel
    assert panel.waves == ("2016", "2018")
    assert panel.present.sum(axis=1).tolist() == [25, 30]
    assert panel.dates == ({"2016": "May 2016"} if waves else {})


def test_ids_of_a_long_file_may_be_in_several_columns(long):
    path = long(LONG.replace('"id"', '["id", "own"]') + ITEM)
    frame = op.read_wave(path.parent / "all.sav").frame
    own = frame["id"] + 900
    frame = frame.assign(own=own, id=frame["id"].where((frame["year"] > 2017) | (own > 1010), -1))
    write_sav(path.parent / "all.sav", frame, {"v": LABELS}, missing={"v": [9]})
    assert faults(path) == []
    assert op.read_study(path).panel.linkage().people.tolist() == [25, 30, 25, 25]


@pytest.mark.parametrize("waves", ["", WAVES])
@pytest.mark.parametrize("person", ["", 'person = "id"\n'])
def test_a_wide_file(wide, waves, person):
    design = '[design]\nweight = {"2016" = "w16", "2018" = "w18"}\n'
    path = wide(HEAD + person + waves + WIDE_ITEM + design)
    text, keys = check_study(path)
    assert keys.faults == []
    assert code_table(text, "v", "2016")["1"][:2] == ["25", "yes"]
    assert "2018, w18: 30 positive" in text
    panel = op.read_study(path).panel
    assert panel.waves == ("2016", "2018")
    assert panel.present.sum(axis=1).tolist() == [25, 30]


LONG_FAULTS = {
    LONG.replace("year", "yaer") + ITEM: "wave: all.sav has no column 'yaer'. Did you mean 'year'",
    LONG.replace("all.sav", "al.sav") + ITEM: "file: there is no file 'al.sav' .*'all.sav'",
    LONG.replace('"year"', '"id"') + ITEM: "wave: is the person id as well",
    LONG + ITEM.replace('"v"', '"vv"'): "items.v: all.sav has no column 'vv'",
    LONG.replace('"id"', '"idd"') + ITEM: "person: all.sav has no column 'idd'",
    LONG.replace('person = "id"\n', "") + ITEM: "person: is missing; only a file with a row per",
    LONG + WAVES.replace("2018", "2020") + ITEM: "waves: Unknown wave '2020'",
    LONG + WAVES + 'file = "other.sav"\n' + ITEM: r"waves.2.file: stands at the top",
    LONG + ITEM + '[design]\nweight = {"2017" = "w"}\n': "design.weight.2017: there is no such",
    LONG.replace('file = "all.sav"', "") + WAVES + ITEM: "wave: is the column of waves in one file",
    LONG.replace('wave = "year"\n', "") + ITEM: "items.v.column: names no column by wave",
}


@pytest.mark.parametrize("text", LONG_FAULTS, ids=list(LONG_FAULTS.values()))
def test_faults_of_a_long_file(long, text):
    found = faults(long(text))
    assert any(pd.Series([line]).str.match(LONG_FAULTS[text]).all() for line in found), found
    with pytest.raises(OpinionPanelError):
        op.read_study(long(text))


def test_faults_of_a_long_file_are_listed_together(long):
    found = faults(
        long(
            LONG.replace('"year"', '"years"')
            + 'fixed = ["sex"]\n'
            + ITEM
            + '[items.b]\ncolumn = "b"\n'
            + STATES
        )
    )
    assert [line.split(": ")[0] for line in found] == ["wave", "items.b", "fixed"]


def test_text_waves_of_a_long_file_are_asked_for(tmp_path):
    frame = pd.DataFrame({"id": [1, 2, 1, 2], "year": ["pre", "pre", "post", "post"], "v": 1})
    frame.to_csv(tmp_path / "all.csv", index=False)
    write = writing(tmp_path)
    text = LONG.replace(".sav", ".csv") + ITEM
    (fault,) = faults(write(text))
    assert "names the waves by text" in fault
    waves = '[[waves]]\nname = "pre"\n[[waves]]\nname = "post"\n'
    path = write(text.replace("[items", waves + "[items"))
    assert faults(path) == []
    assert op.read_study(path).panel.waves == ("pre", "post")


def test_faults_of_a_wide_file(wide):
    bad = WIDE_ITEM.replace('"v18"', '"v19"')
    assert [line.split(": ")[0] for line in faults(wide(HEAD + bad))] == ["items.v"]
    unmapped = WIDE_ITEM.replace(", unsure = [9]", "")
    (fault,) = faults(wide(HEAD + unmapped))
    assert fault.startswith("items.v: Wave '2018' (all.sav)")
    extra = WAVES + '[[waves]]\nname = "2020"\n'
    assert any("2020" in line for line in faults(wide(HEAD + extra + WIDE_ITEM)))


def test_ids_twice_in_a_wide_file(tmp_path):
    frame = pd.DataFrame({"id": [1, 2, 2, 3, 4], "v16": 1, "v18": [1, 2, 1, 2, 1]})
    frame.to_csv(tmp_path / "all.csv", index=False)
    write = writing(tmp_path)
    text = HEAD.replace(".sav", ".csv") + 'person = "id"\n' + WIDE_ITEM
    (fault,) = faults(write(text))
    assert fault.startswith("person: all.csv, column 'id': 1 id(s) stand in more than one row")
    path = write(text.replace("person", 'duplicates = "drop_all"\nperson', 1))
    assert faults(path) == []
    assert op.read_study(path).panel.present.shape[1] == 4


def test_one_encoding_for_all_files(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_bytes("id,v\n1,да\n2,нет\n".encode("windows-1251"))
    waves = "".join(f'[[waves]]\nname = "{name}"\nfile = "{name}.csv"\n' for name in "ab")
    states = 'states = {yes = ["да"], no = ["нет"]}\n'
    path = writing(tmp_path)(
        'title = "T"\nperson = "id"\nencoding = "windows-1251"\n'
        + waves
        + '[items.v]\ncolumn = "v"\n'
        + states
    )
    assert faults(path) == []
    assert set(op.read_study(path).panel.sources.values()) == {
        "a.csv (windows-1251)",
        "b.csv (windows-1251)",
    }


def test_waves_that_asked_other_people(long):
    series = LONG.replace('person = "id"', 'person = "none"')
    path = long(series + ITEM)
    panel = op.read_study(path).panel
    assert panel.independent
    assert panel.present.sum(axis=1).tolist() == [25, 30]
    assert check_study(path)[1].faults == []


def test_people_of_a_wide_file_were_asked_again(wide):
    path = wide(HEAD + 'person = "none"\n' + WIDE_ITEM)
    with pytest.raises(OpinionPanelError, match="a row of a wide file is a person asked"):
        op.read_study(path)
