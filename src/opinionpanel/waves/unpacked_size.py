"""Packed files that unpack to absurd sizes: a few kilobytes can fill any memory."""

import gzip
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from xml.parsers import expat

from opinionpanel.errors import ReadError

# Sheets of surveys unpack to 10 to 40 times their size, and what is packed to fill a memory to
# some 1,000 times. What is small is harmless however it is packed.
SMALL, FACTOR = 1 << 26, 200
# More than a sheet full of a million people and a hundred questions.
LARGEST = 1 << 32
# A workbook may hold pictures and a sheet for everyone, but not this many parts.
MOST_PARTS, MOST_SHEETS = 100_000, 1_000
SHEET = re.compile(rb"<(?:\w+:)?sheet\s")
# Before the first element of an XML file stand a line or two.
PROLOG = 1 << 16
ABSURD = "Workbooks of people do not: get it from where it came, or save the sheet as .csv there."


def part_sizes(name: str, file: IO[bytes]) -> Mapping[str, int]:
    """Say how large the parts of a workbook are; refuse one that unpacks to an absurd size.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    file : binary file

    Raises
    ------
    ReadError
        By the sizes that the file tells; or a part defines entities, which grow when it is read.
    """
    with zipfile.ZipFile(file) as book:
        parts = book.infolist()
        unpacked = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts)
        sizes = [(unpacked, packed), *((part.file_size, part.compress_size) for part in parts)]
        if len(parts) > MOST_PARTS:
            raise ReadError(f"{name} has {len(parts):,} parts, and is not read. {ABSURD}")
        if unpacked > LARGEST or any(_absurd(*pair) for pair in sizes):
            raise ReadError(
                f"{name} would unpack from {packed:,} to {unpacked:,} bytes, and is not read. "
                f"{ABSURD}"
            )
        for part in parts:
            # Whatever its name, a part may be read as XML.
            if _defines(book, part):
                raise ReadError(
                    f"{name}: its part {part.filename} defines entities or never begins, and is "
                    f"not read. {ABSURD}"
                )
            if part.filename.endswith("workbook.xml"):
                sheets = len(SHEET.findall(book.read(part)))
                if sheets > MOST_SHEETS:
                    raise ReadError(f"{name} names {sheets:,} sheets, and is not read. {ABSURD}")
    return {part.filename: part.file_size for part in parts}


def _absurd(unpacked: int, packed: int) -> bool:
    return unpacked > SMALL and unpacked > FACTOR * packed


def _defines(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Tell whether an XML part begins with definitions, or never begins at all."""
    found: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: found.append(True)
    parser.StartElementHandler = lambda *_: found.append(False)
    read = 0
    with book.open(part) as content:
        while not found and read < PROLOG and (piece := content.read(1024)):
            read += len(piece)
            try:
                parser.Parse(piece)
            except expat.ExpatError:
                # Those who read it will say what is wrong.
                break
    return found[0] if found else read >= PROLOG


class Unpacked(io.RawIOBase):
    """What a ``.gz`` file holds, as far as that stays in proportion to its size."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._packed = path.open("rb")
        self._content = gzip.GzipFile(fileobj=self._packed)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read as a file does."""
        count: int = self._content.readinto(buffer)  # type: ignore[arg-type]
        if _absurd(unpacked := self._content.tell(), packed := self._packed.tell()):
            raise ReadError(
                f"{self._name} unpacks from {packed:,} to {unpacked:,} bytes and more, and is not "
                "read on. Files of people do not: get it from where it came, or unpack it there."
            )
        return count

    def close(self) -> None:
        """Close the file as well."""
        self._content.close()
        self._packed.close()
        super().close()


def unpacked(path: Path) -> io.BufferedReader:
    """Open a ``.gz`` file for reading; one that unpacks to an absurd size ends in `ReadError`."""
    return io.BufferedReader(Unpacked(path), 1 << 16)
