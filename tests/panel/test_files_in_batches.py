"""Panels from files that are read in batches equal those of files read at once."""

import gzip

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import ReadError

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
    assert panel.held.endswith("of memory")
    assert not other.held
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


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_the_file_that_was_named_is_read(tmp_path, suffix):
    for name, vote in (("w[1]", 1), ("w1", 2)):
        frame = pd.DataFrame({"id": range(20), "vote": vote})
        path = tmp_path / f"{name}.{suffix}"
        frame.to_csv(path, index=False) if suffix == "csv" else frame.to_parquet(path)
    item = {"vote": ITEM}
    files = {"May": tmp_path / f"w[1].{suffix}"}
    panel = op.read_panel(files, person="id", items=item, engine="duckdb")
    assert set(panel.answers["vote"][0].tolist()) == {0}


def test_refusals(tmp_path):
    (tmp_path / "May.sav").write_bytes(b"")
    (tmp_path / "bad.parquet").write_bytes(b"nothing of the kind")
    for name, message in (
        ("June.parquet", "no file"),
        ("May.sav", r"reads \.parquet and text files"),
        ("bad.parquet", "bad.parquet cannot be read as .parquet"),
    ):
        with pytest.raises(op.OpinionPanelError, match=message):
            op.read_panel({"May": tmp_path / name}, engine="duckdb", **ASKED)
    with pytest.raises(op.OpinionPanelError, match="wave='…'"):
        op.read_panel(tmp_path / "May.csv", engine="duckdb", **ASKED)
    with pytest.raises(op.OpinionPanelError, match="one file for all waves"):
        op.read_panel({"May": tmp_path / "May.csv"}, wave="wave", **ASKED)
    with pytest.raises(op.OpinionPanelError, match="engine"):
        op.read_panel({"May": tmp_path / "May.csv"}, engine="spark", **ASKED)


def flows_by_engine(tmp_path, first, second):
    """Flows of the same two text files, read at once and in batches."""
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
        ("\nid,x\n1,1\n", "skip_rows=1"),
        ("id,x\n1,1\n2\n", "have fewer fields"),
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


def both(tmp_path, lines, name="w.csv", **asked):
    """The panel of a text file at once and in batches, or what refuses it."""
    data = lines.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    item = op.Item("x", {"a": [1], "b": [2]})
    found = []
    for engine in ("memory", "duckdb"):
        try:
            panel = op.read_panel(
                {"w": tmp_path / name}, person="id", items={"x": item}, engine=engine, **asked
            )
        except op.OpinionPanelError as error:
            found.append(str(error))
        else:
            shares = op.shares(panel, "x")
            found.append((shares.value.tolist(), shares.covariance.tolist(), panel.notes))
    return found


WEIGHTED = {"design": op.Design(weight="w")}


@pytest.mark.parametrize(
    ("weights", "delimiter", "says"),
    [
        (["1.50", "0.9"], ",", None),
        (["1,5", "0,25"], "\t", None),
        (["1,50", "01,2"], ";", None),
        (["1.234", "2.500"], ";", "may be thousands"),
        (["1.5", "NA"], ",", "20 values are 'NA', otherwise numbers"),
        (["1,5", "1.5"], ";", "20 value(s) have a decimal point and 20 a decimal comma"),
        (["a", "1"], ",", ""),
    ],
)
def test_weights_are_what_they_are_in_memory(tmp_path, weights, delimiter, says):
    lines = (delimiter.join([str(i), str(1 + i % 3 // 2), weights[i % 2]]) for i in range(40))
    text = delimiter.join(["id", "x", "w"]) + "\n" + "\n".join(lines) + "\n"
    memory, batches = both(tmp_path, text, **WEIGHTED)
    if says is None:
        np.testing.assert_allclose(batches[0], memory[0])
        np.testing.assert_allclose(batches[1], memory[1])
    elif says:
        assert memory == batches
        assert says in memory
    else:
        assert isinstance(memory, str)
        assert isinstance(batches, str)


@pytest.mark.parametrize(
    ("text", "name", "options"),
    [
        ("Title\n\nid,x\n", "w.csv", {"skip_rows": 2}),
        ("Title\n\nid,x\n", "w.csv", {}),
        ('id,x\n"a\nb",c\n', "w.csv", {"skip_rows": [2]}),
        ('id,x\n"a\nb",c\n', "w.csv", {}),
        ("sep=;\nid,x\n".replace(",", ";"), "w.csv", {}),
        ("id,x\n77,.\n", "w.csv", {}),
        ("id,x\n77,NA\n", "w.csv", {"blanks": ["NA"]}),
        ("id,x\n", "w.csv.gz", {}),
        ("id,x\n", "w.txt", {"text": ["id"]}),
        ("id,x\n", "w.csv", {"sheet": 1}),
    ],
)
def test_first_rows_and_blanks_are_those_in_memory(tmp_path, text, name, options):
    people = "".join(f"{i},{1 + i % 3 // 2}\n" for i in range(9))
    people = people.replace(",", ";") if "sep=" in text else people
    memory, batches = both(tmp_path, text + people, name, **options)
    assert memory == batches


def test_rows_in_the_middle(tmp_path):
    memory, batches = both(tmp_path, "id,x\n1,1\n2,2\n3,1\n", skip_rows=[3])
    assert memory[0] == [1, 0]
    assert batches == memory


WHY = {
    "gr\xf6\xdfe,q\n1,1\n2,2\n".encode("cp1252"): r"cannot be decoded. It decodes with .*1252",
    b"id,q\n1,1\n2,2,9\n": r"1 row\(s\) have more fields than the 2 columns",
    b"id,q\n1,1\n2\n": r"1 row\(s\) have fewer fields|cut off",
    b'id,q\n1,1\n2,"2\n3,1\n': r"never closed",
    b"id,q\n": r"has no rows|at least one wave",
}


@pytest.mark.parametrize("content", WHY, ids=list(WHY.values()))
def test_what_is_wrong_with_a_text_file_is_said(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    asked = {"person": "id", "items": {"q": op.Item("q", {"yes": [1], "no": [2]})}}
    for files, of in (({"w1": path}, "Wave 'w1'[: (]+a.csv"), (path, "")):
        wave = None if isinstance(files, dict) else "q"
        said = []
        for engine in ("memory", "duckdb"):
            with pytest.raises(op.OpinionPanelError, match=rf"^{of}.*(?:{WHY[content]})") as error:
                op.read_panel(files, wave=wave, engine=engine, **asked)
            said.append(str(error.value))
        assert said[0] == said[1]


@pytest.mark.parametrize("engine", ["memory", "duckdb"])
@pytest.mark.parametrize("text", [(), ["id"]])
def test_ids_that_a_spreadsheet_has_shortened_are_refused(tmp_path, engine, text):
    path = tmp_path / "a.csv"
    path.write_text("id,w,q\n1.23457E+14,1.5E+01,1\n1.23458E+14,2.5E+01,2\n77,1,1\n")
    other = tmp_path / "b.csv"
    other.write_text("id,w,q\n77,1,1\n78,1,2\n")
    about = {"items": {"q": op.Item("q", {"yes": [1], "no": [2]})}, "engine": engine, "text": text}
    with pytest.raises(ReadError, match=r"'id' has 2 number\(s\) .*shortened as in 9.99E\+14"):
        op.read_panel({"w1": path, "w2": other}, person="id", **about)
