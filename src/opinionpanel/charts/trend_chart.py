"""Trends: shares or means over waves on a true axis of time, with bands of intervals."""

from collections.abc import Mapping

import altair as alt

from opinionpanel.arguments import checked
from opinionpanel.charts.blanks import blank
from opinionpanel.charts.chart_options import LanguageName, Options, ThemeName
from opinionpanel.charts.facets import group_columns
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.headlines import headline, summary
from opinionpanel.charts.share_rows import check_waves
from opinionpanel.charts.trend_axis import TimeAxis, time_axis
from opinionpanel.charts.trend_axis_labels import THICK
from opinionpanel.charts.trend_lines import EDGE, OPACITY, STROKE, Line
from opinionpanel.charts.trend_panels import panels_of, panels_on, scale_notes
from opinionpanel.drawing import Band, Colors, Drawing, KeyEntry, Mark, Rule, SizeName
from opinionpanel.estimates import Estimates, Interval, Withheld, withheld_of


@checked
def trend(
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
    """Draw shares, or the means of a score, over waves as lines, with bands of their intervals.

    Waves stand where their days of fieldwork are, if the panel knows these, else at equal
    distances, which is said. A line has a gap where a wave did not ask or its figure is withheld.
    Where wording or mode changed, as ``Item(changes=...)`` tells, a dashed line says so. The axis
    of shares begins at 0. That of means shows a part of the scale, a fifth of it at least, and the
    caption says which.

    Parameters
    ----------
    estimates : Estimates
        From `shares`, `means` or `quantiles`. Groups become panels; of a single state, such as
        ``shares.select(state="approve")``, and of means, up to five groups become lines of one
        panel.
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
        colours by name. Lines of groups take the set.
    theme : {"light", "dark", "print"}
        ``"print"`` is in greys. Lines are dashed and marked there.
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
        The estimates are not shares of states or figures of a score at waves, or the size has no
        room for their texts.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> chart = op.charts.trend(op.shares(panel, "support"), title="Support over a year")
    >>> chart.title.text
    ['Support over a year']
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
    return lay_out_trend(estimates, withheld, options, by=by).chart()


def lay_out_trend(
    estimates: Estimates, withheld: Withheld, options: Options, *, by: str | None = None
) -> Drawing:
    """Lay out estimates of which it is decided what may be shown, as `trend` describes."""
    check_waves(estimates)
    frame = Frame(estimates, withheld, options)
    axis = time_axis([str(wave) for wave in frame.figures.labels["wave"].unique()], estimates.about)
    panels = panels_of(frame, group_columns(frame, by))
    key = _key(frame, axis, panels[0].lines[0])
    notes = [*_notes(frame, axis), *scale_notes(frame, len(panels))]
    sheet = frame.sheet(title=headline(frame), notes=notes, key=key)
    marks, height = panels_on(sheet, frame, axis, panels)
    return sheet.drawing(marks, height, summary(frame))


def _notes(frame: Frame, axis: TimeAxis) -> list[str]:
    """Say what the picture does not."""
    if axis.dated or len(axis.waves) < 3:
        return []
    return [frame.say("Waves stand at equal distances, whatever the time between them.")]


def _key(frame: Frame, axis: TimeAxis, line: Line) -> list[KeyEntry]:
    """Draw samples of a band, of the days of fieldwork, and of what is withheld."""
    color = frame.theme.muted

    def band(x: float, y: float, width: float, height: float) -> list[Mark]:
        right, bottom = x + width, y + height
        lines = ((y, 0.8, EDGE), (bottom, 0.8, EDGE), (y + height / 2, STROKE, ()))
        return [
            Band(
                xs=(x, right),
                tops=(y, y),
                bottoms=(bottom, bottom),
                fill=line.fill,
                opacity=OPACITY,
            ),
            *(
                Rule(x=x, y=at, x2=right, y2=at, color=line.ink, width=thick, dash=dash)
                for at, thick, dash in lines
            ),
        ]

    def days(x: float, y: float, width: float, height: float) -> list[Mark]:
        at = y + height / 2
        return [Rule(x=x + 6, y=at, x2=x + width - 6, y2=at, color=color, width=THICK)]

    def few(x: float, y: float, width: float, height: float) -> list[Mark]:
        return blank(frame, x + (width - height) / 2, y, height, height, "")

    entries = [KeyEntry(frame.say("{level} interval", level=frame.level), band)]
    if axis.dated:
        entries.append(KeyEntry(frame.say("days of fieldwork"), days))
    if frame.figures.hidden.any():
        entries.append(KeyEntry(frame.say("withheld: too few people"), few))
    return entries
