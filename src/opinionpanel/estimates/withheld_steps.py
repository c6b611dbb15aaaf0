"""Which steps of scores are withheld: where few people made them, their mean tells how long."""

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.estimates.about import About
from opinionpanel.estimates.labels import Labels
from opinionpanel.estimates.protection import Figures, Protection

# The label column of what is told of a change, and its values that are steps up and down.
MOMENT, UPWARD, DOWNWARD = "moment", "upward", "downward"


def with_few_steps(
    labels: Labels, about: About, people: Floats, min_cell: int, hidden: Booleans
) -> Booleans:
    """Withhold the mean steps that few people made, and what would tell them.

    Steps up less steps down are the change, which is shown, so that both go together; and their
    mean over all groups is taken as known.
    """
    steps = np.flatnonzero(labels.where(MOMENT, UPWARD, DOWNWARD))
    few = hidden[steps] | ((people[steps] > 0) & (people[steps] < min_cell))
    small = np.flatnonzero(few & ~hidden[steps])
    if not len(small):
        return hidden
    counts, rows = people[steps], np.eye(len(steps))
    signs = np.where(labels.where(MOMENT, UPWARD), 1.0, -1.0)[steps]
    tables = labels.numbers([name for name in labels if name != MOMENT])[steps]
    known = [np.where(tables == table, signs, 0.0) for table in np.unique(tables)]
    groups = about.columns(labels, "group")
    for group in groups:
        same = labels.numbers([name for name in labels if name != group])[steps]
        known += [(same == key).astype(np.float64) for key in np.unique(same)]
    price = np.append(1.0 + counts, np.full(len(known), np.inf))
    figures = Figures(np.vstack([rows, known]), counts, price)
    protection = Protection(figures, np.append(few, np.zeros(len(known), dtype=bool)))
    for row in small[np.argsort(counts[small], kind="stable")]:
        if not protection.protect(rows[row], min_cell):
            protection.hidden[: len(steps)] = True
    found = hidden.copy()
    found[steps] |= protection.hidden[: len(steps)]
    return found
