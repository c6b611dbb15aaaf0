"""Strata, PSUs, weights and replicates, as declared and as compiled; the algebra of calibration."""

from opinionpanel.design.calibrated import (
    Calibration as Calibration,
    Margin as Margin,
    Shift as Shift,
    coefficients as coefficients,
    contrasts_of as contrasts_of,
    weights_after as weights_after,
)
from opinionpanel.design.calibration_equations import (
    ITERATIONS as ITERATIONS,
    Bounds as Bounds,
    CalibrationMethod as CalibrationMethod,
    Solution as Solution,
    nearest_bounds as nearest_bounds,
    nearest_factors as nearest_factors,
    solve_factors as solve_factors,
)
from opinionpanel.design.degrees_of_freedom import (
    Members as Members,
    ReplicateMembers as ReplicateMembers,
    UnitMembers as UnitMembers,
)
from opinionpanel.design.described_sampling import sampling_words as sampling_words
from opinionpanel.design.replicate_columns import matching as matching
from opinionpanel.design.replicate_design import (
    ReplicateDesign as ReplicateDesign,
    columns_text as columns_text,
    key_text as key_text,
)
from opinionpanel.design.replicate_weights import (
    ByCode as ByCode,
    ReplicateWeights as ReplicateWeights,
    multiplied as multiplied,
)
from opinionpanel.design.sample_design import (
    AnyDesign as AnyDesign,
    CompiledDesign as CompiledDesign,
    Design as Design,
    Resampling as Resampling,
    has_same_psus as has_same_psus,
)
from opinionpanel.design.sampled_people import (
    moved_note as moved_note,
    read_sampling as read_sampling,
    resample_weight as resample_weight,
    sample_people as sample_people,
)
from opinionpanel.design.samples import (
    Samples as Samples,
    possible as possible,
    samples_of as samples_of,
    shrinkage as shrinkage,
)
from opinionpanel.design.sampling import (
    AnySampling as AnySampling,
    Replication as Replication,
    Sampling as Sampling,
)
from opinionpanel.design.weights import (
    PersonWeight as PersonWeight,
    WaveKey as WaveKey,
    Weights as Weights,
    weigh_people as weigh_people,
    weight_columns as weight_columns,
)
