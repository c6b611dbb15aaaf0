"""Panels for charts, easy and hard: many states and waves, long names, small numbers, drop-out."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd

import opinionpanel as op

NAMES = {
    2: ["yes", "no"],
    3: ["approve", "unsure", "oppose"],
    7: [
        *("strongly agree", "agree", "rather agree", "neither"),
        *("rather disagree", "disagree", "strongly disagree"),
    ],
}
LONG = [
    "скорее поддерживаю, чем не поддерживаю",
    "затрудняюсь ответить",
    "определённо не поддерживаю действия российских вооружённых сил",
]
PARTIES = ["Reds", "Blues", "Greens", "Liberals", "Farmers", "Pirates", "Others"]


def panel_of(
    states,
    waves=2,
    *,
    people=800,
    groups=0,
    stay=0.75,
    lost=0.0,
    joined=0,
    rare=None,
    empty=None,
    seed=1,
    dates=True,
    **item,
):
    """A panel whose people stay in their state with a probability, and drop out with another.

    `rare` is a state that few people are in, and `empty` one that nobody is; `joined` people come
    anew at every wave.
    """
    random = np.random.default_rng(seed)
    chances = np.linspace(1.4, 0.6, len(states))
    for name, chance in ((rare, 0.002), (empty, 0.0)):
        if name is not None:
            chances[states.index(name)] = chance
    chances /= chances.sum()
    total = people + joined * (waves - 1)
    begins = np.concatenate([np.zeros(people, int), np.repeat(np.arange(1, waves), joined)])
    state = random.choice(len(states), total, p=chances)
    there, frames, weight = np.ones(total, bool), {}, random.uniform(0.5, 2, total)
    group = random.choice([f"region {k + 1}" for k in range(max(groups, 1))], total)
    start = date(2023, 3, 6)
    for wave in range(waves):
        columns = {"id": np.arange(total), "q": state + 1, "w": weight, "region": group}
        frames[f"wave {wave + 1}"] = pd.DataFrame(columns)[there & (begins <= wave)]
        moved = random.random(total) > stay
        state = np.where(moved, random.choice(len(states), total, p=chances), state)
        there &= (random.random(total) >= lost) | (begins > wave)
    days = {
        name: (start + timedelta(days=80 * k), start + timedelta(days=80 * k + 9))
        for k, name in enumerate(frames)
    }
    return op.Panel.from_waves(
        frames,
        person="id",
        items={
            "support": op.Item(
                "q",
                {name: [place + 1] for place, name in enumerate(states)},
                question="How far do you support it?",
                **item,
            )
        },
        groups=["region"] if groups else [],
        design=op.Design(weight="w"),
        dates=days if dates else None,
        source="Trial data",
    )


@cache
def cases():
    """The panels that every kind of chart has to draw, by name."""
    return {
        "2 states": panel_of(NAMES[2], 2),
        "3 states": panel_of(NAMES[3], 4, label="Support"),
        "7 states": panel_of(NAMES[7], 3),
        "long names": panel_of(LONG, 3),
        "a flow of 0.1%": panel_of(NAMES[3], 3, people=4000, rare="unsure", stay=0.9),
        "8 waves": panel_of(NAMES[3], 8),
        "8 waves, 7 states": panel_of(NAMES[7], 8, people=3000),
        "an empty state": panel_of(NAMES[3], 2, empty="unsure"),
        "all withheld": panel_of(NAMES[3], 2, people=8),
        "30 people": panel_of(NAMES[3], 2, people=30),
        "7 parties": panel_of(PARTIES, 2, people=2000),
        "drop-out and entrants": panel_of(NAMES[3], 4, lost=0.2, joined=150),
        "5 groups": panel_of(NAMES[3], 4, people=3000, groups=5),
    }
