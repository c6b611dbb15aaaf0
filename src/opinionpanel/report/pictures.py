"""Charts of a report: for the page and for phones, with their numbers as tables."""

from collections.abc import Sequence
from typing import Any

from opinionpanel.charts import Kind, Options, lay_out
from opinionpanel.disclosure import Shown
from opinionpanel.drawing import Drawing, SizeName
from opinionpanel.errors import SelectionError
from opinionpanel.report.blocks import Block, Grid, Picture, Text
from opinionpanel.report.told import Told


def picture(
    kind: Kind,
    shown: Shown | Sequence[Shown],
    name: str,
    title: str,
    told: Told,
    grids: Sequence[Grid],
    **own: Any,
) -> list[Block]:
    """Draw a chart; where it cannot be drawn, say why and show its tables.

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
    **own
        What only this kind of chart can be asked for.
    """
    parts = [shown] if isinstance(shown, Shown) else list(shown)
    if all(part.hidden.all() for part in parts):
        return [Text(told.say("No chart: all figures are withheld.")), *grids]
    try:
        page = _drawn(kind, parts, title, told, "page", own)
    except SelectionError as error:
        # More states than colours, or names that leave no room for figures.
        return [Text(told.say("No chart: {reason}", reason=str(error))), *grids]
    try:
        phone = _drawn(kind, parts, title, told, "phone", own)
    except SelectionError:
        phone = None
    return [Picture(name, title, page, phone, grids)]


def _drawn(
    kind: Kind, parts: Sequence[Shown], title: str, told: Told, size: SizeName, own: dict[str, Any]
) -> Drawing:
    options = Options(title=title, language=told.language, names=told.names, size=size)
    estimates = [part.estimates for part in parts]
    withheld = [part.withheld for part in parts]
    if kind != "dots":
        return lay_out(kind, estimates[0], withheld[0], options, **own)
    return lay_out(kind, estimates, withheld, options, **own)
