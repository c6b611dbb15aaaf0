"""Identities of transitions over several measures: plain counting, copies, mixtures, tests of 0."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st

import opinionpanel as op
from opinionpanel.errors import DesignError, OpinionPanelError
from opinionpanel.measures.shares_and_flows import flow_totals, inflows
from opinionpanel.strategies import panel_parts, panels

PAIR = ["from_wave", "to_wave"]
GROUPS = {"gender": ("man", "woman"), "region": ("north", "south", "west")}
LINEAR = ["people", "stratified", "clustered"]
bases = st.sampled_from(["answered", "balanced", "panel"])
seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=8)


def close(first, second):
    np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-12)


def framed(estimates):
    """The values, unweighted cells and bases by label."""
    columns = {"value": estimates.value, "n": estimates.n, "n_cell": estimates.n_cell}
    return estimates.labels.assign(**columns)


# ---- plain counting ---------------------------------------------------------------------------


def people_of(parts, names, pair, base, *, back):
    """List the base of a pair of waves with pandas: origin, destination, weight and groups.

    `back` is whether base="panel" looks from the later wave to the earlier one.
    """
    waves = {wave: frame.set_index("person") for wave, frame in parts.frames.items()}
    state = {code: name for name, codes in parts.item.states.items() for code in codes}
    unasked = dict.fromkeys(parts.item.not_asked, "not asked")
    ids = sorted(set().union(*(frame.index for frame in waves.values())))
    here = {wave: pd.Series(ids, ids).isin(frame.index) for wave, frame in waves.items()}
    said = {wave: frame["answer"].map(state).reindex(ids) for wave, frame in waves.items()}
    silent = {wave: frame["answer"].map(unasked).reindex(ids) for wave, frame in waves.items()}
    silent = {
        wave: silent[wave].where(silent[wave].notna() | ~here[wave], "no answer") for wave in waves
    }
    shown = {wave: said[wave].fillna(silent[wave]).fillna("not interviewed") for wave in waves}
    everyone = pd.concat(waves.values())
    groups = {name: everyone[name].groupby(level=0).first().reindex(ids) for name in GROUPS}
    at = pair[1] if base == "panel" and back else pair[0]
    groups["job"] = waves[at]["job"].reindex(ids)
    table = pd.DataFrame({"origin": shown[pair[0]], "destination": shown[pair[1]], **groups})
    if base == "panel" and back:
        until = list(waves)[: list(waves).index(pair[0]) + 1]
        table.loc[~np.any([here[wave] for wave in until], axis=0), "origin"] = "new entrant"
    needed = {"answered": pair, "balanced": names, "panel": []}[base]
    inside = np.all([said[wave].notna() for wave in needed], axis=0) & np.ones(len(ids), dtype=bool)
    ends = {"answered": pair, "balanced": (names[0], names[-1]), "panel": pair[1:] * 2}[base]
    if base == "panel":
        ends = ends if back else (names[0], names[0])
        inside &= here[ends[0]].to_numpy()
    first, last = sorted(ends, key=list(waves).index)
    columns = [f"weight_{first}_{last}", "weight"]
    column = next((name for name in columns if name in waves[last]), None)
    weight = 1.0 if column is None else waves[last][column].reindex(ids)
    table["weight"] = weight
    return table[inside & (table["weight"] > 0)]


@settings(max_examples=10)
@given(panel_parts(people=(4, 60), groups=GROUPS), bases, st.data())
def test_every_view_is_plain_counting(parts, base, data):
    """Any two waves or more in any order, by up to two groups, one of them not always known."""
    silent = data.draw(st.sets(st.integers(4, 60), max_size=10))
    known = {wave: ~frame["person"].isin(silent) for wave, frame in parts.frames.items()}
    frames = {
        wave: frame.assign(region=frame["region"].where(known[wave]))
        for wave, frame in parts.frames.items()
    }
    parts = replace(parts, frames=frames)
    panel = parts.panel()
    order = data.draw(st.permutations(panel.asked("opinion")))
    names = list(order[: data.draw(st.integers(2, len(order)))])
    groupings = [[], ["gender"], ["gender", "region"], ["region", "job"], ["job"]]
    by = data.draw(st.sampled_from(groupings))
    margins = {op.flows: [], flow_totals: [], op.transitions: ["origin"]}
    if base != "panel" or names == sorted(names):
        margins[inflows] = ["destination"]
    for measure, margin in margins.items():
        found = framed(measure(panel, "opinion", waves=names, by=by or None, base=base))
        for pair in pairwise(names):
            people = people_of(parts, names, pair, base, back=measure is inflows).dropna(subset=by)
            keys = [*by, "origin", "destination"]
            part = found[(found[PAIR] == list(pair)).all(axis=1)].set_index(keys)
            counted = people.groupby(keys)["weight"].agg(["sum", "size"])
            assert set(counted.index) <= set(part.index)
            counted = counted.reindex(part.index).fillna(0.0)
            np.testing.assert_array_equal(part["n_cell"], counted["size"])
            inside = [*by, *margin]
            grouped = counted.groupby(inside) if inside else counted.groupby(lambda _: 0)
            whole = grouped.transform("sum")
            np.testing.assert_array_equal(part["n"], whole["size"])
            # An empty base has no shares; an empty cell has a total of 0.
            sums = 1.0 if measure is flow_totals else whole["sum"].where(whole["sum"] > 0)
            close(part["value"], counted["sum"] / sums)


# ---- panels put together, copies, mixtures ----------------------------------------------------


def all_due(parts):
    """Build a panel whose people are due at every wave: nobody is noticed as not due for number."""
    names = list(parts.frames)
    return op.Panel.from_waves(
        parts.frames,
        person="person",
        items={"opinion": parts.item},
        groups=parts.groups,
        design=parts.design,
        due={wave: names[place:] for place, wave in enumerate(names)},
    )


alike = panel_parts(waves=(3, 3), states=(3, 3), designs=["stratified"], weights=["longitudinal"])


@few
@given(alike, alike, bases, st.sampled_from([flow_totals, inflows]))
def test_people_of_two_panels_add_up_in_every_view(one, other, base, measure):
    frames = {
        wave: pd.concat(
            [
                frame,
                other.frames[wave].assign(
                    person=other.frames[wave]["person"] + 10**6,
                    stratum=other.frames[wave]["stratum"] + 100,
                ),
            ]
        )
        for wave, frame in one.frames.items()
    }
    # Named, as two waves may link nobody in one of the panels, and be no pair there.
    chosen = {"waves": list(frames), "by": "gender", "base": base}
    tables = [
        framed(measure(all_due(parts), "opinion", **chosen))
        for parts in (one, other, replace(one, frames=frames))
    ]
    keys = [*PAIR, "gender", "origin", "destination"]
    first, second, both = (
        table.set_index(keys)[["n_cell", *["value"] * (measure is flow_totals)]] for table in tables
    )
    # A state such as "no answer" may occur in one of them only, and two such together in neither.
    added = first.add(second, fill_value=0.0).reindex(both.index, fill_value=0.0)
    close(both, added)


def copies_of(parts, seed):
    """Whole weights by person, and the same people counted as often, in their PSU."""
    rng = np.random.default_rng(seed)
    times = pd.Series(rng.integers(1, 4, 100), index=np.arange(1, 101))
    weighted, repeated = {}, {}
    for wave, frame in parts.frames.items():
        number = frame["person"].map(times)
        weighted[wave] = frame.assign(weight=number.astype(float))
        again = frame.loc[frame.index.repeat(number)]
        copy = again.groupby("person").cumcount()
        repeated[wave] = again.assign(person=again["person"] + 1000 * copy)
    design = replace(parts.design, weight="weight")
    changed = replace(parts, frames=weighted, design=design), replace(parts, frames=repeated)
    return tuple(map(all_due, changed))


COPIED = {
    "gains and losses": lambda p: op.gains_and_losses(p, "opinion", by="gender"),
    "inflows": lambda p: inflows(p, "opinion", base="panel"),
    "direction": lambda p: op.direction(p, "opinion"),
    "displacement": lambda p: op.displacement(p, "opinion", base="balanced"),
    "indices": lambda p: op.mobility_indices(p, "opinion", ordered=True),
    "kappa": lambda p: op.agreement(p, "opinion", weights="linear"),
    "attrition": lambda p: op.attrition(p, "opinion"),
    "bounds": lambda p: op.turnover_bounds(p, "opinion", by="gender"),
    "changes": lambda p: op.number_of_changes(p, "opinion"),
    "types": lambda p: op.shares(op.typology(p, "opinion"), "opinion", by="typology"),
    "stayers": lambda p: op.mover_stayer(p, "opinion").stayers,
    "movers": lambda p: op.mover_stayer(p, "opinion").movers,
}


@pytest.mark.parametrize("measure", COPIED)
@settings(max_examples=4)
@given(panel_parts(waves=(3, 3), designs=["clustered"], weights=["none"]), seeds)
def test_whole_weights_are_copies_that_keep_their_psu(measure, parts, seed):
    one, many = copies_of(parts, seed)
    try:
        first = COPIED[measure](one)
    except OpinionPanelError as refusal:
        with pytest.raises(type(refusal)):
            COPIED[measure](many)
        return
    second = COPIED[measure](many)
    pd.testing.assert_frame_equal(first.labels, second.labels)
    close(first.value, second.value)
    np.testing.assert_allclose(first.covariance, second.covariance, rtol=1e-7, atol=1e-11)
    np.testing.assert_array_equal(first.df, second.df)


@few
@given(panel_parts(waves=(2, 2), designs=["clustered"], weights=["none"], people=(20, 40)), seeds)
def test_the_tests_of_copies_are_those_of_weights(parts, seed):
    one, many = copies_of(parts, seed)
    for test in (op.marginal_homogeneity, op.symmetry, op.quasi_symmetry):
        try:
            first, second = (test(panel, "opinion") for panel in (one, many))
        except OpinionPanelError:
            continue
        # Which form is used depends on how many people moved.
        if first.form == second.form:
            np.testing.assert_allclose(first.statistic, second.statistic, rtol=1e-6, atol=1e-9)
            np.testing.assert_allclose([first.df1, first.df2], [second.df1, second.df2], rtol=1e-6)


@few
@given(panels(groups=GROUPS, waves=(2, 3)), bases)
def test_rows_of_the_whole_mix_those_of_crossed_groups(panel, base):
    """By origin shares within the row; columns by destination shares."""
    by = list(GROUPS)
    views = [(op.transitions, flow_totals, "origin")]
    if base != "panel":  # inflows from the panel look back, with another base than the totals
        views.append((inflows, flow_totals, "destination"))
    for measure, totals, side in views:
        whole = framed(measure(panel, "opinion", base=base))
        parts = framed(measure(panel, "opinion", by=by, base=base))
        sizes = framed(totals(panel, "opinion", by=by, base=base))
        keys = [*PAIR, "origin", "destination"]
        size = sizes.groupby([*PAIR, *by, side])["value"].sum().rename("size").reset_index()
        mixed = parts.merge(size, on=[*PAIR, *by, side])
        mixed["part"] = (mixed["value"] * mixed["size"]).fillna(0.0)
        sums = (
            mixed.groupby(keys)[["part", "size"]]
            .sum()
            .reindex(pd.MultiIndex.from_frame(whole[keys]))
        )
        some = (whole["n"] > 0).to_numpy()
        close((sums["part"] / sums["size"]).to_numpy()[some], whole["value"][some])


# ---- tests that must give 0, or the same ------------------------------------------------------


def designed(seed, paths, *, clustered):
    """Give paths of states weights, PSUs and strata; rows of `paths` that belong together share
    their weight, but not their PSU."""
    rng = np.random.default_rng(seed)
    together, waves = paths.shape[1:]
    weight = np.repeat(rng.lognormal(0, 0.5, len(paths)), together)
    frame = pd.DataFrame(paths.reshape(-1, waves), columns=[f"w{w + 1}" for w in range(waves)])
    frame = frame.assign(weight=weight, psu=rng.integers(0, 24, len(frame)))
    frame["stratum"] = frame["psu"] % 2
    design = op.Design(weight="weight", psu="psu", stratum="stratum")
    item = op.Item(
        {f"w{w + 1}": f"w{w + 1}" for w in range(waves)},
        {"abcd"[code]: [code] for code in range(paths.max() + 1)},
    )
    return op.Panel.from_wide(
        frame,
        items={"opinion": item},
        design=design if clustered else op.Design(weight="weight"),
    )


def assert_zero(test):
    assert [test.statistic, test.wald] == pytest.approx([0, 0], abs=1e-8)
    assert test.pvalue == pytest.approx(1)
    assert "that does not show that" in test.note


@few
@given(seeds, st.integers(3, 4), st.booleans())
def test_flows_with_an_equal_flow_back_give_zero_under_any_design(seed, k, clustered):
    there = np.random.default_rng(seed).integers(0, k, (90, 1, 2))
    panel = designed(seed, np.concatenate([there, there[:, :, ::-1]], axis=1), clustered=clustered)
    for test in (op.marginal_homogeneity, op.symmetry, op.quasi_symmetry):
        assert_zero(test(panel, "opinion"))
    assert_zero(op.equal_flows(panel, "opinion", ("a", "b"), ("b", "a")))
    parts = op.turnover(panel, "opinion")
    close(parts.select(component=["net", "shift"]).value, 0.0)


@few
@given(seeds, st.integers(2, 3), st.integers(3, 4), st.booleans())
def test_the_same_flows_in_every_interval_give_zero(seed, k, waves, clustered):
    """Everyone comes with those who took the same path from another wave on, which remember."""
    start = np.random.default_rng(seed).integers(0, k, (80, waves))
    turned = np.stack([np.roll(start, -by, axis=1) for by in range(waves)], axis=1)
    panel = designed(seed, turned, clustered=clustered)
    tables = op.flows(panel, "opinion").value.reshape(waves - 1, -1)
    close(tables, np.tile(tables[0], (waves - 1, 1)))
    test = op.stationarity(panel, "opinion")
    assert_zero(test)
    assert [test.textbook, test.deviance] == pytest.approx([0, 0], abs=1e-8)


@few
@given(panels(waves=(2, 2), states=(2, 2)))
def test_two_states_give_the_statistic_of_mcnemar(panel):
    _, there, back, _ = op.flows(panel, "opinion").n_cell
    tests = (op.marginal_homogeneity, op.symmetry)
    if there + back == 0:
        for test in tests:
            with pytest.raises(DesignError, match="Nobody in the base changed"):
                test(panel, "opinion")
        return
    change = op.net_change(panel, "opinion")
    assume(change.df[0] > 0 and change.std_error[0] > 1e-9)
    for test in tests:
        found = test(panel, "opinion")
        assert found.textbook == pytest.approx((there - back) ** 2 / (there + back))
        assert found.wald == pytest.approx((change.value[0] / change.std_error[0]) ** 2)
        assert found.df1 == pytest.approx(1)


@few
@given(panels(waves=(2, 2), states=(3, 4), people=(40, 80), designs=["people", "stratified"]))
def test_whichever_state_is_left_out(panel):
    change = op.net_change(panel, "opinion")
    # As many degrees of freedom as estimates, or there is no joint test.
    assume((change.std_error > 1e-9).all() and change.df.min() >= len(change))
    tests = [change.test()]
    for omitted in panel.item("opinion").state_names:
        others = [state for state in panel.item("opinion").state_names if state != omitted]
        tests.append(change.select(state=others).test())
    for test in tests[1:]:
        # Where nothing changed, rounding leaves a statistic of 1e-32 or so.
        np.testing.assert_allclose(test.wald, tests[0].wald, rtol=1e-6, atol=1e-12)
        assert (test.df1, test.df2) == (tests[0].df1, tests[0].df2)
    margins = op.marginal_homogeneity(panel, "opinion")
    if margins.form == "Wald":
        np.testing.assert_allclose(margins.wald, tests[0].wald, rtol=1e-6, atol=1e-12)


@few
@given(panel_parts(waves=(2, 3), states=(2, 3), people=(20, 60), designs=LINEAR), st.data())
def test_a_state_that_nobody_leaves_or_enters_is_left_out_and_named(parts, data):
    stayers = data.draw(st.sets(st.integers(1, 60), min_size=3, max_size=15))
    code = len(parts.item.states) + 1
    frames = {
        wave: frame.assign(answer=frame["answer"].mask(frame["person"].isin(stayers), code))
        for wave, frame in parts.frames.items()
    }
    item = replace(parts.item, states=dict(parts.item.states) | {"still": [code]})
    panel = replace(parts, frames=frames, item=item).panel()
    waves = list(panel.asked("opinion")[:2])
    for test, named in ((op.marginal_homogeneity, "'still'"), (op.symmetry, ", still'")):
        try:
            found = test(panel, "opinion", waves=waves)
        except DesignError:  # nobody changed, or nobody who changed is in a base with a variance
            continue
        assert "zero and without variance" in found.note
        assert named in found.note
        moving = len(parts.item.states)
        most = moving - 1 if test is op.marginal_homogeneity else moving * (moving - 1) / 2
        assert found.wald_df <= most
        assert found.textbook_df <= most


# ---- incomplete pairs and models --------------------------------------------------------------


@few
@given(panels(waves=(2, 2), states=(2, 2), people=(4, 9)))
def test_the_bounds_are_the_least_and_the_most_of_all_imputations(panel):
    weight = panel.weight(panel.waves[0]).values
    inside = panel.present[0] & (weight > 0)
    answers, share = panel.answers["opinion"][:, inside].astype(int), weight[inside]
    gaps = np.argwhere(answers < 0)
    assume(inside.any() and len(gaps) <= 10)
    moved = []
    for filling in product(range(2), repeat=len(gaps)):
        filled = answers.copy()
        filled[tuple(gaps.T)] = filling
        moved.append(share @ (filled[0] != filled[1]) / share.sum())
    low, high, answered, _ = op.turnover_bounds(panel, "opinion").value
    close([low, high], [min(moved), max(moved)])
    assert np.isnan(answered) or low - 1e-12 <= answered <= high + 1e-12


@few
@given(panels(waves=(2, 3), people=(30, 60)), st.sampled_from([None, "gender"]))
def test_flows_of_incomplete_pairs_lie_within_the_bounds(panel, by):
    """Expected answers are an imputation too: of the same people, with the earlier weight."""
    try:
        found = op.missing_at_random(panel, "opinion", by=by)
    except OpinionPanelError:
        assume(False)
    keys = [*PAIR, *([by] if by else [])]
    stayed = found.labels["origin"] == found.labels["destination"]
    kept = found.labels[stayed].assign(value=found.value[stayed])
    turnover = 1 - kept.groupby(keys, sort=False)["value"].agg(lambda p: p.sum(skipna=False))
    low, high, *_ = op.turnover_bounds(panel, "opinion", by=by).value.reshape(-1, 4).T
    known = np.isfinite(turnover.to_numpy()) & np.isfinite(low)
    assert (turnover.to_numpy()[known] >= low[known] - 1e-9).all()
    assert (turnover.to_numpy()[known] <= high[known] + 1e-9).all()


def ideology(order):
    """The people of the bundled panel, with its states in another order."""
    panel = op.datasets.load("nes_ideology")
    names = np.array(panel.item("ideology").state_names, dtype=object)
    frame = pd.DataFrame(names[panel.answers["ideology"]].T, columns=["w1", "w2", "w3"])
    frame["sex"] = np.where(np.arange(len(frame)) % 3 == 0, "f", "m")
    item = op.Item(
        {wave: wave for wave in ("w1", "w2", "w3")}, {s: [s] for s in names[list(order)]}
    )
    return op.Panel.from_wide(frame, items={"opinion": item}, groups=["sex"])


@pytest.mark.parametrize("order", [(2, 0, 1), (1, 0, 2)])
def test_fits_do_not_know_the_order_of_three_states(order):
    def by_label(estimates, columns):
        frame = estimates.labels[columns].astype(str)
        return frame.assign(value=estimates.value, error=estimates.std_error).sort_values(columns)

    fits = [op.latent_markov(ideology(o), "opinion", starts=4) for o in ((0, 1, 2), order)]
    assert fits[0].loglik == pytest.approx(fits[1].loglik, abs=1e-6)
    parts = {"initial": ["latent"], "response": ["latent", "state"]}
    for part, columns in (parts | {"transitions": ["from_latent", "to_latent"]}).items():
        first, second = (by_label(getattr(fit, part), columns) for fit in fits)
        assert (first[columns].to_numpy() == second[columns].to_numpy()).all()
        np.testing.assert_allclose(first["value"], second["value"], atol=1e-5)
        np.testing.assert_allclose(first["error"], second["error"], rtol=1e-3, atol=1e-6)
    effects = [
        by_label(
            op.change_model(ideology(o), "sex", item="opinion", waves=["w1", "w2"]).effects,
            ["term", "category", "outcome"],
        )
        for o in ((0, 1, 2), order)
    ]
    close(effects[0]["value"], effects[1]["value"])
    np.testing.assert_allclose(effects[0]["error"], effects[1]["error"], rtol=1e-6)
