"""Marks as one Altair chart: one set of data, a layer for each run of marks of a kind.

Everything is set on the marks themselves: a chart with scales or a ``config`` could not be combined
with others. What differs from row to row is an expression: Altair checks every encoding against its
whole schema, which takes longer than all else.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

import altair as alt

from opinionpanel.drawing.languages import Language
from opinionpanel.drawing.lettering import FONT, text_width
from opinionpanel.drawing.marks import (
    LINE_HEIGHT,
    Band,
    Dot,
    Mark,
    Outline,
    Rect,
    Ribbon,
    Rule,
    Text,
    Words,
)
from opinionpanel.escaping import tooltip_key, vega_literal, xml_characters

# How much of a mark is left while others are lit.
FADED = 0.2
# The knots of a ribbon, first of all of it, then of its core; the outer ones lie under the nodes.
KNOTS = {"part": "[0, 0, 0, 0, 1, 1, 1, 1]", "knot": "[0, 1, 2, 3, 0, 1, 2, 3]"}
# What counts from the corner of the plot: from its left end, or from its top.
SHIFTED = {"x": 0, "x2": 0, "xs": 0, "y": 1, "y2": 1, "tops": 1, "bottoms": 1}
# Pixels around the letters of a text on a patch.
AROUND = 1.5
Row = dict[str, Any]
Style = tuple[Any, ...]
Styles = dict[Style, int]
# What the cells of a mark are, and how many of them are figures.
Head = tuple[tuple[str, ...], int]


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
    heads = list(dict.fromkeys(_head(mark.words) for mark in marks if mark.words))
    # What a page of its own needs to know, and the heads of the table on it.
    rows: list[Row] = [
        {
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
            "letters": min((mark.size for mark in marks if isinstance(mark, Text)), default=9),
        },
        *({"kind": "heads", "head": k, "cells": list(names)} for k, (names, _) in enumerate(heads)),
    ]
    layers, first = [], 0
    for run in runs:
        # Numbered through, the style of a row tells its layer.
        styles = {style: first + k for k, style in enumerate(dict.fromkeys(map(_style, run)))}
        rows += [_row(mark, styles, heads, corner) for mark in run]
        layers.append((run, styles))
        first += len(styles)
    name = hashlib.sha256(repr(rows).encode()).hexdigest()[:8]
    lit = _lit(name) if any(mark.key for mark in marks) else ""
    drawn = [chart for run, styles in layers for chart in _layers(run, styles, heads, lit)]
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


def _style(mark: Mark) -> Style:
    return _getter(mark.style)(mark)


@cache
def _getter(names: tuple[str, ...]) -> Callable[[Mark], Style]:
    return attrgetter(*names)


def _head(words: Words) -> Head:
    return words.heads, words.figures


def _row(mark: Mark, styles: Styles, heads: list[Head], corner: tuple[float, float]) -> Row:
    """Write a mark as a row of data, as short as it can be."""
    row: Row = {"style": styles[_style(mark)]}
    if mark.kind and (mark.words or mark.data):
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
        row["head"] = heads.index(_head(mark.words))
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


def _layers(
    run: Sequence[Mark], styles: Styles, heads: list[Head], lit: str
) -> Iterator[alt.Chart]:
    """Draw marks of one kind; below texts, the patches that they stand on."""
    first = run[0]
    start = min(styles.values())
    style = {
        name: _of_style([values[position] for values in styles], start)
        for position, name in enumerate(first.style)
    }
    here = {"filter": f"inrange(datum.style, [{start}, {start + len(styles) - 1}])"}
    if isinstance(first, Text) and any(mark.patch for mark in run if isinstance(mark, Text)):
        patched = [here, {"filter": "datum.wide"}]
        yield alt.Chart(transform=patched, mark=_patch(style))
    yield _layer(run, style, here, heads, lit)


def _layer(
    run: Sequence[Mark], style: dict[str, Any], here: Any, heads: list[Head], lit: str
) -> alt.Chart:
    first = run[0]
    transform: list[Any] = [here]
    mark: Any
    match first:
        case Rect():
            mark = _rect(style)
        case Ribbon():
            transform += [*_calculate(**KNOTS), {"flatten": ["part", "knot"]}]
            mark = _ribbon(style)
        case Band():
            transform += [{"flatten": ["xs", "tops", "bottoms"]}]
            mark = _band(style)
        case Rule():
            mark = _rule(style)
        case Dot():
            mark = _dot(style)
        case Outline():
            mark = _path("datum.path", style)
        case Text():
            mark = _text(style)
        case _:
            raise AssertionError(type(first))
    mark |= _said([mark.words for mark in run if mark.words], heads)
    if lit and any(mark.keys for mark in run):
        mark["opacity"] = _expr(f"{lit} ? 1 : {FADED}")
    chart = alt.Chart(transform=transform, mark=mark)
    if isinstance(first, Ribbon):
        chart = chart.encode(detail=[alt.Detail("row:N"), alt.Detail("part:N")])
        chart.transform.insert(1, {"window": [{"op": "row_number", "as": "row"}]})
    if isinstance(first, Band):
        chart = chart.encode(detail=[alt.Detail("row:N")])
        chart.transform.insert(1, {"window": [{"op": "row_number", "as": "row"}]})
    return chart


def _of_style(values: Sequence[Any], start: int) -> Any:
    """Give a property of a style, looked up by row where it differs."""
    plain = [list(value) if isinstance(value, tuple) else value for value in values]
    if all(value == plain[0] for value in plain):
        return plain[0]
    return _expr(f"{vega_literal(plain)}[datum.style - {start}]")


def _rect(style: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "rect",
        "x": _expr("datum.x"),
        "x2": _expr("datum.x + datum.width"),
        "y": _expr("datum.y"),
        "y2": _expr("datum.y + datum.height"),
        "fill": style["fill"],
        "stroke": style["stroke"],
        "strokeWidth": style["stroke_width"],
        "strokeDash": style["dash"],
        "fillOpacity": style["opacity"],
    }


def _ribbon(style: dict[str, Any]) -> dict[str, Any]:
    """Expand a ribbon: a monotone curve is flat where a neighbouring stretch is.

    So each edge is one cubic, and the vertical thickness stays the same all the way.
    """
    middle = "(datum.knot < 2 ? datum.y : datum.y2) + datum.thick / 2"
    half = "(datum.part ? datum.core : datum.thick) / 2"
    fill, core = (_value(style[name]) for name in ("fill", "core_fill"))
    return {
        "type": "area",
        "interpolate": "monotone",
        "orient": "vertical",
        "x": _expr("[datum.x - 1, datum.x, datum.x2, datum.x2 + 1][datum.knot]"),
        "y": _expr(f"{middle} - {half}"),
        "y2": _expr(f"{middle} + {half}"),
        "fill": _expr(f"datum.part ? {core} : {fill}"),
        "stroke": _expr(f"datum.part ? 'transparent' : {_value(style['outline'])}"),
        # A line around a thin ribbon would make it look thicker than it is.
        "strokeWidth": _expr("min(0.6, datum.thick / 8)"),
    }


def _band(style: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "area",
        "orient": "vertical",
        "x": _expr("datum.xs"),
        "y": _expr("datum.tops"),
        "y2": _expr("datum.bottoms"),
        "fill": style["fill"],
        "fillOpacity": style["opacity"],
    }


def _rule(style: dict[str, Any]) -> dict[str, Any]:
    # A rule of Vega-Lite takes its ends from encodings only.
    path = "'M0,0L' + (datum.x2 - datum.x) + ',' + (datum.y2 - datum.y)"
    return {**_path(path, style), "strokeDash": style["dash"], "strokeCap": "round"}


def _dot(style: dict[str, Any]) -> dict[str, Any]:
    size = style["size"]
    area = f"0.7854 * pow({_value(size)}, 2)"
    return {
        "type": "point",
        "x": _expr("datum.x"),
        "y": _expr("datum.y"),
        "shape": "circle",
        "size": _expr(area),
        "fill": style["fill"],
        "stroke": style["stroke"],
        "strokeWidth": style["stroke_width"],
        "opacity": 1,
    }


def _path(path: str, style: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "point",
        "x": _expr("datum.x"),
        "y": _expr("datum.y"),
        "shape": _expr(path),
        # A path is drawn in pixels where a symbol is as large as this.
        "size": 4,
        "fill": "transparent",
        "stroke": style["color"],
        "strokeWidth": style["width"],
        "opacity": 1,
    }


def _text(style: dict[str, Any]) -> dict[str, Any]:
    bold = style["bold"]
    weight = "bold" if bold is True else "normal" if bold is False else None
    return {
        "type": "text",
        "x": _expr("datum.x"),
        "y": _expr("datum.y"),
        "text": _expr("datum.text"),
        "font": FONT,
        "fontSize": style["size"],
        "fontWeight": weight or _expr(f"{_value(bold)} ? 'bold' : 'normal'"),
        "color": style["color"],
        "align": style["align"],
        "baseline": "middle",
        "lineBreak": "\n",
        "lineHeight": _expr(f"{LINE_HEIGHT} * {_value(style['size'])}"),
    }


def _patch(style: dict[str, Any]) -> Any:
    """Lay a patch below each text that has one, a little larger than its letters."""
    size, align = (_value(style[name]) for name in ("size", "align"))
    lines = "length(split(datum.text, '\\n'))"
    left = f"datum.x - datum.wide * {{left: 0, center: 0.5, right: 1}}[{align}]"
    return {
        "type": "rect",
        "x": _expr(f"{left} - {AROUND}"),
        "x2": _expr(f"{left} + datum.wide + {AROUND}"),
        "y": _expr(f"datum.y - {size} / 2 - {AROUND}"),
        "y2": _expr(f"datum.y + {size} * (0.5 + {LINE_HEIGHT} * ({lines} - 1)) + {AROUND}"),
        "fill": style["patch"],
        "aria": False,
    }


def _said(words: Sequence[Words], heads: list[Head]) -> dict[str, Any]:
    """Say what a mark is: row by row when pointed at, in one line to a screen reader."""
    if not words:
        return {"aria": False}
    used = list(dict.fromkeys(heads.index(_head(one)) for one in words))
    tips, lines = [], []
    for head in used:
        names, figures = heads[head]
        cells = [f"datum.cells[{place}]" for place in range(len(names))]
        keys = map(vega_literal, _tooltip_keys(names))
        rows = [f"{key}: {cell}" for key, cell in zip(keys, cells, strict=True)]
        tips.append(f"{{{', '.join(rows)}}}")
        told = len(names) - figures
        parts = [f"join(slice(datum.cells, 0, {told}), ', ')"] if told > 0 else []
        parts.append(f"join(slice(datum.cells, {told}), ', ')")
        lines.append(" + ': ' + ".join(parts))
    text = _by_head(used, lines)
    # Read out once: the core of a ribbon says nothing that the ribbon does not.
    return {
        "description": _expr(f"datum.cells && !datum.part ? {text} : null"),
        "tooltip": _expr(f"datum.cells ? {_by_head(used, tips)} : null"),
    }


def _tooltip_keys(names: Sequence[str]) -> list[str]:
    """Name the rows of a tooltip, no two of them alike: a group may be called "State"."""
    keys: list[str] = []
    for name in names:
        key = tooltip_key(name)
        while key in keys:
            key = tooltip_key(key)
        keys.append(key)
    return keys


def _by_head(used: Sequence[int], expressions: Sequence[str]) -> str:
    text = f"({expressions[-1]})"
    for head, expression in list(zip(used, expressions, strict=True))[-2::-1]:
        text = f"(datum.head === {head} ? {expression} : {text})"
    return text


def _value(part: Any) -> str:
    """Write a property for use within an expression."""
    if isinstance(part, dict) and "expr" in part:
        return f"({part['expr']})"
    return str(vega_literal(part))


def _calculate(**fields: str) -> list[dict[str, str]]:
    return [{"calculate": expression, "as": name} for name, expression in fields.items()]


def _expr(text: str) -> dict[str, str]:
    return {"expr": text}
