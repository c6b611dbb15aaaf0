"""Label columns beside others: no name stands twice, and nothing else changes."""

import numpy as np
import pandas as pd
from hypothesis import given, strategies as st

from opinionpanel.estimates.label_columns import beside, free_name

names = st.sampled_from(["n", "n (group)", "estimate", "region", "side"])


@given(names, st.sets(names))
def test_a_free_name_is_free_and_begins_with_the_name(name, taken):
    free = free_name(name, taken)
    assert free not in taken
    assert free.startswith(name)
    assert (free == name) == (name not in taken)


@given(st.lists(names, unique=True, max_size=1), st.lists(names, unique=True, min_size=1))
def test_no_column_of_a_frame_stands_twice(labels, figures):
    frame = beside(
        pd.DataFrame({name: ["a", "b"] for name in labels}, index=[5, 7]),
        {name: np.array([place, place + 0.5]) for place, name in enumerate(figures)},
    )
    assert frame.columns.is_unique
    assert list(frame)[len(labels) :] == figures
    assert frame[figures[-1]].tolist() == [len(figures) - 1, len(figures) - 0.5]
    assert len(frame) == 2
