"""Tests of estimates with their design covariance: one joint test, or a family of comparisons."""

import textwrap
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.errors import DesignError, SelectionError, listing
from opinionpanel.escaping import terminal_line
from opinionpanel.estimates.captions import WIDTH, base_text
from opinionpanel.estimates.distributions import chi2_above, f_above, t_below
from opinionpanel.estimates.frames import cautioned, limits
from opinionpanel.estimates.intervals import check_level
from opinionpanel.estimates.label_columns import beside
from opinionpanel.estimates.values import Values

# Rounding leaves about 1e-16 of the largest variance where there is none at all.
NO_VARIANCE, SMALLEST = 1e-12, 1e-16


class Bend(NamedTuple):
    """What is not smooth, where, and what to test in its place."""

    what: str
    where: str
    way_out: str


BENT = Bend(
    "net, exchange or shift",
    "where flows are nearly equal",
    "Test the total, .select(component='total'), or use symmetry and marginal_homogeneity.",
)
# By the measure; all others are parts of turnover.
ROUGH = {
    "quantiles": Bend(
        "quantiles",
        "where many people gave the same number",
        "Test means, or the shares of an item whose states are bands of the numbers.",
    ),
}


@dataclass(frozen=True)
class TestResult:
    """A test, its statistic in several forms, and a sentence that says no more than it shows.

    Attributes
    ----------
    name : str
        What was tested, of which item, at which waves.
    statistic : float
        The F statistic.
    df1, df2 : float
        Its degrees of freedom.
    pvalue : float
        That of F: how often samples without any true difference would show one as large.
    wald : float
        The χ² form, for large samples: the Wald χ² that F comes from; for the Rao–Scott form, the
        first-order χ².
    textbook : float or None
        The classical statistic of the unweighted counts; None where there is none. It ignores
        weights and design, and so stands there as a number and has no p-value.
    note : str
        What was found, in a sentence, and what was left out.
    wald_df : float or None
        Degrees of freedom of the χ² form.
    base : str
        Who was asked, with which weight and design.
    form : str
        How F was computed: "Wald", or "Rao–Scott, second order" where the design has few degrees
        of freedom for the number of estimates, or some of them rest on few people.
    textbook_name : str
        What was tested, of which item, at which waves.
        Whose statistic `textbook` is.
    textbook_df : float or None
        Its degrees of freedom.
    deviance : float or None
        The likelihood ratio G² of the unweighted counts, where it is usual beside `textbook`; a
        description likewise.
    """

    __test__ = False  # pytest takes a name that begins with Test for a test class

    name: str
    statistic: float
    df1: float
    df2: float
    pvalue: float
    wald: float
    textbook: float | None
    note: str
    wald_df: float | None = None
    base: str = ""
    form: str = "Wald"
    textbook_name: str = ""
    textbook_df: float | None = None
    deviance: float | None = None

    @property
    def wald_pvalue(self) -> float | None:
        """Give the p-value that other programs print for the χ² form, to compare with theirs.

        No finding rests on it, and nothing prints it: with few PSUs it rejects a true hypothesis
        in 10 to 23% of samples where it promises 5%. The p-value of the test is `pvalue`.
        """
        return None if self.wald_df is None else chi2_above(self.wald, self.wald_df)

    def __str__(self) -> str:
        head = (
            f"{terminal_line(self.name)}: F({_df_text(self.df1, 2)}, {_df_text(self.df2, 1)}) = "
            f"{self.statistic:.2f}, {p_text(self.pvalue)}"
        )
        if self.wald_df is not None:
            # Without a p-value of its own: a test has one, that of F.
            head = f"{head}; χ²({self.wald_df:g}) = {self.wald:.2f}"
        # No line ends within the form or "p = .018": textwrap does not break at these spaces.
        form = "" if self.form == "Wald" else " [" + self.form.replace(" ", "\u00a0") + "]"
        bound = (head + form).replace(" = ", "\u00a0=\u00a0").replace(" < ", "\u00a0<\u00a0")
        head = textwrap.fill(bound, width=WIDTH, break_on_hyphens=False).replace("\u00a0", " ")
        base = f"\n{self.base}" if self.base else ""
        note = textwrap.fill(terminal_line(self.note), width=WIDTH, break_on_hyphens=False)
        return f"{head}\n{note}{self._classical()}{base}"

    def _classical(self) -> str:
        if self.textbook is None:
            return ""
        df = "" if self.textbook_df is None else f"({self.textbook_df:g})"
        parts = [f"{self.textbook_name} χ²{df} = {self.textbook:.2f}".strip()]
        if self.deviance is not None:
            parts.append(f"G²{df} = {self.deviance:.2f}")
        return f"\nUnweighted counts, ignoring the design (no test): {', '.join(parts)}"

    __repr__ = __str__


