"""The waves of one file: names, and the order of fieldwork, in memory and on engines alike."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from engine_frames import FRAMES, ON_STAND_INS

import opinionpanel as op
from opinionpanel.errors import LinkError, ReadError, SelectionError
from opinionpanel.panel.wave_order import in_order, wave_text, waves_of

ITEMS = {"x": op.Item("x", {"no": [0], "yes": [1]})}


def long_frame(waves):
    """Six people at each wave; the last person comes first, and not at the first wave."""
    rows = [(person, wave, person % 2) for person in (6, 1, 2, 3, 4, 5) for wave in waves]
    return pd.DataFrame(rows[1:], columns=["id", "wave", "x"])


def waves_in(frame, **options):
    return op.Panel.from_long(frame, person="id", wave="wave", items=ITEMS, **options).waves


IN_ORDER = {
    "numbers": ([10, 9, 8.0], ("8", "9", "10")),
    "numbers as text": (["10", "9", "8"], ("8", "9", "10")),
    "years": ([2016, 2020, 2018], ("2016", "2018", "2020")),
    "negative": ([1, -1, 0], ("-1", "0", "1")),
    "days": (
        ["2024-11-18", "2024-07-08", "2023-12-01"],
        ("2023-12-01", "2024-07-08", "2024-11-18"),
    ),
    "months": (["Nov 2024", "Jul 2024", "Jan 2025"], ("Jul 2024", "Nov 2024", "Jan 2025")),
    "Russian months": (["ноябрь 2024", "июль 2024"], ("июль 2024", "ноябрь 2024")),
    "years in text": (["Wave 2 (2018)", "Wave 1 (2020)"], ("Wave 2 (2018)", "Wave 1 (2020)")),
    "one": (["only"], ("only",)),
}
NO_ORDER = {
    "text": ["Wave 2", "Wave 10", "Wave 1"],
    "months without a year": ["Jul", "Nov"],
    "a year and one of its months": ["2024", "Jul 2024"],
    "two in one year": ["spring 2024", "autumn 2024"],
    "day or month first": ["1/11/2024", "2/3/2024"],
    "partly dates": ["Jul 2024", "later"],
    "one number in two writings": ["1", "1.0"],
}


@pytest.mark.parametrize("name", IN_ORDER)
def test_numbers_and_dates_are_in_their_order(name):
    given, order = IN_ORDER[name]
    assert waves_in(long_frame(given)) == order


@pytest.mark.parametrize("name", NO_ORDER)
def test_other_text_is_asked_for_its_order(name):
    given = NO_ORDER[name]
    with pytest.raises(LinkError, match=r"'wave' names the waves by text.*waves=\[") as refused:
        waves_in(long_frame(given))
    assert all(repr(wave) in str(refused.value) for wave in given)
    assert waves_in(long_frame(given), waves=given) == tuple(given)


@ON_STAND_INS
@pytest.mark.parametrize("name", [*IN_ORDER, *NO_ORDER])
def test_engines_order_waves_alike(name, engine):
    given, order = IN_ORDER.get(name) or (NO_ORDER[name], None)
    frame = FRAMES[engine](long_frame(given))
    if order is None:
        with pytest.raises(LinkError, match="names the waves by text"):
            waves_in(frame)
    else:
        assert waves_in(frame) == order


DATES = {
    "days": [date(2024, 11, 18), date(2024, 7, 8)],
    "times": [datetime(2024, 11, 18, 9, 30), datetime(2024, 7, 8)],
}
DATE_NAMES = {
    "days": ("2024-07-08", "2024-11-18"),
    "times": ("2024-07-08", "2024-11-18 09:30:00"),
}


@pytest.mark.parametrize(
    "engine", ["memory", "polars", pytest.param("duckdb", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("name", DATES)
def test_dates_are_named_by_their_day(name, engine):
    frame = long_frame(DATES[name])
    if name == "times":
        frame["wave"] = pd.to_datetime(frame["wave"])
    given = frame if engine == "memory" else FRAMES[engine](frame)
    assert waves_in(given) == DATE_NAMES[name]


def test_ordered_categories_have_their_order():
    import polars

    frame = long_frame(["after", "before", "amid"])
    order = ["before", "amid", "after", "never"]
    ordered = frame.assign(wave=pd.Categorical(frame["wave"], order, ordered=True))
    assert waves_in(ordered) == ("before", "amid", "after")
    with pytest.raises(LinkError, match="names the waves by text"):
        waves_in(frame.assign(wave=frame["wave"].astype("category")))
    listed = polars.from_pandas(frame).with_columns(polars.col("wave").cast(polars.Enum(order)))
    assert waves_in(listed) == waves_in(listed.lazy()) == ("before", "amid", "after")


def test_transitions_run_forwards():
    """Person 3 comes first in the file and later in fieldwork: nothing runs backwards."""
    panel = op.Panel.from_long(long_frame([2, 1]), person="id", wave="wave", items=ITEMS)
    pairs = op.flows(panel, "x").labels[["from_wave", "to_wave"]].drop_duplicates()
    assert pairs.to_numpy().tolist() == [["1", "2"]]


def labelled():
    labels = {"wave": {1.0: "Spring", 2.0: "Autumn ", 3.0: "Winter"}}
    return op.Wave(long_frame([1.0, 2.0]), labels=labels)


def test_waves_may_be_named_by_their_labels():
    assert waves_in(labelled()) == ("1", "2")
    assert waves_in(labelled(), waves=["Spring", "autumn"]) == ("Spring", "autumn")
    assert waves_in(labelled(), waves=["Autumn"]) == ("Autumn",)
    assert waves_in(labelled(), waves=["2", "Spring"]) == ("2", "Spring")
    with pytest.raises(SelectionError, match=r"Unknown wave 'Sprung'. Did you mean 'Spring'"):
        waves_in(labelled(), waves=["Sprung"])
    with pytest.raises(ReadError, match="one wave twice"):
        waves_in(labelled(), waves=["1", "Spring"])
    with pytest.raises(ReadError, match="'1' twice"):
        waves_in(labelled(), waves=["1", "1"])


@ON_STAND_INS
def test_labels_of_waves_count_on_engines(engine):
    wave = labelled()
    lazy = op.Wave(FRAMES[engine](wave.frame), labels=wave.labels)
    assert waves_in(lazy, waves=["Autumn", "Spring"]) == ("Autumn", "Spring")


def test_rows_without_a_wave_are_counted():
    frame = long_frame([1.0, 2.0])
    frame.loc[:1, "wave"] = np.nan
    with pytest.raises(LinkError, match=r"2 row\(s\) do not say which wave"):
        waves_in(frame)
    declared = op.Wave(long_frame([1.0, 2.0, 9.0]), missing={"wave": (9.0,)})
    with pytest.raises(LinkError, match=r"6 row\(s\) do not say which wave"):
        waves_in(declared)
    with pytest.raises(LinkError, match=r"2 row\(s\) do not say which wave"):
        waves_of({"a": 5, " ": 2}, "wave")


def test_ids_are_no_waves():
    frame = pd.DataFrame({"id": range(300), "wave": [f"p{k}" for k in range(300)], "x": 1})
    for waves in (None, ["p1"]):
        with pytest.raises(LinkError, match="'wave' has 300 different values") as refused:
            waves_in(frame, waves=waves)
        assert "p1" not in str(refused.value)
    with pytest.raises(LinkError, match="named as the person id and as the column of waves"):
        op.Panel.from_long(frame, person="id", wave="id", items=ITEMS)


def test_a_value_and_its_spaces_are_one_wave():
    assert waves_of({"May": 3, " May ": 2}, "wave") == {"May": ["May", " May "]}
    assert wave_text(True) == "1"
    assert in_order([]) == []


def test_ids_named_as_waves_are_not_shown():
    ids = {f"person-{k}": 2 for k in range(40)}
    for waves in (None, ["May"]):
        with pytest.raises(LinkError, match="40 different values, as ids") as caught:
            waves_of(ids, "wave", waves=waves)
        assert "person-" not in str(caught.value)
    assert len(waves_of({2000 + k: 30 for k in range(40)}, "wave")) == 40
