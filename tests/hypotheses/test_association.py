"""Independence of an item and a group: R's survey, second formulas, identities, refusals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from scipy import linalg, stats

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.hypotheses.association import independence
from opinionpanel.measures.tabulation import wave_totals
from opinionpanel.strategies import panels

THREE = {"region": ("north", "east", "south")}
few = settings(max_examples=12)


def people():
    """120 people from arithmetic that R repeats; see `test_r_survey`."""
    i = np.arange(120)
    group = (i * 7 + i // 11) % 3
    answer = (i * i + i // 13 + 2 * (group == 1) * (i % 2)) % 4
    frame = pd.DataFrame({"person": i, "stratum": i % 3, "psu": i % 3 * 10 + i // 3 % 4})
    frame["weight"] = 1 + (i % 5) / 2
    frame["group"] = np.array(list("pqr"))[group]
    frame["answer"] = pd.Series(np.array(list("abcd"))[answer]).mask(i % 17 == 0)
    return frame


def panel_of(frame, design, states="abcd", groups=("group",)):
    item = op.Item({"w": "answer"}, {state: [state] for state in states})
    return op.Panel.from_waves(
        {"w": frame}, person="person", items={"x": item}, groups=list(groups), design=design
    )


CLUSTERED = op.Design(weight="weight", stratum="stratum", psu="psu")


def jkn(frame):
    """Each PSU left out once, the others of its stratum weighted up."""
    frame = frame.copy()
    units = frame[["stratum", "psu"]].drop_duplicates().to_numpy()
    for column, (stratum, psu) in enumerate(units):
        inside = frame["stratum"] == stratum
        factor = np.where(frame["psu"] == psu, 0.0, np.where(inside, 4 / 3, 1.0))
        frame[f"rep_{column}"] = frame["weight"] * factor
    rscales = [3 / 4] * len(units)
    return frame, op.ReplicateDesign(
        weight="weight", replicates="rep_*", scale=1.0, rscales=rscales
    )


# F, ndf, ddf and p of statistic="F"; then p of statistic="Chisq".
R_SURVEY = {
    "clustered": [
        0.37609778166768,
        3.75881088402523,
        33.8292979562271,
        0.812957130864366,
        0.894653168849513,
    ],
    "jkn": [
        0.375606320524731,
        3.75366685779107,
        33.7830017201196,
        0.813054884556117,
        0.894956673500221,
    ],
}


@pytest.mark.parametrize("kind", R_SURVEY)
def test_r_survey(kind):
    """The numbers of R's survey 4.1-1.

    i <- 0:119
    x <- data.frame(stratum = i %% 3, psu = (i %% 3) * 10 + (i %/% 3) %% 4,
                    w = 1 + (i %% 5) / 2, g = c("p", "q", "r")[1 + (i * 7 + i %/% 11) %% 3])
    x$y <- letters[1 + (i * i + i %/% 13 + 2 * (x$g == "q") * (i %% 2)) %% 4]
    x$y[i %% 17 == 0] <- NA
    d <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = x)
    # "jkn": d <- as.svrepdesign(d, type = "JKn")
    svychisq(~y + g, d, statistic = "F"); svychisq(~y + g, d, statistic = "Chisq")
    """
    frame, design = (people(), CLUSTERED) if kind == "clustered" else jkn(people())
    test = independence(panel_of(frame, design), "x", by="group")
    ours = [test.statistic, test.df1, test.df2, test.pvalue, test.wald_pvalue]
    np.testing.assert_allclose(ours, R_SURVEY[kind], rtol=1e-8)
    assert test.wald_df == 6


@few
@given(panels(waves=(2, 2), groups=THREE, people=(20, 60)))
def test_second_formula(panel):
    """Δ from the residuals of the interactions on the main effects, as eigenvalues."""
    try:
        test = independence(panel, "opinion", by="region", wave="w2")
    except DesignError:
        return
    assume("Left out" not in test.note)
    totals, about, _ = wave_totals(panel, "opinion", ["w2"], "region", "answered")
    joint = totals.shares(["wave"], about)
    p, size = joint.value, len(joint) // 3
    row, column = (part.ravel() for part in np.indices((3, size)))
    main = np.column_stack([row == r for r in range(3)] + [column == c for c in range(size)])
    cross = [(row == r) & (column == c) for r in range(1, 3) for c in range(1, size)]
    main, cross = main.astype(float), np.column_stack(cross).astype(float)
    interactions = cross - main @ np.linalg.lstsq(main, cross, rcond=None)[0]
    scaled = np.where(p > 0, 1 / np.where(p > 0, p, 1), 0.0)[:, None] * interactions
    effects = linalg.eigh(scaled.T @ joint.covariance @ scaled, interactions.T @ scaled)[0]
    observed = pd.Series(p).groupby([row, column]).sum().unstack().to_numpy()
    expected = observed.sum(axis=1, keepdims=True) * observed.sum(axis=0)
    statistic = ((observed - expected) ** 2 / expected).sum() / effects.sum()
    df1 = effects.sum() ** 2 / (effects**2).sum()
    ours = [test.statistic, test.df1, test.df2]
    expected = [statistic, df1, df1 * joint.df[0]]
    np.testing.assert_allclose(ours, expected, rtol=1e-7, atol=1e-12)
    assert test.pvalue == pytest.approx(stats.f.sf(statistic, df1, test.df2), rel=1e-6)


def numbers(test):
    return [test.statistic, test.df1, test.df2, test.pvalue, test.wald, test.textbook]


def test_item_and_group_change_places():
    frame = people().dropna()
    plain = independence(panel_of(frame, CLUSTERED), "x", by="group")
    names = {"answer": "group", "group": "answer"}
    turned = panel_of(frame.rename(columns=names), CLUSTERED, states="pqr")
    np.testing.assert_allclose(numbers(independence(turned, "x", by="group")), numbers(plain))


def test_scale_of_weights_and_order_of_states_do_not_matter():
    plain = independence(panel_of(people(), CLUSTERED), "x", by="group")
    other = panel_of(people().assign(weight=people()["weight"] * 1e3), CLUSTERED, states="dbca")
    np.testing.assert_allclose(numbers(independence(other, "x", by="group")), numbers(plain))


def test_textbook_is_pearson_of_the_unweighted_counts():
    frame = people()
    test = independence(panel_of(frame, CLUSTERED), "x", by="group")
    counts = pd.crosstab(frame["group"], frame["answer"])
    assert test.textbook == pytest.approx(stats.chi2_contingency(counts, correction=False)[0])


def test_a_simple_random_sample_comes_near_the_textbook():
    rng = np.random.default_rng(4)
    group = rng.integers(0, 3, 5000)
    answer = np.where(rng.random(5000) < 0.03, group, rng.integers(0, 4, 5000))
    frame = pd.DataFrame({"person": range(5000), "group": np.array(list("pqr"))[group]})
    frame["answer"] = np.array(list("abcd"))[answer]
    test = independence(panel_of(frame, op.Design(weight=None)), "x", by="group")
    assert test.wald == pytest.approx(test.textbook, rel=0.02)
    assert test.df1 == pytest.approx(6, rel=0.01)


def test_states_and_groups_that_nobody_has_drop_out():
    plain = independence(panel_of(people(), CLUSTERED), "x", by="group")
    assert "Left out" not in plain.note
    more = independence(panel_of(people(), CLUSTERED, states="azbcd"), "x", by="group")
    np.testing.assert_allclose(numbers(more), numbers(plain))
    assert "Left out, nobody there: 'z'." in more.note
    frame = people()
    frame.loc[frame["group"] == "r", "answer"] = None
    assert (
        "Left out, nobody there: 'r'."
        in independence(panel_of(frame, CLUSTERED), "x", by="group").note
    )


def test_crossed_groups():
    frame = people()
    frame["half"] = np.where(frame["person"] % 2, "odd", "even")
    frame["both"] = frame["group"] + frame["half"]
    panel = panel_of(frame, CLUSTERED, groups=["group", "half", "both"])
    crossed = independence(panel, "x", by=["group", "half"])
    np.testing.assert_allclose(numbers(crossed), numbers(independence(panel, "x", by="both")))
    assert crossed.wald_df == 15
    assert "x and group × half" in crossed.name


STATE = {"p": "a", "q": "b", "r": "c"}


def test_words():
    frame = people()
    frame["answer"] = frame["answer"].mask(frame["person"] % 2 == 0, frame["group"].map(STATE))
    test = independence(panel_of(frame, CLUSTERED), "x", by="group")
    assert test.note.startswith("x and group are associated by more than chance")
    none = independence(panel_of(people(), CLUSTERED), "x", by="group")
    assert none.note.startswith("No detectable association of x and group; that does not show")
    assert "F(3.76, 33.8) = 0.38, p = .813; χ²(6) = 2.26\n" in str(none)


def test_refusals(build):
    panel = build()
    with pytest.raises(SelectionError, match=r"asked at 'Jul', 'Nov'.*wave="):
        independence(panel, "support", by="gender")
    with pytest.raises(SelectionError, match="Did you mean 'Nov'"):
        independence(panel, "support", by="gender", wave="Nvo")
    with pytest.raises(SelectionError, match="from which group"):
        independence(panel, "support", by=[], wave="Nov")
    with pytest.raises(DesignError, match=r"2 state\(s\).* and 1 group"):
        independence(panel.where(gender="man"), "support", by="gender", wave="Nov")
    certain = op.Design(weight=None, stratum="psu", psu="psu", lonely_psu="certainty")
    with pytest.raises(DesignError, match=r"no variance to test x and group with.* 0 degrees"):
        independence(panel_of(people(), certain), "x", by="group")


@pytest.mark.parametrize("counts", [(20, 20), (15, 25)])
def test_a_perfect_association_is_refused_for_its_reason(counts):
    group = ["p"] * counts[0] + ["q"] * counts[1]
    answer = [{"p": "a", "q": "b"}[name] for name in group]
    frame = pd.DataFrame({"x": answer, "group": group})
    item = op.Item({"w": "x"}, {"a": ["a"], "b": ["b"]})
    panel = op.Panel.from_wide(frame, items={"x": item}, groups=["group"])
    with pytest.raises(DesignError, match="x and group: the association is perfect"):
        independence(panel, "x", by="group")
    # A single person off the pattern, and there is something to compare.
    frame.loc[0, "x"] = "b"
    panel = op.Panel.from_wide(frame, items={"x": item}, groups=["group"])
    assert independence(panel, "x", by="group").pvalue < 0.001


def test_blocks_of_empty_cells_are_refused():
    frame = people().dropna()
    frame["answer"] = frame["answer"].mask(
        (frame["group"] != "p") & frame["answer"].isin(["a", "b"]), "c"
    )
    with pytest.raises(DesignError, match=r"4 of the 12 cells .* are empty, too many"):
        independence(panel_of(frame, CLUSTERED), "x", by="group")


@few
@given(panels(waves=(2, 2), groups=THREE))
def test_a_number_between_0_and_1_or_a_refusal(panel):
    try:
        test = independence(panel, "opinion", by="region", wave="w1")
    except DesignError:
        return
    assert 0 <= test.pvalue <= 1
    assert 0 <= test.wald_pvalue <= 1
    assert test.statistic >= 0
    assert 0 < test.df1 <= test.wald_df * (1 + 1e-9)
