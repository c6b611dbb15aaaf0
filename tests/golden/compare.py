"""Every golden figure that R's survey package made, beside the same figure of opinionpanel.

The tests and the page of comparisons in the documentation both take their rows from here.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from comparable import PANELS, cross_section, numbers_only, two_waves

FOLDER = Path(__file__).parent
KEYS = ["dataset", "design", "measure", "label"]
# Weights that are calibrated step by step are as exact as the last step.
STEPWISE = ("raked", "logit")


@cache
def golden():
    """R's rows: the keys and one column for each quantity, NaN where R gives none."""
    return pd.read_csv(FOLDER / "estimation_golden.csv", dtype=dict.fromkeys(KEYS, str))


def ours(dataset, design):
    """Our rows for one data set under one design."""
    if dataset in ("fpc", "scd") or design.startswith("single-PSU"):
        found = numbers_only(dataset, design)
    else:
        panel, item, groups = PANELS[dataset](design)
        found = two_waves(panel) if len(panel.waves) > 1 else cross_section(panel, item, groups)
    frame = pd.DataFrame(found, columns=golden().columns)
    return frame.assign(dataset=dataset, design=design)


def comparisons(dataset, design):
    """Compare one data set under one design: a row for each quantity of each golden row."""
    theirs = golden().query("dataset == @dataset and design == @design")
    both = theirs.merge(
        ours(dataset, design), on=KEYS, how="outer", suffixes=("_r", ""), indicator=True
    )
    if not (both["_merge"] == "both").all():
        only = both.loc[both["_merge"] != "both", [*KEYS, "_merge"]]
        raise AssertionError(f"Rows on one side only:\n{only.to_string()}")
    quantities = golden().columns.drop(KEYS)
    found = both[KEYS].loc[np.repeat(both.index, len(quantities))].reset_index(drop=True)
    found["quantity"] = np.tile(quantities, len(both))
    found["r"] = both[[f"{name}_r" for name in quantities]].to_numpy().ravel()
    found["ours"] = both[quantities].to_numpy(dtype=float).ravel()
    found = found[found["r"].notna()].reset_index(drop=True)
    found["difference"] = difference(found["ours"], found["r"], found["quantity"])
    return found


def difference(ours, r, quantity):
    """Relative difference; of what is zero, and of the ends of an interval, from 1."""
    # The end of an interval can be near zero by cancellation: its scale is that of a share.
    scale = np.abs(r).clip(lower=1e-12)
    ends = quantity.str.endswith(("_low", "_high")) | (scale < 1e-8)
    return np.abs(ours - r) / np.where(ends, np.maximum(scale, 1.0), scale)


def tolerance(design):
    """Eight digits, and six where weights are found step by step."""
    return 1e-6 if any(word in design for word in STEPWISE) else 1e-8


def cases():
    """The data sets and designs of the golden file."""
    return list(golden().groupby(["dataset", "design"], sort=False).groups)
