"""Tests of chains against R, published statistics, identities, and refusals."""

import json
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st
from places import GOLDEN_FILES, PUBLISHED_FIGURES
from scipy import stats

import opinionpanel as op
from opinionpanel.errors import DesignError, OpinionPanelError, SelectionError
from opinionpanel.hypotheses.several_waves import homogeneity, markov_order, stationarity
from opinionpanel.hypotheses.two_waves import (
    equal_flows,
    marginal_homogeneity,
    quasi_symmetry,
    symmetry,
)
from opinionpanel.strategies import panel_parts, panels

FOLDER = GOLDEN_FILES
GOLDEN = pd.read_csv(FOLDER / "chains_golden.csv")
PUBLISHED = PUBLISHED_FIGURES
published = pytest.mark.skipif(
    not PUBLISHED.is_file(), reason="the shared reference figures are not here"
)
few = settings(max_examples=6)


@cache
def figures():
    return json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]


def chain(counts, *, weighted=False):
    """Build a panel from counts of paths, an axis for each wave; as people or weights of six."""
    counts = np.asarray(counts)
    states = list("abcdef"[: counts.shape[0]])
    rows = [
        {f"w{wave + 1}": states[code] for wave, code in enumerate(path)} | {"n": counts[path]}
        for path in product(range(len(states)), repeat=counts.ndim)
    ]
    item = op.Item({wave: wave for wave in rows[0] if wave != "n"}, {s: [s] for s in states})
    frame = pd.DataFrame(rows)
    if weighted:
        frame = pd.concat([frame] * 6, ignore_index=True)
        frame = frame.assign(person=range(len(frame)), n=frame["n"].astype(float))
        design = op.Design(weight="n")
        return op.Panel.from_wide(frame, person="person", items={"opinion": item}, design=design)
    return op.Panel.from_wide(frame, items={"opinion": item}, count="n")


def chained(tables):
    """Put people together whose pairs of waves give the tables: the margins of these must fit.

    Where somebody goes next is drawn without regard to where they were before.
    """
    size, rng = len(tables[0]), np.random.default_rng(1940)
    paths = [[origin] for origin in range(size) for _ in range(np.sum(tables[0][origin]))]
    for table in tables:
        following = {
            i: iter(rng.permutation(np.repeat(range(size), table[i]))) for i in range(size)
        }
        paths = [[*path, int(next(following[path[-1]]))] for path in paths]
    counts = np.zeros((size,) * (len(tables) + 1), dtype=int)
    np.add.at(counts, tuple(np.transpose(paths)), 1)
    return chain(counts)


def numbers(test):
    return [
        *(test.statistic, test.df1, test.df2, test.pvalue, test.wald, test.wald_df),
        *(test.textbook, test.deviance, test.textbook_df),
    ]


def outcome(test, panel, **options):
    try:
        return numbers(test(panel, "opinion", **options))
    except OpinionPanelError as refusal:
        return type(refusal)


def assert_same(first, second):
    if isinstance(first, type) or isinstance(second, type):
        assert first == second
    else:
        np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-8)


# ---- published figures ------------------------------------------------------------------------


@published
def test_published_erie():
    reference = figures()["erie_1940"]
    tables = list(reference["tables"].values())
    test = stationarity(chained(tables), "opinion")
    found = [test.textbook, test.deviance, test.textbook_df]
    names = ["stationarity_x2", "stationarity_g2", "stationarity_df"]
    assert found == pytest.approx([reference[name] for name in names], abs=6e-5)
    assert test.wald_df == 24
    assert "differ between intervals by more than chance" in test.note
    first = stationarity(chained(tables[:2]), "opinion")
    x2, df, pvalue = reference["first_two_x2"]
    assert [first.textbook, first.textbook_df] == pytest.approx([x2, df], abs=6e-5)
    assert stats.chi2.sf(first.textbook, df) == pytest.approx(pvalue, abs=6e-4)
    # A chain of first order of people drawn one by one: the design's test is near the textbook's.
    assert first.wald == pytest.approx(x2, rel=0.2)


@published
def test_published_order():
    test = markov_order(op.datasets.load("nes_ideology"), "ideology")
    reference = figures()["nes_ideology"]["markov_g2"]
    assert [test.deviance, test.textbook_df] == pytest.approx(reference, abs=6e-4)
    assert test.pvalue < 0.001


