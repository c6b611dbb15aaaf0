"""Charts of estimates, as plain Altair charts, and files that open without a network."""

from opinionpanel.charts.sankey_chart import draw_sankey as draw_sankey, sankey as sankey
from opinionpanel.charts.saving import EMBED as EMBED, save as save, script_bundle as script_bundle
