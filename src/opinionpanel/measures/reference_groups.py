"""Each group against a reference: everybody else, all groups together, or one of them."""

from collections.abc import Callable, Sequence

import numpy as np

from opinionpanel.errors import SelectionError, listing, unknown
from opinionpanel.estimates import Estimates, Labels, Totals, free_name, label_rows, repeated

Measure = Callable[[Totals, list[str]], Estimates]


def compared(
    totals: Totals, groups: Sequence[str], reference: str | None, measure: Measure
) -> Estimates:
    """Apply a measure to groups, or take the difference of each from a reference.

    Parameters
    ----------
    totals : Totals
        Labelled with the groups.
    groups : sequence of str
        The label columns of the groups.
    reference : str or None
        ``"rest"``, ``"total"`` or a category; None for no comparison.
    measure : callable
        From totals and the label columns of their groups to estimates whose rows are in the order
        of the totals' groups.

    Raises
    ------
    SelectionError
        There are no groups, or the reference is unknown or could mean two things.

    Notes
    -----
    The totals of the reference are sums of the groups' own; the measure runs on both sides at
    once, so that the covariance between the sides, whose people may be the same, is there.
    """
    if reference is None:
        return measure(totals, list(groups))
    labels = totals.named
    _check(labels, groups, reference)
    group = labels.numbers(groups)
    cell = labels.numbers([name for name in labels if name not in groups])
    same = cell[:, None] == cell
    left = np.ones(len(labels), dtype=bool)
    if reference == "rest":
        members = same & (group[:, None] != group)
    elif reference == "total":
        members = same
    else:
        named = labels.where(groups[0], reference)
        members, left = same & named, ~named
    # The label that tells the two sides of the comparison apart, while it is made.
    apart = free_name("(side)", labels)
    sides = repeated(labels.take(left), label_rows({apart: ["group", "reference"]}))
    matrix = np.vstack([np.eye(len(labels), dtype=bool)[left], members[left]])
    estimates = measure(totals.combine(matrix, sides), [apart, *groups])
    half = len(estimates) // 2
    rows = estimates.named.take(np.arange(half))
    words = {"rest": "the rest", "total": "all groups together"}.get(reference, reference)
    return estimates.combination(
        np.hstack([np.eye(half), -np.eye(half)]),
        rows.only(name for name in rows if name != apart),
        title=f"{estimates.about.title}: difference from {words}",
        base=estimates.about.smaller_base,
    )


def _check(labels: Labels, groups: Sequence[str], reference: str) -> None:
    literal = reference in ("rest", "total")
    if not groups:
        raise SelectionError(
            f"reference={reference!r} compares groups; name them with by=. The difference of two "
            "waves or states is .difference(column, a, minus=b)."
        )
    categories = labels.values(groups[0])
    if literal and len(groups) == 1 and reference in categories:
        raise SelectionError(
            f"reference={reference!r} could mean the category {reference!r} of group "
            f"{groups[0]!r}. Give that category another name."
        )
    if not literal and len(groups) > 1:
        raise SelectionError(
            f"With several groups ({listing(groups)}) the reference is 'rest' or 'total', not "
            f"{reference!r}. For a category, name a single group in by=."
        )
    if not literal and reference not in categories:
        raise unknown("reference", reference, ["rest", "total", *categories])
    if len(set(labels.keys(groups))) < 2:
        raise SelectionError(
            f"There is a single group of {listing(groups)}, with nothing to compare it to."
        )
