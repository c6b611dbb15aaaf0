"""What may be told of how a score's numbers moved: the interval of a mean change, and who moved.

The interval tells how much the steps of people vary. With a score of 0 and 1, and the change of its
mean, that is how many moved up and how many down.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.disclosure.decision import decided
from opinionpanel.disclosure.kinds import Kinds, kinds_of, numbered
from opinionpanel.disclosure.members import CATEGORIES
from opinionpanel.disclosure.published_tables import KNOWN, Key, Table
from opinionpanel.estimates import Figures, Protection
from opinionpanel.panel import Panel

# What the tables of change tell beside means: the interval of the change, and who moved.
LIMITS, MOVES = "limits", "moves"
# The column of kinds that says by which way people went.
WAY = "way"
# Of a score with so many numbers or fewer it counts who went from which to which.
MOST_NUMBERS = 3
# Of a score with so many or fewer, how many went how far.
MOST_ANSWERS = 11
# Of others, how long a step was: in so many units, where there are more kinds of steps each way.
UNITS = 20
# A group and a category of it.
Category = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Ways:
    """The ways of people from one number to another.

    Attributes
    ----------
    of : numpy.ndarray of int, shape (people,)
        The way of each person; any for those without numbers at both waves.
    step : numpy.ndarray, shape (ways,)
        How far each way leads, up or down.
    known : numpy.ndarray, shape (sums, ways)
        Sums over people that readers are taken to know whatever is shown beside means.
    alone : numpy.ndarray of bool, shape (secrets, ways)
        The ways of which few people must not be told.
    """

    of: Integers
    step: Floats
    known: Floats
    alone: Booleans


def ways_of(panel: Panel, score: str, pair: tuple[str, str], inside: Booleans) -> Ways:
    """Sort people by their way between two waves.

    Parameters
    ----------
    panel : Panel
    score : str
    pair : tuple of str
    inside : numpy.ndarray of bool, shape (people,)
        Who has a number at both.

    Notes
    -----
    Of a score of two or three numbers a way leads from one of these to another, as a flow of an
    item does, and how many gave each number at each wave is taken as known. Of others a way is a
    step, and what is known is the change of the mean; of up to eleven numbers, as many as answers
    may have, steps of few people are not told.
    """
    start, end = (np.asarray(panel.answers[score][panel.position(wave)]) for wave in pair)
    used = np.unique(np.concatenate([start[inside], end[inside]])).astype(np.int64)
    values = np.asarray(panel.numbers[score], dtype=np.float64)[used]
    places = [np.minimum(np.searchsorted(used, codes), len(used) - 1) for codes in (start, end)]
    if len(used) > MOST_NUMBERS:
        moved, length = values[places[1]] - values[places[0]], values[-1] - values[0]
        return _steps(moved, length, inside, counted=len(used) <= MOST_ANSWERS)
    size = len(used)
    before, after = np.indices((size, size)).reshape(2, -1)
    step = values[after] - values[before]
    known = [part == place for part in (before, after) for place in range(size)]
    alone = np.vstack([np.eye(len(step), dtype=bool), _moves(step)])
    return Ways(places[0] * size + places[1], step, np.array(known, dtype=np.float64), alone)


def _steps(moved: Floats, length: float, inside: Booleans, *, counted: bool) -> Ways:
    """Sort people by the steps that they made on a scale of some length.

    Where they are `counted`, how few made a step of which length must not be told either.
    """
    steps = np.unique(np.abs(moved[inside]).round(9))
    if len(steps) > UNITS:
        # However short a step is, it is one.
        moved = np.sign(moved) * np.ceil((np.abs(moved) / length * UNITS).round(9))
        steps = np.arange(UNITS + 1, dtype=np.float64)
    step = np.unique([*-steps, 0.0, *steps])
    way = np.minimum(np.searchsorted(step, moved.round(9)), len(step) - 1)
    alone = _moves(step)
    if counted:
        # As far as that up or further, and likewise down.
        tails = [step >= one if one > 0 else step <= one for one in step if one]
        alone = np.vstack([np.eye(len(step), dtype=bool), *tails, alone])
    return Ways(way, step, np.array([np.ones(len(step)), step]), alone)


def told_of_moves(
    ways: Ways,
    inside: Booleans,
    groups: Mapping[str, tuple[Integers, Sequence[str]]],
    without: Collection[str],
    min_n: int,
    min_cell: int,
) -> set[Key]:
    """Decide whether intervals of change are shown, and how many moved up and down.

    Parameters
    ----------
    ways : Ways
    inside : numpy.ndarray of bool, shape (people,)
        The people of the tables of change.
    groups : dict of str to tuple
        Those with a table: the category of each person, -1 for none, and the categories.
    without : collection of str
        The groups of which no interval is shown, for another reason.
    min_n, min_cell : int
        As in `publish_score`.

    Returns
    -------
    set of tuple
        ``("limits",)`` and ``("moves",)`` of all people, ``("limits", group, category)``, as far
        as they are shown.

    Notes
    -----
    For each way that few people went it must stay open by `min_cell` people, or by as many as the
    means leave open, how many these are: other numbers of people are sought that fit all that is
    shown, as of items. What would tell them is withheld; so is what would tell it together with
    what is named before.
    """
    columns = [codes[inside] + 1 for codes, _ in groups.values()]
    member, found = numbered(columns or [np.zeros(inside.sum(), dtype=np.int64)])
    column = np.zeros(len(inside), dtype=np.int64)
    column[inside] = member
    kinds = kinds_of({CATEGORIES: (column, found.shape[1]), WAY: (ways.of, len(ways.step))}, inside)
    each = _populations(kinds, found, groups)
    way = kinds.values[WAY]
    known = np.array([mask * row[way] for mask in each.values() for row in ways.known])
    secrets = _secrets(kinds, ways, each, min_cell)
    room, changes = _room(known, secrets, kinds.people, min_cell)
    first = _table((KNOWN,), known, secrets, room)
    tables = list(_tables(kinds, ways, each, without))
    # Mostly everything may be shown, and one decision does.
    together = _table((KNOWN, "all"), np.vstack([table.parts for table in tables]))
    every = decided(kinds.people, [first], [together], min_n, min_cell, changes)
    if together.key in every.hidden:
        return {table.key for table in tables}
    shown = decided(kinds.people, [first], tables, min_n, min_cell, changes)
    return {table.key for table in shown.kept if table.key != (KNOWN,)}


def _moves(step: Floats) -> Booleans:
    """Mark the ways up, nowhere and down."""
    return np.array([step > 0, step == 0, step < 0])


def _populations(
    kinds: Kinds, found: Integers, groups: Mapping[str, tuple[Integers, Sequence[str]]]
) -> dict[Category, Booleans]:
    """Mark all people, those of each category of each group, and those without one."""
    member = kinds.values[CATEGORIES]
    each: dict[Category, Booleans] = {("", ""): np.ones(len(member), dtype=bool)}
    for (name, (_, categories)), codes in zip(groups.items(), found, strict=False):
        for code, category in enumerate(["", *categories]):
            each[name, category] = codes[member] == code
    return each


def _secrets(kinds: Kinds, ways: Ways, each: Mapping[Category, Booleans], min_cell: int) -> Floats:
    """List the ways that few people went, among everyone or in a category."""
    way = kinds.values[WAY]
    rows = [mask & alone[way] for mask in each.values() for alone in ways.alone]
    few = [row for row in rows if 0 < row @ kinds.people < min_cell]
    return np.array(few, dtype=np.float64).reshape(len(few), len(way))


def _room(
    known: Floats, secrets: Floats, counts: Floats, min_cell: int
) -> tuple[Floats, list[Floats]]:
    """Tell how open secrets are to who knows the means, up to `min_cell`; and by which changes."""
    price = np.full(len(known), np.inf)
    start = Protection(Figures(known, counts, price), np.zeros(len(known), dtype=bool))
    width = float(min_cell)
    start.move_together(secrets, np.full(len(secrets), width))
    for secret in secrets:
        start.push_apart(secret, width)
    moved = np.array([np.zeros(len(counts)), *start.changes]) @ secrets.T
    up, down = (np.floor(ends + 1e-6) for ends in (moved.max(axis=0), -moved.min(axis=0)))
    return np.minimum(up + down, width), start.changes


def _tables(
    kinds: Kinds, ways: Ways, each: Mapping[Category, Booleans], without: Collection[str]
) -> Iterator[Table]:
    """List what is decided: intervals of change, and beside that of all who moved up and down."""
    way = kinds.values[WAY]
    squares = ways.step**2
    for (name, category), mask in each.items():
        if name in without or (name and not category):
            # Those without a category have no row of their own.
            continue
        yield _table((LIMITS, name, category) if name else (LIMITS,), mask * squares[None, way])
        if not name:
            yield _table((MOVES,), _moves(ways.step)[:, way])


def _table(
    key: Key, parts: Floats | Booleans, secrets: Floats | None = None, room: Floats | None = None
) -> Table:
    """Make a table that is shown as a whole or left out; with what is never shown."""
    hidden = np.zeros((0, parts.shape[1])) if secrets is None else secrets
    shown = len(parts)
    return Table(
        key=key,
        figures={},
        parts=np.vstack([parts, hidden]).astype(np.float64),
        price=np.full(shown + len(hidden), np.inf),
        few=np.arange(shown + len(hidden)) >= shown,
        room=np.append(np.zeros(shown), np.zeros(0) if room is None else room),
        populations=[],
    )
