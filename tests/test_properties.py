"""Identities that hold for every panel, whatever the data.

Figures are compared by value, covariance, df and n: a standard error near zero is the root of a
rounding error, its variance is not.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, strategies as st

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError
from opinionpanel.estimates.labels import Labels
from opinionpanel.estimates.values import ROUNDING
from opinionpanel.strategies import panel_parts, panels

MEASURES = [op.shares, op.flows, op.transitions, op.net_change, op.turnover]
PAIR = ["from_wave", "to_wave"]
bases = st.sampled_from(["answered", "balanced", "panel"])
measures = st.sampled_from(MEASURES)
# A group for good, and one that counts with its value at the wave or the earlier of two.
groupings = st.sampled_from(["gender", "job"])


def assert_same(first, second, *, n=True):
    """Same labels, values, covariance, df and, unless told otherwise, bases."""
    pd.testing.assert_frame_equal(first.labels, second.labels)
    close(first.value, second.value)
    close(first.covariance, second.covariance)
    np.testing.assert_array_equal(first.df, second.df)
    if n:
        np.testing.assert_array_equal(first.n, second.n)


def close(first, second, **tolerance):
    np.testing.assert_allclose(first, second, **({"rtol": 1e-9, "atol": 1e-12} | tolerance))


def sums_by(estimates, columns):
    """The sums of the values, one for each combination of labels; NaN stays NaN."""
    frame = estimates.labels.assign(value=estimates.value)
    return frame.groupby(columns, sort=False)["value"].agg(lambda part: part.sum(skipna=False))


def summed(estimates, keys):
    """Add up the rows with the same keys, with their covariance."""
    groups = estimates.labels.groupby(keys, sort=False).ngroup().to_numpy()
    labels = estimates.labels[keys].drop_duplicates().reset_index(drop=True)
    return estimates.contrast((groups == np.arange(len(labels))[:, None]).astype(float), labels)


def one_pair(panel):
    return list(panel.asked("opinion")[:2])


# ---- what the figures add up to ---------------------------------------------------------------


@given(panels(), bases)
def test_transition_rows_add_up_to_one_or_are_empty(panel, base):
    moves = op.transitions(panel, "opinion", base=base)
    total = sums_by(moves, [*PAIR, "origin"])
    n = moves.labels.assign(n=moves.n).groupby([*PAIR, "origin"], sort=False)["n"].first()
    close(total[n > 0], 1.0)
    assert total[n == 0].isna().all()
    assert np.isnan(np.diag(moves.covariance)[moves.n == 0]).all()


@given(panels(), bases, groupings)
def test_flows_and_shares_add_up_to_one_or_are_empty(panel, base, by):
    for estimates, keys in (
        (op.flows(panel, "opinion", base=base, by=by), [*PAIR, by]),
        (op.shares(panel, "opinion", base=base, by=by), ["wave", by]),
    ):
        n = estimates.labels.assign(n=estimates.n).groupby(keys, sort=False)["n"].first()
        total = sums_by(estimates, keys)
        close(total[n > 0], 1.0)
        assert total[n == 0].isna().all()


@given(panels(), bases)
def test_net_change_adds_up_to_zero(panel, base):
    change = op.net_change(panel, "opinion", base=base)
    close(sums_by(change, PAIR).dropna(), 0.0)


@given(panels(waves=(2, 3)), st.sampled_from(["balanced", "panel"]))
def test_flow_margins_are_the_shares_of_the_same_base(panel, base):
    flows, shares = (f(panel, "opinion", base=base) for f in (op.flows, op.shares))
    for first, second in pairwise(panel.asked("opinion")):
        pair = flows.select(from_wave=first, to_wave=second)
        for side, wave in (("origin", first), ("destination", second)):
            margin, share = summed(pair, [side]), shares.select(wave=wave)
            close(margin.value, share.value)
            close(margin.covariance, share.covariance)
            np.testing.assert_array_equal(margin.df, share.df)
            np.testing.assert_array_equal(margin.n, share.n)


@given(panels(), bases)
def test_net_change_is_destination_margin_minus_origin_margin(panel, base):
    flows, change = (f(panel, "opinion", base=base) for f in (op.flows, op.net_change))
    arrived, started = (sums_by(flows, [*PAIR, side]) for side in ("destination", "origin"))
    close(change.value, arrived.to_numpy() - started.to_numpy())


@given(panels(), bases, groupings)
def test_turnover_is_one_minus_the_trace_and_the_sum_of_its_parts(panel, base, by):
    parts = op.turnover(panel, "opinion", base=base, by=by)
    flows = op.flows(panel, "opinion", base=base, by=by)
    table = parts.value.reshape(-1, 4)
    stayed = flows.labels["origin"] == flows.labels["destination"]
    kept = flows.labels[stayed].assign(value=flows.value[stayed])
    trace = kept.groupby([*PAIR, by], sort=False)["value"].agg(lambda p: p.sum(skipna=False))
    close(table[:, 0], 1 - trace.to_numpy())
    close(table[:, 0], table[:, 1:].sum(axis=1))
    assert (table[np.isfinite(table)] >= -1e-12).all()
    assert parts.labels["component"].tolist()[:4] == ["total", "net", "exchange", "shift"]


@given(panels(movers=False), st.sampled_from(["answered", "balanced"]))
def test_nobody_moved_is_exactly_zero_turnover(panel, base):
    parts = op.turnover(panel, "opinion", base=base)
    known = np.isfinite(parts.value)
    assert (parts.value[known] == 0).all()
    # A base in a single PSU has no standard error where a replicate leaves that PSU out.
    known &= (parts.df > 0) | np.isfinite(parts.std_error)
    assert (parts.std_error[known] == 0).all()


@given(panel_parts(), groupings)
def test_groups_weighted_by_their_share_make_the_whole(parts, by):
    panel = parts.panel()
    first, second = one_pair(panel)
    group = panel.group(by)
    weight = panel.weight(first, second).values
    places = [panel.position(wave) for wave in (first, second)]
    answered = (panel.answers["opinion"][places] >= 0).all(axis=0)
    codes = np.where(answered, group.at(panel.position(first)), 0)
    totals = np.bincount(codes, weight * answered, len(group.categories))
    assume(totals.sum() > 0)
    by_group = op.flows(panel, "opinion", waves=[first, second], by=by)
    values = np.nan_to_num(by_group.value.reshape(len(totals), -1))
    whole = op.flows(panel, "opinion", waves=[first, second])
    close(totals / totals.sum() @ values, whole.value)
    assert by_group.n.reshape(len(totals), -1)[:, 0].sum() == whole.n[0]


@given(panels(), measures)
def test_a_group_is_the_domain_of_that_name(panel, measure):
    for gender in panel.groups["gender"].categories:
        by_group = measure(panel, "opinion", by="gender").select(gender=gender)
        domain = measure(panel.where(gender=gender), "opinion")
        close(by_group.value, domain.value)
        close(by_group.covariance, domain.covariance)
        np.testing.assert_array_equal(by_group.df, domain.df)
        np.testing.assert_array_equal(by_group.n, domain.n)


@given(panel_parts(designs=["people", "stratified", "clustered"]), measures)
def test_a_domain_has_the_values_of_its_people_alone(parts, measure):
    """Not their errors: the sample is the same, whoever of it is asked about."""
    domain = measure(parts.panel().where(gender="man"), "opinion")
    frames = {wave: frame[frame["gender"] == "man"] for wave, frame in parts.frames.items()}
    men = replace(parts, frames=frames, design=op.Design(weight=parts.design.weight))
    try:
        alone = measure(men.panel(), "opinion")
    except OpinionPanelError:  # nobody is left at a wave, or with a weight
        assume(False)
    close(domain.value, alone.value)
    np.testing.assert_array_equal(domain.n, alone.n)


# ---- what must not matter ---------------------------------------------------------------------


@given(panel_parts(weights=["constant", "varying", "longitudinal"]), measures, bases, st.data())
def test_the_scale_of_the_weights_does_not_matter(parts, measure, base, data):
    factor = data.draw(st.sampled_from([1e-7, 1e7]) | st.floats(1e-3, 1e6))
    frames = {
        wave: frame.assign(**{c: frame[c] * factor for c in frame if c.startswith("weight")})
        for wave, frame in parts.frames.items()
    }
    scaled = replace(parts, frames=frames).panel()
    assert_same(measure(parts.panel(), "opinion", base=base), measure(scaled, "opinion", base=base))


@given(panel_parts(), measures, bases, st.integers(0, 2**32 - 1))
def test_the_order_of_people_does_not_matter(parts, measure, base, seed):
    rng = np.random.default_rng(seed)
    frames = {wave: frame.iloc[rng.permutation(len(frame))] for wave, frame in parts.frames.items()}
    shuffled = replace(parts, frames=frames).panel()
    assert_same(
        measure(parts.panel(), "opinion", base=base), measure(shuffled, "opinion", base=base)
    )


@given(
    panel_parts(designs=["clustered"], weights=["constant", "varying", "longitudinal"]),
    measures,
    bases,
    st.floats(0.05, 0.95),
)
def test_one_person_split_in_two_within_the_psu(parts, measure, base, share):
    frames = {}
    for wave, frame in parts.frames.items():
        columns = [name for name in frame if name.startswith("weight")]
        first = frame["person"] == 1
        twin = frame[first].assign(person=10**6)
        kept = frame.copy()
        kept.loc[first, columns] *= share
        twin[columns] *= 1 - share
        frames[wave] = pd.concat([kept, twin], ignore_index=True)
    before = measure(parts.panel(), "opinion", base=base)
    after = measure(replace(parts, frames=frames).panel(), "opinion", base=base)
    assert_same(before, after, n=False)
    assert (after.n >= before.n).all()
    assert (after.n - before.n <= 1).all()


@given(panel_parts(weights=["constant", "varying", "longitudinal"]), measures, bases)
def test_people_never_sampled_change_nothing(parts, measure, base):
    # They stand in a stratum and a PSU of their own, which would otherwise be a single-PSU one.
    frames = {}
    for wave, frame in parts.frames.items():
        ghosts = frame.iloc[:2].assign(person=[10**6, 10**6 + 1], answer=[np.nan, 1.0])
        for column in set(frame) & {"stratum", "psu"}:
            ghosts[column] = 999
        for column in [name for name in frame if name.startswith("weight")]:
            ghosts[column] = [0.0, np.nan]
        frames[wave] = pd.concat([frame, ghosts], ignore_index=True)
    with_ghosts = replace(parts, frames=frames).panel()
    assert_same(
        measure(parts.panel(), "opinion", base=base), measure(with_ghosts, "opinion", base=base)
    )


@given(panel_parts(), measures, bases)
def test_nothing_given_is_ever_changed(parts, measure, base):
    before = {wave: frame.copy(deep=True) for wave, frame in parts.frames.items()}
    panel = parts.panel()
    answers, present = panel.answers["opinion"].copy(), panel.present.copy()
    weights = {key: weight.copy() for key, weight in panel.weights.items()}
    estimates = measure(panel, "opinion", base=base, by="gender")
    value, covariance = estimates.value.copy(), estimates.covariance.copy()
    labels = estimates.labels.copy(deep=True)
    estimates.to_frame(min_n=3)
    str(panel), str(estimates), estimates._repr_html_()
    estimates.difference("gender", "man", minus="man")
    for wave, frame in parts.frames.items():
        pd.testing.assert_frame_equal(frame, before[wave])
    np.testing.assert_array_equal(panel.answers["opinion"], answers)
    np.testing.assert_array_equal(panel.present, present)
    for key, weight in weights.items():
        np.testing.assert_array_equal(panel.weights[key], weight)
    np.testing.assert_array_equal(estimates.value, value)
    np.testing.assert_array_equal(estimates.covariance, covariance)
    pd.testing.assert_frame_equal(estimates.labels, labels)


# ---- what changes in a known way --------------------------------------------------------------


@given(panel_parts(), measures, bases, st.data())
def test_relabelled_states_permute_everything(parts, measure, base, data):
    names = list(parts.item.states)
    order = data.draw(st.permutations(names))
    states = {f"new {name}": parts.item.states[name] for name in order}
    renamed = replace(parts, item=replace(parts.item, states=states)).panel()
    before = measure(parts.panel(), "opinion", base=base)
    after = measure(renamed, "opinion", base=base)
    labels = before.labels.replace({name: f"new {name}" for name in names})
    place = {tuple(row): i for i, row in enumerate(after.labels.itertuples(index=False))}
    rows = [place[tuple(row)] for row in labels.itertuples(index=False)]
    assert sorted(rows) == list(range(len(before)))
    close(after.value[rows], before.value)
    np.testing.assert_array_equal(after.df[rows], before.df)
    np.testing.assert_array_equal(after.n[rows], before.n)
    if measure is not op.turnover:  # ties in the minima may be broken the other way
        close(after.covariance[np.ix_(rows, rows)], before.covariance)


@given(panels())
def test_reversed_waves_transpose_the_flows_and_flip_the_net_change(panel):
    first, second = one_pair(panel)
    forward = op.flows(panel, "opinion", waves=(first, second))
    backward = op.flows(panel, "opinion", waves=(second, first))
    states = len(panel.items["opinion"].state_names)
    rows = np.arange(states**2).reshape(states, states).T.ravel()
    close(backward.value[rows], forward.value)
    close(backward.covariance[np.ix_(rows, rows)], forward.covariance)
    np.testing.assert_array_equal(backward.df, forward.df)
    np.testing.assert_array_equal(backward.n, forward.n)
    forth = op.net_change(panel, "opinion", waves=(first, second))
    back = op.net_change(panel, "opinion", waves=(second, first))
    close(back.value, -forth.value)
    close(back.covariance, forth.covariance)
    close(
        op.turnover(panel, "opinion", waves=(second, first)).value,
        op.turnover(panel, "opinion", waves=(first, second)).value,
    )


@given(panel_parts(states=(3, 4)), bases)
def test_merging_two_states_commutes_with_tabulation(parts, base):
    codes = parts.item.states
    merged = {name: codes[name] for name in list(codes)[2:]} | {
        "a or b": [*codes["a"], *codes["b"]]
    }
    coarse = replace(parts, item=replace(parts.item, states=merged)).panel()
    fine = parts.panel()
    together = {"a": "a or b", "b": "a or b"}
    flows = op.flows(fine, "opinion", base=base)
    labels = flows.labels.replace({"origin": together, "destination": together})
    added = summed(replace(flows, named=Labels.of(labels)), list(labels))
    direct = op.flows(coarse, "opinion", base=base)
    place = {tuple(row): i for i, row in enumerate(direct.labels.itertuples(index=False))}
    rows = [place[tuple(row)] for row in added.labels.itertuples(index=False)]
    close(direct.value[rows], added.value)
    close(direct.covariance[np.ix_(rows, rows)], added.covariance)
    before = op.turnover(fine, "opinion", base=base).value.reshape(-1, 4)
    after = op.turnover(coarse, "opinion", base=base).value.reshape(-1, 4)
    known = np.isfinite(before[:, 0])
    assert (after[known, :2] <= before[known, :2] + 1e-12).all()


@given(panel_parts(), measures, bases)
def test_the_names_of_people_do_not_matter(parts, measure, base):
    """Ids turned round: people stand in another order in every array."""
    frames = {
        wave: frame.assign(person=10_000 - frame["person"]) for wave, frame in parts.frames.items()
    }
    renamed = replace(parts, frames=frames).panel()
    first, second = (measure(panel, "opinion", base=base) for panel in (parts.panel(), renamed))
    assert_same(first, second)


@given(panel_parts(weights=["varying", "longitudinal"], waves=(3, 4)), measures)
def test_the_balanced_base_knows_no_weight_but_that_of_its_ends(parts, measure):
    """Whatever the weights of the waves between, and of the pairs that are not the ends."""
    panel = parts.panel()
    first, *between, last = panel.asked("opinion")
    ends = f"weight_{first}_{last}"
    used = {first: set(), last: {ends if ends in parts.frames[last] else "weight"}}
    frames = {}
    for wave, frame in parts.frames.items():
        spared = {f"{kept}_rep_{r}" for kept in used.get(wave, ()) for r in range(1, 9)}
        other = [
            column
            for column in frame
            if column.startswith("weight") and column not in used.get(wave, set()) | spared
        ]
        # Replicates stay in their proportion: otherwise they would be none of the weight.
        factor = 1.0 + (frame["person"] % 3)
        frames[wave] = frame.assign(**{column: frame[column] * factor for column in other})
    changed = replace(parts, frames=frames).panel()
    before, after = (
        measure(p, "opinion", waves=[first, *between, last], base="balanced")
        for p in (panel, changed)
    )
    assert_same(before, after)


# ---- uncertainty ------------------------------------------------------------------------------


@given(panels(), measures, bases, groupings)
def test_covariance_is_symmetric_and_positive_semidefinite(panel, measure, base, by):
    estimates = measure(panel, "opinion", base=base, by=by)
    known = np.isfinite(estimates.value)
    # A base in a single PSU has no standard error where a replicate leaves that PSU out.
    known &= (estimates.df > 0) | np.isfinite(estimates.std_error)
    if measure is op.turnover:
        # Net has no derivative at an exact tie.
        tied = (estimates.labels["component"] == "net") & (estimates.value < 1e-12)
        known &= ~tied.to_numpy() | np.isfinite(estimates.std_error)
    covariance = estimates.covariance[np.ix_(known, known)]
    assert np.isfinite(covariance).all()
    np.testing.assert_array_equal(covariance, covariance.T)
    # A group within one PSU has no variance but that of rounding: shares are of order 1.
    scale = max(np.abs(covariance).max(initial=0.0), 1e-4)
    assert np.linalg.eigvalsh(covariance).min(initial=0.0) >= -1e-8 * scale


@given(panels(), measures)
def test_a_difference_with_itself_is_zero_without_error(panel, measure):
    estimates = measure(panel, "opinion", by="gender")
    nothing = estimates.difference("gender", "woman", minus="woman")
    assert (nothing.value == 0).all()
    assert (nothing.std_error == 0).all()


@given(panels(), measures)
def test_a_difference_turned_round_changes_its_sign_only(panel, measure):
    estimates = measure(panel, "opinion", by="gender")
    one = estimates.difference("gender", "man", minus="woman")
    other = estimates.difference("gender", "woman", minus="man")
    close(one.value, -other.value)
    close(one.covariance, other.covariance)
    np.testing.assert_array_equal(one.df, other.df)
    np.testing.assert_array_equal(one.n, other.n)


@given(panels(designs=["people"], weights=["none"], waves=(2, 2)))
def test_net_change_under_simple_random_sampling_has_the_closed_form(panel):
    # Cov(d) = [diag(r + c) - pi - pi' - d d'] / n, with n - 1 for the design-based variance.
    change = op.net_change(panel, "opinion")
    flows = op.flows(panel, "opinion").matrix().to_numpy()
    n = change.n[0]
    sampled = panel.present.any(axis=0).sum()
    assume(n > 0)
    d = flows.sum(axis=0) - flows.sum(axis=1)
    expected = np.diag(flows.sum(axis=0) + flows.sum(axis=1)) - flows - flows.T - np.outer(d, d)
    # The base is a domain of the panel: everyone in the panel counts in n_h.
    close(change.covariance, expected / n * sampled / (sampled - 1))


@pytest.mark.parametrize("interval", ["logit", "beta", "wilson", "wald"])
@given(panel=panels(), measure=measures, base=bases, level=st.floats(0.5, 0.98))
def test_intervals(interval, panel, measure, base, level):
    estimates = measure(panel, "opinion", base=base)
    frame = estimates.to_frame(level=level, interval=interval)
    wider = estimates.to_frame(level=level + 0.015, interval=interval)
    known = (np.isfinite(estimates.value) & (estimates.df > 0)).astype(bool)
    # Net turnover at an exact tie has no derivative, and says so.
    ties = known & np.isnan(estimates.std_error)
    assert (np.abs(estimates.value[ties]) < 1e-12).all()
    assert (estimates.labels.loc[ties].get("component", pd.Series()) == "net").all()
    known &= ~ties
    # Changes and parts of turnover that happen not to vary are not known for certain.
    wald = False if estimates.wald is None else estimates.wald
    plain = np.logical_and(estimates.unit == "share", np.logical_not(wald))
    known &= plain | (estimates.std_error > ROUNDING)
    assert frame.loc[~known, ["conf_low", "conf_high"]].isna().all(axis=None)
    frame, wider = frame[known], wider[known]
    assert frame[["conf_low", "conf_high"]].notna().all(axis=None)
    assert (frame["conf_low"] <= frame["estimate"] + 1e-12).all()
    assert (frame["conf_high"] >= frame["estimate"] - 1e-12).all()
    assert (wider["conf_low"] <= frame["conf_low"] + 1e-12).all()
    assert (wider["conf_high"] >= frame["conf_high"] - 1e-12).all()
    if estimates.unit == "share" and interval != "wald":
        assert (frame["conf_low"] >= -1e-12).all()
        assert (frame["conf_high"] <= 1 + 1e-12).all()
