"""The benchmarks' results as the tables and charts of pages, all read from results.csv."""

import sys
from pathlib import Path

import altair as alt
import pandas as pd

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
from amounts import amount, times  # noqa: E402

# Texts that a row may lack; a column in which all do would be one of numbers.
SAID = ("against", "reach", "where")
RESULTS = pd.read_csv(BENCHMARKS / "results.csv", dtype=dict.fromkeys(SAID, str))
RESULTS = RESULTS.fillna(dict.fromkeys(SAID, ""))
LINKED, ALONE, PEAK = ": linking and 9 tables", ": 9 tables, once linked", ": peak memory"
CELL = {"vertical-align": "top", "padding": "0.1em 0.5em", "font-size": "0.85em"}
TEXTS = ["work", "against", "where the time goes"]
# Axes without exponents: 10 ms, 1 s; 100,000, 10 million.
SPANS = (
    "datum.value < 1e3 ? format(datum.value, ',') + ' ms' : format(datum.value / 1e3, ',') + ' s'"
)
COUNTS = (
    "datum.value < 1e6 ? format(datum.value, ',') : format(datum.value / 1e6, ',') + ' million'"
)


def machines() -> str:
    """Say when and on what was measured."""
    return "\n".join(
        f"Measured on {rows['date'].max()}: {machine}"
        for machine, rows in RESULTS.groupby("machine")
    )


def table(*parts: str) -> "pd.io.formats.style.Styler":
    """Lay out the rows of some parts."""
    rows = RESULTS[RESULTS["part"].isin(parts)]
    return _as_shown(
        {
            "work": rows["what"],
            "people": _people(rows),
            "ours": _amounts(rows, "ours"),
            "against": rows["against"],
            "it takes": _amounts(rows, "theirs"),
            "ratio": _ratios(rows),
            "wanted": rows["reach"],
            "reached": rows["met"].map({True: "yes", False: "no"}).fillna(""),
        }
    )


def missed() -> "pd.io.formats.style.Styler":
    """Lay out the rows that do not reach what is wanted, with where their time goes."""
    rows = RESULTS[RESULTS["met"].isin([False])]
    ours = _amounts(rows, "ours")
    return _as_shown(
        {
            "work": rows["what"],
            "people": _people(rows),
            "wanted": rows["reach"],
            "measured": _ratios(rows).where(rows["against"] != "", ours),
            "where the time goes": rows["where"],
        }
    )


def streamed() -> "pd.io.formats.style.Styler":
    """Lay out how files of more and more rows are read, and the line on to ten times the last."""
    rows = RESULTS[RESULTS["part"] == "beyond_memory"]
    rows = rows[rows["what"].str.contains("parquet") & ~rows["what"].str.contains("text ids")]
    kinds = [rows[rows["what"].str.endswith(kind)] for kind in (LINKED, ALONE, PEAK)]
    linked, alone, peak = kinds
    size = linked["people"] * linked["waves"]
    # Of one size no line goes on.
    further = [10 * size.iloc[-1]] if len(size) > 1 else []
    columns = {
        "linking and 9 tables": _onwards(linked, "ours", further),
        "9 tables alone": _onwards(alone, "ours", further),
        "bare sum of one column": _onwards(linked, "theirs", further),
        "peak memory": _onwards(peak, "ours", further),
    }
    return _as_shown({"rows": [f"{rows:,}" for rows in [*size, *further]], **columns})


def _onwards(rows: pd.DataFrame, column: str, further: list[int]) -> list[str]:
    """Write a column's figures, and those which the line through the last two leads to."""
    size, figure, shown = rows["people"] * rows["waves"], rows[column], _amounts(rows, column)
    for there in further:
        slope = (figure.iloc[-1] - figure.iloc[-2]) / (size.iloc[-1] - size.iloc[-2])
        reached = figure.iloc[-1] + slope * (there - size.iloc[-1])
        told = amount(float(f"{reached:.2g}"), rows["unit"].iloc[-1])
        shown = pd.Series([*shown, f"≈ {told}"])
    return list(shown)


