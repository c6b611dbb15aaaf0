"""Paths through several waves as rows of tiles: which ways people took, the most frequent first."""

import math
from collections.abc import Mapping
from dataclasses import replace

import altair as alt

from opinionpanel.arguments import checked
from opinionpanel.charts.blanks import blank, in_layers
from opinionpanel.charts.chart_options import LanguageName, Options, ThemeName
from opinionpanel.charts.facets import facets, group_columns
from opinionpanel.charts.frame import Frame, own_columns
from opinionpanel.charts.headlines import headline, summary
from opinionpanel.charts.path_grid import (
    APART,
    BESIDE,
    GAP,
    NARROWEST,
    PathGrid,
    end_of,
    figure_text,
    fitting,
    name_lines,
    other_name,
    people_text,
)
from opinionpanel.charts.path_key import bar
from opinionpanel.charts.path_rows import PathRow, PathTable
from opinionpanel.charts.score_figures import refuse_score
from opinionpanel.drawing import (
    LINE_HEIGHT,
    NONE,
    Colors,
    Drawing,
    Mark,
    Outline,
    Rect,
    Rule,
    SizeName,
    Text,
    Words,
    layered,
)
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Estimates, Interval, Withheld, withheld_of
from opinionpanel.measures import ARROW, OTHER

# Of a row's height, what tiles and bars take.
FILLED = 0.8


@checked
def paths(
    estimates: Estimates,
    *,
    by: str | None = None,
    most: int = 12,
    title: str | None = None,
    subtitle: str | None = None,
    caption: str | None = None,
    labels: Mapping[str, str] | None = None,
    language: LanguageName = "en",
    colors: Colors = "ordered",
    theme: ThemeName = "light",
    size: SizeName = "page",
    level: float = 0.95,
    interval: Interval = "logit",
    min_n: int = 10,
    min_cell: int | None = None,
) -> alt.LayerChart:
    """Draw the paths that people took through the waves, the most frequent first.

    A path is a row of tiles, one for each wave, with its share, the interval and the people who
    took it. The bars of those who gave the same answer every time are stronger. All other paths
    together stand apart at the end.

    Parameters
    ----------
    estimates : Estimates
        From `opinionpanel.paths`. Groups become panels.
    by : str, optional
        The group column that makes panels; by default all there are.
    most : int
        How many paths of a group stand by themselves; fewer where the size has no room for them.
        The others are added up.
    title, subtitle, caption : str, optional
        In the place of the chart's own; base and n stay in the caption. ``""`` is none.
    labels : dict of str to str, optional
        How states, groups and waves are called, by their names.
    language : {"en", "ru"} or Language
        Of all words, numbers and dates.
    colors : {"ordered", "unordered"} or dict of str to str
        Of states: a ramp from blue to orange, a set for parties and the like, or hexadecimal
        colours by name.
    theme : {"light", "dark", "print"}
        ``"print"`` is in greys.
    size : {"page", "slide", "card", "phone"} or (width, height)
        Where the chart is shown, or its size in pixels: it decides the layout.
    level : float
        Confidence level.
    interval : {"logit", "beta", "wilson", "wald"}
        Interval of shares.
    min_n : int
        What rests on fewer unweighted people is hatched and holds no figure.
    min_cell : int, optional
        By default 5, or 0 with ``min_n=0``: likewise paths, and those from which they could be
        computed. One hatched row stands for all of them.

    Returns
    -------
    altair.LayerChart
        A plain Altair chart of aggregates.

    Raises
    ------
    SelectionError
        The estimates are not shares of paths, `most` is less than 1, or the size has no room for
        the texts.

    Examples
    --------
    >>> import opinionpanel as op
    >>> found = op.paths(op.datasets.load("nes_ideology"), "ideology")
    >>> chart = op.charts.paths(found, title="Over half never changed")
    >>> chart.title.text
    ['Over half never changed']
    """
    options = Options(
        title=title,
        subtitle=subtitle,
        caption=caption,
        labels=labels,
        language=language,
        colors=colors,
        theme=theme,
        size=size,
        level=level,
        interval=interval,
    )
    withheld = withheld_of(estimates, min_n, min_cell)
    return lay_out_paths(estimates, withheld, options, by=by, most=most).chart()


def lay_out_paths(
    estimates: Estimates,
    withheld: Withheld,
    options: Options,
    *,
    by: str | None = None,
    most: int = 12,
) -> Drawing:
    """Lay out estimates of which it is decided what may be shown, as `paths` describes."""
    refuse_score(estimates, "Paths are drawn from one state to the next")
    if "path" not in own_columns(estimates) or estimates.unit != "share":
        raise SelectionError(
            f"Paths are drawn from shares of paths, and these estimates are "
            f"{estimates.about.measure} ({estimates.about.title}). Call "
            "opinionpanel.paths(panel, item) and draw its result."
        )
    if most < 1:
        raise SelectionError(f"most must be a whole number of at least 1, not {most!r}.")
    frame = Frame(estimates, withheld, options)
    parts = facets(frame, group_columns(frame, by))
    grid = fitting(frame, parts, headline(frame), most)
    return grid.sheet.drawing(_marks(grid), grid.height, summary(frame))


