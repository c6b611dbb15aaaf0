"""Flows of every table combined linearly: what decompositions of change are made of."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats
from opinionpanel.estimates import Estimates, Role, free_names

# Rows of coefficients on all flows, by what they stand for in one table.
Rows = dict[tuple[str, ...], Floats]
# From all flows, and the labels of those of one table, to the rows of that table.
Coefficients = Callable[[Floats, pd.DataFrame], Rows]


def table_keys(joint: Estimates) -> list[str]:
    """Name the label columns that tell tables of flows apart."""
    return joint.about.columns(joint.labels, "time", "group")


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
) -> tuple[Floats, pd.DataFrame, list[int], Floats]:
    """Collect the coefficients and labels of all sums.

    Then the first flow in the table of each, and what each lies between.
    """
    keys = table_keys(joint)
    named = free_names(keys, columns)
    rows, labels, first, possible = [], [], [], []
    for key, part in joint.labels.groupby(keys, sort=False):
        for name, row in coefficients(joint.value, part).items():
            rows.append(row)
            labels.append((*key, *name))
            first.append(int(part.index[0]))
            # The flows of a table add up to 1: the sum is a mean of its coefficients.
            factors = row[part.index]
            possible.append((factors.min(), factors.max()))
    named_labels = pd.DataFrame(labels, columns=[*named, *columns])
    return np.vstack(rows), named_labels, first, np.array(possible)


def _combined(
    joint: Estimates,
    columns: Mapping[str, Role],
    matrix: Floats,
    labels: pd.DataFrame,
    first: list[int],
    possible: Floats,
) -> Estimates:
    """Combine flows linearly; base and df stay those of the table."""
    roles = {**joint.about.roles, **columns}
    combined = joint.contrast(matrix, labels, title=joint.about.title, roles=roles, flows=False)
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
