"""A panel built on an engine is the panel built in memory: its people, its checks and its texts."""

from functools import reduce

import numpy as np
import pandas as pd
import pytest
from engine_frames import DASK, FRAMES, SPARK

import opinionpanel as op
from opinionpanel.engines.expressions import collected

pytestmark = [DASK, SPARK]
BOTH = pytest.mark.parametrize("engine", ["duckdb", "polars"])
WAVES = ["May", "June", "July"]


@pytest.fixture(scope="module")
def make():
    """Give frames to an engine; those of a panel to one connection."""
    import duckdb

    connection = duckdb.connect()

    def frame(engine, data):
        return connection.from_df(data) if engine == "duckdb" else FRAMES[engine](data)

    return frame


def survey(seed=1, people=90, share=0.7, **columns):
    """Three waves with drop-outs and entrants, and a category that one of them lacks."""
    rng = np.random.default_rng(seed)
    waves = {}
    trait = rng.integers(0, 4, people)
    for place, wave in enumerate(WAVES):
        ids = rng.permutation(people)[: int(people * share)]
        answers = rng.choice([1.0, 2.0, 3.0, 98.0, np.nan], len(ids), p=[0.3, 0.2, 0.2, 0.2, 0.1])
        if place == 1:
            answers[answers == 98] = 3
        weight = rng.gamma(2.0, 1.0, len(ids)).round(3)
        weight[rng.random(len(ids)) < 0.1] = np.nan
        weight[rng.random(len(ids)) < 0.05] = 0
        moving = (trait[ids] + (rng.random(len(ids)) < 0.2)) % 4
        waves[wave] = pd.DataFrame(
            {
                "id": ids + 1000,
                "q": answers,
                "w": weight,
                "region": np.array(["north", "south", "east", "west"])[trait[ids]],
                "village": (ids % 12) * 10,
                "age": np.where(rng.random(len(ids)) < 0.1, np.nan, moving + 18.0),
                "gender": np.where(ids % 2 == 0, "woman ", "man"),
                "number": 120.0,
            }
        ).assign(**columns)
    return waves


def vote(**options):
    return {"vote": op.Item("q", {"yes": [1, 2], "no": [3], "unsure": [98]}, **options)}


def from_waves(waves, make=None, engine="", **arguments):
    given = waves if make is None else {k: make(engine, frame) for k, frame in waves.items()}
    return op.Panel.from_waves(given, **{"person": "id", "items": vote()} | arguments)


def from_long(parts, make=None, engine="", **arguments):
    frame = pd.concat([part.assign(when=name) for name, part in parts.items()], ignore_index=True)
    given = frame if make is None else make(engine, frame)
    defaults = {"person": "id", "wave": "when", "waves": list(parts), "items": vote()}
    return op.Panel.from_long(given, **defaults | arguments)


def people_of(panel):
    """Bring everything that is known of people to one table, a row each, in no order."""
    columns = [*panel.present, *panel.weights.values(), panel.domain]
    for codes in panel.answers.values():
        columns += list(codes)
    for group in (*panel.groups.values(), *panel.fixed.values()):
        columns += [group.codes, *group.by_wave]
    for weights in panel.replicates.values():
        whole = isinstance(weights, np.ndarray)
        replicates = weights.T if whole else map(weights.column, range(weights.number))
        columns += list(replicates)
    in_design = reduce(np.logical_or, [weight > 0 for weight in panel.weights.values()])
    for codes in (getattr(panel.sampling, name, None) for name in ("stratum", "psu")):
        if codes is not None:
            columns.append(np.where(in_design, codes, -1))
    if isinstance(panel.present, tuple):
        named = {f"c{place}": column.expression() for place, column in enumerate(columns)}
        frame = panel.domain.people.frame.with_columns(**named).select(*named)
        table = collected(frame).to_numpy(dtype=float)
    else:
        table = np.stack([np.asarray(column, dtype=float) for column in columns], axis=1)
    table = table.round(9)
    return table[np.lexsort(table.T)]


def assert_same(lazy, panel):
    np.testing.assert_array_equal(people_of(lazy), people_of(panel))
    assert lazy.waves == panel.waves
    for name in ("unread", "without_weight", "sources", "design"):
        assert str(getattr(lazy, name)) == str(getattr(panel, name)), name
    assert set(lazy.notes) == set(panel.notes)
    for here, there in ((lazy.groups, panel.groups), (lazy.fixed, panel.fixed)):
        assert list(here) == list(there)
        for name in there:
            for part in ("categories", "missing", "changed", "use"):
                assert getattr(here[name], part) == getattr(there[name], part), (name, part)
    for name in ("sampled", "fraction", "stratum_of_psu", "rscales"):
        one, two = (getattr(each.sampling, name, None) for each in (lazy, panel))
        if two is not None:
            np.testing.assert_allclose(one, two)
    assert lazy.sampling.text == panel.sampling.text


