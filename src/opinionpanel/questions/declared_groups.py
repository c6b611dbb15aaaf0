"""How people are to be grouped, as users declare it."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise
from numbers import Real
from typing import Any, Literal, get_args

from opinionpanel.arguments import called, checked
from opinionpanel.errors import ItemError, SelectionError, listing, shown, unknown
from opinionpanel.questions.group_states import GroupStates
from opinionpanel.questions.item import StateCodes
from opinionpanel.waves import Wave

Use = Literal["first", "latest", "wave"]


@called
@dataclass(frozen=True)
class Grouping:
    """Where a grouping of people stands, what its codes mean, and which of the values counts.

    Parameters
    ----------
    column : str or dict of str to str, optional
        The column: one name for all waves, or a name by wave; by default the group's own name.
    states : dict of str to list, optional
        Category to the codes, or the value labels, that mean it, in display order: several codes in
        one where they are put together, ``None`` for blanks; a dict by wave of such dicts where the
        coding changes. Codes that a file declares missing and that stand in no state are no value;
        any other code must stand in one. By default the values and labels of the file are the
        categories.
    use : {"first", "latest", "wave"}
        For people whose value differs between waves: that of the first wave with an answer, of the
        latest, or that of the wave itself (for a pair of waves, the earlier one).
    rest : {None, "missing"}
        What to do with codes that stand in no state, and with what is no number where there are
        bands: by default an error that lists them; ``"missing"`` reads them as no value.
    bands : sequence of float
        Where numbers are cut, in ascending order: ``[18, 30, 45, 60]`` makes "18–29", "30–44",
        "45–59" and "60+", and "under 18" where somebody is. A band begins with its number and ends
        before the next one, so that 29.5 is in "18–29".

    Raises
    ------
    SelectionError
        A `use` that does not exist, a column that is no name, bands that do not ascend, bands and
        states at once.
    ItemError
        A code that stands in two states, a state without codes or without a text for its name, or
        waves that name different states.

    Examples
    --------
    >>> Grouping({"May": "sex", "June": "gender"}).column_at("June", "gender")
    'gender'
    >>> sex = Grouping("sex", {"man": [1], "woman": ["Female"]}, rest="missing")
    >>> age = Grouping("age", bands=[18, 30, 45, 60])
    """

    column: str | Mapping[str, str] | None = None
    states: StateCodes | Mapping[str, StateCodes] | None = None
    use: Use = field(default="first", kw_only=True)
    rest: Literal["missing"] | None = field(default=None, kw_only=True)
    bands: Sequence[float] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        if not isinstance(self.use, str) or self.use not in get_args(Use):
            raise unknown("use of a group:", self.use, get_args(Use))
        columns = list(self.column.values()) if isinstance(self.column, Mapping) else [self.column]
        named = bool(columns) and all(isinstance(column, str) for column in columns)
        if self.column is not None and not named:
            raise SelectionError(
                f"A column of a group is a name, or a dict of names by wave, not "
                f"{shown(self.column)}."
            )
        if isinstance(self.column, Mapping):
            object.__setattr__(self, "column", dict(self.column))
        if isinstance(self.states, str) and self.states in get_args(Use):
            raise SelectionError(
                f"The states of a group are a dict, such as {{'man': [1]}}; which value counts is "
                f"written use={self.states!r}."
            )
        object.__setattr__(self, "bands", _ascending(self.bands))
        if self.states is None:
            self._check_rest()
            return
        if self.bands:
            raise SelectionError(
                "A group has states or bands, not both: states name codes, bands cut numbers."
            )
        GroupStates("column", self.states, rest=self.rest)
        object.__setattr__(self, "states", deepcopy(dict(self.states)))

    def _check_rest(self) -> None:
        if self.rest is not None and self.rest != "missing":
            raise ItemError(f"rest must be None or 'missing', not {shown(self.rest)}.")
        if self.rest and not self.bands:
            raise SelectionError(
                "rest='missing' leaves out what no state or band takes, and the group has neither: "
                "name its states={…} or bands=[…]."
            )

    @checked
    def column_at(self, wave: str, name: str) -> str | None:
        """Name the column of a group at a wave; None where a dict by wave leaves it out.

        Parameters
        ----------
        wave : str
            The wave's name.
        name : str
            The group's own name, which its column has where none is given.

        Returns
        -------
        str or None
            The column; None where a dict by wave leaves the wave out.

        Raises
        ------
        ArgumentError
            The wave or the name is no text.

        Examples
        --------
        >>> Grouping({"May": "sex"}).column_at("June", "gender") is None
        True
        """
        if self.column is None:
            return name
        return self.column if isinstance(self.column, str) else self.column.get(wave)


Groups = str | Sequence[str] | Mapping[str, Use | Grouping]
Waves = Mapping[str, Wave]


def grouping(groups: Groups) -> dict[str, Grouping]:
    """Say for every group where it stands and which value counts.

    Examples
    --------
    >>> grouping({"region": "latest"})
    {'region': Grouping(column=None, states=None, use='latest', rest=None, bands=())}
    """
    if isinstance(groups, str):
        return {groups: Grouping()}
    if not isinstance(groups, Iterable):
        raise SelectionError(f"Groups are a list of columns, or a dict, not {groups!r}.")
    if not isinstance(groups, Mapping):
        wrong = [name for name in groups if not isinstance(name, str)]
        if wrong:
            raise SelectionError(f"Groups are named by text, not {listing(wrong)}.")
        return {name: Grouping() for name in groups}
    return {name: _one(name, given) for name, given in groups.items()}


def _one(name: object, given: object) -> Grouping:
    if not isinstance(name, str):
        raise SelectionError(f"Groups are named by text, not {shown(name)}.")
    if isinstance(given, Grouping):
        return given
    if isinstance(given, str) and given in get_args(Use):
        return Grouping(use=given)  # type: ignore[arg-type]
    way_out = f"A column of another name is written groups={{{name!r}: Grouping({given!r})}}."
    if isinstance(given, Mapping):
        way_out = f"States are written groups={{{name!r}: Grouping({name!r}, {{…}})}}."
    elif not isinstance(given, str):
        way_out = f"Bands of numbers are written groups={{{name!r}: Grouping(bands=[…])}}."
    raise SelectionError(
        f"Group {name!r}: {shown(given)} is none of {listing(get_args(Use))}. {way_out}"
    )


def group_columns(waves: Waves, name: str, purpose: str, grouping: Grouping) -> dict[str, str]:
    """Name the column by wave, for the waves that have it."""
    by_wave = grouping.column if isinstance(grouping.column, Mapping) else {}
    for wave in by_wave:
        if wave not in waves:
            kind = {"groups": f"group {name!r}", "fixed": f"fixed trait {name!r}"}
            raise unknown(f"wave in the columns of {kind.get(purpose, purpose)}:", wave, waves)
    columns = {
        wave: column
        for wave in waves
        if (column := grouping.column_at(wave, name)) is not None
        # A column named for this very wave must be there.
        and (wave in by_wave or column in waves[wave].frame.columns)
    }
    first = next(iter(waves))
    sought = columns or {first: grouping.column_at(first, name) or name}
    for wave, column in sought.items():
        if column not in waves[wave].frame.columns:
            waves[wave].column(column, wave, purpose=purpose)
    return columns


def _ascending(bands: Any) -> tuple[float, ...]:
    """Read where numbers are cut, or refuse what is no ascending list of numbers."""
    several = isinstance(bands, Iterable) and not isinstance(bands, (str, bytes, Mapping, set))
    given: list[Any] = list(bands) if several else [None]
    numbers = all(isinstance(bound, Real) and not isinstance(bound, bool) for bound in given)
    if not numbers or not all(abs(bound) < float("inf") for bound in given):
        raise SelectionError(
            f"bands are the numbers where a group is cut, such as [18, 30, 45, 60], not "
            f"{shown(bands)}."
        )
    bounds = tuple(int(bound) if bound == int(bound) else float(bound) for bound in given)
    if not all(low < high for low, high in pairwise(bounds)):
        raise SelectionError(f"bands must ascend, each number once: {listing(bounds)}.")
    return bounds
