"""How a report tells things: in its language, with what the study calls them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

from opinionpanel.charts import called, column_called
from opinionpanel.drawing import Language, language_of
from opinionpanel.escaping import closed
from opinionpanel.phrases import DECIMAL, PERCENT, Phrase
from opinionpanel.report.russian_reports import RUSSIAN_REPORTS
from opinionpanel.study import Study

# Words of reports in the languages of charts, besides those that charts have.
WORDS: Mapping[str, Mapping[str, str | tuple[str, ...]]] = {"ru": RUSSIAN_REPORTS}

# Where phrases of other rooms hold waves or groups; in dates some of these places hold days.
PLACES = ("wave", "waves", "first", "last", "one", "other", "groups")
DATES = ("{month}", "{year}", "{first_month}")


@dataclass(frozen=True, kw_only=True)
class Naming(Language):
    """A language that calls waves and groups as the study does wherever a phrase names them.

    Attributes
    ----------
    names : dict of str to str
        What waves and groups are called, by their names.
    """

    names: Mapping[str, str] = field(default_factory=dict, hash=False)

    def tell(self, text: str) -> str:
        """Say a phrase again that was made elsewhere, with what waves and groups are called."""
        if isinstance(text, Phrase) and not self._has_numbers(text.template):
            called_so = {
                place: self.names.get(text.values[place], text.values[place])
                for place in PLACES
                if type(text.values.get(place)) is str
            }
            text = Phrase(text.template, **{**text.values, **called_so})
        return super().tell(text)

    def _has_numbers(self, template: str) -> bool:
        return template in (DECIMAL, PERCENT) or any(place in template for place in DATES)


def naming(language: Language, study: Study) -> Language:
    """Let a language call waves and groups as a study does."""
    names, panel = study.names(), study.panel
    called_so = {
        name: closed(names[name]) for name in (*panel.groups, *panel.waves) if name in names
    }
    own = {each.name: getattr(language, each.name) for each in fields(Language)}
    return Naming(**own, names=called_so) if called_so else language


def report_language(language: str | Language) -> Language:
    """Find a language with the words of reports."""
    found = language_of(language)
    more = WORDS.get(found.code, {})
    return replace(found, words={**more, **found.words}) if more else found


@dataclass(frozen=True, eq=False)
class Told:
    """A study and the language in which a report tells of it.

    Attributes
    ----------
    study : Study
        In the language.
    language : Language
    item : str
        The item whose states are told; empty on pages about the whole study.
    """

    study: Study
    language: Language
    item: str = ""

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What the study calls its waves, groups, categories and states."""
        return self.study.names(self.item)

    def of(self, item: str) -> "Told":
        """Tell of an item."""
        return replace(self, item=item)

    def say(self, phrase: str, **values: str | int) -> str:
        """Say a phrase of the library in the report's language."""
        return self.language.say(phrase, **values)

    def name(self, name: str) -> str:
        """Name a wave, a category or a state."""
        return called(name, self.names, self.language)

    def quoted(self, text: str) -> str:
        """Put a text into the marks of quotations of the language."""
        return self.say("“{text}”", text=text)

    def group(self, name: str) -> str:
        """Name a group; one without a label begins with a capital letter."""
        shown = column_called(name, self.names, self.language)
        return shown if name in self.names else shown[:1].upper() + shown[1:]

    def label(self, item: str) -> str:
        """Name an item or a score as titles do: without a label by its own name."""
        label = self.study.panel.question(item).label
        return closed(label) if label else column_called(item, {}, self.language)

    def pair(self, first: str, second: str) -> str:
        """Name two waves."""
        return f"{self.name(first)} → {self.name(second)}"

    def listed(self, texts: Sequence[str]) -> str:
        """Name several things: "a, b and c"."""
        *some, last = texts
        if not some:
            return last
        return self.say("{one} and {other}", one=", ".join(some), other=last)
