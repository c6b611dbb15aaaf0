"""What is asked first: shares, flows, transitions, turnover, paths, drop-out, response error."""

from opinionpanel.measures.assumed_moves import read_assumptions as read_assumptions
from opinionpanel.measures.base_notes import Account as Account
from opinionpanel.measures.bases import (
    ADDED as ADDED,
    ALL as ALL,
    NOT_INTERVIEWED as NOT_INTERVIEWED,
    Base as Base,
    By as By,
    Own as Own,
    about_of as about_of,
    accounts_of as accounts_of,
    base_of as base_of,
    base_words as base_words,
    by_text as by_text,
    cross_of as cross_of,
    group_names as group_names,
    refuse_back as refuse_back,
    state_codes as state_codes,
)
from opinionpanel.measures.bounds import turnover_bounds as turnover_bounds
from opinionpanel.measures.change import (
    gains_and_losses as gains_and_losses,
    net_change as net_change,
    net_changes as net_changes,
    turnover as turnover,
    turnover_parts as turnover_parts,
)
from opinionpanel.measures.change_counts import (
    number_of_changes as number_of_changes,
    typology as typology,
)
from opinionpanel.measures.correlations import correlation as correlation
from opinionpanel.measures.dropout import (
    OUTCOME as OUTCOME,
    SIDES as SIDES,
    attrition as attrition,
    attrition_totals as attrition_totals,
    fresh_and_staying as fresh_and_staying,
    fresh_totals as fresh_totals,
)
from opinionpanel.measures.flow_sums import table_keys as table_keys
from opinionpanel.measures.indices import (
    agreement as agreement,
    mobility_indices as mobility_indices,
)
from opinionpanel.measures.means_of_scores import mean_change as mean_change, means as means
from opinionpanel.measures.moves_on_a_scale import (
    direction as direction,
    displacement as displacement,
)
from opinionpanel.measures.moving_together import (
    BOTH_AT_BOTH as BOTH_AT_BOTH,
    association_of_change as association_of_change,
    base_of_both as base_of_both,
    joint_change as joint_change,
    pairs_of_both as pairs_of_both,
)
from opinionpanel.measures.not_changed_yet import unchanged as unchanged
from opinionpanel.measures.pairs_of_waves import (
    Waves as Waves,
    not_due_text as not_due_text,
    pair_names as pair_names,
    wave_names as wave_names,
    waves_of as waves_of,
)
from opinionpanel.measures.paths_taken import Paths as Paths, observed_paths as observed_paths
from opinionpanel.measures.planning import (
    minimum_detectable_change as minimum_detectable_change,
    people_needed as people_needed,
)
from opinionpanel.measures.possible_moves import transition_bounds as transition_bounds
from opinionpanel.measures.quantiles_of_scores import quantiles as quantiles
from opinionpanel.measures.response_error import (
    break_even as break_even,
    error_sensitivity as error_sensitivity,
)
from opinionpanel.measures.scale_reliability import cronbach_alpha as cronbach_alpha
from opinionpanel.measures.shares_and_flows import (
    flow_totals as flow_totals,
    flows as flows,
    inflows as inflows,
    shares as shares,
    transitions as transitions,
)
from opinionpanel.measures.tabulation import (
    WAVE as WAVE,
    WAVES as WAVES,
    OneTable as OneTable,
    moved as moved,
    pair_totals as pair_totals,
    tabulate as tabulate,
    wave_totals as wave_totals,
)
from opinionpanel.measures.trajectories import (
    ARROW as ARROW,
    OTHER as OTHER,
    first_change as first_change,
    paths as paths,
    returns as returns,
    stable_core as stable_core,
)
from opinionpanel.measures.two_items import (
    CROSSED as CROSSED,
    about_of_two as about_of_two,
    check_two as check_two,
    cross as cross,
)
from opinionpanel.measures.until_change import (
    CutOff as CutOff,
    Interval as Interval,
    intervals_until_change as intervals_until_change,
    refuse_nobody as refuse_nobody,
)
