"""Targets that cannot be: every refusal says which margin, how many people, and the way out."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import DesignError, SelectionError
from opinionpanel.weighting.targets import keys_of, margins_at, read_targets, total_of


def panel(**changes):
    """Ten people at two waves, with a longitudinal weight; two of them without a weight at w1."""
    frame = pd.DataFrame(
        {
            "first": 0,
            "second": [0, 1] * 5,
            "gender": ["man"] * 4 + ["woman"] * 6,
            "age": ["young", "old", "young", "old", "old"] * 2,
            "weight": [1.0] * 8 + [0.0] * 2,
            "long": 1.0,
        }
    ).assign(**changes)
    weight = {"w1": "weight", "w2": None, ("w1", "w2"): "long"}
    return op.Panel.from_wide(
        frame,
        items={"opinion": op.Item({"w1": "first", "w2": "second"}, {"yes": [0], "no": [1]})},
        groups=["gender", "age"],
        design=op.Design(weight=weight),
    )


GENDER = {"man": 0.4, "woman": 0.6}


def test_order_is_that_of_the_panel_and_proportions_add_up_exactly():
    (target,) = read_targets(panel(), {"gender": {"woman": 2 / 3, "man": 0.33333333}})
    assert target.texts == ("man", "woman")
    assert target.numbers.sum() == pytest.approx(1.0, abs=1e-15)
    assert target.proportions
    assert total_of([target]) is None


def test_crossed_margins_from_a_series():
    series = pd.Series(
        [40, 60, 20, 80],
        index=pd.MultiIndex.from_tuples(
            [("woman", "old"), ("man", "old"), ("man", "young"), ("woman", "young")]
        ),
    )
    people = panel()
    targets = read_targets(people, {("gender", "age"): series})
    assert targets[0].name == "gender × age"
    assert targets[0].texts == ("man × old", "man × young", "woman × old", "woman × young")
    assert total_of(targets) == 200
    (margin,) = margins_at(people, "w2", targets, 200.0)
    np.testing.assert_array_equal(margin.codes, [1, 0, 1, 0, 2, 3, 2, 3, 2, 2])
    np.testing.assert_array_equal(margin.targets, [60, 20, 40, 80])


def test_people_without_a_weight_are_not_in_the_margin():
    people = panel()
    (margin,) = margins_at(people, "w1", read_targets(people, {"gender": GENDER}), 8.0)
    np.testing.assert_array_equal(margin.codes, [0] * 4 + [1] * 4 + [-1] * 2)


def test_categories_without_a_target_are_named():
    people = panel(gender=["man"] * 4 + ["woman"] * 5 + ["other"])
    targets = read_targets(people, {"gender": GENDER})
    with pytest.raises(DesignError, match=r"1 person with a weight is in .* target; there"):
        margins_at(people, "w2", targets, 10.0)


def test_proportions_take_the_total_of_margins_with_totals():
    people = panel()
    targets = read_targets(people, {"gender": GENDER, "age": {"young": 300, "old": 700}})
    assert total_of(targets) == 1000
    np.testing.assert_allclose(margins_at(people, "w2", targets, 1000.0)[0].targets, [400, 600])


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ({}, "targets must be a dict"),
        ([("gender", GENDER)], "targets must be a dict"),
        ({"gender": [0.4, 0.6]}, "Margin 'gender': give a dict"),
        ({"gender": {}}, "Margin 'gender': give a dict"),
        ({"gender": {"man": -0.4, "woman": 1.4}}, "category 'man': the target is -0.4"),
        ({"gender": {"man": 0, "woman": 1}}, "the target is 0; it must be a positive number"),
        ({"gender": {"man": np.nan, "woman": 1}}, "the target is nan"),
        ({"gender": {"man": "many", "woman": 1}}, "'many' is not a number"),
        ({"gender": {"man": 40, "woman": 60}}, "looks like per cent. Divide them by 100"),
        ({"gender": {"man": 0.4, "woman": 0.55}}, r"add up to 0\.95.*must add up to 1"),
        (
            {"gender": {"man": 400, "woman": 600}, "age": {"young": 300, "old": 690}},
            "'gender' adds up to 1,000, margin 'age' to 990.*same total",
        ),
        ({("gender", "gender"): {("man", "man"): 1}}, "crosses a group with itself"),
        ({("gender", "age"): {"man": 1}}, "must name one category of each"),
        ({"gender": {("man", "old"): 1}}, "must name one category of each"),
        ({"gender": pd.Series([0.5, 0.5], index=["man", "man"])}, "has two targets"),
    ],
)
def test_impossible_targets(targets, message):
    with pytest.raises(DesignError, match=message):
        read_targets(panel(), targets)


def test_unknown_names_come_with_the_nearest():
    with pytest.raises(SelectionError, match="Did you mean 'gender'"):
        read_targets(panel(), {"gendr": GENDER})
    with pytest.raises(SelectionError, match=r"category of 'gender'.*Did you mean 'woman'"):
        read_targets(panel(), {"gender": {"man": 0.4, "Women": 0.6}})


def test_sample_and_targets_are_compared():
    def check(people, key, targets):
        margins_at(people, key, read_targets(people, targets), 10.0)

    with pytest.raises(
        DesignError, match=r"at w1 → w2, margin 'gender': 6 people .* without a tar"
    ):
        check(panel(), ("w1", "w2"), {"gender": {"man": 1}})
    blank = panel(gender=["man"] * 4 + ["woman"] * 4 + [None] * 2)
    with pytest.raises(DesignError, match=r"at w2, margin 'gender': 2 people .* have no category"):
        check(blank, "w2", {"gender": GENDER})
    # They have no weight at the first wave.
    check(blank, "w1", {"gender": GENDER})
    other = panel(gender=["man"] * 4 + ["woman"] * 4 + ["other"] * 2)
    three = {"gender": {"man": 0.4, "woman": 0.5, "other": 0.1}}
    with pytest.raises(DesignError, match=r"at w1, margin 'gender': nobody .* is in 'other'"):
        check(other, "w1", three)
    check(other, "w2", three)


def test_weights_to_work_on():
    people = panel()
    assert keys_of(people, None) == ["w1", "w2", ("w1", "w2")]
    assert keys_of(people, "w2") == ["w2"]
    assert keys_of(people, [("w1", "w2")]) == [("w1", "w2")]
    with pytest.raises(SelectionError, match="Unknown wave 'w3'"):
        keys_of(people, ["w3"])
    with pytest.raises(SelectionError, match="Unknown longitudinal weight"):
        keys_of(people, [("w2", "w1")])
    with pytest.raises(DesignError, match="each once"):
        keys_of(people, ["w1", "w1"])
