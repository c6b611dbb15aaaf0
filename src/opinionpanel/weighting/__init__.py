"""Weights that fit the population, or make up for drop-out; and what weights look like."""

from opinionpanel.weighting.against_dropout import (
    attrition_weights as attrition_weights,
    weight_effects as weight_effects,
)
from opinionpanel.weighting.anchoring import anchor as anchor, known_at as known_at
from opinionpanel.weighting.calibration import (
    calibrate as calibrate,
    poststratify as poststratify,
    rake as rake,
    trim_weights as trim_weights,
)
from opinionpanel.weighting.weight_summary import (
    WeightsSummary as WeightsSummary,
    weights_summary as weights_summary,
)
