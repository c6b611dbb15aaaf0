"""Flows of every table combined linearly: what decompositions of change are made of."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from opinionpanel.arrays import Floats, Places
from opinionpanel.estimates import Estimates, Labels, Role, free_names, label_rows

# Rows of coefficients on all flows, by what they stand for in one table.
Rows = dict[tuple[Hashable, ...], Floats]


class Table(NamedTuple):
    """The flows of one table: their places among all, and their labels."""

    places: Places
    labels: Labels


# From all flows, and those of one table, to the rows of that table.
Coefficients = Callable[[Floats, Table], Rows]


def table_keys(joint: Estimates) -> list[str]:
    """Name the label columns that tell tables of flows apart."""
    return joint.about.columns(joint.named, "item", "time", "group")


def people(joint: Estimates, columns: Mapping[str, Role], coefficients: Coefficients) -> Estimates:
    """Add up flows: shares of people, with their counts."""
    matrix, labels, first, possible = _rows(joint, columns, coefficients)
    assert joint.n_cell is not None
    combined = _combined(joint, columns, matrix, labels, first, possible)
    return replace(combined, unit="share", n_cell=matrix @ joint.n_cell)


def by_table(
    joint: Estimates, columns: Mapping[str, Role], coefficients: Coefficients
) -> Estimates:
    """Combine the flows of each table linearly; `columns` label the sums, and say as what."""
    return _combined(joint, columns, *_rows(joint, columns, coefficients))


def _rows(
    joint: Estimates, columns: Mapping[str, Role], coefficients: Coefficients
) -> tuple[Floats, Labels, Places, Floats]:
    """Collect the coefficients and labels of all sums.

    Then the first flow in the table of each, and what each lies between.
    """
    keys = table_keys(joint)
    number = joint.named.numbers(keys)
    rows, names, first, possible = [], [], [], []
    for places in (np.flatnonzero(number == table) for table in range(number.max() + 1)):
        for name, row in coefficients(joint.value, Table(places, joint.named.take(places))).items():
            rows.append(row)
            names.append(name)
            first.append(places[0])
            # The flows of a table add up to 1: the sum is a mean of its coefficients.
            factors = row[places]
            possible.append((factors.min(), factors.max()))
    tables = joint.named.only(keys).take(np.array(first)).columns
    labels = dict(zip(free_names(keys, columns), tables.values(), strict=True))
    labels |= label_rows(dict(zip(columns, zip(*names, strict=True), strict=True))).columns
    return np.vstack(rows), Labels(labels, len(rows)), np.array(first), np.array(possible)


def _combined(
    joint: Estimates,
    columns: Mapping[str, Role],
    matrix: Floats,
    labels: Labels,
    first: Places,
    possible: Floats,
) -> Estimates:
    """Combine flows linearly; base and df stay those of the table."""
    roles = {**joint.about.roles, **columns}
    combined = joint.combination(matrix, labels, title=joint.about.title, roles=roles, flows=False)
    # What depends on no flow, such as net change where nobody is, is undefined all the same.
    empty = ~np.isfinite(joint.value[first])
    return replace(
        combined.without_error(empty),
        value=np.where(empty, np.nan, combined.value),
        possible=possible,
        freedom=joint.freedom.at(first),
        n=joint.n[first],
        n_effective=joint.n_effective[first],
        exact=None if joint.exact is None else joint.exact[first],
    )
