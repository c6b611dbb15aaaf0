"""What the rows of totals and estimates are: columns of labels, as whole numbers and as a frame."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Integers, Places
from opinionpanel.estimates.label_columns import free_names


class Column(NamedTuple):
    """A column of labels: its values, and which of them each row has."""

    values: Sequence[Any]
    codes: Integers


@dataclass(frozen=True, eq=False)
class Labels:
    """Columns of labels of some rows.

    Numbers inside: a frame of text takes longer to make, to compare and to group than all the
    figures of a small table. One is made when somebody looks at it.

    Attributes
    ----------
    given : dict of str to Column, or pandas.DataFrame
    rows : int
        How many there are, also where no column says so.
    """

    given: Mapping[str, Column] | pd.DataFrame
    rows: int

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "Labels":
        """Take the labels of a frame, whatever its index."""
        return cls(frame.reset_index(drop=True), len(frame))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The labels as a frame, one row each."""
        if isinstance(self.given, pd.DataFrame):
            return self.given
        columns = {
            name: pd.Series(values).array.take(codes)
            for name, (values, codes) in self.given.items()
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(self.rows))

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The labels as whole numbers."""
        if not isinstance(self.given, pd.DataFrame):
            return self.given
        found = ((name, pd.factorize(self.given[name], use_na_sentinel=False)) for name in self)
        return {name: Column(values.tolist(), codes) for name, (codes, values) in found}

    def __len__(self) -> int:
        return self.rows

    def __iter__(self) -> Iterator[Any]:
        """Name the columns."""
        return iter(self.given)

    def __contains__(self, name: object) -> bool:
        return name in self.given

    def take(self, rows: Places | Booleans) -> "Labels":
        """Keep some rows, in the order in which they are named."""
        if isinstance(self.given, pd.DataFrame):
            return Labels.of(self.given.iloc[rows])
        columns = {
            name: Column(values, codes[rows]) for name, (values, codes) in self.given.items()
        }
        return Labels(columns, len(np.arange(self.rows)[rows]))

    def only(self, names: Iterable[str]) -> "Labels":
        """Keep some columns."""
        if isinstance(self.given, pd.DataFrame):
            return Labels.of(self.given[list(names)])
        return Labels({name: self.given[name] for name in names}, self.rows)

    def column(self, name: str) -> list[Hashable]:
        """List the label of every row in a column."""
        values, codes = self.columns[name]
        return [values[code] for code in codes.tolist()]

    def values(self, name: str) -> list[Hashable]:
        """List the labels of a column once, as they first appear."""
        values, codes = self.columns[name]
        return [values[code] for code in dict.fromkeys(codes.tolist())]

    def keys(self, names: Sequence[str]) -> list[tuple[Hashable, ...]]:
        """List the labels of every row in some columns."""
        return list(zip(*map(self.column, names), strict=True)) or [()] * len(self)

    def where(self, name: str, *wanted: Hashable) -> Booleans:
        """Mark the rows with some labels in a column."""
        values, codes = self.columns[name]
        return np.array([value in wanted for value in values], dtype=bool)[codes]

    def numbers(self, names: Iterable[str]) -> Integers:
        """Give rows with the same labels in some columns the same number, as they first appear."""
        found = np.zeros(len(self), dtype=np.int64)
        for name in names:
            values, codes = self.columns[name]
            found = numbered((found * len(values) + codes).tolist())
        return found


def crossed(levels: Mapping[str, Sequence[Hashable]]) -> Labels:
    """Label the cells of crossed columns, given their values.

    Examples
    --------
    >>> crossed({"sex": ("man", "woman"), "state": ("yes", "no")}).keys(["sex", "state"])
    [('man', 'yes'), ('man', 'no'), ('woman', 'yes'), ('woman', 'no')]
    """
    sizes = [len(values) for values in levels.values()]
    rows = prod(sizes)
    columns, before, after = {}, 1, rows
    for (name, values), size in zip(levels.items(), sizes, strict=True):
        after //= size or 1
        codes = np.tile(np.repeat(np.arange(size), after), before)
        # Of no cells nothing is known.
        columns[name] = Column(values if rows else (), codes[:rows])
        before *= size
    return Labels(columns, rows)


def repeated(labels: Labels, tables: Labels) -> Labels:
    """Label the same cells in each of some tables.

    A column of the tables that is named like one of the cells is a group, and told so.
    """
    named = zip(free_names([*tables], labels), tables.columns.values(), strict=True)
    columns = {
        name: Column(values, np.repeat(codes, len(labels))) for name, (values, codes) in named
    }
    columns |= {
        name: Column(values, np.tile(codes, len(tables)))
        for name, (values, codes) in labels.columns.items()
    }
    return Labels(columns, len(labels) * len(tables))


def label_rows(columns: Mapping[str, Sequence[Hashable]]) -> Labels:
    """Label rows by lists, with one entry for each; at least one column of them."""
    found = {}
    for name, labels in columns.items():
        codes = numbered(labels)
        found[name] = Column(list(dict.fromkeys(labels)), codes)
    return Labels(found, len(labels))


def numbered(labels: Iterable[Hashable]) -> Integers:
    """Give labels numbers in the order in which they first appear, equal ones the same."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(label, len(numbers)) for label in labels], dtype=np.int64)
