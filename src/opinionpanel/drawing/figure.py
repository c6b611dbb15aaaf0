"""Marks as one Altair chart: one set of data, a layer for each run of marks of a kind.

Everything is set on the marks themselves: a chart with scales or a ``config`` could not be combined
with others.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

import altair as alt

from opinionpanel.drawing.languages import Language
from opinionpanel.drawing.lettering import text_width
from opinionpanel.drawing.marks import LINE_HEIGHT, Mark, Text
from opinionpanel.drawing.sizes import LEAST_TYPE
from opinionpanel.drawing.vega_marks import Head, Style, Styles, head_of, layers
from opinionpanel.escaping import xml_characters

# What counts from the corner of the plot: from its left end, or from its top.
SHIFTED = {"x": 0, "x2": 0, "xs": 0, "y": 1, "y2": 1, "tops": 1, "bottoms": 1}
Row = dict[str, Any]


def figure(
    marks: Sequence[Mark],
    *,
    width: float,
    height: float,
    corner: tuple[float, float],
    paper: str,
    ink: str,
    title: alt.TitleParams,
    description: str,
    language: Language,
) -> alt.LayerChart:
    """Draw marks, the first of them undermost.

    Parameters
    ----------
    marks : sequence of Mark
    width, height : float
        In pixels.
    corner : tuple of float
        What the places of marks count from.
    paper, ink : str
        Colours of what is drawn on, and of its main texts.
    title : altair.TitleParams
    description : str
        What a screen reader says of the whole chart.
    language : Language
        Of its texts.
    """
    runs = [list(run) for _, run in groupby(marks, key=type)]
    heads = list(dict.fromkeys(head_of(mark.words) for mark in marks if mark.words))
    rows = [_page(marks, paper, ink, language)]
    rows += [
        {"kind": "heads", "head": k, "cells": list(names)} for k, (names, _) in enumerate(heads)
    ]
    styled, first = [], 0
    for run in runs:
        # Numbered through, the style of a row tells its layer.
        styles = {style: first + k for k, style in enumerate(dict.fromkeys(map(_style, run)))}
        rows += [_row(mark, styles, heads, corner) for mark in run]
        styled.append((run, styles))
        first += len(styles)
    name = hashlib.sha256(repr(rows).encode()).hexdigest()[:8]
    lit = _lit(name) if any(mark.key for mark in marks) else ""
    drawn = [chart for run, styles in styled for chart in layers(run, styles, heads, lit)]
    if lit:
        drawn[0] = drawn[0].properties(name=f"marks_{name}").add_params(*_pointed_at(name))
    return alt.LayerChart(
        data={"values": rows},
        layer=drawn,
        title=title,
        description=xml_characters(description),
        width=width,
        height=height,
        view={"stroke": None, "fill": paper},
    )


def _page(marks: Sequence[Mark], paper: str, ink: str, language: Language) -> Row:
    """Write what a page of the chart's own needs to know."""
    letters = (mark.size for mark in marks if isinstance(mark, Text))
    return {
        "kind": "page",
        "language": language.code,
        "table": language.say("The numbers of this chart as a table"),
        "menu": {
            "CLICK_TO_VIEW_ACTIONS": language.say("Save this chart as a picture"),
            "SVG_ACTION": language.say("Save as {format}", format="SVG"),
            "PNG_ACTION": language.say("Save as {format}", format="PNG"),
        },
        "paper": paper,
        "ink": ink,
        "letters": min(letters, default=LEAST_TYPE),
    }


def _style(mark: Mark) -> Style:
    return _getter(mark.style)(mark)


@cache
def _getter(names: tuple[str, ...]) -> Callable[[Mark], Style]:
    return attrgetter(*names)


def _row(mark: Mark, styles: Styles, heads: list[Head], corner: tuple[float, float]) -> Row:
    """Write a mark as a row of data, as short as it can be."""
    row: Row = {"style": styles[_style(mark)]}
    # Texts repeat what others say, but for what a panel is about.
    if mark.kind and (mark.words or mark.data or mark.kind == "panel"):
        row["kind"] = mark.kind
    for name in mark.layout:
        value = getattr(mark, name)
        if name in SHIFTED:
            by = corner[SHIFTED[name]]
            value = tuple(part + by for part in value) if isinstance(value, tuple) else value + by
        row[name] = _short(value)
    if isinstance(mark, Text):
        # Vega puts the middle of the first line at y. Letters need no hundredths of a pixel.
        first = row["y"] - (len(mark.lines) - 1) / 2 * mark.size * LINE_HEIGHT
        row |= {"x": _short(round(row["x"], 1)), "y": _short(round(first, 1))}
        if mark.patch:
            widths = (text_width(line, mark.size, bold=mark.bold) for line in mark.lines)
            row["wide"] = _short(round(max(widths), 1))
    if mark.words:
        row["head"] = heads.index(head_of(mark.words))
        row["cells"] = [xml_characters(cell) for cell in mark.words.cells]
    if mark.key:
        row["key"] = mark.key
    if mark.keys:
        # Its own goes without saying; a mark with no list of others never fades.
        row["keys"] = [key for key in mark.keys if key != mark.key]
    return row | {name: _short(value) for name, value in mark.data.items()}


def _short(value: Any) -> Any:
    """Keep a hundredth of a pixel; more digits only make the file longer."""
    if isinstance(value, str):
        return xml_characters(value)
    if isinstance(value, tuple):
        return [_short(part) for part in value]
    if isinstance(value, (bool, int)):
        return value
    # Numbers that numpy made are of its own kinds.
    number = round(float(value), 2 if abs(value) > 1 else 5)
    return int(number) if number == int(number) else number


def _pointed_at(name: str) -> list[alt.Parameter]:
    """Note the key of the mark under the pointer, and of the one that a click pinned."""
    marks = "rect:{0}, area:{0}, symbol:{0}, rule:{0}, text:{0}"
    hover = alt.selection_point(
        name=f"hover_{name}",
        fields=["key"],
        on=marks.format("pointerover"),
        clear=marks.format("pointerout"),
        toggle=False,
    )
    pinned = alt.selection_point(
        name=f"pin_{name}", fields=["key"], on="click", clear="dblclick", toggle=False
    )
    return [hover, pinned]


def _lit(name: str) -> str:
    """Build the expression of whether a mark is lit: nothing else is, or its key is."""
    hover, pinned = f"hover_{name}", f"pin_{name}"
    key = f"({hover}.key && {hover}.key[0] || {pinned}.key && {pinned}.key[0])"
    return f"(!{key} || !datum.keys || datum.key === {key} || indexof(datum.keys, {key}) >= 0)"
