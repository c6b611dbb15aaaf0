"""Strata and PSUs on an engine: compiled as in memory."""

import re

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pytest
from engine_frames import DASK, FRAMES, ON_STAND_INS, brought
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.design.sampled_people import read_sampling
from opinionpanel.engines.engine_column import EngineColumn, People
from opinionpanel.engines.expressions import collected
from opinionpanel.errors import DesignError, EngineError
from opinionpanel.panel.rows_on_engine import apart
from opinionpanel.panel.sampling_on_engine import (
    DesignColumns,
    compile_on_engine,
    design_columns,
    design_projection,
)
from opinionpanel.waves.wave import Wave

DESIGNS = [
    op.Design(weight=None),
    op.Design(weight=None, stratum="h"),
    op.Design(weight=None, psu="c"),
    op.Design(weight=None, stratum="h", psu="c"),
    op.Design(weight=None, stratum="h", psu="c", nest=True),
]


def in_memory(design, frame, inside):
    """Compile a design; also everyone's stratum and PSU."""
    sampling, _ = read_sampling(design, {"all": Wave(frame)}, {"all": slice(None)}, inside)
    return sampling, told(sampling, inside)


def on_engine(engine, design, frame, inside):
    """Compile it over a row for each person, as people are brought together."""
    columns = design_columns(design, apart({"all": FRAMES[engine](frame)}), steady={})
    ends = {"stratum_low": "h", "stratum_high": "h", "psu_low": "c", "psu_high": "c"}
    frame = frame.assign(row=range(len(frame)), inside=inside)
    frame = frame.assign(**{end: frame[name] for end, name in ends.items()})
    lazy = nw.from_native(FRAMES[engine](frame)).lazy()
    chosen, _ = design_projection(columns, ["all"])
    people = People(lazy.with_columns(**chosen) if chosen else lazy, len(frame), engine)
    here = EngineColumn(people, nw.col("inside"), bool)
    source = apart({"all": FRAMES[engine](frame)})
    sampling, _ = compile_on_engine(columns, people, source, here, {})
    return sampling, told(sampling, inside, bring=brought)


def told(sampling, inside, bring=lambda *columns: columns):
    known = [one for one in (sampling.stratum, sampling.psu) if one is not None]
    return [np.where(inside, column, -1).tolist() for column in bring(*known)]


def pairs(columns):
    """Which people are in one stratum or PSU, whatever its number."""
    return [[one == two for one in column for two in column] for column in columns]


PEOPLE = st.lists(
    st.tuples(st.sampled_from(["n", "s"]), st.integers(0, 5), st.booleans()), max_size=8
)


@ON_STAND_INS
@given(drawn=PEOPLE, design=st.sampled_from(DESIGNS))
def test_strata_and_psus_are_those_in_memory(engine, drawn, design):
    # Two PSUs in every stratum, whatever is drawn.
    drawn = [*drawn, *((stratum, psu, True) for stratum in "ns" for psu in (8, 9))]
    frame = pd.DataFrame(drawn, columns=["h", "c", "inside"]).astype({"h": "str"})
    inside = frame.pop("inside").to_numpy(dtype=bool)
    try:
        expected, known = in_memory(design, frame, inside)
    except DesignError as error:
        with pytest.raises(DesignError, match=re.escape(str(error))):
            on_engine(engine, design, frame, inside)
        return
    sampling, columns = on_engine(engine, design, frame, inside)
    assert sorted(sampling.sampled) == sorted(expected.sampled)
    assert sampling.text == expected.text
    assert pairs(columns) == pairs(known)


def differences(engine, first, second):
    """One value for each person, and who has several, of the values at two waves."""
    rows = pd.DataFrame({"row": range(len(first)), "psu_0": first, "psu_1": second})
    source = apart({name: FRAMES[engine](rows[["psu_0"]].rename(columns={"psu_0": "c"}))
                    for name in ("w1", "w2")})  # fmt: skip
    columns = design_columns(op.Design(weight=None, psu="c"), source, steady={"psu": False})
    chosen, several = design_projection(columns, ["w1", "w2"])
    lazy = nw.from_native(FRAMES[engine](rows)).lazy()
    lazy = lazy.with_columns(*(nw.when(~nw.col(name).is_nan()).then(nw.col(name)).alias(name)
                               for name in ("psu_0", "psu_1")))  # fmt: skip
    found = collected(lazy.with_columns(chosen=chosen["psu"], moved=several["psu"]))
    found = found.sort_values("row")
    return found["chosen"].fillna(-1).tolist(), found["moved"].astype(bool).tolist()


VALUES = st.lists(st.tuples(*[st.sampled_from([1.0, 2.0, np.nan])] * 2), min_size=1, max_size=8)


@ON_STAND_INS
@given(values=VALUES)
def test_the_first_value_counts_and_another_one_is_noted(engine, values):
    first, second = map(np.array, zip(*values, strict=True))
    chosen, moved = differences(engine, first, second)
    both = ~np.isnan(first) & ~np.isnan(second)
    assert chosen == np.nan_to_num(np.where(np.isnan(first), second, first), nan=-1).tolist()
    assert moved == (both & (first != second)).tolist()


@DASK
@pytest.mark.slow
def test_the_first_value_counts_on_a_cluster():
    found = differences("dask", [1.0, 2.0, np.nan, np.nan], [1.0, 1.0, 2.0, np.nan])
    assert found == ([1.0, 2.0, 2.0, -1.0], [False, True, False, False])


@ON_STAND_INS
def test_replicate_weights_need_no_columns_of_a_sample(engine):
    source = apart({"w1": FRAMES[engine](pd.DataFrame({"h": ["n"]}))})
    design = op.ReplicateDesign(weight="w", replicates="r_*", scale=1.0)
    found = design_columns(design, source, steady={})
    assert isinstance(found, DesignColumns)
    assert (found.design, found.roles, found.variables) == (None, {}, {})


@ON_STAND_INS
def test_text_and_decimals_are_no_one_column(engine):
    source = apart(
        {
            "w1": FRAMES[engine](pd.DataFrame({"h": ["1", "2"]})),
            "w2": FRAMES[engine](pd.DataFrame({"h": [1.5, 2.0]})),
        }
    )
    with pytest.raises(EngineError, match="'h', stratum: some waves hold text and others numbers"):
        design_columns(op.Design(weight=None, stratum="h"), source, steady={})
