"""Arrow's columnar formats."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from opinionpanel.errors import ReadError
from opinionpanel.waves.options import ReadOptions
from opinionpanel.waves.wave import Columns, Wave, arrow_frame, needs

# How Feather files begin, but for those of its first version.
ARROW = b"ARROW1"


def arrow_file(path: Path) -> Any:
    """Open a file for Arrow, which would take some names for those of others."""
    import pyarrow as pa

    return pa.OSFile(os.fsencode(path))


def parquet_names(path: Path, options: ReadOptions) -> list[str]:
    """Name the columns of a Parquet file."""
    with needs("pyarrow", path):
        import pyarrow.parquet

        with arrow_file(path) as file:
            return _own(pyarrow.parquet.read_schema(file).names)


def parquet_wave(path: Path, columns: Columns, options: ReadOptions) -> Wave:
    """Read a Parquet file, or some of its columns."""
    with needs("pyarrow", path):
        import pyarrow.parquet

        with arrow_file(path) as file:
            opened = pyarrow.parquet.ParquetFile(file)
            there = opened.schema_arrow.names
            names = _own(there) if columns is None else columns
            refuse_several(path, there, names)
            table = opened.read(columns=names)
        return Wave(frame=arrow_frame(table.select(names)), source=path.name)


def feather_names(path: Path, options: ReadOptions) -> list[str]:
    """Name the columns of a Feather file."""
    with needs("pyarrow", path):
        import pyarrow as pa
        import pyarrow.feather

        with arrow_file(path) as file:
            if file.read(len(ARROW)) == ARROW:
                return _own(pa.ipc.open_file(file).schema.names)
            return _own(pyarrow.feather.read_table(file).column_names)


def feather_wave(path: Path, columns: Columns, options: ReadOptions) -> Wave:
    """Read a Feather file, or some of its columns."""
    with needs("pyarrow", path):
        import pyarrow.feather

        # Mapped into memory, the columns would change with the file.
        with arrow_file(path) as file:
            table = pyarrow.feather.read_table(file, columns=columns)
        return Wave(frame=arrow_frame(table.select(_own(table.column_names))), source=path.name)


def refuse_several(path: Path, there: Sequence[str], wanted: Sequence[str]) -> None:
    """Refuse a name that several columns of a file have, if it is wanted."""
    times = Counter(there)
    for name in wanted:
        if times[name] > 1:
            raise ReadError(
                f"{path.name} has {times[name]} columns named {name!r}. "
                "Rename them so that each name is used once."
            )


def _own(names: list[str]) -> list[str]:
    """Leave out the row numbers that pandas may have stored."""
    return [name for name in names if not name.startswith("__index_level_")]
