"""A panel of three waves, and its flows between the first two."""

import numpy as np
import pandas as pd
import pytest
from drawn import STATES, WAVES

import opinionpanel as op


@pytest.fixture(scope="module")
def panel():
    """600 people, a tenth of them lost at every wave, ids that no share or count equals."""
    random = np.random.default_rng(7)
    people, state = np.arange(600) + 8_000_000, random.integers(1, 4, 600)
    gender, weight = random.choice(["man", "woman"], 600), random.uniform(0.5, 2, 600)
    there, waves = np.ones(600, dtype=bool), {}
    for wave in WAVES:
        columns = {"id": people, "q": state, "w": weight, "gender": gender}
        waves[wave] = pd.DataFrame(columns)[there]
        state = np.where(random.random(600) < 0.3, random.integers(1, 4, 600), state)
        there &= random.random(600) > 0.1
    return op.Panel.from_waves(
        waves,
        person="id",
        items={"support": op.Item("q", STATES, question="Do you support it?")},
        groups=["gender"],
        design=op.Design(weight="w"),
        dates={"2021": "May 2021"},
        source="Trial data",
    )


@pytest.fixture(scope="module")
def two(panel):
    return op.flows(panel, "support", waves=WAVES[:2])


@pytest.fixture(scope="session")
def attitudes():
    return op.datasets.load("attitudes_2024").panel