def wald_test(estimates: Values) -> TestResult:
    """Test whether all of these estimates are zero: a joint Wald F test.

    Parameters
    ----------
    estimates : Values
        Differences, net changes, contrasts or derived numbers.

    Returns
    -------
    TestResult
        The note names the estimates that are left out: those undefined, and those without
        variance, which the sample cannot test.

    Raises
    ------
    SelectionError
        The estimates are shares, which are not zero in any case of interest.
    DesignError
        No estimate varies, or the design has too few degrees of freedom for a joint test.

    Notes
    -----
    W = dᵀ V⁻ d with d the estimates and V their design covariance, of rank m; F = W (f − m + 1) /
    (f m) on m and f − m + 1 degrees of freedom, f the least of the design (Korn & Graubard 1990,
    The American Statistician 44). R's ``regTermTest`` has the plain form instead, W / m on m and
    f; the two are one and the same for m = 1.

    Examples
    --------
    >>> import opinionpanel as op
    >>> test = op.net_change(op.datasets.load("thomas_1991_3"), "opinion").test()
    >>> round(test.statistic, 2), test.df1, test.df2, round(test.wald, 2)
    (75.82, 2.0, 989.0, 151.8)
    >>> print(test.note)
    At least one of the estimates differs from zero by more than chance would explain.
    """
    _refuse_shares(estimates, "test")
    tested = varies(estimates)
    m, wald = _quadratic_form(estimates, tested)
    freedom = float(estimates.df[tested].min())
    if freedom < m:
        raise DesignError(
            f"The design has {freedom:g} degrees of freedom, and {m} independent estimates are to "
            "be tested at once. Test fewer groups or pairs of waves, or merge states."
        )
    df2 = freedom - m + 1
    statistic = wald * df2 / (freedom * m)
    pvalue = f_above(statistic, m, df2)
    sentence = (
        "At least one of the estimates differs from zero by more than chance would explain."
        if pvalue < 0.05
        else "No detectable difference from zero; that does not show that there is none."
    )
    return TestResult(
        name=f"Wald test that all are zero: {estimates.about.title}",
        statistic=statistic,
        df1=float(m),
        df2=df2,
        pvalue=pvalue,
        wald=wald,
        textbook=None,
        note=sentence + left_out(estimates),
        wald_df=float(m),
        base=base_text(estimates),
    )


def family(estimates: Values, *, level: float) -> pd.DataFrame:
    """Compute what `Estimates.comparisons` describes."""
    _refuse_shares(estimates, "compare")
    check_level(level)
    tested = varies(estimates) & (estimates.df > 0)
    value, count = estimates.value, int(tested.sum())
    error = np.where(tested, estimates.std_error, np.nan)
    df = np.where(tested, estimates.df, np.nan)
    low, high = limits(estimates, 1 - (1 - level) / max(count, 1), "wald")
    t = value / error
    pvalue = 2 * t_below(-np.abs(t), df)
    frame = beside(
        estimates.labels,
        {
            "estimate": value,
            "std_error": estimates.std_error,
            "conf_low": low,
            "conf_high": high,
            "t": t,
            "df": estimates.df,
            "pvalue": pvalue,
            "pvalue_holm": holm(pvalue),
            "n": estimates.n.astype(np.int64),
        },
    )
    return cautioned(frame, estimates)


def left_out(estimates: Values) -> str:
    """Name the estimates that a joint test leaves out, as sentences for its note."""
    rough = estimates.without_coverage
    undefined = ~np.isfinite(estimates.std_error) & ~rough
    fixed = ~undefined & ~varies(estimates) & ~rough
    zero = np.abs(estimates.value) < 1e-12
    bend = ROUGH.get(estimates.about.measure, BENT).where
    kinds = (
        (undefined, "undefined"),
        (rough, f"not smooth {bend}, so that no p-value would hold"),
        (fixed & zero, "zero and without variance"),
        (fixed & ~zero, "not zero but without variance, which no test can weigh"),
    )
    return "".join(
        f" Left out, {why}: {listing(_names(estimates, rows), most=4)}."
        for rows, why in kinds
        if rows.any()
    )


