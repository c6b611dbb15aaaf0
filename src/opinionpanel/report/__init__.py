"""Reports of a study as pages that open from disk, and the means for other pages like them."""

from opinionpanel.report.building import build
from opinionpanel.report.embed import notebook, table

__all__ = ["build", "notebook", "table"]
