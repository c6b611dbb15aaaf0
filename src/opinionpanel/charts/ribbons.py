"""The marks of a Sankey: Vega expands one row per flow into a smooth ribbon."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from opinionpanel.charts import theme
from opinionpanel.charts.flow_tables import FlowTable
from opinionpanel.charts.sizes import BETWEEN, NODE_TEXT, PANEL_TITLE, Sizes, line_height
from opinionpanel.escaping import closed, one_line, tooltip_key, vega_literal, xml_characters

# How far flows that are not drawn one by one stand out of a node, in pixels.
STUB = 22
ESTIMATE = (
    "(format(datum.share, '.1%') + (isValid(datum.low) ? ' (' + format(100 * datum.low, '.1f') "
    "+ ' to ' + format(100 * datum.high, '.1f') + ')' : ''))"
)


def draw(
    rows: list[dict[str, Any]],
    tables: Sequence[FlowTable],
    palette: theme.Palette,
    sizes: Sizes,
    heading: alt.TitleParams,
    notes: list[str],
    group: str | None,
    color_by: str,
) -> alt.LayerChart:
    """Draw the rows in one layered chart, groups and pairs of waves as panels in it.

    Everything is set on the marks themselves: a chart with a ``config`` could not be combined
    with others. Positions are pixels, and what differs from row to row is an expression: Altair
    checks every encoding against its whole schema, which takes longer than all else, and facets
    take it through that several times.
    """
    panels = len(tables) if group is not None or len(tables) > 1 else 0
    corners, height = _panels(sizes, panels)
    titles = [
        {
            "kind": "panel",
            "panel": place,
            "group": table.group,
            "text": f"{closed(one_line(table.group))}, n = {table.n:,}",
        }
        for place, table in enumerate(tables[:panels])
    ]
    note = {"kind": "note", "text": "\n".join(notes)}
    text = " ".join([*_lines(heading.text), *_lines(heading.subtitle)])
    corner = f"({vega_literal(corners)}[datum.panel] || [0, 0])"
    return alt.LayerChart(
        data={"values": [_drawable(row) for row in [*rows, *titles, note]]},
        layer=[
            _ribbons(palette, sizes, group, color_by),
            _others(palette, sizes, group),
            _nodes(palette, sizes, group),
            _labels(sizes),
            _read_out(sizes, height),
        ],
        transform=_calculate(left=f"{corner}[0]", top=f"{corner}[1]"),
        title=heading,
        description=text,
        width=sizes.figure,
        height=height,
        view={"stroke": None},
    )


def _drawable(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: xml_characters(value) if isinstance(value, str) else value
        for name, value in row.items()
    }


def _panels(sizes: Sizes, panels: int) -> tuple[list[list[float]], float]:
    """Place the panels: the upper left corner of each, and the height of all."""
    # Above its nodes a panel has its title and the names of the waves.
    above = _above_nodes(sizes) + PANEL_TITLE
    down = above + sizes.height + BETWEEN
    corners = [
        [
            place % sizes.columns * (sizes.width + BETWEEN),
            round(above + place // sizes.columns * down, 1),
        ]
        for place in range(panels)
    ]
    height = max((corner[1] for corner in corners), default=0.0) + sizes.height
    return corners, height


def _above_nodes(sizes: Sizes) -> float:
    """Height of the names of the waves, which stand above the nodes."""
    return max(line_height("\n".join(lines)) for lines in sizes.headers.values()) + 6


def _ribbons(
    palette: theme.Palette,
    sizes: Sizes,
    group: str | None,
    color_by: str,
) -> alt.Chart:
    """Draw the flows; the one under the pointer stands out.

    A monotone curve is flat where a neighbouring stretch is: one cubic per edge, and a vertical
    thickness that stays the same all the way. The outer knots lie under the nodes. Part 0 is the
    full ribbon and part 1 its core, in one mark: each core is drawn with its own ribbon.
    """
    hover = alt.selection_point(
        name="flow",
        fields=["step", "from", "to"],
        on="area:pointerover",
        clear="area:pointerout",
    )
    areas = _layer(
        transform=[
            {"filter": "datum.kind === 'flow'"},
            *_calculate(part="[0, 0, 0, 0, 1, 1, 1, 1]", knot="[0, 1, 2, 3, 0, 1, 2, 3]"),
            {"flatten": ["part", "knot"]},
            *_calculate(thick="datum.part ? (datum.low || 0) : datum.share"),
        ],
        mark={
            "type": "area",
            "interpolate": "monotone",
            "orient": "vertical",
            **_ribbon_edges(sizes),
            **_ribbon_colors(palette, color_by),
            **_ribbon_texts(group),
        },
    ).encode(
        detail=[alt.Detail(f"{name}:N") for name in ("panel", "step", "from", "to", "part")],
        opacity=alt.OpacityValue(0.15, condition={"param": "flow", "value": 0.92}),
    )
    layer: alt.Chart = areas.add_params(hover)
    return layer


def _ribbon_edges(sizes: Sizes) -> dict[str, Any]:
    """Place the knots of a ribbon: from its origin's node to its destination's."""
    reach = round(sizes.pitch - sizes.node, 1)
    middle = "(datum.knot < 2 ? datum.y0 : datum.y1) + datum.share / 2"
    return {
        "x": _x(sizes, sizes.left + sizes.node, f"[-1, 0, {reach}, {reach + 1}][datum.knot]"),
        "y": _y(sizes, f"{middle} - datum.thick / 2"),
        "y2": _y(sizes, f"{middle} + datum.thick / 2"),
    }


def _ribbon_colors(palette: theme.Palette, color_by: str) -> dict[str, Any]:
    colors, outlines = list(zip(palette.ribbon, palette.core, strict=True)), palette.outline
    state = "datum.from" if color_by == "origin" else "datum.to"
    return {
        "fill": _expr(f"{vega_literal(colors)}[{state}][datum.part]"),
        "stroke": _expr(f"datum.part ? 'transparent' : {vega_literal(outlines)}[{state}]"),
        "strokeWidth": 0.6,
    }


def _ribbon_texts(group: str | None) -> dict[str, Any]:
    flow = "datum.origin + ' → ' + datum.destination"
    about = _about(f"{flow} + ', ' + datum.when", group)
    return {
        # Read out once: the core says nothing that the ribbon does not.
        "description": _expr(f"datum.part ? null : {about}"),
        "tooltip": _tooltip(
            {"Flow": flow, "Waves": "datum.when"}, group, {"People, unweighted": "datum.people"}
        ),
    }


def _others(palette: theme.Palette, sizes: Sizes, group: str | None) -> alt.Chart:
    """Draw the flows that are withheld one by one as a stub on either side."""
    out, into = sizes.left + sizes.node, sizes.left - STUB
    start = f"(datum.side === 'out' ? {out} : {into})"
    return _layer(
        transform=[{"filter": "datum.kind === 'others'"}],
        mark={
            "type": "rect",
            "x": _x(sizes, 0, start),
            "x2": _x(sizes, STUB, start),
            "y": _y(sizes, "datum.y"),
            "y2": _y(sizes, "datum.y + datum.share"),
            "fill": _expr(f"{vega_literal(palette.ribbon)}[datum.at]"),
            "fillOpacity": 0.6,
            "description": _expr(_about("datum.state + ', ' + datum.when", group)),
            "tooltip": _tooltip({"Flows": "datum.state", "Wave": "datum.when"}, group, {}),
        },
    )


def _nodes(palette: theme.Palette, sizes: Sizes, group: str | None) -> alt.Chart:
    fills, outlines = map(vega_literal, (palette.node, palette.outline))
    return _layer(
        transform=[{"filter": "datum.kind === 'node'"}],
        mark={
            "type": "rect",
            "x": _x(sizes, sizes.left),
            "x2": _x(sizes, sizes.left + sizes.node),
            "y": _y(sizes, "datum.y"),
            "y2": _y(sizes, "datum.y + datum.share"),
            "fill": _expr(f"{fills}[datum.at]"),
            "stroke": _expr(f"{outlines}[datum.at]"),
            "strokeWidth": 1,
            "description": _expr(_about("datum.state + ', ' + datum.when", group)),
            "tooltip": _tooltip({"State": "datum.state", "Wave": "datum.when"}, group, {}),
        },
    )


def _labels(sizes: Sizes) -> alt.Chart:
    """Write all texts that repeat what ribbons and nodes say to a screen reader."""
    middle = sizes.left + sizes.node / 2
    styles = {
        "flow": _style(theme.SMALL_SIZE, sizes.left + sizes.node + 7),
        "node": _style(NODE_TEXT, middle, align="center", weight="bold"),
        "left": _style(theme.LABEL_SIZE, sizes.left - 8, align="right"),
        "right": _style(theme.LABEL_SIZE, sizes.left + sizes.node + 8),
        "wave": _style(
            theme.LABEL_SIZE, middle, align="center", weight="bold", baseline="line-bottom", dy=-6
        ),
    }
    return _layer(
        transform=[
            {"filter": "isValid(datum.text_y)"},
            *_calculate(style=f"{vega_literal(styles)}[datum.kind]"),
        ],
        mark={
            "type": "text",
            "x": _x(sizes, 0, "datum.style.x"),
            "y": _y(sizes, "datum.text_y"),
            "text": _expr("datum.text"),
            "font": theme.FONT,
            "color": _expr(f"datum.ink || '{theme.TEXT}'"),
            "lineBreak": "\n",
            "aria": False,
            **{
                name: _expr(f"datum.style.{name}")
                for name in ("align", "baseline", "dy", "fontSize", "fontWeight", "lineHeight")
            },
        },
    )


def _style(
    size: int,
    x: float,
    *,
    align: str = "left",
    weight: str = "normal",
    baseline: str = "middle",
    dy: float = 0,
) -> dict[str, Any]:
    return {
        "x": x,
        "align": align,
        "baseline": baseline,
        "dy": dy,
        "fontSize": size,
        "fontWeight": weight,
        "lineHeight": size * theme.LINE_HEIGHT,
    }


def _read_out(sizes: Sizes, height: float) -> alt.Chart:
    """Write the titles of the panels and the notes, which nothing else says."""
    title = f"datum.top - {_above_nodes(sizes) + 10}"
    small, large = theme.SMALL_SIZE, theme.LABEL_SIZE + 1
    return _layer(
        transform=[
            {"filter": "datum.kind === 'panel' || datum.kind === 'note'"},
            *_calculate(titles="datum.kind === 'panel'"),
        ],
        mark={
            "type": "text",
            "x": _expr("datum.left"),
            "y": _expr(f"datum.titles ? {title} : {height + 28}"),
            "text": _expr("datum.text"),
            "description": _expr("datum.text"),
            "font": theme.FONT,
            "fontSize": _expr(f"datum.titles ? {large} : {small}"),
            "fontWeight": _expr("datum.titles ? 'bold' : 'normal'"),
            "color": _expr(f"datum.titles ? '{theme.TEXT}' : '{theme.MUTED}'"),
            "align": "left",
            "baseline": _expr("datum.titles ? 'line-bottom' : 'line-top'"),
            "lineBreak": "\n",
            "lineHeight": small * theme.LINE_HEIGHT,
        },
    )


def _about(what: str, group: str | None) -> str:
    """Build the expression of what a screen reader says of a ribbon or node."""
    return ("" if group is None else "datum.group + ', ' + ") + what + f" + ': ' + {ESTIMATE}"


def _tooltip(
    first: Mapping[str, str], group: str | None, last: Mapping[str, str]
) -> dict[str, str]:
    """Build the tooltip of a ribbon or node: titles, and the expressions of what they show."""
    shown = {
        **first,
        **({} if group is None else {tooltip_key(group): "datum.group"}),
        "Share of the base, 95% interval": ESTIMATE,
        **last,
    }
    rows = (f"{vega_literal(name)}: {what}" for name, what in shown.items())
    return _expr(f"{{{', '.join(rows)}}}")


def _layer(transform: list[Any], mark: Any) -> alt.Chart:
    return alt.Chart(transform=transform, mark=mark)


def _calculate(**fields: str) -> list[dict[str, str]]:
    return [{"calculate": expression, "as": name} for name, expression in fields.items()]


def _expr(text: str) -> dict[str, str]:
    return {"expr": text}


def _x(sizes: Sizes, start: float, more: str = "0") -> dict[str, str]:
    """Pixels from the left: of what belongs to a wave, or to the step that begins there."""
    return _expr(f"datum.left + {start} + {sizes.pitch} * (datum.wave || datum.step || 0) + {more}")


def _y(sizes: Sizes, share: str) -> dict[str, str]:
    """Pixels from the top of a place in shares of the base."""
    return _expr(f"datum.top + {sizes.height / sizes.total:.4f} * ({share})")


def _lines(text: Any) -> list[str]:
    return text if isinstance(text, list) else [str(text)] if text else []
