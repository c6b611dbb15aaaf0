"""What bounds assume is read, refused, and said."""

import numpy as np
import pytest

from opinionpanel.errors import SelectionError
from opinionpanel.measures import read_assumptions


def test_what_is_assumed():
    nothing, near = read_assumptions(None), read_assumptions({"steps": 1, "moved": 0.25})
    assert nothing.allowed(3).all()
    np.testing.assert_array_equal(near.allowed(3), [[1, 1, 0], [1, 1, 1], [0, 1, 1]])
    assert "Assumed" not in nothing.said([], of_samples=True)
    said = near.said(["sex"], of_samples=False)
    assert said.endswith(
        "Assumed: nobody leaves a group of sex and nobody moves more than one state and no more "
        "than 25.0% of people move."
    )
    of_samples = nothing.said(["sex"], of_samples=True)
    assert of_samples.endswith("sex and each group has the mean of its sizes at both waves.")


@pytest.mark.parametrize(
    ("assume", "say"),
    [
        ({"step": 1}, "Unknown assumption 'step'. Did you mean 'steps'"),
        ({"steps": 0.5}, "how many states people move at most"),
        ({"moved": 30.0}, "a share of people between 0 and 1"),
    ],
)
def test_what_is_no_assumption_is_refused(assume, say):
    with pytest.raises(SelectionError, match=say):
        read_assumptions(assume)
