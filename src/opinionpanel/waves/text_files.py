"""Text files: their encoding, delimiter and rows, and which of their columns are numbers."""

import codecs
import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from pathlib import Path
from typing import IO

import pandas as pd

from opinionpanel.errors import ReadError, listing
from opinionpanel.waves.first_rows import SAMPLE, is_a_person, rows_above, rows_below
from opinionpanel.waves.options import PACKED, TEXT, ReadOptions, skip_text, suffix_of
from opinionpanel.waves.spelling import Written
from opinionpanel.waves.text_columns import as_text, numbers_of, shortened, without_blanks
from opinionpanel.waves.wave import Columns, Wave

DELIMITERS = ",;\t"
# Lines that are looked at together.
BLOCK = 5_000
DEFAULT_ENCODING = "utf-8"
# The line by which a spreadsheet program is told the delimiter.
TOLD = re.compile('"?sep=([^\r\n])"?[,;\t]*\r?\n?', re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """Where the people of a text file are.

    Attributes
    ----------
    encoding, delimiter : str
    names : list of str
        The columns.
    header : int
        The row that names them, counted from 1.
    skipped : set of int
        Further rows that are no people.
    """

    encoding: str
    delimiter: str
    names: list[str]
    header: int
    skipped: set[int]


def text_names(path: Path, options: ReadOptions) -> list[str]:
    """Name the columns of a text file."""
    return text_layout(path, options).names


def text_wave(path: Path, columns: Columns, options: ReadOptions) -> Wave:
    """Read a text file, or some of its columns."""
    layout = text_layout(path, options)
    places = chosen_places(path, layout.names, columns)
    check_fields(path, layout)
    # Opened here: pandas would take some names of files for addresses.
    with path.open("rb") as file:
        frame: pd.DataFrame = pd.read_csv(
            file,
            sep=layout.delimiter,
            # The faster one knows no other delimiters.
            engine="c" if layout.delimiter.isascii() else "python",
            encoding=_codec(layout.encoding),
            compression="gzip" if path.suffix.lower() == PACKED else None,
            # All as text, so that nothing loses its written form; "NA" and "None" are answers.
            dtype="str",
            na_filter=False,
            index_col=False,
            usecols=places,
            skiprows=[row - 1 for row in sorted(layout.skipped)],
        )
    frame.columns = [layout.names[place] for place in places]
    spelled: dict[str, Written] = {}
    rounded: dict[str, int] = {}
    for name in map(str, frame.columns):
        texts = frame[name]
        # Most columns hold few values: what is asked of each is asked once.
        places, distinct = pd.factorize(texts.array)
        seen = list(map(str, distinct.to_numpy(dtype=object)))
        if lost := shortened(places, seen):
            rounded[name] = lost
        values = without_blanks(seen, options.blanks)
        if name in options.text:
            frame[name] = as_text(texts, places, values)
        else:
            frame[name], found = numbers_of(texts, places, values, layout.delimiter)
            spelled |= {} if found is None else {name: found}
    return Wave(
        frame=frame if columns is None else frame[columns],
        source=path.name,
        encoding=layout.encoding,
        written=spelled,
        rounded=rounded,
        notes=written_notes(spelled),
    )


def written_notes(spelled: Mapping[str, Written]) -> tuple[str, ...]:
    """Say which columns are text, although they would be numbers but for some words."""
    return tuple(f"column {name!r}: {one.why}" for name, one in spelled.items() if one.noted)


def single_column(path: Path, names: Sequence[str]) -> str:
    """Say why a text file may seem to have one column only; "" where it has several."""
    if len(names) != 1 or suffix_of(path) not in TEXT:
        return ""
    return (
        " The file has a single column: the delimiter may be another one than comma, semicolon or "
        "tab, or there are lines above the header. Save it again with commas, or leave the lines "
        "out by skip_rows=."
    )


def chosen_places(path: Path, names: Sequence[str], columns: Columns) -> list[int]:
    """Find the columns to read, in the order of the file; each must be there once."""
    places = [place for place, name in enumerate(names) if columns is None or name in columns]
    times = Counter(names[place] for place in places)
    if doubled := [name for name, count in times.items() if count > 1]:
        raise ReadError(
            f"{path.name}: several columns have the same name: {listing(doubled)}. Rename them so "
            "that each name is used once."
        )
    return places


def named(header: Iterable[object]) -> list[str]:
    """Name the columns as the first line does; those without a name by their place."""
    return [str(name) or f"Unnamed: {place}" for place, name in enumerate(header)]


def marked(path: Path) -> str:
    """Name the encoding that a mark at the start of the file tells, or else the usual one."""
    with gzip.open(path) if path.suffix.lower() == PACKED else path.open("rb") as file:
        wide = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return "utf-16" if wide else DEFAULT_ENCODING


def _codec(encoding: str) -> str:
    # Spreadsheet programs put a mark before UTF-8 text, which is no part of the first name.
    return "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding


def opened(path: Path, encoding: str) -> IO[str]:
    """Open a text file, packed or not, with its lines as they end in it."""
    if path.suffix.lower() == PACKED:
        return gzip.open(path, "rt", encoding=_codec(encoding), newline="")
    return path.open(encoding=_codec(encoding), newline="")


def text_layout(path: Path, options: ReadOptions) -> Layout:
    """Find the delimiter, the names of the columns and where the people start, or refuse."""
    encoding = options.encoding or marked(path)
    skipped = options.skipped
    with opened(path, encoding) as file:
        told = TOLD.fullmatch(file.readline())
    if told:
        skipped = skipped | {1}
    header = next(row for row in range(1, len(skipped) + 2) if row not in skipped)
    known = told[1] if told else DELIMITERS
    samples = {one: _sample(path, encoding, one, header + SAMPLE) for one in known}
    rows = {one: sample[header - 1 :] for one, sample in samples.items()}
    widths = {one: len(part[0]) if part else 0 for one, part in rows.items()}
    # Formats with tabs may hold commas anywhere.
    delimiter = max(known, key=lambda one: widths[one])
    if not suffix_of(path).startswith(".csv") and widths.get("\t", 0) > 1:
        delimiter = "\t"
    _refuse_above(path, rows, delimiter, skipped)
    names = named(rows[delimiter][0])
    people = [
        row
        for number, row in enumerate(rows[delimiter][1:], start=header + 1)
        if number not in skipped
    ]
    below, shown = rows_below(people, options.blanks, rows[delimiter][0])
    if below:
        refuse_below(path, below, names[shown], header, skipped)
    return Layout(encoding, delimiter, names, header, skipped)


def _sample(path: Path, encoding: str, delimiter: str, rows: int) -> list[list[str]]:
    with opened(path, encoding) as file:
        return list(islice(csv.reader(file, delimiter=delimiter), rows))


def _refuse_above(
    path: Path, rows: Mapping[str, list[list[str]]], delimiter: str, skipped: set[int]
) -> None:
    """Refuse a file in which the names of the columns stand below other rows."""
    first = rows[delimiter][:1]
    steady = first and Counter(map(len, rows[delimiter])).most_common(1)[0][0] == len(first[0])
    for one, sample in rows.items():
        # In a file that fits one delimiter another may stand in some texts.
        if (one == delimiter or not steady or len(first[0]) == 1) and (above := rows_above(sample)):
            refuse_above(path, above, skipped, "line")
    if not first or not any(map(str.strip, first[0])):
        raise unnamed(path, skipped, "line")
    if is_a_person(rows[delimiter]):
        raise no_names(path, skipped, "line")


def unnamed(path: Path, skipped: set[int], what: str) -> ReadError:
    """Build the error for a file whose columns have no names."""
    if skipped:
        return ReadError(
            f"{path.name}: the first {what} that skip_rows= leaves is empty, or there is none. It "
            "should name the columns: leave out fewer rows."
        )
    return ReadError(f"{path.name}: the first {what} is empty. It should name the columns.")


def no_names(path: Path, skipped: set[int], what: str) -> ReadError:
    """Build the error for a file whose first row is a person's; messages would show it as names."""
    leaves = " that skip_rows= leaves" if skipped else ""
    way_out = ", or leave out fewer rows" if skipped else ""
    return ReadError(
        f"{path.name}: the first {what}{leaves} holds the answers of a person, it seems, and not "
        f"the names of the columns. Write these above it{way_out}."
    )


def refuse_above(path: Path, above: int, skipped: set[int], what: str) -> None:
    """Refuse a file with titles or empty rows above the names of the columns."""
    last = max(skipped, default=0) + above
    raise ReadError(
        f"{path.name}: {what} {last + 1} seems to name the columns, and what stands above it does "
        f"not. If so, leave that out by {skip_text(skipped | set(range(1, last + 1)))}. Otherwise "
        f"name all columns in the first {what}."
    )


def refuse_below(path: Path, number: int, column: str, header: int, skipped: set[int]) -> None:
    """Refuse a file with further rows that name the columns, as survey programs write them."""
    after = (row for row in range(header + 1, header + len(skipped) + 9) if row not in skipped)
    rows = list(islice(after, number))
    which = " and ".join(map(str, rows))
    say = f"row {which} holds" if number == 1 else f"rows {which} hold"
    raise ReadError(
        f"{path.name}: {say} text and no number where column {column!r} has numbers below, as "
        "further rows of a header do that survey programs write. If so: "
        f"{skip_text(skipped | set(rows))}. If these are people, name what is not a number among "
        "their answers by blanks=[…]."
    )


def _fields(path: Path, line: str, rest: Iterator[str], delimiter: str) -> list[str]:
    """Part a row; quoted fields may go on over the next lines."""
    lines: list[str] = []

    def taken() -> Iterator[str]:
        for one in chain([line], rest):
            lines.append(one)
            yield one

    fields = next(csv.reader(taken(), delimiter=delimiter))
    if sum(one.count('"') for one in lines) % 2:
        try:
            next(csv.reader(lines, delimiter=delimiter, strict=True))
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise ReadError(
                    f"{path.name}: a quotation mark opens a field and is never closed, so that all "
                    "rows below would be one answer. Close it, or write it twice if it belongs to "
                    "the text."
                ) from None
    return fields


def _quotes(lines: Iterable[str]) -> bool:
    return '"' in "".join(lines)


def blank_in_line(delimiter: str) -> str:
    """Name the characters of which a line may consist that is no row."""
    return " \t".replace(delimiter, "") + "\r\n"


def check_fields(path: Path, layout: Layout) -> int:
    """Refuse a file where rows have more or fewer fields than there are columns.

    pandas drops what is beyond the columns if some of them are chosen, and makes blanks of what
    is lacking. Gives the number of people.
    """
    delimiter, width = layout.delimiter, len(layout.names)
    blank = blank_in_line(delimiter)
    rows: Counter[int] = Counter()
    number, found, last = 0, width, ""
    with opened(path, layout.encoding) as file:
        while block := list(islice(file, BLOCK)):
            marks = list(map(str.count, block, repeat(delimiter)))
            # Most blocks hold no quotes and no empty lines: then their marks tell all.
            if min(marks) and number >= max(layout.skipped, default=0) and not _quotes(block):
                rows.update({n + 1: lines for n, lines in Counter(marks).items()})
                number, found, last = number + len(block), marks[-1] + 1, block[-1]
                continue
            lines = iter(block)
            for line in lines:
                number += 1
                # Only quotes make parting a line slow.
                if '"' in line:
                    found = len(_fields(path, line, chain(lines, file), delimiter))
                elif line.strip(blank):
                    found = line.count(delimiter) + 1
                else:  # an empty line is no row
                    continue
                if number not in layout.skipped:
                    rows[found] += 1
                last = line
    if found < width and not last.endswith(("\n", "\r")):
        raise ReadError(
            f"{path.name}: the last line has {found} of {width} fields and no end. The file "
            "is cut off: get it again from where it came."
        )
    if more := sum(count for fields, count in rows.items() if fields > width):
        raise ReadError(
            f"{path.name}: {more:,} row(s) have more fields than the {width} columns that the "
            f"first line names. Put fields that hold the delimiter {delimiter!r} into quotes, or "
            "name all columns in the first line."
        )
    if fewer := sum(count for fields, count in rows.items() if fields < width):
        raise ReadError(
            f"{path.name}: {fewer:,} row(s) have fewer fields than the {width} columns that the "
            "first line names, and nobody can tell which are lacking. Write a delimiter for every "
            "field, blank ones too, or save the wave in another format."
        )
    return rows.total() - 1
