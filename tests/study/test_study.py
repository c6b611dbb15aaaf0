"""A study: its title, its source and its panel."""

from study_files import FOLDER

import opinionpanel as op


def test_bundled_study():
    study = op.read_study(FOLDER / "study.toml")
    panel = study.panel
    assert panel.waves == ("Jul 2024", "Nov 2024", "Mar 2025", "Jul 2025")
    assert list(panel.items) == ["support", "course", "peace"]
    assert panel.design.sample == "nonprobability"
    assert panel.dates["Jul 2024"] == "8–17 July 2024"
    assert list(panel.days) == list(panel.waves)
    assert all(item.label and item.neutral_state == "unsure" for item in panel.items.values())
    assert study.title in str(study)
    assert "synthetic" in str(study)
    assert "Synthetic" in op.shares(panel, "support").about.source


def test_a_study_is_shown_as_its_title_source_and_panel(from_table):
    panel = from_table(["yes", "no"], [[6, 2], [1, 5]])
    study = op.Study(title="Trust <2024>", source="Centre", panel=panel)
    assert str(study) == f"Study: Trust <2024>\nSource: Centre\n\n{panel}"
    assert "Trust &lt;2024&gt;" in study._repr_html_()
    without = op.Study(title="Trust", source="", panel=panel)
    assert str(without) == f"Study: Trust\n\n{panel}"
