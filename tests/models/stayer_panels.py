"""Made-up panels in which some people never move."""

import numpy as np
import pandas as pd

import opinionpanel as op


def from_patterns(counts, weights=None):
    """Three or more waves from an array of counts, one axis for each wave."""
    waves = [f"w{place + 1}" for place in range(np.ndim(counts))]
    rows = [
        {**dict(zip(waves, map(str, index), strict=True)), "n": int(count)}
        for index, count in np.ndenumerate(counts)
    ]
    frame = pd.DataFrame(rows)
    frame["weight"] = 1.0 if weights is None else weights
    item = op.Item({wave: wave for wave in waves}, {str(i): [str(i)] for i in range(len(counts))})
    return op.Panel.from_wide(
        frame, items={"answer": item}, count="n", design=op.Design(weight="weight")
    )


def simulated(seed, people=60, states=2, waves=3):
    """People of two groups in PSUs, with weights; some never move."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, states, people)
    steps = [start]
    stayer = rng.random(people) < 0.4
    for _ in range(waves - 1):
        steps.append(np.where(stayer, start, rng.integers(0, states, people)))
    frame = pd.DataFrame({f"w{place + 1}": step for place, step in enumerate(steps)}).astype(str)
    frame["weight"] = rng.lognormal(0, 0.5, people)
    frame["psu"] = np.arange(people) % 36
    frame["stratum"] = frame["psu"] % 3
    frame["gender"] = np.array(["man", "woman"])[rng.integers(0, 2, people)]
    return frame


def panel_of(frame, design=None):
    waves = [name for name in WAVES if name in frame]
    states = sorted({state for wave in waves for state in frame[wave].dropna()})
    item = op.Item({wave: wave for wave in waves}, {state: [state] for state in states})
    design = design or op.Design(weight="weight")
    return op.Panel.from_wide(frame, items={"answer": item}, groups=["gender"], design=design)


WAVES = ["w1", "w2", "w3", "w4"]


CLUSTERED = op.Design(weight="weight", psu="psu", stratum="stratum")