DESIGN = op.Design(weight="w", stratum="region", psu="village", nest=True)
ARGUMENTS = {
    "unweighted": {},
    "groups": {
        "groups": {"region": "first", "age": "latest", "gender": "wave"},
        "fixed": ["gender"],
        "design": op.Design(weight="w"),
    },
    "clustered": {"design": DESIGN, "groups": ["age"]},
    "strata": {"design": op.Design(weight="w", stratum="gender", fpc="number")},
    "moving psu": {"design": op.Design(weight="w", psu="age")},
    "pairs": {
        "design": op.Design(
            weight={"May": "w", "June": None, "July": "w", ("May", "July"): "number"}
        )
    },
    "rest": {
        "items": {
            "vote": op.Item("q", {"yes": [1, 2], "no": [3]}, rest="missing"),
            "blank": op.Item(
                {"May": "q", "July": "q"}, {"a": [1, 2], "b": [3, None]}, not_asked=[98]
            ),
            "region": op.Item("region", {"up": ["north", "east"], "down": ["west", "south "]}),
        }
    },
    "coalesced": {
        "items": {
            "any": op.Item(
                {"May": op.coalesce("q", "age"), "June": "age", "July": op.coalesce("age", "q")},
                {"young": [18, 19, 1], "old": [20, 21]},
                rest="missing",
            )
        }
    },
    "resampled": {
        "design": op.Design(weight="w", stratum="gender", psu="village").as_replicates("jkn")
    },
    "no items": {"items": {}},
}  # fmt: skip


def _survey(name):
    waves = survey()
    if name == "coalesced":
        waves = {
            wave: part.assign(age=part["age"].where(part["q"].isna()))
            for wave, part in waves.items()
        }
    if name == "moving psu":
        waves = {wave: part.assign(age=part["age"].fillna(18)) for wave, part in waves.items()}
    return waves


@BOTH
@pytest.mark.parametrize("build", [from_waves, from_long])
@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_same_panel(make, engine, build, name):
    waves, arguments = _survey(name), ARGUMENTS[name]
    lazy, panel = build(waves, make, engine, **arguments), build(waves, **arguments)
    assert_same(lazy, panel)
    assert str(lazy) == str(panel)


IDS = {
    "text": lambda ids: ids.map("p{:04}".format),
    "spaces": lambda ids: ids.map(" {}".format),
    "floats": lambda ids: ids.astype(float),
    "small floats": lambda ids: ids.astype("float32"),
    "capitals": lambda ids: ids.map(lambda number: f"aB{number}" if number % 2 else f"ab{number}"),
}


@BOTH
@pytest.mark.parametrize("form", IDS)
def test_ids_of_any_form(make, engine, form):
    waves = {name: part.assign(id=IDS[form](part["id"])) for name, part in survey().items()}
    design = op.Design(weight="w", psu="village")
    lazy = from_waves(waves, make, engine, design=design)
    assert_same(lazy, from_waves(waves, design=design))
    long = op.transitions(lazy, "vote").to_frame()
    pd.testing.assert_frame_equal(
        long, op.transitions(from_waves(waves, design=design), "vote").to_frame(), rtol=1e-8
    )


@BOTH
def test_ids_of_another_type_in_one_wave(make, engine):
    waves = survey()
    waves["June"] = waves["June"].assign(id=waves["June"]["id"].astype(str))
    waves["July"] = waves["July"].assign(id=waves["July"]["id"].astype(float))
    assert_same(from_waves(waves, make, engine), from_waves(waves))


@BOTH
@pytest.mark.parametrize("build", [from_waves, from_long])
def test_rows_of_ids_that_stand_twice_are_dropped(make, engine, build):
    waves = survey()
    june = waves["June"]
    june.loc[:3, "id"] = [june["id"][10], june["id"][11], june["id"][10], 9999]
    june.loc[20:23, "id"] = 9999
    arguments = {"duplicates": "drop_all", "groups": ["age"], "design": op.Design(weight="w")}
    lazy = build(waves, make, engine, **arguments)
    assert_same(lazy, build(waves, **arguments))
    assert str(lazy) == str(build(waves, **arguments))


