"""Groups of answers: the same people as the answers, for every measure, formula and domain."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError

ITEMS = {
    "tea": op.Item("tea", {"yes": [1], "unsure": [2], "no": [3]}),
    "rain": op.Item({"w1": "rain", "w2": "rain"}, {"yes": [1], "no": [2], "never": [9]}),
}


def panel_of(seed=1, people=150):
    random = np.random.default_rng(seed)
    frames = {}
    for wave in ("w1", "w2", "w3"):
        frame = pd.DataFrame({"id": 1000 + 7 * np.arange(people), "sex": np.arange(people) % 2})
        frame["tea"] = random.integers(1, 4, people)
        frame["rain"] = random.integers(1, 3, people)
        frame["w"] = random.uniform(0.5, 2, people)
        blank = random.random((people, 2)) < 0.1
        frame[["tea", "rain"]] = frame[["tea", "rain"]].astype(float).mask(blank)
        frames[wave] = frame[random.random(people) < 0.9]
    return op.Panel.from_waves(
        frames, person="id", items=ITEMS, groups=["sex"], design=op.Design(weight="w")
    )


@settings(max_examples=5)
@given(st.integers(0, 10_000))
def test_groups_of_answers_add_up_to_all_who_answered(seed):
    panel = panel_of(seed)
    by = "tea (w1)"
    with_it = panel.group_of("tea", wave="w1")
    found = op.shares(with_it, "rain", waves=["w2"], by=by)
    # Of all with an answer at w1, shares in the groups weighted by how many they are.
    inside = (panel.answers["tea"][0] >= 0) & (panel.answers["rain"][1] >= 0)
    weight, codes = panel.weight("w2").values, panel.answers["tea"][0]
    sizes = np.array([weight[inside & (codes == code)].sum() for code in range(3)])
    whole = op.shares(with_it.where(**{by: ["yes", "unsure", "no"]}), "rain", waves=["w2"])
    table = np.nan_to_num(found.value.reshape(3, -1))
    np.testing.assert_allclose(sizes @ table / sizes.sum(), whole.value)
    assert whole.n[0] == inside.sum() == found.n.reshape(3, -1)[:, 0].sum()


def test_a_group_of_the_item_itself_gives_its_transitions():
    panel = panel_of(3)
    group = panel.group_of("tea", wave="w1", name="before")
    found = op.shares(group, "tea", waves=["w2"], by="before")
    moves = op.transitions(panel, "tea", waves=["w1", "w2"])
    np.testing.assert_allclose(found.value, moves.value)
    np.testing.assert_allclose(found.std_error, moves.std_error)
    assert "by before (tea at w1)" in found.about.title
    assert "with a known before" in str(found)


def test_who_did_not_answer_has_no_value_and_empty_states_have_rows():
    panel = panel_of(4)
    group = panel.group_of("rain", wave="w2").group("rain (w2)")
    assert group.categories == ("yes", "no", "never")
    assert group.unused == 1
    np.testing.assert_array_equal(group.codes, np.maximum(panel.answers["rain"][1], -1))
    assert set(panel.answers["rain"][1][group.codes < 0]) == {-3, -1}
    found = op.shares(panel.group_of("rain", wave="w2"), "tea", by="rain (w2)", waves=["w3"])
    assert found.select(**{"rain (w2)": "never"}).n.tolist() == [0, 0, 0]
    assert found.about.title == "Shares of tea by wave, by rain (w2)"


def test_it_makes_domains_and_stands_in_formulas_and_tests():
    panel = panel_of(5).group_of("tea", wave="w1")
    assert "tea (w1)" not in panel_of(5).groups
    narrow = panel.where(**{"tea (w1)": ["yes", "no"]}, sex="1")
    assert narrow.group("tea (w1)").categories == ("yes", "no")
    assert "tea (w1) yes or no" in str(op.turnover(narrow, "rain"))
    fit = op.change_model(
        panel, "`tea (w1)` + sex", item="rain", waves=["w1", "w2"], outcome="changed"
    )
    assert "tea (w1)" in set(fit.effects.labels["term"])
    assert "tea (w1)" in op.independence(panel, "rain", by="tea (w1)", wave="w2").name
    title = op.shares(panel, "rain", by="tea (w1)").plot().title.text
    assert "by tea (w1)" in " ".join(title)
    assert "group tea (w1): answers to tea at w1" in str(panel)


def test_a_domain_and_a_group_of_answers_in_either_order():
    panel = panel_of(6)
    one = panel.where(sex="1").group_of("rain", wave="w1")
    other = panel.group_of("rain", wave="w1").where(sex="1")
    assert one.group("rain (w1)").categories == other.group("rain (w1)").categories
    found = [op.flows(each, "tea", by="rain (w1)") for each in (one, other)]
    np.testing.assert_array_equal(found[0].value, found[1].value)
    np.testing.assert_array_equal(found[0].covariance, found[1].covariance)


@settings(max_examples=5)
@given(st.integers(0, 10_000))
def test_bands_of_a_score_are_those_of_a_column_made_by_hand(seed):
    random = np.random.default_rng(seed)
    frames = {}
    for wave in ("w1", "w2"):
        frame = pd.DataFrame({"id": range(120), "w": random.uniform(0.5, 2, 120)})
        frame["tea"] = random.integers(1, 4, 120)
        frame["warmth"] = random.choice([0, 10, 49.5, 50, 80, 998, np.nan], 120)
        frames[wave] = frame[random.random(120) < 0.9]
    first = frames["w1"].set_index("id")["warmth"]
    for frame in frames.values():
        frame["band"] = frame["id"].map(first.mask(first == 998))
    items = {"tea": ITEMS["tea"], "warmth": op.Score("warmth", low=0, high=100, missing=[998])}
    groups = {"band": op.Grouping(bands=[10, 50])}
    panel = op.Panel.from_waves(
        frames, person="id", items=items, groups=groups, design=op.Design(weight="w")
    )
    made = panel.group_of("warmth", wave="w1", name="made", bands=[10, 50])
    assert made.group("made").categories == ("under 10", "10–49", "50+")
    assert made.group("made").answers_to == ("warmth", "w1")
    for measure in (op.flows, op.turnover):
        found, by_hand = (measure(made, "tea", by=by) for by in ("made", "band"))
        np.testing.assert_array_equal(found.value, by_hand.value)
        np.testing.assert_array_equal(found.covariance, by_hand.covariance)
        np.testing.assert_array_equal(found.n, by_hand.n)
    # Who is below the first cut has a band only where there is somebody.
    assert panel.group_of("warmth", wave="w1", bands=[0, 50]).group("warmth (w1)").categories == (
        "0–49",
        "50+",
    )
    # Shares by them are withheld as groups of answers are.
    assert op.shares(made, "tea", waves=["w2"], by="made").about.answers == ("made",)
    for call, words in (
        ({"item": "warmth"}, r"numbers from 0 to 100. Say with bands=\[…\]"),
        ({"item": "tea", "bands": [2]}, "item 'tea' has states, which are its groups: 'yes'"),
        ({"item": "warmth", "bands": [5, 1]}, "bands must ascend"),
    ):
        with pytest.raises(SelectionError, match=words):
            panel.group_of(wave="w1", **call)
    with pytest.raises(SelectionError, match=r"group_of\('warmth', wave=…, bands=\[…\]\)"):
        op.shares(panel, "tea", by="warmth")


def test_refusals():
    panel = panel_of(7)
    for call, words in (
        ({"item": "tee", "wave": "w1"}, "Did you mean 'tea'"),
        ({"item": "tea", "wave": "w9"}, "Unknown wave 'w9'"),
        ({"item": "rain", "wave": "w3"}, "'rain' was not asked at wave 'w3'. It was asked at 'w1'"),
        ({"item": "tea", "wave": "w1", "name": "sex"}, "already has a group 'sex'"),
        ({"item": "tea", "wave": "w1", "name": ""}, "name of a group is empty"),
    ):
        with pytest.raises(SelectionError, match=words):
            panel.group_of(**call)
    again = panel.group_of("tea", wave="w1")
    with pytest.raises(SelectionError, match="name='tea before'"):
        again.group_of("tea", wave="w1")
    silent = {"w1": pd.DataFrame({"id": range(9), "tea": [np.nan] * 9, "rain": 1.0})}
    empty = op.Panel.from_waves(silent, person="id", items={"tea": ITEMS["tea"]})
    with pytest.raises(SelectionError, match="Nobody answered item 'tea'"):
        empty.group_of("tea", wave="w1")


def test_an_item_in_place_of_a_group_leads_to_the_group_of_its_answers():
    panel = op.datasets.load("attitudes_2024").panel
    with pytest.raises(SelectionError, match=r"panel\.group_of\('peace', wave=…\)"):
        op.shares(panel, "support", by="peace")
