"""The margins of tables of moves: of samples, or of the same people."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.margins_of_moves import of_linked, of_samples

WAVES = {
    "May": pd.DataFrame({"id": range(4), "q": [1, 2, 2, 1], "sex": ["man", "man"] + ["woman"] * 2}),
    "June": pd.DataFrame({"id": range(4), "q": [1, 2, 1, 1], "sex": ["man"] * 4}),
}


def panel_of(person, groups=("sex",)):
    return op.Panel.from_waves(
        WAVES,
        person=person,
        items={"q": op.Item("q", {"yes": [1], "no": [2]})},
        groups=list(groups),
        design=op.Design(weight=None),
    )


def test_a_group_that_one_of_the_samples_does_not_have_is_refused():
    samples = of_samples(panel_of(None), "q", None, ["sex"])
    with pytest.raises(SelectionError, match="At June nobody is in 'woman'"):
        samples.check_groups()


def test_the_same_people_are_in_the_same_groups():
    margins = of_linked(panel_of("id"), "q", None, ["sex"])
    margins.check_groups()
    (first, last) = margins.places[0]
    np.testing.assert_array_equal(margins.shares.value[first], [[0.25, 0.25], [0.25, 0.25]])
    np.testing.assert_array_equal(margins.shares.value[last], [[0.25, 0.25], [0.5, 0]])
    ((depends, people),) = margins.sources(np.array([0, 0])).parts
    assert depends.all()
    assert people.n.tolist() == [2] * 8
    assert of_linked(panel_of("id"), "q", None, []).sources(np.array([0])) is None
