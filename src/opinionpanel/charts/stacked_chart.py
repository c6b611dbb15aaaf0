"""Stacked bars: those who agree and who disagree from a common line, the undecided apart."""

from collections.abc import Callable, Mapping, Sequence

import altair as alt
import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.charts.chart_options import LanguageName, Options, ThemeName
from opinionpanel.charts.facets import group_columns
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.headlines import headline, summary
from opinionpanel.charts.share_rows import check_shares
from opinionpanel.charts.stacked_bars import filled
from opinionpanel.charts.stacked_layout import draw, plan_of
from opinionpanel.charts.stacked_rows import Section, sections_of
from opinionpanel.charts.wholes import answers_of, is_whole, sides_in
from opinionpanel.drawing import Colors, Drawing, KeyEntry, Mark, Palette, Rect, SizeName
from opinionpanel.estimates import Estimates, Interval, Withheld, withheld_of


@checked
def stacked(
    estimates: Estimates,
    *,
    by: str | None = None,
    sort: str | None = None,
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
    """Draw shares as bars to both sides of a common line: those who agree, those who disagree.

    The undecided, and those without an answer, begin at a line of their own. Beside each row
    stands how much larger one side is than the other, with its interval. States without an order
    (``colors="unordered"``), or a single one, make ordinary bars from the left.

    Parameters
    ----------
    estimates : Estimates
        From `shares`, or `direction`, `joint_change` and `number_of_changes`. Rows are groups, or
        waves where there are several; groups are then heads of sections, as is the first of two
        groups.
    by : str, optional
        The group column that makes rows or sections; by default all there are.
    sort : str, optional
        The state by whose share the groups of a section are sorted, the largest first; by default
        they keep their order.
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
        ``"print"`` is in greys. Bars are hatched there.
    size : {"page", "slide", "card", "phone"} or (width, height)
        Where the chart is shown, or its size in pixels: it decides the layout.
    level : float
        Confidence level.
    interval : {"logit", "beta", "wilson", "wald"}
        Interval of shares.
    min_n : int
        What rests on fewer unweighted people is hatched and holds no figure.
    min_cell : int, optional
        By default 5, or 0 with ``min_n=0``; shares by wave have no smaller cells.

    Returns
    -------
    altair.LayerChart
        A plain Altair chart of aggregates.

    Raises
    ------
    SelectionError
        The estimates are not shares of states at waves, `sort` is no state of theirs or rows are
        waves, or the size has no room for their texts.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> shares = op.shares(panel, "support", by="age_group", waves=["Jul 2025"])
    >>> chart = op.charts.stacked(shares, title="Approval is highest among those over 60")
    >>> chart.title.text
    ['Approval is highest among those over 60']
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
    return lay_out_stacked(estimates, withheld, options, by=by, sort=sort).chart()


def lay_out_stacked(
    estimates: Estimates,
    withheld: Withheld,
    options: Options,
    *,
    by: str | None = None,
    sort: str | None = None,
) -> Drawing:
    """Lay out estimates of which it is decided what may be shown, as `stacked` describes."""
    if not is_whole(estimates):
        check_shares(estimates, "A chart of stacked bars")
    frame = Frame(estimates, withheld, options)
    states = answers_of(estimates)
    sides = sides_in(estimates, ordered=options.colors != "unordered")
    sections = sections_of(frame, group_columns(frame, by), sides, sort)
    colours = frame.palette(states)
    title, notes = headline(frame), _notes(frame, sections)
    # Names and n stand below each other, unless rows are many or low.
    for compact in (False, True):
        plan = plan_of(frame, sections, sides, colours, compact=compact)
        key = [] if plan.heads else _key(frame, colours)
        sheet = frame.sheet(title=title, notes=notes, key=key)
        if plan.fits(sheet.plot_height):
            break
    marks, height = draw(plan, sheet)
    return sheet.drawing(marks, height, summary(frame))


def _notes(frame: Frame, sections: Sequence[Section]) -> list[str]:
    """Say how to read the rows."""
    notes = []
    rows = [row for section in sections for row in section.rows]
    sums = [frame.figures.value[list(row.states.values())].sum() for row in rows]
    known = [total for total in sums if np.isfinite(total)]
    # Of states that were selected there are no others to add up with.
    if known and np.allclose(known, 1):
        notes.append(frame.say("Bars of a row add up to 100%."))
    if any(row.difference for row in rows):
        notes.append(
            frame.say(
                "Differences in percentage points, in brackets their {level} intervals.",
                level=frame.level,
            )
        )
    return [" ".join(notes)] if notes else []


def _key(frame: Frame, colours: Palette) -> list[KeyEntry]:
    """Draw a sample of each state."""

    def sample(place: int) -> Callable[[float, float, float, float], list[Mark]]:
        def swatch(x: float, y: float, width: float, height: float) -> list[Mark]:
            return filled(frame, colours, place, Rect(x=x, y=y, width=width, height=height))

        return swatch

    return [
        KeyEntry(frame.name(state), sample(place)) for place, state in enumerate(colours.states)
    ]
