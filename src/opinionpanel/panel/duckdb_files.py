"""Parquet and text files as waves on DuckDB, which reads them piece by piece."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from uuid import uuid4

from opinionpanel.design import matching
from opinionpanel.engines import SPACE
from opinionpanel.errors import EngineError, ReadError, listing
from opinionpanel.panel.file_options import check_text_columns
from opinionpanel.waves import (
    BLANK_WORDS,
    LOOKS_NUMERIC,
    PLAIN,
    SHORTENED,
    TEXT,
    Layout,
    ReadOptions,
    Request,
    Spelling,
    Wave,
    Written,
    check_text,
    chosen_places,
    column_names,
    number_mark,
    suffix_of,
    text_layout,
    written,
    written_notes,
)

# What DuckDB holds at a time, beside some hundreds of megabytes of the program itself; what does
# not fit goes to a temporary folder. Who has more opens a connection of their own.
MEMORY = "1200MB"
UTF_8 = ("utf8", "utf8sig")
# All that Python takes for space, and perhaps more.
SPACED = r"[\s\p{Z}\x{1c}-\x{1f}\x{85}]"
DUCKDB_EXTRA = 'pip install "opinionpanel[duckdb]"'


def duckdb_waves(
    files: Mapping[str, Path],
    mentioned: Iterable[str],
    options: Mapping[str, ReadOptions] | None = None,
) -> dict[str, Wave]:
    """Open files as waves whose rows stay in them.

    Parameters
    ----------
    files : dict of str to pathlib.Path
        Wave to a ``.parquet`` or text file; "" for one file of all waves.
    mentioned : iterable of str
        Columns that will be used. Those of text files are read as numbers where no value would
        lose its written form; this takes passes over them.
    options : dict of str to ReadOptions, optional
        How to read each file.

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
    options = options or {wave: ReadOptions() for wave in files}
    check = {
        wave: column_names(Request(path, options=options[wave]))
        for wave, path in files.items()
        if options[wave].text and path.is_file() and suffix_of(path) in TEXT
    }
    check_text_columns({wave: options[wave] for wave in check}, check)
    waves = {}
    for wave, path in files.items():
        try:
            waves[wave] = _opened(connection, path, list(mentioned), options[wave])
        except duckdb.Error as error:
            refused = _refused_text(path, options[wave]) or ReadError(
                f"DuckDB cannot read {path.name}: {str(error).splitlines()[0]}. Leave engine= out "
                "to hear more, or write the file anew."
            )
            raise ReadError(f"{_of(wave)}{refused}") from error
        except ReadError as error:
            raise ReadError(f"{_of(wave)}{error}") from None
    return waves


def _of(wave: str) -> str:
    """Name the wave before what is wrong with its file; one file for all waves has none."""
    return f"Wave {wave!r}: " if wave else ""


def _refused_text(path: Path, options: ReadOptions) -> ReadError | None:
    """Say of a text file what DuckDB does not: its encoding, its fields, that it has no people."""
    if suffix_of(path) not in TEXT:
        return None
    try:
        people = check_text(Request(path, options=options))
    except ReadError as error:
        return error
    return None if people else ReadError(f"{path.name} has no rows. Leave it out of the panel.")


def _opened(connection: Any, path: Path, mentioned: Sequence[str], options: ReadOptions) -> Wave:
    if not path.is_file():
        raise ReadError(f"There is no file {path}.")
    suffix = suffix_of(path)
    if suffix == ".parquet":
        options.check(path, ())
        return Wave(connection.read_parquet(str(path)), source=path.name)
    if suffix not in TEXT:
        raise ReadError(
            f"{path.name}: engine='duckdb' reads .parquet and text files ({listing(TEXT)}). Leave "
            "engine= out, or write the file as parquet: read_wave(path).frame.to_parquet(…)."
        )
    options.check(path, PLAIN[suffix].options)
    # Text that cannot be decoded is refused with encodings that fit.
    column_names(Request(path, options=options))
    layout = text_layout(path, options)
    if layout.encoding.lower().replace("-", "") not in UTF_8:
        raise ReadError(
            f"{path.name} is {layout.encoding}, and DuckDB reads UTF-8. Save it as UTF-8."
        )
    names = layout.names
    chosen_places(path, names, None)
    if len({name.casefold() for name in names}) < len(names):
        raise ReadError(
            f"{path.name}: names of columns that differ only in small and capital letters are the "
            "same to DuckDB. Rename them."
        )
    known = dict.fromkeys(names)
    found = {name for one in mentioned for name in matching(one, known)}
    raw = _text_table(connection, path, layout, found, options)
    casts: dict[str, str] = {}
    spelled: dict[str, Written] = {}
    rounded: dict[str, int] = {}
    for name in names:
        casts[name] = _quoted(name)
        if name not in found:
            continue
        spelling = _InDuckdb(connection, raw, name, layout.delimiter)
        if name not in options.text:
            casts[name], told = _typed(spelling, name)
            spelled |= {} if told is None else {name: told}
        if lost := spelling.count(SHORTENED):
            rounded[name] = lost
    # A panel reads its rows several times: as numbers, not as text.
    table = f"text_{uuid4().hex}"
    columns = ", ".join(f"{value} as {_quoted(name)}" for name, value in casts.items())
    connection.execute(f"create temporary table {table} as select {columns} from {raw}")
    connection.execute(f"drop table {raw}")
    return Wave(
        connection.table(table),
        source=path.name,
        written=spelled,
        rounded=rounded,
        notes=written_notes(spelled),
    )


