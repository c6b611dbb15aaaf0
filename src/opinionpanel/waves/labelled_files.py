"""Files of SPSS, Stata and SAS, with their labels; and which format is read how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.errors import OpinionPanelError, ReadError, listing, unknown
from opinionpanel.waves.completeness import DAMAGED, CountedFile, check_dta, sav_count
from opinionpanel.waves.encodings import USUAL
from opinionpanel.waves.header_probe import MAGIC, SUFFIXES as SPSS
from opinionpanel.waves.options import PACKED, TEXT, ReadOptions, suffix_of
from opinionpanel.waves.plain_files import PLAIN
from opinionpanel.waves.response_sets import response_sets
from opinionpanel.waves.steady_file import check_file, first_bytes, is_file, look, plain_path
from opinionpanel.waves.text_files import marked, single_column
from opinionpanel.waves.wave import Wave

READERS = {
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".dta": "read_dta",
    ".sas7bdat": "read_sas7bdat",
    ".por": "read_por",
    ".xpt": "read_xport",
}
# These lose or do not know declared missing values; better forms of the same data.
LOSSY = {".por": ".sav", ".xpt": ".sas7bdat"}

# Of larger numbers, a `float` of Stata has lost some, so neighbours may have become one.
FLOAT_LIMIT = 2**24 - 1

# How files begin that are sometimes named like text.
GZIP = b"\x1f\x8b"
STARTS = {
    b"PK\x03\x04": "an Excel file or another archive (.xlsx, .zip)",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls)",
    b"PAR1": "a Parquet file (.parquet)",
    MAGIC: "an SPSS file (.sav)",
    GZIP: "a packed file (.gz)",
}

# The first Stata format whose text is Unicode; earlier files do not name their encoding.
UNICODE_RELEASE = 118


@dataclass(frozen=True)
class Request:
    """What to read of a file, and how."""

    path: Path
    columns: list[str] | None = None
    options: ReadOptions = field(default_factory=ReadOptions)
    advance: Callable[[int], object] | None = None

    @property
    def suffix(self) -> str:
        """The format."""
        return suffix_of(self.path)

    def encoded(self, encoding: str | None) -> ReadOptions:
        """Say how to read it if its text is in an encoding."""
        return replace(self.options, encoding=encoding)

    @property
    def whole(self) -> "Request":
        """The same file with all its columns."""
        return replace(self, columns=None)


def read_file(request: Request) -> Wave:
    """Read a file; whatever the libraries that read it raise becomes this library's error."""
    check_format(request)
    plain = PLAIN.get(request.suffix)
    if plain is None:
        wave: Wave = _attempt(request, lambda encoding: _labelled(request, encoding))
        return wave
    _check_names(request, column_names(request))
    path, columns = request.path, request.columns
    wave = _attempt(request, lambda encoding: plain.read(path, columns, request.encoded(encoding)))
    if request.advance is not None:
        request.advance(path.stat().st_size)
    return wave


def column_names(request: Request) -> list[str]:
    """Name the columns of a file, reading as little of it as possible."""
    check_format(request)
    plain = PLAIN.get(request.suffix)
    if plain is not None:
        names: list[str] = _attempt(
            request, lambda encoding: plain.names(request.path, request.encoded(encoding))
        )
        return names
    return list(_attempt(request, lambda encoding: _metadata(request, encoding)).column_names)


def check_format(request: Request) -> None:
    """Refuse a file that is not there, or not of a format that can be read without loss."""
    path, suffix = request.path, request.suffix
    look(path)
    check_file(path)
    if suffix == ".sas7bcat":
        raise ReadError(
            f"{path.name} holds the labels of a SAS file, not its people. Read the .sas7bdat of "
            "the same name beside it."
        )
    if suffix not in READERS and suffix not in PLAIN:
        known = [name for name in (*READERS, *PLAIN) if name not in LOSSY]
        raise ReadError(
            f"{path.name}: files ending in {suffix!r} cannot be read. "
            f"Save the wave as one of {listing(known, most=20)}."
        )
    request.options.check(path, PLAIN[suffix].options if suffix in PLAIN else ())
    if suffix in TEXT:
        _refuse_no_text(path, suffix)
    if suffix in LOSSY and not request.options.allow_lost_missing:
        raise ReadError(
            f"{path.name}: {suffix} files lose which codes are declared missing, so that answers "
            f'such as "don\'t know" may vanish. Save the wave as {LOSSY[suffix]}, or accept the '
            "loss with allow_lost_missing=True."
        )
    if suffix == ".por" and request.options.encoding is not None:
        raise ReadError(f"{path.name}: the encoding of .por files cannot be set. Save it as .sav.")
    if suffix in SPSS and first_bytes(path, len(MAGIC)) != MAGIC:
        raise ReadError(
            f"{path.name} cannot be read as {suffix}: it is not an SPSS file, although its name "
            "ends like one. Rename it, or save the wave in SPSS."
        )


