"""The panels of a trend: which lines each has, how they stand, and all that is drawn in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from opinionpanel.charts.blanks import blank
from opinionpanel.charts.facets import BETWEEN, corners, facets, in_rows
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.score_figures import ends_of, of_score
from opinionpanel.charts.share_axis import Axis, axis_of, number_axis
from opinionpanel.charts.share_rows import ANSWERS, digits_of, figure_head, withheld_words
from opinionpanel.charts.trend_axis import TimeAxis
from opinionpanel.charts.trend_axis_labels import (
    change_labels,
    change_rules,
    days_of_fieldwork,
    wave_labels,
)
from opinionpanel.charts.trend_labels import (
    REACH,
    EndLabel,
    Lettering,
    end_labels,
    lettering,
    room_for,
)
from opinionpanel.charts.trend_lines import Line, Plot, bands, dots, markers, strokes
from opinionpanel.drawing import (
    LINE_HEIGHT,
    NO_BREAK,
    NONE,
    Band,
    Dot,
    Mark,
    Outline,
    Palette,
    Rect,
    Rule,
    Sheet,
    Text,
    layered,
    palette,
    text_width,
)

# Pixels: from the axis to the first wave, and from the last one to the end of the grid; the least
# plot; the mark of what is withheld.
INSET, OUTSET, LEAST_PLOT, BLANK = 14.0, 8.0, (90.0, 80.0), 14.0
# The least width of a panel beside others, in sizes of letters; the height of a single plot, in
# pixels, and of one among others, as a share of its width; what labels may take of that.
NARROWEST, USUAL, FLAT, COLUMN = 20.0, 320.0, 0.5, 0.32
# More lines of groups than these are panels.
MOST_LINES = 5
# An axis of a score shows at least this part of its scale, so that noise does not look large.
LEAST_PART = 0.2
# What lies over what.
ORDER = (Rect, Band, Rule, Dot, Outline, Text)


@dataclass(frozen=True)
class TrendPanel:
    """What a panel shows, and its name; empty where there is nothing to tell it from."""

    name: str
    lines: Sequence[Line]


def panels_of(frame: Frame, groups: Sequence[str]) -> list[TrendPanel]:
    """Make a panel of each group with a line a state; or one of a single state, with all groups."""
    labels = frame.figures.labels
    answers = _answers(frame)
    states = list(dict.fromkeys(answers))
    waves, parts = labels["wave"].map(str), facets(frame, groups)
    if len(states) == 1 and 1 < len(parts) <= MOST_LINES:
        names = [", ".join(part.values) for part in parts]
        titles = [part.name for part in parts]
        rows = [dict(zip(waves[part.rows], part.rows, strict=True)) for part in parts]
        lines = _lines(names, titles, rows, _of_groups(frame, names))
        return [TrendPanel(_alone(frame, states), lines)]
    titles, numbers = list(map(frame.name, states)), of_score(frame.estimates)
    # Means and quantiles have no order that a ramp of opinions could show.
    colours = _of_groups(frame, states) if numbers else frame.palette(states)
    alone = _alone(frame, states)
    panels = []
    for part in parts:
        state = answers.iloc[part.rows]
        places = [part.rows[state == name] for name in states]
        rows = [dict(zip(waves[some], some, strict=True)) for some in places]
        name = ", ".join(filter(None, [part.name, alone]))
        panels.append(TrendPanel(name, _lines(states, titles, rows, colours)))
    return panels


def _answers(frame: Frame) -> "pd.Series[str]":
    """Name the state of each figure, or what it is of a score."""
    labels, groups = (
        frame.figures.labels,
        frame.estimates.about.columns(frame.figures.labels, "group"),
    )
    for name in ANSWERS:
        if name in labels and name not in groups:
            return labels[name].map(str)
    return pd.Series([figure_head(frame).lower()] * len(labels))


def _alone(frame: Frame, states: Sequence[str]) -> str:
    """Name the only state of panels; what figures of a score are, the title says."""
    return frame.name(states[0]) if len(states) == 1 and not of_score(frame.estimates) else ""


def _of_groups(frame: Frame, names: Sequence[str]) -> Palette:
    """Give groups colours: they have no order that a ramp could show."""
    given = frame.options.colors
    return palette(names, given if isinstance(given, Mapping) else "unordered", theme=frame.theme)


def _lines(
    names: Sequence[str], titles: Sequence[str], rows: Sequence[Mapping[str, int]], colours: Palette
) -> list[Line]:
    parts = zip(names, titles, rows, colours.node, colours.lettering, strict=True)
    return [Line(*part, style=place) for place, part in enumerate(parts)]


@dataclass(frozen=True)
class _Grid:
    """Where panels are, and what is the same in all of them, in pixels.

    `left` is the room for the ticks of a panel of such a `width`; `letters` are those of waves.
    """

    frame: Frame
    axis: TimeAxis
    panels: Sequence[TrendPanel]
    ends: Sequence[Sequence[EndLabel]]
    shares: Axis
    corners: Sequence[tuple[float, float]]
    plots: Sequence[Plot]
    how: Lettering
    width: float
    left: float
    letters: float


def panels_on(
    sheet: Sheet, frame: Frame, axis: TimeAxis, panels: Sequence[TrendPanel]
) -> tuple[list[Mark], float]:
    """Draw panels on a sheet, layer by layer: fewer layers draw faster.

    Returns
    -------
    tuple
        The marks, and the height that they take.

    Raises
    ------
    SelectionError
        The sheet has no room for their texts.
    """
    grid, height = _grid(sheet, frame, axis, panels)
    layers = (_axes, _withheld, _drawn(bands), _drawn(strokes), _drawn(dots), _drawn(markers))
    found = list[Mark]()
    for layer in (*layers, _texts):
        marks = [mark for place in range(len(panels)) for mark in layer(grid, place)]
        found += layered(marks, ORDER)
    return found, height


def _grid(
    sheet: Sheet, frame: Frame, axis: TimeAxis, panels: Sequence[TrendPanel]
) -> tuple[_Grid, float]:
    """Choose how panels stand, and what room their plots have."""
    size, single = frame.size, len(panels) == 1
    columns, width = in_rows(len(panels), sheet.width, NARROWEST * size.label, sheet.width)
    rows = -(-len(panels) // columns)
    shares = _scale(frame, 5 if single else 4)
    ends = [[_end(frame, axis, shares, line) for line in panel.lines] for panel in panels]
    how = lettering(frame, ends, COLUMN * width, None)
    column = max(how.width(label) for labels in ends for label in labels)
    left = 8 + max(text_width(text, size.small) for text, _ in _ticks(frame, shares))
    across = width - left - INSET - REACH - column
    sheet.needs(sheet.width + columns * max(LEAST_PLOT[0] - across, 0.0), 0)
    flat = Plot(frame, axis, left + INSET, 0.0, across, 0.0, shares)
    letters = size.label if single else size.small
    head, foot = _around(flat, panels, width, letters)
    around = rows * (head + foot) + (rows - 1) * BETWEEN
    tall = max(USUAL if single else width * FLAT, *(room_for(labels, how) for labels in ends))
    low = lettering(frame, ends, column, 0.0)
    least = max(LEAST_PLOT[1], *(room_for(labels, low) for labels in ends))
    if (room := sheet.room(around + rows * least)) is not None:
        tall = (room - around) / rows
        how = lettering(frame, ends, column, tall)
    places = corners(len(panels), columns, width, head + tall + foot)
    plots = [Plot(frame, axis, x + left + INSET, y + head, across, tall, shares) for x, y in places]
    grid = _Grid(frame, axis, panels, ends, shares, places, plots, how, width, left, letters)
    return grid, around + rows * tall


def _scale(frame: Frame, steps: int) -> Axis:
    """Choose an axis of at most so many steps: of shares from 0 to little above all drawn."""
    figures = frame.figures
    if of_score(frame.estimates):
        drawn = np.concatenate([figures.low, figures.high, figures.value])
        ends = ends_of(frame.estimates)
        length = ends[1] - ends[0]
        least = LEAST_PART * length if np.isfinite(length) else 0.0
        return number_axis(drawn.tolist(), ends, steps, least=least)
    drawn = np.append(figures.high, figures.value)
    most = float(np.nanmax(drawn)) if np.isfinite(drawn).any() else 1.0
    return axis_of([0.0, most], (0.0, 1.0), steps)


def _ticks(frame: Frame, shares: Axis) -> list[tuple[str, float]]:
    """Write the ticks of an axis, all with as many digits."""
    return [(frame.writing.figure(tick, shares.digits), tick) for tick in shares.ticks]


def _around(
    flat: Plot, panels: Sequence[TrendPanel], width: float, letters: float
) -> tuple[float, float]:
    """Measure what stands above and below plots as wide as this one."""
    frame, label = flat.frame, flat.frame.size.label
    name = label * LINE_HEIGHT + 6 if any(panel.name for panel in panels) else 0.0
    # Half a line of the uppermost tick, or of a label, stands above the plot.
    changes = change_labels(flat, 0.0, width)[1]
    counts = [_counts(frame, flat.axis, panel) for panel in panels]
    below = [wave_labels(flat, texts, 0.0, width, letters)[1] for texts in counts]
    return name + max(changes + 4, label * LINE_HEIGHT / 2 + 4), max(below)


def scale_notes(frame: Frame, panels: int) -> list[str]:
    """Say which part of its scale the axis of a score shows, where it does not show all."""
    ends = ends_of(frame.estimates)
    if not of_score(frame.estimates) or not np.isfinite(ends).all():
        return []
    scale = _scale(frame, 5 if panels == 1 else 4)
    if scale.low <= ends[0] and scale.high >= ends[1]:
        return []
    low, high, least, most = map(frame.writing.plain, (scale.low, scale.high, *ends))
    return [
        frame.say(
            "The axis shows {low} to {high} of a scale from {least} to {most}.",
            low=low,
            high=high,
            least=least,
            most=most,
        )
    ]


def _end(frame: Frame, axis: TimeAxis, scale: Axis, line: Line) -> EndLabel:
    """Write what stands at the end of a line: its figure at the last wave, or why there is none."""
    figures = frame.figures
    # "60+: 38%", but "approve 38%".
    name = line.title if line.title[-1:].isalpha() else f"{line.title}:"
    known, last = list(line.known(frame, axis).values()), line.rows.get(axis.waves[-1])
    y = 1 - scale.along(float(figures.value[known[-1]])) if known else 1.0
    if last is None or last not in known:
        why = NONE if last is None or not figures.hidden[last] else frame.few(figures.n[last])
        return EndLabel(name, why.replace(" ", NO_BREAK), "", line.ink, y, ends=False)
    value, low, high = (float(part[last]) for part in (figures.value, figures.low, figures.high))
    writing = frame.writing
    if writing.numbers:
        # Limits that are the number itself do not say how exact it is.
        all_limits = zip(figures.low, figures.high, strict=True)
        digits = writing.digits([(low, high)] if high > low else all_limits)
    else:
        digits = digits_of(value, low, high)
    limits = f"({writing.limits(low, high, digits)})" if np.isfinite(high - low) else ""
    return EndLabel(name, writing.figure(value, digits), limits, line.ink, y, ends=True)


def _counts(frame: Frame, axis: TimeAxis, panel: TrendPanel) -> dict[str, str]:
    """Say at each wave how many people its figures rest on."""
    texts = {}
    for wave, asked in zip(axis.waves, axis.asked, strict=True):
        n = {int(frame.figures.n[line.rows[wave]]) for line in panel.lines if wave in line.rows}
        enough = sorted(part for part in n if part >= frame.withheld.min_n)
        if enough:
            ends = dict.fromkeys((enough[0], enough[-1]))
            texts[wave] = frame.say("n = {n}", n="–".join(map(frame.language.count, ends)))
        else:
            texts[wave] = frame.few(max(n, default=0)) if asked else frame.say("not asked")
    return texts


def _drawn(
    draw: Callable[[Plot, Sequence[Line]], list[Mark]],
) -> Callable[[_Grid, int], list[Mark]]:
    return lambda grid, place: draw(grid.plots[place], grid.panels[place].lines)


def _axes(grid: _Grid, place: int) -> list[Mark]:
    """Draw grid lines, the axis with the days of fieldwork, and where the question changed."""
    plot, theme = grid.plots[place], grid.frame.theme
    left, right = plot.left - INSET, plot.left + plot.width + OUTSET
    marks: list[Mark] = [
        Rule(x=left, y=plot.y(tick), x2=right, y2=plot.y(tick), color=theme.faint)
        for tick in grid.shares.ticks[1:]
    ]
    marks.append(Rule(x=left, y=plot.bottom, x2=right, y2=plot.bottom, color=theme.muted))
    return [*marks, *days_of_fieldwork(plot), *change_rules(plot)]


def _withheld(grid: _Grid, place: int) -> list[Mark]:
    """Mark on the axis the waves of which figures are withheld, once for each base."""
    frame, plot, marks = grid.frame, grid.plots[place], list[Mark]()
    for wave, time in zip(grid.axis.waves, grid.axis.middle, strict=True):
        rows = [line.rows[wave] for line in grid.panels[place].lines if wave in line.rows]
        bases = dict.fromkeys(
            withheld_words(frame, row) for row in rows if frame.figures.hidden[row]
        )
        for above, words in enumerate(bases, start=1):
            x, y = plot.x(float(time)) - BLANK / 2, plot.bottom - above * (BLANK + 2)
            marks += blank(frame, x, y, BLANK, BLANK, "", words=words)
    return marks


def _texts(grid: _Grid, place: int) -> list[Mark]:
    """Write the name of a panel, its axes, and the labels of its lines."""
    frame, plot, panel = grid.frame, grid.plots[place], grid.panels[place]
    (left, top), axis = grid.corners[place], plot.left - INSET
    marks: list[Mark] = [
        frame.remark(text, axis - 8, plot.y(tick), kind="tick", align="right")
        for text, tick in _ticks(frame, grid.shares)
    ]
    if panel.name:
        y = top + frame.size.label * LINE_HEIGHT / 2
        marks.append(frame.write(panel.name, left, y, kind="panel", bold=True))
    counts, right = _counts(frame, grid.axis, panel), left + grid.width
    marks += wave_labels(plot, counts, left, right, grid.letters)[0]
    marks += change_labels(plot, left, right)[0]
    end = {"x": plot.left + plot.width, "top": plot.top, "height": plot.height}
    return [*marks, *end_labels(frame, grid.ends[place], grid.how, **end)]
