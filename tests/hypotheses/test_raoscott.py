"""Joint tests by Rao and Scott: identities, the textbook, degenerate input, size by simulation."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

import opinionpanel as op
from opinionpanel.design.sampling import Sampling
from opinionpanel.design.weights import PersonWeight
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.estimates.about import About
from opinionpanel.estimates.covariances import of_matrix
from opinionpanel.estimates.estimates import Estimates
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.estimates.labels import label_rows
from opinionpanel.estimates.totals import tally, weighted_cells
from opinionpanel.estimates.wald import wald_test
from opinionpanel.hypotheses.raoscott import joint_test, multinomial

few = settings(max_examples=20)
SECOND_ORDER = "Rao–Scott, second order"


def changes(value, covariance, df=20.0):
    """Differences a, b, … with a given covariance."""
    size = len(value)
    return Estimates(
        named=label_rows({"state": list("abcdefgh")[:size]}),
        value=np.array(value, dtype=float),
        spread=of_matrix(np.array(covariance, dtype=float)),
        freedom=Freedom(lambda: np.broadcast_to(np.asarray(df, dtype=float), size).copy()),
        n=np.full(size, 100.0),
        n_effective=np.full(size, 100.0),
        about=About(measure="net_change", title="Net change"),
        unit="change",
    )


@st.composite
def cases(draw, size=4):
    """Estimates with a covariance of any rank up to 4, few df, and a working covariance."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rank = draw(st.integers(1, size))
    root = rng.normal(size=(size, rank))
    working = rng.normal(size=(size, 3 * size))
    estimates = changes(rng.normal(size=size), root @ root.T, df=draw(st.integers(1, 15)))
    return estimates, working @ working.T


def numbers(test):
    return [test.statistic, test.df1, test.df2, test.pvalue, test.wald, test.wald_df]


# ---- identities -------------------------------------------------------------------------------


@few
@given(st.floats(-3, 3), st.floats(1e-6, 1e3), st.floats(1e-6, 1e3), st.integers(1, 50))
def test_for_a_single_contrast_f_is_the_wald_f(value, variance, working, df):
    estimates = changes([value], [[variance]], df=df)
    test, wald = joint_test(estimates, np.array([[working]])), wald_test(estimates)
    assert test.form == ("Wald" if df >= 5 else SECOND_ORDER)
    np.testing.assert_allclose(numbers(test), numbers(wald), rtol=1e-9, atol=1e-300)


@few
@given(cases(), st.floats(1e-3, 1e3))
def test_a_covariance_in_proportion_to_the_working_one_gives_w_over_m(case, effect):
    estimates, working = case
    estimates = replace(estimates, spread=of_matrix(effect * working))
    test = joint_test(estimates, working)
    wald = estimates.value @ np.linalg.solve(effect * working, estimates.value)
    assert test.form == SECOND_ORDER
    df = estimates.df[0]
    expected = [wald / 4, 4, 4 * df, stats.f.sf(wald / 4, 4, 4 * df), wald, 4]
    np.testing.assert_allclose(numbers(test), expected, rtol=1e-6)


@few
@given(cases(), st.integers(0, 2**32 - 1))
def test_it_does_not_matter_how_the_hypothesis_is_written_down(case, seed):
    estimates, working = case
    # Well-conditioned combinations, and one of them twice.
    mixed = np.random.default_rng(seed).normal(size=(4, 4)) + 4 * np.eye(4)
    mixed = np.vstack([mixed, mixed[1] - mixed[2]])
    again = estimates.contrast(mixed, {"state": list("abcde")})
    np.testing.assert_allclose(
        numbers(joint_test(again, mixed @ working @ mixed.T)),
        numbers(joint_test(estimates, working)),
        rtol=1e-6,
    )


