"""Panels of a chart: by group and pair of waves, in rows of equal length."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from chart_panels import NAMES, panel_of
from hypothesis import assume, given, strategies as st

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.facets import BETWEEN, corners, facets, group_columns, in_rows
from opinionpanel.charts.frame import Frame
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import PAIR, Withheld

FLOWS = op.flows(panel_of(NAMES[3], 3, groups=3), "support", by="region")


def frame(estimates=FLOWS, **options):
    return Frame(estimates, Withheld(np.zeros(len(estimates), bool)), Options(**options))


@given(st.integers(0, 2**32 - 1))
def test_panels_take_estimates_apart_whatever_their_order(seed):
    order = np.random.default_rng(seed).permutation(len(FLOWS))
    mixed = frame(FLOWS.at(order))
    parts = facets(mixed, ["region", *PAIR])
    assert len(parts) == 6
    assert sorted(np.concatenate([part.rows for part in parts])) == list(range(len(FLOWS)))
    for part in parts:
        labels = mixed.figures.labels.iloc[part.rows][["region", *PAIR]]
        assert set(labels.itertuples(index=False, name=None)) == {part.values}
    # Group by group.
    groups = [part.values[0] for part in parts]
    assert sum(one != other for one, other in pairwise(groups)) == 2


def test_panels_have_the_names_that_readers_see():
    parts = facets(frame(labels={"region 2": "South"}), ["region"])
    assert [part.name for part in parts] == ["region 1", "South", "region 3"]
    assert [part.name for part in facets(frame(), [])] == [""]


def test_the_group_that_makes_panels():
    assert group_columns(frame(), None) == group_columns(frame(), "region") == ["region"]
    with pytest.raises(SelectionError, match=r"There is no group column 'sex'|sex"):
        group_columns(frame(), "sex")
    labels = FLOWS.labels.assign(sex="woman")
    labels.loc[::2, "sex"] = "man"
    both = FLOWS.contrast(np.eye(len(FLOWS)), labels)
    assert group_columns(frame(both), None) == ["region", "sex"]
    with pytest.raises(SelectionError, match="by='sex' leaves 'region' open"):
        group_columns(frame(both), "sex")


def test_a_group_named_like_a_column_is_found_by_its_name():
    labels = FLOWS.labels.rename(columns={"region": "origin (group)"})
    named = frame(FLOWS.contrast(np.eye(len(FLOWS)), labels))
    assert group_columns(named, "origin") == ["origin (group)"]


@given(st.integers(1, 40), st.floats(100, 2000), st.floats(50, 600), st.floats(1, 3))
def test_rows_are_full_and_panels_do_not_overlap(count, width, least, stretch):
    assume(least <= width)
    columns, wide = in_rows(count, width, least, least * stretch)
    assert least - 1e-6 <= wide <= max(least * stretch, least) + 1e-6
    rows = -(-count // columns)
    # No row has two places less than another.
    assert rows * columns - count < rows
    places = corners(count, columns, wide, 80, 10)
    assert max(x for x, _ in places) + wide <= width + 1e-6
    for (x, y), (x2, y2) in combinations(places, 2):
        assert abs(x - x2) >= wide + BETWEEN - 1e-6 or abs(y - y2) >= 80 + BETWEEN - 1e-6
