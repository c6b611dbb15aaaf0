"""Charts of dots: groups below each other on one axis, with intervals and changes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Literal

import altair as alt

from opinionpanel.arguments import check_choice, checked
from opinionpanel.charts.chart_options import LanguageName, Options, ThemeName
from opinionpanel.charts.dot_marks import key, marks
from opinionpanel.charts.dot_places import place
from opinionpanel.charts.dot_rows import Part, Sort, part_of, rows_of
from opinionpanel.charts.dot_texts import (
    Told,
    columns,
    notes,
    refuse_mixture,
    summary,
    tick_label,
    under_title,
)
from opinionpanel.charts.facets import group_column
from opinionpanel.charts.frame import Frame, check_labels, names_of
from opinionpanel.charts.headlines import headline
from opinionpanel.charts.score_figures import ends_of
from opinionpanel.charts.share_axis import MOST, axis_of, number_axis
from opinionpanel.drawing import Colors, Drawing, SizeName, text_width
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import Estimates, Interval, Withheld, withheld_of


@checked
def dots(
    estimates: Estimates | Sequence[Estimates],
    *,
    state: str | None = None,
    by: str | None = None,
    sort: Sort = None,
    ranks: bool = False,
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
    """Draw groups below each other, each a dot with its interval, under one axis.

    Where there are several waves, a hollow dot is the first and a filled one the last, and a column
    gives the change between them with its interval, which allows for people who answered at both.
    Differences and net changes are drawn from a line at 0; changes between several pairs of waves
    stand below each other. Figures of scores have an axis in their own numbers.

    Parameters
    ----------
    estimates : Estimates or a list of them
        From `shares`, `turnover`, `net_change`, `attrition`, `means`, `mean_change`, `correlation`
        or any other measure with one figure for each group and wave, or differences of them. Of
        several, the one without groups is the row and the dashed line of all people; each of the
        others makes a section. One without groups, alone, has its states as rows. The effects of a
        model have a section for each answer and term, the differences of `cross_lagged` one for
        each item.
    state : str, optional
        The state whose share is drawn; by default the first, or that of all together. Of the
        components of turnover the total is drawn, of those of `mean_change` the change.
    by : str, optional
        Of estimates by several groups, the group column whose values make sections; by default all
        but the last.
    sort : {"estimate", "change"}, optional
        The highest first, within each section; by default groups keep their order.
    ranks : bool
        Add the ranks that each group may have, for all groups at once with the confidence `level`.
    title, subtitle, caption : str, optional
        In the place of the chart's own; base and n stay in the caption. ``""`` is none.
    labels : dict of str to str, optional
        How states, groups and waves are called, by their names.
    language : {"en", "ru"} or Language
        Of all words, numbers and dates.
    colors : {"ordered", "unordered"} or dict of str to str
        Of states: a ramp from blue to orange, a set for parties and the like, or hexadecimal
        colours by name. Dots have that of the state whose share is drawn.
    theme : {"light", "dark", "print"}
        ``"print"`` is in greys.
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
        The estimates have several figures for each group, or do not belong under one axis; or the
        size has no room for their texts.

    Notes
    -----
    Ranks rest on simultaneous intervals of the differences between every two groups, as of
    `Estimates.comparisons` (Klein, Wright & Wieczorek 2020; Mogstad, Romano, Shaikh & Wilhelm
    2024). Groups that are withheld have none, and do not count among the others.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> everybody = op.shares(panel, "support")
    >>> by_age = op.shares(panel, "support", by="age_group")
    >>> chart = op.charts.dots([everybody, by_age], state="approve", title="Who approves")
    >>> chart.title.text
    ['Who approves']
    """
    several = [estimates] if isinstance(estimates, Estimates) else list(estimates)
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
    withheld = [withheld_of(one, min_n, min_cell) for one in several]
    drawing = lay_out_dots(several, withheld, options, state=state, by=by, sort=sort, ranks=ranks)
    return drawing.chart()


def lay_out_dots(
    estimates: Sequence[Estimates],
    withheld: Sequence[Withheld],
    options: Options,
    *,
    state: str | None = None,
    by: str | None = None,
    sort: Sort = None,
    ranks: bool = False,
) -> Drawing:
    """Lay out estimates of which it is decided what may be shown, as `dots` describes."""
    if sort is not None:
        check_choice("sort", sort, Literal["estimate", "change"])
    if not estimates:
        raise SelectionError("A chart of dots needs estimates, and the list of them is empty.")
    parts = [
        part_of(one, decided, state=state, alone=len(estimates) == 1)
        for one, decided in zip(estimates, withheld, strict=True)
    ]
    # All people come first.
    parts.sort(key=lambda part: part.grouped)
    refuse_mixture(parts)
    by = _sections(parts, by)
    if ranks:
        _check_ranks(parts)
    frames = _frames(estimates, parts, options)
    rows = [
        row
        for part, frame in zip(parts, frames, strict=True)
        for row in rows_of(part, frame, by=by, sort=sort, ranks=ranks and part.grouped)
    ]
    if len(parts) > 1 and parts[0].rows and not parts[0].grouped:
        # Several pairs of waves are rows of all people.
        everyone, count = frames[0].say("All"), len(parts[0].estimates)
        rows[:count] = [replace(row, section=everyone) for row in rows[:count]]
    return _drawing(Told(parts[0], frames[0], rows), ranks=ranks)


def _groups(parts: Sequence[Part]) -> list[list[str]]:
    """Name the label columns of items and groups that the rows of each part are of."""
    return [part.estimates.about.columns(part.rows, "item", "group") for part in parts]


def _sections(parts: Sequence[Part], by: str | None) -> str | None:
    """Find the label column of sections; refuse one that there is not."""
    if by is None:
        return None
    known = sorted(set(chain(*_groups(parts))))
    return group_column(by, known)


def _check_ranks(parts: Sequence[Part]) -> None:
    """Refuse ranks among several sets of groups."""
    if any(part.estimates.about.columns(part.rows, "time") for part in parts):
        raise SelectionError(
            "ranks=True ranks groups by one figure each, and there are those of several "
            "waves or pairs of waves. Keep one of these first, with .select(...)."
        )
    grouped = [names for names in _groups(parts) if names]
    if [len(names) for names in grouped] != [1]:
        raise SelectionError(
            "ranks=True ranks the groups of one column, and there are "
            f"{sum(map(len, grouped)) or 'none'} of them. Draw estimates by one column, such as "
            "opinionpanel.shares(panel, item, by='region')."
        )


def _frames(estimates: Sequence[Estimates], parts: Sequence[Part], options: Options) -> list[Frame]:
    """Make a frame of each part, with those of the labels that are its own."""
    labels = options.labels or {}
    check_labels(labels, set().union(*map(names_of, estimates)))
    frames = []
    for part in parts:
        own = names_of(part.estimates) & set(labels)
        named = {name: labels[name] for name in labels if name in own}
        frames.append(Frame(part.estimates, part.withheld, replace(options, labels=named)))
    return frames


def _drawing(told: Told, *, ranks: bool) -> Drawing:
    frame = told.frame
    sheet = frame.sheet(
        title=headline(frame),
        subtitle=under_title(told),
        notes=notes(told, ranked=ranks),
        key=key(told),
        intervals=told.intervals,
    )
    values = _values(told)
    if told.writing.numbers:
        possible = ends_of(told.part.estimates)
        draft = number_axis(values, possible, MOST)
        ticks = [tick_label(told, tick, draft.digits) for tick in draft.ticks]
    else:
        possible = (-1.0, 1.0) if told.signed else (0.0, 1.0)
        # The widest label there can be.
        ticks = [tick_label(told, -1.0 if told.signed else 1.0, 0)]
    widest = max(text_width(tick, frame.size.small) for tick in ticks)
    choose = number_axis if told.writing.numbers else axis_of
    places = place(sheet, told.rows, columns(told), values, possible, widest, choose)
    return sheet.drawing(marks(told, places), places.height, summary(told))


def _values(told: Told) -> list[float]:
    """List what the axis must hold: estimates, limits of the last wave, the 0 of differences."""
    last = [part for row in told.rows for part in (row.last.value, row.last.low, row.last.high)]
    first = [row.first.value for row in told.rows if row.first and not row.last.hidden]
    return [*last, *first, *([0.0] if told.signed else [])]
