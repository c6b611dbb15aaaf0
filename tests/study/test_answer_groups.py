"""Groups of answers in a study file: read, named for readers, and their faults."""

from study_files import PERSON, SIMPLE, faults

import opinionpanel as op

TWO = SIMPLE + '[items.a]\ncolumn = {w1 = "a"}\nstates = {yes = [1], no = [2]}\nrest = "missing"\n'
LABELS = '[items.a.labels]\nyes = {en = "Yes!", ru = "Да"}\n'


def test_a_group_of_answers_is_that_of_the_panel(study):
    text = PERSON + TWO + LABELS + '[groups.before]\nitem = "a"\nwave = "w1"\nlabel = "Before"\n'
    read = op.read_study(study(text))
    assert read.panel.groups["before"].answers_to == ("a", "w1")
    assert "by before (a at w1)" in op.shares(read.panel, "b", by="before").about.title
    assert read.names() == {"before": "Before", "yes": "Yes!"}
    assert read.in_language("ru").names()["yes"] == "Да"


def test_faults_stand_beside_each_other(study):
    groups = """
[groups.one]
item = "a"
[groups.two]
item = "x"
wave = "w7"
[groups.three]
item = "a"
wave = "w2"
[groups.four]
item = "a"
wave = "w1"
column = "sex"
[fixed.sex]
item = "a"
wave = "w1"
"""
    assert faults(study(PERSON + TWO + groups)) == [
        "fixed.sex.item: answers can change, and are no fixed trait; a group may be made of them",
        "groups.one.wave: is missing; a group of answers has an item and a wave",
        "groups.two.item: there is no item 'x'. Known: 'b', 'a'.",
        "groups.two.wave.w7: there is no such wave. Known: 'w1', 'w2'.",
        "groups.three.wave: item 'a' was not asked at wave 'w2'",
        "groups.four: a group of answers has an item and a wave, and no 'column' besides",
    ]
