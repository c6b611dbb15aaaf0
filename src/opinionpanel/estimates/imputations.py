"""What estimates from several imputed data sets vary by: within each, and between them.

Rubin's rules. What is within is the covariance of the design, as of any other estimates; what is
between is what the missing answers hide.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Places
from opinionpanel.estimates.covariances import Covariance, side_by_side, weighted_sum
from opinionpanel.estimates.derivatives import least
from opinionpanel.estimates.freedom import Freedom

# What rounding leaves of a variance that is 0, as a part of another.
ROUNDING = 1e-14


@dataclass(frozen=True, eq=False)
class Imputations:
    """The two parts of the covariance of m estimates that are pooled over imputed data sets.

    Parameters
    ----------
    within : Covariance
        W̄, the mean of the design's covariances.
    between : Covariance
        (1 + 1/M) B, with B the covariance of the estimates over the M data sets.
    number : numpy.ndarray, shape (m,)
        M; infinite for an estimate of which nothing was imputed.
    complete : Freedom
        The degrees of freedom of the design, if nothing were missing.
    n, n_cell : numpy.ndarray, shape (m,)
        The people in the base, and in the cell if that makes sense, who answered: what is withheld
        depends on them, and not on who was imputed.
    """

    within: Covariance
    between: Covariance
    number: Floats
    complete: Freedom
    n: Floats
    n_cell: Floats | None = None

    @property
    def spread(self) -> Covariance:
        """T = W̄ + (1 + 1/M) B."""
        return weighted_sum([self.within, self.between], [1.0, 1.0])

    @property
    def freedom(self) -> Freedom:
        """Degrees of freedom for samples of any size, where B is estimated from M data sets.

        Notes
        -----
        With r = (1 + 1/M) B / W̄ and ν the design's degrees of freedom, 1 / (1/a + 1/b), where
        a = (M − 1)(1 + 1/r)² and b = ν (ν + 1) / (ν + 3) · W̄ / (W̄ + B): Barnard & Rubin 1999,
        Biometrika 86, with b as mitools has it. ν itself where nothing varies between data sets.
        """
        return Freedom(self._freedom)

    def _freedom(self) -> Floats:
        within, between, complete = *self._variances(), self.complete.values
        varies = between > ROUNDING * within
        with np.errstate(all="ignore"):
            few = (self.number - 1) * (1 + within / between) ** 2
            alone = between / (1 + 1 / self.number)
            seen = complete * (complete + 1) / (complete + 3) * within / (within + alone)
            both = np.where(within > 0, 1 / (1 / few + 1 / seen), few)
        return np.where(varies, both, complete)

    @property
    def missing_information(self) -> Floats:
        """The part of the information on each estimate that missing answers took, shape (m,).

        Notes
        -----
        (r + 2 / (df + 3)) / (r + 1), as Rubin (1987, ch. 3) and mitools have it; 0 where nothing
        varies between data sets.
        """
        within, between = self._variances()
        with np.errstate(all="ignore"):
            ratio = between / within
            found = np.where(within > 0, (ratio + 2 / (self.freedom.values + 3)) / (ratio + 1), 1.0)
        found = np.where(between > ROUNDING * within, found, 0.0)
        return np.where(np.isfinite(within), found, np.nan)

    def _variances(self) -> tuple[Floats, Floats]:
        return self.within.variances, np.maximum(self.between.variances, 0.0)

    def at(self, rows: Places) -> "Imputations":
        """Keep those of the estimates at some places."""
        return Imputations(
            self.within.at(rows),
            self.between.at(rows),
            self.number[rows],
            self.complete.at(rows),
            self.n[rows],
            None if self.n_cell is None else self.n_cell[rows],
        )

    def without(self, rows: Booleans) -> "Imputations":
        """Take the variance away from some estimates."""
        return replace(self, within=self.within.without(rows), between=self.between.without(rows))

    def through(self, slopes: Floats, defined: Booleans) -> "Imputations":
        """Carry both parts through what is derived, whose slopes have shape (k, m)."""
        depends = slopes != 0
        return Imputations(
            self.within.through(slopes, defined),
            self.between.through(slopes, defined),
            least(depends, self.number),
            self.complete.least(depends),
            least(depends, self.n),
        )


def none_of(spread: Covariance, freedom: Freedom, n: Floats, n_cell: Floats | None) -> Imputations:
    """Say of estimates of which nothing was imputed that nothing varies between data sets."""
    number = np.full(len(spread), np.inf)
    return Imputations(spread, weighted_sum([spread], [0.0]), number, freedom, n, n_cell)


def joined(parts: Sequence[Imputations]) -> Imputations:
    """Put those of independent panels one after the other."""
    cells = [part.n_cell for part in parts if part.n_cell is not None]
    return Imputations(
        side_by_side([part.within for part in parts]),
        side_by_side([part.between for part in parts]),
        np.concatenate([part.number for part in parts]),
        Freedom(lambda: np.concatenate([part.complete.values for part in parts])),
        np.concatenate([part.n for part in parts]),
        None if len(cells) < len(parts) else np.concatenate(cells),
    )
