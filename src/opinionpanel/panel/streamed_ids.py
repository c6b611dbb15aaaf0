"""Person ids of rows that come in batches: brought to one form, numbered, or refused."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from opinionpanel.arrays import Array, Booleans
from opinionpanel.errors import LinkError
from opinionpanel.panel.id_errors import lost_error, missing_error
from opinionpanel.panel.ids import (
    as_text,
    exact_ids,
    exact_texts,
    form,
    most_exact,
    not_whole,
    whole_numbers,
)
from opinionpanel.panel.ids_in_arrow import lost_by_numbers
from opinionpanel.panel.linking import Person, id_columns
from opinionpanel.panel.streamed_columns import small_frame
from opinionpanel.panel.streamed_rows import Rows, StreamedRows
from opinionpanel.panel.text_numbers import trimmed
from opinionpanel.waves import Wave


@dataclass(frozen=True, eq=False)
class StreamedIds:
    """The id columns of parts, and what is found wrong with them on the way.

    Attributes
    ----------
    columns : dict of str to str
        Wave to id column.
    kinds : dict of str to {"whole", "unsigned", "float", "text", "other"}
        Wave to what its column holds; unsigned are numbers that may be beyond 64 bits with a sign.
    wheres : dict of str to str
        Wave to its name, file and column, for messages.
    no_id : frozenset of str
        Values that stand for nobody.
    missing, lost : dict of str to int
        Wave to the rows without an id; with a text that numbers do not keep, of which one is
        `lost_text`.
    broken : dict of str to LinkError
        Wave to what is wrong with ids that have no exact form, such as numbers that are not whole.
    """

    columns: Mapping[str, str]
    kinds: Mapping[str, str]
    wheres: Mapping[str, str]
    no_id: frozenset[str]
    missing: dict[str, int] = field(default_factory=dict)
    broken: dict[str, LinkError] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    lost_text: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> bool:
        """Whether people are known by text."""
        return not set(self.kinds.values()) <= {"whole", "float"}

    @property
    def mixed(self) -> bool:
        """Whether some waves hold text, and others numbers."""
        return self.text and bool(set(self.kinds.values()) & {"whole", "unsigned", "float"})

    def read(self, rows: Rows, waves: Sequence[str]) -> tuple[Rows, Any]:
        """Take the rows that have an id, and these ids: whole numbers, or Arrow's texts."""
        wave = rows.part.waves[0]
        column, kind = rows.batch.column(self.columns[wave]), self.kinds[wave]
        if kind in ("unsigned", "other"):
            ids, blank = self._exact(column, rows, waves)
        else:
            ids, blank = _forms(column, kind)
        if kind == "float":
            for place in np.unique(rows.places[_no_whole(column)]).tolist():
                self.broken.setdefault(waves[place], not_whole(self.wheres[waves[place]]))
        if self.no_id:
            blank = blank | _of_nobody(ids, self.no_id)
        if blank.any():
            self._count(self.missing, rows, waves, blank)
            rows, ids = rows.only(~blank), _only(ids, ~blank)
        if self.mixed and not isinstance(ids, np.ndarray):
            self._look_for_lost(rows, ids, waves)
        if self.text and isinstance(ids, np.ndarray):
            ids = _as_texts(ids)
        return rows, ids

    def _exact(self, column: Any, rows: Rows, waves: Sequence[str]) -> tuple[Any, Booleans]:
        """Bring ids of rare types to text: decimals, dates and bytes, which is not quick."""
        import pyarrow as pa

        values = small_frame({"": column})[""]
        texts, blank = np.full(len(values), "", dtype=object), np.ones(len(values), dtype=bool)
        for place in np.unique(rows.places).tolist():
            here = rows.places == place
            try:
                keys, blank[here] = exact_ids(values[here], self.wheres[waves[place]])
                texts[here] = as_text(keys)
            except LinkError as error:
                # An earlier wave may be refused first.
                self.broken.setdefault(waves[place], error)
        return pa.array(texts, pa.string()), blank

    def _count(
        self, found: dict[str, int], rows: Rows, waves: Sequence[str], bad: Booleans
    ) -> None:
        for place, number in enumerate(np.bincount(rows.places[bad]).tolist()):
            if number:
                found[waves[place]] = found.get(waves[place], 0) + number

    def _look_for_lost(self, rows: Rows, ids: Any, waves: Sequence[str]) -> None:
        lost = lost_by_numbers(ids)
        if lost.any():
            self._count(self.lost, rows, waves, lost)
            self.lost_text.setdefault(
                waves[int(rows.places[lost][0])], str(ids[int(lost.argmax())])
            )

    def check(self, headers: Mapping[str, Wave], rows: Mapping[str, int]) -> None:
        """Refuse ids that are missing or cannot be compared; `rows` counts those with an id."""
        for wave in headers:
            where, column = self.wheres[wave], self.columns[wave]
            if wave in self.broken:
                raise LinkError(f"{self.broken[wave]}{headers[wave].as_text(column)}")
            if wave in self.missing:
                raise missing_error(where, self.missing[wave], wave, column)
        for wave, number in rows.items():
            if not number:
                where = self.wheres[wave]
                raise LinkError(f"{where}: the wave has no rows. Leave it out of the panel.")
        for wave in headers:
            if wave in self.lost:
                shape = form(self.lost_text[wave])
                raise lost_error(self.wheres[wave], self.lost[wave], shape)


