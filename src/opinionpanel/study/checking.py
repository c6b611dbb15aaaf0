"""What ``opinionpanel check`` prints: all that can be said of a study, finished or not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from opinionpanel.design import AnyDesign, Design, weigh_people
from opinionpanel.engines import how_many
from opinionpanel.errors import unknown
from opinionpanel.escaping import terminal_line, terminal_text
from opinionpanel.panel import (
    Cohorts,
    Due,
    Interviewed,
    Panel,
    PeopleInMemory,
    RowsInMemory,
    counted_notes,
    interviews,
    link_waves,
    panel_text,
    read_cohorts,
    with_ids,
)
from opinionpanel.questions import (
    AnyQuestion,
    Grouping,
    Scale,
    grouping,
    read_fixed,
    read_groups,
)
from opinionpanel.study.checked_items import items_text
from opinionpanel.study.column_texts import item_text, rows_text, weights_text
from opinionpanel.study.declaration import Declaration
from opinionpanel.study.declared_people import Traits
from opinionpanel.study.declaring import declare
from opinionpanel.study.drafted_places import number_of_places, undecided_in
from opinionpanel.study.estimated_figures import attempts
from opinionpanel.study.folded_notes import folded_notes
from opinionpanel.study.keys import StudyKeys, dotted_key
from opinionpanel.study.other_studies import others_text
from opinionpanel.study.study_reading import read_declared, read_other
from opinionpanel.study.texts import LANGUAGE, in_language
from opinionpanel.study.wave_checks import Reading, read_waves
from opinionpanel.waves import Wave, steady

IN_FULL = "(each in full: check --item NAME, or print(op.read_study(…)) in Python)"


@steady()
def check_study(path: str | Path, *, item: str = "", brief: bool = False) -> tuple[str, StudyKeys]:
    """Read and link a study as far as it goes.

    Parameters
    ----------
    path : str or pathlib.Path
        The study's declaration.
    item : str
        Show this item alone, with all that is to be looked at there.
    brief : bool
        Show a line for each item, in place of the summary and the codes.

    Returns
    -------
    text : str
        The summary of the panel, the weights, and the codes of every item with their states; at
        the end what to look at, in a line for each kind. Counts only, never an id or a row. Of a
        draft it says so, and never that there is no fault.
    keys : StudyKeys
        What the file declares; its `faults` are those of the file, of the wave files and of the
        panel, all of them.

    Raises
    ------
    StudyError
        The file is missing, or is not TOML.
    SelectionError
        The study has no item of that name.

    Examples
    --------
    >>> import opinionpanel as op
    >>> text, keys = check_study(op.datasets.folder("attitudes_2024") / "study.toml")
    >>> keys.faults
    []
    """
    declared = declare(path)
    keys = declared.keys
    if item and item not in keys.questions:
        raise unknown("item or score", item, keys.questions)
    reading = read_waves(declared)
    panel = _partial(declared, reading)
    if not keys.faults:
        # The very read that a report does: what is said to be good is good.
        panel = keys.attempt("", partial(read_declared, declared))
        for name, other in declared.others.items():
            keys.attempt("", partial(read_other, name, other))
        samples = {
            name: keys.attempt("", partial(read_other, name, other))
            for name, other in declared.samples.items()
        }
        if panel is not None and not keys.faults:
            read = {name: one.panel for name, one in samples.items() if one is not None}
            estimation = replace(keys.estimation, people=declared.people, samples=read)
            for key, make in attempts(panel, estimation):
                keys.attempt(key, make)
    places = undecided_in(path)
    title = f"Study: {in_language(keys.title, LANGUAGE) or 'without a title'} ({keys.path.name})"
    parts = [terminal_line(f"{title}, a draft: {number_of_places(places)}" if places else title)]
    if item:
        parts += [items_text(keys, panel, [item]), item_text(item, declared, reading.waves)]
    elif brief:
        parts.append(items_text(keys, panel, keys.questions))
    else:
        parts += [*_whole_text(declared, reading, panel), others_text(declared)]
    if panel is not None:
        parts.append(_ending(_notes(panel, item), good=not (keys.faults or places)))
    return "\n\n".join(part for part in parts if part), keys


def _whole_text(declared: Declaration, reading: Reading, panel: Panel | None) -> list[str]:
    """Say all of the panel, of the weights and of the codes of every item."""
    keys, waves = declared.keys, reading.waves
    weights = weights_text(keys, waves)
    items = [item_text(name, declared, waves) for name in keys.questions]
    if panel is None:
        return [weights, *items]
    partly = "The summary is of what is right; the faults are listed at the end."
    there = how_many(zip(panel.waves, panel.present, strict=True))
    return [
        partly if keys.faults else "",
        panel_text(panel, notes=False),
        weights,
        rows_text(waves, there),
        *items,
    ]


def _notes(panel: Panel, item: str) -> list[str]:
    """List what to look at: of one item all, of a whole study a line for each kind."""
    notes = [*_weight_warnings(panel), *counted_notes(panel), *panel.notes]
    if item:
        kind = panel.question(item).kind if item in panel.questions else "item"
        starts = (f"{kind} {item}: ", f"{kind} {item!r}: ")
        return [note for note in notes if note.startswith(starts)]
    folded = folded_notes(notes, [*panel.questions, *panel.everyones_groups, *panel.waves])
    return folded if len(folded) == len(notes) else [*folded, IN_FULL]


def _ending(notes: Sequence[str], *, good: bool) -> str:
    if not notes:
        return "No fault: the study can be read." if good else ""
    number = len(notes) - (IN_FULL in notes)
    things = "1 thing" if number == 1 else f"{number} things"
    head = f"No fault, but {things} to look at:" if good else f"{things} to look at:"
    return terminal_text([head, *(f"  {note}" for note in notes)])


def _weight_warnings(panel: Panel) -> list[str]:
    """Name the pairs of waves whose weight leaves out most of those who answered both."""
    found: dict[tuple[str, str], str] = {}
    for name in panel.questions:
        for first, last in panel.pairs(name):
            codes = panel.answers[name]
            both = (codes[panel.position(first)] >= 0) & (codes[panel.position(last)] >= 0)
            weighted, people = (
                int((panel.weight(first, last).values[both] > 0).sum()),
                int(both.sum()),
            )
            if 2 * weighted < people:
                key = (first, last) if (first, last) in panel.weights else last
                have = "has" if weighted == 1 else "have"
                found.setdefault(
                    (first, last),
                    f"design.weight: {first} → {last}: only {weighted:,} of the {people:,} people "
                    f"who answered both {have} a positive {panel.design.weight_text(key)!r}. "
                    "Another column may be the weight.",
                )
    return list(found.values())


def _partial(declared: Declaration, reading: Reading) -> Panel | None:
    """Try every part of the panel by itself; build one of the parts that are right."""
    keys, person = declared.keys, declared.person
    waves, lacking = reading.waves, reading.lacking
    if not waves:
        return None
    kept, interviewed = _interviews(declared, waves, lacking)
    unlinked = _unlinked(kept)
    items = _right_items(declared, unlinked, lacking)
    groups, fixed, design = {}, {}, None
    # Groups and weights may name a wave that could not be read.
    if set(waves) == set(keys.wave_names):
        groups = _right_traits(declared, "groups", unlinked, lacking)
        fixed = _right_traits(declared, "fixed", unlinked, lacking)
        design = _right_design(declared, unlinked, lacking)
    if reading.whole is not None and not keys.wave and not items:
        # The items are what tells the waves of a wide file.
        return None
    if "person" in lacking or not _links(declared, reading, kept):
        return None
    for chosen in (design, None):
        build = partial(
            _constructor(keys, reading),
            person=person,
            items=items,
            groups=groups,
            design=chosen,
            fixed=fixed,
            duplicates=keys.duplicates,
            no_id=keys.no_id,
            interviewed=interviewed,
            due=_right_due(declared, unlinked, lacking),
            dates=declared.dates,
            source=declared.source,
        )
        if (panel := keys.attempt("", build)) is not None:
            return panel
    return None


def _interviewed(declared: Declaration, lacking: set[str]) -> Interviewed:
    """Return what says who was interviewed, if its columns are there."""
    by_weight = declared.interviewed == "weight"
    no_weight = declared.design is None or any(key.startswith("design.") for key in lacking)
    return None if "interviewed" in lacking or (by_weight and no_weight) else declared.interviewed


def _interviews(
    declared: Declaration, waves: Mapping[str, Wave], lacking: set[str]
) -> tuple[Mapping[str, Wave], Interviewed]:
    """Leave out the rows that are no interviews, as far as what says so is right.

    Also gives what says so for all items together; None where it is wrong.
    """
    design, told = declared.design or Design(weight=None), _interviewed(declared, lacking)
    read = partial(interviews, RowsInMemory(waves), told, {}, design)
    by_all = declared.keys.attempt("interviewed", read)
    rows, told = (RowsInMemory(waves), None) if by_all is None else (by_all[0], told)
    named = {name: item.within(waves) for name, item in declared.items.items()}
    items = {
        name: item
        for name, item in named.items()
        if item is not None and dotted_key(declared.keys.place(name)) not in lacking
    }
    by_items = declared.keys.attempt("items", partial(interviews, rows, None, items, design))
    return (rows if by_items is None else by_items[0]).headers, told


def _right_due(declared: Declaration, read: PeopleInMemory, lacking: set[str]) -> Due:
    """Return who was due, narrowed to the waves that could be read; nothing where it is wrong."""
    due, waves = declared.due, read.headers
    if not isinstance(due, Cohorts):
        return {
            cohort: [wave for wave in at if wave in waves]
            for cohort, at in due.items()
            if cohort in waves
        }
    # A wave that could not be read may be the one that has the column, or a code.
    if "due" in lacking or set(waves) != set(declared.keys.wave_names):
        return {}
    known = {code: [wave for wave in at if wave in waves] for code, at in due.waves.items()}
    right = Cohorts(due.column, known)
    # What is refused says itself that it is about due=.
    found = declared.keys.attempt("", partial(read_cohorts, read, right))
    return {} if found is None else right


def _links(declared: Declaration, reading: Reading, waves: Mapping[str, Wave]) -> bool:
    """Tell whether people link by their ids; in a wide file they do unless ids stand twice.

    `waves` are without the rows that are no interviews.
    """
    keys, person, whole = declared.keys, declared.person, reading.whole
    if keys.independent:
        return True
    if whole is not None and not keys.wave:
        if not isinstance(person, str):
            return person is None
        ids = partial(with_ids, whole, person, keys.duplicates, keys.no_id)
        return keys.attempt("person", ids) is not None
    named = isinstance(person, str) or all(wave in (person or {}) for wave in waves)
    if person is None or not named:
        return False
    link = partial(link_waves, waves, person, duplicates=keys.duplicates, no_id=keys.no_id)
    return keys.attempt("person", link) is not None


def _constructor(keys: StudyKeys, reading: Reading) -> Callable[..., Panel]:
    """Name what builds the panel of the waves that were read."""
    if reading.whole is None:
        return partial(Panel.from_waves, reading.waves)
    waves = list(reading.waves)
    if keys.wave:
        return partial(Panel.from_long, reading.whole, wave=keys.wave, waves=waves)
    return partial(Panel.from_wide, reading.whole, waves=waves)


def _unlinked(waves: Mapping[str, Wave]) -> PeopleInMemory:
    """Take the people of every wave for people of their own, until they are linked."""
    of_wave = np.repeat(np.arange(len(waves)), [len(wave.frame) for wave in waves.values()])
    rows = {name: np.flatnonzero(of_wave == place) for place, name in enumerate(waves)}
    return PeopleInMemory(waves, rows, of_wave == np.arange(len(waves))[:, None])


def _right_items(
    declared: Declaration, read: PeopleInMemory, lacking: set[str]
) -> dict[str, AnyQuestion]:
    items = {}
    for name, whole in declared.items.items():
        key = dotted_key(declared.keys.place(name))
        item = whole.within(read.headers)
        if item is None or key in lacking:
            continue
        # A scale is read question by question.
        parts = item.parts(name) if isinstance(item, Scale) else {name: item}
        read_parts = [
            declared.keys.attempt(key, partial(read.answers, part, one))
            for part, one in parts.items()
        ]
        if None not in read_parts:
            items[name] = item
    return items


def _right_traits(
    declared: Declaration, kind: Traits, read: PeopleInMemory, lacking: set[str]
) -> dict[str, Grouping]:
    """Keep those of the groups, or of the fixed traits, that can be read by themselves."""
    reader = read_groups if kind == "groups" else read_fixed
    right = {}
    for name, one in grouping(getattr(declared, kind)).items():
        key = declared.trait_key(kind, name)
        values = partial(reader, {name: one}, read.headers, read.rows, read.number)
        if key not in lacking and declared.keys.attempt(key, values) is not None:
            right[name] = one
    return right


def _right_design(
    declared: Declaration, read: PeopleInMemory, lacking: set[str]
) -> AnyDesign | None:
    design = declared.design
    if design is None or any(key.startswith("design.") for key in lacking):
        return None
    weights = partial(weigh_people, design, read.headers, read.numbers, read.present)
    return None if declared.keys.attempt("design", weights) is None else design
