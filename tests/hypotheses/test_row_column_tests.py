"""Rows and columns of tables: one table is independence, and what nobody has is left out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import opinionpanel as op
from opinionpanel.errors import DesignError
from opinionpanel.hypotheses.association import independence
from opinionpanel.hypotheses.row_column_tests import _nobody, same_shares, unrelated
from opinionpanel.measures.tabulation import wave_totals

NOTES = {"found": "They differ.", "none": "No difference."}


def panel_of(counts, groups=("g", "h")):
    """People of two groups with an answer, from a table of counts."""
    states = "abc"[: len(counts[0])]
    rows = [
        (group, state)
        for group, row in zip(groups, counts, strict=True)
        for state, count in zip(states, row, strict=True)
        for _ in range(count)
    ]
    frame = pd.DataFrame(rows, columns=["group", "answer"])
    item = op.Item({"w": "answer"}, {state: [state] for state in states})
    return op.Panel.from_wide(frame, items={"x": item}, groups=["group"])


def outcome(counts):
    totals, about, groups = wave_totals(panel_of(counts), "x", None, "group", "answered")
    return same_shares(totals, about, ["wave"], groups, **NOTES)


def test_one_table_is_independence_of_row_and_column():
    counts = [[12, 30, 8], [25, 14, 11]]
    ours, other = outcome(counts), independence(panel_of(counts), "x", by="group")
    for name in ("statistic", "df1", "df2", "pvalue", "wald", "textbook", "textbook_df"):
        assert getattr(ours, name) == pytest.approx(getattr(other, name))
    pearson = stats.chi2_contingency(counts, correction=False)
    assert ours.textbook == pytest.approx(pearson.statistic)
    assert ours.note.startswith(NOTES["found"])


def test_equal_rows_do_not_differ():
    test = outcome([[10, 20, 30], [20, 40, 60]])
    assert test.statistic == pytest.approx(0, abs=1e-9)
    assert test.pvalue == pytest.approx(1)
    assert test.note.startswith(NOTES["none"])


def test_rows_and_columns_change_places():
    totals, about, _ = wave_totals(
        panel_of([[12, 30, 8], [25, 14, 11]]), "x", None, "group", "answered"
    )
    joint = totals.shares([], about)
    cells = np.arange(6).reshape(2, 3)
    one, other = (unrelated(joint, [table], "x", **NOTES) for table in (cells, cells.T))
    assert one.statistic == pytest.approx(other.statistic)
    assert one.pvalue == pytest.approx(other.pvalue)


def test_a_column_that_nobody_has_is_no_degree_of_freedom():
    assert outcome([[12, 30, 0], [25, 14, 0]]).wald_df == 1


def test_nothing_to_compare_is_refused():
    totals, about, groups = wave_totals(
        panel_of([[12, 0], [25, 0]]), "x", None, "group", "answered"
    )
    with pytest.raises(DesignError, match=r"nothing to test\. Left out, nothing to compare: 'w'"):
        same_shares(totals, replace(about, title="t"), ["wave"], groups, **NOTES)


def test_what_nobody_has_is_named_as_shortly_as_it_can_be():
    rows = [
        ["w1", "g", "a"],
        ["w1", "g", "b"],
        ["w1", "h", "a"],
        ["w1", "h", "b"],
        ["w2", "g", "a"],
    ]
    there = np.array([False, False, True, False, True])
    # Nobody of the group g at w1, and of h there nobody in b.
    assert _nobody(rows, there) == [["w1", "g"], ["w1", "h", "b"]]
    assert _nobody(rows, np.ones(5, dtype=bool)) == []
    assert _nobody(rows, np.array([False] * 4 + [True])) == [["w1"]]


def test_one_row_or_one_column_with_people_is_nothing_to_compare():
    for counts in ([[12, 30, 8], [0, 0, 0]], [[12, 0, 0], [25, 0, 0]]):
        with pytest.raises(DesignError, match="nothing to test"):
            outcome(counts)


def test_of_several_tables_the_least_df_counts_and_all_are_added_up():
    """A wave where a group is in few PSUs must not borrow those of the other."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"psu": np.arange(300) % 30, "group": rng.choice(["g", "h"], 300)})
    frame["w1"], frame["w2"] = rng.choice(list("abc"), (2, 300))
    frame.loc[frame["psu"] >= 8, "w2"] = None
    item = op.Item({"w1": "w1", "w2": "w2"}, {state: [state] for state in "abc"})
    panel = op.Panel.from_wide(
        frame, items={"x": item}, groups=["group"], design=op.Design(weight=None, psu="psu")
    )

    def tested(waves):
        totals, about, groups = wave_totals(panel, "x", waves, "group", "answered")
        return same_shares(totals, about, ["wave"], groups, **NOTES)

    both, first, second = tested(None), tested(["w1"]), tested(["w2"])
    assert [test.df2 / test.df1 for test in (both, first, second)] == pytest.approx([7, 29, 7])
    assert both.wald_df == first.wald_df + second.wald_df == 4
    assert both.textbook is None
    assert first.textbook == pytest.approx(
        stats.chi2_contingency(pd.crosstab(frame["group"], frame["w1"]), correction=False)[0]
    )


def test_only_where_each_row_has_a_column_of_its_own_is_the_association_perfect():
    """With two answers among those of g, there is something left to chance; X² is the n of 35."""
    with pytest.raises(DesignError, match="x and group: the association is perfect"):
        independence(panel_of([[12, 0], [0, 14]]), "x", by="group")
    for counts in ([[12, 9, 0], [0, 0, 14]], [[0, 14, 0], [12, 0, 9]]):
        test = independence(panel_of(counts), "x", by="group")
        assert test.textbook == pytest.approx(35)
        assert test.pvalue < 0.001
    test = independence(
        panel_of([[12, 0], [9, 0], [0, 14]], groups=("g", "h", "k")), "x", by="group"
    )
    assert test.textbook == pytest.approx(35)
