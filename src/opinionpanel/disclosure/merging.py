"""What is put together, so that less need be withheld: states, bases, categories of groups."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from opinionpanel.arrays import Integers
from opinionpanel.disclosure.decision import few_apart
from opinionpanel.disclosure.people import Base, anchored, in_base, people_of
from opinionpanel.disclosure.published_tables import pair_table, shares_table
from opinionpanel.engines import PersonColumn
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, in_a_row, one_after_another

# Of the people who answered at two waves, what may be left out to have one base for all tables.
MOST_LOST = 0.2


def with_large_states(panel: Panel, item: str, min_n: int) -> tuple[Panel, list[tuple[str, str]]]:
    """Put states that few people are in, at every wave, together with their smaller neighbour.

    Gives which two were put together, too, one after the other.
    """
    joined: list[tuple[str, str]] = []
    while True:
        names = panel.item(item).state_names
        most = _people_in_states(panel, item).max(axis=0)
        small = np.flatnonzero(most < min_n)
        if len(names) < 3 or not len(small):
            return panel, joined
        place = int(small[np.argmin(most[small])])
        beside = [other for other in (place - 1, place + 1) if 0 <= other < len(names)]
        first, second = sorted((place, min(beside, key=lambda other: most[other])))
        joined.append((names[first], names[second]))
        panel = with_joined_states(panel, item, joined[-1:])


def joined_text(joined: Sequence[tuple[str, str]], min_n: int) -> str:
    """Say what readers must know of states that were put together; nothing of none."""
    if not joined:
        return ""
    return (
        f"Put together, as fewer than {min_n} people gave one of them at any wave: "
        f"{', '.join(f'“{first}” and “{second}”' for first, second in joined)}."
    )


def _people_in_states(panel: Panel, item: str) -> Integers:
    """Count those who gave each answer, with a weight, at each wave that asked."""
    states, people = len(panel.item(item).state_names), []
    for wave in panel.asked(item):
        row = panel.answers[item][panel.position(wave)]
        answered = panel.domain & (row >= 0) & (panel.weight(wave).values > 0)
        people.append(np.bincount(row[answered], minlength=states))
    return np.array(people)


def with_joined_states(panel: Panel, item: str, joined: Sequence[tuple[str, str]]) -> Panel:
    """Put states of an item together, two at a time, in the place of the first of them."""
    for names in joined:
        old = panel.item(item)
        first, second = (old.state_names.index(name) for name in names)
        answers = np.asarray(panel.answers[item])
        codes = np.where(answers == second, first, answers)
        codes = np.where(codes > second, codes - 1, codes).astype(answers.dtype)
        codes.flags.writeable = False
        panel = replace(
            panel,
            items={**panel.items, item: old.joined(*names)},
            answers={**panel.answers, item: codes},
        )
    return panel


def with_one_base(
    panel: Panel, item: str, pairs: Sequence[tuple[str, str]], min_n: int, min_cell: int
) -> tuple[Panel, str]:
    """Narrow a panel to one base for all tables, where their bases differ by few people.

    What a table of more people adds to one of fewer are the opinions of the few. Where one base
    would lose many people, the panel stays as it is, and tables are left out. So it does where
    weights are brought to known answers: they would tell of the few in tables of fewer people, too.
    """
    if any(anchored(panel, item, key) for key in panel.calibrations):
        return panel, ""
    waves = panel.asked(item)
    people = people_of(panel, item, pairs, ())
    tables = [pair_table(people, *pair, min_n, 0) for pair in pairs]
    tables += [shares_table(people, wave) for wave in waves]
    if not any(few_apart(people.counts, a, b, min_n, min_cell) for a, b in combinations(tables, 2)):
        return panel, ""
    sizes = [people.counts[people.base(pair)].sum() for pair in pairs]
    return among_all(panel, item, max(sizes, default=np.inf), min_n)


def among_all(panel: Panel, question: str, largest: float, min_n: int) -> tuple[Panel, str]:
    """Narrow a panel to those who answered at all waves, unless many of the largest base go."""
    waves, inside = panel.asked(question), panel.domain
    for wave in waves:
        inside = inside & (panel.answers[question][panel.position(wave)] >= 0)
    if inside.sum() < (1 - MOST_LOST) * largest:
        return panel, ""
    who = Phrase("who answered at all of {waves}", waves=in_a_row(waves))
    return _narrowed(panel, inside, who), (
        f"All tables are about the people {who}: with others, who are fewer than {min_n} at some "
        "wave, tables would differ by their opinions."
    )


def answering_first(panel: Panel, item: str) -> Panel:
    """Narrow a panel to those who answered at the first wave of the way through all waves."""
    first = panel.chain(item)[0]
    inside = panel.domain & (panel.answers[item][panel.position(first)] >= 0)
    return _narrowed(panel, inside, Phrase("who gave an answer at {wave}", wave=first))


def _narrowed(panel: Panel, inside: PersonColumn, text: str) -> Panel:
    texts = [panel.domain_text] if panel.domain_text else []
    return replace(panel, domain=inside, domain_text=one_after_another([*texts, text]))


def with_steady_groups(panel: Panel, groups: Sequence[str], wave: str) -> tuple[Panel, str]:
    """Let everyone be in the category of one wave, where groups may change.

    Otherwise the same category would hold other people in each table, who may differ by few.
    """
    changing = [name for name in groups if panel.groups[name].use == "wave"]
    if not changing:
        return panel, ""
    position, found = panel.position(wave), dict(panel.groups)
    for name in changing:
        found[name] = replace(found[name], codes=found[name].at(position), use="first")
    named = ", ".join(f"“{name}”" for name in changing)
    return replace(panel, groups=found), (
        f"In tables by {named}, which may change, people count with their value at {wave}."
    )


def with_large_categories(
    panel: Panel, item: str, groups: Sequence[str], base: Base, min_n: int, min_cell: int
) -> tuple[Panel, list[str]]:
    """Put the small categories of groups together; groups of which one would be left have none.

    Small is what has few people in a base. Beside each of the small ones there are `min_cell`
    people or more: else what all gave together would nearly be what it gave.
    """
    position = panel.position(base[-1])
    inside = in_base(panel, item, base) & np.asarray(panel.domain)
    found = dict(panel.groups)
    for name in groups:
        group = panel.groups[name]
        codes = group.at(position)[inside]
        people = np.bincount(codes[codes >= 0], minlength=len(group.categories))
        kept = np.flatnonzero(people >= min_n)
        small = people[(people > 0) & (people < min_n)]
        together = [*small]
        while len(small) and len(kept) and not _hides(together, small.max(), min_n, min_cell):
            # Too few beside it: the next smallest joins them.
            next_one = int(np.argmin(people[kept]))
            together.append(people[kept[next_one]])
            kept = np.delete(kept, next_one)
        if together:
            found[name] = group.merged(kept, f"{len(together)} categories together")
        elif len(kept) < len(people):
            found[name] = group.among(kept)
    names = [name for name in groups if len(found[name].categories) > 1]
    return replace(panel, groups=found), names


def _hides(together: Sequence[int], largest: int, min_n: int, min_cell: int) -> bool:
    """Tell whether there are enough people beside the largest small category."""
    people = sum(together)
    return people >= min_n and people - largest >= min_cell
