"""Published turnover tables, statsmodels as an oracle, and the examples of R's survey package."""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.association import independence

sys.path.insert(0, str(Path(__file__).parent / "golden"))
from comparable import nhanes, numbers_only

PUBLISHED = Path(__file__).parents[2] / "shared" / "reference" / "published.json"
TABLES = ["thomas_1991", "thomas_1991_3", "dutch_1977_party", "agresti_approval", "stuart_vision"]

pytestmark = pytest.mark.skipif(
    not PUBLISHED.exists(), reason=f"the check figures are not there: {PUBLISHED}"
)


@pytest.fixture(scope="module")
def tables():
    return json.loads(PUBLISHED.read_text(encoding="utf-8"))["transitions"]


@pytest.fixture
def thomas(tables):
    return tables["thomas_1991_3"]


def close(value, published):
    """Agree to the digits that are given."""
    np.testing.assert_allclose(value, published, rtol=0, atol=6e-7)


def test_turnover_and_its_parts(thomas, from_table):
    parts = op.turnover(from_table(thomas["states"], thomas["counts"]), "opinion")
    names = ["turnover", "turnover_net", "turnover_exchange", "turnover_shift"]
    close(parts.value, [thomas[name] for name in names])
    assert (parts.n == 991).all()
    assert (parts.df == 990).all()


def test_net_change_and_its_standard_error(thomas, from_table):
    change = op.net_change(from_table(thomas["states"], thomas["counts"]), "opinion")
    close(change.value, thomas["net"])
    # The published one divides by n, design-based variance by n - 1.
    close(change.std_error, np.array(thomas["net_se_srs_n"]) * np.sqrt(991 / 990))


def test_prais_index_by_derive(thomas, from_table):
    moves = op.transitions(from_table(thomas["states"], thomas["counts"]), "opinion")
    trace = (moves.labels["origin"] == moves.labels["destination"]).to_numpy()
    prais = moves.derive(lambda p: [(3 - p[trace].sum()) / 2], pd.DataFrame({"index": ["Prais"]}))
    close(prais.value, thomas["prais"])


def weighted_panel(table, **design):
    """People by the rule of the entry: weights by place in the cell, PSUs by running number."""
    frame = pd.DataFrame(
        [
            {"w1": origin, "w2": destination, "weight": 1 + (k % 4) / 2}
            for i, origin in enumerate(table["states"])
            for j, destination in enumerate(table["states"])
            for k in range(table["counts"][i][j])
        ]
    )
    frame["psu"] = np.arange(len(frame)) % 60
    frame["stratum"] = frame["psu"] % 4
    item = op.Item({"w1": "w1", "w2": "w2"}, {state: [state] for state in table["states"]})
    return op.Panel.from_wide(
        frame, items={"opinion": item}, design=op.Design(weight="weight", **design)
    )


def test_weighted_people(thomas):
    published, panel = thomas["weighted"], weighted_panel(thomas)
    kept = op.transitions(panel, "opinion").select(origin="favourable", destination="favourable")
    np.testing.assert_allclose(kept.value, published["p_favourable_favourable"], atol=6e-9)
    np.testing.assert_allclose(kept.std_error, published["se_iid"], atol=6e-9)
    total = op.turnover(panel, "opinion").select(component="total")
    np.testing.assert_allclose(total.value, published["turnover"], atol=6e-9)
    np.testing.assert_allclose(total.std_error, published["turnover_se_iid"], atol=6e-9)


def test_weighted_people_in_strata_and_psus(thomas):
    panel = weighted_panel(thomas, stratum="stratum", psu="psu")
    kept = op.transitions(panel, "opinion").select(origin="favourable", destination="favourable")
    np.testing.assert_allclose(kept.value, thomas["weighted"]["p_favourable_favourable"], atol=6e-9)
    np.testing.assert_allclose(kept.std_error, thomas["weighted"]["se_strata_psu"], atol=6e-9)
    assert kept.df[0] == 60 - 4


@pytest.mark.parametrize("name", TABLES)
def test_against_hand_arithmetic(name, tables, from_table):
    counts = np.array(tables[name]["counts"])
    states = [str(state) for state in range(len(counts))]
    panel = from_table(states, counts)
    moves, flows = op.transitions(panel, "opinion"), op.flows(panel, "opinion")
    np.testing.assert_array_equal(moves.n_cell, counts.ravel())
    np.testing.assert_array_equal(moves.n, np.repeat(counts.sum(axis=1), len(counts)))
    np.testing.assert_allclose(moves.value, (counts / counts.sum(axis=1, keepdims=True)).ravel())
    np.testing.assert_allclose(flows.value, (counts / counts.sum()).ravel())
    moved = op.turnover(panel, "opinion").select(component="total")
    share = 1 - np.trace(counts) / counts.sum()
    np.testing.assert_allclose(moved.value, share)
    np.testing.assert_allclose(moved.std_error, np.sqrt(share * (1 - share) / (counts.sum() - 1)))


