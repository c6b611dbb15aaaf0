"""A study with an item and a thermometer, whose report tests of pages share."""

from functools import cache

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel.report.contents import Contents
from opinionpanel.study import Study


@cache
def scored(language="en", *, shift=8, steps=None):
    """Three waves of 150 people, who are warmer at the last one.

    With `steps` only so many people moved then, each by one of these.
    """
    people = np.arange(150)
    frames = {}
    for place, wave in enumerate(("May", "June", "July")):
        warmth = 30 + (people * 37) % 51 + (people * (7 + place)) % 11 + shift * (place == 2)
        if steps is not None:
            warmth = 30 + 10 * (people % 5)
            warmth[40 : 40 + len(steps)] += np.array(steps) * (place == 2)
        frame = pd.DataFrame(
            {
                "id": people,
                "ft": np.where(people % 30 == 0, 998, warmth),
                "q": 1 + (people + place) % 2,
                "sex": np.array(["man", "woman"])[people % 2],
            }
        )
        frames[wave] = frame[people >= 25] if wave == "July" else frame
    items = {
        "vote": op.Item("q", {"yes": [1], "no": [2]}),
        "warmth": op.Score("ft", low=0, high=100, missing=[998], question="How warm?"),
        "once": op.Score({"May": "ft"}, low=0, high=100, missing=[998]),
    }
    panel = op.Panel.from_waves(frames, person="id", items=items, groups=["sex"])
    return Contents(Study(title="A study", source="", panel=panel), language)
