"""Files that are larger than what is read at once: they are read in batches."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from opinionpanel.panel.batches import parquet_batches
from opinionpanel.waves import ReadOptions, Wave, suffix_of

# Files of more rows in all are read in batches. It takes as long, and less memory.
MOST_ROWS = 2_000_000
PARQUET = ".parquet"


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
