"""The study file: what it declares, and every fault by its key."""

import pandas as pd
import pytest
from study_files import BUNDLED, PERSON, SIMPLE, WAVES, faults

import opinionpanel as op
from opinionpanel.errors import StudyError
from opinionpanel.questions.question import NOT_ASKED
from opinionpanel.study.checking import check_study
from opinionpanel.study.declaration import declare


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


def test_ids_may_be_one_list_for_all_waves(study):
    path = study('person = ["old"]\n' + SIMPLE)
    assert declare(path).person == {"w1": ["old"], "w2": ["old"]}
    assert op.read_study(path).panel.present.all()


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
        "19 more.",
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


@pytest.mark.parametrize(
    ("written", "words", "told"),
    [
        ("[2024-07-08, 2024-07-17]", "8–17 July 2024", True),
        ('["2024-07-08", 2024-07-17]', "8–17 July 2024", True),
        ("2024-07-08", "8 July 2024", True),
        ("2024-07-08T10:00:00", "8 July 2024", True),
        ('"8–17 July 2024"', "8–17 July 2024", True),
        ('"summer of 2024"', "summer of 2024", False),
    ],
)
def test_fieldwork_is_days_or_words(study, written, words, told):
    waves = WAVES.replace('"w1.csv"', f'"w1.csv"\nfieldwork = {written}')
    panel = op.read_study(study(PERSON + SIMPLE, waves=waves)).panel
    assert panel.dates == {"w1": words}
    assert ("w1" in panel.days) is told


@pytest.mark.parametrize(
    ("written", "say"),
    [
        ("[2024-07-17, 2024-07-08]", "the last day, 2024-07-08, is before the first, 2024-07-17"),
        ("[2024-07-08, 2024-07-17, 2024-07-18]", "3 days. Give the first and the last"),
        ('["{8}", "July"]', "'{8}' is no day. Write days as 2024-07-08"),
        ("[]", "0 days"),
        ("10:00:00", "must be the first and the last day, [2024-07-08, 2024-07-17], one day, or"),
        ("{first = 2024-07-08}", "must be the first and the last day"),
        ("[true]", "must be the first and the last day"),
    ],
)
def test_fieldwork_that_is_none_is_a_fault_of_its_wave(study, written, say):
    waves = WAVES.replace('"w1.csv"', f'"w1.csv"\nfieldwork = {written}')
    path = study(PERSON + SIMPLE, waves=waves)
    (fault,) = faults(path)
    assert fault.startswith(f"waves.1.fieldwork: {say}")
    # The rest is looked at all the same.
    text, keys = check_study(path)
    assert keys.faults == [fault]
    assert "Panel: 2 waves" in text


def test_what_charts_need_has_faults_of_its_own(study):
    item = SIMPLE + 'neutral = "Yes"\nchanges = {w3 = "by phone"}\nlabel = 3\n'
    found = dict(fault.split(": ", 1) for fault in faults(study(PERSON + item)))
    assert found == {
        "items.b.label": "must be text in quotes, or a table of texts by language, "
        "{en = ..., ru = ...}",
        "items.b.changes.w3": "there is no such wave. Known: 'w1', 'w2'.",
        "items.b.neutral": "there is no such state. Did you mean 'yes'? Known: 'yes', 'no'.",
    }


def test_a_change_at_a_wave_that_cannot_be_read_is_no_other_fault(study):
    waves = WAVES.replace("w2.csv", "gone.csv")
    path = study(PERSON + SIMPLE + 'changes = {w2 = "asked by phone"}\n', waves=waves)
    text, keys = check_study(path)
    assert [fault.split(":")[0] for fault in keys.faults] == ["waves.2.file"]
    assert "Panel: 1 wave" in text


@pytest.mark.parametrize(
    ("text", "key", "say"),
    [
        ("states = {yes = [1], no = [1]}", "items.x.states", "stands in two states"),
        ("states = {yes = [1], no = []}", "items.x.states.no", "has no codes yet"),
        ("states = {w1 = {yes = [1]}}", "items.x.states", "'w2' has a column but no states"),
        ("states = {w1 = {a = [1]}, w2 = {b = [1]}}", "items.x", "name different states"),
        ("states = {w1 = {a = [1]}, w3 = {a = [1]}}", "items.x.states.w3", "no such wave"),
        ("states = {yes = [1]}\nnot_asked = [1]", "items.x.states", "stands in two states"),
        ('states = {yes = [1]}\ncolunm = "y"', "items.x.colunm", "Did you mean 'column'?"),
    ],
)
def test_faults_of_an_item(study, text, key, say):
    found = faults(study(PERSON + f'[items.x]\ncolumn = "a"\n{text}\n'))
    assert any(fault.startswith(f"{key}: ") and say in fault for fault in found)


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


