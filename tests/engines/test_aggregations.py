"""Tables that share an aggregation are those that each would have had alone."""

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pytest
from engine_frames import FRAMES
from hypothesis import given, strategies as st

from opinionpanel.engines import aggregations
from opinionpanel.engines.engine_column import EngineColumn, People
from opinionpanel.engines.joint_tables import Key, Table, joint_tables

RNG = np.random.default_rng(11)
PEOPLE = 40
SIZES = (3, 2, 4, 3)
CODES = [RNG.integers(-3, size, PEOPLE) for size in SIZES]
WEIGHTS = [RNG.integers(0, 4, PEOPLE) / 2, RNG.integers(1, 5, PEOPLE) / 4]
INSIDE = RNG.random(PEOPLE) < 0.7


def lazily():
    arrays = {f"c{place}": codes for place, codes in enumerate(CODES)}
    arrays |= {f"w{place}": weight for place, weight in enumerate(WEIGHTS)} | {"inside": INSIDE}
    people = People(nw.from_native(FRAMES["polars"](pd.DataFrame(arrays))).lazy(), PEOPLE, "polars")
    return (
        [EngineColumn(people, nw.col(f"c{place}"), np.int64) for place in range(len(CODES))],
        [EngineColumn(people, nw.col(f"w{place}"), np.float64) for place in range(len(WEIGHTS))],
        EngineColumn(people, nw.col("inside"), bool),
    )


LAZY = lazily()
REQUESTS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 3), max_size=4),
        st.lists(st.integers(0, 1), max_size=2),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


def table(request, codes, weights, inside):
    keys, values, narrowed = request
    value = [weights[place] for place in values]
    return Table(
        [Key(codes[place], SIZES[place]) for place in keys],
        value or (weights[0],),
        inside if narrowed else None,
    )


@given(REQUESTS)
def test_shared_aggregations_change_nothing(requests):
    expected = joint_tables([table(one, CODES, WEIGHTS, INSIDE) for one in requests])
    found = aggregations.lazy_tables([table(one, *LAZY) for one in requests])
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


def test_pairs_of_waves_share_an_aggregation(monkeypatch):
    asked = []
    original = People.tables

    def counted(self, keys, *rest):
        asked.append(len(keys))
        return original(self, keys, *rest)

    monkeypatch.setattr(People, "tables", counted)
    codes, weights, _ = LAZY
    keys = [Key(code, size) for code, size in zip(codes, SIZES, strict=True)]
    wanted = [Table(keys[first : first + 2], (weights[0],)) for first in range(3)]
    aggregations.lazy_tables(wanted)
    assert asked == [4]


@pytest.mark.parametrize("most", [1, 30])
def test_no_aggregation_is_larger_than_wanted(monkeypatch, most):
    monkeypatch.setattr(aggregations, "MOST_CELLS", most)
    codes, weights, _ = LAZY
    keys = [Key(code, size) for code, size in zip(codes, SIZES, strict=True)]
    wanted = [Table([key], (weights[0],)) for key in keys]
    expected = joint_tables(
        [Table([Key(code, size)], (WEIGHTS[0],)) for code, size in zip(CODES, SIZES, strict=True)]
    )
    for one, other in zip(expected, aggregations.lazy_tables(wanted), strict=True):
        np.testing.assert_allclose(one, other)
