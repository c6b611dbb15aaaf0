"""Smoothed shares and transitions: identities, errors, what is said of them, what is refused."""

import pickle

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.charts.chart_captions import notes
from opinionpanel.drawing.languages import RUSSIAN
from opinionpanel.errors import SelectionError

STATES = ("for", "unsure", "against")
REGIONS = [f"region {place}" for place in range(5)]
BY = ["region", "age"]
WAVES = ("w1", "w2")


def people(number=600, seed=3):
    """Two waves, regions of unequal size that differ, and PSUs that hold all ages."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"stratum": np.arange(number) % 2, "psu": np.arange(number) % 40})
    place = rng.choice(5, number, p=[0.4, 0.25, 0.2, 0.1, 0.05])
    frame["region"] = np.array(REGIONS)[place]
    frame["age"] = np.array(["young", "old"])[rng.integers(0, 2, number)]
    frame["weight"] = rng.lognormal(0, 0.3, number)
    first = (rng.random(number) + 0.2 * place > 0.8).astype(int) + (rng.random(number) < 0.3)
    second = np.where(rng.random(number) < 0.7, first, rng.integers(0, 3, number))
    frame["w1"], frame["w2"] = (np.array(STATES)[codes] for codes in (first, second))
    # Nobody is left of one group.
    return frame[(frame["region"] != REGIONS[4]) | (frame["age"] != "old")]


def panel_of(frame, **design):
    item = op.Item({wave: wave for wave in WAVES}, {state: [state] for state in STATES})
    design = {"weight": "weight", "stratum": "stratum", "psu": "psu"} | design
    return op.Panel.from_wide(frame, items={"vote": item}, groups=BY, design=op.Design(**design))


PANEL = panel_of(people())
SHARES = op.shares(PANEL, "vote", by=BY)
MOVES = op.transitions(PANEL, "vote", by=BY)
GROUPS = list(dict.fromkeys(SHARES.named.keys(BY)))
COUNTS = {group: 10.0 + 3 * place for place, group in enumerate(GROUPS)}
SMOOTHED = op.smooth(SHARES)
# At the second wave nobody is left in one region.
EMPTY = op.shares(
    panel_of(people().assign(w2=lambda part: part["w2"].mask(part["region"] == REGIONS[3]))),
    "vote",
    by=BY,
)


def sums(estimates, columns):
    return estimates.to_frame().groupby(columns, sort=False)["estimate"].sum()


@pytest.mark.parametrize("estimates", [SHARES, MOVES], ids=["shares", "transitions"])
def test_all_groups_together_are_the_direct_total(estimates):
    smoothed = op.smooth(estimates)
    keys = [name for name in estimates.labels if name not in BY]
    weighted = [
        (part.labels[keys].assign(total=np.nan_to_num(part.value * part.size)))
        .groupby(keys, sort=False)["total"]
        .sum()
        for part in (estimates, smoothed)
    ]
    if estimates is SHARES:
        # The group without people has no weight.
        np.testing.assert_allclose(weighted[1], weighted[0], atol=1e-7)
    assert sums(smoothed, keys[:-1] + BY).to_numpy() == pytest.approx(1, abs=1e-9)
    assert (smoothed.std_error > 0).all()
    assert np.nanmedian(smoothed.std_error) < np.nanmedian(estimates.std_error)
    assert np.linalg.eigvalsh(smoothed.covariance).min() > -1e-9


def test_a_group_without_people_is_predicted_with_a_wider_error():
    empty = SHARES.n == 0
    assert empty.sum() == 6
    assert np.isnan(SHARES.value[empty]).all()
    assert np.isfinite(SMOOTHED.value).all()
    wave = (SHARES.labels["wave"] == "w1").to_numpy()
    for state in STATES:
        rows = wave & (SHARES.labels["state"] == state).to_numpy()
        assert SMOOTHED.std_error[rows & empty] > SMOOTHED.std_error[rows & ~empty].mean()


def test_each_wave_and_each_origin_is_smoothed_on_its_own_and_waves_can_be_compared():
    for wave in WAVES:
        alone = op.smooth(SHARES.select(wave=wave))
        there = SMOOTHED.select(wave=wave)
        np.testing.assert_allclose(alone.value, there.value, atol=1e-9)
        np.testing.assert_allclose(alone.covariance, there.covariance, atol=1e-9)
    change = SMOOTHED.difference("wave", "w2", minus="w1")
    apart = np.hypot(*(SMOOTHED.select(wave=wave).std_error for wave in WAVES))
    assert np.median(change.std_error / apart) < 0.95
    row = op.smooth(MOVES.select(origin="for"))
    np.testing.assert_allclose(row.value, op.smooth(MOVES).select(origin="for").value, atol=1e-9)


def test_states_left_out_count_as_one():
    one = op.smooth(SHARES.select(state="for", wave="w1"))
    frame = people()
    frame[["w1", "w2"]] = frame[["w1", "w2"]].replace("against", "unsure")
    two = op.smooth(op.shares(panel_of(frame), "vote", by=BY, waves=["w1"]))
    np.testing.assert_allclose(one.value, two.select(state="for").value, atol=1e-6)
    np.testing.assert_allclose(one.std_error, two.select(state="for").std_error, atol=1e-6)


def test_groups_are_put_together_by_known_counts():
    smoothed = op.smooth(SHARES, population=COUNTS)
    regions = op.smooth(SHARES, population=pd.Series(COUNTS), to="region")
    matrix = np.array([COUNTS[key] for key in smoothed.named.keys(BY)])
    wanted = smoothed.labels.assign(value=smoothed.value * matrix, count=matrix)
    wanted = wanted.groupby(["wave", "region", "state"], sort=False)[["value", "count"]].sum()
    np.testing.assert_allclose(regions.value, wanted["value"] / wanted["count"], atol=1e-12)
    assert [*regions.labels] == ["wave", "region", "state"]
    assert regions.n.sum() == SHARES.n.sum()
    assert (regions.std_error < 0.13).all()


def test_all_groups_put_together_have_the_error_of_direct_figures():
    direct = SHARES.select(region=REGIONS[:4], wave="w1")
    counts = np.array([COUNTS[key] for key in direct.named.keys(BY)])
    known = {key: COUNTS[key] for key in direct.named.keys(BY)}
    whole = op.smooth(direct, population=known, to=[])
    wanted = direct.contrast(
        np.tile(np.eye(3), len(known)) * counts / counts[::3].sum(), whole.labels
    )
    np.testing.assert_allclose(whole.value, wanted.value, atol=1e-9)
    np.testing.assert_allclose(whole.covariance, wanted.covariance, atol=1e-12)
    # All groups lie in as many PSUs as the largest, or more.
    assert set(whole.df) == {direct.df.max()}
    # What the model says of it has an error of its own.
    free = op.smooth(direct, population=known, to=[], benchmark=False)
    np.testing.assert_allclose(free.value, whole.value, atol=0.05)
    assert set(free.df) == {7.0}
    one = op.smooth(SHARES, to=["age", "region"])
    np.testing.assert_allclose(one.value, SMOOTHED.value, atol=1e-12)


def test_what_explains_the_groups_makes_their_errors_smaller():
    x = {group: float(REGIONS.index(group[0])) for group in GROUPS}
    known = op.smooth(SHARES, covariates={"x": x})
    assert known.std_error.mean() < SMOOTHED.std_error.mean()
    of_regions = pd.DataFrame({"region": REGIONS, "x": range(5)})
    np.testing.assert_allclose(op.smooth(SHARES, covariates=of_regions).value, known.value)
    both = op.smooth(SHARES, covariates={"x": x}, effects="age")
    assert "with x, age (Fay–Herriot" in both.about.modelled
    assert both.df.max() == known.df.max() - 1 == SMOOTHED.df.max() - 2


def test_replicate_weights_and_strata_of_people_have_errors_as_well():
    design = op.Design(weight="weight", stratum="stratum", psu="psu").as_replicates(
        "bootstrap", replicates=40, seed=1
    )
    item = op.Item({wave: wave for wave in WAVES}, {state: [state] for state in STATES})
    panel = op.Panel.from_wide(people(), items={"vote": item}, groups=BY, design=design)
    found = op.smooth(op.shares(panel, "vote", by=BY))
    np.testing.assert_allclose(found.value, SMOOTHED.value, atol=0.03)
    np.testing.assert_allclose(found.std_error, SMOOTHED.std_error, rtol=0.5)
    assert found.replicates is None


def test_what_is_withheld_of_direct_figures_is_withheld_of_smoothed_ones():
    asked, before = PANEL.group_of("vote", wave="w1"), "vote (w1)"
    answers = op.shares(asked, "vote", by=["region", before], waves=["w2"])
    for direct in (MOVES.select(origin="for"), answers):
        wanted, found = (one.to_frame(min_n=3)["withheld"] for one in (direct, op.smooth(direct)))
        # Also cells of few people, and what would tell these.
        assert (wanted & (direct.n >= 3)).any()
        assert found.tolist() == wanted.tolist()
    together = op.smooth(answers, to=before)
    whole = op.shares(asked, "vote", by=before, waves=["w2"])
    np.testing.assert_array_equal(together.n_cell, whole.n_cell)


def test_figures_say_that_a_model_made_them():
    made = SMOOTHED.about.modelled
    assert made.startswith("Model-based: smoothed over 10 groups (Fay–Herriot")
    assert "predicted from the others: 1." in made
    assert "All groups together are the direct total." in made
    assert made in str(SMOOTHED).replace("\n", " ")
    told = op.smooth(
        SHARES, covariates={"x": COUNTS}, population=COUNTS, to="region", benchmark=False
    )
    by_weight = op.smooth(SHARES, to="region")
    for one in (SMOOTHED, told, by_weight):
        said = notes(one, language=RUSSIAN, level=0.95, min_n=0)
        assert RUSSIAN.tell(one.about.modelled) in " ".join(said)
        left = RUSSIAN.tell(one.about.modelled)
        assert not any(word in left for word in ("smoothed", "groups", "Intervals", "direct"))
    again = pickle.loads(pickle.dumps(SMOOTHED))
    np.testing.assert_allclose(again.covariance, SMOOTHED.covariance)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: op.smooth(op.shares(PANEL, "vote")), "no groups to smooth over"),
        (lambda: op.smooth(op.flows(PANEL, "vote", by=BY)), "these are flows"),
        (lambda: op.smooth(op.turnover(PANEL, "vote", by=BY)), "these are turnover"),
        (
            lambda: op.smooth(op.shares(PANEL, "vote", by="age", reference="rest")),
            "these are differences",
        ),
        (
            lambda: op.smooth(SHARES.difference("wave", "w2", minus="w1")),
            "Smooth first, and compare then",
        ),
        (lambda: op.smooth(SMOOTHED), "come from a model already"),
        (
            lambda: op.smooth(op.shares(PANEL, "vote", by="age")),
            "groups with people are 2, and at least 5",
        ),
        (lambda: op.smooth(SHARES, effects=BY), "at least 10 are needed, 5 of them for effects"),
        (lambda: op.smooth(SHARES, effects="sex"), "sex"),
        (lambda: op.smooth(SHARES, to="sex"), "sex"),
        (lambda: op.smooth(SHARES.at(np.arange(29))), "all groups need the same states"),
        (lambda: op.smooth(MOVES, to="region"), "start in each origin is not known"),
        (
            lambda: op.charts.dots([SHARES.select(wave="w1"), SMOOTHED.select(wave="w1")]),
            "Draw them in two charts",
        ),
        (
            lambda: op.smooth(op.shares(panel_of(people().assign(w1="for")), "vote", by=BY)),
            r"everybody is in one state \(wave w1, state for\)",
        ),
        (
            lambda: op.smooth(
                op.shares(panel_of(people().assign(w1="for")), "vote", by=BY).select(state="unsure")
            ),
            r"nobody is in one state \(wave w1, state unsure\)",
        ),
        (
            lambda: op.smooth(
                op.shares(panel_of(people(), psu="region", stratum=None), "vote", by=BY)
            ),
            r"cannot be known \(wave w1\): nearly each is one person, or lies in one PSU",
        ),
        (lambda: op.smooth(SHARES, to=[]), r"without groups, as in shares\(panel, 'vote'\)"),
        (lambda: op.smooth(EMPTY, to="region"), r"Nobody is there \(wave w2, region region 3\)"),
        (
            lambda: op.smooth(
                EMPTY, covariates={"x": {key: float(key[0] == REGIONS[3]) for key in GROUPS}}
            ),
            r"covariate 'x' is the same in all groups with people \(wave w2\)",
        ),
        (lambda: op.smooth(SHARES, effects="region"), "nobody has in a category of effects"),
        (lambda: op.smooth(SHARES, population={}), "population: there is no number"),
        (lambda: op.smooth(SHARES, covariates={"x": {}}), "covariate 'x': there is no number"),
    ],
)
def test_what_cannot_be_smoothed_is_refused(ask, said):
    with pytest.raises(SelectionError, match=said):
        ask()


def test_groups_that_are_all_the_same_stay_so():
    frame = pd.concat([people(90)[["w1", "w2", "weight", "stratum", "psu"]]] * 12)
    frame = frame.assign(region=np.repeat(np.arange(12), len(people(90))).astype(str), age="any")
    shares = op.shares(panel_of(frame, psu=None), "vote", by=BY, waves=["w1"])
    smoothed = op.smooth(shares)
    np.testing.assert_allclose(smoothed.value, shares.value, atol=1e-6)
    assert (smoothed.std_error <= shares.std_error * 1.001).all()
