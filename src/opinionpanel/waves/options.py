"""How a wave file is to be read: what the file itself does not say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from opinionpanel.arguments import listed
from opinionpanel.errors import ReadError, listing
from opinionpanel.waves.encodings import check_encoding

# Which formats know an option, in words for a refusal.
TEXT_ONLY, TEXT_AND_EXCEL = "text files", "text files and Excel files"
KNOWN_BY = {
    "blanks": TEXT_AND_EXCEL,
    "skip_rows": TEXT_AND_EXCEL,
    "sheet": "Excel files",
    "text": TEXT_ONLY,
}
PACKED = ".gz"
TEXT = tuple(name + packed for name in (".csv", ".tsv", ".tab", ".txt") for packed in ("", PACKED))

SkipRows = int | Sequence[int]
SheetName = str | int

# A sheet has no more rows than this; a file has few above its header.
MOST_SKIPPED = 2**20


@dataclass(frozen=True)
class ReadOptions:
    """How to read a file.

    Attributes
    ----------
    encoding : str, optional
        Where the file does not say, or says it wrongly.
    blanks : sequence of str
        Words that stand for a blank.
    text : sequence of str
        Columns that stay text as it is written.
    skip_rows : int or sequence of int
        How many first rows to leave out; or which, counted from 1.
    sheet : str or int, optional
        A sheet's name, or its number from 1; by default the first.
    allow_lost_missing : bool
        Read formats that lose which codes are declared missing.
    """

    encoding: str | None = None
    blanks: Sequence[str] = ()
    text: Sequence[str] = ()
    skip_rows: SkipRows = 0
    sheet: SheetName | None = None
    allow_lost_missing: bool = False

    def __post_init__(self) -> None:
        # Trimmed, as the values are that they are compared with.
        object.__setattr__(self, "blanks", tuple(word.strip() for word in listed(self.blanks)))
        object.__setattr__(self, "text", tuple(listed(self.text)))
        numbers = self.skip_rows
        if not isinstance(numbers, int) and any(number < 1 for number in numbers):
            raise ReadError("skip_rows= counts rows from 1, the first of the file.")
        if isinstance(numbers, int) and (numbers < 0 or isinstance(numbers, bool)):
            raise ReadError("skip_rows= is how many first rows to leave out, or a list of rows.")
        if max([numbers] if isinstance(numbers, int) else [*numbers, 0]) > MOST_SKIPPED:
            raise ReadError(f"skip_rows= leaves out none but the first {MOST_SKIPPED:,} rows.")
        if isinstance(self.sheet, int) and self.sheet < 1:
            raise ReadError("sheet= is the name of a sheet, or its number, counted from 1.")

    @property
    def skipped(self) -> set[int]:
        """The rows to leave out, counted from 1."""
        rows = self.skip_rows
        return set(range(1, rows + 1)) if isinstance(rows, int) else set(rows)

    @property
    def given(self) -> list[str]:
        """The options, other than those of every format, that say something."""
        plain = ReadOptions()
        return [
            field.name
            for field in fields(self)
            if field.name in KNOWN_BY and getattr(self, field.name) != getattr(plain, field.name)
        ]

    def check(self, path: Path, known: Iterable[str]) -> None:
        """Refuse options that a format does not know, and an encoding that nobody does."""
        if self.encoding is not None:
            check_encoding(path, self.encoding)
        if strange := [name for name in self.given if name not in known]:
            name = strange[0]
            raise ReadError(
                f"{path.name}: {name}= is for {KNOWN_BY[name]}. Leave it out for this file."
            )


def suffix_of(path: Path) -> str:
    """Name the format by how the file's name ends, that of a packed file with ``.gz``."""
    return "".join(path.suffixes[-2:] if path.suffix.lower() == PACKED else [path.suffix]).lower()


def stem_of(path: Path) -> str:
    """Name the file without its format."""
    return path.name[: len(path.name) - len(suffix_of(path))]


def skip_text(rows: Iterable[int]) -> str:
    """Write which rows to leave out as an argument: a number where they are the first ones."""
    chosen = sorted(rows)
    first = chosen == list(range(1, len(chosen) + 1))
    return f"skip_rows={len(chosen) if first else chosen}"


def blanks_text(words: Iterable[str]) -> str:
    """Write which words stand for blanks as an argument."""
    return f"blanks=[{listing(words)}]"