@pytest.mark.parametrize("name", TABLES)
def test_margins_against_statsmodels(name, tables, from_table):
    contingency = pytest.importorskip("statsmodels.stats.contingency_tables")
    counts = np.array(tables[name]["counts"], dtype=float)
    square = contingency.SquareTable(counts.copy(), shift_zeros=False)
    panel = from_table([str(state) for state in range(len(counts))], counts.astype(int))
    shares = op.shares(panel, "opinion", base="balanced")
    origin, destination = square.marginal_probabilities
    np.testing.assert_allclose(shares.select(wave="w1").value, origin)
    np.testing.assert_allclose(shares.select(wave="w2").value, destination)
    # Stuart-Maxwell is n d' [diag(r + c) - pi - pi']^-1 d; our covariance differs from its
    # bracket by d d' / n and by n - 1, so the Wald statistic W gives it back exactly.
    change = op.net_change(panel, "opinion")
    n, d, covariance = counts.sum(), change.value[:-1], change.covariance[:-1, :-1]
    wald = d @ np.linalg.solve(covariance, d)
    bhapkar = wald * n / (n - 1)
    stuart_maxwell = bhapkar / (1 + bhapkar / n)
    np.testing.assert_allclose(stuart_maxwell, square.homogeneity().statistic, rtol=1e-10)


def test_erie_turnover_by_hand(tables, from_table):
    erie = tables["erie_1940"]
    for counts in erie["tables"].values():
        counts = np.array(counts)
        total = op.turnover(from_table(erie["states"], counts), "opinion").value[0]
        np.testing.assert_allclose(total, 1 - np.trace(counts) / counts.sum())


def test_three_waves_of_nes_ideology(tables):
    counts = np.array(tables["nes_ideology"]["counts"])
    states, waves = tables["nes_ideology"]["states"], ["w1", "w2", "w3"]
    rows = [
        dict(zip(waves, (states[i] for i in index), strict=True), n=int(count))
        for index, count in np.ndenumerate(counts)
    ]
    item = op.Item({wave: wave for wave in waves}, {state: [state] for state in states})
    panel = op.Panel.from_wide(pd.DataFrame(rows), items={"ideology": item}, count="n")
    moves = op.transitions(panel, "ideology")
    for (first, second), table in (
        (("w1", "w2"), counts.sum(axis=2)),
        (("w2", "w3"), counts.sum(axis=0)),
    ):
        part = moves.select(from_wave=first, to_wave=second)
        np.testing.assert_array_equal(part.n_cell, table.ravel())
        np.testing.assert_allclose(part.value, (table / table.sum(axis=1, keepdims=True)).ravel())


@pytest.fixture(scope="module")
def survey():
    return json.loads(PUBLISHED.read_text(encoding="utf-8"))["survey"]


def rounded(value, published):
    """Agree to the last digit that is given."""
    digits = len(str(published).partition(".")[2])
    assert abs(value - published) <= 0.5000001 * 10**-digits, (value, published)


def numbers(dataset, design):
    """Estimate, standard error and df of a data set, by measure."""
    return {row["measure"]: row for row in numbers_only(dataset, design)}


@pytest.mark.parametrize(
    ("design", "name"),
    [
        ("BRR", "se_brr"),
        ("Fay", "se_fay_03"),
        ("JKn", "se_jkn"),
        ("strata, PSUs", "se_taylor"),
    ],
)
def test_ratio_of_two_psus_per_stratum(survey, design, name):
    ratio = numbers("scd", design)["mean"]
    rounded(ratio["estimate"], survey["scd"]["estimate"])
    rounded(ratio["std_error"], survey["scd"][name])


@pytest.mark.parametrize("design", ["population sizes", "fractions"])
def test_finite_population(survey, design):
    published = survey["fpc"]
    without, found = numbers("fpc", "strata, PSUs"), numbers("fpc", design)
    rounded(found["mean"]["estimate"], published["mean"])
    rounded(without["mean"]["std_error"], published["se"])
    rounded(found["mean"]["std_error"], published["se_fpc"])
    assert found["mean"]["df"] == published["df"]
    rounded(found["total"]["estimate"], published["total"])
    rounded(found["total"]["std_error"], published["total_se_with_fpc"])
    rounded(without["total"]["std_error"], published["total_se_without_fpc"])


def test_cholesterol_by_race(survey):
    published = survey["nhanes"]
    panel, item, _ = nhanes("strata, PSUs")
    high = op.shares(panel, item).select(state="yes")
    rounded(high.value[0], published["HI_CHOL"])
    rounded(high.std_error[0], published["se"])
    assert high.df[0] == published["df"]
    by_race = op.shares(panel, item, by="race").select(state="yes").value
    np.testing.assert_allclose(by_race, published["by_race"], rtol=0, atol=5.1e-7)
    rounded(independence(panel, item, by="race").statistic, published["rao_scott_F"])


def test_single_psu_strata(survey):
    rules = ["certainty", "adjust", "average"]
    for rule, value in zip(rules, survey["lonely_psu"]["values"], strict=True):
        rounded(numbers("apiclus1", f"single-PSU strata: {rule}")["mean"]["std_error"], value)
