"""Small panels with scores, of several designs, for the properties of what scores are for."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import opinionpanel as op

DESIGNS = ("none", "people", "clustered", "raked", "replicates")
REPLICATES = [f"r{number}" for number in range(12)]


def frames(seed, *, waves=2, people=24, most=10):
    """People in two strata and eight PSUs; x is a whole number up to `most`, sometimes none."""
    rng = np.random.default_rng(seed)
    psu = np.arange(people) % 8
    fixed = pd.DataFrame(
        {
            "id": np.arange(people),
            "stratum": psu // 4,
            "psu": psu,
            "sex": np.where(rng.random(people) < 0.5, "man", "woman"),
            "w": rng.uniform(0.5, 2, people).round(2),
            **{name: rng.uniform(0.2, 2, people).round(2) for name in REPLICATES},
        }
    )
    fixed.loc[[0, 1], "sex"] = ["man", "woman"]
    x, found = rng.integers(0, most + 1, people), {}
    for wave in range(waves):
        x = np.where(rng.random(people) < 0.5, rng.integers(0, most + 1, people), x)
        answer = np.where(rng.random(people) < 0.1, np.nan, x)
        frame = fixed.assign(x=answer, y=most - answer)
        found[f"w{wave + 1}"] = frame[rng.random(people) < 0.9]
    return found


def panel_of(found, design="clustered", **items):
    """Build a panel of such people."""
    numbers = np.concatenate([one["x"] for one in found.values()])
    ends = {"low": min(np.nanmin(numbers), 0), "high": max(np.nanmax(numbers), 1)}
    declared = {
        "none": None,
        "people": op.Design(weight="w", stratum="stratum"),
        "replicates": op.ReplicateDesign(weight="w", replicates=REPLICATES, kind="bootstrap"),
    }.get(design, op.Design(weight="w", stratum="stratum", psu="psu"))
    panel = op.Panel.from_waves(
        found,
        person="id",
        items=items or {"x": op.Score("x", **ends)},
        groups=["sex"],
        design=declared,
    )
    return op.rake(panel, {"sex": {"man": 0.5, "woman": 0.5}}) if design == "raked" else panel


def scored(*, most=10, waves=2):
    """Draw frames and a design."""
    made = st.integers(0, 10**6).map(lambda seed: frames(seed, waves=waves, most=most))
    return st.tuples(made, st.sampled_from(DESIGNS))
