"""Waves from frames of any kind, their declared missing values, and how they show themselves."""

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError, ReadError
from opinionpanel.waves.wave import Wave, as_wave

KINDS = {
    "pandas": lambda frame: frame,
    "pandas with masks": lambda frame: frame.convert_dtypes(),
    "pandas on Arrow": lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
    "polars": lambda frame: pl.from_pandas(frame),
    "pyarrow": lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
    "narwhals": lambda frame: nw.from_native(frame),
}
LISTS = pd.ArrowDtype(pa.list_(pa.int64()))


def waves(kind, ids):
    """Two waves of some people, with blanks in answers, weights and groups."""
    rng = np.random.default_rng(3)
    people = pd.Series(ids)
    frames = {}
    for wave in ("May", "June"):
        frame = pd.DataFrame(
            {
                "id": people,
                "q": rng.choice([1.0, 2.0, 98.0, np.nan], len(people)),
                "text": rng.choice(["yes", "no", ""], len(people)),
                "w": rng.lognormal(size=len(people)),
                "sex": np.where(np.arange(len(people)) % 3, "man", "woman"),
                "town": np.arange(len(people)) // 5,
            }
        ).sample(frac=0.9, random_state=len(wave))
        frame.loc[frame.index[:3], "w"] = np.nan
        frames[wave] = KINDS[kind](frame.reset_index(drop=True))
    return frames


def results(kind, ids):
    panel = op.Panel.from_waves(
        waves(kind, ids),
        person="id",
        items={
            "q": op.Item("q", {"yes": [1], "no": [2], "unsure": [98]}),
            "text": op.Item("text", {"yes": ["yes"], "no": ["no"]}),
        },
        groups=["sex"],
        design=op.Design(weight="w", psu="town"),
    )
    return pd.concat(
        [op.flows(panel, "q").to_frame(), op.transitions(panel, "text", by="sex").to_frame()]
    )


@pytest.mark.parametrize("kind", list(KINDS)[1:])
@pytest.mark.parametrize(
    "ids", [range(80), [f"{i:04d}" for i in range(80)], [2**53 + i for i in range(80)]]
)
def test_every_kind_of_frame_gives_the_same_panel(kind, ids):
    pd.testing.assert_frame_equal(results(kind, list(ids)), results("pandas", list(ids)))


def test_whole_numbers_with_blanks_stay_exact():
    table = pa.table({"id": [2**53 + 1, None]})
    for frame in (table, pl.from_arrow(table)):
        assert as_wave("May", frame).frame["id"][0] == 2**53 + 1


def test_what_is_no_wave():
    with pytest.raises(ReadError, match=r"lazy frame.*collect"):
        as_wave("May", pl.LazyFrame({"id": [1]}))
    for thing in ([1, 2], {"id": [1]}, "wave1.sav", pd.Series([1])):
        with pytest.raises(ReadError, match=r"'May' is a .*; give a frame of pandas, polars"):
            as_wave("May", thing)
    with pytest.raises(ReadError, match="must be text"):
        as_wave(2024, pd.DataFrame())


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"id": [1, 2], "q": [[1, 2], [1]]}),
        pd.DataFrame({"id": [1, 2], "q": [None, {"a": 1}]}),
        pd.DataFrame({"id": [1, 2], "q": [np.array([1]), "a"]}),
        pd.DataFrame({"id": [1, 2], "q": pd.Series([[1], [2]], dtype=LISTS)}),
        pl.DataFrame({"id": [1, 2], "q": [[1, 2], [1]]}),
        pl.DataFrame({"id": [1, 2], "q": [{"a": 1}, {"a": 2}]}),
        pa.table({"id": [1, 2], "q": [[1, 2], [1]]}),
    ],
)
def test_lists_are_no_answers(frame):
    item = op.Item("q", {"yes": [1]}, rest="missing")
    with pytest.raises(OpinionPanelError, match="lists or other structures"):
        op.Panel.from_waves({"May": frame}, person="id", items={"q": item})


def test_declared_missing_values_of_every_form():
    def valid(values, missing):
        wave = Wave(pd.DataFrame({"w": values}), missing={"w": missing})
        return wave.valid("w", "May", purpose="weight").isna().tolist()

    assert valid([1, 98, 99, 97], [(98, 99)]) == [False, True, True, False]
    assert valid([1.0, -5, 0], [(-np.inf, -1)]) == [False, True, False]
    assert valid([1.0, 900, np.nan], [(100, np.inf)]) == [False, True, True]
    assert valid([1, 7, 99], [7, (90, 99)]) == [False, True, True]
    assert valid([1.0, "a", "b"], ["a", "b"]) == [False, True, True]
    assert valid(["Z ", "a", None], ["Z"]) == [True, False, True]
    assert valid(["A", "B", "D"], [("A", "C")]) == [True, True, False]
    arrow = pd.Series([1, 98, None], dtype=pd.ArrowDtype(pa.int64()))
    assert valid(arrow, [98]) == [False, True, True]


def test_a_wave_shows_codes_and_labels_and_no_people():
    wave = Wave(
        pd.DataFrame({"resp_id": [70001, 70002], "q12": [1, 98]}),
        labels={"q12": {1.0: "за", 98.0: "<don't know>"}},
        wording={"q12": "Do you support it?"},
        missing={"q12": ((98.0, 99.0),)},
        source="wave1.sav",
        encoding="utf-8",
        notes=("cannot be checked",),
    )
    text = str(wave)
    assert text == repr(wave)
    for part in (
        "Wave: wave1.sav (utf-8), 2 people × 2 columns",
        "note: cannot be checked",
        "q12      Do you support it?",
        "labels: 1 'за', 98",
        "missing: 98 to 99",
    ):
        assert part in text
    assert "70001" not in text
    assert "&lt;don" in wave._repr_html_()
    many = Wave(pd.DataFrame(np.zeros((1, 30)), columns=[f"c{i}" for i in range(30)]))
    assert "and 10 more columns" in str(many)
    assert "a frame" in str(many)


def test_columns_named_by_numbers():
    with pytest.raises(ReadError, match=r"column '0' is named by a number.*astype\(str\)"):
        Wave(pd.DataFrame({0: [1]})).column("0", "May", purpose="item")


def test_an_arrow_table_with_a_name_twice():
    table = pa.table([[1], [2]], names=["q", "q"])
    with pytest.raises(ReadError, match="'May' has several columns of one name"):
        as_wave("May", table)


@pytest.mark.parametrize("value", [[2], {2}, {"a": 2}, (2,)])
def test_structures_among_answers_of_other_kinds(value):
    mixed = pd.DataFrame({"q": pd.Series([1, "x", value], dtype=object)})
    with pytest.raises(ReadError, match="holds lists or other structures"):
        Wave(mixed).column("q", "May", purpose="item")
