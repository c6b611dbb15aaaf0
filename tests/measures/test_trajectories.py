"""Paths, the stable core, first changes and returns: identities, hand counts, R's survey."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st
from places import GOLDEN_FILES

import opinionpanel as op
from opinionpanel.errors import SelectionError, count_people
from opinionpanel.estimates.labels import Labels
from opinionpanel.measures.change_counts import number_of_changes
from opinionpanel.measures.trajectories import first_change, paths, returns, stable_core
from opinionpanel.strategies import panel_parts, panels

GOLDEN = GOLDEN_FILES


def mean_changes(panel, item, **options):
    return number_of_changes(panel, item, mean=True, **options)


MEASURES = [paths, stable_core, first_change, returns, number_of_changes, mean_changes]
few = settings(max_examples=10)
measures = st.sampled_from(MEASURES)
three = panels(waves=(3, 4))


def close(first, second):
    np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-12)


def by_label(estimates):
    """Value, variance, df and n of every row, by its labels."""
    rows = estimates.labels.itertuples(index=False, name=None)
    numbers = zip(
        estimates.value, np.diag(estimates.covariance), estimates.df, estimates.n, strict=True
    )
    return dict(zip(rows, numbers, strict=True))


def assert_same(first, second):
    first, second = by_label(first), by_label(second)
    assert set(first) == set(second)
    for key, row in first.items():
        close(row, second[key])


def all_paths(panel, **arguments):
    """Every path with a row of its own; panels with nobody in the base are passed over."""
    assume(number_of_changes(panel, "opinion").n[0] > 0)
    return paths(panel, "opinion", min_n=1, **arguments)


# ---- identities -------------------------------------------------------------------------------


@few
@given(three, st.sampled_from(["balanced", "panel"]), st.integers(1, 8))
def test_paths_add_up_to_one_and_merge_the_small_ones(panel, base, least):
    whole = all_paths(panel, base=base)
    merged = paths(panel, "opinion", base=base, min_n=least)
    close([whole.value.sum(), merged.value.sum()], 1.0)
    # A base in a single PSU has no standard error where a replicate leaves that PSU out.
    if np.isfinite(merged.covariance).all():
        close(merged.covariance.sum(axis=0), 0.0)
    kept = merged.labels["path"] != "other paths"
    assert (merged.n_cell[kept] >= least).all()
    assert (np.diff(merged.value[kept]) <= 1e-12).all()
    rows = whole.labels["path"].isin(merged.labels["path"]).to_numpy()
    close(whole.value[rows], merged.value[kept])
    assert (whole.n_cell[~rows] < least).all()
    if not kept.all():
        assert not kept.iloc[-1]
        assert (~kept).sum() == 1
        close(merged.value[-1], whole.value[~rows].sum())
        close(merged.covariance[-1, -1], whole.covariance[np.ix_(~rows, ~rows)].sum())
        (note,) = merged.about.notes.values()
        assert f"{(~rows).sum()} path" in note
        assert f", {count_people(int(whole.n_cell[~rows].sum()))} in all (unweighted)." in note


@few
@given(three)
def test_groups_have_the_same_paths_and_are_the_domains_of_that_name(panel):
    found = all_paths(panel, by="gender")
    table = found.labels.assign(value=found.value, n=found.n)
    assert len(found) == 2 * table["path"].nunique()
    for gender in ("man", "woman"):
        part = table[table["gender"] == gender]
        if part["n"].iloc[0] == 0:
            assert part["value"].isna().all()
            continue
        close(part["value"].sum(), 1.0)
        domain = all_paths(panel.where(gender=gender))
        here = found.select(gender=gender)
        place = {path: row for row, path in enumerate(here.labels["path"])}
        rows = [place[path] for path in domain.labels["path"]]
        close(here.value[rows], domain.value)
        close(here.covariance[np.ix_(rows, rows)], domain.covariance)
        assert np.delete(here.value, rows).sum() == 0


@few
@given(three)
def test_the_stable_core_is_the_paths_without_a_change(panel):
    core, found = stable_core(panel, "opinion"), all_paths(panel)
    assert core.labels["state"].tolist() == ["all", *panel.items["opinion"].state_names]
    close(core.value[0], core.value[1:].sum())
    close(core.covariance[0, 0], core.covariance[1:, 1:].sum())
    values = dict(zip(found.labels["path"], found.value, strict=True))
    for state, value in zip(core.labels["state"][1:], core.value[1:], strict=True):
        close(value, values.get(" → ".join([state] * len(panel.asked("opinion"))), 0.0))
    assert (core.n == found.n[0]).all()
    close(core.df, found.df[0])


@few
@given(three)
def test_first_changes_add_up_and_never_is_the_stable_core(panel):
    first, core = (f(panel, "opinion", by="gender") for f in (first_change, stable_core))
    assert first.labels["wave"].unique().tolist() == [*panel.asked("opinion")[1:], "never"]
    sums = first.value.reshape(2, -1).sum(axis=1)
    close(sums[np.isfinite(sums)], 1.0)
    never, stable = first.select(wave="never"), core.select(state="all")
    close(never.value, stable.value)
    close(never.covariance, stable.covariance)


@few
@given(three)
def test_first_changes_at_the_second_wave_are_its_turnover(panel):
    moved = op.turnover(panel, "opinion", base="balanced").select(component="total")
    first = first_change(panel, "opinion")
    close(first.value[0], moved.value[0])
    close(first.covariance[0, 0], moved.covariance[0, 0])


@few
@given(three)
def test_returns_are_sums_over_paths(panel):
    found, back = all_paths(panel), returns(panel, "opinion")
    share = {"all": [0.0, 0.0]} | {state: [0.0, 0.0] for state in panel.items["opinion"].states}
    people = dict.fromkeys(share, 0)
    for path, value, n in zip(found.labels["path"], found.value, found.n_cell, strict=True):
        start, *rest = path.split(" → ")
        away = [step != start for step in rest]
        if any(away[:-1]):
            came_back = start in rest[away.index(True) :]
            for key in ("all", start):
                share[key][0] += value
                share[key][1] += value * came_back
                people[key] += n
    assert back.labels["origin"].tolist() == list(share)
    assert back.n.tolist() == list(people.values())
    for row, (left, came_back) in enumerate(share.values()):
        if left:
            close(back.value[row], came_back / left)
        else:
            assert np.isnan(back.value[row])


@few
@given(panel_parts(waves=(3, 3)), measures, st.data())
def test_renamed_and_reordered_states_permute(parts, measure, data):
    names = list(parts.item.states)
    order = data.draw(st.permutations(names))
    states = {name.upper(): parts.item.states[name] for name in order}
    renamed = replace(parts, item=replace(parts.item, states=states))
    assume(number_of_changes(parts.panel(), "opinion").n[0] > 0)
    before, after = (measure(panel, "opinion") for panel in (parts.panel(), renamed.panel()))
    labels = after.labels.copy()
    for column in set(labels) & {"path", "state", "origin"}:
        kept = labels[column].isin(["all", "other paths"])
        labels[column] = labels[column].where(kept, labels[column].str.lower())
    assert_same(before, replace(after, named=Labels.of(labels)))


@few
@given(panel_parts(waves=(3, 3), designs=["clustered"], weights=["constant"]), measures)
def test_whole_weights_are_copies_of_people_within_their_psu(parts, measure):
    frames = {}
    for wave, frame in parts.frames.items():
        times = frame["weight"].fillna(0).round().clip(upper=3)
        frames[wave] = frame.assign(weight=times)
    copied = {}
    for wave, frame in frames.items():
        rows = frame.loc[frame.index.repeat(frame["weight"].astype(int))]
        number = rows.groupby("person").cumcount()
        copied[wave] = rows.assign(person=rows["person"] * 10 + number, weight=1.0)
    units = pd.concat(list(copied.values())).drop_duplicates(["stratum", "psu"])
    # Weights of 0 may leave a stratum with a single PSU, or a wave or the base with nobody.
    assume(not units.duplicated("stratum", keep=False).eq(False).any())
    assume(all(len(frame) > 0 for frame in copied.values()))
    after, before = (replace(parts, frames=given).panel() for given in (copied, frames))
    assume(number_of_changes(before, "opinion").n[0] > 0)
    after, before = (measure(panel, "opinion", **least(measure)) for panel in (after, before))
    close(after.value, before.value)
    close(after.covariance, before.covariance)
    assert after.labels.equals(before.labels)


def least(measure):
    return {"min_n": 1} if measure is paths else {}


@few
@given(panel_parts(waves=(3, 3), designs=["people"]), panel_parts(waves=(3, 3), designs=["people"]))
def test_concatenated_panels_add_up_their_people(one, other):
    item = max(one.item, other.item, key=lambda item: len(item.states))
    frames = {}
    for wave, frame in one.frames.items():
        second = other.frames[wave].assign(person=other.frames[wave]["person"] + 1000)
        frames[wave] = pd.concat([frame, second], ignore_index=True)
    counts = []
    for part in (one, other, replace(one, frames=frames)):
        found = all_paths(replace(part, design=None, item=item).panel())
        counts.append(Counter(dict(zip(found.labels["path"], found.n_cell, strict=True))))
    assert counts[0] + counts[1] == counts[2]


@few
@given(three, measures)
def test_every_measure_compares_groups_and_can_be_shown(panel, measure):
    assume(number_of_changes(panel, "opinion").n[0] > 0)
    gap = measure(panel, "opinion", by="gender", reference="rest")
    plain = measure(panel, "opinion", by="gender")
    man, woman = (plain.select(gender=gender).value for gender in ("man", "woman"))
    close(gap.select(gender="man").value, man - woman)
    close(gap.select(gender="woman").value, woman - man)
    known = np.isfinite(plain.value) & np.isfinite(plain.std_error)
    assert np.linalg.eigvalsh(plain.covariance[np.ix_(known, known)]).min(initial=0) > -1e-9
    for estimates in (gap, plain):
        assert str(estimates)
        estimates.to_frame(min_n=3, reliable=True)


# ---- counts by hand ---------------------------------------------------------------------------


def test_ideology_by_hand():
    panel = op.datasets.load("nes_ideology")
    found = paths(panel, "ideology")
    frame = found.to_frame()
    # Of the 27 counts of the published table these are below ten:
    small = [9, 9, 7, 1, 6, 2, 5, 3, 3, 6, 1, 3, 1, 0, 4, 9, 9, 4]
    other = frame.iloc[-1]
    assert other["path"] == "other paths"
    assert other["n_cell"] == sum(small)
    assert frame["n_cell"].sum() == 408
    assert f"{sum(n > 0 for n in small)} paths that fewer than 10 people took, {sum(small)}" in str(
        found
    ).replace("\n", " ")
    first = frame.iloc[0]
    assert first["path"] == "conservative → conservative → conservative"
    share = 141 / 408
    close(first["estimate"], share)
    close(first["std_error"], np.sqrt(share * (1 - share) / 407))


def test_labour_by_hand():
    panel = op.datasets.load("women_labour_1967_71")
    core = stable_core(panel, "working")
    assert core.n_cell.tolist() == [985, 559, 426]
    close(core.value, np.array([985, 559, 426]) / 1583)
    # First changes, from the 32 counts in order of their years.
    counts = [559, 35, 24, 36, 28, 6, 16, 54, 24, 5, 3, 9, 17, 7, 11, 73]
    counts += [43, 5, 3, 8, 9, 0, 7, 21, 28, 12, 2, 11, 47, 16, 38, 426]
    wanted = dict.fromkeys([*panel.waves[1:], "never"], 0)
    left, back = [0, 0], [0, 0]
    for number, count in enumerate(counts):
        years = [int(digit) for digit in f"{number:05b}"]
        when = next((i for i in range(1, 5) if years[i] != years[0]), None)
        wanted["never" if when is None else panel.waves[when]] += count
        if when is not None and when < 4:
            left[years[0]] += count
            back[years[0]] += count * (years[0] in years[when:])
    assert dict(zip(wanted, first_change(panel, "working").n_cell, strict=True)) == wanted
    returned = returns(panel, "working")
    assert returned.n.tolist() == [sum(left), *left]
    assert returned.n_cell.tolist() == [sum(back), *back]


def test_drop_out_is_a_step_of_a_path(july, november, support, build):
    panel = build()
    found = paths(panel, "support", base="panel", min_n=1)
    values = dict(zip(found.labels["path"], found.n_cell, strict=True))
    assert values["approve → not interviewed"] == 1
    assert values["no answer → not interviewed"] == 1
    assert found.n[0] == 8
    assert "everyone interviewed at Jul" in str(found)


# ---- R's survey -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def golden():
    return pd.read_csv(GOLDEN / "paths_golden.csv", dtype={"label": str})


def golden_panel(design, kind):
    frame = pd.read_csv(GOLDEN / "paths_panel.csv")
    item = op.Item({wave: wave for wave in ("w1", "w2", "w3")}, {s: [s] for s in "abc"})
    panel = op.Panel.from_wide(frame, items={"opinion": item}, groups=["sex"], design=design)
    if kind == "post-stratified":
        panel = op.poststratify(panel, {"sex": {"f": 260, "m": 240}}, waves=["w3"])
    return panel


@pytest.mark.parametrize("kind", ["linear", "jkn", "post-stratified"])
def test_against_r(golden, kind):
    declared = {"weight": "weight", "stratum": "stratum", "psu": "psu"}
    design = op.Design(**declared, fpc="population")
    if kind == "jkn":
        design = op.Design(**declared).as_replicates("jkn")
    panel = golden_panel(design, kind)
    theirs = golden[golden["design"] == kind].set_index(["measure", "label"])
    compared = 0
    for by in [None, "sex"] if kind == "linear" else [None]:
        for measure in MEASURES:
            found = measure(panel, "opinion", by=by, **least(measure))
            frame = found.to_frame().assign(df=found.df)
            for row in frame.to_dict("records"):
                last = next(name for name in found.labels if name != "sex")
                label = (f"sex={row['sex']};" if by else "") + str(row[last]).replace("→", ">")
                key = (measure.__name__, label)
                if key not in theirs.index:
                    # R's script has only paths that somebody of the group took.
                    assert measure is paths
                    assert row["n_cell"] == 0
                    continue
                wanted = theirs.loc[key]
                np.testing.assert_allclose(
                    [row["estimate"], row["std_error"]],
                    [wanted["estimate"], wanted["std_error"]],
                    rtol=1e-8,
                    atol=1e-12,
                )
                assert (row["df"], row["n"]) == (wanted["df"], wanted["n"])
                compared += 1
    assert compared == len(theirs)


# ---- what is refused, and what a caption says --------------------------------------------------


@pytest.mark.parametrize("measure", [f for f in MEASURES if f is not paths])
@pytest.mark.parametrize("base", ["answered", "panel", "everyone"])
def test_changes_need_everyone_at_every_wave(measure, base):
    panel = op.datasets.load("nes_ideology")
    with pytest.raises(SelectionError, match="may or may not have changed"):
        measure(panel, "ideology", base=base)


def test_paths_refuse_other_bases_and_numbers():
    panel = op.datasets.load("nes_ideology")
    with pytest.raises(SelectionError, match="one base for all its waves"):
        paths(panel, "ideology", base="answered")
    with pytest.raises(SelectionError, match="base must be"):
        paths(panel, "ideology", base="everyone")
    for wrong in (0, 2.5, "10"):
        with pytest.raises(SelectionError, match="min_n must be a whole number"):
            paths(panel, "ideology", min_n=wrong)
    with pytest.raises(SelectionError, match="at least 2 different wave"):
        paths(panel, "ideology", waves=["wave 1"])
    with pytest.raises(SelectionError, match="at least 3 different wave"):
        returns(panel, "ideology", waves=["wave 1", "wave 2"])


def wide(states, waves=("w1", "w2", "w3")):
    """Two people in every state, one of whom ends in the first; the waves named as given."""
    frame = pd.DataFrame({wave: [*states, *states] for wave in waves})
    frame.loc[1, waves[-1]] = states[0]
    item = op.Item({wave: wave for wave in waves}, {state: [state] for state in states})
    return op.Panel.from_wide(frame, items={"opinion": item})


def test_names_that_would_mean_two_things_are_refused():
    for measure in (stable_core, returns):
        with pytest.raises(SelectionError, match="A state is named 'all'"):
            measure(wide(["all", "none"]), "opinion")
    with pytest.raises(SelectionError, match="A wave is named 'never'"):
        first_change(wide(["yes", "no"], ("w1", "never", "w3")), "opinion")
    with pytest.raises(SelectionError, match="could be read in two ways"):
        paths(wide(["yes", "yes → no"]), "opinion")


def test_an_empty_base():
    waves = ["w1", "w2", "w3"]
    frame = pd.DataFrame({"w1": ["yes", "no"] * 2, "w2": ["yes", None] * 2, "w3": [None, "no"] * 2})
    item = op.Item({wave: wave for wave in waves}, {"yes": ["yes"], "no": ["no"]})
    panel = op.Panel.from_wide(frame, items={"opinion": item})
    with pytest.raises(SelectionError, match="Nobody is in the base: people with an answer at all"):
        paths(panel, "opinion")
    for measure in (stable_core, first_change, returns, number_of_changes, mean_changes):
        found = measure(panel, "opinion")
        assert np.isnan(found.value).all()
        assert (found.n == 0).all()


def test_a_selected_wave_keeps_its_weight_in_the_caption():
    panel = op.datasets.load("attitudes_2024").panel
    first = first_change(panel, "support").select(wave="Mar 2025")
    assert first.about.weight == panel.weight("Jul 2024", "Jul 2025").text


def test_many_waves_and_states_are_quick():
    rng = np.random.default_rng(5)
    waves = [f"w{wave}" for wave in range(7)]
    frame = pd.DataFrame(rng.integers(5, size=(20_000, 7)), columns=waves)
    item = op.Item({wave: wave for wave in waves}, {f"state {k}": [k] for k in range(5)})
    panel = op.Panel.from_wide(frame, items={"opinion": item})
    # 5^7 paths are possible and some 18,000 taken, nearly all by one person.
    found = paths(panel, "opinion", min_n=4)
    assert len(found) < 200
    close(found.value.sum(), 1.0)
