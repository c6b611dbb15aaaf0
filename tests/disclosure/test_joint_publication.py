"""How two items move together leaves a report only as far as it tells of no few people."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.disclosure import publish_joint
from opinionpanel.disclosure.joint_publication import Few
from opinionpanel.measures import association_of_change

PAIR = ("w1", "w2")


def panel_of(answers):
    """Make a panel of answers, shape (people, waves, items); 0 for a blank."""
    items = {name: op.Item(name, {"no": [1], "yes": [2]}) for name in ("tea", "rain", "snow")}
    waves = {}
    for wave in range(2):
        frame = pd.DataFrame(np.asarray(answers)[:, wave].astype(float), columns=list(items))
        waves[f"w{wave + 1}"] = frame.where(frame > 0).assign(id=1000 + 7 * np.arange(len(frame)))
    return op.Panel.from_waves(waves, person="id", items=items)


def drawn(seed, people):
    random = np.random.default_rng(seed)
    answers = random.integers(1, 3, (people, 2, 3))
    same = random.random((people, 3)) < 0.7
    answers[:, 1] = np.where(same, answers[:, 0], answers[:, 1])
    return answers


def test_of_the_same_people_it_is_shown_as_it_is():
    panel = panel_of(drawn(1, 500))
    found = publish_joint(panel, ["tea", "rain", "snow"], PAIR)
    assert list(found) == [("tea", "rain"), ("tea", "snow"), ("rain", "snow")]
    for two, shown in found.items():
        exact = association_of_change(panel, *two)
        assert not shown.hidden.any()
        assert shown.estimates.value[0] == exact.value.round(2)[0]
        assert exact.std_error[0] <= shown.estimates.std_error[0] <= exact.std_error[0] + 0.005
        assert shown.estimates.replicates is None


def test_cells_of_few_people_withhold_it():
    answers = np.ones((200, 2, 3), dtype=int)
    answers[:40, 1, 0] = 2
    answers[36:80, 1, 1] = 2
    answers[100:150, 1, 2] = 2
    found = publish_joint(panel_of(answers), ["tea", "rain"], PAIR)
    assert found["tea", "rain"].hidden.all()
    assert found["tea", "rain"].frame()[["estimate", "conf_low"]].isna().all(axis=None)
    answers[30:80, 1, 1] = 2
    assert not publish_joint(panel_of(answers), ["tea", "rain"], PAIR)["tea", "rain"].hidden.any()


@given(st.integers(0, 10_000))
def test_what_is_shown_fits_other_numbers_of_the_few_who_moved(seed):
    """Counted out: every table with the same rounded correlation."""
    random = np.random.default_rng(seed)
    table = random.integers(5, 30, 4)
    people = int(random.integers(1, 9))
    moved = int(random.integers(0, people + 1))
    sign = int(random.choice([1, -1]))
    n, other = table.sum(), table[1] + table[3]

    def phi(both, one):
        top = n * both - one * other
        return top / np.sqrt(float(one * (n - one) * other * (n - other)))

    shown = phi(table[3], table[2] + table[3]).round(1)
    fits = set()
    for guess in range(people + 1):
        one = table[2] + table[3] - sign * (guess - moved)
        for both in range(5, n):
            cells = [n - one - other + both, other - both, one - both, both]
            if min(cells) >= 5 and phi(both, one).round(1) == shown:
                fits.add(guess)
    assert moved in fits
    assert Few(table, people, moved, sign).open(1, 5) == max(fits) - min(fits)


@pytest.mark.parametrize("few", [0, 7, 60])
def test_few_who_answered_one_item_only_cost_a_decimal_at_most(few):
    answers = drawn(3, 400)
    answers[:few, 0, 1] = 0
    shown = publish_joint(panel_of(answers), ["tea", "rain"], PAIR)["tea", "rain"]
    exact = association_of_change(panel_of(answers), "tea", "rain").value[0]
    assert not shown.hidden.any()
    assert shown.estimates.value[0] in (round(exact, 1), round(exact, 2))
    if not few:
        assert shown.estimates.value[0] == round(exact, 2)


def test_items_not_asked_at_both_waves_are_left_out():
    people = pd.DataFrame({"id": 1000 + 7 * np.arange(90), "q": np.arange(90) % 2})
    items = {"a": op.Item("q", {"no": [0], "yes": [1]})}
    items["b"] = op.Item({"w1": "q"}, {"no": [0], "yes": [1]})
    panel = op.Panel.from_waves({"w1": people, "w2": people}, person="id", items=items)
    assert publish_joint(panel, ["a", "b"], PAIR) == {}
