"""First and last days of fieldwork: what is declared, said in words and read from words."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import opinionpanel as op
from opinionpanel.errors import ArgumentError, LinkError
from opinionpanel.panel.fieldwork_dates import beginning
from opinionpanel.panel.fieldwork_days import IN_WORDS, days_in, words_and_days
from opinionpanel.phrases import days_from_to

JULY, END = date(2024, 7, 8), date(2024, 7, 17)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
PAIRS = st.tuples(DAYS, DAYS).map(sorted).map(tuple)


@given(PAIRS)
def test_words_tell_the_days_that_they_were_made_of(days):
    words = days_from_to(*days)
    assert days_in(words) == days
    # So the order of waves is that of their first days.
    begun = (days[0].year, days[0].month, days[0].day)
    assert beginning(words) == beginning(words, day_first=False) == begun


@given(st.from_regex(IN_WORDS, fullmatch=True))
def test_days_begin_when_words_say_that_fieldwork_began(words):
    if (days := days_in(words)) is not None:
        assert beginning(words) == (days[0].year, days[0].month, days[0].day)


@given(PAIRS)
def test_days_are_the_same_in_whatever_form(days):
    told = words_and_days(days)
    assert told == (days_from_to(*days), days)
    assert words_and_days([day.isoformat() for day in days]) == told
    assert words_and_days([datetime(*day.timetuple()[:3], 23, 59) for day in days]) == told
    assert days_in("/".join(map(date.isoformat, days))) == days
    assert words_and_days(days[0]) == words_and_days(days[:1] * 2)
    if days[0] < days[1]:
        with pytest.raises(LinkError, match="is before the first"):
            words_and_days(days[::-1])


@given(st.text())
def test_words_stay_as_they_are(words):
    assert words_and_days(words)[0] == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((JULY, END), "8–17 July 2024"),
        ((JULY, JULY), "8 July 2024"),
        ((date(2024, 7, 28), date(2024, 8, 3)), "28 July – 3 August 2024"),
        ((date(2023, 12, 20), date(2024, 1, 10)), "20 December 2023 – 10 January 2024"),
        ((date(2023, 7, 8), date(2024, 7, 8)), "8 July 2023 – 8 July 2024"),
    ],
)
def test_days_in_words(days, words):
    assert days_from_to(*days) == words


@pytest.mark.parametrize(
    "words",
    ["8–17 июля 2024 г.", "8 - 17 JULY 2024", "8 July–17 Jul 2024", "2024-07-08 / 2024-07-17"],
)
def test_days_are_read_from_words(words):
    assert days_in(words) == (JULY, END)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "July 2024",
        "8–17 July",
        "8–17 July 2024, by phone",
        "before 17 July 2024",
        "1/11/2024",
        "31 June 2024",
        "17–8 July 2024",
        "20 December – 10 January 2024",
        "2024-13-01",
    ],
)
def test_words_that_leave_a_doubt_tell_no_days(words):
    assert days_in(words) is None


@pytest.mark.parametrize(
    ("fieldwork", "say"),
    [
        ((END, JULY), "the last day, 2024-07-08, is before the first, 2024-07-17. Mend one"),
        (["8 July", "17 July"], "'8 July' is no day. Write days as 2024-07-08"),
        ([JULY] * 3, "3 days. Give the first and the last, one day, or words"),
        ([], "0 days"),
        ([pd.NaT, END], "NaT is no day"),
    ],
)
def test_what_is_no_fieldwork_is_refused_with_its_wave(build, fieldwork, say):
    with pytest.raises(LinkError, match=f"^Fieldwork of wave 'Jul': {say}"):
        build(dates={"Jul": fieldwork})


@pytest.mark.parametrize("fieldwork", [2024, None, [2024], {"2024-07-08"}])
def test_other_kinds_are_refused(build, fieldwork):
    with pytest.raises(ArgumentError, match=r"dates\['Jul'\]"):
        build(dates={"Jul": fieldwork})


def test_a_panel_has_words_and_days(build):
    panel = build(dates={"Nov": "18 Nov 2024", "Jul": np.array([JULY, END]), "later": "2025-01-01"})
    assert panel.dates == {"Nov": "18 Nov 2024", "Jul": "8–17 July 2024", "later": "2025-01-01"}
    assert list(panel.days.items()) == [
        ("Jul", (JULY, END)),
        ("Nov", (date(2024, 11, 18), date(2024, 11, 18))),
    ]
    assert panel.where(gender="man").days == panel.days
    assert "Jul: 8–17 July 2024" in str(op.shares(panel, "support"))


def test_days_that_contradict_the_order_of_waves_are_refused(build):
    with pytest.raises(LinkError, match="'Jul' stands before wave 'Nov', but its fieldwork, '8–17"):
        build(dates={"Jul": (JULY, END), "Nov": ["2024-07-07", "2024-07-20"]})
