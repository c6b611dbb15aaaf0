"""Whether rows and columns of some tables are unrelated: the second-order test of Rao and Scott."""

from dataclasses import replace

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.errors import DesignError, listing
from opinionpanel.estimates import About, Estimates, TestResult, Totals, base_text
from opinionpanel.hypotheses.raoscott import second_order


def same_shares(
    totals: Totals, about: About, tables: list[str], rows: list[str], *, found: str, none: str
) -> TestResult:
    """Test whether the last label is unrelated to the rows in each of some tables.

    The note is `found` for p < .05 and otherwise `none`, and then what was left out.
    """
    return same_rows(totals.shares(tables, about), tables, rows, found=found, none=none)


def same_rows(
    joint: Estimates, tables: list[str], rows: list[str], *, found: str, none: str
) -> TestResult:
    """Test the same of shares that add up to 1 within each of the tables."""
    title = joint.about.title
    kept, out = [], []
    for _, part in joint.labels.groupby(tables, sort=False):
        size = len(part.drop_duplicates([*tables, *rows]))
        cells = part.index.to_numpy().reshape(size, -1)
        share = np.nan_to_num(joint.value[cells])
        there, given = share.sum(axis=1) > 0, share.sum(axis=0) > 0
        if there.sum() > 1 and given.sum() > 1:
            out += _nobody(part.loc[cells[:, 0], [*tables, *rows]].to_numpy().tolist(), there)
            kept.append(cells[np.ix_(there, given)])
        else:
            out.append(part.iloc[0][tables].tolist())
    left = f" Left out, nothing to compare: {listing(map(', '.join, out), most=4)}." if out else ""
    if not kept:
        raise DesignError(f"{title}: nothing to test.{left} Merge states or groups.")
    test = unrelated(joint, kept, title, found=found + left, none=none + left)
    single = len(joint.labels.drop_duplicates(tables)) == 1
    return test if single else replace(test, textbook=None, textbook_name="", textbook_df=None)


def unrelated(
    joint: Estimates, tables: list[Integers], what: str, *, found: str, none: str
) -> TestResult:
    """Test whether rows and columns are unrelated in each of some tables, jointly.

    Parameters
    ----------
    joint : Estimates
        Shares that add up to 1 within each table.
    tables : list of numpy.ndarray of int, shape (rows, columns)
        The positions of their cells; no row and no column is empty.
    what : str
        What is tested, for errors.
    found, none : str
        The note for p < .05, and for any other p.

    Notes
    -----
    See `independence`.
    """
    used = np.zeros(len(joint), dtype=bool)
    for cells in tables:
        used[cells] = True
    if all(_perfect(joint.value[cells]) for cells in tables):
        raise DesignError(
            f"{what}: the association is perfect, as all people of a row have the same state and "
            "no two rows the same one. With nobody off that pattern the table has no variance to "
            "set against chance. The shares themselves say what there is to say; a test needs "
            "people off the pattern, so put other categories together or take another wave."
        )
    interactions = np.hstack([_interactions(cells, len(joint)) for cells in tables])
    delta = _design_effects(joint, used, interactions, what)
    freedom = float(joint.df[used].min())
    if not freedom > 0:
        raise DesignError(
            f"There is no variance to test {what} with: the design has {freedom:g} degrees of "
            "freedom there. Test fewer groups or pairs of waves."
        )
    if not np.trace(delta) > 1e-12:
        raise DesignError(
            f"There is no variance to test {what} with: the shares do not vary between the "
            "sampling units of this design. Check its strata and PSUs."
        )
    pearson = sum(joint.n[cells[0, 0]] * _pearson(joint.value[cells]) for cells in tables)
    test = second_order(
        pearson,
        delta,
        len(delta),
        freedom,
        name=what,
        found=found,
        none=none,
        base=base_text(joint),
    )
    assert joint.n_cell is not None
    textbook = sum(_pearson(joint.n_cell[cells]) for cells in tables)
    return replace(test, textbook=textbook, textbook_name="Pearson", textbook_df=float(len(delta)))


def _perfect(table: Floats) -> bool:
    """Tell whether each row has a single column with people, and each column a single row."""
    some = table > 0
    return bool((some.sum(axis=0) == 1).all() and (some.sum(axis=1) == 1).all())


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


def _design_effects(joint: Estimates, used: Booleans, interactions: Floats, what: str) -> Floats:
    """Δ of the interactions; its eigenvalues are generalized design effects."""
    share = np.where(used, joint.value, 0.0)
    inverse = np.divide(joint.n, share, out=np.zeros(len(share)), where=share > 0)
    scaled = inverse[:, None] * interactions
    independent = interactions.T @ scaled
    if np.linalg.matrix_rank(independent) < len(independent):
        raise DesignError(
            f"{int((used & (share == 0)).sum())} of the {int(used.sum())} cells of {what} are "
            "empty, too many for a test. Merge states or groups."
        )
    covariance = joint.covariance[np.ix_(used, used)]
    return np.asarray(np.linalg.solve(independent, scaled[used].T @ covariance @ scaled[used]))
