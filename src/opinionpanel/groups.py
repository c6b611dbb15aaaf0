"""Groups of people, strata and PSUs: one value per person from the columns of several waves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.errors import SelectionError
from opinionpanel.items import code_text
from opinionpanel.waves import Wave

__all__ = ["Group", "Grouping", "Groups", "Use", "first_values", "read_groups"]

# Label and result columns of estimates.
RESERVED = (
    *("wave", "from_wave", "to_wave", "state", "origin", "destination", "component"),
    *("estimate", "std_error", "conf_low", "conf_high", "n", "n_cell", "withheld"),
)

Integers = npt.NDArray[np.int64]
Use = Literal["first", "latest", "wave"]


@dataclass(frozen=True, kw_only=True)
class Group:
    """A grouping of people.

    Attributes
    ----------
    codes : numpy.ndarray of int, shape (people,)
        Position of each person's category; -1 for none. One value per person: the first or the
        latest, as `use` says.
    categories : tuple of str
        In display order.
    by_wave : numpy.ndarray of int, shape (waves, people)
        The same at every wave; -1 where the wave does not say.
    changed : int
        People whose value differs between waves.
    use : {"first", "latest", "wave"}
        Which value counts. With ``"wave"``, that of the wave an estimate is about; for a pair of
        waves, that of the earlier one.
    """

    codes: Integers
    categories: tuple[str, ...]
    by_wave: Integers
    changed: int = 0
    use: Use = "first"

    def at(self, position: int) -> Integers:
        """Return the codes that count at a wave."""
        return self.by_wave[position] if self.use == "wave" else self.codes


@dataclass(frozen=True)
class Grouping:
    """Where a grouping of people stands, and which of a person's values counts.

    Parameters
    ----------
    column : str or dict of str to str, optional
        The column: one name for all waves, or a name by wave; by default the group's own name.
    use : {"first", "latest", "wave"}
        For people whose value differs between waves: that of the first wave with an answer, of
        the latest, or that of the wave itself (for a pair of waves, the earlier one).
    """

    column: str | Mapping[str, str] | None = None
    use: Use = "first"


Groups = Sequence[str] | Mapping[str, Use | Grouping]


def read_groups(
    groups: Groups, waves: Mapping[str, Wave], rows: Mapping[str, Integers], people: int
) -> dict[str, Group]:
    """Group people by columns, named by their labels."""
    for name in groups:
        if name in RESERVED:
            raise SelectionError(
                f"A group cannot be named {name!r}: results use this name for a column of their "
                "own. Rename the column in the data."
            )
    return {
        name: first_values(waves, rows, people, name, purpose="groups", labelled=True)
        for name in groups
    }


def first_values(
    waves: Mapping[str, Wave],
    rows: Mapping[str, Integers],
    people: int,
    name: str,
    *,
    purpose: str,
    labelled: bool,
) -> Group:
    """Take each person's value at the first wave that has one."""
    holding = [wave for wave in waves if name in waves[wave].frame.columns]
    if not holding:
        first = next(iter(waves))
        waves[first].column(name, first, purpose=purpose)
    found: dict[str, int] = {}
    rank: dict[str, object] = {}
    codes = np.full(people, -1, dtype=np.int64)
    by_wave = np.full((len(waves), people), -1, dtype=np.int64)
    changed = np.zeros(people, dtype=bool)
    for wave in holding:
        take = waves[wave].column if labelled else waves[wave].valid
        column = take(name, wave, purpose=purpose)
        positions, seen = pd.factorize(column.array, use_na_sentinel=True)
        labels = waves[wave].labels.get(name, {}) if labelled else {}
        texts = [str(labels.get(code, _plain(code))).strip() for code in seen]
        for text, value in zip(texts, _ranks(column, seen), strict=True):
            rank.setdefault(text, value)
        lookup = [found.setdefault(text, len(found)) if text else -1 for text in texts]
        here = np.array([*lookup, -1], dtype=np.int64)[positions]
        by_wave[list(waves).index(wave), rows[wave]] = here
        before = codes[rows[wave]]
        changed[rows[wave]] |= (here >= 0) & (before >= 0) & (here != before)
        codes[rows[wave]] = np.where(before >= 0, before, here)
    order = _in_order({text: rank[text] for text in found})
    place = np.array([*(order.index(text) for text in found), -1], dtype=np.int64)
    return Group(
        codes=place[codes],
        categories=tuple(order),
        by_wave=place[by_wave],
        changed=int(changed.sum()),
    )


def _ranks(column: pd.Series, seen: pd.Index) -> list[object]:
    """Give the order of values: that of the categories where the column has them, else its own."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [list(column.cat.categories).index(value) for value in seen]
    return list(seen)


def _plain(code: object) -> str:
    return code if isinstance(code, str) else code_text(code)


def _in_order(order: Mapping[str, object]) -> list[str]:
    """Sort by code where codes are numbers, else by text."""
    numbers = all(isinstance(code, (int, float, np.number)) for code in order.values())
    if numbers:
        return sorted(order, key=lambda text: float(order[text]))  # type: ignore[arg-type]
    return sorted(order)
