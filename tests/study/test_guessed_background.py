"""Facts about people come after attitudes in a draft."""

import pytest
from study_files import shared

from opinionpanel.study.drafting import draft_study
from opinionpanel.study.guessed_background import is_background
from opinionpanel.study.guessing import GuessedColumn


def question(name, wording=""):
    return {"w": GuessedColumn("w", name, wording.casefold(), {}, {1: 9, 2: 9})}


@pytest.mark.parametrize(
    ("name", "wording"),
    [
        ("marstat", "Marital Status"), ("v7", "Family income"), ("EDU_GR", ""), ("Geschlecht", ""),
        ("child18", "Children under 18"), ("TNP", "Вы проживаете в городе или селе?"),
        ("x", "Половозрастные группы"), ("progress", ""), ("startDate", ""), ("leeftijd", ""),
        ("sd06", "Kinder_12_18".replace("_", " ")), ("votereg", "Voter Registration Status"),
        ("inputstate", ""), ("interviewer_sex", ""), ("hh_size", ""),
    ],
)  # fmt: skip
def test_facts(name, wording):
    assert is_background(question(name, wording))


@pytest.mark.parametrize(
    ("name", "wording"),
    [
        ("q1", "COVID-19 vaccine willingness"), ("H7", ""), ("pid7", "7 point Party ID"),
        ("q5", "В какой мере вы доверяете официальной информации?"), ("stage", ""),
        ("q9", "Trust in the city council"), ("q10", "Children should be vaccinated"),
        ("q11", "What would you say about the income of farmers today"),
        ("paragraph", ""), ("message", "Message of the president"),
    ],
)  # fmt: skip
def test_attitudes(name, wording):
    assert not is_background(question(name, wording))


def test_the_order_in_real_files(tmp_path):
    files = shared(*(f"yougov_rhode_island/wave{number}.sav" for number in (3, 4, 5)))
    text = draft_study(files, tmp_path)
    items = [line[7:-1] for line in text.splitlines() if line.startswith("[items.")]
    items = [name for name in items if not name.endswith(".states")]
    assert items[:3] == ["q6", "q7", "q8"]
    assert not {"race", "marstat", "employ", "faminc_new", "religpew"} & set(items)
    # They are named at the end, for who wants them.
    rest = text.split("more columns look like questions of several waves")[1]
    assert rest.index("q102") < rest.index("race") < rest.index("faminc_new")