def _quadratic_form(estimates: Values, tested: Booleans) -> tuple[int, float]:
    """Rank m and W = dᵀ V⁻ d of the estimates that vary."""
    if not np.isfinite(estimates.std_error).any():
        raise DesignError(
            f"No standard error in any of {len(estimates)} rows: a base is empty, lies in a single "
            "PSU, is left without anybody by a replicate, or parts of turnover are tied. Merge "
            "groups or states, or test fewer of them."
        )
    rough = int(estimates.without_coverage.sum())
    if rough and not tested.any():
        bend = ROUGH.get(estimates.about.measure, BENT)
        raise DesignError(
            f"{rough} of {len(estimates)} estimates are computed from {bend.what}, and no test of "
            f"these holds {bend.where}. {bend.way_out}"
        )
    if not tested.any():
        raise DesignError(
            f"None of the {len(estimates)} estimate(s) varies in the sample, so there is nothing "
            "to test. Check the waves and groups, and that somebody changed."
        )
    # In units of their standard errors the rank does not depend on the scale of any of them.
    error = estimates.std_error[tested]
    score = estimates.value[tested] / error
    values, vectors = np.linalg.eigh(
        estimates.spread.block(np.flatnonzero(tested)) / error / error[:, None]
    )
    kept = values > 1e-10 * values.max()
    parts = vectors.T @ score
    # Sums that are zero for everybody, such as that of all net changes, vanish. Another sum that
    # does not vary comes of too few PSUs, and the test would depend on how it is written down.
    if np.abs(parts[~kept]).max(initial=0.0) > 1e-6 * max(1.0, np.abs(score).max()):
        raise DesignError(
            f"The design has {estimates.df[tested].min():g} degrees of freedom, too few to test "
            f"{int(tested.sum())} estimates at once, or weights are calibrated to margins that fix "
            "a sum of them: some sums are not zero and yet do not vary. Test fewer groups, states "
            "or pairs of waves."
        )
    return int(kept.sum()), float((parts[kept] ** 2 / values[kept]).sum())


def varies(estimates: Values) -> Booleans:
    """Mark the estimates that can be tested: defined, with a variance, and not rough."""
    usable = np.isfinite(estimates.value) & ~estimates.without_coverage
    variance = np.where(usable, estimates.spread.variances, np.nan)
    largest = np.nanmax(variance, initial=0.0)
    return np.asarray(variance > max(NO_VARIANCE * largest, SMALLEST * _scale(estimates)))


def _scale(estimates: Values) -> float:
    """Give the square of the widest range, of scores whose numbers are all small; else 1."""
    if estimates.unit != "number":
        return 1.0
    widest = float(np.abs(estimates.ends).max(initial=0.0))
    return min(widest, 1.0) ** 2


def _refuse_shares(estimates: Values, verb: str) -> None:
    if estimates.unit == "share":
        raise SelectionError(
            f"These are shares, and that a share is zero is no hypothesis of interest. To {verb}, "
            "take differences first: .difference(column, a, minus=b), .contrast(matrix, labels) "
            "or reference= in the measure."
        )


def _names(estimates: Values, rows: Booleans) -> list[str]:
    varying = [name for name in estimates.labels if estimates.labels[name].nunique() > 1]
    labels = estimates.labels.loc[rows, varying or list(estimates.labels)]
    return [", ".join(map(str, row)) for row in labels.itertuples(index=False, name=None)]


def holm(pvalue: Floats) -> Floats:
    """Adjust the p-values that are not NaN, the least first (Holm 1979)."""
    adjusted = np.full(len(pvalue), np.nan)
    tested = np.flatnonzero(np.isfinite(pvalue))
    order = tested[np.argsort(pvalue[tested], kind="stable")]
    stepped = pvalue[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def _df_text(df: float, digits: int) -> str:
    return f"{df:.0f}" if abs(df - round(df)) < 1e-6 else f"{df:.{digits}f}"


def p_text(pvalue: float) -> str:
    """Show a p-value without the zero before its point."""
    return "p < .001" if pvalue < 0.001 else f"p = {pvalue:.3f}".replace("0.", ".")
