"""Bases, weights and refusals of the measures, inflows and totals; see also golden, properties."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.covariances import of_matrix
from opinionpanel.measures.shares_and_flows import flow_totals, inflows
from opinionpanel.strategies import panel_parts, panels

MEASURES = [op.shares, op.flows, op.transitions, inflows, flow_totals, op.net_change, op.turnover]
PAIR = ["from_wave", "to_wave"]
bases = st.sampled_from(["answered", "balanced", "panel"])
few = settings(max_examples=8)
stratified = panel_parts(waves=(2, 2), states=(3, 3), designs=["stratified"], weights=["varying"])


def close(first, second):
    np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-12)


def of(estimates, **labels):
    return float(estimates.select(**labels).value[0])


def test_flows_by_hand(build):
    flows = op.flows(build(), "support")
    # November weights of the six in both: 1.25 .5 1.5 1 2 1, in all 7.25.
    assert of(flows, origin="approve", destination="oppose") == pytest.approx(1.25 / 7.25)
    assert of(flows, origin="oppose", destination="approve") == pytest.approx(1.0 / 7.25)
    assert flows.n.tolist() == [6] * 9
    assert flows.n_cell.tolist() == [1, 0, 1, 1, 1, 0, 1, 0, 1]
    assert flows.df.tolist() == [5.0] * 9


def test_panel_base_counts_those_who_left(build):
    flows = op.flows(build(), "support", base="panel")
    # July weights, all eight; 70007 approved and left, 70008 did not answer and left.
    assert of(flows, origin="approve", destination="not interviewed") == pytest.approx(0.75 / 9.0)
    assert of(flows, origin="no answer", destination="not interviewed") == pytest.approx(1.25 / 9)
    assert flows.n[0] == 8
    assert "everyone interviewed at Jul" in flows.about.base
    shares = op.shares(build(), "support", base="panel")
    assert of(shares, wave="Nov", state="not interviewed") == pytest.approx(2.0 / 9)


def test_people_of_weight_zero_add_no_state(build, july):
    july.loc[7, "wgt"] = 0.0  # the only one without an answer
    flows = op.flows(build(), "support", base="panel")
    assert "no answer" not in flows.about.states


def test_balanced_base_over_three_waves(build, july, november, support):
    december = november.assign(q9=[1, 4, None, 1, 2, 5, 1])
    item = op.Item({"Jul": "q12", "Nov": "q9", "Dec": "q9"}, support.states)
    panel = build(waves={"Jul": july, "Nov": november, "Dec": december}, items={"support": item})
    assert set(op.flows(panel, "support").n) == {6.0}
    balanced = op.flows(panel, "support", base="balanced")
    assert set(balanced.n) == {5.0}
    assert "Jul, Nov, Dec" in balanced.about.base
    assert "at Dec" in balanced.about.weight


def test_an_item_asked_at_one_wave_only(build, support):
    panel = build(items={"support": support, "once": op.Item({"Jul": "q12"}, support.states)})
    assert op.shares(panel, "once").labels["wave"].unique().tolist() == ["Jul"]
    for measure in MEASURES[1:]:
        with pytest.raises(SelectionError, match=r"at least 2 different wave.*asked at 'Jul'"):
            measure(panel, "once")
        with pytest.raises(SelectionError, match=r"'once' was not asked at wave 'Nov'.*'Jul'"):
            measure(panel, "once", waves=["Jul", "Nov"])


@pytest.mark.parametrize("measure", MEASURES)
def test_unknown_names(build, measure):
    panel = build()
    for arguments, near in (
        ({"item": "suport"}, "support"),
        ({"waves": ["Jul", "Nvo"]}, "Nov"),
        ({"by": "gendr"}, "gender"),
    ):
        with pytest.raises(SelectionError, match=f"Did you mean '{near}'"):
            measure(panel, **({"item": "support"} | arguments))
    with pytest.raises(SelectionError, match="'answered', 'balanced' or 'panel'"):
        measure(panel, "support", base="all")


def test_the_same_wave_twice(build):
    with pytest.raises(SelectionError, match="at least 2 different"):
        op.flows(build(), "support", waves=["Jul", "Jul"])


def test_an_origin_without_people_is_nan_with_n_0(build, july):
    july.loc[july["q12"].isin([3, 98]), "q12"] = 1
    row = op.transitions(build(), "support").select(origin="unsure")
    assert np.isnan(row.value).all()
    assert np.isnan(row.std_error).all()
    assert row.n.tolist() == [0, 0, 0]
    frame = row.to_frame()
    assert frame[["estimate", "conf_low", "conf_high"]].isna().all(axis=None)


def test_several_groups_at_once(build):
    panel = build(groups=["gender", "region"])
    estimates = op.shares(panel, "support", by=["gender", "region"])
    assert list(estimates.labels) == ["wave", "gender", "region", "state"]
    assert len(estimates) == 2 * 2 * 2 * 3


def test_captions_name_question_base_weight_dates_and_source(build):
    panel = build(dates={"Jul": "1-8 July 2024"}, source="A test panel")
    about = op.transitions(panel, "support").about
    assert about.question == "Do you support it?"
    assert about.base == "people with an answer at both waves"
    assert about.weight == "wgt (at Nov, the later wave)"
    assert about.dates["Jul"] == "1-8 July 2024"
    assert about.source == "A test panel"
    assert about.states == ("approve", "unsure", "oppose")


def test_overlapping_waves_are_dependent(build):
    shares = op.shares(build(), "support")
    change = shares.difference("wave", "Nov", minus="Jul")
    separate = shares.std_error.reshape(2, 3)
    independent = np.hypot(*separate)
    assert not np.allclose(change.std_error, independent)
    covariance = shares.covariance[:3, 3:]
    np.testing.assert_allclose(
        change.std_error**2, (separate**2).sum(axis=0) - 2 * np.diag(covariance)
    )
    assert isinstance(change.labels, pd.DataFrame)


def test_titles_name_the_measure(build):
    panel = build()
    assert op.turnover(panel, "support").about.title.startswith("Turnover of support")
    assert op.net_change(panel, "support").about.title.startswith("Net change of support")
    against = op.turnover(panel, "support", by="gender", reference="rest")
    assert against.about.title == "Turnover of support, by gender: difference from the rest"
    one = [[1.0] + [0.0] * 5]
    contrast = op.shares(panel, "support").contrast(one, {"what": ["x"]})
    assert contrast.about.title.startswith("Contrast: Shares of support")


# ---- inflows ----------------------------------------------------------------------------------


@few
@given(panels(waves=(2, 3)), st.sampled_from(["answered", "balanced"]))
def test_flows_are_inflows_times_destinations_and_transitions_times_origins(panel, base):
    flows = op.flows(panel, "opinion", base=base, by="gender")
    frame = flows.labels.assign(flow=flows.value)
    for measure, side in ((inflows, "destination"), (op.transitions, "origin")):
        rows = measure(panel, "opinion", base=base, by="gender")
        table = rows.labels.assign(share=rows.value, n=rows.n)
        keys = [*PAIR, "gender", side]
        both = frame.merge(table, on=list(flows.labels), validate="one_to_one")
        margin = both.groupby(keys)["flow"].transform("sum")
        some = both["n"] > 0
        close((both["share"] * margin)[some], both["flow"][some])
        assert (both["flow"][~some].fillna(0.0) == 0).all()


@few
@given(panels(waves=(2, 2)), st.sampled_from(["answered", "balanced"]))
def test_inflows_are_the_transitions_of_time_turned_round(panel, base):
    first, second = panel.waves
    back = op.transitions(panel, "opinion", waves=(second, first), base=base)
    came = inflows(panel, "opinion", base=base)
    close(came.value, back.value)
    close(came.covariance, back.covariance)
    np.testing.assert_array_equal(came.df, back.df)
    np.testing.assert_array_equal(came.n, back.n)
    np.testing.assert_array_equal(came.n_cell, back.n_cell)


@few
@given(panel_parts(waves=(2, 4)), st.sampled_from(["man", "woman", None]))
def test_panel_inflows_against_plain_counting(parts, gender):
    """Where everybody interviewed later was before, person by person."""
    panel = parts.panel()
    frames = {wave: frame.set_index("person") for wave, frame in parts.frames.items()}
    states = dict(enumerate(parts.item.states, start=1)) | {99: "not asked"}
    found = inflows(
        panel if gender is None else panel.where(gender=gender), "opinion", base="panel"
    )
    frame = found.to_frame().set_index([*PAIR, "destination", "origin"])
    place = {wave: place for place, wave in enumerate(panel.waves)}
    for first, second in pairwise(panel.asked("opinion")):
        weighted: dict = {}
        weights = dict(zip(people_of(parts), panel.weight(second).values, strict=True))
        for person, row in frames[second].iterrows():
            before = [
                wave for wave in panel.waves[: place[first] + 1] if person in frames[wave].index
            ]
            if gender not in (None, row["gender"]) or weights[person] == 0:
                continue
            origin = "new entrant" if not before else "not interviewed"
            if first in before:
                origin = states.get(frames[first].loc[person, "answer"], "no answer")
            cell = (states.get(row["answer"], "no answer"), origin)
            weighted.setdefault(cell, []).append(weights[person])
        totals = pd.Series({cell: sum(values) for cell, values in weighted.items()}, dtype=float)
        for (destination, origin), row in frame.loc[(first, second)].iterrows():
            own = weighted.get((destination, origin), [])
            everyone = sum(totals[cell] for cell in totals.index if cell[0] == destination)
            assert row["n_cell"] == len(own)
            assert row["n"] == sum(len(v) for cell, v in weighted.items() if cell[0] == destination)
            if row["n"]:
                close(row["estimate"], sum(own) / everyone)
        assert set(weighted) <= set(frame.loc[(first, second)].index)


def people_of(parts):
    """Ids in the order of the panel: that in which the waves first show them."""
    return pd.unique(pd.concat([frame["person"] for frame in parts.frames.values()]))


def test_new_entrants_by_hand(build):
    came = inflows(build(), "support", base="panel")
    # Of the four who approve in November one is new, with a weight of 1 of 4.
    assert of(came, destination="approve", origin="new entrant") == pytest.approx(0.25)
    assert of(came, destination="approve", origin="approve") == pytest.approx(0.5 / 4)
    assert came.select(destination="approve").n.tolist() == [4] * 4
    assert came.about.base == "everyone interviewed at the later wave"
    assert came.about.weight == "wgt (at Nov)"
    assert came.matrix().index.tolist() == ["approve", "unsure", "oppose"]
    # Nobody can have missed a wave before the first one.
    assert came.matrix().columns.tolist() == ["approve", "unsure", "oppose", "new entrant"]
    assert "new entrant" not in inflows(build(), "support").labels["origin"].tolist()


def test_who_missed_a_wave_is_no_new_entrant(build, july, november, support):
    # 70007 and 70008 were there in July and are back in December, 70009 joined in November.
    december = pd.concat([november, july[6:].rename(columns={"q12": "q9"})], ignore_index=True)
    item = op.Item({"Jul": "q12", "Nov": "q9", "Dec": "q9"}, support.states)
    panel = build(waves={"Jul": july, "Nov": november, "Dec": december}, items={"support": item})
    came = inflows(panel, "support", base="panel")
    last = came.select(from_wave="Nov")
    assert of(last, destination="approve", origin="not interviewed") == pytest.approx(0.75 / 4.75)
    assert of(last, destination="approve", origin="new entrant") == 0.0
    assert of(last, destination="no answer", origin="not interviewed") == 1.0
    # Over the longer interval 70009 is new: it joined after July.
    long = inflows(panel, "support", base="panel", waves=["Jul", "Dec"])
    assert of(long, destination="approve", origin="new entrant") == pytest.approx(1 / 4.75)


def test_groups_by_wave_count_at_the_later_wave(build, july, november):
    november.loc[november["resp_id"] == 70006, "gender"] = "man"
    panel = build(groups={"gender": "wave"})
    came = inflows(panel, "support", by="gender", base="panel")
    assert came.select(gender="man", destination="approve").n[0] == 3
    assert "by gender (at the later wave)" in came.about.title
    assert "(at the earlier wave)" in inflows(panel, "support", by="gender").about.title


def test_states_named_like_those_added_are_refused(build, support):
    codes = {"approve": [1, 2], "new entrant": [3, 98], "oppose": [4, 5]}
    panel = build(items={"support": op.Item(support.column, codes)})
    with pytest.raises(SelectionError, match=r"adds the states .*'new entrant'.* its own"):
        inflows(panel, "support", base="panel")
    assert len(inflows(panel, "support")) == 9


def test_panel_inflows_look_back(build):
    with pytest.raises(SelectionError, match="must be in the order of fieldwork here: 'Jul'"):
        inflows(build(), "support", base="panel", waves=["Nov", "Jul"])


# ---- totals -----------------------------------------------------------------------------------


@few
@given(panels(waves=(2, 3)), bases)
def test_totals_divided_by_their_sum_are_the_flows(panel, base):
    totals, flows = (f(panel, "opinion", base=base) for f in (flow_totals, op.flows))
    assert totals.unit == "number"
    for first, second in pairwise(panel.asked("opinion")):
        pair = totals.select(from_wave=first, to_wave=second)
        flow = flows.select(from_wave=first, to_wave=second)
        np.testing.assert_array_equal(pair.n_cell, flow.n_cell)
        assert np.isnan(pair.std_error[pair.n_cell == 0]).all()
        some = np.flatnonzero(pair.n_cell > 0)
        if not len(some):
            continue
        cells = pair.contrast(np.eye(len(pair))[some], pair.labels.iloc[some])
        ratio = cells.derive(lambda total: total / total.sum(), cells.labels)
        close(ratio.value, flow.value[some])
        np.testing.assert_allclose(
            ratio.covariance, flow.covariance[np.ix_(some, some)], rtol=1e-6, atol=1e-10
        )


def test_totals_by_hand(build):
    totals = flow_totals(build(), "support")
    cell = totals.select(origin="approve", destination="oppose")
    assert cell.value[0] == 1.25
    assert cell.n_cell.tolist() == [1]
    # One of nine sampled people, with the November weight: n / (n - 1) Σ (z - mean)².
    z = np.array([1.25] + [0.0] * 8)
    assert cell.std_error[0] ** 2 == pytest.approx(9 / 8 * ((z - z.mean()) ** 2).sum())
    empty = totals.select(origin="approve", destination="unsure").to_frame()
    assert empty["estimate"].tolist() == [0.0]
    assert empty[["std_error", "conf_low", "conf_high"]].isna().all(axis=None)
    groups = flow_totals(build(), "support", by="gender")
    close(groups.value.reshape(2, -1).sum(axis=0), totals.value)


@few
@given(stratified, stratified)
def test_two_panels_put_together_add_up(one, other):
    frames = {}
    for wave, frame in one.frames.items():
        second = other.frames[wave]
        moved = second.assign(person=second["person"] + 10**6, stratum=second["stratum"] + 100)
        frames[wave] = pd.concat([frame, moved], ignore_index=True)
    both, first, second = (
        flow_totals(parts.panel(), "opinion") for parts in (replace(one, frames=frames), one, other)
    )
    close(both.value, first.value + second.value)
    np.testing.assert_array_equal(both.n_cell, first.n_cell + second.n_cell)
    # Strata are sampled independently. An empty cell adds nothing to a variance.
    covariance = np.nan_to_num(first.covariance) + np.nan_to_num(second.covariance)
    close(np.nan_to_num(both.covariance), covariance)


@few
@given(panel_parts(designs=["clustered"], weights=["none"]), bases, st.integers(0, 2**32 - 1))
def test_whole_weights_are_people_counted_again_in_their_psu(parts, base, seed):
    rng = np.random.default_rng(seed)
    copies = pd.Series(rng.integers(1, 4, 100), index=np.arange(1, 101))
    weighted, repeated = {}, {}
    for wave, frame in parts.frames.items():
        times = frame["person"].map(copies)
        weighted[wave] = frame.assign(weight=times.astype(float))
        again = frame.loc[frame.index.repeat(times)]
        again = again.assign(copy=again.groupby("person").cumcount())
        repeated[wave] = again.assign(person=again["person"] + 1000 * again.pop("copy"))
    design = replace(parts.design, weight="weight")
    one = replace(parts, frames=weighted, design=design).panel()
    many = replace(parts, frames=repeated).panel()
    for measure in MEASURES:
        first, second = (measure(panel, "opinion", base=base) for panel in (one, many))
        pd.testing.assert_frame_equal(first.labels, second.labels)
        close(first.value, second.value)
        close(first.covariance, second.covariance)
        np.testing.assert_array_equal(first.df, second.df)


@few
@given(panels(waves=(2, 2)))
def test_a_row_of_the_whole_mixes_the_rows_of_the_groups(panel):
    whole = op.transitions(panel, "opinion")
    rows = op.transitions(panel, "opinion", by="gender")
    starters = flow_totals(panel, "opinion", by="gender")
    frame = rows.labels.assign(share=rows.value, total=starters.value)
    weight = frame.groupby(["gender", "origin"], sort=False)["total"].transform("sum")
    mixed = frame.assign(part=(frame["share"] * weight).fillna(0.0), weight=weight)
    sums = mixed.groupby(["origin", "destination"], sort=False)[["part", "weight"]].sum()
    some = whole.n > 0
    close(
        (sums["part"] / sums["weight"].where(sums["weight"] > 0)).to_numpy()[some],
        whole.value[some],
    )


def test_only_flows_say_that_they_are_flows(build):
    assert op.flows(build(), "support").about.flows
    for measure in (op.shares, op.transitions, inflows, flow_totals):
        assert not measure(build(), "support").about.flows


def test_a_weighted_number_cannot_be_below_nobody_and_may_be_below_one(from_table):
    """Weights in millions: 0.002 stand for 2,000 people, and are not cut at one."""
    found = flow_totals(from_table(["a", "b"], [[1, 2], [3, 4]]), "opinion")
    assert found.possible.tolist() == [[0.0, np.inf]] * 4
    small = replace(
        found, value=found.value / 1e3, spread=of_matrix(found.covariance / 1e6)
    ).to_frame()
    assert small["conf_low"].tolist()[0] == 0
    np.testing.assert_allclose(small["estimate"], np.array([1, 2, 3, 4]) / 1e3)
    assert (small["conf_low"] < small["estimate"]).all()
    assert (small["conf_high"] < 0.02).all()
