"""What label columns stand for, and how they are named beside other columns."""

from collections.abc import Container, Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats

# When; which people; the state that people come from; any other state; what of a table; and what
# of a model.
Role = Literal["time", "group", "origin", "state", "component", "parameter"]


def free_name(name: str, taken: Container[str]) -> str:
    """Name a group, or what else may bear any name, beside columns that are there.

    Examples
    --------
    >>> free_name("n", ["estimate", "n"]), free_name("region", ["estimate", "n"])
    ('n (group)', 'region')
    """
    while name in taken:
        name = f"{name} (group)"
    return name


def beside(labels: pd.DataFrame, figures: pd.DataFrame | Mapping[str, Floats]) -> pd.DataFrame:
    """Put columns of figures after labels; a label named like one of them is a group, and told so.

    Examples
    --------
    >>> labels = pd.DataFrame({"n": ["north", "south"]})
    >>> beside(labels, {"estimate": np.array([0.5, 0.4]), "n": np.array([20, 30])})
      n (group)  estimate   n
    0     north       0.5  20
    1     south       0.4  30
    """
    figures = pd.DataFrame(figures)
    named = labels.reset_index(drop=True).rename(columns=lambda name: free_name(name, figures))
    return pd.concat([named, figures.reset_index(drop=True)], axis=1)


def repeated(
    labels: pd.DataFrame, tables: pd.DataFrame | Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Label the same cells in each of some tables, all at once: small frames take their time.

    `tables` has a row for each; as lists, at least one column of them.
    """
    number = len(tables) if isinstance(tables, pd.DataFrame) else len(next(iter(tables.values())))
    table = np.repeat(np.arange(number), len(labels))
    cell = np.tile(np.arange(len(labels)), number)
    columns = {name: pd.Series(column).array.take(table) for name, column in tables.items()}
    columns |= {name: labels[name].array.take(cell) for name in labels}
    return pd.DataFrame(columns)
