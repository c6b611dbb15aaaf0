"""Items and scores of a study file, and their faults."""

import pytest
from questions_study import questions_study
from study_files import PERSON, SIMPLE, WAVES, faults

import opinionpanel as op
from opinionpanel.study.checking import check_study
from opinionpanel.study.declaring import declare

SCORE = '[scores.b]\ncolumn = {w1 = "b", w2 = ["b", "a"]}\nlow = 0\nhigh = inf\n'


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


def test_scales_multiple_questions_and_batteries_are_declared(tmp_path):
    path = questions_study(tmp_path, people=40)
    declared = declare(path)
    assert declared.keys.faults == []
    panel = op.read_study(path).panel
    scale = op.scale(["q1", "q2", "q3"], low=1, high=5, reverse=["q3"], at_least=2)
    assert panel.scores["warmth"].parts("warmth").keys() == scale.parts("warmth").keys()
    assert [*panel.options_of("media")] == ["media: TV", "media: internet", "media: papers"]
    assert panel.asked("media: papers") == ("May",)
    assert declared.batteries == {"institutions": ["president", "church"]}
    text, keys = check_study(path)
    assert keys.faults == []
    assert "Codes of multiple question media: Where from do you get news?" in text
    assert "        1   " in text.partition("Codes of multiple")[2]
    assert "media      3 options: 2 states, 2 waves" in check_study(path, brief=True)[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"church"]', '"chruch"]', "batteries.institutions.items: there is no item 'chruch'. Did "),
        ('"church"]', '"president"]', "batteries.institutions.items: names an item twice"),
        ('column = "t2"\nstates = {trust', 'column = "t2"\nstates = {faith', "have other states: "),
        ('reverse = ["q3"]', 'reverse = ["q4"]', "scales.warmth: Unknown column in reverse: 'q4'"),
        ("at_least = 2", "at_least = 4", "scales.warmth: at_least says how many of the 3"),
        ("at_least = 2", 'at_least = "2"', "scales.warmth.at_least: must be a whole number, "),
        ("at_least = 2", "at_least = 2.5", "scales.warmth.at_least: must be a whole number, "),
        ('["q1", "q2", "q3"]', '["q1"]', "scales.warmth.columns: needs two or more"),
        (', "church"]', "]", "batteries.institutions.items: needs two or more"),
        ("selected = [1]", "", "multiple.media: selected= lists the codes or labels"),
        ('{May = "m3"}', '{May = "m2"}', "multiple.media: "),
        ('{May = "m3"}', '{Mai = "m3"}', "multiple.media.Mai: there is no such wave"),
        ("[scales.warmth]", "[scales.church]", "scales.church: an item has this name; give the "),
        ("[multiple.media]", "[multiple.warmth]", "multiple.warmth: a scale has this name; give"),
    ],
)
def test_what_is_wrong_with_them_is_a_fault_of_their_key(tmp_path, old, new, said):
    path = questions_study(tmp_path, people=40)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(fault.startswith(said) or said in fault for fault in faults(path))


@pytest.mark.parametrize("taken", ["items", "scores", "multiple"])
def test_an_option_does_not_take_the_place_of_another_question(tmp_path, taken):
    """An item of the name of an option was replaced by it without a word."""
    more = {
        "items": 'column = "t1"\nstates = {yes = [1, 2, 9]}',
        "scores": 'column = "q1"\nlow = 1\nhigh = 5',
        "multiple": 'options = {a = "m1", b = "m2"}\nselected = [1]',
    }[taken]
    path = questions_study(tmp_path, people=40, more=f'[{taken}."media: TV"]\n{more}\n')
    (fault,) = faults(path)
    assert fault == (
        "multiple.media.options.TV: the option becomes the item 'media: TV', and another question "
        "has that name already; give that one another"
    )
