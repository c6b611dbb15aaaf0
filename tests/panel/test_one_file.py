"""One file for all waves, read by read_panel: long and wide."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from panel_table import assert_same

import opinionpanel as op
from opinionpanel.errors import ItemError, LinkError, ReadError

LABELS = {"v": {1: "Yes", 2: "No", 3: "DK"}, "sex": {1: "Male", 2: "Female", 9: "Refused"}}
BY_LABEL = {"yes": ["Yes"], "no": ["No"], "dk": ["DK"]}
LONG = {"v": op.Item("v", BY_LABEL)}
WIDE = {"v": op.Item({"1": "v1", "2": "v2"}, BY_LABEL)}


def rows(people=40):
    k = np.arange(people)
    refused = k % 10 == 0
    one = pd.DataFrame(
        {"id": 11.0 + k, "wave": 1.0, "v": 1.0 + k % 3, "sex": np.where(refused, 9, 1.0 + k % 2)}
    )
    return pd.concat([one, one.assign(wave=2.0, sex=1.0 + k % 2)], ignore_index=True)


@pytest.fixture
def long(tmp_path):
    path = tmp_path / "all.sav"
    pyreadstat.write_sav(
        rows().assign(unused=1), path, variable_value_labels=LABELS, missing_ranges={"sex": [9]}
    )
    return path


@pytest.fixture
def wide(tmp_path):
    whole = rows()
    parts = [
        part.set_index("id")[["v", "sex"]].add_suffix(f"{wave:.0f}")
        for wave, part in whole.groupby("wave")
    ]
    path = tmp_path / "wide.sav"
    pyreadstat.write_sav(
        pd.concat(parts, axis=1).reset_index(),
        path,
        variable_value_labels={f"{name}{w}": texts for name, texts in LABELS.items() for w in "12"},
        missing_ranges={"sex1": [9], "sex2": [9]},
    )
    return path


def read_long(path, **options):
    return op.read_panel(path, **{"person": "id", "wave": "wave", "items": LONG} | options)


def test_labels_missing_codes_file_and_encoding_stay(long, wide):
    sex = op.Grouping({"1": "sex1", "2": "sex2"})
    for panel in (
        read_long(long, groups=["sex"]),
        op.read_panel(wide, person="id", items=WIDE, groups={"sex": sex}),
    ):
        assert panel.waves == ("1", "2")
        assert panel.groups["sex"].missing == ("Refused",)
        assert np.bincount(panel.groups["sex"].codes).tolist() == [20, 20]
        assert set(panel.sources.values()) in ({"all.sav (utf-8)"}, {"wide.sav (utf-8)"})


def test_only_the_columns_that_are_needed_are_read(long, wide, monkeypatch):
    from opinionpanel.panel import from_files

    seen = []

    def reading(request):
        seen.append(list(request.columns))
        return read(request)

    read = from_files.read_file
    monkeypatch.setattr(from_files, "read_file", reading)
    read_long(long)
    op.read_panel(wide, items=WIDE)
    assert seen == [["wave", "id", "v"], ["v1", "v2"]]


@pytest.mark.parametrize(
    ("options", "error", "parts"),
    [
        ({"person": ()}, ReadError, ["all.sav", "person= names the id column", "wide file"]),
        ({"person": "idd"}, ReadError, ["all.sav", "'idd'", "Did you mean 'id'"]),
        ({"wave": "wav"}, ReadError, ["all.sav", "'wav'", "Did you mean 'wave'"]),
        ({"wave": None}, ReadError, ["got one file, all.sav", "wave='…'", "'v' names one for all"]),
        ({"wave": None, "items": {}}, ItemError, ["no item is given"]),
        ({"groups": ["sexx"]}, ReadError, ["all.sav", "Did you mean 'sex'"]),
        ({"encoding": {"1": "utf-8"}}, ReadError, ["encoding= is said by wave", "all.sav"]),
        ({"allow_lost_missing": ["1"]}, ReadError, ["allow_lost_missing= is said by wave"]),
    ],
)
def test_refusals_say_what_to_write(long, options, error, parts):
    with pytest.raises(error) as refused:
        read_long(long, **options)
    assert all(part in str(refused.value) for part in parts), str(refused.value)


def test_what_goes_with_one_file_only(long):
    for option in ({"wave": "wave"}, {"waves": ["1"]}, {"count": "n"}):
        with pytest.raises(ReadError, match="go with one file for all waves"):
            op.read_panel({"1": long}, person="id", items=LONG, **option)
    with pytest.raises(ReadError, match="Only one wide file for all waves can do without"):
        op.read_panel({"1": long}, items=LONG)


def test_a_table_of_frequencies(tmp_path):
    path = tmp_path / "table.csv"
    pd.DataFrame({"v1": [1, 1, 2], "v2": [1, 2, 2], "n": [5, 3, 2]}).to_csv(path, index=False)
    item = op.Item({"1": "v1", "2": "v2"}, {"yes": [1], "no": [2]})
    panel = op.read_panel(path, items={"v": item}, count="n")
    assert op.flows(panel, "v").n_cell.tolist() == [5, 3, 0, 2]
    assert panel.present.shape[1] == 10


def test_encoding_and_notes_of_one_file(tmp_path):
    path = tmp_path / "all.csv"
    path.write_bytes("id,wave,v\n1,2,да\n2,1,нет\n1,1,да\n2,2,да\n".encode("windows-1251"))
    item = op.Item("v", {"yes": ["да"], "no": ["нет"]})
    panel = read_long(path, items={"v": item}, encoding="windows-1251", progress=False)
    assert panel.sources == dict.fromkeys("12", "all.csv (windows-1251)")
    assert panel.answers["v"].tolist() == [[1, 0], [0, 0]]


def test_a_note_of_one_file_stands_once():
    whole = op.Wave(rows(), labels=LABELS, source="all.sav", notes=("no count of people",))
    panel = op.Panel.from_long(whole, person="id", wave="wave", items=LONG, groups=["sex"])
    assert [note for note in panel.notes if "count" in note] == ["all.sav: no count of people"]


def test_ids_that_restart_in_a_long_file_are_refused():
    """Cross-sections put together, each numbered from 1: as with a file for each wave."""
    parts = [rows(size).assign(id=range(1, 2 * size + 1))[:size] for size in (60, 70)]
    frame = pd.concat([part.assign(wave=place) for place, part in enumerate(parts)])
    items = {"v": op.Item("v", {"yes": [1], "no": [2], "dk": [3]})}
    with pytest.raises(LinkError, match="as if every wave were numbered anew"):
        op.Panel.from_long(frame, person="id", wave="wave", items=items)


def test_in_batches(tmp_path):
    rows().to_parquet(tmp_path / "all.parquet")
    items = {"v": op.Item("v", {"yes": [1], "no": [2], "dk": [3]})}
    assert read_long(tmp_path / "all.parquet", items=items, engine="duckdb").waves == ("1", "2")
    # Rows that stand for several people become people at once.
    one, other = (
        read_long(tmp_path / "all.parquet", items=items, count="v", engine=engine)
        for engine in ("memory", "duckdb")
    )
    assert_same(one, other)
