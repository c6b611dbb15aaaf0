"""Whether shares are the same in all rows of some tables: the second-order Rao–Scott test."""

import numpy as np
import numpy.typing as npt

from opinionpanel.about import About
from opinionpanel.errors import DesignError, listing
from opinionpanel.estimates import Estimates
from opinionpanel.tables import base_text
from opinionpanel.tally import Totals
from opinionpanel.wald import TestResult

__all__ = ["same_shares"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


def same_shares(totals: Totals, about: About, tables: list[str], rows: list[str]) -> TestResult:
    """Test whether the last label is unrelated to the rows in each of some tables.

    The note holds only what was left out.
    """
    from scipy import stats

    joint = totals.shares(tables, about)
    pearson, parts, out = 0.0, [], []
    used = np.zeros(len(joint), dtype=bool)
    for _, part in joint.labels.groupby(tables, sort=False):
        size = len(part.drop_duplicates([*tables, *rows]))
        cells = part.index.to_numpy().reshape(size, -1)
        share = np.nan_to_num(joint.value[cells])
        there, given = share.sum(axis=1) > 0, share.sum(axis=0) > 0
        kept = cells[np.ix_(there, given)]
        if there.sum() > 1 and given.sum() > 1:
            out += _nobody(part.loc[cells[:, 0], [*tables, *rows]].to_numpy().tolist(), there)
            pearson += joint.n[kept[0, 0]] * _pearson(joint.value[kept])
            parts.append(_interactions(kept, len(joint)))
            used[kept] = True
        else:
            out.append(part.iloc[0][tables].tolist())
    left = f" Left out, nothing to compare: {listing(map(', '.join, out), most=4)}." if out else ""
    if not parts:
        raise DesignError(f"{about.title}: nothing to test.{left} Merge states or groups.")
    delta = _design_effects(joint, used, np.hstack(parts))
    trace, freedom = float(np.trace(delta)), float(joint.df[used].min())
    if not trace > 1e-12 or not freedom > 0:
        raise DesignError(
            f"{about.title}: no variance to test with; the design has {freedom:g} degrees of "
            "freedom there. Test fewer groups or pairs of waves."
        )
    statistic, df1 = pearson / trace, trace**2 / float(np.trace(delta @ delta))
    single = len(joint.labels.drop_duplicates(tables)) == 1
    return TestResult(
        name=about.title,
        statistic=statistic,
        df1=df1,
        df2=df1 * freedom,
        pvalue=float(stats.f.sf(statistic, df1, df1 * freedom)),
        wald=statistic * len(delta),
        textbook=_pearson(totals.n[kept]) if single else None,
        note=left,
        wald_df=float(len(delta)),
        wald_pvalue=float(stats.chi2.sf(statistic * len(delta), len(delta))),
        base=base_text(joint),
        form="Rao–Scott, second order",
        textbook_name="Pearson" if single else "",
        textbook_df=float(len(delta)) if single else None,
    )


def _nobody(rows: list[list[str]], there: Booleans) -> list[list[str]]:
    """List the rows where nobody is: a group as a whole, rather than each of its states."""
    out: list[list[str]] = []
    for row in (rows[place] for place in np.flatnonzero(~there)):
        for length in range(1, len(row) + 1):
            same = np.array([other[:length] == row[:length] for other in rows])
            if not there[same].any():
                out += [row[:length]] if row[:length] not in out else []
                break
    return out


def _pearson(table: Floats) -> float:
    """Pearson's X² of a table of counts; of shares, that of a single person."""
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum())


def _interactions(cells: Integers, size: int) -> Floats:
    """Span the interactions of a table among all cells: columns that every margin sums to zero."""
    rows, columns = (
        np.linalg.svd(np.eye(number) - 1 / number)[0][:, : number - 1] for number in cells.shape
    )
    placed = np.zeros((size, (cells.shape[0] - 1) * (cells.shape[1] - 1)))
    placed[cells.ravel()] = np.kron(rows, columns)
    return placed


def _design_effects(joint: Estimates, used: Booleans, interactions: Floats) -> Floats:
    """Δ of the interactions; its eigenvalues are generalized design effects."""
    share = np.where(used, joint.value, 0.0)
    inverse = np.divide(joint.n, share, out=np.zeros(len(share)), where=share > 0)
    scaled = inverse[:, None] * interactions
    independent = interactions.T @ scaled
    if np.linalg.matrix_rank(independent) < len(independent):
        raise DesignError(
            f"{joint.about.title}: {int((used & (share == 0)).sum())} of the {int(used.sum())} "
            "cells are empty, too many for a test. Merge states or groups."
        )
    covariance = joint.covariance[np.ix_(used, used)]
    return np.asarray(np.linalg.solve(independent, scaled[used].T @ covariance @ scaled[used]))