@published
def test_r_compares_whole_tables():
    """markovchain's verifyHomogeneity: the rows and, in addition, the margins of the origin."""
    tables = np.array(list(figures()["erie_1940"]["tables"].values())[:2])
    rows = stationarity(chained(tables.tolist()), "opinion")
    margins = stats.chi2_contingency(tables.sum(axis=2), correction=False, lambda_="log-likelihood")
    # Printed by R's markovchain 0.9.1 for these two tables, on 8 degrees of freedom.
    assert rows.deviance + margins.statistic == pytest.approx(7.458671, abs=6e-7)
    assert rows.textbook_df + margins.dof == 8


# ---- R ----------------------------------------------------------------------------------------


@cache
def panel_of(name):
    text = dict.fromkeys(["person", "wave", "stratum", "psu", "sex"], str)
    frame = pd.read_csv(FOLDER / f"panel_{name}.csv", dtype=text)
    # R has no covariance between two samples of a finite population, so fpc stays out there too.
    declared = {role: role for role in ("stratum", "psu") if frame[role].notna().any()}
    return op.Panel.from_long(
        frame,
        person="person",
        wave="wave",
        waves=sorted(frame["wave"].unique()),
        items={"answer": op.Item("answer", {state: [state] for state in "abc"})},
        groups=["sex"],
        design=op.Design(weight="weight", **declared),
    )


def computed(name, panel):
    pair = {"waves": ["w1", "w2"]}
    return {
        "marginal_homogeneity": lambda: marginal_homogeneity(panel, "answer", **pair),
        "symmetry": lambda: symmetry(panel, "answer", **pair),
        "quasi_symmetry": lambda: quasi_symmetry(panel, "answer", **pair),
        "equal_flows": lambda: equal_flows(panel, "answer", ("a", "b"), ("b", "a"), **pair),
        "homogeneity": lambda: homogeneity(panel, "answer", by="sex", **pair),
        "stationarity": lambda: stationarity(panel, "answer"),
        "markov_order": lambda: markov_order(panel, "answer"),
    }[name]()


@pytest.mark.parametrize(
    "row", list(GOLDEN.itertuples()), ids=lambda row: f"{row.test}-{row.panel}"
)
def test_survey(row):
    """Both forms from the covariance of R's survey."""
    test = computed(row.test, panel_of(row.panel))
    assert test.form == "Rao–Scott, second order" or row.m <= row.f / 5
    if test.form == "Wald":
        found = [test.statistic, test.df1, test.df2, test.wald, test.wald_df]
        expected = [row.F_wald, row.m, row.f - row.m + 1, row.W, row.m]
    else:
        found = [test.statistic, test.df1, test.df2, test.wald, test.wald_df]
        expected = [row.F, row.df1, row.df1 * row.f, row.chi, row.m]
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert test.pvalue == pytest.approx(stats.f.sf(test.statistic, test.df1, test.df2))


def test_markovchain():
    """The triples of one series of days; assessOrder tests them as markov_order does."""
    triples = pd.read_csv(FOLDER / "chains_rain.csv", dtype={"Freq": int})
    names = ["before", "state", "after"]
    item = op.Item({name: name for name in names}, {s: [s] for s in ("0", "1-5", "6+")})
    panel = op.Panel.from_wide(triples, items={"rain": item}, count="Freq")
    test = markov_order(panel, "rain")
    assert test.textbook == pytest.approx(triples["assess_order"][0], rel=1e-11)
    assert test.textbook_df == 12
    if PUBLISHED.is_file():
        # All pairs of days but the last.
        pairs = triples.pivot_table(index="before", columns="state", values="Freq", aggfunc="sum")
        missing = np.array(figures()["r_rain"]["counts"]) - pairs.to_numpy()
        assert sorted(missing.ravel()) == [0] * 8 + [1]


# ---- identities -------------------------------------------------------------------------------


@st.composite
def pair_tables(draw):
    """A table whose rows and columns have the same sums."""
    size = draw(st.integers(2, 3))
    cell = st.integers(1, 6)
    upper = np.array([[draw(cell) for _ in range(size)] for _ in range(size)])
    return upper + upper.T


