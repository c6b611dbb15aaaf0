"""Tests of change with the design's covariance."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from opinionpanel.bases import By
from opinionpanel.errors import DesignError
from opinionpanel.estimates import Estimates
from opinionpanel.measures import flows, net_change
from opinionpanel.panel import Panel
from opinionpanel.wald import TestResult

__all__ = ["marginal_homogeneity"]

Floats = npt.NDArray[np.float64]


def marginal_homogeneity(
    panel: Panel, item: str, *, waves: Sequence[str] | None = None, by: By = None
) -> TestResult:
    """Test whether any state grew or shrank among the same people.

    Parameters
    ----------
    panel, item, waves, by
        As in `flows`. Over several pairs of waves or groups the test is a joint one: no net
        change in any of them.

    Returns
    -------
    TestResult
        ``textbook`` is Stuart and Maxwell's statistic, for a single pair of waves.

    Raises
    ------
    DesignError
        The design has fewer degrees of freedom than there are net changes to test, or nobody
        changed.
    SelectionError
        As in `flows`.

    Notes
    -----
    Wald test on the net changes d with their design covariance V: W = dᵀ V⁻ d on m = rank V
    contrasts, F = W (f − m + 1)/(f m) on m and f − m + 1 degrees of freedom, f those of the
    design. Textbook: Stuart (1955), Maxwell (1970).

    Examples
    --------
    >>> import opinionpanel as op
    >>> test = op.marginal_homogeneity(op.datasets.load("thomas_1991_3"), "opinion")
    >>> round(test.wald, 2), round(test.textbook, 2)
    (151.8, 131.75)
    """
    change = net_change(panel, item, waves=waves, by=by)
    wald, rank = _wald(change)
    df = float(change.df.min())
    if rank == 0:
        raise DesignError(
            f"No net change of item {item!r} varies: nobody changed state, so there is nothing to "
            "test. Check the waves and groups."
        )
    if df < rank:
        raise DesignError(
            f"The design has {df:g} degrees of freedom, and {rank} net changes are to be tested. "
            "Test fewer groups or pairs of waves, or merge states."
        )
    from scipy import stats

    statistic = wald * (df - rank + 1) / (df * rank)
    pvalue = float(stats.f.sf(statistic, rank, df - rank + 1))
    joint = flows(panel, item, waves=waves, by=by)
    return TestResult(
        name=f"Marginal homogeneity of {item}",
        statistic=statistic,
        df1=float(rank),
        df2=df - rank + 1,
        pvalue=pvalue,
        wald=wald,
        textbook=_stuart_maxwell(joint),
        note=_sentence(pvalue, change),
    )


def _wald(estimates: Estimates) -> tuple[float, int]:
    """W = dᵀ V⁻ d and its rank; contrasts without variance drop out."""
    known = np.isfinite(estimates.value)
    values, vectors = np.linalg.eigh(estimates.covariance[np.ix_(known, known)])
    kept = values > 1e-10 * values.max(initial=0.0)
    scores = vectors[:, kept].T @ estimates.value[known]
    return float((scores**2 / values[kept]).sum()), int(kept.sum())


def _stuart_maxwell(joint: Estimates) -> float | None:
    """Compute the classical statistic of one table of unweighted counts."""
    tables = joint.labels.drop(columns=["origin", "destination"]).drop_duplicates()
    if len(tables) > 1 or joint.n_cell is None:
        return None
    size = round(len(joint) ** 0.5)
    counts = joint.n_cell.reshape(size, size)
    change = counts.sum(axis=0) - counts.sum(axis=1)
    covariance = np.diag(counts.sum(axis=0) + counts.sum(axis=1)) - counts - counts.T
    return float(change @ np.linalg.pinv(covariance) @ change)


def _sentence(pvalue: float, change: Estimates) -> str:
    several = len(change.labels.drop(columns="state").drop_duplicates()) > 1
    where = "in at least one of the tables" if several else "among the same people"
    if pvalue < 0.05:
        return f"The shares of the states changed {where} by more than chance would explain."
    return "No detectable net change; that does not show that there is none."
