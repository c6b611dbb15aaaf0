"""Which figures of tables that leave together are withheld, and which tables are left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.disclosure.published_tables import Key, Table
from opinionpanel.estimates import Figures, Protection


@dataclass(frozen=True, eq=False)
class Decided:
    """Tables that leave together, and what of them is withheld.

    Attributes
    ----------
    kept : sequence of Table
        First what readers know whatever is shown.
    protection : Protection
        Of all figures of these, in this order.
    """

    kept: Sequence[Table]
    protection: Protection

    @property
    def hidden(self) -> dict[Key, Booleans]:
        """Mark the withheld figures of each table; one that is left out has no entry."""
        ends = np.cumsum([0, *(len(table.few) for table in self.kept)])
        return {
            table.key: self.protection.hidden[start:end]
            for table, (start, end) in zip(self.kept, pairwise(ends), strict=True)
        }

    @property
    def standing(self) -> "Decided":
        """The same, of which nothing more may be withheld for the sake of further tables."""
        figures = self.protection.figures
        always = replace(figures, price=np.full(len(figures.price), np.inf))
        return replace(self, protection=replace(self.protection, figures=always))

    @property
    def room(self) -> Floats:
        """By how many people each figure can be uncertain at most."""
        return np.concatenate([table.room for table in self.kept])


def decided(
    counts: Floats,
    known: Sequence[Table],
    tables: Sequence[Table],
    min_n: int,
    min_cell: int,
    changes: Sequence[Floats] = (),
) -> Decided:
    """Decide which figures of each table are withheld, and which tables are left out.

    The latter are tables of few people; and of tables that tell of the same few people together,
    and of what is withheld in another, those named last.

    Parameters
    ----------
    counts : numpy.ndarray, shape (kinds,)
        How many people are of each kind.
    known : sequence of Table
        What readers know whatever is shown, and what is withheld from them already.
    tables : sequence of Table
    min_n, min_cell : int
        The fewest people in a base, and in a flow.
    changes : sequence of numpy.ndarray, shape (kinds,)
        By how much numbers of people may differ that fit all that is shown; more are looked for.
    """
    nothing = Figures(np.zeros((0, len(counts))), counts, np.zeros(0))
    start = Protection(nothing, np.zeros(0, dtype=bool), list(changes))
    for table in known:
        start = start.joined(table.parts, table.price, table.few)
    return with_more(Decided(known, start), counts, tables, min_n, min_cell)


def with_more(
    found: Decided, counts: Floats, tables: Sequence[Table], min_n: int, min_cell: int
) -> Decided:
    """Decide on tables that come after others, as `decided` does.

    Parameters
    ----------
    found : Decided
        On the others.
    counts, tables, min_n, min_cell
        As of `decided`.
    """
    for table in tables:
        if any(counts[mask].sum() < min_n for _, mask in table.populations):
            continue
        keys = {other.key for other in found.kept}
        if table.instead in keys or not keys.issuperset(table.needs):
            continue
        # One that tells of two populations may tell of few by itself.
        others = [*found.kept, table]
        if any(few_apart(counts, table, other, min_n, min_cell) for other in others):
            continue
        with_it = found.protection.joined(table.parts, table.price, table.few)
        both = Decided([*found.kept, table], with_it)
        # Otherwise what is always shown, with this table, tells something withheld.
        if _protects(with_it, both.room, min_cell):
            found = both
    return found


def few_apart(counts: Floats, one: Table, other: Table, min_n: int, min_cell: int) -> bool:
    """Tell whether two tables are about people who differ by few: their difference tells of these.

    That takes one population within the other, but for fewer people than hide the others.
    """
    for (wave, a), (when, b) in product(one.populations, other.populations):
        if wave != when:
            continue
        only_a, only_b = counts[a & ~b].sum(), counts[b & ~a].sum()
        # Those by ways and those by groups are counted apart.
        if not counts[a & b].any():
            continue
        if min(only_a, only_b) < min_cell and 0 < max(only_a, only_b) < min_n:
            return True
    return False


def _protects(protection: Protection, room: Floats, min_cell: int) -> bool:
    """Withhold what small figures take along; False where they follow from what is always shown."""
    done = np.zeros(len(room), dtype=bool)
    # What is withheld for the sake of others must not be told either, or it would tell them.
    while (left := np.flatnonzero(protection.hidden & ~done & (room > 0))).size:
        targets, widths = protection.figures.parts[left], np.minimum(min_cell, room[left])
        protection.move_together(targets, widths)
        for target, width in zip(targets, widths, strict=True):
            # What is withheld already may do, though no single way is long enough.
            protection.push_apart(target, width)
            if not protection.protect(target, width):
                return False
        done[left] = True
    return True
