"""A wide frame on an engine: the panel that memory gives, or a refusal with its way out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from engine_frames import FRAMES, ON_STAND_INS
from panel_table import assert_same, told

import opinionpanel as op
from opinionpanel.errors import EngineError, LinkError

ITEMS = {
    "vote": op.Item({"w1": "v1", "w2": "v2", "w3": "v3"}, {"yes": [1], "no": [2]}, rest="missing"),
    "mood": op.Item({"w1": "m1", "w3": "m3"}, {"good": ["good"], "bad": ["bad"]}),
}
OPTIONS = {
    "person": "id",
    "items": ITEMS,
    "groups": {"sex": "first", "age": op.Grouping({"w1": "age1", "w3": "age3"}, use="wave")},
    "design": op.Design(weight={"w1": "u1", "w2": None, "w3": "u3"}),
}


def wide(people=60):
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {"id": 500 + rng.permutation(people), "sex": rng.choice(["m", "f"], people)}
    )
    for wave in "123":
        frame[f"v{wave}"] = rng.choice([1, 2, 9, np.nan], people)
        frame[f"m{wave}"] = rng.choice(["good", "bad", " ", None], people)
        frame[f"age{wave}"] = rng.choice([20, 30, 40], people)
        frame[f"u{wave}"] = rng.random(people) + 0.5
    return frame


@ON_STAND_INS
def test_a_wide_frame_is_the_panel_of_memory(engine):
    frame = wide()
    lazy, panel = (op.Panel.from_wide(one, **OPTIONS) for one in (FRAMES[engine](frame), frame))
    assert_same(lazy, panel)
    assert told(lazy) == told(panel)
    short = {**OPTIONS, "groups": (), "design": None, "waves": ["w1", "w3"]}
    assert_same(*(op.Panel.from_wide(one, **short) for one in (FRAMES[engine](frame), frame)))


@ON_STAND_INS
def test_what_a_file_says_stays_with_its_waves(engine):
    whole = op.Wave(
        wide(),
        labels={"v1": {1.0: "Yes", 2.0: "No", 9.0: "DK"}, "v2": {1.0: "Yes", 2.0: "No", 9.0: "DK"}},
        missing={"sex": ("f",)},
        source="all.sav",
        notes=("cut",),
    )
    items = {
        "vote": op.Item({"w1": "v1", "w2": "v2"}, {"yes": ["Yes"], "no": ["No"], "dk": ["DK"]})
    }
    made = replace(whole, frame=FRAMES[engine](whole.frame))
    lazy, panel = (
        op.Panel.from_wide(one, person="id", items=items, groups=["sex"]) for one in (made, whole)
    )
    assert_same(lazy, panel)
    assert panel.groups["sex"].missing == ("f",)
    assert [note for note in lazy.notes if "cut" in note] == ["all.sav: cut"]


@ON_STAND_INS
def test_doubled_ids_as_in_memory(engine):
    frame = wide().assign(id=lambda frame: frame["id"].where(frame.index > 2, 501))
    made = FRAMES[engine](frame)
    texts = []
    for one in (made, frame):
        with pytest.raises(LinkError) as refused:
            op.Panel.from_wide(one, **OPTIONS)
        texts.append(str(refused.value))
    assert texts[0] == texts[1]
    dropped = OPTIONS | {"duplicates": "drop_all"}
    assert_same(*(op.Panel.from_wide(one, **dropped) for one in (made, frame)))


@ON_STAND_INS
@pytest.mark.parametrize(
    ("change", "options", "text"),
    [
        ({}, {"person": None}, "Rows have no number on .*collect the frame first"),
        ({}, {"count": "u1", "person": None}, "collect the frame first"),
        ({"id": [0, 0, *range(58)]}, {}, r"'id': 3 row\(s\) have no id.*in memory they are people"),
        ({"id": [None, *range(1, 60)]}, {}, r"'id': 1 row\(s\) have no id"),
        ({"id": [-7, -7, *range(1, 59)]}, {"no_id": [-7]}, r"'id': 2 row\(s\) have no id"),
    ],
)
def test_what_an_engine_is_not_asked_for(engine, change, options, text):
    frame = wide().assign(**change)
    with pytest.raises(EngineError, match=text):
        op.Panel.from_wide(FRAMES[engine](frame), **OPTIONS | options)


@ON_STAND_INS
@pytest.mark.parametrize("doubled", [False, True])
def test_a_status_or_a_weight_tells_who_was_interviewed_not_an_answer(engine, doubled):
    frame = wide().assign(s1=1, s2=[1] * 40 + [0] * 20)
    if doubled:
        frame.loc[1, "id"] = frame.loc[0, "id"]
    frame.loc[:9, "v2"] = frame.loc[40:, "v2"] = np.nan
    short = {"person": "id", "items": {"vote": ITEMS["vote"]}, "waves": ["w1", "w2"]}
    short |= {"duplicates": "drop_all" if doubled else "error"}
    weight = op.Design(weight={"w1": "s1", "w2": "s2"})
    for way in (
        {"interviewed": op.Status({"w1": "s1", "w2": "s2"}, [1])},
        {"interviewed": "weight", "design": weight},
    ):
        lazy, panel = (
            op.Panel.from_wide(one, **short, **way) for one in (FRAMES[engine](frame), frame)
        )
        assert_same(lazy, panel)
        assert panel.present.sum(axis=1).tolist() == [60 - doubled, 40 - doubled]
    # A wave whose status is left out is told by its answers.
    part = op.Panel.from_wide(frame, **short, interviewed=op.Status({"w1": "s1"}, [1]))
    assert part.present[1].sum() == frame["v2"].notna().sum()
