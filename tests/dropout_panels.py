"""Panels of whom some are lost: from the golden file, from arithmetic, and as bundled."""

import numpy as np
import pandas as pd
from places import GOLDEN_FILES

import opinionpanel as op

KINDS = ["people", "clustered", "jkn"]


def golden_panel(kind):
    """The panel of the golden file; its own weight at each wave."""
    frame = pd.read_csv(GOLDEN_FILES / "attrition_panel.csv")
    waves = {
        f"w{wave}": frame[frame[f"w{wave}"].notna()].rename(
            columns={f"a{wave}": "answer", f"w{wave}": "weight"}
        )[["person", "stratum", "psu", "answer", "weight"]]
        for wave in (1, 2)
    }
    design = op.Design(weight="weight")
    if kind != "people":
        design = op.Design(weight="weight", stratum="stratum", psu="psu")
    return op.Panel.from_waves(
        waves,
        person="person",
        items={"x": op.Item("answer", {state: [state] for state in "abc"})},
        design=design.as_replicates("jkn") if kind == "jkn" else design,
    )


def golden(kind, *measures):
    rows = pd.read_csv(GOLDEN_FILES / "attrition_golden.csv")
    return rows[(rows["design"] == kind) & rows["measure"].isin(measures)]


def attitudes():
    return op.datasets.load("attitudes_2024").panel


def people_who_leave():
    """200 people from arithmetic, with whether they were lost."""
    i = np.arange(200)
    frame = pd.DataFrame({"person": i, "psu": i % 20, "w": 1 + (i % 7) / 3})
    frame["answer"] = np.array(list("abc"))[(i * i + i // 13) % 3]
    frame["sex"] = np.array(["m", "f"])[(i // 3) % 2]
    frame["lost"] = np.where(
        (i * 7 + i // 11) % (3 + 2 * (frame["answer"] == "a")) == 0, "yes", "no"
    )
    return frame


def two_waves(frame, design):
    waves = {"w1": frame, "w2": frame[frame["lost"] == "no"]}
    item = op.Item("answer", {state: [state] for state in "abc"})
    return op.Panel.from_waves(
        waves, person="person", items={"x": item}, groups=["sex"], design=design
    )
