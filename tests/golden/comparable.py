"""The data sets of the golden file as panels, and our figures for each of its rows."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel.estimates.labels import label_rows
from opinionpanel.estimates.totals import tally, weighted_cells
from opinionpanel.hypotheses.association import independence
from opinionpanel.weighting.calibration import calibrate, poststratify, rake

FOLDER = Path(__file__).parent
WAVES = ("w1", "w2")
# Targets as in make_estimation_golden.R.
MARGINS = {
    "sex": {"f": 520, "m": 480},
    "age": {"18-34": 300, "35-54": 380, "55+": 320},
    "region": {"centre": 420, "north": 300, "south": 280},
}
SCHOOLS = {
    "stype": {"E": 4421, "H": 755, "M": 1018},
    "wide": {"no": 1072, "yes": 5122},
    "improved": {"no": 1712, "yes": 4482},
}
CELLS = {
    ("sex", "age"): {
        ("f", "18-34"): 150, ("f", "35-54"): 190, ("f", "55+"): 180,
        ("m", "18-34"): 150, ("m", "35-54"): 190, ("m", "55+"): 140,
    }
}  # fmt: skip


@cache
def data(name):
    return pd.read_csv(FOLDER / f"data_{name}.csv")


# ---- designs -----------------------------------------------------------------------------------


def constants(kind):
    """Name the method and say whether it is about the estimate: "SDR, mse" is SDR, True."""
    name, _, mse = kind.partition(", ")
    return name, mse == "mse"


def given(kind, frame, weight="weight"):
    """Replicate weights that stand as multipliers in the data."""
    name, mse = constants(kind)
    made = {
        "BRR": ("brr", op.ReplicateDesign.brr),
        "Fay": ("fay", lambda **columns: op.ReplicateDesign.fay(rho=0.3, **columns)),
        "JKn": ("jkn", lambda **columns: op.ReplicateDesign.jkn(rscales=0.5, **columns)),
        "bootstrap": ("boot", op.ReplicateDesign.bootstrap),
        "SDR": ("sdr", op.ReplicateDesign.sdr),
    }
    prefix, design = made[name]
    columns = [column for column in frame if column.startswith(f"{prefix}_")]
    weighted = frame[columns].mul(frame[weight], axis=0)
    frame = frame.drop(columns=columns).join(weighted)
    return frame, design(weight=weight, replicates=f"{prefix}_*", mse=mse)


def calibrated(panel, design, targets):
    """Calibrate as the name of the design says after its semicolon."""
    after = design.partition("; ")[2]
    shares = {
        name: {category: number / sum(numbers.values()) for category, number in numbers.items()}
        for name, numbers in targets.items()
    }
    if after == "linear":
        return calibrate(panel, shares, method="linear")
    if after == "logit":
        return calibrate(panel, shares, method="logit", bounds=(0.4, 2.5))
    if after.startswith("age"):
        panel = calibrate(panel, {"age": shares["age"]}, method="linear")
    elif after.startswith("raked"):
        panel = rake(panel, targets)
    return poststratify(panel, CELLS) if after.endswith("post-stratified") else panel


def one_wave(frame, item, states, groups, design):
    frame = frame.assign(person=np.arange(len(frame)))
    return op.Panel.from_waves(
        {"w1": frame},
        person="person",
        items={item: op.Item(item, {state: [code] for state, code in states.items()})},
        groups=groups,
        design=design,
    )


YES_NO = {"yes": "yes", "no": "no"}


def nhanes(design):
    declared = op.Design(weight="weight", stratum="stratum", psu="psu", nest=True)
    if design.startswith("JKn"):
        declared = declared.as_replicates("jkn", mse=constants(design)[1])
    groups = ["race", "gender"] if design == "strata, PSUs" else ["race"]
    return one_wave(data("nhanes"), "high", YES_NO, groups, declared), "high", groups


def yrbs(design):
    declared = op.Design(weight="weight", stratum="stratum", psu="psu", nest=True)
    if design == "JKn":
        declared = declared.as_replicates("jkn")
    return one_wave(data("yrbs"), "qn8", {"1": 1, "2": 2}, [], declared), "qn8", []


def apiclus1(design):
    frame, groups = data("apiclus1"), ["stype", "wide", "improved"]
    before, _, after = design.partition("; ")
    declared = op.Design(weight="weight", psu="dnum")
    if before.endswith("population sizes"):
        declared = replace(declared, fpc="population")
    elif before.startswith("JK1"):
        declared = declared.as_replicates("jk1", mse=constants(before)[1])
    elif before != "PSUs":
        frame, declared = given(before, frame)
    panel = calibrated(one_wave(frame, "awards", YES_NO, groups, declared), design, SCHOOLS)
    return panel, "awards", groups[:2] if before.startswith("PSUs") and not after else ["wide"]


def apistrat(design):
    declared = op.Design(weight="weight", stratum="stype")
    if "population sizes" in design:
        declared = replace(declared, fpc="population")
    groups = ["stype", "wide", "improved"]
    panel = one_wave(data("apistrat"), "awards", YES_NO, groups, declared)
    panel = calibrated(panel, design, SCHOOLS)
    return panel, "awards", ["wide"] if ";" in design else groups[:2]


def clustered(design):
    declared = op.Design(weight="weight", stratum="stratum", psu="psu")
    if "population sizes" in design:
        declared = replace(declared, fpc="population")
    if design.startswith("JKn"):
        declared = declared.as_replicates("jkn", mse="mse" in design)
    return calibrated(panel_of("clustered", declared), design, MARGINS), "answer", []


def people(design):
    before = design.partition("; ")[0]
    declared = op.Design(weight="weight", stratum="stratum", fpc="fraction")
    panel = panel_of("people", None if before != "strata, fractions" else declared, before)
    return calibrated(panel, design, MARGINS), "answer", []


def panel_of(name, design, kind=""):
    frames = {}
    for number, wave in enumerate(WAVES, start=1):
        frame = data(name).reset_index(names="person")
        frame = frame.rename(columns={f"weight{number}": "weight", f"answer{number}": "answer"})
        frame = frame[frame["weight"].notna()]
        if design is None:
            frame, replicates = given(kind, frame)
        frames[wave] = frame
    return op.Panel.from_waves(
        frames,
        person="person",
        items={"answer": op.Item("answer", {state: [state] for state in "abc"})},
        groups=["sex", "age", "region"],
        design=design or replicates,
    )


PANELS = {
    "nhanes": nhanes,
    "yrbs": yrbs,
    "apiclus1": apiclus1,
    "apistrat": apistrat,
    "clustered": clustered,
    "people": people,
}


# ---- rows ----------------------------------------------------------------------------------------


def rows_of(estimates, measure, label):
    """Rows of estimates; `label` writes the label of a row of labels."""
    columns = {
        "label": [label(row) for row in estimates.labels.to_dict("records")],
        "estimate": estimates.value,
        "std_error": estimates.std_error,
        "df": estimates.df,
        "n": estimates.n,
    }
    share = estimates.unit == "share"
    for interval in ("logit", "beta", "wilson", "wald") if share else ("wald",):
        frame = estimates.to_frame(interval=interval)
        columns[f"{interval}_low"] = frame["conf_low"]
        columns[f"{interval}_high"] = frame["conf_high"]
    if share:
        effects = estimates.design_effect()
        columns |= {name: effects[name] for name in ("design_effect", "kish")}
    rows = zip(*columns.values(), strict=True)
    return [{"measure": measure} | dict(zip(columns, row, strict=True)) for row in rows]


def row_of_test(test, measure, label, *, chi=False):
    found = {
        "measure": measure,
        "label": label,
        "statistic": test.statistic,
        "df1": test.df1,
        "df2": test.df2,
        "pvalue": test.pvalue,
        "wald": test.wald,
    }
    return found | ({"wald_pvalue": test.wald_pvalue} if chi else {})


def labelled(*columns, **fixed):
    """Write labels such as "wave=w1;state=a" from the named columns, or fixed texts."""

    def label(row):
        texts = {name: str(fixed.get(name, row.get(name))) for name in columns}
        return ";".join(f"{name}={text.replace('−', 'minus')}" for name, text in texts.items())

    return label


def cross_section(panel, item, groups):
    found = rows_of(op.shares(panel, item), "shares", labelled("state"))
    for group in groups:
        label = labelled(group, "state")
        shares = op.shares(panel, item, by=group)
        found += rows_of(shares, "shares", label)
        rest = op.shares(panel, item, by=group, reference="rest")
        found += rows_of(rest, "against the rest", label)
        first, *_, last = sorted(shares.labels[group].unique())
        found += rows_of(shares.difference(group, first, minus=last), "difference", label)
        state = shares.labels["state"].iloc[0]
        gaps = op.shares(panel, item, by=group, reference=last).select(state=state)
        by = f"by={group}"
        found.append(row_of_test(gaps.test(), "joint Wald test", by))
        found.append(row_of_test(independence(panel, item, by=group), "independence", by, chi=True))
    return found


def two_waves(panel):
    shares, by_sex = op.shares(panel, "answer"), op.shares(panel, "answer", by="sex")
    found = rows_of(shares, "shares", labelled("wave", "state"))
    found += rows_of(by_sex, "shares", labelled("wave", "sex", "state"))
    change = shares.difference("wave", "w2", minus="w1")
    found += rows_of(change, "difference", labelled("wave", "state"))
    gap = by_sex.select(wave="w2").difference("sex", "m", minus="f")
    label = labelled("wave", "sex", "state", wave="w2")
    found += rows_of(gap, "difference", label)
    found += [
        {
            "measure": "family",
            "label": label(row),
            "estimate": row["estimate"],
            "wald_low": row["conf_low"],
            "wald_high": row["conf_high"],
            "statistic": row["t"],
            "df1": row["df"],
            "pvalue": row["pvalue_holm"],
        }
        for row in gap.comparisons().to_dict("records")
    ]
    rest = op.shares(panel, "answer", by="age", waves=["w2"], reference="rest")
    found += rows_of(rest, "against the rest", labelled("wave", "age", "state"))
    flows, ends = op.flows(panel, "answer"), labelled("origin", "destination")
    found += rows_of(flows, "flows", ends)
    found += rows_of(op.transitions(panel, "answer"), "transitions", ends)
    found += rows_of(op.net_change(panel, "answer"), "net change", labelled("state"))
    net = op.net_change(panel, "answer", by="sex")
    found += rows_of(net, "net change", labelled("sex", "state"))
    total = op.turnover(panel, "answer").select(component="total")
    found += rows_of(total, "turnover", labelled("component"))
    found += two_flows(flows)
    test = op.marginal_homogeneity(panel, "answer")
    found.append(row_of_test(test, "marginal homogeneity", "all"))
    found.append(row_of_test(gap.test(), "joint Wald test", "by=sex"))
    for group in ("sex", "age"):
        test = independence(panel, "answer", by=group, wave="w2")
        found.append(row_of_test(test, "independence", f"by={group}", chi=True))
    return found


def two_flows(flows):
    place = {
        tuple(ends): row
        for row, ends in enumerate(flows.labels[["origin", "destination"]].to_numpy())
    }
    there, back = place["a", "b"], place["b", "a"]
    minus, over = "a to b minus b to a", "a to b over b to a"
    matrix = np.zeros((1, len(flows)))
    matrix[0, [there, back]] = 1, -1
    one = pd.DataFrame({"flows": [minus]})
    found = rows_of(flows.contrast(matrix, one), "difference of flows", lambda _: minus)
    ratio = flows.derive(lambda p: [p[there] / p[back]], one)
    found += rows_of(ratio, "ratio of flows", lambda _: over)
    logarithm = flows.derive(lambda p: [np.log(p[there] / p[back])], one)
    return found + rows_of(logarithm, "log ratio of flows", lambda _: over)


# ---- means and totals of numbers -----------------------------------------------------------------


def split(frame, number, most):
    """Write each row as two, "yes" with a share number/most of its weight, and "no"."""
    share = frame[number] / frame[most] if isinstance(most, str) else frame[number] / most
    factors = [column for column in frame if "_" in column]
    parts = []
    for answer, part in (("yes", share), ("no", 1 - share)):
        size = frame[most] if isinstance(most, str) else most
        scaled = frame.assign(answer=answer, weight=frame["weight"] * part * size)
        parts.append(scaled)
    both = pd.concat(parts, ignore_index=True)
    return both.drop(columns=[name for name in factors if name not in both])


def numbers_only(dataset, design):
    """Means and totals: the library has shares, of which a mean is one (see README)."""
    if dataset == "fpc":
        return fpc(design)
    if dataset == "scd":
        return scd(design)
    frame = data("apiclus1").reset_index(names="row")
    frame = frame[["row", "dnum", "weight", "api00"]]
    rule = design.rpartition(" ")[2]
    most = frame["api00"].max()
    declared = op.Design(weight="weight", stratum="dnum", psu="row", lonely_psu=rule)
    return mean_and_total(split(frame, "api00", most), declared, most, "api00", total=None)


def fpc(design):
    frame = data("fpc")
    most = frame["x"].max()
    declared = op.Design(weight="weight", stratum="stratum", psu="psu", nest=True)
    if design == "population sizes":
        declared = replace(declared, fpc="population")
    elif design == "fractions":
        declared = replace(declared, fpc="fraction")
    elif design == "JKn":
        declared = declared.as_replicates("jkn")
    return mean_and_total(split(frame, "x", most), declared, most, "x", total="x")


def scd(design):
    frame = split(data("scd"), "alive", "arrests")
    if design == "strata, PSUs":
        declared = op.Design(weight="weight", stratum="stratum", psu="psu", nest=True)
    else:
        frame, declared = given(design, frame)
    # Everybody arrested counts once, so that the share is the ratio.
    return mean_and_total(frame, declared, 1, "alive per arrest", total="alive")


def mean_and_total(frame, declared, most, mean, *, total):
    panel = one_wave(frame, "answer", YES_NO, [], declared)
    share = op.shares(panel, "answer").select(state="yes")
    # The weight of a row was multiplied by the most a number can be.
    found = [
        {
            "measure": "mean",
            "label": mean,
            "estimate": share.value[0] * most,
            "std_error": share.std_error[0] * most,
            "df": share.df[0],
        }
    ]
    if total is None:
        return found
    labels = label_rows({"answer": ["yes", "no"]})
    totals = tally(
        panel.sampling,
        [weighted_cells(panel.answers["answer"][0].astype(int), panel.weight("w1"), labels)],
    )
    error = np.sqrt(np.diag(totals.covariance))
    found.append(
        {
            "measure": "total",
            "label": total,
            "estimate": totals.value[0],
            "std_error": error[0],
            "df": share.df[0],
        }
    )
    return found
