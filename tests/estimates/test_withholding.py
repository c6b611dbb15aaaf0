"""Small bases and small cells of one table: what is withheld for themselves, and for others."""

import pickle

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.withholding import MOST_CELLS, withheld_of


def hidden(estimates, min_cell=5, min_n=0):
    return withheld_of(estimates, min_n, min_cell).rows


def test_flows_of_few_people_are_withheld_with_others(from_table):
    panel = from_table(["a", "b", "c"], [[40, 3, 20], [12, 50, 30], [9, 10, 60]])
    for measure in (op.flows, op.transitions, op.inflows, op.flow_totals):
        frame = measure(panel, "opinion").to_frame(min_cell=5)
        gone = frame.set_index(["origin", "destination"])["withheld"].unstack().to_numpy()
        assert gone[0, 1]
        assert set(gone.sum(axis=0)) | set(gone.sum(axis=1)) <= {0, 2, 3}
        assert frame.loc[frame["withheld"], ["estimate", "n_cell"]].isna().all(axis=None)
    paths = op.paths(panel, "opinion", min_n=1)
    assert hidden(paths).sum() == 2


def test_a_loss_is_withheld_with_the_gain_that_it_is(from_table):
    panel = from_table(["a", "b", "c"], [[40, 3, 20], [12, 50, 30], [9, 10, 60]])
    frame = op.gains_and_losses(panel, "opinion").to_frame(min_cell=5)
    gone = frame[frame["withheld"]]
    assert "all" not in set(gone["other"])
    ways = {(row.state, row.other, row.side) for row in gone.itertuples()}
    for state, other, side in ways:
        assert (other, state, {"gains": "losses", "losses": "gains"}[side]) in ways
    assert ("a", "b", "losses") in ways


def test_moves_and_numbers_of_changes_are_ways_too(from_table):
    panel = from_table(["a", "b"], [[40, 3], [20, 50]])
    for measure in (op.direction, op.number_of_changes):
        frame = measure(panel, "opinion").to_frame(min_cell=5)
        few = measure(panel, "opinion").n_cell < 5
        assert frame.loc[few, "withheld"].all()
        assert frame["withheld"].sum() in (0, 2)
    assert hidden(op.direction(panel, "opinion")).sum() == 2


@pytest.mark.parametrize("name", ["path", "move", "changes"])
def test_a_group_that_is_called_like_a_way_is_a_group(name):
    frame = pd.DataFrame({"person": range(60), "q": [1] * 57 + [2] * 3, name: ["f", "m"] * 30})
    panel = op.Panel.from_waves(
        {"w1": frame, "w2": frame},
        person="person",
        items={"x": op.Item("q", {"yes": [1], "no": [2]})},
        groups=[name],
        design=None,
    )
    assert not hidden(op.shares(panel, "x", by=name)).any()
    assert hidden(op.flows(panel, "x", by=name)).any()


def test_without_small_cells_nothing_is_withheld(from_table):
    panel = from_table(["a", "b"], [[40, 5], [0, 50]])
    assert not hidden(op.flows(panel, "opinion")).any()
    # Shares are of the base; how many gave an answer is no flow.
    assert not hidden(op.shares(from_table(["a", "b"], [[40, 1], [0, 50]]), "opinion")).any()


def test_people_without_an_opinion_tell_none(build, july, november):
    november.loc[november.index[-1], "resp_id"] = 9999
    found = op.flows(build(), "support", base="panel")
    gone = found.labels[hidden(found)]
    silent = {"no answer", "not interviewed"}
    assert not (set(gone["origin"]) <= silent and set(gone["destination"]) <= silent)


@pytest.mark.parametrize("wrong", [-1, 2.5, 1.5])
@pytest.mark.parametrize("name", ["min_n", "min_cell"])
def test_numbers_of_people_are_whole(from_table, name, wrong):
    flows = op.flows(from_table(["a", "b"], [[40, 5], [3, 50]]), "opinion")
    with pytest.raises(SelectionError, match=f"{name} must be a whole number"):
        flows.to_frame(**{name: wrong})


def test_tables_too_large_to_weigh_go_as_a_whole():
    groups = MOST_CELLS // 4 + 1
    random = np.random.default_rng(2)
    people = pd.DataFrame({"id": range(40 * groups), "g": np.arange(40 * groups) % groups})
    waves = {wave: people.assign(q=random.random(len(people)) < 0.5) for wave in ("a", "b")}
    item = op.Item("q", {"no": [False], "yes": [True]})
    panel = op.Panel.from_waves(waves, person="id", items={"x": item}, groups=["g"])
    flows = op.flows(panel, "x", by="g")
    small = pd.Series(flows.n_cell < 5).groupby(flows.labels["g"]).any()
    gone = pd.Series(hidden(flows)).groupby(flows.labels["g"])
    assert (gone.all() == small).all()
    assert (gone.any() == small).all()
    assert small.any()
    assert not small.all()


