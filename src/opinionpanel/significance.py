"""Tests of change with the design's covariance."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from opinionpanel.about import PAIR
from opinionpanel.bases import By, by_text, group_names
from opinionpanel.change import net_changes
from opinionpanel.errors import DesignError
from opinionpanel.estimates import Estimates
from opinionpanel.measures import flows
from opinionpanel.panel import Panel
from opinionpanel.wald import TestResult, left_out, wald_test

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
    The joint Wald test (`Estimates.test`) of the net changes with their design covariance.
    Textbook: Stuart (1955), Maxwell (1970).

    Examples
    --------
    >>> import opinionpanel as op
    >>> test = op.marginal_homogeneity(op.datasets.load("thomas_1991_3"), "opinion")
    >>> round(test.wald, 2), round(test.textbook, 2)
    (151.8, 131.75)
    """
    joint = flows(panel, item, waves=waves, by=by)
    change = net_changes(joint)
    if not (change.std_error > 0).any():
        raise DesignError(
            f"No net change of item {item!r} varies: nobody changed state, so there is nothing to "
            "test. Check the waves and groups."
        )
    test = wald_test(change)
    rows = joint.labels[list(PAIR)].drop_duplicates().itertuples(index=False, name=None)
    pairs = ", ".join(" → ".join(pair) for pair in rows)
    groups = by_text(panel, group_names(by), pairs=True)
    return replace(
        test,
        name=f"Marginal homogeneity of {item}, {pairs}{groups}",
        textbook=_stuart_maxwell(joint),
        note=_sentence(test.pvalue, change) + left_out(change),
    )


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
