"""Estimates as tables of a report: in its language, with one line on what they rest on."""

import math

import numpy as np
import pandas as pd

from opinionpanel.charts import base_line
from opinionpanel.disclosure import Shown
from opinionpanel.estimates import arranged, cell_digits
from opinionpanel.report.blocks import Grid
from opinionpanel.report.told import Told

# The units of figures, in titles of tables.
UNITS = {"share": "per cent", "change": "percentage points", "number": "numbers"}
# Columns of the library's own, as readers see them; those of groups are called as the study says.
COLUMNS = {
    "wave": "Wave",
    "from_wave": "From",
    "to_wave": "To",
    "state": "Answer",
    "origin": "Before",
    "destination": "After",
    "component": "Part",
    "estimate": "Estimate",
    "n": "n",
}


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
    fixed, header, rows, labels = arranged(estimates, cells)
    del fixed
    unit = told.say(UNITS[estimates.unit])
    groups = estimates.about.columns(estimates.labels, "group")

    def column(text: str, place: int) -> str:
        if text in COLUMNS:
            return told.say(COLUMNS[text])
        return told.group(text) if place < labels and text in groups else told.name(text)

    def cell(text: str, place: int) -> str:
        return told.name(text) if place < labels else text

    return Grid(
        name=name,
        title=told.say("{title}, {unit} with 95% intervals", title=title, unit=unit),
        header=[column(text, place) for place, text in enumerate(header)],
        rows=[[cell(text, place) for place, text in enumerate(row)] for row in rows],
        labels=labels,
        note=base_line(estimates, told.language, min_n=shown.withheld.min_n),
        data=shown.frame(),
        unit=estimates.unit,
    )


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
            text = language.number(value) if math.isfinite(value) else "–"
            if math.isfinite(value + low + high):
                limits = told.say(
                    "{low} to {high}", low=_number(low, told), high=_number(high, told)
                )
                text = f"{text} ({limits})"
        elif unit == "change":
            text = language.difference(value, low, high, digits=digits[row])
        else:
            text = language.estimate(value, low, high, digits=digits[row])
            text = text.replace(language.percent, "")
        texts.append(text)
    return texts


def _number(value: float, told: Told) -> str:
    return told.language.number(value)
