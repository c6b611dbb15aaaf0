"""Whether an item and a group are related at a wave: the test of Rao and Scott."""

from dataclasses import replace

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.arrays import Integers
from opinionpanel.errors import DesignError, SelectionError, listing
from opinionpanel.estimates import TestResult
from opinionpanel.hypotheses.row_column_tests import unrelated
from opinionpanel.measures import By, wave_totals
from opinionpanel.panel import Panel


@checked
def independence(panel: Panel, item: str, *, by: By, wave: str | None = None) -> TestResult:
    """Test whether the answers to an item are unrelated to a group, at one wave.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    by : str or sequence of str
        The group; several are crossed into one. A group by wave counts with its value at the wave.
    wave : str, optional
        The wave; by default the only one that asked the item.

    Returns
    -------
    TestResult
        ``statistic`` is the second-order F; ``wald`` the first-order χ²; ``textbook`` Pearson's
        X² of the unweighted counts. States and groups that nobody has are left out and named in
        the note.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, no group, or several waves to choose
        from.
    DesignError
        Fewer than two states or groups have anybody, too many cells are empty, or there is no
        variance to test with.

    Notes
    -----
    With p the joint shares, V their design covariance, X² = Σ (p − p_r p_c)² / (p_r p_c) and
    Δ = (Cᵀ D⁻¹ C)⁻¹ Cᵀ D⁻¹ V D⁻¹ C, where D = diag p and C spans the interactions:
    F = X² / tr Δ on d = (tr Δ)² / tr Δ² and d f degrees of freedom, f those of the design in the
    base; χ² = X² (r − 1)(c − 1) / tr Δ on (r − 1)(c − 1) (Rao & Scott 1984). R's ``svychisq`` has
    the same F and p-values, save that it takes f from the whole design, people without an answer
    included.

    Examples
    --------
    >>> import opinionpanel as op, pandas as pd
    >>> people = pd.DataFrame({"id": range(8), "vote": list("aaababbb"), "sex": list("mmmmffff")})
    >>> item = op.Item({"2024": "vote"}, {"a": ["a"], "b": ["b"]})
    >>> panel = op.Panel.from_wide(people, person="id", items={"vote": item}, groups=["sex"])
    >>> print(independence(panel, "vote", by="sex"))
    Independence of vote and sex at 2024: F(1, 7) = 1.75, p = .227; χ²(1) = 1.75 [Rao–Scott,
    second order]
    No detectable association of vote and sex; that does not show that there is none.
    Unweighted counts, ignoring the design (no test): Pearson χ²(1) = 2.00
    Base: people with an answer at the wave (each wave a cross-section); n = 8 (unweighted). Weight:
    none (unweighted). No weight, strata or PSUs were declared: tested as for a simple random
    sample.
    """
    chosen = _the_wave(panel, item, wave)
    totals, about, groups = wave_totals(panel, item, [chosen], by, "answered")
    if not groups:
        raise SelectionError(f"Independence of item {item!r} from which group? Name it in by=.")
    joint = totals.shares(["wave"], about)
    what = f"{item} and {' × '.join(groups)}"
    states = joint.labels["state"].nunique()
    table = joint.value.reshape(-1, states)
    rows, columns = (np.flatnonzero(np.nansum(table, axis=axis) > 0) for axis in (1, 0))
    if len(rows) < 2 or len(columns) < 2:
        raise DesignError(
            f"At wave {chosen!r} {len(columns)} state(s) of item {item!r} and {len(rows)} "
            f"group(s) of {listing(groups)} have anybody; a test needs two of each."
        )
    empty = _empty(joint.labels, groups, states, rows, columns)
    test = unrelated(
        joint,
        [rows[:, None] * states + columns],
        what,
        found=f"{what} are associated by more than chance would explain.{empty}",
        none=f"No detectable association of {what}; that does not show that there is none.{empty}",
    )
    return replace(test, name=f"Independence of {what} at {chosen}")


def _the_wave(panel: Panel, item: str, wave: str | None) -> str:
    panel.item(item)
    asked = panel.asked(item)
    if wave is None and len(asked) != 1:
        raise SelectionError(
            f"Item {item!r} was asked at {listing(asked)}; say at which to test it, with wave=."
        )
    return asked[0] if wave is None else wave


def _empty(
    labels: pd.DataFrame, groups: list[str], states: int, rows: Integers, columns: Integers
) -> str:
    """Name the groups and states that nobody has."""
    of_group = labels[groups].iloc[::states].agg(", ".join, axis=1).tolist()
    of_state = labels["state"].iloc[:states].tolist()
    names = [name for row, name in enumerate(of_group) if row not in rows]
    names += [name for column, name in enumerate(of_state) if column not in columns]
    return f" Left out, nobody there: {listing(names)}." if names else ""
