"""People who miss a wave, and people who join later: against R, and as a balanced base has them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from places import GOLDEN_FILES

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.errors import SelectionError
from opinionpanel.strategies import panels

GOLDEN = pd.read_csv(GOLDEN_FILES / "gaps_golden.csv")
PEOPLE = pd.read_csv(GOLDEN_FILES / "gaps_panel.csv", dtype={"answer": str})
CLUSTERED = op.Design(weight="weight", stratum="stratum", psu="psu")
DESIGNS = {
    "linear": CLUSTERED,
    "people": op.Design(weight="weight", stratum="stratum"),
    "jkn": CLUSTERED.as_replicates("jkn"),
}
ITEM = op.Item("answer", {"a": ["a"], "b": ["b"]})


@pytest.fixture(scope="module")
def by_design():
    return {
        name: op.Panel.from_long(
            PEOPLE,
            person="person",
            wave="wave",
            waves=["w1", "w2", "w3", "w4"],
            items={"x": ITEM},
            groups=["sex"],
            design=design,
        )
        for name, design in DESIGNS.items()
    }


def labelled(found, *columns, arrow=" > "):
    """Estimates of cells that somebody is in, by R's label."""
    labels = found.labels[list(columns)].astype(str).agg(arrow.join, axis=1)
    kept = found.n_cell > 0
    return pd.DataFrame(
        {"estimate": found.value, "std_error": found.std_error, "n": found.n},
        index=labels.str.replace(" → ", arrow),
    )[kept]


def measured(panel, measure):
    if measure == "first_change":
        return labelled(op.first_change(panel, "x", gaps="skip"), "wave")
    if measure == "changes":
        return labelled(op.number_of_changes(panel, "x", gaps="skip"), "changes")
    if measure == "types":
        typed = op.typology(panel, "x", gaps="skip")
        # The share of a type is that of who answers a question that says so.
        codes = np.asarray(typed.groups["typology"].codes)
        inside = (codes >= 0) & np.asarray(panel.domain)
        found = op.shares(typed, "x", waves="w4", by="typology")
        weight = np.asarray(panel.weight("w1", "w4").values)
        total = weight[inside].sum()
        return pd.DataFrame(
            {
                "estimate": [weight[inside & (codes == c)].sum() / total for c in range(3)],
                "n": float(inside.sum()),
            },
            index=found.labels["typology"].unique(),
        )
    if measure == "paths":
        return labelled(op.paths(panel, "x", base="last", min_n=1), "path")
    return labelled(op.flows(panel, "x", base="last"), "from_wave", "origin", "destination")


@pytest.mark.parametrize("measure", ["first_change", "changes", "types", "paths", "flows"])
@pytest.mark.parametrize("design", DESIGNS)
def test_as_in_survey(by_design, design, measure):
    panel = by_design[design]
    for prefix, domain in (("", panel), ("sex=f;", panel.where(sex="f"))):
        golden = GOLDEN.query("design == @design and measure == @measure").set_index("label")
        golden = golden[golden.index.str.startswith("sex=f;") == bool(prefix)]
        if golden.empty:
            continue
        found = measured(domain, measure)
        golden = golden.set_axis(golden.index.str.removeprefix(prefix)).loc[found.index]
        assert len(found) == len(golden)
        for column in found:
            np.testing.assert_allclose(found[column], golden[column], rtol=1e-8, atol=1e-12)


def filled(panel, waves):
    """The panel with no gaps: people answer at all the waves or at none."""
    codes = np.asarray(panel.answers["opinion"])[[panel.position(wave) for wave in waves]]
    return (codes >= 0).all(axis=0) | ~((codes[0] >= 0) & (codes[-1] >= 0))


@settings(max_examples=15, deadline=None)
@given(panels(waves=(3, 4), people=(12, 40)))
def test_where_nobody_has_gaps_nothing_changes(panel):
    waves = panel.asked("opinion")
    given = {"waves": waves}
    skipped = op.first_change(panel, "opinion", **given, gaps="skip")
    left_out = op.first_change(panel, "opinion", **given)
    if filled(panel, waves).all():
        np.testing.assert_array_equal(skipped.value, left_out.value)
        np.testing.assert_allclose(skipped.std_error, left_out.std_error)
    assert skipped.n[0] >= left_out.n[0]
    # Of two waves there is nothing in between.
    ends = {"waves": [waves[0], waves[-1]]}
    one, other = (
        op.first_change(panel, "opinion", **ends, gaps=gaps) for gaps in ("skip", "leave out")
    )
    np.testing.assert_array_equal(one.value, other.value)
    np.testing.assert_array_equal(one.std_error, other.std_error)
    # Who never changed is found by both measures.
    changes = op.number_of_changes(panel, "opinion", **given, gaps="skip")
    np.testing.assert_allclose(changes.select(changes=0).value, skipped.value[-1:])
    # Whoever never changed was in one state at both ends.
    never = skipped.value[-1]
    stayed = op.stable_core(panel, "opinion", **ends).value[0]
    assert np.isnan(never) or never <= stayed + 1e-12
    types = {
        g: np.asarray(op.typology(panel, "opinion", **given, gaps=g).groups["typology"].codes)
        for g in ("skip", "leave out")
    }
    complete = types["leave out"] >= 0
    np.testing.assert_array_equal(types["skip"][complete], types["leave out"][complete])


