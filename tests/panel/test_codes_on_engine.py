"""Answers and groups on an engine: each row's code is the one that memory gives it."""

import narwhals.stable.v2 as nw
import pandas as pd
import pytest
from engine_frames import DASK, FRAMES, ON_STAND_INS
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.engines.expressions import collected
from opinionpanel.errors import ItemError, OpinionPanelError, ReadError
from opinionpanel.panel.codes_on_engine import asked_columns, code_group, code_item
from opinionpanel.panel.rows_on_engine import apart, long
from opinionpanel.questions.answers import code_answers
from opinionpanel.questions.group_values import code_values
from opinionpanel.waves.wave import Wave

ITEMS = [
    op.Item("a", {"yes": [1, 2], "no": [3]}, rest="missing"),
    op.Item("a", {"yes": [1, 2, 3], "unsure": [None]}, not_asked=[98]),
    op.Item(op.coalesce("a", "b"), {"yes": [1], "no": [2, 3]}, not_asked=[98], rest="missing"),
    op.Item({"w1": "a", "w2": op.coalesce("b", "a")}, {"any": [1, 2, 3, 98]}),
    op.Item("a", {"yes": [1], "no": [2]}),
]
ANSWERS = st.tuples(*[st.sampled_from([1.0, 2.0, 3.0, 98.0, None])] * 2)
ROWS = st.lists(ANSWERS, min_size=1, max_size=6)


def frame_of(rows):
    frame = pd.DataFrame(rows, columns=["a", "b"], dtype="float64")
    return frame.assign(row=range(len(rows)))


def sources(engine, frames):
    """The same rows as a frame for each wave, and as one frame."""
    lazy = {name: FRAMES[engine](frame) for name, frame in frames.items()}
    whole = pd.concat([frame.assign(when=name) for name, frame in frames.items()])
    return [apart(lazy), long(FRAMES[engine](whole), ["row"], "when", list(frames), None)]


def codes(source, coding):
    """The code of each row, by wave, in order."""
    variable = coding.variable
    rows = {wave: nw.col("row") for wave in source.waves}
    frame = source.rows(
        {"code": variable.values, "row": rows},
        {"code": nw.Int64(), "row": nw.Int64()},
        {"code": variable.absent, "row": -1},
    )
    found = collected(frame).sort_values(["wave", "row"])
    return found.groupby("wave")["code"].agg(list).to_dict()


def outcome(code):
    try:
        return code()
    except OpinionPanelError as error:
        return str(error)


@ON_STAND_INS
@settings(max_examples=10)
@given(first=ROWS, second=ROWS, item=st.sampled_from(ITEMS))
def test_states_are_those_in_memory(engine, first, second, item):
    frames = {"w1": frame_of(first), "w2": frame_of(second)}

    def in_memory():
        coded = code_answers(item, "vote", {name: Wave(frame) for name, frame in frames.items()})
        states = {place: coded.states[name].tolist() for place, name in enumerate(frames)}
        return states, coded.unread, coded.notes

    for source in sources(engine, frames):

        def on_engine(source=source):
            occurring = source.occurring(asked_columns(source.headers, {"vote": item}))
            coding = code_item(item, "vote", 0, source, occurring)
            return codes(source, coding), coding.coded.unread, coding.coded.notes

        assert outcome(on_engine) == outcome(in_memory)


@ON_STAND_INS
@settings(max_examples=10)
@given(
    first=st.lists(st.sampled_from(["b", " a", "", "ä"]), min_size=1, max_size=6),
    second=st.lists(st.sampled_from(["c", "a ", "b"]), min_size=1, max_size=6),
    missing=st.sampled_from([(), ("b",)]),
)
def test_categories_are_those_in_memory(engine, first, second, missing):
    frames = {"w1": first, "w2": second}
    waves, lazy = {}, {}
    for name, values in frames.items():
        frame = pd.DataFrame({"x": pd.Series(values, dtype="str"), "row": range(len(values))})
        waves[name] = Wave(frame, missing={"x": missing})
        lazy[name] = Wave(FRAMES[engine](frame), missing={"x": missing})
    source, grouping = apart(lazy), op.Grouping()
    occurring = source.occurring({name: [("x",)] for name in frames})
    coding = code_group("x", "t", "groups", grouping, source, occurring)
    expected = code_values(waves, "x", purpose="groups", labelled=True, grouping=grouping)
    assert coding.coded.categories == expected.categories
    assert coding.coded.missing == expected.missing
    by_place = {place: expected.codes[name].tolist() for place, name in enumerate(frames)}
    assert codes(source, coding) == by_place


@DASK
@pytest.mark.slow
def test_states_on_a_cluster():
    frames = {"w1": frame_of([(1.0, None), (98.0, 3.0)]), "w2": frame_of([(None, 2.0)])}
    for source in sources("dask", frames):
        occurring = source.occurring(asked_columns(source.headers, {"vote": ITEMS[2]}))
        coding = code_item(ITEMS[2], "vote", 0, source, occurring)
        assert codes(source, coding) == {0: [0, 1], 1: [1]}


def test_columns_of_items_are_named_once_by_wave():
    source = sources("polars", {"w1": frame_of([(1.0, 2.0)]), "w2": frame_of([(1.0, 2.0)])})[0]
    only_first = op.Item({"w1": "b"}, {"any": [2]})
    asked = asked_columns(source.headers, {"one": ITEMS[2], "two": only_first})
    assert asked == {"w1": [("a", "b"), ("b",)], "w2": [("a", "b")]}
    with pytest.raises(ReadError, match=r"'w1'.*item 'three'.*'c'"):
        asked_columns(source.headers, {"three": op.Item("c", {"any": [1]})})


@ON_STAND_INS
def test_people_are_counted_in_refusals_and_not_rows_that_occur(engine):
    source = apart({"w1": FRAMES[engine](frame_of([(1.0, None)] + [(77.0, None)] * 5))})
    occurring = source.occurring(asked_columns(source.headers, {"vote": ITEMS[4]}))
    with pytest.raises(ItemError, match=r"77 \(5 people\)"):
        code_item(ITEMS[4], "vote", 0, source, occurring)
