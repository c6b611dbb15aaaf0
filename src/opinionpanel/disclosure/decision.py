"""Which figures of tables that leave together are withheld, and which tables are left out."""

from bisect import bisect
from collections.abc import Sequence
from itertools import product

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
    for table in tables:
        if any(people.counts[mask].sum() < min_n for _, mask in table.populations):
            continue
        if not any(few_apart(people.counts, table, other, min_n) for other in kept):
            kept.append(table)
    while (hidden := _protected(people, kept, min_cell)) is None:
        # What is always shown tells something withheld: the first table with which it does goes.
        sizes = range(1, len(kept) + 1)
        guilty = bisect(sizes, False, key=lambda n: _protected(people, kept[:n], min_cell) is None)
        kept.pop(guilty)
    return hidden


def few_apart(counts: Floats, one: Table, other: Table, min_n: int) -> bool:
    """Tell whether two tables are about people who differ by few: their difference tells of these.

    That takes one population within the other: else nobody can tell who is in one alone.
    """
    for (wave, a), (when, b) in product(one.populations, other.populations):
        if wave != when:
            continue
        only_a, only_b = counts[a & ~b].sum(), counts[b & ~a].sum()
        # Those by ways and those by groups are counted apart.
        if not counts[a & b].any():
            continue
        if min(only_a, only_b) == 0 < max(only_a, only_b) < min_n:
            return True
    return False


def _protected(
    people: People, tables: Sequence[Table], min_cell: int
) -> dict[Key, Booleans] | None:
    """Withhold what small figures take along; None where they follow from what is always shown."""
    if not tables:
        return {}
    known = people.known
    few = np.concatenate([*(table.few for table in tables), np.zeros(len(known), dtype=bool)])
    room = np.concatenate([*(table.room for table in tables), np.zeros(len(known))])
    price = np.concatenate([*(table.price for table in tables), np.full(len(known), np.inf)])
    parts = np.vstack([*(table.parts for table in tables), known])
    figures = Figures(parts, people.counts, price)
    protection = Protection(figures, few.copy())
    done = np.zeros(len(few), dtype=bool)
    # What is withheld for the sake of others must not be told either, or it would tell them.
    while (left := np.flatnonzero(protection.hidden & ~done & (room > 0))).size:
        for row in left:
            if not protection.protect(parts[row], min(min_cell, room[row])):
                return None
        done[left] = True
    ends = np.cumsum([len(table.few) for table in tables])[:-1]
    hidden = np.split(protection.hidden[: len(room) - len(known)], ends)
    return {table.key: part for table, part in zip(tables, hidden, strict=True)}
