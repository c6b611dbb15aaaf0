"""The benchmarks' results as the tables and the chart of the page on speed, from results.csv."""

import sys
from pathlib import Path

import altair as alt
import page_parts
import pandas as pd
from IPython.display import HTML

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
from amounts import amount, digits  # noqa: E402

# Texts that a row may lack; a column in which all do would be one of numbers.
SAID = ("against", "reach", "where")
RESULTS = pd.read_csv(BENCHMARKS / "results.csv", dtype=dict.fromkeys(SAID, str))
RESULTS = RESULTS.fillna(dict.fromkeys(SAID, ""))
PRODUCT = "one dense product"
LINKED, ALONE, PEAK = ": linking and 9 tables", ": 9 tables, once linked", ": peak memory"
# What the benchmarks call their work, and how a reader would; longer names come first.
WORDS = {
    "a call: ": "",
    ", 2,000 PSUs in 40 strata": ", 2,000 sampling units",
    "2,000 PSUs": "2,000 sampling units",
    "400 PSUs": "400 sampling units",
    "people as PSUs": "people drawn one by one",
    ", PSUs": ", 2,000 sampling units",
    "10 categorical frames to a panel": "linking ten waves",
    "a cold script: four .sav, transitions, print": (
        "a script from its start: four SPSS files, linking, transitions, print"
    ),
    "the first Sankey of that script, Altair's import included": "the first Sankey of that script",
    "its first HTML file": "its first chart saved as a page",
    "Sankey of 6 waves × 5 groups to a spec": "laying out a Sankey of 6 waves",
    "Sankey of 6 waves × 5 groups: its JSON": "what this Sankey adds to a page",
    "Sankey of 6 waves to a PNG, warm": "saving it as a picture",
}
PEERS = {
    "R svyby(~b, ~a, design, svymean)": "R survey, `svyby`",
    "R svyby(…, covmat = TRUE)": "R survey, `svyby` with covariances",
    "svy, warm": "svy",
    "TraMineR seqtrate, no errors": "TraMineR, `seqtrate`",
    "polars group_by, no errors": "polars, `group_by`",
    "DuckDB group by, no errors": "DuckDB, `GROUP BY`",
    PRODUCT: "the sums alone",
    "9 bare bincounts": "counting alone",
    "bare Sphinx and furo": "laying out as many empty pages",
    "codes and one weight column": "answers and weights alone",
    "9 outer merges": "nine merges in pandas",
    "copying the columns once": "copying the answers once",
    "pyreadstat with usecols": "pyreadstat alone",
    "pyarrow's own full read": "pyarrow, reading it once",
    "bare sum of one column": "adding up one column",
    "import altair": "importing Altair",
    "import pandas": "importing pandas",
    "vl-convert's bundle": "copying the drawing program",
}
# Axes without exponents: 10 ms, 1 s; 100,000, 10 million.
SPANS = (
    "datum.value < 1e3 ? format(datum.value, ',') + ' ms' : format(datum.value / 1e3, ',') + ' s'"
)
COUNTS = (
    "datum.value < 1e6 ? format(datum.value, ',') : format(datum.value / 1e6, ',') + ' million'"
)
# What a first reader asks for: a name, and the row that answers.
TYPICAL = {
    "a script from its start to a printed transition table: four SPSS files of some 1,200 people": (
        "a cold script: four .sav, transitions, print", 0, 0,
    ),
    "its first chart": ("the first Sankey of that script, Altair's import included", 0, 0),
    "each further table: transitions, 10,000 people, 2 waves": ("a call: transitions", 10_000, 2),
    "turnover and its parts, 10,000 people, 2 waves": ("a call: turnover", 10_000, 2),
    "shares in 20 groups from 500 replicate weights, 10,000 people": (
        "shares by 20 groups, 500 replicate weights", 10_000, 1,
    ),
    "reading 3 of 500 columns of an SPSS file of 50,000 people": (
        "3 of 500 columns of compressed.sav", 50_000, 1,
    ),
    "linking ten waves of 1 million people": (
        "10 categorical frames to a panel, ids shuffled", 1_000_000, 10,
    ),
    "nine transition tables of these": (
        "9 transition tables, 2,000 PSUs in 40 strata", 1_000_000, 10,
    ),
    "linking and nine tables from a Parquet file of 100 million interviews": (
        f"100,000,000 rows, parquet, whole-number ids{LINKED}", 10_000_000, 10,
    ),
}  # fmt: skip


def machines() -> str:
    """Say when and on what was measured."""
    return "\n".join(
        f"Measured on {rows['date'].max()}: {machine}"
        for machine, rows in RESULTS.groupby("machine")
    )


