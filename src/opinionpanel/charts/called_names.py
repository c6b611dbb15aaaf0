"""How states, waves, groups and columns are called where readers see them."""

import re
from collections.abc import Mapping

from opinionpanel.drawing import Language
from opinionpanel.escaping import in_order, one_line
from opinionpanel.estimates import LESS, WITHOUT_OPINION

# Names in labels that are the library's own, and not the study's.
OWN = {
    *WITHOUT_OPINION,
    *("all", "other paths", "total", "net", "exchange", "shift", "fresh", "staying"),
    *("never", "gains", "losses", "unchanged"),
}


def called(name: str, labels: Mapping[str, str], language: Language) -> str:
    """Name a state, wave or group, or a difference of two, as readers see it."""
    if LESS in name and name not in labels:
        return LESS.join(called(part, labels, language) for part in name.split(LESS))
    shown = labels.get(name)
    if shown is None:
        shown = language.say(name) if name in OWN else name
    # A dot or a column without a name could be taken for one of all people.
    return in_order(one_line(shown)) or language.say("(no name)")


def column_called(name: str, labels: Mapping[str, str], language: Language) -> str:
    """Name a column of groups; underscores between its words are spaces.

    What the reader calls it stays as it is.
    """
    text = name if name in labels else re.sub("(?<=[^_])_(?=[^_])", " ", name)
    return called(text, labels, language)
