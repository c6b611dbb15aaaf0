"""One wave's answers, with the labels and declarations of the file they came from."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arguments import called, checked
from opinionpanel.arrays import Integers
from opinionpanel.engines import nw
from opinionpanel.errors import ReadError, shown, unknown
from opinionpanel.escaping import html_text, terminal_text
from opinionpanel.waves.codes import canonical, code_text, missing_ranges, read_codes
from opinionpanel.waves.options import TEXT, suffix_of
from opinionpanel.waves.rare_answers import own_words
from opinionpanel.waves.response_sets import ResponseSet
from opinionpanel.waves.spelling import Written

FILES_EXTRA = 'pip install "opinionpanel[files]"'
MOST_SHOWN = 20

# The person of each row of a wave; a slice of all where they stand in the panel's order.
Rows = Mapping[str, Integers | slice]
Columns = list[str] | None
WaveLike = Any  # a Wave, or a frame of pandas, polars or pyarrow


@called
@dataclass(frozen=True, repr=False)
class Wave:
    """One wave's answers as read from a file, with what the file says about them.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per person interviewed; declared user-missing codes are kept as values.
    labels : dict
        Column to value labels (code to text).
    wording : dict
        Column to its label, usually the question.
    missing : dict
        Column to the codes or ranges that the file declares user-missing.
    source : str
        The file's name.
    encoding : str
        The text encoding of the file; "" where it says nothing.
    notes : tuple of str
        What a reader of the panel's summary should know.
    written : dict
        Column of a text or Excel file that stays text to why that is so.
    rounded : dict
        Column to how many of its numbers have more digits than the file can hold, or holds.
    known : tuple of str
        All columns of a source of which some were read, for messages; empty where all were.
    sets : dict of str to ResponseSet
        The multiple-response sets of an SPSS file by name, for `multiple`.
    """

    frame: pd.DataFrame
    labels: Mapping[str, Mapping[Hashable, str]] = field(default_factory=dict)
    wording: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    source: str = ""
    encoding: str = ""
    notes: tuple[str, ...] = ()
    written: Mapping[str, Written] = field(default_factory=dict)
    rounded: Mapping[str, int] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    sets: Mapping[str, ResponseSet] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Datasets of Arrow have a schema and no columns.
        if not any(hasattr(type(self.frame), name) for name in ("columns", "schema")):
            raise ReadError(f"A wave holds a frame of people, not {shown(self.frame)}.")
        for name, kind in {"labels": Mapping, "missing": Sequence}.items():
            told = getattr(self, name)
            if not isinstance(told, Mapping) or not all(isinstance(x, kind) for x in told.values()):
                example = "{1: 'yes'}" if kind is Mapping else "[98, 99]"
                raise ReadError(f"{name} must be a dict by column, such as {{'q1': {example}}}.")

    @checked
    def column(self, name: str, wave: str, *, purpose: str) -> pd.Series:
        """Return a column, or refuse with the nearest name that exists.

        Parameters
        ----------
        name : str
            The column's name.
        wave : str
            What messages call the wave.
        purpose : str
            What messages say the column is for, such as ``"item support"``.

        Returns
        -------
        pandas.Series
            The column as it was read: declared user-missing codes are values.

        Raises
        ------
        ReadError
            There is no such column, with the nearest name that exists; or it holds lists.

        Examples
        --------
        >>> import pandas as pd
        >>> Wave(pd.DataFrame({"q1": [1, 98]})).column("q1", "May", purpose="item").tolist()
        [1, 98]
        """
        if name not in self.frame.columns:
            near = str(unknown("column", name, self.known or self.frame.columns))
            if name in map(str, self.frame.columns):
                near = (
                    f"column {name!r} is named by a number, not by text. Rename the columns: "
                    "frame.columns = frame.columns.astype(str)"
                )
            raise ReadError(f"{self.place(wave)}, {purpose}: {near}")
        column = self.frame[name]
        if isinstance(column, pd.DataFrame):
            raise ReadError(
                f"{self.place(wave)} has {column.shape[1]} columns named {name!r}. "
                "Rename them so that each name is used once."
            )
        if lost := self.rounded.get(name):
            raise ReadError(
                f"{self.place(wave)}, {purpose}: column {name!r} has {lost:,} number(s) of more "
                "than 15 digits, or shortened as in 9.99E+14, which the file does not hold "
                "exactly: different ones may have become one. Export the column anew as text, or "
                "the wave in another format."
            )
        if _structured(column):
            raise ReadError(
                f"{self.place(wave)}, {purpose}: column {name!r} holds lists or other "
                "structures instead of one value for each person. Make it one column for each "
                "of their parts."
            )
        if pd.api.types.is_complex_dtype(column.dtype):
            raise ReadError(
                f"{self.place(wave)}, {purpose}: column {name!r} holds complex numbers. "
                "Make it a column of plain numbers."
            )
        # What comes after counts beyond the greatest number of 16 bits.
        return column.astype(np.float64) if column.dtype == np.float16 else column

    @checked
    def valid(self, name: str, wave: str, *, purpose: str) -> pd.Series:
        """Return a column with blanks for the codes that the file declares missing.

        Parameters
        ----------
        name : str
            The column's name.
        wave : str
            What messages call the wave.
        purpose : str
            What messages say the column is for, such as ``"item support"``.

        Returns
        -------
        pandas.Series
            The column, NaN where a code was declared missing.

        Raises
        ------
        ReadError
            There is no such column, with the nearest name that exists; or it holds lists.

        Examples
        --------
        >>> import pandas as pd
        >>> wave = Wave(pd.DataFrame({"q1": [1, 98]}), missing={"q1": [98]})
        >>> wave.valid("q1", "May", purpose="item").tolist()
        [1.0, nan]
        """
        column = self.column(name, wave, purpose=purpose)
        for low, high in missing_ranges(self.missing.get(name, ())):
            if isinstance(low, str):
                texts = column.map(
                    lambda value: value.strip() if isinstance(value, str) else None
                ).astype("str")
                gone = texts.between(low, high)
            else:
                gone = pd.to_numeric(column, errors="coerce").between(low, high)
            column = column.mask(gone.to_numpy(dtype=bool, na_value=False))
        return column

    def as_text(self, name: str) -> str:
        """Say how ids stay as they are written; "" for formats that say themselves what is text."""
        if suffix_of(Path(self.source)) not in TEXT:
            return ""
        return f" In a text file: text=[{name!r}] keeps them as they are written."

    def place(self, wave: str) -> str:
        """Name the wave and its file, for messages; only the file, if all waves stand in it."""
        return f"Wave {wave!r} ({self.where})" if wave else self.where

    @property
    def where(self) -> str:
        """The file, or that it is a frame, for messages."""
        return self.source or "a frame"

    @property
    def file_text(self) -> str:
        """The file and its encoding, for the summary of a panel."""
        return f"{self.source} ({self.encoding})" if self.encoding else self.source

    def __str__(self) -> str:
        people, columns = self.frame.shape
        lines = [
            f"Wave: {self.file_text or self.where}, {people:,} people × {columns:,} columns",
            *(f"  note: {note}" for note in self.notes),
        ]
        names = [str(name) for name in self.frame.columns]
        width = max((len(name) for name in names[:MOST_SHOWN]), default=0)
        for name in names[:MOST_SHOWN]:
            wording = self.wording.get(name) or ""
            lines.append(f"  {name:<{width}}  {wording}".rstrip())
            for title, text in (("labels", self._labels(name)), ("missing", self._missing(name))):
                if text:
                    lines.append(f"  {'':<{width}}    {title}: {text}")
        if len(names) > MOST_SHOWN:
            lines.append(f"  and {len(names) - MOST_SHOWN} more columns")
        for name, told in self.sets.items():
            lines.append(f"  set {name}: {told.label or 'several answers'}")
            lines.append(f"    columns: {', '.join(told.columns)}")
        return terminal_text(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html_text(self)}</pre>"

    def _labels(self, name: str) -> str:
        labels = self._nameable(name)
        shown = [f"{code_text(code)} {text!r}" for code, text in labels[:MOST_SHOWN]]
        more = len(self.labels.get(name, {})) - len(shown)
        return ", ".join(shown) + (f" and {more} more" if more > 0 else "")

    def _nameable(self, name: str) -> list[tuple[object, str]]:
        """List the labels of a column without those that are people's own words."""
        labels = self.labels.get(name, {})
        here = labels and isinstance(self.frame, pd.DataFrame) and name in self.frame.columns
        if not here or not isinstance(self.frame[name], pd.Series):
            return list(labels.items())
        texts = {canonical(code): str(text) for code, text in labels.items()}
        own = own_words(read_codes(self.frame[name]).people, texts)
        return [(code, text) for code, text in labels.items() if canonical(code) not in own]

    def _missing(self, name: str) -> str:
        return ", ".join(
            f"{code_text(code[0])} to {code_text(code[1])}"
            if isinstance(code, tuple)
            else code_text(code)
            for code in self.missing.get(name, ())
        )


