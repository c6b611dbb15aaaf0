"""Ids that are written in two ways: those that memory finds, an engine finds."""

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pytest
from engine_frames import DASK, FRAMES, ON_STAND_INS
from hypothesis import given, strategies as st
from id_waves import ID_TEXTS

from opinionpanel.engines.engine_column import EngineColumn, People
from opinionpanel.errors import LinkError
from opinionpanel.panel import id_spelling, spelling_on_engine

WAVES = ("w1", "w2", "w3")


def in_memory(ids, present):
    """What memory says of ids, each with the waves that it is in."""
    rows = [np.flatnonzero(here) for here in present]
    keys = [np.array(ids, dtype=object)[row] for row in rows]
    id_spelling.check_writing(WAVES, "'id'", keys, rows, present)


def on_engine(engine, ids, present):
    """What an engine says of the same."""
    columns = {f"here{place}_": here for place, here in enumerate(present)}
    frame = nw.from_native(FRAMES[engine](pd.DataFrame({"person": ids, **columns}))).lazy()
    people = People(frame, len(ids), engine)
    here = [EngineColumn(people, nw.col(name), bool) for name in columns]
    spelling_on_engine.check_writing(people, WAVES, here, ["id"])


def refusal(check, *given):
    """How many ids are refused and why; what they differ in only where there is one pair."""
    try:
        check(*given)
    except LinkError as error:
        text = str(error)
        return text if text.startswith("1 ") else text.split(": like")[0]
    return ""


@st.composite
def people(draw):
    """Ids, many of them one id written anew, and who is in which wave."""
    some = draw(st.lists(ID_TEXTS, min_size=1, max_size=3, unique=True))
    changes = [str.upper, str.lower, "0{}".format, "{}.0".format, "0x{}".format,
               lambda one: one.replace("-", ""), lambda one: one.replace(" ", "-")]  # fmt: skip
    for one in tuple(some):
        for change in draw(st.lists(st.sampled_from(changes), max_size=2)):
            some.append(change(one).strip() or "z")
    ids = list(dict.fromkeys(some))
    waves = draw(st.lists(st.integers(1, 7), min_size=len(ids), max_size=len(ids)))
    # In order of appearance, as people are numbered in memory.
    known = sorted(zip(ids, waves, strict=True), key=lambda one: one[1] & -one[1])
    ids, waves = [one for one, _ in known], [number for _, number in known]
    return ids, np.array([[bool(number >> place & 1) for number in waves] for place in range(3)])


@ON_STAND_INS
@given(drawn=people())
def test_the_same_ids_are_refused(engine, drawn):
    assert refusal(on_engine, engine, *drawn) == refusal(in_memory, *drawn)


PAIRS = [("007", "7"), ("1.0", "1"), ("1a2b", "1A2B"), ("0x1a", "1A"), ("ab-12", "ab12"),
         ("1-23", "12-3"), ("kJ4x", "Kj4x"), ("0x", "x"), ("ЖУК-1", "жук 1"), ("-7", "7"),
         ("\u200b17", "17"), ("1,001", "1001"), ("a", "b")]  # fmt: skip


@ON_STAND_INS
@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_of_ids(engine, pair):
    present = np.array([[True, False, True], [False, True, True], [False, False, True]])
    ids = [*pair, "z1"]
    assert refusal(on_engine, engine, ids, present) == refusal(in_memory, ids, present)


@DASK
@pytest.mark.slow
def test_pairs_of_ids_on_a_cluster():
    present = np.array([[True, False, True], [False, True, True], [False, False, True]])
    for ids in (["007", "7", "z1"], ["1-23", "12-3", "z1"]):
        assert refusal(on_engine, "dask", ids, present) == refusal(in_memory, ids, present)


@ON_STAND_INS
@pytest.mark.parametrize(("ids", "refused"), [(["a1", "NaN"], True), (["DE", "NA"], False)])
def test_words_for_a_blank(engine, ids, refused):
    present = np.ones((3, 2), dtype=bool)
    text = refusal(in_memory, ids, present)
    assert refusal(on_engine, engine, ids, present) == text
    assert bool(text) == refused