@BOTH
def test_replicate_weights(make, engine):
    rng = np.random.default_rng(2)
    waves = {
        name: part.assign(
            **{f"rep_{r}": part["w"] * rng.choice([0, 2], len(part)) for r in range(1, 5)}
        )
        for name, part in survey().items()
    }
    design = op.ReplicateDesign.brr(weight="w", replicates="rep_*")
    lazy, panel = (from_waves(waves, *how, design=design) for how in ((make, engine), ()))
    assert_same(lazy, panel)
    assert str(lazy) == str(panel)
    one, two = (op.transitions(each, "vote").to_frame() for each in (lazy, panel))
    pd.testing.assert_frame_equal(one, two, rtol=1e-8)


def at_june(**columns):
    """Change columns of June."""

    def change(waves):
        return waves | {"June": waves["June"].assign(**columns)}

    return change


def first(column, value, rows=1, wave="June"):
    """Change the first rows of a column."""

    def change(waves):
        part = waves[wave].copy()
        part[column] = part[column].astype(object) if isinstance(value, str) else part[column]
        part.loc[: rows - 1, column] = value
        return waves | {wave: part}

    return change


def numbered(waves):
    return {
        name: part.head(50 + place).assign(id=np.arange(1, 51 + place))
        for place, (name, part) in enumerate(waves.items())
    }


def as_text(**by_wave):
    def change(waves):
        return waves | {
            name: waves[name].assign(id=waves[name]["id"].map(how)) for name, how in by_wave.items()
        }

    return change


ERRORS = {
    "no id": (first("id", np.nan, 2), {}),
    "halves of an id": (lambda waves: at_june(id=waves["June"]["id"] + 0.5)(waves), {}),
    "twice": (first("id", 1001, 3), {}),
    "placeholder": (first("id", 0, 12), {}),
    "no overlap": (lambda waves: at_june(id=waves["June"]["id"] + 5000)(waves), {}),
    "no overlap of texts": (
        as_text(May="a{}".format, June="b-{}".format, July="a{}".format),
        {},
    ),
    "zeros": (as_text(June="00{}".format), {}),
    "other case": (as_text(May="a{}".format, June="a{}".format, July="A{}".format), {}),
    "parted": (as_text(May="a{}".format, June="a{}".format, July="a-{}".format), {}),
    "words": (
        lambda waves: first("id", "nan", 1, "July")(
            as_text(May="1{}".format, June="1{}".format, July="1{}".format)(waves)
        ),
        {},
    ),
    "row numbers": (numbered, {}),
    "no column": (at_june(), {"person": "nr"}),
    "no item": (at_june(), {"items": {"x": op.Item("nn", {"a": [1]})}}),
    "unmapped": (at_june(), {"items": {"x": op.Item("q", {"a": [1, 2], "b": [3]})}}),
    "recoded": (
        lambda waves: at_june(q=waves["June"]["q"].replace(3, 7))(waves),
        {"items": {"x": op.Item("q", {"a": [1, 2], "b": [3], "c": [98]})}},
    ),
    "clash": (
        at_june(),
        {
            "items": {
                "x": op.Item(
                    op.coalesce("q", "age"), {"a": [1, 18], "b": [2, 3, 19], "c": [98, 20, 21]}
                )
            }
        },
    ),
    "negative": (first("w", -1.0, 2), {"design": op.Design(weight="w")}),
    "infinite": (first("w", np.inf), {"design": op.Design(weight="w")}),
    "no weight": (at_june(w=0.0), {"design": op.Design(weight="w")}),
    "undeclared": (at_june(), {"design": op.Design(weight={"May": "w"})}),
    "weight is missing": (at_june(), {"design": op.Design(weight="wgt")}),
    "group is an id": (at_june(), {"groups": {"nr": op.Grouping("id")}}),
    "no group": (at_june(), {"groups": ["sex"]}),
    "reserved": (at_june(), {"groups": {"state": op.Grouping("region")}}),
    "gaps": (
        lambda waves: {
            name: part.assign(age=part["age"].where(part["id"] > 1030))
            for name, part in waves.items()
        },
        {"design": op.Design(weight="w", psu="age")},
    ),
    "torn": (at_june(), {"design": op.Design(weight="w", stratum="region", psu="village")}),
    "single": (
        first("region", "centre", 1, "May"),
        {"design": op.Design(weight="w", stratum="region")},
    ),
    "population": (
        lambda waves: at_june(number=waves["June"]["number"] + 1)(waves),
        {"design": op.Design(weight="w", stratum="gender", fpc="q")},
    ),
    "small population": (at_june(), {"design": op.Design(weight="w", fpc="age")}),
    "strangers": (
        lambda waves: at_june(
            gender=waves["June"]["gender"].sample(frac=1, random_state=1).to_numpy()
        )(waves),
        {"fixed": ["gender"]},
    ),
    "other names": (
        lambda waves: at_june(gender=waves["June"]["gender"].str.strip().str.upper())(waves),
        {"fixed": ["gender"]},
    ),
    "id is fixed": (at_june(), {"fixed": ["id"]}),
    "id is a weight": (at_june(), {"design": op.Design(weight="id")}),
    "duplicates": (at_june(), {"duplicates": "first"}),
    "no items": (at_june(), {"items": ["q"]}),
}  # fmt: skip


