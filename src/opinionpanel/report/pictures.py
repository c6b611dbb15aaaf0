"""Charts of a report: drawn in any size, with their numbers as tables."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from opinionpanel.charts import Kind, Options, lay_out
from opinionpanel.disclosure import Shown
from opinionpanel.drawing import Drawing, SizeName
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Estimates
from opinionpanel.report.blocks import Block, Grid, Picture, Text
from opinionpanel.report.told import Told

ALL_WITHHELD = "All figures are withheld: they would tell of few people."
# Of charts that stand two beside each other, in pixels.
COLUMN = (440, 370)
# What such charts are made of, one after the other, until there is room for all that they show.
HIGHER = tuple((440, height) for height in (430, 490, 560, 640, 730))


def picture(
    kind: Kind,
    shown: Shown | Sequence[Shown],
    name: str,
    title: str,
    told: Told,
    grids: Sequence[Grid],
    *,
    size: SizeName = "page",
    **own: Any,
) -> list[Block]:
    """Draw a chart; where it cannot be drawn, say why and show its tables.

    Of what is withheld altogether neither is shown.

    Parameters
    ----------
    kind : str
    shown : Shown or sequence of Shown
        What the chart draws; several for charts of dots.
    name : str
        Of the files of the chart.
    title : str
        Its title: the report's own, so that it says no more than the report's tests.
    told : Told
    grids : sequence of Grid
    size : "page", "phone", ... or (width, height)
        The size on the page; where that has no room for the chart, it is higher, or a page's.
    **own
        What only this kind of chart can be asked for.
    """
    parts = [shown] if isinstance(shown, Shown) else list(shown)
    if all(part.hidden.all() for part in parts):
        withheld = told.say(ALL_WITHHELD)
        bases = {grid.note for grid in grids}
        return [Text(" ".join([withheld, *bases]) if len(bases) == 1 else withheld, "note")]
    column = size == COLUMN

    @cache
    def draw(wanted: SizeName) -> Drawing:
        options = Options(title=title, language=told.language, names=told.names, size=wanted)
        estimates = [part.estimates for part in parts]
        if column and wanted != "page":
            estimates = [_beside_others(one) for one in estimates]
        withheld = [part.withheld for part in parts]
        if kind == "dots":
            return lay_out(kind, estimates, withheld, options, **own)
        return lay_out(kind, estimates[0], withheld[0], options, **own)

    higher = HIGHER if column else ()
    for possible in dict.fromkeys([size, *higher, "page"]):
        try:
            draw(possible)
        except SelectionError as error:
            # More states than colours, or names that leave no room for figures.
            reason = str(error)
        else:
            return [Picture(name, title, draw, possible, grids)]
    return [Text(told.say("No chart: {reason}", reason=reason), "note"), *grids]


def _beside_others(estimates: Estimates) -> Estimates:
    """Leave out what their page says once for all charts: the question and the source."""
    return replace(estimates, about=replace(estimates.about, question="", source=""))
