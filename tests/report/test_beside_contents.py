"""What the pages of several studies show: only what the pages of each study show."""

import numpy as np
import pytest
from two_studies import study_files, two_studies

import opinionpanel as op
from opinionpanel.disclosure import publish
from opinionpanel.report.contents import Contents


def test_figures_are_those_that_each_study_publishes(tmp_path):
    contents = Contents(op.read_study(two_studies(tmp_path, people=150)))
    page = contents.beside["talks.studies"]
    assert page.published["North"] is contents.items["talks"].published
    labels = page.beside.estimates.labels
    for name, study in page.studies.items():
        own, _ = publish(study.panel, "talks", ["sex"]).shares()
        here = page.beside.estimates.at((labels["study"] == name).to_numpy())
        assert here.value == pytest.approx(own.estimates.value)
        assert here.n.tolist() == own.estimates.n.tolist()
    assert [family.key for family in page.families] == [
        ("North", "South", "spring"),
        ("North", "South", "autumn"),
    ]
    assert page.left_out == []
    assert page.findings[0].startswith("In autumn ")


def test_answers_that_few_gave_in_one_study_stand_together_in_both(tmp_path):
    contents = Contents(op.read_study(two_studies(tmp_path, people=150, unsure=0.01)))
    page = contents.beside["talks.studies"]
    labels = page.beside.estimates.labels
    assert labels["state"].unique().tolist() in (
        ["for or unsure", "against"],
        ["for", "unsure or against"],
    )
    here = page.beside.estimates.select(study="North", wave="autumn").value
    own = contents.items["talks"].published.shares()[0].estimates.select(wave="autumn").value
    assert here.sum() == pytest.approx(1)
    assert np.isclose(here, own[0]).any() or np.isclose(here, own[2]).any()


def test_a_study_of_few_people_shows_nothing(tmp_path):
    contents = Contents(op.read_study(two_studies(tmp_path, people=8)))
    page = contents.beside["talks.studies"]
    assert page.beside is None
    assert page.findings == []
    assert page.left_out == ["North", "South"]


def test_waves_of_other_names_get_one_in_common_in_the_language_of_the_report(tmp_path):
    path = two_studies(tmp_path, people=150, waves=("May", "June"))
    text = path.read_text(encoding="utf-8")
    more = '[labels]\nSouth = {en = "South", ru = "Юг"}\nautumn = {en = "autumn", ru = "осень"}\n'
    path.write_text(text + more, encoding="utf-8")
    page = Contents(op.read_study(path), "ru").beside["talks.studies"]
    assert page.beside.estimates.labels["wave"].unique().tolist() == [
        "autumn (North), June (South)"
    ]
    assert page.findings[0].startswith("осень (North), June (Юг): ответ «against» чаще — Юг")


def test_studies_of_one_wave_each_have_pages_without_any_change(tmp_path):
    """A third study shares no wave, and is left out with the reason."""
    south = study_files(tmp_path / "south", "South", 2, people=150)
    path = study_files(tmp_path / "north", "North", 1, others={"South": "../south/study.toml"})
    for one in (south, path):
        text = one.read_text(encoding="utf-8")
        text = text.replace('column = "talks"', 'column = {autumn = "talks"}')
        one.write_text(text.replace('column = "ft"', 'column = {autumn = "ft"}'), encoding="utf-8")
    contents = Contents(op.read_study(path))
    assert not contents.items
    assert not contents.scores
    assert [*contents.beside] == ["talks.studies", "warmth.studies"]
    assert contents.left_out == []
    assert (
        contents.beside["warmth.studies"]
        .findings[0]
        .startswith("In autumn the mean does not detectably differ")
    )