def _marks(grid: PathGrid) -> list[Mark]:
    """Draw the key and all panels."""
    marks, _ = grid.drawn_key()
    blanks, rows = list[list[Mark]](), list[Mark]()
    for number, table in enumerate(grid.tables):
        x, y = grid.corner(number)
        marks += _heads(grid, table, x, y)
        top = y + grid.head
        if not table.rows and not table.last:
            middle = top + grid.row / 2
            marks.append(grid.frame.write(NONE, x + grid.bars, middle, kind="share"))
        for place, row in enumerate((*table.rows, *table.last)):
            if place == len(table.rows):
                top += APART * grid.row
            marks += _tiles(grid, row, x, top)
            if row.hidden:
                blanks.append(_blank(grid, table, x, top))
            else:
                marks += _share(grid, row, x, top)
                rows.append(_told(grid, table, row, x, top))
            top += grid.row
    return [*layered(marks, (Rect, Outline, Rule, Text)), *rows, *in_layers(blanks)]


def _heads(grid: PathGrid, table: PathTable, x: float, y: float) -> list[Mark]:
    """Name a group, the waves and the column of people."""
    frame, size, marks = grid.frame, grid.frame.size, list[Mark]()
    if table.name:
        lines = name_lines(frame, table, grid.width)
        line = size.label * LINE_HEIGHT
        middle = y + len(lines) * line / 2
        count = frame.count(table.n)
        marks += [
            frame.write("\n".join(lines), x, middle, kind="panel", bold=True),
            frame.remark(count, x + grid.width, y + line / 2, kind="count", align="right"),
        ]
    bottom = y + grid.head - 6
    for place, wave in enumerate(grid.waves):
        middle = x + place * grid.pitch + (grid.pitch - GAP) / 2
        height = (wave.count("\n") + 1) * size.small * LINE_HEIGHT
        marks.append(frame.remark(wave, middle, bottom - height / 2, kind="wave", align="center"))
    right, last = x + grid.width, bottom - size.small * LINE_HEIGHT / 2
    marks.append(frame.remark(frame.say("People"), right, last, kind="head", align="right"))
    return marks


def _tiles(grid: PathGrid, row: PathRow, x: float, top: float) -> list[Mark]:
    """Draw the states of a path; or name what has none."""
    if not row.steps:
        text, middle = other_name(grid.frame, row), top + grid.row / 2
        return [grid.frame.write(text, x + grid.bars - BESIDE, middle, kind="name", align="right")]
    width, height = grid.pitch - GAP, grid.row * FILLED
    y = top + (grid.row - height) / 2
    return [
        mark
        for place, state in enumerate(row.steps)
        for mark in grid.tiles.tile(state, x + place * grid.pitch, y, width, height)
    ]


def _share(grid: PathGrid, row: PathRow, x: float, top: float) -> list[Mark]:
    """Draw a bar with the line of its interval, and write both; and the people beside."""
    frame, start, middle = grid.frame, x + grid.bars, top + grid.row / 2
    # Other paths may be too many for a bar beside those of single ones.
    end = end_of(row) if end_of(row) <= grid.most else 0.0
    marks: list[Mark] = _bar(grid, row, start, middle) if end else []
    at = start + (end * grid.scale + BESIDE if end else 0.0)
    text, size = figure_text(frame, row), frame.size.number
    marks.append(frame.write(text, at, middle, kind="share", size=size))
    if people := people_text(frame, row):
        marks.append(frame.remark(people, x + grid.width, middle, kind="people", align="right"))
    return marks


def _bar(grid: PathGrid, row: PathRow, start: float, middle: float) -> list[Mark]:
    """Draw the bar of a path, outlined for others together, and the line of its interval."""
    theme, height = grid.frame.theme, grid.row * FILLED
    width, y = row.value * grid.scale, middle - height / 2
    bars = bar(grid.frame, row.stayed, start, y, width, height)
    if not row.steps:
        bars = [replace(one, fill=theme.paper, stroke=theme.outline) for one in bars]
    if not math.isfinite(row.high - row.low):
        return [*bars]
    low, high = start + row.low * grid.scale, start + row.high * grid.scale
    return [*bars, Rule(x=low, y=middle, x2=high, y2=middle, color=theme.text, width=1.5)]


def _blank(grid: PathGrid, table: PathTable, x: float, top: float) -> list[Mark]:
    """Draw one box for all paths that are withheld, as wide in every chart of this size."""
    frame, height = grid.frame, grid.row * FILLED
    heads, cells = _who(frame, table)
    few, path = frame.few(table.n), frame.say("not shown")
    words = Words((*heads, frame.say("Path"), frame.say("Share")), (*cells, path, few))
    left, y = x + grid.bars, top + (grid.row - height) / 2
    return blank(frame, left, y, NARROWEST + 2 * BESIDE, height, few, words=words)


def _told(grid: PathGrid, table: PathTable, row: PathRow, x: float, top: float) -> Rect:
    """Say a row to those who point at it, over all its width, or hear it."""
    frame, language = grid.frame, grid.frame.language
    path = ARROW.join(map(frame.name, row.steps)) or frame.say(OTHER)
    heads, cells = _who(frame, table)
    share = language.estimate(row.value, row.low, row.high)
    words = Words((*heads, frame.say("Path"), frame.say("Share")), (*cells, path, share))
    if people := people_text(frame, row):
        words = Words((*words.heads, frame.say("People")), (*words.cells, people), figures=2)
    return Rect(
        kind="path",
        x=x,
        y=top,
        width=grid.width,
        height=grid.row,
        fill=frame.theme.paper,
        opacity=0.0,
        words=words,
        data={"path": ARROW.join(row.steps) or OTHER, "share": row.value},
    )


def _who(frame: Frame, table: PathTable) -> tuple[list[str], list[str]]:
    return ([frame.say("Group")], [table.name]) if table.name else ([], [])
