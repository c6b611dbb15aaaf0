"""Tables by group leave with all others, and take nothing from them."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from made import ITEM, drawn, panel_of

import opinionpanel as op
from opinionpanel.disclosure import publish


@settings(max_examples=6)
@given(st.integers(0, 10_000), st.sampled_from([60, 150, 400]))
def test_other_tables_are_those_of_a_report_without_groups(seed, people):
    panel = panel_of(drawn(seed, people=people), {"g": np.arange(people) % 3})
    alone, found = publish(panel, "x"), publish(panel, "x", ["g"])
    assert alone.main_pair == found.main_pair
    for pair in panel.pairs("x"):
        if alone.has(*pair):
            for kind in ("flows", "turnover", "net_change"):
                one, other = (getattr(each, kind)(*pair).withheld for each in (alone, found))
                assert one.rows.tolist() == other.rows.tolist()


@settings(max_examples=6)
@given(st.integers(0, 10_000))
def test_net_change_is_the_difference_of_the_shares(seed):
    panel = panel_of(drawn(seed, people=900, lost=0.05), {"g": np.arange(900) % 2})
    found = publish(panel, "x", ["g"])
    first, second = found.main_pair
    assert (first, second) == ("w2", "w3")
    before, after = (found.shares_by("g", wave).estimates for wave in (first, second))
    change = found.net_change_by("g", first, second).estimates
    np.testing.assert_allclose(change.value, after.value - before.value, atol=1e-12)
    assert set(before.n) == set(after.n)
    assert found.shares_by("g", "w1") is None
    assert found.turnover_by("g", "w1", "w2") is found.net_change_by("g", "w1", "w2") is None
    assert found.turnover_by("h", first, second) is None


def test_in_large_categories_nothing_is_withheld():
    panel = panel_of(drawn(1, people=3000), {"g": np.arange(3000) % 3})
    found = publish(panel, "x", ["g"])
    pair = found.main_pair
    turnover = found.turnover_by("g", *pair)
    assert not turnover.hidden.any()
    expected = op.turnover(panel, "x", waves=[pair], by="g").select(component="total")
    np.testing.assert_array_equal(turnover.estimates.value, expected.value)
    change = found.net_change_by("g", *pair)
    assert not change.hidden.any()
    assert not change.withheld.limits.any()


def test_of_two_states_turnover_in_a_category_would_tell_flows_of_few():
    """With the shares at both waves it tells how many went each way."""
    item = op.Item("q", {"no": [1], "yes": [2]})
    answers = np.array([[1, 1]] * 240 + [[2, 2]] * 240 + [[1, 2]] * 60 + [[2, 1]] * 60)
    group = np.repeat([0, 1], 300)[np.random.default_rng(0).permutation(600)]
    group[-3:], group[-60:-3] = 0, 1
    people = pd.DataFrame({"id": 1000 + 7 * np.arange(600), "g": group})
    waves = {f"w{t + 1}": people.assign(q=answers[:, t]) for t in (0, 1)}
    panel = op.Panel.from_waves(waves, person="id", items={"x": item}, groups=["g"])
    found = publish(panel, "x", ["g"])
    shown = found.turnover_by("g", "w1", "w2")
    if shown is not None:
        assert shown.hidden.all()
        assert found.net_change_by("g", "w1", "w2").withheld.limits.all()
    assert not found.turnover("w1", "w2").hidden[0]


@pytest.mark.parametrize(("fresh", "same"), [(50, True), (600, False)])
def test_many_others_at_the_last_wave_have_their_own_shares(fresh, same):
    answers = drawn(2, people=900, waves=2, lost=0.0, silent=0.0)
    joined = np.column_stack([np.full(fresh, -1), drawn(3, people=fresh, waves=2)[:, 0]])
    answers = np.vstack([answers, np.where(joined == 0, 1, joined)])
    panel = panel_of(answers, {"g": np.arange(len(answers)) % 2})
    found = publish(panel, "x", ["g"])
    n = [found.shares_by("g", wave).estimates.n.sum() / 3 for wave in ("w1", "w2")]
    assert n == [900, 900 if same else 900 + fresh]
    assert found.turnover_by("g", "w1", "w2").estimates.n.sum() == 900


def test_without_a_pair_groups_have_shares_at_the_last_wave():
    panel = panel_of(drawn(4, waves=1), {"g": np.arange(200) % 2})
    found = publish(panel, "x", ["g"])
    assert found.main_pair is None
    assert found.shares_by("g", "w1").estimates.n.sum() == op.shares(panel, "x", by="g").n.sum()


def test_groups_that_change_count_with_one_value():
    answers = drawn(5, people=400, waves=2, lost=0.0, silent=0.0)
    random = np.random.default_rng(1)
    frames = {}
    for wave in (1, 2):
        frame = pd.DataFrame({"id": 1000 + 7 * np.arange(400), "q": answers[:, wave - 1]})
        frames[f"w{wave}"] = frame.assign(g=random.integers(0, 2, 400))
    grouping = {"g": op.Grouping("g", use="wave")}
    panel = op.Panel.from_waves(frames, person="id", items={"x": ITEM}, groups=grouping)
    found = publish(panel, "x", ["g"])
    assert any("“g”" in note and "w2" in note for note in found.notes)
    n = [found.shares_by("g", wave).estimates.n.tolist() for wave in ("w1", "w2")]
    assert n[0] == n[1]
    assert n[0] == op.shares(panel, "x", by="g", waves=["w2"]).n.tolist()


def test_nested_groups_do_not_tell_of_few_together():
    region = np.arange(400) % 2
    district = np.where(np.arange(400) < 12, 2 + region, region)
    panel = panel_of(drawn(8, people=400, lost=0.0, silent=0.0), {"r": region, "d": district})
    found = publish(panel, "x", ["r", "d"])
    sizes = [
        frozenset(found.shares_by(name, "w3").estimates.n.astype(int)) for name in found.groups
    ]
    # Two rows of two groups are of the same people, or differ by ten.
    for one, other in combinations(sizes, 2):
        assert all(a == b or abs(a - b) >= 10 for a in one for b in other)


def test_of_a_last_wave_that_nobody_answered_there_are_no_groups():
    answers = drawn(3, people=12, waves=2)
    answers[:, 1] = 0
    found = publish(panel_of(answers, {"g": np.arange(12) % 2}), "x", ["g"])
    assert found.groups == []


def told(panel, found):
    """Whose answers at a wave tables tell: of their people, and of those of anchored weights."""
    codes = np.asarray(panel.answers["x"])
    answered = {wave: row >= 0 for wave, row in zip(panel.waves, codes, strict=True)}
    for base in found.bases():
        inside = np.logical_and.reduce([answered[wave] for wave in base])
        yield from ((wave, inside) for wave in base)
        if len(base) > 1 and not found.has(*base):
            # The way of those who answered first has the weight of the first wave.
            continue
        key = base if base in panel.weights else base[-1]
        for step in panel.calibrations.get(key, ()):
            for margin in step.margins:
                yield str(margin.name).rpartition(" ")[2], np.asarray(margin.codes >= 0)


@settings(max_examples=10)
@given(
    st.integers(0, 10_000),
    st.sampled_from([("w1", "w2", "w3"), ("w1", "w3"), ("w2", "w3")]),
    st.sampled_from([0.005, 0.02, 0.1]),
)
def test_neither_tables_nor_weights_of_known_answers_tell_of_few(seed, known, lost):
    panel = panel_of(drawn(seed, people=300, lost=lost, silent=lost / 2))
    result = {"no": 0.4, "unsure": 0.3, "yes": 0.3}
    panel = op.anchor(panel, "x", dict.fromkeys(known, result))
    found = publish(panel, "x")
    assert found.bases()
    people = [*told(found.panel, found)]
    for (wave, one), (when, other) in combinations(people, 2):
        if wave == when:
            apart = sorted([(one & ~other).sum(), (other & ~one).sum()])
            assert apart[1] == 0 or apart[0] >= 5 or apart[1] >= 10
