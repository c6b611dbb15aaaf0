"""What is held of people at waves, filled from rows that come in any order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from opinionpanel.arrays import Array, Booleans, Integers, WholeNumbers

Waves = tuple[int, ...]
# Where rows stand in an array of waves by people, and which rows, if not all.
Flat = tuple[Integers, Booleans | None]


@dataclass(frozen=True, eq=False)
class Placed:
    """The rows of a batch: the wave and the person of each.

    Attributes
    ----------
    places : numpy.ndarray of int16
        The place of each row's wave.
    people : numpy.ndarray of int
        The person of each row.
    number : int
        How many people there are by now.
    """

    places: WholeNumbers
    people: WholeNumbers
    number: int
    _known: dict[tuple[Waves, int], Flat] = field(default_factory=dict)

    def flat(self, waves: Waves, room: int) -> Flat:
        """Say where the rows stand in an array with a row of so much room for each wave."""
        if (waves, room) not in self._known:
            self._known[waves, room] = self._flat(waves, room)
        return self._known[waves, room]

    def _flat(self, waves: Waves, room: int) -> Flat:
        starts = np.full(max(*waves, int(self.places.max(initial=0)), 0) + 1, -1, dtype=np.int64)
        starts[list(waves)] = room * np.arange(len(waves))
        start = starts.take(self.places)
        kept = None
        if (starts < 0).any() and not (kept := start >= 0).all():
            return start[kept] + self.people[kept], kept
        start += self.people
        return start, None


class ByPerson:
    """A number of everyone at each of some waves; 0 for those without a row.

    Parameters
    ----------
    waves : sequence of int
        The places of the waves.
    dtype : numpy.dtype
    room : int
        For how many people there is room at first.
    """

    def __init__(self, waves: Sequence[int], dtype: Any, room: int) -> None:
        self.waves: Waves = tuple(waves)
        # Pages of zeros take no memory before they are written to.
        self._held: Array = np.zeros((len(self.waves), room), dtype)

    @property
    def size(self) -> int:
        """How many bytes everyone takes."""
        return len(self.waves) * self._held.itemsize

    @property
    def room(self) -> int:
        """For how many people there is room."""
        return int(self._held.shape[1])

    def put(self, rows: Placed, values: Array | bool) -> None:
        """Keep a value for each row; rows of other waves are left out."""
        if self.waves:
            flat, kept = rows.flat(self.waves, self.room)
            chosen = values if kept is None or isinstance(values, bool) else values[kept]
            self._held.reshape(-1)[flat] = chosen

    def make_room(self, room: int) -> None:
        """Make room for more people."""
        grown = np.zeros((len(self.waves), room), self._held.dtype)
        grown[:, : self.room] = self._held
        self._held = grown

    def end(self, people: int) -> None:
        """Leave out the room that nobody needed."""
        self._held = self._held[:, :people]

    def take_out(self, wave: int, people: WholeNumbers) -> None:
        """Forget what some people said at a wave; a number becomes none."""
        if wave in self.waves:
            self.at(wave)[people] = np.nan if self._held.dtype.kind == "f" else 0

    def only(self, kept: Booleans) -> None:
        """Keep some of the people."""
        self._held = np.compress(kept, self._held, axis=1)

    def at(self, wave: int) -> Array:
        """Return what is held of a wave; it may be changed in place."""
        found: Array = self._held[self.waves.index(wave)]
        return found
