"""Figures beyond counting are made as a study file declares them."""

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel.study import large_groups


def test_groups_narrow_bounds_as_far_as_nobody_stands_in_a_small_one():
    rng = np.random.default_rng(4)

    def wave(region):
        frame = pd.DataFrame(
            {"q": rng.choice(["yes", "no"], 200), "sex": rng.choice(["man", "woman"], 200)}
        )
        frame["age"] = np.where(frame["sex"] == "man", "old", rng.choice(["old", "young"], 200))
        frame["region"] = np.where(np.arange(200) < region, "south", "north")
        return frame

    panel = op.Panel.from_waves(
        {"May": wave(100), "June": wave(3)},
        person=None,
        items={"q": op.Item("q", {"yes": ["yes"], "no": ["no"]})},
        groups=["sex", "region", "age"],
        design=None,
    )
    waves = ["May", "June"]
    # Nobody is a young man at any wave, which tells of nobody.
    assert large_groups(panel, "q", ["region", "sex", "age"], waves) == ["sex", "age"]
    assert large_groups(panel, "q", ["region"], waves) == []
    assert large_groups(panel, "q", ["region", "sex"], ["May"]) == ["region", "sex"]