READ_AS = """title = "A"
person = "id"
blanks = ["NA"]
text = ["id"]
[[waves]]
name = "w1"
file = "w1.csv"
skip_rows = [1, 3]
[[waves]]
name = "w2"
file = "all.xlsx"
sheet = 2
skip_rows = 1
[[waves]]
name = "w3"
file = "all.xlsx"
sheet = "June"
[items.a]
column = "a"
states = {yes = [1], no = [2]}
"""


def test_how_files_are_read(tmp_path):
    lines = "".join(f"0.{row},{'NA' if row == 1 else 1 + row % 2}\n" for row in range(1, 9))
    (tmp_path / "w1.csv").write_text(f"Title\nid,a\nNumber,Question\n{lines}")
    with pd.ExcelWriter(tmp_path / "all.xlsx") as book:
        frame = pd.DataFrame({"id": [f"0.{row}" for row in range(1, 9)], "a": [1, 2] * 4})
        frame.to_excel(book, sheet_name="June", index=False)
        frame.to_excel(book, sheet_name="May", index=False, startrow=1)
    path = tmp_path / "study.toml"
    path.write_text(READ_AS)
    assert faults(path) == []
    assert check_study(path)[1].faults == []
    panel = op.read_study(path).panel
    assert (panel.answers["a"] >= 0).sum(axis=1).tolist() == [7, 8, 8]
    for wrong, key, say in (
        ("skip_rows = 0", "waves.1.skip_rows", "how many first rows to leave out"),
        ("sheet = 0", "waves.1.sheet", "the name of a sheet, or its number from 1"),
    ):
        path.write_text(READ_AS.replace("skip_rows = [1, 3]", wrong))
        assert any(one.startswith(f"{key}: ") and say in one for one in faults(path))
    path.write_text(READ_AS.replace("skip_rows = [1, 3]", "sheet = 1"))
    with pytest.raises(op.OpinionPanelError, match=r"w1\.csv: sheet= is for Excel files"):
        op.read_study(path)


def test_groups_with_states_and_bands_and_units_by_wave(study):
    path = study(
        PERSON.replace('["wid", "old"]', '"wid"')
        + SIMPLE
        + """
        [fixed]
        gender = {column = "sex", states = {man = ["m"], woman = ["f"]}}
        [groups]
        sex = {column = "sex", states = {woman = ["f"], man = ["m"]}, use = "latest"}
        old = {bands = [110, 120.0]}
        [groups.a.states]
        w1 = {x = [1, 2], y = [9, "(blank)"]}
        w2 = {x = [1], y = [2, 9, "(blank)"]}
        [design]
        stratum = {w1 = "b", w2 = "b"}
        psu = {w1 = "old", w2 = "old"}
        """
    )
    panel = op.read_study(path).panel
    assert panel.groups["sex"].categories == ("woman", "man")
    assert panel.groups["sex"].use == "latest"
    assert panel.groups["a"].categories == ("x", "y")
    assert panel.groups["a"].changed == 10
    assert panel.groups["old"].categories == ("under 110", "110–119", "120+")
    assert panel.fixed["gender"].changed == 0
    assert "stratum b (w1), b (w2); psu old (w1), old (w2) (2 strata, 40 PSUs)" in str(panel)


def test_faults_of_groups_stand_beside_each_other(study):
    path = study(
        PERSON
        + 'fixed = {sex = {column = {w1 = "sex", w3 = "sex"}}}\n'
        + SIMPLE
        + """
        [groups]
        a = {bands = [30, 18]}
        b = {bands = ["18"]}
        c = {column = "sex", states = {man = []}}
        d = {column = "sex", states = {man = ["m"]}, bands = [18]}
        e = {column = "sex", rest = "drop"}
        f = {column = "sex", states = {w1 = {man = ["m"]}, w3 = {man = ["m"]}}}
        g = {column = "sex", use = "last"}
        [design]
        stratum = {w1 = "b", w3 = "b"}
        psu = 5
        """
    )
    found = dict(fault.split(": ", 1) for fault in faults(path))
    there_is = "there is no such wave. Known: 'w1', 'w2'."
    assert found == {
        "groups.a": "bands must ascend, each number once: 30, 18.",
        "groups.b.bands.1": "must be a number, without quotes",
        "groups.c": "State 'man' needs a non-empty list of codes or labels, got [].",
        "groups.d": "A group has states or bands, not both: states name codes, bands cut numbers.",
        "groups.e.rest": "must be 'missing', not 'drop'",
        "groups.f.states.w3": there_is,
        "groups.g.use": "must be 'first', 'latest' or 'wave', not 'last'",
        "fixed.sex.column.w3": there_is,
        "design.stratum.w3": there_is,
        "design.psu": "must be a column name, or a table of column names by wave",
    }


