"""The study file: what it declares, and every fault by its key."""

import pytest
from study_files import BUNDLED, PERSON, SIMPLE, WAVES, faults

import opinionpanel as op
from opinionpanel.errors import StudyError
from opinionpanel.questions.question import NOT_ASKED
from opinionpanel.study.declaring import declare


def test_everything_can_be_declared(study):
    path = study(
        PERSON
        + 'fixed = ["sex"]\nduplicates = "drop_all"\nallow_lost_missing = true\n'
        + """
[items.a]
question = "Do you agree?"
label = "Agreement"
neutral = ""
changes = {w2 = "asked by phone"}
column = {w1 = "a", w2 = ["a", "b"]}
rest = "missing"
[items.a.states]
w1 = {yes = [1], no = [2, "(blank)"]}
w2 = {yes = [2], no = [1]}
[items.b]
column = "b"
states = {yes = [1]}
not_asked = [2]
[groups]
where = "latest"
sex = {column = {w1 = "sex", w2 = "sex"}, use = "wave"}
[design]
weight = "wgt"
unweighted = ["w2"]
sample = "nonprobability"
[[design.longitudinal]]
from = "w1"
to = "w2"
weight = "lw"
""",
        waves=WAVES.replace('"w1.csv"', '"w1.csv"\nencoding = "utf-8"\nfieldwork = "May"'),
    )
    declared = declare(path)
    assert declared.keys.faults == []
    assert declared.design.weight == {"w1": "wgt", "w2": None, ("w1", "w2"): "lw"}
    assert declared.items["a"].columns_at("w2") == ("a", "b")
    # Column b says the opposite of a for some: the panel refuses, so a alone is read.
    path.write_text(path.read_text(encoding="utf-8").replace('["a", "b"]', '"a"'), encoding="utf-8")
    panel = op.read_study(path).panel
    assert panel.dates == {"w1": "May"}
    about = op.shares(panel, "a").about
    assert (about.label, about.neutral) == ("Agreement", "")
    assert about.changes == {"w2": "asked by phone"}
    assert panel.design.sample == "nonprobability"
    assert set(panel.fixed) == {"sex"}
    assert panel.groups["where"].use == "latest"
    assert panel.groups["sex"].use == "wave"
    assert (panel.answers["b"] == NOT_ASKED).sum() == 40
    # A blank is the state "no" in the first wave and no answer in the second.
    assert (panel.answers["a"][0] == 1).sum() == 20
    assert (panel.answers["a"][1] == 1).sum() == 10
    assert panel.unread["a"] == {"w1": {"9": 10}, "w2": {"9": 10}}
    assert panel.weight("w1", "w2").values.tolist() == [2.0] * 40


def test_every_fault_is_named(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(
        """
        titel = "Misspelt"
        person = 3
        fixed = "gender"
        duplicates = "drop"
        groups = {region = "last", gender = {colunm = "sex"}, wave = "first"}
        [[waves]]
        name = "a"
        [[waves]]
        name = "b"
        file = "b.csv"
        fiel = "b.sav"
        [items.x]
        column = "x"
        [items.y]
        column = {a = 4, b = "y"}
        states = {yes = 1, no = [true]}
        [items.z]
        column = "z"
        states = {yes = [1], no = [1], "<18" = []}
        rest = "drop"
        [items."v w"]
        column = {a = "v", c = "v"}
        states.a = {yes = [1], no = [2]}
        states.b = {yes = [1], no = [2]}
        [design]
        weight = {a = "w"}
        lonely_psu = "ignore"
        nest = "yes"
        """
    )
    found = dict(fault.split(": ", 1) for fault in faults(path))
    assert found == {
        "titel": "unknown key. Did you mean 'title'? Known: 'title', 'source', 'file', 'wave', "
        "'encoding', 'person', 'groups', 'fixed', 'duplicates', 'no_id', 'interviewed', 'due' and "
        "29 more.",
        "title": "is missing",
        "person": "must be a column name, a list of column names, or a table of these by wave",
        "fixed": 'must be a list of columns, or a table such as {region = "latest"}',
        "duplicates": "must be 'error' or 'drop_all', not 'drop'",
        "groups.region": "must be 'first', 'latest' or 'wave', not 'last'",
        "groups.gender.colunm": "unknown key. Did you mean 'column'? Known: 'column', "
        "'states', 'use', 'rest', 'bands', 'label', "
        "'item', 'wave'.",
        "waves.1.file": "is missing",
        "waves.2.file": "there is no file 'b.csv' beside study.toml. Known: none.",
        "waves.2.fiel": "unknown key. Did you mean 'file'? Known: 'name', 'file', 'fieldwork', "
        "'encoding', 'skip_rows', 'sheet', 'mode', 'population', 'sampling', "
        "'response_rate', 'notes'.",
        "items.y.column.a": "must be a column name, or a list of column names",
        "items.y.states.yes": "must be a list, in square brackets",
        "items.y.states.no.1": "must be a number, or a label or text in quotes",
        "items.z.rest": "must be 'missing', not 'drop'",
        'items."v w".column.c': "there is no such wave. Known: 'a', 'b'.",
        "items.x.states": "names no state yet; sort its codes, as listed by check",
        'items.z.states."<18"': "has no codes yet",
        "items.z.states": "Code 1 stands in two states, 'yes' and 'no'. Leave it in one.",
        "design.weight": "no weight is declared for the wave 'b'; name its column, or write "
        'unweighted = ["b"]',
        "design.lonely_psu": "must be 'fail', 'certainty', 'adjust' or 'average', not 'ignore'",
        "design.nest": "must be true or false, without quotes",
    }
    with pytest.raises(StudyError) as caught:
        op.read_study(path)
    assert all(f"  {key}: " in str(caught.value) for key in found)


def test_waves_that_do_not_exist_and_files_that_are_not_there(study):
    waves = WAVES.replace("w1.csv", "w1.csc").replace("w2.csv", "elsewhere.csv")
    found = faults(study('person = {w1 = "id", W2 = "id"}\n' + SIMPLE, waves=waves))
    assert [fault.split(": ")[0] for fault in found] == [
        "person.W2", "person", "waves.1.file", "waves.2.file",
    ]  # fmt: skip
    assert "Did you mean 'w2'?" in found[0]
    assert "Did you mean 'w1.csv'?" in found[2]


def test_two_waves_of_one_name(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(BUNDLED.replace('name = "Nov 2024"', 'name = "Jul 2024"'), encoding="utf-8")
    with pytest.raises(StudyError, match="two waves have the same name"):
        op.read_study(path)


def test_one_file_for_two_waves(tmp_path):
    (tmp_path / "w.csv").write_text("id,q\n1,1\n")
    path = tmp_path / "study.toml"
    path.write_text(
        """
        title = "Twice"
        person = "id"
        waves = [{name = "wave0", file = "w.csv"}, {name = "wave1", file = "./w.csv"}]
        items.q = {column = "q", states = {yes = [1]}}
        """
    )
    with pytest.raises(StudyError, match=r"waves\.2\.file: the same file as that of wave 'wave0'"):
        op.read_study(path)
