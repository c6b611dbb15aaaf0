"""The panel of R's golden values for two items, under every design, and those values."""

import functools

import pandas as pd
from places import GOLDEN_FILES

import opinionpanel as op

DESIGNS = ("people", "clustered", "calibrated", "jkn")


@functools.cache
def golden(design, measure):
    """Return estimate and standard error by label."""
    table = pd.read_csv(GOLDEN_FILES / "two_items_golden.csv")
    rows = table[(table["design"] == design) & (table["measure"] == measure)]
    return rows.set_index("label")[["estimate", "std_error"]]


@functools.cache
def panel_of(design):
    """Everybody was interviewed at both waves; blanks are answers that are missing."""
    people = pd.read_csv(GOLDEN_FILES / "two_items_people.csv")
    shared = people[["person", "stratum", "psu", "sex"]]
    frames = {
        wave: shared.assign(w=people[f"w{k}"], s=people[f"s{k}"], p=people[f"p{k}"])
        for k, wave in enumerate(("w1", "w2"), start=1)
    }
    clustered = op.Design(weight="w", stratum="stratum", psu="psu")
    designs = {"people": op.Design(weight=None), "jkn": clustered.as_replicates("jkn")}
    items = {name: op.Item(name, {x: [x] for x in "abc"}) for name in "sp"}
    panel = op.Panel.from_waves(
        frames, person="person", items=items, groups=["sex"], design=designs.get(design, clustered)
    )
    if design != "calibrated":
        return panel
    return op.poststratify(panel, {"sex": {"f": 520, "m": 480}})


def errors(found, design, measure, columns):
    """Return the largest differences of estimates and standard errors from those of R."""
    values = golden(design, measure)
    labels = [" ".join(map(str, row)) for row in found.labels[columns].to_numpy()]
    known = values.loc[labels].to_numpy()
    assert len(values) >= len(found)
    return abs(found.value - known[:, 0]).max(), abs(found.std_error - known[:, 1]).max()
