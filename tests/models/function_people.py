"""Synthetic people for functions of a frame, and functions of them."""

import numpy as np
import pandas as pd
from places import GOLDEN_FILES

import opinionpanel as op

PEOPLE = pd.read_csv(GOLDEN_FILES / "any_function_people.csv")
SCALE = {str(score): [score] for score in range(1, 8)}
STRATIFIED = op.Design(weight="weight", stratum="stratum", psu="psu")


def panel_of(design, people=PEOPLE, **more):
    items = {"x": op.Item({"w1": "x", "w2": "x"}, SCALE), "y": op.Item({"w2": "y"}, SCALE)}
    groups = ["sex", "stratum"]
    return op.Panel.from_wide(people, items=items, groups=groups, design=design, **more)


def of_two(people):
    x, y = (people[name].astype(float) for name in "xy")
    weight = people["weight"]
    order = np.argsort(x.to_numpy(), kind="stable")
    values, by_rank = x.to_numpy()[order], weight.to_numpy()[order]
    rank = by_rank.cumsum() - by_rank / 2
    gini = 2 * (by_rank * values * rank).sum() / (by_rank.sum() * (by_rank * values).sum()) - 1
    cov = np.cov(x, y, aweights=weight)
    return {"gini": gini, "correlation": cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1])}
