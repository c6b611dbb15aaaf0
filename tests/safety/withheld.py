"""Which figures a report withholds, and how many people they really stand for."""

from itertools import pairwise, product

from attacker import PROTECTION, Target
from unknowns import NO_ANSWER, NOT_INTERVIEWED

# A difference of two bases of at most so many people is a small group of its own.
FEW = 9


def cells_of(study):
    """List the cells that a full report would show: key, who is counted, and totals around it."""
    outline, last = study.outline, len(study.outline.waves) - 1
    answered, interviewed = outline.answered, outline.interviewed
    for t, state in product(range(last + 1), outline.states):
        yield ("share", outline.waves[t], state), {t: {state}}, [{t: answered}]
    for group, categories in outline.groups.items():
        for category, state in product(categories, outline.states):
            row, column = {group: {category}, last: answered}, {last: {state}}
            yield ("by", group, category, state), {**row, **column}, [row, column]
    for pair in pairwise(range(last + 1)):
        first, second = pair
        for a, b in product(outline.states, repeat=2):
            cell = {first: {a}, second: {b}}
            totals = [{first: {a}, second: answered}, {first: answered, second: {b}}]
            yield ("flow", pair, False, a, b), cell, totals
            yield ("transition", pair, a, b), cell, totals
    if last > 1:
        for (first, second), a, b in product(
            pairwise(range(last + 1)), outline.values(0), outline.values(0)
        ):
            of = {0: interviewed}
            cell = _all_of(of, {first: {a}}, {second: {b}})
            totals = [_all_of(of, {first: {a}}), _all_of(of, {second: {b}})]
            if not (first == 0 and a == NOT_INTERVIEWED):
                yield ("flow", (first, second), True, a, b), cell, totals


def withheld(study, attack):
    """Return the withheld cells as targets: those of anybody that are not shown as numbers."""
    return [one for one in _targets(study, attack) if one.key not in attack.shown]


def shown(study, attack):
    """Return the cells that are shown as numbers."""
    return [one for one in _targets(study, attack) if one.key in attack.shown]


def too_few(targets):
    """Return the cells of flows in which there are fewer people than may be shown, and not none."""
    return [
        one
        for one in targets
        if one.key[0] in ("flow", "transition") and 0 < one.truth < PROTECTION
    ]


def _targets(study, attack):
    """Return all cells, but those of totals that are nobody's."""
    truth = attack.unknowns.of_people(study.answers, study.groups)
    targets = [_target(attack.unknowns, truth, *cell) for cell in cells_of(study)]
    return [one for one in targets if one.protection]


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
                    cell = {one: {state}, other: silent}
                    targets.append(_target(attack.unknowns, truth, key, cell, [few]))
    return targets


def _target(unknowns, truth, key, cell, totals):
    row = unknowns.count(cell)
    around = [round(unknowns.count(total) @ truth) for total in totals]
    return Target(key, row, round(row @ truth), min([PROTECTION, *around]))


def _all_of(*conditions):
    joined = {}
    for one in conditions:
        for name, values in one.items():
            joined[name] = frozenset(values) & joined.get(name, frozenset(values))
    return joined
