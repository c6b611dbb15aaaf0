"""Charts of estimates, as plain Altair charts: their kinds, titles and captions."""

from opinionpanel.charts.dot_chart import dots as dots
from opinionpanel.charts.heatmap_chart import heatmap as heatmap
from opinionpanel.charts.path_chart import paths as paths
from opinionpanel.charts.sankey_chart import draw_sankey as draw_sankey, sankey as sankey
from opinionpanel.charts.stacked_chart import stacked as stacked
from opinionpanel.charts.suitable_kind import compares as compares, plot as plot
from opinionpanel.charts.trend_chart import trend as trend
from opinionpanel.drawing import Language as Language, offline as offline, save as save
