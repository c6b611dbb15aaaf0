"""The marks of a chart of dots: grid, intervals, dots and texts, drawn in few runs."""

import math
from dataclasses import replace

from opinionpanel.charts.blanks import blank, in_layers
from opinionpanel.charts.dot_places import BELOW_AXIS, TRACK, Places, Slot
from opinionpanel.charts.dot_rows import Row
from opinionpanel.charts.dot_texts import Told, tick_label, words
from opinionpanel.drawing import LINE_HEIGHT, Dot, KeyEntry, Mark, Rect, Rule

# In sizes of the letters of names: the dot of the last wave, the hollow one of the first, which
# stays a ring around the other where they are equal, and the band of an interval.
LAST, FIRST, BAND = 0.62, 0.9, 0.6
DASH = (4.0, 3.0)


def marks(told: Told, places: Places) -> list[Mark]:
    """Draw rows and columns at their places."""
    rows = [(told.rows[slot.row], slot) for slot in places.slots if slot.row is not None]
    blanks = [_blank(told, places, row, slot) for row, slot in rows if row.last.hidden]
    return [
        *_lines(told, places),
        *(mark for row, slot in rows for mark in _band(told, places, row, slot)),
        *in_layers(blanks),
        *(mark for row, slot in rows for mark in _link(told, places, row, slot)),
        *(mark for row, slot in rows for mark in _dots(told, places, row, slot)),
        *_axis_labels(told, places),
        *_heads(told, places),
        *(mark for slot in places.slots for mark in _texts(told, places, slot)),
        *(_target(told, places, row, slot) for row, slot in rows),
    ]


def key(told: Told) -> list[KeyEntry]:
    """Explain dots, bands and the line of all people."""
    frame = told.frame
    size = frame.size.small

    def middle(x: float, y: float, width: float, height: float) -> tuple[float, float]:
        return x + width / 2, y + height / 2

    def last(*box: float) -> list[Mark]:
        return [_last(told, *middle(*box), size)]

    def first(*box: float) -> list[Mark]:
        return [_first(told, *middle(*box), size)]

    def band(x: float, y: float, width: float, height: float) -> list[Mark]:
        thick = BAND * size
        top = y + (height - thick) / 2
        return [Rect(x=x, y=top, width=width, height=thick, fill=told.inks[1])]

    def dashes(x: float, y: float, width: float, height: float) -> list[Mark]:
        centre, bottom = x + width / 2, y + height + 1
        return [_dashes(told, centre, y - 1, bottom, size)]

    entries = [KeyEntry(told.times[0], first)] if told.two else []
    entries.append(KeyEntry(told.times[-1], last))
    if told.bands:
        says = frame.say(
            "{level} interval, {time}" if told.two else "{level} interval",
            level=frame.level,
            time=told.times[-1],
        )
        entries.append(KeyEntry(says, band))
    if told.everybody and told.compared:
        entries.append(KeyEntry(frame.say("all"), dashes))
    return entries


def _lines(told: Told, places: Places) -> list[Mark]:
    """Draw the grid, the line of all people, and that at 0."""
    theme, axis = told.frame.theme, places.axis
    thick = told.frame.size.label / 12
    found: list[Mark] = []
    if places.way != "beside":
        # Names part the labels of the axis from the dots: a line shows where they belong.
        y = places.top - BELOW_AXIS / 2
        left, right = places.left, places.right
        found.append(Rule(x=left, y=y, x2=right, y2=y, color=theme.outline, width=thick))
    for top, bottom in _tracks(told, places):
        for tick in axis.ticks:
            x, zero = places.x(tick), told.signed and abs(tick) < 1e-9
            color = theme.outline if zero else theme.faint
            found.append(Rule(x=x, y=top, x2=x, y2=bottom, color=color, width=thick))
        if (point := told.everybody) and told.compared:
            found.append(_dashes(told, places.x(point.value), top, bottom, told.frame.size.label))
    return found


def _dashes(told: Told, x: float, top: float, bottom: float, size: float) -> Rule:
    """Draw a piece of the line of all people."""
    color = told.frame.theme.muted
    return Rule(kind="all", x=x, y=top, x2=x, y2=bottom, color=color, width=size / 10, dash=DASH)


def _tracks(told: Told, places: Places) -> list[tuple[float, float]]:
    """Say from where to where lines go down: past names only where these stand beside them."""
    if places.way == "beside":
        return [(places.top - 2, places.height)]
    half = TRACK * told.frame.size.label / 2 + 1
    return [
        (slot.track_y - half, slot.track_y + half) for slot in places.slots if slot.row is not None
    ]


