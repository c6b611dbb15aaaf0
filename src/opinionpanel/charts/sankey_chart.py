"""The Sankey of a panel: who moved from where to where, with the uncertainty drawn in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import altair as alt

from opinionpanel.arguments import checked
from opinionpanel.charts.blanks import blank
from opinionpanel.charts.chart_options import LanguageName, Options, ThemeName
from opinionpanel.charts.facets import BETWEEN, group_columns
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.headlines import headline, summary
from opinionpanel.charts.sankey_entrants import Entrants, entrant_marks, entrants_of
from opinionpanel.charts.sankey_grid import Grid, panel_title, sankey_grid
from opinionpanel.charts.sankey_highlights import Highlight, lit
from opinionpanel.charts.sankey_marks import Colours, Panel, nodes, ribbons, stubs
from opinionpanel.charts.sankey_names import (
    node_labels,
    panel_name,
    state_names,
    wave_names,
)
from opinionpanel.charts.sankey_numbers import flow_labels
from opinionpanel.charts.sankey_tables import FlowTable, chains_of, flow_tables
from opinionpanel.charts.sankey_texts import key, notes
from opinionpanel.drawing import (
    SILENT,
    Colors,
    Drawing,
    Mark,
    Outline,
    Rect,
    Ribbon,
    Sheet,
    SizeName,
    Text,
    layered,
    palette,
)
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import Estimates, Interval, Withheld, withheld_of

ColorBy = Literal["origin", "destination"]
Values = Literal["base", "origin"]
# What is not highlighted has the grey of a state that is none.
GREY = next(iter(SILENT))


@checked
def sankey(
    flows: Estimates,
    *,
    by: str | None = None,
    color_by: ColorBy = "origin",
    values: Values = "base",
    highlight: Highlight | None = None,
    threshold: float = 0.0,
    entrants: Estimates | Sequence[Estimates] | None = None,
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
    """Draw flows between states as a Sankey, with the uncertainty of every flow.

    A ribbon is as wide as the estimate, and its dark core as the lower limit of its interval: of
    weak flows little is left. Long chains of waves are drawn in rows, and groups, or pairs of waves
    that do not follow each other, as in a rotating panel, as panels.

    Parameters
    ----------
    flows : Estimates
        From `flows`. Over three waves and more it needs ``base="balanced"``, ``base="panel"`` or
        ``base="last"``.
    by : str, optional
        The group column that makes panels; by default all there are.
    color_by : {"origin", "destination"}
        Which end of a flow gives its colour.
    values : {"base", "origin"}
        What is written on flows: their share of the base, or of those who were in the state
        before. Widths are shares of the base.
    highlight : str, (str, str) or list of these, optional
        States, and flows from an origin to a destination, that keep their colours. The rest is
        grey.
    threshold : float
        Moves that are a smaller share of the base are drawn together, as a stub at the end of both
        their nodes.
    entrants : Estimates or sequence of Estimates, optional
        From `fresh_and_staying`, by the same groups: its fresh people are drawn below the wave at
        which they joined, and are in no flow.
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
        ``"print"`` is in greys. Nodes are hatched there.
    size : {"page", "slide", "card", "phone"} or (width, height)
        Where the chart is shown, or its size in pixels: it decides the layout.
    level : float
        Confidence level.
    interval : {"logit", "beta", "wilson", "wald"}
        Interval of shares.
    min_n : int
        What rests on fewer unweighted people is hatched and holds no figure.
    min_cell : int, optional
        By default 5, or 0 with ``min_n=0``. Flows of fewer unweighted people, and those from which
        these could be computed with the shares of the states, are drawn together, as those below
        `threshold` are.

    Returns
    -------
    altair.LayerChart
        A plain Altair chart of aggregates.

    Raises
    ------
    SelectionError
        The estimates are not flows, not whole tables, or do not chain from wave to wave; a state
        that is not there is highlighted; or the size has no room for the names of the states.

    Examples
    --------
    >>> import opinionpanel as op
    >>> flows = op.flows(op.datasets.load("thomas_1991_3"), "opinion")
    >>> chart = op.charts.sankey(flows, title="Who moved", highlight="favourable")
    >>> chart.title.text
    ['Who moved']
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
    new = [entrants] if isinstance(entrants, Estimates) else entrants or []
    return lay_out_sankey(
        flows,
        withheld_of(flows, min_n, min_cell),
        options,
        by=by,
        color_by=color_by,
        values=values,
        highlight=highlight,
        threshold=threshold,
        entrants=[(one, withheld_of(one, min_n, min_cell)) for one in new],
    ).chart()


