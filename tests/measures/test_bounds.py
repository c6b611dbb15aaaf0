"""Bounds on turnover: every way of filling in what is missing, R's survey, and the line of text."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest
from dropout_panels import golden_panel
from hypothesis import given, settings, strategies as st
from places import GOLDEN_FILES
from scipy.special import expit, logit

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.bounded_values import critical_values
from opinionpanel.measures.bounds import (
    loss_text,
    turnover_bounds,
)
from opinionpanel.strategies import panels

few = settings(max_examples=15)


def component(bounds, name):
    """The values of one component, a row for each pair of waves and group."""
    return bounds.value[(bounds.labels["component"] == name).to_numpy()]


@pytest.mark.parametrize("kind", ["people", "clustered", "jkn"])
def test_r_survey(kind):
    golden = pd.read_csv(GOLDEN_FILES / "attrition_golden.csv")
    golden = golden[(golden["design"] == kind) & (golden["measure"] == "bounds")]
    bounds = turnover_bounds(golden_panel(kind), "x")
    assert bounds.labels["component"].tolist() == golden["label"].tolist()
    np.testing.assert_allclose(bounds.value, golden["estimate"], rtol=1e-10)
    np.testing.assert_allclose(bounds.std_error, golden["std_error"], rtol=1e-8)
    np.testing.assert_array_equal(bounds.df, golden["df"])


# ---- what every imputation gives ---------------------------------------------------------------


@few
@given(panels(), st.integers(0, 2**32 - 1))
def test_bounds_contain_every_way_to_fill_in_what_is_missing(panel, seed):
    rng = np.random.default_rng(seed)
    table = turnover_bounds(panel, "opinion", by="gender").value.reshape(-1, 4)
    groups = product(pairwise(panel.asked("opinion")), range(2))
    for (pair, gender), (low, high, answered, retained) in zip(groups, table, strict=True):
        weight = panel.weight(pair[0]).values
        first, last = map(panel.position, pair)
        inside = panel.present[first] & (panel.groups["gender"].codes == gender) & (weight > 0)
        if not inside.any():
            assert np.isnan([low, high, answered, retained]).all()
            continue
        share = weight[inside] / weight[inside].sum()
        answers = panel.answers["opinion"][[first, last]][:, inside].astype(int)
        missing = answers < 0
        assert retained == pytest.approx(1 - share @ missing.any(axis=0))
        if not missing.any(axis=0).all():
            assert low - 1e-12 <= answered <= high + 1e-12
        for _ in range(5):
            start, end = np.where(missing, rng.integers(0, 4, answers.shape), answers)
            assert low - 1e-12 <= share @ (start != end) <= high + 1e-12


@few
@given(panels())
def test_the_gap_is_what_is_missing(panel):
    """In covariance as well: upper − lower + retained is 1, and has no variance."""
    bounds = turnover_bounds(panel, "opinion")
    pairs = len(bounds) // 4
    low, high, answered, retained = bounds.value.reshape(-1, 4).T
    np.testing.assert_allclose(high - low + retained, 1.0)
    known = np.isfinite(answered)
    np.testing.assert_allclose((answered * retained)[known], low[known], atol=1e-12)
    whole = bounds.contrast(
        np.kron(np.eye(pairs), [-1, 1, 0, 1]), pd.DataFrame({"pair": range(pairs)})
    )
    np.testing.assert_allclose(whole.covariance[np.isfinite(whole.covariance)], 0.0, atol=1e-12)


@few
@given(panels(complete=True, weights=["none", "constant"]))
def test_without_loss_both_bounds_are_turnover(panel):
    """And the interval is the one that the turnover has."""
    bounds, turnover = turnover_bounds(panel, "opinion"), op.turnover(panel, "opinion")
    total = turnover.select(component="total")
    for name in ("lower", "upper", "answered"):
        np.testing.assert_allclose(component(bounds, name), total.value, atol=1e-12)
    np.testing.assert_allclose(component(bounds, "retained"), 1.0)
    frame, shown = bounds.between_bounds(), total.to_frame()
    for name in ("conf_low", "conf_high"):
        np.testing.assert_allclose(frame[name], shown[name], atol=1e-9)


@few
@given(panels())
def test_the_interval_holds_the_bounds_and_grows_with_the_level(panel):
    bounds = turnover_bounds(panel, "opinion", by="gender")
    narrow, wide = (bounds.between_bounds(level=level) for level in (0.8, 0.95))
    known = narrow[np.isfinite(narrow["conf_low"]) & np.isfinite(narrow["conf_high"])]
    assert (known["conf_low"] <= known["lower"] + 1e-12).all()
    assert (known["conf_high"] >= known["upper"] - 1e-12).all()
    assert (known["conf_low"] >= 0).all()
    assert (known["conf_high"] <= 1).all()
    assert (wide.loc[known.index, "conf_low"] <= known["conf_low"] + 1e-12).all()
    assert (wide.loc[known.index, "conf_high"] >= known["conf_high"] - 1e-12).all()
    low = bounds.labels["component"] == "lower"
    assert narrow["n"].tolist() == bounds.n[low].tolist()


@few
@given(panels(designs=["people", "clustered", "jackknife"], waves=(2, 2)))
def test_a_group_is_the_domain_of_that_name(panel):
    """The domain has the same values and covariance, and nothing of the others."""
    by_group = turnover_bounds(panel, "opinion", by="gender")
    for gender in ("man", "woman"):
        group = by_group.select(gender=gender)
        domain = turnover_bounds(panel.where(gender=gender), "opinion")
        np.testing.assert_allclose(group.value, domain.value, atol=1e-12)
        np.testing.assert_allclose(group.covariance, domain.covariance, atol=1e-12)
        np.testing.assert_array_equal(group.n, domain.n)


def test_calibrated_weights():
    """Post-stratified to gender, everyone's bounds mix those of men and women without error."""
    panel = op.datasets.load("attitudes_2024").panel
    targets = {"gender": {"man": 0.45, "woman": 0.55}}
    panel = op.poststratify(panel, targets)
    pair = list(panel.waves[:2])
    bounds = turnover_bounds(panel, "support", waves=pair)
    by_gender = turnover_bounds(panel, "support", waves=pair, by="gender")
    mixed = np.array([[0.45] * 4 + [0.55] * 4]) * np.tile(np.eye(4), 2)
    mixture = by_gender.contrast(mixed, bounds.labels)
    whole = [0, 1, 3]
    np.testing.assert_allclose(mixture.value[whole], bounds.value[whole], rtol=1e-9)
    np.testing.assert_allclose(mixture.std_error[whole], bounds.std_error[whole], rtol=1e-6)


