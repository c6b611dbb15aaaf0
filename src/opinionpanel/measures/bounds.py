"""How far those who were lost could move turnover: worst-case bounds, and a line that says so."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import get_args

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.engines import Key, PersonColumn, Table, tables
from opinionpanel.errors import unknown
from opinionpanel.estimates import (
    PAIR,
    Estimates,
    Totals,
    label_rows,
    repeated,
)
from opinionpanel.measures.base_notes import FEWEST, Account, due_then, loss_words
from opinionpanel.measures.bases import Base, By, Own
from opinionpanel.measures.pairs_of_waves import Waves, wave_names
from opinionpanel.measures.tabulation import earlier_totals
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, figure, per_cent

OUTCOMES = ("stayed", "changed", "unknown")
# The outcomes that make up each component, and all of those in its base.
COMPONENTS = {
    "lower": (["changed"], OUTCOMES),
    "upper": (["changed", "unknown"], OUTCOMES),
    "answered": (["changed"], ("stayed", "changed")),
    "retained": (["stayed", "changed"], OUTCOMES),
}


@checked
def turnover_bounds(
    panel: Panel, item: str, *, waves: Waves | None = None, by: By = None
) -> Estimates:
    """Worst-case bounds on turnover among everyone interviewed at the earlier wave.

    Who was not due at the later wave is not in the base.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, or of pairs of them, optional
        Two waves or more, of which each consecutive pair is tabulated; or the pairs themselves,
        ``[("2016", "2020"), ("2018", "2020")]``. By default the pairs that link people, as
        `Panel.pairs` lists them: in an ordinary panel all consecutive ones.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the
        earlier wave of a pair.

    Returns
    -------
    Estimates
        Labels ``from_wave``, ``to_wave``, the groups and ``component``: ``lower`` if none of
        those without an answer at both waves changed; ``upper`` if all of them did;
        ``answered``, turnover among those with an answer at both; and ``retained``, how many of
        everyone these are. All with the weight of the earlier wave. NaN with n = 0 where nobody
        was interviewed; ``answered`` also where nobody answered at both waves.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two waves.

    Notes
    -----
    With ρ the share retained and q turnover among them, turnover lies in [ρq, ρq + 1 − ρ]
    (Manski 1989, Journal of Human Resources 24). Drop-out and a missing answer at either wave
    count alike. ``answered`` need not equal `turnover`, whose weight is the longitudinal one or
    that of the later wave. ``.between_bounds()`` gives an interval for turnover itself, wherever
    it lies between the bounds.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> bounds = op.turnover_bounds(panel, "support", waves=["Jul 2024", "Nov 2024"])
    >>> bounds.to_frame()[["component", "estimate", "n"]].round(3)
      component  estimate     n
    0     lower     0.190  1500
    1     upper     0.463  1500
    2  answered     0.261  1084
    3  retained     0.727  1500
    >>> bounds.between_bounds()[["lower", "upper", "conf_low", "conf_high"]].round(3)
       lower  upper  conf_low  conf_high
    0   0.19  0.463      0.17      0.488
    """

    def outcome(first: str, last: str) -> list[PersonColumn]:
        answers = panel.answers[item]
        start, end = answers[panel.position(first)], answers[panel.position(last)]
        codes = np.where((start < 0) | (end < 0), 2, start != end)
        return [codes.astype(np.int64)]

    title = f"Worst-case bounds on turnover of {item}, whatever those without an answer did"
    own, measure = [Own("component", OUTCOMES)], "turnover_bounds"
    totals, about, groups = earlier_totals(panel, item, waves, by, own, outcome, measure, title)
    base = Phrase(
        "{base}; for “answered”, those with an answer at both waves",
        base=about.base,
    )
    about = replace(about, base=base, roles={**about.roles, "component": "component"})
    shares = _components(totals).shares([*PAIR, *groups, "component"], about)
    return shares.at(np.arange(0, len(shares), 2))


def loss_text(
    panel: Panel,
    item: str,
    first: str,
    last: str,
    *,
    base: Base = "answered",
    waves: Sequence[str] | None = None,
) -> str:
    """Say in a line how many were lost between two waves, and how far turnover could be.

    Parameters
    ----------
    panel : Panel
    item : str
    first, last : str
        The pair of waves that a turnover is about.
    base : {"answered", "balanced", "panel"}
        The base of that turnover. ``"balanced"`` has lost everyone without an answer at one of
        `waves`; ``"panel"`` is about those interviewed at the first of `waves`.
    waves : sequence of str, optional
        The waves of that turnover; by default the two.

    Returns
    -------
    str
        Empty where nobody was lost, or nobody was interviewed. No percentages where fewer than
        10 people are left.

    Raises
    ------
    SelectionError
        An item, wave or base that does not exist.

    Notes
    -----
    Counts are of people with a positive weight at the wave they start from, which is the weight
    of the percentages; who answered twice counts even with no weight at the later wave. The
    bounds are those of `turnover_bounds` (for other bases with the people left in that base),
    to one decimal, and without sampling error.

    Examples
    --------
    >>> import opinionpanel as op
    >>> from opinionpanel.measures.bounds import loss_text
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> print(loss_text(panel, "support", "Jul 2024", "Nov 2024"))
    Of 1,500 people interviewed at Jul 2024, 1,084 (73%, weighted) answered both then and at Nov
    2024; whatever the others did, turnover among all of them lies between 19.0 and 46.3%.
    """
    if base not in get_args(Base):
        raise unknown("base", base, get_args(Base))
    panel.check_same_people(item)
    wave_names(panel, item, (first, last), at_least=2)
    names = wave_names(panel, item, waves or (first, last), at_least=2)
    start = names[0] if base == "panel" else first
    weight = panel.weight(start)
    asked = {name: panel.answers[item][panel.position(name)] for name in {*names, first, last}}
    needed = names if base == "balanced" else (first, last)
    there = panel.were_due(panel.domain & panel.present[panel.position(start)], needed)
    left = reduce(np.logical_and, [asked[name] >= 0 for name in needed])
    found = np.where(left, asked[first] != asked[last], OUTCOMES.index("unknown"))
    # Whoever has no positive weight is a code of its own, the last.
    outcome = Key(np.where(weight.values > 0, found, len(OUTCOMES)), len(OUTCOMES) + 1)
    n, total = tables([Table((outcome,), value, there) for value in ((), (weight.values,))])
    interviewed, answered, weightless = int(n[:3].sum()), int(n[:2].sum()), n[3] > 0
    if interviewed == answered:
        return ""
    stayed, changed, *_ = total / total.sum()
    account = Account(start, tuple(needed), weight)
    share = stayed + changed
    text = loss_words(
        (first, last),
        account,
        interviewed,
        answered,
        share,
        weightless=bool(weightless),
        due=due_then(panel, account),
    )
    if answered < FEWEST:
        return Phrase("{lost}: too few to say how far the others could move turnover.", lost=text)
    return Phrase(
        "{lost}; whatever the others did, turnover among all of them lies between {low} and "
        "{high}.",
        lost=text,
        low=figure(f"{100 * changed:.1f}"),
        high=per_cent(1 - stayed, digits=1),
    )


def _components(totals: Totals) -> Totals:
    """Add up the outcomes to the two parts of each component: what it counts, and the rest."""
    labels = totals.named
    tables = [name for name in labels if name != "component"]
    table = labels.numbers(tables)
    rows = []
    for number in range(table.max() + 1):
        for counted, base in COMPONENTS.values():
            inside = (table == number) & labels.where("component", *base)
            counts = labels.where("component", *counted)
            rows += [inside & counts, inside & ~counts]
    first = np.unique(table, return_index=True)[1]
    parts = label_rows({"component": np.repeat([*COMPONENTS], 2).tolist()})
    named = repeated(parts, labels.only(tables).take(first))
    return totals.combine(np.vstack(rows), named)
