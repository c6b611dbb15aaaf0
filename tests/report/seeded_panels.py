"""Panels of people whose answers are drawn with a seed, some of whom truly move."""

import numpy as np
import pandas as pd

import opinionpanel as op


def sample(seed, people=600, waves=3, states=3, moved=0.0):
    """Unweighted people of two groups; of one of these a share moves to the first state at last."""
    rng = np.random.default_rng(seed)
    leaning = rng.standard_normal(people)
    cuts = np.linspace(-1.2, 1.2, states + 1)[1:-1]
    group = rng.integers(0, 2, people)
    answers = [np.searchsorted(cuts, leaning + rng.standard_normal(people)) for _ in range(waves)]
    answers[-1][(group == 0) & (rng.random(people) < moved)] = 0
    names = np.array(list("abcdef"))
    columns = {f"w{wave + 1}": names[one] for wave, one in enumerate(answers)}
    frame = pd.DataFrame({**columns, "group": np.array(["x", "y"])[group]})
    item = op.Item({name: name for name in columns}, {s: [s] for s in names[:states]})
    return op.Panel.from_wide(frame, items={"opinion": item}, groups=["group"])