def growth() -> alt.LayerChart:
    """Draw how time grows with interviews, in memory and from files, above their floors."""
    rows = RESULTS.assign(interviews=RESULTS["people"] * RESULTS["waves"])
    memory = rows[(rows["part"] == "growing") & (rows["waves"] == 2)]
    memory = memory.assign(kind="in memory, " + memory["what"].str.split(", ").str[-1])
    files = rows[(rows["part"] == "beyond_memory") & rows["what"].str.endswith(LINKED)]
    files = files[files["what"].str.contains("parquet") & ~files["what"].str.contains("text ids")]
    drawn = pd.concat([memory, files.assign(kind="from a file, 10 waves")])
    return _curves(drawn, "interviews", "interviews: people × waves").properties(
        width=480, height=280
    )


def by_waves() -> alt.LayerChart:
    """Draw how time grows with waves, one million people, above the floor."""
    rows = RESULTS[(RESULTS["part"] == "growing") & (RESULTS["people"] == 1_000_000)]
    rows = rows.assign(kind="in memory, " + rows["what"].str.split(", ").str[-1])
    return _curves(rows, "waves", "waves").properties(width=480, height=200)


def _curves(rows: pd.DataFrame, by: str, title: str) -> alt.LayerChart:
    """Draw time on logarithmic axes, and as dashed lines of the same colours the floors."""
    ticks = sorted(set(rows[by])) if by == "waves" else [10**power for power in range(3, 9)]
    x = alt.X(
        f"{by}:Q",
        title=title,
        axis=alt.Axis(labelExpr=COUNTS, values=ticks),
        scale=alt.Scale(type="log"),
    )
    scale = alt.Scale(type="log")
    axis = alt.Axis(labelExpr=SPANS, values=[10**power for power in range(-1, 6)])
    colour = alt.Color("kind:N", title=None, legend=alt.Legend(orient="bottom"))
    lines = alt.Chart(rows[[by, "kind", "ours", "theirs"]])
    ours = lines.mark_line(point=True).encode(
        x, alt.Y("ours:Q", title=None, axis=axis, scale=scale), colour
    )
    return ours + lines.mark_line(strokeDash=[4, 3]).encode(x, alt.Y("theirs:Q"), colour)


def _people(rows: pd.DataFrame) -> "pd.Series[str]":
    return rows["people"].map("{:,}".format).where(rows["people"] > 0, "")


def _amounts(rows: pd.DataFrame, column: str) -> "pd.Series[str]":
    shown = [
        "" if pd.isna(figure) else amount(figure, unit)
        for figure, unit in zip(rows[column], rows["unit"], strict=True)
    ]
    # A peer that is named and has no time is not installed.
    absent = rows[column].isna() & (rows["against"] != "") & (column == "theirs")
    return pd.Series(shown, rows.index, dtype=object).where(~absent, "absent")


def _ratios(rows: pd.DataFrame) -> "pd.Series[str]":
    shown = [
        "" if pd.isna(ratio) else times(ratio, wanted)
        for ratio, wanted in zip(rows["ratio"], rows["reach"], strict=True)
    ]
    return pd.Series(shown, rows.index, dtype=object)


def _as_shown(columns: dict[str, object]) -> "pd.io.formats.style.Styler":
    """Lay out columns that are not empty; figures on the right and on one line."""
    frame = pd.DataFrame(columns)
    frame = frame.loc[:, (frame != "").any()]
    figures = frame.columns.difference(TEXTS)
    frame[figures] = frame[figures].map(lambda text: text.replace(" ", "\N{NO-BREAK SPACE}"))
    shown = frame.style.hide().set_properties(**CELL)
    shown = shown.set_properties(subset=figures, **{"text-align": "right"})
    return shown.set_properties(subset=frame.columns.intersection(TEXTS), **{"text-align": "left"})
