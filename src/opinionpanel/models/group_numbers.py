"""Numbers that a user gives for each group: known counts of people, and covariates."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats
from opinionpanel.errors import SelectionError, listing, unknown

Group = tuple[Hashable, ...]
# By category of one group, or of several crossed.
Numbers = Mapping[Any, float] | pd.Series
# What differs from nothing by less does not tell groups apart.
NOTHING = 1e-8


def known_counts(given: Numbers, names: Sequence[str], groups: Sequence[Group]) -> Floats:
    """Read how many people of the population are in each group, shape (G,)."""
    found = _read(given, names, groups, "population")
    if not (found > 0).all():
        few = [_text(group) for group, count in zip(groups, found, strict=True) if not count > 0]
        raise SelectionError(
            f"population: the count of {listing(few)} is not above 0. Leave out of the data what "
            "the population does not have."
        )
    return found


def covariate_columns(
    given: Mapping[str, Numbers] | pd.DataFrame | None,
    effects: Sequence[str],
    names: Sequence[str],
    groups: Sequence[Group],
) -> Floats:
    """Lay out an intercept, covariates and main effects, shape (G, p), each on a scale of its own.

    Parameters
    ----------
    given : dict of numbers by group, or pandas.DataFrame, optional
        A frame with columns of labels tells which group a row is of.
    effects : sequence of str
        The label columns whose categories each get a mean of their own.
    names : sequence of str
        The label columns of groups.
    groups : sequence of tuple
    """
    columns = [np.ones(len(groups))]
    columns += [_scaled(name, column) for name, column in _covariates(given, names, groups)]
    for name in effects:
        if name not in names:
            raise unknown("label column of groups in effects:", name, names)
        labels = [group[names.index(name)] for group in groups]
        # The first is what the intercept stands for.
        first, *others = dict.fromkeys(labels)
        if not others:
            raise SelectionError(f"effects: all groups have the same {name}, {first!r}.")
        columns += [np.array([label == one for label in labels], dtype=float) for one in others]
    found = np.column_stack(columns)
    if np.linalg.matrix_rank(found, tol=NOTHING * len(groups)) < found.shape[1]:
        raise SelectionError(
            "Covariates and effects tell the same of groups more than once: one of them follows "
            "from the others. Leave it out."
        )
    return found


def _covariates(
    given: Mapping[str, Numbers] | pd.DataFrame | None,
    names: Sequence[str],
    groups: Sequence[Group],
) -> list[tuple[str, Floats]]:
    """Read the numbers of each covariate."""
    if given is None:
        return []
    of, parts = list(names), list(groups)
    if isinstance(given, pd.DataFrame) and (told := [name for name in names if name in given]):
        # A frame may tell numbers of some columns of groups only, such as of regions.
        of = told
        places = [names.index(name) for name in told]
        parts = [tuple(group[place] for place in places) for group in groups]
        if given.duplicated(told).any():
            raise SelectionError(f"covariates: some rows have the same {listing(told)}.")
        given = given.set_index(told if len(told) > 1 else told[0])
    if not len(given):
        raise SelectionError("covariates: there is no column of numbers.")
    return [
        (str(name), _read(numbers, of, parts, f"covariate {name!r}"))
        for name, numbers in given.items()
    ]


def _scaled(name: str, column: Floats) -> Floats:
    """Measure a covariate from its mean, in standard deviations."""
    spread = column.std()
    if spread <= NOTHING * max(float(np.abs(column).max()), 1.0):
        raise SelectionError(
            f"covariate {name!r} is the same in all groups, and tells them apart in nothing. Leave "
            "it out."
        )
    return np.asarray((column - column.mean()) / spread)


def _read(given: Any, names: Sequence[str], groups: Sequence[Group], what: str) -> Floats:
    """Read one number for each group, in their order."""
    if not isinstance(given, (Mapping, pd.Series)):
        raise SelectionError(
            f"{what}: give a dict, or a pandas Series, of a number for each group of "
            f"{listing(names)}."
        )
    by_group: dict[tuple[str, ...], Any] = {}
    for key, number in given.items():
        # A group of codes has them as text.
        group = tuple(map(str, key if isinstance(key, tuple) else (key,)))
        if group in by_group:
            raise SelectionError(f"{what}: {_text(group)} has two numbers. Give one.")
        by_group[group] = number
    wanted = [tuple(map(str, group)) for group in groups]
    known = dict.fromkeys(wanted)
    for group in by_group:
        if group not in known:
            raise unknown(f"group in {what}:", _text(group), map(_text, known))
    if missing := [_text(group) for group in known if group not in by_group]:
        raise SelectionError(f"{what}: there is no number for {listing(missing)}. Give one.")
    return np.array([_number(by_group[group], f"{what}, {_text(group)}") for group in wanted])


def _number(number: Any, where: str) -> float:
    try:
        found = float(number)
    except (TypeError, ValueError, OverflowError):
        found = np.nan
    if not np.isfinite(found):
        raise SelectionError(f"{where}: a number is needed, and there is {number!r}.")
    return found


def _text(group: Group) -> str:
    return " × ".join(map(str, group))
