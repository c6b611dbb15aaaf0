"""What a study file says of estimation is checked against the study, and applied."""

import re

import pytest
from small_study import small_study
from study_files import faults

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.study import check_study

ANCHOR = """
[anchor]
item = "support"
source = "A count that nobody made"
known."Jul 2024" = {approve = 0.4, unsure = 0.3, oppose = 0.3}
known."Nov 2024" = {approve = 0.5, unsure = 0.2, oppose = 0.3}
margins.gender = {man = 0.46, woman = 0.54}
"""


@pytest.fixture
def declared(tmp_path):
    """Write a study of one item and two waves, with more at the end of its file."""

    def write(text, files=()):
        path = small_study(tmp_path / "study", items=1, waves=2)
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
        for name, content in dict(files).items():
            (path.parent / name).write_text(content, encoding="utf-8")
        return path

    return write


def test_a_panel_is_brought_to_known_results(declared):
    study = op.read_study(declared(ANCHOR))
    flows = op.flows(study.panel, "support").matrix()
    assert flows.sum(axis=1).round(9).tolist() == [0.4, 0.3, 0.3]
    assert flows.sum(axis=0).round(9).tolist() == [0.5, 0.2, 0.3]
    assert study.estimation.anchor.source == "A count that nobody made"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ANCHOR.replace('"support"', '"suport"'), "anchor.item: there is no item 'suport'. Did"),
        (ANCHOR.replace("Jul 2024", "Jul"), "anchor.known.Jul: there is no such wave."),
        (ANCHOR.replace("gender", "sex"), "anchor.margins: there is no group 'sex'."),
        ('[impute]\nitems = ["peace"]\n', "impute.items: there is no item 'peace'."),
        ('[possible_moves]\nby = ["sex"]\n', "possible_moves.by: there is no group 'sex'."),
        (
            '[small_groups]\nby = ["region"]\nto = ["gender"]\npopulation = "people.csv"\n',
            "small_groups.to: 'gender' must be among the groups in by, 'region'",
        ),
        (
            '[small_groups]\nby = ["region", "gender"]\nto = ["region"]\n',
            "small_groups.population: is missing; how many people each group has",
        ),
        ("[impute]\nm = 1\n", "impute: m must be from 2 to 10,000, and seed 0 or more, not 1 and"),
        ("[impute]\nseed = -1\n", "impute: m must be from 2 to 10,000, and seed 0 or more"),
        ("[possible_moves]\nassume = {step = 1}\n", "possible_moves.assume: Unknown assumption"),
        ("[possible_moves]\nassume = {moved = 30}\n", "possible_moves.assume: assume={'moved'"),
        ("[possible_moves]\n", "possible_moves: is for waves that asked other people each"),
        ('[small_groups]\nby = ["region", "region"]\n', "small_groups.by: names 'region' twice"),
        ('[impute]\nitems = ["support", "support"]\n', "impute.items: names 'support' twice"),
        (
            '[combine]\nsamples = {phone = "study.toml"}\n',
            "combine.samples.phone: is this file itself",
        ),
        (
            "[combine]\neffects.web = {pannel = []}\n",
            "combine.effects.web.pannel: there is no such source of interviews. Did you mean",
        ),
        (
            '[combine]\neffects.web = {panel = ["Nov"]}\n',
            "combine.effects.web.panel.Nov: there is no such wave.",
        ),
        (
            "[combine]\ndeclared.web = {approve = 0.1, oppose = -0.1}\n",
            "combine.declared.web: there is no such effect in combine.effects.",
        ),
        (
            f'{ANCHOR}[combine]\nitems = ["support"]\n',
            "combine.items: 'support' is brought to known results by [anchor]",
        ),
        (ANCHOR.replace("source", "base"), "anchor.base: unknown key."),
    ],
)
def test_what_is_not_in_the_study_is_a_fault_of_its_key(declared, text, fault):
    assert any(one.startswith(fault) for one in faults(declared("\n" + text)))


def test_results_that_no_weights_can_meet_are_refused_with_their_key(declared):
    path = declared(ANCHOR.replace("approve = 0.5", "approve = 0.6"))
    with pytest.raises(DesignError, match=r"^anchor: .*'Nov 2024' add up to 1\.1, those at"):
        op.read_study(path)
    _, keys = check_study(path)
    assert any(one.startswith("anchor: ") for one in keys.faults)


SMALL = '\n[small_groups]\nby = ["gender"]\npopulation = "people.csv"\n'


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("sex,people\nman,1\n", "Unknown column 'gender'"),
        ("gender,people\nman,many\nwoman,3\n", "man: a number is needed, and there is 'many'"),
        ("gender,people\nman,1\nman,3\n", "man has two numbers"),
        ("gender,people\nman,0\nwoman,3\n", "the count of 'man' is not above 0"),
        ("gender,people\nman,inf\nwoman,3\n", "man: a number is needed, and there is 'inf'"),
        ("", "people.csv: the first line is empty. It should name the columns."),
    ],
)
def test_faults_of_a_file_of_numbers_of_people(declared, content, fault):
    (found,) = faults(declared(SMALL, {"people.csv": content}))
    assert found.startswith("small_groups.population: ")
    assert fault in found


def test_numbers_of_people_are_read_by_group(declared):
    # As numbers are written in half of Europe.
    path = declared(SMALL, {"people.csv": "gender;people\nman;46\nwoman;54.5\n"})
    assert op.read_study(path).estimation.people == {"man": 46.0, "woman": 54.5}


def test_people_of_groups_that_the_panel_does_not_have(declared):
    path = declared(SMALL, {"people.csv": "gender,people\nmann,46\nwoman,54\n"})
    with pytest.raises(SelectionError, match=r"^small_groups\.population: Unknown group .*'mann'"):
        op.read_study(path)
    assert any("Unknown group" in one for one in check_study(path)[1].faults)


SERIES = "[possible_moves]\nassume = {moved = 0.001}\n"


@pytest.mark.parametrize(
    ("text", "person", "fault"),
    [
        (
            '[small_groups]\nby = ["gender"]\n',
            "",
            "small_groups, item 'support': To learn how groups differ takes more of them",
        ),
        (
            '[combine]\neffects.web = {panel = [], "joined Nov 2024" = []}\n',
            "",
            "combine, item 'support': ",
        ),
        (SERIES, "none", "possible_moves, item 'support': assume={'moved': 0.001} contradicts"),
    ],
)
def test_what_a_page_would_refuse_is_a_fault_when_a_study_is_checked(declared, text, person, fault):
    path = declared("\n" + text)
    if person:
        whole = re.sub("(?m)^person = .*$", f'person = "{person}"', path.read_text("utf-8"))
        path.write_text(whole, encoding="utf-8")
    (found,) = check_study(path)[1].faults
    assert found.startswith(fault)
