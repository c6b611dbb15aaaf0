"""The study file: what it declares, and every fault by its key."""

import pytest

import opinionpanel as op
from opinionpanel.errors import StudyError

FOLDER = op.datasets.folder("attitudes_2024")


def test_bundled_study():
    study = op.read_study(FOLDER / "study.toml")
    panel = study.panel
    assert panel.waves == ("Jul 2024", "Nov 2024", "Mar 2025", "Jul 2025")
    assert list(panel.items) == ["support", "course", "peace"]
    assert panel.design.sample == "nonprobability"
    assert panel.dates["Jul 2024"] == "8–17 July 2024"
    assert study.title in str(study)
    assert "synthetic" in str(study)
    assert "Synthetic" in op.shares(panel, "support").about.source


def test_every_fault_is_named(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(
        """
        titel = "Misspelt"
        person = 3
        [[waves]]
        name = "a"
        [items.x]
        column = "x"
        [design]
        lonely_psu = "ignore"
        """
    )
    with pytest.raises(StudyError) as caught:
        op.read_study(path)
    text = str(caught.value)
    for key in ("title", "titel", "person", "waves.0.file", "items.x.states", "design.lonely_psu"):
        assert f"  {key}" in text


def test_no_file_and_no_toml(tmp_path):
    with pytest.raises(StudyError, match="There is no file"):
        op.read_study(tmp_path / "study.toml")
    path = tmp_path / "study.toml"
    path.write_text("title = ")
    with pytest.raises(StudyError, match="not a TOML file"):
        op.read_study(path)


def test_two_waves_of_one_name(tmp_path):
    text = (FOLDER / "study.toml").read_text(encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(text.replace('name = "Nov 2024"', 'name = "Jul 2024"'), encoding="utf-8")
    with pytest.raises(StudyError, match="two waves have the same name"):
        op.read_study(path)
