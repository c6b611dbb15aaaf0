"""Values: their number and their standard errors."""

import numpy as np
import pandas as pd

from opinionpanel.estimates.about import About
from opinionpanel.estimates.values import Values


def values(covariance):
    size = len(covariance)
    return Values(
        labels=pd.DataFrame({"state": list("abc")[:size]}),
        value=np.zeros(size),
        covariance=np.array(covariance, dtype=float),
        df=np.full(size, 9.0),
        n=np.full(size, 10.0),
        n_effective=np.full(size, 10.0),
        about=About(measure="shares", title="Shares"),
    )


def test_standard_errors_are_roots_of_the_diagonal():
    found = values([[4.0, 1.0], [1.0, 9.0]])
    assert len(found) == 2
    assert found.std_error.tolist() == [2.0, 3.0]


def test_rounding_makes_no_variance_negative_and_undefined_stays_undefined():
    found = values([[-1e-18, np.nan], [np.nan, np.nan]])
    assert found.std_error[0] == 0
    assert np.isnan(found.std_error[1])
