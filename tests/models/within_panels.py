"""The people of the golden file of regressions within people, and panels of them."""

from functools import cache

import pandas as pd
from places import GOLDEN_FILES

import opinionpanel as op

WAVES = ["w1", "w2", "w3"]
STRATA = op.Design(weight="weight", stratum="stratum", psu="psu")
DESIGNS = {
    "unweighted": op.Design(weight=None),
    "strata, people": op.Design(weight="weight", stratum="stratum"),
    "strata, PSUs": STRATA,
    "JKn": STRATA.as_replicates("jkn", mse=False),
    "strata, PSUs; post-stratified": STRATA,
}
GOLDEN = pd.read_csv(GOLDEN_FILES / "within_golden.csv")


@cache
def people():
    return pd.read_csv(GOLDEN_FILES / "within_people.csv", dtype=str)


def frames(waves=WAVES):
    """One frame for each wave, of those who were interviewed."""
    found = {}
    for number, wave in enumerate(waves, start=1):
        own = {f"{name}{number}": name for name in ("answer", "weight", "mood")}
        frame = people()[["person", "stratum", "psu", "sex", "region", *own]]
        frame = frame.rename(columns=own).dropna(subset=["weight"])
        found[wave] = frame.assign(weight=frame["weight"].astype(float))
    return found


def panel_of(waves, design):
    moods = {mood: [mood] for mood in ("good", "mixed", "bad")}
    return op.Panel.from_waves(
        waves,
        person="person",
        items={
            "answer": op.Item("answer", {state: [state] for state in ("yes", "unsure", "no")}),
            "mood": op.Item("mood", moods),
        },
        groups={"sex": "first", "region": "first", "mood": "wave"},
        design=design,
    )


@cache
def panel(design):
    """The panel of the golden file."""
    found = panel_of(frames(), DESIGNS[design])
    if design.endswith("post-stratified"):
        found = op.poststratify(found, {"sex": {"f": 530, "m": 470}})
    return found
