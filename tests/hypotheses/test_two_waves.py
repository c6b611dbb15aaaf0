"""Tests of change against published statistics, other programs, identities, and refusals."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from places import PUBLISHED_FIGURES
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable, mcnemar

import opinionpanel as op
from opinionpanel.errors import DesignError, OpinionPanelError, SelectionError
from opinionpanel.hypotheses.two_waves import (
    equal_flows,
    marginal_homogeneity,
    quasi_symmetry,
    symmetry,
)
from opinionpanel.strategies import panel_parts, panels

PUBLISHED = PUBLISHED_FIGURES
published = pytest.mark.skipif(
    not PUBLISHED.is_file(), reason="the shared reference figures are not here"
)
few = settings(max_examples=6)
# The fixture is a function without memory.
many = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
tables = st.integers(2, 4).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(1, 40), min_size=size, max_size=size), min_size=size, max_size=size
    )
)


@cache
def figures():
    return json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]


def states_of(counts):
    return list("abcdef"[: len(counts)])


def opposite(panel, item):
    first, second = panel.item(item).state_names[:2]
    return equal_flows(panel, item, (first, second), (second, first))


TESTS = [marginal_homogeneity, symmetry, quasi_symmetry, opposite]


def numbers(test):
    """What must not depend on how the data are written down; None where refused."""
    classical = [test.textbook, test.textbook_df, test.deviance]
    own = [test.statistic, test.df1, test.df2, test.pvalue, test.wald, test.wald_df]
    return own + [np.nan if value is None else value for value in classical]


def outcome(test, panel):
    try:
        return numbers(test(panel, "opinion"))
    except OpinionPanelError as refusal:
        return type(refusal)


def assert_same(first, second):
    if isinstance(first, type) or isinstance(second, type):
        assert first == second
    else:
        np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-8)


# ---- published figures ------------------------------------------------------------------------


@published
@pytest.mark.parametrize("name", ["thomas_1991", "thomas_1991_3", "dutch_1977_party"])
def test_published_bundled_tables(name):
    reference = figures()[name]
    panel = op.datasets.load(name)
    (item,) = panel.items
    test = marginal_homogeneity(panel, item)
    n = panel.present.shape[1]
    assert [test.textbook, test.textbook_df] == pytest.approx(reference["stuart_maxwell"], abs=6e-5)
    # The design-based Wald statistic divides by n - 1 where Bhapkar's divides by n.
    assert test.wald == pytest.approx(reference["bhapkar"] * (n - 1) / n, abs=6e-5)
    test = symmetry(panel, item)
    assert [test.textbook, test.textbook_df] == pytest.approx(reference["bowker"], abs=6e-5)


@published
def test_published_vision(from_table):
    reference = figures()["stuart_vision"]
    panel = from_table(list("abcd"), reference["counts"])
    for test, name in ((marginal_homogeneity, "stuart_maxwell"), (symmetry, "bowker")):
        result = test(panel, "opinion")
        assert [result.textbook, result.textbook_df] == pytest.approx(reference[name], abs=6e-5)


@published
def test_published_mcnemar():
    panel = op.datasets.load("agresti_approval")
    (item,) = panel.items
    for test in (marginal_homogeneity, symmetry, opposite):
        statistic = figures()["agresti_approval"]["mcnemar"]
        assert test(panel, item).textbook == pytest.approx(statistic, abs=6e-5)


@published
def test_published_vaccinations(from_table):
    reference = figures()["vaccinations"]
    for counts, statistic in zip(
        reference["pairs"].values(), reference["stuart_maxwell"], strict=True
    ):
        panel = from_table(["Never", "Sometimes", "Always"], counts)
        test = marginal_homogeneity(panel, "opinion")
        assert test.textbook == pytest.approx(statistic, abs=6e-5)


@published
def test_published_erie(from_table):
    reference = figures()["erie_1940"]
    for month, counts in enumerate(reference["tables"].values()):
        panel = from_table(reference["states"], counts)
        for test, name in ((marginal_homogeneity, "stuart_maxwell"), (symmetry, "bowker")):
            found = test(panel, "opinion").textbook
            assert found == pytest.approx(reference[name][month], abs=6e-5)


def weighted_thomas(reference, **design):
    """The panel that the published figures describe."""
    counts, states = np.array(reference["counts"]), reference["states"]
    cells = [(i, j, k) for i in range(3) for j in range(3) for k in range(counts[i, j])]
    number = np.arange(len(cells))
    frame = pd.DataFrame(
        {
            "person": number,
            "w1": [states[i] for i, _, _ in cells],
            "w2": [states[j] for _, j, _ in cells],
            "weight": [1 + (k % 4) / 2 for _, _, k in cells],
            "psu": number % 60,
            "stratum": number % 60 % 4,
        }
    )
    item = op.Item({"1": "w1", "2": "w2"}, {state: [state] for state in states})
    return op.Panel.from_wide(
        frame, person="person", items={"x": item}, design=op.Design(weight="weight", **design)
    )


@published
def test_published_weighted_figures():
    reference = figures()["thomas_1991_3"]
    weighted = reference["weighted"]
    panel = weighted_thomas(reference)
    for test, name, m in (
        (marginal_homogeneity, "marginal_homogeneity", 2),
        (symmetry, "symmetry", 3),
    ):
        result = test(panel, "x")
        assert result.form == "Wald"
        assert result.wald == pytest.approx(weighted[f"wald_{name}_iid"], rel=1e-7)
        assert result.statistic == pytest.approx(result.wald * (990 - m + 1) / (990 * m))
    stay = {"origin": "favourable", "destination": "favourable"}
    clustered = weighted_thomas(reference, psu="psu", stratum="stratum")
    for each, error in ((panel, "se_iid"), (clustered, "se_strata_psu")):
        row = op.transitions(each, "x").select(**stay)
        assert row.value[0] == pytest.approx(weighted["p_favourable_favourable"], abs=6e-9)
        assert row.std_error[0] == pytest.approx(weighted[error], abs=6e-9)
    turnover = op.turnover(panel, "x").select(component="total")
    assert turnover.value[0] == pytest.approx(weighted["turnover"], abs=6e-9)
    assert turnover.std_error[0] == pytest.approx(weighted["turnover_se_iid"], abs=6e-9)


# ---- other programs ---------------------------------------------------------------------------


@many
@given(counts=tables)
def test_statsmodels(from_table, counts):
    panel, n = from_table(states_of(counts), counts), np.sum(counts)
    square = SquareTable(np.array(counts, dtype=float), shift_zeros=False)
    test = symmetry(panel, "opinion")
    bowker = square.symmetry()
    assert [test.textbook, test.textbook_df] == pytest.approx([bowker.statistic, bowker.df])
    test = marginal_homogeneity(panel, "opinion")
    maxwell = square.homogeneity(method="stuart_maxwell")
    assert [test.textbook, test.textbook_df] == pytest.approx([maxwell.statistic, maxwell.df])
    if test.form == "Wald":
        bhapkar = square.homogeneity(method="bhapkar").statistic
        assert test.wald == pytest.approx(bhapkar * (n - 1) / n)
    exact = mcnemar(np.array(counts)[:2, :2], exact=False, correction=False)
    assert opposite(panel, "opinion").textbook == pytest.approx(exact.statistic)


def test_quasi_symmetry_of_three_states_by_hand(from_table):
    # One log-ratio; under simple random sampling its variance is the sum of 1/n over six cells.
    counts = np.array([[199, 62, 15], [215, 260, 101], [25, 24, 90]])
    test = quasi_symmetry(from_table(["a", "b", "c"], counts), "opinion")
    ratio = np.log(62 * 101 * 25 / (215 * 24 * 15))
    variance = sum(1 / n for n in (62, 101, 25, 215, 24, 15))
    assert test.wald == pytest.approx(ratio**2 / variance * 990 / 991)
    assert (test.df1, test.textbook_df) == (1, 1)


def test_quasi_symmetry_holds_where_it_was_built_in(from_table):
    pull = np.array([1, 2, 3, 4])
    shared = np.array([[9, 6, 3, 2], [6, 8, 5, 1], [3, 5, 7, 4], [2, 1, 4, 9]])
    test = quasi_symmetry(from_table(list("abcd"), shared * pull[:, None]), "opinion")
    assert test.wald_df == 3
    assert [test.wald, test.textbook, test.deviance] == pytest.approx([0, 0, 0], abs=1e-8)
    assert "does not show" in test.note


# ---- identities -------------------------------------------------------------------------------


@few
@given(panels(waves=(2, 2), states=(2, 2)))
def test_two_states(panel):
    found = [outcome(test, panel) for test in (marginal_homogeneity, symmetry, opposite)]
    assert_same(found[0], found[1])
    assert_same(found[0], found[2])
    assert outcome(quasi_symmetry, panel) in (SelectionError, DesignError)


@many
@given(counts=tables)
def test_symmetric_tables_give_zero(from_table, counts):
    counts = np.array(counts) + np.array(counts).T
    panel = from_table(states_of(counts), counts)
    for test in TESTS if len(counts) > 2 else TESTS[:2]:
        result = test(panel, "opinion")
        assert [result.statistic, result.wald, result.textbook] == pytest.approx([0] * 3, abs=1e-8)
        assert result.pvalue == pytest.approx(1)
        assert "that does not show that" in result.note


@few
@given(panel_parts(waves=(2, 3)), st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_names_of_states_matter(parts, random):
    states = [(state, codes) for state, codes in parts.item.states.items()]
    random.shuffle(states)
    item = replace(parts.item, states={f"z{name}": codes for name, codes in states})
    renamed = replace(parts, item=item)
    for test in TESTS[:3]:
        assert_same(outcome(test, parts.panel()), outcome(test, renamed.panel()))


@few
@given(
    panel_parts(waves=(2, 3), weights=["constant"], designs=["people", "stratified", "clustered"]),
    st.sampled_from([0.01, 10.0, 1e4]),
)
def test_the_scale_of_weights_does_not_matter(parts, factor):
    frames = {
        wave: frame.assign(weight=factor * frame["weight"]) for wave, frame in parts.frames.items()
    }
    scaled = replace(parts, frames=frames)
    for test in TESTS:
        assert_same(outcome(test, parts.panel()), outcome(test, scaled.panel()))


@few
@given(panels(), st.sampled_from([None, "gender"]))
def test_a_number_or_a_reason(panel, by):
    for test in (marginal_homogeneity, symmetry, quasi_symmetry):
        try:
            result = test(panel, "opinion", by=by)
        except (DesignError, SelectionError):
            continue
        assert 0 <= result.pvalue <= 1
        assert result.statistic >= 0
        assert np.isfinite([result.df1, result.df2, result.wald]).all()


def test_marginal_homogeneity_is_the_joint_test_of_the_net_changes():
    panel = op.datasets.load("attitudes_2024").panel
    test = marginal_homogeneity(panel, "support")
    joint = op.net_change(panel, "support").test()
    assert test.form == "Wald"
    assert numbers(test)[:6] == numbers(joint)[:6]
    assert test.textbook is None


def test_over_groups_it_is_the_joint_test_of_their_differences():
    panel = op.datasets.load("attitudes_2024").panel
    pair = {"waves": ["Jul 2024", "Nov 2024"], "by": "gender"}
    test = equal_flows(panel, "support", ("approve", "unsure"), ("unsure", "approve"), **pair)
    joint = op.flows(panel, "support", **pair)
    rows = np.zeros((2, len(joint)))
    for row, gender in enumerate(joint.labels["gender"].drop_duplicates()):
        inside = joint.labels["gender"] == gender
        for sign, flow in ((1, ("approve", "unsure")), (-1, ("unsure", "approve"))):
            cell = (joint.labels[["origin", "destination"]] == list(flow)).all(axis=1)
            rows[row, inside & cell] = sign
    expected = joint.contrast(rows, {"gender": ["1", "2"]}).test()
    assert test.wald == pytest.approx(expected.wald)
    assert (test.wald_df, test.textbook) == (2, None)
    assert "in at least one of the tables" in test.note or "No detectable" in test.note


def test_the_base_of_several_pairs_is_that_of_their_flows():
    panel = op.datasets.load("attitudes_2024").panel
    joint = op.flows(panel, "support")
    low, high = f"{joint.n.min():,.0f}", f"{joint.n.max():,.0f}"
    assert low != high
    for test in (marginal_homogeneity, symmetry, quasi_symmetry):
        base = " ".join(test(panel, "support").base.split())
        assert f"n = {low} to {high} (unweighted)" in base


# ---- two flows in words -----------------------------------------------------------------------


def test_two_flows_in_words(from_table):
    panel = from_table(["approve", "unsure"], [[205, 21], [19, 216]])
    flows = ("approve", "unsure"), ("unsure", "approve")
    test = equal_flows(panel, "opinion", *flows)
    p, q = 21 / 461, 19 / 461
    error = np.sqrt((p + q - (p - q) ** 2) / 460)
    half = stats.t.isf(0.025, 460) * error
    assert test.statistic == pytest.approx(((p - q) / error) ** 2)
    assert test.textbook == pytest.approx(2**2 / 40)
    low = f"{100 * (p - q - half):+.1f}".replace("-", "−")
    assert test.note == (
        "approve → unsure 4.6%, unsure → approve 4.1%: a difference of +0.4 points (95% interval "
        f"{low} to {100 * (p - q + half):+.1f}). No detectable difference "
        "between approve → unsure and unsure → approve; that does not show that there is none."
    )
    back = equal_flows(panel, "opinion", *flows[::-1])
    assert back.statistic == pytest.approx(test.statistic)
    assert "a difference of −0.4 points" in back.note


def test_any_two_flows_can_be_compared(from_table):
    counts = [[40, 20, 9], [10, 40, 3], [2, 8, 30]]
    test = equal_flows(from_table(list("abc"), counts), "opinion", ("a", "a"), ("b", "c"))
    assert test.textbook == pytest.approx((40 - 3) ** 2 / 43)
    assert "a → a and b → c differ by more than chance would explain." in test.note


def test_flows_of_the_whole_panel_include_drop_out():
    panel = op.datasets.load("attitudes_2024").panel
    pair = {"waves": ["Jul 2024", "Nov 2024"], "base": "panel"}
    flows = ("approve", "not interviewed"), ("oppose", "not interviewed")
    test = equal_flows(panel, "support", *flows, **pair)
    assert "approve → not interviewed" in test.note
    assert "everyone interviewed at Jul 2024" in test.base


@pytest.mark.parametrize("flow", ["approve → unsure", "ab", ("a",), ("a", "b", "a")])
def test_a_flow_is_a_pair_of_states(from_table, flow):
    panel = from_table(["a", "b"], [[40, 10], [10, 40]])
    for flows in ((flow, ("b", "a")), (("b", "a"), flow)):
        with pytest.raises(SelectionError, match=r"a pair (of states, )?\("):
            equal_flows(panel, "opinion", *flows)


# ---- edges and refusals -----------------------------------------------------------------------


def test_no_net_change_is_not_called_change(from_table):
    test = marginal_homogeneity(from_table(["a", "b"], [[40, 10], [10, 40]]), "opinion")
    assert test.wald == pytest.approx(0)
    assert test.pvalue == pytest.approx(1)
    assert "does not show" in str(test)


def test_nobody_changed(from_table):
    panel = from_table(["a", "b", "c"], [[4, 0, 0], [0, 4, 0], [0, 0, 4]])
    for test in TESTS[:3]:
        with pytest.raises(DesignError, match="Nobody in the base changed state"):
            test(panel, "opinion")
    with pytest.raises(DesignError, match="None of the 1 estimate"):
        opposite(panel, "opinion")


def test_two_psus_use_the_second_order_form():
    frame = pd.DataFrame({"id": range(12), "psu": [0, 1] * 6, "w1": list("aabbccaabbcc")})
    frame["w2"] = list("abbccababcaa")
    item = op.Item({"1": "w1", "2": "w2"}, {state: [state] for state in "abc"})
    design = op.Design(weight=None, psu="psu")
    panel = op.Panel.from_wide(frame, person="id", items={"x": item}, design=design)
    test = marginal_homogeneity(panel, "x")
    # Two PSUs differ in one direction only: a t test in it.
    assert test.form == "Rao–Scott, second order"
    assert (test.df1, test.df2, test.wald_df) == pytest.approx((1, 1, 2))


def test_a_state_of_stayers_drops_out_and_is_named(from_table):
    panel = from_table(["a", "b", "c"], [[40, 20, 0], [10, 40, 0], [0, 0, 9]])
    test = marginal_homogeneity(panel, "opinion")
    assert (test.df1, test.textbook_df) == (1, 1)
    assert "zero and without variance: 'c'" in test.note
    test = symmetry(panel, "opinion")
    assert (test.df1, test.textbook_df) == (1, 1)
    assert "zero and without variance: 'a, c', 'b, c'" in test.note


def test_a_state_that_nobody_has_drops_out_and_is_named(from_table):
    panel = from_table(list("abcd"), [[30, 20, 5, 0], [10, 40, 8, 0], [7, 3, 20, 0], [0, 0, 0, 0]])
    whole = [test(panel, "opinion") for test in TESTS]
    three = from_table(list("abc"), [[30, 20, 5], [10, 40, 8], [7, 3, 20]])
    for test, result in zip(TESTS, whole, strict=True):
        assert_same(numbers(result), numbers(test(three, "opinion")))
    for result in whole[:2]:
        assert "zero and without variance" in result.note
    assert whole[2].note.endswith("Left out, nobody there: 'w1, w2, d'.")


def test_quasi_symmetry_needs_every_flow(from_table):
    panel = from_table(["a", "b", "c"], [[40, 20, 0], [10, 40, 3], [2, 8, 9]])
    with pytest.raises(DesignError, match="nobody went a → c"):
        quasi_symmetry(panel, "opinion")
    with pytest.raises(SelectionError, match="needs three states"):
        quasi_symmetry(from_table(["a", "b"], [[4, 2], [1, 4]]), "opinion")


def test_refusals(from_table):
    panel = from_table(["a", "b"], [[40, 10], [12, 40]])
    for test in TESTS[:3]:
        with pytest.raises(SelectionError, match="have no way back"):
            test(panel, "opinion", base="panel")
    with pytest.raises(SelectionError, match="state of item 'opinion'"):
        equal_flows(panel, "opinion", ("a", "B"), ("b", "a"))
    with pytest.raises(SelectionError, match="compared with itself"):
        equal_flows(panel, "opinion", ("a", "b"), ("a", "b"))


# ---- every design -----------------------------------------------------------------------------


def test_replicates_are_near_linearisation():
    parts = {
        "gender": lambda rng, n: rng.choice(["man", "woman"], n),
        "stratum": lambda rng, n: np.arange(n) % 40 % 2,
        "psu": lambda rng, n: np.arange(n) % 40,
        "weight": lambda rng, n: rng.choice([0.5, 1.0, 2.0], n),
    }
    rng, n = np.random.default_rng(7), 800
    frame = pd.DataFrame({"id": range(n)} | {name: draw(rng, n) for name, draw in parts.items()})
    frame["w1"] = rng.choice(list("abc"), n)
    again = rng.choice(list("abc"), n, p=[0.4, 0.4, 0.2])
    frame["w2"] = np.where(rng.random(n) < 0.6, frame["w1"], again)
    item = op.Item({"1": "w1", "2": "w2"}, {state: [state] for state in "abc"})
    design = op.Design(weight="weight", stratum="stratum", psu="psu")
    plain, jackknife = (
        op.Panel.from_wide(
            frame, person="id", items={"opinion": item}, groups=["gender"], design=each
        )
        for each in (design, design.as_replicates("jkn"))
    )
    shares = {"gender": {"man": 0.4, "woman": 0.6}}
    for panels_ in ((plain, jackknife), (op.rake(plain, shares), op.rake(jackknife, shares))):
        for test in TESTS:
            linear, replicated = (test(panel, "opinion") for panel in panels_)
            assert linear.form == replicated.form
            assert replicated.wald == pytest.approx(linear.wald, rel=0.1)
            assert replicated.textbook == pytest.approx(linear.textbook)
