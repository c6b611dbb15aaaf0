"""The pages of a report: their names, their headings, and the part below each heading."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from opinionpanel.errors import SelectionError, unknown
from opinionpanel.escaping import one_line
from opinionpanel.report import (
    battery_parts,
    beside_parts,
    change_parts,
    estimated_parts,
    group_parts,
    item_parts,
    loss_parts,
    score_parts,
    study_parts,
    together_parts,
)
from opinionpanel.report.battery_contents import BatteryContents
from opinionpanel.report.beside_contents import BesideContents
from opinionpanel.report.blocks import Block
from opinionpanel.report.contents import BESIDE, Contents, ItemContents
from opinionpanel.report.score_contents import ScoreContents

SIDE_BY_SIDE = "Studies side by side"
# What a part is about.
About = TypeVar("About")
# The name of a part, and the page of what it is about.
Part = tuple[str, str]
# The parts of pages, as the directive names them: of the study, an item, or a pair of its waves.
STUDY_PARTS: dict[str, Callable[[Contents], list[Block]]] = {
    "overview": study_parts.overview,
    "key-chart": study_parts.key_chart,
    "who-was-asked": study_parts.who_was_asked,
    "methods": study_parts.methods,
    "disclosure-list": study_parts.disclosure_list,
    "together": together_parts.together,
    "beside-headlines": beside_parts.all_headlines,
    "beside-studies": beside_parts.studies_asked,
    "all-files": study_parts.all_files,
    "how-to-read": study_parts.how_to_read,
}
ITEM_PARTS: dict[str, Callable[[ItemContents], list[Block]]] = {
    "headlines": item_parts.headlines,
    "findings": item_parts.findings,
    "anchored": estimated_parts.anchored,
    "possible-moves": estimated_parts.possible_moves,
    "combined": estimated_parts.combined,
    "imputed": estimated_parts.imputed,
    "small-groups": estimated_parts.small_groups,
    "trend": change_parts.trend,
    "moved": item_parts.main_moved,
    "matrix": item_parts.main_matrix,
    "change": item_parts.main_change,
    "turnover-in-groups": group_parts.turnover_in_groups,
    "shares-in-groups": group_parts.shares_in_groups,
    "group-tests": group_parts.group_tests,
    "drop-out": loss_parts.drop_out,
    "true-change": loss_parts.true_change,
    "all-tables": item_parts.all_tables,
    "notes": item_parts.item_notes,
}
SCORE_PARTS: dict[str, Callable[[ScoreContents], list[Block]]] = {
    "score-headlines": score_parts.headlines,
    "score-findings": score_parts.findings,
    "means": score_parts.means,
    "mean-change": score_parts.change,
    "means-in-groups": score_parts.groups,
    "score-group-tests": score_parts.group_tests,
    "reliability": score_parts.reliability,
    "score-notes": score_parts.score_notes,
}
BATTERY_PARTS: dict[str, Callable[[BatteryContents], list[Block]]] = {
    "battery-headlines": battery_parts.headlines,
    "battery-findings": battery_parts.findings,
    "battery-shares": battery_parts.shares,
    "battery-turnover": battery_parts.turnover,
    "battery-notes": battery_parts.battery_notes,
}
BESIDE_PARTS: dict[str, Callable[[BesideContents], list[Block]]] = {
    "beside-found": beside_parts.headlines,
    "beside-findings": beside_parts.findings,
    "beside-figures": beside_parts.figures,
    "beside-difference": beside_parts.difference,
    "beside-notes": beside_parts.notes,
}
PAIR_PARTS: dict[str, Callable[[ItemContents, str], list[Block]]] = {
    "pair-moved": change_parts.moved,
    "pair-opposites": change_parts.opposites,
    "pair-matrix": change_parts.matrix,
    "pair-change": change_parts.change,
    "pair-notes": item_parts.pair_notes,
}


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it.

    Attributes
    ----------
    heading : str
        Empty for what stands at the top of its page.
    part : str
        A key of `STUDY_PARTS`, `ITEM_PARTS`, `SCORE_PARTS`, `BATTERY_PARTS`,
        `BESIDE_PARTS` or `PAIR_PARTS`.
    about : str
        The page of the item or of the pair that the part is about; empty for the study.
    page : str
        The page that the heading leads to; empty for none.
    """

    heading: str
    part: str
    about: str = ""
    page: str = ""


