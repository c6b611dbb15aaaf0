"""Estimates that are no function of a few cell totals: their covariance from scores of people."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel import engine
from opinionpanel.about import About
from opinionpanel.calibrated import residuals
from opinionpanel.errors import DesignError
from opinionpanel.estimates import Estimates
from opinionpanel.figures import Unit
from opinionpanel.freedom import Members, ReplicateMembers, UnitMembers
from opinionpanel.progress import steps
from opinionpanel.replicates import Replicates
from opinionpanel.sampling import AnySampling, Replication, Sampling
from opinionpanel.weights import PersonWeight

__all__ = ["Fits", "score_covariance"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Fits:
    """One fit for each of some groups of people, all with the same weight.

    Attributes
    ----------
    sampling : Sampling or Replication
    weight : PersonWeight
    codes : numpy.ndarray of int, shape (people,)
        The fit that each person belongs to; -1 for people outside the base.
    number : int
        How many fits there are.
    """

    sampling: AnySampling
    weight: PersonWeight
    codes: Integers
    number: int

    def estimates(
        self,
        labels: pd.DataFrame,
        value: Floats,
        *,
        of: Integers,
        scores: Floats,
        refit: Callable[[Floats], Floats],
        about: About,
        unit: Unit,
        what: str,
    ) -> Estimates:
        """Bring the design to fitted values.

        Parameters
        ----------
        labels : pandas.DataFrame, p rows
        value : numpy.ndarray, shape (p,)
            The fitted values; NaN for undefined ones.
        of : numpy.ndarray of int, shape (p,)
            The fit that each value comes from.
        scores : numpy.ndarray, shape (people, p)
            The derivative of every value by the weight of each person, 0 for people who do not
            count in it; NaN in the columns of values without a derivative, which get no standard
            error.
        refit : callable
            From weights, shape (people,), to the values, shape (p,). Used with replicate weights
            only.
        about : About
        unit : {"share", "change", "number"}
        what : str
            What is refitted, for the progress bar.

        Notes
        -----
        V(θ) is the design covariance of the totals Σ w_k u_k, with u_k = ∂θ/∂w_k (Binder 1983,
        International Statistical Review 51; Lumley 2010, Complex Surveys, ch. 2); calibrated
        weights take out what their margins explain.
        """
        values, codes = self.weight.values, np.where(self.weight.values > 0, self.codes, -1)
        kept = np.isfinite(value) & np.isfinite(scores).all(axis=0)
        if isinstance(self.sampling, Replication):
            replicates = self._replicated(refit, what).through(
                lambda values: np.where(kept, values, np.nan)
            )
            covariance = replicates.covariance(value)
        else:
            replicates = None
            counted = np.where(codes[:, None] >= 0, scores[:, kept], 0.0)
            rows = residuals(self.weight.calibrations, values, counted)
            covariance = np.full((len(value), len(value)), np.nan)
            covariance[np.ix_(kept, kept)] = score_covariance(self.sampling, rows)
        n = engine.counts([codes], [self.number], codes >= 0).astype(np.float64)
        total = engine.sums([codes], [self.number], values)
        squares = engine.sums([codes], [self.number], values**2)
        kish = np.divide(total**2, squares, out=np.zeros(self.number), where=squares > 0)
        return Estimates(
            labels=labels,
            value=value,
            covariance=covariance,
            df=self._members(codes).df(np.eye(self.number, dtype=bool))[of],
            n=n[of],
            n_effective=kish[of],
            about=about,
            unit=unit,
            replicates=replicates,
        )

    def _replicated(self, refit: Callable[[Floats], Floats], what: str) -> Replicates:
        assert isinstance(self.sampling, Replication)
        columns = self.weight.replicates
        if columns is None:
            raise DesignError(
                f"There are no replicate weights for {self.weight.text}. Name them in the "
                "ReplicateDesign, with replicates={wave or (from wave, to wave): columns}."
            )
        rows = [refit(columns[:, place]) for place in steps(range(columns.shape[1]), what)]
        sampling = self.sampling
        return Replicates(np.vstack(rows), sampling.scale, sampling.rscales, sampling.mse)

    def _members(self, codes: Integers) -> Members:
        if isinstance(self.sampling, Replication):
            assert self.weight.replicates is not None
            weights = [self.weight.replicates]
            return ReplicateMembers([codes], [self.number], weights, self.sampling.df)
        unit, units = self.sampling.units
        people = engine.counts([unit, codes], [units, self.number], codes >= 0)
        return UnitMembers(people, self.sampling.stratum_of_psu)


def score_covariance(sampling: Sampling, rows: Floats) -> Floats:
    """Covariance of totals over people.

    Parameters
    ----------
    sampling : Sampling
    rows : numpy.ndarray, shape (people, p)
        What each person adds to each total, the weight included; 0 for people outside the base.
    """
    unit, units = sampling.units
    by_unit = engine.column_sums(unit, units, rows).T
    if sampling.psu is not None:
        return sampling.covariance_of_psus(by_unit)
    scale = sampling.scale[sampling.stratum][:, None]
    return sampling.covariance_of_people((rows * scale).T @ rows, by_unit)
