"""A group may bear the name of a column: every measure, table, frame and chart has it all the same.

Each result is compared with that of the same group under a name that nothing else has.
"""

import inspect
import re
from functools import cache

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError
from opinionpanel.study.checking import check_study

PEOPLE, STATES = 240, ("x", "y", "z")
# Of columns that results have of their own or had on the way, of figures, and of arguments.
NAMES = [
    *("n", "side", "people", "self", "wave", "from_wave", "state", "origin", "component"),
    *("estimate", "conf_low", "path", "changes", "index", "parameter", "to_latent", "steps"),
]
FEW = ["n", "wave"]
PLAIN = "region"
# What a function needs besides the panel, the item and the group.
ARGUMENTS = {
    "error_sensitivity": {"response": 0.05},
    "equal_flows": {"first": ("x", "y"), "second": ("y", "x")},
    "fresh_and_staying": {"wave": "w2"},
    "refreshment_test": {"wave": "w2"},
    "independence": {"wave": "w2"},
    "source_effects": {"effects": {"mode": {"beside": ["w1"]}}},
}
BESIDE = ("combine", "source_effects", "sources_agree")


@cache
def people():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"id": range(PEOPLE), "w1": rng.choice(STATES, PEOPLE)})
    for wave, before in (("w2", "w1"), ("w3", "w2")):
        other = rng.choice(STATES, PEOPLE)
        frame[wave] = np.where(rng.random(PEOPLE) < 0.6, frame[before], other)
        frame.loc[rng.random(PEOPLE) < 0.12, wave] = None
    frame.loc[:30, "w1"] = None
    frame[PLAIN] = rng.choice(["north", "south"], PEOPLE)
    return frame


@cache
def panel(name):
    item = op.Item(
        {wave: wave for wave in ("w1", "w2", "w3")}, {state: [state] for state in STATES}
    )
    frame = people().rename(columns={PLAIN: name})
    return op.Panel.from_wide(frame, person="id", items={"opinion": item}, groups=[name])


def grouped():
    """Name the public functions of a panel and a group, some with a reference as well."""
    for name in sorted(op.__all__):
        function = getattr(op, name)
        known = inspect.signature(function).parameters if inspect.isfunction(function) else {}
        if "panel" in known and "by" in known and "adjusted" not in known:
            yield name, {}
            if "reference" in known:
                yield name, {"reference": "rest"}
    yield "error_sensitivity", {"measure": "flows"}
    yield "number_of_changes", {"mean": True}
    yield "number_of_changes", {"mean": True, "reference": "rest"}


MEASURES = list(grouped())


@cache
def shown(measure, name, reference):
    """The numbers of a result in all its forms, or the kind of its refusal."""
    options = ARGUMENTS.get(measure, {}) | dict(reference)
    options |= {"samples": {"beside": panel.__wrapped__(name)}} if measure in BESIDE else {}
    try:
        result = getattr(op, measure)(panel(name), "opinion", by=name, **options)
    except OpinionPanelError as error:
        return type(error)
    # Each once and sorted: where a wide table breaks depends on the width of its names.
    numbers = sorted(set(re.findall(r"[\d.]+", str(result).replace(name, ""))))
    assert numbers
    if not isinstance(result, op.Estimates):
        return numbers
    assert result.labels.columns.is_unique
    frames = [result.to_frame(min_n=5, reliable=True), result.design_effect(), result.matrix()]
    if result.unit != "share":
        frames.append(result.comparisons())
    assert all(frame.columns.is_unique for frame in frames)
    return [numbers, *(frame.astype(str).to_numpy().tolist() for frame in frames)]


def test_the_list_of_measures_is_not_empty():
    assert {"shares", "turnover", "gains_and_losses", "attrition"} < {name for name, _ in MEASURES}


def named():
    """Give every measure the few names, and one of the others in turn."""
    others = [name for name in NAMES if name not in FEW]
    for place, (measure, options) in enumerate(MEASURES):
        for name in FEW:
            yield pytest.param(measure, options, name)
        for name in others[place % len(others) :: len(others)]:
            yield pytest.param(measure, options, name, marks=pytest.mark.slow)


@pytest.mark.parametrize("measure", [op.direction, op.displacement])
def test_columns_of_sums_on_the_way_rename_no_group(measure):
    for name in ("step", "origin"):
        found = measure(panel(name), "opinion", by=name, reference="rest")
        assert list(found.labels) == ["from_wave", "to_wave", name, "move"]


@pytest.mark.parametrize(("measure", "options", "name"), list(named()))
def test_a_group_of_any_name_gives_the_same_numbers(measure, options, name):
    reference = tuple(options.items())
    assert shown(measure, name, reference) == shown(measure, PLAIN, reference)