@contextmanager
def needs(package: str, path: Path) -> Iterator[None]:
    """Turn a package that is not installed into a way out."""
    try:
        yield
    except ImportError as error:
        raise ReadError(
            f"{path.name}: {package} is needed to read {path.suffix} files: {FILES_EXTRA}"
        ) from error


def _structured(column: pd.Series) -> bool:
    """Tell whether values are lists, dicts or arrays, which are no answers."""
    kind = getattr(column.dtype, "type", object)
    if column.dtype != object:
        return isinstance(kind, type) and issubclass(kind, (list, dict))
    if not pd.api.types.infer_dtype(column, skipna=True).startswith("mixed"):
        return False
    return any(pd.api.types.is_list_like(value) for value in column)


def as_wave(name: object, wave: WaveLike) -> Wave:
    """Take a frame of pandas, polars or pyarrow, or a wave that was read; refuse anything else.

    The name is "" for a frame of all waves.
    """
    if not isinstance(name, str):
        raise ReadError(f"Wave names must be text, got {name!r}. Write {str(name)!r}.")
    called = _called(name)
    if isinstance(wave, Wave):
        if isinstance(wave.frame, pd.DataFrame):
            return wave
        return replace(wave, frame=as_wave(name, wave.frame).frame)
    if isinstance(wave, pd.DataFrame):
        return Wave(wave)
    try:
        frame = nw.from_native(wave)
    except TypeError:
        raise ReadError(
            f"{called} is a {type(wave).__name__}; give a frame of pandas, polars or pyarrow, "
            "or what read_wave returns."
        ) from None
    except nw.exceptions.DuplicateError:
        raise several_named(name) from None
    if isinstance(frame, nw.LazyFrame):
        raise ReadError(
            f"{called} is a lazy frame, which is not read yet. Collect its columns first, "
            "for example by .collect()."
        )
    if isinstance(native := frame.to_native(), pd.DataFrame):
        return Wave(native)
    try:
        return Wave(_through_arrow(frame))
    except ImportError:
        raise ReadError(
            f"{called} is a {type(wave).__name__}, and pyarrow is needed to take it over: "
            f"{FILES_EXTRA}"
        ) from None


