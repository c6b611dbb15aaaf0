"""Values with their joint covariance: what tables, frames and tests take."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Places
from opinionpanel.estimates.about import About
from opinionpanel.estimates.covariances import Covariance
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.estimates.imputations import Imputations
from opinionpanel.estimates.labels import Labels
from opinionpanel.estimates.own_limits import OwnLimits
from opinionpanel.estimates.replicates import Replicates

Unit = Literal["share", "change", "number"]
# What the values of a unit lie between, where a measure does not say it more closely.
RANGES: dict[Unit, tuple[float, float]] = {
    "share": (0.0, 1.0),
    "change": (-1.0, 1.0),
    "number": (-np.inf, np.inf),
}
# What rounding leaves of a standard error of 0: the root of what it leaves of a variance.
ROUNDING = 1e-7


@dataclass(frozen=True, eq=False)
class Sources:
    """What estimates were computed from: where that is withheld, so are they.

    Attributes
    ----------
    parts : tuple of (numpy.ndarray of bool, shape (m, k), Values)
        Which of the k values each of the m estimates depends on.
    """

    parts: tuple[tuple[Booleans, "Values"], ...]

    def at(self, rows: Places) -> "Sources":
        """Keep those of the estimates at some places."""
        return Sources(tuple((depends[rows], values) for depends, values in self.parts))

    def any(self, mark: Callable[["Values"], Booleans]) -> Booleans:
        """Mark the estimates that depend on a value that is marked."""
        marks = [(depends & mark(values)).any(axis=1) for depends, values in self.parts]
        return np.asarray(np.logical_or.reduce(marks))


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Values:
    """Values with their joint covariance; the attributes are described at `Estimates`."""

    named: Labels
    value: Floats
    spread: Covariance
    freedom: Freedom
    n: Floats
    n_effective: Floats
    about: About
    n_cell: Floats | None = None
    size: Floats | None = None
    unit: Unit = "share"
    possible: Floats | None = None
    wald: Booleans | None = None
    rough: Booleans | None = None
    exact: Booleans | None = None
    own_limits: OwnLimits | None = None
    replicates: Replicates | None = None
    sources: Sources | None = None
    imputations: Imputations | None = None

    def __len__(self) -> int:
        return len(self.value)

    @property
    def covariance(self) -> Floats:
        """The whole covariance, worked out when first looked at."""
        return self.spread.full

    @property
    def labels(self) -> pd.DataFrame:
        """What each value is, as a frame."""
        return self.named.frame

    @property
    def df(self) -> Floats:
        """Degrees of freedom, worked out when first looked at."""
        # A copy: those of what is derived are taken from them later.
        return self.freedom.values.copy()

    @property
    def std_error(self) -> Floats:
        """Standard errors; rounding never makes a variance negative.

        Where the base has no degrees of freedom, as that of a single person, an error of 0 would
        claim certainty of what nothing is known about: there is none.
        """
        found = np.sqrt(np.maximum(self.spread.variances, 0.0))
        exact = False if self.exact is None else self.exact
        nothing = found <= ROUNDING * np.maximum(np.abs(self.value), 1.0)
        nothing &= ~np.asarray(exact)
        return np.where(nothing & (self.df <= 0), np.nan, found) if nothing.any() else found

    @property
    def missing_information(self) -> Floats | None:
        """The part of the information on each that missing answers took; None if none imputed."""
        return None if self.imputations is None else self.imputations.missing_information

    @property
    def answered(self) -> tuple[Floats, Floats | None]:
        """The people in each base, and in each cell, without those whose answers were imputed.

        They decide on what is withheld: nobody who answered is harder to find for the others.
        """
        if self.imputations is None:
            return self.n, self.n_cell
        cells = self.imputations.n_cell
        return self.imputations.n, self.n_cell if cells is None else cells

    @property
    def ends(self) -> tuple[Floats, Floats]:
        """The least and the greatest value that each can take."""
        least, most = RANGES[self.unit]
        if self.possible is None:
            return np.full(len(self), least), np.full(len(self), most)
        if self.unit == "share":
            return np.clip(self.possible[:, 0], 0.0, 1.0), np.clip(self.possible[:, 1], 0.0, 1.0)
        return self.possible[:, 0], self.possible[:, 1]

    @property
    def without_coverage(self) -> Booleans:
        """Mark values of which no interval would cover what it promises, and no p-value hold.

        A single part of turnover has an interval, with a caution beside it. A difference of two
        is close to 0 where both are equally wrong, and its interval would be a claim.
        """
        if self.rough is None or self.unit == "share":
            return np.zeros(len(self), dtype=bool)
        return self.rough
