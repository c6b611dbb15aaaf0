"""Who is counted, in memory and on engines alike."""

import operator

import numpy as np
import pytest
from engine_frames import DASK, KEYED, N, columns_on
from hypothesis import given, strategies as st

from opinionpanel.engines.engine_column import People
from opinionpanel.engines.person_column import NONE, Counting, how_many

COLUMNS = {name: columns_on(name) for name in ("polars", "duckdb")}
CONDITIONS = st.lists(
    st.tuples(
        st.sampled_from(sorted(KEYED)),
        st.sampled_from([operator.lt, operator.ge, operator.eq, operator.ne]),
        st.sampled_from([-1, 0, 1, 2]),
    ),
    max_size=5,
    unique=True,
)


def counted(values, wanted):
    return how_many(((name, how, to), how(values[name], to)) for name, how, to in wanted)


@pytest.mark.parametrize("name", COLUMNS)
@given(wanted=CONDITIONS)
def test_as_many_are_counted_on_an_engine(name, wanted):
    found = counted(COLUMNS[name], wanted)
    assert found == counted(KEYED, wanted)
    assert list(found) == wanted


@DASK
def test_as_many_are_counted_on_a_cluster():
    wanted = [("real", operator.lt, 0), ("village", operator.eq, 2), ("true", operator.ne, 0)]
    assert counted(columns_on("dask"), wanted) == counted(KEYED, wanted)


@pytest.mark.parametrize("values", [KEYED, *COLUMNS.values()], ids=["memory", *COLUMNS])
def test_everyone_fulfils_a_condition_or_not(values):
    condition = values["whole"] > 0
    found = how_many([("yes", condition), ("no", ~condition), ("all", condition | ~condition)])
    assert found["yes"] + found["no"] == found["all"] == N


def test_arrays_and_columns_are_counted_together():
    counting = Counting()
    counting.add("here", KEYED["true"])
    counting.add("there", COLUMNS["polars"]["true"])
    found = counting.found()
    assert found["here"] == found["there"] == KEYED["true"].sum()
    counting.add("later", ~COLUMNS["polars"]["true"])
    assert counting.found() == found | {"later": N - found["there"]}


def test_an_engine_counts_all_in_one_pass(monkeypatch):
    passes = []
    real = People.totals
    monkeypatch.setattr(
        People, "totals", lambda self, asked: passes.append(len(asked)) or real(self, asked)
    )
    how_many((place, COLUMNS["polars"]["whole"] > place) for place in range(4))
    assert passes == [4]


def test_nothing_is_asked_of_nobody():
    assert how_many([]) == {}


def test_none_is_less_than_any_weight():
    assert np.array([NONE, -1e308, 0.0]).argmin() == 0
    assert not np.isnan(NONE)
