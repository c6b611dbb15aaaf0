from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.covariances import of_matrix
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.strategies import panels

MEASURES = st.sampled_from([op.shares, op.flows, op.transitions, op.net_change, op.turnover])
few = settings(max_examples=15)


@pytest.fixture
def shares(build):
    return op.shares(build(), "support", by="gender")


def one_label(*names):
    return pd.DataFrame({"what": list(names)})


def test_frame_has_labels_then_figures(shares):
    frame = shares.to_frame()
    figures = ["estimate", "std_error", "conf_low", "conf_high", "n", "n_cell"]
    assert list(frame) == ["wave", "gender", "state", *figures]
    assert frame["n"].dtype.kind == frame["n_cell"].dtype.kind == "i"
    assert frame.groupby(["wave", "gender"])["n_cell"].sum().tolist() == [4, 3, 4, 3]


def test_a_frame_can_withhold_and_judge(shares):
    frame = shares.to_frame(min_n=4, reliable=True)
    assert list(frame)[-3:] == ["reliable", "reason", "withheld"]
    # The women are three, and the men with the total would give them away.
    assert set(frame["n"]) == {3, 4}
    assert frame["withheld"].all()


def test_select_keeps_the_covariance(shares):
    some = shares.select(gender="woman", state=["approve", "oppose"])
    rows = some.labels.merge(shares.labels.reset_index(), how="left")["index"].to_numpy()
    np.testing.assert_array_equal(some.value, shares.value[rows])
    np.testing.assert_array_equal(some.covariance, shares.covariance[np.ix_(rows, rows)])
    assert len(some) == 4


@pytest.mark.parametrize(
    ("call", "near"),
    [
        (lambda e: e.select(gendr="woman"), "gender"),
        (lambda e: e.select(gender="women"), "woman"),
        (lambda e: e.select(state=["approve", "aprove"]), "approve"),
        (lambda e: e.difference("wav", "Nov", minus="Jul"), "wave"),
        (lambda e: e.difference("wave", "Nvo", minus="Jul"), "Nov"),
        (lambda e: e.difference("wave", "Nov", minus="July"), "Jul"),
    ],
)
def test_unknown_labels(shares, call, near):
    with pytest.raises(SelectionError, match=f"Did you mean '{near}'"):
        call(shares)


def test_select_of_nothing(shares):
    flows = shares.select(wave="Jul", gender="man")
    with pytest.raises(SelectionError, match="Unknown gender 'woman'"):
        flows.select(gender="woman")


def test_difference_of_groups_by_hand(shares):
    gap = shares.difference("gender", "man", minus="woman")
    man, woman = shares.select(gender="man"), shares.select(gender="woman")
    np.testing.assert_allclose(gap.value, man.value - woman.value)
    assert gap.unit == "change"
    assert gap.n.tolist() == np.minimum(man.n, woman.n).tolist()
    assert gap.df.tolist() == np.minimum(man.df, woman.df).tolist()
    assert gap.labels["gender"].unique().tolist() == ["man − woman"]
    assert gap.labels["wave"].tolist() == man.labels["wave"].tolist()


def test_difference_of_destinations_within_an_origin(build):
    moves = op.transitions(build(), "support")
    gap = moves.difference("destination", "oppose", minus="approve")
    table = moves.matrix()
    np.testing.assert_allclose(gap.value, table["oppose"] - table["approve"])
    assert gap.labels["origin"].tolist() == table.index.tolist()


def test_difference_of_pairs_of_waves(build, july, november, support):
    december = november.assign(q9=[2, 5, 98, 3, 1, 4, 1])
    item = op.Item({"Jul": "q12", "Nov": "q9", "Dec": "q9"}, support.states)
    panel = build(waves={"Jul": july, "Nov": november, "Dec": december}, items={"support": item})
    flows = op.flows(panel, "support")
    gap = flows.difference("from_wave", "Nov", minus="Jul")
    first, second = (flows.select(from_wave=wave).value for wave in ("Jul", "Nov"))
    np.testing.assert_allclose(gap.value, second - first)
    assert len(gap) == 9


