"""Charts of estimates, as plain Altair charts, and files that open without a network."""

from opinionpanel.charts.chart_pages import EMBED as EMBED, script_bundle as script_bundle
from opinionpanel.charts.dots_chart import dots as dots
from opinionpanel.charts.heatmap_chart import heatmap as heatmap
from opinionpanel.charts.kinds import plot as plot
from opinionpanel.charts.languages import Language as Language
from opinionpanel.charts.notebooks import offline as offline
from opinionpanel.charts.paths_chart import paths as paths
from opinionpanel.charts.sankey_chart import draw_sankey as draw_sankey, sankey as sankey
from opinionpanel.charts.saving import save as save
from opinionpanel.charts.stacked_chart import stacked as stacked
from opinionpanel.charts.trend_chart import trend as trend
