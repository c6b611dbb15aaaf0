"""What a report holds: computed once for all its pages, when a page first asks for it."""

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from opinionpanel.disclosure import Published, publish
from opinionpanel.drawing import Language
from opinionpanel.errors import StudyError, listing
from opinionpanel.escaping import file_names
from opinionpanel.models import Imputed, impute
from opinionpanel.panel import Panel
from opinionpanel.questions import Option
from opinionpanel.report.battery_contents import BatteryContents
from opinionpanel.report.beside_contents import (
    BesideContents,
    Tables,
    publish_question,
)
from opinionpanel.report.blocks import Block
from opinionpanel.report.findings_in_words import MOST_FINDINGS, Claim, three_findings
from opinionpanel.report.item_tests import ItemTests, item_tests
from opinionpanel.report.more_findings import more_findings
from opinionpanel.report.score_contents import ScoreContents
from opinionpanel.report.score_figures_in_words import comparable_groups
from opinionpanel.report.told import Told, naming, report_language
from opinionpanel.study import Study, StudyImpute

# Pages that Sphinx makes itself, that a report always has, and words that tables of contents take
# for something else.
BESIDE = "studies"
TAKEN = ("index", "search", "genindex", "modindex", "self", "together", BESIDE)


class OfItems(Protocol):
    """What a study file says of some of its items; of all, where it names none."""

    @property
    def items(self) -> Sequence[str]:
        """The names of the items."""


class Contents:
    """A study in the language of its report.

    Parameters
    ----------
    study : Study
    language : str or Language
        Of the report.

    Attributes
    ----------
    study : Study
        In that language.
    told : Told
    items : dict of str to ItemContents
        The items that have a page, by the names of their pages.
    scores : dict of str to ScoreContents
        The scores, likewise.
    beside : dict of str to BesideContents
        The questions that another study asked as well, by the names of their pages about both.
    batteries : dict of str to BatteryContents
        Items that are shown together, and questions that take several answers, by their pages.
    made : dict
        The parts of pages that were made already, by their name and what they are about.
    """

    def __init__(self, study: Study, language: str | Language = "en") -> None:
        spoken = report_language(language)
        self.made: dict[tuple[str, str], list[Block]] = {}
        self._imputed: Imputed | None = None
        self.study = study.in_language(spoken.code)
        self.told = Told(self.study, naming(spoken, self.study))
        panel = self.study.panel
        reported = [name for name in panel.items if _changes(panel, name)]
        scores = [name for name in panel.scores if len(panel.asked(name)) > 1]
        others = [other.panel.questions for other in study.others.values()]
        shared = [name for name in panel.questions if any(name in asked for asked in others)]
        if not reported and not scores and not shared:
            raise StudyError(
                f"No item has two states and was asked at two waves ({listing(panel.questions)}), "
                "nor was a score, so there is no change to report. Name the columns of each wave "
                "in column = {...}."
            )
        batteries = _batteries(study, reported)
        reported = [name for name in reported if not isinstance(panel.item(name), Option)]
        named = [*reported, *scores, *shared, *batteries]
        pages = file_names(list(dict.fromkeys(named)), TAKEN)
        self.items = {pages[name]: ItemContents(self, name, pages[name]) for name in reported}
        self.scores = {
            pages[name]: ScoreContents(self.told.of(name), name, pages[name], self._published)
            for name in scores
        }
        self.beside = {
            f"{pages[name]}.{BESIDE}": self._beside(name, pages[name]) for name in shared
        }

        self.batteries = {
            pages[name]: self._battery(name, pages[name], items)
            for name, items in batteries.items()
        }

    def _battery(self, name: str, page: str, items: Sequence[str]) -> BatteryContents:
        known = {one.item: one for one in self.items.values()}
        parts = [
            known.get(item) or ItemContents(self, item, f"{page}.{number}")
            for number, item in enumerate(items, start=1)
        ]
        linked = [one.page for one in parts if one.item in known]
        return BatteryContents(self.told, name, page, parts, linked)

    def _beside(self, name: str, page: str) -> BesideContents:
        def own() -> Tables:
            known = self.items.get(page) or self.scores.get(page)
            return known.published if known else publish_question(self.study.panel, name)

        return BesideContents(self.told.of(name), name, f"{page}.{BESIDE}", own)

    def _published(self, item: str) -> Published:
        """Give what the page of an item shows, or that of its battery; else what one would."""
        batteries = [one for battery in self.batteries.values() for one in battery.items]
        pages = {one.item: one for one in (*batteries, *self.items.values())}
        if item in pages:
            return pages[item].published
        panel = self.study.panel
        return publish(panel, item, comparable_groups(panel))

    def imputed(self, written: StudyImpute) -> Imputed:
        """Impute the gaps of the panel as the study file says; once for all pages."""
        if self._imputed is None:
            items = written.items or [one.item for one in self.items.values()]
            self._imputed = impute(
                self.study.panel, items, m=written.m, missed=written.missed, seed=written.seed
            )
        return self._imputed

    @cached_property
    def shared_pair(self) -> tuple[str, str] | None:
        """The pair of waves that most items link people over, the latest of several.

        None where no two items share one.
        """
        pairs = [pair for item in self.items.values() for pair in item.pairs.values()]
        shared = [pair for pair in self.study.panel.pairs() if pairs.count(pair) > 1]
        return max(reversed(shared), key=pairs.count, default=None)

    @property
    def left_out(self) -> list[str]:
        """Name the questions without a page: of one wave, or read as one state."""
        kept = {item.item for item in self.items.values()}
        kept |= {score.score for score in self.scores.values()}
        kept |= {one.question for one in self.beside.values()}
        kept |= {one.item for battery in self.batteries.values() for one in battery.items}
        return [name for name in self.study.panel.questions if name not in kept]


