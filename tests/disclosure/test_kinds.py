"""Kinds of people count everyone once."""

import numpy as np
from hypothesis import given, strategies as st

from opinionpanel.disclosure import kinds as module
from opinionpanel.disclosure.kinds import kinds_of


@given(st.data())
def test_every_person_inside_is_of_one_kind(data):
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    people = data.draw(st.integers(1, 30))
    draw = np.random.default_rng(data.draw(st.integers(0, 99)))
    columns = {name: (draw.integers(0, size, people), size) for name, size in enumerate(sizes)}
    inside = draw.random(people) < 0.7
    found = kinds_of(columns, inside)
    assert found.people.sum() == inside.sum()
    assert len(found.people) == np.prod(sizes)
    for name, (codes, size) in columns.items():
        counts = np.bincount(found.values[name], found.people, size)
        assert (counts == np.bincount(codes[inside], minlength=size)).all()


def test_of_too_many_kinds_those_with_people_and_their_neighbours_are_kept(monkeypatch):
    monkeypatch.setattr(module, "MOST_KINDS", 8)
    codes = np.array([0, 1, 1])
    found = kinds_of(dict.fromkeys(range(4), (codes, 2)), np.ones(3, dtype=bool))
    # Two kinds, and some of those that differ from one of them in one of four values.
    assert 2 < len(found.people) <= 2 + 8
    assert sorted(found.people)[-2:] == [1, 2]
    wide = kinds_of(dict.fromkeys(range(2), (codes, 9)), np.ones(3, dtype=bool))
    assert 2 < len(wide.people) <= 2 + 8
    assert set(wide.values[0]) - {0, 1}
    assert set(wide.values[1]) - {0, 1}
    many = kinds_of(dict.fromkeys(range(2), (codes, 90)), np.ones(3, dtype=bool))
    assert len(many.people) == 2


def test_without_people_there_are_kinds_all_the_same(monkeypatch):
    monkeypatch.setattr(module, "MOST_KINDS", 8)
    nobody = kinds_of(dict.fromkeys(range(4), (np.zeros(3, dtype=int), 2)), np.zeros(3, dtype=bool))
    assert nobody.people.sum() == 0