def test_texts_are_given_by_language(study):
    path = study(
        """
        title = {ru = "Исследование", en = "A study"}
        source = "Nobody"
        mode = {ru = "Телефон"}
        person = {w1 = "id", w2 = "wid"}
        groups = {gender = {column = "sex", label = {en = "Gender", ru = "Пол"}}}
        labels = {w1 = {en = "First", ru = "Первая"}, yes = "Yes, in general"}
        [items.a]
        column = "a"
        states = {yes = [1], no = [2, "(blank)"]}
        rest = "missing"
        label = {en = "Trust", ru = "Доверие"}
        labels = {yes = {ru = "Да"}, no = "Nein"}
        """,
        waves="""
        [[waves]]
        name = "w1"
        file = "w1.csv"
        notes = {en = "New wording.", ru = "Новая формулировка."}
        [[waves]]
        name = "w2"
        file = "w2.csv"
        mode = "Web"
        """,
    )
    read = op.read_study(path)
    assert (read.title, read.source, read.panel.item("a").label) == ("A study", "Nobody", "Trust")
    russian = read.in_language("ru")
    assert (russian.title, russian.panel.item("a").label) == ("Исследование", "Доверие")
    assert russian.names("a") == {"gender": "Пол", "w1": "Первая", "yes": "Да", "no": "Nein"}
    assert read.names() == {"gender": "Gender", "w1": "First", "yes": "Yes, in general"}
    assert russian.of_wave("w1") == {"mode": "Телефон", "notes": "Новая формулировка."}
    assert russian.of_wave("w2") == {"mode": "Web"}


def test_texts_by_language_have_faults_of_their_own(study):
    path = study(
        """
        mode = {russian = "Телефон"}
        person = "id"
        [items.a]
        column = "a"
        states = {yes = [1], no = [2]}
        labels = {yess = "Yes"}
        question = {}
        """
    )
    assert faults(path) == [
        "mode.russian: must be the code of a language, such as en or ru",
        "items.a.question: is empty",
        "items.a.labels.yess: there is no such state. Did you mean 'yes'? Known: 'yes', 'no'.",
    ]


SCORE = '[scores.b]\ncolumn = {w1 = "b", w2 = ["b", "a"]}\nlow = 0\nhigh = inf\n'


def test_scores_are_declared_beside_items(study):
    path = study(
        PERSON
        + SCORE
        + 'missing = [998, "(blank)"]\nnot_asked = [-1]\nlabel = {en = "Warmth", ru = "Тепло"}\n'
        + 'question = "How warm?"\nchanges = {w2 = "by phone"}\n'
    )
    declared = declare(path)
    assert declared.keys.faults == []
    score = declared.items["b"]
    assert isinstance(score, op.Score)
    assert score.columns_at("w2") == ("b", "a")
    assert (score.low, score.high, score.label) == (0, float("inf"), "Warmth")
    assert score.missing == (998, None)
    assert score.not_asked == (-1,)
    assert score.changes == {"w2": "by phone"}
    assert declared.texts.items["b"]["label"] == {"en": "Warmth", "ru": "Тепло"}


def test_names_of_items_and_scores_are_one_list(study):
    assert faults(study(PERSON + SIMPLE + SCORE)) == [
        "scores.b: an item has this name; give the score another"
    ]
    assert faults(study(PERSON)) == ["items: is missing"]
    assert faults(study(PERSON + "scores = 3\n"))[0] == (
        "scores: must be tables, each under a line like [scores.warmth]"
    )
    assert "w3" in faults(study(PERSON + SCORE.replace("w1", "w3")))[0]


def test_waves_that_asked_other_people(study):
    design = '[design]\nweight = "wgt"\npsu = "sex"\nsame_psus = true\n'
    panel = op.read_study(study('person = "none"\n' + SIMPLE + design)).panel
    assert panel.independent
    assert panel.design.same_psus
    assert len(panel.domain) == 80
    ids = study('person = ["none"]\n' + SIMPLE)
    assert any("'none'" in fault for fault in check_study(ids)[1].faults)
