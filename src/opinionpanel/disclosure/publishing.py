"""The way to what a report shows of an item: put together, withhold, leave out."""

from collections.abc import Sequence

import numpy as np

from opinionpanel.disclosure.decision import Decided, decided, with_more
from opinionpanel.disclosure.group_tables import change_table, wave_table
from opinionpanel.disclosure.groups_of_answers import safe_groups
from opinionpanel.disclosure.members import Members, members_of
from opinionpanel.disclosure.merging import (
    MOST_LOST,
    joined_text,
    with_large_categories,
    with_large_states,
    with_one_base,
    with_steady_groups,
)
from opinionpanel.disclosure.people import Base, People, anchored, people_of
from opinionpanel.disclosure.publication import MIN_N, Published
from opinionpanel.disclosure.published_tables import (
    GROUP,
    KNOWN,
    SHARES,
    Figure,
    Key,
    Table,
    also_telling,
    chain_states,
    chain_table,
    known_table,
    latent_table,
    pair_table,
    shares_table,
    trend_table,
)
from opinionpanel.estimates import MIN_CELL
from opinionpanel.panel import Panel


def publish(
    panel: Panel,
    item: str,
    groups: Sequence[str] = (),
    *,
    min_n: int = MIN_N,
    min_cell: int = MIN_CELL,
) -> Published:
    """Decide what a report shows of an item.

    Parameters
    ----------
    panel : Panel
    item : str
    groups : sequence of str
        Groups that are to have tables about the main pair of waves, the latest one.
    min_n : int
        The fewest people in a base.
    min_cell : int
        The fewest people in a flow.

    Notes
    -----
    First it merges: states that few people are in at any wave, bases that differ by few people,
    and small categories of groups. Then it withholds flows of few people and what would tell
    them, and at last it leaves tables out, those further down first. Tables by group come after
    all others, and take nothing from these.
    """
    whole = panel
    panel, joined = with_large_states(panel, item, min_n)
    pairs = [pair for pair in panel.pairs(item) if panel.linked[pair]]
    panel, narrowed = with_one_base(panel, item, pairs, min_n, min_cell)
    chain = panel.chain(item) if not narrowed and len(panel.chain(item)) > 2 else ()
    people = people_of(panel, item, pairs, chain)
    tables = [
        _with_weights(panel, item, people, pair, pair_table(people, *pair, min_n, min_cell))
        for pair in pairs
    ]
    tables += [shares_table(people, wave) for wave in panel.asked(item)]
    ways: dict[str, list[str]] = {}
    if chain:
        ways = chain_states(people, chain, min_cell)
        latent = latent_table(people, chain)
        tables += [
            _with_weights(panel, item, people, (chain[0], chain[-1]), latent),
            chain_table(people, chain, ways, min_cell),
        ]
    found = decided(people.counts, [known_table(people.known)], tables, min_n, min_cell)
    shown = [wave for wave in panel.asked(item) if (SHARES, wave) in found.hidden]
    if len(shown) > 1:
        states = panel.item(item).state_names
        trend = [trend_table(people, state, shown[0], shown[-1]) for state in states]
        # Of two waves without tables of their own it would tell as well; not where nobody, as all
        # may know, answered at both the first wave and the last.
        both = people.base((shown[0],)) & people.base((shown[-1],))
        if not people.counts[both].any() or all(pair in found.hidden for pair in pairs):
            found = with_more(found.standing, people.counts, trend, min_n, min_cell)
    withheld = _withheld(found)
    main_pair = next((pair for pair in reversed(pairs) if pair in withheld), None)
    steady = ""
    base = main_pair or (panel.asked(item)[-1],)
    bases = [(panel, waves) for waves in dict.fromkeys([base, *((wave,) for wave in base)])]
    groups = safe_groups(whole, item, groups, bases, min_n, min_cell)
    if groups:
        panel, steady = with_steady_groups(panel, groups, base[-1])
        panel, by_group = _by_group(panel, item, people, found, base, groups, (min_n, min_cell))
        withheld |= by_group
    notes = [note for note in (joined_text(joined, min_n), narrowed, steady) if note]
    return Published(
        *(panel, item, notes, withheld, main_pair, (min_n, min_cell), ways),
        joined=joined,
        narrowed=bool(narrowed),
    )


