"""What a study says to readers, in one language or in several."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from opinionpanel.panel import Panel

# A text, or one for each language by its code.
Text = str | Mapping[str, str]
# The language that is meant where none is named.
LANGUAGE = "en"
# What a study says about how its data were made, in the order in which reports say it.
METHODS = (
    *("sponsor", "contractor", "population", "sampling", "mode"),
    *("response_rate", "weighting", "contact"),
)
# What it says of a single wave where that differs, and what changed there.
OF_WAVE = ("mode", "population", "sampling", "response_rate", "notes")


@dataclass(frozen=True, kw_only=True)
class StudyTexts:
    """The texts of a study file, as they are written there.

    Attributes
    ----------
    title, source : Text
    methods : dict of str to Text
        By key of `METHODS`; those that the file has.
    waves : dict of str to dict of str to Text
        By wave and key of `OF_WAVE`.
    names : dict of str to Text
        How waves, groups, categories and states of all items are called.
    items : dict of str to dict of str to Text
        By item or score: its ``label`` and ``question``.
    states : dict of str to dict of str to Text
        How the states of an item are called.
    """

    title: Text = ""
    source: Text = ""
    methods: Mapping[str, Text] = field(default_factory=dict)
    waves: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    names: Mapping[str, Text] = field(default_factory=dict)
    items: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    states: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)


def in_language(text: Text, language: str) -> str:
    """Choose the text in a language; without one the English, without that the first."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get(LANGUAGE) or next(iter(text.values()))


def all_in_language(texts: Mapping[str, Text], language: str) -> dict[str, str]:
    """Choose each of several texts; what is empty is left out."""
    chosen = {name: in_language(text, language) for name, text in texts.items()}
    return {name: text for name, text in chosen.items() if text}


def with_texts(panel: Panel, texts: StudyTexts, language: str) -> Panel:
    """Give items and scores their label and question in a language, and estimates their source."""
    items, scores = dict(panel.items), dict(panel.scores)
    for name, told in texts.items.items():
        chosen: Any = {key: in_language(text, language) for key, text in told.items()}
        if name in items:
            items[name] = replace(items[name], **chosen)
        if name in scores:
            scores[name] = replace(scores[name], **chosen)
    return replace(panel, items=items, scores=scores, source=in_language(texts.source, language))
