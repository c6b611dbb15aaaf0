"""Scores against R's survey package; golden/make_scores_golden.R says what the rows are."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from places import GOLDEN_FILES

import opinionpanel as op

WAVES = ("1", "2", "3")
DESIGNS = ("srs", "people", "clustered", "raked", "replicates")
COLUMNS = {
    "x": op.Score("x", low=0, high=100),
    "v": op.Score("v", low=0, high=101),
    "y": op.scale([*"abcd"], low=1, high=5, reverse=["d"], at_least=3),
}


@cache
def golden():
    frame = pd.read_csv(GOLDEN_FILES / "scores_golden.csv", dtype={"what": str})
    keys = ["group", "wave", "to", "what"]
    frame["what"] = frame["what"].fillna("")
    frame["wave"], frame["to"] = (
        frame[name].map(lambda x: "" if np.isnan(x) else str(int(x))) for name in ("wave", "to")
    )
    return frame.set_index(["design", "measure", *keys]).sort_index()


@cache
def panel(name):
    people = pd.read_csv(GOLDEN_FILES / "scores_people.csv")
    by_wave = name in ("srs", "people", "clustered")
    replicates = people.filter(like="rep_")
    frames = {}
    for wave in WAVES:
        frame = people[["person", "stratum", "psu", "sex", "region", "w"]].copy()
        for part in "xabcd":
            frame[part] = people[part + wave]
        frame["v"] = frame["x"] + (np.arange(1, len(people) + 1) * 7) % 1000 / 1000
        frame["weight"] = people["w" + wave] if by_wave else people["w"]
        frame = pd.concat([frame, replicates], axis=1)
        frames[wave] = frame[frame["weight"] > 0]
    design = {
        "srs": None,
        "people": op.Design(weight="weight", stratum="stratum"),
        "replicates": op.ReplicateDesign(
            weight="weight", replicates="rep_*", scale=1, rscales=7 / 8, kind="JKn"
        ),
    }.get(name, op.Design(weight="weight", stratum="stratum", psu="psu"))
    found = op.Panel.from_waves(
        frames, person="person", items=COLUMNS, groups=["sex", "region"], design=design
    )
    if name == "raked":
        targets = {"sex": {"f": 110, "m": 90}, "region": {"north": 80, "south": 120}}
        found = op.rake(found, targets)
    return found


def compared(name, measure, estimates, keys):
    """Compare estimates with the golden rows of some keys, one for each."""
    wanted = golden().loc[name, measure].loc[keys]
    found = estimates.to_frame()
    np.testing.assert_allclose(found["estimate"], wanted["estimate"], rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(found["std_error"], wanted["std_error"], rtol=1e-8, atol=1e-8)
    for end in ("conf_low", "conf_high"):
        known = wanted[end].notna().to_numpy()
        np.testing.assert_allclose(found[end][known], wanted[end][known], rtol=1e-8, atol=1e-8)
    known = wanted["df"].notna().to_numpy()
    np.testing.assert_array_equal(estimates.df[known], wanted["df"][known])


def by_group(measure, **options):
    """Ask for all and by sex, and list the rows of both in turn."""
    return {"all": measure(**options), "sex": measure(by="sex", **options)}


@pytest.mark.parametrize("name", DESIGNS)
def test_means(name):
    found = by_group(lambda **options: op.means(panel(name), "x", **options))
    compared(name, "mean", found["all"], [("all", wave, "", "") for wave in WAVES])
    keys = [(sex, wave, "", "") for wave in WAVES for sex in "fm"]
    compared(name, "mean", found["sex"], keys)
    change = found["all"].difference("wave", "3", minus="1")
    compared(name, "difference of means", change, [("all", "", "", "wave")])
    change = found["sex"].select(wave="1").difference("sex", "m", minus="f")
    compared(name, "difference of means", change, [("all", "", "", "sex")])


@pytest.mark.parametrize("name", DESIGNS)
def test_quantiles(name):
    at = [0.25, 0.5, 0.75]
    found = by_group(lambda **options: op.quantiles(panel(name), "v", at=at, **options))
    keys = [("all", wave, "", str(p)) for wave in WAVES for p in at]
    compared(name, "quantile", found["all"], keys)
    keys = [(sex, wave, "", str(p)) for wave in WAVES for sex in "fm" for p in at]
    compared(name, "quantile", found["sex"], keys)
    medians = {key: each.select(quantile=0.5) for key, each in found.items()}
    change = medians["all"].difference("wave", "3", minus="1")
    compared(name, "difference of medians", change, [("all", "", "", "wave")])
    change = medians["sex"].select(wave="1").difference("sex", "m", minus="f")
    compared(name, "difference of medians", change, [("all", "", "", "sex")])


@pytest.mark.parametrize("name", DESIGNS)
def test_change_among_the_same_people(name):
    pairs = [("1", "2"), ("2", "3")]
    moments = ["before", "after", "change", "upward", "downward"]
    women = panel(name).where(sex="f")
    for group, people in (("all", panel(name)), ("f", women)):
        keys = [(group, *pair, moment) for pair in pairs for moment in moments]
        compared(name, "change", op.mean_change(people, "x"), keys)
        keys = [(group, *pair, "") for pair in pairs]
        compared(name, "correlation", op.correlation(people, "x"), keys)
        keys = [(group, *pair, move) for pair in pairs for move in ("up", "same", "down")]
        compared(name, "change", op.direction(people, "x"), keys)


@pytest.mark.parametrize("name", DESIGNS)
def test_scales(name):
    keys = [("all", wave, "", "") for wave in WAVES]
    compared(name, "scale", op.means(panel(name), "y"), keys)
    compared(name, "alpha", op.cronbach_alpha(panel(name), "y"), keys)


def test_the_example_of_the_vignette():
    """What "A survey analysis example" of survey 4.1-1 prints: a mean and the quartiles."""
    schools = pd.read_csv(GOLDEN_FILES / "data_apiclus1.csv")
    schools["id"] = range(len(schools))
    found = op.Panel.from_waves(
        {"2000": schools},
        person="id",
        items={"api00": op.Score("api00", low=200, high=1000)},
        design=op.Design(weight="weight", psu="dnum", fpc="population"),
    )
    mean = op.means(found, "api00")
    assert [round(mean.value[0], 2), round(mean.std_error[0], 3)] == [644.17, 23.542]
    quartiles = op.quantiles(found, "api00", at=[0.25, 0.5, 0.75])
    assert quartiles.value.tolist() == [552, 652, 719]
    # Two schools have the median, of which the library thinks otherwise than svyquantile.
    ends = quartiles.select(quantile=[0.25, 0.75]).to_frame()
    assert ends[["conf_low", "conf_high"]].to_numpy().tolist() == [[492, 627], [696, 777]]
    np.testing.assert_allclose(ends["std_error"], [31.47166, 18.88300], atol=5e-6)