@few
@given(cases(), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_the_scale_of_estimates_and_of_the_working_matrix_is_immaterial(case, unit, other):
    estimates, working = case
    scaled = changes(unit * estimates.value, unit**2 * estimates.covariance, df=estimates.df)
    np.testing.assert_allclose(
        numbers(joint_test(scaled, other * working)),
        numbers(joint_test(estimates, working)),
        rtol=1e-6,
    )


def test_by_hand():
    # A = I, V = diag(1, 3): X² = 4 + 9, tr Δ = 4, tr Δ² = 10.
    test = joint_test(changes([2.0, 3.0], np.diag([1.0, 3.0]), df=4), np.eye(2))
    expected = [13 / 4, 16 / 10, 6.4, stats.f.sf(13 / 4, 1.6, 6.4), 6.5, 2]
    np.testing.assert_allclose(numbers(test), expected)
    assert test.wald_pvalue == pytest.approx(stats.chi2.sf(6.5, 2))
    assert "[Rao–Scott, second order]" in str(test)


def test_people_drawn_one_by_one_give_the_textbook(from_table):
    # 14 people: the Wald F would need 15 degrees of freedom for three differences.
    counts = np.array([[2, 1, 2], [2, 1, 1], [1, 3, 1]])
    joint = op.flows(from_table(["a", "b", "c"], counts), "opinion")
    n, states = counts.sum(), [(0, 1), (0, 2), (1, 2)]
    contrast = np.zeros((3, 9))
    for row, (i, j) in enumerate(states):
        contrast[row, 3 * i + j], contrast[row, 3 * j + i] = 1, -1
    difference = joint.contrast(contrast, {"pair": ["ab", "ac", "bc"]})
    # At the estimate: Wald, n − 1 for n.
    working = multinomial(joint, ["from_wave", "to_wave"], contrast)
    test = joint_test(difference, working)
    assert test.form == SECOND_ORDER
    assert test.wald == pytest.approx(wald_test(difference).wald)
    # Under the hypothesis: X² is Bowker's.
    null = replace(joint, value=((counts + counts.T) / (2 * n)).ravel())
    working = multinomial(null, ["from_wave", "to_wave"], contrast)
    bowker = sum(
        (counts[i, j] - counts[j, i]) ** 2 / (counts[i, j] + counts[j, i]) for i, j in states
    )
    test = joint_test(difference, working)
    trace = np.trace(np.linalg.solve(working, difference.covariance))
    assert test.statistic == pytest.approx(bowker / trace)
    assert trace == pytest.approx((3 - bowker / n) * n / (n - 1))


def test_the_multinomial_covariance_is_that_of_the_shares(from_table):
    joint = op.flows(from_table(["a", "b"], [[4, 3], [0, 5]]), "opinion")
    np.testing.assert_allclose(
        multinomial(joint, ["from_wave", "to_wave"], np.eye(len(joint))) * 12 / 11,
        joint.covariance,
        atol=1e-15,
    )


def test_tables_are_taken_as_independent_and_empty_ones_as_nothing(build):
    moves = op.transitions(build(), "support")
    within = ["from_wave", "to_wave", "origin"]
    working = multinomial(moves, within, np.eye(len(moves)))
    assert np.isfinite(working).all()
    assert not working[:3, 3:].any()
    empty = replace(moves, value=moves.value * np.nan, n=moves.n * 0)
    assert not multinomial(empty, within, np.eye(len(empty))).any()


# ---- which form -------------------------------------------------------------------------------


def test_the_wald_form_needs_five_degrees_of_freedom_for_each():
    value, covariance = [0.1, 0.2, 0.1], np.diag([0.01, 0.02, 0.01])
    for df, form in ((15, "Wald"), (14, SECOND_ORDER), (1, SECOND_ORDER)):
        test = joint_test(changes(value, covariance, df=df), np.eye(3))
        assert test.form == form
    wald = joint_test(changes(value, covariance, df=15), np.eye(3))
    assert numbers(wald) == numbers(wald_test(changes(value, covariance, df=15)))


def test_few_people_need_the_second_order_form_whatever_the_design():
    estimates = changes([0.1, 0.2, 0.1], np.diag([0.01, 0.02, 0.01]), df=500)
    assert joint_test(estimates, np.eye(3), sparse=True).form == SECOND_ORDER
    assert joint_test(estimates, np.eye(3)).form == "Wald"


def test_fewer_psus_than_estimates():
    # V has rank 2; the Wald form is refused, the other one is not.
    root = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [2.0, 1.0]])
    estimates = changes([0.5, 1.0, -1.0, 0.3], root @ root.T, df=2)
    with pytest.raises(DesignError, match="2 degrees of freedom"):
        wald_test(estimates)
    test = joint_test(estimates, np.eye(4))
    trace = np.trace(root @ root.T)
    assert test.statistic == pytest.approx((0.25 + 1 + 1 + 0.09) / trace)
    assert test.df1 <= 2
    assert test.wald_df == 4


