"""Number of changes, their mean, and the typology: identities, hand counts, other measures."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from places import PUBLISHED_FIGURES

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures.change_counts import number_of_changes, typology
from opinionpanel.measures.trajectories import paths, stable_core
from opinionpanel.strategies import panels

PUBLISHED = PUBLISHED_FIGURES
few = settings(max_examples=10)
three = panels(waves=(3, 4))


def close(first, second):
    np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-12)


def alike(changes):
    """Whether everyone of a base has the same number of changes."""
    return changes.value.max() > 1 - 1e-12


# ---- number of changes ------------------------------------------------------------------------


@few
@given(three)
def test_changes_add_up_and_none_is_the_stable_core(panel):
    changes = number_of_changes(panel, "opinion", by="gender")
    assert changes.labels["changes"].tolist() == 2 * list(range(len(panel.asked("opinion"))))
    sums = changes.value.reshape(2, -1).sum(axis=1)
    close(sums[np.isfinite(sums)], 1.0)
    none, core = changes.select(changes=0), stable_core(panel, "opinion", by="gender")
    close(none.value, core.select(state="all").value)
    close(none.covariance, core.select(state="all").covariance)


@few
@given(three)
def test_changes_are_sums_over_paths(panel):
    changes = number_of_changes(panel, "opinion")
    assume(changes.n[0] > 0)
    found = paths(panel, "opinion", min_n=1)
    steps = [path.split(" → ") for path in found.labels["path"]]
    number = np.array([sum(a != b for a, b in pairwise(path)) for path in steps])
    sums = (number == np.arange(len(changes))[:, None]).astype(float)
    close(changes.value, sums @ found.value)
    close(changes.covariance, sums @ found.covariance @ sums.T)
    np.testing.assert_array_equal(changes.n_cell, sums @ found.n_cell)


@few
@given(three)
def test_the_mean_is_the_sum_of_the_turnovers(panel):
    moved = op.turnover(panel, "opinion", base="balanced").select(component="total")
    mean, changes = (
        number_of_changes(panel, "opinion", mean=True),
        number_of_changes(panel, "opinion"),
    )
    close(mean.value[0], moved.value.sum())
    assert mean.unit == "number"
    if alike(changes):
        assert np.isnan(mean.covariance[0, 0])
    else:
        close(mean.covariance[0, 0], moved.covariance.sum())
    assert mean.n[0] == changes.n[0]
    assert mean.df[0] == changes.df[0]


def test_nobody_changed_and_everyone_changed_once():
    frame = pd.DataFrame({"w1": ["yes", "no"] * 5, "w2": ["yes", "no"] * 5, "w3": ["no"] * 10})
    item = op.Item({wave: wave for wave in frame}, {"yes": ["yes"], "no": ["no"]})
    panel = op.Panel.from_wide(frame, items={"opinion": item})
    still = number_of_changes(panel, "opinion", waves=["w1", "w2"], mean=True)
    assert still.value[0] == 0
    assert np.isnan(still.std_error[0])
    assert "–" in str(still)
    moved = number_of_changes(panel, "opinion", mean=True)
    close(moved.value[0], 0.5)
    # The mean of ten people: five with one change, five with none.
    close(moved.std_error[0], np.sqrt(0.25 / 9))


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the check figures are not there")
def test_published_tables_by_hand():
    tables = json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]
    published = {
        "nes_ideology": ("ideology", np.array(tables["nes_ideology"]["counts"])),
        "women_labour_1967_71": (
            "working",
            np.array(tables["women_labour_1967_71"]["counts_flat"]).reshape((2,) * 5),
        ),
    }
    for name, (item, counts) in published.items():
        panel = op.datasets.load(name)
        number = np.zeros(counts.ndim)
        for index, count in np.ndenumerate(counts):
            number[sum(a != b for a, b in pairwise(index))] += count
        changes = number_of_changes(panel, item)
        np.testing.assert_array_equal(changes.n_cell, number)
        close(changes.value, number / counts.sum())
        each = np.repeat(np.arange(counts.ndim), number.astype(int))
        mean = number_of_changes(panel, item, mean=True)
        close(mean.value[0], each.mean())
        close(mean.std_error[0], each.std(ddof=1) / np.sqrt(len(each)))
        found = paths(panel, item, min_n=1)
        states = panel.items[item].state_names
        wanted = {
            " → ".join(states[state] for state in index): count
            for index, count in np.ndenumerate(counts)
            if count
        }
        assert dict(zip(found.labels["path"], found.n_cell, strict=True)) == wanted
        close(found.value, found.n_cell / counts.sum())
        close(found.std_error, np.sqrt(found.value * (1 - found.value) / (counts.sum() - 1)))


# ---- the typology -----------------------------------------------------------------------------


@few
@given(three)
def test_types_are_the_numbers_of_changes_grouped(panel):
    changes = number_of_changes(panel, "opinion")
    typed = typology(panel, "opinion")
    group = typed.groups["typology"]
    assert group.categories == ("stable", "switched once", "wavering")
    asked = panel.asked("opinion")
    weight = panel.weight(asked[0], asked[-1]).values
    known = group.codes >= 0
    people = np.bincount(group.codes[known], minlength=3)
    np.testing.assert_array_equal(
        people, [changes.n_cell[0], changes.n_cell[1], changes.n_cell[2:].sum()]
    )
    answered = (panel.answers["opinion"][list(map(panel.position, asked))] >= 0).all(axis=0)
    np.testing.assert_array_equal(known, answered & (weight > 0))
    if known.any():
        totals = np.bincount(group.codes[known], weight[known], minlength=3)
        close(totals / totals.sum(), [changes.value[0], changes.value[1], changes.value[2:].sum()])


@few
@given(three)
def test_types_serve_other_measures(panel):
    typed = typology(panel, "opinion", name="kind")
    changes = number_of_changes(typed, "opinion", by="kind")
    wanted = {
        "stable": [0],
        "switched once": [1],
        "wavering": range(2, len(panel.asked("opinion"))),
    }
    for kind, numbers in wanted.items():
        here = changes.select(kind=kind)
        if here.n[0]:
            close(here.select(changes=list(numbers)).value.sum(), 1.0)
    moved = op.turnover(typed, "opinion", by="kind", base="balanced")
    stable = moved.select(kind="stable", component="total")
    assert (stable.value[stable.n > 0] == 0).all()
    assert "Group kind:" in str(typed)


@few
@given(three)
def test_a_domain_stays_and_types_do_not_depend_on_it(panel):
    domain = typology(panel.where(gender="man"), "opinion")
    whole = typology(panel, "opinion")
    grouped = domain.groups["typology"].everyone
    np.testing.assert_array_equal(grouped.codes, whole.groups["typology"].codes)
    np.testing.assert_array_equal(domain.domain, panel.where(gender="man").domain)
    assert domain.domain_text == "gender man"
    assert list(panel.groups) == ["gender", "job"]
    before, after = (
        op.shares(p, "opinion", by="typology") for p in (whole.where(gender="man"), domain)
    )
    # Types that nobody of the domain is of are gone from it, if it was chosen afterwards.
    held = after.labels["typology"].isin(before.labels["typology"]).to_numpy()
    close(before.value, after.value[held])
    assert (after.n[~held] == 0).all()


def test_types_by_hand():
    waves = ["w1", "w2", "w3", "w4"]
    rows = ["yyyy", "yynn", "ynyy", "yny ", "nnnn", "nyny"]
    frame = pd.DataFrame([list(row) for row in rows], columns=waves).replace(" ", None)
    item = op.Item({wave: wave for wave in waves}, {"yes": ["y"], "no": ["n"]})
    panel = op.Panel.from_wide(frame, items={"opinion": item})
    assert typology(panel, "opinion").groups["typology"].codes.tolist() == [0, 1, 2, -1, 0, 2]
    some = typology(panel, "opinion", waves=waves[:3])
    assert some.groups["typology"].codes.tolist() == [0, 1, 2, 2, 0, 2]
    assert "group typology: changes of opinion at w1, w2, w3" in some.notes


def test_a_group_by_wave_counts_with_its_value_at_the_first_wave():
    rows = [
        (person, wave, "young" if wave == "w1" or person < 3 else "old", person % 2)
        for person in range(6)
        for wave in ("w1", "w2", "w3")
    ]
    long = pd.DataFrame(rows, columns=["person", "wave", "age", "answer"])
    panel = op.Panel.from_long(
        long,
        person="person",
        wave="wave",
        waves=["w1", "w2", "w3"],
        items={"opinion": op.Item("answer", {"no": [0], "yes": [1]})},
        groups={"age": "wave"},
    )
    changes = number_of_changes(panel, "opinion", by="age").select(changes=0)
    assert dict(zip(changes.labels["age"], changes.n, strict=True)) == {"old": 0, "young": 6}
    assert "age (at the first wave)" in str(changes)
    later = number_of_changes(panel, "opinion", by="age", waves=["w2", "w3"]).select(changes=0)
    assert dict(zip(later.labels["age"], later.n, strict=True)) == {"old": 3, "young": 3}


def test_names_that_are_taken():
    panel = op.datasets.load("nes_ideology")
    typed = typology(panel, "ideology")
    with pytest.raises(SelectionError, match="name='typology_ideology'"):
        typology(typed, "ideology")
    assert list(typology(typed, "ideology", name="again").groups) == ["typology", "again"]
    state = op.shares(typology(panel, "ideology", name="state"), "ideology", by="state")
    assert list(state.labels) == ["wave", "state (group)", "state"]
    with pytest.raises(SelectionError, match="at least 3 different wave"):
        typology(panel, "ideology", waves=["wave 1", "wave 2"])
    with pytest.raises(SelectionError, match="Unknown item"):
        typology(panel, "ideologie")
