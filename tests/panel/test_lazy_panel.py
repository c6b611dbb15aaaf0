"""A panel built on an engine is the panel built in memory: its people, its checks and its texts."""

import numpy as np
import pandas as pd
import pytest
from engine_frames import DASK, FRAMES
from engine_panels import ARGUMENTS, WAVES, assert_same, check_built, from_long, from_waves, survey

import opinionpanel as op

pytestmark = DASK
# Every one of DuckDB's many queries takes a while.
BOTH = pytest.mark.parametrize("engine", [pytest.param("duckdb", marks=pytest.mark.slow), "polars"])


@pytest.fixture(scope="module")
def make():
    """Give frames to an engine; those of a panel to one connection."""
    import duckdb

    connection = duckdb.connect()

    def frame(engine, data):
        return connection.from_df(data) if engine == "duckdb" else FRAMES[engine](data)

    return frame


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


@pytest.mark.slow
def test_on_a_cluster(make):
    check_built(from_waves, make, "dask")


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["twice", "unmapped", "negative", "zeros"])
def test_a_cluster_refuses_as_in_memory(make, fault):
    test_refuses_as_in_memory(make, "dask", fault)
