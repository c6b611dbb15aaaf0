"""Public-opinion panel surveys: transitions, shares and change, with honest uncertainty."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from opinionpanel.errors import OpinionPanelError

if TYPE_CHECKING:
    from opinionpanel import charts, datasets
    from opinionpanel.association import independence
    from opinionpanel.attritionweights import attrition_weights, weight_effects
    from opinionpanel.bounds import turnover_bounds, turnover_interval
    from opinionpanel.chains import homogeneity, markov_order, stationarity
    from opinionpanel.change import gains_and_losses, net_change, turnover
    from opinionpanel.design.replicate_design import ReplicateDesign
    from opinionpanel.design.sample_design import Design
    from opinionpanel.dropout import attrition, attrition_test, fresh_and_staying, refreshment_test
    from opinionpanel.estimates.estimates import Estimates
    from opinionpanel.estimates.wald import TestResult
    from opinionpanel.indices import agreement, mobility_indices
    from opinionpanel.measures import flow_totals, flows, inflows, shares, transitions
    from opinionpanel.missing import missing_at_random, response_model
    from opinionpanel.models.change_model import change_model
    from opinionpanel.models.heise import reliability
    from opinionpanel.models.latent_markov import latent_markov
    from opinionpanel.models.mover_stayer import mover_stayer
    from opinionpanel.panel.from_files import read_panel, read_wave
    from opinionpanel.panel.panel import Panel
    from opinionpanel.planning import minimum_detectable_change, people_needed
    from opinionpanel.questions.groups import Grouping
    from opinionpanel.questions.item import Item, coalesce
    from opinionpanel.scale import displacement, moves
    from opinionpanel.sensitivity import break_even, corrected_flows, error_rates, error_sensitivity
    from opinionpanel.significance import (
        equal_flows,
        marginal_homogeneity,
        quasi_symmetry,
        symmetry,
    )
    from opinionpanel.study import Study
    from opinionpanel.studyfile.declaration import read_study
    from opinionpanel.trajectories import first_change, paths, returns, stable_core
    from opinionpanel.wavering import mean_changes, number_of_changes, typology
    from opinionpanel.waves.wave import Wave
    from opinionpanel.weighting import calibrate, poststratify, rake, trim_weights
    from opinionpanel.weightsummary import weights_summary

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
    "agreement",
    "attrition",
    "attrition_test",
    "attrition_weights",
    "break_even",
    "calibrate",
    "change_model",
    "charts",
    "coalesce",
    "corrected_flows",
    "datasets",
    "displacement",
    "equal_flows",
    "error_rates",
    "error_sensitivity",
    "first_change",
    "flow_totals",
    "flows",
    "fresh_and_staying",
    "gains_and_losses",
    "homogeneity",
    "independence",
    "inflows",
    "latent_markov",
    "marginal_homogeneity",
    "markov_order",
    "mean_changes",
    "minimum_detectable_change",
    "missing_at_random",
    "mobility_indices",
    "mover_stayer",
    "moves",
    "net_change",
    "number_of_changes",
    "paths",
    "people_needed",
    "poststratify",
    "quasi_symmetry",
    "rake",
    "read_panel",
    "read_study",
    "read_wave",
    "refreshment_test",
    "reliability",
    "response_model",
    "returns",
    "shares",
    "stable_core",
    "stationarity",
    "symmetry",
    "transitions",
    "trim_weights",
    "turnover",
    "turnover_bounds",
    "turnover_interval",
    "typology",
    "weight_effects",
    "weights_summary",
]

# Where to find each name. It is loaded on first use: a script needs few of them, and the package
# must not take longer to import than what it stands on.
LATER = {
    "independence": "association",
    "attrition_weights": "attritionweights",
    "weight_effects": "attritionweights",
    "turnover_bounds": "bounds",
    "turnover_interval": "bounds",
    "homogeneity": "chains",
    "markov_order": "chains",
    "stationarity": "chains",
    "gains_and_losses": "change",
    "net_change": "change",
    "turnover": "change",
    "Design": "design.sample_design",
    "attrition": "dropout",
    "attrition_test": "dropout",
    "fresh_and_staying": "dropout",
    "refreshment_test": "dropout",
    "Estimates": "estimates.estimates",
    "Grouping": "questions.groups",
    "agreement": "indices",
    "mobility_indices": "indices",
    "Item": "questions.item",
    "coalesce": "questions.item",
    "flow_totals": "measures",
    "flows": "measures",
    "inflows": "measures",
    "shares": "measures",
    "transitions": "measures",
    "missing_at_random": "missing",
    "response_model": "missing",
    "change_model": "models.change_model",
    "reliability": "models.heise",
    "latent_markov": "models.latent_markov",
    "mover_stayer": "models.mover_stayer",
    "Panel": "panel.panel",
    "minimum_detectable_change": "planning",
    "people_needed": "planning",
    "read_panel": "panel.from_files",
    "read_wave": "panel.from_files",
    "ReplicateDesign": "design.replicate_design",
    "displacement": "scale",
    "moves": "scale",
    "break_even": "sensitivity",
    "corrected_flows": "sensitivity",
    "error_rates": "sensitivity",
    "error_sensitivity": "sensitivity",
    "equal_flows": "significance",
    "marginal_homogeneity": "significance",
    "quasi_symmetry": "significance",
    "symmetry": "significance",
    "Study": "study",
    "read_study": "studyfile.declaration",
    "first_change": "trajectories",
    "paths": "trajectories",
    "returns": "trajectories",
    "stable_core": "trajectories",
    "TestResult": "estimates.wald",
    "mean_changes": "wavering",
    "number_of_changes": "wavering",
    "typology": "wavering",
    "Wave": "waves.wave",
    "calibrate": "weighting",
    "poststratify": "weighting",
    "rake": "weighting",
    "trim_weights": "weighting",
    "weights_summary": "weightsummary",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use, and keep it."""
    if name in ("charts", "datasets"):
        return import_module(f"opinionpanel.{name}")
    if name in LATER:
        value = getattr(import_module(f"opinionpanel.{LATER[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'opinionpanel' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, also those that are not loaded yet."""
    return sorted({*globals(), *__all__})
