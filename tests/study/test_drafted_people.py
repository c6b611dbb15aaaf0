"""Ids in a draft: by wave, with what is missing and what stands twice."""

import tomllib

import pandas as pd

from opinionpanel.study.drafted_people import due_lines, fixed_lines, person_lines
from opinionpanel.study.drafted_places import undecided
from opinionpanel.waves import Wave


def waves_of(**ids):
    return {name: Wave(pd.DataFrame({"id": values})) for name, values in ids.items()}


def drafted(person, waves, *, wide=False):
    text = "\n".join(person_lines(person, waves, wide=wide))
    return tomllib.loads(text).get("person"), text


def test_ids_by_wave():
    waves = waves_of(w1=[1, 2], w2=[1, 2])
    assert drafted({"w1": ["id"], "w2": ["id"]}, waves)[0] == "id"
    by_wave = {"w1": ["id"], "w2": ["id", "old"]}
    assert drafted(by_wave, waves)[0] == {"w1": "id", "w2": ["id", "old"]}


def test_what_is_not_found_and_what_stands_twice():
    found, text = drafted({"w1": ["id"]}, waves_of(w1=[1, 2, 2, None, None], w2=[1]))
    assert found == {"w1": "id", "w2": "FILL IN"}
    assert "# NOT FOUND in w2:" in text
    assert [place.what for place in undecided(text)][1:] == [
        "duplicates: at w1, 2 rows have the id of another row; leave all out?"
    ]


def test_waves_that_nothing_links():
    waves = waves_of(w1=[1, 2], w2=[3, 4])
    found, text = drafted({}, waves)
    assert found == "none"
    assert [place.what for place in undecided(text)] == [
        "person: no column links the waves; were other people asked at each?"
    ]


def test_a_wide_file():
    waves = waves_of(w1=[1, 2])
    assert drafted({"w1": ["id"]}, waves, wide=True)[0] == "id"
    assert drafted({}, waves, wide=True)[0] is None


def test_what_cannot_change_and_who_rotates():
    assert fixed_lines(["sex"])[-2] == 'fixed = ["sex"]'
    assert fixed_lines([])[-2] == '# fixed = ["gender"]'
    assert due_lines(["w1", "w2"]) == []
    assert '# due = {w1 = ["w1", "w3"]}' in due_lines(["w1", "w2", "w3"])
