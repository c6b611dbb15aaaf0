"""What the pages of a report are made of, before any of it is HTML, paper or a document of Word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from opinionpanel.drawing import NO_BREAK, Drawing, SizeName
from opinionpanel.errors import SelectionError

# What a text is: a question in the words of the study, a finding, what has to be known beforehand.
Kind = Literal["paragraph", "question", "finding", "warning", "note"]
# Before the label of a row: sets a part off from its whole.
INDENT = "\u2003"


def unbroken(text: str) -> str:
    """Let no line end within "n = 153"."""
    return text.replace("n = ", f"n{NO_BREAK}={NO_BREAK}")


@dataclass(frozen=True)
class Text:
    """A paragraph of plain text.

    Attributes
    ----------
    text : str
        Names in it have their directions closed.
    kind : {"paragraph", "question", "finding", "warning", "note"}
    """

    text: str
    kind: Kind = "paragraph"


@dataclass(frozen=True)
class Points:
    """A list of plain texts.

    Attributes
    ----------
    texts : sequence of str
    kind : {"paragraph", "question", "finding", "warning", "note"}
    """

    texts: Sequence[str]
    kind: Kind = "paragraph"


@dataclass(frozen=True)
class Links:
    """Links to pages and files of the report.

    Attributes
    ----------
    targets : sequence of (str, str)
        The text and the address.
    """

    targets: Sequence[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Grid:
    """A table for readers, and the numbers behind it for programs.

    Attributes
    ----------
    name : str
        Of its files: unlike that of any other grid of the report.
    title : str
        What is shown, and in which unit.
    header : sequence of str
    rows : sequence of sequence of str
        Cells under the header.
    labels : int
        How many of the columns are labels; the others are figures.
    note : str
        Base and weight in one line; empty where there is none.
    data : pandas.DataFrame or None
        A row for each figure, as `Estimates.to_frame` gives it; None where there are no files.
    unit : {"share", "change", "number", "share or change"}
        Of the estimates in `data`.
    strengths : sequence of sequence of float
        How strongly each figure is coloured, from -1 to 1, by row; NaN for not at all. Without any
        no figure is coloured.
    """

    name: str
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    labels: int
    note: str = ""
    data: pd.DataFrame | None = None
    unit: str = "share"
    strengths: Sequence[Sequence[float]] = ()


@dataclass(frozen=True, eq=False)
class Picture:
    """A chart that can be drawn in several sizes, and its numbers as tables.

    Attributes
    ----------
    name : str
        Of its files: unlike that of any other picture of the report.
    title : str
        What is shown.
    draw : callable
        Lays it out in a size; refuses one that has no room for it.
    size : "page", "phone", ... or (width, height)
        In which it stands on its page, a narrow window apart.
    grids : sequence of Grid
    """

    name: str
    title: str
    draw: Callable[[SizeName], Drawing]
    size: SizeName
    grids: Sequence[Grid]

    @property
    def printed(self) -> Drawing:
        """Lay it out for paper and files, as wide as a page where it can be."""
        return self.drawing("page") or self.draw(self.size)

    def drawing(self, size: SizeName) -> Drawing | None:
        """Lay it out; None where the size has no room for it."""
        try:
            return self.draw(size)
        except SelectionError:
            return None


@dataclass(frozen=True)
class Folded:
    """Blocks that a reader unfolds.

    Attributes
    ----------
    summary : str
    blocks : sequence of Block
    """

    summary: str
    blocks: Sequence["Block"]


Block = Text | Points | Links | Grid | Picture | Folded
