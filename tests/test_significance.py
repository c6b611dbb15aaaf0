"""Tests of change against published statistics, identities, and refusals."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import DesignError

PUBLISHED = Path(__file__).parents[2] / "shared" / "reference" / "published.json"


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the shared reference figures are not here")
@pytest.mark.parametrize("name", ["thomas_1991", "thomas_1991_3", "dutch_1977_party"])
def test_published_statistics(name):
    reference = json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"][name]
    panel = op.datasets.load(name)
    (item,) = panel.items
    test = op.marginal_homogeneity(panel, item)
    n = panel.present.shape[1]
    statistic = np.atleast_1d(reference["stuart_maxwell"])
    assert test.textbook == pytest.approx(statistic[0], abs=6e-5)
    assert test.df1 == statistic[1]
    # The design-based Wald statistic divides by n - 1 where Bhapkar's divides by n.
    assert test.wald == pytest.approx(reference["bhapkar"] * (n - 1) / n, abs=6e-5)


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the shared reference figures are not here")
def test_published_weighted_statistic():
    reference = json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]["thomas_1991_3"]
    counts, states = np.array(reference["counts"]), reference["states"]
    cells = [(i, j, k) for i in range(3) for j in range(3) for k in range(counts[i, j])]
    frame = pd.DataFrame(
        {
            "person": range(len(cells)),
            "w1": [states[i] for i, _, _ in cells],
            "w2": [states[j] for _, j, _ in cells],
            "weight": [1 + (k % 4) / 2 for _, _, k in cells],
        }
    )
    item = op.Item({"1": "w1", "2": "w2"}, {state: [state] for state in states})
    design = op.Design(weight="weight")
    panel = op.Panel.from_wide(frame, person="person", items={"x": item}, design=design)
    test = op.marginal_homogeneity(panel, "x")
    weighted = reference["weighted"]
    assert test.wald == pytest.approx(weighted["wald_marginal_homogeneity_iid"], rel=1e-7)
    assert test.statistic == pytest.approx(test.wald * (990 - 2 + 1) / (990 * 2))


def test_no_net_change_is_not_called_change(from_table):
    test = op.marginal_homogeneity(from_table(["a", "b"], [[40, 10], [10, 40]]), "opinion")
    assert test.wald == pytest.approx(0)
    assert test.pvalue == pytest.approx(1)
    assert "does not show" in str(test)


def test_two_states_are_mcnemar(from_table):
    test = op.marginal_homogeneity(from_table(["a", "b"], [[40, 20], [10, 40]]), "opinion")
    assert test.textbook == pytest.approx((20 - 10) ** 2 / 30)


def test_nobody_changed(from_table):
    with pytest.raises(DesignError, match="nobody changed"):
        op.marginal_homogeneity(from_table(["a", "b"], [[4, 0], [0, 4]]), "opinion")


def test_too_few_degrees_of_freedom():
    frame = pd.DataFrame(
        {"id": range(12), "psu": [0, 1] * 6, "w1": list("aabbcc") * 2, "w2": list("abbcca") * 2}
    )
    frame["w2"] = ["a", "b", "b", "c", "c", "a", "b", "a", "b", "c", "a", "a"]
    item = op.Item({"1": "w1", "2": "w2"}, {state: [state] for state in "abc"})
    design = op.Design(weight=None, psu="psu")
    panel = op.Panel.from_wide(frame, person="id", items={"x": item}, design=design)
    # Two PSUs vary in one direction only, and the net changes lie in another.
    with pytest.raises(DesignError, match="1 degrees of freedom, too few to test 3"):
        op.marginal_homogeneity(panel, "x")


def test_it_is_the_joint_test_of_the_net_changes(build):
    test = op.marginal_homogeneity(build(), "support")
    joint = op.net_change(build(), "support").test()
    assert (test.wald, test.statistic, test.df1, test.df2) == (
        *(joint.wald, joint.statistic, joint.df1, joint.df2),
    )
    assert (test.wald_df, test.wald_pvalue) == (joint.wald_df, joint.wald_pvalue)


def test_a_state_of_stayers_drops_out_and_is_named(from_table):
    panel = from_table(["a", "b", "c"], [[40, 20, 0], [10, 40, 0], [0, 0, 9]])
    test = op.marginal_homogeneity(panel, "opinion")
    assert test.df1 == 1
    assert "zero and without variance: 'c'" in test.note
