"""What bounds on moves assume of the tables that they are taken over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Booleans
from opinionpanel.errors import SelectionError, unknown
from opinionpanel.phrases import Phrase, all_of, in_a_row, per_cent

KNOWN_ASSUMPTIONS = ("steps", "moved")


@dataclass(frozen=True)
class AssumedMoves:
    """How far and how many people can have moved.

    Attributes
    ----------
    steps : float
        How many states people move at most; infinite for no limit.
    moved : float
        The largest share of people that can have moved; 1 for no limit.
    """

    steps: float
    moved: float

    def allowed(self, states: int) -> Booleans:
        """Mark the moves that anybody can make, by origin and destination."""
        places = np.arange(states)
        return np.asarray(np.abs(np.subtract.outer(places, places)) <= self.steps)

    def said(self, groups: Sequence[str], *, of_samples: bool) -> Phrase:
        """Say what bounds are, and what they assume, of groups and of samples as well."""
        text = Phrase(
            "Bounds, and no estimate: the shares at both waves leave everything between them "
            "possible. Intervals reach from each bound as far as sampling error allows."
        )
        told: list[str] = []
        if groups:
            told.append(Phrase("nobody leaves a group of {groups}", groups=in_a_row(groups)))
        if groups and of_samples:
            told.append(Phrase("each group has the mean of its sizes at both waves"))
        if np.isfinite(self.steps):
            told.append(
                Phrase("nobody moves more than one state")
                if self.steps == 1
                else Phrase("nobody moves more than {n} states", n=int(self.steps))
            )
        if self.moved < 1:
            share = per_cent(self.moved, digits=1)
            told.append(Phrase("no more than {share} of people move", share=share))
        return Phrase("{text} Assumed: {told}.", text=text, told=all_of(told)) if told else text


def read_assumptions(assume: Mapping[str, float] | None) -> AssumedMoves:
    """Read how far and how many people can have moved."""
    assume = assume or {}
    for name in assume:
        if name not in KNOWN_ASSUMPTIONS:
            raise unknown("assumption", name, KNOWN_ASSUMPTIONS)
    steps, moved = assume.get("steps", np.inf), assume.get("moved", 1.0)
    if not (steps >= 1 and (np.isinf(steps) or steps == int(steps))):
        raise SelectionError(
            f"assume={{'steps': …}} is how many states people move at most, from 1; not {steps!r}."
        )
    if not 0 <= moved <= 1:
        raise SelectionError(
            f"assume={{'moved': …}} is a share of people between 0 and 1; got {moved!r}."
        )
    return AssumedMoves(float(steps), float(moved))
