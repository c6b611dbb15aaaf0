"""Russian words of titles: for all that headlines say, with places as in English."""

import re

from opinionpanel.charts.headlines import SHOWN
from opinionpanel.drawing.russian_titles import RUSSIAN_TITLES


def test_all_that_is_shown_has_russian_words():
    assert set(SHOWN.values()) <= set(RUSSIAN_TITLES)


def test_titles_begin_with_small_letters_as_they_follow_a_colon():
    titles = [text for phrase, text in RUSSIAN_TITLES.items() if not phrase.endswith(".")]
    for said in titles:
        for text in (said,) if isinstance(said, str) else said:
            # A surname keeps its capital.
            words = re.sub(r"\{\w+\}|[«»]|Кронбаха", "", text)
            assert words == words.lower(), text
