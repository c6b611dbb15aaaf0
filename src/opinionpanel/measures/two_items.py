"""The answers of the same people to two items at a wave: joint, row and column shares."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from opinionpanel.arguments import check_choice, checked
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import About, Estimates, free_names
from opinionpanel.measures.bases import By, Own, about_of, by_text, group_names
from opinionpanel.measures.pairs_of_waves import Waves, wave_names
from opinionpanel.measures.reference_groups import compared
from opinionpanel.measures.tabulation import WAVE, OneTable, tabulate
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase

Shares = Literal["joint", "row", "column"]
# What captions call each, by its measure; and what its shares are of.
CROSSED: Mapping[str, Shares] = {"cross": "joint", "row_shares": "row", "column_shares": "column"}


@checked
def cross(
    panel: Panel,
    first_item: str,
    second_item: str,
    *,
    waves: Waves | None = None,
    by: By = None,
    shares: Shares = "joint",
    reference: str | None = None,
) -> Estimates:
    """Cross the answers to two items at a wave: shares of all, of each row or of each column.

    Parameters
    ----------
    panel : Panel
        The linked people, from `read_panel` or a ``from_`` method of `Panel`.
    first_item, second_item : str
        The items' names in the panel. The states of the first are rows, those of the second
        columns.
    waves : str or sequence of str, optional
        One wave or several; by default all that asked both items.
    by : str or sequence of str, optional
        Groups of the panel; several are crossed. A group by wave counts with its value at each of
        the waves.
    shares : {"joint", "row", "column"}
        Shares of everyone in the base; of those with each answer to the first item; or of those
        with each answer to the second.
    reference : str, optional
        Compare groups, which needs `by`: each with ``"rest"``, everybody else whose group is known;
        with ``"total"``, all of them together; or, of a single group, with one of its categories.
        The estimates are then differences, the group minus the reference.

    Returns
    -------
    Estimates
        Labels ``wave``, the groups, and a column for each item, which has its name; with
        ``shares="column"`` that of the second item comes before that of the first. Shares of the
        people with an answer to both items at the wave, with the weight of the wave: all of a wave
        and group add up to 1, or those of each row or column. NaN with n = 0 where nobody is in
        the base; ``n`` is its unweighted size, ``n_cell`` the people with both answers. With
        `reference`: the differences, with the covariance that overlapping people bring, and ``n``
        the smaller of the two bases.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have, the same item twice, or a wave that
        did not ask both; a reference without groups, or that is none of their categories.

    Notes
    -----
    W_ij / W, W_ij / W_i+ or W_ij / W_+j, with W_ij the weighted people with the answers i and j:
    ratios over a domain (Lumley 2010, Complex Surveys, ch. 2). Whether the two are associated,
    `independence` tests with one of them as a group, which `Panel.group_of` makes.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> rows = op.cross(panel, "support", "peace", waves="Jul 2024", shares="row")
    >>> rows.matrix().round(3)
    peace      yes  unsure     no
    support
    approve  0.249   0.201  0.550
    unsure   0.179   0.298  0.523
    oppose   0.204   0.246  0.550
    """
    check_choice("shares", shares, Shares)
    check_two(panel, first_item, second_item)
    groups = group_names(by)
    names = waves_of_both(panel, first_item, second_item, waves)
    items = (first_item, second_item)
    columns = free_names(items, WAVE)
    own = [
        Own(columns[0], panel.item(first_item).state_names, "origin"),
        Own(columns[1], panel.item(second_item).state_names),
    ]
    order = [1, 0] if shares == "column" else [0, 1]
    tables = []
    for wave in names:
        # Who did not answer has no place in the columns, and is in no cell.
        codes = [panel.answers[items[place]][panel.position(wave)] for place in order]
        tables.append(OneTable((wave,), wave, panel.domain, panel.weight(wave), codes))
    of = {"joint": "the base", "row": f"each answer to {first_item}"}
    about = about_of_two(
        panel,
        items,
        names,
        groups,
        Phrase("people with an answer to both items at the wave"),
        measure=next(name for name, one in CROSSED.items() if one == shares),
        title=f"{first_item} and {second_item}: share of "
        + of.get(shares, f"each answer to {second_item}")
        + by_text(panel, groups, pairs=False),
    )
    totals, about, labels = tabulate(
        panel, about, groups, WAVE, [own[place] for place in order], tables
    )
    within = [] if shares == "joint" else [own[order[0]].name]
    return compared(
        totals, labels, reference, lambda cells, by: cells.shares(["wave", *by, *within], about)
    )


def check_two(panel: Panel, first: str, second: str) -> None:
    """Refuse items that the panel does not have, and the same one twice."""
    for item in (first, second):
        panel.item(item)
    if first == second:
        others = [name for name in panel.items if name != first]
        instead = f" Name another one: {listing(others)}." if others else ""
        raise SelectionError(f"Item {first!r} is named twice; this is about two items.{instead}")


def waves_of_both(panel: Panel, first: str, second: str, waves: Waves | None) -> list[str]:
    """Name the waves at which both of two items were asked."""
    if waves is not None:
        names = wave_names(panel, first, waves, at_least=1)
        panel.check_asked(second, names)
        return names
    both = [wave for wave in panel.asked(first) if wave in panel.asked(second)]
    if not both:
        raise SelectionError(
            f"Items {first!r} and {second!r} were asked at no wave together: {first!r} at "
            f"{listing(panel.asked(first))}, {second!r} at {listing(panel.asked(second))}. Answers "
            f"of another wave make a group: panel.group_of({second!r}, wave=…)."
        )
    return both


def about_of_two(
    panel: Panel,
    items: tuple[str, str],
    names: Sequence[str],
    groups: Sequence[str],
    who: str,
    *,
    measure: str,
    title: str,
) -> About:
    """Start the caption of what is about two items; neither question stands for both."""
    about = about_of(panel, items[0], names, groups, who, {})
    states = {state for item in items for state in panel.item(item).state_names}
    labels = {item: panel.item(item).label for item in items}
    return replace(
        about,
        measure=measure,
        title=title,
        item=f"{items[0]} and {items[1]}",
        label=" × ".join(panel.item(item).label or item for item in items),
        # A state that has the name of an item is not called as that.
        called={item: label for item, label in labels.items() if label and item not in states},
        question="",
        neutral="",
        changes={},
        states=(),
    )
