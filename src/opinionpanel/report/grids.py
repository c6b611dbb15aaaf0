"""Estimates as tables of a report: in its language, with one line on what they rest on."""

import math

import numpy as np
import pandas as pd

from opinionpanel.charts import base_line, of_score
from opinionpanel.disclosure import Shown
from opinionpanel.estimates import PAIR, arranged, cell_digits
from opinionpanel.report.blocks import Grid
from opinionpanel.report.told import Told

# The units of figures, in titles of tables.
UNITS = {"share": "per cent", "change": "percentage points", "number": "numbers"}
# Columns of the library's own, as readers see them; those of groups are called as the study says.
COLUMNS = {
    "wave": "Wave",
    "from_wave": "From",
    "to_wave": "To",
    "item": "Question",
    "option": "Answer",
    "state": "Answer",
    "origin": "Before",
    "destination": "After",
    "component": "Part",
    "estimate": "Estimate",
    "n": "n",
}
# What is told of a change of a mean, and of moves up and down.
MOVES = ("before", "after", "change", "upward", "same", "downward")
# The only part of turnover that tables by group have.
TOTAL = "total"


def grid_of(shown: Shown, name: str, title: str, told: Told) -> Grid:
    """Lay out estimates as a table, what is withheld marked in the place of its figure.

    Parameters
    ----------
    shown : Shown
    name : str
        Of the files of the table.
    title : str
        What is shown; the unit follows it.
    told : Told
    """
    estimates = shown.estimates
    cells = pd.Series(cells_of(shown, told), dtype=object)
    _, header, rows, labels = arranged(estimates, cells)
    unit = told.say(UNITS[estimates.unit])
    groups = estimates.about.columns(estimates.labels, "group")

    # A group may be called as one of these.
    moved = bool({"moment", "move"} & set(estimates.labels) - set(groups))

    def column(text: str, place: int) -> str:
        if text == TOTAL and "component" in estimates.labels:
            return told.say("Gave another answer")
        if text in MOVES and place >= labels and moved:
            return told.say(text)
        if text in COLUMNS and text not in groups:
            return told.say(COLUMNS[text])
        return told.group(text) if place < labels and text in groups else told.name(text)

    def cell(text: str, place: int) -> str:
        return told.name(text) if place < labels else text

    header, rows = _without_known_base(header, rows)
    names = [column(text, place) for place, text in enumerate(header)]
    texts = [[cell(text, place) for place, text in enumerate(row)] for row in rows]
    if tuple(header[:2]) == PAIR:
        # One column for both waves leaves room for figures.
        names = [told.say("Waves"), *names[2:]]
        texts = [[f"{first} → {last}", *rest] for first, last, *rest in texts]
        labels -= 1
    elif not labels and moved:
        # The title names the waves; below each other figures need little room.
        texts = [list(each) for each in zip(names, *texts, strict=True)]
        names, labels = ["", told.say("Estimate")], 1
    elif not labels:
        # A row without a name is about the only wave, or pair of waves.
        when = [name for name in ("wave", *PAIR) if name in estimates.labels]
        waves = [told.name(str(estimates.labels[name].iloc[0])) for name in when]
        names, labels = [told.say("Wave" if len(when) == 1 else "Waves"), *names], 1
        texts = [[" → ".join(waves), *row] for row in texts]
    return Grid(
        name=name,
        title=told.say("{title}, {unit} with 95% intervals", title=title, unit=unit),
        header=names,
        rows=texts,
        labels=labels,
        note=note_of(shown, told),
        data=shown.frame(),
        unit=estimates.unit,
    )


def note_of(shown: Shown, told: Told) -> str:
    """Say in a line who the figures are about, and why some stand without an interval."""
    note = base_line(shown.estimates, told.language, min_n=shown.withheld.min_n)
    if not without_limits(shown):
        return note
    return told.say("{base} Intervals that would tell of few people are withheld.", base=note)


def without_limits(shown: Shown) -> bool:
    """Tell whether some figures are shown and their intervals withheld."""
    limits = shown.withheld.limits
    return limits is not None and bool((limits & ~shown.hidden).any())


def _without_known_base(
    header: list[str], rows: list[list[str]]
) -> tuple[list[str], list[list[str]]]:
    """Leave out the last column, the base, where it is one: the line below the table says it."""
    if len({row[-1] for row in rows}) != 1:
        return header, rows
    return header[:-1], [row[:-1] for row in rows]


def cells_of(shown: Shown, told: Told) -> list[str]:
    """Write figures as readers see them."""
    frame, language, unit = shown.frame(), told.language, shown.estimates.unit
    digits = cell_digits(frame, unit)
    numbers = frame[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=np.float64)
    texts = []
    for row, (value, low, high) in enumerate(numbers):
        if shown.hidden[row]:
            few = shown.estimates.n[row] < shown.withheld.min_n
            text = told.say("n < {n}", n=shown.withheld.min_n) if few else told.say("withheld")
        elif unit == "number" or not math.isfinite(value):
            places = digits[row] if of_score(shown.estimates) else 2
            text = language.number(value, digits=places)
            if math.isfinite(value + low + high):
                low_text, high_text = (language.number(end, digits=places) for end in (low, high))
                limits = told.say("{low} to {high}", low=low_text, high=high_text)
                text = f"{text} ({limits})"
        elif unit == "change":
            text = language.difference(value, low, high, digits=digits[row])
        else:
            text = language.estimate(value, low, high, digits=digits[row])
            text = text.replace(language.percent, "")
        texts.append(text)
    return texts
