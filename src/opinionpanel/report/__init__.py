"""Reports of a study as pages that open from disk, and the means for other pages like them."""

from opinionpanel.report.building import build as build, eject as eject
from opinionpanel.report.embed import notebook as notebook, table as table
