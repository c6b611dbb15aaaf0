"""Groups of people, and how one value for each person is chosen of those of several waves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np

from opinionpanel import engines
from opinionpanel.arrays import Integers, SignedIntegers
from opinionpanel.engines import Key, PersonColumn, PersonRows, Table
from opinionpanel.questions.declared_groups import Grouping, Use
from opinionpanel.questions.naming import nameable_categories
from opinionpanel.waves import Rows


@dataclass(frozen=True, kw_only=True)
class Group:
    """A grouping of people.

    Attributes
    ----------
    codes : numpy.ndarray of int, shape (people,)
        Position of each person's category; -1 for none. One value per person: the first or the
        latest, as `use` says.
    categories : tuple of str
        In display order; those that a file declares missing, or that say a refusal, come last.
    by_wave : numpy.ndarray of the smallest int that holds them, shape (waves, people)
        The same at every wave; -1 where the wave does not say.
    missing : tuple of str
        Categories that a file declares missing, or that say so by their text, such as "refused".
        They give way to a valid value at another wave.
    changed : int
        People whose valid value differs between waves.
    use : {"first", "latest", "wave"}
        Which value counts. With ``"wave"``, that of the wave an estimate is about; for a pair of
        waves, that of the earlier one.
    unused : int
        How many of the categories nobody has at any wave; they are kept as empty rows.
    notes : tuple of str
        What a reader of the panel's summary should know.
    told : frozenset of str
        Categories that a label or the study names; texts count the others that few people have.
    before : Group or None
        The group of everyone, where a domain left some of its categories out.
    answers_to : tuple of str, or None
        The item and the wave whose answers the categories are, if they are any.
    made_of : tuple of (str, str)
        The items and waves whose answers say which category is whose.
    """

    codes: PersonColumn
    categories: tuple[str, ...]
    by_wave: PersonRows
    missing: tuple[str, ...] = ()
    changed: int = 0
    use: Use = "first"
    unused: int = 0
    notes: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()
    before: "Group | None" = None
    answers_to: tuple[str, str] | None = None
    made_of: tuple[tuple[str, str], ...] = ()

    @property
    def everyone(self) -> "Group":
        """The group with the categories of everyone, whatever the panel was narrowed to."""
        return self.before or self

    @property
    def nameable(self) -> list[str]:
        """The categories that a text may name."""
        size = len(self.categories)
        people = engines.counts([self.codes], [size]).tolist() if size else []
        return nameable_categories(dict(zip(self.categories, people, strict=True)), self.told)

    @property
    def counting(self) -> tuple[PersonColumn, ...]:
        """The codes that count: one value per person, or those of every wave."""
        return tuple(self.by_wave) if self.use == "wave" else (self.codes,)

    def among(self, kept: Integers) -> "Group":
        """Leave out all categories but some; all stay where none of them would."""
        if len(kept) in (0, len(self.categories)):
            return self
        places = np.full(len(self.categories), -1, dtype=np.int64)
        places[kept] = np.arange(len(kept))
        return self._renumbered(places, tuple(self.categories[place] for place in kept))

    def merged(self, kept: Integers, name: str) -> "Group":
        """Put all categories but some together, as the last one."""
        places = np.full(len(self.categories), len(kept), dtype=np.int64)
        places[kept] = np.arange(len(kept))
        return self._renumbered(places, (*(self.categories[place] for place in kept), name))

    def _renumbered(self, places: Integers, categories: tuple[str, ...]) -> "Group":
        """Give categories new places, -1 for none."""

        def moved(codes: PersonColumn) -> PersonColumn:
            return engines.take(places, codes)

        return replace(
            self,
            codes=moved(self.codes),
            categories=categories,
            by_wave=tuple(moved(codes) for codes in self.by_wave),
            missing=tuple(text for text in self.missing if text in categories),
            unused=0,
            before=self.everyone,
        )

    def at(self, position: int) -> PersonColumn:
        """Return the codes that count at a wave."""
        if self.use != "wave":
            return self.codes
        codes: PersonColumn = self.by_wave[position].astype(np.int64)
        return codes

    def valid_at(self, position: int) -> PersonColumn:
        """Return the codes that a wave gives, -1 also for what is declared missing."""
        codes: PersonColumn = _valid(self.by_wave[position], self.categories, self.missing)
        return codes


def narrowed(groups: Mapping[str, Group], domain: PersonColumn) -> dict[str, Group]:
    """Leave out the categories of groups that count for nobody in a domain."""
    asked = [(name, codes) for name, group in groups.items() for codes in group.counting]
    sizes = {name: len(group.categories) for name, group in groups.items()}
    found = engines.tables([Table((Key(codes, sizes[name]),), (), domain) for name, codes in asked])
    people = {name: np.zeros(size) for name, size in sizes.items()}
    for (name, _), table in zip(asked, found, strict=True):
        people[name] += table
    return {name: group.among(np.flatnonzero(people[name])) for name, group in groups.items()}


@dataclass(frozen=True)
class CodedValues:
    """The values of a group as they stand in the rows of waves.

    Attributes
    ----------
    categories : tuple of str
        Valid ones in order, then those that a file declares missing.
    missing : tuple of str
    codes : dict of str to numpy.ndarray of int
        For the waves that have the group, the position of each row's category; -1 for none.
    grouping : Grouping
    unused : int
        How many of the categories no row has.
    notes : tuple of str
        Which values were put together or read as none.
    told : frozenset of str
        As in `Group`.
    """

    categories: tuple[str, ...]
    missing: tuple[str, ...]
    codes: Mapping[str, SignedIntegers]
    grouping: Grouping
    unused: int = 0
    notes: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()

    @property
    def size(self) -> np.dtype[Any]:
        """The smallest type that holds the codes."""
        return np.min_scalar_type(-max(len(self.categories), 1))

    def spread(self, rows: Rows, people: int) -> SignedIntegers:
        """Bring the codes of rows in memory to people, shape (waves, people)."""
        by_wave = np.full((len(rows), people), -1, dtype=self.size)
        for position, wave in enumerate(rows):
            if wave in self.codes:
                by_wave[position, rows[wave]] = self.codes[wave]
        return by_wave

    def chosen(self, by_wave: PersonRows) -> PersonColumn:
        """Take one value for each person: the first or the latest, valid ones before others."""
        codes = list(by_wave)[::-1] if self.grouping.use == "latest" else list(by_wave)
        chosen: Any = np.zeros_like(codes[0]) - 1
        rest = chosen
        for here in codes:
            told = _valid(here, self.categories, self.missing)
            chosen = np.where(chosen < 0, told, chosen)
            if self.missing:
                rest = np.where(rest < 0, here, rest)
        found: PersonColumn = np.where(chosen < 0, rest, chosen) if self.missing else chosen
        return found.astype(np.int64)  # type: ignore[no-any-return]

    def changed(self, by_wave: PersonRows, chosen: PersonColumn) -> PersonColumn:
        """Tell whose valid values differ between waves."""
        codes = (_valid(here, self.categories, self.missing) for here in by_wave)
        found: PersonColumn = reduce(
            np.logical_or, ((here >= 0) & (here != chosen) for here in codes)
        )
        return found

    def group(self, by_wave: PersonRows, chosen: PersonColumn) -> Group:
        """Group people by their values."""
        return Group(
            codes=chosen,
            categories=self.categories,
            by_wave=by_wave,
            missing=self.missing,
            use=self.grouping.use,
            unused=self.unused,
            notes=self.notes,
            told=self.told,
        )


def _valid(codes: Any, categories: Sequence[str], missing: Sequence[str]) -> Any:
    """Leave out the categories that are declared missing, which come last."""
    if not missing:
        return codes
    valid = len(categories) - len(missing)
    return np.where(codes < valid, codes, codes.dtype.type(-1))
