"""What a chart of dots shows of estimates: which figures, of whom, and how they changed."""

import math
from dataclasses import replace

import numpy as np
import pytest
from chart_panels import NAMES, panel_of
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.dot_rows import part_of, rows_of
from opinionpanel.charts.frame import Frame
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Withheld, withheld_of


@pytest.fixture(scope="module")
def panel():
    return panel_of(NAMES[3], 3, people=600, groups=4, lost=0.1)


@pytest.fixture(scope="module")
def shares(panel):
    return op.shares(panel, "support", by="region")


def rows_in(estimates, *, withheld=None, state=None, by=None, sort=None, ranks=False, alone=False):
    withheld = withheld_of(estimates, 10) if withheld is None else withheld
    part = part_of(estimates, withheld, state=state, alone=alone)
    frame = Frame(part.estimates, part.withheld, Options())
    return rows_of(part, frame, by=by, sort=sort, ranks=ranks)


def figures(point):
    return [point.value, point.low, point.high, point.n]


@pytest.mark.parametrize("state", NAMES[3])
def test_rows_have_the_figures_of_the_first_wave_and_the_last(shares, state):
    frame = shares.select(state=state).to_frame().set_index(["wave", "region"])
    columns = ["estimate", "conf_low", "conf_high", "n"]
    rows = rows_in(shares, state=state)
    assert [row.name for row in rows] == [f"region {k + 1}" for k in range(4)]
    for row in rows:
        assert figures(row.first) == frame.loc[("wave 1", row.name), columns].tolist()
        assert figures(row.last) == frame.loc[("wave 3", row.name), columns].tolist()
        assert row.last.low <= row.last.value <= row.last.high


@pytest.mark.parametrize("measure", [op.shares, op.turnover, op.attrition])
def test_changes_are_those_of_difference(panel, measure):
    """With the covariance of people who answered both times."""
    found = measure(panel, "support", by="region")
    column = "wave" if "wave" in found.labels else "from_wave"
    times = list(found.labels[column].unique())
    rows = rows_in(found)
    part = part_of(found, withheld_of(found, 0), state=None).estimates
    change = part.difference(column, times[-1], minus=times[0]).to_frame()
    assert len(change) == len(rows) == 4
    expected = change[["estimate", "conf_low", "conf_high", "n"]].to_numpy()
    assert np.array([figures(row.change) for row in rows]) == pytest.approx(expected, nan_ok=True)


def test_changes_between_pairs_of_waves_stand_below_each_other(panel):
    """To take one from the other would print a change of changes."""
    found = op.net_change(panel, "support", by="region")
    rows = rows_in(found)
    first = found.labels["state"].iloc[0]
    assert [(row.section, row.name) for row in rows] == [
        (pair, f"region {k}")
        for pair in ("wave 1 → wave 2", "wave 2 → wave 3")
        for k in (1, 2, 3, 4)
    ]
    assert [row.last.value for row in rows] == found.select(state=first).value.tolist()
    assert all(row.change is None and row.first is None for row in rows)
    alone = rows_in(op.net_change(panel, "support"), alone=True)
    assert [row.section for row in alone] == ["wave 1 → wave 2"] * 3 + ["wave 2 → wave 3"] * 3
    assert [row.section for row in rows_in(found.select(from_wave="wave 1"))] == ["Region"] * 4


def test_what_is_withheld_at_either_wave_has_no_change(shares):
    hidden = (shares.labels["region"] == "region 2") & (shares.labels["wave"] == "wave 1")
    hidden |= (shares.labels["region"] == "region 3") & (shares.labels["wave"] == "wave 3")
    one, two, three, _ = rows_in(shares, withheld=Withheld(hidden.to_numpy(), min_n=10))
    assert not one.change.hidden
    assert math.isfinite(one.change.value)
    for row in (two, three):
        assert row.change.hidden
        assert all(math.isnan(part) for part in figures(row.change)[:3])
    assert two.first.hidden
    assert math.isnan(two.first.value)
    assert math.isfinite(two.last.value)
    assert math.isnan(three.last.value)


@pytest.mark.parametrize("sort", ["estimate", "change"])
def test_rows_are_sorted_and_what_is_withheld_keeps_its_order_at_the_end(shares, sort):
    hidden = shares.labels["region"].isin(["region 1", "region 2"]).to_numpy()
    rows = rows_in(shares, withheld=Withheld(hidden, min_n=10), sort=sort)
    assert [row.name for row in rows[2:]] == ["region 1", "region 2"]
    one, two = (row.last.value if sort == "estimate" else row.change.value for row in rows[:2])
    assert one >= two


