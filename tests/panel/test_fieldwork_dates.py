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
    "summer 2024": (2024,),
    "winter 2024": (),
    "зима 2024": (),
    "20241101": (2024, 11, 1),
    "2024/11/01": (2024, 11, 1),
    "20249": (),
    "11/2024": (2024, 11),
    "11.2024": (2024, 11),
    "18/07/2024": (2024, 7, 18),
    "07/18/2024": (2024, 7, 18),
    "1/11/2024": (2024, 11, 1),
    "Wave of 2024": (2024,),
    "2023–2024": (2023,),
    "Wave of 2024, panel of 2020": (),
    "1500 people": (),
    "2024 November": (2024, 11),
    "panel of 2020, July 2024": (2024, 7),
    "18–25 июля 2024 г.": (2024, 7, 18),
    "Май 2021": (2021, 5),
    "3 мая 2021": (2021, 5, 3),
    "март 2021": (2021, 3),
    "с 30 августа по 2 сентября 2023": (2023, 8, 30),
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
        ("11/2024", "07/2024"),
        ("20241101", "20240701"),
        ("Wave of 2024", "Wave of 2023"),
        ("1/11/2024", "1/7/2024"),
        ("18/07/2024", "3/2/2024"),
        ("ноябрь 2024", "18 июля 2024"),
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
        ("1/11/2024", "3/2/2024"),
        ("1/11/2024", "18/07/2024"),
        ("зимой 2024", "декабрь 2023"),
        ("18 July 2024", "18 July 2024"),
    ],
)
def test_what_fits_or_cannot_be_ordered_is_left_alone(build, first, second):
    assert build(dates={"Jul": first, "Nov": second}).dates == {"Jul": first, "Nov": second}


def test_a_wave_without_a_date_hides_no_contradiction():
    check_dates(["a", "b", "c"], {"a": "2023", "c": "2024"})
    with pytest.raises(LinkError, match="Wave 'a' stands before wave 'c'"):
        check_dates(["a", "b", "c"], {"a": "2024", "b": "spring", "c": "2023"})


def test_waves_that_are_no_neighbours_are_compared():
    dates = {"a": "July 2024", "b": "2024", "c": "March 2024"}
    with pytest.raises(LinkError, match="Wave 'a' stands before wave 'c'"):
        check_dates(["a", "b", "c"], dates)


@pytest.mark.parametrize("number", range(12))
def test_months_in_russian(number):
    names = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
    name = names.split()[number]
    genitive = f"{name}а" if name[-1] == "т" else f"{name[:-1]}я"
    for form in (name, genitive, genitive.upper()):
        assert beginning(f"18 {form} 2024") == (2024, number + 1, 18)
