"""A weight that is the same at all waves is held once, and one that is not as it is."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
from hypothesis import given, strategies as st
from panel_table import check_batches

import opinionpanel as op
from opinionpanel.panel.by_person import Placed
from opinionpanel.panel.steady_numbers import SteadyNumbers

ITEM = {"q": op.Item("q", {"a": [1], "b": [2]})}


def keep(held, people, numbers):
    rows = Placed(np.zeros(len(people), np.int16), np.array(people), 9)
    return held.keep(rows, np.array(numbers, dtype=float))


def test_what_differs_is_told():
    held = SteadyNumbers(9)
    assert keep(held, [0, 1], [1.5, 2.0])
    assert keep(held, [1, 2, 1], [2.0, 3.0, 2.0])
    for people, numbers in (([0], [1.0]), ([3, 3], [1.0, 2.0]), ([4], [0.0]), ([5], [np.nan])):
        assert not keep(held, people, numbers)
    assert held.spread((0, 3), 3).at(3)[:3].tolist() == [1.5, 2.0, 3.0]


@given(st.data())
def test_the_weights_of_memory(data):
    people, waves = data.draw(st.integers(2, 8)), data.draw(st.integers(2, 4))
    pairs = [(person, wave) for person in range(people) for wave in range(waves)]
    kept = data.draw(st.permutations(pairs)) if data.draw(st.booleans()) else pairs
    kept = kept[: data.draw(st.integers(people * waves - 2, people * waves))]
    steady = np.array([1.5 + person for person, _ in kept])
    for _ in range(data.draw(st.integers(0, 2))):
        changed = data.draw(st.integers(0, len(kept) - 1))
        steady[changed] = data.draw(st.sampled_from([0.0, np.nan, 7.25]))
    frame = pd.DataFrame(
        {
            "id": [person for person, _ in kept],
            "wave": [wave for _, wave in kept],
            "q": 1,
            "w": steady,
        }
    )
    about = {"person": "id", "wave": "wave", "items": ITEM, "design": op.Design(weight="w")}

    check_batches(frame, **about)


def test_it_is_held_once():
    rows = pd.DataFrame({"id": [1, 2] * 3, "wave": [1, 1, 2, 2, 3, 3], "q": 1, "w": [1.5, 2.0] * 3})
    source = pyarrow.dataset.dataset(pa.Table.from_pandas(rows))
    design = op.Design(weight="w")
    panel = op.Panel.from_long(source, person="id", wave="wave", items=ITEM, design=design)
    first, *others = panel.weights.values()
    assert all(other is first for other in others)
