"""Files that are larger than what is read at once: they are read in batches."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from opinionpanel.panel.batches import Batches, parquet_batches
from opinionpanel.waves import (
    TEXT,
    NotInBatches,
    ReadOptions,
    Request,
    Roles,
    Wave,
    read_file,
    suffix_of,
    text_rows,
    written_notes,
)

# Files of more rows in all are read in batches. It takes as long, and less memory.
MOST_ROWS = 2_000_000
PARQUET = ".parquet"
# So many bytes of text are as much; packed, they are about a fifth.
MOST_TEXT, PACKING = 100_000_000, 5


def in_batches(paths: Iterable[Path]) -> bool:
    """Tell whether files are read in batches: many rows, in formats that come in parts."""
    files = list(paths)
    if not all(suffix_of(path) == PARQUET and path.is_file() for path in files):
        return False
    # A name for the format, and a row for each few bytes at most: small files are not looked into.
    if sum(path.stat().st_size for path in files) < MOST_ROWS / 10:
        return False
    try:
        import pyarrow
    except ImportError:
        return False
    try:
        return sum(parquet_batches(path).rows or 0 for path in files) > MOST_ROWS
    except (pyarrow.ArrowException, OSError):
        # Whatever is wrong is said where files are read at once.
        return False


def batches_wave(path: Path, options: ReadOptions) -> Wave:
    """Take a file as a wave whose rows come in batches."""
    options.check(path, ())
    rows: Any = parquet_batches(path)
    return Wave(rows, source=path.name)


def large_text(paths: Iterable[Path]) -> bool:
    """Tell whether files are text that is read in batches."""
    files = list(paths)
    if not all(suffix_of(path) in TEXT for path in files):
        return False
    sizes = (path.stat().st_size * (PACKING if path.suffix == ".gz" else 1) for path in files)
    return sum(sizes) > MOST_TEXT


def text_wave_in_batches(request: Request, roles: Roles) -> Wave:
    """Take a text file as a wave whose rows come in batches; an unusual one is read at once."""
    path = request.path
    assert request.columns is not None
    try:
        found = text_rows(path, request.columns, request.options, roles)
    except NotInBatches:
        return read_file(request)
    if request.advance is not None:
        request.advance(path.stat().st_size)
    rows: Any = Batches(found.types, found.read, found.rows, path.name, found.ranges)
    return Wave(
        rows,
        source=path.name,
        encoding=found.encoding,
        written=found.written,
        notes=written_notes(found.written),
    )
