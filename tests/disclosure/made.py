"""Small panels of which it is known who is in every table."""

import numpy as np
import pandas as pd

import opinionpanel as op

ITEM = op.Item("q", {"no": [1], "unsure": [2], "yes": [3]})


def panel_of(answers, groups=None, **more):
    """Make a panel of answers by wave: 1 to 3, 0 for a blank, -1 where nobody was interviewed."""
    answers = np.asarray(answers)
    waves = {}
    for place, codes in enumerate(answers.T):
        frame = pd.DataFrame({"id": 1000 + 7 * np.arange(len(codes)), "q": codes, **(groups or {})})
        frame = frame[frame["q"] >= 0].astype({"q": float})
        waves[f"w{place + 1}"] = frame.assign(q=frame["q"].where(frame["q"] > 0))
    names = [*(groups or {})]
    return op.Panel.from_waves(waves, person="id", items={"x": ITEM}, groups=names, **more)


def drawn(seed, people=200, waves=3, *, lost=0.15, silent=0.05, stays=0.7):
    """Draw answers: most people keep theirs, some give none, some are not there later."""
    random = np.random.default_rng(seed)
    answers = random.integers(1, 4, (people, waves))
    for wave in range(1, waves):
        same = random.random(people) < stays
        answers[same, wave] = answers[same, wave - 1]
    answers[random.random(answers.shape) < silent] = 0
    gone = np.maximum.accumulate(random.random(answers.shape) < lost, axis=1)
    gone[:, 0] = False
    answers[gone] = -1
    return answers
