"""What a reader finds in a report of an item: its tables as printed and as files, charts, sentences.

Reads blocks, of which pages, paper, Word and downloads are all made. Files hold figures as they
are: here they are tables like the printed ones, with many more digits.
"""

import numpy as np
import pandas as pd
from published import Part, Table, chart_rows

from opinionpanel.report.blocks import Folded, Grid, Picture, Points, Text
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import blocks_of, every_page, pages_of
from opinionpanel.study import Study

FIRST, SECOND = PAIR = ("from_wave", "to_wave")
# What parts are read as, by the endings of the names of tables and charts.
KINDS = {
    "trend": "shares",
    "flows": "flows",
    "transitions": "transitions",
    "opposites": "opposites",
    "turnover_by": "turnover_by",
    "change_by": "net_change_by",
    "shares_by": "shares_by",
    "way": "all_waves",
    "true_change": "response_error",
    "break_even": "response_error",
}
# Columns of files that name what stands beside each other in a table; the last of them is it.
ACROSS = ("component", "state", "destination")
FIGURES = {"estimate", "std_error", "conf_low", "conf_high", "n", "n_cell", "withheld"}
FIGURES |= {"p_adjusted", "found"}
# How many rows of the table of changes are about turnover: the other ones are about states.
TURNOVER = ("total", "net", "exchange", "shift")


def contents_of(panel):
    """Make the report of a panel."""
    return Contents(Study(title="Study", source="", panel=panel))


def sections_of(contents):
    """Give each part of each page, as its section and its blocks."""
    for page in every_page(pages_of(contents)):
        for section in page.sections:
            yield section, blocks_of(contents, section.part, section.about)


def parts_of_report(panel):
    """Read all parts of all pages."""
    return [
        part
        for section, blocks in sections_of(contents_of(panel))
        for part in _parts(section, blocks, panel.waves)
    ]


def _parts(section, blocks, waves):
    """Read a part of a page: its tables and charts each alone, and its sentences."""
    sentences = []
    for block in blocks:
        if isinstance(block, Picture):
            yield _chart(block, waves)
            yield from _parts(section, block.grids, waves)
        elif isinstance(block, Folded):
            yield from _parts(section, block.blocks, waves)
        elif isinstance(block, Grid) and block.data is not None:
            yield from _tables(block, waves)
        elif isinstance(block, (Text, Points)):
            sentences += [block.text] if isinstance(block, Text) else block.texts
    if sentences:
        yield Part("sentences", (), [], sentences, [])


def _chart(picture, waves):
    """Read a chart in each size that it has."""
    _, pair, ending = _named(picture.name, waves)
    drawn = [picture.draw(picture.size), picture.printed, picture.drawing("phone")]
    charts = [chart_rows(one.chart().to_dict(validate=False)) for one in drawn if one is not None]
    return Part(KINDS[ending], pair, [], [], charts)


def _named(name, waves):
    """Take the name of a table or chart apart: its page, its pair of waves if any, its kind."""
    page, *rest = name.split(".")
    if "-" not in rest[0]:
        return page, (), rest[0]
    return page, tuple(waves[int(number) - 1] for number in rest[0].split("-")), rest[1]


def _tables(grid, waves):
    """Read a table: once as it is printed, and once as it stands in its file."""
    _, pair, ending = _named(grid.name, waves)
    if ending == "change":
        yield from _changes(grid, pair)
        return
    data, kind = grid.data, KINDS[ending]
    group = [str(name) for name in data if name not in {"wave", *PAIR, *ACROSS, "origin"} | FIGURES]
    printed = Table("", list(grid.header), [(list(row), grid.labels) for row in grid.rows])
    if kind == "opposites":
        names = _opposite(data)
        data = data.assign(component="estimate")[["component", *sorted(FIGURES & {*data})]]
        data.insert(0, "flows", names)
        rows = [([name, *row[1:]], 1) for name, row in zip(names, grid.rows, strict=True)]
        printed = Table("", ["flows", "estimate", "p"], rows)
    elif kind == "response_error":
        known = data[list(PAIR)].drop_duplicates().to_numpy().tolist()
        pair = tuple(known[0]) if len(known) == 1 else ()
    elif not pair and FIRST in data:
        pair = tuple(data[list(PAIR)].iloc[0])
    for wave, table in _by_wave(kind, data, printed):
        table.note = grid.note
        yield Part(kind, (*group, *([wave] if wave else pair)), [table], [], [])


def _opposite(data):
    ways = zip(data["origin"], data["destination"], strict=True)
    return [f"{a} → {b} minus {b} → {a}" for a, b in ways]


def _by_wave(kind, data, printed):
    """Give both forms of a table; of shares by group at several waves those of each wave."""
    if kind != "shares_by":
        yield "", printed
        yield "", in_file(data)
        return
    for wave, part in data.groupby("wave", sort=False):
        rows = printed.rows
        if data["wave"].nunique() > 1:
            rows = [(row[1:], labels - 1) for row, labels in rows if row[0] == wave]
        yield wave, Table("", printed.header[-len(rows[0][0]) :], rows)
        yield wave, in_file(part.drop(columns="wave"))


def in_file(data):
    """Lay the rows of a file out as a table, figures in per cent with many digits."""
    (across,) = [name for name in data if name in ACROSS]
    labels = [name for name in data if name not in {across} | FIGURES]
    several = [name for name in labels if name not in PAIR or data[name].nunique() > 1]
    rows = {}
    for _, row in data.iterrows():
        cells = rows.setdefault(tuple(row[several]), {})
        cells[row[across]] = _precise(*row[["estimate", "conf_low", "conf_high"]])
        cells["n"] = "" if pd.isna(row["n"]) else str(int(row["n"]))
    heads = list(dict.fromkeys([*data[across], "n"]))
    found = [([*key, *(cells[head] for head in heads)], len(key)) for key, cells in rows.items()]
    return Table("", [*several, *heads], found)


def _precise(value, low, high):
    if not np.isfinite(value):
        return "withheld"
    limits = f" ({100 * low:.7f} to {100 * high:.7f})" if np.isfinite(low + high) else ""
    return f"{100 * value:.7f}{limits}"


def _changes(grid, pair):
    """Read turnover and net change, which one table holds, as two."""
    data, cells = grid.data, [row[1] for row in grid.rows]
    alone = data["state"].isna()
    figures = [name for name in data if name in FIGURES]
    turnover = data.loc[alone, ["quantity", *figures]].rename(columns={"quantity": "component"})
    change = data.loc[~alone, ["state", *figures]]
    for kind, part, column in (("turnover", turnover, "component"), ("net_change", change, "state")):
        header, mine = list(part[column]), cells[: len(part)]
        cells = cells[len(part) :]
        for table in (Table("", header, [(mine, 0)]), in_file(part)):
            table.note = grid.note
            yield Part(kind, pair, [table], [], [])
