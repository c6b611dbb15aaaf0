"""Estimates: values with their joint covariance, and everything derived from them."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.about import PAIR, About
from opinionpanel.errors import SelectionError, listing, unknown
from opinionpanel.intervals import Interval, confidence_limits

__all__ = ["Estimates"]

Floats = npt.NDArray[np.float64]
Unit = Literal["share", "change", "number"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimates:
    """Estimates with their joint design covariance.

    Measures return it; nothing else is needed to compare any two of its rows.

    Attributes
    ----------
    labels : pandas.DataFrame, m rows
        What each estimate is: wave or from_wave and to_wave, groups, state or origin and
        destination.
    value : numpy.ndarray, shape (m,)
        The estimates; shares lie between 0 and 1. NaN where nobody is in the base.
    covariance : numpy.ndarray, shape (m, m)
        Design covariance between all of them; NaN in the rows of undefined values.
    df : numpy.ndarray, shape (m,)
        Degrees of freedom of the design in the base: PSUs minus strata that have members.
    n : numpy.ndarray, shape (m,)
        Unweighted people in the base; the least base for a derived quantity.
    n_cell : numpy.ndarray, shape (m,), or None
        Unweighted people in the cell itself, where that makes sense.
    n_effective : numpy.ndarray, shape (m,)
        `n` divided by the Kish design effect of the base.
    unit : {"share", "change", "number"}
        Shares lie between 0 and 1 and are shown in per cent; changes are shown in percentage
        points; numbers, such as a ratio of two flows, as they are.
    wald : numpy.ndarray of bool, shape (m,), or None
        Shares that get Wald limits, cut at 0 and 1, whatever interval is asked for: parts of
        turnover, which near a tie have no logit interval. Changes and numbers always get Wald
        limits.
    about : About
        Question, base, weight, waves, dates and source, for captions.
    """

    labels: pd.DataFrame
    value: Floats
    covariance: Floats
    df: Floats
    n: Floats
    n_effective: Floats
    about: About
    n_cell: Floats | None = None
    unit: Unit = "share"
    wald: npt.NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.value)

    @property
    def std_error(self) -> Floats:
        """Standard errors; rounding never makes a variance negative."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def to_frame(
        self, *, level: float = 0.95, interval: Interval = "logit", min_n: int = 0
    ) -> pd.DataFrame:
        """Return the estimates as a frame, one row each.

        Parameters
        ----------
        level : float
            Confidence level.
        interval : {"logit", "beta", "wilson", "wald"}
            Interval of shares; differences always get Wald limits on the t scale.
        min_n : int
            Withhold (NaN) every estimate whose unweighted base `n` is smaller, and say so in a
            column `withheld`.

        Returns
        -------
        pandas.DataFrame
            The labels, then ``estimate std_error conf_low conf_high n`` and, for cells,
            ``n_cell``. NaN means undefined (nobody in the base) or withheld.

        Raises
        ------
        SelectionError
            The level or the interval is unknown.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("thomas_1991_3")
        >>> op.turnover(panel, "opinion").to_frame()[["component", "estimate", "n"]].round(3)
          component  estimate    n
        0     total     0.446  991
        1       net     0.232  991
        2  exchange     0.204  991
        3     shift     0.010  991
        """
        wald = np.zeros(len(self), dtype=bool) if self.wald is None else self.wald
        share = ~wald & (self.unit == "share")
        low, high = confidence_limits(
            interval,
            level,
            share=share,
            value=self.value,
            std_error=self.std_error,
            df=self.df,
            n=self.n,
            n_effective=self.n_effective,
        )
        if self.unit == "share":
            low = np.where(wald, np.maximum(low, 0), low)
            high = np.where(wald, np.minimum(high, 1), high)
        frame = self.labels.reset_index(drop=True).assign(
            estimate=self.value, std_error=self.std_error, conf_low=low, conf_high=high
        )
        frame["n"] = self.n.astype(np.int64)
        if self.n_cell is not None:
            frame["n_cell"] = self.n_cell.astype(np.int64)
        if min_n:
            small = self.n < min_n
            hidden = ["estimate", "std_error", "conf_low", "conf_high"]
            frame.loc[small, hidden] = np.nan
            if self.n_cell is not None:
                frame["n_cell"] = frame["n_cell"].astype("Int64").mask(small)
            frame["withheld"] = small
        return frame

    def select(self, **labels: Hashable | list[Hashable]) -> "Estimates":
        """Keep the rows with the given labels, covariance included.

        Parameters
        ----------
        **labels
            Column name to one value or a list of values, for example ``gender="woman"``.

        Raises
        ------
        SelectionError
            A column or a value is not among the labels, or no row has all of them.
        """
        keep = np.ones(len(self), dtype=bool)
        for column, wanted in labels.items():
            values = wanted if isinstance(wanted, list) else [wanted]
            for value in values:
                self._check_label(column, value)
            keep &= self.labels[column].isin(values).to_numpy()
        if not keep.any():
            raise SelectionError(f"No estimate has all of the labels {labels!r}.")
        return self._rows(np.flatnonzero(keep))

    def difference(self, column: str, a: Hashable, *, minus: Hashable) -> "Estimates":
        """Difference between two values of a label, for every combination of the other labels.

        Parameters
        ----------
        column : str
            A label column, for example ``"wave"`` or ``"gender"``.
        a, minus : hashable
            The value of that label to start from, and the value to subtract.

        Returns
        -------
        Estimates
            With the covariance between the two, so that overlapping people are accounted for.

        Raises
        ------
        SelectionError
            The column or one of the values does not exist, or nothing matches between them.
        """
        self._check_label(column, a)
        self._check_label(column, minus)
        others = [name for name in self.labels if name != column]
        if column in PAIR:
            others = [name for name in others if name not in PAIR]
        rows = self.labels.reset_index(drop=True).reset_index(names="row")
        first, second = rows[rows[column] == a], rows[rows[column] == minus]
        if others:
            matched = first.merge(second, on=others, suffixes=("", "_minus"), sort=False)
        else:
            matched = first.merge(second, how="cross", suffixes=("", "_minus"))
        if not len(matched) == len(first) == len(second):
            raise SelectionError(
                f"{column} {a!r} and {minus!r} do not match row by row on {listing(others)}. "
                "Select one pair of waves or one group first, with .select(...)."
            )
        matrix = np.zeros((len(matched), len(self)))
        index = np.arange(len(matched))
        matrix[index, matched["row"]] += 1.0
        matrix[index, matched["row_minus"]] -= 1.0
        labels = matched[others].copy()
        labels.insert(0, column, f"{a} − {minus}")
        return self.contrast(
            matrix,
            labels,
            title=f"Difference: {self.about.title}",
            base=f"{self.about.base}, the smaller of the two compared",
        )

    def contrast(self, matrix: npt.ArrayLike, labels: pd.DataFrame, **about: Any) -> "Estimates":
        """Linear combinations of the estimates.

        Parameters
        ----------
        matrix : array_like, shape (k, m)
            One row of coefficients for each of the k combinations.
        labels : pandas.DataFrame, k rows
            What each combination is.
        **about
            Fields of `About` to replace in the caption.

        Raises
        ------
        SelectionError
            The shape does not fit.
        """
        matrix = np.asarray(matrix, dtype=np.float64)
        if matrix.ndim != 2 or matrix.shape[1] != len(self) or matrix.shape[0] != len(labels):
            raise SelectionError(
                f"The matrix has shape {matrix.shape}; {len(labels)} label row(s) and {len(self)} "
                f"estimates need ({len(labels)}, {len(self)})."
            )
        # Times zero an undefined value is still undefined: leave those it does not touch out.
        used = (matrix != 0).any(axis=0) & np.isfinite(self.value)
        value = matrix[:, used] @ self.value[used]
        value[(matrix[:, ~np.isfinite(self.value)] != 0).any(axis=1)] = np.nan
        unit: Unit = "number" if self.unit == "number" else "change"
        return self._derived(value, matrix, labels, replace(self.about, **about), unit)

    def derive(
        self, function: Callable[[npt.NDArray[Any]], npt.ArrayLike], labels: pd.DataFrame
    ) -> "Estimates":
        """Any smooth function of the estimates, with standard errors by linearisation.

        Parameters
        ----------
        function : callable
            Takes the m values as an array, returns k values. It must be smooth and take complex
            numbers: no ``abs``, ``min`` or ``max``.
        labels : pandas.DataFrame, k rows
            What each result is.

        Raises
        ------
        SelectionError
            The function is not smooth at the estimate, or does not return k values.

        Notes
        -----
        The derivative is a complex step, exact to rounding, checked against central differences
        (the delta method; Lumley 2010, ch. 2).

        Examples
        --------
        >>> import pandas as pd, opinionpanel as op
        >>> flows = op.flows(op.datasets.load("agresti_approval"), "opinion")
        >>> ratio = flows.derive(lambda p: [p[1] / p[2]], pd.DataFrame({"ratio": ["lost/won"]}))
        >>> ratio.to_frame()[["ratio", "estimate", "std_error"]].round(3)
              ratio  estimate  std_error
        0  lost/won     1.744      0.236
        """
        # A copy: the function may work in place.
        value = np.array(function(self.value.copy()), dtype=np.float64)
        if value.shape != (len(labels),):
            raise SelectionError(
                f"The function returned shape {value.shape} for {len(labels)} label row(s)."
            )
        jacobian = _jacobian(function, self.value, len(value))
        about = replace(self.about, title="Derived from: " + self.about.title)
        return self._derived(value, jacobian, labels, about, "number")

    def matrix(self) -> pd.DataFrame:
        """Return the values as a table: the last label in the columns, the others in the rows.

        For transitions of one pair of waves that is origin by destination. Labels that have a
        single value are left out of the rows.
        """
        *rows, last = list(self.labels)
        varying = [name for name in rows[:-1] if self.labels[name].nunique() > 1] + rows[-1:]
        if not varying:
            return pd.DataFrame([self.value], columns=pd.Index(self.labels[last], name=last))
        table = self.labels[[*varying, last]].assign(estimate=self.value)
        order = [self.labels[name].drop_duplicates() for name in (*varying, last)]
        wide = table.set_index([*varying, last])["estimate"].unstack(last)
        wide = wide.reindex(columns=pd.Index(order[-1], name=last))
        index = self.labels[varying].drop_duplicates()
        if len(varying) == 1:
            return wide.reindex(index=pd.Index(index[varying[0]], name=varying[0]))
        return wide.reindex(index=pd.MultiIndex.from_frame(index))

    def __str__(self) -> str:
        from opinionpanel.tables import text_table

        return text_table(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from opinionpanel.tables import html_table

        return html_table(self)

    def _check_label(self, column: str, value: Hashable) -> None:
        if column not in self.labels:
            raise unknown("label column", column, self.labels.columns)
        known = self.labels[column].drop_duplicates().tolist()
        if value not in known:
            raise unknown(column, value, known)

    def _rows(self, rows: npt.NDArray[np.intp]) -> "Estimates":
        return replace(
            self,
            labels=self.labels.iloc[rows].reset_index(drop=True),
            about=self.about.narrowed(self.labels.iloc[rows]),
            value=self.value[rows],
            covariance=self.covariance[np.ix_(rows, rows)],
            df=self.df[rows],
            n=self.n[rows],
            n_effective=self.n_effective[rows],
            n_cell=None if self.n_cell is None else self.n_cell[rows],
            wald=None if self.wald is None else self.wald[rows],
        )

    def _derived(
        self, value: Floats, jacobian: Floats, labels: pd.DataFrame, about: About, unit: Unit
    ) -> "Estimates":
        """Build what depends on these estimates: least df and base, covariance J V Jᵀ."""
        depends = jacobian != 0
        return Estimates(
            labels=labels.reset_index(drop=True),
            value=value,
            covariance=sandwich(jacobian, self.covariance, np.isfinite(value)),
            df=_least(depends, self.df),
            n=_least(depends, self.n),
            n_effective=_least(depends, self.n_effective),
            unit=unit,
            about=about,
        )


def sandwich(jacobian: Floats, covariance: Floats, defined: npt.NDArray[np.bool_]) -> Floats:
    """J V Jᵀ, with NaN for undefined results and without the undefined inputs nobody uses."""
    used = (jacobian[defined] != 0).any(axis=0)
    inner = jacobian[np.ix_(defined, used)]
    result = np.full((len(jacobian), len(jacobian)), np.nan)
    product = inner @ covariance[np.ix_(used, used)] @ inner.T
    result[np.ix_(defined, defined)] = (product + product.T) / 2
    return result


def _least(depends: npt.NDArray[np.bool_], values: Floats) -> Floats:
    least = np.where(depends, values, np.inf).min(axis=1, initial=np.inf)
    # What depends on nothing (a difference of an estimate with itself) keeps the least of all.
    return np.asarray(np.where(np.isfinite(least), least, values.min(initial=np.inf)))


def _jacobian(
    function: Callable[[npt.NDArray[Any]], npt.ArrayLike], value: Floats, size: int
) -> Floats:
    exact = np.zeros((size, len(value)))
    numeric = np.zeros((size, len(value)))
    for column in np.flatnonzero(np.isfinite(value)):
        step = np.zeros(len(value))
        step[column] = max(abs(value[column]), 1e-2) * 1e-5
        high = np.asarray(function(value + step), dtype=np.float64)
        low = np.asarray(function(value - step), dtype=np.float64)
        numeric[:, column] = (high - low) / (2 * step[column])
        exact[:, column] = np.imag(np.asarray(function(value + 1e-30j * (step != 0)))) / 1e-30
    scale = np.nanmax(np.abs(numeric), initial=1e-300)
    if not np.nanmax(np.abs(exact - numeric), initial=0.0) <= 1e-5 * scale:
        raise SelectionError(
            "The function is not smooth at the estimate, or does not take complex numbers: its "
            "two derivatives disagree. Avoid abs, min, max and rounding; for those, hold the "
            "signs at the estimate and use .contrast(matrix, labels)."
        )
    return exact
