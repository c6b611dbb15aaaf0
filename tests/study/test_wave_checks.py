"""Whether the waves of a study can be read and have its columns."""

from study_files import FOLDER, PERSON, SIMPLE

from opinionpanel.study.checking import check_study
from opinionpanel.study.declaring import declare
from opinionpanel.study.wave_checks import read_waves


def test_damaged_and_foreign_files(bundled, tmp_path):
    whole = (FOLDER / "wave2.sav").read_bytes()
    (tmp_path / "cut.sav").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "notes.docx").write_bytes(b"no survey")
    path = bundled(
        (f"{FOLDER.as_posix()}/wave2.sav", "cut.sav"),
        (f"{FOLDER.as_posix()}/wave3.sav", "notes.docx"),
    )
    text, keys = check_study(path)
    assert [fault.split(":")[0] for fault in keys.faults] == ["wave 'Nov 2024'", "wave 'Mar 2025'"]
    # What is left is read and linked.
    assert "Jul 2024 → Jul 2025" in text


def lacking(path):
    declared = declare(path)
    reading = read_waves(declared)
    return reading.waves, reading.lacking, declared.keys.faults


def test_only_the_columns_that_are_named_are_read(study):
    waves, keys, faults = lacking(study(PERSON + SIMPLE + '[design]\nweight = "wgt"\n'))
    assert (keys, faults) == (set(), [])
    assert list(waves["w1"].frame) == ["id", "b", "wgt"]
    assert list(waves["w2"].frame) == ["wid", "old", "b", "wgt"]


def test_a_column_that_every_wave_needs_is_missed_wave_by_wave(study):
    _, keys, faults = lacking(study(PERSON + '[items.b]\ncolumn = "bb"\nstates = {yes = [1]}\n'))
    assert keys == {"items.b"}
    assert [fault.split(" (")[0] for fault in faults] == [
        "items.b: wave 'w1'",
        "items.b: wave 'w2'",
    ]
    assert all("has no column 'bb'." in fault for fault in faults)


def test_a_column_that_may_be_in_another_wave_is_missed_once_and_only_if_in_none(study):
    # Only the second wave has the column lw.
    _, keys, faults = lacking(study(PERSON + 'fixed = ["sex", "lw"]\n' + SIMPLE))
    assert (keys, faults) == (set(), [])
    _, keys, faults = lacking(study(PERSON + 'fixed = ["sexx", "lw"]\n' + SIMPLE))
    assert keys == {"fixed"}
    assert len(faults) == 1
    assert faults[0].startswith("fixed: no wave that was read has a column 'sexx'. Did you mean")