def _refuse_no_text(path: Path, suffix: str) -> None:
    """Refuse a file of another program that was given the name of a text file."""
    start = first_bytes(path, len(max(STARTS, key=len)))
    for mark, what in STARTS.items():
        if start.startswith(mark) and not (mark == GZIP and suffix.endswith(PACKED)):
            raise ReadError(
                f"{path.name} cannot be read as {suffix}: it is {what}, although its name ends "
                "like one of text. Rename it, or save the wave anew."
            )


def _labelled(request: Request, encoding: str | None) -> Wave:
    frame, metadata, counted = _values(request, encoding)
    _check_names(request, list(frame.columns))
    missing = {**metadata.missing_user_values, **metadata.missing_ranges}
    labels, notes = metadata.variable_value_labels, [counted]
    if request.suffix == ".sas7bdat":
        labels, catalogue = _catalogue(request, encoding, metadata)
        notes.append(catalogue)
    if request.suffix in LOSSY:
        notes.append(
            f"{request.path.name}: {request.suffix} files lose which codes are declared missing, "
            "and cannot be checked for completeness."
        )
    return Wave(
        frame=_as_stored(_tidy(frame), metadata.readstat_variable_types),
        labels=labels,
        wording={name: text for name, text in metadata.column_names_to_labels.items() if text},
        missing={name: tuple(map(_range, values)) for name, values in missing.items()},
        source=request.path.name,
        encoding=_encoding(request, encoding, metadata),
        notes=tuple(note for note in notes if note),
        sets=response_sets(metadata),
    )


def _values(request: Request, encoding: str | None) -> tuple[pd.DataFrame, Any, str]:
    """Read the people, and refuse a file that holds another number of them than it should."""
    path, suffix = request.path, request.suffix
    count = sav_count(path) if suffix in SPSS else None
    open_count = count is not None and count.standing is None
    if suffix == ".dta":
        check_dta(path)
    # A date that cannot be converted must not stop a read that does not need it.
    options = {"disable_datetime_conversion": True, **_encoded(suffix, encoding)}
    if suffix not in LOSSY:
        options["user_missing"] = True
    if request.columns is not None:
        options["usecols"] = request.columns
    reader = _reader(suffix)
    if open_count or request.advance is not None:
        with CountedFile(path, open_count=open_count, advance=request.advance) as file:
            frame, metadata = reader(file, **options)
    else:
        frame, metadata = reader(plain_path(path), **options)
    if count is not None:
        return frame, metadata, count.check(path.name, metadata.number_rows)
    if suffix == ".sas7bdat":
        promised = _metadata(request, encoding).number_rows
        if promised != metadata.number_rows:
            raise ReadError(
                f"{path.name}: the header promises {promised} people, and {metadata.number_rows} "
                f"could be read. {DAMAGED}"
            )
    return frame, metadata, ""


def _reader(suffix: str) -> Callable[..., Any]:
    import pyreadstat

    reader: Callable[..., Any] = getattr(pyreadstat, READERS[suffix])
    return reader


def _metadata(request: Request, encoding: str | None) -> Any:
    options = _encoded(request.suffix, encoding)
    return _reader(request.suffix)(plain_path(request.path), metadataonly=True, **options)[1]


def _encoded(suffix: str, encoding: str | None) -> dict[str, Any]:
    return {} if suffix == ".por" else {"encoding": encoding}


