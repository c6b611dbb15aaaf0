"""Charts of estimates, as plain Altair charts, and files that open without a network."""

from opinionpanel.charts.chart_pages import EMBED as EMBED, script_bundle as script_bundle
from opinionpanel.charts.sankey_chart import draw_sankey as draw_sankey, sankey as sankey
from opinionpanel.charts.saving import save as save
