"""Every published figure, statsmodels as an oracle, and the examples of R's survey package."""

import json
import re
import sys

import numpy as np
import pandas as pd
import pytest
from places import GOLDEN_FILES, SHARED
from scipy import stats

import opinionpanel as op
from opinionpanel.hypotheses.association import independence

sys.path.insert(0, str(GOLDEN_FILES))
from comparable import nhanes, numbers_only

PUBLISHED = SHARED / "reference" / "published.json"
JOB_SATISFACTION = SHARED / "data" / "small" / "rlms_job_satisfaction.csv"
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


def rounded(value, published):
    """Agree to the last digit that is given."""
    digits = len(str(published).partition(".")[2])
    assert abs(value - published) <= 0.5000001 * 10**-digits, (value, published)


# ---- every figure -----------------------------------------------------------------------------

# What an entry says in words, and the names of its states.
WORDS = {"title", "origin", "states", "rule", "wald_are", "net_se_note", "mutual_information_unit"}
WORDS |= {"bartholomew_pi", "checked_with", "note", "tau_is"}
LATENT = {"homogeneous": "constant", "heterogeneous": "free"}


def from_paths(states, counts):
    """Build an unweighted panel from the counts of paths, one axis for each wave."""
    waves = [f"w{place + 1}" for place in range(np.ndim(counts))]
    rows = [
        dict(zip(waves, (states[i] for i in path), strict=True), n=int(count))
        for path, count in np.ndenumerate(counts)
    ]
    item = op.Item({wave: wave for wave in waves}, {state: [state] for state in states})
    return op.Panel.from_wide(pd.DataFrame(rows), items={"opinion": item}, count="n")


def chained(states, tables):
    """Build a panel of people whose consecutive pairs of waves give the tables."""
    people = pd.DataFrame({"w1": np.repeat(range(len(states)), np.sum(tables[0], axis=1))})
    for wave, table in enumerate(tables, start=1):
        going = [iter(np.repeat(range(len(states)), row)) for row in table]
        people[f"w{wave + 1}"] = [next(going[state]) for state in people[f"w{wave}"]]
    item = op.Item({wave: wave for wave in people}, {s: [i] for i, s in enumerate(states)})
    return op.Panel.from_wide(people, items={"opinion": item})


def cells(panel, shape):
    """Unweighted people by cell of the flows between each two waves."""
    return op.flows(panel, "opinion").n_cell.reshape(-1, *shape).astype(int)


def change(panel):
    """Compute what is published about the change between two waves."""
    k, n = len(panel.item("opinion").state_names), panel.present.shape[1]
    (counts,) = cells(panel, (k, k))
    margins, symmetry = (f(panel, "opinion") for f in (op.marginal_homogeneity, op.symmetry))
    parts = op.turnover(panel, "opinion")
    net = op.net_change(panel, "opinion")
    found = {
        "counts": counts,
        "bowker": [symmetry.textbook, symmetry.textbook_df],
        "stuart_maxwell": [margins.textbook, margins.textbook_df],
        # Design-based variance divides by n - 1, Bhapkar's and the published one by n.
        "bhapkar": margins.wald * n / (n - 1),
        "net": net.value,
        "net_se_srs_n": net.std_error * np.sqrt((n - 1) / n),
        "turnover": parts.value[0],
        "kappa": op.agreement(panel, "opinion").value[0],
        "mcnemar": symmetry.textbook,
        # Two cells hold the movers; Edwards takes one from their difference.
        "mcnemar_corrected": (abs(counts[0, 1] - counts[1, 0]) - 1) ** 2
        / (counts[0, 1] + counts[1, 0]),
    }
    found |= {f"turnover_{name}": value for (name,), value in of_labels(parts, ["component"])}
    indices = op.mobility_indices(panel, "opinion", ordered=True)
    return found | {
        name.lower().replace(" ", "_"): value for (name,), value in of_labels(indices, ["index"])
    }


def of_labels(estimates, columns):
    """Pair the labels with the values."""
    labels = estimates.labels[columns].itertuples(index=False, name=None)
    return zip(labels, estimates.value, strict=True)