def _tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Make numbers of columns that came as objects only because they have blanks."""
    for position, kind in enumerate(frame.dtypes):
        if kind == "object":
            values = frame.iloc[:, position].infer_objects()
            if pd.api.types.is_numeric_dtype(values.dtype):
                frame.isetitem(position, values.array)
    return frame


def _as_stored(frame: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Bring large numbers back to the small floats that the file holds.

    pyreadstat widens them, and then nobody could tell that ids among them were rounded.
    """
    for position, name in enumerate(frame.columns):
        if kinds.get(name) != "float":
            continue
        values = frame.iloc[:, position]
        numbers = pd.to_numeric(values, errors="coerce").dropna()
        if numbers.abs().max() > FLOAT_LIMIT and (numbers.astype("float32") == numbers).all():
            if values.dtype == object:  # tagged missing codes stand among the numbers
                small = [np.float32(one) if isinstance(one, float) else one for one in values]
                frame.isetitem(position, np.array(small, dtype=object))
            else:
                frame.isetitem(position, values.to_numpy(dtype=np.float32))
    return frame


def _range(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return value["lo"] if value["lo"] == value["hi"] else (value["lo"], value["hi"])


def _catalogue(
    request: Request, encoding: str | None, metadata: Any
) -> tuple[Mapping[str, Any], str]:
    """Take labels from the catalogue that stands beside a SAS file, if there is one."""
    import pyreadstat

    path = request.path.with_suffix(".sas7bcat")
    look(path)
    if not is_file(path):
        return {}, ""
    try:
        formats = pyreadstat.read_sas7bcat(plain_path(path), encoding=encoding)[1].value_labels
    except Exception as error:
        raise ReadError(
            f"{path.name}, the catalogue of labels beside {request.path.name}, cannot be read: "
            f"{error}. Get it again, or move it elsewhere to read codes without labels."
        ) from error
    labels = {
        column: formats[name]
        for column, name in metadata.variable_to_label.items()
        if name in formats
    }
    return labels, f"{request.path.name}: labels come from {path.name} beside it."


def _encoding(request: Request, encoding: str | None, metadata: Any) -> str:
    """Say which encoding was used; Stata files before Unicode do not, and are read as Western."""
    if request.suffix == ".dta" and encoding is None:
        release = first_bytes(request.path, 40).partition(b"<release>")[2][:3]
        unicode = release.isdigit() and int(release) >= UNICODE_RELEASE
        return "utf-8" if unicode else "windows-1252"
    return (encoding or metadata.file_encoding or "").lower()


def _check_names(request: Request, found: list[str]) -> None:
    # pyreadstat leaves unknown names out without a word.
    for column in request.columns or []:
        if column not in found:
            names = column_names(request.whole)
            near = f"{unknown('column', column, names)}{single_column(request.path, names)}"
            raise ReadError(f"{request.path.name}: {near}")


def _attempt(request: Request, read: Callable[[str | None], Any]) -> Any:
    """Run a reader of another library; whatever it raises becomes this library's error."""
    path, encoding = request.path, request.options.encoding
    try:
        return read(encoding)
    except OpinionPanelError:
        raise
    except Exception as error:
        kept = str(error).strip() or type(error).__name__
        if isinstance(error, UnicodeError) or "requested encoding" in kept:
            raise ReadError(_decoding_message(request, read)) from error
        raise ReadError(
            f"{path.name} cannot be read as {request.suffix}: {kept}. The file may be damaged or "
            "of another format: get it again, or save the wave in the program that wrote it."
        ) from error


def _decoding_message(request: Request, read: Callable[[str | None], Any]) -> str:
    fitting = []
    # Single bytes decode as anything, so that a mark is better than trying.
    wide = request.suffix in TEXT and marked(request.path) == "utf-16"
    for encoding in ("utf-16",) if wide else USUAL:
        try:
            read(encoding)
        except Exception:  # any failure means that this encoding does not fit
            continue
        fitting.append(encoding)
    told = request.options.encoding
    given = f" as {told!r}" if told else ""
    way_out = (
        f"It decodes with encoding={' or '.join(map(repr, fitting))}; look at the labels to tell "
        "which is right."
        if fitting
        else "It decodes in none of the usual encodings; it may be damaged."
    )
    return f"{request.path.name}: its text cannot be decoded{given}. {way_out}"
