"""The rows of a chart of dots: who they are about, and their figures at one wave or two."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Places
from opinionpanel.charts.dot_effects import OUTCOME, effect_rows, section_of, told_of
from opinionpanel.charts.dot_ranks import rank_intervals
from opinionpanel.charts.frame import Figures, Frame, check_rows, own_columns, part_columns
from opinionpanel.charts.score_figures import CHANGE, has_axis, signed
from opinionpanel.errors import SelectionError, listing, unknown
from opinionpanel.estimates import MOMENT, PAIR, Estimates, Withheld, frame_of

Sort = Literal["estimate", "change"] | None
# Values of label columns; those of the head of a section and those of a row in it.
Names = tuple[str, ...]
Key = tuple[Names, Names]
# What is shown of a column of components where nothing else is asked for.
TOTAL = "total"
USUAL = {"component": TOTAL, MOMENT: CHANGE, "index": "phi"}


@dataclass(frozen=True)
class Point:
    """A figure with its limits; NaN where there is none, or none to be shown.

    Attributes
    ----------
    value, low, high : float
    n : int
        Unweighted people in the base.
    hidden : bool
        Withheld.
    """

    value: float
    low: float
    high: float
    n: int
    hidden: bool


# Where a wave has nobody of a group.
NOBODY = Point(np.nan, np.nan, np.nan, 0, hidden=False)


@dataclass(frozen=True)
class Row:
    """One group of people.

    Attributes
    ----------
    section : str
        The head that it stands below; empty for none.
    name : str
    last : Point
        Its figure, at the last wave of several.
    first : Point, optional
        At the first wave of several.
    change : Point, optional
        From the first wave to the last.
    everybody : bool
        Whether it is about all people together.
    ranks : tuple of int, optional
        The first and the last rank that it may have.
    """

    section: str
    name: str
    last: Point
    first: Point | None = None
    change: Point | None = None
    everybody: bool = False
    ranks: tuple[int, int] | None = None


@dataclass(frozen=True)
class Part:
    """Estimates of which each row has one figure at each of its times.

    Attributes
    ----------
    estimates : Estimates
    withheld : Withheld
    rows : tuple of str
        The label columns that tell rows from each other; none for a figure of all people.
    times : tuple of tuple of str
        The first wave, or pair of waves, and the last; or the only one.
    left_out : int
        How many lie between them.
    chosen : dict of str to str
        The value that is shown of each label column that is neither of rows nor of times.
    """

    estimates: Estimates
    withheld: Withheld
    rows: tuple[str, ...]
    times: tuple[tuple[str, ...], ...]
    left_out: int
    chosen: Mapping[str, str]

    @property
    def by_state(self) -> bool:
        """Whether its rows are states, not groups of people."""
        return self.rows[-1:] == ("state",) and self.estimates.about.role("state") != "group"

    @property
    def grouped(self) -> bool:
        """Whether its rows are items or groups, and not all people."""
        return bool(self.estimates.about.columns(self.rows, "item", "group"))


def part_of(
    estimates: Estimates, withheld: Withheld, *, state: str | None, alone: bool = False
) -> Part:
    """Keep what a chart of dots shows of estimates: a state, a component, two waves.

    Parameters
    ----------
    estimates : Estimates
    withheld : Withheld
    state : str, optional
        Which state; by default that of all together, or the first.
    alone : bool
        Whether nothing else is drawn: the rows of a figure without groups are then its states.

    Raises
    ------
    SelectionError
        Nothing, numbers, or several figures for each group.
    """
    labels, about = estimates.labels, estimates.about
    check_rows(estimates)
    _refuse_numbers(estimates)
    rows, own = part_columns(estimates), own_columns(estimates)
    if alone and (effects := effect_rows(estimates, own)):
        rows = effects
    elif alone and not rows and state is None:
        rows = [name for name in ("state", "quantile") if name in labels]
    time = _times(estimates) or [name for name in PAIR if name in own]
    others = [str(name) for name in labels if name not in (*rows, *time)]
    if state is not None and "state" not in others:
        raise SelectionError(
            f"state={state!r} names a state, and these estimates ({about.measure}) are not by "
            "state. Leave it out."
        )
    wanted = {"state": state}
    chosen = {name: _value(estimates, name, wanted.get(name)) for name in others}
    keep = np.ones(len(estimates), dtype=bool)
    for name, value in chosen.items():
        keep &= (labels[name] == value).to_numpy()
    times = _times(estimates.at(np.flatnonzero(keep)))
    if not times:
        # Changes between two pairs of waves stand below each other: none is taken from another.
        rows = [*time, *rows]
    keys = list(dict.fromkeys(_keys(estimates, times)))
    shown = tuple(dict.fromkeys((keys[0], keys[-1])))
    keep &= np.array([key in shown for key in _keys(estimates, times)])
    places = np.flatnonzero(keep)
    if OUTCOME in rows:
        # All that is told of an answer stands together.
        places = places[np.argsort(pd.factorize(labels[OUTCOME])[0][places], kind="stable")]
    return Part(
        estimates.at(places),
        _at(withheld, places),
        tuple(rows),
        shown,
        left_out=len(keys) - len(shown),
        chosen={name: str(value) for name, value in chosen.items()},
    )


def _times(estimates: Estimates) -> list[str]:
    """Name the label columns of waves that follow each other; differences of waves do not."""
    about = estimates.about
    names = about.columns(estimates.labels, "time")
    keys = set(_keys(estimates, names))
    if len(keys) == 1:
        return names
    known = {wave for key in keys for wave in key} <= set(about.waves)
    changes = [*PAIR] == names and signed(estimates)
    return names if known and not changes else []


def _value(estimates: Estimates, name: str, wanted: str | None) -> Hashable:
    """Choose the one value of a label column that is shown."""
    about, values = estimates.about, list(estimates.labels[name].unique())
    if wanted is not None:
        if wanted not in values:
            raise unknown("state", wanted, values)
        return wanted
    usual = [about.together.get(name), USUAL.get(name)]
    if name == "state" and about.states:
        usual.append(values[0])
    found = values if len(values) == 1 else [value for value in usual if value in values]
    if not found:
        raise SelectionError(
            f"A chart of dots shows one figure for each group, and these estimates "
            f"({about.measure}) have {len(values)} values of {name!r}: {listing(values)}. Keep one "
            f"of them first, with .select({name}=...)."
        )
    return found[0]


def _refuse_numbers(estimates: Estimates) -> None:
    """Refuse numbers that no axis holds."""
    if estimates.unit != "number" or has_axis(estimates):
        return
    models = "parameter" in estimates.about.roles.values() and "outcome" in estimates.labels
    way_out = (
        "Of a model the average effects have a chart: .effects.plot()."
        if models
        else "Their table shows them: print them, or call .to_frame()."
    )
    raise SelectionError(
        "A chart of dots draws shares, figures of scores, correlations and differences of these, "
        f"and these estimates are other numbers ({estimates.about.title}). {way_out}"
    )


def _at(withheld: Withheld, places: Places) -> Withheld:
    limits = None if withheld.limits is None else withheld.limits[places]
    return replace(withheld, rows=withheld.rows[places], limits=limits)


def _keys(estimates: Estimates, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Give each estimate its values of some label columns."""
    found = [estimates.labels[name].astype(str) for name in columns]
    return list(zip(*found, strict=True)) if found else [()] * len(estimates)


