"""The tables of a report described for programs, as Frictionless Data describes a package."""

import json
from collections.abc import Iterable
from typing import Any

import pandas as pd

from opinionpanel.escaping import spreadsheet_text
from opinionpanel.report.blocks import Grid
from opinionpanel.report.told import Told

# What a figure is counted in, by the unit of its table.
UNITS = {
    "share": "share of the base, from 0 to 1",
    "change": "difference of shares, from -1 to 1",
    "number": "number",
    "share or change": "share of the base, from 0 to 1; of net change a difference of such shares",
}
PEOPLE = "people"
# The columns of tables that hold figures: what they are, and their unit where it is always the
# same; "" is the unit of the table.
FIGURES = {
    "estimate": ("weighted estimate; empty where it is withheld or cannot be known", ""),
    "std_error": ("standard error of the estimate", ""),
    "conf_low": ("lower end of the 95% interval", ""),
    "conf_high": ("upper end of the 95% interval", ""),
    "n": ("people in the base, before weighting", PEOPLE),
    "n_cell": ("people counted by the estimate, before weighting", PEOPLE),
    "p_adjusted": ("p-value, adjusted for all comparisons about the question", "probability"),
}
# Those that say what a figure is about.
LABELS = {
    "wave": "wave",
    "from_wave": "earlier wave of the pair",
    "to_wave": "later wave of the pair",
    "item": "question",
    "option": "answer",
    "state": "answer",
    "origin": "answer at the earlier wave",
    "destination": "answer at the later wave",
    "component": "part of turnover",
    "quantity": "part of turnover, net change of the answer, or what differs between categories",
    "group": "group whose categories are compared",
    "category": "category of the group",
    "other": "category that is taken from it",
    "first_item": "question",
    "second_item": "question that it is set beside",
    "study": "study",
    "other_study": "study that is taken from it",
    "found": "whether the adjusted test shows a difference",
    "withheld": "whether the figure is withheld, to protect the people behind it",
}


def package(grids: Iterable[Grid], told: Told) -> bytes:
    """Describe the tables of a report, their columns and the units of these.

    Parameters
    ----------
    grids : iterable of Grid
        Those with numbers, each in a file named after it.
    told : Told
    """
    study = told.study
    described = {
        "profile": "tabular-data-package",
        "name": "opinionpanel-report",
        "title": study.title,
        **({"sources": [{"title": study.source}]} if study.source else {}),
        "resources": [_resource(grid, told) for grid in grids],
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode()


def _resource(grid: Grid, told: Told) -> dict[str, Any]:
    assert grid.data is not None
    fields = [_field(str(name), grid, told) for name in grid.data]
    return {
        "profile": "tabular-data-resource",
        "name": grid.name.lower(),
        "path": f"{grid.name}.csv",
        "title": grid.title,
        "description": grid.note,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _field(name: str, grid: Grid, told: Told) -> dict[str, str]:
    assert grid.data is not None
    field = {"name": spreadsheet_text(name), "type": _type(grid.data[name])}
    if name in FIGURES:
        what, unit = FIGURES[name]
        field |= {"description": told.say(what), "unit": told.say(unit or UNITS[grid.unit])}
    elif name in LABELS:
        field["description"] = told.say(LABELS[name])
    else:
        field["title"] = told.group(name)
        field["description"] = told.say("group of people")
    return field


def _type(column: "pd.Series[Any]") -> str:
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "number" if pd.api.types.is_numeric_dtype(column) else "string"
