"""Mean steps of few people are withheld in frames, and what would tell them."""

import numpy as np
import pandas as pd

import opinionpanel as op


def scored(steps, **groups):
    """Unweighted people of a score, each of whom moved by one of some steps."""
    before = 30 + np.arange(len(steps)) % 7
    waves = {
        wave: pd.DataFrame({"id": range(len(steps)), "x": numbers, **groups})
        for wave, numbers in {"May": before, "June": before + np.array(steps)}.items()
    }
    items = {"x": op.Score("x", low=0, high=100)}
    return op.Panel.from_waves(waves, person="id", items=items, groups=[*groups])


def test_the_mean_step_of_one_person_is_withheld_with_the_way_back():
    """Fifty people's mean step, of which one made one, is how long that was; so is its part."""
    found = op.mean_change(scored([50] + [-2] * 20 + [0] * 29), "x")
    frame = found.to_frame(min_n=10).set_index("moment")
    assert frame["withheld"].tolist() == [False, False, False, True, True]
    assert frame.loc["upward":, ["estimate", "std_error", "n_cell"]].isna().all(axis=None)
    assert found.to_frame()["n_cell"].tolist() == [50, 50, 50, 1, 20]
    many = op.mean_change(scored([50] * 5 + [-2] * 20 + [0] * 29), "x")
    assert not many.to_frame(min_n=10)["withheld"].any()
    # So is what is computed from them; the change is shown.
    matrix = np.array([[0, 0, 0, 1, 1], [0, 0, 0, 0, 1], [1, 0, -1, 0, 0]])
    both = found.contrast(matrix, {"what": ["all", "down", "other"]})
    assert both.to_frame(min_n=10)["withheld"].tolist() == [True, True, False]


def test_steps_of_a_group_do_not_follow_from_those_of_all():
    steps = np.tile([5] * 8 + [-5] * 8 + [0] * 4, 3)
    steps[:7] = 0
    town = np.repeat(["A", "B", "C"], 20)
    frame = op.mean_change(scored(steps, town=town), "x", by="town").to_frame(min_n=10)
    hidden = frame[frame["withheld"]]
    assert set(hidden["moment"]) == {"upward", "downward"}
    assert len(set(hidden["town"])) == 2
    assert "A" in set(hidden["town"])


def test_differences_from_a_reference_are_withheld_with_the_steps():
    """Two women made a step up: a difference from the rest would tell how long it was."""
    steps = np.array([5] * 2 + [-5] * 20 + [0] * 8 + [5] * 15 + [-5] * 15)
    panel = scored(steps, sex=np.repeat(["woman", "man"], 30))
    for reference in ("rest", "total"):
        found = op.mean_change(panel, "x", by="sex", reference=reference)
        frame = found.to_frame(min_n=10, min_cell=5)
        assert (frame["withheld"] == frame["moment"].isin(["upward", "downward"])).all()
    apart = op.mean_change(panel, "x", by="sex").difference("sex", "woman", minus="man")
    hidden = apart.to_frame(min_n=10, min_cell=5).set_index("moment")["withheld"]
    assert hidden.tolist() == [False, False, False, True, True]