def test_a_contrast_of_an_empty_base_is_nan_and_leaves_the_others(build, july):
    july.loc[july["q12"].isin([3, 98]), "q12"] = 1
    moves = op.transitions(build(), "support")
    empty = np.isnan(moves.value)
    assert empty.sum() == 3
    both = np.array([empty.astype(float), (~empty).astype(float)])
    result = moves.contrast(both, one_label("empty", "others"))
    assert np.isnan(result.value[0])
    assert np.isnan(result.std_error[0])
    assert result.value[1] == pytest.approx(2.0)
    assert np.isfinite(result.std_error[1])


@pytest.mark.parametrize("shape", [(1, 3), (2, 12), (12,)])
def test_contrast_of_the_wrong_shape(shares, shape):
    with pytest.raises(SelectionError, match=r"need \(1, 12\)"):
        shares.contrast(np.ones(shape), one_label("sum"))


def test_derive_is_exact_for_linear_functions(shares):
    matrix = np.random.default_rng(3).normal(size=(4, 12))
    labels = one_label("a", "b", "c", "d")
    derived, contrast = shares.derive(lambda p: matrix @ p, labels), shares.contrast(matrix, labels)
    np.testing.assert_allclose(derived.value, contrast.value)
    np.testing.assert_allclose(derived.covariance, contrast.covariance, atol=1e-15)
    told = shares.with_slopes(lambda p: matrix @ p, matrix, derived.named)
    np.testing.assert_allclose(told.covariance, contrast.covariance, atol=1e-15)


def test_derive_of_a_ratio_is_the_delta_method(from_table):
    flows = op.flows(from_table(["a", "b"], [[40, 10], [20, 30]]), "opinion")
    log_odds = flows.derive(
        lambda p: [np.log(p[0] * p[3] / (p[1] * p[2]))], one_label("log odds ratio")
    )
    variance = (1 / 40 + 1 / 10 + 1 / 20 + 1 / 30) * 100 / 99
    np.testing.assert_allclose(log_odds.std_error, np.sqrt(variance))
    assert log_odds.unit == "number"


@pytest.mark.parametrize(
    "function",
    [
        lambda p: [abs(p[0] - p[1])],
        lambda p: [p.real[0]],
    ],
)
def test_derive_refuses_what_is_not_smooth_or_not_complex(shares, function):
    assert shares.value[0] != shares.value[1]
    with pytest.raises(SelectionError, match="not smooth at the estimate"):
        shares.derive(function, one_label("gap"))


def test_derive_needs_as_many_values_as_labels(shares):
    with pytest.raises(SelectionError, match="1 label row"):
        shares.derive(lambda p: p[:2], one_label("one"))


def test_matrix_of_one_pair_is_origin_by_destination(build):
    moves = op.transitions(build(), "support")
    table = moves.matrix()
    assert table.index.name == "origin"
    assert table.columns.name == "destination"
    assert table.index.tolist() == table.columns.tolist() == ["approve", "unsure", "oppose"]
    np.testing.assert_array_equal(table.to_numpy().ravel(), moves.value)


def test_matrix_with_groups_and_of_one_label(shares, build):
    table = shares.matrix()
    assert table.index.names == ["wave", "gender"]
    np.testing.assert_array_equal(table.to_numpy().ravel(), shares.value)
    change = op.net_change(build(), "support").matrix()
    assert change.shape == (1, 3)


def test_levels_nest(shares):
    levels = (0.5, 0.8, 0.9, 0.95, 0.99)
    for narrow, wide in pairwise(shares.to_frame(level=level) for level in levels):
        assert (narrow["conf_low"] >= wide["conf_low"]).all()
        assert (narrow["conf_high"] <= wide["conf_high"]).all()