def change_of_weighted_people(table):
    """Compute what is published about the people of the entry's rule."""
    panel = weighted_panel(table)
    clustered = weighted_panel(table, stratum="stratum", psu="psu")
    stay = {"origin": "favourable", "destination": "favourable"}
    kept, in_psus = (op.transitions(each, "opinion").select(**stay) for each in (panel, clustered))
    moved = op.turnover(panel, "opinion").select(component="total")
    return {
        "p_favourable_favourable": kept.value[0],
        "se_iid": kept.std_error[0],
        "se_strata_psu": in_psus.std_error[0],
        "turnover": moved.value[0],
        "turnover_se_iid": moved.std_error[0],
        "wald_marginal_homogeneity_iid": op.marginal_homogeneity(panel, "opinion").wald,
        "wald_symmetry_iid": op.symmetry(panel, "opinion").wald,
    }


def erie(entry):
    """Compute what is published of six waves, and of each two of them."""
    tables = list(entry["tables"].values())
    panel = chained(entry["states"], tables)
    whole = op.stationarity(panel, "opinion")
    first = op.stationarity(panel, "opinion", waves=["w1", "w2", "w3"])
    pairs = [op.flows(panel, "opinion").about.waves[i : i + 2] for i in range(len(tables))]
    return {
        "tables": dict(zip(entry["tables"], cells(panel, (3, 3)), strict=True)),
        "stationarity_x2": whole.textbook,
        "stationarity_g2": whole.deviance,
        "stationarity_df": whole.textbook_df,
        "first_two_x2": [
            first.textbook,
            first.textbook_df,
            stats.chi2.sf(first.textbook, first.textbook_df),
        ],
        "stuart_maxwell": [
            op.marginal_homogeneity(panel, "opinion", waves=pair).textbook for pair in pairs
        ],
        "bowker": [op.symmetry(panel, "opinion", waves=pair).textbook for pair in pairs],
    }


def ideology(entry):
    """Compute what is published of three waves: a chain, movers and stayers, latent chains."""
    panel, counts = from_paths(entry["states"], entry["counts"]), np.array(entry["counts"])
    order, stayers = op.markov_order(panel, "opinion"), op.mover_stayer(panel, "opinion")
    occupied = counts[counts > 0]
    k, saturated = len(counts), occupied @ np.log(occupied / occupied.sum())
    free = (k - 1) + k + k * (k - 1)
    found = {
        "counts": counts,
        "markov_g2": [order.deviance, order.textbook_df],
        "mover_stayer_g2": [2 * (saturated - stayers.loglik), counts.size - 1 - free],
        "mover_stayer_s": stayers.stayers.value[:k],
    }
    # The note holds one more figure: that of the chain with the same transitions at both steps.
    homogeneous = re.search(r"homogeneous: ([\d.]+)", entry["note"])
    agree(2 * (saturated - stayers.loglik_chain), float(homogeneous[1]))
    for name, kind in LATENT.items():
        fit = op.latent_markov(panel, "opinion", transitions=kind, starts=4)
        found[f"latent_markov_{name}"] = {"loglik": fit.loglik, "g2": list(fit.g2)}
    return found


def labour(entry):
    """Compute what is published of five waves of two states."""
    counts = np.reshape(entry["counts_flat"], (2,) * 5)
    panel = from_paths(entry["states"], counts)
    stayers = op.mover_stayer(panel, "opinion")
    return {
        "counts_flat": counts.ravel(),
        "markov_homogeneous_loglik": stayers.loglik_chain,
        "mover_stayer_loglik": stayers.loglik,
        "mover_stayer_s": stayers.stayers.value[:2],
        "mover_stayer_m": np.diag(stayers.movers.matrix()),
        "latent_markov_homogeneous_loglik": op.latent_markov(panel, "opinion", starts=4).loglik,
    }


