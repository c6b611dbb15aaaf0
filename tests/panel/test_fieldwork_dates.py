"""Dates that contradict the order of the waves."""

import pytest

from opinionpanel.errors import LinkError
from opinionpanel.panel.fieldwork_dates import beginning, check_dates

READ = {
    "2024": (2024,),
    "2024-07": (2024, 7),
    "2024-07-18": (2024, 7, 18),
    "2024-07-18/2024-07-25": (2024, 7, 18),
    "18.07.2024": (2024, 7, 18),
    "18–25 July 2024": (2024, 7, 18),
    "July 18-25, 2024": (2024, 7, 18),
    "18 Sept. to 2 Oct 2024": (2024, 9, 18),
    "Nov 2024": (2024, 11),
    "20 December 2023 – 10 January 2024": (2023, 12, 20),
    "December–January 2024": (),
    "2024-13": (2024,),
    "may be in spring": (),
    "summer 2024": (),
    "": (),
}


@pytest.mark.parametrize("text", READ)
def test_when_fieldwork_began(text):
    assert beginning(text) == READ[text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2024-11-04", "2024-07-18"),
        ("November 2024", "18–25 July 2024"),
        ("2024-07-19", "18 July 2024"),
        ("2025", "July 2024"),
    ],
)
def test_contradictions_are_refused(build, first, second):
    message = rf"Wave 'Jul' stands before wave 'Nov', but .*{first}.* began after .*{second}.*order"
    with pytest.raises(LinkError, match=message):
        build(dates={"Nov": second, "Jul": first})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2024-07", "2024-11"),
        ("2024", "July 2024"),
        ("July 2024", "18 July 2024"),
        ("autumn", "July 2024"),
        ("18 July 2024", "18 July 2024"),
    ],
)
def test_what_fits_or_cannot_be_ordered_is_left_alone(build, first, second):
    assert build(dates={"Jul": first, "Nov": second}).dates == {"Jul": first, "Nov": second}


def test_a_wave_without_a_date_hides_no_contradiction():
    check_dates(["a", "b", "c"], {"a": "2023", "c": "2024"})
    with pytest.raises(LinkError, match="Wave 'a' stands before wave 'c'"):
        check_dates(["a", "b", "c"], {"a": "2024", "b": "spring", "c": "2023"})