def test_the_ranks_are_those_of_groups_that_are_shown(shares):
    """Where they were among all, the others' figures would show through."""
    spread = replace(shares, value=np.linspace(0.05, 0.95, len(shares)))
    hidden = (shares.labels["region"] == "region 2").to_numpy()
    rows = rows_in(spread, withheld=Withheld(hidden, min_n=10), ranks=True)
    assert [row.ranks is None for row in rows] == [False, True, False, False]
    assert max(row.ranks[1] for row in rows if row.ranks) == 3
    less = spread.select(region=["region 1", "region 3", "region 4"])
    assert [row.ranks for row in rows if row.ranks] == [
        row.ranks for row in rows_in(less, ranks=True)
    ]


@given(st.permutations(range(36)))
def test_the_order_of_estimates_changes_only_that_of_rows(shares, order):
    plain = {row.name: row for row in rows_in(shares, state="approve")}
    moved = shares.at(np.array(order))
    # Which wave is the first is told by their order.
    order = moved.labels["wave"].map({f"wave {k}": k for k in (1, 2, 3)})
    moved = moved.at(np.argsort(order, kind="stable"))
    for row in rows_in(moved, state="approve"):
        same = plain[row.name]
        for one, other in ((row.first, same.first), (row.change, same.change)):
            assert figures(one) == pytest.approx(figures(other))


def test_a_figure_of_all_people_is_one_row_and_alone_its_states_are(panel):
    shares = op.shares(panel, "support")
    (everybody,) = rows_in(shares)
    assert everybody.everybody
    rows = rows_in(shares, alone=True)
    assert [row.name for row in rows] == NAMES[3]
    assert not any(row.everybody for row in rows)
    assert [row.everybody for row in rows_in(op.attrition(panel, "support"), alone=True)] == [
        *[False] * 3,
        True,
    ]


def test_sections_are_named_for_their_groups(panel):
    panel = op.datasets.load("attitudes_2024").panel
    one = rows_in(op.shares(panel, "support", by="age_group"))
    assert {row.section for row in one} == {"Age group"}
    both = op.shares(panel, "support", by=["gender", "age_group"])
    assert [row.section for row in rows_in(both)] == ["man"] * 4 + ["woman"] * 4
    assert [row.name for row in rows_in(both, by="age_group")] == ["man", "woman"] * 4


def test_more_waves_than_two_are_left_out_and_counted(shares):
    part = part_of(shares, withheld_of(shares, 10), state=None)
    assert (part.times, part.left_out) == ((("wave 1",), ("wave 3",)), 1)


def test_a_group_that_a_wave_has_nobody_of_is_there_without_a_figure(shares):
    labels = shares.labels
    gone = (labels["region"] == "region 2") & (labels["wave"] == "wave 3")
    rows = rows_in(shares.at(np.flatnonzero(~gone)), withheld=None)
    assert math.isnan(rows[1].last.value)
    assert rows[1].last.n == 0
    assert math.isnan(rows[1].change.value)


@pytest.mark.parametrize(
    ("measure", "names"),
    [
        (op.flows, "origin"),
        (op.gains_and_losses, "side"),
        (op.first_change, "wave"),
        (op.mobility_indices, "numbers"),
    ],
)
def test_several_figures_for_a_group_are_refused_with_a_way_out(panel, measure, names):
    found = measure(panel, "support", by="region")
    with pytest.raises(SelectionError, match=names):
        part_of(found, withheld_of(found, 10), state=None)


def test_a_state_is_refused_that_is_not_there(panel, shares):
    with pytest.raises(SelectionError, match="approve"):
        part_of(shares, withheld_of(shares, 10), state="aprove")
    turnover = op.turnover(panel, "support")
    with pytest.raises(SelectionError, match="Leave it out"):
        part_of(turnover, withheld_of(turnover, 10), state="approve")


def test_no_rows_are_nothing_to_draw(shares):
    none = shares.at(np.array([], dtype=int))
    with pytest.raises(SelectionError, match="nothing to draw"):
        part_of(none, withheld_of(none, 0), state=None)


def test_a_group_may_be_called_state():
    panel = op.datasets.load("attitudes_2024").panel
    turnover = op.turnover(panel, "support", by="gender", waves=["Jul 2024", "Jul 2025"])
    labels = turnover.labels.rename(columns={"gender": "state"})
    named = replace(turnover, named=type(turnover.named).of(labels))
    assert [row.name for row in rows_in(named)] == ["man", "woman"]
    assert {row.section for row in rows_in(named)} == {"State"}
