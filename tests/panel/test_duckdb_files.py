"""Panels from files that DuckDB reads piece by piece equal those read into memory."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op

pytest.importorskip("duckdb")
WAVES = ["May", "June", "July"]
ITEM = op.Item("vote", {"yes": [1], "no": [2, 3], "unsure": [98]})
ASKED = {
    "person": "id",
    "items": {"vote": ITEM},
    "groups": ["region"],
    "design": op.Design(weight="weight", psu="psu"),
}


def frames():
    """Three waves with leading zeros in the ids, blanks and drop-out."""
    rng = np.random.default_rng(5)
    people = 200
    region = rng.choice(["north", "south"], people)
    made = {}
    for wave in WAVES:
        vote = rng.choice([1.0, 2.0, 3.0, 98.0, np.nan], people)
        frame = pd.DataFrame(
            {
                "id": [f"{number:04d}" for number in range(people)],
                "vote": vote,
                "weight": rng.uniform(0.5, 2, people).round(3),
                "region": region,
                "psu": np.arange(people) % 20,
            }
        )
        made[wave] = frame[rng.random(people) < 0.9]
    return made


def write(frame, path):
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    else:
        frame.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ",")


def same(panel, other):
    for measure in (op.transitions, op.shares):
        one, two = measure(panel, "vote", by="region"), measure(other, "vote", by="region")
        pd.testing.assert_frame_equal(one.labels, two.labels)
        np.testing.assert_allclose(one.value, two.value, rtol=1e-10)
        np.testing.assert_allclose(one.covariance, two.covariance, rtol=1e-8, atol=1e-14)
        assert one.n.tolist() == two.n.tolist()


@pytest.mark.parametrize("suffix", ["parquet", "csv", "tsv"])
def test_a_file_for_each_wave(tmp_path, suffix):
    files = {wave: tmp_path / f"{wave}.{suffix}" for wave in WAVES}
    for wave, frame in frames().items():
        write(frame, files[wave])
    same(op.read_panel(files, engine="duckdb", **ASKED), op.read_panel(files, **ASKED))


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_one_file_for_all_waves(tmp_path, suffix):
    path = tmp_path / f"long.{suffix}"
    write(pd.concat([frame.assign(wave=wave) for wave, frame in frames().items()]), path)
    asked = {**ASKED, "wave": "wave", "waves": WAVES}
    same(op.read_panel(path, engine="duckdb", **asked), op.read_panel(path, **asked))


def test_numbers_in_text_files_are_numbers_where_nothing_is_lost(tmp_path):
    frame = pd.DataFrame({"id": ["007", "1"], "vote": [1, 98], "share": [0.5, 1.0]})
    write(frame, tmp_path / "May.csv")
    from opinionpanel.panel.duckdb_files import duckdb_waves

    waves = duckdb_waves({"May": tmp_path / "May.csv"}, ["id", "vote", "share"])
    assert [str(kind) for kind in waves["May"].frame.types] == ["VARCHAR", "BIGINT", "DOUBLE"]


def test_refusals(tmp_path):
    (tmp_path / "May.sav").write_bytes(b"")
    (tmp_path / "bad.parquet").write_bytes(b"nothing of the kind")
    for name, message in (
        ("June.parquet", "no file"),
        ("May.sav", r"reads \.parquet, \.csv and \.tsv"),
        ("bad.parquet", "DuckDB cannot read bad.parquet"),
    ):
        with pytest.raises(op.OpinionPanelError, match=message):
            op.read_panel({"May": tmp_path / name}, engine="duckdb", **ASKED)
    with pytest.raises(op.OpinionPanelError, match="wave='…'"):
        op.read_panel(tmp_path / "May.csv", engine="duckdb", **ASKED)
    with pytest.raises(op.OpinionPanelError, match="one file of all waves"):
        op.read_panel({"May": tmp_path / "May.csv"}, wave="wave", **ASKED)
    with pytest.raises(op.OpinionPanelError, match="engine"):
        op.read_panel({"May": tmp_path / "May.csv"}, engine="spark", **ASKED)


def flows_by_engine(tmp_path, first, second):
    """Flows of the same two text files, read into memory and left in them."""
    files = {"A": tmp_path / "A.csv", "B": tmp_path / "B.csv"}
    for path, text in zip(files.values(), (first, second), strict=True):
        path.write_text(text, encoding="utf-8")
    item = op.Item("x", {"a": [1], "b": [2]})
    return [
        op.flows(op.read_panel(files, person="id", items={"x": item}, engine=engine), "x")
        for engine in ("memory", "duckdb")
    ]


def rows(number, start="", end=""):
    lines = (f"{start if i % 2 else ''}{i},{1 + i * 7 % 3 // 2}" for i in range(1, number))
    return "id,x\n" + "".join(line + "\n" for line in lines) + end


@pytest.mark.parametrize(
    ("start", "end", "number"),
    [
        ("#", "", 40),
        ("'", "", 40),
        ("", '"Z9",2\n"Z8","2"\n', 30_000),
        ("", "Z9,  \nZ8,\t\n", 40),
        ("", '"Z,9",2\n', 30_000),
    ],
    ids=["comments", "apostrophes", "late quotes", "blanks", "late delimiters"],
)
def test_text_means_what_it_means_in_memory(tmp_path, start, end, number):
    one = rows(number, start, end)
    expected, found = flows_by_engine(tmp_path, one, one.replace(",1\n", ",2\n", 5))
    np.testing.assert_allclose(found.value, expected.value)
    assert found.n.tolist() == expected.n.tolist()


def test_semicolons_and_decimal_commas(tmp_path):
    text = "id;x;weight\n" + "".join(f"{i};{1 + i % 2};{i % 5},5\n" for i in range(40))
    files = {wave: tmp_path / f"{wave}.csv" for wave in ("A", "B")}
    for path in files.values():
        path.write_text(text)
    asked = {
        "person": "id",
        "items": {"x": op.Item("x", {"a": [1], "b": [2]})},
        "design": op.Design(weight="weight"),
    }
    one, two = (op.read_panel(files, engine=engine, **asked) for engine in ("memory", "duckdb"))
    np.testing.assert_allclose(op.shares(two, "x").value, op.shares(one, "x").value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,x,x\n1,1,2\n", "several columns have the same name"),
        ("id,x,ID\n1,1,2\n", "small and capital"),
        ("\nid,x\n1,1\n", "first line is empty"),
        ("id,x\n1,1\n2\n", "DuckDB cannot read"),
    ],
)
def test_text_files_that_are_refused(tmp_path, text, message):
    path = tmp_path / "A.csv"
    path.write_text(text)
    with pytest.raises(op.OpinionPanelError, match=message):
        op.read_panel(
            {"A": path},
            person="id",
            items={"x": op.Item("x", {"a": [1], "b": [2]})},
            engine="duckdb",
        )
