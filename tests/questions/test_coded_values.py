"""A domain leaves no empty categories behind, in memory and on engines."""

import numpy as np
import pytest
from group_panels import FORMS, panel_of, two_waves

import opinionpanel as op

SLOW = [
    pytest.param(form, marks=pytest.mark.slow) if "duckdb" in form else form
    for form in FORMS
    if form != "wide"
]
PEOPLE = 24


@pytest.fixture(params=SLOW)
def panel(request):
    sex = ["man", "woman", "other"] * (PEOPLE // 3)
    frames = two_waves(sex, sex)
    for wave, frame in frames.items():
        frame["town"] = ["a", "b", "c", "a"] * (PEOPLE // 4)
        frame["job"] = ["x", "y"] * (PEOPLE // 2) if wave == "w1" else ["z"] * PEOPLE
    return panel_of(request.param, frames, groups={"g": "first", "town": "first", "job": "wave"})


def rows(estimates, name):
    return estimates.to_frame()[name].unique().tolist()


def test_a_domain_has_the_categories_of_its_people(panel):
    narrowed = panel.where(g=["man", "woman"])
    assert narrowed.groups["g"].categories == ("man", "woman")
    assert rows(op.shares(narrowed, "q", by="g"), "g") == ["man", "woman"]
    whole = op.shares(panel, "q", by="g")
    kept = op.shares(narrowed, "q", by="g")
    same = np.isin(whole.labels["g"], ["man", "woman"])
    assert kept.value == pytest.approx(whole.value[same])
    assert kept.std_error == pytest.approx(whole.std_error[same])
    assert rows(op.flows(narrowed, "q", by="job"), "job") == ["x", "y", "z"]
    twice = narrowed.where(town="b").where(g="woman")
    assert twice.groups["town"].categories == ("b",)
    assert rows(op.transitions(twice, "q", by="g"), "g") == ["woman"]


def test_the_summary_is_that_of_everyone(panel):
    narrowed = panel.where(g="man").where(town=["a", "b"])
    whole = [line for line in str(panel).splitlines() if line.startswith("Group")]
    assert [line for line in str(narrowed).splitlines() if line.startswith("Group")] == whole
    assert narrowed.linkage().equals(panel.linkage())


def test_an_empty_domain_keeps_its_categories(panel):
    nobody = panel.where(g="man").where(town="a").where(g="man")
    empty = nobody.where(town=[])
    assert empty.groups["g"].categories == nobody.groups["g"].categories


def test_refused_values_go_with_their_people():
    frames = two_waves(["m", "f", "refused", "f"] * 5, ["m", "f", "refused", "f"] * 5)
    panel = panel_of("waves", frames, groups=["g"])
    assert panel.groups["g"].missing == ("refused",)
    narrowed = panel.where(g=["m", "f"]).groups["g"]
    assert (narrowed.categories, narrowed.missing) == (("f", "m"), ())
    assert panel.where(g=["m", "refused"]).groups["g"].missing == ("refused",)


def test_charts_by_a_group_with_refusals():
    first = ["m"] * 95 + ["refused"] * 5 + ["f"] * 100
    second = ["refused"] * 10 + ["m"] * 90 + ["f"] * 100
    panel = panel_of("waves", two_waves(first, second), groups=["g"], fixed=["g"])
    assert panel.groups["g"].changed == panel.fixed["g"].changed == 0
    assert panel.linkage()["g_disagree"].iloc[-1] == 0
    op.charts.sankey(op.flows(panel, "q", by="g"))
