# The names of charts, for type checkers; `__init__.py` loads them on first use.

from .chart_captions import notes as notes
from .dot_chart import dots as dots
from .heatmap_chart import heatmap as heatmap
from .path_chart import paths as paths
from .sankey_chart import draw_sankey as draw_sankey, sankey as sankey
from .shared import Language as Language, offline as offline, save as save
from .stacked_chart import stacked as stacked
from .suitable_kind import compares as compares, plot as plot
from .trend_chart import trend as trend
