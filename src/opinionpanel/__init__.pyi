# The public names: type checkers read them here, `__init__.py` loads them on first use.

from . import (
    charts as charts,
    datasets as datasets,
    errors as errors,
    report as report,
    strategies as strategies,
)
from .design import Design as Design, ReplicateDesign as ReplicateDesign
from .errors import OpinionPanelError as OpinionPanelError
from .estimates import (
    Estimates as Estimates,
    TestResult as TestResult,
    side_by_side as side_by_side,
)
from .hypotheses import (
    attrition_test as attrition_test,
    equal_flows as equal_flows,
    homogeneity as homogeneity,
    independence as independence,
    joint_change_test as joint_change_test,
    marginal_homogeneity as marginal_homogeneity,
    markov_order as markov_order,
    quasi_symmetry as quasi_symmetry,
    refreshment_test as refreshment_test,
    stationarity as stationarity,
    symmetry as symmetry,
)
from .measures import (
    agreement as agreement,
    association_of_change as association_of_change,
    attrition as attrition,
    break_even as break_even,
    correlation as correlation,
    cronbach_alpha as cronbach_alpha,
    cross as cross,
    direction as direction,
    displacement as displacement,
    error_sensitivity as error_sensitivity,
    first_change as first_change,
    flow_totals as flow_totals,
    flows as flows,
    fresh_and_staying as fresh_and_staying,
    gains_and_losses as gains_and_losses,
    inflows as inflows,
    joint_change as joint_change,
    mean_change as mean_change,
    means as means,
    minimum_detectable_change as minimum_detectable_change,
    mobility_indices as mobility_indices,
    net_change as net_change,
    number_of_changes as number_of_changes,
    paths as paths,
    people_needed as people_needed,
    quantiles as quantiles,
    returns as returns,
    shares as shares,
    stable_core as stable_core,
    transition_bounds as transition_bounds,
    transitions as transitions,
    turnover as turnover,
    turnover_bounds as turnover_bounds,
    typology as typology,
    unchanged as unchanged,
)
from .models import (
    answer_model as answer_model,
    change_model as change_model,
    combine as combine,
    cross_lagged as cross_lagged,
    hazard as hazard,
    impute as impute,
    latent_markov as latent_markov,
    missing_at_random as missing_at_random,
    mover_stayer as mover_stayer,
    reliability as reliability,
    replicate as replicate,
    response_model as response_model,
    smooth as smooth,
    source_effects as source_effects,
    sources_agree as sources_agree,
)
from .panel import Cohorts as Cohorts, Panel as Panel, read_panel as read_panel
from .questions import (
    Grouping as Grouping,
    Item as Item,
    Score as Score,
    Status as Status,
    coalesce as coalesce,
    multiple as multiple,
    scale as scale,
)
from .study import Study as Study, read_study as read_study
from .waves import Wave as Wave, read_wave as read_wave
from .weighting import (
    anchor as anchor,
    attrition_weights as attrition_weights,
    calibrate as calibrate,
    poststratify as poststratify,
    rake as rake,
    trim_weights as trim_weights,
    weight_effects as weight_effects,
    weights_summary as weights_summary,
)

__version__: str
