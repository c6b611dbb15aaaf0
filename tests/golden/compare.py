"""Every golden figure that R's survey package made, beside the same figure of opinionpanel.

The tests and the page of comparisons in the documentation both take their rows from here.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from comparable import PANELS, cross_section, numbers_only, two_waves

FOLDER = Path(__file__).parent
KEYS = ["dataset", "design", "measure", "label"]
# Weights that are calibrated step by step are as exact as the last step.
STEPWISE = ("raked", "logit")
# The panels of survey_golden.csv; README.md says more of them.
DESIGNS = {
    "stratified": "strata",
    "clustered": "PSUs",
    "both": "strata, PSUs, population sizes",
    "lonely": "strata, PSUs; single-PSU strata: ",
    "lonely_fpc": "strata, PSUs, population sizes; single-PSU strata: ",
    "srs": "none",
}
# The other golden file has a panel of this name too.
NAMES = {"clustered": "clusters"}
KINDS = {
    "estimate": "estimate",
    "std_error": "standard error",
    "df": "df and n",
    "n": "df and n",
    "design_effect": "design effect",
    "kish": "design effect",
    "statistic": "test",
    "df1": "test",
    "df2": "test",
    "pvalue": "test",
    "wald": "test",
    "wald_pvalue": "test",
} | {
    f"{name}_{end}": f"{text} interval"
    for name, text in {"logit": "logit", "beta": "beta", "wilson": "Wilson", "wald": "Wald"}.items()
    for end in ("low", "high")
}


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


# ---- both golden files as one table ----------------------------------------------------------


def panels_of_survey_golden():
    """The rows of survey_golden.csv, which test_golden.py holds to the same tolerance."""
    sys.path.insert(0, str(FOLDER.parent))
    import test_golden

    parts = []
    for panel, lonely, measure in test_golden.CASES:
        theirs = test_golden.GOLDEN.query(
            "panel == @panel and lonely == @lonely and measure == @measure"
        )
        for labels, estimates in test_golden.computed(measure, test_golden.panel_of(panel, lonely)):
            mine = labels.reindex(columns=test_golden.KEYS, fill_value="").assign(
                estimate=estimates.value,
                std_error=estimates.std_error,
                df=estimates.df,
                n=estimates.n,
            )
            both = theirs.merge(mine, on=test_golden.KEYS, suffixes=("_r", ""))
            for quantity in ("estimate", "std_error", "df", "n"):
                part = pd.DataFrame({"r": both[f"{quantity}_r"].astype(float)})
                part = part.assign(ours=both[quantity], quantity=quantity, measure=measure)
                parts.append(
                    part.assign(dataset=NAMES.get(panel, panel), design=DESIGNS[panel] + lonely)
                )
    found = pd.concat(parts, ignore_index=True)
    return found.assign(difference=difference(found["ours"], found["r"], found["quantity"]))


def everything():
    """Every comparison of both golden files."""
    second = [comparisons(dataset, design) for dataset, design in cases()]
    return pd.concat([panels_of_survey_golden(), *second], ignore_index=True)


def summary(rows):
    """Count comparisons by data set, design and kind of quantity, with the largest difference."""
    rows = rows.assign(kind=rows["quantity"].map(KINDS))
    found = rows.groupby(["dataset", "design", "kind"], sort=False)["difference"]
    return found.agg(["size", "max"]).reset_index()
