"""Columns that are kept on disk for a while, because they may be larger than memory."""

from collections.abc import Iterator, Mapping, Sequence
from io import FileIO
from tempfile import TemporaryFile, gettempdir
from threading import Lock
from typing import Any
from weakref import finalize

from opinionpanel.errors import ReadError


def nameless_file(source: str) -> FileIO:
    """Open a file for a while, which is gone with the program."""
    try:
        return TemporaryFile(buffering=0)
    except OSError as error:
        raise ReadError(
            f"{source} is not read, as there is no folder for temporary files ({error.strerror}). "
            "Name one that you may write to by the environment variable TMPDIR."
        ) from None


class Spool:
    """Batches of columns in a file without a name, which is gone with the program.

    Parameters
    ----------
    source : str
        The file that they come from, for messages.

    Examples
    --------
    >>> import pyarrow as pa
    >>> spool = Spool("w.csv")
    >>> spool.write({"a": pa.array([1, 2]), "b": pa.array(["x", "y"])})
    >>> [part["b"].to_pylist() for part in spool.read(["b"])]
    [['x', 'y']]
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._file = nameless_file(source)
        finalize(self, self._file.close)
        # Readers share the place in the file at which it is read.
        self._one_at_a_time = Lock()
        self._end = 0
        self._batches: list[dict[str, tuple[int, int, Any]]] = []

    def write(self, columns: Mapping[str, Any]) -> None:
        """Keep Arrow arrays of equal length; a column may change its type between batches."""
        import pyarrow as pa

        kept = {}
        for name, column in columns.items():
            batch = pa.record_batch({name: column})
            message = batch.serialize()
            self._put(message)
            kept[name] = self._end, message.size, batch.schema
            self._end += message.size
        self._batches.append(kept)

    def _put(self, message: Any) -> None:
        """Write all of something, or say that there is no room for it."""
        try:
            # On a disk that is nearly full a part is written, and nothing raised.
            if self._file.write(message) == message.size:
                return
            why: OSError | None = None
        except OSError as error:
            why = error
        raise ReadError(
            f"{self._source}: the columns that are read stay in the folder for temporary files, "
            f"{gettempdir()}, until the panel is made, and there is no room for them. Name a "
            "folder with more by the environment variable TMPDIR, or write the file as parquet."
        ) from why

    def read(self, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Give some columns of all batches, in the order in which they were kept."""
        for kept in self._batches:
            yield {name: self._column(*kept[name]) for name in names}

    def _column(self, start: int, size: int, schema: Any) -> Any:
        import pyarrow as pa

        message = pa.allocate_buffer(size)
        with self._one_at_a_time:
            self._file.seek(start)
            self._file.readinto(message)
        return pa.ipc.read_record_batch(message, schema).column(0)
