"""Charts of estimates, as plain Altair charts, and files that open without a network."""

from opinionpanel.charts.sankey_chart import sankey
from opinionpanel.charts.saving import EMBED, save, script_bundle

__all__ = ["EMBED", "sankey", "save", "script_bundle"]
