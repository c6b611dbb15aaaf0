"""Russian words of what charts show: for all that dots and bars say."""

from opinionpanel.charts.dot_texts import HEADS, NUMBERS, SAID, SAID_OF_OPTIONS
from opinionpanel.charts.own_words import OF_NUMBERS, ORDINALS, QUARTERS
from opinionpanel.drawing.russian import RUSSIAN_WORDS
from opinionpanel.drawing.russian_figures import RUSSIAN_FIGURES


def test_all_that_dots_and_bars_say_has_russian_words():
    said = [*SAID.values(), *SAID_OF_OPTIONS.values()]
    texts = {text for ways in said for text in ways.values()}
    texts |= {*HEADS.values(), *NUMBERS.values()}
    texts |= {*OF_NUMBERS.values(), *ORDINALS.values(), *QUARTERS.values()}
    assert texts <= set(RUSSIAN_WORDS)
    assert set(RUSSIAN_FIGURES) <= set(RUSSIAN_WORDS)
