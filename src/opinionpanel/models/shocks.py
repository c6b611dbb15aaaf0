"""By how much each person counts more or less in one draw of parameters, as the design says."""

from collections.abc import Sequence

import numpy as np

from opinionpanel.arrays import Floats, Integers
from opinionpanel.design import Replication, Sampling
from opinionpanel.models.chained_answers import Key
from opinionpanel.panel import Panel


def shocks_of(
    panel: Panel, keys: Sequence[Key], number: int, rng: np.random.Generator
) -> dict[Key, Floats]:
    """Draw shocks, by question and wave: shape (people, number).

    Notes
    -----
    A multiplier bootstrap of the scores: weighted sums of shocks vary as weighted totals do with
    weights, strata and PSUs. By PSU h = √(n_h / (n_h − 1)) (ξ − ξ̄_h), with ξ standard normal, and
    h = ξ in a stratum with a single PSU, whatever `lonely_psu` says; with replicates
    Σ_r √(scale · rscales_r) ξ_r (w_r / w − 1), about the estimate whatever `mse` says. Left out
    are the finite population, as who answers is left to chance even where everybody was drawn, and
    what calibration takes off the variance: parameters then vary rather too much.
    """
    sampling = panel.sampling
    if isinstance(sampling, Sampling):
        drawn = _of_units(sampling, number, rng)
        return dict.fromkeys(keys, drawn)
    by_wave: dict[int, Floats] = {}
    for place in dict.fromkeys(place for _, place in keys):
        wave = panel.waves[place]
        if wave in panel.replicates:
            replicates = np.asarray(panel.replicates[wave])
            weight = np.asarray(panel.weights[wave])
            by_wave[place] = _of_replicates(sampling, replicates, weight, number, rng)
        else:
            free = rng.standard_normal((len(panel.domain), number))
            by_wave[place] = free - free.mean(axis=0)
    return {key: by_wave[key[1]] for key in keys}


def _of_units(sampling: Sampling, number: int, rng: np.random.Generator) -> Floats:
    unit, size = sampling.units
    stratum, place = sampling.stratum_of_psu, np.asarray(unit)
    if stratum is None:
        # People are their own PSUs.
        stratum, place = place, np.arange(len(place))
        size = len(place)
    free = rng.standard_normal((size, number))
    strata = len(sampling.sampled)
    here = np.bincount(stratum, minlength=strata).astype(np.float64)[stratum]
    sums = np.stack([np.bincount(stratum, row, strata) for row in free.T], axis=1)
    # A stratum's single PSU is not centred.
    several = here > 1
    means = np.where(several[:, None], sums[stratum] / here[:, None], 0.0)
    factor = np.where(several, np.sqrt(here / np.maximum(here - 1, 1)), 1.0)
    return np.asarray((factor[:, None] * (free - means))[place])


def _of_replicates(
    sampling: Replication, replicates: Floats, weight: Floats, number: int, rng: np.random.Generator
) -> Floats:
    free = rng.standard_normal((len(sampling.rscales), number))
    free *= np.sqrt(sampling.scale * sampling.rscales)[:, None]
    there = weight > 0
    found = np.zeros((len(weight), number))
    found[there] = (replicates[there] / weight[there, None] - 1) @ free
    return found


def units_of(panel: Panel) -> Integers | None:
    """Find the PSU of each person, where several people share one and the design knows it."""
    sampling = panel.sampling
    unit = sampling.psu if isinstance(sampling, Sampling) else sampling.unit
    if unit is None or len(unit) != len(panel.domain):
        return None
    found = np.asarray(unit).astype(np.int64)
    return found if int(found.max(initial=0)) + 1 < len(found) / 2 else None
