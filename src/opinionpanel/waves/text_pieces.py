"""Pieces of a text file that end where a row ends, parted into columns by several threads."""

from codecs import BOM_UTF8, getincrementaldecoder
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from opinionpanel.waves.options import PACKED
from opinionpanel.waves.text_files import Layout, blank_in_line, opened
from opinionpanel.waves.text_kinds import NotInBatchesError
from opinionpanel.waves.unpacked_size import unpacked

# So many bytes are a piece. What is longer is no row.
BLOCK, LONGEST = 1 << 22, 1 << 24
# Pieces are parted by so many threads, and so many before they are needed.
THREADS, AHEAD = 2, 3
UTF_8 = ("utf8", "utf8sig")


class Pieces:
    """The people of a text file, piece by piece.

    Parameters
    ----------
    path : pathlib.Path
    layout : Layout
    look : callable
        What to ask of each record batch, in the thread in which it was parted.

    Raises
    ------
    NotInBatchesError
        Something about the file is unusual.
    """

    def __init__(self, path: Path, layout: Layout, look: Callable[[Any], Any]) -> None:
        top = max({layout.header, *layout.skipped})
        if set(range(1, top)) - layout.skipped - {layout.header}:
            raise NotInBatchesError
        if len(layout.names) == 1 or not layout.delimiter.isascii() or layout.delimiter == " ":
            raise NotInBatchesError
        self._path, self._layout, self._look, self._top = path, layout, look, top
        self._blanks = f"{layout.delimiter * (len(layout.names) - 1)}\n".encode()

    def read(self, types: Mapping[int, Any], **convert: Any) -> Iterator[tuple[Any, Any]]:
        """Read the columns at some places; gives batches in order, with what was seen of each."""
        at_work: deque[Future[tuple[Any, Any]]] = deque()
        part = partial(self._parted, types=types, convert=convert)
        with ThreadPoolExecutor(THREADS) as threads:
            try:
                for piece in self._pieces():
                    at_work.append(threads.submit(part, piece))
                    if len(at_work) > AHEAD:
                        yield at_work.popleft().result()
                while at_work:
                    yield at_work.popleft().result()
            finally:
                for rest in at_work:
                    rest.cancel()

    def _pieces(self) -> Iterator[bytes]:
        source = _Source(self._path, self._layout.encoding)
        with source.file:
            for _ in range(self._top):
                line = source.line()
                # A name of two lines, or lines that end in a way of their own.
                if line.count(b'"') % 2 or b"\r" in line.removesuffix(b"\r\n"):
                    raise NotInBatchesError
            while piece := source.read(BLOCK):
                yield _whole_rows(piece, source)

    def _parted(
        self, piece: bytes, *, types: Mapping[int, Any], convert: Mapping[str, Any]
    ) -> tuple[Any, Any]:
        import pyarrow as pa
        import pyarrow.csv

        if piece.startswith(BOM_UTF8):
            # In the middle of a file it is text; a blank line keeps it.
            piece = b"\n" + piece
        quotes = b'"' in piece
        if quotes:
            # A row of blanks behind it tells whether the last quote is closed.
            piece += b"\n" + self._blanks
        table = pyarrow.csv.read_csv(
            pa.BufferReader(piece),
            read_options=pyarrow.csv.ReadOptions(
                column_names=[str(place) for place in range(len(self._layout.names))],
                block_size=len(piece) + 1,
                use_threads=False,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=self._layout.delimiter,
                newlines_in_values=True,
                invalid_row_handler=_no_rows(self._layout.delimiter),
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=[str(place) for place in types],
                column_types={str(place): kind for place, kind in types.items()},
                strings_can_be_null=False,
                **convert,
            ),
        )
        # Of blank lines alone there is none.
        batch = next(iter(table.to_batches()), pa.RecordBatch.from_pylist([], table.schema))
        batch = _without_end(batch) if quotes else batch
        return batch, self._look(batch)


def _whole_rows(piece: bytes, source: "_Source") -> bytes:
    """Read on to an end of a line that stands in no quotes, as far as they come in pairs."""
    lines = [piece, source.line()]
    quotes = sum(line.count(b'"') for line in lines if b'"' in line)
    more = 0
    while quotes % 2:
        line = source.line()
        more += len(line)
        if not line or more > LONGEST:
            raise NotInBatchesError
        lines.append(line)
        quotes += line.count(b'"')
    return b"".join(lines)


def _without_end(batch: Any) -> Any:
    """Take off the last row, which was written behind the others."""
    if any(column[-1].as_py() for column in batch.columns):
        raise NotInBatchesError
    return batch.slice(0, batch.num_rows - 1)


def _no_rows(delimiter: str) -> Callable[[Any], str]:
    """Leave out lines that are blank; all others have as many fields as there are columns."""
    blank = blank_in_line(delimiter)
    return lambda row: "error" if row.text.strip(blank) else "skip"


class _Source:
    """The bytes of a file, in UTF-8."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._plain = encoding.lower().replace("-", "").replace("_", "") in UTF_8
        self.file: Any = _bytes(path) if self._plain else opened(path, encoding)
        self._decoder = getincrementaldecoder("utf-8")()

    def line(self) -> bytes:
        """Read a line, or a piece of one that is none of people."""
        return self._checked(self.file.readline(LONGEST))

    def read(self, size: int) -> bytes:
        """Read on."""
        return self._checked(self.file.read(size))

    def _checked(self, read: Any) -> bytes:
        data: bytes = read if self._plain else read.encode()
        if b"\0" in data:
            raise NotInBatchesError
        # Columns that nobody asked for must be text as well.
        if not data.isascii() or self._decoder.getstate()[0]:
            self._decoder.decode(data, final=not data)
        return data


def _bytes(path: Path) -> Any:
    return unpacked(path) if path.suffix.lower() == PACKED else path.open("rb")
