"""A number of everyone that is the same at all waves, as many weights are."""

import numpy as np

from opinionpanel.arrays import Floats
from opinionpanel.panel.by_person import ByPerson, Placed


class SteadyNumbers:
    """One number for each person, as long as theirs are positive and the same at every wave.

    To look before writing takes longer than writing, and a tenth of the memory of ten waves.

    Parameters
    ----------
    room : int
        For how many people there is room at first.
    """

    def __init__(self, room: int) -> None:
        self.held = ByPerson([0], np.float64, room)

    def keep(self, rows: Placed, numbers: Floats) -> bool:
        """Keep the numbers of some rows; tell whether they are those that people had before."""
        held: Floats = self.held.at(0)
        if not numbers.min(initial=np.inf) > 0:
            return False
        known = held.take(rows.people)
        if ((known != numbers) & (known != 0)).any():
            return False
        held[rows.people] = numbers
        # Who is new may stand in several rows of the batch.
        return bool((held.take(rows.people) == numbers).all())

    def spread(self, waves: tuple[int, ...], people: int) -> ByPerson:
        """Make a number for each wave of those of everyone."""
        found = ByPerson(waves, np.float64, self.held.room)
        for wave in waves:
            found.at(wave)[:people] = self.held.at(0)[:people]
        return found
