"""The keys of a study file: what is no study file, and each fault by its key."""

import pytest
from study_files import BUNDLED, faults

import opinionpanel as op
from opinionpanel.errors import ItemError, StudyError
from opinionpanel.study.keys import StudyKeys, check_waves, dotted_key, read_keys


def test_no_file_and_no_toml(tmp_path):
    with pytest.raises(StudyError, match="There is no file"):
        op.read_study(tmp_path / "study.toml")
    with pytest.raises(StudyError, match="it is a folder"):
        op.read_study(tmp_path)
    path = tmp_path / "study.toml"
    path.write_text("title = ")
    with pytest.raises(StudyError, match="not a TOML file"):
        op.read_study(path)
    path.write_text("waves = 3\nitems = []\n")
    found = faults(path)
    assert "waves: must be tables, each under a line like [[waves]]" in found
    assert "items: must be tables, each under a line like [items.support]" in found


@pytest.mark.parametrize(
    ("text", "say"),
    [
        ("title = “Panel”", "straight quotes"),
        ('file = "C:\\data\\w1.sav"', "Write paths with /"),
        ('file = "C:\\Users\\w1.sav"', "Write paths with /"),
        ("title = Panel", "is not a TOML file"),
    ],
)
def test_what_is_wrong_with_the_toml(tmp_path, text, say):
    path = tmp_path / "study.toml"
    path.write_text(f'source = "“Centre”, a\\\\b"\n{text}\nperson = "id"\n', encoding="utf-8")
    with pytest.raises(StudyError, match=say) as caught:
        op.read_study(path)
    assert ("quotes" in str(caught.value)) == (say == "straight quotes")
    assert ("paths" in str(caught.value)) == (say == "Write paths with /")


def test_what_is_no_study_file(tmp_path):
    path = tmp_path / "study.toml"
    path.write_bytes('title = "Опрос"'.encode("windows-1251"))
    with pytest.raises(StudyError, match="save the file as UTF-8"):
        op.read_study(path)
    for name in ("wave0.csv", "wave0.sav"):
        (tmp_path / name).write_text("id,q\n1,1\n")
        with pytest.raises(StudyError, match=f"{name}: this is a wave file; `opinionpanel init`"):
            op.read_study(tmp_path / name)


def test_keys_are_written_as_in_the_file():
    assert dotted_key(["items", "support", "states", 1]) == "items.support.states.1"
    assert dotted_key(["items", "v w", "<18"]) == 'items."v w"."<18"'


def test_a_fault_is_noted_once(tmp_path):
    keys = StudyKeys(tmp_path / "study.toml")
    for key in (["design", "weight"], "design.weight"):
        keys.fault(key, "is missing")
    assert keys.faults == ["design.weight: is missing"]


def refuse():
    raise ItemError("Item 'x': code 1 stands in two states.")


def test_what_the_library_refuses_is_a_fault_of_its_key(tmp_path):
    keys = StudyKeys(tmp_path / "study.toml")
    assert keys.attempt(["items", "x"], lambda: 3) == 3
    assert keys.attempt(["items", "x"], refuse) is None
    # The whole is refused for what a part was refused for.
    assert keys.attempt("", refuse) is None
    assert keys.faults == ["items.x: code 1 stands in two states."]


def test_waves_that_are_not_declared(tmp_path):
    keys = StudyKeys(tmp_path / "study.toml")
    assert check_waves(keys, ["person"], ["w1", "w2"], ["w1", "w2"])
    assert not check_waves(keys, ["person"], ["w1", "W2"], ["w1", "w2"])
    assert keys.faults == [
        "person.W2: there is no such wave. Did you mean 'w2'? Known: 'w1', 'w2'."
    ]


def test_a_faulty_key_takes_no_other_with_it(tmp_path):
    path = tmp_path / "study.toml"
    text = BUNDLED.replace('stratum = "region"', "stratum = 3").replace('person = "', 'persons = "')
    path.write_text(text, encoding="utf-8")
    keys = read_keys(path)
    assert [fault.split(": ")[0] for fault in keys.faults] == [
        "persons",
        "person",
        "design.stratum",
    ]
    assert list(keys.items) == ["support", "course", "peace"]
    assert keys.design.weight == "wgt"
    assert keys.dropped == {"design.stratum"}


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("x = " + "[" * 5_000 + "]" * 5_000, "brackets in brackets"),
        ("x = " + "{a = " * 5_000 + "1" + "}" * 5_000, "brackets in brackets"),
        ("x = " + "1" * 5_000, "a number of thousands of digits"),
        (".".join("a" * 100_000) + " = 1", "a key has more than 200 parts"),
        ("x = {" + "a." * 300 + "a = 1}", "a key has more than 200 parts"),
        ("[" + " . ".join(['"a"'] * 300) + "]", "a key has more than 200 parts"),
    ],
)
def test_what_would_end_the_reader_is_refused(tmp_path, line, text):
    path = tmp_path / "study.toml"
    path.write_text(f'title = "{"a. " * 300}"\n{line}\n', encoding="utf-8")
    with pytest.raises(StudyError, match=text):
        read_keys(path)
