"""Files that are larger than what is read at once: they are read in batches."""

from collections.abc import Iterable, Sequence
from operator import mul
from pathlib import Path
from typing import Any

from opinionpanel.errors import EngineError, ReadError, listing
from opinionpanel.panel.batches import Batches, has_arrow, parquet_batches
from opinionpanel.waves import (
    FILES_EXTRA,
    PACKED,
    TEXT,
    NotInBatchesError,
    Request,
    Roles,
    Wave,
    column_names,
    is_file,
    look,
    read_file,
    refuse_several,
    suffix_of,
    text_rows,
    written_notes,
)

# Files of more rows in all are read in batches. It takes as long, and less memory.
MOST_ROWS = 2_000_000
# So many bytes of text are about as much; packed, they are a fifth.
MOST_TEXT, PACKING = 100_000_000, 5
PARQUET = ".parquet"


def in_batches(paths: Iterable[Path]) -> bool:
    """Tell whether files are read in batches: large ones, in formats that come in parts."""
    files = [path for path in paths if is_file(path)]
    for path in files:
        look(path)
    return bool(files) and (_much_text(files) or _many_rows(files))


def _much_text(files: Sequence[Path]) -> bool:
    """Tell whether files are much text."""
    if not all(suffix_of(path) in TEXT for path in files):
        return False
    packed = [PACKING if path.suffix.lower() == PACKED else 1 for path in files]
    sizes = [path.stat().st_size for path in files]
    return sum(map(mul, sizes, packed)) > MOST_TEXT and has_arrow()


def _many_rows(files: Sequence[Path]) -> bool:
    """Tell whether Parquet files have many rows."""
    if not all(suffix_of(path) == PARQUET for path in files):
        return False
    # A name for the format, and a row for each few bytes at most: small files are not looked into.
    if sum(path.stat().st_size for path in files) < MOST_ROWS / 10 or not has_arrow():
        return False
    import pyarrow

    try:
        return sum(parquet_batches(path).rows or 0 for path in files) > MOST_ROWS
    except (pyarrow.ArrowException, OSError):
        # Whatever is wrong is said where files are read at once.
        return False


def check_parts(path: Path) -> None:
    """Refuse a file that cannot be read in batches, whatever its size."""
    if not has_arrow():
        raise EngineError(f"engine='duckdb' needs pyarrow: {FILES_EXTRA}")
    if suffix_of(path) not in (PARQUET, *TEXT):
        raise ReadError(
            f"{path.name}: engine='duckdb' reads .parquet and text files ({listing(TEXT)}). Leave "
            "engine= out, or write the file as parquet: read_wave(path).frame.to_parquet(…)."
        )


def batches_wave(request: Request, roles: Roles) -> Wave:
    """Take a file as a wave whose rows come in batches; an unusual one is read at once."""
    if request.suffix in TEXT:
        return _text_wave(request, roles)
    refuse_several(request.path, column_names(request), request.columns or ())
    rows: Any = parquet_batches(request.path)
    return Wave(rows, source=request.path.name)


def _text_wave(request: Request, roles: Roles) -> Wave:
    path = request.path
    assert request.columns is not None
    try:
        found = text_rows(path, request.columns, request.options, roles)
    except NotInBatchesError:
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
