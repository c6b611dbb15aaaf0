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

TEXT = alt.Text("text:N")
ESTIMATE = (
    "format(datum.share, '.1%') + (isValid(datum.low) ? ' (' + format(100 * datum.low, '.1f') "
    "+ ' to ' + format(100 * datum.high, '.1f') + ')' : '')"
)


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
    *,
    waves: Sequence[str],
    ends: tuple[Sequence[str], Sequence[str]],
    labels: Sequence[str],
    crowd: int,
    panels: int,
) -> Sizes:
    """Choose sizes in which names and labels have room and no ribbon gets too steep.

    Parameters
    ----------
    waves : sequence of str
    ends : two sequences of str
        The states that need a name at the first and at the last wave.
    labels : sequence of str
        Texts of the nodes.
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
    wrapped = {
        name: theme.wrap(name, NAME_WIDTH, theme.LABEL_SIZE) for names in ends for name in names
    }
    left, right = (
        10
        + max(theme.text_width(line, theme.LABEL_SIZE) for name in names for line in wrapped[name])
        for names in ends
    )
    node = max(40.0, *(theme.text_width(label, NODE_TEXT) + 12 for label in labels))
    steps = len(waves) - 1
    columns = 1 if panels == 1 else max(1, 3 - steps)
    room = SINGLE_WIDTH if panels == 1 else SINGLE_WIDTH * 0.65
    spacing = max(0.6 * height, (room - left - right - node) / steps - node)
    pitch = spacing + node
    width = left + steps * pitch + node + right
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
    color_by: str,
) -> alt.LayerChart | alt.VConcatChart:
    """Draw the rows: one layered chart, or one panel for each group.

    Everything is set on the marks themselves: a chart with a ``config`` could not be combined
    with others.
    """
    steps = len(waves) - 1
    layers = [
        *_ribbons(waves, palette, sizes, group, color_by),
        *_nodes(waves, palette, sizes, group),
        _names("left", sizes, sizes.left - 8, "right"),
        _names("right", sizes, sizes.left + steps * sizes.pitch + sizes.node + 8, "left"),
        _headers(sizes),
    ]
    text = " ".join([*_lines(heading.text), *_lines(heading.subtitle)])
    shape: dict[str, Any] = {
        "width": sizes.width,
        "height": sizes.height,
        "view": alt.ViewBackground(stroke=None),
    }
    if group is None:
        return alt.LayerChart(
            data=alt.InlineData(values=[*rows, {"kind": "note", "text": "\n".join(notes)}]),
            layer=[*layers, _notes(sizes)],
            title=heading,
            description=text,
            **shape,
        )
    panel = alt.LayerChart(data=alt.InlineData(values=rows), layer=layers, **shape)
    bases = _json({name: f"{name}, n = {base:,}" for name, base in n.items()})
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
    facets = panel.facet(
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
    waves: Sequence[str],
    palette: theme.Palette,
    sizes: Sizes,
    group: str | None,
    color_by: str,
) -> list[alt.Chart]:
    hover = alt.selection_point(
        name="flow",
        fields=["step", "origin", "destination"],
        on="area:pointerover",
        clear="area:pointerout",
    )
    names = _json(waves)
    first = f"{sizes.left + sizes.node} + {sizes.pitch} * datum.step"
    reach = round(sizes.pitch - sizes.node, 1)
    colors = {
        state: pair
        for state, *pair in zip(palette.states, palette.ribbon, palette.core, strict=True)
    }
    outlines = dict(zip(palette.states, palette.outline, strict=True))
    state = f"datum.{color_by}"
    # A monotone curve is flat where a neighbouring stretch is: one cubic per edge, and a vertical
    # thickness that stays the same all the way. The outer knots lie under the nodes. Part 0 is
    # the full ribbon and part 1 its core, in one mark: each core is drawn with its own ribbon.
    areas = (
        alt.Chart()
        .transform_filter("datum.kind === 'flow'")
        .transform_calculate(
            part="[0, 0, 0, 0, 1, 1, 1, 1]",
            knot="[0, 1, 2, 3, 0, 1, 2, 3]",
            flow="datum.origin + ' → ' + datum.destination",
            waves=f"{names}[datum.step] + ' → ' + {names}[datum.step + 1]",
            estimate=ESTIMATE,
        )
        .transform_flatten(["part", "knot"])
        .transform_calculate(
            thick="datum.part ? (datum.low || 0) : datum.share",
            px=f"{first} + [-1, 0, {reach}, {reach + 1}][datum.knot]",
            py="(datum.knot < 2 ? datum.y0 : datum.y1) + (datum.share - datum.thick) / 2",
            py2="datum.py + datum.thick",
            fill=f"{_json(colors)}[{state}][datum.part]",
            edge=f"datum.part ? 'transparent' : {_json(outlines)}[{state}]",
            about=_about("datum.flow + ', ' + datum.waves", group),
        )
        .mark_area(interpolate="monotone", strokeWidth=0.6)
        .encode(
            x=_x("px:Q", sizes),
            y=_y("py:Q", sizes),
            y2=alt.Y2("py2:Q"),
            color=alt.Color("fill:N", scale=None),
            stroke=alt.Stroke("edge:N", scale=None),
            detail=[alt.Detail(f"{name}:N") for name in ("step", "origin", "destination", "part")],
            opacity=alt.OpacityValue(0.15, condition={"param": "flow", "value": 0.92}),
            # Read out once: the core says nothing that the ribbon does not.
            description=alt.Description(
                condition={"test": "datum.part === 0", "field": "about", "type": "nominal"}
            ),
            tooltip=[
                alt.Tooltip("flow:N", title="Flow"),
                alt.Tooltip("waves:N", title="Waves"),
                *([alt.Tooltip("group:N", title=group)] if group else []),
                alt.Tooltip("estimate:N", title="Share of the base, 95% interval"),
                alt.Tooltip("people:Q", title="People, unweighted"),
            ],
        )
        .add_params(hover)
    )
    texts = (
        alt.Chart()
        .transform_filter("datum.kind === 'flow' && isValid(datum.text)")
        .transform_calculate(px=f"{first} + 7", py="datum.y0 + datum.share / 2")
        .mark_text(align="left", **_font(theme.SMALL_SIZE))
        .encode(x=_x("px:Q", sizes), y=_y("py:Q", sizes), text=TEXT)
    )
    return [areas, texts]


def _nodes(
    waves: Sequence[str], palette: theme.Palette, sizes: Sizes, group: str | None
) -> list[alt.Chart]:
    base = (
        alt.Chart()
        .transform_filter("datum.kind === 'node'")
        .transform_calculate(
            px=f"{sizes.left} + {sizes.pitch} * datum.wave",
            px2=f"datum.px + {sizes.node}",
            middle=f"datum.px + {sizes.node / 2}",
            y2="datum.y + datum.share",
            fill=f"{_json(dict(zip(palette.states, palette.node, strict=True)))}[datum.state]",
            edge=f"{_json(dict(zip(palette.states, palette.outline, strict=True)))}[datum.state]",
            when=f"{_json(waves)}[datum.wave]",
            estimate=ESTIMATE,
            about=_about("datum.state + ', ' + datum.when", group),
        )
    )
    bars = base.mark_rect(strokeWidth=1).encode(
        x=_x("px:Q", sizes),
        x2=alt.X2("px2:Q"),
        y=_y("y:Q", sizes),
        y2=alt.Y2("y2:Q"),
        color=alt.Color("fill:N", scale=None),
        stroke=alt.Stroke("edge:N", scale=None),
        description=alt.Description("about:N"),
        tooltip=[
            alt.Tooltip("state:N", title="State"),
            alt.Tooltip("when:N", title="Wave"),
            *([alt.Tooltip("group:N", title=group)] if group else []),
            alt.Tooltip("estimate:N", title="Share of the base, 95% interval"),
        ],
    )
    texts = base.mark_text(fontWeight="bold", **_font(NODE_TEXT)).encode(
        x=_x("middle:Q", sizes),
        y=_y("text_y:Q", sizes),
        text=TEXT,
        color=alt.Color("ink:N", scale=None),
    )
    return [bars, texts]


def _names(kind: str, sizes: Sizes, x: float, align: Any) -> alt.Chart:
    texts: alt.Chart = (
        alt.Chart()
        .transform_filter(f"datum.kind === '{kind}'")
        .mark_text(align=align, **_font(theme.LABEL_SIZE))
        .encode(x=_x(alt.datum(x), sizes), y=_y("y:Q", sizes), text=TEXT)
    )
    return texts


def _headers(sizes: Sizes) -> alt.Chart:
    texts: alt.Chart = (
        alt.Chart()
        .transform_filter("datum.kind === 'wave'")
        .transform_calculate(px=f"{sizes.left + sizes.node / 2} + {sizes.pitch} * datum.wave")
        .mark_text(
            **_font(theme.LABEL_SIZE) | {"baseline": "line-bottom"}, dy=-6, fontWeight="bold"
        )
        .encode(x=_x("px:Q", sizes), y=_y(alt.datum(0), sizes), text=TEXT)
    )
    return texts


def _notes(sizes: Sizes) -> alt.Chart:
    font = _font(theme.SMALL_SIZE) | {"baseline": "line-top", "aria": True, "color": theme.MUTED}
    texts: alt.Chart = (
        alt.Chart()
        .transform_filter("datum.kind === 'note'")
        .mark_text(align="left", dy=28, **font)
        .encode(
            x=_x(alt.datum(0), sizes),
            y=_y(alt.datum(sizes.total), sizes),
            text=TEXT,
            description=alt.Description("text:N"),
        )
    )
    return texts


def _font(size: int) -> dict[str, Any]:
    """Set a text; names and labels repeat what ribbons and nodes say to a screen reader."""
    return {
        "baseline": "middle",
        "font": theme.FONT,
        "fontSize": size,
        "lineBreak": "\n",
        "lineHeight": size * theme.LINE_HEIGHT,
        "color": theme.TEXT,
        "aria": False,
    }


def _about(what: str, group: str | None) -> str:
    """Build the expression of what a screen reader says of a ribbon or node."""
    return ("datum.group + ', ' + " if group else "") + what + " + ': ' + datum.estimate"


def _json(value: Any) -> str:
    """Write a list or dict as a literal of the expression language."""
    return json.dumps(value, ensure_ascii=False)


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


def _lines(text: Any) -> list[str]:
    return text if isinstance(text, list) else [str(text)] if text else []