def test_all_net_changes_or_all_but_one():
    rng = np.random.default_rng(4)
    sums = np.eye(4) - 0.25
    root = sums @ rng.normal(size=(4, 9))
    working = sums @ np.diag([1.0, 2.0, 3.0, 4.0]) @ sums
    estimates = changes(sums @ rng.normal(size=4), root @ root.T, df=9)
    whole = joint_test(estimates, working)
    assert whole.wald_df == 3
    for omitted in range(4):
        rest = np.delete(np.arange(4), omitted)
        part = joint_test(
            estimates.select(state=list(np.array(list("abcd"))[rest])), working[np.ix_(rest, rest)]
        )
        np.testing.assert_allclose(numbers(part), numbers(whole), rtol=1e-9)


# ---- degenerate input -------------------------------------------------------------------------


def test_what_is_left_out_is_named():
    covariance = np.diag([1.0, 1.0, 0.0, 0.0, np.nan])
    estimates = changes([1.0, 2.0, 0.0, 0.2, np.nan], covariance, df=4)
    test = joint_test(estimates, np.diag([1.0, 1.0, 0.0, 1.0, 0.0]))
    assert test.statistic == pytest.approx(2.5)
    assert test.wald_df == 2
    assert "undefined: 'e'" in test.note
    assert "zero and without variance: 'c'" in test.note
    assert "not zero but without variance, which no test can weigh: 'd'" in test.note


def test_a_base_without_degrees_of_freedom_is_left_out_and_named():
    estimates = changes([1.0, 2.0, 5.0], np.eye(3), df=[6, 6, 0])
    test = joint_test(estimates, np.eye(3))
    assert test.statistic == pytest.approx(2.5)
    assert test.df2 == 12
    assert "undefined: 'c'" in test.note


def test_no_working_variance_where_there_is_one():
    # Replicates may move what the sample itself does not.
    test = joint_test(changes([1.0, 2.0], np.eye(2), df=3), np.diag([1.0, 0.0]))
    assert test.statistic == pytest.approx(1.0)
    assert "undefined: 'b'" in test.note


def test_the_sentences():
    words = {"found": "There is one.", "none": "There may be none."}
    for value, sentence in ((9.0, "There is one."), (0.1, "There may be none.")):
        for df in (3, 30):
            estimates = changes([value, 0.1], np.eye(2), df=df)
            assert joint_test(estimates, np.eye(2), **words).note == sentence
    plain = joint_test(changes([0.1], [[1.0]], df=2), np.eye(1))
    assert plain.note.endswith("that does not show that there is none.")


def test_refusals():
    with pytest.raises(SelectionError, match="These are shares"):
        joint_test(replace(changes([0.3], [[0.01]]), unit="share"), np.eye(1))
    with pytest.raises(DesignError, match="nothing to test"):
        joint_test(changes([0.0, 0.0], np.zeros((2, 2))), np.eye(2))
    with pytest.raises(DesignError, match="No standard error"):
        joint_test(changes([1.0, 1.0], np.eye(2), df=0), np.eye(2))
    with pytest.raises(DesignError, match="No standard error"):
        joint_test(changes([np.nan], [[np.nan]]), np.zeros((1, 1)))


