"""What is held of people at waves, however the rows come."""

import numpy as np
from hypothesis import given, strategies as st

from opinionpanel.panel.by_person import ByPerson, Placed


@given(st.data())
def test_every_row_is_kept_where_it_belongs(data):
    waves = data.draw(st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True))
    held, expected, room = ByPerson(waves, np.int32, 1), np.zeros((6, 30), dtype=int), 1
    for _ in range(data.draw(st.integers(1, 4))):
        pairs = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 29)), max_size=9, unique=True)
        rows = data.draw(pairs)
        room = max([room, *(person + 1 for _, person in rows)])
        held.make_room(room)
        places, people = np.array([*zip(*rows, strict=True)] or [[], []], dtype=np.int16)
        values = np.arange(1, len(rows) + 1)
        held.put(Placed(places, people, room), values)
        expected[places, people] = values
    held.end(room)
    for wave in waves:
        assert held.at(wave).tolist() == expected[wave, :room].tolist()
    assert held.size == 4 * len(waves)


def test_people_may_be_left_out_afterwards():
    held = ByPerson([0, 1], np.float64, 10)
    held.put(Placed(np.zeros(2, np.int16), np.array([1, 3]), 4), np.array([0.5, 2.0]))
    held.end(4)
    assert held.at(0).tolist() == [0, 0.5, 0, 2.0]
    held.take_out(0, np.array([1]))
    held.take_out(7, np.array([1]))
    assert np.isnan(held.at(0)[1])
    held.only(np.array([True, False, False, True]))
    assert held.at(0).tolist() == [0, 2.0]
