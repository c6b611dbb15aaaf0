"""How values vary together: worked out when somebody asks, and no more of it than was asked for."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers, Places
from opinionpanel.errors import SelectionError

# Values whose variances are worked out at a time: blocks of them stay in the processor's cache.
CHUNK = 64
# Values of whom all pairs take 3 GB: what does not fit is refused before it is tried.
MOST = 20_000

# Places of values, and how much each counts in some sums, shape (sums, values); None for the
# values themselves.
Sums = tuple[Places, Floats | None]


class Source(Protocol):
    """What varies in the first place, and all values are sums of."""

    def product(self, cells: Places, factors: Floats | None, *, variances: bool = False) -> Floats:
        """Covariance of sums of cells, F V Fᵀ; with `variances` only its diagonal need be right."""
        ...

    def ratios(self, value: Floats, base: Floats, domain: Integers) -> Floats | None:
        """Variances of all ratios of `Covariance.ratios`; None where `product` has to do."""
        ...


class Matrix:
    """Cells whose covariance is there as a matrix."""

    def __init__(self, matrix: Floats) -> None:
        self._matrix = matrix

    def product(self, cells: Places, factors: Floats | None, *, variances: bool = False) -> Floats:
        """Covariance of sums of cells, as in `Source`."""
        inner = self._matrix[np.ix_(cells, cells)]
        return inner if factors is None else np.asarray(factors @ inner @ factors.T)

    def ratios(self, value: Floats, base: Floats, domain: Integers) -> Floats | None:
        """Variances of ratios, as in `Source`."""
        return None


class Deviations:
    """Cells that vary over replicates, shape (R, cells), by the products of their deviations."""

    def __init__(self, deviations: Floats) -> None:
        self._deviations = deviations

    def product(self, cells: Places, factors: Floats | None, *, variances: bool = False) -> Floats:
        """Covariance of sums of cells, as in `Source`."""
        part = self._deviations[:, cells]
        part = part if factors is None else part @ factors.T
        return np.asarray(part.T @ part)

    def ratios(self, value: Floats, base: Floats, domain: Integers) -> Floats | None:
        """Variances of ratios, as in `Source`."""
        return None


class Blocks:
    """Values of independent samples one after the other: none varies with those of another.

    Parameters
    ----------
    parts : sequence of Covariance
    """

    def __init__(self, parts: "Sequence[Covariance]") -> None:
        self._parts = parts
        self._ends = np.cumsum([len(part) for part in parts])

    def product(self, cells: Places, factors: Floats | None, *, variances: bool = False) -> Floats:
        """Covariance of sums of cells, as in `Source`."""
        factors = np.eye(len(cells)) if factors is None else factors
        found = np.zeros((len(factors), len(factors)))
        for part, end in zip(self._parts, self._ends, strict=True):
            own = np.flatnonzero((cells >= end - len(part)) & (cells < end))
            inner = part.block(cells[own] - (end - len(part)))
            found += factors[:, own] @ inner @ factors[:, own].T
        return found

    def ratios(self, value: Floats, base: Floats, domain: Integers) -> Floats | None:
        """Variances of ratios, as in `Source`."""
        return None


class Added:
    """Values that several things vary by, independently: the sum of these covariances.

    Parameters
    ----------
    parts : sequence of Covariance
        Of the same values.
    weights : sequence of float
    """

    def __init__(self, parts: "Sequence[Covariance]", weights: Sequence[float]) -> None:
        self._parts, self._weights = parts, weights

    def product(self, cells: Places, factors: Floats | None, *, variances: bool = False) -> Floats:
        """Covariance of sums of cells, as in `Source`."""
        found = np.zeros((len(cells), len(cells)))
        for part, weight in zip(self._parts, self._weights, strict=True):
            found += weight * part.block(cells)
        return found if factors is None else np.asarray(factors @ found @ factors.T)

    def ratios(self, value: Floats, base: Floats, domain: Integers) -> Floats | None:
        """Variances of ratios, as in `Source`."""
        return None


class Covariance:
    """The covariance of m values, of which blocks are worked out when they are asked for.

    Parameters
    ----------
    source : Source
    known : numpy.ndarray of bool, shape (m,)
        Which values have a variance; others have NaN.
    origin : callable
        From sums of values to the sums of cells of the source that they are; `themselves` where the
        values are the cells.
    find : callable, optional
        Finds all variances in a quicker way; None where there is none.
    """

    def __init__(
        self,
        source: Source,
        known: Booleans,
        origin: Callable[[Places, Floats | None], Sums],
        find: Callable[[], Floats | None] = lambda: None,
    ) -> None:
        self._source, self._known, self._origin, self._find = source, known, origin, find

    def __len__(self) -> int:
        return len(self._known)

    def __reduce__(self) -> Any:
        # What it comes from holds the people, and does not go into another process or a file.
        return of_matrix, (self.full,)

    @property
    def known(self) -> Booleans:
        """Which values have a variance, shape (m,)."""
        return self._known

    @cached_property
    def variances(self) -> Floats:
        """The variance of each value, shape (m,)."""
        if self.quick is not None:
            return np.where(self._known, self.quick, np.nan)
        found = np.full(len(self), np.nan)
        places = np.flatnonzero(self._known)
        for start in range(0, len(places), CHUNK):
            part = places[start : start + CHUNK]
            sums = self._origin(part, None)
            found[part] = self._source.product(*sums, variances=True).diagonal()
        return found

    @cached_property
    def quick(self) -> Floats | None:
        """The variance of each value where there is a quicker way to all of them, or None."""
        return self._find()

    @cached_property
    def full(self) -> Floats:
        """All of it, shape (m, m)."""
        if len(self) > MOST:
            raise SelectionError(
                f"The covariance of all {len(self):,} estimates with each other would take "
                f"{8 * len(self) ** 2 / 1e9:,.0f} GB. Keep those to compare first, with "
                ".select(...); standard errors, and differences of those kept, need no more."
            )
        return self.block(np.arange(len(self)))

    def block(self, rows: Places) -> Floats:
        """Covariance of the values at some places with each other."""
        known = self._known[rows]
        product = self._source.product(*self._origin(rows[known], None))
        product = (product + product.T) / 2
        if known.all():
            return product
        found = np.full((len(rows), len(rows)), np.nan)
        found[np.ix_(known, known)] = product
        return found

    def at(self, rows: Places) -> "Covariance":
        """Keep the values at some places."""
        return Covariance(
            self._source,
            self._known[rows],
            lambda some, sums: self._origin(rows[some], sums),
            lambda: None if self.quick is None else self.quick[rows],
        )

    def without(self, rows: Booleans) -> "Covariance":
        """Take the variance away from some values."""
        return Covariance(self._source, self._known & ~rows, self._origin, lambda: self.quick)

    def through(self, factors: Floats, defined: Booleans) -> "Covariance":
        """Combine values linearly, F V Fᵀ with one row of F for each result.

        NaN for undefined results, and for those that rest on a value without a variance.
        """
        known = defined & ~(factors[:, ~self._known] != 0).any(axis=1)

        def origin(some: Places, sums: Floats | None) -> Sums:
            part = factors[some] if sums is None else sums @ factors[some]
            used = np.flatnonzero((part != 0).any(axis=0))
            return self._origin(used, part[:, used])

        return Covariance(self._source, known, origin)

    def ratios(self, value: Floats, base: Floats, domain: Integers) -> "Covariance":
        """Divide values by sums of them: r = v / Σ v over the values of the same domain.

        Parameters
        ----------
        value : numpy.ndarray, shape (m,)
            The ratios; NaN for undefined ones.
        base : numpy.ndarray, shape (m,)
            What each is divided by.
        domain : numpy.ndarray of int, shape (m,)
        """
        # The ratios themselves are shown, and may be written to before anybody looks here.
        value = value.copy()

        def origin(some: Places, sums: Floats | None) -> Sums:
            asked = np.zeros(domain.max(initial=-1) + 1, dtype=bool)
            asked[domain[some]] = True
            used = np.flatnonzero(asked[domain])
            if sums is None:
                own, inside = some[:, None] == used, domain[some, None] == domain[used]
                return self._origin(used, (own - value[some, None] * inside) / base[some, None])
            # Of sums of many ratios the square of these is not made.
            part = np.zeros((len(sums), len(value)))
            part[:, some] = sums / base[some]
            shared = np.zeros((len(asked), len(sums)))
            np.add.at(shared, domain[some], (part[:, some] * value[some]).T)
            return self._origin(used, part[:, used] - shared.T[:, domain[used]])

        def find() -> Floats | None:
            if self._origin is not themselves:
                return None
            return self._source.ratios(value, base, domain)

        # Ratios to nobody have no value; all others rest on values that vary.
        return Covariance(self._source, np.isfinite(value), origin, find)


def themselves(cells: Places, sums: Floats | None) -> Sums:
    """Say that values are the cells of their source."""
    return cells, sums


def of_matrix(matrix: Floats) -> Covariance:
    """Take a covariance that is there as a matrix; NaN for values without a variance."""
    return Covariance(Matrix(matrix), np.isfinite(matrix.diagonal()), themselves)


def of_deviations(deviations: Floats, value: Floats) -> Covariance:
    """Take the covariance of values that vary over replicates; NaN where any of them is."""
    known = np.isfinite(deviations).all(axis=0) & np.isfinite(value)
    return Covariance(Deviations(deviations), known, themselves)


def calibrated(source: Source, effect: Floats) -> Covariance:
    """Take what margins explain out of cells, V = [I, −Bᵀ] V_stacked [I, −Bᵀ]ᵀ.

    Parameters
    ----------
    source : Source
        The cells, and after them the margins.
    effect : numpy.ndarray, shape (categories of all margins, cells)
        B, as in `Margins`.
    """
    categories, cells = effect.shape

    def origin(some: Places, sums: Floats | None) -> Sums:
        own = np.eye(len(some)) if sums is None else sums
        explained = own @ effect[:, some].T
        used = np.flatnonzero((explained != 0).any(axis=0))
        return np.concatenate([some, cells + used]), np.hstack([own, -explained[:, used]])

    known = np.ones(cells, dtype=bool)
    return Covariance(source, known, origin if categories else themselves)


def side_by_side(parts: Sequence[Covariance]) -> Covariance:
    """Put the values of independent samples one after the other."""
    known = np.concatenate([part.known for part in parts])
    return Covariance(
        Blocks(parts),
        known,
        themselves,
        lambda: np.concatenate([part.variances for part in parts]),
    )


def weighted_sum(parts: Sequence[Covariance], weights: Sequence[float]) -> Covariance:
    """Add covariances of the same values; what one of them does not know has no variance."""
    known = np.logical_and.reduce([part.known for part in parts])

    def find() -> Floats:
        variances = [part.variances for part in parts]
        return np.tensordot(np.asarray(weights), np.stack(variances), axes=1)

    return Covariance(Added(parts, weights), known, themselves, find)