def test_one_dial_withholds_small_bases_and_small_flows(from_table):
    flows = op.flows(
        from_table(["a", "b", "c"], [[40, 3, 20], [12, 50, 30], [9, 10, 60]]), "opinion"
    )
    assert "withheld" not in flows.to_frame()
    assert flows.to_frame(min_n=10)["withheld"].any()
    assert not flows.to_frame(min_n=10, min_cell=0)["withheld"].any()
    assert flows.to_frame(min_cell=5)["withheld"].any()
    assert "withheld" in flows.to_latex()
    assert "withheld" not in flows.to_latex(min_n=0)


def test_shares_by_earlier_answers_are_withheld_as_the_flows_that_they_are():
    """A group of answers makes shares of a table of transitions: the same few people are in it."""
    rng = np.random.default_rng(5)
    before = rng.choice(["yes", "no", "rare"], 120, p=[0.5, 0.44, 0.06])
    after = np.where(rng.random(120) < 0.75, before, rng.choice(["yes", "no"], 120))
    frame = pd.DataFrame({"id": range(120), "May": before, "June": after})
    states = {state: [state] for state in ("yes", "no", "rare")}
    item = op.Item({"May": "May", "June": "June"}, states)
    panel = op.Panel.from_wide(frame, person="id", items={"x": item})
    flows = withheld_of(op.transitions(panel, "x"), 3)
    told = panel.group_of("x", wave="May", name="before")
    shares = op.shares(told, "x", by="before", waves=["June"])
    assert (shares.n_cell == op.transitions(panel, "x").n_cell).all()
    assert flows.rows.any()
    assert withheld_of(shares, 3).rows.tolist() == flows.rows.tolist()


def test_a_quantile_near_an_end_is_withheld():
    """Of 100 people who gave the numbers from 0 to 99 once, ten have 9 or less."""
    wave = pd.DataFrame({"id": range(100), "x": range(100)})
    items = {"x": op.Score("x", low=0, high=100)}
    panel = op.Panel.from_waves({"May": wave}, person="id", items=items)
    at = [0.01, 0.09, 0.1, 0.5, 0.91, 0.92, 0.99]
    found = op.quantiles(panel, "x", at=at)
    assert found.n_cell.tolist() == [1, 9, 10, 50, 10, 9, 2]
    for estimates in (found, pickle.loads(pickle.dumps(found))):
        frame = estimates.to_frame(min_n=10)
        assert frame["withheld"].tolist() == [True, True, False, False, False, True, True]
        # Their limits are people's numbers as well.
        low, high = (frame[name].to_numpy() for name in ("conf_low", "conf_high"))
        assert np.isfinite([low[3], high[3]]).all()
        assert np.isnan(low[[2, 4]]).all()
        assert np.isnan(frame["std_error"][[2, 4]]).all()
        assert estimates.to_frame()["estimate"].tolist() == found.value.tolist()
        # The further a limit lies outside, the fewer are beyond it.
        wide = estimates.to_frame(level=0.999, min_n=35)
        assert not wide.loc[3, "withheld"]
        assert np.isnan(wide.loc[3, "conf_low"])
    note = found.to_latex()
    assert "fewer than 10 people are there or beyond it" in note
    assert "Without an interval: fewer than 10 people are at a limit of it or beyond" in note
    # What is computed from them would tell them.
    less = found.difference("quantile", 0.5, minus=0.01)
    same = found.derive(lambda v: v * 1.0, {"at": at})
    assert less.to_frame(min_n=10)["estimate"].isna().all()
    pairs = found.pairwise("quantile").to_frame(min_n=10)
    assert (~pairs["withheld"]).sum() == 3
    both = op.side_by_side(
        {
            "a": same,
            "b": op.quantiles(
                op.Panel.from_waves({"May": wave}, person="id", items=items), "x", at=at
            ).derive(lambda v: v * 1.0, {"at": at}),
        }
    )
    for estimates in (
        same,
        pickle.loads(pickle.dumps(same)),
        same.contrast(np.eye(7), {"at": at}),
        both.select(study="a"),
    ):
        frame = estimates.to_frame(min_n=10)
        assert frame["estimate"].isna().tolist() == [True, True, False, False, False, True, True]
        # The error of a quantile is the width of its interval.
        assert np.flatnonzero(np.isfinite(frame["std_error"])).tolist() == [3]
    assert "its width would tell of numbers of few people" in same.to_latex()
    # A number that many gave is that of no one.
    ends = wave.assign(x=[0] * 12 + [50] * 76 + [100] * 12)
    many = op.Panel.from_waves({"May": ends}, person="id", items=items)
    assert not op.quantiles(many, "x", at=[0.01, 0.99]).to_frame(min_n=10)["withheld"].any()
