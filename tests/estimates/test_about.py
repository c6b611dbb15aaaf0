"""What labels stand for, and captions that name what is left: true after every step."""

import pickle
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings

import opinionpanel as op
from opinionpanel.estimates.about import About, Later
from opinionpanel.estimates.labels import label_rows
from opinionpanel.strategies import panels

few = settings(max_examples=10)


def test_a_column_of_which_nothing_is_said_is_a_group():
    about = About(measure="shares", title="t", roles={"wave": "time"})
    assert about.role("wave") == "time"
    assert about.role("people") == "group"


def test_a_smaller_base_is_said_once():
    about = About(measure="shares", title="t", base="all")
    again = About(measure="shares", title="t", base=about.smaller_base)
    assert again.smaller_base == about.smaller_base
    assert (about.of_two, again.of_two) == (False, True)


def test_what_is_modelled_stays_so_whatever_is_made_of_it():
    about = About(measure="shares", title="t", modelled="Imputed.")
    assert (about.made(""), about.made("Combined.")) == ("Imputed.", "Imputed. Combined.")
    assert About(measure="shares", title="t").made("Combined.") == "Combined."


def test_the_people_that_a_panel_was_narrowed_to_are_named(build):
    panel = build()
    assert op.shares(panel, "support").about.domain == ""
    category = panel.group("gender").categories[0]
    shares = op.shares(panel.where(gender=category), "support")
    assert shares.about.domain == f"gender {category}"
    assert shares.about.domain in shares.about.base


def test_what_is_told_later_is_found_once_and_only_when_somebody_looks():
    found = []

    def find():
        found.append(True)
        return {("w1",): "one was lost", ("w2",): "two were"}

    about = About(
        measure="shares",
        title="t",
        waves=("w1", "w2"),
        weights={("w1",): "a", ("w2",): "a"},
        lost=Later(find),
        roles={"wave": "time"},
    )
    one = about.narrowed(label_rows({"wave": ["w2"]}))
    assert not found
    assert one.lost == {("w2",): "two were"}
    assert repr(about.lost) == "{('w1',): 'one was lost', ('w2',): 'two were'}"
    # Whoever finds it stays behind.
    back = pickle.loads(pickle.dumps(about))
    assert back == about
    assert type(back.lost) is dict
    assert len(found) == 1


def test_what_charts_need_stays_whatever_is_left_out(build, support):
    item = replace(support, label="Support", neutral="oppose", changes={"Nov": "asked by phone"})
    days = (date(2024, 7, 8), date(2024, 7, 17))
    panel = build(items={"support": item}, dates={"Jul": days, "Nov": "autumn"})
    shares = op.shares(panel, "support")
    for about in (shares.about, shares.select(wave="Nov").about):
        assert (about.label, about.neutral) == ("Support", "oppose")
        assert about.changes == {"Nov": "asked by phone"}
        assert about.days == {"Jul": days}
        assert about.all_waves == ("Jul", "Nov")
    assert shares.select(wave="Nov").about.waves == ("Nov",)
    assert pickle.loads(pickle.dumps(shares)).about == shares.about
    assert shares.difference("wave", "Nov", minus="Jul").about.days == {"Jul": days}


@pytest.mark.parametrize(("neutral", "told"), [(None, "unsure"), ("", ""), ("oppose", "oppose")])
def test_the_state_of_the_undecided_is_named_once(build, support, neutral, told):
    panel = build(items={"support": replace(support, neutral=neutral)})
    assert op.flows(panel, "support").about.neutral == told


def test_waves_that_did_not_ask_are_told(build, support):
    items = {"support": support, "once": op.Item({"Nov": "q9"}, support.states)}
    about = op.shares(build(items=items), "once").about
    assert (about.waves, about.all_waves) == (("Nov",), ("Jul", "Nov"))


def test_each_weight_is_named_once():
    weights = {("w1",): "a", ("w2",): "b", ("w3",): "a"}
    assert About(measure="shares", title="t", weights=weights).weight == "a; b"


@few
@given(panels(waves=(3, 3)))
def test_roles_stay_true_through_selection_comparison_and_derivation(panel):
    flows = op.flows(panel, "opinion", by="gender")
    roles = dict(flows.about.roles)
    assert {name: flows.about.role(name) for name in flows.labels} == {
        "from_wave": "time",
        "to_wave": "time",
        "gender": "group",
        "origin": "origin",
        "destination": "state",
    }
    first, last = panel.waves[0], panel.waves[1]
    kept = [
        flows.select(from_wave=first),
        flows.difference("from_wave", last, minus=first),
        flows.pairwise("gender"),
        flows.contrast(np.eye(len(flows)), flows.labels),
        flows.derive(lambda values: values, flows.labels),
    ]
    assert all(dict(each.about.roles) == roles for each in kept)
    named = flows.contrast(np.ones((1, len(flows))), {"what": ["everyone"]})
    assert named.about.role("what") == "group"


@pytest.mark.parametrize(
    ("measure", "column", "role"),
    [
        (op.shares, "state", "state"),
        (op.transitions, "origin", "origin"),
        (op.turnover, "component", "component"),
        (op.net_change, "state", "state"),
        (op.gains_and_losses, "side", "component"),
        (op.mobility_indices, "index", "parameter"),
        (op.direction, "move", "component"),
        (op.stable_core, "state", "state"),
        (op.first_change, "wave", "time"),
        (op.unchanged, "wave", "time"),
        (op.error_sensitivity, "parameter", "parameter"),
        (op.turnover_bounds, "component", "component"),
    ],
)
def test_whoever_builds_labels_says_what_they_are(measure, column, role):
    panel = op.datasets.load("nes_ideology")
    assert measure(panel, "ideology").about.role(column) == role


def test_only_flows_are_flows():
    panel = op.datasets.load("nes_ideology")
    assert op.flows(panel, "ideology").about.flows
    for measure in (op.transitions, op.inflows, op.turnover, op.net_change, op.shares):
        assert not measure(panel, "ideology").about.flows


def test_a_state_called_all_is_no_total_where_there_is_none(from_table):
    """It was taken for the row of all others together, by its name."""
    flows = op.flows(from_table(["all", "other"], [[50, 3], [20, 30]]), "opinion")
    assert not flows.about.together
    frame = op.attrition(op.datasets.load("attitudes_2024").panel, "support")
    assert frame.about.together == {"state": "all"}
