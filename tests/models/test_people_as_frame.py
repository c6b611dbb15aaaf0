"""The frame that a function of one's own gets: answers, groups, a weight, nobody's id."""

import numpy as np
import pandas as pd
import pytest
from engine_frames import on_engine
from function_people import PEOPLE, STRATIFIED, panel_of

import opinionpanel as op
from opinionpanel.errors import EngineError, SelectionError
from opinionpanel.models.people_as_frame import people_of


def test_the_frame_holds_answers_groups_and_the_weight_and_nobodys_id():
    frames = []

    def look(people):
        frames.append(people)
        return 1.0

    panel = panel_of(
        STRATIFIED, PEOPLE.assign(person=[f"id{n}" for n in range(150)]), person="person"
    )
    op.replicate(panel, look)
    first = frames[0]
    assert [*first] == ["x (w1)", "x (w2)", "y (w2)", "sex", "stratum", "weight"]
    assert first.index.equals(pd.RangeIndex(150))
    assert first["x (w1)"].astype(int).tolist() == PEOPLE["x"].tolist()
    np.testing.assert_array_equal(first["weight"], PEOPLE["weight"])
    # The first of the replicates leaves out the first PSU of ten.
    second = frames[1]["weight"].to_numpy()
    np.testing.assert_allclose(second[:5], 0)
    np.testing.assert_allclose(second[5:50], PEOPLE["weight"][5:50] * 10 / 9)
    assert len(frames) == 31


def two_waves(**more):
    """Three people: one is not at the second wave, one gives no answer there."""
    first = pd.DataFrame(
        {"person": [1, 2, 3], "q": [1, 2, 1], "sex": ["m", "f", "f"], "w": [1.0, 2, 3]}
    )
    second = pd.DataFrame({"person": [1, 2], "q": [2, 9], "sex": ["m", "m"], "w": [4.0, 5.0]})
    item = op.Item("q", {"yes": [1], "no": [2]}, rest="missing")
    return op.Panel.from_waves(
        {"May": first.assign(w=[1, 2, 3]), "June": second.assign(w=[4, 5])},
        person="person",
        items={"x": item},
        groups={"sex": "wave"},
        design=op.Design(weight="w"),
        **more,
    )


@pytest.mark.parametrize(
    ("base", "weights", "words"),
    [
        ("interviewed", [4, 5], "everyone interviewed at all of May, June"),
        ("balanced", [4], "everyone interviewed at all of May, June, who answered x"),
        ("panel", [1, 2, 3], "everyone interviewed at May"),
    ],
)
def test_who_has_a_row_and_with_which_weight(base, weights, words):
    people = people_of(two_waves(), None, None, base)
    assert people.weight.values[people.inside].tolist() == weights
    assert people.base == words
    assert [*people.frame] == ["x (May)", "x (June)", "sex (May)", "sex (June)"]
    assert (
        people.frame["x (June)"].isna().tolist()
        == {
            "interviewed": [False, True],
            "balanced": [False],
            "panel": [False, True, True],
        }[base]
    )


def test_a_domain_has_its_own_rows():
    panel = panel_of(STRATIFIED).where(sex="f")
    people = people_of(panel, "w2", ["y"], "interviewed")
    assert (people.frame["sex"] == "f").all()
    assert len(people.frame) == (PEOPLE["sex"] == "f").sum()
    assert people.base == "everyone interviewed at w2, sex f"
    assert [*people.frame] == ["y", "sex", "stratum"]


def test_what_the_frame_cannot_have_is_refused():
    panel = panel_of(STRATIFIED)
    with pytest.raises(EngineError, match="which only gives sums over them"):
        people_of(on_engine(panel, "polars"), None, None, "interviewed")
    with pytest.raises(SelectionError, match=r"'y' was asked at none of w1\. It was asked at w2"):
        people_of(panel, ["w1"], ["y"], "interviewed")
    with pytest.raises(SelectionError, match="one wave or several, each once"):
        people_of(panel, ["w1", "w1"], None, "interviewed")
    with pytest.raises(SelectionError, match="Unknown wave 'w3'"):
        people_of(panel, "w3", None, "interviewed")
    item = op.Item({"w1": "x", "w2": "x"}, {"1": [1]}, rest="missing")
    named = op.Panel.from_wide(PEOPLE, items={"weight": item}, design=STRATIFIED)
    with pytest.raises(SelectionError, match="An item or score is named 'weight'"):
        people_of(named, "w1", None, "interviewed")


def test_scores_are_numbers():
    score = op.Score({"w1": "x", "w2": "y"}, low=1, high=7, missing=[4])
    items = {"x": score, "y": op.Item({"w1": "x", "w2": "y"}, {str(n): [n] for n in range(1, 8)})}
    panel = op.Panel.from_wide(PEOPLE, items=items, design=STRATIFIED)
    frame = people_of(panel, None, None, "interviewed").frame
    assert [*frame] == ["y (w1)", "y (w2)", "x (w1)", "x (w2)"]
    for wave, column in (("w1", "x"), ("w2", "y")):
        expected = PEOPLE[column].where(PEOPLE[column] != 4).astype(float)
        np.testing.assert_array_equal(frame[f"x ({wave})"], expected)
    few = people_of(panel, "w1", ["x"], "balanced").frame
    assert few["x"].tolist() == [float(n) for n in PEOPLE["x"] if n != 4]


def test_the_mean_of_a_score_is_that_of_means():
    score = op.Score({"w1": "x", "w2": "y"}, low=1, high=7)
    panel = op.Panel.from_wide(PEOPLE, items={"x": score}, design=STRATIFIED.as_replicates("jkn"))
    found = op.replicate(panel, lambda p: np.average(p["x"], weights=p["weight"]), waves="w2")
    expected = op.means(panel, "x", waves=["w2"])
    np.testing.assert_allclose(found.std_error, expected.std_error, rtol=1e-10)
    np.testing.assert_array_equal(found.df, expected.df)