def rows_of(part: Part, frame: Frame, *, by: str | None, sort: Sort, ranks: bool) -> list[Row]:
    """List the rows of a part, section by section.

    Parameters
    ----------
    part : Part
    frame : Frame
        Of the same estimates.
    by : str, optional
        The group column that makes sections, where there are several; by default all but the last.
    sort : {"estimate", "change"}, optional
        The highest first, within each section; what is not shown comes last.
    ranks : bool
    """
    heads = _heads(part, by)
    inside = [name for name in part.rows if name not in heads]
    places = _places(part, heads, inside)
    rows = [_row(part, frame, key, at, inside) for key, at in places.items()]
    if len(part.times) > 1:
        changes = _changes(part, frame, list(places.values()))
        rows = [replace(row, change=change) for row, change in zip(rows, changes, strict=True)]
    if ranks:
        rows = _ranked(part, frame, rows, list(places.values()))
    return [
        row
        for section in dict.fromkeys(row.section for row in rows)
        for row in _sorted([one for one in rows if one.section == section], sort)
    ]


def _heads(part: Part, by: str | None) -> list[str]:
    """Name the group columns whose values make sections."""
    about = part.estimates.about
    if about.columns(part.rows[-1:], "state", "parameter"):
        return [*part.rows[:-1]]
    time = about.columns(part.rows, "time")
    groups = about.columns(part.rows, "item", "group")
    if not groups or len(groups) + len(time) < 2:
        return []
    return [*time, by] if by in groups else [*time, *groups[:-1]]


