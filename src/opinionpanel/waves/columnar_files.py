"""Arrow's columnar formats."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from opinionpanel.errors import ReadError
from opinionpanel.waves.options import ReadOptions
from opinionpanel.waves.steady_file import plain_path
from opinionpanel.waves.wave import Columns, Wave, arrow_frame, needs

# How Feather files begin, but for those of its first version.
ARROW = b"ARROW1"


def parquet_names(path: Path, options: ReadOptions) -> list[str]:
    """Name the columns of a Parquet file."""
    with needs("pyarrow", path):
        import pyarrow.parquet

        return _own(pyarrow.parquet.read_schema(plain_path(path)).names)


def parquet_wave(path: Path, columns: Columns, options: ReadOptions) -> Wave:
    """Read a Parquet file, or some of its columns."""
    with needs("pyarrow", path):
        import pyarrow.parquet

        there = pyarrow.parquet.read_schema(plain_path(path)).names
        names = _own(there) if columns is None else columns
        refuse_several(path, there, names)
        table = pyarrow.parquet.ParquetFile(plain_path(path)).read(columns=names)
        return Wave(frame=arrow_frame(table.select(names)), source=path.name)


def feather_names(path: Path, options: ReadOptions) -> list[str]:
    """Name the columns of a Feather file."""
    with needs("pyarrow", path):
        import pyarrow as pa
        import pyarrow.feather

        with pa.OSFile(plain_path(path)) as file:
            if file.read(len(ARROW)) == ARROW:
                return _own(pa.ipc.open_file(file).schema.names)
        return _own(pyarrow.feather.read_table(plain_path(path), memory_map=False).column_names)


def feather_wave(path: Path, columns: Columns, options: ReadOptions) -> Wave:
    """Read a Feather file, or some of its columns."""
    with needs("pyarrow", path):
        import pyarrow.feather

        # Mapped into memory, the columns would change with the file.
        table = pyarrow.feather.read_table(plain_path(path), columns=columns, memory_map=False)
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
