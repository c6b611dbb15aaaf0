"""Panels of a score of which it is known who moved, and what its page prints of that."""

import numpy as np
import pandas as pd

import opinionpanel as op

PAIR = ("May", "June")


def panel_of(moves, groups=None, item=None):
    """Unweighted people by their numbers at two waves: (before, after) to how many they are."""
    before, after = (np.repeat(side, [*moves.values()]) for side in zip(*moves, strict=True))
    frames = {
        wave: pd.DataFrame({"id": range(len(column)), "q": column, **(groups or {})})
        for wave, column in zip(PAIR, (before, after), strict=True)
    }
    numbers = np.concatenate([before, after])
    items = {"s": op.Score("q", low=numbers.min(), high=numbers.max()), **(item or {})}
    return op.Panel.from_waves(frames, person="id", items=items, groups=[*(groups or {})])


def printed(published):
    """What a reader has of everyone, and of each category: the row of each moment."""
    found = {"all": published.change().frame().set_index("moment")}
    for group in published.groups:
        for category, rows in published.change_by(group).frame().groupby(group):
            found[group, category] = rows.set_index("moment")
    return found


def has_error(rows):
    """Tell whether that can be computed at all."""
    return bool(np.isfinite(rows.loc["change", ["std_error", "conf_low", "conf_high"]]).any())
