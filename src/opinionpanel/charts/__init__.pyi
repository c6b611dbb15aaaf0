# The names of charts, for type checkers; `__init__.py` loads them on first use.

from .called_names import called as called, column_called as column_called
from .chart_captions import base_line as base_line, notes as notes
from .chart_options import LanguageName as LanguageName, Options as Options
from .dot_chart import dots as dots
from .heatmap_chart import heatmap as heatmap
from .kinds_of_charts import Kind as Kind, lay_out as lay_out
from .path_chart import paths as paths
from .sankey_chart import sankey as sankey
from .score_figures import of_score as of_score, writing_of as writing_of
from .shared import Language as Language, offline as offline, save as save
from .stacked_chart import stacked as stacked
from .suitable_kind import compares as compares, plot as plot
from .trend_chart import trend as trend
