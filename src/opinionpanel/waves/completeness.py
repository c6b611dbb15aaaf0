"""Whether a survey file holds all the people that its header promises, no more and no fewer.

pyreadstat stops at the header's count, and where a writer left the count open it takes what is
there. So a damaged count, or a file cut off between two people, would give a shorter file without
a word.
"""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from opinionpanel.errors import ReadError

DAMAGED = "The file is cut off or damaged: get it again from where it came."
# Where the header of an SPSS file holds the number of people; all bits set means unknown.
COUNT_AT, COUNT_END = 80, 84
# In Stata 8 to 12: bytes of a display format by release, and of a number by its type.
FORMAT_WIDTH = {113: 12, 114: 49, 115: 49}
TYPE_WIDTH = {251: 1, 252: 2, 253: 4, 254: 4, 255: 8}


@dataclass(frozen=True)
class SavCount:
    """How many people an SPSS file says it holds.

    Attributes
    ----------
    promised : int
        The header's count; -1 where the writer left it open.
    standing : int or None
        How many there is room for between the dictionary and the end of the file; None for
        compressed files, which only a full read can tell.
    """

    promised: int
    standing: int | None

    def check(self, name: str, rows: int) -> str:
        """Refuse a file of which more or fewer people were read; note what cannot be checked."""
        standing = rows if self.standing is None else self.standing
        if rows != standing or self.promised not in (-1, standing):
            raise ReadError(
                f"{name}: the header promises {self.promised} people, and {standing} stand in the "
                f"file. {DAMAGED}"
            )
        if self.promised >= 0:
            return ""
        return (
            f"{name} does not say how many people it should hold, so it cannot be checked for "
            f"completeness; {rows} were read."
        )


def sav_count(path: Path) -> SavCount:
    """Read the count of people in the header, and where the people start."""
    try:
        with path.open("rb") as file:
            head = file.read(176)
            order = "<" if struct.unpack("<i", head[64:68])[0] in (2, 3) else ">"
            compression, _, promised = struct.unpack(order + "3i", head[72:84])
            if compression:
                return SavCount(promised, None)
            length = 8 * _skip_dictionary(file, order)
            room = path.stat().st_size - file.tell()
    except (struct.error, IndexError, OSError, ValueError):
        raise ReadError(f"{path.name}: its dictionary cannot be followed. {DAMAGED}") from None
    people, beyond = divmod(room, length) if length else (0, room)
    if beyond or room < 0:
        raise ReadError(f"{path.name} ends in the middle of a person, after {people}. {DAMAGED}")
    return SavCount(promised, people)


def _skip_dictionary(file: io.BufferedReader, order: str) -> int:
    """Go to where the people start; count the steps of eight bytes that each of them takes."""
    units = 0

    def number() -> int:
        return int(struct.unpack(order + "i", file.read(4))[0])

    def skip(length: int) -> None:
        _skip(file, length)

    while (kind := number()) != 999:
        if kind == 2:  # a variable, or the next eight bytes of a long text
            _, labelled, blanks = number(), number(), number()
            skip(16)
            if labelled:
                skip((number() + 3) // 4 * 4)
            skip(8 * abs(blanks))
            units += 1
        elif kind == 3:  # value labels
            for _ in range(number()):
                skip(8)
                skip(file.read(1)[0] // 8 * 8 + 7)
        elif kind == 4:  # the variables they belong to
            skip(4 * number())
        elif kind == 6:  # documents
            skip(80 * number())
        elif kind == 7:  # extensions
            number()
            skip(number() * number())
        else:
            raise ValueError(kind)
    skip(4)
    return units


def _skip(file: io.BufferedReader, length: int) -> None:
    """Go on; a damaged length that leads back would never end."""
    if length < 0:
        raise ValueError(length)
    file.seek(length, 1)


class CountedFile:
    """A file that pyreadstat reads through us: its progress is known, and its count is open.

    With an open count pyreadstat takes every person that a compressed file holds, so that their
    number can be compared with the header's.
    """

    def __init__(
        self, path: Path, *, open_count: bool, advance: Callable[[int], object] | None
    ) -> None:
        self.file = path.open("rb")
        self.open_count = open_count
        self.advance = advance
        self.furthest = 0
        self.failure: BaseException | None = None

    def __enter__(self) -> "CountedFile":
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()
        if self.failure is not None:
            raise self.failure

    def read(self, size: int = -1) -> bytes:
        """Read as a file does; what goes wrong is kept, for pyreadstat hides it, interrupts too."""
        try:
            return self._read(size)
        except BaseException as error:
            self.failure = error
            raise

    def _read(self, size: int) -> bytes:
        start = self.file.tell()
        data = self.file.read(size)
        end = start + len(data)
        if self.advance is not None and end > self.furthest:
            self.advance(end - self.furthest)
            self.furthest = end
        if self.open_count and start < COUNT_END and end > COUNT_AT:
            first, last = max(COUNT_AT, start), min(COUNT_END, end)
            data = data[: first - start] + b"\xff" * (last - first) + data[last - start :]
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Seek as a file does."""
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        """Tell the place as a file does."""
        return self.file.tell()


def check_dta(path: Path) -> None:
    """Refuse a Stata file whose end is missing: labels stand behind the people."""
    with path.open("rb") as file:
        release = file.read(1)
        if release == b"<":
            file.seek(max(0, path.stat().st_size - 64))
            whole = file.read().rstrip(b"\0\r\n ").endswith(b"</stata_dta>")
        else:
            try:
                whole = release[0] not in FORMAT_WIDTH or _old_labels_end(file, release[0])
            except (struct.error, IndexError, OSError, ValueError):
                whole = False
    if not whole:
        raise ReadError(f"{path.name} does not end as a Stata file does. {DAMAGED}")


def _old_labels_end(file: io.BufferedReader, release: int) -> bool:
    """Walk over the people and the labels of Stata 8 to 12; tell whether the file ends there."""
    order = ">" if file.read(1) == b"\1" else "<"

    def number(letter: str) -> int:
        (value,) = struct.unpack(order + letter, file.read(struct.calcsize(order + letter)))
        return int(value)

    file.seek(4)
    columns, people = number("H"), number("i")
    file.seek(109)
    widths = [TYPE_WIDTH.get(kind, kind) for kind in file.read(columns)]
    # Names, sort order, formats, names of label sets, labels of the columns.
    file.seek(columns * (33 + FORMAT_WIDTH[release] + 33 + 81) + 2 * (columns + 1), 1)
    while (number("b"), length := number("i")) != (0, 0):
        _skip(file, length)
    _skip(file, people * sum(widths))
    place, size = file.tell(), file.seek(0, 2)
    while place < size:
        file.seek(place)
        place += 4 + 36 + max(0, number("i"))
    return place == size
