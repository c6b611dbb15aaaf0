"""Charts of estimates, as plain Altair charts, and files that open without a network."""

from opinionpanel.charts.sankey import sankey
from opinionpanel.charts.save import save

__all__ = ["sankey", "save"]
