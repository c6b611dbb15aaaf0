"""How tallied cells vary together: by PSU, or by person.

Calibrated weights need no variance of their own: their margins are cells of the same sums, and
what these explain is taken out, V = [I, −Bᵀ] V_stacked [I, −Bᵀ]ᵀ.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations, islice, pairwise
from typing import Any

import numpy as np

from opinionpanel import engines
from opinionpanel.arrays import Floats, Integers, Places
from opinionpanel.design import shrinkage
from opinionpanel.engines import Cross, Key, PersonColumn, Table, is_lazy, take
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.covariances import CHUNK, MOST, Covariance, calibrated, themselves
from opinionpanel.estimates.linearised import Plan, Sums

# Cells of which the whole covariance is less to go through than the sums of all PSUs.
FEW = 256
# Cells of a table of two variables that is kept.
MANY = 2**22


def covariance_of(plan: Plan, sums: Sums, effect: Floats) -> Covariance:
    """Find how totals vary together, without what margins explain of them.

    Parameters
    ----------
    plan : Plan
        The variables, and then the margins.
    sums : Sums
        Of both.
    effect : numpy.ndarray, shape (categories of all margins, cells of the variables)
        B, as in `Margins`.
    """
    sample = plan.sample[: effect.shape[1]]
    if not plan.people and plan.samples.number == 1 and isinstance(sums.by_unit, np.ndarray):
        # PSUs of one sample: what margins explain is taken out of their totals at once.
        own, margins = np.hsplit(sums.by_unit, [len(sample)])
        residuals = own - margins @ effect if len(effect) else own
        known = np.ones(len(sample), dtype=bool)
        return Covariance(CellsOfPsus(plan, residuals, sample), known, themselves)
    cells = (
        CellsOfPeople(plan, sums) if plan.people else CellsOfPsus(plan, sums.by_unit, plan.sample)
    )
    found = calibrated(cells, effect)
    if len(np.unique(sample)) < 2:
        return found
    return Covariance(Shrunk(found, sample), np.ones(len(found), dtype=bool), themselves)


class _Cells(ABC):
    """Tallied cells in parts; what those of two parts have in common costs more, and comes late."""

    def __init__(self, by_unit: Any, part: Integers) -> None:
        self._by_cell, self._part = by_unit.T, part

    def _parts(self, cells: Places) -> dict[int, Places]:
        """Find which of some cells are in each part."""
        part = self._part[cells]
        return {int(number): np.flatnonzero(part == number) for number in np.unique(part)}

    def _sums(self, cells: Places, factors: Floats) -> Floats:
        """Add up by unit what sums of cells are."""
        return np.asarray(factors @ self._by_cell[cells]).T

    def ratios(self, value: Floats, base: Floats, domain: Integers) -> Floats | None:
        """Variances of ratios, as in `Source`: what a domain has in common is added up once."""
        known, part = np.isfinite(value), self._part[: len(value)]
        of_domain = np.zeros(domain.max(initial=-1) + 1, dtype=part.dtype)
        of_domain[domain] = part
        if (of_domain[domain] != part).any():
            return None
        value = np.where(known, value, 0.0)
        return np.asarray(self._of_ratios(value, domain) / np.where(known, base, 1.0) ** 2)

    def _less_their_share(self, value: Floats, domain: Integers) -> Iterator[tuple[Places, Floats]]:
        """Take off cells what would be theirs of their domains; by unit, shape (cells, units)."""
        order = np.argsort(domain, kind="stable")
        starts = np.searchsorted(domain[order], np.arange(domain.max(initial=-1) + 1))
        # Whole domains, some at a time.
        _, first = np.unique(starts // CHUNK, return_index=True)
        for start, stop in pairwise([*starts[first].tolist(), len(order)]):
            some = [order[at : min(at + CHUNK, stop)] for at in range(start, stop, CHUNK)]
            least = domain[order[start]]
            number = domain[order[stop - 1]] - least + 1
            whole = np.zeros((number, self._by_cell.shape[1]))
            for cells in some:
                here, begin = np.unique(domain[cells] - least, return_index=True)
                whole[here] += np.add.reduceat(self._rows(cells), begin, axis=0)
            for cells in some:
                share = whole[domain[cells] - least]
                share *= value[cells, None]
                yield cells, self._rows(cells) - share

    @abstractmethod
    def _of_ratios(self, value: Floats, domain: Integers) -> Floats:
        """Variances of cells less what would be theirs of their domains."""

    def _rows(self, cells: Places) -> Floats:
        return _dense(self._by_cell[cells])


class CellsOfPsus(_Cells):
    """Cells that vary by PSU; those of a sample are a part."""

    def __init__(self, plan: Plan, by_unit: Any, part: Integers) -> None:
        super().__init__(by_unit, part)
        # Not the people, who are needed no more.
        self._samples = plan.samples

    def product(self, cells: Places, factors: Floats | None, *, variances: bool = False) -> Floats:
        """Covariance of sums of cells, as in `Source`."""
        if len(self._part) <= FEW:
            found = self._whole[np.ix_(cells, cells)]
            return found if factors is None else np.asarray(factors @ found @ factors.T)
        if factors is None:
            factors = np.eye(len(cells))
        return self._product(cells, factors, variances=variances)

    def ratios(self, value: Floats, base: Floats, domain: Integers) -> Floats | None:
        """Variances of ratios, as in `Source`."""
        small = np.bincount(domain).max(initial=0) <= CHUNK
        if small and not isinstance(self._by_cell, np.ndarray):
            # Most PSUs have no members in a few small domains, and are left out of products.
            return None
        return super().ratios(value, base, domain)

    def _of_ratios(self, value: Floats, domain: Integers) -> Floats:
        if len(self._part) <= FEW:
            return _variances_of_ratios(self._whole[: len(value), : len(value)], value, domain)
        found = np.zeros(len(value))
        for cells, sums in self._less_their_share(value, domain):
            for place, at in self._parts(cells).items():
                found[cells[at]] = self._samples.variances_by_psu(place, sums[at].T)
        return found

    @cached_property
    def _whole(self) -> Floats:
        """The covariance of all cells; where they are few, less to go through than the PSUs."""
        if len(np.unique(self._part)) == 1:
            place, sums = int(self._part[0]), _dense(self._by_cell).T
            return self._samples.between_psus(place, place, sums, sums)
        cells = np.arange(len(self._part))
        return self._product(cells, np.eye(len(cells)), variances=False)

    def _product(self, cells: Places, factors: Floats, *, variances: bool) -> Floats:
        samples, parts = self._samples, self._parts(cells)
        sums = {place: self._sums(cells[at], factors[:, at]) for place, at in parts.items()}
        found = np.zeros((len(factors), len(factors)))
        for place, part in sums.items():
            found += samples.between_psus(place, place, part, part)
        for one, two in _pairs(parts, factors, variances=variances):
            block = samples.between_psus(one, two, sums[one], sums[two])
            found += block + block.T
        return found


class CellsOfPeople(_Cells):
    """Cells that vary by person; those of a variable are a part, and nobody is in two of them."""

    def __init__(self, plan: Plan, sums: Sums) -> None:
        sizes = [cells.cross.size for cells in plan.variables]
        super().__init__(sums.by_unit, np.repeat(np.arange(len(sizes)), sizes))
        self._plan = plan
        self._starts = np.cumsum([0, *sizes])
        own = [
            plan.scale_at(place, place) @ sums.squares[:, slice(*ends)]
            for place, ends in enumerate(pairwise(self._starts))
        ]
        self._own = np.concatenate(own) if own else np.zeros(0)
        self._tables: dict[tuple[int, int], Floats] = {}
        if any(is_lazy(cells.weight) for cells in plan.variables):
            # An engine may be gone when somebody looks.
            self._keep(list(combinations(range(len(sizes)), 2)))

    def product(self, cells: Places, factors: Floats | None, *, variances: bool = False) -> Floats:
        """Covariance of sums of cells, as in `Source`."""
        if factors is None:
            factors = np.eye(len(cells))
        parts = self._parts(cells)
        found = (factors * self._own[cells]) @ factors.T
        for place, at in parts.items():
            sums, sample = self._sums(cells[at], factors[:, at]), self._plan.place[place]
            found -= self._plan.samples.means_of_people(sample, sample, sums, sums)
        pairs = _pairs(parts, factors, variances=variances)
        for (one, two), table in zip(pairs, self._shared(pairs, parts, cells), strict=True):
            block = factors[:, parts[one]] @ table @ factors[:, parts[two]].T
            found += block + block.T
        return np.asarray(found)

    def _of_ratios(self, value: Floats, domain: Integers) -> Floats:
        own = self._own[: len(value)]
        others = np.bincount(domain, own)[domain] - own
        found = (1 - value) ** 2 * own + value**2 * others
        for cells, sums in self._less_their_share(value, domain):
            for place, at in self._parts(cells).items():
                sample = self._plan.place[place]
                found[cells[at]] -= sums[at] ** 2 @ self._plan.samples.centring[sample, sample]
        return np.asarray(found)

    def _shared(
        self, pairs: list[tuple[int, int]], parts: dict[int, Places], cells: Places
    ) -> Iterator[Floats]:
        """Give the covariance of some cells of pairs of variables, which people in both make."""
        self._keep(pairs)
        local = {place: cells[at] - self._starts[place] for place, at in parts.items()}
        for one, two in pairs:
            if (one, two) in self._tables:
                yield self._tables[one, two][np.ix_(local[one], local[two])]
            else:
                # All of them would take too much memory.
                some = narrowed(self._plan, {one: local[one], two: local[two]})
                yield from shared_cells(
                    some, [(one, two)], lambda place: self._sums_of(place)[:, local[place]]
                )

    def _keep(self, pairs: list[tuple[int, int]]) -> None:
        """Tally the tables of pairs of variables that are small enough to be kept, each once."""
        sizes = np.diff(self._starts)
        kept = [(one, two) for one, two in pairs if sizes[one] * sizes[two] <= MANY]
        if new := [pair for pair in kept if pair not in self._tables]:
            self._tables |= zip(new, shared_cells(self._plan, new, self._sums_of), strict=True)

    def _sums_of(self, place: int) -> Any:
        return self._by_cell[self._starts[place] : self._starts[place + 1]].T


class Shrunk:
    """Cells of several samples of a finite population, as far as they can vary together.

    Parameters
    ----------
    inner : Covariance
        Of the cells, with an estimate of its own for each pair of samples.
    sample : numpy.ndarray of int, shape (cells,)
    """

    def __init__(self, inner: Covariance, sample: Integers) -> None:
        self._inner, self._sample = inner, sample

    def product(self, cells: Places, factors: Floats | None, *, variances: bool = False) -> Floats:
        """Covariance of sums of cells, as in `Source`."""
        if factors is None:
            factors = np.eye(len(cells))
        sample = self._sample[cells]
        parts = {int(one): np.flatnonzero(sample == one) for one in np.unique(sample)}
        if _pairs(parts, factors, variances=variances):
            inner = self._inner.block(cells)
            inner = np.where(sample[:, None] == sample, inner, inner * self._factor)
            return np.asarray(factors @ inner @ factors.T)
        # What is said of one sample stays.
        found = np.zeros((len(factors), len(factors)))
        for at in parts.values():
            found += factors[:, at] @ self._inner.block(cells[at]) @ factors[:, at].T
        return found

    def ratios(self, value: Floats, base: Floats, domain: Integers) -> Floats | None:
        """Variances of ratios, as in `Source`: what is said of one sample stays."""
        of_domain = np.zeros(domain.max(initial=-1) + 1, dtype=self._sample.dtype)
        of_domain[domain] = self._sample
        if (of_domain[domain] != self._sample).any():
            return None
        return self._inner.ratios(value, base, domain).quick

    @cached_property
    def _factor(self) -> float:
        if len(self._sample) > MOST:
            raise SelectionError(
                "Waves with people of their own, sampled from a finite population, are compared by "
                f"the covariance of all cells tallied with them, here {len(self._sample):,}. Tally "
                "fewer: by= with fewer groups, waves=, or panel.where(...)."
            )
        return shrinkage(self._inner.full, self._sample)


def _pairs(parts: dict[int, Places], factors: Floats, *, variances: bool) -> list[tuple[int, int]]:
    """List the pairs of parts that are needed; for variances, those that one sum has cells of."""
    touched = {place: (factors[:, at] != 0).any(axis=1) for place, at in parts.items()}
    return [
        (one, two)
        for one, two in combinations(parts, 2)
        if not variances or (touched[one] & touched[two]).any()
    ]


def _variances_of_ratios(covariance: Floats, value: Floats, domain: Integers) -> Floats:
    """Variances of cells less a part of their domains: V_cc − 2 p V_cD + p² V_DD."""
    place, number = np.arange(len(domain)), domain.max(initial=-1) + 1
    with_own = np.where(domain[:, None] == domain, covariance, 0.0).sum(axis=1)
    whole = np.bincount(domain, with_own, number)[domain]
    return np.asarray(covariance[place, place] - value * (2 * with_own - value * whole))


def shared_cells(
    plan: Plan, pairs: Sequence[tuple[int, int]], sums_of: Callable[[int], Any]
) -> Iterator[Floats]:
    """Add up how the cells of pairs of variables vary together, where people are PSUs.

    Parameters
    ----------
    plan : Plan
    pairs : sequence of tuple of int
    sums_of : callable
        From a variable to its sums by stratum.
    """
    by_person: dict[tuple[int, int], tuple[PersonColumn, ...]] = {}
    apart = [
        (place, plan.place[other])
        for pair in pairs
        for place, other in (pair, pair[::-1])
        if plan.place[place] != plan.place[other]
    ]
    wanted = [_pair_table(plan, *pair, by_person) for pair in pairs]
    wanted += [_shared_table(plan, *place) for place in apart]
    found = iter(engines.tables(wanted))
    products = list(islice(found, len(pairs)))
    means = dict(zip(apart, found, strict=True))

    def sums(place: int, other: int) -> Floats:
        known = means.get((place, plan.place[other]))
        return _dense(sums_of(place)) if known is None else known.reshape(len(known), -1)

    for (one, two), product in zip(pairs, products, strict=True):
        table = product.reshape(plan.variables[one].cross.size, -1)
        scale = plan.scale_at(one, two)
        yield (scale.item() if len(scale) == 1 else 1.0) * table - plan.samples.means_of_people(
            plan.place[one], plan.place[two], sums(one, two), sums(two, one)
        )


def _pair_table(
    plan: Plan, first: int, second: int, by_person: dict[tuple[int, int], tuple[PersonColumn, ...]]
) -> Table:
    """Ask for Σ scale_h w_one w_two by the cells of two variables.

    Where there is a single stratum, its scale is left out. `by_person` has the scales looked up
    before.
    """
    one, two = plan.variables[first], plan.variables[second]
    inside = one.cross.inside
    if inside is None:
        inside = two.cross.inside
    elif two.cross.inside is not None and two.cross.inside is not inside:
        inside = inside & two.cross.inside
    samples, scale = (plan.place[first], plan.place[second]), plan.scale_at(first, second)
    if samples not in by_person:
        many = len(scale) > 1
        by_person[samples] = (take(scale, plan.sampling.stratum),) if many else ()
    keys = (*one.cross.keys, *two.cross.keys)
    return Table(keys, (*by_person[samples], *one.factors, *two.factors), inside)


def _shared_table(plan: Plan, place: int, sample: int) -> Table:
    """Ask for the sums of a variable by stratum, of people in another sample as well."""
    cells, other = plan.variables[place], plan.samples.counting[sample]
    inside = other if cells.cross.inside is None else cells.cross.inside & other
    return Cross(cells.cross.keys, inside).table(*cells.factors, by=Key(*plan.sampling.units))


def narrowed(plan: Plan, cells: dict[int, Places]) -> Plan:
    """Leave only some cells of some variables, in the order in which they are named."""
    variables = list(plan.variables)
    for place, some in cells.items():
        cross = variables[place].cross
        number = np.full(cross.size, -1)
        number[some] = np.arange(len(some))
        key = Key(take(number, cross.codes()), len(some))
        variables[place] = replace(variables[place], cross=Cross((key,)))
    return replace(plan, variables=variables)


def _dense(table: Any) -> Floats:
    return table if isinstance(table, np.ndarray) else np.asarray(table.toarray())
