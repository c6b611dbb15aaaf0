"""What is asked first: shares, flows, transitions, turnover, paths, drop-out, response error."""

from opinionpanel.measures.bases import (
    ALL,
    NOT_INTERVIEWED,
    Base,
    By,
    Own,
    about_of,
    base_of,
    base_words,
    by_text,
    cross_of,
    group_names,
    state_codes,
    wave_names,
)
from opinionpanel.measures.bounds import turnover_bounds, turnover_interval
from opinionpanel.measures.change import (
    gains_and_losses,
    net_change,
    net_changes,
    turnover,
    turnover_parts,
)
from opinionpanel.measures.change_counts import mean_changes, number_of_changes, typology
from opinionpanel.measures.dropout import (
    SIDES,
    attrition,
    attrition_totals,
    fresh_and_staying,
    fresh_totals,
)
from opinionpanel.measures.flow_sums import table_keys
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
from opinionpanel.measures.tabulation import (
    WAVE,
    WAVES,
    OneTable,
    Paths,
    moved,
    observed_paths,
    pair_totals,
    tabulate,
    wave_totals,
)
from opinionpanel.measures.trajectories import first_change, paths, returns, stable_core

__all__ = [
    "ALL",
    "NOT_INTERVIEWED",
    "SIDES",
    "WAVE",
    "WAVES",
    "Base",
    "By",
    "OneTable",
    "Own",
    "Paths",
    "about_of",
    "agreement",
    "attrition",
    "attrition_totals",
    "base_of",
    "base_words",
    "break_even",
    "by_text",
    "corrected_flows",
    "cross_of",
    "displacement",
    "error_rates",
    "error_sensitivity",
    "first_change",
    "flow_totals",
    "flows",
    "fresh_and_staying",
    "fresh_totals",
    "gains_and_losses",
    "group_names",
    "inflows",
    "mean_changes",
    "minimum_detectable_change",
    "mobility_indices",
    "moved",
    "moves",
    "net_change",
    "net_changes",
    "number_of_changes",
    "observed_paths",
    "pair_totals",
    "paths",
    "people_needed",
    "returns",
    "shares",
    "stable_core",
    "state_codes",
    "table_keys",
    "tabulate",
    "transitions",
    "turnover",
    "turnover_bounds",
    "turnover_interval",
    "turnover_parts",
    "typology",
    "wave_names",
    "wave_totals",
]