def test_a_selection_names_its_own_weights_and_waves_only():
    panel = op.datasets.load("attitudes_2024").panel
    shares = op.shares(panel, "support", by="gender")
    november = shares.select(wave="Nov 2024")
    assert november.about.weight == "wgt (at Nov 2024)"
    assert november.about.waves == ("Nov 2024",)
    men = november.difference("gender", "man", minus="woman")
    assert "Jul 2024" not in str(men)
    change = shares.difference("wave", "Nov 2024", minus="Jul 2024").select(gender="man")
    assert "at Jul 2024" in change.about.weight
    pair = op.flows(panel, "support").select(from_wave="Jul 2024")
    assert pair.about.waves == ("Jul 2024", "Nov 2024")
    assert pair.about.weight == "wgt (at Nov 2024, the later wave)"


@few
@given(panels(), MEASURES)
def test_an_estimate_minus_itself_is_exactly_zero(panel, measure):
    estimates = measure(panel, "opinion", by="gender").select(gender="man")
    nothing = estimates.difference("gender", "man", minus="man").to_frame()
    assert (nothing[["estimate", "std_error"]] == 0).all(axis=None)
    assert nothing[["conf_low", "conf_high"]].isin([0, np.nan]).all(axis=None)
    identity = np.eye(len(estimates))
    again = estimates.contrast(identity - identity, estimates.labels)
    assert (again.covariance == 0).all()


@few
@given(panels(), MEASURES)
def test_covariances_are_positive_semidefinite(panel, measure):
    estimates = measure(panel, "opinion", by="gender")
    known = np.isfinite(np.diag(estimates.covariance))
    covariance = estimates.covariance[np.ix_(known, known)]
    assert np.isfinite(covariance).all()
    np.testing.assert_array_equal(covariance, covariance.T)
    values = np.linalg.eigvalsh(covariance)
    assert values.min(initial=0.0) >= -1e-8 * max(np.diag(covariance).max(initial=0.0), 1e-8)


def test_rounding_never_shows_a_negative_variance(shares):
    rounded = replace(shares, spread=of_matrix(np.full_like(shares.covariance, -1e-19)))
    assert (rounded.std_error == 0).all()
    for interval in ("logit", "beta", "wilson", "wald"):
        frame = rounded.to_frame(interval=interval)
        assert frame[["std_error", "conf_low", "conf_high"]].notna().all(axis=None)
        assert (frame["conf_low"] <= frame["estimate"]).all()
        assert (frame["conf_high"] >= frame["estimate"]).all()
    assert (rounded.design_effect()["design_effect"].dropna() == 0).all()


def test_without_a_standard_error_there_is_no_interval(shares):
    without = shares.without_error(np.arange(len(shares)) == 0)
    for interval in ("logit", "beta", "wilson", "wald"):
        frame = without.to_frame(interval=interval, reliable=True)
        assert np.isfinite(frame["estimate"]).all()
        assert frame.loc[0, ["std_error", "conf_low", "conf_high"]].isna().all()
        assert frame.loc[1:, ["conf_low", "conf_high"]].notna().all(axis=None)
    assert np.isnan(without.design_effect()["design_effect"][0])


def test_of_what_rests_on_a_single_person_there_is_no_standard_error():
    one, nine = pd.DataFrame({"q": [1.0] + [np.nan] * 8}), pd.DataFrame({"q": [1, 2, 1] * 3})
    item = op.Item("q", {"yes": [1], "no": [2]})
    for replicates in (False, True):
        design = op.Design(weight=None)
        if replicates:
            design = design.as_replicates("bootstrap", replicates=8, seed=1)
        panel = op.Panel.from_waves(
            {"w1": one, "w2": nine}, person=None, items={"x": item}, design=design
        )
        shares = op.shares(panel, "x")
        assert np.isnan(shares.std_error).tolist() == [True, True, False, False]
        assert np.isnan(shares.difference("wave", "w2", minus="w1").std_error).all()


def test_every_two_groups(build, july, november):
    for frame in (july, november):
        frame["area"] = np.resize(["north", "south", "west"], len(frame))
    shares = op.shares(build(groups=["area"]), "support", by="area", waves=["Jul"])
    pairs = shares.pairwise("area")
    assert pairs.labels["area"].drop_duplicates().tolist() == [
        "south − north",
        "west − north",
        "west − south",
    ]
    one = shares.difference("area", "west", minus="south")
    np.testing.assert_array_equal(pairs.value[-len(one) :], one.value)
    np.testing.assert_array_equal(pairs.std_error[-len(one) :], one.std_error)
    with pytest.raises(SelectionError, match="nothing to compare"):
        shares.pairwise("wave")
    with pytest.raises(SelectionError, match="Unknown label column"):
        shares.pairwise("areas")


