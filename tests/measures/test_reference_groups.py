"""Groups against a reference: the same numbers by another way, for every measure."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.strategies import panels

MEASURES = [op.shares, op.flows, op.transitions, op.net_change, op.turnover]
THREE = {"region": ("north", "east", "south")}
few = settings(max_examples=12)
measures = st.sampled_from(MEASURES)


def close(first, second):
    np.testing.assert_allclose(first, second, rtol=1e-8, atol=1e-12)


@few
@given(
    panels(
        waves=(2, 3),
    ),
    measures,
)
def test_the_rest_of_two_groups_is_the_other(panel, measure):
    rest = measure(panel, "opinion", by="gender", reference="rest")
    for gender, other in (("man", "woman"), ("woman", "man")):
        ours = rest.select(gender=gender)
        plain = measure(panel, "opinion", by="gender").difference("gender", gender, minus=other)
        close(ours.value, plain.value)
        close(ours.covariance, plain.covariance)
        if measure in (op.shares, op.flows, op.transitions):
            np.testing.assert_array_equal(ours.df, plain.df)
            np.testing.assert_array_equal(ours.n, plain.n)
    close(rest.select(gender="man").value, -rest.select(gender="woman").value)


@few
@given(panels(waves=(2, 3), groups=THREE), measures)
def test_a_category_is_the_plain_difference(panel, measure):
    others = set(panel.group("region").categories) - {"east"}
    # Few people may leave a region without anybody.
    assume(others and "east" in panel.group("region").categories)
    against = measure(panel, "opinion", by="region", reference="east")
    assert set(against.labels["region"]) == others
    for region in others:
        plain = measure(panel, "opinion", by="region").difference("region", region, minus="east")
        close(against.select(region=region).value, plain.value)
        close(against.select(region=region).covariance, plain.covariance)


@few
@given(panels(waves=(2, 3), groups=THREE), measures)
def test_the_covariance_is_positive_semidefinite(panel, measure):
    for reference in ("rest", "total"):
        covariance = measure(panel, "opinion", by="region", reference=reference).covariance
        known = np.isfinite(np.diag(covariance))
        values = np.linalg.eigvalsh(covariance[np.ix_(known, known)])
        assert values.min(initial=0.0) >= -1e-8 * max(values.max(initial=0.0), 1e-8)


@few
@given(panels(waves=(2, 3), groups=THREE, complete=True))
def test_groups_average_to_the_total(panel):
    # Σ_g W_g (p_g − p) = 0, and p_g − p = (1 − W_g/W) (p_g − p_rest).
    flows = op.flows(panel, "opinion", by="region")
    alone = op.flows(panel, "opinion")
    total = op.flows(panel, "opinion", by="region", reference="total")
    rest = op.flows(panel, "opinion", by="region", reference="rest")
    close(total.value, flows.value - np.concatenate(_repeat(flows, alone)))
    for pair in flows.labels[["from_wave", "to_wave"]].drop_duplicates().to_numpy():
        inside = (flows.labels[["from_wave", "to_wave"]] == pair).all(axis=1).to_numpy()
        weight = panel.weight(*pair).values
        codes = panel.group("region").codes
        shares = np.array([weight[codes == code].sum() for code in range(3)])
        shares = np.repeat(shares / shares.sum(), inside.sum() // 3)
        close(total.value[inside], (1 - shares) * rest.value[inside])
        close((shares * total.value[inside]).reshape(3, -1).sum(axis=0), 0.0)


def _repeat(flows, alone):
    """The flows of everybody, once for each region, pair by pair."""
    pairs = flows.labels[["from_wave", "to_wave"]].drop_duplicates().to_numpy()
    return [np.tile(alone.select(from_wave=a, to_wave=b).value, 3) for a, b in pairs]


def test_several_groups_and_people_without_one(build, july, november):
    july.loc[0, "gender"] = None
    november.loc[5, "gender"] = None
    panel = build(groups=["gender", "region"])
    rest = op.shares(panel, "support", by=["gender", "region"], reference="rest")
    assert list(rest.labels) == ["wave", "gender", "region", "state"]
    approve = rest.select(wave="Jul", gender="woman", region="south", state="approve")
    # Person 8 did not answer, so person 6, who opposes, is alone against 2, 3, 4, 5 and 7.
    assert approve.value[0] == pytest.approx(0.0 - (0.5 + 0.75) / (0.5 + 1 + 1 + 2 + 0.75))
    assert approve.n[0] == 1
    assert "difference from the rest" in approve.about.title
    assert approve.unit == "change"


def test_a_group_without_people_is_undefined(build, july, november):
    for frame in (july, november):
        frame["gender"] = pd.Categorical(["man"] * len(frame), ["man", "woman"])
    rest = op.shares(build(), "support", by="gender", reference="rest")
    assert np.isnan(rest.value).all()
    assert (rest.n == 0).all()


@pytest.mark.parametrize("measure", MEASURES)
def test_refusals(build, july, measure):
    panel = build(groups=["gender", "region"])
    with pytest.raises(SelectionError, match=r"compares groups; name them with by="):
        measure(panel, "support", reference="rest")
    with pytest.raises(SelectionError, match=r"Did you mean 'woman'.*'rest', 'total', 'man'"):
        measure(panel, "support", by="gender", reference="women")
    with pytest.raises(SelectionError, match="With several groups"):
        measure(panel, "support", by=["gender", "region"], reference="man")


def test_a_category_called_rest(build, july, november):
    for frame in (july, november):
        frame["gender"] = frame["gender"].replace({"woman": "rest"})
    with pytest.raises(SelectionError, match="could mean the category 'rest'"):
        op.shares(build(), "support", by="gender", reference="rest")
    total = op.shares(build(), "support", by="gender", reference="total")
    assert set(total.labels["gender"]) == {"man", "rest"}


@pytest.mark.parametrize("measure", MEASURES)
def test_replicates_are_the_measure_under_each_of_them(july, november, support, measure):
    frames, rng = {"Jul": july, "Nov": november}, np.random.default_rng(3)
    people = pd.unique(pd.concat([july["resp_id"], november["resp_id"]]))
    factors = pd.DataFrame(rng.uniform(0.5, 1.5, (len(people), 6)), index=people)
    for frame in frames.values():
        for column in factors:
            frame[f"rep_{column}"] = frame["wgt"] * frame["resp_id"].map(factors[column])

    def compute(design):
        panel = op.Panel.from_waves(
            frames, person="resp_id", items={"s": support}, groups=["gender"], design=design
        )
        return measure(panel, "s", by="gender", reference="total")

    replicated = compute(op.ReplicateDesign(weight="wgt", replicates="rep_*", scale=1 / 6))
    for column in range(6):
        alone = compute(op.Design(weight=f"rep_{column}"))
        untied = np.isfinite(replicated.replicates.values[column])
        # Turnover holds the signs and minima of the estimate in every replicate.
        if measure is not op.turnover:
            close(replicated.replicates.values[column][untied], alone.value[untied])
    close(replicated.value, compute(op.Design(weight="wgt")).value)
