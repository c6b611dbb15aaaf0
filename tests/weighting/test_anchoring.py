"""Panels anchored to known results: met exactly, with the errors of R, and plainly refused."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from places import GOLDEN_FILES

import opinionpanel as op

STATES = ("a", "b", "c")
GOLDEN = pd.read_csv(GOLDEN_FILES / "anchor_golden.csv", keep_default_na=False)
RESULTS = {"w1": (0.35, 0.40, 0.25), "w2": (0.30, 0.38, 0.32), "w3": (0.33, 0.33, 0.34)}
SEX = {"sex": {"f": 0.52, "m": 0.48}}


def golden_panel(name, way):
    text = {"person": str, "wave": str, "stratum": str, "psu": str, "sex": str}
    frame = pd.read_csv(GOLDEN_FILES / f"panel_{name}.csv", dtype=text)
    declared = {role: role for role in ("stratum", "psu") if frame[role].notna().any()}
    design = op.Design(weight="weight", **declared)
    if way == "jackknife":
        design = design.as_replicates("jk1", mse=False)
    return op.Panel.from_long(
        frame,
        person="person",
        wave="wave",
        waves=sorted(frame["wave"].unique()),
        items={"answer": op.Item("answer", {state: [state] for state in STATES})},
        groups=["sex"],
        design=design,
    )


def known(waves):
    return {wave: dict(zip(STATES, RESULTS[wave], strict=True)) for wave in waves}


@pytest.mark.parametrize("case", list(GOLDEN.groupby(["panel", "way"], sort=False).groups))
def test_figures_are_those_of_r(case):
    name, way = case
    rows = GOLDEN[(GOLDEN["panel"] == name) & (GOLDEN["way"] == way)]
    waves = rows["waves"].iloc[0].split()
    base = way if way in ("balanced", "panel") else "answered"
    anchored = op.anchor(
        golden_panel(name, way),
        "answer",
        known(waves),
        margins=SEX if rows["sex"].iloc[0] else None,
        base=base,
        bounds=(0.3, 3) if way == "logit" else None,
    )
    asked = {"waves": waves, "base": base}
    for measure, wanted in rows.groupby("measure"):
        found = getattr(op, measure)(anchored, "answer", **asked)
        found = found.select(from_wave="w1", to_wave="w2").to_frame(interval="wald")
        keys = ["origin", "destination"] if measure != "net_change" else ["state"]
        wanted = wanted.rename(columns={"destination": keys[-1]})
        both = wanted.merge(found, on=keys, suffixes=("_r", ""))
        assert len(both) == len(wanted)
        np.testing.assert_allclose(both["estimate"], both["estimate_r"], rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(both["std_error"], both["std_error_r"], rtol=1e-8, atol=1e-8)
