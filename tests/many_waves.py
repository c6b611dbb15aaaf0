"""The people of the golden file of many waves, and panels of them."""

import re
from functools import cache

import pandas as pd
from places import GOLDEN_FILES

import opinionpanel as op

WAVES = ["w1", "w2", "w3", "w4"]
STATES = {state: [state] for state in "abc"}
STRATA = op.Design(weight="weight", stratum="stratum", psu="psu")
DESIGNS = {
    "people": op.Design(weight="weight"),
    "strata, people": op.Design(weight="weight", stratum="stratum"),
    "strata, PSUs": STRATA,
    "JKn": STRATA.as_replicates("jkn", mse=False),
    "strata, PSUs; raked": STRATA,
}
GOLDEN = pd.read_csv(GOLDEN_FILES / "many_waves_golden.csv", keep_default_na=False)


@cache
def people():
    return pd.read_csv(GOLDEN_FILES / "many_waves_people.csv", dtype=str)


def frames():
    """One frame for each wave, of those who were interviewed."""
    found = {}
    for number, wave in enumerate(WAVES, start=1):
        own = {f"answer{number}": "answer", f"weight{number}": "weight"}
        frame = people()[["person", "stratum", "psu", "sex", "age", "region", *own]]
        frame = frame.rename(columns=own).dropna(subset=["weight"])
        found[wave] = frame.assign(weight=frame["weight"].astype(float))
    return found


def panel_of(waves, design, states=STATES, **groups):
    return op.Panel.from_waves(
        waves,
        person="person",
        items={"answer": op.Item("answer", states)},
        groups=["sex", "age", "region"],
        design=design,
        **groups,
    )


@cache
def panel(design):
    """The panel of the golden file."""
    found = panel_of(frames(), DESIGNS[design])
    if design.endswith("raked"):
        targets = {"sex": {"f": 530, "m": 470}, "region": {"north": 620, "south": 380}}
        found = op.rake(found, targets)
    return found


def like(name):
    """Name a coefficient alike in R and here: its parts in the order of the alphabet."""
    plain = re.sub(r"\[T\.(.*?)\]", r"\1", name).replace("(Intercept)", "Intercept")
    return ":".join(sorted(plain.split(":")))


def both(golden, estimates, quantity):
    """Golden values beside ours, row by row."""
    labels = estimates.labels
    terms = labels["term"].map(like)
    if quantity == "effect":
        terms = labels["term"] + ";" + labels["category"]
    ours = pd.DataFrame(
        {
            "term": terms,
            "outcome": labels["outcome"],
            "ours": estimates.value,
            "error": estimates.std_error,
        }
    )
    theirs = golden[golden["quantity"] == quantity]
    if quantity == "coefficient":
        theirs = theirs.assign(term=theirs["term"].map(like))
    found = theirs.merge(ours, on=["term", "outcome"], how="outer", indicator=True)
    assert (found["_merge"] == "both").all()
    return found.assign(std_error=pd.to_numeric(found["std_error"]))