@dataclass(frozen=True)
class Page:
    """A page of a report.

    Attributes
    ----------
    name : str
        Of its file, without an ending.
    title : str
    sections : sequence of Section
    children : sequence of Page
    listed : str
        What lists of pages call it below the page above; its title where this is empty.
    columns : bool
        Whether its parts stand two beside each other, which takes the room of a list of headings.
    """

    name: str
    title: str
    sections: Sequence[Section]
    children: Sequence["Page"] = ()
    listed: str = ""
    columns: bool = False


def pages_of(contents: Contents) -> Page:
    """Plan the report: its front page, with all others below it."""
    say = contents.told.say
    headings = {
        "key-chart": say("In one chart"),
        "who-was-asked": say("Who was asked"),
        "methods": say("How the data were made"),
        "disclosure-list": say("What has to be disclosed"),
        "how-to-read": say("How to read this report"),
        "all-files": say("Numbers and charts to take away"),
    }
    sections = [
        Section("", "overview"),
        *(Section(item.label, "headlines", page, page) for page, item in contents.items.items()),
        *(
            Section(score.label, "score-headlines", page, page)
            for page, score in contents.scores.items()
        ),
        *(
            Section(battery.label, "battery-headlines", page, page)
            for page, battery in contents.batteries.items()
            if not battery.linked
        ),
        *([Section(say(SIDE_BY_SIDE), "beside-headlines", page=BESIDE)] if contents.beside else []),
        *(Section(heading, part) for part, heading in headings.items()),
    ]
    below = [_item_page(contents, name) for name in contents.items]
    below += [_score_page(contents, name) for name in contents.scores]
    below += [_battery_page(contents, name) for name in contents.batteries]
    if contents.shared_pair is not None:
        below.append(_together_page(contents))
    if contents.beside:
        below.append(_studies_page(contents))
    return Page("index", contents.study.title, sections, below)


def _together_page(contents: Contents) -> Page:
    title = contents.told.say("How the answers changed together")
    return Page("together", title, [Section("", "together")])


def _studies_page(contents: Contents) -> Page:
    """Plan the page of several studies, with a page below it for each question."""
    sections = [
        Section("", "beside-studies"),
        *(Section(one.label, "beside-found", page, page) for page, one in contents.beside.items()),
    ]
    below = [_beside_page(contents, page) for page in contents.beside]
    return Page(BESIDE, contents.told.say(SIDE_BY_SIDE), sections, below)


def _beside_page(contents: Contents, page: str) -> Page:
    one, say = contents.beside[page], contents.told.say
    headings = {"beside-findings": ""}
    if one.beside is not None:
        headings |= {
            "beside-figures": say("Means") if one.scored else say("Answers by study"),
            "beside-difference": say("How much the studies differ"),
        }
    headings["beside-notes"] = say("What the numbers rest on")
    sections = [Section(heading, part, page) for part, heading in headings.items()]
    title = say("{item}: studies side by side", item=one.label)
    return Page(page, title, sections, listed=one.label, columns=True)


def _item_page(contents: Contents, name: str) -> Page:
    item, say = contents.items[name], contents.told.say
    headings = {"findings": ""}
    if item.anchored:
        headings["anchored"] = say("Known results")
    headings["trend"] = say("Trend")
    estimated = item.contents.study.estimation
    if item.combined:
        headings["combined"] = say("All interviews in one trend")
    if estimated.impute is not None and item.asked_of(estimated.impute):
        headings["imputed"] = say("With gaps imputed")
    if item.main_pair is not None:
        headings |= {
            "moved": say("Who moved where"),
            "matrix": say("Where those of each answer went"),
            "change": say("How much changed"),
            **_group_headings(item),
            "drop-out": say("Who was lost"),
            "true-change": say("Change or unsteady answers"),
        }
    elif item.panel.independent:
        if item.bounded:
            headings["possible-moves"] = say("Who can have moved where")
        headings |= _headings_at_last(item)
    if estimated.small_groups is not None and item.asked_of(estimated.small_groups):
        headings["small-groups"] = say("Small groups")
    headings |= {"all-tables": say("All tables"), "notes": say("What the numbers rest on")}
    sections = [Section(heading, part, name) for part, heading in headings.items()]
    pairs = [_pair_page(contents, name, page) for page in item.pairs]
    return Page(name, item.label, sections, pairs, columns=True)


