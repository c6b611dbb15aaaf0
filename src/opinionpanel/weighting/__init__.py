"""Weights that fit the population, or make up for drop-out; and what weights look like."""

from opinionpanel.weighting.against_dropout import attrition_weights, weight_effects
from opinionpanel.weighting.calibration import calibrate, poststratify, rake, trim_weights
from opinionpanel.weighting.weight_summary import weights_summary

__all__ = [
    "attrition_weights",
    "calibrate",
    "poststratify",
    "rake",
    "trim_weights",
    "weight_effects",
    "weights_summary",
]
