"""One wave: its file, labels, declared missing codes and columns."""

from opinionpanel.waves.codes import (
    Codes as Codes,
    canonical as canonical,
    code_order as code_order,
    code_text as code_text,
    declared_missing as declared_missing,
    folded as folded,
    from_table as from_table,
    missing_ranges as missing_ranges,
    read_codes as read_codes,
)
from opinionpanel.waves.header_probe import fault as fault, survey as survey
from opinionpanel.waves.labelled_files import (
    LOSSY as LOSSY,
    READERS as READERS,
    Request as Request,
    column_names as column_names,
    read_file as read_file,
)
from opinionpanel.waves.plain_files import (
    COMMA as COMMA,
    DEFAULT_ENCODING as DEFAULT_ENCODING,
    PLAIN as PLAIN,
    POINT as POINT,
    WHOLE as WHOLE,
    chosen_places as chosen_places,
    marked as marked,
    single_column as single_column,
    text_header as text_header,
)
from opinionpanel.waves.reading import FilePath as FilePath, read_wave as read_wave
from opinionpanel.waves.wave import (
    Rows as Rows,
    Wave as Wave,
    WaveLike as WaveLike,
    as_wave as as_wave,
)