def _with_weights(
    panel: Panel, item: str, people: People, pair: tuple[str, str], table: Table
) -> Table:
    """Let a table of two waves tell what its weights do, where they are brought to known answers.

    That is of all whom they were made among: of a pair without a weight of its own, everyone who
    answered at the later wave.
    """
    key = pair if pair in panel.weights else pair[-1]
    if not anchored(panel, item, key):
        return table
    return also_telling(table, people, (key,) if isinstance(key, str) else key)


def _by_group(
    panel: Panel,
    item: str,
    people: People,
    found: Decided,
    waves: Base,
    groups: Sequence[str],
    dials: tuple[int, int],
) -> tuple[Panel, dict[Key, set[Figure]]]:
    """Decide on the tables by group, beside those of all people, which stand."""
    both, later = (people.counts[people.base(base)].sum() for base in (waves, waves[-1:]))
    if not later:
        return panel, {}
    # Shares, turnover and net change of the same people where these are nearly all.
    same_people = both >= (1 - MOST_LOST) * later
    merged, names = with_large_categories(
        panel, item, groups, waves if same_people else waves[-1:], *dials
    )
    if not names:
        return merged, {}
    kept: dict[Base, Base] = {(wave,): (wave,) for wave in waves if (SHARES, wave) in found.hidden}
    if len(waves) > 1:
        kept[waves] = waves
    members = members_of(merged, item, people, waves, panel, names, found.protection.changes)
    withheld: dict[Key, set[Figure]] = {}
    for part in members.apart():
        known = [part.known(kept)]
        if len(part.moved):
            known.append(_secrets(found, part))
        here = [name for name in names if name in part.groups]
        tables = _group_tables(merged, item, part, here, kept, same_people, dials)
        withheld |= _withheld(decided(part.counts, known, tables, *dials, part.ways_changed()))
    return merged, withheld


def _group_tables(
    panel: Panel,
    item: str,
    members: Members,
    groups: Sequence[str],
    kept: dict[Base, Base],
    same_people: bool,
    dials: tuple[int, int],
) -> list[Table]:
    """List the tables by group, in the order in which they stand rather than others."""
    states = panel.item(item).state_names
    categories = {name: panel.groups[name].categories for name in groups}
    change = [
        change_table(members, name, categories[name], states, *dials)
        for name in groups
        if len(members.waves) > 1
    ]

    def at(wave: str) -> list[Table]:
        if (wave,) not in kept:
            return []
        return [
            wave_table(
                *(members, name, len(categories[name]), wave, *dials),
                instead=(GROUP, name) if same_people else None,
            )
            for name in groups
        ]

    last = at(members.waves[-1])
    if same_people:
        return [*change, *last]
    return [*last, *change, *(at(members.waves[0]) if change else [])]


def _secrets(found: Decided, members: Members) -> Table:
    """Give what the tables of all people withhold, and those by group must not tell either."""
    rows = np.flatnonzero(found.protection.hidden & (found.room > 0))
    sums = found.protection.figures.parts[rows] @ np.array(found.protection.changes).T
    return Table(
        key=(KNOWN,),
        figures={},
        parts=members.through_ways(sums),
        price=np.ones(len(rows)),
        few=np.ones(len(rows), dtype=bool),
        room=found.room[rows],
        populations=[],
    )


def _withheld(found: Decided) -> dict[Key, set[Figure]]:
    """Name the withheld figures of each table that is not left out."""
    hidden = found.hidden
    return {
        table.key: {name for name, row in table.figures.items() if hidden[table.key][row]}
        for table in found.kept
        if table.key != (KNOWN,)
    }