@pytest.mark.parametrize("name", NAMES)
def test_effects_of_weights_and_intervals_of_bounds(name):
    found = []
    for group in (name, PLAIN):
        here = panel(group)
        weighted = op.attrition_weights(here, "opinion", groups=[group])
        effects = op.weight_effects(here, weighted, "opinion", by=group)
        bounds = op.turnover_bounds(here, "opinion", by=group)
        frames = [effects.to_frame(), bounds.between_bounds()]
        assert all(frame.columns.is_unique for frame in frames)
        found.append([frame.astype(str).to_numpy().tolist() for frame in frames])
    assert found[0] == found[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_sankey_draws_each_group_with_its_people(name):
    drawn = []
    for group in (name, PLAIN):
        flows = op.flows(panel(group), "opinion", by=group, base="balanced")
        rows = op.charts.sankey(flows, title="").data["values"]
        # The heads name the group, and keys are made of them.
        drawn.append([row for row in rows if row.get("kind") != "heads"])
    assert drawn[0] == drawn[1]
    named = {row["cells"][0] for row in drawn[0] if row.get("kind") in ("flow", "node")}
    assert named == {"north", "south"}


@pytest.mark.parametrize("name", NAMES)
def test_a_study_may_declare_the_group(name, tmp_path):
    for file in ("first.csv", "second.csv"):
        people().rename(columns={PLAIN: name}).to_csv(tmp_path / file, index=False)
    (tmp_path / "study.toml").write_text(
        f"""
        title = "Names of groups"
        person = "id"
        groups = ["{name}"]

        [[waves]]
        name = "first"
        file = "first.csv"

        [[waves]]
        name = "second"
        file = "second.csv"

        [items.opinion]
        column = {{ first = "w1", second = "w2" }}
        states = {{ x = ["x"], y = ["y"], z = ["z"] }}
        """,
        encoding="utf-8",
    )
    study = op.read_study(tmp_path / "study.toml")
    assert list(study.panel.groups) == [name]
    assert not check_study(tmp_path / "study.toml")[1].faults


@pytest.mark.parametrize(
    ("measure", "name", "label"),
    [
        ("shares", "wave", "wave (group)"),
        ("flows", "wave", "wave"),
        ("paths", "path", "path (group)"),
        ("number_of_changes", "changes", "changes (group)"),
        ("shares", "estimate", "estimate"),
        ("shares", PLAIN, PLAIN),
    ],
)
def test_a_group_is_told_so_beside_a_column_of_its_name(measure, name, label):
    found = getattr(op, measure)(panel(name), "opinion", by=name)
    assert label in found.labels
    # With the mark of a group every group is found, and without it where nothing else is meant.
    for column in {label, f"{name} (group)"}:
        assert (found.select(**{column: "north"}).labels[label] == "north").all()
        one = found.difference(column, "north", minus="south")
        np.testing.assert_array_equal(one.value, found.pairwise(column).value * -1)
    frame = found.to_frame()
    assert frame.columns.is_unique
    assert f"{name} (group)" in frame or label in frame


def test_two_groups_may_want_the_same_name():
    frame = people().assign(wave=people()[PLAIN], **{"wave (group)": people()[PLAIN]})
    item = op.Item({"w1": "w1", "w2": "w2"}, {state: [state] for state in STATES})
    both = op.Panel.from_wide(
        frame, person="id", items={"opinion": item}, groups=["wave", "wave (group)"]
    )
    found = op.shares(both, "opinion", by=["wave", "wave (group)"])
    assert list(found.labels) == ["wave", "wave (group) (group)", "wave (group)", "state"]


def test_a_group_called_origin_in_a_formula():
    here = {name: panel(name) for name in ("origin", PLAIN)}
    formulas = {"origin": "`origin (group)`", PLAIN: PLAIN}
    fits = [
        op.change_model(here[name], formulas[name], item="opinion", waves=["w1", "w2"])
        for name in here
    ]
    np.testing.assert_array_equal(*(fit.coefficients.value for fit in fits))
    np.testing.assert_array_equal(*(fit.effects.value for fit in fits))


def test_names_that_single_results_need_for_themselves():
    came, plain = "(came back)", op.returns(panel(PLAIN), "opinion", by=PLAIN)
    found = op.returns(panel(came), "opinion", by=came)
    np.testing.assert_array_equal(found.value, plain.value)
    assert found.labels[came].tolist() == plain.labels[PLAIN].tolist()
    waves = ["w1", "w2"]
    models = [op.change_model(panel(n), n, item="opinion", waves=waves) for n in ("outcome", PLAIN)]
    np.testing.assert_array_equal(*(model.coefficients.value for model in models))
    logliks = [op.response_model(panel(n), "opinion", by=n).loglik for n in ("loglik", PLAIN)]
    assert logliks[0].columns.is_unique
    assert logliks[0]["loglik (group)"].tolist() == logliks[1][PLAIN].tolist()
    np.testing.assert_array_equal(*(frame["loglik"] for frame in logliks))