# ---- the interval ------------------------------------------------------------------------------


@pytest.mark.parametrize("bounds", [(0.5, 0.9), (0.1, 0.5)])
def test_the_larger_of_the_two_standard_errors_counts(bounds):
    """That at the end nearer to one half, be it the lower or the upper."""
    found = turnover_bounds(with_bounds(*bounds), "x")
    low, high = found.std_error[:2]
    assert (low > 1.5 * high) == (bounds[0] == 0.5)
    frame = found.between_bounds()
    (quantile,) = critical_values(
        np.diff(found.value[:2]), np.array([max(low, high)]), found.df[:1], 0.95
    )
    for side, sign, row in (("conf_low", -1, 0), ("conf_high", 1, 1)):
        value, error = found.value[row], found.std_error[row]
        limit = logit(value) + sign * quantile * error / (value * (1 - value))
        assert frame[side][0] == pytest.approx(expit(limit), rel=1e-6)


def with_bounds(low, high, people=10):
    """So few people, unweighted, that the gap between the bounds does not settle the quantile."""
    changed, lost = round(people * low), round(people * (high - low))
    rows = [("a", "b")] * changed + [("a", None)] * lost
    rows += [("a", "a")] * (people - len(rows))
    frame = pd.DataFrame(rows, columns=["w1", "w2"])
    item = op.Item({"w1": "w1", "w2": "w2"}, {"a": ["a"], "b": ["b"]})
    return op.Panel.from_wide(frame, items={"x": item})


def test_nobody_moved_is_not_certain(from_table):
    panel = from_table(["a", "b"], [[30, 0], [0, 20]])
    frame = turnover_bounds(panel, "opinion").between_bounds()
    assert frame["lower"][0] == frame["upper"][0] == frame["conf_low"][0] == 0
    # Korn and Graubard's limit, the exact binomial one for equal weights.
    assert frame["conf_high"][0] == pytest.approx(1 - 0.025 ** (1 / 50))


