"""Ids that stand in several rows of a wave on an engine: refused or dropped as in memory."""

import narwhals.stable.v2 as nw
import pandas as pd
import pytest
from engine_frames import DASK, FRAMES, ON_STAND_INS
from hypothesis import given, settings, strategies as st

from opinionpanel.engines.expressions import collected
from opinionpanel.errors import LinkError
from opinionpanel.panel.declared import declared
from opinionpanel.panel.duplicates_on_engine import (
    drop_doubled,
    refuse_apart,
    refuse_doubled,
    stands_for_nobody,
)
from opinionpanel.panel.ids import NO_ID, is_placeholder
from opinionpanel.panel.ids_on_engine import identify
from opinionpanel.panel.linking import link_waves
from opinionpanel.panel.people_in_memory import link_in_memory
from opinionpanel.panel.people_on_engine import link_on_engine
from opinionpanel.panel.rows_on_engine import apart
from opinionpanel.waves.wave import Wave

WORDS = [*sorted(NO_ID), *(word.upper() for word in NO_ID), "NaN", "nan2", "\uff2e\uff21"]
NUMBERS = ["-3", "-33", "9", "99", "-99", "998", "0", "000", "-0", "00.0", "\u0660", "--", ".", "_"]
TEXTS = st.text() | st.sampled_from(WORDS + NUMBERS) | st.text("-09.", max_size=4)


def placeholders(engine, told):
    rows = pd.DataFrame(told, columns=["text", "n"]).assign(row=range(len(told)))
    lazy = nw.from_native(FRAMES[engine](rows))
    found = lazy.with_columns(nobody=stands_for_nobody(nw.col("text"), nw.col("n")))
    rows = collected(found.select("row", "nobody")).sort_values("row")
    return rows["nobody"].tolist()


@ON_STAND_INS
@given(told=st.lists(st.tuples(TEXTS, st.integers(2, 4)), min_size=1, max_size=10))
def test_the_same_ids_stand_for_nobody(engine, told):
    assert placeholders(engine, told) == [is_placeholder(*one) for one in told]


@DASK
@pytest.mark.slow
def test_the_same_ids_stand_for_nobody_on_a_cluster():
    told = [(text, rows) for text in WORDS + NUMBERS for rows in (2, 3)]
    assert placeholders("dask", told) == [is_placeholder(*one) for one in told]


def lazy_waves(engine, waves):
    return apart({name: FRAMES[engine](frame) for name, frame in waves.items()})


IDS = st.lists(st.sampled_from(["a", "b", "c", "99", "-", "0"]), min_size=1, max_size=8)


@ON_STAND_INS
@given(first=IDS, second=IDS)
def test_as_many_are_dropped(engine, first, second):
    # Someone who links, whatever is dropped.
    waves = {"w1": pd.DataFrame({"id": [*first, "z"]}), "w2": pd.DataFrame({"id": ["z", *second]})}
    linked = link_waves({name: Wave(part) for name, part in waves.items()}, "id",
                        duplicates="drop_all")  # fmt: skip
    source = lazy_waves(engine, waves)
    left, dropped = drop_doubled(source, identify(source, "id"))
    assert (() if dropped is None else dropped.notes) == linked.notes
    for name, wave in linked.waves.items():
        rows = collected(left.waves[name].frame.select("id"))
        assert sorted(rows["id"]) == sorted(wave.frame["id"])


def linked(link):
    """The people that are found, or what is refused of their ids."""
    try:
        found = link()
    except LinkError as error:
        return str(error)
    return [int(here.sum()) for here in found.present], found.notes


def by_id(duplicates):
    return declared(person="id", items={}, duplicates=duplicates)


def on_engine(engine, waves, duplicates):
    source = lazy_waves(engine, waves)
    return link_on_engine(source, by_id(duplicates))


@ON_STAND_INS
@pytest.mark.parametrize("duplicates", ["error", "drop_all"])
@settings(max_examples=6)
@given(first=IDS, second=IDS)
def test_the_same_refusal_or_the_same_people(engine, duplicates, first, second):
    # Someone who links, whatever is dropped.
    ids = {"w1": [*first, "z"], "w2": ["z", *second]}
    waves = {name: pd.DataFrame({"id": part}) for name, part in ids.items()}
    expected = linked(lambda: link_in_memory(waves, by_id(duplicates)))
    assert linked(lambda: on_engine(engine, waves, duplicates)) == expected


@ON_STAND_INS
def test_a_wave_whose_rows_are_all_dropped(engine):
    waves = {"w1": pd.DataFrame({"id": ["a"]}), "w2": pd.DataFrame({"id": ["b", "b"]})}
    expected = linked(lambda: link_in_memory(waves, by_id("drop_all")))
    assert "no person in common" in expected
    assert linked(lambda: on_engine(engine, waves, "drop_all")) == expected


@ON_STAND_INS
def test_the_first_wave_with_doubled_ids_is_named(engine):
    waves = {"w1": ["a", "b"], "w2": ["a", "b", "b", "b"], "w3": ["a", "a"]}
    source = lazy_waves(engine, {name: pd.DataFrame({"id": ids}) for name, ids in waves.items()})
    with pytest.raises(LinkError, match=r"'w2'.*1 id\(s\).*\(3 rows, 2 too many\)") as error:
        refuse_doubled(source, identify(source, "id"))
    assert "'b'" not in str(error.value)


@ON_STAND_INS
@pytest.mark.parametrize("shared", [{"w1": 0, "w2": 0}, {"w1": 1, "w2": 0}])
def test_a_wave_apart_is_refused_with_the_forms_of_ids(engine, shared):
    waves = {"w1": pd.DataFrame({"id": ["ab-1", "cd-2", "x"]}), "w2": pd.DataFrame({"id": [7, 8]})}
    source = lazy_waves(engine, waves)
    apart_from = next(name for name, number in shared.items() if not number)
    match = rf"'{apart_from}' has no person.*w1: text of the form 'aa-9' in column 'id'; w2: text"
    with pytest.raises(LinkError, match=match):
        refuse_apart(source, identify(source, "id"), [None, None], shared)
    refuse_apart(source, identify(source, "id"), [None, None], {"w1": 1, "w2": 1})
    refuse_apart(source, identify(source, "id"), [None], {"w1": 0})
