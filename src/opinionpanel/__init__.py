"""Public-opinion panel surveys: transitions, shares and change, with honest uncertainty."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from opinionpanel.errors import OpinionPanelError

if TYPE_CHECKING:
    from opinionpanel import charts, datasets
    from opinionpanel.design.replicate_design import ReplicateDesign
    from opinionpanel.design.sample_design import Design
    from opinionpanel.estimates.estimates import Estimates
    from opinionpanel.estimates.wald import TestResult
    from opinionpanel.hypotheses.association import independence
    from opinionpanel.hypotheses.several_waves import homogeneity, markov_order, stationarity
    from opinionpanel.hypotheses.two_waves import (
        equal_flows,
        marginal_homogeneity,
        quasi_symmetry,
        symmetry,
    )
    from opinionpanel.measures.bounds import turnover_bounds, turnover_interval
    from opinionpanel.measures.change import gains_and_losses, net_change, turnover
    from opinionpanel.measures.change_counts import mean_changes, number_of_changes, typology
    from opinionpanel.measures.dropout import (
        attrition,
        attrition_test,
        fresh_and_staying,
        refreshment_test,
    )
    from opinionpanel.measures.indices import agreement, mobility_indices
    from opinionpanel.measures.moves_on_a_scale import displacement, moves
    from opinionpanel.measures.planning import minimum_detectable_change, people_needed
    from opinionpanel.measures.response_error import (
        break_even,
        corrected_flows,
        error_rates,
        error_sensitivity,
    )
    from opinionpanel.measures.shares_and_flows import (
        flow_totals,
        flows,
        inflows,
        shares,
        transitions,
    )
    from opinionpanel.measures.trajectories import first_change, paths, returns, stable_core
    from opinionpanel.models.heise import reliability
    from opinionpanel.models.latent_chain import latent_markov
    from opinionpanel.models.missing_answers import missing_at_random, response_model
    from opinionpanel.models.movers_and_stayers import mover_stayer
    from opinionpanel.models.regression_of_change import change_model
    from opinionpanel.panel.from_files import read_panel, read_wave
    from opinionpanel.panel.panel import Panel
    from opinionpanel.questions.groups import Grouping
    from opinionpanel.questions.item import Item, coalesce
    from opinionpanel.study.declaration import read_study
    from opinionpanel.study.study import Study
    from opinionpanel.waves.wave import Wave
    from opinionpanel.weighting.against_dropout import attrition_weights, weight_effects
    from opinionpanel.weighting.calibration import calibrate, poststratify, rake, trim_weights
    from opinionpanel.weighting.weight_summary import weights_summary

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
    "independence": "hypotheses.association",
    "attrition_weights": "weighting.against_dropout",
    "weight_effects": "weighting.against_dropout",
    "turnover_bounds": "measures.bounds",
    "turnover_interval": "measures.bounds",
    "homogeneity": "hypotheses.several_waves",
    "markov_order": "hypotheses.several_waves",
    "stationarity": "hypotheses.several_waves",
    "gains_and_losses": "measures.change",
    "net_change": "measures.change",
    "turnover": "measures.change",
    "Design": "design.sample_design",
    "attrition": "measures.dropout",
    "attrition_test": "measures.dropout",
    "fresh_and_staying": "measures.dropout",
    "refreshment_test": "measures.dropout",
    "Estimates": "estimates.estimates",
    "Grouping": "questions.groups",
    "agreement": "measures.indices",
    "mobility_indices": "measures.indices",
    "Item": "questions.item",
    "coalesce": "questions.item",
    "flow_totals": "measures.shares_and_flows",
    "flows": "measures.shares_and_flows",
    "inflows": "measures.shares_and_flows",
    "shares": "measures.shares_and_flows",
    "transitions": "measures.shares_and_flows",
    "missing_at_random": "models.missing_answers",
    "response_model": "models.missing_answers",
    "change_model": "models.regression_of_change",
    "reliability": "models.heise",
    "latent_markov": "models.latent_chain",
    "mover_stayer": "models.movers_and_stayers",
    "Panel": "panel.panel",
    "minimum_detectable_change": "measures.planning",
    "people_needed": "measures.planning",
    "read_panel": "panel.from_files",
    "read_wave": "panel.from_files",
    "ReplicateDesign": "design.replicate_design",
    "displacement": "measures.moves_on_a_scale",
    "moves": "measures.moves_on_a_scale",
    "break_even": "measures.response_error",
    "corrected_flows": "measures.response_error",
    "error_rates": "measures.response_error",
    "error_sensitivity": "measures.response_error",
    "equal_flows": "hypotheses.two_waves",
    "marginal_homogeneity": "hypotheses.two_waves",
    "quasi_symmetry": "hypotheses.two_waves",
    "symmetry": "hypotheses.two_waves",
    "Study": "study.study",
    "read_study": "study.declaration",
    "first_change": "measures.trajectories",
    "paths": "measures.trajectories",
    "returns": "measures.trajectories",
    "stable_core": "measures.trajectories",
    "TestResult": "estimates.wald",
    "mean_changes": "measures.change_counts",
    "number_of_changes": "measures.change_counts",
    "typology": "measures.change_counts",
    "Wave": "waves.wave",
    "calibrate": "weighting.calibration",
    "poststratify": "weighting.calibration",
    "rake": "weighting.calibration",
    "trim_weights": "weighting.calibration",
    "weights_summary": "weighting.weight_summary",
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
