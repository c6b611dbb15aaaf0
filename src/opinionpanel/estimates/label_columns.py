"""What label columns stand for, and how they are named beside other columns."""

from collections.abc import Container, Hashable, Mapping, Sequence
from typing import Literal

import pandas as pd

from opinionpanel.arrays import Floats

# When; which people; which of several items; the state that people come from; any other state;
# what of a table; and what of a model.
Role = Literal["time", "group", "item", "origin", "state", "component", "parameter"]


GROUP = " (group)"


def free_name(name: str, taken: Container[str]) -> str:
    """Name a group, or what else may bear any name, beside columns that are there.

    A group may be called as it likes. Where a result has a column of its own by that name, the
    group is told so, in labels, frames and tables alike.

    Examples
    --------
    >>> free_name("n", ["estimate", "n"]), free_name("region", ["estimate", "n"])
    ('n (group)', 'region')
    """
    while name in taken:
        name += GROUP
    return name


def free_names(names: Sequence[str], taken: Container[str]) -> list[str]:
    """Name some groups beside columns that are there, and beside each other.

    Examples
    --------
    >>> free_names(["n", "n (group)", "region"], ["estimate", "n"])
    ['n (group) (group)', 'n (group)', 'region']
    """
    found = list(names)
    for place, name in enumerate(names):
        if name in taken:
            name += GROUP
            while name in taken or name in found:
                name += GROUP
            found[place] = name
    return found


def label_of(name: Hashable, labels: Container[Hashable], groups: Container[Hashable]) -> Hashable:
    """Find the label column that a name means: with or without the mark of a group.

    `groups` are the label columns of groups. A name that no column has is given back.

    Examples
    --------
    >>> labels = ["wave", "wave (group)", "region"]
    >>> groups = ["wave (group)", "region"]
    >>> [label_of(name, labels, groups) for name in ("wave", "wave (group)", "region (group)")]
    ['wave', 'wave (group)', 'region']
    """
    if name in labels or not isinstance(name, str):
        return name
    known = [other for other in (name + GROUP, name.removesuffix(GROUP)) if other in groups]
    return known[0] if known else name


def beside(labels: pd.DataFrame, figures: pd.DataFrame | Mapping[str, Floats]) -> pd.DataFrame:
    """Put columns of figures after labels; a label named like one of them is a group, and told so.

    Examples
    --------
    >>> labels = pd.DataFrame({"n": ["north", "south"]})
    >>> beside(labels, {"estimate": [0.5, 0.4], "n": [20, 30]})
      n (group)  estimate   n
    0     north       0.5  20
    1     south       0.4  30
    """
    figures = pd.DataFrame(figures)
    named = labels.reset_index(drop=True).set_axis(free_names([*labels], figures), axis=1)
    return pd.concat([named, figures.reset_index(drop=True)], axis=1)