def job_satisfaction(entry):
    """Compute what is published of seven waves, of which the counts are the first two."""
    if not JOB_SATISFACTION.exists():
        pytest.skip(f"the data are not there: {JOB_SATISFACTION}")
    frame = pd.read_csv(JOB_SATISFACTION)
    states = dict(zip(entry["states"], [[1, 2], [3], [4, 5]], strict=True))
    item = op.Item({wave: wave for wave in frame}, states)
    panel = op.Panel.from_wide(frame, items={"opinion": item})
    stayers = op.mover_stayer(panel, "opinion")
    return {
        "counts": cells(panel, (3, 3))[0],
        "mover_stayer_loglik": stayers.loglik,
        "mover_stayer_s1": stayers.stayers.value[0],
        "latent_markov_homogeneous_loglik": op.latent_markov(panel, "opinion", starts=1).loglik,
    }


def gross_flows(entry):
    """Compute Stasny's model A of flows with drop-out."""
    counts = np.array(entry["counts"])
    rows = [
        {"w1": origin, "w2": destination, "n": counts[i, j]}
        for i, origin in enumerate(entry["states"])
        for j, destination in enumerate(entry["states"])
    ]
    item = op.Item({"w1": "w1", "w2": "w2"}, {s: [s] for s in entry["states"][:3]}, rest="missing")
    panel = op.Panel.from_wide(pd.DataFrame(rows), items={"work": item}, count="n")
    model = op.response_model(panel, "work")
    response = {name: value for (name,), value in of_labels(model.response, ["parameter"])}
    return {"counts": counts, "model_a": response | {"P": model.transitions.matrix().to_numpy()}}


def vaccinations(entry):
    """Compute what is published of the two pairs of waves."""
    panels = [from_paths(["never", "some", "always"], pair) for pair in entry["pairs"].values()]
    return {
        "pairs": {
            name: cells(p, (3, 3))[0] for name, p in zip(entry["pairs"], panels, strict=True)
        },
        "stuart_maxwell": [op.marginal_homogeneity(p, "opinion").textbook for p in panels],
    }


def two_waves(entry):
    """Compute what is published of a table of two waves."""
    states = [str(state) for state in range(len(entry["counts"]))]
    found = change(from_paths(states, entry["counts"]))
    if "weighted" in entry:
        found["weighted"] = change_of_weighted_people(entry)
    return found


COMPUTED = dict.fromkeys([*TABLES, "r_rain"], two_waves) | {
    "erie_1940": erie,
    "nes_ideology": ideology,
    "women_labour_1967_71": labour,
    "rlms_2008_09": job_satisfaction,
    "lfs_1979_gross_flows": gross_flows,
    "vaccinations": vaccinations,
}


def agree(found, published):
    """Agree to the last digit given, in every figure of an entry; an entry names every figure."""
    if isinstance(published, dict):
        for name in published.keys() - WORDS:
            agree(found[name], published[name])
    elif isinstance(published, list):
        assert len(found) == len(published)
        for value, given in zip(found, published, strict=True):
            agree(value, given)
    elif isinstance(published, int):
        assert found == published
    else:
        rounded(found, published)


def test_every_entry_is_computed(tables):
    assert set(COMPUTED) == set(tables)


@pytest.mark.parametrize("name", COMPUTED)
def test_every_figure_of_an_entry(name, tables):
    entry = tables[name]
    found = COMPUTED[name](entry)
    agree(found, entry)
    people = re.search(r"N=(\d+)", entry["title"])
    if people:
        counts = found.get("counts", found.get("counts_flat"))
        pairs = [counts] if counts is not None else [*found.get("tables", {}).values()]
        assert [int(np.sum(pair)) for pair in pairs] == [int(people[1])] * len(pairs)


# ---- two waves --------------------------------------------------------------------------------


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


def test_wald_of_weighted_people_as_f(thomas):
    f = re.search(r"is F ([\d.]+)", thomas["weighted"]["wald_are"])
    rounded(op.marginal_homogeneity(weighted_panel(thomas), "opinion").statistic, float(f[1]))


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
    panel = from_paths(tables["nes_ideology"]["states"], counts)
    moves = op.transitions(panel, "opinion")
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
