"""Which columns of a wave hold the replicates of a weight."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from replicated_panels import at, replicate_design

import opinionpanel as op
from opinionpanel.design.replicate_columns import (
    check_replicate_keys,
    matching,
    replicate_columns,
)
from opinionpanel.errors import DesignError, ReadError
from opinionpanel.waves.wave import Wave


def test_replicates_by_pattern_in_natural_order(build, replicated, july):
    panel = build(waves=replicated, design=replicate_design())
    assert {key: part.shape for key, part in panel.replicates.items()} == {
        "Jul": (9, 3),
        "Nov": (9, 3),
    }
    person = at(panel, july, 70003)
    expected = [july.loc[2, f"rep_{number}"] for number in (1, 2, 10)]
    assert panel.replicates["Jul"][person].tolist() == expected
    assert "3 replicate weights at Jul" in str(panel)
    assert "scale 0.5" in str(panel)
    shares = op.shares(panel, "support")
    values = shares.replicates.values
    expected = 0.5 * ((values - values.mean(axis=0)) ** 2).sum(axis=0)
    np.testing.assert_allclose(np.diag(shares.covariance), expected)
    # Replicates that are multiples of each other have no degree of freedom, and show no error.
    assert shares.df.tolist() == [0] * 6
    assert np.isnan(shares.std_error).all()


def test_a_star_is_a_number_and_no_column_comes_twice(build, replicated):
    for frame in replicated.values():
        frame["rep_total"] = 1.0
        frame["w_1"] = frame["wgt"]
        frame["w_2"] = frame["wgt"]
        frame["w_3"] = frame["wgt"]
    panel = build(waves=replicated, design=replicate_design())
    assert panel.replicates["Jul"].shape[1] == 3
    with pytest.raises(DesignError, match="named twice"):
        build(waves=replicated, design=replicate_design(replicates=["rep_*", "rep_1"]))
    with pytest.raises(DesignError, match="include the weight 'w_1' itself"):
        build(waves=replicated, design=replicate_design(weight="w_1", replicates="w_*"))


@given(numbers=st.lists(st.integers(0, 10**12), unique=True), data=st.data())
def test_a_pattern_finds_numbers_in_their_order(numbers, data):
    names = [f"rep_{number}" for number in numbers]
    others = ["rep_", "rep_a", "xrep_1", "rep_1x", "rep_1_2", "REP_1", "rep_*1"]
    shuffled = data.draw(st.permutations(names + others))
    assert matching("rep_*", shuffled) == [f"rep_{number}" for number in sorted(numbers)]


@given(name=st.text(min_size=1).filter(lambda text: "*" not in text), other=st.text())
def test_a_name_without_a_star_stands_for_itself(name, other):
    assert matching(name, [other, name]) == [name]
    assert matching(name, [other]) == [name] * (name == other)


def wave(*names):
    return {"May": Wave(pd.DataFrame(columns=list(names)), source="may.sav")}


@pytest.mark.parametrize(
    ("changes", "error", "match"),
    [
        ({"replicates": "x_*"}, ReadError, r"'May' \(may.sav\).*named like 'x_\*'. Mend the patt"),
        ({"replicates": ["r_1", "r_*"]}, DesignError, "named twice. Name each once"),
        ({"replicates": ["r_*", "wgt"]}, DesignError, "include the weight 'wgt' itself"),
        ({"replicates": ["r_1"]}, DesignError, r"1 replicate column\(s\).*at least two"),
        ({"rscales": [1.0, 2.0, 3.0]}, DesignError, r"2 replicate column\(s\), with 3 rscales"),
    ],
)
def test_columns_that_are_no_replicates(changes, error, match):
    design = replicate_design(**{"replicates": "r_*"} | changes)
    with pytest.raises(error, match=match):
        replicate_columns(design, wave("id", "wgt", "r_1", "r_2"), "May", "May")


def test_patterns_and_names_may_stand_together():
    design = replicate_design(replicates=["b", "r_*", "a"])
    columns = wave("a", "r_10", "b", "wgt", "r_9")
    assert replicate_columns(design, columns, "May", "May") == ["b", "r_9", "r_10", "a"]


def test_replicates_belong_to_a_weight():
    design = replicate_design(replicates={"May": "r_*", ("May", "June"): "l_*"})
    check_replicate_keys(design, ["May", ("May", "June")])
    check_replicate_keys(replicate_design(), [])
    with pytest.raises(DesignError, match=r"named for \('May', 'June'\), which has no weight"):
        check_replicate_keys(design, ["May", "June"])


@given(st.text("*1a[", max_size=5), st.text("12a*[", max_size=6))
def test_a_pattern_is_stars_and_nothing_else(pattern, name):
    """Marks of regular expressions and of file patterns are themselves."""
    form = re.escape(pattern).replace(r"\*", r"\d+")
    found = name == pattern or ("*" in pattern and re.fullmatch(form, name) is not None)
    assert matching(pattern, [name]) == [name] * found


def test_a_pattern_of_many_stars_takes_no_time():
    assert matching("*1" * 40, ["1" * 300 + "x"]) == []
    assert matching("*", ["9" * 6_000, "10"]) == ["10", "9" * 6_000]
