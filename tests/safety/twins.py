"""Twins: studies of the same people but for what a chart withholds.

Whoever sees a chart of one of them cannot know that it is not the other. So both must give the
same chart, to the last pixel and word; whatever differs would tell.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import opinionpanel as op

STATES = ("for", "unsure", "against", "neither")
WAVES = ("w1", "w2", "w3")


@dataclass(frozen=True, eq=False)
class People:
    """Made-up people.

    Attributes
    ----------
    answers : numpy.ndarray of int, shape (people, waves)
        Places of states; -1 before somebody joined.
    group : numpy.ndarray of str, shape (people,)
    """

    answers: np.ndarray
    group: np.ndarray

    def panel(self):
        """Build the panel of these people, without weights."""
        person = 1000 + 7 * np.arange(len(self.group))
        frames = {}
        for wave, answer in zip(WAVES, self.answers.T, strict=False):
            frame = pd.DataFrame({"person": person, "g": self.group, "answer": answer})
            frames[wave] = frame[answer >= 0]
        item = op.Item("answer", {state: [code] for code, state in enumerate(STATES)})
        return op.Panel.from_waves(
            frames, person="person", items={"q": item}, groups=["g"], design=None
        )

    def answering(self, people, wave, state):
        """Let some people give another answer at a wave."""
        answers = self.answers.copy()
        answers[people, wave] = state
        return replace(self, answers=answers)


def made_up(seed, *, waves=2, sizes=(240,)):
    """Make up people of whom most keep their answer; groups a, b, … of some sizes."""
    rng = np.random.default_rng([41, seed])
    people = sum(sizes)
    start = rng.choice(4, people, p=[0.4, 0.1, 0.3, 0.2])
    answers = np.tile(start[:, None], waves)
    for wave in range(1, waves):
        moves = rng.random(people) < 0.2
        answers[:, wave] = np.where(moves, rng.integers(0, 4, people), answers[:, wave - 1])
    return People(answers, np.repeat(list("abcdefg")[: len(sizes)], sizes))


def moved(people, hidden, *, turnover=True):
    """Let two people exchange their first answers, where all four flows are withheld.

    `hidden` has the flows between the first two waves, as pairs of states. The states at every
    wave, and the flows after the second one, are the same as before; and so is turnover, where it
    must not differ either.
    """
    ways = [tuple(STATES[code] for code in row[:2]) for row in people.answers]
    for one, (a, b) in enumerate(ways):
        for other, (c, d) in enumerate(ways):
            four = {(a, b), (c, d), (a, d), (c, b)}
            if len(four) == 4 and four <= hidden and (turnover or len({a, b, c, d}) == 4):
                answers = people.answers.copy()
                answers[[one, other], 0] = answers[[other, one], 0]
                return replace(people, answers=answers)
    raise LookupError("No four flows of two states each are withheld.")
