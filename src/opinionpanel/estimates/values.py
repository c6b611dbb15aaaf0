"""Values with their joint covariance: what tables, frames and tests take."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.estimates.about import About
from opinionpanel.estimates.replicates import Replicates

Unit = Literal["share", "change", "number"]
ROUNDING = 1e-12


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Values:
    """Values with their joint covariance; the attributes are described at `Estimates`."""

    labels: pd.DataFrame
    value: Floats
    covariance: Floats
    df: Floats
    n: Floats
    n_effective: Floats
    about: About
    n_cell: Floats | None = None
    unit: Unit = "share"
    wald: Booleans | None = None
    exact: Booleans | None = None
    replicates: Replicates | None = None

    def __len__(self) -> int:
        return len(self.value)

    @property
    def std_error(self) -> Floats:
        """Standard errors; rounding never makes a variance negative.

        Where the base has no degrees of freedom, as that of a single person, an error of 0 would
        claim certainty of what nothing is known about: there is none.
        """
        found = np.sqrt(np.maximum(np.diag(self.covariance), 0.0))
        exact = False if self.exact is None else self.exact
        nothing = found <= ROUNDING * np.maximum(np.abs(self.value), 1.0)
        return np.where(nothing & (self.df <= 0) & ~np.asarray(exact), np.nan, found)
