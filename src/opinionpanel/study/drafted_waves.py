"""How ``init`` names the waves of a study, and the files that hold them."""

import re
from collections.abc import Mapping, Sequence

from opinionpanel.escaping import toml_text
from opinionpanel.study.drafted_places import decide
from opinionpanel.study.guessed_file import OneFile
from opinionpanel.waves import ReadOptions, SkipRows, Wave

FIELDWORK = "# fieldwork = [2024-07-08, 2024-07-17]  # the first and the last day"
DECIDE = decide("waves: their order, their names and the days of fieldwork")
NAMED = (
    "# The names of waves stand in tables and charts. A wave that gets another name here must get",
    "# it wherever this file names it.",
)
# What looks like one wave may be a file of all waves that is called otherwise.
SINGLE = (
    "# NOTE: this file was taken for a single wave: no column of waves and no questions by wave",
    "# were found in it. If it holds all waves, write at the top, in place of the block [[waves]],",
    '# file = "…"; with a row per interview also wave = "…", the column of waves; with a row per',
    "# person give items, weights and groups their columns by wave: column = {w1 = …, w2 = …}.",
)


def file_lines(
    one: OneFile | None, file: str, encoding: str | None, skip_rows: SkipRows
) -> list[str]:
    """Name the file of all waves, where there is one."""
    if one is None:
        return []
    lines = ["# One file for all waves, "]
    if one.wave:
        lines[0] += "with a row per person and wave, and a column that says which wave."
    else:
        lines[0] += "with a row per person: items name their columns by wave."
    lines.append(f"file = {toml_text(file)}")
    lines += [f"wave = {toml_text(one.wave)}"] if one.wave else []
    if encoding is None:
        lines.append('# encoding = "windows-1251"  # if the labels are unreadable otherwise')
    else:
        lines.append(f"encoding = {toml_text(encoding)}")
    return [*lines, *_skip_lines(skip_rows), ""]


def _skip_lines(rows: SkipRows) -> list[str]:
    return [f"skip_rows = {rows if isinstance(rows, int) else list(rows)}"] if rows else []


def wave_lines(
    waves: Mapping[str, Wave],
    files: Sequence[str],
    encoding: str | None,
    one: OneFile | None,
    options: Mapping[str, ReadOptions],
) -> list[str]:
    """Name the waves, each with its file unless one holds them all."""
    if one is not None:
        return _block_lines(one)
    lines = list(NAMED)
    if len(waves) == 1:
        lines += SINGLE
    if not _ascending(list(waves)):
        lines.append(
            "# NOTE: the numbers in the names do not ascend. Is this the order of fieldwork?"
        )
    lines.append(DECIDE)
    for (name, wave), file in zip(waves.items(), files, strict=True):
        lines += ["[[waves]]", f"name = {toml_text(name)}", f"file = {toml_text(file)}"]
        if encoding is not None:
            lines.append(f"encoding = {toml_text(encoding)}")
        lines += _skip_lines(options[name].skip_rows)
        read_as = f", read as {wave.encoding}" if wave.encoding else ""
        lines.append(f"# {len(wave.frame):,} rows{read_as}")
        if name == next(iter(waves)):
            lines.append(FIELDWORK)
            if encoding is None:
                lines.append(
                    '# encoding = "windows-1251"  # if the labels are unreadable otherwise'
                )
        lines.append("")
    return lines


def _block_lines(one: OneFile) -> list[str]:
    """Name the waves of one file; those of a long one as its column has them."""
    lines = list(NAMED)
    if one.wave:
        lines = ["# Waves are called as the column of waves has them, by value or by label."]
    if not one.ordered:
        lines.append(
            "# NOTE: text does not tell its order; this is that of the file. Put it right."
        )
    lines.append(DECIDE)
    for name, wave in one.waves.items():
        lines += ["[[waves]]", f"name = {toml_text(name)}"]
        lines += [f"# {len(wave.frame):,} rows"] if one.wave else []
        lines += [FIELDWORK] if name == next(iter(one.waves)) else []
        lines.append("")
    return lines


def _ascending(names: Sequence[str]) -> bool:
    """Tell whether names that differ only in their numbers ascend; shells sort w10 before w2."""
    if len({re.sub(r"\d+", "#", name) for name in names}) > 1:
        return True
    numbers = [[int(number) for number in re.findall(r"\d+", name)] for name in names]
    return numbers == sorted(numbers)
