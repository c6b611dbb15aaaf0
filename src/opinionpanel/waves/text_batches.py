"""Text files that may be larger than memory: read once, in batches, and kept as numbers on disk.

What the columns are is known only when all rows were seen. Whatever is unusual about a file, or
wrong, stays with the way in which it is read at once: it has the words for it.
"""

import gzip
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from opinionpanel.waves.options import PACKED, ReadOptions
from opinionpanel.waves.spelling import Written
from opinionpanel.waves.spool import Spool
from opinionpanel.waves.text_files import (
    Layout,
    blank_in_line,
    chosen_places,
    opened,
    text_layout,
)
from opinionpanel.waves.text_kinds import (
    Kind,
    NotInBatchesError,
    TextAfterAllError,
    TextIds,
    ValueTexts,
    Weights,
    WholeIds,
)

# So many bytes are a batch.
BLOCK = 1 << 22
UTF_8 = ("utf8", "utf8sig")


@dataclass(frozen=True)
class Roles:
    """What columns are used as; all others hold few different values.

    Attributes
    ----------
    ids, weights : frozenset of str
    """

    ids: frozenset[str]
    weights: frozenset[str]


@dataclass(frozen=True, eq=False)
class TextRows:
    """The rows of a text file, kept on disk.

    Attributes
    ----------
    types : dict of str to pyarrow.DataType
    read : callable
        From the names of columns to an iterator of record batches.
    rows : int
    ranges : dict of str to (int, int)
        The lowest and the highest id.
    encoding : str
    written : dict of str to Written
        As in `Wave`.
    """

    types: Mapping[str, Any]
    read: Callable[[Sequence[str]], Iterator[Any]]
    rows: int
    ranges: Mapping[str, tuple[int, int]]
    encoding: str
    written: Mapping[str, Written]


def text_rows(path: Path, columns: Sequence[str], options: ReadOptions, roles: Roles) -> TextRows:
    """Read columns of a text file.

    Raises
    ------
    NotInBatchesError
        It is to be read at once.
    ReadError
        As where it is.
    """
    import pyarrow as pa

    layout = text_layout(path, options)
    texts, mark = set(options.text), "."
    while True:
        reading = _Reading(path, columns, options, roles, layout, frozenset(texts), mark)
        try:
            return reading.whole()
        except TextAfterAllError as error:
            texts |= set(error.args)
        except pa.ArrowInvalid as error:
            # Weights may have decimal commas, or no numbers.
            if mark == "," or not roles.weights:
                raise NotInBatchesError from error
            mark = ","
        except (UnicodeError, OSError) as error:
            raise NotInBatchesError from error


class _Reading:
    """One pass over a file."""

    def __init__(
        self,
        path: Path,
        columns: Sequence[str],
        options: ReadOptions,
        roles: Roles,
        layout: Layout,
        texts: frozenset[str],
        mark: str,
    ) -> None:
        self.path, self.options, self.layout, self.mark = path, options, layout, mark
        self.places = chosen_places(path, layout.names, list(columns))
        self.kinds: dict[str, Kind] = {}
        for name in (layout.names[place] for place in self.places):
            text = name in options.text
            if name in roles.ids:
                as_text = name in texts
                ids = TextIds(options.blanks, text=text) if as_text else WholeIds(options.blanks)
                self.kinds[name] = ids
            elif name in roles.weights and not text:
                self.kinds[name] = Weights(options.blanks, mark, layout.delimiter)
            else:
                self.kinds[name] = ValueTexts(options.blanks, layout.delimiter, text=text)

    def whole(self) -> TextRows:
        """Read all rows."""
        import pyarrow as pa

        spool, rows = Spool(), 0
        for batch in self._batches():
            rows += batch.num_rows
            kept = {}
            for (name, kind), column in zip(self.kinds.items(), batch.columns, strict=True):
                try:
                    kept[name] = kind.keep(column)
                except TextAfterAllError:
                    raise TextAfterAllError(name) from None
            spool.write(kept)
        if not rows:
            raise NotInBatchesError
        written = {name: why for name, kind in self.kinds.items() if (why := kind.end())}
        for name, why in written.items():
            kind = self.kinds[name]
            if isinstance(kind, ValueTexts) and why != Written():
                written[name] = kind.typed(_counted(spool, name)) or why

        def read(names: Sequence[str]) -> Iterator[Any]:
            for kept in spool.read(names):
                given = {name: self.kinds[name].give(column) for name, column in kept.items()}
                yield pa.record_batch(given)

        return TextRows(
            types={name: kind.type for name, kind in self.kinds.items()},
            read=read,
            rows=rows,
            ranges={
                name: kind.range
                for name, kind in self.kinds.items()
                if isinstance(kind, WholeIds) and kind.range
            },
            encoding=self.layout.encoding,
            written=written,
        )

    def _batches(self) -> Iterator[Any]:
        import pyarrow as pa
        import pyarrow.csv

        source = _Source(self.path, self.layout)
        names = [str(place) for place in range(len(self.layout.names))]
        chosen = [str(place) for place in self.places]
        kinds = zip(chosen, self.kinds.values(), strict=True)
        with source.file:
            reader = pyarrow.csv.open_csv(
                pa.PythonFile(source, mode="r"),
                read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=BLOCK),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=self.layout.delimiter,
                    newlines_in_values=True,
                    invalid_row_handler=_no_rows(self.layout.delimiter),
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    include_columns=chosen,
                    column_types={name: kind.read_as for name, kind in kinds},
                    null_values=["", *self.options.blanks],
                    strings_can_be_null=False,
                    decimal_point=self.mark,
                ),
            )
            yield from _without_end(reader) if source.quotes else reader


