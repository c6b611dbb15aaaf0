"""From ids to people: whatever shares an id is one person."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from id_waves import linked, pairs

from opinionpanel.errors import LinkError
from opinionpanel.panel.linking import link_waves
from opinionpanel.panel.numbering import number_people
from opinionpanel.waves.wave import Wave


def test_the_same_person_gets_the_same_row():
    found = linked(w1=[7, 8, 9], w2=[9, 7, 5])
    assert found.people == 4
    assert pairs(found) == [1, -1, 0]
    assert found.present.tolist() == [[True, True, True, False], [True, False, True, True]]
    assert found.rows["w1"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("scale", [1, 10**12])
def test_ids_in_a_table_and_by_hashing_are_the_same(scale):
    random = np.random.default_rng(1)
    ids = {f"w{t}": random.choice(3_000, 2_000, replace=False) * scale - 5 for t in range(4)}
    found = linked(**ids)
    for position, name in enumerate(ids):
        assert found.present[position].sum() == 2_000
        assert found.present[:, found.rows[name]][position].all()
        for other in ids:
            expected = np.isin(ids[name], ids[other]).tolist()
            assert found.present[list(ids).index(other), found.rows[name]].tolist() == expected


def test_waves_in_the_same_order():
    found = linked(w1=[3, 1, 2], w2=[3, 1, 2], w3=[2, 9, 3], w4=[3, 1, 2])
    assert found.people == 4
    assert found.rows["w4"].tolist() == [0, 1, 2]
    assert found.rows["w3"].tolist() == [2, 3, 0]


def test_a_row_that_is_known_by_several_ids_joins_them():
    waves = {
        "w1": Wave(pd.DataFrame({"id": [11, 12]})),
        "w2": Wave(pd.DataFrame({"id": [21, 22]})),
        "w3": Wave(pd.DataFrame({"id_w2": [21, 22, None], "id_w1": [11, None, 12]})),
    }
    found = link_waves(waves, {"w1": "id", "w2": "id", "w3": ["id_w2", "id_w1"]})
    # 11 and 21 are one person, which only the third wave knows.
    assert found.people == 3
    assert found.present.sum(axis=1).tolist() == [2, 2, 3]
    assert found.rows["w1"][0] == found.rows["w2"][0] == found.rows["w3"][0]
    again = link_waves(waves, {"w1": "id", "w2": "id", "w3": ["id_w1", "id_w2"]})
    assert again.present.tolist() == found.present.tolist()


@given(st.data())
def test_joining_is_what_a_graph_of_ids_says(data):
    """Against a plain search over rows that share an id."""
    ids = st.one_of(st.none(), st.integers(1, 30))
    rows = st.lists(st.tuples(ids, ids), min_size=1, max_size=6)
    drawn = {
        name: [(a if a or b else 40 + place, b) for place, (a, b) in enumerate(data.draw(rows))]
        for name in ("w1", "w2", "w3")
    }
    nodes = [(name, place) for name, part in drawn.items() for place in range(len(part))]
    known = {(name, place): set(drawn[name][place]) - {None} for name, place in nodes}
    groups = []
    for node in nodes:
        touching = [group for group in groups if group["ids"] & known[node]]
        merged = {"nodes": {node}, "ids": set(known[node])}
        for group in touching:
            merged["nodes"] |= group["nodes"]
            merged["ids"] |= group["ids"]
            groups.remove(group)
        groups.append(merged)
    waves = {
        name: Wave(pd.DataFrame(part, columns=["a", "b"], dtype="Int64"))
        for name, part in drawn.items()
    }
    twice = any(
        len({place for wave, place in group["nodes"] if wave == name}) > 1
        for group in groups
        for name in drawn
    )
    alone = any(
        not any(
            any(wave == name for wave, _ in group["nodes"])
            and any(wave != name for wave, _ in group["nodes"])
            for group in groups
        )
        for name in drawn
    )
    person = {name: ["a", "b"] for name in drawn}
    if twice or alone:
        with pytest.raises(LinkError):
            link_waves(waves, person)
        return
    found = link_waves(waves, person)
    assert found.people == len(groups)
    for group in groups:
        assert len({int(found.rows[name][place]) for name, place in group["nodes"]}) == 1


@given(
    waves=st.lists(st.lists(st.integers(-5, 60), min_size=1, unique=True), min_size=1, max_size=4),
    scale=st.sampled_from([1, 10**12, "text"]),
)
def test_people_are_numbered_as_they_appear(waves, scale):
    """By a table, by hashing, and as text, against a plain dict."""
    known = {}
    expected = [[known.setdefault(one, len(known)) for one in ids] for ids in waves]
    if scale == "text":
        keys = [np.array([str(one) for one in ids], dtype=object) for ids in waves]
    else:
        keys = [np.array(ids) * scale for ids in waves]
    people, rows = number_people(keys)
    assert people == len(known)
    assert [row.tolist() for row in rows] == expected
