"""Russian words for waves that asked other people stand once, among those of reports."""

from opinionpanel.report.russian_reports import RUSSIAN_REPORTS
from opinionpanel.report.russian_samples import RUSSIAN_SAMPLES


def test_they_are_words_of_reports():
    assert RUSSIAN_SAMPLES.items() <= RUSSIAN_REPORTS.items()