@few
@given(pair_tables(), st.booleans())
def test_a_chain_of_first_order_with_the_same_matrix_gives_zero(table, weighted):
    # n_abc = n_ab n_bc / n_+b+, times a number that makes it whole.
    whole = np.lcm.reduce(table.sum(axis=0))
    paths = table[:, :, None] * table[None, :, :] * (whole // table.sum(axis=0))[None, :, None]
    panel = (
        chain(paths, weighted=True)
        if weighted
        else chain(5 * (paths // np.gcd.reduce(paths.ravel())))
    )
    for test in (stationarity(panel, "opinion"), markov_order(panel, "opinion")):
        assert [test.statistic, test.wald] == pytest.approx([0, 0], abs=1e-8)
        assert test.pvalue == pytest.approx(1)
        assert "that does not show that" in test.note
        if not weighted:
            assert [test.textbook, test.deviance] == pytest.approx([0, 0], abs=1e-8)
    moves = op.transitions(panel, "opinion", base="balanced")
    one, two = moves.value.reshape(2, len(table), len(table))
    observed = op.transitions(panel, "opinion", waves=["w1", "w3"]).value.reshape(one.shape)
    np.testing.assert_allclose(one @ two, observed)


@few
@given(panels(waves=(2, 3), complete=True))
def test_groups_that_are_copies_of_each_other(panel):
    everyone = np.arange(panel.present.shape[1])
    frames = {
        wave: pd.concat(
            [
                pd.DataFrame(
                    {
                        "id": copy * len(everyone) + everyone,
                        "answer": panel.answers["opinion"][position],
                        "half": f"half {copy}",
                    }
                )
                for copy in (0, 1)
            ]
        )
        for position, wave in enumerate(panel.waves)
    }
    states = {state: [code] for code, state in enumerate(panel.item("opinion").state_names)}
    twice = op.Panel.from_waves(
        frames, person="id", items={"opinion": op.Item("answer", states)}, groups=["half"]
    )
    try:
        test = homogeneity(twice, "opinion", by="half")
    except DesignError:
        assume(False)
    assert [test.wald, test.textbook, test.deviance] == pytest.approx([0, 0, 0], abs=1e-8)


@few
@given(panel_parts(waves=(3, 3)), st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_names_of_states_matter(parts, random):
    states = list(parts.item.states.items())
    random.shuffle(states)
    item = replace(parts.item, states={f"z{name}": codes for name, codes in states})
    first, second = parts.panel(), replace(parts, item=item).panel()
    for test in (stationarity, markov_order):
        assert_same(*(outcome(test, p) for p in (first, second)))
    assert_same(*(outcome(homogeneity, p, by="gender") for p in (first, second)))


@few
@given(
    panel_parts(waves=(3, 3), weights=["varying"], designs=["stratified", "clustered"]),
    st.sampled_from([0.01, 1e4]),
)
def test_the_scale_of_weights_does_not_matter(parts, factor):
    # Each wave by a factor of its own: shares, not totals.
    frames = {
        wave: frame.assign(weight=(factor + place) * frame["weight"])
        for place, (wave, frame) in enumerate(parts.frames.items())
    }
    first, second = parts.panel(), replace(parts, frames=frames).panel()
    for test in (stationarity, markov_order):
        assert_same(*(outcome(test, p) for p in (first, second)))


@few
@given(panels(waves=(3, 4)), st.sampled_from([None, "gender"]))
def test_a_number_or_a_reason(panel, by):
    for found in (
        outcome(stationarity, panel, by=by, base="panel"),
        outcome(stationarity, panel, by=by),
        outcome(markov_order, panel, by=by),
        outcome(homogeneity, panel, by="gender"),
    ):
        if not isinstance(found, type):
            assert np.isfinite(found).all()
            assert min(found) >= -1e-9


def test_textbook_within_groups_is_the_sum_over_groups():
    panel = op.datasets.load("attitudes_2024").panel
    for test in (stationarity, markov_order):
        whole = test(panel, "support", by="gender")
        parts = [
            test(panel.where(gender=gender), "support")
            for gender in panel.group("gender").categories
        ]
        for name in ("textbook", "deviance", "textbook_df"):
            total = sum(getattr(part, name) for part in parts)
            assert getattr(whole, name) == pytest.approx(total)


def test_homogeneity_by_hand():
    """Two groups of people drawn one by one: Pearson's X² of each origin, added up."""
    counts = {
        "old": [[30, 10, 5], [8, 20, 6], [3, 9, 25]],
        "young": [[20, 15, 9], [9, 12, 7], [6, 9, 11]],
    }
    rows = [
        {"w1": "abc"[i], "w2": "abc"[j], "age": age, "n": table[i][j]}
        for age, table in counts.items()
        for i, j in product(range(3), range(3))
    ]
    item = op.Item({"1": "w1", "2": "w2"}, {state: [state] for state in "abc"})
    panel = op.Panel.from_wide(pd.DataFrame(rows), items={"x": item}, groups=["age"], count="n")
    test = homogeneity(panel, "x", by="age")
    by_origin = [
        stats.chi2_contingency([table[i] for table in counts.values()], correction=False)
        for i in range(3)
    ]
    assert test.textbook == pytest.approx(sum(each.statistic for each in by_origin))
    assert (test.textbook_df, test.wald_df) == (6, 6)
    assert test.wald == pytest.approx(test.textbook, rel=0.1)


def test_few_movers_do_not_look_like_memory():
    """408 people as PSUs leave room for a Wald form, were it not for paths that few took."""
    test = markov_order(op.datasets.load("nes_ideology"), "ideology")
    assert test.form == "Rao–Scott, second order"
    # A stable chain of first order; its Wald form rejects in half of all samples.
    rng, reject = np.random.default_rng(5), 0
    matrix = np.array([[0.85, 0.13, 0.02], [0.075, 0.85, 0.075], [0.075, 0.075, 0.85]])
    joint = np.array([0.3, 0.3, 0.4])[:, None, None] * matrix[:, :, None] * matrix[None, :, :]
    for _ in range(20):
        counts = rng.multinomial(400, joint.ravel()).reshape(3, 3, 3)
        reject += markov_order(chain(counts), "opinion").pvalue < 0.05
    assert reject <= 3


def test_two_rows_that_each_move_alike_are_not_certain():
    """Rows with shares of 0 and 1 have no standard error of their own; their difference has."""
    frame = pd.DataFrame({"w1": list("aabbbb"), "w2": list("abaabb"), "w3": list("aabbab")})
    frame = pd.concat([frame] * 5, ignore_index=True)
    item = op.Item({wave: wave for wave in frame}, {state: [state] for state in "ab"})
    panel = op.Panel.from_wide(frame.assign(id=range(30)), person="id", items={"x": item})
    test = markov_order(panel, "x")
    assert np.isfinite(test.statistic)
    assert test.pvalue > 1e-4


def second_order(back):
    """Shares of paths of a stable chain; who just moved goes back with this probability more."""
    matrix = np.array([[0.85, 0.13, 0.02], [0.075, 0.85, 0.075], [0.075, 0.075, 0.85]])
    after = np.repeat(matrix[None], 3, axis=0)
    for before, state in product(range(3), range(3)):
        if before != state:
            after[before, state] *= 1 - back
            after[before, state, before] += back
    return np.array([0.3, 0.3, 0.4])[:, None, None] * matrix[:, :, None] * after


def test_memory_is_found_where_few_move():
    rng, found = np.random.default_rng(6), 0
    for _ in range(20):
        counts = rng.multinomial(400, second_order(0.4).ravel()).reshape(3, 3, 3)
        found += markov_order(chain(counts), "opinion").pvalue < 0.05
    assert found >= 17


def test_one_person_in_a_rare_row_does_not_decide():
    # Of 200 in b, one came from c, and is one of six who went there.
    paths = np.zeros((3, 3, 3), dtype=int)
    paths[0, 1], paths[1, 1] = [60, 25, 2], [30, 79, 3]
    common = markov_order(chain(paths), "opinion")
    paths[2, 1, 2] = 1
    test = markov_order(chain(paths), "opinion")
    assert "Left out, fewer than five people there: 'c, w2, b'." in test.note
    assert "fewer than five" not in common.note
    assert common.pvalue < 0.001
    assert test.wald == pytest.approx(common.wald, rel=0.02)
    # The textbook statistics keep everyone.
    expected = stats.chi2_contingency(paths[:, 1], correction=False)
    assert test.textbook == pytest.approx(expected.statistic)
    assert (test.textbook_df, test.wald_df) == (4, 2)
    assert test.textbook > 1.5 * common.textbook


def test_a_column_that_is_rare_without_a_rare_row_goes_too():
    paths = np.zeros((3, 3, 3), dtype=int)
    paths[0, 1], paths[1, 1], paths[2, 1] = [60, 25, 2], [30, 80, 1], [0, 0, 3]
    test = markov_order(chain(paths), "opinion")
    assert "fewer than five people there: 'c, w2, b', 'w2, b, c'." in test.note
    assert test.wald_df == 1


def test_the_base_is_that_of_the_flows():
    panel = op.datasets.load("attitudes_2024").panel
    joint = op.flows(panel, "support")
    low, high = f"{joint.n.min():,.0f}", f"{joint.n.max():,.0f}"
    assert low != high
    for test in (stationarity(panel, "support"), homogeneity(panel, "support", by="gender")):
        assert f"n = {low} to {high} (unweighted)" in " ".join(test.base.split())


# ---- edges and refusals -----------------------------------------------------------------------


def test_empty_rows_and_columns_are_named_and_take_their_degrees_of_freedom():
    paths = np.zeros((3, 3, 3), dtype=int)
    paths[:2, :2, :2] = [[[20, 10], [3, 9]], [[5, 4], [2, 17]]]
    for test in (stationarity, markov_order):
        whole, part = test(chain(paths), "opinion"), test(chain(paths[:2, :2, :2]), "opinion")
        assert_same(numbers(whole), numbers(part))
        assert "Left out, nobody there: " in whole.note
        assert "Left out" not in part.note


def test_drop_out_can_be_a_state():
    panel = op.datasets.load("attitudes_2024").panel
    test = stationarity(panel, "support", base="panel")
    assert "nobody there: 'Jul 2024, Nov 2024, not interviewed'" in test.note
    assert "everyone interviewed at Jul 2024" in test.base
    balanced = stationarity(panel, "support", base="balanced")
    assert "answer at all of Jul 2024" in balanced.base


def test_texts():
    panel = op.datasets.load("attitudes_2024").panel
    test = markov_order(panel, "support", by="gender")
    assert test.name == (
        "Markov order of support, first or higher, "
        "Jul 2024 → Nov 2024 → Mar 2025 → Jul 2025, by gender"
    )
    assert "people with an answer at all of each three consecutive waves" in test.base
    test = homogeneity(panel, "support", by=["gender", "age_group"], waves=["Jul 2024", "Nov 2024"])
    assert test.name == (
        "Homogeneity of the transitions of support, by gender and age_group, Jul 2024 → Nov 2024"
    )
    assert "rows by group χ²(42)" in str(test)


def test_a_difference_in_rows_is_not_called_persuasion():
    paths = np.zeros((2, 2, 2), dtype=int)
    paths[:, :, :] = [[[40, 40], [5, 5]], [[5, 5], [40, 40]]]
    test = stationarity(chain(paths), "opinion")
    assert test.pvalue < 0.001
    assert test.note.endswith("A difference in rows may also be one in how reliably people answer.")


def test_refusals():
    four = op.datasets.load("attitudes_2024").panel
    panel = op.datasets.load("thomas_1991_3")
    for test in (stationarity, markov_order):
        with pytest.raises(SelectionError, match="at least 3 different"):
            test(panel, "opinion")
        with pytest.raises(SelectionError, match="order"):
            test(four, "support", waves=["Nov 2024", "Jul 2024", "Mar 2025"])
    with pytest.raises(SelectionError, match="over which groups"):
        homogeneity(panel, "opinion", by=None)
    stayers = np.zeros((2, 2, 2), dtype=int)
    stayers[0, 0, 0] = stayers[1, 1, 1] = 9
    for test in (stationarity, markov_order):
        with pytest.raises(DesignError, match="no two rows with people can be compared"):
            test(chain(stayers), "opinion")


def test_names_say_which_value_of_a_group_counts_and_it_does():
    frame = pd.DataFrame({"id": np.arange(400)})
    rng = np.random.default_rng(5)
    waves = ("w1", "w2", "w3", "w4")
    frames = {
        wave: frame.assign(answer=rng.integers(0, 2, 400), job=rng.choice(["a", "b"], 400))
        for wave in waves
    }
    panel = op.Panel.from_waves(
        frames,
        person="id",
        items={"x": op.Item("answer", {"no": [0], "yes": [1]})},
        groups={"job": "wave"},
    )
    assert "by job (at the earlier wave)" in stationarity(panel, "x", by="job").name
    three, four = (markov_order(panel, "x", waves=waves[:size], by="job") for size in (3, 4))
    assert "by job (at the first wave)" in three.name
    counted = 0.0
    answers, jobs = (
        pd.concat([frames[w][name] for w in waves[:3]], axis=1) for name in ("answer", "job")
    )
    answers.columns = jobs.columns = waves[:3]
    for _, part in answers.groupby([jobs["w1"], answers["w2"]]):
        table = pd.crosstab(part["w1"], part["w3"])
        counted += stats.chi2_contingency(table, correction=False).statistic
    assert three.textbook == pytest.approx(counted)
    assert "w1, w2, w3" in three.base
    assert "each three consecutive waves" in four.base
    assert "each three" not in three.base
