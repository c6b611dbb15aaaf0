"""The parts of a page that depend on how many waves there are."""

import pytest

import opinionpanel as op
from opinionpanel.report.pages import ItemPage

STUDY = op.datasets.folder("attitudes_2024") / "study.toml"


@pytest.fixture
def page():
    return ItemPage(STUDY, "support")


def test_four_waves_show_true_beside_observed_turnover(page):
    shown = page.response_error().text
    assert "<td>" in shown
    assert '<th scope="col">true</th>' in shown
    assert "latent Markov model" in shown


def test_two_waves_show_what_errors_could_explain(page, from_table):
    page.panel, page.item = from_table(["a", "b"], [[400, 50], [40, 300]]), "opinion"
    shown = page.response_error().text
    assert "Two waves cannot separate change from response error" in shown
    assert "break-even error rate" in shown
    assert "not an estimate" in shown


def test_turnover_comes_with_the_test_of_symmetry(page, from_table):
    waves = page.panel.waves[:2]
    assert "Of 1,500 people interviewed at Jul 2024" in page.turnover(*waves).text
    assert "balance?" in page.symmetry(*waves).text
    still = ItemPage.of(from_table(["a", "b"], [[40, 0], [0, 30]]), "opinion")
    assert "No test of symmetry" in still.symmetry(*still.panel.waves).text


def test_where_all_flows_are_withheld_there_is_no_chart(from_table):
    small = ItemPage.of(from_table(["a", "b"], [[30, 3], [2, 20]]), "opinion")
    shown = small.flows(*small.panel.waves).text
    assert "No chart: all flows are withheld." in shown
    assert "opinionpanel-spec" not in shown
    assert shown.count("<td>withheld</td>") == 4
