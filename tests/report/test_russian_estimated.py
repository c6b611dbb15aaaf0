"""Russian words for estimated figures stand once, among those of reports."""

from opinionpanel.report.russian_estimated import RUSSIAN_ESTIMATED
from opinionpanel.report.russian_reports import RUSSIAN_REPORTS


def test_they_are_words_of_reports():
    assert RUSSIAN_ESTIMATED.items() <= RUSSIAN_REPORTS.items()
