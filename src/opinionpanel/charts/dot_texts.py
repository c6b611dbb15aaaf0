"""The words and figures of a chart of dots: its columns, its key, and what its rows say."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from opinionpanel.charts.dot_places import Column
from opinionpanel.charts.dot_rows import TOTAL, Part, Point, Row
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.score_figures import Writing, signed
from opinionpanel.charts.wholes import WHOLES
from opinionpanel.drawing import NONE, Words
from opinionpanel.errors import SelectionError
from opinionpanel.escaping import in_order, one_line
from opinionpanel.estimates import frame_of

# Which figure is shown, by the measure, whether it is a difference, and the columns of which one
# value was chosen; without any, rows are states or the figure is that of all of them.
SAID: Mapping[tuple[str, bool], Mapping[tuple[str, ...], str]] = {
    ("shares", False): {("state",): "Share answering “{state}”"},
    ("shares", True): {
        (): "Differences between shares, in percentage points",
        ("state",): "Difference in the share answering “{state}”, in percentage points",
    },
    ("net_change", True): {
        (): "Net change among the same people, in percentage points",
        ("state",): "Net change of “{state}” among the same people, in percentage points",
    },
    ("means", False): {(): "Mean"},
    ("means", True): {(): "Differences between means"},
    ("mean_change", True): {
        (): "Differences between mean changes",
        ("moment",): "Mean change among the same people",
    },
    ("cross_lagged", False): {(): "Shares, earlier answers to the same question held alike"},
    ("cross_lagged", True): {(): "Differences between shares, in percentage points"},
    ("change_model", True): {
        (): "Average effects on the shares of later answers, in percentage points",
        ("outcome",): "Average effects on the share answering “{outcome}”, in percentage points",
    },
    ("answer_model", True): {
        (): "Average effects on the shares of answers, in percentage points",
        ("outcome",): "Average effects on the share answering “{outcome}”, in percentage points",
    },
    ("hazard", True): {
        ("outcome",): "Average effects on the share who change in an interval, in percentage points"
    },
    ("correlation", False): {(): "Correlation between the answers at two waves, from −1 to 1"},
    ("association_of_change", False): {
        ("index",): "Correlation of the two changes (phi), from −1 to 1"
    },
    ("number_of_changes", False): {("index",): "Mean number of changes"},
    ("cronbach_alpha", False): {(): "How well the columns of the scale go together"},
    ("mean_change", False): {("moment",): "Among the same people: {moment}"},
    ("turnover", False): {(): "Share who gave another answer"},
    ("attrition", False): {
        (): "Share not interviewed at the later wave",
        ("state",): "Share not interviewed at the later wave, of those who answered “{state}”",
    },
}
# The same of the options of a question that takes several answers: theirs is a single state.
SAID_OF_OPTIONS: Mapping[tuple[str, bool], Mapping[tuple[str, ...], str]] = {
    ("shares", False): {("state",): "Share who selected it; several answers were possible"},
    ("shares", True): {
        ("state",): "Difference in the share who selected it, in percentage points",
    },
    ("net_change", True): {
        ("state",): "Net change in the share who selected it, in percentage points",
    },
    ("turnover", False): {(): "Share who selected it at one of the two waves only"},
}

# The head of the column of figures, by whether they are numbers of a score, and what they are.
HEADS: Mapping[tuple[bool, str], str] = {
    (False, "change"): "change, points",
    (False, "difference"): "points",
    (False, "figure"): "share",
    (True, "change"): "change",
    (True, "difference"): "difference",
    (True, "figure"): "mean",
}
# The same of numbers that are no means, by their measure.
NUMBERS: Mapping[str, str] = {
    "quantiles": "number",
    "correlation": "correlation",
    "association_of_change": "correlation",
    "cronbach_alpha": "alpha",
}
# What heads say where any figure has an interval.
WITH_INTERVAL = "{what} ({level}\u00a0interval)"


@dataclass(frozen=True)
class Told:
    """What the texts of a chart rest on.

    Attributes
    ----------
    part : Part
        Of the estimates that title and caption are about.
    frame : Frame
    rows : sequence of Row
    """

    part: Part
    frame: Frame
    rows: Sequence[Row]

    @property
    def signed(self) -> bool:
        """Whether what is drawn are differences."""
        return signed(self.part.estimates)

    @property
    def writing(self) -> Writing:
        """How figures are written; those of changes between waves have a sign."""
        return self.frame.writing

    @property
    def inks(self) -> tuple[str, str]:
        """The colour of the state whose share is shown, and that of intervals."""
        theme = self.frame.theme
        state = self.part.chosen.get("state", "")
        return self.frame.inks.get(state, (theme.accent, theme.accent_soft))

    @property
    def two(self) -> bool:
        """Whether there are two waves, and a change between them."""
        return len(self.part.times) > 1

    @property
    def times(self) -> list[str]:
        """The names of the waves, or pairs of waves."""
        names = [" → ".join(map(self.frame.name, time)) for time in self.part.times]
        # Paths, for one, are of all waves.
        return [name or self.frame.say("estimate") for name in names]

    @property
    def points(self) -> list[Point | None]:
        """The figures in the column: changes between two waves, or those of the only one."""
        return [row.change if self.two else row.last for row in self.rows]

    @property
    def bands(self) -> bool:
        """Whether any interval is drawn."""
        return _bounded(row.last for row in self.rows)

    @property
    def intervals(self) -> bool:
        """Whether any interval is drawn or written."""
        return self.bands or _bounded(self.points)

    @property
    def compared(self) -> bool:
        """Whether a line shows where all people are: differences have one at 0."""
        return len(self.rows) > 1 and not self.signed

    @property
    def everybody(self) -> Point | None:
        """The figure of all people at the last wave, where it is known."""
        found = [row.last for row in self.rows if row.everybody]
        return found[0] if found and math.isfinite(found[0].value) else None


def columns(told: Told) -> list[Column]:
    """Write the columns: the change or the estimate with its interval, ranks, and n."""
    frame, rows = told.frame, told.rows
    kind = _kind(told)
    phrase = HEADS[told.writing.numbers, kind]
    if told.writing.numbers and kind == "figure":
        phrase = NUMBERS.get(told.part.estimates.about.measure, phrase)
    head = frame.say(phrase)
    if _bounded(told.points):
        head = frame.say(WITH_INTERVAL, what=head, level=frame.level)
    found = [Column(head, _figures(told, told.points))]
    if any(row.ranks for row in rows):
        found.append(Column(frame.say("rank"), [_ranks(row) for row in rows]))
    return [*found, Column("n", [_count(frame, row.last) for row in rows], right=True)]


def _bounded(points: Iterable[Point | None]) -> bool:
    return any(point is not None and math.isfinite(point.high - point.low) for point in points)


def tick_label(told: Told, value: float, digits: int) -> str:
    """Write a tick of the axis: per cent of shares, points with a sign of differences."""
    return told.writing.figure(value, digits)


def _figures(told: Told, points: Sequence[Point | None]) -> list[str]:
    """Write figures and their limits with as many digits as the narrowest interval needs."""
    limits = [(point.low, point.high) for point in points if point is not None]
    change = told.two or told.signed
    digits = replace(told.writing, signed=change).digits(limits)
    return [
        # A hatched bar says why there is no figure.
        ""
        if row.last.hidden or point is None
        else _figure(told, point, digits, change=change, compact=True)
        for row, point in zip(told.rows, points, strict=True)
    ]


def _figure(told: Told, point: Point, digits: int, *, change: bool, compact: bool) -> str:
    if point.hidden:
        return told.frame.few(point.n)
    writing = replace(told.writing, signed=change)
    # Limits with signs take as much room in either way.
    compact = compact and not change
    return writing.estimate(point.value, point.low, point.high, digits, compact=compact)


def _kind(told: Told) -> str:
    """Say what the figures in the column are."""
    about = told.part.estimates.about
    if told.two or (about.measure == "mean_change" and told.signed and not about.of_two):
        return "change"
    return "difference" if told.signed else "figure"


def _ranks(row: Row) -> str:
    if row.ranks is None:
        return "" if row.everybody else NONE
    first, last = row.ranks
    return f"{first}" if first == last else f"{first}–{last}"


def _count(frame: Frame, point: Point) -> str:
    few = point.hidden and point.n < frame.withheld.min_n
    return f"< {frame.withheld.min_n}" if few else frame.language.count(point.n)


def words(told: Told, row: Row) -> Words:
    """Say a row in words: who, and all of its figures."""
    frame = told.frame
    who = f"{row.section}: {row.name}" if row.section else row.name
    heads, cells = [_head(told)], [who]
    points = [point for point in (row.first, row.last) if point is not None]
    digits = 1
    if told.writing.numbers:
        digits = told.writing.digits((point.low, point.high) for point in points)
    for time, point in zip(told.times, points, strict=True):
        heads.append(time)
        cells.append(_figure(told, point, digits, change=told.signed, compact=False))
    if row.change is not None:
        heads.append(frame.say("change" if told.writing.numbers else "change, points"))
        cells.append(_figure(told, row.change, digits, change=True, compact=False))
    if any(one.ranks for one in told.rows):
        heads.append(frame.say("rank"))
        cells.append(_ranks(row) or NONE)
    # A screen reader says the figures alone.
    count = _count(frame, row.last)
    return Words((*heads, frame.say("Base")), (*cells, f"n = {count}"), figures=len(heads))


def _head(told: Told) -> str:
    """Say what rows are about."""
    if told.part.by_state:
        return told.frame.say("State")
    names = told.part.estimates.about.columns(told.part.rows, "item")
    return told.frame.column(names[0]) if names else told.frame.say("Group")


def under_title(told: Told) -> str:
    """Say which figure the dots show, and quote the question."""
    frame, about = told.frame, told.part.estimates.about
    question, shown = in_order(one_line(about.question)), _shown(told)
    if not shown or not question:
        return shown or question
    return frame.say("{shown}. “{question}”", shown=shown, question=question)


def _shown(told: Told) -> str:
    """Say which figure the dots show; nothing where the title alone says it."""
    frame, part = told.frame, told.part
    about = part.estimates.about
    together = {"component": TOTAL, **about.together}
    chosen = {
        name: frame.name(value)
        for name, value in part.chosen.items()
        if value != together.get(name)
    }
    own = about.columns(part.estimates.labels, "item")
    said = SAID_OF_OPTIONS if own == ["option"] else SAID
    phrase = said.get((about.measure, told.signed), {}).get(tuple(chosen))
    if phrase is not None:
        return frame.say(phrase, **chosen)
    shown = (" → " if {*chosen} == {"origin", "destination"} else ", ").join(chosen.values())
    # What is no name of a study begins a sentence.
    begins = about.measure in ("quantiles", *WHOLES)
    return f"{shown[:1].upper()}{shown[1:]}" if begins else shown


def notes(told: Told, *, ranked: bool) -> list[str]:
    """Say how to read the rows, for the caption."""
    frame, part = told.frame, told.part
    found = []
    if told.two:
        about = part.estimates.about
        # What several studies did, their notes say.
        if not about.independent and not about.study and _bounded(told.points):
            found.append(
                frame.say("The interval of a change allows for people who answered both times.")
            )
        found.append(
            frame.say("n and rank: {time}." if ranked else "n: {time}.", time=told.times[-1])
        )
    if part.left_out:
        pairs = len(part.times[0]) > 1
        found.append(
            frame.say(
                "Shown are the first and the last of {n} pairs of waves."
                if pairs
                else "Shown are the first and the last of {n} waves.",
                n=part.left_out + 2,
            )
        )
    if ranked:
        found.append(
            frame.say(
                "Rank, 1 for the highest: all that the differences between groups leave open, with "
                "{level} confidence for all groups at once.",
                level=frame.level,
            )
        )
    if _limits_withheld(told):
        found.append(frame.say("Intervals that would tell of few people are withheld."))
    return [" ".join(found)] if found else []


def _limits_withheld(told: Told) -> bool:
    """Tell whether a figure is shown without the interval that it has."""
    frame, shown = told.frame, told.frame.figures
    known = frame_of(frame.estimates, level=frame.options.level, interval=frame.options.interval)[
        "conf_high"
    ]
    return bool((np.isfinite(known) & ~np.isfinite(shown.high) & ~shown.hidden).any())


def summary(told: Told) -> str:
    """Say the main figures: of all, the highest and the lowest."""
    frame = told.frame
    found = [
        frame.say("All: {figure}.", figure=_last(told, row))
        for row in told.rows
        if row.everybody and math.isfinite(row.last.value)
    ]
    parts = [row for row in told.rows if not row.everybody and math.isfinite(row.last.value)]
    if len(parts) > 1:
        highest, lowest = (pick(parts, key=lambda row: row.last.value) for pick in (max, min))
        found.append(
            frame.say(
                "Highest: {group}, {figure}; lowest: {other}, {least}.",
                group=highest.name,
                figure=_last(told, highest),
                other=lowest.name,
                least=_last(told, lowest),
            )
        )
    return " ".join(found)


def _last(told: Told, row: Row) -> str:
    last = row.last
    digits = told.writing.digits([(last.low, last.high)]) if told.writing.numbers else 0
    return _figure(told, last, digits, change=told.signed, compact=False)


def refuse_mixture(parts: Sequence[Part]) -> None:
    """Refuse estimates that do not belong under one axis."""
    first = parts[0]

    def nature(part: Part) -> tuple[object, ...]:
        about = part.estimates.about
        what = about.measure, about.item, part.estimates.unit, part.times, part.chosen
        # What a model made is never shown among what was counted without a mark.
        return *what, bool(about.modelled)

    for part in parts[1:]:
        if nature(part) != nature(first):
            raise SelectionError(
                "Estimates in one chart of dots must be of one measure, item and state, at the "
                f"same waves: {_named(first)} and {_named(part)} are not. Draw them in two charts, "
                "beside each other with |."
            )
    if sum(not part.grouped for part in parts) > 1:
        raise SelectionError(
            "Two of the estimates have no groups, and a chart of dots has one row of all people. "
            "Leave one of them out."
        )


def _named(part: Part) -> str:
    of = [*(" → ".join(time) for time in part.times), *part.chosen.values()]
    return f"{part.estimates.about.title} ({', '.join(of)})"
