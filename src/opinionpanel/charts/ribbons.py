"""The marks of a Sankey: Vega expands one row per flow into a smooth ribbon."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from opinionpanel.charts import theme

__all__ = ["Sizes", "draw", "line_height", "measure"]

# Heights in pixels that a text needs: beside a ribbon's start, in a node, between two nodes.
FLOW_LABEL, NODE_LABEL, GAP = 12.0, 15.0, 18.0
NODE_TEXT = 12
SINGLE_WIDTH, SINGLE_HEIGHT, PANEL_HEIGHT = 760.0, 380.0, 270.0
NAME_WIDTH = 120.0
MANY_WAVES = 5


@dataclass(frozen=True)
class Sizes:
    """Sizes of a chart in pixels, except `gap` and `total`, which are shares of the base.

    `left` is where the first nodes begin, `pitch` the distance from one wave to the next.
    """

    height: float
    width: float
    figure: float
    node: float
    left: float
    pitch: float
    gap: float
    total: float
    columns: int
    names: Mapping[str, list[str]]
    headers: Sequence[list[str]]

    def share_of(self, pixels: float) -> float:
        """Convert a height in pixels to shares."""
        return pixels * self.total / self.height


def line_height(text: str) -> float:
    """Height in pixels of the lines of a label."""
    return (text.count("\n") + 1) * theme.LABEL_SIZE * theme.LINE_HEIGHT


def measure(
    *, waves: Sequence[str], names: Sequence[str], labels: Sequence[str], crowd: int, panels: int
) -> Sizes:
    """Choose sizes in which names and labels have room and no ribbon gets too steep.

    Parameters
    ----------
    waves, names, labels : sequence of str
        Headers, names of states, and labels within nodes.
    crowd : int
        The most nodes that a wave has.
    panels : int
        Small multiples.
    """
    height = SINGLE_HEIGHT if panels == 1 else PANEL_HEIGHT
    if len(waves) > MANY_WAVES:
        height *= 0.85
    # The nodes keep a readable height when there are many.
    height += GAP * max(crowd - 4, 0)
    wrapped = {name: theme.wrap(name, NAME_WIDTH, theme.LABEL_SIZE) for name in names}
    left = 10 + max(
        theme.text_width(line, theme.LABEL_SIZE) for lines in wrapped.values() for line in lines
    )
    node = max(40.0, *(theme.text_width(label, NODE_TEXT) + 8 for label in labels))
    steps = len(waves) - 1
    columns = 1 if panels == 1 else max(1, 3 - steps)
    room = SINGLE_WIDTH if panels == 1 else SINGLE_WIDTH * 0.65
    spacing = max(0.6 * height, (room - 2 * left - node) / steps - node)
    pitch = spacing + node
    width = 2 * left + steps * pitch + node
    gaps = GAP * (crowd - 1)
    return Sizes(
        height=height,
        width=round(width),
        figure=round(width) * columns + 40 * (columns - 1),
        node=round(node),
        left=round(left),
        pitch=round(pitch, 1),
        gap=GAP / (height - gaps),
        total=height / (height - gaps),
        columns=columns,
        names=wrapped,
        headers=[theme.wrap(wave, 0.9 * pitch, theme.LABEL_SIZE) for wave in waves],
    )


def draw(
    rows: list[dict[str, Any]],
    waves: Sequence[str],
    palette: theme.Palette,
    sizes: Sizes,
    heading: alt.TitleParams,
    notes: list[str],
    group: str | None,
    n: Mapping[str, int],
) -> alt.LayerChart | alt.VConcatChart:
    """Draw the rows: one layered chart, or one panel for each group.

    Everything is set on the marks themselves: a chart with a ``config`` could not be combined
    with others.
    """
    layers = [
        *_ribbons(waves, palette, sizes, group),
        *_nodes(waves, palette, sizes, group),
        _text("left", sizes, x=sizes.left - 8, align="right"),
        _text("right", sizes, x=sizes.width - sizes.left + 8, align="left"),
        _headers(sizes),
    ]
    shape = {"width": sizes.width, "height": sizes.height}
    text = " ".join([*_lines(heading.text), *_lines(heading.subtitle)])
    if group is None:
        data = alt.InlineData(values=[*rows, {"kind": "note", "text": "\n".join(notes)}])
        chart = alt.layer(*layers, _notes(sizes), data=data, title=heading, **shape)
        chart.description, chart.view = text, alt.ViewBackground(stroke=None)
        return chart.resolve_scale(color="independent", stroke="independent")
    panel = alt.layer(*layers, data=alt.InlineData(values=rows), **shape)
    panel.view = alt.ViewBackground(stroke=None)
    bases = json.dumps({name: f"{name}, n = {base:,}" for name, base in n.items()})
    header = alt.Header(
        labelExpr=f"({bases})[datum.label]",
        labelFont=theme.FONT,
        labelFontSize=theme.LABEL_SIZE + 1,
        labelFontWeight="bold",
        labelColor=theme.TEXT,
        labelAnchor="start",
        labelPadding=10,
        title=None,
    )
    facets = panel.resolve_scale(color="independent", stroke="independent").facet(
        facet=alt.Facet("group:N", sort=list(n), header=header),
        columns=sizes.columns,
        spacing=40,
        title=heading,
    )
    caption = alt.TitleParams(
        text=notes,
        orient="bottom",
        anchor="start",
        frame="group",
        font=theme.FONT,
        fontSize=theme.SMALL_SIZE,
        fontWeight="normal",
        color=theme.MUTED,
        lineHeight=theme.SMALL_SIZE * 1.4,
        offset=20,
    )
    return alt.vconcat(facets, title=caption, description=text)


def _ribbons(
    waves: Sequence[str], palette: theme.Palette, sizes: Sizes, group: str | None
) -> list[alt.Chart]:
    hover = alt.selection_point(
        name="flow",
        fields=["step", "origin", "destination"],
        on="area:pointerover",
        clear="area:pointerout",
    )
    tooltip = [
        alt.Tooltip("flow:N", title="Flow"),
        alt.Tooltip("waves:N", title="Waves"),
        *([alt.Tooltip("group:N", title=group)] if group else []),
        alt.Tooltip("estimate:N", title="Share of the base (95% interval)"),
        alt.Tooltip("people:Q", title="People, unweighted"),
    ]
    names = json.dumps(list(waves), ensure_ascii=False)
    first = f"{sizes.left + sizes.node} + {sizes.pitch} * datum.step"
    gap = round(sizes.pitch - sizes.node, 1)
    # A monotone curve is flat where a neighbouring stretch is: one cubic per edge, and a vertical
    # thickness that stays the same all the way. The outer knots lie under the nodes.
    base = (
        alt.Chart()
        .transform_filter("datum.kind === 'flow'")
        .transform_calculate(
            knot="[0, 1, 2, 3]",
            flow="datum.origin + ' → ' + datum.destination",
            waves=f"{names}[datum.step] + ' → ' + {names}[datum.step + 1]",
            estimate=(
                "format(datum.share, '.1%') + ' (' + format(100 * datum.low, '.1f') + ' to ' "
                "+ format(100 * datum.high, '.1f') + ')'"
            ),
        )
        .transform_flatten(["knot"])
        .encode(
            x=_x("px:Q", sizes),
            detail=["step:N", "origin:N", "destination:N"],
            opacity=alt.condition(hover, alt.value(0.92), alt.value(0.15)),
            tooltip=tooltip,
        )
    )
    px = f"{first} + [-1, 0, {gap}, {gap + 1}][datum.knot]"
    top = "(datum.knot < 2 ? datum.y0 : datum.y1)"
    label = "datum.flow + ', ' + datum.waves + ': ' + datum.estimate"
    if group:
        label = "datum.group + ', ' + " + label
    full = (
        base.transform_calculate(px=px, py=top, py2="datum.py + datum.share", about=label)
        .mark_area(interpolate="monotone", strokeWidth=0.6)
        .encode(
            y=_y("py:Q", sizes),
            y2="py2:Q",
            color=_color("color", palette, palette.ribbon),
            stroke=_color("color", palette, palette.outline, alt.Stroke),
            description="about:N",
        )
        .add_params(hover)
    )
    core = (
        base.transform_calculate(
            px=px, py=f"{top} + (datum.share - datum.low) / 2", py2="datum.py + datum.low"
        )
        .mark_area(interpolate="monotone", aria=False)
        .encode(
            y=_y("py:Q", sizes), y2="py2:Q", color=_color("color", palette, palette.core)
        )
    )
    texts = (
        alt.Chart()
        .transform_filter("datum.kind === 'flow' && isValid(datum.text)")
        .transform_calculate(px=f"{first} + 7", py="datum.y0 + datum.share / 2")
        .mark_text(
            align="left",
            baseline="middle",
            font=theme.FONT,
            fontSize=theme.SMALL_SIZE,
            color=theme.TEXT,
            aria=False,
            tooltip=None,
        )
        .encode(x=_x("px:Q", sizes), y=_y("py:Q", sizes), text="text:N")
    )
    return [full, core, texts]


def _nodes(
    waves: Sequence[str], palette: theme.Palette, sizes: Sizes, group: str | None
) -> list[alt.Chart]:
    names = json.dumps(list(waves), ensure_ascii=False)
    label = f"datum.state + ', ' + {names}[datum.wave] + ': ' + datum.text"
    if group:
        label = "datum.group + ', ' + " + label
    base = (
        alt.Chart()
        .transform_filter("datum.kind === 'node'")
        .transform_calculate(
            px=f"{sizes.left} + {sizes.pitch} * datum.wave",
            px2=f"datum.px + {sizes.node}",
            middle=f"datum.px + {sizes.node / 2}",
            y2="datum.y + datum.share",
            about=label,
        )
    )
    bars = base.mark_rect(strokeWidth=1).encode(
        x=_x("px:Q", sizes),
        x2="px2:Q",
        y=_y("y:Q", sizes),
        y2="y2:Q",
        color=_color("state", palette, palette.node),
        stroke=_color("state", palette, palette.outline, alt.Stroke),
        description="about:N",
        tooltip=alt.Tooltip("about:N", title="Share of the base"),
    )
    texts = base.mark_text(
        align="center",
        baseline="middle",
        font=theme.FONT,
        fontSize=NODE_TEXT,
        fontWeight="bold",
        aria=False,
    ).encode(
        x=_x("middle:Q", sizes),
        y=_y("text_y:Q", sizes),
        text="text:N",
        color=alt.Color("ink:N", scale=None),
    )
    return [bars, texts]


def _text(kind: str, sizes: Sizes, *, x: float, align: Any) -> alt.Chart:
    return (
        alt.Chart()
        .transform_filter(f"datum.kind === '{kind}'")
        .mark_text(
            align=align,
            baseline="middle",
            lineBreak="\n",
            lineHeight=theme.LABEL_SIZE * theme.LINE_HEIGHT,
            font=theme.FONT,
            fontSize=theme.LABEL_SIZE,
            color=theme.TEXT,
            aria=False,
        )
        .encode(x=_x(alt.datum(x), sizes), y=_y("y:Q", sizes), text="text:N")
    )


def _headers(sizes: Sizes) -> alt.Chart:
    return (
        alt.Chart()
        .transform_filter("datum.kind === 'wave'")
        .transform_calculate(px=f"{sizes.left + sizes.node / 2} + {sizes.pitch} * datum.wave")
        .mark_text(
            align="center",
            baseline="line-bottom",
            dy=-6,
            lineBreak="\n",
            font=theme.FONT,
            fontSize=theme.LABEL_SIZE,
            fontWeight="bold",
            color=theme.TEXT,
            aria=False,
        )
        .encode(x=_x("px:Q", sizes), y=_y(alt.datum(0), sizes), text="text:N")
    )


def _notes(sizes: Sizes) -> alt.Chart:
    return (
        alt.Chart()
        .transform_filter("datum.kind === 'note'")
        .mark_text(
            align="left",
            baseline="top",
            dy=30,
            lineBreak="\n",
            lineHeight=theme.SMALL_SIZE * 1.4,
            font=theme.FONT,
            fontSize=theme.SMALL_SIZE,
            color=theme.MUTED,
        )
        .encode(x=_x(alt.datum(0), sizes), y=_y(alt.datum(sizes.total), sizes), text="text:N")
    )


def _x(field: Any, sizes: Sizes) -> alt.X | alt.XDatum:
    scale = alt.Scale(domain=[0, sizes.width], nice=False)
    if isinstance(field, str):
        return alt.X(field, scale=scale, axis=None)
    return alt.XDatum(field["datum"], type="quantitative", scale=scale, axis=None)


def _y(field: Any, sizes: Sizes) -> alt.Y | alt.YDatum:
    scale = alt.Scale(domain=[0, round(sizes.total, 5)], reverse=True, nice=False)
    if isinstance(field, str):
        return alt.Y(field, scale=scale, axis=None, stack=None)
    return alt.YDatum(field["datum"], type="quantitative", scale=scale, axis=None)


def _color(
    field: str, palette: theme.Palette, colors: Sequence[str], channel: Any = alt.Color
) -> Any:
    scale = alt.Scale(domain=list(palette.states), range=list(colors))
    return channel(f"{field}:N", scale=scale, legend=None)


def _lines(text: Any) -> list[str]:
    return text if isinstance(text, list) else [str(text)] if text else []
