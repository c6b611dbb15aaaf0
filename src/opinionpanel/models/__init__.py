"""Models of change: mover–stayer, latent Markov, missing at random, regression of change."""

from opinionpanel.models.heise import reliability
from opinionpanel.models.latent_chain import latent_markov
from opinionpanel.models.latent_result import LatentMarkov
from opinionpanel.models.missing_answers import ResponseModel, missing_at_random, response_model
from opinionpanel.models.movers_and_stayers import MoverStayer, mover_stayer
from opinionpanel.models.regression_of_change import ChangeModel, change_model

__all__ = [
    "ChangeModel",
    "LatentMarkov",
    "MoverStayer",
    "ResponseModel",
    "change_model",
    "latent_markov",
    "missing_at_random",
    "mover_stayer",
    "reliability",
    "response_model",
]