def _batteries(study: Study, reported: Sequence[str]) -> dict[str, list[str]]:
    """List the items of each battery, and the options of each question that can change."""
    found = {name: list(items) for name, items in study.batteries.items()}
    panel = study.panel
    changing = {one.multiple for name in reported if isinstance(one := panel.item(name), Option)}
    return found | {name: list(panel.options_of(name)) for name in changing}


def _changes(panel: Panel, item: str) -> bool:
    return len(panel.asked(item)) > 1 and len(panel.item(item).state_names) > 1


class ItemContents:
    """What the pages about one item show: only what may leave together.

    Parameters
    ----------
    contents : Contents
    item : str
    page : str
        The name of its page, and the beginning of those of its files.

    Attributes
    ----------
    told : Told
        That tells of this item.
    """

    def __init__(self, contents: Contents, item: str, page: str) -> None:
        self.contents, self.item, self.page = contents, item, page
        self.told = contents.told.of(item)

    @cached_property
    def published(self) -> Published:
        """The tables of the item that leave together."""
        panel = self.contents.study.panel
        return publish(panel, self.item, self.compared)

    @property
    def compared(self) -> list[str]:
        """Name the groups whose categories can be compared, few people apart."""
        return comparable_groups(self.contents.study.panel)

    @cached_property
    def tests(self) -> ItemTests:
        """All tests of the item, adjusted for each other."""
        return item_tests(self.published)

    @cached_property
    def findings(self) -> Sequence[str]:
        """What a reader should know first, in at most three sentences."""
        found = [claim.text for claim in self.claims]
        return [*found, *more_findings(self.published, self.tests, self.told)][:MOST_FINDINGS]

    @cached_property
    def claims(self) -> Sequence[Claim]:
        """What the tests found, the most telling first."""
        names, language = self.told.names, self.told.language
        return three_findings(self.tests, self.published, language, names)

    @property
    def largest(self) -> float:
        """The size of the largest difference found; 0 where none was."""
        return max(
            (claim.size for claim in self.claims if claim.direction != "estimate"), default=0
        )

    @property
    def panel(self) -> Panel:
        """The panel with the people and states that all tables are about."""
        return self.published.panel

    @property
    def anchored(self) -> bool:
        """Whether the weights bring the answers to known results."""
        return self.contents.study.estimation.anchors(self.item)

    @property
    def combined(self) -> bool:
        """Whether all interviews are put into one trend; known results need no others."""
        combine = self.contents.study.estimation.combine
        return combine is not None and self.asked_of(combine) and not self.anchored

    @property
    def bounded(self) -> bool:
        """Whether the page tells what people can have done between two samples of other people."""
        moves = self.contents.study.estimation.possible_moves
        asked = moves is not None and self.asked_of(moves)
        return asked and self.panel.independent and len(self.waves) > 1

    def asked_of(self, written: OfItems) -> bool:
        """Tell whether what a study file says of some items is about this one; none are all."""
        return not written.items or self.item in written.items

    @property
    def key_state(self) -> str:
        """The state that charts of one state show: the first that is not the undecided one."""
        declared = self.panel.item(self.item)
        return next(state for state in declared.state_names if state != declared.neutral)

    @property
    def label(self) -> str:
        """What readers are told the item is called."""
        return self.told.label(self.item)

    @cached_property
    def waves(self) -> Sequence[str]:
        """The waves that asked the item."""
        return self.panel.asked(self.item)

    @cached_property
    def main_pair(self) -> tuple[str, str] | None:
        """The pair of waves that the page of the item is about; None where none has tables."""
        return self.published.main_pair

    @property
    def grouped_waves(self) -> tuple[str, ...]:
        """The waves that tables by group are about; none where no pair of waves has tables.

        The last one where nobody was asked twice.
        """
        if self.main_pair is None and self.panel.independent:
            return tuple(self.waves[-1:])
        return self.main_pair or ()

    @cached_property
    def pairs(self) -> dict[str, tuple[str, str]]:
        """The pairs of waves that link people, by the names of their pages.

        No item has a page with a point in its name.
        """
        panel = self.contents.study.panel
        number = {wave: place for place, wave in enumerate(panel.waves, start=1)}
        return {
            f"{self.page}.{number[first]}-{number[second]}": (first, second)
            for first, second in panel.pairs(self.item)
            if panel.linked[first, second]
        }
