"""Heatmaps of transitions: where each group went, with the uncertainty of every share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Booleans
from opinionpanel.charts.blanks import blank
from opinionpanel.charts.chart_options import LanguageName, Options, SizeName, ThemeName
from opinionpanel.charts.facets import BETWEEN, Facet, corners, facets, group_columns, in_rows
from opinionpanel.charts.frame import Figures, Frame
from opinionpanel.charts.headlines import headline
from opinionpanel.charts.lettering import text_width, wrap
from opinionpanel.charts.marks import LINE_HEIGHT, Dot, Mark, Rect, Words
from opinionpanel.charts.shades import diverging, moves
from opinionpanel.charts.sheet import Drawing, Sheet
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import PAIR, Estimates, Interval, Withheld, withheld_of

# Pixels: the widest and the tallest cell, the room between cells, the widest name of a row.
WIDEST, TALLEST, GAP, NAMES = 220.0, 76.0, 2.0, 120.0
# In lines of figures: the lowest cell.
LOWEST = 2.4


@checked
def heatmap(
    estimates: Estimates,
    *,
    by: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    caption: str | None = None,
    labels: Mapping[str, str] | None = None,
    language: LanguageName = "en",
    theme: ThemeName = "light",
    size: SizeName = "page",
    level: float = 0.95,
    interval: Interval = "logit",
    min_n: int = 10,
    min_cell: int | None = None,
) -> alt.LayerChart:
    """Draw transitions as a matrix of cells, with the uncertainty of every share.

    Those who stayed are grey; the more people moved, the darker is a cell. Differences, as from
    ``transitions.difference(...)``, are blue above 0 and orange below, with a dot where their
    interval excludes 0.

    Parameters
    ----------
    estimates : Estimates
        From `transitions` or `flows`, or a difference of them. Groups and pairs of waves become
        panels.
    by : str, optional
        The group column that makes panels; by default all there are.
    title, subtitle, caption : str, optional
        In the place of the chart's own; base and n stay in the caption. ``""`` is none.
    labels : dict of str to str, optional
        How states, groups and waves are called, by their names.
    language : {"en", "ru"} or Language
        Of all words, numbers and dates.
    theme : {"light", "dark", "print"}
        ``"print"`` is in greys.
    size : {"page", "slide", "card", "phone"} or (width, height)
        Where the chart is shown, or its size in pixels: it decides the layout.
    level : float
        Confidence level.
    interval : {"logit", "beta", "wilson", "wald"}
        Interval of shares.
    min_n : int
        Rows of fewer unweighted people are hatched and hold no figure.
    min_cell : int, optional
        By default 5, or 0 with ``min_n=0``: likewise cells, and those from which they could be
        computed.

    Returns
    -------
    altair.LayerChart
        A plain Altair chart of aggregates.

    Raises
    ------
    SelectionError
        The estimates have no origins and destinations, or the size has no room for their texts.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("thomas_1991_3")
    >>> chart = op.charts.heatmap(op.transitions(panel, "opinion"), title="Who moved")
    >>> chart.title.text
    ['Who moved']
    """
    options = Options(
        title=title,
        subtitle=subtitle,
        caption=caption,
        labels=labels,
        language=language,
        theme=theme,
        size=size,
        level=level,
        interval=interval,
    )
    withheld = withheld_of(estimates, min_n, min_cell)
    return lay_out_heatmap(estimates, withheld, options, by=by).chart()


def lay_out_heatmap(
    estimates: Estimates, withheld: Withheld, options: Options, *, by: str | None = None
) -> Drawing:
    """Lay out estimates of which it is decided what may be shown, as `heatmap` describes."""
    about = estimates.about
    if not {"origin", "destination"} <= set(estimates.labels) or estimates.unit == "number":
        raise SelectionError(
            f"A heatmap draws transitions, and these estimates are {about.measure} "
            f"({about.title}). Call opinionpanel.transitions(panel, item) and draw its result, or "
            "a difference of two of them."
        )
    frame = Frame(estimates, withheld, options)
    groups = group_columns(frame, by)
    sheet = frame.sheet(title=headline(frame), notes=_notes(frame))
    grid = _grid(frame, facets(frame, [*groups, *PAIR]), sheet, len(groups))
    marks = [mark for place in range(len(grid.facets)) for mark in _facet(grid, place)]
    return sheet.drawing(marks, grid.height)


def _notes(frame: Frame) -> list[str]:
    """Say how to read the cells."""
    level = frame.language.level(frame.options.level)
    if frame.estimates.unit == "change":
        return [
            frame.say(
                "Differences in percentage points, and their {level} intervals; a dot marks those "
                "whose interval excludes 0.",
                level=level,
            )
        ]
    rows = frame.say("Each row adds up to 100%.") if _by_origin(frame) else ""
    how = frame.say(
        "Grey: stayed; colour: moved, the darker, the more. Below each share its {level} interval.",
        level=level,
    )
    return [" ".join(filter(None, [how, rows]))]


def _by_origin(frame: Frame) -> bool:
    return frame.estimates.unit == "share" and not frame.estimates.about.flows


@dataclass(frozen=True)
class _Grid:
    """Where panels and cells lie, in pixels."""

    frame: Frame
    facets: Sequence[Facet]
    origins: list[str]
    destinations: list[str]
    corners: list[tuple[float, float]]
    # Of a panel: width of the names of its rows, height of what stands above its cells.
    left: float
    head: float
    cell: float
    tall: float
    titled: bool
    height: float


def _grid(frame: Frame, parts: Sequence[Facet], sheet: Sheet, groups: int) -> _Grid:
    """Choose how panels stand and how large their cells are."""
    labels, size = frame.figures.labels, frame.size
    origins, destinations = (list(labels[end].unique()) for end in ("origin", "destination"))
    names = [line for name in origins for line in wrap(frame.name(name), NAMES, size.label)]
    waves = [frame.name(wave) for wave in labels[PAIR[0]].unique()]
    count = frame.say("n = {n}", n=int(np.nanmax(frame.figures.n)))
    left = 10 + max(
        *(text_width(name, size.label) for name in names),
        *(text_width(f"{wave} ↓", size.small) for wave in waves),
        text_width(count, size.small),
    )
    narrowest = 8 + max(text_width(text, size.small) for text in _limits(frame))
    least = left + len(destinations) * narrowest
    sheet.needs(least, 0)
    columns, width = in_rows(len(parts), sheet.width, least, left + len(destinations) * WIDEST)
    cell = (width - left) / len(destinations)
    rows = -(-len(parts) // columns)
    lines = max(len(wrap(frame.name(name), cell - 6, size.label)) for name in destinations)
    head = size.small * LINE_HEIGHT + lines * size.label * LINE_HEIGHT + 8
    head += size.label * LINE_HEIGHT + 4 if groups else 0
    lowest = LOWEST * size.number
    tall = min(TALLEST, max(cell * 0.6, lowest))
    gaps = (rows - 1) * BETWEEN
    room = sheet.room(rows * (head + len(origins) * lowest) + gaps)
    if room is not None:
        tall = min(TALLEST, ((room - gaps) / rows - head) / len(origins))
    height = head + len(origins) * tall
    return _Grid(
        frame,
        parts,
        origins,
        destinations,
        corners(len(parts), columns, width, height),
        *(left, head, cell, tall),
        titled=groups > 0,
        height=rows * height + (rows - 1) * BETWEEN,
    )


def _limits(frame: Frame) -> list[str]:
    """Write the limits of all cells: the widest texts in them."""
    figures, language = frame.figures, frame.language
    signed = frame.estimates.unit == "change"
    known = np.isfinite(figures.high - figures.low)
    texts = [
        language.compact_limits(low, high, 0, signed=signed)
        for low, high in zip(figures.low[known], figures.high[known], strict=True)
    ]
    return [*texts, frame.say("withheld") if figures.hidden.any() else "100%"]


def _facet(grid: _Grid, place: int) -> list[Mark]:
    """Draw one matrix: its heads, and row by row its cells."""
    frame, facet, (x, y) = grid.frame, grid.facets[place], grid.corners[place]
    figures = frame.figures.at(facet.rows)
    marks = _heads(grid, figures, facet, x, y)
    ways = zip(figures.labels["origin"], figures.labels["destination"], strict=True)
    rows = {way: row for row, way in enumerate(ways)}
    for i, origin in enumerate(grid.origins):
        top = y + grid.head + i * grid.tall
        here = [row for way, row in rows.items() if way[0] == origin]
        marks += _row_name(grid, figures, origin, here, x, top)
        for j, destination in enumerate(grid.destinations):
            if (row := rows.get((origin, destination))) is not None:
                left = x + grid.left + j * grid.cell
                marks += _cell(grid, figures, row, left, top)
    return marks


def _heads(grid: _Grid, figures: Figures, facet: Facet, x: float, y: float) -> list[Mark]:
    """Name the group, its waves and the destinations."""
    frame, size = grid.frame, grid.frame.size
    first, last = (frame.name(figures.labels[name].iloc[0]) for name in PAIR)
    line, bottom = size.label * LINE_HEIGHT, y + grid.head - 6
    left, marks = x + grid.left, list[Mark]()
    if grid.titled:
        name = ", ".join(map(frame.name, facet.values[: -len(PAIR)]))
        marks.append(frame.write(name, x, y + line / 2, kind="facet", bold=True))
        y += line + 4
    when = y + size.small * LINE_HEIGHT / 2
    marks.append(frame.remark(f"{first} ↓", left - 10, when, kind="wave", align="right"))
    marks.append(frame.remark(f"{last} →", left, when, kind="wave"))
    for j, destination in enumerate(grid.destinations):
        lines = wrap(frame.name(destination), grid.cell - 6, size.label)
        middle, top = left + (j + 0.5) * grid.cell, bottom - len(lines) * line / 2
        marks.append(frame.write("\n".join(lines), middle, top, kind="name", align="center"))
    return marks


def _row_name(
    grid: _Grid, figures: Figures, origin: str, rows: Sequence[int], x: float, top: float
) -> list[Mark]:
    """Name an origin, and how many people it rests on."""
    frame, size = grid.frame, grid.frame.size
    lines = wrap(frame.name(origin), NAMES, size.label)
    n = int(figures.n[list(rows)].max())
    few = n < frame.withheld.min_n
    count = frame.few(n) if few else frame.say("n = {n}", n=n)
    name, below = len(lines) * size.label * LINE_HEIGHT, size.small * LINE_HEIGHT
    start = top + grid.tall / 2 - (name + below) / 2
    right, y = x + grid.left - 10, start + name + below / 2
    return [
        frame.write("\n".join(lines), right, start + name / 2, kind="name", align="right"),
        frame.remark(count, right, y, kind="count", align="right"),
    ]


def _cell(grid: _Grid, figures: Figures, row: int, left: float, top: float) -> list[Mark]:
    """Draw a cell: its share or difference, and below it the interval."""
    frame, theme, size = grid.frame, grid.frame.theme, grid.frame.size
    x, y = left + GAP / 2, top + GAP / 2
    width, height = grid.cell - GAP, grid.tall - GAP
    words = _words(frame, figures, row)
    if figures.hidden[row]:
        return blank(frame, x, y, width, height, frame.few(figures.n[row]), words=words)
    value, low, high = figures.value[row], figures.low[row], figures.high[row]
    fill, ink = _colours(frame, figures, row)
    marks: list[Mark] = [
        Rect(
            kind="cell",
            x=x,
            y=y,
            width=width,
            height=height,
            fill=fill,
            words=words,
            stroke=theme.faint if fill == theme.paper else None,
            data=_data(figures, row),
        )
    ]
    shown, limits = _texts(frame, value, low, high)
    number, small = size.number * LINE_HEIGHT, size.small * LINE_HEIGHT
    start = y + height / 2 - (number + (small if limits else 0)) / 2
    middle = x + width / 2
    for kind, text, at, letters in (
        ("share", shown, start + number / 2, size.number + 2),
        ("limits", limits, start + number + small / 2, size.small),
    ):
        bold = kind == "share"
        written = frame.write(
            text, middle, at, kind=kind, size=letters, color=ink, bold=bold, align="center"
        )
        marks += [written] if text else []
    if frame.estimates.unit == "change" and (low > 0 or high < 0):
        marks.append(Dot(x=x + width - 9, y=y + 9, size=6, fill=ink, stroke=ink, stroke_width=0.5))
    return marks


def _texts(frame: Frame, value: float, low: float, high: float) -> tuple[str, str]:
    language, signed = frame.language, frame.estimates.unit == "change"
    digits = 1 if (high - low) / 2 < 0.005 else 0
    shown = (language.points if signed else language.share)(value, digits=digits)
    if not np.isfinite(high - low):
        return shown, ""
    return shown, language.compact_limits(low, high, digits, signed=signed)


def _colours(frame: Frame, figures: Figures, row: int) -> tuple[str, str]:
    """Choose fill and ink: neutral for those who stayed."""
    theme, value = frame.theme, figures.value[row]
    if not np.isfinite(value):
        return theme.paper, theme.muted
    if frame.estimates.unit == "change":
        most = np.nanmax(np.abs(frame.figures.value))
        return diverging(theme)(float(value / most) if most else 0.0)
    if _stayed(figures)[row]:
        return theme.stay, theme.text
    most = np.nanmax(np.where(_stayed(frame.figures), 0.0, frame.figures.value))
    return moves(theme)(float(value / most) if most else 0.0)


def _stayed(figures: Figures) -> Booleans:
    return (figures.labels["origin"] == figures.labels["destination"]).to_numpy()


def _words(frame: Frame, figures: Figures, row: int) -> Words:
    """Say a cell in words: who, when, from where to where, how many."""
    labels = figures.labels.iloc[row]
    groups = [name for name in labels.index if frame.estimates.about.role(name) == "group"]
    first, last = (frame.name(labels[name]) for name in PAIR)
    heads = [*map(frame.name, groups), frame.say("Waves"), frame.say("From"), frame.say("To")]
    cells = [frame.name(labels[name]) for name in groups]
    cells += [f"{first} → {last}", frame.name(labels["origin"]), frame.name(labels["destination"])]
    if figures.hidden[row]:
        return Words((*heads, frame.say("Share")), (*cells, frame.few(figures.n[row])))
    value, low, high = figures.value[row], figures.low[row], figures.high[row]
    language = frame.language
    shown = (
        language.difference(value, low, high, digits=1)
        if frame.estimates.unit == "change"
        else language.estimate(value, low, high)
    )
    n = frame.say("n = {n}", n=int(figures.n[row]))
    return Words((*heads, frame.say("Share"), "n"), (*cells, shown, n), figures=2)


def _data(figures: Figures, row: int) -> dict[str, Any]:
    """Keep names and figures in the chart's data."""
    return {
        "origin": figures.labels["origin"].iloc[row],
        "destination": figures.labels["destination"].iloc[row],
        "share": figures.value[row],
    }