def several_named(wave: str) -> ReadError:
    """Refuse a frame, of a wave or of all, "", in which several columns have one name."""
    return ReadError(
        f"{_called(wave)} has several columns of one name. Rename them, or take only the columns "
        "that are needed."
    )


def _called(wave: str) -> str:
    return f"Wave {wave!r}" if wave else "The frame"


def _through_arrow(frame: nw.DataFrame[Any]) -> pd.DataFrame:
    """Take a frame over through Arrow, which has neither 128-bit whole numbers nor objects."""
    wide = [name for name, kind in frame.schema.items() if kind in (nw.Int128, nw.UInt128)]
    objects = {
        name: frame[name].to_list() for name, kind in frame.schema.items() if kind == nw.Object
    }
    known = frame.drop(list(objects)).with_columns(nw.col(name).cast(nw.String()) for name in wide)
    taken = arrow_frame(known.to_arrow())
    for name in wide:
        taken[name] = taken[name].map(int, na_action="ignore").astype(object)
    return taken.assign(**{name: pd.Series(held, dtype=object) for name, held in objects.items()})


def arrow_frame(table: Any) -> pd.DataFrame:
    """Turn an Arrow table into a pandas frame; whole numbers with blanks stay whole and exact."""
    import pyarrow as pa

    whole = {pa.int64(): pd.Int64Dtype(), pa.uint64(): pd.UInt64Dtype()}
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    for position, column in enumerate(table.itercolumns()):
        if column.null_count and column.type in whole:
            frame.isetitem(position, column.to_pandas(types_mapper=whole.get).array)
    return frame
