"""Sums by two keys whose combinations mostly have nobody, such as PSUs and paths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from opinionpanel.arrays import Array
from opinionpanel.engines.cross_tables import tables
from opinionpanel.engines.engine_column import is_lazy
from opinionpanel.engines.joint_tables import Key, Table
from opinionpanel.engines.narwhals_later import nw
from opinionpanel.engines.person_column import PersonColumn

# One column of people, in memory or on an engine.


def incidence(rows: Key, columns: Key, values: Sequence[PersonColumn]) -> list[Any]:
    """Sum values by the combinations of two keys that occur.

    Parameters
    ----------
    rows, columns : Key
        People with a negative code in either count nowhere.
    values : sequence of PersonColumn
        Numbers, or conditions that count people.

    Returns
    -------
    list of scipy.sparse.csr_array, shape (rows.size, columns.size)
        One for each of the values. On an engine one aggregation serves all of them, and what
        comes back has a row for each combination that occurs.

    Examples
    --------
    >>> import numpy as np
    >>> psu, path = Key(np.array([0, 0, 1, 1]), 2), Key(np.array([2, 2, 0, -1]), 3)
    >>> (found,) = incidence(psu, path, [np.array([1.5, 0.5, 1.0, 9.0])])
    >>> found.toarray().tolist()
    [[0.0, 0.0, 2.0], [1.0, 0.0, 0.0]]
    """
    from scipy import sparse

    keys, shape = [rows, columns], (rows.size, columns.size)
    if rows.size * columns.size <= len(rows.codes):
        # No more combinations than people: a table of all of them is quicker.
        full = tables([Table(keys, (column,)) for column in values])
        return [sparse.csr_array(table) for table in full]
    lazy = any(is_lazy(column) for column in [rows.codes, columns.codes, *values])
    places, summed = _on_engine(keys, values) if lazy else _in_memory(keys, values)
    # Combinations that stand in several places are added up.
    return [sparse.csr_array((column, places), shape=shape) for column in summed]


def _in_memory(
    keys: Sequence[Key], values: Sequence[PersonColumn]
) -> tuple[tuple[Array, ...], list[Array]]:
    known = np.logical_and.reduce([key.codes >= 0 for key in keys])
    inside = slice(None) if known.all() else np.flatnonzero(known)
    summed = [column[inside].astype(np.float64, copy=False) for column in values]
    return tuple(key.codes[inside] for key in keys), summed


def _on_engine(
    keys: Sequence[Key], values: Sequence[PersonColumn]
) -> tuple[tuple[Array, ...], list[Array]]:
    codes: list[Any] = [key.codes for key in keys]
    columns: list[Any] = [column.astype(np.float64) for column in values]
    people = codes[0].people
    names, sums = (
        [f"{letter}{place}" for place in range(len(listed))]
        for letter, listed in (("k", codes), ("v", columns))
    )
    frame = people.frame.select(
        *(code.raw.alias(name) for code, name in zip(codes, names, strict=True)),
        *(column.expression().alias(name) for column, name in zip(columns, sums, strict=True)),
    )
    found = people.collect(frame.group_by(*names).agg(*(nw.col(name).sum() for name in sums)))
    places = [code.codes_of(found[name]) for code, name in zip(codes, names, strict=True)]
    known = np.logical_and.reduce([place >= 0 for place in places])
    return (
        tuple(place[known] for place in places),
        [found[name].to_numpy(dtype=np.float64, na_value=0.0)[known] for name in sums],
    )