def _band(told: Told, places: Places, row: Row, slot: Slot) -> list[Mark]:
    """Draw the interval of the last wave."""
    low, high = row.last.low, row.last.high
    if not math.isfinite(high - low):
        return []
    left, right = places.x(low), places.x(high)
    thick = BAND * told.frame.size.label
    return [
        Rect(
            kind="interval",
            x=left,
            y=slot.track_y - thick / 2,
            width=right - left,
            height=thick,
            fill=told.inks[1],
            keys=(str(slot.row),),
            data={"low": low, "high": high},
        )
    ]


def _blank(told: Told, places: Places, row: Row, slot: Slot) -> list[Mark]:
    """Draw a hatched bar in the place of figures that are withheld."""
    frame = told.frame
    height = frame.size.small * LINE_HEIGHT + 2
    why = frame.few(row.last.n)
    width = places.right - places.left
    return blank(frame, places.left, slot.track_y - height / 2, width, height, why)


def _link(told: Told, places: Places, row: Row, slot: Slot) -> list[Mark]:
    """Draw a line from the first wave to the last."""
    if row.first is None or not math.isfinite(row.first.value + row.last.value):
        return []
    x, x2 = (places.x(point.value) for point in (row.first, row.last))
    return [
        Rule(
            x=x,
            y=slot.track_y,
            x2=x2,
            y2=slot.track_y,
            color=told.inks[0],
            width=told.frame.size.label / 7,
            keys=(str(slot.row),),
        )
    ]


def _dots(told: Told, places: Places, row: Row, slot: Slot) -> list[Mark]:
    """Draw the dots of a row, that of the last wave above the other."""
    found: list[Mark] = []
    for kind, point, draw in (("first", row.first, _first), ("last", row.last, _last)):
        if point is not None and math.isfinite(point.value) and not row.last.hidden:
            x, size = places.x(point.value), told.frame.size.label
            dot = draw(told, x, slot.track_y, size)
            data = {"group": row.name, "estimate": point.value}
            found.append(replace(dot, kind=kind, keys=(str(slot.row),), data=data))
    return found


def _first(told: Told, x: float, y: float, size: float) -> Dot:
    wide = size / 7
    return Dot(
        x=x,
        y=y,
        size=FIRST * size - wide,
        fill=told.frame.theme.paper,
        stroke=told.inks[0],
        stroke_width=wide,
    )


def _last(told: Told, x: float, y: float, size: float) -> Dot:
    accent = told.inks[0]
    larger = LAST if told.two else LAST + 0.1
    return Dot(x=x, y=y, size=larger * size, fill=accent, stroke=accent, stroke_width=0.5)


def _axis_labels(told: Told, places: Places) -> list[Mark]:
    frame, axis = told.frame, places.axis
    return [
        frame.remark(
            tick_label(told, tick, axis.digits),
            places.x(tick),
            places.labels_y,
            kind="tick",
            align="center",
        )
        for tick in axis.ticks
    ]


def _heads(told: Told, places: Places) -> list[Mark]:
    """Write the heads of columns, their last lines level."""
    line = told.frame.size.small * LINE_HEIGHT
    return [
        told.frame.remark(
            "\n".join(column.head),
            column.x,
            places.heads_y - len(column.head) * line / 2,
            kind="head",
            align="right" if column.column.right else "left",
        )
        for column in places.columns
    ]


def _texts(told: Told, places: Places, slot: Slot) -> list[Mark]:
    """Write the name of a row or a section, and the figures of a row."""
    frame = told.frame
    beside, head = places.way == "beside", slot.row is None
    name = frame.write(
        "\n".join(slot.name),
        places.names if beside else 0.0,
        slot.name_y,
        kind="section" if head else "name",
        bold=slot.row is None or told.rows[slot.row].everybody,
        align="right" if beside else "left",
    )
    if slot.row is None:
        return [name]
    keys, found = (str(slot.row),), [replace(name, keys=(str(slot.row),))]
    for column in places.columns:
        if text := column.column.texts[slot.row]:
            count = column.column.right
            figure = frame.write(
                text,
                column.x,
                slot.figures_y,
                kind="count" if count else "figure",
                size=frame.size.number,
                color=frame.theme.muted if count else None,
                align="right" if count else "left",
            )
            found.append(replace(figure, keys=keys))
    return list[Mark](found)


def _target(told: Told, places: Places, row: Row, slot: Slot) -> Rect:
    """Cover a row by what is seen by pointers and screen readers only."""
    right = max(places.right, *(column.x for column in places.columns))
    return Rect(
        kind="row",
        x=0.0,
        y=slot.top,
        width=right,
        height=slot.height,
        fill=told.frame.theme.paper,
        opacity=0.0,
        words=words(told, row),
        key=str(slot.row),
    )
