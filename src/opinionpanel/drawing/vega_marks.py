"""Marks as layers of a Vega-Lite chart: how each type is drawn, and what its marks say.

What differs from row to row is an expression: Altair checks every encoding against its whole
schema, which takes longer than all else.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt

from opinionpanel.drawing.lettering import FONT
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
from opinionpanel.escaping import tooltip_key, vega_literal

# How much of a mark is left while others are lit.
FADED = 0.2
# The knots of a ribbon, first of all of it, then of its core; the outer ones lie under the nodes.
KNOTS = {"part": "[0, 0, 0, 0, 1, 1, 1, 1]", "knot": "[0, 1, 2, 3, 0, 1, 2, 3]"}
# Pixels around the letters of a text on a patch.
AROUND = 1.5
# Values of the properties in which marks of a type differ, and the number of each such style.
Style = tuple[Any, ...]
Styles = dict[Style, int]
# What the cells of a mark are, and how many of them are figures.
Head = tuple[tuple[str, ...], int]


def head_of(words: Words) -> Head:
    """Give the head of a table in which words stand."""
    return words.heads, words.figures


def layers(run: Sequence[Mark], styles: Styles, heads: list[Head], lit: str) -> Iterator[alt.Chart]:
    """Draw marks of one type; below texts, the patches that they stand on.

    Parameters
    ----------
    run : sequence of Mark
    styles : dict
        The numbers of their styles, by which the rows of the layer are found.
    heads : list of tuple
        All heads of the chart.
    lit : str
        The expression of whether a mark is lit; empty where nothing lights any.
    """
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
    used = list(dict.fromkeys(heads.index(head_of(one)) for one in words))
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
