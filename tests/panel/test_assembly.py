"""From linked people to the record of a panel."""

from datetime import date

import pandas as pd
import pytest
from engine_frames import FRAMES, ON_STAND_INS
from hypothesis import given, settings
from linked_people import ARGUMENTS, BY_ID, everyone, in_memory, on_engine, three_waves

import opinionpanel as op
from opinionpanel.errors import (
    ArgumentError,
    DesignError,
    LinkError,
    OpinionPanelError,
    SelectionError,
)
from opinionpanel.panel.assembly import assemble
from opinionpanel.panel.declared import declared
from opinionpanel.panel.people_in_memory import link_in_memory


@pytest.mark.parametrize("argument", ["waves", "items"])
def test_waves_and_items_are_dicts(build, argument):
    with pytest.raises(ArgumentError, match=f"from_waves: {argument} must be a dict"):
        build(**{argument: ["q12"]})


def test_an_id_is_no_weight(build):
    with pytest.raises(DesignError, match="'resp_id' is named as the person id and as a weight"):
        build(design=op.Design(weight="resp_id"))


@pytest.mark.parametrize(
    ("names", "where"),
    [
        ({"wave": "\ud800"}, "Waves: 1 name"),
        ({"item": "\ud800"}, "Items and groups: 1 name"),
        ({"group": "\ud800"}, "Items and groups: 1 name"),
        ({"state": "\ud800"}, "States of item 'x': 1 name"),
        ({"value": "\ud800"}, "Categories of group 'g': 1 name"),
    ],
)
def test_names_with_halves_of_characters_are_refused(names, where):
    names = {"wave": "b", "item": "x", "group": "g", "state": "no", "value": "m"} | names
    frame = pd.DataFrame({"id": range(8), "q": [1, 3] * 4})
    frame["g"] = pd.Series([names["value"], "f"] * 4, dtype=object)
    with pytest.raises(ArgumentError, match=f"^{where} holds half a character") as refusal:
        op.Panel.from_waves(
            {"a": frame, names["wave"]: frame},
            person="id",
            items={names["item"]: op.Item("q", {names["state"]: [1], "yes": [3]})},
            groups={names["group"]: op.Grouping("g")},
        )
    assert str(refusal.value).isprintable()


@ON_STAND_INS
@settings(max_examples=5)
@given(waves=three_waves())
def test_the_record_is_the_same_wherever_people_live(engine, waves):
    def outcome(people):
        try:
            record = assemble(people, declared(**ARGUMENTS))
        except OpinionPanelError as error:
            return str(error)
        columns = [*record.present, *record.weights.values(), record.domain]
        columns += [group.codes for group in (*record.groups.values(), *record.fixed.values())]
        changed = [group.changed for group in (*record.groups.values(), *record.fixed.values())]
        about = record.waves, record.unread, record.without_weight, record.notes, changed
        return everyone(*columns), about, record.sampling.sampled.tolist()

    assert outcome(on_engine(engine, waves)) == outcome(in_memory(waves))


def frames(**columns):
    frame = pd.DataFrame({"id": range(8), "q": [1, 3] * 4, "w": 1.0} | columns)
    return link_in_memory({"May": frame, "June": frame}, BY_ID)


@pytest.mark.parametrize(
    ("changes", "error", "match"),
    [
        ({"design": op.Design(weight="id")}, DesignError, "'May'.*person id and as a weight"),
        ({"fixed": ["id"]}, LinkError, "'id' is the person id, so it shows nothing"),
    ],
)
def test_an_id_has_no_other_role(changes, error, match):
    plain = {"person": "id", "items": {}, "groups": (), "design": None, "fixed": ()}
    with pytest.raises(error, match=match):
        assemble(frames(), declared(**plain | changes))


def test_changes_of_traits_are_counted():
    frame = pd.DataFrame({"id": range(8), "age": [18, 19] * 4})
    later = frame.assign(age=[19] * 8)
    people = link_in_memory({"May": frame, "June": later}, BY_ID)
    wanted = declared(person="id", items={}, groups=["age"])
    assert assemble(people, wanted).groups["age"].changed == 4


TWO = {"May": pd.DataFrame({"id": range(8), "q": [1, 3] * 4})}
TWO["June"] = TWO["May"]


@ON_STAND_INS
def test_changes_at_waves_that_are_not_there_are_refused(engine):
    item = op.Item("q", {"yes": [1], "no": [3]}, changes={"july": "asked by phone"})
    frames = {wave: FRAMES[engine](frame) for wave, frame in TWO.items()}
    with pytest.raises(SelectionError, match=r"changes of item 'x': 'july'\. .*'May', 'June'"):
        op.Panel.from_waves(frames, person="id", items={"x": item})


@ON_STAND_INS
def test_what_charts_need_is_known_on_an_engine(engine):
    item = op.Item("q", {"yes": [1], "unsure": [3]}, changes={"June": "by phone"}, label="Q")
    frames = {wave: FRAMES[engine](frame) for wave, frame in TWO.items()}
    fieldwork = {"May": "2024-05-02", "June": ["2024-06-01", "2024-06-03"]}
    panel = op.Panel.from_waves(frames, person="id", items={"x": item}, dates=fieldwork)
    about = op.shares(panel, "x").about
    assert (about.label, about.neutral, about.changes) == ("Q", "unsure", {"June": "by phone"})
    assert about.days == {
        "May": (date(2024, 5, 2), date(2024, 5, 2)),
        "June": (date(2024, 6, 1), date(2024, 6, 3)),
    }


def test_of_a_wide_frame_waves_that_are_not_taken_may_have_changed():
    item = op.Item({"May": "a", "June": "b"}, {"no": [0]}, changes={"June": "asked by phone"})
    frame = pd.DataFrame({"a": [0] * 4, "b": [0] * 4})
    both = op.Panel.from_wide(frame, items={"x": item})
    assert both.items["x"].changes == {"June": "asked by phone"}
    assert op.Panel.from_wide(frame, items={"x": item}, waves=["May"]).items["x"].changes == {}
