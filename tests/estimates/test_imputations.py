"""The two parts of what pooled estimates vary by, and what is derived from both."""

import numpy as np
import pytest

import opinionpanel as op
from opinionpanel.estimates import Estimates, pooled
from opinionpanel.estimates.covariances import of_matrix
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.estimates.imputations import Imputations

PANEL = op.datasets.load("thomas_1991_3")


def parts_of(within, between, number=5.0, df=40.0):
    size = len(within)
    return Imputations(
        of_matrix(np.diag(within)),
        of_matrix(np.diag(between)),
        np.full(size, number),
        Freedom(lambda: np.full(size, df)),
        np.full(size, 10.0),
    )


def test_what_does_not_vary_between_data_sets_is_as_if_nothing_were_missing():
    found = parts_of([0.1, 0.0, 0.0], [0.0, 0.0, 0.1])
    assert found.missing_information.tolist() == [0.0, 0.0, 1.0]
    assert found.freedom.values.tolist() == [40.0, 40.0, 4.0]


def test_degrees_of_freedom_never_pass_those_of_the_design():
    between = np.geomspace(1e-6, 1e3, 20)
    found = parts_of(np.ones(20), between).freedom.values
    assert (found < 40).all()
    assert (np.diff(found) < 0).all()


def imputed_twice():
    """Estimates of two data sets that differ a little, as if something had been imputed."""
    first = op.flows(PANEL, "opinion")
    change = np.zeros(len(first))
    change[:2] = 0.01, -0.01
    second = op.flows(PANEL, "opinion")
    return [first, type(first)(**{**vars_of(second), "value": second.value + change})]


def vars_of(estimates):
    return {name: getattr(estimates, name) for name in Estimates.__dataclass_fields__}


def test_what_is_derived_is_pooled_as_if_it_had_been_estimated():
    parts = imputed_twice()
    matrix = np.zeros((2, len(parts[0])))
    matrix[0, :2], matrix[1, :3] = 1, (1, -1, 1)
    labels = {"what": ["sum", "mixed"]}
    before = pooled([part.contrast(matrix, labels) for part in parts])
    after = pooled(parts).contrast(matrix, labels)
    for name in ("value", "covariance", "df", "missing_information"):
        one, other = getattr(before, name), getattr(after, name)
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-14)
    # The sum is the same in both data sets.
    assert after.missing_information[0] == pytest.approx(0.0, abs=1e-9)
    assert after.at([1]).missing_information == pytest.approx(before.missing_information[1:])


def test_a_frame_has_a_column_of_missing_information_that_is_withheld_with_the_figure():
    found = pooled(imputed_twice())
    frame = found.to_frame()
    assert frame["missing_information"].tolist() == found.missing_information.tolist()
    hidden = found.to_frame(min_n=10_000)
    assert hidden["missing_information"].isna().all()
    assert "missing_information" not in op.flows(PANEL, "opinion").to_frame()


def test_beside_a_study_without_imputations_nothing_is_missing():
    other = op.flows(op.datasets.load("agresti_approval"), "opinion")
    own = pooled(imputed_twice())
    names = [*dict.fromkeys(own.labels["origin"])]
    assert names
    with pytest.raises(op.errors.SelectionError):
        op.side_by_side({"one": own, "two": other})
    again = op.flows(op.datasets.load("thomas_1991_3"), "opinion")
    both = op.side_by_side({"imputed": own, "answered": again})
    missing = both.missing_information
    np.testing.assert_allclose(missing, [*own.missing_information, *[0.0] * len(again)])
    difference = both.difference("study", "imputed", minus="answered")
    assert difference.missing_information[0] > 0
