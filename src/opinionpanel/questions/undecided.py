"""Names of the state of the undecided: those who were asked, and have no opinion."""

import re
from collections.abc import Iterable

from opinionpanel.waves import folded


def undecided_state(states: Iterable[str]) -> str | None:
    """Find the first state whose name says that people are undecided.

    Letter case, punctuation and the dots of ё do not count.

    Examples
    --------
    >>> undecided_state(["for", "Don’t know", "against"]), undecided_state(["for", "against"])
    ('Don’t know', None)
    """
    return next((state for state in states if _plain(state) in NAMES), None)


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", folded(name).replace("ё", "е")))


# Only where they are the whole name: "neither party" may be an opinion.
NAMES = frozenset(
    map(
        _plain,
        (
            *("don't know", "dont know", "can't say", "cant say", "no opinion"),
            *("unsure", "not sure", "undecided", "hard to say", "difficult to say"),
            *("neutral", "neither", "neither agree nor disagree"),
            *("затрудняюсь", "затрудняюсь ответить", "трудно сказать", "не знаю"),
            *("нет мнения", "не определился"),
        ),
    )
)
