"""Which figures of tables that leave together are withheld, and which tables are left out."""

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.disclosure.people import People
from opinionpanel.disclosure.published_tables import Key, Table
from opinionpanel.estimates import Figures, Protection


def decided(
    people: People, tables: Sequence[Table], min_n: int, min_cell: int
) -> dict[Key, Booleans]:
    """Decide which figures of each table are withheld; a table that is left out has no entry.

    Those are tables of few people; and of tables that tell of the same few people together, and of
    what is withheld in another, those named last.
    """
    kept: list[Table] = []
    known = people.known
    figures = Figures(known, people.counts, np.full(len(known), np.inf))
    protection = Protection(figures, np.zeros(len(known), dtype=bool))
    for table in tables:
        if any(people.counts[mask].sum() < min_n for _, mask in table.populations):
            continue
        if not set(table.needs) <= {other.key for other in kept}:
            continue
        if any(few_apart(people.counts, table, other, min_n, min_cell) for other in kept):
            continue
        with_it = protection.joined(table.parts, table.price, table.few)
        room = np.concatenate([np.zeros(len(known)), *(one.room for one in (*kept, table))])
        # Otherwise what is always shown, with this table, tells something withheld.
        if _protects(with_it, room, min_cell):
            kept.append(table)
            protection = with_it
    ends = len(known) + np.cumsum([0, *(len(table.few) for table in kept)])
    return {
        table.key: protection.hidden[start:end]
        for table, (start, end) in zip(kept, pairwise(ends), strict=True)
    }


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
            if not protection.protect(target, width):
                return False
        done[left] = True
    return True
