"""Panels of known counts, and frames of their estimates, for what titles say."""

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel.charts.chart_options import Options
from opinionpanel.charts.frame import Frame
from opinionpanel.estimates import withheld_of

STATES = ("approve", "unsure", "oppose")


def counted(tables, *, states=STATES, waves=None, item="q12", groups=None, **of_item):
    """People by their codes at every wave: {(1, 1): 40, (1, 2): 3} has 43 people.

    With `groups`, tables are by group.
    """
    grouped = tables if groups else {"": tables}
    rows = [
        (*path, group)
        for group, table in grouped.items()
        for path, people in table.items()
        for _ in range(people)
    ]
    count = len(rows[0]) - 1
    waves = waves or [f"wave {number + 1}" for number in range(count)]
    frame = pd.DataFrame(rows, columns=[*range(count), groups or "g"])
    frame["id"] = np.arange(len(frame)) + 5_000_000
    coded = {state: [code + 1] for code, state in enumerate(states)}
    return op.Panel.from_waves(
        {
            wave: frame[["id", groups or "g", place]].rename(columns={place: "answer"})
            for place, wave in enumerate(waves)
        },
        person="id",
        items={item: op.Item("answer", coded, **of_item)},
        groups=[groups] if groups else [],
        design=None,
    )


def framed(estimates, *, min_n=10, withheld=None, **options):
    withheld = withheld_of(estimates, min_n, None) if withheld is None else withheld
    return Frame(estimates, withheld, Options(**options))


def square(*rows):
    """Counts of two waves as a matrix, origins in rows."""
    return {
        (origin + 1, destination + 1): people
        for origin, row in enumerate(rows)
        for destination, people in enumerate(row)
    }