def _text_table(
    connection: Any, path: Path, layout: Layout, found: Collection[str], options: ReadOptions
) -> str:
    """Take a file over as text: it takes long to read, and is looked at several times.

    Values of the columns `found` are trimmed, and those that stand for a blank are null.
    """
    top = max({layout.header, *layout.skipped})
    if set(range(1, top)) - layout.skipped - {layout.header}:
        raise ReadError(
            f"{path.name}: engine='duckdb' leaves out rows above and directly below the names of "
            "the columns only. Leave engine= out, or remove the other rows from the file."
        )
    # DuckDB would guess from the first rows what quotes, comments and names are.
    text = connection.read_csv(
        str(path), header=False, sep=layout.delimiter, quotechar='"', escapechar='"', comment="",
        skiprows=top, all_varchar=True, encoding="utf-8",
        columns=dict.fromkeys(layout.names, "VARCHAR"),
        compression="gzip" if path.suffix.lower() == ".gz" else "none",
    )  # fmt: skip
    blanks = ", ".join("'" + word.replace("'", "''") + "'" for word in options.blanks)
    values = []
    for name, actual in zip(layout.names, text.columns, strict=True):
        value = _quoted(actual)
        if name in found:
            value = _trimmed(value)
            if blanks:
                value = f"case when {value} not in ({blanks}) then {value} end"
        values.append(f"{value} as {_quoted(name)}")
    raw = f"raw_{uuid4().hex}"
    connection.register(f"{raw}_file", text.project(", ".join(values)))
    connection.execute(f"create temporary table {raw} as select * from {raw}_file")
    return raw


class _InDuckdb(Spelling):
    """The values of a column of a table."""

    def __init__(self, connection: Any, table: str, column: str, delimiter: str) -> None:
        self._connection, self._table, self._column = connection, table, _quoted(column)
        self._found: dict[str, int] = {}
        self.filled = int(self._one(f"count({self._column})"))
        self.delimiter = delimiter

    def _one(self, what: str, condition: str = "true") -> Any:
        asked = f"select {what} from {self._table} where {condition}"
        return self._connection.execute(asked).fetchone()[0]

    def _fits(self, form: re.Pattern[str]) -> str:
        return f"regexp_full_match({self._column}, '{form.pattern}')"

    def count(self, form: re.Pattern[str]) -> int:
        if form.pattern not in self._found:
            self._found[form.pattern] = int(self._one("count(*)", self._fits(form)))
        return self._found[form.pattern]

    def decimals(self, form: re.Pattern[str]) -> tuple[int, int]:
        length = f"length(regexp_extract({self._column}, '^{form.pattern}$', 1))"
        least, most = (
            self._one(f"{extreme}({length})", self._fits(form)) for extreme in ("min", "max")
        )
        return int(least), int(most)

    def words(self) -> Mapping[str, int]:
        asked = (
            f"select {self._column}, count(*) from {self._table} where {self._is_word()} "
            "group by 1 order by 2 desc, 1"
        )
        return dict(self._connection.execute(asked).fetchall())

    def may_be_numbers(self) -> bool:
        strange = f"not ({self._fits(LOOKS_NUMERIC)} or {self._is_word()})"
        return not self._one("count(*)", f"{self._column} is not null and {strange}")

    def _is_word(self) -> str:
        words = ", ".join(f"'{word}'" for word in sorted(BLANK_WORDS))
        return f"lower({self._column}) in ({words})"


def _typed(spelling: _InDuckdb, name: str) -> tuple[str, Written | None]:
    """Say how a column becomes one of numbers; of one that stays text, why."""
    if not spelling.filled:
        return f"cast({_quoted(name)} as bigint)", None
    mark = number_mark(spelling, spelling.filled) if spelling.may_be_numbers() else None
    if mark is None:
        return _quoted(name), written(spelling)
    if mark == "":
        return f"cast({_quoted(name)} as bigint)", None
    return f"cast(replace({_quoted(name)}, ',', '.') as double)", None


def _trimmed(column: str) -> str:
    """Take space off the ends of a text, and nothing for a text without more."""
    # Hardly a text has any, and taking it off is slow.
    spaced = f"regexp_matches({column}, '^{SPACED}|{SPACED}$')"
    return f"nullif(case when {spaced} then trim({column}, '{SPACE}') else {column} end, '')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
