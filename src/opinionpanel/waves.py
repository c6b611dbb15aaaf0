"""One wave's answers, with the labels and declarations of the file they came from."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from opinionpanel.errors import ReadError, unknown

__all__ = ["Wave", "as_wave"]


@dataclass(frozen=True)
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
    """

    frame: pd.DataFrame
    labels: Mapping[str, Mapping[Hashable, str]] = field(default_factory=dict)
    wording: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    source: str = ""
    encoding: str = ""
    notes: tuple[str, ...] = ()

    def column(self, name: str, wave: str, *, purpose: str) -> pd.Series:
        """Return a column, or refuse with the nearest name that exists."""
        if name not in self.frame.columns:
            near = unknown("column", name, self.frame.columns)
            raise ReadError(f"Wave {wave!r} ({self.where}), {purpose}: {near}")
        column = self.frame[name]
        if isinstance(column, pd.DataFrame):
            raise ReadError(
                f"Wave {wave!r} ({self.where}) has {column.shape[1]} columns named {name!r}. "
                "Rename them so that each name is used once."
            )
        return column

    def valid(self, name: str, wave: str, *, purpose: str) -> pd.Series:
        """Return a column with blanks for the codes that the file declares missing."""
        column = self.column(name, wave, purpose=purpose)
        for code in self.missing.get(name, ()):
            if isinstance(code, tuple):
                column = column.mask(pd.to_numeric(column, errors="coerce").between(*code))
            else:
                column = column.mask(column.isin([code]))
        return column

    @property
    def where(self) -> str:
        """The file, or that it is a frame, for messages."""
        return self.source or "a frame"

    @property
    def file_text(self) -> str:
        """The file and its encoding, for the summary of a panel."""
        return f"{self.source} ({self.encoding})" if self.encoding else self.source


def as_wave(name: object, wave: object) -> Wave:
    """Take a frame, or a wave that was read, as a wave; refuse anything else."""
    if not isinstance(name, str):
        raise ReadError(f"Wave names must be text, got {name!r}. Write {str(name)!r}.")
    if isinstance(wave, Wave):
        return wave
    if not isinstance(wave, pd.DataFrame):
        raise ReadError(
            f"Wave {name!r} is a {type(wave).__name__}; give a pandas.DataFrame, for example by "
            ".to_pandas()."
        )
    return Wave(wave)
