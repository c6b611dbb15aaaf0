"""Strata, PSUs, weights and replicates, as declared and as compiled; the algebra of calibration."""

from opinionpanel.design.calibrated import Calibration, Margin, coefficients, weights_after
from opinionpanel.design.calibration_equations import (
    ITERATIONS,
    Bounds,
    CalibrationMethod,
    Solution,
    nearest_bounds,
    nearest_totals,
    solve_factors,
)
from opinionpanel.design.degrees_of_freedom import Members, ReplicateMembers, UnitMembers
from opinionpanel.design.replicate_columns import matching
from opinionpanel.design.replicate_design import ReplicateDesign, key_text
from opinionpanel.design.replicate_weights import ByCode, ReplicateWeights, multiplied
from opinionpanel.design.sample_design import (
    AnyDesign,
    CompiledDesign,
    Design,
    Resampling,
)
from opinionpanel.design.sampled_people import Sampled, moved_note, read_sampling, sample_people
from opinionpanel.design.sampling import AnySampling, Replication, Sampling
from opinionpanel.design.weights import PersonWeight, WaveKey, Weights, weigh_people, weight_columns

__all__ = [
    "ITERATIONS",
    "AnyDesign",
    "AnySampling",
    "Bounds",
    "ByCode",
    "Calibration",
    "CalibrationMethod",
    "CompiledDesign",
    "Design",
    "Margin",
    "Members",
    "PersonWeight",
    "ReplicateDesign",
    "ReplicateMembers",
    "ReplicateWeights",
    "Replication",
    "Resampling",
    "Sampled",
    "Sampling",
    "Solution",
    "UnitMembers",
    "WaveKey",
    "Weights",
    "coefficients",
    "key_text",
    "matching",
    "moved_note",
    "multiplied",
    "nearest_bounds",
    "nearest_totals",
    "read_sampling",
    "sample_people",
    "solve_factors",
    "weigh_people",
    "weight_columns",
    "weights_after",
]