def test_calibrated_to_what_is_tested():
    # A margin fixes the sum of the first two. Known not to be zero, it counts as it is where the
    # second-order form is used; the Wald form has no place for it and refuses.
    covariance = [[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    fixed = joint_test(changes([0.5, 0.5, 0.1], covariance, df=6), np.eye(3))
    assert fixed.statistic == pytest.approx((0.25 + 0.25 + 0.01) / 3)
    with pytest.raises(DesignError, match="calibrated"):
        joint_test(changes([0.5, 0.5, 0.1], covariance, df=60), np.eye(3))


# ---- its size ---------------------------------------------------------------------------------


def test_rejection_rates_with_twelve_psus(record_property):
    """Symmetry of four states, 12 PSUs of 25 people, no true difference."""
    rng = np.random.default_rng(20241107)
    states, clusters, members, runs = 4, 12, 25, 300
    flow = np.full((states, states), 0.4 / 12)
    np.fill_diagonal(flow, 0.6 / 4)
    pairs = [(i, j) for i in range(states) for j in range(i + 1, states)]
    contrast = np.zeros((6, 16))
    for row, (i, j) in enumerate(pairs):
        contrast[row, states * i + j], contrast[row, states * j + i] = 1, -1
    labels = label_rows({"table": ["t"] * 16, "flow": [str(cell) for cell in range(16)]})
    people = clusters * members
    sampling = Sampling(
        stratum=np.zeros(people, dtype=np.int64),
        psu=np.repeat(np.arange(clusters), members),
        stratum_of_psu=np.zeros(clusters, dtype=np.int64),
        sampled=np.array([clusters]),
        population=np.full(1, np.inf),
        lonely_psu="fail",
        fractions=False,
    )
    about = About(measure="flows", title="flows")
    pvalues = []
    for _ in range(runs):
        # PSUs differ, but by chance alone favour neither direction.
        shares = rng.dirichlet(20 * flow.ravel(), clusters)
        draws = rng.random((clusters, members))
        codes = (draws[:, :, None] > shares.cumsum(axis=1)[:, None, :-1]).sum(axis=2).ravel()
        weight = rng.choice([0.5, 1.0, 2.0], people)
        cells = weighted_cells(codes, PersonWeight(weight, "w"), labels)
        joint = tally(sampling, [cells]).shares(["table"], about)
        difference = joint.contrast(contrast, {"pair": [f"{i}{j}" for i, j in pairs]})
        back = joint.value.reshape(states, states).T.ravel()
        null = replace(joint, value=(joint.value + back) / 2)
        test = joint_test(difference, multinomial(null, ["table"], contrast))
        wald = wald_test(difference)
        pvalues.append([test.pvalue, test.wald_pvalue, wald.pvalue, wald.wald_pvalue])
    names = ["second order", "first order", "Wald F", "Wald χ²"]
    below = {level: (np.array(pvalues) < level).mean(axis=0) for level in (0.05, 0.1, 0.5)}
    table = pd.DataFrame(below, index=names)
    record_property("table", table.round(3).to_string())
    # Three standard errors of 300 runs are .038 at .05, .087 at .5. The second order is on the
    # safe side; χ² of the Wald form is of no use.
    assert table.loc["second order", 0.05] < 0.05 + 0.038
    assert 0.02 < table.loc["second order", 0.1] < 0.1 + 0.052
    assert abs(table.loc["second order", 0.5] - 0.5) < 0.1
    assert table.loc["Wald χ²", 0.05] > 0.3


# ---- thresholds at their boundary -------------------------------------------------------------


@pytest.mark.parametrize(
    ("df", "kept", "freedom"),
    [
        ([40, 30, 5], "abc", 5),  # five degrees of freedom are just enough
        ([40, 30, 4], "ab", 30),
        ([20, 20, 4], "ab", 20),  # twenty are just many
        ([19, 19, 4], "abc", 4),
        ([19, 19, 1], "abc", 1),
        ([19, 19, 0], "ab", 19),
    ],
)
def test_a_base_with_few_df_is_left_out_where_another_has_many(df, kept, freedom):
    estimates = changes([0.3, 0.2, 0.1], np.diag([0.01, 0.02, 0.03]), df=df)
    test = joint_test(estimates, np.diag([0.01, 0.01, 0.01]), sparse=True)
    assert test.df2 / test.df1 == pytest.approx(freedom)
    assert ("undefined: 'c'" in test.note) == (kept == "ab")
    # X² of those kept over the sum of their design effects.
    squares, effects = np.array([9.0, 4.0, 1.0])[: len(kept)], np.array([1.0, 2, 3])[: len(kept)]
    assert test.statistic == pytest.approx(squares.sum() / effects.sum())
    assert test.df1 == pytest.approx(effects.sum() ** 2 / (effects**2).sum())
    assert test.wald == pytest.approx(len(kept) * squares.sum() / effects.sum())


@pytest.mark.parametrize(("df", "form"), [(15, "Wald"), (14, SECOND_ORDER)])
def test_the_wald_form_needs_five_degrees_of_freedom_for_each_contrast(df, form):
    estimates = changes([0.3, 0.2, 0.1], np.diag([0.01, 0.02, 0.03]), df=df)
    assert joint_test(estimates, np.diag([0.01, 0.01, 0.01])).form == form


def test_the_working_covariance_takes_tables_as_independent_and_each_with_its_own_base():
    labels = label_rows({"wave": list("yyxx"), "state": list("abab")})
    shares = replace(
        changes([0.2, 0.8, 0.5, 0.5], np.eye(4)),
        named=labels,
        n=np.array([50.0, 50, 20, 20]),
    )
    found = multinomial(shares, ["wave"], np.eye(4))
    first, second = 0.16 / 50, 0.25 / 20
    expected = np.zeros((4, 4))
    expected[:2, :2] = [[first, -first], [-first, first]]
    expected[2:, 2:] = [[second, -second], [-second, second]]
    np.testing.assert_allclose(found, expected)
    sums = np.array([[1.0, 1, 0, 0], [1, 0, -1, 2]])
    found = multinomial(shares, ["wave"], sums)
    np.testing.assert_allclose(found, sums @ expected @ sums.T, atol=1e-16)