def find_ids(source: StreamedRows, person: Person, no_id: Sequence[Hashable] = ()) -> StreamedIds:
    """Find the id column of every wave; waves with several are not read in batches."""
    columns, kinds, wheres = {}, {}, {}
    for wave, header in source.headers.items():
        (columns[wave],) = id_columns(person, wave)
        header.column(columns[wave], wave, purpose="person id")
        kinds[wave] = _kind(source.part(wave).batches.types[columns[wave]])
        wheres[wave] = f"{header.place(wave)}, column {columns[wave]!r}"
    return StreamedIds(columns, kinds, wheres, exact_texts(no_id))


def _kind(type: Any) -> str:
    import pyarrow as pa

    if pa.types.is_dictionary(type):
        type = type.value_type
    if pa.types.is_uint64(type):
        return "unsigned"
    if pa.types.is_boolean(type) or pa.types.is_integer(type):
        return "whole"
    if pa.types.is_floating(type):
        return "float"
    return "text" if pa.types.is_string(type) or pa.types.is_large_string(type) else "other"


def _forms(column: Any, kind: str) -> tuple[Any, Booleans]:
    """Bring ids to int64, or to trimmed text; also tell where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if kind == "text":
        column = trimmed(column.fill_null("") if column.null_count else column)
        return column, pc.equal(column, "").to_numpy(zero_copy_only=False)
    if kind == "float":
        values = column.to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
        blank = np.isnan(values)
        return np.where(blank | ~np.isfinite(values), 0, values).astype(np.int64), blank
    blank = column.is_null().to_numpy(zero_copy_only=False)
    values = column.cast(pa.int64())
    return (values.fill_null(0) if values.null_count else values).to_numpy(), blank


def _no_whole(column: Any) -> Booleans:
    """Tell which numbers are not whole, or are none that a float of their size holds exactly."""
    values = column.to_numpy(zero_copy_only=False)
    whole = (values == np.floor(values)) & (np.abs(values) <= most_exact(values))
    broken: Booleans = ~np.isnan(values) & ~whole
    return broken


def _of_nobody(ids: Any, texts: frozenset[str]) -> Booleans:
    if isinstance(ids, np.ndarray):
        return np.isin(ids, whole_numbers(texts))
    import pyarrow as pa
    import pyarrow.compute as pc

    none = pa.array(sorted(texts), ids.type)
    found: Booleans = pc.is_in(ids, none).to_numpy(zero_copy_only=False)
    return found


def _only(ids: Any, kept: Booleans) -> Any:
    if isinstance(ids, np.ndarray):
        return ids[kept]
    import pyarrow as pa

    return ids.filter(pa.array(kept))


def _as_texts(ids: Array) -> Any:
    import pyarrow as pa

    return pa.array(ids).cast(pa.string())
