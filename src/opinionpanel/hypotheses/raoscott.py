"""Joint tests in the form that the degrees of freedom allow: Wald, or Rao and Scott."""

from dataclasses import replace

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.errors import SelectionError
from opinionpanel.estimates import (
    Estimates,
    TestResult,
    base_text,
    f_above,
    left_out,
    varies,
    wald_test,
)

# Independent contrasts per degree of freedom beyond which the Wald F is no longer to be trusted.
MOST_FOR_WALD = 0.2
# A base with fewer degrees of freedom is left out where another has many.
FEWEST_DF, MANY_DF = 5, 20
FOUND = "At least one of the estimates differs from zero by more than chance would explain."
NONE = "No detectable difference from zero; that does not show that there is none."


def multinomial(shares: Estimates, within: list[str], matrix: Floats) -> Floats:
    """Covariance that sums of shares would have if people had been drawn one by one, all alike.

    Parameters
    ----------
    shares : Estimates
        Shares that add up to 1 within each table.
    within : list of str
        The label columns that tell the tables apart; tables are taken as independent.
    matrix : numpy.ndarray, shape (sums, len(shares))
        One row of coefficients for each sum.

    Notes
    -----
    M (diag π − π πᵀ) Mᵀ / n for each table, with n its unweighted base. The square of all shares is
    not made: on a long scale it would fill the memory.
    """
    value = np.nan_to_num(shares.value)
    n = np.where(shares.n > 0, shares.n, np.inf)
    # The base is that of the whole table, and the root of it goes to either side.
    table, parts = shares.named.numbers(within), matrix * (value / np.sqrt(n))
    means = np.zeros((table.max(initial=-1) + 1, len(matrix)))
    np.add.at(means, table, parts.T)
    return np.asarray((matrix * (value / n)) @ matrix.T - means.T @ means)


def joint_test(
    estimates: Estimates,
    working: Floats,
    *,
    sparse: bool = False,
    found: str = FOUND,
    none: str = NONE,
) -> TestResult:
    """Test whether all of these are zero, by the form that the degrees of freedom allow.

    Parameters
    ----------
    estimates : Estimates
        Differences, contrasts or derived numbers, m of them independent.
    working : numpy.ndarray, shape (len(estimates), len(estimates))
        Their covariance if people had been drawn one by one.
    sparse : bool
        Whether some of them rest on few people, so that the covariance is hardly known however
        many PSUs there are.
    found, none : str
        The sentence for p < .05, and the one for any other p.

    Returns
    -------
    TestResult
        The Wald F where m ≤ f / 5, with f the degrees of freedom of the design, and nothing is
        sparse; otherwise the second-order form, whose ``wald`` is the first-order χ². ``form``
        says which. The note names the estimates that are left out: without variance, undefined,
        or in a base without degrees of freedom.

    Raises
    ------
    SelectionError
        The estimates are shares.
    DesignError
        None of the estimates varies in a base with degrees of freedom; or, for the Wald F, some
        of their sums are fixed by calibration and not zero.

    Notes
    -----
    With d the estimates, A the working and V the design covariance: X² = dᵀ A⁻ d, Δ = A⁻ V,
    F = X² / tr Δ on (tr Δ)² / tr Δ² and f times as many degrees of freedom; χ² = m X² / tr Δ on m
    (Rao & Scott 1984, Annals of Statistics 12; Thomas & Rao 1987, JASA 82). It needs no inverse of
    V, and so holds with fewer degrees of freedom than estimates.
    """
    if estimates.unit == "share":
        raise SelectionError("These are shares; test differences of them.")
    usable = estimates.without_error(_unusable(estimates, working))
    chosen = np.flatnonzero(varies(usable))
    freedom = float(usable.df[chosen].min(initial=np.inf))
    inverse, m = _inverse(working[np.ix_(chosen, chosen)])
    if (m <= MOST_FOR_WALD * freedom and not sparse) or not len(chosen):
        test = wald_test(usable)
        return replace(test, note=(found if test.pvalue < 0.05 else none) + left_out(usable))
    value = usable.value[chosen]
    delta = inverse @ usable.spread.block(chosen)
    return second_order(
        float(value @ inverse @ value),
        delta,
        m,
        freedom,
        name=f"Rao–Scott test that all are zero: {estimates.about.title}",
        found=found + left_out(usable),
        none=none + left_out(usable),
        base=base_text(estimates),
    )


def second_order(
    statistic: float,
    delta: Floats,
    m: int,
    freedom: float,
    *,
    name: str,
    found: str,
    none: str,
    base: str,
) -> TestResult:
    """Correct a χ² statistic by its design effects: the F and the first-order χ² of Rao and Scott.

    Parameters
    ----------
    statistic : float
        X² as if people had been drawn one by one, with equal weights.
    delta : numpy.ndarray, square
        Its generalized design effects are the eigenvalues.
    m : int
        Degrees of freedom of X².
    freedom : float
        Those of the design.
    name, found, none, base : str
        For the result; `found` is its note for p < .05, `none` that for any other p.
    """
    trace = float(np.trace(delta))
    corrected, df1 = statistic / trace, trace**2 / float(np.trace(delta @ delta))
    pvalue = f_above(corrected, df1, df1 * freedom)
    return TestResult(
        name=name,
        statistic=corrected,
        df1=df1,
        df2=df1 * freedom,
        pvalue=pvalue,
        wald=corrected * m,
        textbook=None,
        note=found if pvalue < 0.05 else none,
        wald_df=float(m),
        base=base,
        form="Rao–Scott, second order",
    )


def _unusable(estimates: Estimates, working: Floats) -> Booleans:
    """Mark what varies in a base without degrees of freedom, or where the working matrix is 0.

    A rare origin, one person in each of two strata, must not stop the test of all others; nor may
    a group of a few people leave it only their degrees of freedom, where the others have many.
    """
    varying = varies(estimates)
    most = estimates.df[varying].max(initial=0.0)
    least = FEWEST_DF if most >= MANY_DF else 1
    return varying & ((estimates.df < least) | ~(np.diag(working) > 0))


def _inverse(working: Floats) -> tuple[Floats, int]:
    """Generalised inverse and rank, in units in which every estimate has the variance 1."""
    scale = np.sqrt(np.diag(working))
    values, vectors = np.linalg.eigh(working / scale / scale[:, None])
    kept = values > 1e-10 * values.max(initial=0.0)
    root = vectors[:, kept] / np.sqrt(values[kept]) / scale[:, None]
    return np.asarray(root @ root.T), int(kept.sum())
