"""Parts of the page about a score: its means, how they changed, and groups."""

from collections.abc import Sequence

from opinionpanel.disclosure import Shown
from opinionpanel.report.blocks import Block, Grid, Points, Text
from opinionpanel.report.change_parts import joint_text
from opinionpanel.report.grids import grid_of
from opinionpanel.report.item_parts import note_lines
from opinionpanel.report.pictures import COLUMN, picture
from opinionpanel.report.score_contents import ScoreContents, moment
from opinionpanel.report.score_tests import group_sentences

LEFT_OUT = (
    "Left out: {waves}. Few people gave a number, or one of the two or three that there are; or "
    "nearly all who gave one are in another table, and the difference would tell of the few others."
)

NO_MOVES = (
    "How many moved up and down is left out: it would tell of few people, by itself or beside what "
    "is shown elsewhere."
)


def headlines(score: ScoreContents) -> list[Block]:
    """Say on the front page what was found."""
    return [Points(score.findings, "finding")]


def findings(score: ScoreContents) -> list[Block]:
    """Show the wording, and what a reader should know first."""
    told, wording = score.told, score.panel.score(score.score).question
    question = Text(told.say("The study declares no wording for this question."), "note")
    if wording:
        question = Text(told.quoted(wording), "question")
    return [question, Points(score.findings, "finding")]


def means(score: ScoreContents) -> list[Block]:
    """Draw the mean at every wave."""
    told, published = score.told, score.published
    notes: list[Block] = []
    if published.out:
        waves = told.listed([told.name(wave) for wave in published.out])
        notes.append(Text(told.say(LEFT_OUT, waves=waves), "note"))
    shown = published.means()
    if shown is None:
        return notes
    title = told.say("{item}: mean at each wave", item=score.label)
    name = f"{score.page}.means"
    grid = grid_of(shown, name, title, told)
    if len(published.waves) < 2:
        return [grid, *notes]
    return [*picture("trend", shown, name, title, told, [grid], size=COLUMN), *notes]


def change(score: ScoreContents) -> list[Block]:
    """Show how the mean of the same people changed, and how many of them moved."""
    told, published = score.told, score.published
    shown, moved, pair = published.change(), published.moved(), published.main_pair
    if shown is None or pair is None:
        return []
    waves = told.pair(*pair)
    title = told.say("{item}: mean of the same people, {pair}", item=score.label, pair=waves)
    up = told.say("{item}: who moved up and down, {pair}", item=score.label, pair=waves)
    blocks: list[Block] = [grid_of(shown, f"{score.page}.change", title, told)]
    if moved is None:
        return [*blocks, Text(told.say(NO_MOVES), "note")]
    return [*blocks, grid_of(moved, f"{score.page}.moved", up, told)]


def groups(score: ScoreContents) -> list[Block]:
    """Draw the change of the mean, group by group; the tables have the means before and after."""
    told, published = score.told, score.published
    everyone, pair = published.change(), published.main_pair
    if not published.groups:
        return [Text(told.say("No groups of people are compared: none has enough people."), "note")]
    if everyone is None or pair is None:
        return _at_last(score)
    grids, drawn = [], [moment(everyone, "change")]
    for number, group in enumerate(published.groups, start=1):
        shown = published.change_by(group)
        assert shown is not None
        what = told.say("{item}: means by {group}", item=score.label, group=told.group(group))
        grids.append(grid_of(shown, f"{score.page}.means_by.{number}", what, told))
        drawn.append(moment(shown, "change"))
    title = told.say(
        "{item}: change of the mean by group, {pair}", item=score.label, pair=told.pair(*pair)
    )
    drawn_so = picture("dots", drawn, f"{score.page}.change_by", title, told, grids, size=COLUMN)
    return [*drawn_so, *points(group_sentences(score.families, published, told))]


def _at_last(score: ScoreContents) -> list[Block]:
    """Draw the means of groups at the last wave of a series: nobody was asked twice."""
    told, published, grids, drawn = score.told, score.published, list[Grid](), list[Shown]()
    for number, group in enumerate(published.groups, start=1):
        shown = published.means_by(group)
        if shown is not None:
            what = told.say("{item}: means by {group}", item=score.label, group=told.group(group))
            grids.append(grid_of(shown, f"{score.page}.means_by.{number}", what, told))
            drawn.append(shown)
    wave = told.name(published.compared[-1]) if published.compared else ""
    title = told.say("{item}: mean by group, {wave}", item=score.label, wave=wave)
    return picture("dots", drawn, f"{score.page}.mean_by", title, told, grids, size=COLUMN)


def points(texts: Sequence[str]) -> list[Block]:
    """Say several things as a list, and one as a paragraph."""
    return [Points(texts)] if len(texts) > 1 else [*map(Text, texts)]


def group_tests(score: ScoreContents) -> list[Block]:
    """Show whether the change of the mean differs between the categories of each group."""
    told = score.told
    families = [one for one in score.families if one.kind == "net change by"]
    if not families:
        return []
    title = told.say("{item}: do groups differ? p of joint tests, adjusted", item=score.label)
    return [
        Grid(
            name=f"{score.page}.group_tests",
            title=title,
            header=[told.say("Group"), told.say("Change of the mean")],
            rows=[[told.group(one.key[0]), joint_text(one, told)] for one in families],
            labels=1,
            note=told.say("Below 0.05 the categories differ by more than chance explains."),
        )
    ]


def reliability(score: ScoreContents) -> list[Block]:
    """Show how far the columns of a scale go together; nothing for a score of a single column."""
    told, shown = score.told, score.alpha
    if shown is None:
        return []
    title = told.say("{item}: Cronbach's alpha", item=score.label)
    caution = told.say(
        "Alpha says how far the {size} questions of the scale go together: at most 1, and higher "
        "the more of them there are.",
        size=len(score.columns),
    )
    return [grid_of(shown, f"{score.page}.alpha", title, told), Text(caution, "note")]


def score_notes(score: ScoreContents) -> list[Block]:
    """Say, once for the page, what its numbers rest on."""
    shown = [score.published.means(), score.published.change()]
    lines = note_lines([one for one in shown if one is not None], score.told)
    return [Points([*dict.fromkeys([*score.published.notes, *lines])], "note")]
