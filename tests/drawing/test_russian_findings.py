"""Russian words of findings: for every sentence, with the same places."""

from opinionpanel.drawing.russian_findings import RUSSIAN_FINDINGS
from opinionpanel.report.beside_tests import SAME_ANSWER
from opinionpanel.report.findings_in_words import (
    CHANGED,
    CHANGED_ONLY,
    LARGER,
    OPEN,
    RISEN,
    TOGETHER,
    UNTESTED,
)
from opinionpanel.report.item_tests import ASKED_DIFFERENTLY, ONE_WAVE, PARTLY, TOO_SMALL, WITHHELD
from opinionpanel.report.score_tests import SAME_CHANGE, SAME_NUMBER


def test_every_sentence_has_its_russian_words():
    said = {CHANGED, CHANGED_ONLY, ASKED_DIFFERENTLY, ONE_WAVE, PARTLY, TOO_SMALL, WITHHELD}
    said |= {SAME_ANSWER, SAME_CHANGE, SAME_NUMBER}
    for words in (LARGER, OPEN, TOGETHER, UNTESTED):
        said |= {*words.values()}
    said |= {text for pair in RISEN.values() for text in pair}
    assert said == set(RUSSIAN_FINDINGS)


def test_sentences_are_sentences():
    for phrase, text in RUSSIAN_FINDINGS.items():
        assert text.endswith(".") == phrase.endswith(".")
