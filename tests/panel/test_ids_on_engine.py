"""Person ids on an engine: the form and the refusals that they have in memory."""

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pytest
from engine_frames import DASK, FRAMES, ON_STAND_INS
from hypothesis import given, strategies as st

from opinionpanel.engines.expressions import collected
from opinionpanel.errors import EngineError, LinkError
from opinionpanel.panel.gathered_rows import by_wave
from opinionpanel.panel.ids import exact_ids, form
from opinionpanel.panel.ids_on_engine import check_identity, identify, shape_of
from opinionpanel.panel.rows_on_engine import apart


def shapes(engine, texts):
    rows = pd.DataFrame({"row": range(len(texts)), "text": texts})
    lazy = nw.from_native(FRAMES[engine](rows)).with_columns(shape=shape_of(nw.col("text")))
    return collected(lazy.select("row", "shape")).sort_values("row")["shape"].tolist()


@ON_STAND_INS
@given(texts=st.lists(st.text(), min_size=1, max_size=8))
def test_the_shape_of_an_id_is_its_form(engine, texts):
    assert shapes(engine, texts) == list(map(form, texts))


@DASK
@pytest.mark.slow
def test_the_shape_of_an_id_on_a_cluster():
    texts = ["ab-12", "Ж\u0661", "\uff11\u2163_", ""]
    assert shapes("dask", texts) == list(map(form, texts)) == ["aa-99", "a9", "9a_", ""]


def identity(engine, **waves):
    """Find the ids of waves, and check them."""
    source = apart({name: FRAMES[engine](pd.DataFrame({"id": ids})) for name, ids in waves.items()})
    found = identify(source, "id")
    checks = by_wave(source, sums=found.checks, lows=found.lows, highs=found.highs)
    return found, source, check_identity(found, source, checks)


def keys(engine, **waves):
    """The ids of the first wave, sorted."""
    found, source, _ = identity(engine, **waves)
    first = {"w1": found.keys["w1"]}
    rows = collected(source.rows({"id": first}, {"id": found.type}).filter(nw.col("wave") == 0))
    return sorted(rows["id"].tolist())


NUMBERS = st.one_of(
    st.integers(-99, 99).map(float),
    st.sampled_from([0.5, -0.0, np.inf, -np.inf, 2.0**53 - 1, 2.0**53, -(2.0**53), 1e300]),
)


@ON_STAND_INS
@given(numbers=st.lists(NUMBERS, min_size=1, max_size=6))
def test_numbers_are_exact_or_refused_as_in_memory(engine, numbers):
    try:
        expected, _ = exact_ids(pd.Series(numbers), "here")
    except LinkError:
        with pytest.raises(LinkError, match=r"'w1'.*'id': some ids are not whole numbers"):
            identity(engine, w1=numbers)
    else:
        assert keys(engine, w1=numbers) == sorted(expected.tolist())


@ON_STAND_INS
def test_floats_of_half_the_size_hold_fewer_whole_numbers(engine):
    assert keys(engine, w1=np.array([2.0**24 - 1], dtype=np.float32)) == [2**24 - 1]
    with pytest.raises(LinkError, match="not whole numbers"):
        identity(engine, w1=np.array([2.0**24], dtype=np.float32))


@ON_STAND_INS
def test_numbers_become_text_beside_text(engine):
    assert keys(engine, w1=[7.0, 8.0], w2=["7", "x"]) == ["7", "8"]
    assert keys(engine, w1=[7, 8], w2=[7.0, 9.0]) == [7, 8]


@ON_STAND_INS
@pytest.mark.parametrize(("text", "shape"), [("007", "999"), ("7.0", "9.9")])
def test_text_that_numbers_cannot_have_kept(engine, text, shape):
    match = f"1 id.s. of the form '{shape}'"
    with pytest.raises(LinkError, match=match) as error:
        identity(engine, w1=[text, "8"], w2=[7, 8])
    assert text not in str(error.value)


@ON_STAND_INS
def test_what_is_missing_is_counted(engine):
    with pytest.raises(LinkError, match=r"'w2'.*'id': 2 row\(s\) have no person id"):
        identity(engine, w1=["x", "y"], w2=["x", " ", ""])


@ON_STAND_INS
@pytest.mark.parametrize("write", [int, float, str], ids=["whole", "float", "text"])
@pytest.mark.parametrize(
    ("first", "second", "numbered"),
    [
        (range(1, 61), range(1, 71), ("w1", "w2")),
        (range(60), range(70), ("w1", "w2")),
        (range(1, 61), range(1, 61), ()),
        (range(1, 41), range(1, 46), ()),
        (range(1, 61), range(2, 71), ()),
    ],
)
def test_row_numbers(engine, write, first, second, numbered):
    waves = {"w1": list(map(write, first)), "w2": list(map(write, second))}
    assert identity(engine, **waves)[2] == numbered


@ON_STAND_INS
def test_several_id_columns_are_not_asked_for(engine):
    source = apart({"w1": FRAMES[engine](pd.DataFrame({"id": [1], "own": [2]}))})
    with pytest.raises(EngineError, match=r"several columns.*by one\. Make one column of them"):
        identify(source, {"w1": ["id", "own"]})