def _places(part: Part, heads: list[str], inside: list[str]) -> dict[Key, dict[Names, int]]:
    """Find the places of each row's estimates, by their times."""
    times = _times(part.estimates)
    found: dict[Key, dict[Names, int]] = {}
    keys = zip(*(_keys(part.estimates, names) for names in (heads, inside, times)), strict=True)
    for place, (head, name, time) in enumerate(keys):
        found.setdefault((head, name), {})[time] = place
    return found


def _row(part: Part, frame: Frame, key: Key, places: Mapping[Names, int], inside: list[str]) -> Row:
    head, name = key
    ends = [
        _point(frame.figures, places[time]) if time in places else NOBODY for time in part.times
    ]
    together = part.estimates.about.together.get("state") if part.by_state else None
    return Row(
        section=_section(part, frame, head, inside),
        name=told_of(frame, inside, name) or frame.say("All"),
        last=ends[-1],
        first=ends[0] if len(ends) > 1 else None,
        everybody=not name or together in name,
    )


def _section(part: Part, frame: Frame, head: Names, inside: list[str]) -> str:
    """Write the head of a section: the groups that it is about, or what they are groups of."""
    if head:
        heads = [name for name in part.rows if name not in inside]
        return section_of(frame, dict(zip(heads, head, strict=True)))
    # That a row is an item needs no word.
    return ", ".join(heading(frame, name) for name in part.estimates.about.columns(inside, "group"))


def _ranked(
    part: Part, frame: Frame, rows: Sequence[Row], places: Sequence[Mapping[Names, int]]
) -> list[Row]:
    """Add the ranks of the groups whose figures are shown, among these."""
    known = [at for at, row in enumerate(rows) if math.isfinite(row.last.value)]
    shown = part.estimates.at(np.array([places[at][part.times[-1]] for at in known], dtype=int))
    ends = zip(*rank_intervals(shown, level=frame.options.level), strict=True)
    ranks = dict(zip(known, ((int(first), int(last)) for first, last in ends), strict=True))
    return [replace(row, ranks=ranks.get(at)) for at, row in enumerate(rows)]


def _sorted(rows: list[Row], sort: Sort) -> list[Row]:
    if sort is None:
        return rows

    def figure(row: Row) -> float:
        point = row.last if sort == "estimate" else row.change
        return -math.inf if point is None or math.isnan(point.value) else point.value

    return sorted(rows, key=figure, reverse=True)


def heading(frame: Frame, column: str) -> str:
    """Write the name of a group column as the head of a section."""
    name = frame.column(column)
    return name if column in frame.options.all_labels else name[:1].upper() + name[1:]


def _point(figures: Figures, place: int) -> Point:
    return Point(
        float(figures.value[place]),
        float(figures.low[place]),
        float(figures.high[place]),
        int(figures.n[place]),
        bool(figures.hidden[place]),
    )


def _changes(part: Part, frame: Frame, ends: Sequence[Mapping[Names, int]]) -> list[Point]:
    """Subtract first waves from last ones; people who answered both times are accounted for."""
    first, last = part.times
    both = [places for places in ends if first in places and last in places]
    matrix = np.zeros((len(both), len(part.estimates)))
    for row, places in enumerate(both):
        matrix[row, places[last]], matrix[row, places[first]] = 1.0, -1.0
    change = part.estimates.contrast(matrix, {"row": range(len(both))})
    rests = matrix != 0
    hidden: Booleans = (rests & part.withheld.rows).any(axis=1)
    limits = part.withheld.limits
    withheld = replace(
        part.withheld, rows=hidden, limits=None if limits is None else (rests & limits).any(axis=1)
    )
    shown = frame_of(
        change, level=frame.options.level, interval=frame.options.interval, withheld=withheld
    )
    columns = ("estimate", "conf_low", "conf_high", "n")
    points = iter(
        Point(float(value), float(low), float(high), int(n), bool(dark))
        for value, low, high, n, dark in zip(
            *(shown[name] for name in columns), hidden, strict=True
        )
    )
    return [next(points) if first in places and last in places else NOBODY for places in ends]
