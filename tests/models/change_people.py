"""The people of the golden file of the change model, and panels of them."""

from dataclasses import replace
from functools import cache

import pandas as pd
from places import GOLDEN_FILES

import opinionpanel as op

STATES = {state: [state] for state in "abc"}


WEIGHT = {"w1": "weight1", "w2": "weight2"}


def people():
    text = dict.fromkeys(("stratum", "psu", "sex", "age", "region", "answer1", "answer2"), str)
    return pd.read_csv(GOLDEN_FILES / "change_model_people.csv", dtype=text)


def panel_of(frame, design, states=STATES):
    # Everyone was interviewed at both waves, with or without an answer.
    return op.Panel.from_waves(
        {"w1": frame, "w2": frame},
        person="person",
        items={"answer": op.Item({"w1": "answer1", "w2": "answer2"}, states)},
        groups=["sex", "age", "region"],
        design=design,
    )


STRATA = op.Design(weight=WEIGHT, stratum="stratum", psu="psu")


@cache
def panel(design):
    """The panel of the golden file."""
    declared = {
        "people": op.Design(weight=WEIGHT),
        "strata, people, fpc": op.Design(weight=WEIGHT, stratum="stratum", fpc="fpc_people"),
        "strata, PSUs": STRATA,
        "strata, PSUs, fpc": replace(STRATA, fpc="fpc"),
        "JKn": STRATA.as_replicates("jkn", mse=False),
        "JKn, mse": STRATA.as_replicates("jkn", mse=True),
    }.get(design, STRATA)
    found = panel_of(people(), declared)
    if design.endswith("raked"):
        targets = {"sex": {"f": 530, "m": 470}, "region": {"north": 620, "south": 380}}
        found = op.rake(found, targets, waves=["w2"])
    return found
