"""Reading wave files: labels, user-missing, refusals."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from survey_files import panel_of, write

import opinionpanel as op
from opinionpanel.errors import ArgumentError, ItemError, LinkError, OpinionPanelError, ReadError

STATES = {"approve": [1, 2], "unsure": [3, 98, 99], "oppose": [4, 5]}


@pytest.fixture
def files(tmp_path):
    """Two small waves as .sav, with 98 and 99 declared user-missing and another column name."""
    for number, column, answers in ((1, "q12", [1, 98, 5, 2]), (2, "q9", [3, 98, 5, np.nan])):
        frame = pd.DataFrame({"resp_id": [4, 3, 2, 1], column: answers, "wgt": [1, 2, 1, 0.5]})
        pyreadstat.write_sav(
            frame,
            tmp_path / f"wave{number}.sav",
            variable_value_labels={column: {1: "за", 98: "не знаю / don't know"}},
            missing_ranges={column: [{"lo": 98, "hi": 99}]},
        )
    return {"July": tmp_path / "wave1.sav", "November": tmp_path / "wave2.sav"}


def read(files, **changes):
    options = {
        "person": "resp_id",
        "items": {"support": op.Item({"July": "q12", "November": "q9"}, STATES)},
        "design": op.Design(weight="wgt"),
    }
    return op.read_panel(files, **(options | changes))


def test_declared_missing_codes_are_answers(files):
    wave = op.read_wave(files["July"])
    assert wave.frame["q12"].tolist() == [1, 98, 5, 2]
    assert wave.labels["q12"][98] == "не знаю / don't know"
    assert wave.missing["q12"] == ((98, 99),)
    panel = read(files)
    assert panel.answers["support"].tolist() == [[0, 1, 2, 0], [1, 1, 2, -1]]


def test_tagged_missing_of_stata_are_answers(tmp_path):
    frame = pd.DataFrame({"id": [1, 2, 3, 4], "x": [1.0, 2.0, "a", "b"]})
    path = tmp_path / "wave.dta"
    pyreadstat.write_dta(
        frame,
        path,
        missing_user_values={"x": ["a", "b"]},
        variable_value_labels={"x": {1: "yes", "a": "don't know"}},
    )
    wave = op.read_wave(path)
    assert wave.labels["x"]["a"] == "don't know"
    item = op.Item("x", {"yes": [1], "no": [2], "unsure": ["don't know"], "refused": ["b"]})
    panel = op.Panel.from_waves({"May": wave}, person="id", items={"x": item})
    assert panel.answers["x"].tolist() == [[0, 1, 2, 3]]


@pytest.mark.parametrize("version", [8, 10, 12, 13, 15])
@pytest.mark.parametrize("columns", [None, ["x"]])
def test_tagged_missing_in_every_format_of_stata(tmp_path, version, columns):
    frame = pd.DataFrame({"x": [1.0, "a", "b", np.nan], "y": [1, 2, 3, 4]})
    path = tmp_path / "wave.dta"
    pyreadstat.write_dta(
        frame,
        path,
        version=version,
        missing_user_values={"x": ["a", "b"]},
        variable_value_labels={"x": {1: "yes", "a": "don't know"}},
    )
    wave = op.read_wave(path, columns=columns)
    assert wave.frame["x"].tolist()[:3] == [1, "a", "b"]
    assert wave.frame["x"].isna().tolist() == [False, False, False, True]
    assert wave.missing == {"x": ("a", "b")}
    assert wave.labels["x"]["a"] == "don't know"
    assert wave.encoding == ("utf-8" if version > 13 else "windows-1252")


def test_open_ranges_and_text_declared_missing(tmp_path):
    frame = pd.DataFrame({"low": [-5, 1, 98], "high": [1, 2, 900], "text": ["yes", "no", "dk"]})
    path = tmp_path / "wave.sav"
    ranges = {
        "low": [{"lo": -np.inf, "hi": -1}, {"lo": 98, "hi": 98}],
        "high": [{"lo": 90, "hi": np.inf}],
        "text": ["dk"],
    }
    pyreadstat.write_sav(frame, path, missing_ranges=ranges)
    wave = op.read_wave(path)
    assert wave.missing == {"low": ((-np.inf, -1), 98), "high": ((90, np.inf),), "text": ("dk",)}
    assert wave.frame.to_dict("list") == frame.to_dict("list")
    blank = {name: wave.valid(name, "May", purpose="").isna().tolist() for name in frame}
    assert blank == {
        "low": [True, False, True],
        "high": [False, False, True],
        "text": [False, False, True],
    }
    with pytest.raises(ReadError, match="at least one column"):
        op.read_wave(path, columns=[])


def test_states_by_label(files):
    states = {"yes": ["за", 2], "unsure": [" не знаю / don't know ", 3], "no": [5]}
    panel = read(files, items={"support": op.Item({"July": "q12", "November": "q9"}, states)})
    assert panel.answers["support"][0].tolist() == [0, 1, 2, 0]


@pytest.mark.parametrize("suffix", [".dta", ".csv", ".parquet"])
def test_other_formats_give_the_same_panel(files, tmp_path, suffix):
    others = {}
    for name, path in files.items():
        frame, others[name] = op.read_wave(path).frame, tmp_path / f"{name}{suffix}"
        if suffix == ".dta":
            pyreadstat.write_dta(frame, others[name])
        elif suffix == ".csv":
            frame.to_csv(others[name], index=False)
        else:
            frame.to_parquet(others[name])
    flows = op.flows(read(others), "support")
    np.testing.assert_array_equal(flows.value, op.flows(read(files), "support").value)


def test_only_named_columns_are_read(files):
    assert list(op.read_wave(files["July"], columns=["q12"]).frame) == ["q12"]


@pytest.mark.parametrize(
    ("change", "error", "parts"),
    [
        ({"person": "resp_di"}, ReadError, ["July", "wave1.sav", "'resp_di'", "'resp_id'?"]),
        ({"groups": ["gender"]}, ReadError, ["July", "wave1.sav", "'gender'", "groups"]),
        ({"design": op.Design(weight="wgtt")}, ReadError, ["wave1.sav", "Did you mean 'wgt'"]),
        (
            {"design": op.Design(weight="wgt", psu="town")},
            ReadError,
            ["wave1.sav", "'town'", "psu"],
        ),
        (
            {"items": {"support": op.Item({"July": "q12", "November": "q9"}, {"yes": [1, 2, 3]})}},
            ItemError,
            ["wave1.sav", "'July'", "'q12'", "98", "don't know", "(1 person)", "rest='missing'"],
        ),
        ({"person": {"July": "resp_id"}}, OpinionPanelError, ["November"]),
    ],
)
def test_refusals_name_file_wave_column_and_way_out(files, change, error, parts):
    with pytest.raises(error) as caught:
        read(files, **change)
    assert isinstance(caught.value, ValueError)
    for part in parts:
        assert part in str(caught.value)


def test_files_that_are_not_survey_files(files, tmp_path):
    with pytest.raises(ReadError, match="There is no file"):
        op.read_wave(tmp_path / "absent.sav")
    (tmp_path / "text.sav").write_text("not a survey file")
    with pytest.raises(ReadError, match=r"text\.sav cannot be read as \.sav"):
        op.read_wave(tmp_path / "text.sav")
    (tmp_path / "wave.docx").write_text("")
    with pytest.raises(ReadError, match=r"\.docx.*\.sav"):
        op.read_wave(tmp_path / "wave.docx")
    with pytest.raises(ReadError, match="Did you mean 'q12'"):
        op.read_wave(files["July"], columns=["q13"])


def test_gaps_of_an_id_need_a_second_column():
    first = pd.DataFrame({"id": [1, 2, 3], "x": [0, 1, 1]})
    second = pd.DataFrame({"old": [1.0, 2.0, np.nan], "own": [91, 92, 93], "x": [0, 0, 1]})
    item = op.Item("x", {"no": [0], "yes": [1]})
    build = {"items": {"x": item}}
    waves = {"a": first, "b": second}
    with pytest.raises(LinkError, match=r"1 row\(s\) have no person id.*second column"):
        op.Panel.from_waves(waves, person={"a": "id", "b": "old"}, **build)
    panel = op.Panel.from_waves(waves, person={"a": "id", "b": ["old", "own"]}, **build)
    assert panel.present.sum(axis=1).tolist() == [3, 3]
    assert panel.present.all(axis=0).sum() == 2


def test_a_refused_file_names_its_wave(designed, tmp_path):
    with pytest.raises(ReadError, match=r"Wave 'two': There is no file .*three\.sav"):
        panel_of({"one": designed["one"], "two": tmp_path / "three.sav"})
    damaged = tmp_path / "four.sav"
    damaged.write_bytes(designed["one"].read_bytes()[:-100])
    with pytest.raises(ReadError, match=r"Wave 'two': four\.sav"):
        panel_of({"one": designed["one"], "two": damaged})
    with pytest.raises(OpinionPanelError, match="wave in encoding: 'tow'"):
        panel_of(designed, encoding={"tow": "utf-8"})


def test_encodings_by_wave(tmp_path):
    files = {}
    for wave, encoding in (("one", "windows-1251"), ("two", "utf-8"), ("three", "iso-8859-15")):
        files[wave] = tmp_path / f"{wave}.csv"
        text = "id,q\n1,да\n2,нет\n" if wave != "three" else "id,q\n1,è\n2,é\n"
        files[wave].write_bytes(text.encode(encoding))
    states = {"yes": ["да", "è"], "no": ["нет", "é"]}
    encodings = {"one": "windows-1251", "three": "iso-8859-15"}
    panel = panel_of(files, items={"q": op.Item("q", states)}, encoding=encodings)
    assert panel.answers["q"].tolist() == [[0, 1]] * 3
    assert panel.sources["one"] == "one.csv (windows-1251)"
    assert panel.sources["two"] == "two.csv (utf-8)"


def test_duplicates_can_be_dropped(tmp_path):
    files = {
        "one": write(tmp_path / "one.csv", id=[1, 2, 3, 3], q=[1, 2, 1, 2]),
        "two": write(tmp_path / "two.csv", id=[1, 2, 3], q=[1, 2, 1]),
    }
    with pytest.raises(LinkError):
        panel_of(files)
    answers = panel_of(files, duplicates="drop_all").answers["q"]
    assert (answers >= 0).sum(axis=1).tolist() == [2, 3]


def test_progress_is_shown_only_where_it_is_wanted(designed, capsys):
    panel_of(designed)
    assert capsys.readouterr().err == ""
    panel_of(designed, progress=True)
    assert "reading: " in capsys.readouterr().err
    panel_of(designed, progress=False)
    assert capsys.readouterr().err == ""


def test_what_is_no_dict_is_refused(designed):
    with pytest.raises(ArgumentError, match=r"^read_panel: files must be a dict {name: …}"):
        panel_of(list(designed.values()))
    with pytest.raises(ReadError, match=r"^read_panel takes {'wave name': 'file', …}.*; got one"):
        panel_of(designed["one"])
    with pytest.raises(ArgumentError, match=r"items must be a dict {name: …}, not an Item"):
        panel_of(designed, items=op.Item("q", {"yes": [1], "no": [2]}))


def test_one_file_for_two_waves_is_refused(designed, tmp_path):
    (tmp_path / "sub").mkdir()
    again = tmp_path / "sub" / ".." / "one.sav"
    with pytest.raises(ReadError, match=r"Wave 'two': the same file as that of wave 'one'"):
        panel_of({"one": designed["one"], "two": again})


def test_a_text_file_of_a_single_column(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("id|q\n1|1\n2|2\n")
    for read in (lambda: panel_of({"one": path}), lambda: op.read_wave(path, columns=["id"])):
        with pytest.raises(ReadError, match=r"The file has a single column: the delimiter"):
            read()
    path.write_text("id\n1\n")
    assert op.read_wave(path, columns=["id"]).frame["id"].tolist() == [1]
