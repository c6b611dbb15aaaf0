"""Heatmaps of transitions and of two items crossed, with the uncertainty of every share."""

from collections.abc import Mapping
from dataclasses import replace

import altair as alt
import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.charts.chart_options import LanguageName, Options, ThemeName
from opinionpanel.charts.facets import facets, group_columns
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.headlines import headline, summary
from opinionpanel.charts.heatmap_cells import heatmap_marks
from opinionpanel.charts.heatmap_grid import (
    HeatmapGrid,
    fitting_texts,
    heatmap_grid,
    is_crossed,
    is_matrix,
    share_of,
)
from opinionpanel.charts.score_figures import refuse_score
from opinionpanel.drawing import Colors, Drawing, SizeName
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import PAIR, Estimates, Interval, Withheld, withheld_of


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
    colors: Colors = "ordered",
    theme: ThemeName = "light",
    size: SizeName = "page",
    level: float = 0.95,
    interval: Interval = "logit",
    min_n: int = 10,
    min_cell: int | None = None,
) -> alt.LayerChart:
    """Draw transitions, or two items crossed, as a matrix, with the uncertainty of every share.

    Those who stayed are grey; the more people moved, the stronger is the colour of a cell. Of two
    items every cell is coloured, the stronger, the larger its share.
    Differences, as from ``transitions.difference(...)``, are blue above 0 and orange below, with a
    dot where their interval excludes 0.

    Parameters
    ----------
    estimates : Estimates
        From `transitions`, `inflows`, `flows` or `cross`, or a difference of them. Groups and
        waves become panels. Where a size has little room, columns have numbers instead of names,
        and intervals are left out.
    by : str, optional
        The group column that makes panels; by default all there are.
    title, subtitle, caption : str, optional
        In the place of the chart's own; base and n stay in the caption. ``""`` is none.
    labels : dict of str to str, optional
        How states, groups and waves are called, by their names.
    language : {"en", "ru"} or Language
        Of all words, numbers and dates.
    colors : {"ordered", "unordered"} or dict of str to str
        Of states: a ramp from blue to orange, a set for parties and the like, or hexadecimal
        colours by name. Here names of states have them.
    theme : {"light", "dark", "print"}
        ``"print"`` is in greys. Those who stayed have an outline there.
    size : {"page", "slide", "card", "phone"} or (width, height)
        Where the chart is shown, or its size in pixels: it decides the layout.
    level : float
        Confidence level.
    interval : {"logit", "beta", "wilson", "wald"}
        Interval of shares.
    min_n : int
        What rests on fewer unweighted people is hatched and holds no figure.
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
        The estimates have neither origins and destinations nor two items crossed, or the size has
        no room for their texts.

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
        colors=colors,
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
    refuse_score(estimates, "A heatmap draws transitions between states")
    if not is_matrix(estimates) or estimates.unit == "number":
        raise SelectionError(
            f"A heatmap draws transitions, and these estimates are {about.measure} "
            f"({about.title}). Call opinionpanel.transitions(panel, item), or for two items "
            "opinionpanel.cross(panel, item, other), and draw its result, or a difference of two "
            "of them."
        )
    if about.measure == "cross_lagged" and len(items := estimates.named.values("item")) > 1:
        raise SelectionError(
            f"A heatmap draws one of two items, and these shares are of {listing(items)}. Keep one "
            f"with .select(item={items[0]!r})."
        )
    estimates, withheld, bounds = _lower(estimates, withheld)
    frame = Frame(estimates, withheld, options)
    upper = None if bounds is None else Frame(bounds, withheld, options)
    when = [name for name in PAIR if name in estimates.labels]
    if is_crossed(estimates) and estimates.labels["wave"].nunique() > 1:
        when = ["wave"]
    parts = facets(frame, [*group_columns(frame, by), *when])
    title = headline(frame)
    # What is left out for lack of room depends on the width alone, and has to be said below.
    draft = fitting_texts(frame, parts, frame.sheet(title=""), upper=upper)
    sheet = frame.sheet(title=title, notes=_notes(draft))
    grid = heatmap_grid(frame, parts, sheet, upper=upper)
    return sheet.drawing(heatmap_marks(grid), grid.height, summary(frame))


def _lower(
    estimates: Estimates, withheld: Withheld
) -> tuple[Estimates, Withheld, Estimates | None]:
    """Part lower from upper bounds, which one cell shows; other estimates are left as they are."""
    if estimates.about.measure != "transition_bounds" or estimates.unit != "share":
        return estimates, withheld, None
    lower, upper = (
        np.flatnonzero(estimates.named.where("component", end))
        if "component" in estimates.named
        else np.array([], dtype=np.int64)
        for end in ("lower", "upper")
    )
    if len(lower) != len(upper) or len(lower) + len(upper) < len(estimates):
        raise SelectionError(
            "A heatmap of what is possible draws both bounds of every move. Keep the rows lower "
            "and upper of the moves that it is to show."
        )
    return (
        estimates.at(lower),
        replace(withheld, rows=withheld.rows[lower], limits=None),
        estimates.at(upper),
    )


def _notes(grid: HeatmapGrid) -> list[str]:
    """Say how to read the cells, and what is not in them."""
    frame = grid.frame
    notes = _differences(frame) if frame.estimates.unit == "change" else _shares(grid)
    if grid.upper is not None:
        notes = _bounds(grid)
    if grid.strange:
        notes.append(frame.say("Columns: {names}.", names=", ".join(grid.strange)))
    if not grid.limits:
        notes.append(frame.say("There is no room for intervals."))
        if frame.figures.hidden.any():
            notes.append(frame.say("Hatched: withheld."))
    return notes


def _differences(frame: Frame) -> list[str]:
    how = frame.say(
        "Differences in percentage points, and their {level} intervals; a dot marks those whose "
        "interval, taken by itself, excludes 0.",
        level=frame.level,
    )
    colours = frame.say("Blue: above 0; orange: below.") if frame.theme.name != "print" else ""
    return [*filter(None, [colours, how])]


def _bounds(grid: HeatmapGrid) -> list[str]:
    frame = grid.frame
    bars = frame.say(
        "Bars from 0 to 100%: full colour, what must have happened; pale, what can have."
    )
    limits = frame.say("Below each range its {level} limits, all at once.", level=frame.level)
    return [bars, *([limits] if grid.limits else [])]


def _shares(grid: HeatmapGrid) -> list[str]:
    frame = grid.frame
    printed = frame.theme.name == "print"
    if is_crossed(frame.estimates):
        how = (
            frame.say("The darker, the larger the share.")
            if printed
            else frame.say("The stronger the colour, the larger the share.")
        )
    else:
        how = (
            frame.say("Outlined: stayed; grey: moved, the darker, the more.")
            if printed
            else frame.say("Grey: stayed; colour: moved, the stronger, the more.")
        )
    limits = [frame.say("Below each share its {level} interval.", level=frame.level)]
    sums = {
        "row": frame.say("Each row adds up to 100%."),
        "column": frame.say("Each column adds up to 100%."),
        "joint": frame.say("All cells of a table add up to 100%."),
    }
    return [how, *(limits if grid.limits else []), sums[share_of(frame)]]
