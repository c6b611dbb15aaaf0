"""Parquet and text files as waves on DuckDB, which reads them piece by piece."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from uuid import uuid4

from opinionpanel.errors import EngineError, ReadError
from opinionpanel.files.plain import POINT, WHOLE
from opinionpanel.waves import Wave
from opinionpanel.weights import matching

__all__ = ["duckdb_waves"]

# What DuckDB holds at a time, beside some hundreds of megabytes of the program itself; what does
# not fit goes to a temporary folder. Who has more opens a connection of their own.
MEMORY = "1200MB"
TEXT = {".csv": ",", ".tsv": "\t"}
DUCKDB_EXTRA = 'pip install "opinionpanel[duckdb]"'


def duckdb_waves(files: Mapping[str, Path], mentioned: Iterable[str]) -> dict[str, Wave]:
    """Open files as waves whose rows stay in them.

    Parameters
    ----------
    files : dict of str to pathlib.Path
        Wave to a ``.parquet``, ``.csv`` or ``.tsv`` file.
    mentioned : iterable of str
        Columns that will be used. Those of text files are read as numbers where no value would
        lose its written form; this takes a pass over the file.

    Raises
    ------
    EngineError
        DuckDB is not installed.
    ReadError
        A file does not exist, is damaged or of another format.
    """
    try:
        import duckdb
    except ImportError:
        raise EngineError(f"engine='duckdb' needs DuckDB: {DUCKDB_EXTRA}") from None
    folder = Path(gettempdir()) / f"opinionpanel-{uuid4().hex}"
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(folder),
    }
    connection = duckdb.connect(config=settings)
    # People come in no order anyway.
    connection.execute("set preserve_insertion_order = false")
    waves = {}
    for wave, path in files.items():
        try:
            relation = _opened(connection, path, mentioned)
        except duckdb.Error as error:
            raise ReadError(f"Wave {wave!r}: DuckDB cannot read {path.name}: {error}") from error
        waves[wave] = Wave(relation, source=path.name)
    return waves


def _opened(connection: Any, path: Path, mentioned: Iterable[str]) -> Any:
    if not path.is_file():
        raise ReadError(f"There is no file {path}.")
    if path.suffix.lower() == ".parquet":
        return connection.read_parquet(str(path))
    if path.suffix.lower() not in TEXT:
        raise ReadError(
            f"{path.name}: engine='duckdb' reads .parquet, .csv and .tsv files. Leave engine= out, "
            "or write the file as parquet: read_wave(path).frame.to_parquet(…)."
        )
    text = connection.read_csv(
        str(path), header=True, sep=TEXT[path.suffix.lower()], all_varchar=True, encoding="utf-8"
    )
    names = list(text.columns)
    found = (name for one in mentioned for name in matching(one, names))
    wanted = list(dict.fromkeys(found))
    kinds = _kinds(text, wanted)
    casts = [f"cast(trim({_quoted(name)}) as {kind}) as {_quoted(name)}" for name, kind in kinds]
    return text.project(f"* replace ({', '.join(casts)})") if casts else text


def _kinds(text: Any, columns: list[str]) -> list[tuple[str, str]]:
    """Find the columns whose values are all numbers that say all that was written."""
    if not columns:
        return []
    forms = [("bigint", WHOLE.pattern), ("double", POINT.pattern)]
    tests = [
        f"bool_and(regexp_full_match(trim({_quoted(name)}), '{form}'))"
        for name in columns
        for _, form in forms
    ]
    # Nulls, which a comma after a comma is, pass every test.
    found = iter(text.aggregate(", ".join(tests)).fetchall()[0])
    kinds = []
    for name in columns:
        fits = [kind for kind, _ in forms if next(found)]
        if fits:
            kinds.append((name, fits[0]))
    return kinds


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
