"""Rotation groups: cohorts that a column tells, each with the waves at which it was due."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opinionpanel import engines
from opinionpanel.arguments import checked, listed
from opinionpanel.engines import PersonColumn, how_many
from opinionpanel.errors import SelectionError, count_people, listing, shown, unknown
from opinionpanel.questions import Group, Grouping, group_columns, named_categories
from opinionpanel.waves import Wave, canonical

# What messages call the column, as they call others by what they are declared for.
DUE = "due"


@checked
@dataclass(frozen=True)
class Cohorts:
    """The rotation groups of a panel: a column, and the waves at which each of its codes was due.

    Where the first wave of the data already has several groups, which leave at different waves,
    the wave of the first interview does not tell who was due.

    Parameters
    ----------
    column : str or dict of str to str
        The column of the rotation group: one name for all waves, or a name by wave. The first
        value of a person counts.
    waves : dict
        Code or value label of a group, to the waves at which its people were to be interviewed.
        People without a value, or with another one, go by their first interview, as without
        `Cohorts`; nobody was due before it.

    Raises
    ------
    SelectionError
        A column that is no name, or no group.

    Examples
    --------
    >>> due = Cohorts("rotation", {1: ["2021"], 2: ["2021", "2022"], 3: ["2022"]})
    >>> due.waves[2]
    ('2021', '2022')
    """

    column: str | Mapping[str, str]
    waves: Mapping[Any, Sequence[str]]

    def __post_init__(self) -> None:
        if not self.column:
            raise SelectionError(f"Cohorts: {shown(self.column)} names no column.")
        if not self.waves:
            raise SelectionError(
                "Cohorts names no rotation group: write the waves of each, such as "
                "Cohorts('rotation', {1: ['w1'], 2: ['w1', 'w2']})."
            )
        if isinstance(self.column, Mapping):
            object.__setattr__(self, "column", dict(self.column))
        waves = {code: tuple(listed(at)) for code, at in self.waves.items()}
        object.__setattr__(self, "waves", waves)

    @property
    def grouping(self) -> Grouping:
        """The column as a group of people is read: the first value counts."""
        return Grouping(self.column)


@dataclass(frozen=True, eq=False)
class RotationGroups:
    """Rotation groups as they were read.

    Attributes
    ----------
    waves : dict of str to tuple of str
        The groups by name, and when each was due.
    places : PersonColumn of int
        The group of each person; -1 for people who go by their first interview.
    notes : tuple of str
    """

    waves: Mapping[str, tuple[str, ...]]
    places: PersonColumn
    notes: tuple[str, ...]


def rotation_groups(
    cohorts: Cohorts, headers: Mapping[str, Wave], group: Group, changed: PersonColumn
) -> RotationGroups:
    """Find the group of each person among the values that were read of the column.

    Parameters
    ----------
    cohorts : Cohorts
    headers : dict of str to Wave
    group : Group
        The values of the column, as `Cohorts.grouping` reads them.
    changed : PersonColumn of bool
        Whose value differs between waves.

    Raises
    ------
    SelectionError
        A wave that is not there; a code or label that occurs nowhere or is not clear.
    """
    for at in cohorts.waves.values():
        for wave in at:
            if wave not in headers:
                raise unknown("wave in due:", wave, headers)
    names = [str(canonical(code)) for code in cohorts.waves]
    size = len(group.categories)
    people = dict(zip(group.categories, _people(group), strict=True))
    columns = group_columns(headers, "", DUE, cohorts.grouping)
    found = named_categories(cohorts.waves, people, headers, columns, DUE, group.told)
    table = np.full(size, -1, dtype=np.int64)
    for place, category in enumerate(found):
        if category >= 0:
            table[category] = place
    places = engines.take(table, group.codes)
    held = list(people.values())
    empty = [
        name
        for name, category in zip(names, found, strict=True)
        if category < 0 or not held[category]
    ]
    notes = (*group.notes, *_notes(empty, places, changed))
    return RotationGroups(
        {name: tuple(at) for name, at in zip(names, cohorts.waves.values(), strict=True)},
        engines.named(places),
        tuple(f"due=: {note}" for note in notes),
    )


def _notes(empty: Sequence[str], places: PersonColumn, changed: PersonColumn) -> Iterator[str]:
    """Say which groups are empty, and for whom a group does not, or not clearly, stand."""
    counts = how_many([("none", places < 0), ("changed", changed)])
    if empty:
        yield f"nobody is in the rotation group {listing(empty)}"
    if counts["none"]:
        yield (
            f"{count_people(counts['none'])} in none of the rotation groups, who go by their "
            "first interview"
        )
    if counts["changed"]:
        yield (
            f"{count_people(counts['changed'])} with another rotation group at another wave: the "
            "first counts"
        )


def _people(group: Group) -> list[int]:
    """Count the people of each category."""
    size = len(group.categories)
    return engines.counts([group.codes], [size]).tolist() if size else []
