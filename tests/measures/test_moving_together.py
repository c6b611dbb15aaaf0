"""Joint change of two items: counted and correlated by hand, and by the scores of people."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.measures import association_of_change, joint_change

ITEMS = {
    name: op.Item(name, {"no": [1], "unsure": [2], "yes": [3]}, question=f"Do you like {name}?")
    for name in ("tea", "rain")
}


def panel_of(answers, weight=None, psu=None):
    """Make a panel of answers, shape (people, waves, items); 0 for a blank."""
    answers = np.asarray(answers)
    waves = {}
    for wave in range(answers.shape[1]):
        frame = pd.DataFrame(answers[:, wave].astype(float), columns=list(ITEMS))
        frame = frame.where(frame > 0).assign(id=1000 + 7 * np.arange(len(answers)))
        frame["w"] = 1.0 if weight is None else weight
        frame["cluster"] = np.arange(len(answers)) if psu is None else psu
        waves[f"w{wave + 1}"] = frame
    design = op.Design(weight="w", psu="cluster")
    return op.Panel.from_waves(waves, person="id", items=ITEMS, design=design)


def drawn(seed, people=120, waves=2):
    random = np.random.default_rng(seed)
    answers = random.integers(1, 4, (people, waves, 2))
    same = random.random((people, 2)) < 0.6
    same[:, 1] = np.where(random.random(people) < 0.5, same[:, 0], same[:, 1])
    answers[:, 1] = np.where(same, answers[:, 0], answers[:, 1])
    answers[random.random(answers.shape) < 0.05] = 0
    return answers, random.integers(1, 4, people).astype(float), random.integers(0, 25, people)


def moves_of(answers):
    inside = (answers > 0).all(axis=(1, 2))
    return inside, answers[:, 0] != answers[:, 1]


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_shares_and_phi_are_those_of_two_moves(seed):
    answers, weight, psu = drawn(seed)
    panel = panel_of(answers, weight, psu)
    inside, (first, second) = moves_of(answers)[0], moves_of(answers)[1].T
    found, w = joint_change(panel, "tea", "rain"), weight * inside
    cells = [first & second, first & ~second, ~first & second, ~first & ~second]
    np.testing.assert_allclose(found.value, [w @ cell / w.sum() for cell in cells])
    assert found.n_cell.tolist() == [(inside & cell).sum() for cell in cells]
    assert set(found.n) == {inside.sum()}
    assert found.labels["moved"].tolist() == ["both", "tea only", "rain only", "neither"]
    indices = association_of_change(panel, "tea", "rain")
    phi, log_odds = (indices.select(index=name) for name in ("phi", "log odds ratio"))
    both, one, other, neither = found.value
    np.testing.assert_allclose(np.exp(log_odds.value), both * neither / (one * other))
    pearson = np.cov(first[inside], second[inside], aweights=weight[inside])
    np.testing.assert_allclose(phi.value, pearson[0, 1] / np.sqrt(pearson.diagonal().prod()))


@settings(max_examples=5)
@given(st.integers(0, 10_000))
def test_the_error_of_phi_is_that_of_its_influence_on_people(seed):
    """A second formula: z = u v − φ (u² + v²)/2 of the standardised moves, added up by PSU."""
    answers, weight, psu = drawn(seed)
    inside, moved = moves_of(answers)
    w = weight * inside
    share = w @ moved / w.sum()
    u, v = ((moved - share) / np.sqrt(share * (1 - share))).T
    phi = w @ (u * v) / w.sum()
    influence = w * (u * v - phi / 2 * (u**2 + v**2)) / w.sum()
    clusters = np.bincount(psu, influence, minlength=psu.max() + 1)[np.unique(psu)]
    many = len(clusters)
    variance = many / (many - 1) * ((clusters - clusters.mean()) ** 2).sum()
    found = association_of_change(panel_of(answers, weight, psu), "tea", "rain")
    found = found.select(index="phi")
    np.testing.assert_allclose(found.std_error, np.sqrt(variance))
    low, high = found.to_frame()[["conf_low", "conf_high"]].iloc[0]
    assert -1 <= low < phi < high <= 1


def test_it_is_the_same_whichever_item_comes_first():
    answers, weight, psu = drawn(5, waves=3)
    panel = panel_of(answers, weight, psu)
    one, other = (association_of_change(panel, *two) for two in (["tea", "rain"], ["rain", "tea"]))
    assert len(one) == 4
    np.testing.assert_allclose(one.value, other.value)
    np.testing.assert_allclose(one.covariance, other.covariance)
    alone = association_of_change(panel, "tea", "rain", waves=["w2", "w3"])
    np.testing.assert_allclose(alone.value, one.value[2:])
    np.testing.assert_allclose(alone.std_error, one.std_error[2:])


def test_turnover_of_the_same_people_is_the_sum():
    answers, weight, psu = drawn(6)
    answers[(answers == 0).any(axis=(1, 2))] = 0
    panel = panel_of(answers, weight, psu)
    found = joint_change(panel, "tea", "rain")
    total = found.contrast([[1, 1, 0, 0]], {"what": ["moved on tea"]})
    alone = op.turnover(panel, "tea").select(component="total")
    np.testing.assert_allclose([total.value, total.std_error], [alone.value, alone.std_error])


@pytest.mark.parametrize(("move", "phi"), [([1, 2, 3], 1.0), ([1, 1, 1], np.nan)])
def test_phi_has_no_error_at_its_ends_and_is_nothing_where_nobody_moved(move, phi):
    answers = np.array([[[1, 2], [1, 2]]] * 20 + [[[3, 1], [x, y]] for x, y in [move[:2]] * 9])
    if np.isnan(phi):
        answers[20:, 1] = answers[20:, 0]
    found = association_of_change(panel_of(answers), "tea", "rain")
    np.testing.assert_allclose(found.value, [phi, np.nan])
    assert np.isnan(found.std_error).all()


def test_where_one_change_says_nothing_of_the_other_both_indices_are_zero():
    """Products of margins, in the counts of people: 6 of 12 moved on tea, 4 of 12 on rain."""
    moves = [(1, 1)] * 2 + [(1, 0)] * 4 + [(0, 1)] * 2 + [(0, 0)] * 4
    answers = np.array([[[1, 1], [1 + tea, 1 + rain]] for tea, rain in moves])
    found = association_of_change(panel_of(answers), "tea", "rain")
    np.testing.assert_allclose(found.value, 0.0, atol=1e-12)
    assert (found.std_error > 0).all()


def test_refusals():
    panel = panel_of(drawn(7)[0])
    with pytest.raises(SelectionError, match="twice"):
        joint_change(panel, "tea", "tea")
    with pytest.raises(SelectionError, match="Unknown item"):
        joint_change(panel, "tea", "snow")
    one = {"w1": pd.DataFrame({"id": [1, 2], "a": 1, "b": [1, 2]})}
    items = {"a": op.Item("a", {"yes": [1]}), "b": op.Item("b", {"yes": [1], "no": [2]})}
    single = op.Panel.from_waves({**one, "w2": one["w1"]}, person="id", items=items)
    with pytest.raises(SelectionError, match="answer of which there is one: item 'a' has 'yes'"):
        joint_change(single, "a", "b")
    # One of the items was asked at the first two waves, the other at the last two.
    frames = {f"w{t}": pd.DataFrame({"id": 1000 + 7 * np.arange(30)}) for t in (1, 2, 3)}
    for t, names in ((1, ["tea"]), (2, ["tea", "rain"]), (3, ["rain"])):
        for name in names:
            frames[f"w{t}"][name] = 1.0 + np.arange(30) % 3
    items = {
        "tea": op.Item({"w1": "tea", "w2": "tea"}, {"no": [1], "yes": [2, 3]}),
        "rain": op.Item({"w2": "rain", "w3": "rain"}, {"no": [1], "yes": [2, 3]}),
    }
    apart = op.Panel.from_waves(frames, person="id", items=items)
    with pytest.raises(SelectionError, match="no pair of waves in common"):
        joint_change(apart, "tea", "rain")


def test_captions_name_both_items_and_no_question():
    text = str(joint_change(panel_of(drawn(8)[0]), "tea", "rain"))
    assert "people with an answer to both items at both waves" in text
    assert "Do you like" not in text