def _no_rows(delimiter: str) -> Callable[[Any], str]:
    """Leave out lines that are blank; all others have as many fields as there are columns."""
    blank = blank_in_line(delimiter)
    return lambda row: "error" if row.text.strip(blank) else "skip"


def _without_end(batches: Iterable[Any]) -> Iterator[Any]:
    """Take off the last row, which was written behind the others; see `_Source.read`."""
    last = None
    for batch in batches:
        if last is not None:
            yield last
        last = batch
    if last is None or not last.num_rows:
        raise NotInBatchesError
    if any(column[-1].as_py() for column in last.columns):
        raise NotInBatchesError
    if last.num_rows > 1:
        yield _used(last.slice(0, last.num_rows - 1))


def _used(batch: Any) -> Any:
    """Leave out values that no row has."""
    import pyarrow as pa

    plain = [
        one.dictionary_decode().dictionary_encode() if pa.types.is_dictionary(one.type) else one
        for one in batch.columns
    ]
    return pa.record_batch(plain, batch.schema.names)


def _counted(spool: Spool, name: str) -> list[int]:
    counts = np.zeros(0, dtype=np.int64)
    for kept in spool.read([name]):
        found = np.bincount(kept[name].to_numpy(), minlength=len(counts))
        found[: len(counts)] += counts
        counts = found
    return counts.tolist()


class _Source:
    """The bytes of the people of a file, in UTF-8; looked through on the way."""

    closed = False

    def __init__(self, path: Path, layout: Layout) -> None:
        top = max({layout.header, *layout.skipped})
        if set(range(1, top)) - layout.skipped - {layout.header}:
            raise NotInBatchesError
        if len(layout.names) == 1 or not layout.delimiter.isascii() or layout.delimiter == " ":
            raise NotInBatchesError
        plain = layout.encoding.lower().replace("-", "").replace("_", "") in UTF_8
        self.file: Any = _bytes(path) if plain else opened(path, layout.encoding)
        self.quotes, self._ended = 0, False
        self._blanks = f"\n{layout.delimiter * (len(layout.names) - 1)}\n".encode()
        self._plain, self._decoder = plain, getincrementaldecoder("utf-8")()
        for _ in range(top):
            line = self._checked(self.file.readline())
            # A name of two lines, or lines that end in a way of their own.
            if self.quotes % 2 or b"\r" in line.rstrip(b"\r\n"):
                self.file.close()
                raise NotInBatchesError

    def _checked(self, read: Any) -> bytes:
        data: bytes = read if self._plain else read.encode()
        if b"\0" in data:
            raise NotInBatchesError
        self.quotes += data.count(b'"')
        if not data.isascii() or self._decoder.getstate()[0]:
            self._decoder.decode(data)
        return data

    def read(self, size: int) -> bytes:
        """Read on; where there are quotes, a row of blanks tells whether the last one is closed."""
        data = self._checked(self.file.read(size))
        if data or self._ended:
            return data
        self._ended = True
        self._decoder.decode(b"", final=True)
        return self._blanks if self.quotes else b""

    def close(self) -> None:
        """Leave the file to who opened it."""


def _bytes(path: Path) -> Any:
    return gzip.open(path) if path.suffix.lower() == PACKED else path.open("rb")
