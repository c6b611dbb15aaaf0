"""Estimates: values with their joint covariance, and everything derived from them."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.arguments import as_numbers, called, check_named, checked, listed, which
from opinionpanel.arrays import Array, Booleans, Floats, Places
from opinionpanel.errors import SelectionError, unknown
from opinionpanel.estimates.about import About
from opinionpanel.estimates.derivatives import (
    combined,
    combined_range,
    jacobian,
    least,
)
from opinionpanel.estimates.frames import bounded, limits, matched
from opinionpanel.estimates.label_columns import label_of
from opinionpanel.estimates.labels import Labels
from opinionpanel.estimates.shown import Figures
from opinionpanel.estimates.values import Sources, Unit

# Of the intervals that are counted; how many there are does not depend on it.
USUAL_LEVEL = 0.95
# Measures whose figures tell numbers of few people, alone or with each other: what is computed from
# them is withheld where they are.
TELLING = ("quantiles", "mean_change", "transition_bounds")
# Labels as a caller gives them.
Given = pd.DataFrame | Mapping[str, Sequence[Hashable]]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Estimates(Figures):
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
        Design covariance between all of them, worked out when first looked at; NaN in the rows of
        undefined values. Standard errors need no more than a part of it. Of some 20,000 estimates
        and more it is refused: `select` those to compare first.
    df : numpy.ndarray, shape (m,)
        Degrees of freedom of the design in the base: PSUs minus strata that have members; with
        replicate weights, their rank in the base less one. The least for a derived quantity.
    n : numpy.ndarray, shape (m,)
        Unweighted people in the base; the least base for a derived quantity.
    n_cell : numpy.ndarray, shape (m,), or None
        Unweighted people in the cell itself, where that makes sense.
    n_effective : numpy.ndarray, shape (m,)
        `n` divided by the Kish design effect of the base; the least for a derived quantity.
    size : numpy.ndarray, shape (m,), or None
        Sum of weights of the base, of shares.
    unit : {"share", "change", "number"}
        Shares lie between 0 and 1 and are shown in per cent; changes are shown in percentage
        points; numbers, such as a ratio of two flows, as they are.
    possible : numpy.ndarray, shape (m, 2), or None
        The least and the greatest value that each can take, at which limits are cut. None: 0 and 1
        for shares, −1 and 1 for changes, no ends for numbers.
    wald : numpy.ndarray of bool, shape (m,), or None
        Shares that always get Wald limits, cut at 0 and 1: parts of turnover, which near a tie
        have no logit interval. Changes and numbers always get Wald limits.
    rough : numpy.ndarray of bool, shape (m,), or None
        What linearisation does not serve well: net, exchange and shift of turnover, which bend
        where flows are nearly equal, and all that is computed from them. A single one has an
        interval with a caution beside it; a difference of them has no interval and no p-value.
    exact : numpy.ndarray of bool, shape (m,), or None
        Where no standard error means that nothing is left to chance: weights are calibrated, so
        that margins are known, or the strata of the base were taken whole. The interval of a
        share between 0 and 1 is then the share itself.
    own_limits : OwnLimits or None
        What finds the limits of quantiles and of correlations, whatever interval is asked for;
        what is computed from these has Wald limits.
    replicates : Replicates or None
        The same estimates under every replicate weight, if any; `covariance` is then theirs.
    sources : Sources or None
        What quantiles and steps of scores these were computed from, which may be withheld.
    imputations : Imputations or None
        Of estimates that are pooled over imputed data sets, how they vary within each and between
        them; ``covariance`` is the sum of both parts.
    missing_information : numpy.ndarray, shape (m,), or None
        Of these, the part of the information that missing answers took, between 0 and 1.
    about : About
        Question, base, weight, waves, dates and source, for captions.
    """

    @checked
    def select(self, /, **labels: Hashable | Sequence[Hashable]) -> "Estimates":
        """Keep the rows with the given labels, covariance included.

        Parameters
        ----------
        **labels
            Column name to one value or a list of values, for example ``gender="woman"``. A group
            that is named like a column of the result, such as ``wave``, has the label
            ``wave (group)``: ``.select(**{"wave (group)": "first"})``.

        Returns
        -------
        Estimates
            The rows that have all of the labels, in their order; columns that have a single value
            stay.

        Raises
        ------
        SelectionError
            A column or a value is not among the labels, or no row has all of them.

        Examples
        --------
        >>> import opinionpanel as op
        >>> flows = op.flows(op.datasets.load("agresti_approval"), "opinion")
        >>> len(flows.select(origin="approve"))
        2
        """
        keep = np.ones(len(self), dtype=bool)
        for name, wanted in labels.items():
            column = self._label(name)
            values = listed(wanted)
            for value in values:
                self._check_value(column, value)
            keep &= self.named.where(column, *values)
        if not keep.any():
            raise SelectionError(f"No estimate has all of the labels {labels!r}.")
        return self.at(np.flatnonzero(keep))

    @checked
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
            The differences, of shares between −1 and 1, with the covariance between the two sides,
            so that overlapping people are accounted for; NaN where either side is undefined. ``n``
            is the smaller of the two bases.

        Raises
        ------
        SelectionError
            The column or one of the values does not exist, or nothing matches between them.

        Examples
        --------
        >>> import opinionpanel as op
        >>> shares = op.shares(op.datasets.load("agresti_approval"), "opinion")
        >>> first, second = shares.about.waves
        >>> change = shares.difference("wave", second, minus=first)
        >>> [round(float(value), 3) for value in change.value]
        [-0.04, 0.04]
        """
        column = self._label(column)
        self._check_value(column, a)
        self._check_value(column, minus)
        matrix, labels = matched(self.named, self.about, column, a, minus)
        about = self.about.narrowed(self.named.take((matrix != 0).any(axis=0)))
        return self.combination(
            matrix,
            labels,
            title=f"Difference: {self.about.title}",
            base=self.about.smaller_base,
            waves=about.waves,
            weights=about.weights,
            weightless=about.weightless,
            lost=about.lost,
            notes=about.notes,
        )

    @checked
    def pairwise(self, column: str) -> "Estimates":
        """Differences between every two values of a label, the later minus the earlier.

        Parameters
        ----------
        column : str
            A label column, for example ``"age_group"``.

        Returns
        -------
        Estimates
            The differences, one pair after the other, with the covariance between all of them;
            `comparisons` takes them as one family.

        Raises
        ------
        SelectionError
            The column does not exist, has a single value, or its values do not match row by row.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> shares = op.shares(panel, "support", by="age_group", waves=["Jul 2024"])
        >>> len(shares.select(state="approve").pairwise("age_group"))
        6
        """
        column = self._label(column)
        values = self.named.values(column)
        if len(values) < 2:
            raise SelectionError(f"{column} has a single value, {values[0]!r}: nothing to compare.")
        parts = [matched(self.named, self.about, column, b, a) for a, b in combinations(values, 2)]
        return self.combination(
            np.vstack([matrix for matrix, _ in parts]),
            Labels.of(pd.concat([labels.frame for _, labels in parts])),
            title=f"Differences between every two: {self.about.title}",
            base=self.about.smaller_base,
        )

    @checked
    def contrast(self, matrix: npt.ArrayLike, labels: Given, **about: Any) -> "Estimates":
        """Linear combinations of the estimates.

        Parameters
        ----------
        matrix : array_like, shape (k, m)
            One row of coefficients for each of the k combinations.
        labels : pandas.DataFrame, k rows, or a dict of columns
            What each combination is.
        **about
            Fields of `About` to replace in the caption, such as ``title=``.

        Returns
        -------
        Estimates
            One for each combination, C θ with the covariance C V Cᵀ, shown in percentage points if
            the estimates are shares or changes; their degrees of freedom and ``n`` are the least of
            what they rest on.

        Raises
        ------
        SelectionError
            The shape does not fit, or the matrix does not hold numbers.

        Examples
        --------
        >>> import opinionpanel as op
        >>> flows = op.flows(op.datasets.load("agresti_approval"), "opinion")
        >>> moved = flows.contrast([[0, 1, 1, 0]], {"what": ["moved"]})
        >>> round(float(moved.value[0]), 3)
        0.147
        """
        check_named(About, about, "contrast")
        labels = _frame(labels)
        matrix = _numbers(matrix)
        if matrix.ndim != 2 or matrix.shape[1] != len(self) or matrix.shape[0] != len(labels):
            raise SelectionError(
                f"The matrix has shape {matrix.shape}; {len(labels)} label row(s) and {len(self)} "
                f"estimates need ({len(labels)}, {len(self)})."
            )
        return self.combination(matrix, Labels.of(labels), **about)

    def combination(self, matrix: Floats, labels: Labels, **about: Any) -> "Estimates":
        """Combine estimates linearly, as `contrast` does once it has looked at its arguments."""
        about.setdefault("title", f"Contrast: {self.about.title}")
        unit: Unit = "number" if self.unit == "number" else "change"
        found = self._derived(
            lambda values: combined(values, matrix),
            matrix,
            labels,
            replace(self.about, **about),
            unit,
            possible=combined_range(self.ends, matrix),
        )
        asked = self.about.asked_differently(self._waves_compared(matrix))
        return found.noted({("between waves",): asked}) if asked else found

    @checked
    def derive(self, function: Callable[[Array], npt.ArrayLike], labels: Given) -> "Estimates":
        """Any smooth function of the estimates, with their standard errors.

        Parameters
        ----------
        function : callable
            Takes the m values as an array, returns k values. It must be smooth and take complex
            numbers: no ``abs``; ``min`` and ``max`` only where it is clear which value they take.
        labels : pandas.DataFrame, k rows, or a dict of columns
            What each result is.

        Returns
        -------
        Estimates
            One for each result; numbers without a unit. Their degrees of freedom and ``n`` are the
            least of what they rest on. NaN where a value that the function takes is NaN.

        Raises
        ------
        SelectionError
            The function is not smooth at the estimate, or does not return k values.

        Notes
        -----
        The derivative is a complex step, exact to rounding, checked against steps to both sides
        (the delta method; Lumley 2010, ch. 2). With replicate weights the function is evaluated
        under each of them.

        Examples
        --------
        >>> import opinionpanel as op
        >>> flows = op.flows(op.datasets.load("agresti_approval"), "opinion")
        >>> ratio = flows.derive(lambda p: [p[1] / p[2]], {"ratio": ["lost/won"]})
        >>> ratio.to_frame()[["ratio", "estimate", "std_error"]].round(3)
              ratio  estimate  std_error
        0  lost/won     1.744      0.236
        """
        labels = _frame(labels)
        # A copy: the function may work in place.
        with np.errstate(all="ignore"):
            value = np.asarray(function(self.value.copy()))
        if value.dtype.kind not in "iufb":
            raise SelectionError("The function must return real numbers.")
        if value.shape != (len(labels),):
            raise SelectionError(
                f"The function returned shape {value.shape} for {len(labels)} label row(s). It "
                "must return a list or array of that many values."
            )
        return self.with_slopes(
            function, jacobian(function, self.value, len(value)), Labels.of(labels)
        )

    def with_slopes(
        self, function: Callable[[Array], npt.ArrayLike], slopes: Floats, labels: Labels
    ) -> "Estimates":
        """Derive where the derivative of each result by each value is known, shape (k, m).

        To find it takes three values of the function for each of the m.
        """
        about = replace(self.about, title="Derived from: " + self.about.title)

        def each(values: Floats) -> Floats:
            return np.array([function(row.copy()) for row in values], dtype=np.float64)

        return self._derived(each, slopes, labels, about, "number")

    def _waves_compared(self, matrix: Floats) -> set[str]:
        """Name the waves that combinations of different waves rest on."""
        if not self.about.asked:
            return set()
        when = self.named.keys(self.about.columns(self.named, "time"))
        used = [{when[place] for place in np.flatnonzero(row)} for row in matrix]
        return {str(wave) for keys in used if len(keys) > 1 for key in keys for wave in key}

    def _label(self, name: str) -> str:
        """Find the label column that a name means, and refuse a name that none has."""
        column = label_of(name, self.named, self.about.columns(self.named, "group"))
        if column not in self.named:
            raise unknown("label column", name, [*self.named])
        return str(column)

    def _check_value(self, column: str, value: Hashable) -> None:
        known = self.named.values(column)
        if value in known:
            return
        for one in known:
            if str(one) == str(value):
                text = "the labels are no text" if isinstance(value, str) else "the labels are text"
                raise SelectionError(
                    f"Unknown {column} {value!r}: {text}. Write {column}={one!r} in its place."
                )
        raise unknown(column, value, known)

    def at(self, rows: Places) -> "Estimates":
        """Keep the estimates at some places, covariance included.

        Parameters
        ----------
        rows : array_like of int, or of bool, shape (m,)
            The places, from 0, in the order wanted; or True for each estimate to keep.

        Returns
        -------
        Estimates
            The estimates at these places; a place may stand twice.

        Raises
        ------
        SelectionError
            No array of places, or a place beyond the last estimate.

        Examples
        --------
        >>> import opinionpanel as op
        >>> flows = op.flows(op.datasets.load("agresti_approval"), "opinion")
        >>> flows.at([1, 2]).labels[["origin", "destination"]].to_numpy().tolist()
        [['approve', 'disapprove'], ['disapprove', 'approve']]
        """
        rows = np.arange(len(self))[which(rows, len(self))]
        return replace(
            self,
            named=(named := self.named.take(rows)),
            about=self._about_part(len(named)).narrowed(named),
            value=self.value[rows],
            spread=self.spread.at(rows),
            freedom=self.freedom.at(rows),
            n=self.n[rows],
            n_effective=self.n_effective[rows],
            n_cell=None if self.n_cell is None else self.n_cell[rows],
            size=None if self.size is None else self.size[rows],
            possible=None if self.possible is None else self.possible[rows],
            wald=None if self.wald is None else self.wald[rows],
            rough=None if self.rough is None else self.rough[rows],
            exact=None if self.exact is None else self.exact[rows],
            own_limits=self.own_limits and self.own_limits.at(rows),
            replicates=self.replicates and self.replicates.through(lambda values: values[:, rows]),
            sources=self.sources and self.sources.at(rows),
            imputations=self.imputations and self.imputations.at(rows),
        )

    def without_error(self, rows: Booleans) -> "Estimates":
        """Take the standard error away from some estimates, as where one has no derivative.

        Parameters
        ----------
        rows : array_like of bool, shape (m,)
            True for each estimate that is to have none.

        Returns
        -------
        Estimates
            The same values; their standard errors, and covariances with the others, are NaN.

        Raises
        ------
        SelectionError
            Not one of True or False for each estimate.

        Examples
        --------
        >>> import opinionpanel as op
        >>> flows = op.flows(op.datasets.load("agresti_approval"), "opinion")
        >>> flows.without_error([True, False, False, False]).std_error.round(3).tolist()
        [nan, 0.007, 0.006, 0.012]
        """
        rows = which(rows, len(self), marked=True)
        replicates = self.replicates and self.replicates.through(
            lambda values: np.where(rows, np.nan, values)
        )
        return replace(
            self,
            spread=self.spread.without(rows),
            replicates=replicates,
            imputations=self.imputations and self.imputations.without(rows),
        )

    @checked
    def noted(self, notes: Mapping[tuple[str, ...], str]) -> "Estimates":
        """Add notes on waves or pairs of waves to those that stand in the caption.

        Parameters
        ----------
        notes : dict of tuple of str to str
            A wave, ``("May",)``, or a pair of them, ``("May", "June")``, to the note on it, one
            sentence or several.

        Returns
        -------
        Estimates
            The same figures, with the notes under the printed table.

        Raises
        ------
        SelectionError
            What is no dict of notes.

        Examples
        --------
        >>> import opinionpanel as op
        >>> flows = op.flows(op.datasets.load("agresti_approval"), "opinion")
        >>> noted = flows.noted({("wave 1", "wave 2"): "Asked twice within six months."})
        >>> "Asked twice" in str(noted)
        True
        """
        old = self.about.notes
        added = {key: f"{old.get(key, '')} {text}".strip() for key, text in notes.items()}
        return replace(self, about=replace(self.about, notes={**old, **added}))

    @called
    def simultaneous(self) -> "Estimates":
        """Let the intervals of all these estimates hold at once, wherever they are shown.

        For a battery or a set of groups of which many intervals are looked at together: of 20
        intervals of 95% one is expected to miss.

        Returns
        -------
        Estimates
            The same figures. Frames, tables and charts of them have simultaneous intervals, and
            captions say so; so have those of what is selected from them, whose intervals stay
            those of the whole family, and of what is derived from them, a family of its own.

        Notes
        -----
        Bonferroni: each of m intervals has the level 1 − (1 − level)/m, m those that the result
        has. Critical values from the estimated covariance are a little smaller, and promise too
        much where PSUs are few beside the estimates: of 20 estimates with 10 degrees of freedom 92%
        of such families of 95% intervals held in a simulation, and 95 to 96% of these.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> shares = op.shares(panel, "support", waves=["Jul 2024"])
        >>> columns = ["state", "conf_low", "conf_high"]
        >>> shares.simultaneous().to_frame()[columns].round(3)
             state  conf_low  conf_high
        0  approve     0.338      0.415
        1   unsure     0.341      0.405
        2   oppose     0.220      0.287
        """
        return replace(self, about=replace(self.about, simultaneous=True, family=0))

    def _about_part(self, kept: int) -> About:
        """Say of what is kept how many estimates its intervals hold with, all at once."""
        about = self.about
        if not about.simultaneous or about.family or kept == len(self):
            return about
        return replace(about, family=bounded(*limits(self, USUAL_LEVEL, "logit")))

    def _derived(
        self,
        function: Callable[[Floats], Floats],
        slopes: Floats,
        labels: Labels,
        about: About,
        unit: Unit,
        possible: Floats | None = None,
    ) -> "Estimates":
        """Build what depends on these estimates: least df and base, and the covariance.

        `function` takes and gives values in rows, of which replicates have many.
        """
        value = function(self.value[None, :])[0]
        # The logarithm of a share of 0 is no number.
        value = np.where(np.isfinite(value), value, np.nan)
        replicates = self.replicates and self.replicates.through(function)
        imputations = self.imputations and self.imputations.through(slopes, np.isfinite(value))
        depends = slopes != 0
        # Beside an error that is not known, as a single person's, the others would claim too much.
        unknown = np.isnan(self.std_error)
        known = np.isfinite(value)
        known &= ~((depends & unknown).any(axis=1) & (depends & ~unknown).any(axis=1))
        return Estimates(
            named=labels,
            value=value,
            spread=replicates.covariance(np.where(known, value, np.nan))
            if replicates
            else self.spread.through(slopes, known),
            freedom=imputations.freedom if imputations else self.freedom.least(depends),
            n=least(depends, self.n),
            n_effective=least(depends, self.n_effective),
            unit=unit,
            about=replace(about, family=0),
            possible=possible,
            rough=None if self.rough is None else (depends & self.rough).any(axis=1),
            exact=None if self.exact is None else ~(depends & ~self.exact).any(axis=1),
            replicates=replicates,
            sources=self._as_sources(depends),
            imputations=imputations,
        )

    def _as_sources(self, depends: Booleans) -> Sources | None:
        """Be what others were computed from, where that decides on what is withheld."""
        told = self.n_cell is not None or self.sources is not None
        return Sources(((depends, self),)) if told and self.about.measure in TELLING else None


def _numbers(matrix: npt.ArrayLike) -> Floats:
    numbers = as_numbers(matrix)
    if numbers is None or not np.isfinite(numbers).all():
        raise SelectionError("The matrix must hold numbers, in rows of the same length.")
    return numbers


def _frame(labels: Given) -> pd.DataFrame:
    try:
        return pd.DataFrame(labels)
    except (TypeError, ValueError):
        raise SelectionError(
            "labels must be a frame, or a dict of lists with one entry for each result."
        ) from None
