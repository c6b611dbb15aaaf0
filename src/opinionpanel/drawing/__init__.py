"""What charts are made of: marks, letters, colours, languages; and the files they are saved as."""

from opinionpanel.drawing.boxes import (
    Box as Box,
    text_box as text_box,
)
from opinionpanel.drawing.chart_pages import (
    EMBED as EMBED,
    described as described,
    least_width as least_width,
    on_its_paper as on_its_paper,
    script_bundle as script_bundle,
)
from opinionpanel.drawing.font_faces import (
    whole_font as whole_font,
)
from opinionpanel.drawing.hatching import (
    hatch_path as hatch_path,
    hatched as hatched,
)
from opinionpanel.drawing.languages import (
    NO_BREAK as NO_BREAK,
    NONE as NONE,
    Language as Language,
    is_narrow as is_narrow,
    language_of as language_of,
)
from opinionpanel.drawing.lettering import (
    WHOLE as WHOLE,
    text_width as text_width,
    wrap as wrap,
)
from opinionpanel.drawing.marks import (
    LINE_HEIGHT as LINE_HEIGHT,
    Band as Band,
    Dot as Dot,
    Mark as Mark,
    Outline as Outline,
    Rect as Rect,
    Ribbon as Ribbon,
    Rule as Rule,
    Text as Text,
    Words as Words,
    layered as layered,
)
from opinionpanel.drawing.notebooks import (
    offline as offline,
)
from opinionpanel.drawing.palettes import (
    MOST_STATES as MOST_STATES,
    SILENT as SILENT,
    Colors as Colors,
    Palette as Palette,
    palette as palette,
)
from opinionpanel.drawing.placed_labels import (
    apart as apart,
    staggered as staggered,
)
from opinionpanel.drawing.saving import (
    save as save,
)
from opinionpanel.drawing.shades import (
    diverging as diverging,
    moves as moves,
)
from opinionpanel.drawing.sheet import (
    SAMPLE as SAMPLE,
    Drawing as Drawing,
    KeyEntry as KeyEntry,
    Sheet as Sheet,
)
from opinionpanel.drawing.sizes import (
    LEAST_TYPE as LEAST_TYPE,
    MARGIN as MARGIN,
    Size as Size,
    SizeName as SizeName,
    size_of as size_of,
)
from opinionpanel.drawing.themes import (
    Theme as Theme,
    theme_of as theme_of,
)
from opinionpanel.drawing.vega_marks import (
    AROUND as AROUND,
)