def typical() -> HTML:
    """How long what a first reader would do takes."""
    took = []
    work = RESULTS.drop_duplicates(["what", "people", "waves"]).set_index(
        ["what", "people", "waves"]
    )
    for key in TYPICAL.values():
        row = work.loc[key]
        took.append(amount(row["ours"], row["unit"]))
    frame = pd.DataFrame({"work": list(TYPICAL), "takes": took})
    return page_parts.table("How long typical work takes", frame, texts=["work"])


def table(name: str, *parts: str) -> HTML:
    """Lay out the rows of some parts, but for those that `replicates` shows."""
    return _compared(RESULTS[RESULTS["part"].isin(parts) & (RESULTS["against"] != PRODUCT)], name)


def replicates() -> HTML:
    """Lay out what replicate weights take against the bare sums under each of them."""
    return _compared(RESULTS[RESULTS["against"] == PRODUCT], "Replicate weights")


def faster_elsewhere() -> HTML:
    """Lay out the comparisons with other programs in which these are faster."""
    rows = RESULTS[RESULTS["part"].str.startswith("against_") & (RESULTS["against"] != PRODUCT)]
    return _compared(rows[rows["ratio"] > 1], "Where others are faster")


def longest() -> HTML:
    """Lay out everything that takes more than a second."""
    rows = RESULTS[(RESULTS["unit"] == "ms") & (RESULTS["ours"] > 1_000)]
    return _compared(rows.sort_values("ours"), "What takes more than a second")


def _compared(rows: pd.DataFrame, name: str) -> HTML:
    """Lay out rows: the work and its size, what it is compared with, and both figures."""
    theirs = [
        f"{PEERS[against]}: {figure}" if against else ""
        for against, figure in zip(rows["against"], _amounts(rows, "theirs"), strict=True)
    ]
    frame = pd.DataFrame(
        {
            "work": [_work(row) for row in rows.itertuples()],
            "opinionpanel": _amounts(rows, "ours"),
            "compared with": theirs,
            "": _ratios(rows),
        }
    )
    frame = frame.loc[:, (frame != "").any()]
    return page_parts.table(name, frame, texts=["work", "compared with"])


def _work(row: object) -> str:
    what = row.what
    for name, word in WORDS.items():
        what = what.replace(name, word)
    if not row.people or row.part == "beyond_memory":
        return what
    waves = f", {row.waves} waves" if row.waves > 1 else ""
    return f"{what}; {row.people:,} people{waves}"


def streamed() -> pd.DataFrame:
    """How files of more and more rows are read, and the line on to ten times the last."""
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
        "adding up one column": _onwards(linked, "theirs", further),
        "memory": _onwards(peak, "ours", further),
    }
    return pd.DataFrame({"interviews": [f"{rows:,}" for rows in [*size, *further]], **columns})


def other_files() -> pd.DataFrame:
    """How other kinds of files than those of `streamed` are read."""
    rows = RESULTS[RESULTS["part"] == "beyond_memory"]
    rows = rows[rows["what"].str.contains("csv|text ids")]
    linked, alone, peak = (rows[rows["what"].str.endswith(kind)] for kind in (LINKED, ALONE, PEAK))
    return pd.DataFrame(
        {
            "file": linked["what"].str.removesuffix(LINKED).str.replace("rows", "interviews"),
            "linking and 9 tables": list(_amounts(linked, "ours")),
            "9 tables alone": list(_amounts(alone, "ours")),
            "memory": list(_amounts(peak, "ours")),
        }
    )


def _onwards(rows: pd.DataFrame, column: str, further: list[int]) -> list[str]:
    """Write a column's figures, and those which the line through the last two leads to."""
    size, figure, shown = rows["people"] * rows["waves"], rows[column], _amounts(rows, column)
    for there in further:
        slope = (figure.iloc[-1] - figure.iloc[-2]) / (size.iloc[-1] - size.iloc[-2])
        reached = figure.iloc[-1] + slope * (there - size.iloc[-1])
        told = amount(float(f"{reached:.2g}"), rows["unit"].iloc[-1])
        shown = [*shown, f"≈ {told}"]
    return list(shown)


def by_waves() -> pd.DataFrame:
    """How time grows with the number of waves, one million people."""
    rows = RESULTS[(RESULTS["part"] == "growing") & (RESULTS["people"] == 1_000_000)]
    clustered = rows["note"] == "clustered"
    return pd.DataFrame(
        {
            "waves": rows.loc[clustered, "waves"].tolist(),
            "2,000 sampling units": _amounts(rows[clustered], "ours"),
            "people drawn one by one": _amounts(rows[~clustered], "ours"),
            "counting alone": _amounts(rows[clustered], "theirs"),
        }
    )