def test_nobody_answered_twice():
    people = pd.DataFrame({"1": ["a", "b", "a", None], "2": [None, None, None, "a"]})
    item = op.Item({"1": "1", "2": "2"}, {"a": ["a"], "b": ["b"]})
    # One person links the two waves through another question.
    people["other"] = ["a", None, "b", "a"]
    other = op.Item({"1": "other", "2": "other"}, {"a": ["a"], "b": ["b"]})
    panel = op.Panel.from_wide(people, items={"x": item, "y": other})
    bounds = turnover_bounds(panel, "x")
    low, high, answered, retained = bounds.value
    assert (low, high, retained) == (0, 1, 0)
    assert np.isnan(answered)
    assert bounds.n.tolist() == [4, 4, 0, 4]
    frame = bounds.between_bounds()
    assert frame.loc[0, ["conf_low", "conf_high"]].tolist() == [0, 1]


def test_waves_stand_in_the_order_of_fieldwork():
    panel = op.datasets.load("attitudes_2024").panel
    with pytest.raises(SelectionError, match="in the order of fieldwork"):
        turnover_bounds(panel, "support", waves=["Nov 2024", "Jul 2024"])


# Label columns that results have or had on the way, and none of which is reserved.
INTERNAL = [
    "part",
    "(part)",
    "(counted)",
    "(steps)",
    "counted",
    "table",
    "row",
    "there",
    "negative",
]


ASKED = [
    turnover_bounds,
    op.attrition,
    lambda *of, **by: op.fresh_and_staying(*of, wave="Jul 2025", **by),
    op.missing_at_random,
    lambda *of, **by: op.response_model(*of, **by).response,
    lambda *of, **by: op.error_sensitivity(*of, response=0.02, **by),
    op.break_even,
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("measure", "name"),
    [(one, name) for place, one in enumerate(ASKED) for name in INTERNAL[place % 3 :: 3]],
)
def test_a_group_may_have_the_name_of_an_internal_column(measure, name):
    panel = op.datasets.load("attitudes_2024").panel
    other = replace(panel, groups={name: panel.group("gender")})
    one, two = measure(panel, "support", by="gender"), measure(other, "support", by=name)
    np.testing.assert_array_equal(one.value, two.value)
    np.testing.assert_array_equal(one.covariance, two.covariance)
    assert one.labels.rename(columns={"gender": name}).equals(two.labels)


def test_an_interval_needs_bounds():
    panel = op.datasets.load("attitudes_2024").panel
    bounds = turnover_bounds(panel, "support", by="gender")
    for wrong in (
        op.turnover(panel, "support"),
        bounds.select(component=["lower", "answered"]),
        bounds.difference("gender", "man", minus="woman"),
    ):
        with pytest.raises(SelectionError, match="the rows lower and upper"):
            wrong.between_bounds()
    only = bounds.select(component=["lower", "upper"]).between_bounds()
    assert list(only)[3:] == ["lower", "upper", "conf_low", "conf_high", "n"]
    with pytest.raises(SelectionError, match="level"):
        bounds.between_bounds(level=95)
    assert len(bounds.select(gender="man").between_bounds()) == 3


def test_the_caption_names_base_and_weight():
    panel = op.datasets.load("attitudes_2024").panel.where(gender="man")
    text = str(turnover_bounds(panel, "support", by="age_group"))
    assert "Base: everyone interviewed at the earlier wave, gender man;" in text
    assert "Weight: wgt (at Jul 2024);" in text


# ---- the line under a turnover -----------------------------------------------------------------


@pytest.fixture
def lossy():
    """Twenty people and three waves: weights of 1, 2 and 0, drop-out, and a missing answer."""
    frame = pd.DataFrame({"id": range(20), "w": [1.0] * 10 + [2.0] * 9 + [0.0]})
    answers = {
        "A": [*"aaaaabbbbb", *"aaaaabbbb", "a"],
        "B": [*"aaaabbbbba", None, *"aabbbbaa", "b"],
        "C": [*"aaaabbbbba", *"aaabbbbaa", "b"],
    }
    waves = {wave: frame.assign(x=values) for wave, values in answers.items()}
    waves["C"] = waves["C"].iloc[3:]
    waves["A"].loc[9, "x"] = None
    item = op.Item("x", {"a": ["a"], "b": ["b"]})
    return op.Panel.from_waves(waves, person="id", items={"x": item}, design=op.Design(weight="w"))


def test_loss_text(lossy):
    """Of 28 by weight, one (no answer at A) and two (none at B) are unknown; a few changed."""
    low, high, _, retained = turnover_bounds(lossy, "x", waves=["A", "B"]).value
    assert retained == pytest.approx(25 / 28)
    assert loss_text(lossy, "x", "A", "B") == (
        "Of 19 people interviewed at A with a positive weight there, 17 (89%, weighted) answered "
        "both then and at B; whatever the others did, turnover among all of them lies between "
        f"{100 * low:.1f} and {100 * high:.1f}%."
    )


