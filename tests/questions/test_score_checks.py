"""Values that may be averaged by mistake are refused, or noted, with their way out."""

import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.errors import ItemError

TENS = [0, 10, 20, 30, 40, 50]


def read(values, labels=None, **more):
    """The notes on a score of 0 to 100 with these values at one wave."""
    frame = pd.DataFrame({"id": range(len(values)), "ft": values})
    wave = op.Wave(frame, labels={"ft": labels or {}})
    score = op.Score("ft", **{"low": 0, "high": 100, **more})
    panel = op.Panel.from_waves({"May": wave}, person="id", items={"warmth": score})
    return panel.notes


PLACE = "Score 'warmth': Wave 'May' (a frame), column 'ft': "
MISSING = "Name codes of no answer in missing=[…], or set low and high to what the scale has."
SESSION = "What they are, read_wave(…).frame['ft'].value_counts() shows in a session of your own."


@pytest.mark.parametrize(
    ("values", "labels", "said"),
    [
        ([998] * 6, {}, f"1 value lies outside 0 to 100: 998 (6 people). {MISSING}"),
        ([-9, 998], {}, f"2 values lie outside 0 to 100: -9 (1 person); 998 (1 person). {MISSING}"),
        (
            [1961.25],
            {},
            f"1 value lies outside 0 to 100: 1 other answer, 1 person. {MISSING} {SESSION}",
        ),
        (
            [99] * 3 + [98],
            {98: "Don't know", 99: "Refused"},
            "2 values are no answer by their labels: 98 \"Don't know\" (1 person); 99 'Refused' "
            "(3 people). Name them in missing=[…].",
        ),
        (
            ["hard to say"] * 5,
            {},
            "1 value is no number: 'hard to say' (5 people). Name those of no answer in "
            "missing=[…], or convert the column to numbers.",
        ),
        (
            ["10,5", "20,5"],
            {},
            "2 values are no number: 2 other answers, 2 people. They have a decimal comma: convert "
            f"the column to numbers. {SESSION}",
        ),
        (
            list(range(101, 200)),
            {},
            f"99 values lie outside 0 to 100. {MISSING}",
        ),
        (
            [float("inf")],
            {},
            "1 value is no number: inf (1 person). Name those of no answer in missing=[…], or "
            "convert the column to numbers.",
        ),
        (
            [998, "none"],
            {},
            f"1 value lies outside 0 to 100: 998 (1 person). {MISSING} 1 value is no number: "
            "'none' "
            "(1 person). Name those of no answer in missing=[…], or convert the column to numbers.",
        ),
    ],
)  # fmt: skip
def test_what_is_no_number_of_the_scale_is_refused(values, labels, said):
    with pytest.raises(ItemError) as error:
        read([*TENS, *values], labels)
    assert str(error.value) == PLACE + said


@pytest.mark.parametrize("values", [["a", "b"], list(pd.to_datetime(["2024-05-01", "2024-06-01"]))])
def test_a_column_without_any_number_is_another_column(values):
    with pytest.raises(ItemError, match=r"2 values are no number: .*\. Name a column of numb"):
        read(values)


def test_a_text_that_no_wave_has_is_a_slip():
    with pytest.raises(ItemError, match=r"missing: the label 'refused' occurs at no wave. Did"):
        read([*TENS, 99], {99: "Refused"}, missing=["refused"])
    assert read([*TENS, 99], {99: "Refused"}, missing=["Refused", ".a", None]) == ()


def test_labels_of_the_scale_are_no_doubt():
    ends = {0: "very cold", 50: "neither", 100: "very warm", 99: "Refused"}
    assert read([*range(0, 101, 5), 99], ends, missing=[99]) == ()
    # Where most numbers have a label, they are those of a scale.
    agree = dict(enumerate(["not at all", "little", "some", "much", "fully"], start=1))
    assert read([1, 2, 3, 4, 5], agree, low=1, high=5) == ()


def test_a_label_amid_many_numbers_is_doubtful():
    (note,) = read([*range(0, 101, 5), 97, 97], {97: "Never heard of her"})
    assert note == (
        "score 'warmth': at May, 97 'Never heard of her' (2 people) is averaged as a number, and "
        "has a label, unlike most others: if it is no answer, name it in missing=[…]"
    )


def test_codes_beside_steps_of_five_are_doubtful():
    (note,) = read([*TENS, 98, 98, 99])
    assert note == (
        "score 'warmth': at May, 98 (2 people); 99 (1 person) are averaged as numbers, and all "
        "others are in steps of 5: if they are no answers, name them in missing=[…]"
    )
    assert read([*TENS, 97], missing=[97]) == ()
    # In years of age there is nothing to see.
    assert read([*range(18, 100)]) == ()
    assert read([1, 2, 3, 98]) == ()
