"""Batteries: the figures of each item, with the covariance between them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from places import GOLDEN_FILES

import opinionpanel as op
from opinionpanel.errors import ItemError, SelectionError
from opinionpanel.measures.batteries import as_battery, battery_of, one_base, same_of
from opinionpanel.strategies import batteries

few = settings(max_examples=5)
# With the groups of some, as each is one tally more.
MEASURES = {op.shares: "gender", op.net_change: None, op.turnover: None}


def items_of(panel):
    return [name for name in panel.items if name.startswith("opinion")]


def asked_everywhere(panel):
    """Waves that asked all items."""
    return [wave for wave in panel.waves if wave in panel.asked("opinion")]


def smooth(found):
    """Leave out what bends at ties, where rounding decides which way."""
    return found.select(component="total") if "component" in found.labels else found


def same(one, other):
    np.testing.assert_allclose(one.value, other.value, atol=1e-12)
    np.testing.assert_allclose(one.covariance, other.covariance, atol=1e-12)
    np.testing.assert_array_equal(one.n, other.n)
    np.testing.assert_array_equal(one.df, other.df)
    np.testing.assert_allclose(one.n_effective, other.n_effective)


@few
@given(batteries())
def test_the_rows_of_an_item_are_its_own_estimates(panel):
    for measure, by in MEASURES.items():
        found = measure(panel, items_of(panel), by=by)
        assert next(iter(found.labels)) == "item"
        for name in items_of(panel):
            alone, rows = measure(panel, name, by=by), found.select(item=name)
            same(smooth(rows), smooth(alone))
            np.testing.assert_allclose(rows.value, alone.value, atol=1e-12)
            assert rows.labels.drop(columns="item").equals(alone.labels)


@few
@given(batteries())
def test_the_order_of_items_is_that_of_the_rows(panel):
    waves = asked_everywhere(panel)
    names = items_of(panel)
    found = op.shares(panel, names, waves=waves)
    turned = op.shares(panel, names[::-1], waves=waves)
    places = np.arange(len(found)).reshape(len(names), -1)[::-1].ravel()
    same(turned.at(places), found)


@few
@given(batteries(waves=(2, 2)))
def test_an_item_named_twice_would_not_differ_from_itself(panel):
    # The covariance between items is that of the same people: it is seen by their sums.
    name, other, *_ = items_of(panel)
    found = op.shares(panel, [name, other])
    apart = found.difference("item", other, minus=name)
    back = found.difference("item", name, minus=other)
    np.testing.assert_allclose(apart.value, -back.value, atol=1e-12)
    np.testing.assert_allclose(apart.covariance, back.covariance, atol=1e-12)
    # Nobody's share changes where all states are put together.
    together = apart.contrast(np.ones((1, len(apart))), {"what": ["all"]})
    known = np.isfinite(together.value)
    np.testing.assert_allclose(together.value[known], 0, atol=1e-9)
    # Nor is it known where an error of one of the two is not.
    np.testing.assert_allclose(np.nan_to_num(together.covariance[known]), 0, atol=1e-9)


@few
@given(batteries())
def test_options_have_one_base_and_the_figures_of_their_items(panel):
    options = list(panel.options_of("media"))
    answered = np.array([panel.answers[name] >= 0 for name in options])
    assert (answered == answered[0]).all()
    for measure in (op.shares, op.net_change):
        found = measure(panel, "media")
        assert set(found.labels["state"]) == {"selected"}
        for name in options:
            own = found.select(option=panel.item(name).option)
            same(own, measure(panel, name).select(state="selected"))
    moved = op.turnover(panel, "media").select(option=panel.item(options[0]).option)
    same(smooth(moved), smooth(op.turnover(panel, options[0])))


@few
@given(batteries())
def test_one_base_for_all_waves(panel):
    waves = asked_everywhere(panel)
    for base in ("balanced", "panel"):
        found = op.shares(panel, items_of(panel), waves=waves, base=base)
        for name in items_of(panel):
            rows, alone = found.select(item=name), op.shares(panel, name, waves=waves, base=base)
            for state in alone.about.states:
                same(rows.select(state=state), alone.select(state=state))


def panel_of(items, **columns):
    frame = pd.DataFrame({"id": range(12), **columns})
    return op.Panel.from_waves({"w1": frame, "w2": frame}, person="id", items=items)


@pytest.fixture(scope="module")
def panel():
    yes_no, q = {"yes": [1], "no": [2]}, [1, 2] * 6
    items = {
        "a": op.Item("a", yes_no, label="The first", question="Do you agree?"),
        "b": op.Item("b", yes_no, question="Do you agree?", changes={"w2": "by phone"}),
        "c": op.Item("c", {"no": [2], "yes": [1]}),
        "d": op.Item({"w1": "a"}, yes_no),
        "media": op.multiple({"TV": "a", "radio": "b"}, selected=[1], unselected=[2]),
    }
    return panel_of(items, a=q, b=[1, 1, 2] * 4, c=q)


def test_what_items_have_in_common_is_told(panel):
    found = op.shares(panel, ["a", "b"])
    about = found.about
    assert about.title == "Shares of a, b by wave"
    assert (about.question, about.called) == ("Do you agree?", {"a": "The first"})
    assert about.changes == {"w2": "by phone"}
    assert about.roles == {"item": "item", "wave": "time", "state": "state"}
    assert "people with an answer to the item at the wave" in str(found)
    assert list(about.weights) == [("w1",), ("w2",)]
    assert op.turnover(panel, "media").about.title == "Turnover of media"


def test_an_item_may_be_asked_at_other_waves(panel):
    found = op.shares(panel, ["a", "d"])
    assert found.labels.groupby("item")["wave"].nunique().to_dict() == {"a": 2, "d": 1}
    with pytest.raises(SelectionError, match="Name waves that asked all of them"):
        op.shares(panel, ["a", "d"], base="balanced")
    assert len(op.shares(panel, ["a", "d"], base="balanced", waves=["w1"])) == 4


def test_what_is_no_battery_is_refused(panel):
    with pytest.raises(SelectionError, match=r"'a' has 'yes', 'no', and 'c' has 'no', 'yes'"):
        op.shares(panel, ["a", "c"])
    with pytest.raises(SelectionError, match="list of different items"):
        op.turnover(panel, ["a", "a"])
    with pytest.raises(SelectionError, match="list of different items"):
        op.shares(panel, [])
    with pytest.raises(SelectionError, match="Unknown item"):
        op.shares(panel, ["a", "x"])
    with pytest.raises(SelectionError, match=r"takes several answers.*'media: TV'"):
        op.flows(panel, "media")
    with pytest.raises(SelectionError, match="takes several answers"):
        op.shares(panel, ["a", "media"])
    with pytest.raises(op.errors.ArgumentError, match="item must be text"):
        op.transitions(panel, ["a", "b"])
    media = op.multiple({"TV": "a"}, selected=[1], unselected=[2])
    twice = {"media: TV": op.Item("a", {"x": [1, 2]}), "media": media}
    with pytest.raises(ItemError, match="Two items are called 'media: TV'"):
        panel_of(twice, a=[1, 2] * 6)


def test_a_single_item_is_a_battery_without_a_column(panel):
    battery = as_battery(panel, "a")
    assert (battery.names, battery.keys, battery.key("a"), str(battery)) == (["a"], {}, (), "a")
    assert "item" not in op.shares(panel, "a").labels
    assert "item" in op.shares(panel, ["a"]).labels


def test_names_of_many_items_are_counted():
    assert same_of(["x", "x"]) == "x"
    assert same_of(["x", "y"]) == ""
    assert one_base({"a": ["w1"], "b": ["w1", "w2"]}, "answered") == ["w1", "w2"]
    items = {name: op.Item(name, {"x": [1]}) for name in "abcd"}
    many = panel_of(items, **dict.fromkeys("abcd", 1))
    assert str(battery_of(many, list("abcd"))) == "4 items"


def test_who_answered_none_of_the_items_is_lost():
    yes_no = {"yes": [1], "no": [2]}
    first = pd.DataFrame({"id": range(20), "a": 1, "b": 1})
    last = pd.DataFrame({"id": range(20), "a": [1] * 10 + [None] * 10, "b": [None] * 5 + [2] * 15})
    items = {"a": op.Item("a", yes_no), "b": op.Item("b", yes_no)}
    panel = op.Panel.from_waves({"w1": first, "w2": last.iloc[:18]}, person="id", items=items)
    found = op.turnover(panel, ["a", "b"])
    assert found.n.tolist() == [10] * 4 + [13] * 4
    assert found.about.lost["w1", "w2"] == (
        "Of 20 people interviewed at w1, 18 (90%) answered both then and at w2."
    )


DESIGNS = {
    "people": {},
    "stratified": {"stratum": "stratum"},
    "clustered": {"stratum": "stratum", "psu": "psu"},
    "fpc": {"stratum": "stratum", "psu": "psu", "fpc": "fpc"},
    "jkn": {"stratum": "stratum", "psu": "psu"},
}


def golden_panel(design):
    people = pd.read_csv(GOLDEN_FILES / "batteries_people.csv")
    weight = {"w1": "weight1", "w2": "weight2"}
    declared = op.Design(weight=weight, **DESIGNS[design])
    states = {str(code): [code] for code in (1, 2, 3)}
    options = {name: {"w1": name} for name in ("TV", "net", "papers")}
    media = op.multiple(options, selected=[1], none={"w1": "none"})
    items = {name: op.Item({"w1": f"{name}1", "w2": f"{name}2"}, states) for name in ("a", "b")}
    return op.Panel.from_waves(
        {"w1": people, "w2": people},
        person="person",
        items={**items, "media": media},
        design=declared.as_replicates("jkn") if design == "jkn" else declared,
    )


@pytest.mark.parametrize("design", DESIGNS)
def test_batteries_agree_with_survey(design):
    golden = pd.read_csv(GOLDEN_FILES / "batteries_golden.csv", dtype={"state": str})
    golden = golden[golden["design"] == design].fillna("").set_index(["what", "item", "state"])
    panel = golden_panel(design)
    shares = op.shares(panel, ["a", "b"], waves=["w1"])
    moved = op.turnover(panel, ["a", "b"]).select(component="total")
    media = op.shares(panel, "media")
    found = {
        "shares": shares.to_frame(),
        "options": media.to_frame().rename(columns={"option": "item"}).assign(state=""),
        "turnover": moved.to_frame().assign(state=""),
        "between": pd.concat(
            [
                shares.difference("item", "b", minus="a").to_frame().assign(item="shares"),
                moved.difference("item", "b", minus="a").to_frame().assign(item="turnover"),
                media.difference("option", "net", minus="TV").to_frame().assign(item="options"),
            ]
        ),
    }
    found["between"].loc[found["between"]["item"] != "shares", "state"] = ""
    ours = pd.concat(frame.assign(what=what) for what, frame in found.items())
    ours = ours.set_index(["what", "item", "state"]).reindex(golden.index)
    for column in ("estimate", "std_error"):
        np.testing.assert_allclose(ours[column], golden[column], rtol=1e-8)


def test_a_small_group_is_protected_within_each_item():
    yes_no = {"yes": [1], "no": [2]}
    region = ["north"] * 6 + ["south"] * 12 + ["east"] * 30
    a = [1, 2] * 24
    # In the north only five answer b: so few that another group goes with it, item by item.
    b = [None, *a[1:]]
    people = pd.DataFrame({"id": range(48), "a": a, "b": b, "region": region})
    items = {"a": op.Item("a", yes_no), "b": op.Item("b", yes_no)}
    panel = op.Panel.from_waves({"w": people}, person="id", items=items, groups=["region"])
    frame = op.shares(panel, ["a", "b"], by="region").to_frame(min_n=10)
    hidden = frame[frame["withheld"]].groupby("item")["region"].unique().map(sorted).to_dict()
    assert hidden == {"a": ["north", "south"], "b": ["north", "south"]}
    alone = op.shares(panel, "b", by="region").to_frame(min_n=10)
    assert frame[frame["item"] == "b"]["withheld"].tolist() == alone["withheld"].tolist()
    assert np.isnan(frame.loc[frame["withheld"], "estimate"]).all()


def test_intervals_that_hold_at_once_are_wider_and_said_so(panel):
    found = op.shares(panel, ["a", "b"], waves=["w1"])
    once = found.simultaneous()
    usual, wide = found.to_frame(), once.to_frame()
    assert (wide["conf_low"] < usual["conf_low"]).all()
    # Bonferroni: four intervals.
    np.testing.assert_allclose(wide["conf_low"], found.to_frame(level=1 - 0.05 / 4)["conf_low"])
    assert wide["estimate"].equals(usual["estimate"])
    said = "with 95% confidence all of them hold at once (Bonferroni)"
    assert said in " ".join(str(once).split())
    assert said not in str(found)
    assert "simultaneous 95% intervals" in str(once)
    # Of a single one nothing changes.
    one = found.select(item="a", state="yes")
    assert one.simultaneous().to_frame().equals(one.to_frame())
    assert once.difference("item", "b", minus="a").about.simultaneous
    # Those that are kept hold with all of the family, and say so.
    kept = once.select(item="b")
    pd.testing.assert_frame_equal(kept.to_frame(), wide.merge(kept.labels))
    assert "all 4 that these were taken from hold at once" in " ".join(str(kept).split())
    assert "all of them hold at once" in " ".join(
        str(kept.difference("state", "yes", minus="no")).split()
    )
