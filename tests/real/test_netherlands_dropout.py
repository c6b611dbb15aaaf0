"""Netherlands, five waves with drop-out end to end: who left, how far that reaches, who is new."""

import numpy as np
import pandas as pd
import pytest
from by_pandas import needs_data
from scipy import stats
from test_netherlands import DUTCH

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.hypotheses.dropout_tests import attrition_test, refreshment_test
from opinionpanel.measures.bounds import loss_text, turnover_bounds
from opinionpanel.measures.dropout import (
    attrition,
    fresh_and_staying,
)

pytestmark = needs_data

# The codes change at wave 3; no answer stays no answer here.
YES = {wave: [1, 2] if place < 3 else [1, 3] for place, wave in enumerate(DUTCH)}
NO = {wave: [3, 4] if place < 3 else [4, 5] for place, wave in enumerate(DUTCH)}
STATES = {wave: {"yes": YES[wave], "no": NO[wave]} for wave in DUTCH}
PAIRS = [*zip(list(DUTCH), list(DUTCH)[1:], strict=False), ("wave 0", "wave 4")]


@pytest.fixture(scope="module")
def panel():
    waves = {}
    for wave, path in DUTCH.items():
        columns = ["iisID", "H7", "gender"] if wave == "wave 0" else ["iisID", "H7"]
        frame = op.read_wave(path, columns=columns).frame
        waves[wave] = frame[frame["iisID"] != 9992]
    item = op.Item("H7", STATES)
    return op.Panel.from_waves(waves, person="iisID", items={"vaccine": item}, groups=["gender"])


@pytest.fixture(scope="module")
def answers():
    """By pandas: a row for each person and a column for each wave; "" for no answer, NaN absent."""
    columns = {}
    for wave, path in DUTCH.items():
        frame = pd.read_csv(path, usecols=["iisID", "H7"]).query("iisID != 9992")
        codes = frame.set_index("iisID")["H7"]
        words = {code: state for state, codes in STATES[wave].items() for code in codes}
        columns[wave] = codes.map(words).fillna("")
    return pd.DataFrame(columns)


@pytest.mark.parametrize(("first", "last"), PAIRS)
def test_who_dropped_out(panel, answers, first, last):
    there = answers[answers[first].notna()]
    lost = there[last].isna()
    table = pd.crosstab(there[first], lost).reindex(["yes", "no", ""])
    ours = attrition(panel, "vaccine", waves=[first, last])
    assert ours.labels["state"].tolist() == ["yes", "no", "no answer", "all"]
    share = np.append(table[True] / table.sum(axis=1), lost.mean())
    np.testing.assert_allclose(ours.value, share)
    np.testing.assert_array_equal(ours.n_cell, [*table[True], lost.sum()])
    # Simple random sampling from everyone in the panel, with replacement.
    n, people = ours.n, panel.present.shape[1]
    error = np.sqrt(share * (1 - share) / n * people / (people - 1))
    np.testing.assert_allclose(ours.std_error, error)
    test = attrition_test(panel, "vaccine", waves=[first, last])
    classical = stats.chi2_contingency(table, correction=False)
    assert test.textbook == pytest.approx(classical.statistic)
    assert test.textbook_df == classical.dof
    # Unweighted, the design differs from Pearson's only by n and n - 1.
    assert test.wald == pytest.approx(classical.statistic, rel=2e-3)


@pytest.mark.parametrize(("first", "last"), PAIRS)
def test_how_far_that_reaches(panel, answers, first, last):
    there = answers[answers[first].notna()]
    both = there[(there[first] != "") & there[last].fillna("").ne("")]
    changed, n = (both[first] != both[last]).sum(), len(there)
    bounds = turnover_bounds(panel, "vaccine", waves=[first, last])
    upper = (changed + n - len(both)) / n
    expected = [changed / n, upper, changed / len(both), len(both) / n]
    np.testing.assert_allclose(bounds.value, expected)
    text = loss_text(panel, "vaccine", first, last)
    assert text.startswith(f"Of {n:,} people interviewed at {first}, {len(both):,} (")
    low, high = 100 * changed / n, 100 * upper
    assert text.endswith(f"lies between {low:.1f} and {high:.1f}%.")


def test_five_waves_together(panel, show):
    bounds = turnover_bounds(panel, "vaccine")
    frame = bounds.between_bounds()
    assert frame["n"].tolist() == [2171, 1496, 1290, 1366]
    assert (frame["conf_low"] < frame["lower"]).all()
    assert (frame["conf_high"] > frame["upper"]).all()
    # Wide bounds: one-sided limits, narrower than the two-sided ones of each bound.
    two_sided = bounds.to_frame()
    lower, upper = (two_sided[two_sided["component"] == name] for name in ("lower", "upper"))
    assert (frame["conf_low"].to_numpy() > lower["conf_low"].to_numpy()).all()
    assert (frame["conf_high"].to_numpy() < upper["conf_high"].to_numpy()).all()
    joint = attrition_test(panel, "vaccine")
    assert joint.wald_df == 8
    assert joint.df2 > 1000
    show(frame.round(3).to_string(), joint.note, loss_text(panel, "vaccine", "wave 0", "wave 4"))


def test_who_is_new_at_wave_1(panel, answers, show):
    """57 people come in at wave 1; later waves have a handful, who were never asked before."""
    there = answers[answers["wave 1"].fillna("").ne("")]
    table = pd.crosstab(there["wave 0"].notna(), there["wave 1"])[["yes", "no"]]
    sides = fresh_and_staying(panel, "vaccine", wave="wave 1")
    np.testing.assert_allclose(sides.value, (table.T / table.sum(axis=1)).T.to_numpy().ravel())
    test = refreshment_test(panel, "vaccine", wave="wave 1")
    classical = stats.chi2_contingency(table, correction=False)
    assert test.textbook == pytest.approx(classical.statistic)
    assert "55 fresh, 1,406 staying" in test.base.replace("\n", " ")
    with pytest.raises(SelectionError, match="'wave 1'"):
        refreshment_test(panel, "vaccine")
    # Gender stands in wave 0 only: nobody fresh has one.
    with pytest.raises(DesignError, match="0 fresh and 1,406 staying"):
        refreshment_test(panel, "vaccine", wave="wave 1", by="gender")
    show(str(test).splitlines()[0], test.note)
