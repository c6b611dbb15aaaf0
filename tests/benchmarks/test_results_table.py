"""The committed results of the benchmarks are complete and agree with themselves."""

import re
import sys

import numpy as np
import pandas as pd
import pytest
from places import BENCHMARKS, ROOT


@pytest.fixture(scope="module")
def results():
    return pd.read_csv(BENCHMARKS / "results.csv")


def test_parts_are_those_of_the_benchmark(results, monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import run

    assert set(results["part"]) <= set(run.PARTS)
    assert len(set(results["part"])) >= 9
    for name in ("run", "timing", "panels"):
        sys.modules.pop(name, None)


def test_every_part_is_shown_on_the_page_on_speed(results):
    page = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
    elsewhere = {"growing", "beyond_memory"}
    assert set(results["part"]) - elsewhere <= set(re.findall(r'"(\w+)"', page))


@pytest.fixture
def measured(monkeypatch):
    for folder in (ROOT / "docs", BENCHMARKS):
        monkeypatch.syspath_prepend(folder)
    import measured

    yield measured
    for name in ("measured", "amounts", "page_parts"):
        sys.modules.pop(name, None)


def test_the_line_goes_on_where_two_sizes_tell_it(measured, monkeypatch):
    what = [measured.LINKED, measured.ALONE, measured.PEAK]
    rows = pd.DataFrame(
        [
            {
                "part": "beyond_memory", "what": f"rows, parquet{kind}", "people": size,
                "waves": 10, "ours": size, "theirs": size, "unit": "ms", "against": "",
            }
            for size in (1000, 2000)
            for kind in what
        ]
    )  # fmt: skip
    for sizes, shown in ((1, ["10,000"]), (2, ["10,000", "20,000", "200,000"])):
        monkeypatch.setattr(measured, "RESULTS", rows[: 3 * sizes])
        table = measured.streamed()
        assert table["interviews"].tolist() == shown
        assert not table.stack().str.contains("nan").any()
    assert table["memory"].iloc[-1] == "≈ 20 s"


def test_all_rows_have_words_for_readers(measured):
    rows = measured.RESULTS[measured.RESULTS["part"] != "growing"]
    assert set(rows["against"]) <= {"", *measured.PEERS}
    for part in set(rows["part"]):
        assert "PSUs" not in measured.table("of a part", part).data


def test_what_is_typical_was_measured(measured):
    assert measured.typical().data.count("<tr>") == 1 + len(measured.TYPICAL)


def test_no_point_of_the_chart_is_without_its_place(measured, monkeypatch):
    # A program that was absent leaves an empty figure, which has no place on a logarithmic axis.
    whole = len(measured.growing())
    rows = measured.RESULTS.copy()
    absent = rows["part"] == "beyond_memory"
    rows.loc[absent, "theirs"] = np.nan
    monkeypatch.setattr(measured, "RESULTS", rows)
    points = measured.growing()
    assert 0 < len(points) < whole
    spec = measured._curves(points, 300).to_dict()
    (drawn,) = spec["datasets"].values()
    assert all(row["ms"] > 0 and row["interviews"] > 0 for row in drawn)
    assert spec["description"]


def test_ratios_are_ours_by_theirs(results):
    compared = results.dropna(subset=["ours", "theirs"])
    assert len(compared) > 20
    np.testing.assert_allclose(
        compared["ratio"], compared["ours"] / compared["theirs"], rtol=0.02, atol=1e-4
    )


def test_what_is_reached_follows_from_the_figures(results):
    size = {"×": 1, "ms": 1, "s": 1e3, "KB": 1, "MB": 1e3, "GB": 1e6}
    for row in results.dropna(subset=["reach", "met"]).itertuples():
        sign, limit, unit = row.reach.split()[:3]
        figure = row.ratio if isinstance(row.against, str) else row.ours * size[row.unit]
        if sign == "≥":
            assert row.met == (1 / figure >= float(limit)), row.what
        else:
            assert row.met == (figure <= float(limit) * size[unit]), row.what


def test_all_was_measured_on_one_kind_of_machine(results):
    assert results["machine"].nunique() == 1
    # A peer that is not installed has nothing in its row.
    assert (results["runs"] >= 1).equals(results["ours"].notna())
