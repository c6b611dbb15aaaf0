"""From rows on an engine to sums by wave, and to one row for each person."""

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
from engine_frames import FRAMES, ON_STAND_INS
from hypothesis import given, strategies as st

from opinionpanel.engines.expressions import collected
from opinionpanel.panel.gathered_rows import (
    Variable,
    as_number,
    by_wave,
    joined,
    mapped,
    shared,
    single,
)
from opinionpanel.panel.rows_on_engine import apart

PLACES = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2), max_size=4)


def lazy(engine, **columns):
    return nw.from_native(FRAMES[engine](pd.DataFrame(columns)))


@ON_STAND_INS
@given(texts=st.lists(st.none() | st.sampled_from("abcde"), min_size=1, max_size=8), places=PLACES)
def test_values_give_way_to_numbers(engine, texts, places):
    column = pd.Series(texts, dtype="str")
    frame = lazy(engine, row=range(len(texts)), text=column)
    code = mapped(nw.col("text"), "text", places, blank=-1, other=-2, size=nw.Int8())
    rows = collected(frame.with_columns(code=code).select("row", "code")).sort_values("row")
    expected = [-1 if text is None else places.get(text, -2) for text in texts]
    assert rows["code"].tolist() == expected


@given(st.dictionaries(st.sampled_from("123456"), st.tuples(st.sampled_from("xy"), PLACES)))
def test_waves_share_what_does_not_contradict(places):
    found = shared(places)
    assert list(found) == list(places)
    for wave, (same, known) in places.items():
        assert found[wave].items() >= known.items()
        # What else is there comes from waves of the same columns.
        others = [other for one, other in places.values() if one == same]
        for value, number in found[wave].items():
            assert number in [other[value] for other in others if value in other]


@ON_STAND_INS
@given(data=st.data())
def test_everyone_has_one_row(engine, data):
    keys = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abc")), min_size=1, unique=True)
    rows = pd.DataFrame(data.draw(keys), columns=["wave", "person"])
    numbers = st.lists(st.integers(0, 9), min_size=len(rows), max_size=len(rows))
    rows["code"], rows["trait"] = data.draw(numbers), data.draw(numbers)
    every = dict.fromkeys(("w1", "w2", "w3"), nw.col("code"))
    variables = [
        Variable("code", every, nw.Int64(), -3, {}),
        Variable("trait", every, nw.Int64(), None, {}, steady=True),
    ]
    frame = nw.from_native(FRAMES[engine](rows))
    found = collected(joined(frame, variables, list(every))).set_index("person").sort_index()
    wide = rows.pivot(index="person", columns="wave", values="code").reindex(columns=range(3))
    np.testing.assert_array_equal(found[["code_0", "code_1", "code_2"]], wide.fillna(-3))
    traits = rows.groupby("person")["trait"].agg(["min", "max"])
    np.testing.assert_array_equal(found[["trait_low", "trait_high"]], traits)


@ON_STAND_INS
def test_waves_are_added_up_in_one_pass(engine):
    frames = {"w1": [1.0, 2.5], "w2": [-4.0], "w3": [np.nan]}
    source = apart({name: FRAMES[engine](pd.DataFrame({"x": x})) for name, x in frames.items()})
    x = {name: source.waves[name].values("x", name) for name in frames}
    one = dict.fromkeys(frames, nw.lit(1))
    found = by_wave(source, sums={"all": x, "one": one}, lows={"low": x}, highs={"high": x})
    assert found["w1"] == {"all": 3.5, "one": 2, "rows": 2, "low": 1, "high": 2.5}
    assert found["w2"] == {"all": -4, "one": 1, "rows": 1, "low": -4, "high": -4}
    assert found["w3"]["all"] == 0
    assert np.isnan(found["w3"]["low"])


@ON_STAND_INS
def test_a_condition_is_one_or_nothing(engine):
    frame = lazy(engine, x=[1, 5, 7])
    frame = frame.with_columns(found=as_number(nw.col("x") > 4))
    assert single(frame.select(nw.col("found").sum())) == 2
