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
from opinionpanel.waves.columnar_files import (
    arrow_file as arrow_file,
    refuse_several as refuse_several,
)
from opinionpanel.waves.header_probe import fault as fault, survey as survey
from opinionpanel.waves.labelled_files import (
    LOSSY as LOSSY,
    READERS as READERS,
    Request as Request,
    column_names as column_names,
    read_file as read_file,
)
from opinionpanel.waves.options import (
    PACKED as PACKED,
    TEXT as TEXT,
    ReadOptions as ReadOptions,
    SheetName as SheetName,
    SkipRows as SkipRows,
    stem_of as stem_of,
    suffix_of as suffix_of,
)
from opinionpanel.waves.plain_files import PLAIN as PLAIN
from opinionpanel.waves.rare_answers import LEAST_PEOPLE as LEAST_PEOPLE, own_words as own_words
from opinionpanel.waves.reading import FilePath as FilePath, read_wave as read_wave
from opinionpanel.waves.response_sets import ResponseSet as ResponseSet
from opinionpanel.waves.spelling import (
    BLANK_WORDS as BLANK_WORDS,
    ByCharacter as ByCharacter,
    Written as Written,
    form as form,
    written as written,
)
from opinionpanel.waves.steady_file import (
    check_file as check_file,
    check_steady as check_steady,
    is_file as is_file,
    look as look,
    resolved as resolved,
    steady as steady,
)
from opinionpanel.waves.text_batches import Roles as Roles, text_rows as text_rows
from opinionpanel.waves.text_files import (
    single_column as single_column,
    written_notes as written_notes,
)
from opinionpanel.waves.text_kinds import NotInBatchesError as NotInBatchesError
from opinionpanel.waves.wave import (
    FILES_EXTRA as FILES_EXTRA,
    Rows as Rows,
    Wave as Wave,
    WaveLike as WaveLike,
    arrow_frame as arrow_frame,
    as_wave as as_wave,
    several_named as several_named,
)
