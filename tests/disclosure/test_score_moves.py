"""How few people moved cannot be computed from a score's page, which is attacked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from moved_scores import PAIR, has_error, panel_of, printed

import opinionpanel as op
from opinionpanel.disclosure import publish_score

MIN_CELL = 5


def up_and_down(rows, people):
    """Compute from the change of a 0/1 score and its standard error how many moved up and down.

    The variance of a mean is Σ(d − d̄)² / n², times N / (N − 1) with N people in the design; d² is
    1 for whoever moved. NaN where the page has no standard error.
    """
    change = rows.loc["change"]
    n = change["n"]
    moved = n * (n * change["std_error"] ** 2 * (people - 1) / people + change["estimate"] ** 2)
    return (moved + n * change["estimate"]) / 2, (moved - n * change["estimate"]) / 2


def test_the_attack_finds_out_how_many_moved():
    panel = panel_of({(0, 0): 40, (0, 1): 4, (1, 0): 12, (1, 1): 30})
    every = op.mean_change(panel, "s").to_frame().set_index("moment")
    assert up_and_down(every, 86) == pytest.approx((4, 12))


@pytest.mark.parametrize("moves", [(4, 12), (12, 4), (1, 0), (0, 2), (3, 3)])
def test_few_who_moved_are_not_told(moves):
    up, down = moves
    published = publish_score(panel_of({(0, 0): 40, (0, 1): up, (1, 0): down, (1, 1): 30}), "s")
    rows = printed(published)["all"]
    assert np.isnan(up_and_down(rows, 70 + up + down)).all()
    assert published.moved() is None
    assert rows.loc["change", "estimate"] == pytest.approx((up - down) / (70 + up + down))
    assert not rows.loc["change", "withheld"]


@pytest.mark.parametrize(("stayed", "told"), [((2, 40), False), ((0, 40), True), ((5, 40), True)])
def test_few_who_kept_a_number_are_not_told(stayed, told):
    """Of whom there were two, had the number before, and have it: the movers tell it."""
    panel = panel_of({(0, 0): stayed[0], (0, 1): 14, (1, 0): 12, (1, 1): stayed[1]})
    published = publish_score(panel, "s")
    assert (published.moved() is not None) is told
    assert has_error(printed(published)["all"]) == told


def test_what_many_did_is_told():
    published = publish_score(panel_of({(0, 0): 40, (0, 1): 5, (1, 0): 12, (1, 1): 30}), "s")
    assert up_and_down(printed(published)["all"], 87) == pytest.approx((5, 12))
    assert published.moved().frame()["n_cell"].tolist() == [5, 70, 12]


def test_a_category_is_not_what_all_are_beyond_the_others():
    """Of three categories one has three who moved up; the interval of another goes with it."""
    sizes = {"A": (20, 3, 8, 20), "B": (20, 9, 8, 20), "C": (20, 12, 8, 20)}
    ways = [(0, 0), (0, 1), (1, 0), (1, 1)]
    moves = {way: sum(size[place] for size in sizes.values()) for place, way in enumerate(ways)}
    town = np.concatenate(
        [np.repeat([*sizes], column) for column in zip(*sizes.values(), strict=True)]
    )
    found = printed(publish_score(panel_of(moves, {"town": town}), "s", ["town"]))
    told = {key for key, rows in found.items() if has_error(rows)}
    assert len(told) == 2
    assert ("town", "A") not in told


@settings(max_examples=10)
@given(
    flows=st.lists(
        st.lists(st.one_of(st.integers(0, 8), st.integers(5, 30)), min_size=4, max_size=4),
        min_size=4,
        max_size=4,
    )
)
def test_no_flow_of_few_people_follows_from_the_figures(flows):
    """Two crossed groups of two; what is printed leaves each small flow open, or the means do not.

    With a 0/1 score each population has one unknown beside its means: how many kept a 1. Those that
    are printed are known, and so are sums and differences of them.
    """
    cells = np.array(flows) + np.array([3, 0, 0, 3])
    moves, groups = [], {"g": [], "h": []}
    for cell, (g, h) in zip(cells, [("A", "C"), ("A", "D"), ("B", "C"), ("B", "D")], strict=True):
        for way, people in zip([(0, 0), (0, 1), (1, 0), (1, 1)], cell.tolist(), strict=True):
            moves += [way] * people
            groups["g"] += [g] * people
            groups["h"] += [h] * people
    frames = {
        wave: pd.DataFrame({"id": range(len(moves)), "q": [way[at] for way in moves], **groups})
        for at, wave in enumerate(PAIR)
    }
    items = {"s": op.Score("q", low=0, high=1)}
    panel = op.Panel.from_waves(frames, person="id", items=items, groups=["g", "h"])
    published = publish_score(panel, "s", ["g", "h"])
    of = {"all": [1, 1, 1, 1], ("g", "A"): [1, 1, 0, 0], ("g", "B"): [0, 0, 1, 1]}
    of |= {("h", "C"): [1, 0, 1, 0], ("h", "D"): [0, 1, 0, 1]}
    if published.main_pair is None:
        return
    rows = printed(published)
    known = [of[key] for key in rows if has_error(rows[key])]
    if published.moved() is not None:
        known.append(of["all"])
    known = np.array(known, dtype=float).reshape(len(known), 4)
    for key in rows:
        people = np.array(of[key]) @ cells
        start, end = people[2:].sum(), people[[1, 3]].sum()
        room = min(start, end) - max(0, start + end - people.sum())
        told = np.linalg.matrix_rank(np.vstack([known, of[key]])) == np.linalg.matrix_rank(known)
        assert not (told and room and ((people > 0) & (people < MIN_CELL)).any())


def panel_of_steps(steps):
    before = 20 + 10 * (np.arange(len(steps)) % 6)
    columns = dict(zip(PAIR, (before, before + np.array(steps)), strict=True))
    frames = {w: pd.DataFrame({"id": range(len(c)), "q": c}) for w, c in columns.items()}
    return op.Panel.from_waves(frames, person="id", items={"s": op.Score("q", low=0, high=100)})


def test_one_short_step_among_many_who_stayed_is_not_told():
    """In tens, a sum of squares of 100 is one step."""
    published = publish_score(panel_of_steps([10] + [0] * 60), "s")
    assert published.moved() is None
    assert not has_error(printed(published)["all"])


def test_the_interval_of_many_steps_stands_though_few_stayed():
    steps = [0, 0, *[10, 20, -10, 5, -15] * 12]
    published = publish_score(panel_of_steps(steps), "s")
    assert published.moved() is None
    assert has_error(printed(published)["all"])
