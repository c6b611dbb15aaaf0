"""One wave: its file, labels, declared missing codes and columns."""

from opinionpanel.waves.codes import (
    Codes,
    canonical,
    code_order,
    code_text,
    declared_missing,
    folded,
    from_table,
    read_codes,
)
from opinionpanel.waves.header_probe import fault, survey
from opinionpanel.waves.labelled_files import (
    LOSSY,
    READERS,
    Request,
    check_format,
    column_names,
    read_file,
)
from opinionpanel.waves.plain_files import (
    COMMA,
    DEFAULT_ENCODING,
    PLAIN,
    POINT,
    WHOLE,
    chosen_places,
    marked,
    single_column,
    text_header,
)
from opinionpanel.waves.reading import FilePath, read_wave
from opinionpanel.waves.wave import Rows, Wave, WaveLike, as_wave

__all__ = [
    "COMMA",
    "DEFAULT_ENCODING",
    "LOSSY",
    "PLAIN",
    "POINT",
    "READERS",
    "WHOLE",
    "Codes",
    "FilePath",
    "Request",
    "Rows",
    "Wave",
    "WaveLike",
    "as_wave",
    "canonical",
    "check_format",
    "chosen_places",
    "code_order",
    "code_text",
    "column_names",
    "declared_missing",
    "fault",
    "folded",
    "from_table",
    "marked",
    "read_codes",
    "read_file",
    "read_wave",
    "single_column",
    "survey",
    "text_header",
]