def test_a_difference_of_two_waves_names_their_weights_only():
    panel = op.datasets.load("attitudes_2024").panel
    shares = op.shares(panel, "support")
    change = shares.difference("wave", "Jul 2025", minus="Jul 2024")
    assert change.about.waves == ("Jul 2024", "Jul 2025")
    assert set(change.about.weights) == {("Jul 2024",), ("Jul 2025",)}


def test_what_is_exact_stays_so_where_only_exact_estimates_are_combined(shares):
    known = np.arange(len(shares)) < 3
    some = replace(shares, exact=known)
    np.testing.assert_array_equal(some.at(np.array([2, 3, 0])).exact, [True, False, True])
    assert some.at(np.array([0])).n_cell.tolist() == shares.n_cell[:1].tolist()
    rows = np.zeros((3, len(shares)))
    rows[0, :2] = rows[1, 2:4] = rows[2, 5:7] = 1
    assert some.contrast(rows, one_label("a", "b", "c")).exact.tolist() == [True, False, False]


def test_a_combination_rests_on_the_least_of_what_it_takes(shares):
    some = replace(
        shares,
        freedom=Freedom(lambda: np.arange(len(shares)) + 5.0),
        n=40.0 - np.arange(len(shares)),
        n_effective=30.0 - np.arange(len(shares)),
    )
    rows = np.zeros((2, len(shares)))
    rows[0, [1, 4]] = 1, -1
    rows[1, 3] = 2
    found = some.contrast(rows, one_label("a", "b"))
    assert found.df.tolist() == [6, 8]
    assert found.n.tolist() == [36, 37]
    assert found.n_effective.tolist() == [26, 27]
    np.testing.assert_allclose(found.derive(lambda v: [v[0] * v[1]], one_label("ab")).df, [6])


def test_only_what_rests_on_a_rough_part_is_without_coverage(build):
    """The total of turnover may be compared between groups; net, exchange and shift may not."""
    parts = op.turnover(build(), "support", by="gender")
    gap = parts.difference("gender", "man", minus="woman")
    assert gap.labels["component"].tolist() == ["total", "net", "exchange", "shift"]
    assert gap.without_coverage.tolist() == [False, True, True, True]


def test_comparisons_of_all_pairs_are_numbered_through(build):
    found = op.shares(build(), "support").pairwise("state")
    assert found.labels.index.tolist() == list(range(len(found)))


def test_rows_without_error_are_marked_and_not_counted_out(build):
    shares = op.shares(build(), "support")
    marked = np.arange(len(shares)) == 1
    assert np.isnan(shares.without_error(marked).std_error).tolist() == marked.tolist()
    with pytest.raises(SelectionError, match=r"rows must be an array of True or False for each of"):
        shares.without_error(np.array([1]))


def with_matrix(shares):
    matrix = np.eye(len(shares))[:2]
    return shares.contrast(matrix, one_label("a", "b")), matrix


def with_rows(shares):
    rows = np.arange(3, 6)
    return shares.at(rows), rows


@pytest.mark.parametrize(
    "made",
    [
        with_matrix,
        with_rows,
        lambda shares: (shares, shares.value),
        lambda shares: (shares.select(gender="man"), shares.value),
        lambda shares: (shares.select(gender="man"), shares.df),
    ],
    ids=["matrix", "rows", "values", "values behind", "df behind"],
)
def test_what_is_written_to_later_changes_no_error(build, made):
    looked, _ = made(op.shares(build(), "support", by="gender"))
    later, written = made(op.shares(build(), "support", by="gender"))
    expected = [looked.std_error, looked.covariance, looked.df]
    written[...] = 1
    for found, wanted in zip([later.std_error, later.covariance, later.df], expected, strict=True):
        np.testing.assert_array_equal(found, wanted)
