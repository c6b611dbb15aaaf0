"""The tables of a report as sums over kinds of people: what each figure of them counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.disclosure.people import BEGUN, Base, People

# The figure of all who moved.
MOVED = "moved"
SHARES, CHAIN, GROUP, LATENT, TREND, KNOWN = "shares", "chain", "group", "latent", "trend", "known"
# Where people are who did not answer at a wave, though they should have.
GONE = ("no answer", "not asked", "not interviewed")
WITHOUT_ANSWER = "without an answer"
Key = tuple[str, ...]
# A state, a flow with or without its waves, a pair of waves, `MOVED`, or what `crossing` gives.
Figure = str | tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """A table, each of its figures a sum over kinds of people.

    Attributes
    ----------
    key : tuple of str
        Two waves; ``("shares", wave)``; ``("chain",)``; ``("latent",)``; ``("trend", state)``;
        ``("group", group)`` about the main pair, and ``("group", group, wave)``; or ``("known",)``,
        which is no table: what readers know whatever is shown.
    figures : dict to int
        The row of each figure, by what it is of.
    parts : numpy.ndarray, shape (figures, kinds)
    price : numpy.ndarray, shape (figures,)
        What it costs to lose a figure; infinite for what is always shown.
    few : numpy.ndarray of bool, shape (figures,)
        What is withheld for itself.
    room : numpy.ndarray, shape (figures,)
        By how many people each can be uncertain at most.
    populations : list of (str, numpy.ndarray of bool)
        Whose answers at which wave the table shows.
    needs : list of tuple
        The tables without which this one would tell of what they withhold.
    instead : tuple of str or None
        The table in whose place this one stands, where that is left out.
    """

    key: Key
    figures: Mapping[Figure, int]
    parts: Floats
    price: Floats
    few: Booleans
    room: Floats
    populations: Sequence[tuple[str, Booleans]]
    needs: Sequence[Key] = ()
    instead: Key | None = None


def known_table(known: Floats, populations: Sequence[tuple[str, Booleans]] = ()) -> Table:
    """Say what readers know whatever is shown: sums of kinds, and whose answers they know."""
    size = len(known)
    return Table(
        key=(KNOWN,),
        figures={},
        parts=known,
        price=np.full(size, np.inf),
        few=np.zeros(size, dtype=bool),
        room=np.zeros(size),
        populations=populations,
    )


def pair_table(people: People, first: str, second: str, min_n: int, min_cell: int) -> Table:
    """Flows, transitions, turnover and net change of those who answered at two waves."""
    states = people.states[: people.opinions]
    population = people.base((first, second))
    cells, margins = _square(people, (first, second), {name: [name] for name in states}, population)
    moved = population & ~np.logical_or.reduce([cells[state, state] for state in states])
    crossed = {
        crossing(state): np.logical_or.reduce(
            [part for (a, b), part in cells.items() if (a == state) != (b == state)]
        )
        for state in (states if len(states) > 1 else ())
    }
    named: dict[Figure, Booleans] = {**cells}  # type: ignore[dict-item]
    named[MOVED] = moved
    named.update(crossed)
    others = len(named) - len(cells)
    parts = np.array([*named.values(), *margins], dtype=np.float64)
    counts = parts @ people.counts
    flows = counts[: len(cells)].reshape(len(states), -1)
    start = flows.sum(axis=1)
    # A transition is withheld where few start, and is not to be had from the flow.
    small = (flows > 0) & (flows < min_cell) | ((start > 0) & (start < min_n))[:, None]
    price = np.concatenate([1.0 + counts[: len(named)], np.full(len(margins), np.inf)])
    few = np.concatenate([small.ravel(), np.zeros(others + len(margins), dtype=bool)])
    return Table(
        key=(first, second),
        figures={name: row for row, name in enumerate(named)},
        parts=parts,
        price=price,
        few=few,
        room=np.append(room_of(flows), np.zeros(others + len(margins))),
        populations=[(first, population), (second, population)],
    )


def crossing(state: str, category: str = "") -> Figure:
    """Name the figure of those who came to a state or left it, in a category of a group.

    The interval of its net change tells it: the more came and went, the wider it is.
    """
    return ("came or left", state, category)


def shares_table(people: People, wave: str) -> Table:
    """Shares of those who answered at a wave: of those, only the base must not be small."""
    states = people.states[: people.opinions]
    inside = people.base((wave,))
    parts = np.array([inside & people.at(wave, state) for state in states], dtype=np.float64)
    return Table(
        key=(SHARES, wave),
        figures={state: row for row, state in enumerate(states)},
        parts=parts,
        price=np.full(len(states), np.inf),
        few=np.zeros(len(states), dtype=bool),
        room=np.zeros(len(states)),
        populations=[(wave, inside)],
    )


def also_telling(table: Table, people: People, base: Base) -> Table:
    """Let a table tell as well how many people of a base gave each answer at its waves."""
    inside, states = people.base(base), people.states[: people.opinions]
    told = np.array([inside & people.at(wave, state) for wave in base for state in states])
    size = len(told)
    return replace(
        table,
        parts=np.concatenate([table.parts, told]),
        price=np.append(table.price, np.full(size, np.inf)),
        few=np.append(table.few, np.zeros(size, dtype=bool)),
        room=np.append(table.room, np.zeros(size)),
        populations=[*table.populations, *((wave, inside) for wave in base)],
    )


def trend_table(people: People, state: str, first: str, last: str) -> Table:
    """How far the shares of a state at two waves go together.

    The interval of their difference tells it: those who answered at both waves add up
    (a − p)(b − q) there, where a and b are 1 for who was in the state, and p and q its shares.
    """
    bases = [people.base((wave,)) for wave in (first, last)]
    sides = []
    for wave, base in zip((first, last), bases, strict=True):
        inside = base & people.at(wave, state)
        sides.append(inside - (inside @ people.counts) / (base @ people.counts))
    return Table(
        key=(TREND, state),
        figures={state: 0},
        parts=np.asarray(bases[0] & bases[1]) * sides[0][None, :] * sides[1],
        price=np.full(1, np.inf),
        few=np.zeros(1, dtype=bool),
        room=np.zeros(1),
        populations=[],
    )


def chain_states(people: People, chain: Sequence[str], min_cell: int) -> dict[str, list[str]]:
    """Name the states of the way of those who answered first, and what each is made of.

    Without an opinion few are there mostly for having given no answer: with those who were not
    interviewed they are one state, where flows from or to them would be of few people.
    """
    states = {name: [name] for name in people.states}
    silent = [name for name in people.states[people.opinions :] if name in GONE]
    apart = chain_table(people, chain, states, min_cell)
    small = [apart.few[row] for name, row in apart.figures.items() if set(name[2:]) & set(silent)]
    if len(silent) < 2 or not any(small) or WITHOUT_ANSWER in states:
        return states
    kept = {name: several for name, several in states.items() if name not in silent}
    return {**kept, WITHOUT_ANSWER: silent}


def chain_table(
    people: People, chain: Sequence[str], states: Mapping[str, Sequence[str]], min_cell: int
) -> Table:
    """Follow those who answered first from each wave to the next.

    Of those who were interviewed then but gave no answer, mostly few, later tables would tell.
    """
    inside = _began(people, chain)
    opinions = set(people.states[: people.opinions])
    figures: dict[Figure, int] = {}
    parts: list[Booleans] = []
    few, room = np.zeros(0, dtype=bool), np.zeros(0)
    # How many were without an answer, and for what cause, tells of no opinion.
    known = [inside & people.at(wave, state) for wave in chain for state in people.states]
    for pair in pairwise(chain):
        cells, _ = _square(people, pair, states, inside)
        figures |= {(*pair, *way): len(parts) + row for row, way in enumerate(cells)}
        parts += cells.values()
        flows = (np.array(list(cells.values())) @ people.counts).reshape(len(states), -1)
        told = np.array([bool(opinions & set(way)) for way in cells])
        few = np.append(few, (flows.ravel() > 0) & (flows.ravel() < min_cell) & told)
        room = np.append(room, room_of(flows))
    every = np.array([*parts, *known], dtype=np.float64)
    counts = every @ people.counts
    return Table(
        key=(CHAIN,),
        figures=figures,
        parts=every,
        price=np.append(1.0 + counts[: len(parts)], np.full(len(known), np.inf)),
        few=np.append(few, np.zeros(len(known), dtype=bool)),
        room=np.append(room, np.zeros(len(known))),
        populations=[
            (wave, inside & (people.paths.values[wave] < people.opinions)) for wave in chain
        ],
        needs=list(pairwise(chain)),
    )


def _began(people: People, chain: Sequence[str]) -> Booleans:
    answered = people.paths.values[chain[0]] < people.opinions
    return people.base((BEGUN, chain[0])) & answered


def room_of(flows: Floats) -> Floats:
    """Tell how much of each flow is open where it is known how many were in each state.

    No more than were in either state; and where these are nearly all people, no less than those
    who must have been in both.
    """
    start, end = flows.sum(axis=1)[:, None], flows.sum(axis=0)
    found: Floats = np.minimum(start, end) - np.maximum(0, start + end - flows.sum())
    return found.ravel()


def _square(
    people: People,
    pair: tuple[str, str],
    states: Mapping[str, Sequence[str]],
    inside: Booleans,
) -> tuple[dict[tuple[str, str], Booleans], list[Booleans]]:
    """Mark who is in each flow of a pair of waves, and in each state at either of them."""
    start, end = (
        {
            name: inside & np.logical_or.reduce([people.at(wave, state) for state in several])
            for name, several in states.items()
        }
        for wave in pair
    )
    cells = {(a, b): start[a] & end[b] for a in states for b in states}
    return cells, [*start.values(), *end.values()]


def latent_table(people: People, chain: Sequence[str]) -> Table:
    """Observed turnover of those who answered at all waves, beside which stands the true one."""
    inside = people.base(tuple(chain))
    values = people.paths.values
    parts = np.array(
        [inside & (values[a] != values[b]) for a, b in pairwise(chain)],
        dtype=np.float64,
    )
    size = len(parts)
    return Table(
        key=(LATENT,),
        figures={pair: row for row, pair in enumerate(pairwise(chain))},
        parts=parts,
        price=1.0 + parts @ people.counts,
        few=np.zeros(size, dtype=bool),
        room=np.zeros(size),
        populations=[],
        needs=list(pairwise(chain)),
    )
