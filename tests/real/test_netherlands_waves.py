"""Netherlands, five waves together: flows, tests, paths and models of change, against pandas."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from by_pandas import needs_data
from statsmodels.stats.contingency_tables import SquareTable
from test_netherlands import DUTCH, NEW, OLD, without_test_record

import opinionpanel as op

pytestmark = needs_data

WAVES = list(DUTCH)
# No answer is "unsure" here, as in the mapping of test_netherlands.
BY_WAVE = {wave: OLD if place < 3 else NEW for place, wave in enumerate(WAVES)}
STATES = list(OLD)
GONE = "not interviewed"


@pytest.fixture(scope="module")
def panel():
    item = op.Item("H7", BY_WAVE)
    return op.Panel.from_waves(without_test_record(), person="iisID", items={"vaccine": item})


@pytest.fixture(scope="module")
def answers():
    """By pandas: a row for each person, a column for each wave; who was not there is said so."""
    columns = {}
    for wave, path in DUTCH.items():
        frame = pd.read_csv(path, usecols=["iisID", "H7"]).query("iisID != 9992")
        words = {code: state for state, codes in BY_WAVE[wave].items() for code in codes if code}
        columns[wave] = frame.set_index("iisID")["H7"].map(words).fillna("unsure")
    return pd.DataFrame(columns).fillna(GONE)


def table_of(answers, first, second, states=STATES):
    table = pd.crosstab(answers[first], answers[second])
    return table.reindex(index=states, columns=states).fillna(0).to_numpy()


def complete(answers):
    return answers[(answers != GONE).all(axis=1)]


@pytest.mark.parametrize("base", ["answered", "balanced", "panel"])
@pytest.mark.parametrize(
    "waves", [WAVES, ["wave 0", "wave 2", "wave 4"]], ids=["all", "every other"]
)
def test_flows_on_every_base(panel, answers, base, waves):
    there = {
        "answered": answers,
        "balanced": answers[(answers[waves] != GONE).all(axis=1)],
        "panel": answers[answers[waves[0]] != GONE],
    }[base]
    states = [*STATES, GONE] if base == "panel" else STATES
    flows = op.flows(panel, "vaccine", waves=waves, base=base)
    moves = op.transitions(panel, "vaccine", waves=waves, base=base)
    parts = op.turnover(panel, "vaccine", waves=waves, base=base)
    for pair in pairwise(waves):
        wave = dict(zip(["from_wave", "to_wave"], pair, strict=True))
        counts = table_of(there, *pair, states)
        np.testing.assert_array_equal(flows.select(**wave).n_cell, counts.ravel())
        with np.errstate(invalid="ignore"):
            rows = counts / counts.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(moves.select(**wave).value, rows.ravel())
        p = counts / counts.sum()
        net = np.abs(p.sum(axis=0) - p.sum(axis=1)).sum() / 2
        exchange = 2 * np.minimum(p, p.T)[np.triu_indices(len(p), 1)].sum()
        total = 1 - np.trace(p)
        expected = [total, net, exchange, total - net - exchange]
        np.testing.assert_allclose(parts.select(**wave).value, expected, atol=1e-12)


@pytest.mark.parametrize("pair", [*pairwise(WAVES), ("wave 0", "wave 4")])
def test_net_change_and_symmetry(panel, answers, pair):
    square = SquareTable(table_of(answers, *pair).astype(float), shift_zeros=False)
    margins = op.marginal_homogeneity(panel, "vaccine", waves=pair)
    assert margins.textbook == pytest.approx(square.homogeneity().statistic)
    symmetry = op.symmetry(panel, "vaccine", waves=pair)
    assert symmetry.textbook == pytest.approx(square.symmetry().statistic)
    # Bhapkar's statistic; the design divides by n - 1 people of the panel, of whom n answered.
    people = panel.present.shape[1]
    bhapkar = square.homogeneity(method="bhapkar").statistic
    assert margins.wald == pytest.approx(bhapkar * (people - 1) / people)


def test_stationarity_and_order(panel, answers, show):
    there = complete(answers)
    counts = np.array([table_of(there, *pair) for pair in pairwise(WAVES)])
    origins = counts.sum(axis=2, keepdims=True)
    expected = origins * counts.sum(axis=0) / origins.sum(axis=0)
    test = op.stationarity(panel, "vaccine", base="balanced")
    assert test.textbook == pytest.approx(((counts - expected) ** 2 / expected).sum())
    assert test.textbook_df == 3 * 3 * 2
    order, statistic = op.markov_order(panel, "vaccine"), 0.0
    for three in zip(WAVES, WAVES[1:], WAVES[2:], strict=False):
        some = answers[(answers[list(three)] != GONE).all(axis=1)]
        for _, part in some.groupby(three[1]):
            table = pd.crosstab(part[three[0]], part[three[2]]).to_numpy()
            expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
            statistic += ((table - expected) ** 2 / expected).sum()
    assert order.textbook == pytest.approx(statistic)
    show(str(test), str(order))


def test_paths_and_changes(panel, answers):
    for base, there in (
        ("balanced", complete(answers)),
        ("panel", answers[answers["wave 0"] != GONE]),
    ):
        found = op.paths(panel, "vaccine", base=base, min_n=1)
        counts = Counter(there[WAVES].agg(" → ".join, axis=1))
        assert dict(zip(found.labels["path"], found.n_cell, strict=True)) == counts
    there = complete(answers)
    number = sum((there[a] != there[b]).astype(int) for a, b in pairwise(WAVES))
    changes = op.number_of_changes(panel, "vaccine")
    assert changes.n_cell.tolist() == number.value_counts().reindex(range(5), fill_value=0).tolist()
    core = op.stable_core(panel, "vaccine")
    assert core.n_cell[0] == (number == 0).sum()
    mean = op.number_of_changes(panel, "vaccine", mean=True)
    assert mean.value[0] == pytest.approx(number.mean())


@pytest.mark.parametrize("pair", [*pairwise(WAVES), ("wave 0", "wave 4")])
def test_missing_at_random(panel, answers, pair):
    """Only the later wave is missing: origins of everyone, times the transitions of those seen."""
    seen = table_of(answers[answers[pair[0]] != GONE], *pair)
    origins = answers[pair[0]].value_counts().reindex(STATES).to_numpy()
    flows = (origins / origins.sum())[:, None] * seen / seen.sum(axis=1, keepdims=True)
    found = op.missing_at_random(panel, "vaccine", waves=pair)
    np.testing.assert_allclose(found.value, flows.ravel(), atol=1e-9)
    # An imputation of those who left: within the bounds of what these can have done.
    low, high, *_ = op.turnover_bounds(panel, "vaccine", waves=pair).value
    assert low <= 1 - np.trace(flows) <= high


def test_models_of_five_waves(panel, answers, show):
    there = complete(answers)
    stayers = op.mover_stayer(panel, "vaccine")
    starts = there["wave 0"].value_counts().reindex(STATES)
    counts = np.sum([table_of(there, *pair) for pair in pairwise(WAVES)], axis=0)
    rows = counts / counts.sum(axis=1, keepdims=True)
    chain = (starts * np.log(starts / len(there))).sum() + (counts * np.log(rows)).sum()
    assert stayers.loglik_chain == pytest.approx(chain)
    assert stayers.loglik > chain
    assert stayers.stayers.n.tolist() == [*starts, len(there)]
    latent = op.latent_markov(panel, "vaccine", starts=4)
    assert latent.loglik > chain
    moved = latent.turnover.select(component="observed").value
    expected = [(there[a] != there[b]).mean() for a, b in pairwise(WAVES)]
    np.testing.assert_allclose(moved, expected)
    # "unsure" is so rare that a latent state of its own mostly answers "yes".
    assert np.isnan(latent.turnover.select(component="true").value).all()
    assert "No true turnover: two latent states give the same answer" in " ".join(
        str(latent).split()
    )
    two = op.latent_markov(panel, "vaccine", latent=2, starts=4)
    assert (two.turnover.select(component="true").value < expected).all()
    show(str(stayers), str(latent), str(two))


def test_weights_for_those_who_left(panel, answers):
    """Without groups they are weighting classes: those seen again stand for all of their state."""
    pair = ("wave 0", "wave 4")
    weighted = op.attrition_weights(panel, "vaccine", waves=pair, trim=None)
    before = answers[answers["wave 0"] != GONE]["wave 0"].value_counts(normalize=True)
    flows = op.flows(weighted, "vaccine", waves=pair).matrix()
    np.testing.assert_allclose(flows.sum(axis=1), before[STATES], rtol=1e-6)
