"""The rows of stacked bars: groups or waves, in sections, each with its two sides compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from opinionpanel.charts.facets import facets
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.stacked_sides import Sides
from opinionpanel.charts.wholes import answers_column, answers_of, time_columns
from opinionpanel.errors import SelectionError, unknown
from opinionpanel.estimates import frame_of
from opinionpanel.measures import ARROW


class Difference(NamedTuple):
    """One side minus the other, with its interval; limits are NaN where there are none."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """What a bar shows.

    Attributes
    ----------
    name : str
        As readers see it.
    states : dict of str to int
        The place of the estimate of each state.
    withheld : bool
        Of one state, and so of all: the others would tell it.
    n : float
    difference : Difference or None
        None where there is none to be shown.
    """

    name: str
    states: Mapping[str, int]
    withheld: bool
    n: float
    difference: Difference | None = None


@dataclass(frozen=True)
class Section:
    """Rows under one head, which is empty where it has nothing to say."""

    name: str
    rows: Sequence[Row]


def sections_of(
    frame: Frame, groups: Sequence[str], sides: Sides, sort: str | None
) -> list[Section]:
    """Lay estimates out in rows: waves, or groups where there is a single wave.

    Raises
    ------
    SelectionError
        `sort` is no state, or rows are waves, which have an order.
    """
    labels = frame.figures.labels
    columns, times = list(groups), time_columns(frame.estimates)
    several = any(labels[name].nunique() > 1 for name in times)
    if several or not columns:
        columns += times
    _check_sort(frame, sort, several=several)
    own = len(times) if columns[-len(times) :] == times else 1
    parts = facets(frame, columns)
    rows = [_row(frame, part.rows.tolist(), part.values[-own:]) for part in parts]
    if sides.two:
        rows = _compared(frame, rows, sides)
    sections: dict[tuple[str, ...], list[Row]] = {}
    for part, row in zip(parts, rows, strict=True):
        sections.setdefault(part.values[:-own], []).append(row)
    return [
        Section(", ".join(map(frame.name, values)), _sorted(frame, some, sort))
        for values, some in sections.items()
    ]


def _check_sort(frame: Frame, sort: str | None, *, several: bool) -> None:
    if sort is None:
        return
    states = answers_of(frame.estimates)
    if sort not in states:
        raise unknown("state in sort=", sort, states)
    if several:
        raise SelectionError(
            "sort= orders rows of groups, and here rows are waves, which keep their order. Keep "
            "one wave, with .select(wave=...), to sort its groups."
        )


def _sorted(frame: Frame, rows: Sequence[Row], sort: str | None) -> list[Row]:
    """Put the largest share of a state first, and what has none last."""
    if sort is None:
        return list(rows)
    shares = np.array([frame.figures.value[row.states[sort]] for row in rows])
    shares[[row.withheld for row in rows]] = np.nan
    return [rows[place] for place in np.argsort(-np.nan_to_num(shares, nan=-1.0), kind="stable")]


def _row(frame: Frame, places: Sequence[int], values: Sequence[str]) -> Row:
    figures, column = frame.figures, answers_column(frame.estimates)
    states = {str(figures.labels.at[place, column]): place for place in places}
    return Row(
        ARROW.join(map(frame.name, values)) or frame.say("All"),
        states,
        withheld=bool(figures.hidden[list(places)].any()),
        n=float(figures.n[list(places)].max()),
    )


def _compared(frame: Frame, rows: Sequence[Row], sides: Sides) -> list[Row]:
    """Take the right side from the left one, with the covariance between them."""
    estimates, value, compared = frame.estimates, frame.figures.value, list(rows)
    shown = [
        place
        for place, row in enumerate(rows)
        if not row.withheld and np.isfinite(value[list(row.states.values())]).all()
    ]
    if not shown:
        return compared
    sign = dict.fromkeys(sides.left, 1.0) | dict.fromkeys(sides.right, -1.0)
    used = [at for place in shown for at in rows[place].states.values()]
    matrix = np.zeros((len(shown), len(used)))
    for nth, place in enumerate(shown):
        for state, at in rows[place].states.items():
            matrix[nth, used.index(at)] = sign.get(state, 0.0)
    found = estimates.at(np.array(used)).contrast(matrix, {"row": shown})
    table = frame_of(found, level=frame.options.level, interval=frame.options.interval)
    figures = table[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=np.float64)
    for place, row in zip(shown, figures.tolist(), strict=True):
        compared[place] = replace(rows[place], difference=Difference(*row))
    return compared