@settings(max_examples=10, deadline=None)
@given(panels(waves=(3, 4), people=(12, 40)))
def test_looking_back_everyone_of_the_last_wave_is_somewhere(panel):
    waves = panel.asked("opinion")
    flows = op.flows(panel, "opinion", base="last")
    weight = np.asarray(panel.weight(waves[-1]).values)
    inside = np.asarray(panel.present[panel.position(waves[-1])]) & (weight > 0)
    assert (flows.n == inside.sum()).all()
    assert flows.about.base == f"everyone interviewed at {waves[-1]}"
    first = flows.about.waves[0]
    new = flows.select(from_wave=first, origin="new entrant").value.sum()
    joined = ~np.asarray(panel.present)[: panel.position(first) + 1].any(axis=0)
    if inside.any():
        np.testing.assert_allclose(new, weight[inside & joined].sum() / weight[inside].sum())
        paths = op.paths(panel, "opinion", base="last", min_n=1)
        named = paths.labels["path"].str.startswith("new entrant →")
        np.testing.assert_allclose(paths.value[named].sum(), new, atol=1e-12)
    # Nobody becomes a new entrant who was there, nor is one at the last wave.
    later = flows.select(destination="new entrant")
    assert (later.value[later.labels["origin"] != "new entrant"] == 0).all()
    assert (later.select(to_wave=waves[-1]).value == 0).all()


def test_captions_say_what_was_skipped(by_design):
    panel = by_design["linear"]
    text = " ".join(str(op.first_change(panel, "x", gaps="skip")).split())
    assert (
        "Base: people with an answer at w1 and w4; missing answers in between are skipped" in text
    )
    assert "Without an answer at one wave or more in between: " in text
    # Without those who have none the base is that of everybody with all answers.
    codes = np.asarray(panel.answers["x"])
    torn = int(((codes[0] >= 0) & (codes[3] >= 0) & (codes < 0).any(axis=0)).sum())
    assert f"in between: {torn} people of the base." in text
    assert "Weight: weight (at w4, the later wave)" in text
    typed = op.typology(panel, "x", gaps="skip")
    few = int(((codes[0] >= 0) & (codes[3] >= 0) & ((codes < 0).sum(axis=0) == 1)).sum())
    assert f"in between: {few} people of the base." in typed.notes[-1]


def test_charts_draw_new_entrants_as_a_state(by_design):
    panel = by_design["linear"]
    for chart in (
        charts.sankey(op.flows(panel, "x", base="last")),
        charts.paths(op.paths(panel, "x", base="last")),
    ):
        assert "new entrant" in chart.to_json()


def test_groups_by_wave_count_at_the_last_wave():
    people = PEOPLE.assign(
        sex=PEOPLE["sex"] + PEOPLE["wave"].where(PEOPLE["wave"] == "w4", "early")
    )
    panel = op.Panel.from_long(
        people,
        person="person",
        wave="wave",
        waves=["w1", "w2", "w3", "w4"],
        items={"x": ITEM},
        groups={"sex": "wave"},
        design=CLUSTERED,
    )
    for found in (
        op.flows(panel, "x", base="last", by="sex"),
        op.paths(panel, "x", base="last", by="sex"),
    ):
        assert found.n[found.labels["sex"].str.endswith("early")].sum() == 0
        assert "by sex (at the last wave)" in found.about.title


def test_what_looks_back_is_refused_elsewhere(by_design):
    panel = by_design["linear"]
    for measure in (op.shares, op.transitions, op.inflows, op.turnover, op.symmetry):
        with pytest.raises(SelectionError, match="'panel', not 'last': from the last wave only"):
            measure(panel, "x", base="last")
    with pytest.raises(SelectionError, match="order of fieldwork"):
        op.flows(panel, "x", waves=["w2", "w1"], base="last")
    with pytest.raises(SelectionError, match="one base for all waves"):
        op.flows(panel, "x", waves=[("w1", "w2"), ("w1", "w3")], base="last")
    item = op.Item("answer", {"a": ["a"], "new entrant": ["b"]})
    named = op.Panel.from_long(
        PEOPLE, person="person", wave="wave", waves=["w1", "w2"], items={"x": item}
    )
    with pytest.raises(SelectionError, match=r"base='last' adds the states .*new entrant"):
        op.paths(named, "x", base="last")
