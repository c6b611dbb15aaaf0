"""What the page about an item or a score shows of several studies side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from opinionpanel.disclosure import (
    Published,
    PublishedScore,
    Shown,
    publish,
    publish_score,
)
from opinionpanel.panel import Panel
from opinionpanel.report.beside_shown import compared_waves, in_same_states, joined
from opinionpanel.report.beside_tests import (
    Difference,
    beside_families,
    beside_sentences,
    differences,
)
from opinionpanel.report.families import Family
from opinionpanel.report.score_figures_in_words import comparable_groups
from opinionpanel.report.told import Told
from opinionpanel.study import Study

# The label column that tells studies apart.
STUDY = "study"
# What a report publishes of a question.
Tables = Published | PublishedScore


def publish_question(panel: Panel, name: str) -> Tables:
    """Decide what a report shows of an item or a score, as on its own page."""
    groups = comparable_groups(panel)

    def of_item(item: str) -> Published:
        return publish(panel, item, groups)

    if name in panel.scores:
        return publish_score(panel, name, groups, published=of_item)
    return of_item(name)


class BesideContents:
    """What the page of a question that several studies asked shows.

    Parameters
    ----------
    told : Told
        That tells of this question.
    question : str
    page : str
        The name of its page, and the beginning of those of its files.
    own : callable
        Gives what the study's own report publishes of the question.

    Attributes
    ----------
    studies : dict of str to Study
        By name, this study first; those that asked the question.
    """

    def __init__(self, told: Told, question: str, page: str, own: Callable[[], Tables]) -> None:
        self.question, self.page, self._own, self._told = question, page, own, told
        study = told.study
        others = {
            name: other for name, other in study.others.items() if question in other.panel.questions
        }
        self.studies: Mapping[str, Study] = {study.name: study, **others}

    @cached_property
    def published(self) -> Mapping[str, Tables]:
        """What each study publishes of the question on its own pages."""
        name, *others = self.studies
        return {
            name: self._own(),
            **{one: publish_question(self.studies[one].panel, self.question) for one in others},
        }

    @cached_property
    def beside(self) -> Shown | None:
        """The figures of all studies as one table; None where fewer than two show any."""
        figures = {
            name: shown
            for name, tables in self.published.items()
            if (shown := _figures(tables)) is not None
        }
        if len(figures) < 2 or self._told.study.name not in figures:
            return None
        figures = compared_waves(figures)
        if not self.scored:
            declared = {
                name: self.studies[name].panel.item(self.question).state_names for name in figures
            }
            figures = in_same_states(figures, declared)
        return joined(figures)

    @property
    def scored(self) -> bool:
        """Whether the question is a score."""
        return self.question in self._told.study.panel.scores

    @property
    def left_out(self) -> list[str]:
        """The studies of which nothing can be compared here."""
        kept = set() if self.beside is None else {*self.beside.estimates.labels[STUDY]}
        return [name for name in self.studies if name not in kept]

    @cached_property
    def told(self) -> Told:
        """What tells of the page, with names for its columns and for waves in common."""
        told = self._told
        names = {STUDY: told.say("Study")}
        if self.beside is not None:
            for wave in self.beside.estimates.labels["wave"].unique():
                names |= self._wave_in_common(str(wave))
        texts = told.study.texts
        texts = replace(texts, names={**texts.names, **names})
        return replace(told, study=replace(told.study, texts=texts))

    def _wave_in_common(self, wave: str) -> dict[str, str]:
        """Say what several waves of one study each are called together."""
        told = self._told
        if self.beside is None or wave in told.names:
            return {}
        when = {name: waves_shown(tables) for name, tables in self.published.items()}
        last = {name: waves[-1] for name, waves in when.items() if waves}
        parts = [f"{told.name(one)} ({told.name(name)})" for name, one in last.items()]
        plain = [f"{one} ({name})" for name, one in last.items()]
        return {wave: ", ".join(parts)} if wave == ", ".join(plain) else {}

    @cached_property
    def differences(self) -> Sequence[Difference]:
        """The figures of this study less those of each other one, wave by wave."""
        return [] if self.beside is None else differences(self.beside)

    @cached_property
    def families(self) -> Sequence[Family]:
        """The tests of the differences, one for each, in their order."""
        return [] if self.beside is None else beside_families(self.beside, self.differences)

    @cached_property
    def findings(self) -> Sequence[str]:
        """Whether the studies differ at the latest wave of each; the table has all waves."""
        last = {one.other: place for place, one in enumerate(self.differences)}
        return [
            text
            for place in last.values()
            for text in beside_sentences(self.families[place], self.differences[place], self.told)
        ]

    @property
    def label(self) -> str:
        """What readers are told the question is called."""
        return self._told.label(self.question)


def waves_shown(tables: Tables) -> list[str]:
    """Name the waves whose figures are published."""
    shown = _figures(tables)
    return [] if shown is None else list(dict.fromkeys(shown.estimates.labels["wave"]))


def _figures(tables: Tables) -> Shown | None:
    if isinstance(tables, PublishedScore):
        return tables.means()
    return tables.shares()[0]
