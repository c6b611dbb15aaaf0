"""Every estimate prints in every form: all measures, all that is made of them, all forms.

The measures are the public functions of a panel and an item, so that none can be forgotten.
"""

import csv
import inspect
from dataclasses import fields, is_dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError

PEOPLE, STATES = 240, ("x", "y", "z")
WAVES = ("w1", "w2", "w3")
# What functions are asked about, by the name of their argument.
SUBJECTS = {
    "item": "opinion",
    "first_item": "opinion",
    "second_item": "trust",
    "score": "warmth",
    "scale": "index",
}
# What a function needs besides the panel and the item.
ARGUMENTS = {
    "change_model": {"waves": ["w1", "w2"]},
    "combine": {"samples": "beside"},
    "cross_lagged": {"waves": ["w1", "w2"]},
    "error_sensitivity": {"response": 0.05},
    "error_sensitivity flows": {"response": 0.05, "measure": "flows"},
    "error_sensitivity rates": {"response": [0.01, 0.05]},
    "fresh_and_staying": {"wave": "w2"},
    "mobility_indices": {"ordered": True},
    "number_of_changes mean": {"mean": True},
    "replicate": {"function": lambda frame: {"total": frame["weight"].sum()}},
    "source_effects": {"samples": "beside", "effects": {"mode": {"beside": ["w1"]}}},
    "weight_effects": {"measure": "turnover"},
}


@cache
def panel(group):
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"id": range(PEOPLE), "weight": rng.uniform(0.5, 2, PEOPLE)})
    frame["w1"] = rng.choice(STATES, PEOPLE)
    for wave, before in (("w2", "w1"), ("w3", "w2")):
        moved = rng.random(PEOPLE) > 0.6
        frame[wave] = np.where(moved, rng.choice(STATES, PEOPLE), frame[before])
    frame["psu"] = rng.integers(0, 15, PEOPLE)
    frame[group] = rng.choice(["north", "south"], PEOPLE)
    frame.loc[:20, "w1"] = frame.loc[10:30, "w2"] = frame.loc[25:40, "w3"] = None
    item = op.Item({wave: wave for wave in WAVES}, {state: [state] for state in STATES})
    trust = op.Item({wave: f"{wave} trust" for wave in WAVES}, item.states)
    for wave in WAVES:
        other = pd.Series(rng.choice(STATES, PEOPLE))
        frame[f"{wave} trust"] = other.where(frame[wave].notna(), None)
    parts = {wave: [f"{wave} {part}" for part in range(2)] for wave in WAVES}
    for column in (column for columns in parts.values() for column in columns):
        answered = frame[column.partition(" ")[0]].notna()
        frame[column] = np.where(answered, rng.integers(0, 60, PEOPLE), np.nan)
    warmth = op.Score({wave: columns[0] for wave, columns in parts.items()}, low=0, high=100)
    return op.Panel.from_wide(
        frame,
        person="id",
        items={
            "opinion": item,
            "trust": trust,
            "warmth": warmth,
            "index": op.scale(parts, low=0, high=100),
        },
        groups=[group],
        design=op.Design(weight="weight", psu="psu"),
    )


def named():
    """Name the public functions that give estimates, or an object that holds some."""
    for name in sorted(op.__all__):
        function = getattr(op, name)
        if not inspect.isfunction(function):
            continue
        signature = inspect.signature(function)
        gives = signature.return_annotation
        holds = is_dataclass(gives) and any("Estimates" in str(one.type) for one in fields(gives))
        if gives is op.Estimates or holds:
            yield name


# And those that give another table with an option, which stands after the name.
MEASURES = [*named(), *(name for name in ARGUMENTS if " " in name)]


@cache
def results(name, group, *, alone=True):
    """The estimates of a public function, without (`alone`) and with the group."""
    function, here = getattr(op, name.partition(" ")[0]), panel(group)
    if name == "side_by_side":
        return [
            function({"A": op.shares(here, "opinion"), "B": op.shares(panel("other"), "opinion")})
        ]
    if name == "smooth":
        # Small groups: those of the panel, by what they answered at first.
        small = here.group_of("trust", wave="w1", name="before")
        return [function(op.shares(small, "opinion", by=[group, "before"]))]
    asked = inspect.signature(function).parameters
    given = SUBJECTS | ARGUMENTS.get(name, {})
    given |= {"starts": 1} if name == "latent_markov" else {}
    given |= {"samples": {"beside": panel.__wrapped__(group)}} if "samples" in given else {}
    if name == "weight_effects":
        given["adjusted"] = op.attrition_weights(here, "opinion")
    given["formula"] = "`origin (group)`" if group == "origin" else f"`{group}`"
    found = []
    for by in (None, group)[not alone :] if "by" in asked else (None,):
        options = {key: value for key, value in ({"by": by} | given).items() if key in asked}
        result = function(here, **options)
        parts = [result] if isinstance(result, op.Estimates) else list(vars(result).values())
        found += [part for part in parts if isinstance(part, op.Estimates)]
    assert found
    return found


