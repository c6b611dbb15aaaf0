"""Files without labels: which format is read how, and which options it knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from opinionpanel.waves.columnar_files import (
    feather_names,
    feather_wave,
    parquet_names,
    parquet_wave,
)
from opinionpanel.waves.options import TEXT, ReadOptions
from opinionpanel.waves.spreadsheets import sheet_names, sheet_wave
from opinionpanel.waves.text_files import text_names, text_wave
from opinionpanel.waves.wave import Columns, Wave


@dataclass(frozen=True)
class Plain:
    """How a format is read: the names of its columns, and some or all of them."""

    names: Callable[[Path, ReadOptions], list[str]]
    read: Callable[[Path, Columns, ReadOptions], Wave]
    options: tuple[str, ...] = ()


_text = Plain(text_names, text_wave, ("blanks", "skip_rows", "text"))
PLAIN: Mapping[str, Plain] = {
    **dict.fromkeys(TEXT, _text),
    ".parquet": Plain(parquet_names, parquet_wave),
    ".feather": Plain(feather_names, feather_wave),
    ".xlsx": Plain(sheet_names, sheet_wave, ("blanks", "skip_rows", "sheet")),
}
