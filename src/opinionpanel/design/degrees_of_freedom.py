"""Degrees of freedom of the design in domains."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.engines import is_lazy

# Of the squared length of all rows together: what rounding of their products stays far below.
ROUNDING = 1e-12


class Members(Protocol):
    """Who is in which tallied cell."""

    def df(self, domains: Booleans) -> Floats:
        """Degrees of freedom of each domain, given as rows of tallied cells."""
        ...

    @property
    def on_engine(self) -> bool:
        """Whether an engine is asked for them."""
        ...


@dataclass(frozen=True, eq=False)
class UnitMembers:
    """Members by PSU: PSUs minus strata.

    Attributes
    ----------
    people : numpy.ndarray of float, or a sparse array, shape (units, tallied cells)
        Numbers of members by stratum and cell where people are their own PSUs; else something
        positive for each PSU and cell with members.
    stratum_of_psu : numpy.ndarray of int, shape (units,), or None
        None where people are their own PSUs.
    """

    people: Any
    stratum_of_psu: Integers | None
    on_engine = False

    def df(self, domains: Booleans) -> Floats:
        """Count PSUs minus strata with members."""
        if self.stratum_of_psu is None:
            people = self.people @ domains.T.astype(np.float64)
            units, strata = people.sum(axis=0), (people > 0).sum(axis=0)
        else:
            domain, psu = self._held(domains)
            number = domains.shape[0]
            units = np.bincount(domain, minlength=number)
            held = np.zeros((number, self.stratum_of_psu.max(initial=-1) + 1), dtype=bool)
            held[domain, self.stratum_of_psu[psu]] = True
            strata = held.sum(axis=1)
        return np.asarray(units - strata, dtype=np.float64)

    def _held(self, domains: Booleans) -> tuple[Integers, Integers]:
        """List each domain with each of the PSUs in which it has members."""
        domain, cell = domains.nonzero()
        if not isinstance(self.people, np.ndarray) or len(cell) > domains.shape[1]:
            psu, held = ((self.people @ domains.T.astype(np.float64)) > 0).nonzero()
            return held, psu
        # Mostly no cell is in two domains: to look at a few cells is less than a product.
        here, starts = np.unique(domain, return_index=True)
        if not len(here):
            return domain, cell
        members = (self.people.T > 0).view(np.uint8)
        inside = np.bitwise_or.reduceat(members[cell], starts, axis=0)
        place, psu = np.divmod(np.flatnonzero(inside), inside.shape[1])
        return here[place], psu


@dataclass(frozen=True, eq=False)
class ReplicateMembers:
    """Members with their replicate weights: the rank of the replicates less one.

    Attributes
    ----------
    codes : sequence of numpy.ndarray of int, shape (people,)
        The tallied cell of each cell variable; -1 for people outside it.
    sizes : sequence of int
        The number of cells of each variable.
    weights : sequence of (numpy.ndarray, shape (people, R), or ReplicateWeights)
        The replicate weights of each variable.
    declared : float or None
        The most degrees of freedom, as declared.
    together : int
        How many variables one after the other are of different people in the same cells, and
        count as one.
    """

    codes: Sequence[Integers]
    sizes: Sequence[int]
    weights: Sequence[Any]
    declared: float | None
    together: int = 1

    def df(self, domains: Booleans) -> Floats:
        """Count as R's survey does: the rank of the replicate weights in the domain, less one.

        A domain over several cell variables has the least of those in which it has members.
        """
        most = np.inf if self.declared is None else float(self.declared)
        found, anyone = np.full(len(domains), most), np.zeros(len(domains), dtype=bool)
        start = 0
        for place in range(0, len(self.codes), self.together):
            size, number = self.sizes[place], self.weights[place].shape[1]
            needed = int(min(number, most + 1))
            asked = domains[:, start : start + size]
            every = self._of(place, np.asarray(asked.any(axis=0)), needed, few=True)
            # Some of rows that do not depend on each other do not either: those of a jackknife.
            apart = needed == number >= len(every) and _surely_full(every)
            for row, domain in enumerate(asked):
                if not domain.any():
                    continue
                some = self._of(place, domain, needed, few=True)
                if apart:
                    rank = len(some)
                # Mostly a few of the people have the full rank, which no more can exceed.
                elif needed == number <= len(some) and _surely_full(some):
                    rank = number
                else:
                    rank = min(_rank(self._of(place, domain, needed, few=False)), needed)
                if len(some):
                    anyone[row] = True
                    found[row] = min(found[row], max(rank - 1, 0))
            start += size
        return np.where(anyone, found, 0.0)

    def disjoint(self) -> "ReplicateMembers":
        """Take every two variables in turn as one, of different people in the same cells.

        Who is in both counts in the second.
        """
        codes = list(self.codes)
        for one, two in zip(range(0, len(codes), 2), range(1, len(codes), 2), strict=True):
            codes[one] = np.where(codes[two] >= 0, -1, codes[one])
        return replace(self, codes=codes, together=2)

    @property
    def on_engine(self) -> bool:
        """Whether the people are on an engine, and not in memory."""
        return any(is_lazy(codes) for codes in self.codes)

    def _of(self, place: int, domain: Booleans, needed: int, *, few: bool) -> Floats:
        """Give the rows of the variables that count as one; see `_RowsOf`."""
        parts = self._rows[place : place + self.together]
        return np.concatenate([part(domain, needed, few=few) for part in parts])

    @cached_property
    def _rows(self) -> list["_RowsOf"]:
        return [
            _rows_of(*variable)
            for variable in zip(self.codes, self.sizes, self.weights, strict=True)
        ]


class _RowsOf(Protocol):
    def __call__(self, domain: Booleans, needed: int, *, few: bool) -> Floats:
        """Give not many more rows than the rank that is enough, of the rank of a domain's people.

        With `few`, rows of some of the people.
        """


def _rows_of(codes: Integers, size: int, weights: Any) -> _RowsOf:
    """Prepare one variable; this is done when the first degrees of freedom are asked for."""
    if not isinstance(weights, np.ndarray):
        rows_in = weights.rows(codes, size)

        def of_codes(domain: Booleans, needed: int, *, few: bool) -> Floats:
            rows = rows_in(domain)
            return (_some if few else _folded)(rows, np.arange(len(rows)), needed)

        return of_codes

    def of_people(domain: Booleans, needed: int, *, few: bool) -> Floats:
        members = np.flatnonzero((codes >= 0) & domain[codes])
        return (_some if few else _folded)(weights, members, needed)

    return of_people


def _enough(needed: int) -> int:
    return needed + needed // 4 + 64


def _some(weights: Floats, members: Integers, needed: int) -> Floats:
    """Take the replicate weights of people at equal distances."""
    return np.asarray(weights[members[:: max(len(members) // _enough(needed), 1)]])


def _folded(weights: Floats, members: Integers, needed: int) -> Floats:
    """Fold the replicate weights of many people into clearly more rows than the rank needed.

    Notes
    -----
    Each is added, with random signs, to four of the rows. Sums of rows cannot have a higher rank,
    and random ones almost surely keep it as long as there are more of them than the rank.
    """
    rows = _enough(needed)
    if len(members) <= rows:
        return np.asarray(weights[members])
    from scipy import sparse

    rng = np.random.default_rng(1)
    places = rng.integers(rows, size=4 * len(members))
    signs = rng.choice([-1.0, 1.0], size=4 * len(members))
    fold = sparse.csr_array((signs, (places, np.repeat(members, 4))), shape=(rows, len(weights)))
    return np.asarray(fold @ weights)


def _rank(rows: Floats) -> int:
    """Rank beyond rounding; singular values are counted where nothing cheaper is sure of it."""
    least, products = _least(rows), _products(rows)
    if _far_from_zero(products, least):
        return len(products)
    rank = _of_pivots(products, least)
    if rank is None:
        values = np.linalg.svd(rows, compute_uv=False)
        rank = int((values > least * values.max(initial=0.0)).sum())
    return rank


def _surely_full(rows: Floats) -> bool:
    """Tell, many times faster than by singular values, if all of these count."""
    return _far_from_zero(_products(rows), _least(rows))


def _least(rows: Floats) -> float:
    """Say which part of the largest singular value one must be to count.

    Files hold six decimals, and R's survey takes 1e-5 of a column. The largest singular value is
    some √R times as long as one of the R columns.
    """
    return float(1e-5 / np.sqrt(rows.shape[1]))


def _products(rows: Floats) -> Floats:
    """Multiply rows with each other, or columns if these are fewer."""
    short = rows if len(rows) <= rows.shape[1] else rows.T
    return np.asarray(short @ short.T)


def _far_from_zero(products: Floats, least: float, whole: float | None = None) -> bool:
    """Tell if all singular values surely count, of rows with these products.

    `whole` is the squared length of all rows where these are some of them.
    """
    whole = np.trace(products) if whole is None else whole
    # With this taken off every squared singular value, all are still positive.
    off = (2 * least**2 + ROUNDING) * whole
    try:
        np.linalg.cholesky(products - off * np.eye(len(products)))
    except np.linalg.LinAlgError:
        return False
    return True


def _of_pivots(products: Floats, least: float) -> int | None:
    """Find rows that all count, with nothing beside them but rounding; None if there are none."""
    from scipy.linalg import lapack

    whole = np.trace(products)
    # At most the largest of the squared singular values.
    size = np.sum(products**2) / max(whole, np.finfo(float).tiny)
    factor, order, rank, _ = lapack.dpstrf(products, tol=least**2 * size, lower=1)
    kept, rest = order[:rank] - 1, order[rank:] - 1
    beside = factor[rank:, :rank]
    left = products[np.ix_(rest, rest)] - beside @ beside.T
    if np.linalg.norm(left) > least**2 * size:
        return None
    return int(rank) if _far_from_zero(products[np.ix_(kept, kept)], least, whole) else None
