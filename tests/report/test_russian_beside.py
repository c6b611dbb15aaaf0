"""Russian words for studies side by side stand once, among those of reports."""

from opinionpanel.report.russian_beside import RUSSIAN_BESIDE
from opinionpanel.report.russian_reports import RUSSIAN_REPORTS


def test_they_are_words_of_reports():
    assert RUSSIAN_BESIDE.items() <= RUSSIAN_REPORTS.items()