def _score_page(contents: Contents, name: str) -> Page:
    score, say = contents.scores[name], contents.told.say
    headings = {"score-findings": "", "means": say("Means")}
    if score.published.main_pair is not None:
        headings["mean-change"] = say("How the same people changed")
    if score.panel.groups and score.published.compared is not None:
        headings["means-in-groups"] = say("By group")
    if score.published.main_pair is not None and score.published.groups:
        headings["score-group-tests"] = say("Do groups differ?")
    if score.alpha is not None:
        headings["reliability"] = say("How far the questions go together")
    headings["score-notes"] = say("What the numbers rest on")
    sections = [Section(heading, part, name) for part, heading in headings.items()]
    return Page(name, score.label, sections, columns=True)


def _battery_page(contents: Contents, name: str) -> Page:
    battery, say = contents.batteries[name], contents.told.say
    headings = {"battery-findings": "", "battery-shares": say("Answers at each wave")}
    if battery.turnover is not None:
        headings["battery-turnover"] = say("Who changed")
    headings["battery-notes"] = say("What the numbers rest on")
    sections = [Section(heading, part, name) for part, heading in headings.items()]
    return Page(name, battery.label, sections, columns=True)


def _group_headings(item: ItemContents) -> dict[str, str]:
    """Head what compares groups, as far as there is something to compare."""
    say = item.told.say
    if not item.compared:
        return {}
    headings = {"turnover-in-groups": say("Who changed, by group")}
    if item.published.groups:
        headings["shares-in-groups"] = say("What changed, by group")
        headings["group-tests"] = say("Do groups differ?")
    return headings


def _headings_at_last(item: ItemContents) -> dict[str, str]:
    """Head what compares groups at the last wave, where nobody was asked twice."""
    say = item.told.say
    if not item.compared or not item.published.groups:
        return {}
    return {
        "shares-in-groups": say("Answers by group"),
        "group-tests": say("Do groups differ?"),
    }


def _pair_page(contents: Contents, name: str, page: str) -> Page:
    item, say = contents.items[name], contents.told.say
    headings = {
        "pair-moved": say("Who moved where"),
        # Of what is said there, the figures.
        "pair-opposites": "",
        "pair-matrix": say("Where those of each answer went"),
        "pair-change": say("How much changed"),
        "pair-notes": say("What the numbers rest on"),
    }
    pair = item.told.pair(*item.pairs[page])
    sections = [Section(heading, part, page) for part, heading in headings.items()]
    return Page(page, f"{item.label}, {pair}", sections, listed=pair)


def blocks_of(contents: Contents, part: str, about: str) -> list[Block]:
    """Make a part of a page, once.

    Raises
    ------
    SelectionError
        There is no such part, or nothing that it could be about; or it is about the study, and
        something else is named.
    """
    if (part, about) not in contents.made:
        contents.made[part, about] = _blocks(contents, part, about)
    return contents.made[part, about]


def _blocks(contents: Contents, part: str, about: str) -> list[Block]:
    if part in STUDY_PARTS:
        if about:
            raise SelectionError(
                f"Part {part!r} is about the whole study. Leave {one_line(about)!r} out."
            )
        return STUDY_PARTS[part](contents)
    if part in ITEM_PARTS:
        return ITEM_PARTS[part](_known(about, contents.items, "page"))
    if part in SCORE_PARTS:
        return SCORE_PARTS[part](_known(about, contents.scores, "page"))
    if part in BATTERY_PARTS:
        return BATTERY_PARTS[part](_known(about, contents.batteries, "page"))
    if part in BESIDE_PARTS:
        return BESIDE_PARTS[part](_known(about, contents.beside, "page"))
    pairs = {page: item for item in contents.items.values() for page in item.pairs}
    if part in PAIR_PARTS:
        return PAIR_PARTS[part](_known(about, pairs, "page"), about)
    of_several = [*BATTERY_PARTS, *BESIDE_PARTS]
    known = [*STUDY_PARTS, *ITEM_PARTS, *SCORE_PARTS, *of_several, *PAIR_PARTS]
    raise unknown("part of a report", part, known)


def _known(page: str, items: Mapping[str, About], what: str) -> About:
    if page not in items:
        raise unknown(what, page, items)
    return items[page]


def every_page(page: Page) -> Iterator[Page]:
    """Give a page and all below it, in the order in which they are read."""
    yield page
    for child in page.children:
        yield from every_page(child)


def every_part(page: Page) -> list[Part]:
    """List the parts of a page and of all below it, in the order in which they are read."""
    return [(one.part, one.about) for each in every_page(page) for one in each.sections]
