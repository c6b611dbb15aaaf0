"""Indices of mobility and kappa: published values, statsmodels, influence by hand, invariants."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st
from places import PUBLISHED_FIGURES

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.estimates.derivatives import jacobian
from opinionpanel.estimates.labels import label_rows
from opinionpanel.estimates.scores import kinds_of
from opinionpanel.measures.indices import _mobility, _mobility_slopes, agreement, mobility_indices
from opinionpanel.strategies import panel_parts, panels

PUBLISHED = PUBLISHED_FIGURES
VISION = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
WEIGHTS = [None, "linear", "quadratic"]
few = settings(max_examples=8)


def close(first, second):
    np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-12)


def of(estimates, index):
    return float(estimates.select(index=index).value[0])


@pytest.fixture
def published():
    if not PUBLISHED.exists():
        pytest.skip(f"the check figures are not there: {PUBLISHED}")
    return json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]


@pytest.fixture
def vision(from_table):
    return from_table(["1", "2", "3", "4"], VISION)


# ---- values -----------------------------------------------------------------------------------


def test_published_indices(published, from_table):
    thomas = published["thomas_1991_3"]
    panel = from_table(thomas["states"], thomas["counts"])
    indices = mobility_indices(panel, "opinion", ordered=True)
    names = {"Prais": "prais", "mutual information": "mutual_information"}
    for index, name in (names | {"Bartholomew": "bartholomew"}).items():
        assert of(indices, index) == pytest.approx(thomas[name], abs=6e-7)
    four = published["thomas_1991"]
    kappa = agreement(from_table(four["states"], four["counts"]), "opinion")
    assert kappa.value[0] == pytest.approx(four["kappa"], abs=6e-7)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_kappa_and_its_standard_error_against_statsmodels(vision, weights):
    from statsmodels.stats import inter_rater as raters

    theirs = raters.cohens_kappa(np.array(VISION), wt=weights)
    kappa = agreement(vision, "opinion", weights=weights)
    n = np.sum(VISION)
    assert kappa.value[0] == pytest.approx(theirs.kappa, rel=1e-12)
    # Theirs, of Fleiss, Cohen and Everitt, divides by n; design-based variance by n - 1.
    assert kappa.std_error[0] * np.sqrt((n - 1) / n) == pytest.approx(theirs.std_kappa, rel=1e-9)


def test_standard_errors_of_the_indices_by_hand(vision):
    # Under simple random sampling V = Var(u) / (n - 1) with u the influence of the cells.
    counts = np.array(VISION)
    p, n, k = counts / counts.sum(), counts.sum(), 4
    r, c = p.sum(axis=1), p.sum(axis=0)
    rows = p / r[:, None]
    influence = {
        "Prais": -(np.eye(k) - np.diag(rows)[:, None]) / r[:, None] / (k - 1),
        "mutual information": np.log(p / np.outer(r, c)),
        "Bartholomew": np.abs(np.subtract.outer(range(k), range(k))) / (k - 1),
    }
    indices = mobility_indices(vision, "opinion", ordered=True)
    assert indices.labels["index"].tolist() == list(influence)
    for row, u in enumerate(influence.values()):
        for column, v in enumerate(influence.values()):
            expected = ((p * u * v).sum() - (p * u).sum() * (p * v).sum()) / (n - 1)
            assert indices.covariance[row, column] == pytest.approx(expected, rel=1e-9)
    assert indices.unit == "number"
    assert indices.n.tolist() == [n] * 3


@pytest.mark.parametrize("weights", WEIGHTS)
@settings(max_examples=6)
@given(panel=panels(waves=(2, 2), people=(20, 60), states=(2, 4)), calibrated=st.booleans())
def test_kappa_against_the_scores_of_people(weights, panel, calibrated):
    """Another way to the same covariance, for every design and for calibrated weights."""
    if calibrated:
        try:
            panel = op.rake(panel, {"gender": {"man": 0.45, "woman": 0.55}})
        except DesignError as refusal:
            # A jackknife of two PSUs may leave out every woman: there is nothing to compare.
            assume("replicate weights cannot be calibrated" not in str(refusal))
            raise
    k = len(panel.items["opinion"].state_names)
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k))).astype(float)
    v = {None: np.sign(apart), "linear": apart, "quadratic": apart**2}[weights]
    here, there = panel.answers["opinion"].astype(int)
    weight = panel.weight(*panel.waves)
    inside = (here >= 0) & (there >= 0)

    # Replicates may leave nobody, or people with one answer: then kappa is NaN, and no fault.
    @np.errstate(invalid="ignore")
    def parts(values):
        flows = np.zeros((k, k))
        np.add.at(flows, (here[inside], there[inside]), values[inside])
        p = flows / values[inside].sum()
        return p, (v * p).sum(), (v * np.outer(p.sum(axis=1), p.sum(axis=0))).sum()

    @np.errstate(invalid="ignore")
    def kappa(values):
        _, observed, expected = parts(values)
        return np.array([1 - observed / expected])

    p, observed, expected = parts(weight.values)
    found = agreement(panel, "opinion", weights=weights)
    if not (observed > 0 and expected > 0):
        assert np.isnan(found.std_error).all()
        return
    i, j = np.maximum(here, 0), np.maximum(there, 0)
    margins = (v @ p.sum(axis=0))[i] + (p.sum(axis=1) @ v)[j] - 2 * expected
    total = weight.values[inside].sum()
    score = -(v[i, j] - observed) / expected / total + observed / expected**2 * margins / total
    people = np.where(inside, np.arange(len(inside)), -1)
    fits = kinds_of(panel.sampling, weight, people, len(people)).estimates(
        label_rows({"index": ["kappa"]}),
        kappa(weight.values),
        base=inside[None, :],
        scores=np.where(inside, score, 0.0)[:, None],
        refit=kappa,
        about=found.about,
        unit="number",
        what="",
    )
    close(found.value, fits.value)
    close(found.covariance, fits.covariance)
    np.testing.assert_array_equal(found.df, fits.df)
    np.testing.assert_array_equal(found.n, fits.n)


@few
@given(panels(waves=(2, 3)))
def test_indices_against_the_flows(panel):
    indices = mobility_indices(panel, "opinion", ordered=True, by="gender")
    k = len(panel.items["opinion"].state_names)
    tables = op.flows(panel, "opinion", by="gender").value.reshape(-1, k, k)
    prais, information, bartholomew = indices.value.reshape(-1, 3).T
    for t, p in enumerate(tables):
        if np.isnan(p).any():
            assert np.isnan([prais[t], information[t], bartholomew[t]]).all()
            continue
        r, c = p.sum(axis=1), p.sum(axis=0)
        shares = p[p > 0] * np.log((p / np.maximum(np.outer(r, c), 1e-300))[p > 0])
        close(information[t], shares.sum())
        apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k)))
        close(bartholomew[t], (p * apart).sum() / (k - 1))
        if (r > 0).all():
            close(prais[t], (k - (np.diag(p) / r).sum()) / (k - 1))
        else:
            assert np.isnan(prais[t])
            assert "no Prais index where nobody starts" in str(indices)


# ---- what must not matter ---------------------------------------------------------------------


@few
@given(panel_parts(states=(3, 4), waves=(2, 2)), st.data())
def test_the_order_of_states_matters_to_ordered_indices_only(parts, data):
    order = data.draw(st.permutations(list(parts.item.states)))
    states = {name: parts.item.states[name] for name in order}
    turned = replace(parts, item=replace(parts.item, states=states))
    for measure in (mobility_indices, agreement):
        before, after = (measure(p.panel(), "opinion") for p in (parts, turned))
        close(before.value, after.value)
        np.testing.assert_allclose(before.covariance, after.covariance, rtol=1e-7, atol=1e-10)
    other_way = dict(reversed(parts.item.states.items()))
    back = replace(parts, item=replace(parts.item, states=other_way))
    for measure, options in (
        (mobility_indices, {"ordered": True}),
        (agreement, {"weights": "linear"}),
    ):
        before, after = (measure(p.panel(), "opinion", **options) for p in (parts, back))
        close(before.value, after.value)


@few
@given(panels(waves=(2, 2)), st.sampled_from(WEIGHTS))
def test_kappa_does_not_know_which_wave_came_first(panel, weights):
    first, second = panel.waves
    forth = agreement(panel, "opinion", weights=weights)
    back = agreement(panel, "opinion", weights=weights, waves=(second, first))
    close(forth.value, back.value)
    close(forth.covariance, back.covariance)


@few
@given(panels(waves=(2, 3)), st.sampled_from(["answered", "balanced"]))
def test_a_group_is_the_domain_of_that_name(panel, base):
    for measure in (mobility_indices, agreement):
        group = measure(panel, "opinion", by="gender", base=base).select(gender="woman")
        domain = measure(panel.where(gender="woman"), "opinion", base=base)
        close(group.value, domain.value)
        close(group.covariance, domain.covariance)
        np.testing.assert_array_equal(group.df, domain.df)
        np.testing.assert_array_equal(group.n, domain.n)
        rest = measure(panel, "opinion", by="gender", base=base, reference="rest")
        both = measure(panel, "opinion", by="gender", base=base)
        known = both.difference("gender", "woman", minus="man")
        close(rest.select(gender="woman").value, known.value)
        np.testing.assert_allclose(
            rest.select(gender="woman").covariance, known.covariance, rtol=1e-7, atol=1e-10
        )


# ---- ends of the scales, and what is undefined ------------------------------------------------


def test_independent_answers(from_table):
    panel = from_table(["a", "b", "c"], np.outer([1, 2, 3], [4, 3, 2]))
    indices = mobility_indices(panel, "opinion")
    assert of(indices, "Prais") == pytest.approx(1.0)
    information = indices.select(index="mutual information")
    assert information.value[0] == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(information.std_error[0])
    assert agreement(panel, "opinion").value[0] == pytest.approx(0.0, abs=1e-12)


def test_nobody_moved(from_table):
    panel = from_table(["a", "b"], [[3, 0], [0, 5]])
    indices = mobility_indices(panel, "opinion", ordered=True)
    close(indices.value, [0.0, -(3 * np.log(3 / 8) + 5 * np.log(5 / 8)) / 8, 0.0])
    assert np.isnan(indices.std_error[[0, 2]]).all()
    assert indices.std_error[1] > 0
    kappa = agreement(panel, "opinion")
    assert kappa.value.tolist() == [1.0]
    assert np.isnan(kappa.std_error[0])
    assert "no interval. The design gives none there" in str(kappa)


def test_everybody_moved(from_table):
    panel = from_table(["a", "b"], [[0, 5], [5, 0]])
    indices = mobility_indices(panel, "opinion", ordered=True)
    close(indices.value, [2.0, np.log(2), 1.0])
    assert np.isnan(indices.std_error[[0, 2]]).all()
    close(agreement(panel, "opinion").value, -1.0)


def test_a_state_that_nobody_starts_in_has_a_reason(from_table):
    panel = from_table(["a", "b", "c"], [[3, 1, 1], [0, 0, 0], [2, 1, 5]])
    indices = mobility_indices(panel, "opinion", ordered=True)
    assert np.isnan(of(indices, "Prais"))
    assert np.isfinite(indices.std_error[1:]).all()
    assert "w1 → w2: no Prais index where nobody starts in a state: 'b'." in str(indices)


def test_one_answer_by_everybody_has_a_reason(from_table):
    kappa = agreement(from_table(["a", "b"], [[7, 0], [0, 0]]), "opinion")
    assert np.isnan(kappa.value).all()
    assert "w1 → w2: no kappa where everybody answers 'a' at both waves." in str(kappa)


def test_a_base_without_people_is_nan_with_n_0(build, july, november):
    july.loc[:5, "region"] = "north"
    november["region"] = "north"
    panel = build(groups=["region"])
    for measure in (mobility_indices, agreement):
        south = measure(panel, "support", by="region").select(region="south")
        assert np.isnan(south.value).all()
        assert set(south.n) == {0.0}
        alone = measure(panel.where(region="south"), "support")
        assert np.isnan(alone.value).all()


def test_states_off_the_scale(from_table):
    panel = from_table(["low", "don't know", "high"], [[5, 1, 2], [3, 4, 0], [1, 1, 3]])
    plain = from_table(["low", "high"], [[5, 2], [1, 3]])
    for measure, options in (
        (mobility_indices, {"ordered": True}),
        (agreement, {"weights": "linear"}),
    ):
        close(
            measure(panel, "opinion", without="don't know", **options).value,
            measure(plain, "opinion", **options).value,
        )


def test_refusals(build):
    panel = build()
    with pytest.raises(SelectionError, match="mobility_indices compares the answers of two waves"):
        mobility_indices(panel, "support", base="panel")
    with pytest.raises(SelectionError, match="agreement compares the answers of two waves"):
        agreement(panel, "support", base="panel")
    with pytest.raises(SelectionError, match="'linear', 'quadratic' or None, not 'cubic'"):
        agreement(panel, "support", weights="cubic")


def test_the_caption_states_the_weights_of_bartholomew(vision):
    indices = mobility_indices(vision, "opinion", ordered=True)
    assert "Bartholomew: weighted by the shares at the earlier wave" in indices.about.title
    assert "Bartholomew" not in mobility_indices(vision, "opinion").about.title


def test_no_limit_is_impossible_where_few_people_hardly_move():
    rng = np.random.default_rng(2)
    start = rng.choice(list("xyz"), 40)
    for moved in (0.0, 0.02, 0.9, 1.0):
        end = np.where(rng.random(40) < moved, rng.choice(list("xyz"), 40), start)
        frame = pd.DataFrame({"id": range(40), "a": start, "b": end, "g": ["m", "f"] * 20})
        item = op.Item({"w1": "a", "w2": "b"}, {state: [state] for state in "xyz"})
        panel = op.Panel.from_wide(frame, person="id", items={"q": item}, groups=["g"])
        found = op.mobility_indices(panel, "q", ordered=True)
        both = op.mobility_indices(panel, "q", ordered=True, by="g")
        kappa = op.agreement(panel, "q")
        k = 3
        most = {"Prais": k / (k - 1), "mutual information": np.log(k), "Bartholomew": 1.0}
        frame = found.to_frame().set_index("index")
        for name, end in most.items():
            low, high = frame.loc[name, ["conf_low", "conf_high"]]
            assert np.isnan(low) or 0 <= low < high <= end
        assert (frame["estimate"] >= 0).all()
        change = both.difference("g", "m", minus="f").to_frame()
        known = change["conf_low"].notna()
        bound = change["index"].map(most)
        assert (change["conf_low"] >= -bound)[known].all()
        assert (change["conf_high"] <= bound)[known].all()
        assert (change["conf_low"] < change["conf_high"])[known].all()
        assert kappa.to_frame()["conf_high"].fillna(1).le(1).all()
        if moved == 0:
            # Nothing was learned of how many might: no interval, rather than 0 to 0.
            assert frame.loc[["Prais", "Bartholomew"], "conf_low"].isna().all()
            total = op.turnover(panel, "q").to_frame().iloc[0]
            assert total["conf_low"] == 0
            assert 0.05 < total["conf_high"] < 0.15


def test_mutual_information_is_never_below_zero():
    # Rows in exact proportion: rounding would leave -1e-17.
    table = np.outer([3, 7, 11], [1, 3, 9])
    pairs = [(a, b) for a in range(3) for b in range(3) for _ in range(table[a, b])]
    frame = pd.DataFrame(pairs, columns=["a", "b"]).assign(id=range(table.sum()))
    item = op.Item({"w1": "a", "w2": "b"}, {str(state): [state] for state in range(3)})
    panel = op.Panel.from_wide(frame, person="id", items={"q": item})
    found = op.mobility_indices(panel, "q").select(index="mutual information")
    assert found.value[0] == 0
    assert found.to_frame()[["conf_low", "conf_high"]].isna().all(axis=None)


def test_slopes_are_those_that_a_complex_step_finds():
    tables = np.random.default_rng(1).dirichlet(np.ones(18), 1).reshape(2, 3, 3)
    found = _mobility_slopes(tables, ordered=True)

    def values(flows):
        return _mobility(flows.reshape(2, 3, 3), ordered=True).ravel()

    slopes = jacobian(values, tables.ravel(), 6).reshape(2, 3, 2, 9)
    own = slopes[np.arange(2), :, np.arange(2)]
    np.testing.assert_allclose(found.reshape(2, 3, 9), own, rtol=1e-12, atol=1e-12)
