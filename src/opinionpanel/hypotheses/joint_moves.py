"""Whether those who changed one answer changed another one, too: a test of two moves."""

from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats
from opinionpanel.errors import DesignError, listing
from opinionpanel.estimates import PAIR, TestResult
from opinionpanel.hypotheses.row_column_tests import unrelated
from opinionpanel.measures import Waves, joint_change
from opinionpanel.panel import Panel


@checked
def joint_change_test(
    panel: Panel, first_item: str, second_item: str, *, waves: Waves | None = None
) -> TestResult:
    """Test whether changing one answer is unrelated to changing another one.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    first_item, second_item : str
        The items' names in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tested, or the pairs themselves; by
        default the pairs that link people at which both items were asked. Several are tested at
        once.

    Returns
    -------
    TestResult
        ``statistic`` is the second-order F; ``wald`` the first-order χ²; ``textbook`` Pearson's
        X² of the unweighted counts of one pair of waves. Pairs in which nobody or everybody changed
        one of the answers are left out and named in the note.

    Raises
    ------
    SelectionError
        An item or wave that the panel does not have, the same item twice, or no pair of waves at
        which both were asked.
    DesignError
        In no pair of waves both items have people who moved and people who did not, or there is no
        variance to test with.

    Notes
    -----
    The test of Rao and Scott (1984), as `independence` has it, of the 2 × 2 table of the two
    moves; R's ``svychisq`` has the same F. It cannot tell opinions that move together from people
    who answer unsteadily.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> test = op.joint_change_test(panel, "support", "peace", waves=["Jul 2024", "Nov 2024"])
    >>> round(float(test.statistic), 2), test.df1, test.df2, round(float(test.pvalue), 5)
    (17.51, 1.0, 80.0, 7e-05)
    """
    shares = joint_change(panel, first_item, second_item, waves=waves)
    pairs = list(dict.fromkeys((str(a), str(b)) for a, b in shares.named.keys(PAIR)))
    # Rows are those who moved on the first item and those who did not, columns on the second.
    cells = np.arange(len(shares)).reshape(len(pairs), 2, 2)
    tables = dict(zip(pairs, cells, strict=True))
    both = f"{first_item} and {second_item}"
    kept = {pair: table for pair, table in tables.items() if _can_be_tested(shares.value[table])}
    if not kept:
        raise DesignError(
            f"In no pair of waves there are people who changed their answer, and people who did "
            f"not, to each of {both}: nothing to test."
        )
    out = [" → ".join(pair) for pair in pairs if pair not in kept]
    left = f" Left out, nobody or everybody changed: {listing(out)}." if out else ""
    test = unrelated(
        shares,
        list(kept.values()),
        f"changes of {both}",
        found=_found(first_item, second_item, [shares.value[table] for table in kept.values()])
        + left,
        none=f"No detectable association of the changes of {both}; that does not show that there "
        f"is none.{left}",
    )
    when = ", ".join(" → ".join(pair) for pair in kept)
    test = replace(test, name=f"Association of change of {both}, {when}")
    if len(kept) == 1:
        return test
    return replace(test, textbook=None, textbook_name="", textbook_df=None)


def _can_be_tested(table: Floats) -> bool:
    """Tell whether some people moved, and some did not, on each of the items."""
    return bool((np.nan_to_num(table.sum(axis=0)) > 0).all() and (table.sum(axis=1) > 0).all())


def _found(first: str, second: str, tables: list[Floats]) -> str:
    """Say which way the association goes, where it is the same way in all tables."""
    signs = {float(np.sign(np.linalg.det(table))) for table in tables}
    how = {1.0: "more", -1.0: "less"}.get(signs.pop(), "") if len(signs) == 1 else ""
    if not how:
        return (
            f"Changes of {first} and of {second} are associated by more than chance would explain."
        )
    return (
        f"Those who changed their answer to {first} changed that to {second} {how} often than "
        "others, by more than chance would explain."
    )
