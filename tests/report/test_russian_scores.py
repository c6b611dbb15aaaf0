"""Russian words for tests of scores stand once, among those of reports."""

from opinionpanel.report.russian_reports import RUSSIAN_REPORTS
from opinionpanel.report.russian_scores import RUSSIAN_SCORES


def test_they_are_words_of_reports():
    assert RUSSIAN_SCORES.items() <= RUSSIAN_REPORTS.items()
