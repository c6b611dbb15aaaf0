"""Those who count at each wave, as samples of the same strata, and the covariance of their totals.

A finite population is the same at every wave, but who was drawn from it and still answers is not:
each weight has a sample of its own, and two waves have the people in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design.sample_design import LonelyPsu
from opinionpanel.design.sampling import Sampling
from opinionpanel.engines import Key, PersonColumn, Table, tables

# What rounding leaves of an eigenvalue that is 0, and of a correlation of one.
ROUNDING = 1e-9
# Totals of which everyone's mean is taken off at a time.
ROWS = 32


@dataclass(frozen=True, eq=False)
class Samples:
    """The samples that some weights belong to: k of them, from the same strata.

    Parameters
    ----------
    counting : tuple of PersonColumn of bool
        The people of each sample, where people are their own PSUs; none where all weights share
        the sample of the whole panel.
    together : numpy.ndarray, shape (k, k, strata)
        PSUs (or people) in both of two samples; on the diagonal, of each.
    population : numpy.ndarray, shape (strata,)
        PSUs (or people) in the population; infinite where none was declared.
    lonely_psu : str
        The rule of `Design` for strata with one PSU.
    stratum_of_psu : numpy.ndarray of int, shape (PSUs,), or None
        None where people are their own PSUs.
    present : numpy.ndarray of bool, shape (PSUs, k), or None
        Which PSUs have people in each sample; None for all in all.

    Notes
    -----
    With m_a and m_b units in two samples of a stratum, m in both and N in the population, the
    covariance of two totals is

        (1 − m_a m_b / (m N)) · m / (m − 1) · Σ (z_a − z̄_a)(z_b − z̄_b)

    over the units in both: for one sample the usual (1 − f) n / (n − 1) Σ (z − z̄)², and exact for
    simple random samples that overlap by chance, whose means have the covariance
    (m / (m_a m_b) − 1 / N) S_ab.
    """

    counting: tuple[PersonColumn, ...]
    together: Floats
    population: Floats
    lonely_psu: LonelyPsu
    stratum_of_psu: Integers | None = None
    present: Booleans | None = None

    @property
    def number(self) -> int:
        """How many samples there are."""
        return len(self.together)

    @property
    def fraction(self) -> Floats:
        """The part of the population in each sample, shape (k, strata)."""
        return np.asarray(np.diagonal(self.together).T / self.population)

    @cached_property
    def scale(self) -> Floats:
        """What products of deviations are multiplied by, shape (k, k, strata)."""
        both = self.together
        own = np.diagonal(both).T
        expected = own[:, None] * own[None, :] / self.population
        left = 1.0 - np.divide(expected, both, out=np.zeros(both.shape), where=both > 0)
        scale = left * np.divide(both, both - 1, out=np.ones(both.shape), where=both > 1)
        if self.lonely_psu in ("certainty", "average"):
            scale[both == 1] = 0.0
        if self.lonely_psu == "average":
            # A stratum with a single unit has the mean variance of the others.
            lonely = ((both == 1) & (left > 0)).sum(axis=2)
            strata = np.maximum((both > 0).sum(axis=2), 1)
            scale *= (strata / np.maximum(strata - lonely, 1))[:, :, None]
        return np.asarray(np.where(both > 0, scale, 0.0))

    @cached_property
    def centring(self) -> Floats:
        """The scale, divided by the units that deviations are centred over; 0 for a single one.

        A stratum's single unit is not centred, as R's survey does: at zero, the grand mean of the
        linearised values of a ratio.
        """
        several = self.together > 1
        return np.divide(self.scale, self.together, out=np.zeros(self.scale.shape), where=several)

    def between_psus(self, one: int, two: int, first: Floats, second: Floats) -> Floats:
        """Covariance of weighted totals of one sample with those of another, or of itself.

        Parameters
        ----------
        one, two : int
            The samples.
        first, second : numpy.ndarray, shape (PSUs, totals)
            Weighted totals by PSU; a PSU without members is a row of zeros.

        Notes
        -----
        With-replacement sampling of PSUs within strata (Lumley 2010, Complex Surveys, ch. 2), and
        the finite population as at `Samples`.
        """
        scale = self.scale[one, two]
        used: Booleans = (first != 0).any(axis=1)
        if second is not first:
            used |= (second != 0).any(axis=1)
        order, others = self._units(one, two, used)
        stratum = self._stratum[order]
        left, left_means = _deviations(first, order, stratum, self.together[one, two])
        if second is first and (scale >= 0).all():
            # Of a matrix with itself half the products are enough.
            left *= np.sqrt(scale)[stratum]
            return np.asarray(left @ left.T + (left_means * others) @ left_means.T)
        if second is first:
            right, right_means = left, left_means
        else:
            right, right_means = _deviations(second, order, stratum, self.together[one, two])
        return np.asarray((left * scale[stratum]) @ right.T + (left_means * others) @ right_means.T)

    def variances_by_psu(self, place: int, totals: Floats) -> Floats:
        """Variances of weighted totals of one sample, as `between_psus` has them."""
        order, others = self._units(place, place, (totals != 0).any(axis=1))
        stratum = self._stratum[order]
        deviations, means = _deviations(totals, order, stratum, self.together[place, place])
        for part in (deviations, means):
            np.square(part, out=part)
        return np.asarray(deviations @ self.scale[place, place][stratum] + means @ others)

    def _units(self, one: int, two: int, used: Booleans) -> tuple[Integers, Floats]:
        """List the PSUs with members that are in both samples, in the order of their strata.

        Those without members, mostly many, deviate all alike: gives their scale by stratum, times
        how many there are.
        """
        if self.present is not None:
            used = used & self.present[:, one] & self.present[:, two]
        order = self._by_stratum[used[self._by_stratum]]
        units = self.together[one, two]
        here = np.bincount(self._stratum[order], minlength=len(units))
        return order, self.scale[one, two] * (units - here)

    @property
    def _stratum(self) -> Integers:
        assert self.stratum_of_psu is not None
        return self.stratum_of_psu

    @cached_property
    def _by_stratum(self) -> Integers:
        """The PSUs in the order of their strata."""
        return np.argsort(self._stratum, kind="stable")

    def means_of_people(self, one: int, two: int, first: Floats, second: Floats) -> Floats:
        """Compute what the means of strata take off Σ scale_h z zᵀ over people in two samples.

        Parameters
        ----------
        one, two : int
            The samples.
        first, second : numpy.ndarray, shape (strata, totals)
            Weighted totals of each by stratum, of the people who are in both.
        """
        return np.asarray((first * self.centring[one, two][:, None]).T @ second)


def samples_of(
    sampling: Sampling, weights: Sequence[tuple[PersonColumn, tuple[PersonColumn, ...]]]
) -> tuple[Samples, list[int]]:
    """Find the samples that weights belong to, and the place of each weight's among them.

    Parameters
    ----------
    sampling : Sampling
    weights : sequence of tuple
        Weights, and who was interviewed at the waves that they are used for. A positive weight
        says so itself at its own wave.
    """
    if not sampling.finite:
        whole = sampling.sampled[None, None].astype(np.float64)
        samples = Samples(
            (), whole, sampling.population, sampling.lonely_psu, sampling.stratum_of_psu
        )
        return samples, [0] * len(weights)
    counting: list[PersonColumn] = []
    places: list[int] = []
    known: dict[tuple[int, ...], int] = {}
    for weight, interviewed in weights:
        key = (id(weight), *map(id, interviewed))
        if key not in known:
            known[key] = _place(counting, reduce(np.logical_and, interviewed, weight > 0))
        places.append(known[key])
    if sampling.psu is None:
        present, together = None, _people_together(sampling, counting)
    else:
        present, which = np.unique(units_present(sampling, counting), axis=1, return_inverse=True)
        places = [int(which.ravel()[place]) for place in places]
        together = _psus_together(sampling, present)
    samples = Samples(
        tuple(counting),
        together,
        sampling.population,
        sampling.lonely_psu,
        sampling.stratum_of_psu,
        present,
    )
    return samples, places


def _place(counting: list[PersonColumn], people: PersonColumn) -> int:
    """Find people among the samples there are, or add them."""
    for place, others in enumerate(counting):
        if isinstance(people, np.ndarray) and np.array_equal(people, others):
            return place
    counting.append(people)
    return len(counting) - 1


def _people_together(sampling: Sampling, counting: Sequence[PersonColumn]) -> Floats:
    stratum = Key(*sampling.units)
    pairs = [(place, place) for place in range(len(counting))]
    pairs += combinations(range(len(counting)), 2)
    wanted = [Table((stratum,), (counting[one] & counting[two],)) for one, two in pairs]
    together = np.zeros((len(counting), len(counting), stratum.size))
    for (one, two), found in zip(pairs, tables(wanted), strict=True):
        together[one, two] = together[two, one] = found
    return together


def units_present(sampling: Sampling, counting: Sequence[PersonColumn]) -> Booleans:
    """Tell which PSUs have people who count, shape (PSUs, samples)."""
    unit = Key(*sampling.units)
    found = tables([Table((unit,), (people,)) for people in counting])
    return np.stack(found, axis=1) > 0


def _psus_together(sampling: Sampling, present: Booleans) -> Floats:
    assert sampling.stratum_of_psu is not None
    inside = present.astype(np.float64)
    strata = range(len(sampling.sampled))
    rows = [inside[sampling.stratum_of_psu == stratum] for stratum in strata]
    return np.stack([part.T @ part for part in rows], axis=2)


def _deviations(
    totals: Floats, order: Integers, stratum: Integers, units: Floats
) -> tuple[Floats, Floats]:
    """Subtract the mean of all units of the stratum, if there are several; and give these means.

    Of some units, in the order of their strata, shape (totals, units); those that are left out
    have totals of 0.
    """
    found = np.empty((totals.shape[1], len(order)))
    means = np.zeros((len(found), len(units)))
    here, starts, times = np.unique(stratum, return_index=True, return_counts=True)
    several = np.where(units[here] > 1, units[here], np.inf)
    # Some at a time: they stay in the processor's cache.
    for start in range(0, len(found) if len(here) else 0, ROWS):
        part = slice(start, start + ROWS)
        rows = totals.T[part][:, order]
        mean = np.add.reduceat(rows, starts, axis=1) / several
        np.subtract(rows, np.repeat(mean, times, axis=1), out=found[part])
        means[part, here] = mean
    return found, means


def possible(covariance: Floats, sample: Integers) -> Floats:
    """Shrink the covariance between samples until no combination has a negative variance.

    As `shrinkage` says.
    """
    factor = shrinkage(covariance, sample)
    if factor == 1.0:
        return covariance
    return np.where(sample[:, None] == sample, covariance, covariance * factor)


def shrinkage(covariance: Floats, sample: Integers) -> float:
    """Find what the covariance between samples is to be multiplied by.

    Parameters
    ----------
    covariance : numpy.ndarray, shape (cells, cells)
    sample : numpy.ndarray of int, shape (cells,)

    Notes
    -----
    Each pair of samples of a finite population has its own estimate, from the units in both, so
    that all together need not be possible. With D the part within samples and O that between
    them, D + λ O has no negative variance with the largest λ ≤ 1 that is returned: what is said
    of one sample stays.
    """
    own = sample[:, None] == sample[None, :]
    if own.all():
        return 1.0
    size = np.sqrt(np.maximum(covariance.diagonal(), 0.0))
    inverse = np.divide(1.0, size, out=np.zeros(len(size)), where=size > 0)
    correlation = covariance * inverse * inverse[:, None]
    values, vectors = np.linalg.eigh(np.where(own, correlation, 0.0))
    kept = values > ROUNDING * values.max(initial=0.0)
    if not kept.any():
        return 1.0
    roots = vectors[:, kept] / np.sqrt(values[kept])
    between = roots.T @ np.where(own, 0.0, correlation) @ roots
    least = float(np.linalg.eigvalsh(between)[0])
    return 1.0 if least >= -1.0 - ROUNDING else -1.0 / least
