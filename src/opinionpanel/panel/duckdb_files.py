"""Parquet and text files as waves on DuckDB, which reads them piece by piece."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from uuid import uuid4

from opinionpanel.design import matching
from opinionpanel.engines import SPACE
from opinionpanel.errors import EngineError, ReadError
from opinionpanel.waves import (
    COMMA,
    DEFAULT_ENCODING,
    POINT,
    WHOLE,
    Wave,
    chosen_places,
    marked,
    text_header,
)

# What DuckDB holds at a time, beside some hundreds of megabytes of the program itself; what does
# not fit goes to a temporary folder. Who has more opens a connection of their own.
MEMORY = "1200MB"
TEXT = (".csv", ".tsv")
# All that Python takes for space, and perhaps more.
SPACED = r"[\s\p{Z}\x{1c}-\x{1f}\x{85}]"
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
            reason = str(error).splitlines()[0]
            raise ReadError(
                f"Wave {wave!r}: DuckDB cannot read {path.name}: {reason}. Leave engine= out to "
                "hear more, or write the file anew."
            ) from error
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
    if (encoding := marked(path)) != DEFAULT_ENCODING:
        raise ReadError(f"{path.name} is {encoding}, and DuckDB reads UTF-8. Save it as UTF-8.")
    # DuckDB would guess from the first rows what quotes, comments and names are.
    delimiter, names = text_header(path, DEFAULT_ENCODING)
    chosen_places(path, names, None)
    if len({name.casefold() for name in names}) < len(names):
        raise ReadError(
            f"{path.name}: names of columns that differ only in small and capital letters are the "
            "same to DuckDB. Rename them."
        )
    text = connection.read_csv(
        str(path), header=True, sep=delimiter, quotechar='"', escapechar='"', comment="",
        skiprows=0, all_varchar=True, encoding="utf-8",
    )  # fmt: skip
    text = text.project(_typed(text, names, mentioned, comma=delimiter == ";"))
    # Text takes long to read, and a panel reads its rows several times.
    table = f"text_{uuid4().hex}"
    connection.register(f"{table}_file", text)
    connection.execute(f"create temporary table {table} as select * from {table}_file")
    return connection.table(table)


def _typed(text: Any, names: list[str], mentioned: Iterable[str], *, comma: bool) -> str:
    """Give columns the names of the first line, and those mentioned their numbers.

    A column holds numbers if all its values are numbers that say all that was written. With
    `comma` they may be written with a decimal comma.
    """
    found = {name for one in mentioned for name in matching(one, names)}
    values = {
        name: _trimmed(_quoted(actual)) if name in found else _quoted(actual)
        for name, actual in zip(names, text.columns, strict=True)
    }
    forms = [("bigint", WHOLE.pattern, "{}"), ("double", POINT.pattern, "{}")]
    if comma:
        forms.append(("double", COMMA.pattern, "replace({}, ',', '.')"))
    tests = [
        f"bool_and(regexp_full_match({values[name]}, '{form}'))"
        for name in names
        if name in found
        for _, form, _ in forms
    ]
    # Nulls pass every test.
    passed = iter(text.aggregate(", ".join(tests)).fetchall()[0] if tests else ())
    for name in names:
        fits = [(kind, written) for kind, _, written in forms if name in found and next(passed)]
        if fits:
            kind, written = fits[0]
            values[name] = f"cast({written.format(values[name])} as {kind})"
    return ", ".join(f"{value} as {_quoted(name)}" for name, value in values.items())


def _trimmed(column: str) -> str:
    """Take space off the ends of a text, and nothing for a text without more."""
    # Hardly a text has any, and taking it off is slow.
    spaced = f"regexp_matches({column}, '^{SPACED}|{SPACED}$')"
    return f"nullif(case when {spaced} then trim({column}, '{SPACE}') else {column} end, '')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
