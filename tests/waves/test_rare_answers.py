"""Labels of a questionnaire are shown, whoever has them; what people wrote themselves is not."""

import pandas as pd
import pytest

from opinionpanel.waves import Wave, own_words


@pytest.mark.parametrize(
    ("people", "labels", "own"),
    [
        # As a program numbers texts: in the order of the alphabet, and each has somebody.
        ({0: 90, 1: 1, 2: 2, 3: 80}, ["a", "b x", "c x", "d"], {1, 2}),
        ({1: 90, 2: 1, 3: 2, 4: 80}, ["A", "b", "C", "d"], {2, 3}),
        # Some are of another wave.
        ({1: 90, 2: 1}, ["a", "b", "c", "d"], {2, 3, 4}),
        # Of a questionnaire: another order, no rare answer, few labels.
        ({1: 90, 2: 1, 3: 2, 4: 80}, ["a", "d", "c", "b"], set()),
        ({1: 90, 3: 90}, ["a", "b", "c", "d"], set()),
        ({1: 2, 2: 1, 3: 2}, ["a", "b", "c"], set()),
        # Of many people's answers most are rare.
        ({1: 90, 2: 80, 3: 1, 4: 2, 5: 1}, ["yes", "no", "x", "z", "y"], {3, 4, 5}),
        ({1: 9, 2: 8, 3: 1, 4: 2, 5: 1}, ["yes", "no", "x", "z", "y"], set()),
        ({1: 90, 2: 80, 3: 1, 4: 2, 5: 9}, ["yes", "no", "x", "z", "y"], set()),
        # A long list of which most have few people.
        ({1: 90, **dict.fromkeys(range(2, 14), 1)}, [*"zyxwvutsrqpon", "m"], set(range(2, 15))),
        (dict.fromkeys(range(1, 14), 9), [*"zyxwvutsrqpon"], set()),
    ],
)
def test_what_is_in_own_words(people, labels, own):
    first = min(people)
    assert own_words(people, dict(enumerate(labels, start=first))) == own


def test_a_label_that_repeats_a_text_is_none():
    assert own_words({"Ann": 1, "x": 1}, {"Ann": "ann.", "x": "Other"}) == {"Ann"}


def test_a_wave_shows_no_label_in_own_words():
    frame = pd.DataFrame({"q": [1] * 9 + [2, 3] + [4] * 9})
    labels = {"q": {1: "no", 2: "not since Ann left", 3: "till 9 May", 4: "yes"}}
    assert "labels: 1 'no', 4 'yes' and 2 more" in str(Wave(frame, labels=labels))
