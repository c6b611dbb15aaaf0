# What charts are made of, for type checkers; `__init__.py` loads it on first use.

from .boxes import (
    Box as Box,
    text_box as text_box,
)
from .chart_pages import (
    EMBED as EMBED,
    described as described,
    least_width as least_width,
    on_its_paper as on_its_paper,
    script_bundle as script_bundle,
)
from .font_faces import (
    whole_font as whole_font,
)
from .hatching import (
    hatch_path as hatch_path,
    hatched as hatched,
)
from .languages import (
    NO_BREAK as NO_BREAK,
    NONE as NONE,
    Language as Language,
    is_narrow as is_narrow,
    language_of as language_of,
)
from .lettering import (
    WHOLE as WHOLE,
    text_width as text_width,
    wrap as wrap,
)
from .marks import (
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
from .notebooks import (
    offline as offline,
)
from .palettes import (
    MOST_STATES as MOST_STATES,
    SILENT as SILENT,
    Colors as Colors,
    Palette as Palette,
    palette as palette,
)
from .placed_labels import (
    apart as apart,
    staggered as staggered,
)
from .saving import (
    pictures_of as pictures_of,
    save as save,
)
from .shades import (
    diverging as diverging,
    moves as moves,
)
from .sheet import (
    SAMPLE as SAMPLE,
    Drawing as Drawing,
    KeyEntry as KeyEntry,
    Sheet as Sheet,
)
from .sizes import (
    LEAST_TYPE as LEAST_TYPE,
    MARGIN as MARGIN,
    Size as Size,
    SizeName as SizeName,
    size_of as size_of,
)
from .slides import (
    MOMENT as MOMENT,
    undated as undated,
    zipped as zipped,
)
from .themes import (
    Theme as Theme,
    theme_of as theme_of,
)
from .vega_marks import (
    AROUND as AROUND,
)
