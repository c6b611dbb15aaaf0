"""Numbers by group: read in every form, and refused where they do not fit the groups."""

import numpy as np
import pandas as pd
import pytest

from opinionpanel.errors import SelectionError
from opinionpanel.models.group_numbers import known_counts, known_of

NAMES = ["region", "age"]
GROUPS = [("north", "young"), ("north", "old"), ("south", "young"), ("south", "old")]
NOT_SECOND = (True, False, True, True)
COUNTS = dict(zip(GROUPS, (4.0, 3.0, 2.0, 1.0), strict=True))


def columns(given=None, effects=(), seen=(True, True, True, True)):
    return known_of(given, effects, NAMES, GROUPS).columns(np.array(seen), "wave w1")


def test_counts_are_read_in_the_order_of_the_groups():
    backwards = dict(reversed(COUNTS.items()))
    for given in (backwards, pd.Series(backwards)):
        assert known_counts(given, NAMES, GROUPS).tolist() == [4, 3, 2, 1]
    assert known_counts({"a": 1, "b": 2}, ["x"], [("b",), ("a",)]).tolist() == [2, 1]
    assert known_counts({1: 5, 2: 6}, ["x"], [("2",), ("1",)]).tolist() == [6, 5]


def test_covariates_are_the_same_however_they_are_given():
    rows = [(*group, number, 10 * number) for group, number in COUNTS.items()]
    frame = pd.DataFrame(rows, columns=[*NAMES, "x", "y"])[[*NAMES, "x"]]
    found = columns({"x": COUNTS})
    np.testing.assert_allclose(columns(frame), found)
    np.testing.assert_allclose(columns(frame.set_index(NAMES)), found)
    np.testing.assert_allclose(found.mean(axis=0), [1, 0], atol=1e-12)
    of_regions = columns(pd.DataFrame({"region": ["south", "north"], "x": [1, 2]}))
    assert np.ptp(of_regions[:2, 1]) == 0


def test_effects_give_each_category_but_the_first_a_column():
    assert columns(effects=["age"]).tolist() == [[1, 0], [1, 1], [1, 0], [1, 1]]
    assert columns(effects=NAMES).shape == (4, 3)
    assert known_of({"x": COUNTS}, NAMES, NAMES, GROUPS).coefficients == 4


@pytest.mark.parametrize("size", [1e300, 1.0, 1e-9, 1e-300])
def test_covariates_may_have_any_size(size):
    found = columns({"x": {group: size * number for group, number in COUNTS.items()}})
    np.testing.assert_allclose(found, columns({"x": COUNTS}), atol=1e-12)


def without(group):
    return {key: number for key, number in COUNTS.items() if key != group}


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda: known_counts(without(GROUPS[1]), NAMES, GROUPS), "no number for .north × old"),
        (lambda: known_counts(COUNTS | {("east", "old"): 1}, NAMES, GROUPS), "east × old"),
        (lambda: known_counts(COUNTS | {GROUPS[0]: 0}, NAMES, GROUPS), "not above 0"),
        (lambda: known_counts(COUNTS | {GROUPS[0]: "x"}, NAMES, GROUPS), "a number is needed"),
        (lambda: known_counts(COUNTS | {GROUPS[0]: np.nan}, NAMES, GROUPS), "a number is needed"),
        (lambda: known_counts([1, 2], NAMES, GROUPS), "give a dict"),
        (lambda: columns({"x": dict.fromkeys(GROUPS, 2.0)}), "the same in all groups"),
        (lambda: columns({"x": without(GROUPS[2])}), "covariate 'x': there is no number"),
        (lambda: columns({"x": 3}), "covariate 'x': give a dict"),
        (lambda: columns({"x": COUNTS, "y": COUNTS}), "one of them follows"),
        (lambda: columns({}), "no column of numbers"),
        (lambda: columns(effects=["sex"]), "sex"),
        (
            lambda: known_of(None, ["age"], ["age"], [("old",), ("old",)]),
            "have the same age",
        ),
        (lambda: columns({"x": dict.fromkeys(GROUPS, 0.0)}), "the same in all groups"),
        (
            lambda: columns({"x": dict.fromkeys(GROUPS, 0.3) | {GROUPS[1]: 2.0}}, seen=NOT_SECOND),
            r"'x' is the same in all groups with people \(wave w1\)",
        ),
        (lambda: columns({"x": COUNTS | {GROUPS[1]: 99.0}}, seen=NOT_SECOND), "more than 20 stand"),
        (
            lambda: columns(effects=["region"], seen=[False, False, True, True]),
            r"nobody is in region 'north' \(wave w1\)",
        ),
        (lambda: columns({"x": COUNTS}, NAMES, NOT_SECOND), r"more than once"),
        (lambda: columns(pd.DataFrame({"region": ["north", "south"]})), "no column of numbers"),
        (
            lambda: columns(pd.DataFrame({"region": ["north", "north"], "x": [1, 2]})),
            "rows have the same .region",
        ),
    ],
)
def test_what_does_not_fit_is_refused(read, said):
    with pytest.raises(SelectionError, match=said):
        read()
