"""Which paths stand by themselves: the largest, as the table has them; the others are a sum."""

from dataclasses import replace

import numpy as np
import pytest
from chart_panels import NAMES, panel_of
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.facets import facets
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.path_rows import PathRow, path_tables
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Withheld, withheld_of

PANEL = panel_of(NAMES[3], 3, groups=2)
PATHS = op.paths(PANEL, "support", by="region")


def tables(estimates, most, hidden=None, **options):
    hidden = np.zeros(len(estimates), bool) if hidden is None else hidden
    frame = Frame(estimates, Withheld(hidden), Options(**options))
    return path_tables(frame, facets(frame, ["region"]), most)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_shares_and_people_add_up_whatever_is_shown(most, seed):
    order = np.random.default_rng(seed).permutation(len(PATHS))
    for table in tables(PATHS.at(order), most):
        rows = [*table.rows, *table.last]
        shares = [row.value for row in table.rows]
        assert shares == sorted(shares, reverse=True)
        assert len(table.rows) <= most + 1
        assert sum(row.value for row in rows) == pytest.approx(1)
        assert sum(row.people for row in rows) == table.n
        assert all(row.low <= row.value <= row.high for row in rows)


@given(st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_what_is_withheld_is_in_no_row_and_no_sum(most, seed):
    hidden = np.random.default_rng(seed).random(len(PATHS)) < 0.3
    for table in tables(PATHS, most, hidden):
        inside = (PATHS.labels["region"] == table.name).to_numpy()
        rows = [row for row in (*table.rows, *table.last) if not row.hidden]
        assert sum(row.value for row in rows) == pytest.approx(PATHS.value[inside & ~hidden].sum())
        assert sum(row.hidden for row in table.last) == (hidden & inside).any()


@pytest.mark.parametrize("interval", ["logit", "beta", "wilson"])
def test_a_sum_has_the_interval_of_a_share_that_was_tallied(interval):
    """Those who never changed are the largest; the measure adds up all others by itself."""
    tallied = op.paths(PANEL, "support", min_n=60).to_frame(level=0.9, interval=interval)
    assert len(tallied) == 4
    every = op.paths(PANEL, "support", min_n=1)
    options = Options(level=0.9, interval=interval)
    frame = Frame(every, withheld_of(every, 0), options)
    (other,) = path_tables(frame, facets(frame, []), 3)[0].last
    expected = tallied.iloc[-1][["estimate", "conf_low", "conf_high", "n_cell"]].tolist()
    assert [other.value, other.low, other.high, other.people] == pytest.approx(expected)


def test_a_sum_with_a_withheld_interval_has_none():
    frame = Frame(
        PATHS, Withheld(np.zeros(len(PATHS), bool), limits=np.ones(len(PATHS), bool)), Options()
    )
    rest = path_tables(frame, facets(frame, ["region"]), 2)[0].last[0]
    assert rest.value > 0
    assert np.isnan([rest.low, rest.high]).all()


def test_one_path_more_stands_by_itself_rather_than_as_other_paths():
    full = op.paths(panel_of(NAMES[2], 2), "support", min_n=1)
    frame = Frame(full, withheld_of(full, 0), Options())
    (table,) = path_tables(frame, facets(frame, []), 3)
    assert (len(table.rows), len(table.last)) == (4, 0)


def test_who_stayed():
    assert PathRow(("yes", "yes", "yes")).stayed
    assert not PathRow(("yes", "no")).stayed
    assert not PathRow(("not interviewed", "not interviewed")).stayed
    assert not PathRow().stayed


def test_paths_of_other_states_are_refused():
    about = replace(PATHS.about, states=("approve", "unsure"))
    with pytest.raises(SelectionError, match=r"'oppose' is none of 'approve', 'unsure'"):
        tables(replace(PATHS, about=about), 5)
