"""What is asked of panels on every engine, and how it is compared with the same in memory."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd
import pytest
from engine_frames import FRAMES, KEYED, N, columns_on, on_engine
from panel_table import told

import opinionpanel as op
from opinionpanel.engines.cross_tables import Cross, Key, Table, counts, ratio, sums, tables, take
from opinionpanel.engines.engine_column import literal

# Their queries take long, whatever the size of the data: they get the first measures of a case.
# Here the engine also links the waves; the others are given a panel that was linked in memory.
LINKED = ("polars", "duckdb")
# The cases that are asked of Dask and Spark, which take seconds for a measure.
ON_SLOW_ENGINES_TOO = ("clustered", "drop-out", "scores")


AGE = {"age": {"young": 0.4, "old": 0.6}}
KNOWN = {"w1": {"a": 0.45, "b": 0.55}, "w2": {"a": 0.3, "b": 0.45, "c": 0.25}}


def anchored_flows(panel, base):
    """Flows between two waves with a weight that meets what is known of both."""
    anchored = op.anchor(panel, "opinion", KNOWN, margins=AGE, base=base)
    return op.flows(anchored, "opinion", waves=[*KNOWN], base=base)


def shares_beside_anchored(panel):
    """Shares of people of whom some have an anchored weight, of an item with two states."""
    known = {"w1": {"a": 0.45, "other": 0.55}, "w2": {"a": 0.3, "other": 0.7}}
    anchored = op.anchor(panel, "side", known)
    return op.shares(anchored, "opinion", waves=[*known], base="panel")


def waves_of_people(number, seed, *, strings=False):
    """Three hundred people who drop out, return and join later, with nulls in every column.

    State c is given by nobody at the first wave, and region west has nobody at the last.
    """
    rng = np.random.default_rng(seed)
    people = 300
    ids = np.arange(1, people + 1)
    fixed = pd.DataFrame(
        {
            "id": [f"р-{one:04}" for one in ids] if strings else ids,
            "psu": [f"village {one % 24}" for one in ids] if strings else ids % 24,
            "stratum": [f"stratum {one % 3}" for one in ids] if strings else ids % 3,
            "population": np.array([400.0, 500.0, 900.0])[ids % 3],
            "gender": rng.choice(["man", "woman"], people),
            "age": rng.choice(["young", "old"], people),
        }
    )
    region = rng.choice(["north", "south", "west"], people)
    state = rng.integers(1, 4, people).astype(float)
    frames = {}
    for wave in range(number):
        state = np.where(rng.random(people) < 0.4, rng.integers(1, 4, people), state)
        answer = np.where(rng.random(people) < 0.1, np.nan, state)
        frame = fixed.assign(
            answer=np.where(answer == 3, 2, answer) if wave == 0 else answer,
            weight=np.where(rng.random(people) < 0.05, np.nan, rng.lognormal(0, 0.5, people)),
            region=np.where(region == "west", "south", region) if wave == number - 1 else region,
        )
        frame.loc[rng.random(people) < 0.1, ["gender", "region"]] = None
        there = rng.random(people) < 0.85
        there &= (ids > 40) if wave == 0 else (ids <= 290)
        frames[f"w{wave + 1}"] = frame[there].sample(frac=1, random_state=seed, ignore_index=True)
    return frames


ITEMS = {"opinion": op.Item("answer", {"a": [1], "b": [2], "c": [3]})}
SIDES = {"side": op.Item("answer", {"a": [1], "other": [2, 3]})}
Measures = Mapping[str, Callable[[op.Panel], object]]


@dataclass(frozen=True)
class Case:
    """A panel, what is asked of it on every engine, and what more where there is time."""

    design: op.Design
    measures: Measures
    more: Measures = field(default_factory=dict)
    waves: int = 3
    strings: bool = False
    groups: object = ("gender", "region", "age")
    narrow: Callable[[op.Panel], op.Panel] = lambda panel: panel
    items: Mapping[str, op.Item | op.Score] = field(default_factory=lambda: ITEMS)

    def panel(self, name):
        frames = waves_of_people(self.waves, seed=self.waves, strings=self.strings)
        if name in LINKED:
            frames = {wave: FRAMES[name](frame) for wave, frame in frames.items()}
        panel = op.Panel.from_waves(
            frames,
            person="id",
            items=self.items,
            groups=self.groups,
            fixed=["gender"],
            design=self.design,
        )
        return self.narrow(panel if name in ("memory", *LINKED) else on_engine(panel, name))


CLUSTERED = op.Design(weight="weight", stratum="stratum", psu="psu")


PEOPLE = op.Design(weight="weight", stratum="stratum", fpc="population")


CASES = {
    "clustered": Case(
        CLUSTERED,
        {
            "flows": lambda panel: op.flows(panel, "opinion"),
            "shares": lambda panel: op.shares(panel, "opinion", by="gender"),
        },
        {
            "direction": lambda panel: op.direction(panel, "opinion"),
            "displacement": lambda panel: op.displacement(panel, "opinion", without=["b"]),
            "agreement": lambda panel: op.agreement(panel, "opinion"),
            "net change": lambda panel: op.net_change(panel, "opinion"),
            "gains and losses": lambda panel: op.gains_and_losses(panel, "opinion"),
            "homogeneity": lambda panel: op.marginal_homogeneity(panel, "opinion"),
            "symmetry": lambda panel: op.symmetry(panel, "opinion"),
            "equal flows": lambda panel: op.equal_flows(panel, "opinion", ("a", "b"), ("b", "a")),
            "independence": lambda panel: op.independence(panel, "opinion", by="region", wave="w1"),
            "by earlier answers": lambda panel: op.transitions(
                panel.group_of("opinion", wave="w1"),
                "opinion",
                waves=["w2", "w3"],
                by="opinion (w1)",
            ),
        },
        strings=True,
    ),
    "people as PSUs": Case(
        PEOPLE,
        {"transitions": lambda panel: op.transitions(panel, "opinion", base="balanced")},
        {
            "flow totals": lambda panel: op.flow_totals(panel, "opinion"),
            "shares": lambda panel: op.shares(panel, "opinion", by="gender", reference="rest"),
            "inflows": lambda panel: op.inflows(panel, "opinion"),
        },
    ),
    "unweighted": Case(
        op.Design(weight=None),
        {"turnover": lambda panel: op.turnover(panel, "opinion")},
        {"mobility": lambda panel: op.mobility_indices(panel, "opinion")},
    ),
    "a domain": Case(
        CLUSTERED,
        {"flows": lambda panel: op.flows(panel, "opinion", by="region")},
        {
            "summary": told,
            "turnover": lambda panel: op.turnover(panel, "opinion", base="balanced"),
            "shares": lambda panel: op.shares(panel, "opinion", base="balanced"),
        },
        groups={"gender": "latest", "region": "wave"},
        narrow=lambda panel: panel.where(gender="woman"),
    ),
    "many waves": Case(
        CLUSTERED,
        {"paths": lambda panel: op.paths(panel, "opinion")},
        {
            "flows": lambda panel: op.flows(panel, "opinion"),
            "stable core": lambda panel: op.stable_core(panel, "opinion"),
            "first change": lambda panel: op.first_change(panel, "opinion"),
            "returns": lambda panel: op.returns(panel, "opinion"),
            "changes": lambda panel: op.number_of_changes(panel, "opinion", mean=True),
            "stationarity": lambda panel: op.stationarity(panel, "opinion"),
            "order": lambda panel: op.markov_order(panel, "opinion"),
        },
        waves=5,
        strings=True,
    ),
    "drop-out": Case(
        PEOPLE,
        {
            "flows": lambda panel: op.flows(panel, "opinion", base="panel"),
            "attrition": lambda panel: op.attrition(panel, "opinion", by="gender"),
            "linkage": lambda panel: panel.linkage(),
            "summary": told,
        },
        {
            "inflows": lambda panel: op.inflows(panel, "opinion", base="panel"),
            "bounds": lambda panel: op.turnover_bounds(panel, "opinion"),
            "test": lambda panel: op.attrition_test(panel, "opinion"),
            "fresh": lambda panel: op.fresh_and_staying(panel, "opinion", wave="w2"),
            "refreshment": lambda panel: op.refreshment_test(panel, "opinion", wave="w2"),
            "turnover": lambda panel: op.turnover(panel, "opinion", base="panel"),
            "paths": lambda panel: op.paths(panel, "opinion", base="panel"),
            "combined": lambda panel: op.combine(
                panel, "opinion", by="gender", disagreement="pool"
            ),
        },
    ),
    "scores": Case(
        CLUSTERED,
        {
            "quantiles": lambda panel: op.quantiles(panel, "score", at=[0.3, 0.5], by="gender"),
            "correlation": lambda panel: op.correlation(panel, "score", waves=["w1", "w2"]),
        },
        {
            "means": lambda panel: op.means(panel, "score", by="region", reference="rest"),
            "change": lambda panel: op.mean_change(panel, "score", base="balanced"),
            "direction": lambda panel: op.direction(panel, "score"),
            "in bands": lambda panel: op.means(
                panel.group_of("score", wave="w1", bands=[2, 3]),
                "score",
                waves=["w2"],
                by="score (w1)",
            ),
        },
        items={"score": op.Score("answer", low=1, high=3)},
    ),
    "raked": Case(
        CLUSTERED,
        {},
        {
            "flows": lambda panel: op.flows(op.rake(panel, AGE), "opinion"),
            "anchored": lambda panel: anchored_flows(panel, "balanced"),
            "anchored, drop-out": lambda panel: anchored_flows(panel, "panel"),
            "beside anchored": shares_beside_anchored,
        },
        items=ITEMS | SIDES,
        strings=True,
    ),
}


ERRORS = {
    "no such item": lambda panel: op.flows(panel, "opinions"),
    "no such group": lambda panel: panel.where(sex="man"),
    "several waves with fresh people": lambda panel: op.fresh_and_staying(panel, "opinion"),
    "nobody before the first wave": lambda panel: op.refreshment_test(panel, "opinion", wave="w1"),
    "a path needs one base": lambda panel: op.paths(panel, "opinion", base="answered"),
    "people without a category": lambda panel: op.rake(
        panel, {"gender": {"man": 0.4, "woman": 0.6}}
    ),
    "too few": lambda panel: op.refreshment_test(
        panel.where(gender="man", region="west"), "opinion", wave="w3"
    ),
}


@functools.cache
def in_memory(case, measure):
    chosen = CASES[case]
    return (chosen.measures | chosen.more)[measure](chosen.panel("memory"))


def compare(found, wanted, name):
    """Values to 1e-10 relative, standard errors to 1e-8; counts, degrees of freedom and words."""
    assert type(found) is type(wanted), name
    if isinstance(wanted, op.Estimates):
        pd.testing.assert_frame_equal(found.labels, wanted.labels)
        assert found.about == wanted.about, name
        for column in ("n", "df", "n_cell"):
            np.testing.assert_array_equal(getattr(found, column), getattr(wanted, column), name)
        near(found.value, wanted.value, 1e-10, name)
        near(found.n_effective, wanted.n_effective, 1e-10, name)
        # Of a certain value only rounding is left, to be measured by the value.
        scale = np.maximum(1.0, np.abs(wanted.value))
        near(found.std_error, wanted.std_error, 1e-8, name, scale)
    elif isinstance(wanted, op.TestResult):
        for part in fields(wanted):
            one, two = getattr(found, part.name), getattr(wanted, part.name)
            if isinstance(two, float):
                near(one, two, 1e-8, f"{name}: {part.name}")
            else:
                assert one == two, f"{name}: {part.name}"
    elif isinstance(wanted, pd.DataFrame):
        pd.testing.assert_frame_equal(found, wanted)
    else:
        assert found == wanted, name


def near(found, wanted, relative, name, scale=1.0):
    """Within a relative distance; what is nothing but rounding, to that of its scale."""
    found, wanted = np.asarray(found), np.asarray(wanted)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(wanted), name)
    nothing = np.abs(wanted) < relative * scale
    distance = np.abs(found - wanted)
    within = np.where(nothing, relative * scale, relative * np.abs(wanted))
    assert (np.isnan(wanted) | (distance <= within)).all(), f"{name}: {found} != {wanted}"


def check_figures(name, case, *, whole):
    """Ask an engine for the measures of a case, all or some, and compare with memory."""
    chosen = CASES[case]
    panel = chosen.panel(name)
    for what, measure in (chosen.measures | (chosen.more if whole else {})).items():
        compare(measure(panel), in_memory(case, what), what)


def check_errors(name):
    """Ask an engine for what cannot be given, and compare what it says with memory."""
    chosen = CASES["drop-out"]
    here, there = chosen.panel("memory"), chosen.panel(name)
    for what, wrong in ERRORS.items():
        with pytest.raises(op.OpinionPanelError) as wanted:
            wrong(here)
        with pytest.raises(type(wanted.value)) as found:
            wrong(there)
        assert str(found.value) == str(wanted.value), what


def check_constants(name):
    """Count everyone: a selection of constants alone is a single row on some engines."""
    whole = columns_on(name)["whole"]
    ones = np.ones_like(whole, dtype=bool)
    assert ones.all()
    assert np.zeros_like(whole).sum() == 0
    assert literal(whole.people, 0.5).sum() == N / 2
    assert counts([np.zeros_like(whole)], [1]).tolist() == [N]
    assert counts([np.zeros_like(whole)], [1], ones).tolist() == [N]
    assert tables([Cross((), ones).table(literal(whole.people, 2.0))])[0] == 2 * N
    none = np.isin(whole, [])
    assert tables([Table((Key(whole, 4),), (), none), Table((), (), none)])[1] == 0


def check_operators(name):
    """Sum what several operators give, and compare with numpy."""
    columns = columns_on(name)
    for make in (
        lambda c: np.where(c["true"], c["real"] * c["whole"], c["codes"] - 0.5),
        lambda c: (c["village"] == 2) & ~c["true"] | np.isin(c["codes"], [0, 2]),
        lambda c: np.maximum(c["real"], c["whole"]) / 4 + np.minimum(c["codes"], 1),
        lambda c: ratio(c["real"], np.maximum(c["whole"], 0)),
        lambda given: take(np.array([0.25, -2.0, 1.5]), given["village"]),
    ):
        column, array = make(columns), make(KEYED)
        found = sums([columns["village"]], [3], column)
        np.testing.assert_allclose(found, sums([KEYED["village"]], [3], array), rtol=1e-14)
