"""Sources that are read some rows at a time: files, and the lazy frames of one machine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from opinionpanel.errors import EngineError, ReadError
from opinionpanel.escaping import sql_name
from opinionpanel.waves import FILES_EXTRA, Wave, WaveLike, arrow_file, several_named

# In smaller batches threads wait for each other more often; larger ones take memory, and as long.
ROWS = 1 << 18
# Whose frames are on this machine, and may be read into its memory.
HERE = ("duckdb", "polars", "pyarrow")
# Whole numbers of polars with more bits than Arrow's have; not all of its versions know both.
WIDE = ("Int128", "UInt128")


@dataclass(frozen=True, eq=False)
class Batches:
    """Rows that come in batches, as often as they are asked for.

    Attributes
    ----------
    types : dict of str to pyarrow.DataType
        The columns.
    read : callable
        From the names of columns to an iterator of record batches that have these.
    rows : int or None
        How many rows there are, where that is known beforehand.
    source : str
        The file's name; "" for a frame.
    ranges : dict of str to (int, int)
        The lowest and the highest whole number of columns, as far as that is known beforehand.
    """

    types: Mapping[str, Any]
    read: Callable[[Sequence[str]], Iterator[Any]]
    rows: int | None = None
    source: str = ""
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The names of the columns, by which a wave knows that it holds a frame."""
        return list(self.types)


def stream_of(wave: WaveLike, name: str = "") -> Batches | None:
    """Take a source that is read in batches, or a wave that was read as one.

    To be asked once: some sources go through their rows to count them.
    """
    frame = wave.frame if isinstance(wave, Wave) else wave
    if isinstance(frame, Batches):
        return frame
    found = batches_of(frame, name)
    if found is None or not isinstance(wave, Wave):
        return found
    return replace(found, source=wave.source)


def batches_of(frame: object, wave: str = "") -> Batches | None:
    """Take a lazy frame of DuckDB or polars, or an Arrow dataset; None for anything else.

    The wave is "" for a frame of all waves.
    """
    module = type(frame).__module__.split(".")[0].lstrip("_")
    if module not in HERE:
        return None
    # Older versions of polars give no batches: their frames stay where they are.
    method, take = {
        "duckdb": ("project", _of_relation),
        "polars": ("collect_batches", _of_polars),
        "pyarrow": ("scanner", _of_dataset),
    }[module]
    if not hasattr(frame, method):
        return None
    if not has_arrow():
        raise EngineError(f"Lazy frames of {module} need pyarrow: {FILES_EXTRA}")
    return take(frame, wave)


def has_arrow() -> bool:
    """Tell whether pyarrow is installed."""
    return find_spec("pyarrow") is not None


def parquet_batches(path: Path) -> Batches:
    """Take a Parquet file."""
    import pyarrow.parquet

    with arrow_file(path) as source:
        file = pyarrow.parquet.ParquetFile(source, pre_buffer=False)

    def read(columns: Sequence[str]) -> Iterator[Any]:
        # Opened anew: a file that is read twice at a time has one position. Buffers for what is
        # read next would hold the whole file.
        with arrow_file(path) as source:
            opened = pyarrow.parquet.ParquetFile(source, pre_buffer=False)
            yield from opened.iter_batches(ROWS, columns=list(columns))

    ranges = dict(_ranges(file.metadata))
    return Batches(_types(file.schema_arrow), read, file.metadata.num_rows, path.name, ranges)


def _ranges(metadata: Any) -> Iterator[tuple[str, tuple[int, int]]]:
    """Give the range of whole numbers of every column for which all row groups know it."""
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    for place, name in enumerate(metadata.schema.names):
        known = [group.column(place).statistics for group in groups]
        if known and all(one is not None and one.has_min_max for one in known):
            low, high = min(one.min for one in known), max(one.max for one in known)
            if isinstance(low, int) and isinstance(high, int):
                yield name, (low, high)


def _types(schema: Any) -> dict[str, Any]:
    """Name the columns with their types; views of texts are given as texts, see `plain`."""
    return dict(zip(schema.names, map(_plain_type, schema.types), strict=True))


def _plain_type(type: Any) -> Any:
    import pyarrow as pa

    return pa.string() if pa.types.is_string_view(type) else type


def plain(batch: Any) -> Any:
    """Write views of texts as texts: hardly anything can be asked of views."""
    schema = batch.schema
    for place, (name, type) in enumerate(zip(schema.names, schema.types, strict=True)):
        if type != _plain_type(type):
            batch = batch.set_column(place, name, batch.column(place).cast(_plain_type(type)))
    return batch


def _of_relation(relation: Any, _: str) -> Batches:
    """Take a relation of DuckDB, which reads its files piece by piece."""
    import pyarrow as pa

    def read(columns: Sequence[str]) -> Iterator[Any]:
        quoted = ", ".join(map(sql_name, columns))
        chosen = relation.project(quoted)
        # Versions of DuckDB name it differently.
        reader = getattr(chosen, "to_arrow_reader", None) or chosen.fetch_record_batch
        yield from reader(ROWS)

    empty = pa.RecordBatchReader.from_stream(relation.limit(0)).schema
    return Batches(_types(empty), read)


def _of_polars(frame: Any, wave: str) -> Batches:
    """Take a lazy frame of polars; Arrow has neither its wide whole numbers nor its objects."""
    import polars as pl
    from polars.selectors import by_name

    schema, place = frame.collect_schema(), f"Wave {wave!r}" if wave else "The frame"
    wide = [name for name, kind in schema.items() if str(kind) in WIDE]
    objects = {name: pl.Null for name, kind in schema.items() if kind == pl.Object}

    def read(columns: Sequence[str]) -> Iterator[Any]:
        if held := [name for name in columns if name in objects]:
            raise ReadError(
                f"{place}: column {held[0]!r} holds objects of Python, which are not read in "
                "batches. Cast the column, or collect the frame first."
            )
        # A column named as a pattern is, such as "*", is meant by its name.
        chosen = frame.select(by_name(*columns)).cast(
            {name: pl.Decimal(38, 0) for name in wide if name in columns}
        )
        for part in chosen.collect_batches(chunk_size=ROWS, maintain_order=False):
            yield from part.to_arrow().to_batches()

    known = schema | dict.fromkeys(wide, pl.Decimal(38, 0)) | objects
    return Batches(_types(pl.DataFrame(schema=known).to_arrow().schema), read)


def _of_dataset(dataset: Any, wave: str) -> Batches:
    """Take an Arrow dataset: many files, or one that is larger than memory."""
    if len(set(dataset.schema.names)) < len(dataset.schema.names):
        raise several_named(wave)

    def read(columns: Sequence[str]) -> Iterator[Any]:
        yield from dataset.scanner(columns=list(columns), batch_size=ROWS).to_batches()

    return Batches(_types(dataset.schema), read, dataset.count_rows())
