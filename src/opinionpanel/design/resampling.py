"""Replicate weights made from strata and PSUs: jackknives and the rescaled bootstrap."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design.replicate_design import ReplicateDesign
from opinionpanel.design.replicate_weights import ByCode, ReplicateWeights
from opinionpanel.design.sample_design import Resampling
from opinionpanel.design.sampling import Sampling
from opinionpanel.engines import PersonColumn, is_lazy
from opinionpanel.errors import DesignError, EngineError

MOST_JACKKNIVES = 1000
# The spread of fewer draws in a stratum is hardly known.
FEWEST_DRAWS = 20


@dataclass(frozen=True, eq=False)
class Resampled:
    """Replicates of a design: by what each multiplies the weights of each PSU.

    Attributes
    ----------
    design : ReplicateDesign
        With the constants of the method.
    factors : numpy.ndarray, shape (PSUs, replicates)
    unit : numpy.ndarray of int, shape (people,)
        Index of each person's PSU, which is the person where people are their own PSUs; any for
        people without a weight.
    stratum : numpy.ndarray of int, shape (replicates,), or None
        The one stratum that each replicate changes; None where each changes all.
    people : bool
        People are their own PSUs.
    """

    design: ReplicateDesign
    factors: Floats
    unit: PersonColumn
    stratum: Integers | None
    people: bool

    def replicates(self, weight: PersonColumn) -> Any:
        """Multiply a weight, shape (people,), into its replicates.

        Returns
        -------
        numpy.ndarray, shape (people, replicates), or ReplicateWeights
            An array where people are their own PSUs.
        """
        if not self.people:
            return ReplicateWeights((weight,), ByCode(self.unit, self.factors))
        replicates = self.factors[self.unit]
        replicates *= weight[:, None]
        return replicates


def resample(
    resampling: Resampling,
    sampling: Sampling,
    in_design: PersonColumn,
    *,
    stratum_by_stratum: bool,
) -> Resampled:
    """Make the replicates of a compiled design.

    Parameters
    ----------
    resampling : Resampling
    sampling : Sampling
        Strata with a single PSU, or with the whole population, add nothing to the variance: their
        weights are the same in every replicate.
    in_design : numpy.ndarray of bool, shape (people,)
        Who has a positive weight at any wave.
    stratum_by_stratum : bool
        The bootstrap draws in one stratum at a time, as a jackknife leaves out.

    Raises
    ------
    DesignError
        No stratum can be resampled, or a jackknife would need more than 1,000 replicates.
    EngineError
        People are their own PSUs, on an engine.

    Notes
    -----
    Jackknife: without PSU i of stratum h the others there count n_h/(n_h − 1) times; rscales
    (1 − f_h)(n_h − 1)/n_h, of which jk1 takes (n − 1)/n as its scale. Bootstrap (Rao, Wu & Yue
    1992): n_h − 1 PSUs are drawn with replacement; drawn t times, a PSU counts
    1 − λ + λ t n_h/(n_h − 1) times with λ = √(1 − f_h); scale 1/(R − 1) about the mean.
    """
    if sampling.psu is None or sampling.stratum_of_psu is None:
        if is_lazy(in_design):
            raise EngineError(
                f"{resampling.kind} would leave out or draw people one by one, and an engine only "
                "gives sums over them. Declare PSUs, use replicate columns of the survey house, "
                "or take the Design without as_replicates."
            )
        unit = np.maximum(np.cumsum(in_design) - 1, 0)
        stratum = sampling.stratum[in_design]
    else:
        unit, stratum = sampling.psu, sampling.stratum_of_psu
    varies = (sampling.sampled > 1) & (sampling.fraction < 1)
    several = int(sampling.sampled[varies].sum())
    if several == 0:
        raise DesignError(
            "Every stratum holds a single PSU or its whole population: there is nothing to "
            "resample, and no variance from sampling."
        )
    changed = None
    rscales: tuple[float, ...] | None
    if resampling.kind == "bootstrap":
        rscales = None
        if stratum_by_stratum:
            changed = _shared_out(resampling.replicates, varies)
            rows = np.bincount(changed)[changed]
            rscales = tuple(((len(changed) - 1) / (rows - 1)).tolist())
        factors = _bootstrap(resampling, sampling, stratum, varies, changed)
        kind, scale = "bootstrap", 1 / (factors.shape[1] - 1)
    elif several > MOST_JACKKNIVES:
        what = "person, as people are their own PSUs" if sampling.psu is None else "PSU"
        raise DesignError(
            f"{resampling.kind} would make {several:,} replicates, one for each {what}; the most "
            f"is {MOST_JACKKNIVES:,}. Use as_replicates('bootstrap'), whose number is free."
        )
    else:
        left_out = np.flatnonzero(varies[stratum])
        changed = stratum[left_out]
        factors = _jackknife(sampling, stratum, left_out)
        size, fraction = sampling.sampled[changed], sampling.fraction[changed]
        kept = (size - 1) / size
        if resampling.kind == "jk1":
            kind, scale, rscales = "JK1", float(kept[0]), tuple((1 - fraction).tolist())
        else:
            kind, scale, rscales = "JKn", 1.0, tuple(((1 - fraction) * kept).tolist())
    design = ReplicateDesign(
        weight=resampling.weight,
        replicates=(),
        scale=scale,
        rscales=rscales,
        mse=resampling.mse,
        kind=kind,
        sample=resampling.sample,
        made=resampling.origin,
    )
    design = design.with_constants(factors.shape[1])
    return Resampled(design, factors, unit, changed, people=sampling.psu is None)


def _jackknife(sampling: Sampling, stratum: Integers, left_out: Integers) -> Floats:
    """Leave out one PSU after the other."""
    size = sampling.sampled[stratum[left_out]].astype(np.float64)
    factors = np.where(stratum[:, None] == stratum[left_out], size / (size - 1), 1.0)
    factors[left_out, np.arange(len(left_out))] = 0.0
    return factors


def _shared_out(replicates: int, varies: Booleans) -> Integers:
    """Share the replicates out among the strata, as evenly as may be; some to each."""
    strata = np.flatnonzero(varies)
    number = max(replicates, FEWEST_DRAWS * len(strata))
    return np.sort(np.resize(strata, number))


def _bootstrap(
    resampling: Resampling,
    sampling: Sampling,
    stratum: Integers,
    varies: Booleans,
    changed: Integers | None,
) -> Floats:
    """Draw n_h − 1 PSUs in every stratum, or in the one to be changed, time and again."""
    rng = np.random.default_rng(resampling.seed)
    by_stratum = np.argsort(stratum, kind="stable")
    first = np.searchsorted(stratum[by_stratum], np.arange(len(varies)))
    everywhere = np.repeat(np.arange(len(varies)), np.where(varies, sampling.sampled - 1, 0))
    number = resampling.replicates if changed is None else len(changed)
    times = np.empty((number, len(stratum)))
    for place, row in enumerate(times):
        draws = everywhere if changed is None else everywhere[everywhere == changed[place]]
        drawn = by_stratum[first[draws] + rng.integers(sampling.sampled[draws])]
        row[:] = np.bincount(drawn, minlength=len(stratum))
    shrink = np.where(varies, np.sqrt(1 - sampling.fraction), 0.0)
    slope = shrink * sampling.sampled / np.maximum(sampling.sampled - 1, 1)
    factors = 1 - shrink[stratum] + slope[stratum] * times
    if changed is not None:
        factors[stratum != changed[:, None]] = 1.0
    return np.ascontiguousarray(factors.T)
