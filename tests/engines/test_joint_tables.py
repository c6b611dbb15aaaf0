"""Tables read off joint tables against one plain bincount for each."""

import itertools

import numpy as np
import pytest
from hypothesis import given, strategies as st

from opinionpanel.engines import joint_tables as module
from opinionpanel.engines.joint_tables import Key, Table, joint_tables


def plain(table):
    """Add up one table on its own."""
    people = len(table.columns[0])
    place, inside = np.zeros(people, dtype=np.int64), np.ones(people, dtype=bool)
    for key in table.keys:
        place = place * key.size + key.codes
        inside &= key.codes >= 0
    weight = np.ones(people)
    for column in [*table.value, *([] if table.inside is None else [table.inside])]:
        if column.dtype == bool:
            inside = inside & column
        else:
            weight = weight * column
    cells = int(np.prod(table.sizes))
    return np.bincount(place[inside], weight[inside], cells).reshape(table.sizes)


@st.composite
def wanted(draw):
    """Tables that share some of their keys, values and conditions."""
    people = draw(st.integers(0, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    keys = []
    for _ in range(draw(st.integers(1, 5))):
        size = draw(st.integers(1, 6))
        lowest = draw(st.sampled_from([0, -1, -3]))
        dtype = draw(st.sampled_from([np.int8, np.int16, np.int64]))
        keys.append(Key(rng.integers(lowest, size, people).astype(dtype), size))
    numbers = [rng.choice([0.0, 0.5, 1.7], people), rng.normal(size=people), np.arange(people)]
    conditions = [np.ones(people, dtype=bool), rng.random(people) < 0.5, rng.random(people) < 0.1]
    tables = st.builds(
        Table,
        st.lists(st.sampled_from(keys), min_size=1, max_size=4),
        st.lists(st.sampled_from(numbers + conditions), max_size=3),
        st.sampled_from([None, *conditions]),
    )
    return draw(st.lists(tables, min_size=1, max_size=8))


@given(
    tables=wanted(),
    most_cells=st.integers(1, 5000),
    chunk=st.integers(1, 50),
    per_shared=st.sampled_from([0.01, 16]),
)
def test_joint_tables_are_those_of_plain_bincounts(tables, most_cells, chunk, per_shared):
    with pytest.MonkeyPatch.context() as patch:
        # Few people share no codes by themselves.
        patch.setattr(module, "PEOPLE_PER_SHARED_CELL", per_shared)
        all_found = joint_tables(tables, most_cells=most_cells, chunk=chunk)
    for found, table in zip(all_found, tables, strict=True):
        assert found.shape == table.sizes
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, plain(table), rtol=1e-12, atol=1e-12)


@given(tables=wanted())
def test_the_order_of_tables_and_the_usual_limits_change_nothing(tables):
    forth, back = joint_tables(tables), joint_tables(tables[::-1])[::-1]
    for one, two, table in zip(forth, back, tables, strict=True):
        np.testing.assert_allclose(one, plain(table), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(two, plain(table), rtol=1e-12, atol=1e-12)


@given(tables=wanted(), most_cells=st.integers(1, 5000))
def test_nobody_is_exactly_zero(tables, most_cells):
    counted = [Table(table.keys, (), table.inside) for table in tables]
    known = joint_tables(tables, most_cells=most_cells)
    for found, people in zip(known, joint_tables(counted, most_cells=most_cells), strict=True):
        assert (found[people == 0] == 0).all()


@pytest.mark.parametrize("size", [126, 127, 128, 255, 256, 257, 70_000])
def test_codes_as_large_as_their_type_holds(size):
    """-1 takes a place as well: the codes are one higher than the type may hold."""
    dtype = np.int8 if size <= 128 else np.int16 if size < 2**15 else np.int64
    codes = np.array([0, size - 1, -1, size - 1], dtype=dtype)
    two = np.array([1, 0, 1, 1], dtype=np.int8)
    tables = [Table([Key(codes, size), Key(two, 2)]), Table([Key(codes, size)])]
    crossed, alone = joint_tables(tables, most_cells=10**6)
    assert crossed[0].tolist() == [0, 1]
    assert crossed[-1].tolist() == [1, 1]
    assert crossed.sum() == 3
    assert alone[[0, -1]].tolist() == [1, 2]


def test_values_of_people_who_count_nowhere_are_not_read():
    codes, inside = np.array([0, 1, -1, 1]), np.array([True, True, True, False])
    values = np.array([1.0, 2.0, np.nan, np.inf])
    other = np.array([0, 1, 0, 1])
    tables = [Table([Key(codes, 2)], (values,), inside), Table([Key(other, 2)], (), inside)]
    assert [table.tolist() for table in joint_tables(tables)] == [[1.0, 2.0], [2.0, 1.0]]


def test_pairs_of_waves_share_few_joint_tables(monkeypatch):
    """All pairs of ten waves come out of a single pass over the people."""
    rng = np.random.default_rng(1)
    waves = [Key(rng.integers(0, 3, 200_000).astype(np.int8), 3) for _ in range(10)]
    weight = rng.random(200_000)
    tables = [Table([one, two], (weight,)) for one, two in itertools.pairwise(waves)]
    passes, bincount = [], np.bincount

    def counted(*arguments):
        passes.append(len(arguments[0]))
        return bincount(*arguments)

    monkeypatch.setattr(np, "bincount", counted)
    found = joint_tables(tables, chunk=100_000)
    assert passes == [100_000] * 2
    np.testing.assert_allclose(found[3], plain(tables[3]))


@pytest.mark.parametrize("codes", [[], [-1, -1]])
def test_a_key_without_codes_gives_an_empty_table(codes):
    nobody, others = np.array(codes, dtype=np.int64), np.zeros(len(codes), dtype=np.int64)
    tables = [Table([Key(nobody, 0), Key(others, 2)]), Table([Key(others, 2)])]
    empty, counted = joint_tables(tables)
    assert empty.shape == (0, 2)
    assert counted.tolist() == [len(codes), 0]


def test_nothing_and_nobody():
    assert joint_tables([]) == []
    nobody = np.empty(0, dtype=np.int8)
    assert joint_tables([Table([Key(nobody, 3)], (np.empty(0),))])[0].tolist() == [0, 0, 0]


def test_totals_of_everyone():
    weight = np.array([1.0, 2.5])
    assert float(joint_tables([Table([], (weight,))])[0]) == 3.5


@pytest.mark.parametrize("size", [100, 127, 128, 200, 255, 256, 300, 40_000])
@pytest.mark.parametrize("lowest", [0, -1, -5])
def test_many_codes_do_not_run_over_a_small_type(size, lowest):
    """With and without a place for people without a code, at the limits of one and two bytes."""
    largest = np.int16 if size < 2**15 else np.int32
    dtype = np.int8 if size <= 128 else largest
    codes = np.array([lowest, 0, size - 1, size - 1, size // 2]).astype(dtype)
    table = Table([Key(codes, size)], [np.array([1.0, 2.0, 3.0, 4.0, 5.0])])
    (found,) = joint_tables([table])
    np.testing.assert_allclose(
        found, plain(Table([Key(codes.astype(np.int64), size)], table.value))
    )
