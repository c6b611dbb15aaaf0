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
    inside = members.inside(block, pair)
    here = [inside & (block.categories[group] == code) for code in range(len(categories))]
    answers = [
        [members.at(block, wave) == place for place in range(members.opinions)] for wave in pair
    ]
    shares = [row & answer for row in here for wave in answers for answer in wave]
    named: dict[Figure, Booleans] = {}
    for category, row in zip(categories, here, strict=True):
        stayed = np.logical_or.reduce([a & b for a, b in zip(*answers, strict=True)])
        named[MOVED, category] = row & ~stayed
        for state, start, end in zip(states, *answers, strict=True):
            named[crossing(state, category)] = row & (start != end)
    secrets = [
        *_small_flows(block, [*here, inside & (block.categories[group] < 0)], answers, min_cell),
        *_put_together(block, group, here, [one for wave in answers for one in wave], min_n),
    ]
    return _table(
        members,
        (GROUP, group),
        shares,
        named,
        secrets,
        _populations(members, block, here, pair),
    )


def wave_table(
    members: Members, group: str, categories: int, wave: str, min_n: int, instead: Key | None = None
) -> Table:
    """Shares at a wave in the categories of a group, of all who answered there."""
    block = members.block(group)
    inside, status = members.inside(block, (wave,)), members.at(block, wave)
    here = [inside & (block.categories[group] == code) for code in range(categories)]
    answers = [status == place for place in range(members.opinions)]
    shares = [row & answer for row in here for answer in answers]
    secrets = list(_put_together(block, group, here, answers, min_n))
    populations = _populations(members, block, here, (wave,))
    return _table(members, (GROUP, group, wave), shares, {}, secrets, populations, instead)


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


def _small_flows(
    block: Block, here: Sequence[Booleans], answers: Sequence[Sequence[Booleans]], min_cell: int
) -> Iterator[Secret]:
    """Give the flows of few people in each row, as open as its shares at both waves leave them."""
    for row in here:
        cells = [row & start & end for start in answers[0] for end in answers[1]]
        flows = np.array(cells) @ block.kinds.people
        room = room_of(flows.reshape(len(answers[0]), -1))
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