def test_loss_text_of_a_domain_where_all_have_a_weight(lossy):
    domain = lossy.domain & (np.arange(20) < 19)
    text = loss_text(replace(lossy, domain=domain), "x", "A", "B")
    assert text.startswith("Of 19 people interviewed at A, 17 (89%, weighted) answered both then")


def test_loss_text_of_other_bases(lossy):
    balanced = loss_text(lossy, "x", "A", "B", base="balanced", waves=["A", "B", "C"])
    assert "14 (79%, weighted) answered at all of A, B, C; whatever" in balanced
    panel = loss_text(lossy, "x", "B", "C", base="panel", waves=["A", "B", "C"])
    assert panel.startswith(
        "Of 19 people interviewed at A with a positive weight there, 15 (82%, weighted) answered "
        "both at B and at C; whatever"
    )
    first = loss_text(lossy, "x", "A", "B", base="panel", waves=["A", "B", "C"])
    assert "answered both then and at B" in first


@few
@given(panels(people=(20, 40)), st.sampled_from(["answered", "balanced", "panel"]))
def test_loss_text_gives_no_per_cent_of_few_and_nothing_without_loss(panel, base):
    asked = panel.asked("opinion")
    first, last = asked[:2]
    text = loss_text(panel, "opinion", first, last, base=base, waves=asked)
    bounds = turnover_bounds(panel, "opinion", waves=[first, last])
    n = dict(zip(bounds.labels["component"], bounds.n, strict=True))
    if base != "balanced":
        assert (text == "") == (n["answered"] == n["lower"])
        assert ("%" in text) == (10 <= n["answered"] < n["lower"])
    if "%" in text and base != "balanced":
        low, high = (float(part) for part in text[:-2].rsplit(" ", 3)[1::2])
        assert low == pytest.approx(100 * component(bounds, "lower")[0], abs=0.05 + 1e-6)
        assert high == pytest.approx(100 * component(bounds, "upper")[0], abs=0.05 + 1e-6)


def test_loss_text_respects_the_domain_and_says_when_unweighted():
    panel = op.datasets.load("attitudes_2024").panel
    assert "Of 669 people" in loss_text(panel.where(gender="man"), "support", *panel.waves[:2])
    people = pd.DataFrame({"1": list("aabb") * 5, "2": [*list("aabb") * 4, *[None] * 4]})
    item = op.Item({"1": "1", "2": "2"}, {"a": ["a"], "b": ["b"]})
    text = loss_text(op.Panel.from_wide(people, items={"x": item}), "x", "1", "2")
    assert "16 (80%) answered" in text
    assert text.endswith("between 0.0 and 20.0%.")


def test_loss_text_never_rounds_to_everybody():
    people = pd.DataFrame({"1": ["a"] * 1000, "2": [*["a"] * 999, None]})
    item = op.Item({"1": "1", "2": "2"}, {"a": ["a"], "b": ["b"]})
    text = loss_text(op.Panel.from_wide(people, items={"x": item}), "x", "1", "2")
    assert "999 (over 99%) answered" in text
    assert text.endswith("between 0.0 and 0.1%.")


def test_loss_text_refuses_what_does_not_exist(lossy):
    with pytest.raises(SelectionError, match="wave"):
        loss_text(lossy, "x", "A", "D")
    with pytest.raises(SelectionError, match="base"):
        loss_text(lossy, "x", "A", "B", base="all")


def test_bounds_that_calibration_fixes_are_known():
    """Everyone answered twice, and who moved is a margin: 30 % did, without an error."""
    first = np.array(list("ab") * 40)
    second = np.where(np.arange(80) % 5 == 0, np.where(first == "a", "b", "a"), first)
    frame = pd.DataFrame(
        {"w1": first, "w2": second, "moved": np.where(first == second, "no", "yes")}
    )
    item = op.Item({"w1": "w1", "w2": "w2"}, {"a": ["a"], "b": ["b"]})
    panel = op.Panel.from_wide(frame, items={"x": item}, groups=["moved"])
    found = turnover_bounds(op.poststratify(panel, {"moved": {"no": 0.7, "yes": 0.3}}), "x")
    known = found.between_bounds().loc[0, ["lower", "upper", "conf_low", "conf_high"]]
    np.testing.assert_allclose(known.astype(float), 0.3)
    open_ = turnover_bounds(panel, "x").between_bounds().loc[0]
    assert open_["conf_low"] < open_["lower"] < open_["conf_high"]
