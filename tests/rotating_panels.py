"""Rotating panels: cohorts that are first interviewed at different waves, and due at some."""

import numpy as np
import pandas as pd

import opinionpanel as op

STATES = {"yes": [1], "no": [2], "unsure": [3]}
# Two baselines that share a follow-up.
BASELINES = {"A": ["A", "C"], "B": ["B", "C"]}


def rotating_frames(cohorts, people, *, seed=1, stay=0.6):
    """Make a frame for each wave: a cohort of people for each key of `due`, of whom some stay."""
    rng = np.random.default_rng(seed)
    frames = {wave: [] for wave in dict.fromkeys(wave for at in cohorts.values() for wave in at)}
    for place, (cohort, at) in enumerate(cohorts.items()):
        ids = 1000 * (place + 1) + np.arange(people)
        town = rng.integers(0, 8, people)
        for wave in at:
            here = np.ones(people, bool) if wave == cohort else rng.random(people) < stay
            # The first few always come, so that every cohort links.
            here[:12] = True
            frame = pd.DataFrame({"id": ids, "town": town})
            frame["q"] = rng.choice([1.0, 2.0, 3.0, np.nan], people, p=[0.4, 0.3, 0.2, 0.1])
            frame["w"] = rng.uniform(0.5, 2.0, people)
            frames[wave].append(frame[here])
    return {wave: pd.concat(frames[wave], ignore_index=True) for wave in sorted(frames)}


def panel_of(frames, **options):
    given = {"person": "id", "items": {"q": op.Item("q", STATES)}} | options
    return op.Panel.from_waves(frames, **given)


def rotating_panel(cohorts, people=40, *, seed=1, stay=0.6, **options):
    return panel_of(rotating_frames(cohorts, people, seed=seed, stay=stay), **options)
