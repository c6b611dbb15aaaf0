"""Numbers that a user gives for each group: known counts of people, and covariates."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.errors import SelectionError, listing, unknown

Group = tuple[Hashable, ...]
# By category of one group, or of several crossed.
Numbers = Mapping[Any, float] | pd.Series
# What differs by less, of numbers of size 1, does not tell groups apart.
NOTHING = 1e-8
# How many standard deviations from all others nothing is predicted any more.
FARTHEST = 20


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


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of groups before anybody is asked.

    Attributes
    ----------
    numbers : sequence of (str, numpy.ndarray of shape (G,))
        Each covariate.
    categories : sequence of (str, sequence of G labels)
        Columns whose labels each get a mean of their own.
    groups : int
    """

    numbers: Sequence[tuple[str, Floats]]
    categories: Sequence[tuple[str, Sequence[Hashable]]]
    groups: int

    @property
    def coefficients(self) -> int:
        """How many means and slopes there are."""
        return 1 + len(self.numbers) + sum(len({*of}) - 1 for _, of in self.categories)

    def columns(self, seen: Booleans, where: str) -> Floats:
        """Lay out an intercept, covariates and main effects, shape (G, p).

        Parameters
        ----------
        seen : numpy.ndarray of bool, shape (G,)
            The groups with people, from whom all means and slopes are learnt.
        where : str
            Of which wave or origin, for messages.
        """
        columns = [np.ones(self.groups)]
        columns += [_scaled(name, column, seen, where) for name, column in self.numbers]
        for name, of in self.categories:
            there = {label for label, one in zip(of, seen, strict=True) if one}
            if empty := [label for label in dict.fromkeys(of) if label not in there]:
                raise SelectionError(
                    f"effects: nobody is in {name} {listing(empty)} ({where}), and the mean there "
                    f"is not known. Leave {name} out of effects, or keep with select(…) what has "
                    "people."
                )
            # The first is what the intercept stands for.
            _, *others = dict.fromkeys(of)
            columns += [np.array([label == one for label in of], dtype=float) for one in others]
        found = np.column_stack(columns)
        if np.linalg.matrix_rank(found[seen], tol=NOTHING * self.groups) < found.shape[1]:
            raise SelectionError(
                f"Covariates and effects tell the same of groups with people ({where}) more than "
                "once: one of them follows from the others. Leave it out."
            )
        return found


def known_of(
    given: Mapping[str, Numbers] | pd.DataFrame | None,
    effects: Sequence[str],
    names: Sequence[str],
    groups: Sequence[Group],
) -> Known:
    """Read what is known of groups.

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
    categories = []
    for name in effects:
        if name not in names:
            raise unknown("label column of groups in effects:", name, names)
        of = [group[names.index(name)] for group in groups]
        if len({*of}) == 1:
            raise SelectionError(f"effects: all groups have the same {name}, {of[0]!r}.")
        categories.append((name, of))
    return Known(_covariates(given, names, groups), categories, len(groups))


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
    found = [
        (str(name), _read(numbers, of, parts, f"covariate {name!r}"))
        for name, numbers in given.items()
    ]
    if not found:
        raise SelectionError("covariates: there is no column of numbers.")
    return found


def _scaled(name: str, column: Floats, seen: Booleans, where: str) -> Floats:
    """Measure a covariate from the mean of groups with people, in their standard deviations."""
    # Numbers may be of any size, and their squares may not.
    column = column / (float(np.abs(column[seen]).max()) or 1.0)
    spread = float(column[seen].std())
    if spread <= NOTHING:
        raise SelectionError(
            f"covariate {name!r} is the same in all groups with people ({where}), and tells them "
            "apart in nothing. Leave it out."
        )
    found = np.asarray((column - column[seen].mean()) / spread)
    if np.abs(found[~seen]).max(initial=0.0) > FARTHEST:
        raise SelectionError(
            f"covariate {name!r} of a group without people ({where}) is more than {FARTHEST} "
            "standard deviations from the mean of those with people: of a group so far away they "
            "tell nothing. Correct it, or leave the covariate or that group out."
        )
    return found


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
