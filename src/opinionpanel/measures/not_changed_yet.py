"""Who has not changed their answer yet: survival in the time of waves."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from opinionpanel.arguments import checked
from opinionpanel.arrays import Floats, Integers
from opinionpanel.estimates import (
    PAIR,
    About,
    Estimates,
    Totals,
    label_rows,
    repeated,
)
from opinionpanel.measures.bases import By, Own, about_of, by_text, group_names
from opinionpanel.measures.pairs_of_waves import Waves, wave_names
from opinionpanel.measures.reference_groups import compared
from opinionpanel.measures.tabulation import WAVES, OneTable, tabulate
from opinionpanel.measures.until_change import intervals_until_change
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase

STAYED, CHANGED = "unchanged", "changed"


@checked
def unchanged(
    panel: Panel,
    item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    reference: str | None = None,
) -> Estimates:
    """Share of people who have not changed their answer yet, by wave.

    The survival curve of an answer: it starts at 100% and falls at each wave by those who then
    gave another answer for the first time. Whoever drops out or misses a wave counts for as long
    as they were seen.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    item : str
        The item's name in the panel.
    waves : sequence of str, optional
        Two waves or more, in the order of fieldwork; by default every wave that asked the item and
        at which people of the first were due.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at the first
        of the waves.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels: the groups, ``wave`` and ``state``, which is ``unchanged``. Shares between 0 and 1,
        of the people with an answer at the first wave; 1 at that wave. ``n`` is the smallest number
        of people who were still to change, in any interval up to the wave, and seen at its end;
        NaN with n = 0 from the first interval on in which nobody was.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, or fewer than two waves; waves out of
        order; a reference without groups, or that is none of their categories.

    Notes
    -----
    S_t = Π_u (1 − d_u / n_u) over the intervals u up to wave t, with n_u the weighted people who
    answered at both waves of u and had given one answer at all waves so far, and d_u those of them
    whose answer changed: the product-limit estimate of Kaplan and Meier (1958, Journal of the
    American Statistical Association 53) in discrete time. Each interval has the weight of its two
    waves, as `transitions` have. The standard error is that of the product of these ratios, with
    their covariance under the design.

    A person who misses a wave is not followed beyond it: in the gap the answer may have changed and
    changed back. Those who are lost are taken to go on as those who stay and have not changed yet;
    the note says how many they are.

    Examples
    --------
    >>> import opinionpanel as op
    >>> found = op.unchanged(op.datasets.load("nes_ideology"), "ideology")
    >>> found.to_frame()[["wave", "estimate", "std_error", "n"]].round(3)
         wave  estimate  std_error    n
    0  wave 1     1.000      0.000  408
    1  wave 2     0.723      0.022  408
    2  wave 3     0.598      0.024  295
    """
    names = wave_names(panel, item, waves, at_least=2, in_order=True, one_chain=True)
    groups = group_names(by)
    _, intervals, cut_off = intervals_until_change(panel, item, names, from_first_wave=True)
    tables = [
        OneTable(each.waves, names[0], each.at_risk, each.weight, [each.changed])
        for each in intervals
    ]
    who = Phrase("people with an answer at {wave}, until the first change", wave=names[0])
    about = about_of(panel, item, names, groups, who, {})
    title = f"Not changed {item} yet: share of those with an answer at {names[0]}"
    title += by_text(panel, groups, pairs=True, side="first")
    about = replace(about, measure="unchanged", title=title, states=(STAYED,))
    own = [Own("outcome", (STAYED, CHANGED))]
    totals, about, columns = tabulate(panel, about, groups, WAVES, own, tables)
    told = cut_off.words()
    about = replace(
        about,
        weights=_by_wave(about.weights),
        roles={"wave": "time", "state": "state"},
        notes={(): told} if told else {},
    )
    return compared(
        totals, columns, reference, lambda cells, by: _product_limit(cells, by, names, about)
    )


def _by_wave(weights: Mapping[tuple[str, ...], str]) -> dict[tuple[str, ...], str]:
    """Give each wave the weight of the interval that ends there; the first that of the first."""
    by_end: dict[tuple[str, ...], str] = {(last,): text for (_, last), text in weights.items()}
    first = next(iter(weights))
    return {(first[0],): weights[first], **by_end}


def _product_limit(cells: Totals, by: list[str], names: list[str], about: About) -> Estimates:
    """Multiply up, in every group, the shares that did not change."""
    shares = cells.shares([*by, *PAIR], about)
    stayed = shares.select(outcome=STAYED)
    group = stayed.named.numbers(by)
    first = np.unique(group, return_index=True)[1]
    rows = np.array([np.flatnonzero(group == number) for number in group[first]], dtype=np.int64)

    def product(values: Floats) -> Floats:
        found = np.ones((len(rows), len(names)))
        # Nothing is known where nobody was seen twice.
        found[:, 0] += 0 * values[rows[:, 0]]
        found[:, 1:] = np.cumprod(values[rows], axis=1)
        return found.ravel()

    waves = label_rows({"wave": names, "state": [STAYED] * len(names)})
    labels = repeated(waves, stayed.named.only(by).take(first))
    found = stayed.with_slopes(product, _slopes(stayed.value, rows), labels)
    # At the first wave as many as over the first interval.
    earlier = np.column_stack([rows[:, :1], rows])
    possible = np.tile([0.0, 1.0], (len(labels), 1))
    possible[:: len(names)] = 1.0
    return replace(
        found,
        unit="share",
        about=about,
        n=np.minimum.accumulate(stayed.n[earlier], axis=1).ravel(),
        n_effective=np.minimum.accumulate(stayed.n_effective[earlier], axis=1).ravel(),
        possible=possible,
    )


def _slopes(value: Floats, rows: Integers) -> Floats:
    """Differentiate the products: each by its factors, without the factor itself."""
    groups, intervals = rows.shape
    found = np.zeros((groups, intervals + 1, len(value)))
    for last in range(intervals):
        for factor in range(last + 1):
            others = [place for place in range(last + 1) if place != factor]
            slope = value[rows[:, others]].prod(axis=1)
            found[np.arange(groups), last + 1, rows[:, factor]] = slope
    return found.reshape(groups * (intervals + 1), len(value))