def ways(estimates):
    """What can be made of estimates, by what was done; refusals must be the library's own."""
    yield "as is", estimates
    columns = list(estimates.labels)
    for place, column in enumerate(columns):
        values = estimates.labels[column].drop_duplicates().tolist()[:2]
        yield f"select {column}", estimates.select(**{column: values[0]})
        yield f"select both {column}", estimates.select(**{column: values})
        if len(values) < 2:
            continue
        for found in differences(estimates, column, values):
            yield f"difference {column}", found
            # Of a pair of columns either may come first: one order is enough.
            yield from again(f"difference {column}", found, columns[:place])
            yield f"pairwise {column}", estimates.select(**{column: values}).pairwise(column)
    first = estimates.labels.iloc[0].to_dict()
    yield "one row", estimates.select(**first)
    rows = np.eye(len(estimates))[:2]
    yield "contrast", estimates.contrast(rows, {"row": ["a", "b"][: len(rows)]})
    yield "contrast of labels", estimates.contrast(rows, estimates.labels[:2])
    yield "derive", estimates.derive(lambda value: 2 * value, estimates.labels)
    yield "derive one", estimates.derive(lambda value: np.exp(value[:1]), {"wave": ["w1"]})


def differences(estimates, column, values):
    """The difference of two values, if their rows match; another refusal would be a fault."""
    try:
        return [estimates.difference(column, values[1], minus=values[0])]
    except OpinionPanelError as error:
        if "do not match row by row" not in str(error):
            raise
        return []


def again(name, difference, without):
    """Differences of differences by the next column, and a row of one."""
    first = difference.labels.iloc[0].to_dict()
    yield f"{name}, one row", difference.select(**first)
    for column in [one for one in difference.labels if one not in without][:1]:
        values = difference.labels[column].drop_duplicates().tolist()[:2]
        if len(values) == 2:
            for found in differences(difference, column, values):
                yield f"{name} {column}", found


# Ways to estimates with other columns, or other words below them.
WRITTEN = ("difference", "contrast", "derive")


def check(estimates, folder, *, files):
    """Show estimates in every form, and hold the forms against each other.

    Text for other programs, and `files`, take most of the time: a measure's own, and one for each
    way whose table has other columns.
    """
    forms = [str(estimates)]
    if files:
        forms += [estimates._repr_html_(), estimates.to_latex()]
    frame = estimates.to_frame(min_n=5, reliable=True)
    plain = estimates.to_frame()
    frames = [frame, plain, estimates.design_effect()]
    if estimates.unit != "share":
        frames.append(estimates.comparisons())
    for one in frames:
        assert one.columns.is_unique
        assert len(one) == len(estimates)
        figures = list(one)[len(estimates.labels.columns) :]
        assert figures == [name for name in one if name in figures]
    matrix = estimates.matrix()
    if not estimates.labels.duplicated().any():
        assert np.isfinite(matrix.to_numpy()).sum() == np.isfinite(estimates.value).sum()
    for form in forms:
        assert form
        assert "nan" not in form
        assert "Unweighted." not in form
    check_limits(estimates, plain)
    told = estimates.rough is not None and estimates.rough.any()
    assert ("caution" in plain.attrs) == told
    if told:
        caution = plain.attrs["caution"]
        assert all(caution in " ".join(form.split()) for form in forms)
    if files:
        estimates.to_csv(folder / "table.csv")
        estimates.to_excel(folder / "table.xlsx")
        with (folder / "table.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        body = rows[: rows.index([])]
        assert len({len(row) for row in body}) == 1
        numbers = pd.read_excel(folder / "table.xlsx", sheet_name="numbers")
        assert list(numbers)[: len(plain.columns)] == list(plain)
        assert len(numbers) >= len(estimates)


def check_limits(estimates, frame):
    """No limit beyond what is possible, and no interval of no width where nothing was learned."""
    low, high = frame["conf_low"].to_numpy(), frame["conf_high"].to_numpy()
    known = np.isfinite(high - low)
    least, most = estimates.ends
    assert (low[known] >= least[known]).all()
    assert (high[known] <= most[known]).all()
    assert (low[known] <= estimates.value[known] + 1e-9).all()
    assert (high[known] >= estimates.value[known] - 1e-9).all()
    exact = np.zeros(len(estimates), bool) if estimates.exact is None else estimates.exact
    # Bounds may be as far as anything can be, whatever sampling error does.
    if estimates.about.measure != "transition_bounds":
        assert ((high - low)[known & ~exact] > 0).all()


def test_the_list_of_measures_is_not_empty():
    assert {"shares", "turnover", "weight_effects", "change_model", "latent_markov"} <= set(
        MEASURES
    )
    assert len(MEASURES) >= 32


# Of so many tables that are made in the same way, by other columns, one is shown.
FEW = 3


@pytest.mark.slow  # all measures times all ways times all forms
@pytest.mark.parametrize(
    ("name", "group"),
    [(name, "region") for name in MEASURES]
    + [("shares", "wave"), ("net_change", "state"), ("turnover", "estimate"), ("paths", "path")],
)
def test_every_estimate_prints_in_every_form(name, group, tmp_path):
    seen, turn = set(), MEASURES.index(name)
    # Without a group there is a column less, and nothing else.
    for found in results(name, group, alone=False):
        for place, (way, made) in enumerate(ways(found)):
            if way == "as is" and group == "region":
                continue  # the next test
            kind = way.split()[0]
            if kind in seen and (place + turn) % FEW:
                continue
            try:
                check(made, tmp_path, files=kind in WRITTEN and kind not in seen)
            except Exception as error:
                raise AssertionError(f"{name}, {way}: {error!r}") from error
            seen.add(kind)


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_prints_as_it_is(name, tmp_path):
    for found in results(name, "region"):
        check(found, tmp_path, files=True)


def test_a_row_that_no_estimate_has_is_refused():
    flows = op.flows(panel("region"), "opinion", by="region")
    with pytest.raises(op.errors.SelectionError, match="No estimate has all"):
        flows.select(from_wave="w1", to_wave="w3")
