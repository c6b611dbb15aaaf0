"""Public-opinion panel surveys: transitions, shares and change, with honest uncertainty."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from opinionpanel.association import independence
from opinionpanel.change import net_change, turnover
from opinionpanel.design import Design, ReplicateDesign
from opinionpanel.errors import OpinionPanelError
from opinionpanel.estimates import Estimates
from opinionpanel.groups import Grouping
from opinionpanel.items import Item, coalesce
from opinionpanel.measures import flows, shares, transitions
from opinionpanel.panel import Panel
from opinionpanel.read import read_panel, read_wave
from opinionpanel.significance import marginal_homogeneity
from opinionpanel.study import Study
from opinionpanel.wald import TestResult
from opinionpanel.waves import Wave
from opinionpanel.weighting import calibrate, poststratify, rake, trim_weights
from opinionpanel.weightsummary import weights_summary

if TYPE_CHECKING:
    from opinionpanel import charts, datasets
    from opinionpanel.studyfile.declaration import read_study

__version__ = "0.1.0"

__all__ = [
    "Design",
    "Estimates",
    "Grouping",
    "Item",
    "OpinionPanelError",
    "Panel",
    "ReplicateDesign",
    "Study",
    "TestResult",
    "Wave",
    "calibrate",
    "charts",
    "coalesce",
    "datasets",
    "flows",
    "independence",
    "marginal_homogeneity",
    "net_change",
    "poststratify",
    "rake",
    "read_panel",
    "read_study",
    "read_wave",
    "shares",
    "transitions",
    "trim_weights",
    "turnover",
    "weights_summary",
]


def __getattr__(name: str) -> Any:
    """Load on first use what brings Altair or a validation library with it."""
    if name in ("charts", "datasets"):
        return import_module(f"opinionpanel.{name}")
    if name == "read_study":
        return import_module("opinionpanel.studyfile.declaration").read_study
    raise AttributeError(f"module 'opinionpanel' has no attribute {name!r}")
