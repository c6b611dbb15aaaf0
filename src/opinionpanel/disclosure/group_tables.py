"""The tables by group of a report as sums over kinds of people: what each figure of them counts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.disclosure.members import Block, Members
from opinionpanel.disclosure.people import Base
from opinionpanel.disclosure.published_tables import (
    GROUP,
    MOVED,
    Figure,
    Key,
    Table,
    crossing,
    room_of,
)


class Secret(NamedTuple):
    """People of whom it must stay open how many they are: a mask of kinds, and how open it is."""

    mask: Booleans
    room: float


def change_table(
    members: Members,
    group: str,
    categories: Sequence[str],
    states: Sequence[str],
    min_n: int,
    min_cell: int,
) -> Table:
    """Shares at both waves of the main pair, turnover and net change in the categories of a group.

    Flows of few people are figures that are never shown, and so are the answers of the small
    categories that were put together.
    """
    block, pair = members.block(group), members.waves
    here = _rows(members, group, len(categories), pair)
    start, end = (_answers(members, block, wave) for wave in pair)
    stayed = np.logical_or.reduce([a & b for a, b in zip(start, end, strict=True)])
    named: dict[Figure, Booleans] = {}
    for category, row in zip(categories, here, strict=True):
        named[MOVED, category] = row & ~stayed
        for state, before, after in zip(states, start, end, strict=True):
            named[crossing(state, category)] = row & (before != after)
    secrets = [
        *_small_flows(members, group, len(categories), min_cell),
        *_put_together(block, group, here, [*start, *end], min_n),
    ]
    shares = [row & answer for row in here for answer in (*start, *end)]
    populations = _populations(members, block, here, pair)
    return _table(members, (GROUP, group), shares, named, secrets, populations)


def wave_table(
    members: Members,
    group: str,
    categories: int,
    wave: str,
    min_n: int,
    min_cell: int,
    instead: Key | None = None,
) -> Table:
    """Shares at a wave in the categories of a group, of all who answered there.

    Beside the flows of all people they may tell flows of few people in a category.
    """
    block = members.block(group)
    here = _rows(members, group, categories, (wave,))
    answers = _answers(members, block, wave)
    secrets = [
        *_small_flows(members, group, categories, min_cell),
        *_put_together(block, group, here, answers, min_n),
    ]
    shares = [row & answer for row in here for answer in answers]
    populations = _populations(members, block, here, (wave,))
    return _table(members, (GROUP, group, wave), shares, {}, secrets, populations, instead)


def _rows(members: Members, group: str, categories: int, base: Base) -> list[Booleans]:
    """Mark the kinds in each category of a group who are in a base."""
    block = members.block(group)
    inside = members.inside(block, base)
    return [inside & (block.categories[group] == code) for code in range(categories)]


def _answers(members: Members, block: Block, wave: str) -> list[Booleans]:
    """Mark the kinds who gave each answer at a wave."""
    return [members.at(block, wave) == place for place in range(members.opinions)]


def _table(
    members: Members,
    key: Key,
    shares: Sequence[Booleans],
    named: Mapping[Figure, Booleans],
    secrets: Sequence[Secret],
    populations: Sequence[tuple[str, Booleans]],
    instead: Key | None = None,
) -> Table:
    """Put together what may be withheld, shares, which are always shown, and what never is."""
    block = members.block(key[1])
    masks = [*named.values(), *shares, *(secret.mask for secret in secrets)]
    parts = np.array([members.among_all(block, mask) for mask in masks], dtype=np.float64)
    price = 1.0 + parts @ members.counts
    price[len(named) : len(named) + len(shares)] = np.inf
    shown = len(named) + len(shares)
    return Table(
        key=key,
        figures={name: row for row, name in enumerate(named)},
        parts=parts,
        price=price,
        few=np.arange(len(masks)) >= shown,
        room=np.array([0.0] * shown + [secret.room for secret in secrets]),
        populations=populations,
        instead=instead,
    )


def _populations(
    members: Members, block: Block, here: Sequence[Booleans], base: Base
) -> list[tuple[str, Booleans]]:
    """List whose answers a table shows; all others are a population, too: they follow from all."""
    known = np.logical_or.reduce(here)
    every = [known, *here, *(known & ~mask for mask in here)]
    return [(wave, members.among_all(block, mask)) for wave in base for mask in every]


def _small_flows(members: Members, group: str, categories: int, min_cell: int) -> Iterator[Secret]:
    """Give the flows of few people in each row, as open as its shares at both waves leave them.

    Also of those without a category: the others and the flows of all people tell of them.
    """
    block, pair = members.block(group), members.waves
    if len(pair) < 2:
        return
    unknown = members.inside(block, pair) & (block.categories[group] < 0)
    start, end = (_answers(members, block, wave) for wave in pair)
    for row in (*_rows(members, group, categories, pair), unknown):
        cells = [row & before & after for before in start for after in end]
        flows = np.array(cells) @ block.kinds.people
        room = room_of(flows.reshape(len(start), -1))
        for cell, people, open_by in zip(cells, flows, room, strict=True):
            if 0 < people < min_cell:
                yield Secret(cell, float(open_by))


def _put_together(
    block: Block,
    group: str,
    here: Sequence[Booleans],
    answers: Sequence[Booleans],
    min_n: int,
) -> Iterator[Secret]:
    """Give the answers of each small category within the last row, the one that was put together.

    A row that is a category of its own holds no small one.
    """
    before, row = block.before[group], here[-1]
    for code in np.unique(before[row & (before >= 0)]):
        small = row & (before == code)
        if not 0 < small @ block.kinds.people < min_n:
            continue
        for answer in answers:
            both: Floats = (
                np.array([[part & answer, part & ~answer] for part in (small, row & ~small)])
                @ block.kinds.people
            )
            yield Secret(small & answer, float(room_of(both)[0]))
