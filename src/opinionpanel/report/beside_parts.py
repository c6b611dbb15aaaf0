"""Parts of the pages that set several studies side by side: who was asked, figures, differences."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from opinionpanel.disclosure import Shown
from opinionpanel.phrases import Phrase
from opinionpanel.report.beside_contents import BesideContents
from opinionpanel.report.beside_shown import waves_of
from opinionpanel.report.blocks import Block, Grid, Points, Text
from opinionpanel.report.change_parts import joint_text
from opinionpanel.report.contents import Contents
from opinionpanel.report.grids import cells_of, grid_of, note_of
from opinionpanel.report.item_parts import note_lines
from opinionpanel.report.pictures import COLUMN, picture
from opinionpanel.report.said_of_studies import KEYS, fieldwork_of, steady_text
from opinionpanel.report.told import Told

NOTHING = "Nothing can be compared: too few people answered in one of the studies."


def studies_asked(contents: Contents) -> list[Block]:
    """Show how each study was made, and what no interval knows."""
    told = contents.told
    studies = {contents.study.name: contents.study, **contents.study.others}
    rows = []
    lines = {
        "Study": {name: study.title for name, study in studies.items()},
        "Source": {name: study.source for name, study in studies.items()},
        "People": {
            name: told.language.count(int(study.panel.domain.sum()))
            for name, study in studies.items()
        },
        "Fieldwork": {name: fieldwork_of(study, told) for name, study in studies.items()},
        **{
            text: {name: steady_text(study, key) for name, study in studies.items()}
            for key, text in KEYS.items()
        },
    }
    for text, said in lines.items():
        if any(said.values()):
            cells = [each or told.say("not declared") for each in said.values()]
            rows.append([told.say(text), *cells])
    caution = told.say(
        "The samples were drawn independently of each other. No interval knows what else differs: "
        "the wording, the language, the way of interviewing, or who could be reached."
    )
    title = told.say("The studies, and how they were made")
    header = ["", *map(told.name, studies)]
    return [Grid("beside.studies", title, header, rows, 1), Text(caution, "note")]


def all_headlines(contents: Contents) -> list[Block]:
    """Say on the front page whether the studies differ, question by question."""
    told = contents.told
    texts = [
        told.say("{what}: {text}", what=one.label, text=one.findings[0])
        for one in contents.beside.values()
        if one.findings
    ]
    return [Points(texts, "finding")] if texts else [Text(told.say(NOTHING), "note")]


def headlines(one: BesideContents) -> list[Block]:
    """Say what was found about a question."""
    if not one.findings:
        return [Text(one.told.say(NOTHING), "note")]
    return [Points(one.findings, "finding")]


def findings(one: BesideContents) -> list[Block]:
    """Show each wording, and whether the studies differ."""
    told = one.told
    wordings = {
        name: study.panel.question(one.question).question for name, study in one.studies.items()
    }
    if not any(wordings.values()):
        none = told.say("The study declares no wording for this question.")
        return [Text(none, "note"), *headlines(one)]
    texts = {
        name: told.quoted(text) if text else told.say("no wording is declared")
        for name, text in wordings.items()
    }
    blocks: list[Block] = [
        Text(told.say("{what}: {text}", what=told.name(name), text=text), "question")
        for name, text in texts.items()
    ]
    if len(set(wordings.values())) == 1:
        blocks = [Text(next(iter(texts.values())), "question")]
    return [*blocks, *headlines(one)]


def figures(one: BesideContents) -> list[Block]:
    """Draw the figures of all studies."""
    told, shown = one.told, one.beside
    if shown is None:
        return [Text(told.say(NOTHING), "note")]
    what = "{item}: means, by study" if one.scored else "{item}: answers, by study"
    title, name = told.say(what, item=one.label), f"{one.page}.figures"
    grid = grid_of(shown, name, title, told)
    if len(waves_of(shown)) > 1:
        return picture("trend", shown, name, title, told, [grid], size=COLUMN)
    if one.scored:
        return picture("dots", shown, name, title, told, [grid], size=COLUMN)
    return picture("stacked", shown, name, title, told, [grid], size=COLUMN)


def difference(one: BesideContents) -> list[Block]:
    """Draw the latest difference, answer by answer; the table has those of all waves."""
    told = one.told
    if not one.differences:
        return []
    title = told.say("{item}: how much the studies differ", item=one.label)
    grid = _grid(one, title)
    last = one.differences[-1]
    wave, pair = told.name(last.wave), _less(last.study, last.other, told)
    drawn = told.say("{item}: {pair}, {wave}", item=one.label, pair=pair, wave=wave)
    shown = last.shown
    if one.scored or len(shown.estimates) < 2:
        return [grid]
    return picture("dots", shown, f"{one.page}.difference", drawn, told, [grid], size=COLUMN)


def _less(study: str, other: str, told: Told) -> str:
    return told.say("{category} less {other}", category=told.name(study), other=told.name(other))


def _grid(one: BesideContents, title: str) -> Grid:
    """Lay out all differences, a row for each two studies and wave, with the joint test."""
    told, first = one.told, one.differences[0].shown
    labels = first.estimates.labels
    answers = [told.name(str(state)) for state in labels["state"]] if "state" in labels else []
    rows = [
        [
            _less(each.study, each.other, told),
            told.name(each.wave),
            *cells_of(each.shown, told),
            joint_text(family, told),
        ]
        for each, family in zip(one.differences, one.families, strict=True)
    ]
    unit = told.say("points of the scale" if one.scored else "percentage points")
    head = [told.say("Studies"), told.say("Wave"), *(answers or [told.say("Difference")])]
    return Grid(
        name=f"{one.page}.differences",
        title=told.say("{title}, {unit} with 95% intervals", title=title, unit=unit),
        header=[*head, told.say("p, adjusted")],
        rows=rows,
        labels=2,
        note=note_of(first, told),
        data=pd.concat(list(_frames(one))),
        unit="number" if one.scored else "change",
    )


def _frames(one: BesideContents) -> Iterator[pd.DataFrame]:
    for each, family in zip(one.differences, one.families, strict=True):
        frame = each.shown.frame()
        singles = family.singles
        frame.insert(0, "other_study", each.other)
        frame.insert(0, "study", each.study)
        yield frame.assign(p_adjusted=np.asarray(singles["p_adjusted"]))


def notes(one: BesideContents) -> list[Block]:
    """Say, once for the page, what its numbers rest on, study by study."""
    told = one.told
    lines = [
        Phrase("{study}: {text}", study=told.name(name), text=note)
        for name, tables in one.published.items()
        for note in tables.notes
    ]
    texts = [told.language.tell(line) for line in lines]
    tables: list[Shown] = [] if one.beside is None else [one.beside]
    if one.left_out and one.beside is not None:
        out = told.listed([told.name(name) for name in one.left_out])
        texts.append(
            told.say(
                "Not compared: {studies}. No wave has the same name there, or too few answered; "
                "waves that are to be compared are called alike in the studies.",
                studies=out,
            )
        )
    adjusted = told.say(
        "p, adjusted: for the number of studies and waves that are compared (Holm 1979)."
        if one.scored
        else "p, adjusted: of the joint test of all answers, for the number of studies and waves "
        "that are compared (Holm 1979). Single answers count only where it shows a difference."
    )
    return [Points([*texts, *dict.fromkeys(note_lines(tables, told)), adjusted], "note")]
