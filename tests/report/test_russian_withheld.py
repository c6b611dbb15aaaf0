"""Russian words for what is left out about scores stand once, among those of reports."""

from opinionpanel.report.russian_reports import RUSSIAN_REPORTS
from opinionpanel.report.russian_withheld import RUSSIAN_WITHHELD


def test_they_are_words_of_reports():
    assert RUSSIAN_WITHHELD.items() <= RUSSIAN_REPORTS.items()
