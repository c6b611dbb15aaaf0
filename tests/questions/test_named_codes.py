"""Codes and labels that somebody names: as numbers, as text, by label, or nowhere."""

import pandas as pd
import pytest

from opinionpanel.errors import SelectionError
from opinionpanel.questions import code_values, named_categories
from opinionpanel.waves import Wave


def places(named, waves):
    """Name the categories that were found; None for one that nobody has."""
    coded = code_values(waves, "r", purpose="fixed", labelled=True)
    people = dict.fromkeys(coded.categories, 5)
    found = named_categories(named, people, waves, dict.fromkeys(waves, "r"), "due", coded.told)
    return [None if place < 0 else coded.categories[place] for place in found]


def wave(values, labels=None):
    return Wave(pd.DataFrame({"r": values}), labels={"r": labels or {}})


@pytest.mark.parametrize("values", [[1, 2], [1.0, 2.0], ["1", "2"]])
@pytest.mark.parametrize("named", [[2, 1], ["2", "1"], [2.0, " 1 "]])
def test_numbers_and_numbers_as_text_are_the_same_codes(values, named):
    assert places(named, {"May": wave(values)}) == ["2", "1"]


def test_codes_and_labels_of_any_wave_are_known():
    labels = {1: "First", 2: "Second", 3: "Third", 9: "Last"}
    waves = {"May": wave([1, 2, 3], labels), "June": wave([1, 2]), "July": wave(["first", "2"])}
    assert places([1, "second ", "3"], waves) == ["First", "Second", "Third"]
    # Nobody has it, and its label says that it is no slip.
    assert places([9, "LAST"][:1], waves) == [None]


@pytest.mark.parametrize(
    ("named", "waves", "message"),
    [
        ([4], {"May": wave([1, 2])}, "due: the code or label 4 occurs at no wave. Known: '1', '2'"),
        (["007"], {"May": wave([7, 2])}, "code or label '007' occurs at no wave"),
        ([4], {"May": wave(range(100, 200))}, "occurs at no wave.$"),
        ([1, "1"], {"May": wave([1, 2])}, "due: '1' is what another code or label here means"),
        ([1, "one"], {"May": wave([1], {1: "One"})}, "'one' is what another code"),
        (["1"], {"May": wave([1, 2], {1: "2", 2: "1"})}, "'1' is a code, and the label of another"),
        (
            [1],
            {"May": wave([1], {1: "North"}), "June": wave([1], {1: "South"})},
            "due: code 1 is 'North' at wave 'May' and 'South' at wave 'June'. Name labels",
        ),
    ],
)
def test_what_is_not_clear_is_refused(named, waves, message):
    with pytest.raises(SelectionError, match=message):
        places(named, waves)
