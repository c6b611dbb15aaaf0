"""Models of change: mover–stayer, latent Markov, missing at random, regression of change."""

from opinionpanel.models.answers_over_waves import (
    AnswerModel as AnswerModel,
    answer_model as answer_model,
)
from opinionpanel.models.any_function import replicate as replicate
from opinionpanel.models.cohorts_together import cohort_names as cohort_names
from opinionpanel.models.combining import (
    combine as combine,
    source_effects as source_effects,
    sources_agree as sources_agree,
)
from opinionpanel.models.group_numbers import known_counts as known_counts
from opinionpanel.models.hazards import HazardModel as HazardModel, hazard as hazard
from opinionpanel.models.heise import reliability as reliability
from opinionpanel.models.imputation import check_times as check_times, impute as impute
from opinionpanel.models.imputed_panels import Imputed as Imputed
from opinionpanel.models.lagged_answers import (
    CrossLagged as CrossLagged,
    cross_lagged as cross_lagged,
)
from opinionpanel.models.latent_chain import latent_markov as latent_markov
from opinionpanel.models.latent_result import LatentMarkov as LatentMarkov
from opinionpanel.models.missing_answers import (
    ResponseModel as ResponseModel,
    missing_at_random as missing_at_random,
    response_model as response_model,
)
from opinionpanel.models.movers_and_stayers import (
    MoverStayer as MoverStayer,
    mover_stayer as mover_stayer,
)
from opinionpanel.models.regression_of_change import (
    ChangeModel as ChangeModel,
    change_model as change_model,
)
from opinionpanel.models.smoothing import smooth as smooth
