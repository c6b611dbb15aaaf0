"""Which figures a report withholds, and how many people they really stand for."""

from dataclasses import dataclass, replace
from itertools import pairwise, product

import figures
from attacker import PROTECTION, Target
from unknowns import NO_ANSWER, NOT_INTERVIEWED

# A difference of two bases of at most so many people is a small group of its own.
FEW = 9


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its key, who is counted, and the totals around it.

    Attributes
    ----------
    key : tuple
    people, row, column, base : dict
        Conditions. The cell is of a row and a column of a base; without column, of a row only.
    wider : tuple of dict
        Other counts that the people of the cell are part of.
    """

    key: tuple
    people: dict
    row: dict
    column: dict | None
    base: dict
    wider: tuple = ()


def cells_of(outline):
    """List the cells that a full report would show."""
    waves, answered = outline.waves, outline.answered
    for t, state in product(range(len(waves)), outline.states):
        of = {t: answered}
        yield Cell(("share", waves[t], state), {t: {state}}, of, None, of)
    for group, categories in outline.groups.items():
        # A group in which everyone is alike has no table.
        for category in categories if len(categories) > 1 else ():
            yield from _in_category(outline, group, category)
    for first, second in pairwise(range(len(waves))):
        of = {first: answered, second: answered}
        for a, b in product(outline.states, repeat=2):
            one, other = {first: {a}, second: answered}, {first: answered, second: {b}}
            people = {first: {a}, second: {b}}
            yield Cell(("flow", (first, second), False, a, b), people, one, other, of)
            yield Cell(("transition", (first, second), a, b), people, one, other, of)
    if len(waves) > 2:
        yield from _of_the_first(outline)


def _in_category(outline, group, category):
    """List the opinions at the last two waves in a category of a group, and who moved there.

    Those of all who answered at a wave, and of those who did at both.
    """
    last, answered, alone = len(outline.waves) - 1, outline.answered, {group: {category}}
    within = outline.nested.get((group, category))
    both = dict.fromkeys((last - 1, last), answered)
    for wave, base in ((last - 1, both), (last, both), (last - 1, {}), (last, {})):
        row = {**alone, **base, wave: answered}
        for state in outline.states:
            people, column = {**row, wave: {state}}, {**base, wave: {state}}
            wider = ({within[0]: {within[1]}, **base, wave: {state}},) if within else ()
            key = ("by", group, wave, len(base) or 1, category, state)
            yield Cell(key, people, row, column, {**base, wave: answered}, wider)
    for a, b in product(outline.states, repeat=2):
        start, end = {**both, last - 1: {a}}, {**both, last: {b}}
        way = {last - 1: {a}, last: {b}}
        key = ("flow by", group, category, a, b)
        rows = ({**alone, **part} for part in (way, start, end, both))
        yield Cell(key, *rows, (way,))


def _of_the_first(outline):
    """List the flows of everyone interviewed at the first wave, drop-out included.

    They are part of the flows of the same pair of waves, where those who came later count too; and
    of numbers of interviews, which are nobody's opinion.
    """
    of = {0: outline.interviewed}
    for first, second in pairwise(range(len(outline.waves))):
        for a, b in product(outline.values(0), repeat=2):
            if not outline.answered & {a, b}:
                continue
            one, other, pair = {first: {a}}, {second: {b}}, {first: {a}, second: {b}}
            row, column = _all_of(of, one), _all_of(of, other)
            key = ("flow", (first, second), True, a, b)
            taking_part = {first: _alike(outline, a), second: _alike(outline, b)}
            wider = (pair, _all_of(of, taking_part))
            yield Cell(key, _all_of(row, column), row, column, of, wider)


def _alike(outline, value):
    """Name all values that are the same in everything but the opinion."""
    return outline.answered if value in outline.answered else frozenset([value])


def withheld(study, attack):
    """Return the withheld cells as targets: those not shown, but what totals alone tell."""
    cells = _targets(study, attack)
    return [one for one in cells if one.protection and one.key not in attack.shown]


def shown(study, attack):
    """Return the cells that are shown as numbers."""
    return [one for one in _targets(study, attack) if one.key in attack.shown]


def printed_flows(parts):
    """Count the cells of printed tables of flows, those with a number and all of them."""
    texts = [
        text
        for part in parts
        if part.name in ("flows", "all_waves")
        for table in part.tables
        for cells, labels in table.rows
        for text in cells[labels:-1]
    ]
    return sum(figures.cell(text) is not None for text in texts), len(texts)


def too_few(targets):
    """Return the cells of flows in which there are fewer people than may be shown, and not none."""
    return [
        one
        for one in targets
        if one.key[0] in ("flow", "transition") and 0 < one.truth < PROTECTION
    ]


def _targets(study, attack):
    truth = attack.unknowns.of_people(study.answers, study.groups)
    cells = [_on_page(study.outline, attack.page, cell) for cell in cells_of(study.outline)]
    return [
        _target(attack.unknowns, truth, cell)
        for cell in cells
        if cell and _is_secret(cell, lambda people: attack.unknowns.count(people) @ truth)
    ]


def _is_secret(cell, number):
    """Tell whether few people are in a category, or on a way within it; all else is shown.

    A large category that took a small one in has no secret: it keeps that of the small one.
    """
    if cell.key[0] == "flow by":
        return 0 < number(cell.people) < PROTECTION
    return cell.key[0] != "by" or number(cell.row) <= FEW


def _merged(page, conditions):
    """Put the states of some conditions together as a page does; groups stay."""
    return {
        name: next((whole for whole in page.states.values() if values <= whole), values)
        if isinstance(name, int)
        else values
        for name, values in ((name, frozenset(values)) for name, values in conditions.items())
    }


def _on_page(outline, page, cell):
    """Say which cell of a page stands for one of a full report; None where it has no such table.

    A table of fewer people has other numbers; a cell that is part of a merged one lies within it.
    """
    kind = cell.key[0]

    def merged(states):
        return next((whole for whole in page.states.values() if states <= whole), states)

    if kind in ("by", "flow by"):
        rows = page.categories.get(cell.key[1], ())
        wholes = [row for row in rows if cell.key[-3 if kind == "flow by" else -2] in row]
        if not wholes or (page.domain and kind == "by"):
            return None
        whole = {cell.key[1]: wholes[0]}
        if kind == "flow by":
            rows = (
                {**_all_of(_merged(page, part), page.domain), **whole}
                for part in (cell.people, cell.row, cell.column, cell.base)
            )
            wider = tuple(_all_of(_merged(page, part), page.domain) for part in cell.wider)
            return Cell(cell.key, *rows, wider)
        # Of the merged row all is shown: how many they are, and how many of them gave the answer.
        wide = {**cell.column, **whole, cell.key[2]: merged(frozenset(cell.people[cell.key[2]]))}
        return replace(cell, column=wide, base={**cell.base, **whole})
    if kind == "flow" and cell.key[2]:
        if not page.way or (set(cell.key[3:]) & {NO_ANSWER, NOT_INTERVIEWED} and page.without):
            return None
        # It is about those who answered at the first wave.
        cell = replace(
            cell,
            **{
                name: _all_of(getattr(cell, name), {0: outline.answered})
                for name in ("people", "row", "column", "base")
            },
        )
    if kind == "share" and cell.key[1] not in page.waves:
        return None
    wide = {wave: merged(frozenset(states)) for wave, states in cell.people.items()}
    people, row, base = (_all_of(part, page.domain) for part in (cell.people, cell.row, cell.base))
    column = cell.column and _all_of(cell.column, page.domain)
    wider = (*cell.wider, _all_of(wide, page.domain))
    return Cell(cell.key, people, row, column, base, wider)


def small_differences(study, attack):
    """Return the opinions of the few by whom two bases differ: they answered at one wave only."""
    outline, targets = study.outline, []
    silent = frozenset([NO_ANSWER, NOT_INTERVIEWED])
    truth = attack.unknowns.of_people(study.answers, study.groups)
    for first, second in pairwise(range(len(outline.waves))):
        for one, other in ((first, second), (second, first)):
            few = {one: outline.answered, other: silent}
            if 0 < attack.unknowns.count(few) @ truth <= FEW:
                for state in outline.states:
                    key = ("difference", outline.waves[one], outline.waves[other], state)
                    people, column = {one: {state}, other: silent}, {one: {state}}
                    cell = Cell(key, people, few, column, {one: outline.answered})
                    targets.append(_target(attack.unknowns, truth, cell))
    return targets


def _target(unknowns, truth, cell):
    """Count a cell, and what its totals leave open: that much is to be protected, or 5 people.

    With the row, the column and the base known, a cell lies between what the others of its row and
    column cannot hold and the smaller of the two.
    """

    def number(conditions):
        return round(unknowns.count(conditions) @ truth)

    row, base = number(cell.row), number(cell.base)
    most, least = min([row, base, *map(number, cell.wider)]), 0
    if cell.column:
        column = number(cell.column)
        most, least = min(most, column), max(0, row + column - base)
    count = unknowns.count(cell.people)
    return Target(cell.key, count, number(cell.people), min(PROTECTION, most - least))


def _all_of(*conditions):
    joined = {}
    for one in conditions:
        for name, values in one.items():
            joined[name] = frozenset(values) & joined.get(name, frozenset(values))
    return joined
