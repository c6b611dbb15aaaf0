"""Items in a line each: what is counted is what the panel counts."""

from study_files import FOLDER, PERSON, SIMPLE

import opinionpanel as op
from opinionpanel.study.checking import check_study


def test_a_line_for_each_item():
    path = FOLDER / "study.toml"
    text, keys = check_study(path, brief=True)
    panel = op.read_study(path).panel
    lines = text.split("\n\n")[1].splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(keys.items)
    for line, name in zip(lines, panel.items, strict=True):
        answered = [
            (panel.answers[name][panel.position(wave)] >= 0).sum() for wave in panel.asked(name)
        ]
        numbers = f"{min(answered):,} to {max(answered):,} answered"
        assert f"{len(panel.items[name].state_names)} states, {len(answered)} waves:" in line
        assert numbers in line
    assert "Codes of item" not in text


def test_one_item_in_full():
    text, keys = check_study(FOLDER / "study.toml", item="peace")
    assert "Codes of item peace" in text
    assert "peace  3 states" in text
    assert "support" not in text
    assert keys.faults == []


def test_an_item_with_a_fault(study):
    wrong = SIMPLE.replace("items.b", "items.c").replace('"b"', '"bb"')
    path = study(f"{PERSON}{SIMPLE}{wrong}")
    text, keys = check_study(path, brief=True)
    assert keys.faults
    assert "\n  b  2 states, 2 waves: 40 answered, 40 both" in text
    assert "\n  c  not counted: see the faults" in text
