"""Whether drop-out is related to answers, and whether fresh people answer as staying ones do."""

from dataclasses import replace

from opinionpanel.arguments import checked
from opinionpanel.errors import DesignError, listing
from opinionpanel.estimates import PAIR, TestResult
from opinionpanel.hypotheses.flow_contrasts import pairs_text
from opinionpanel.hypotheses.row_column_tests import same_shares
from opinionpanel.measures import (
    NOT_INTERVIEWED,
    OUTCOME,
    SIDES,
    By,
    Waves,
    attrition_totals,
    by_text,
    fresh_totals,
    group_names,
)
from opinionpanel.panel import Panel

# With fewer people on a side there is no test.
FEWEST = 10


@checked
def attrition_test(
    panel: Panel, item: str, *, waves: Waves | None = None, by: By = None
) -> TestResult:
    """Test whether dropping out is related to the state given before.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tested; or the pairs themselves,
        ``[("2016", "2020"), ("2018", "2020")]``; the earlier wave of a pair first. By default the
        pairs that link people, as `Panel.pairs` lists them: in an ordinary panel all consecutive
        ones. Over several pairs the test is a joint one: no relation in any of them.
    by : str or sequence of str, optional
        Groups of the panel: whether drop-out is the same in every state of every group. A group by
        wave counts with its value at the earlier wave of a pair.

    Returns
    -------
    TestResult
        The F statistic with its degrees of freedom and p-value, the χ² form, and a note that says
        in words what was found. ``textbook`` is Pearson's X² of the unweighted counts, for a single
        pair of waves. States and pairs that cannot be compared are left out and named in the note.

    Raises
    ------
    DesignError
        Nobody was lost, nobody stayed, or there is no variance to test with.
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves, or a pair out of
        the order of fieldwork; a state of the item that is named like one that the table adds.

    Notes
    -----
    Rao & Scott (1984, Annals of Statistics 12), second order. With p the joint shares of state and
    outcome in a table of n people, V their design covariance, X² = n Σ (p − p_r p_c)² / (p_r p_c),
    Δ = (Cᵀ M⁻¹ C)⁻¹ Cᵀ M⁻¹ V M⁻¹ C, where M = diag p / n and C spans the interactions: F = X² / tr
    Δ on (tr Δ)² / tr Δ² and f times as many degrees of freedom, f those of the design; χ² = m X² /
    tr Δ on m. Several pairs of waves add up X² and stand in one Δ, with the covariance between
    them. A state nobody or everybody of which was lost does no harm; a Wald test would take its
    share for certain.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> test = op.attrition_test(panel, "support", waves=["Jul 2024", "Nov 2024"])
    >>> print(test.note)
    Drop-out is related to the state of support by more than chance would explain. Whether those
    who were lost changed as those who stayed did, no test can tell.
    """
    totals, about, groups = attrition_totals(panel, item, waves, by)
    if not (totals.value[(totals.labels[OUTCOME] == NOT_INTERVIEWED).to_numpy()] > 0).any():
        raise DesignError(
            f"Nobody with a weight was lost between {listing(about.waves)}: there is no drop-out "
            "to test."
        )
    named = group_names(by)
    silent = " Whether those who were lost changed as those who stayed did, no test can tell."
    test = same_shares(
        totals,
        about,
        list(PAIR),
        [*groups, "state"],
        found=_relation(item, named, found=True) + silent,
        none=_relation(item, named, found=False) + silent,
    )
    groups_text = by_text(panel, named, pairs=True)
    return replace(
        test, name=f"Drop-out by state of {item}, {pairs_text(totals.labels)}{groups_text}"
    )


def _relation(item: str, groups: list[str], *, found: bool) -> str:
    """Say what a test of drop-out found; with groups it cannot tell states from categories."""
    if groups:
        where = f"states of {item} or categories of {' or '.join(groups)}"
        yes = f"Drop-out differs between {where} by more than chance would explain (one joint test)"
        no = f"No detectable difference in drop-out between {where} (one joint test)"
    else:
        yes = f"Drop-out is related to the state of {item} by more than chance would explain"
        no = f"No detectable relation of drop-out to the state of {item}"
    return f"{yes}." if found else f"{no}; that does not show that there is none."


@checked
def refreshment_test(
    panel: Panel, item: str, *, wave: str | None = None, by: By = None
) -> TestResult:
    """Test whether fresh people answer as those do who were interviewed before, at the same wave.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    wave : str, optional
        The wave whose people are compared; by default the only one with fresh people.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. The test is then a joint one: no difference in any
        of them. A group by wave counts with its value at the wave.

    Returns
    -------
    TestResult
        The F statistic with its degrees of freedom and p-value, the χ² form, and a note that says
        in words what was found. ``textbook`` is Pearson's X² of the unweighted counts, without
        groups.

    Raises
    ------
    DesignError
        Fewer than 10 fresh or staying people, or no variance to test with.
    SelectionError
        An item, wave or group that the panel does not have; a wave without fresh people, or without
        anybody interviewed before; several waves with fresh people of which none is named.

    Notes
    -----
    The differences of the shares of all states between the two sides, tested jointly by the
    second-order form of Rao and Scott (1984, Annals of Statistics 12): F = X² / tr Δ, with X²
    Pearson's statistic of the weighted table of side and state, and Δ its design effects.

    A difference comes of attrition, of panel conditioning (people who were asked before answer
    differently), or of another way of recruitment; this cannot tell which, and they can offset each
    other. The weights decide what is compared: where fresh and staying people were calibrated to
    the same margins, a difference is one that the margins leave (Das, Toepoel & van Soest 2011,
    Sociological Methods & Research 40).

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> test = op.refreshment_test(panel, "support", wave="Jul 2025")
    >>> print(test.note)
    No detectable difference between fresh and staying people; that does not show that there is
    none.
    """
    totals, about, groups = fresh_totals(panel, item, wave, by)
    fresh, staying = (int(totals.n[totals.labels["side"] == side].sum()) for side in SIDES)
    groups_text = by_text(panel, group_names(by), pairs=False)
    if min(fresh, staying) < FEWEST:
        raise DesignError(
            f"Too few people to compare on item {item!r} at {about.waves[0]}{groups_text}: "
            f"{fresh:,} fresh and {staying:,} staying; a test needs {FEWEST} of each. "
            "fresh_and_staying shows what they answered."
        )
    about = replace(about, base=f"{about.base} ({fresh:,} fresh, {staying:,} staying)")
    test = same_shares(
        totals,
        about,
        ["wave", *groups],
        ["side"],
        found="Fresh and staying people differ by more than chance would explain. That can come of "
        "attrition, of panel conditioning, or of another way of recruitment; this test cannot "
        "tell which.",
        none="No detectable difference between fresh and staying people; that does not show that "
        "there is none.",
    )
    name = f"Fresh against staying people, {item} at {about.waves[0]}{groups_text}"
    return replace(test, name=name)
