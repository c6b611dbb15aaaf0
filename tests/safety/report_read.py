"""What a reader finds in a report of an item: the files of its tables, its charts and sentences.

Reads blocks, of which pages, paper, Word and downloads are all made. Files hold figures as they
are; what is printed of them tells no more, see `test_report_blocks`.
"""

import numpy as np
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
# Charts whose places are numbers of people; others tell no more than their tables.
WITH_PLACES = (".flows", ".way")
# Columns of files that name what stands beside each other in a table; the last of them is it.
ACROSS = ("component", "parameter", "state", "destination")
FIGURES = {"estimate", "std_error", "conf_low", "conf_high", "n", "n_cell", "withheld"}
FIGURES |= {"p_adjusted", "found"}
NOT_GROUPS = {"wave", *PAIR, *ACROSS, "origin", "flows"} | FIGURES


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
    contents = contents_of(panel)
    found = {}
    for _, blocks in sections_of(contents):
        for block in every_block(blocks):
            if isinstance(block, (Text, Points)):
                texts = [block.text] if isinstance(block, Text) else block.texts
                found.update({text: [Part("sentences", (), [], [text], [])] for text in texts})
            elif isinstance(block, Grid) and block.data is not None:
                found["table", block.name] = list(_tables(block, panel.waves))
            elif isinstance(block, Picture) and block.name.endswith(WITH_PLACES):
                found["chart", block.name, block.size] = [_chart(block, panel.waves)]
    # What stands on several pages is read once.
    parts = [part for parts in found.values() for part in parts]
    return [*parts, *(_trend(item) for item in contents.items.values())]


def _trend(item):
    """Read the intervals of a trend, of which sentences tell those in which a test finds something.

    Beside each stand all people, and the shares of the state at both waves with their bases.
    """
    family = item.tests.trend
    told = family.singles[family.singles["conf_low"].notna()]
    shares = item.published.shares()[0].frame() if len(told) else told
    rows = []
    for _, row in told.iterrows():
        cells = [row["state"], str(int(item.contents.study.panel.domain.sum()))]
        for wave in family.key:
            place = (shares["state"] == row["state"]) & (shares["wave"] == wave)
            cells += [
                repr(float(shares["estimate"][place].iloc[0])),
                str(shares["n"][place].iloc[0]),
            ]
        rows.append(([*cells, _precise(*row[["estimate", "conf_low", "conf_high"]])], 1))
    return Part("trend", family.key, [Table("", [], rows)], [], [])


def every_block(blocks):
    """Give blocks, and those within them."""
    for block in blocks:
        yield block
        inner = {Picture: "grids", Folded: "blocks"}.get(type(block))
        yield from every_block(getattr(block, inner) if inner else ())


def _chart(picture, waves):
    """Read a chart in each size that it has."""
    _, pair, ending = _named(picture.name, waves)
    sizes = dict.fromkeys([picture.size, "page", "phone"])
    drawn = [one for size in sizes if (one := picture.drawing(size)) is not None]
    charts = [chart_rows(one.chart().to_dict(validate=False)) for one in drawn]
    return Part(KINDS[ending], pair, [], [], charts)


def _named(name, waves):
    """Take the name of a table or chart apart: its page, its pair of waves if any, its kind."""
    page, *rest = name.split(".")
    if "-" not in rest[0]:
        return page, (), rest[0]
    return page, tuple(waves[int(number) - 1] for number in rest[0].split("-")), rest[1]


def _tables(grid, waves):
    """Read a table as it stands in its file."""
    _, pair, ending = _named(grid.name, waves)
    data = grid.data
    if ending == "change":
        alone = data["state"].isna()
        turnover = data[alone].drop(columns="state").rename(columns={"quantity": "component"})
        found = {"turnover": turnover, "net_change": data[~alone].drop(columns="quantity")}
    elif ending == "opposites":
        ways = zip(data["origin"], data["destination"], strict=True)
        flows = [f"{a} → {b} minus {b} → {a}" for a, b in ways]
        found = {"opposites": data[[*FIGURES & {*data}]].assign(flows=flows, component="estimate")}
    elif ending == "shares_by":
        found = {(wave, "shares_by"): part for wave, part in data.groupby("wave", sort=False)}
    else:
        found = {KINDS[ending]: data} if ending in KINDS else {}
    for kind, part in found.items():
        *wave, kind = [kind] if isinstance(kind, str) else kind
        own = part.drop(columns=["wave", *PAIR] if wave or pair else [], errors="ignore")
        group = [str(name) for name in own if name not in NOT_GROUPS]
        if not pair and FIRST in own and len(own[list(PAIR)].drop_duplicates()) == 1:
            wave = list(own[list(PAIR)].iloc[0])
            own = own.drop(columns=list(PAIR))
        table = in_file(own)
        table.note = grid.note
        yield Part(kind, (*group, *pair, *wave), [table], [], [])


def in_file(data):
    """Lay the rows of a file out as a table, figures in per cent with as many digits as tell."""
    (across,) = [name for name in data if name in ACROSS]
    labels = [name for name in data if name not in {across} | FIGURES]
    rows = {}
    for _, row in data.iterrows():
        cells = rows.setdefault(tuple(row[labels]), {})
        cells[row[across]] = _precise(*row[["estimate", "conf_low", "conf_high"]])
        cells["n"] = str(int(row["n"]))
    heads = list(dict.fromkeys([*data[across], "n"]))
    found = [([*key, *(cells[head] for head in heads)], len(key)) for key, cells in rows.items()]
    return Table("", [*labels, *heads], found)


def _precise(value, low, high):
    if not np.isfinite(value):
        return "withheld"
    limits = f" ({100 * low:.4f} to {100 * high:.4f})" if np.isfinite(low + high) else ""
    return f"{100 * value:.4f}{limits}"
