"""Degrees of freedom of the design in domains."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["Members", "ReplicateMembers", "UnitMembers"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


class Members(Protocol):
    """Who is in which tallied cell."""

    def df(self, domains: Booleans) -> Floats:
        """Degrees of freedom of each domain, given as rows of tallied cells."""
        ...


@dataclass(frozen=True, eq=False)
class UnitMembers:
    """Members by PSU: PSUs minus strata.

    Attributes
    ----------
    people : numpy.ndarray of int, shape (units, tallied cells)
        Members by PSU and cell; by stratum and cell where people are their own PSUs.
    stratum_of_psu : numpy.ndarray of int, shape (units,), or None
        None where people are their own PSUs.
    """

    people: Integers
    stratum_of_psu: Integers | None

    def df(self, domains: Booleans) -> Floats:
        """Count PSUs minus strata with members."""
        inside = self.people @ domains.T.astype(np.int64)
        if self.stratum_of_psu is None:
            units, strata = inside.sum(axis=0), (inside > 0).sum(axis=0)
        else:
            units = (inside > 0).sum(axis=0)
            by_stratum = np.zeros((self.stratum_of_psu.max() + 1, inside.shape[1]), dtype=np.int64)
            np.add.at(by_stratum, self.stratum_of_psu, inside)
            strata = (by_stratum > 0).sum(axis=0)
        return np.asarray(units - strata, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class ReplicateMembers:
    """Members with their replicate weights: the rank of the replicates less one.

    Attributes
    ----------
    codes : sequence of numpy.ndarray of int, shape (people,)
        The tallied cell of each cell variable; -1 for people outside it.
    sizes : sequence of int
        The number of cells of each variable.
    weights : sequence of numpy.ndarray, shape (people, R)
        The replicate weights of each variable.
    declared : float or None
        The most degrees of freedom, as declared.
    """

    codes: Sequence[Integers]
    sizes: Sequence[int]
    weights: Sequence[Floats]
    declared: float | None

    def df(self, domains: Booleans) -> Floats:
        """Count as R's survey does: the rank of the replicate weights in the domain, less one.

        A domain over several cell variables has the least of those in which it has members.
        """
        most = np.inf if self.declared is None else float(self.declared)
        found, anyone = np.full(len(domains), most), np.zeros(len(domains), dtype=bool)
        start = 0
        for codes, size, weights in zip(self.codes, self.sizes, self.weights, strict=True):
            for row, domain in enumerate(domains[:, start : start + size]):
                members = np.flatnonzero((codes >= 0) & domain[codes])
                if len(members):
                    anyone[row] = True
                    found[row] = min(found[row], max(_rank(weights, members) - 1, 0))
            start += size
        return np.where(anyone, found, 0.0)

    def disjoint(self) -> "ReplicateMembers":
        """Take every two variables in turn as one, of different people in the same cells."""
        codes, weights = [], []
        for one, two in zip(
            range(0, len(self.codes), 2), range(1, len(self.codes), 2), strict=True
        ):
            second = self.codes[two] >= 0
            codes.append(np.where(second, self.codes[two], self.codes[one]))
            weights.append(np.where(second[:, None], self.weights[two], self.weights[one]))
        return replace(self, codes=codes, sizes=self.sizes[::2], weights=weights)


def _rank(weights: Floats, members: Integers) -> int:
    """Rank of the replicate weights of some people.

    Notes
    -----
    Many people are first folded into a few rows: each is added, with random signs, to four of
    them. Sums of rows cannot have a higher rank, and random ones almost surely keep it as long as
    there are clearly more of them than the rank; if not, more rows are taken.
    """
    replicates = weights.shape[1]
    most = min(len(members), replicates + replicates // 4 + 64)
    rows = 64
    while rows < most:
        rank = _clear_rank(_folded(weights, members, rows))
        if rank < 0.8 * rows:
            return rank
        rows *= 2
    if most < len(members):
        return _clear_rank(_folded(weights, members, most))
    return _clear_rank(weights[members])


def _clear_rank(rows: Floats) -> int:
    """Rank beyond rounding: files hold six decimals, and R's survey takes 1e-5 of a column."""
    values = np.linalg.svd(rows, compute_uv=False)
    # The largest singular value is some √R times as long as one of the R columns.
    return int((values > 1e-5 / np.sqrt(rows.shape[1]) * values.max(initial=0.0)).sum())


def _folded(weights: Floats, members: Integers, rows: int) -> Floats:
    from scipy import sparse

    rng = np.random.default_rng(1)
    places = rng.integers(rows, size=4 * len(members))
    signs = rng.choice([-1.0, 1.0], size=4 * len(members))
    fold = sparse.csr_array((signs, (places, np.repeat(members, 4))), shape=(rows, len(weights)))
    return np.asarray(fold @ weights)
