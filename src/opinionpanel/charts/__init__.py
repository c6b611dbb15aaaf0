"""Charts of estimates, as plain Altair charts, and files that open without a network."""

from opinionpanel.charts.sankey_chart import sankey
from opinionpanel.charts.saving import save

__all__ = ["sankey", "save"]