@BOTH
@pytest.mark.parametrize("fault", ERRORS)
def test_refuses_as_in_memory(make, engine, fault):
    change, arguments = ERRORS[fault]
    waves = change(survey())
    with pytest.raises(op.OpinionPanelError) as expected:
        from_waves(waves, **arguments)
    with pytest.raises(op.OpinionPanelError) as found:
        from_waves(waves, make, engine, **arguments)
    assert str(found.value) == str(expected.value)
    assert type(found.value) is type(expected.value)


REFUSED = {
    "two ids": ({"person": {wave: ["id", "village"] for wave in WAVES}}, "by one"),
    "text weights": ({"design": op.Design(weight="region")}, "cast this one"),
}


@BOTH
@pytest.mark.parametrize("what", REFUSED)
def test_what_an_engine_is_not_asked_for(make, engine, what):
    arguments, text = REFUSED[what]
    with pytest.raises(op.OpinionPanelError, match=text):
        from_waves(survey(), make, engine, **arguments)


@BOTH
def test_a_long_frame_says_its_waves(make, engine):
    with pytest.raises(op.OpinionPanelError, match="rows have no order"):
        from_long(survey(), make, engine, waves=None)
    with pytest.raises(op.OpinionPanelError, match=r"Unknown wave 'Mai'\. Did you mean 'May'"):
        from_long(survey(), make, engine, waves=["Mai", "June"])
    with pytest.raises(op.OpinionPanelError, match="collect the frame first"):
        from_long(survey(), make, engine, count="number")
    years = dict(zip((2019.0, 2021.0, 2024.0), survey().values(), strict=True))
    assert from_long(years, make, engine, waves=None).waves == ("2019", "2021", "2024")
    gap = years | {np.nan: years[2019.0].head(2)}
    with pytest.raises(op.OpinionPanelError, match=r"2 row\(s\) do not say which wave"):
        from_long(gap, make, engine, waves=None)


def test_waves_are_on_one_engine(make):
    waves = survey()
    mixed = {"May": waves["May"], "June": make("polars", waves["June"])}
    with pytest.raises(op.OpinionPanelError, match="polars and memory"):
        from_waves(mixed)
    mixed["May"] = make("duckdb", waves["May"])
    with pytest.raises(op.OpinionPanelError, match="DuckDB and polars"):
        from_waves(mixed)


def test_temporary_tables_go_with_their_panel():
    import gc

    import duckdb

    connection = duckdb.connect()
    waves = {name: connection.from_df(part) for name, part in survey().items()}
    tables = "select count(*) from duckdb_tables() where table_name like 'opinionpanel%'"
    panel = from_waves(waves)
    assert connection.sql(tables).fetchall() == [(1,)]
    assert panel.waves == tuple(WAVES)
    del panel
    gc.collect()
    panel = from_waves(waves)
    assert connection.sql(tables).fetchall() == [(1,)]
    assert panel.waves == tuple(WAVES)


@pytest.mark.parametrize(("engine", "build"), [("dask", from_waves), ("spark", from_long)])
def test_on_a_cluster(make, engine, build):
    waves = {name: part.assign(id=part["id"].map("p{}".format)) for name, part in survey().items()}
    arguments = ARGUMENTS["groups"] | {"design": DESIGN}
    lazy, panel = build(waves, make, engine, **arguments), build(waves, **arguments)
    assert_same(lazy, panel)
    one, two = (op.transitions(each, "vote", by="region").to_frame() for each in (lazy, panel))
    pd.testing.assert_frame_equal(one, two, rtol=1e-8)


@pytest.mark.parametrize("fault", ["twice", "unmapped", "negative", "zeros"])
def test_a_cluster_refuses_as_in_memory(make, fault):
    test_refuses_as_in_memory(make, "dask", fault)