def lay_out_sankey(
    flows: Estimates,
    withheld: Withheld,
    options: Options,
    *,
    by: str | None = None,
    color_by: ColorBy = "origin",
    values: Values = "base",
    highlight: Highlight | None = None,
    threshold: float = 0.0,
    entrants: Sequence[tuple[Estimates, Withheld]] = (),
) -> Drawing:
    """Lay out flows of which it is decided what may be shown, as `sankey` describes."""
    _check(color_by, values, threshold)
    chains, states = chains_of(flows), flows.about.states
    if len(chains) == 1:
        flows = replace(flows, about=replace(flows.about, waves=chains[0]))
    frame = Frame(flows, withheld, options)
    groups = group_columns(frame, by)
    by_origin = values == "origin"
    tables = flow_tables(frame, groups, chains, threshold=threshold, by_origin=by_origin)
    new = entrants_of(frame, groups, entrants)
    colours = Colours(
        frame.palette(states),
        palette([GREY], theme=frame.theme),
        lit(highlight, states),
        color_by == "destination",
    )

    def sheet(left_out: float, *, margins: bool) -> Sheet:
        told = notes(
            frame,
            tables,
            threshold=threshold,
            by_origin=by_origin,
            entrants=bool(new),
            left_out=left_out,
            margins=margins,
        )
        samples = key(frame, tables, colours.palette)
        return frame.sheet(title=headline(frame), notes=told, key=samples)

    # Which moves have no number is known only when all is placed: a line is kept for it.
    grid, height = sankey_grid(frame, sheet(1.0, margins=True), tables, entrants=bool(new))
    marks, left_out = _marks(frame, groups, grid, tables, colours, new)
    # Shares that are known, as those that weights were anchored to, have no margin.
    margins = any(isinstance(mark, Text) and "±" in mark.text for mark in marks)
    return sheet(left_out, margins=margins).drawing(marks, height, summary(frame))


def _check(color_by: str, values: str, threshold: float) -> None:
    """Refuse options with values that they do not have."""
    for name, value, known in (
        ("color_by", color_by, ("origin", "destination")),
        ("values", values, ("base", "origin")),
    ):
        if value not in known:
            raise SelectionError(f"{name} must be one of {listing(known)}, not {value!r}.")
    if not 0 <= threshold < 1:
        raise SelectionError(f"threshold must be a share of at least 0 and below 1: {threshold!r}.")


def _marks(
    frame: Frame,
    groups: Sequence[str],
    grid: Grid,
    tables: Sequence[FlowTable],
    colours: Colours,
    new: Sequence[Entrants],
) -> tuple[list[Mark], float]:
    """Draw all panels; give the largest move that has no number too."""
    drawn, blanks, left_out = list[Mark](), list[Mark](), 0.0
    for number, table in enumerate(tables):
        x = number % grid.columns * (grid.width + BETWEEN)
        y = number // grid.columns * (grid.tall + grid.below) + grid.title
        panel = Panel(frame, groups, grid, table, number, x, y, colours)
        drawn += panel_name(panel)
        if table.blank:
            blanks += _blank(panel)
            continue
        texts = [*state_names(panel), *wave_names(panel), *node_labels(panel)]
        labels = flow_labels(panel, texts)
        left_out = max(left_out, labels.left_out)
        drawn += [*ribbons(panel), *stubs(panel), *nodes(panel), *texts, *labels.texts]
        for one in new:
            found = entrant_marks(panel, one)
            (blanks if one.hidden else drawn).extend(found)
    return [*layered(drawn, (Ribbon, Rect, Outline, Text)), *blanks], left_out


def _blank(panel: Panel) -> list[Mark]:
    """Draw a group of which nothing may be shown, or that nobody is in."""
    frame, grid, n = panel.frame, panel.grid, panel.table.n
    why = frame.few(n) if n else frame.say("nobody in the base")
    box = (panel.x, panel.y, grid.width, grid.tall - grid.title)
    about = frame.say("Flows") if panel.table.name else panel_title(frame, panel.table)
    return blank(frame, *box, why, words=panel.words([(about, why)], figures=1))
