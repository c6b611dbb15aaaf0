"""Every figure of the golden file, made by R's survey package (see golden/README.md)."""

from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from places import GOLDEN_FILES, files

import opinionpanel as op

FOLDER = GOLDEN_FILES
KEYS = ["by_name", "by_value", "from_wave", "to_wave", "wave", "state", "origin", "destination"]
KEYS += ["component", "minus"]
GOLDEN = pd.read_csv(FOLDER / "survey_golden.csv", dtype=str, keep_default_na=False)
CASES = list(GOLDEN.groupby(["panel", "lonely", "measure"], sort=False).groups)
PAIR = ["from_wave", "to_wave"]


@cache
def panel_of(name, lonely):
    text = {"person": str, "wave": str, "stratum": str, "psu": str, "sex": str, "age": str}
    frame = pd.read_csv(FOLDER / f"panel_{name}.csv", dtype=text)
    declared = {role: role for role in ("stratum", "psu", "fpc") if frame[role].notna().any()}
    return op.Panel.from_long(
        frame,
        person="person",
        wave="wave",
        waves=sorted(frame["wave"].unique()),
        items={"answer": op.Item("answer", {"a": ["a"], "b": ["b"], "c": ["c"]})},
        groups=["sex", "age"],
        design=op.Design(weight="weight", lonely_psu=lonely or "fail", **declared),
    )


def computed(measure, panel):
    """All estimates of a measure that the golden file has, with its labels."""
    return {
        "shares": lambda: grouped(panel, op.shares, [None, "sex"]),
        "flows": lambda: grouped(panel, op.flows, [None, "sex"]),
        "transitions": lambda: grouped(panel, op.transitions, [None, "sex", "age"]),
        "net_change": lambda: grouped(panel, op.net_change, [None, "sex"]),
        "turnover": lambda: grouped(panel, op.turnover, [None]),
        "margins": lambda: [margins(op.flows(panel, "answer"))],
        "difference_wave": lambda: [difference_wave(panel)],
        "difference_sex": lambda: difference_sex(panel),
        "difference_flow": lambda: difference_flow(op.flows(panel, "answer")),
    }[measure]()


def grouped(panel, measure, groups):
    parts = []
    for by in groups:
        estimates = measure(panel, "answer", by=by)
        labels = estimates.labels.rename(columns={by: "by_value"} if by else {})
        parts.append((labels.assign(by_name=by or ""), estimates))
    return parts


def margins(flows):
    rows, labels = [], []
    for pair in flows.labels[PAIR].drop_duplicates().itertuples(index=False):
        inside = (flows.labels[PAIR] == list(pair)).all(axis=1)
        for side in ("origin", "destination"):
            for state in "abc":
                rows.append(inside & (flows.labels[side] == state))
                labels.append({"from_wave": pair[0], "to_wave": pair[1], "state": state})
                labels[-1]["component"] = side
    labels = pd.DataFrame(labels)
    return labels, flows.contrast(np.array(rows, dtype=float), labels)


def difference_wave(panel):
    first, last = panel.waves[0], panel.waves[-1]
    change = op.shares(panel, "answer").difference("wave", last, minus=first)
    return change.labels.assign(wave=last, minus=first), change


def difference_sex(panel):
    parts = []
    for measure in (op.shares, op.flows, op.transitions):
        estimates = measure(panel, "answer", by="sex")
        if measure is op.shares:
            estimates = estimates.select(wave=panel.waves[-1])
        gap = estimates.difference("sex", "m", minus="f")
        labels = gap.labels.drop(columns="sex")
        labels = labels.assign(by_name="sex", by_value="m", minus="f", component=measure.__name__)
        parts.append((labels, gap))
    return parts


def difference_flow(flows):
    def row_of(pair, origin, destination):
        wanted = [*pair, origin, destination]
        return (flows.labels[[*PAIR, "origin", "destination"]] == wanted).all(axis=1).to_numpy()

    pairs = [tuple(pair) for pair in flows.labels[PAIR].drop_duplicates().to_numpy()]
    wanted = [(pairs[0], "opposite flow", "b a", row_of(pairs[0], "b", "a"))]
    for earlier, later in pairwise(pairs):
        wanted.append((later, "earlier pair", " ".join(earlier), row_of(earlier, "a", "b")))
    parts = []
    for pair, component, minus, subtracted in wanted:
        labels = dict(zip(PAIR, pair, strict=True), origin="a", destination="b")
        labels = pd.DataFrame([labels | {"component": component, "minus": minus}])
        matrix = row_of(pair, "a", "b").astype(float) - subtracted
        parts.append((labels, flows.contrast(matrix[None, :], labels)))
    return parts


@pytest.mark.parametrize(("panel", "lonely", "measure"), CASES)
def test_every_row_agrees_with_survey(panel, lonely, measure):
    golden = GOLDEN.query("panel == @panel and lonely == @lonely and measure == @measure")
    parts = []
    for labels, estimates in computed(measure, panel_of(panel, lonely)):
        numbers = {name: getattr(estimates, name) for name in ("value", "std_error", "df", "n")}
        parts.append(labels.reindex(columns=KEYS, fill_value="").assign(**numbers))
    ours = pd.concat(parts)
    both = golden.merge(ours, on=KEYS, how="outer", suffixes=("_r", ""), indicator=True)
    # Neither side has a row that the other lacks: nothing is skipped.
    assert (both["_merge"] == "both").all(), both.loc[both["_merge"] != "both", KEYS]
    assert len(both) == len(golden) == len(ours)
    np.testing.assert_allclose(both["value"], both["estimate"].astype(float), rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(
        both["std_error"], both["std_error_r"].astype(float), rtol=1e-8, atol=1e-12
    )
    np.testing.assert_array_equal(both["df"], both["df_r"].astype(float))
    np.testing.assert_array_equal(both["n"], both["n_r"].astype(float))


def test_the_file_is_whole():
    assert len(GOLDEN) == 1686
    assert GOLDEN["panel"].nunique() == len(files(FOLDER, "panel_*.csv")) == 6


def test_no_weights_is_all_weights_one():
    weighted = op.transitions(panel_of("srs", ""), "answer")
    frame = pd.read_csv(FOLDER / "panel_srs.csv").drop(columns="weight")
    item = op.Item("answer", {"a": ["a"], "b": ["b"], "c": ["c"]})
    waves = sorted(frame["wave"].unique())
    panel = op.Panel.from_long(
        frame, person="person", wave="wave", waves=waves, items={"answer": item}
    )
    unweighted = op.transitions(panel, "answer", waves=["w1", "w2"])
    np.testing.assert_array_equal(unweighted.value, weighted.value)
    np.testing.assert_array_equal(unweighted.covariance, weighted.covariance)
    assert "unweighted" in unweighted.about.weight
