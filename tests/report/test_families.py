"""Families of comparisons: joint tests first, single ones only within what they opened."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from opinionpanel.report.families import ALPHA, Unadjusted, hierarchy, within_family

P = st.one_of(st.floats(0, 1), st.floats(0, 0.02))


def singles(values, **labels):
    numbers = {"estimate": 0.1, "conf_low": 0.0, "conf_high": 0.2, "n": 100}
    return pd.DataFrame({**labels, "p": np.array(values, dtype=float)}).assign(**numbers)


def family(pvalue, values=(0.001,), kind="trend", key=("a", "b"), **options):
    untested = "" if pvalue is not None else "too small"
    return Unadjusted(kind, key, pvalue, untested, singles(values), **options)


@given(
    st.lists(st.tuples(st.none() | P, st.lists(st.just(np.nan) | P, max_size=4)), min_size=1),
)
def test_a_single_comparison_is_found_only_in_a_family_that_holds(drawn):
    asked = [family(p, values, key=(f"{row}",)) for row, (p, values) in enumerate(drawn)]
    for one, given_, (_, values) in zip(hierarchy(asked), asked, drawn, strict=True):
        assert (one.pvalue is None) == (given_.pvalue is None)
        if one.pvalue is not None:
            assert given_.pvalue <= one.pvalue <= 1
        assert one.holds or not one.singles["found"].any()
        adjusted = one.singles["p_adjusted"]
        if one.pvalue is None:
            assert adjusted.isna().all()
            continue
        assert (adjusted.isna() == np.isnan(values)).all()
        assert (adjusted.dropna() >= one.pvalue).all()
        assert (one.singles["found"] == (adjusted < ALPHA)).all()


@given(st.lists(P, min_size=1, max_size=6))
def test_the_least_joint_pvalue_counts_for_the_number_of_families(joint):
    families = hierarchy([family(p, key=(f"{row}",)) for row, p in enumerate(joint)])
    least = min(one.pvalue for one in families)
    assert least == pytest.approx(min(1, min(joint) * len(joint)))
    assert any(one.holds for one in families) == (min(joint) * len(joint) < ALPHA)


@given(P, st.none() | P)
def test_what_follows_from_a_family_holds_wherever_it_does(net, balance):
    above = family(net, kind="net")
    below = family(balance, kind="balance", implied_by=("net", ("a", "b")))
    first, second = hierarchy([above, below])
    if first.holds:
        assert second.holds
        assert second.untested == ""
    elif balance is None:
        assert second.pvalue is None
        assert second.untested


@given(st.floats(0, 1))
def test_a_question_that_is_put_twice_counts_once(p):
    above = family(p, kind="net")
    again = family(p, kind="balance", implied_by=("net", ("a", "b")), same=True)
    assert [one.pvalue for one in hierarchy([above, again])] == [p, p]
    first, second = hierarchy([family(None, kind="net"), again])
    assert (second.pvalue, second.untested) == (None, first.untested)


def test_two_states_are_one_comparison():
    two = singles([0.03, 0.03, 0.2, 0.2], state=["yes", "no"] * 2)
    assert within_family(two) == pytest.approx([0.06, 0.06, 0.2, 0.2])
    three = singles([0.01, 0.02, 0.3], state=["yes", "no", "unsure"])
    assert within_family(three) == pytest.approx([0.03, 0.04, 0.3])


def test_the_largest_found_comes_first():
    (one,) = hierarchy([family(0.001, [0.001, 0.5, 0.002])])
    one.singles["estimate"] = [-0.1, 0.9, 0.3]
    assert one.found["estimate"].tolist() == [0.3, -0.1]