def growing() -> pd.DataFrame:
    """How time grows with interviews: kind, interviews and milliseconds, one row a point.

    A floor that was not measured, because its program was absent, is no row: on a logarithmic
    axis it would have no place.
    """
    rows = RESULTS.assign(interviews=RESULTS["people"] * RESULTS["waves"])
    memory = rows[(rows["part"] == "growing") & (rows["waves"] == 2)]
    clustered = memory["note"] == "clustered"
    files = rows[(rows["part"] == "beyond_memory") & rows["what"].str.endswith(LINKED)]
    files = files[files["what"].str.contains("parquet") & ~files["what"].str.contains("text ids")]
    lines = {
        "in memory, 2,000 sampling units": (memory[clustered], "ours"),
        "in memory, people drawn one by one": (memory[~clustered], "ours"),
        "from a file, 10 waves": (files, "ours"),
        "counting alone, in memory": (memory[clustered], "theirs"),
        "adding up one column of the file": (files, "theirs"),
    }
    drawn = [
        part[["interviews", column]]
        .set_axis(["interviews", "ms"], axis="columns")
        .assign(kind=kind)
        for kind, (part, column) in lines.items()
    ]
    return pd.concat(drawn, ignore_index=True).dropna(subset="ms")


def growth() -> HTML:
    """Draw how time grows with interviews, in memory and from files, above their floors."""
    points = growing()
    shown = points.assign(time=[amount(figure, "ms") for figure in points["ms"]])
    shown = shown.pivot(index="interviews", columns="kind", values="time").fillna("")
    shown = shown[points["kind"].unique()].rename_axis(columns=None).reset_index()
    shown["interviews"] = shown["interviews"].map("{:,}".format)
    return page_parts.chart(
        lambda width: _curves(points, width), page_parts.table("Time by interviews", shown)
    )


def _curves(points: pd.DataFrame, width: int) -> alt.Chart:
    """Draw lines on logarithmic axes, the floors dashed, under a legend of their kinds."""
    kinds = points["kind"].unique().tolist()
    colours = ["#0072b2", "#d55e00", "#009e73", "#777777", "#009e73"]
    dashes = [[1, 0], [1, 0], [1, 0], [4, 3], [4, 3]]
    most = points.loc[points["ms"].idxmax()]
    legend = alt.Legend(
        orient="top",
        columns=2 if width > 400 else 1,
        labelLimit=0,
        symbolType="stroke",
        symbolSize=300,
        labelFontSize=12,
    )
    axis = {"labelFontSize": 12, "titleFontSize": 12, "gridColor": "#eee"}
    interviews = [10**power for power in ((3, 4, 5, 6, 7, 8) if width > 400 else (4, 6, 8))]
    return (
        alt.Chart(points)
        .mark_line(strokeWidth=2)
        .encode(
            alt.X(
                "interviews:Q",
                title="interviews: people × waves",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(labelExpr=COUNTS, values=interviews, **axis),
            ),
            alt.Y(
                "ms:Q",
                title=None,
                scale=alt.Scale(type="log"),
                axis=alt.Axis(labelExpr=SPANS, values=[10**p for p in range(-1, 6)], **axis),
            ),
            alt.Color(
                "kind:N", title=None, legend=legend, scale=alt.Scale(domain=kinds, range=colours)
            ),
            alt.StrokeDash("kind:N", title=None, scale=alt.Scale(domain=kinds, range=dashes)),
            tooltip=[
                "kind:N",
                alt.Tooltip("interviews:Q", format=","),
                alt.Tooltip("ms:Q", format=".3"),
            ],
        )
        .properties(
            width=width,
            height=300,
            description=(
                "Line chart on logarithmic axes: time by number of interviews. All lines rise in "
                f"proportion from some million interviews on; the highest point is {most['kind']}, "
                f"{most['interviews']:,} interviews in {amount(most['ms'], 'ms')}."
            ),
        )
    )


def _amounts(rows: pd.DataFrame, column: str) -> list[str]:
    """Write figures; of a program that is named and was not there, that it was not."""
    absent = "not installed" if column == "theirs" else "–"
    return [
        amount(figure, unit) if pd.notna(figure) else absent if against else ""
        for figure, unit, against in zip(rows[column], rows["unit"], rows["against"], strict=True)
    ]


def _ratios(rows: pd.DataFrame) -> list[str]:
    """Say how many times faster we are, or how many times as long or as much we take."""
    return [
        ""
        if pd.isna(ratio)
        else f"{digits(1 / ratio)} × faster"
        if ratio < 1
        else f"{digits(ratio)} × as {'long' if unit == 'ms' else 'much'}"
        for ratio, unit in zip(rows["ratio"], rows["unit"], strict=True)
    ]
