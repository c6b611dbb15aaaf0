"""Russian words for batteries stand once, among those of reports."""

from opinionpanel.report.russian_batteries import RUSSIAN_BATTERIES
from opinionpanel.report.russian_reports import RUSSIAN_REPORTS


def test_they_are_words_of_reports():
    assert RUSSIAN_BATTERIES.items() <= RUSSIAN_REPORTS.items()
