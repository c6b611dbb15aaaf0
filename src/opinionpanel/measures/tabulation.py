"""The states of an item, tallied at each wave or over each pair of waves, by group."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from opinionpanel.design import PersonWeight
from opinionpanel.engines import PersonColumn
from opinionpanel.estimates import (
    PAIR,
    About,
    Cells,
    Role,
    Totals,
    crossed,
    free_names,
    label_rows,
    repeated,
    tally,
)
from opinionpanel.measures.base_notes import Account
from opinionpanel.measures.bases import (
    Base,
    By,
    Own,
    Way,
    about_of,
    accounts_of,
    base_of,
    base_words,
    bases_of,
    battery_codes,
    by_text,
    cross_of,
    group_names,
    refuse_back,
    state_codes,
    states_looking_back,
)
from opinionpanel.measures.batteries import Battery, as_battery, one_base
from opinionpanel.measures.pairs_of_waves import Waves, pair_names, wave_names, waves_of
from opinionpanel.panel import Panel
from opinionpanel.phrases import Phrase, one_after_another

# The label columns that tell tables of one wave, and of a pair of waves, apart.
WAVE: Mapping[str, Role] = {"wave": "time"}
WAVES: Mapping[str, Role] = dict.fromkeys(PAIR, "time")


def moved(states: Sequence[str]) -> list[Own]:
    """Name the label columns of moves from each state to each."""
    return [Own("origin", states, "origin"), Own("destination", states)]


@dataclass(frozen=True, eq=False)
class OneTable:
    """One of the tables that are tallied together.

    Attributes
    ----------
    key : tuple of str
        The labels that tell it apart, such as its pair of waves.
    at : str
        The wave whose value counts in a group by wave.
    inside : PersonColumn of bool
        Who may be in its cells.
    weight : PersonWeight
    codes : sequence of PersonColumn of int
        Each person's place in each of the measure's own columns; -1 for none.
    amount : PersonColumn or None
        What is added up of each person, such as a score; None adds up people.
    """

    key: tuple[str, ...]
    at: str
    inside: PersonColumn
    weight: PersonWeight
    codes: Sequence[PersonColumn]
    amount: PersonColumn | None = None


def tabulate(
    panel: Panel,
    about: About,
    groups: Sequence[str],
    keys: Mapping[str, Role],
    own: Sequence[Own],
    tables: Sequence[OneTable],
) -> tuple[Totals, About, list[str]]:
    """Tally some tables of the same cells, by group.

    Parameters
    ----------
    panel : Panel
    about : About
        Is told the weights, and what the label columns stand for.
    groups : sequence of str
    keys : dict of str to str
        The label columns that tell tables apart, and what they stand for.
    own : sequence of Own
        The label columns that the cells of every table are made of, besides the groups.
    tables : sequence of OneTable

    Returns
    -------
    tuple
        The totals, the caption, and the label columns of the groups.
    """
    names = [*keys, *(column.name for column in own)]
    categories = (panel.group(name).categories for name in groups)
    columns = dict(zip(free_names(groups, names), categories, strict=True))
    cells = crossed({**columns, **{column.name: column.categories for column in own}})
    sizes = [len(column.categories) for column in own]
    variables = [
        Cells(
            cross_of(panel, groups, table.at, table.codes, sizes, table.inside),
            table.weight,
            cells,
            table.amount,
        )
        for table in tables
    ]
    told = {name: [table.key[place] for table in tables] for place, name in enumerate(keys)}
    labels = repeated(cells, label_rows(told))
    about = replace(
        about,
        weights={_when(keys, table): table.weight.text for table in tables},
        roles={**about.roles, **keys, **{column.name: column.role for column in own}},
        answers=tuple(
            column
            for name, column in zip(groups, columns, strict=True)
            if panel.group(name).answers_to
        ),
        notes=_with_empty(about.notes, panel, groups, {_when(keys, one): one for one in tables}),
    )
    return tally(panel.sampling, variables, labels), about, list(columns)


def _with_empty(
    notes: Mapping[Any, str], panel: Panel, groups: Sequence[str], tables: Mapping[Any, "OneTable"]
) -> Mapping[Any, str]:
    """Say at which waves of a series nobody is in a group: each asked other people.

    Their answers at a wave group those who were asked then.
    """
    if not panel.independent:
        return notes
    found = dict(notes)
    for name in groups:
        made = panel.group(name).answers_to
        for key, table in tables.items():
            if made is not None and table.at != made[1]:
                text = Phrase(
                    "At {wave} nobody is in a group of {group}, the answers at {other}: every wave "
                    "asked other people.",
                    wave=table.at,
                    group=name,
                    other=made[1],
                )
                found[key] = one_after_another([*filter(None, [found.get(key)]), text])
    return found


def _when(keys: Mapping[str, Role], table: OneTable) -> tuple[str, ...]:
    """Name the wave, or pair of waves, that a table is about."""
    named = zip(keys.values(), table.key, strict=True)
    return tuple(label for role, label in named if role == "time")


def wave_totals(
    panel: Panel, item: str | Battery, waves: Waves | None, by: By, base: Base
) -> tuple[Totals, About, list[str]]:
    """Tally the states at each wave, by group; of a battery, those of each item."""
    refuse_back(base)
    groups, battery = group_names(by), as_battery(panel, item)
    asked = {one: wave_names(panel, one, waves, at_least=1, base=base) for one in battery.items}
    names = one_base(asked, base)
    states, codes = battery_codes(panel, asked, base)
    tables = []
    for one, its_own in asked.items():
        bases = bases_of(panel, one, its_own, [(wave,) for wave in its_own], base)
        tables += [
            OneTable((*battery.key(one), wave), wave, *bases[wave,], [codes[one, wave]])
            for wave in its_own
        ]
    accounts = accounts_of(panel, names, [(wave,) for wave in names], base)
    who = base_words(base, names, pairs=False, each=battery.apart)
    about = about_of(panel, battery.names, names, groups, who, accounts)
    about = battery.told(about, f"Shares of {battery} by wave{by_text(panel, groups, pairs=False)}")
    about = replace(about, measure="shares", states=states)
    keys = {**battery.keys, **WAVE}
    return tabulate(panel, about, groups, keys, [Own("state", states)], tables)


def pair_totals(
    panel: Panel,
    item: str | Battery,
    waves: Waves | None,
    by: By,
    base: Way,
    measure: str,
    title: str,
    *,
    own: Sequence[Own] = (),
    codes_of: Callable[[PersonColumn, PersonColumn], list[PersonColumn]] | None = None,
    back: bool = False,
) -> tuple[Totals, About, list[str]]:
    """Tally the moves between each pair of waves, by group.

    In place of the states from and to which people moved there may be other columns, `own`, and
    people's places in them, which `codes_of` finds from those in the states, or of a score from
    the places of their numbers. Of a battery, the moves of each item are tallied. `back` allows to
    look back from the last wave.
    """
    if not back:
        refuse_back(base)
    groups, battery = group_names(by), as_battery(panel, item)
    paired = {one: pair_names(panel, one, waves, base=base) for one in battery.items}
    asked = {one: waves_of(panel, pairs) for one, pairs in paired.items()}
    names = one_base(asked, base)
    pairs = list(dict.fromkeys(pair for own_pairs in paired.values() for pair in own_pairs))
    places_of = _places if codes_of else battery_codes
    states, codes = places_of(panel, asked, base)
    tables = []
    for one in battery.items:
        bases = bases_of(panel, one, asked[one], paired[one], base)
        for pair in paired[one]:
            ends = [codes[one, pair[0]], codes[one, pair[1]]]
            key, places = (*battery.key(one), *pair), codes_of(*ends) if codes_of else ends
            at = names[-1] if base == "last" else pair[0]
            tables.append(OneTable(key, at, *bases[pair], places))
    accounts = accounts_of(panel, names, pairs, base)
    who = base_words(base, names, pairs=True, each=battery.apart)
    about = about_of(panel, battery.names, names, groups, who, accounts)
    side = "last" if base == "last" else "earlier"
    about = battery.told(about, title + by_text(panel, groups, pairs=True, side=side))
    about = replace(about, measure=measure, states=states)
    keys = {**battery.keys, **WAVES}
    return tabulate(panel, about, groups, keys, own or moved(states), tables)


def _places(
    panel: Panel, asked: Mapping[str, list[str]], base: Way
) -> tuple[tuple[str, ...], dict[tuple[str, str], PersonColumn]]:
    """Find the places of answers by question and wave: among states, or among a score's numbers."""
    (first, names), *_ = asked.items()
    if first not in panel.scores:
        return battery_codes(panel, asked, base)
    return (), {(first, name): panel.answers[first][panel.position(name)] for name in names}


def earlier_totals(
    panel: Panel,
    item: str,
    waves: Waves | None,
    by: By,
    own: Sequence[Own],
    codes_of: Callable[[str, str], list[PersonColumn]],
    measure: str,
    title: str,
) -> tuple[Totals, About, list[str]]:
    """Tally everyone interviewed at the earlier wave of each pair and due at the later one.

    With the weight of the earlier wave.

    Parameters
    ----------
    panel, item, waves, by
        As in `flows`.
    own, measure
        As in `tabulate` and `About`.
    codes_of : callable
        From the two waves to people's places in the measure's own columns; -1 leaves a person out.
    title : str
        For the caption; the groups are added.
    """
    groups = group_names(by)
    pairs = pair_names(panel, item, waves, in_order=True)
    tables = [
        OneTable(
            (first, last),
            first,
            panel.were_due(panel.domain & panel.present[panel.position(first)], [last]),
            panel.weight(first),
            codes_of(first, last),
        )
        for first, last in pairs
    ]
    accounts = {table.key: Account(table.at, (), table.weight) for table in tables}
    who = Phrase("everyone interviewed at the earlier wave")
    if any(panel.due_differs(*pair) for pair in pairs):
        who = Phrase("everyone interviewed at the earlier wave and due at the later one")
    about = about_of(panel, item, waves_of(panel, pairs), groups, who, accounts)
    title += by_text(panel, groups, pairs=True)
    about = replace(about, measure=measure, title=title)
    return tabulate(panel, about, groups, WAVES, own, tables)


def inflow_totals(
    panel: Panel, item: str, waves: Waves | None, by: By, base: Base, title: str
) -> tuple[Totals, About, list[str]]:
    """Tally where people came from, by destination, origin and group.

    With base="panel" each pair has the people interviewed at its later wave, with the weight and
    the groups of that wave; otherwise the base is that of `pair_totals`.
    """
    refuse_back(base)
    back = base == "panel"
    groups = group_names(by)
    # Looking back each pair has a base of its own.
    pairs = pair_names(panel, item, waves, base="answered" if back else base, in_order=back)
    names = waves_of(panel, pairs)
    if back:
        origins, destinations, codes = states_looking_back(panel, item, pairs)
    else:
        origins, at = state_codes(panel, item, names, base)
        destinations = origins
        codes = {(first, second): (at[first], at[second]) for first, second in pairs}
    tables = []
    for pair, (origin, destination) in codes.items():
        if back:
            inside = panel.domain & panel.present[panel.position(pair[1])]
            weight = panel.weight(pair[1])
        else:
            inside, weight = base_of(panel, item, names, pair, base)
        at_wave = pair[1] if back else pair[0]
        tables.append(OneTable(pair, at_wave, inside, weight, [destination, origin]))
    if back:
        who: str = Phrase("everyone interviewed at the later wave")
        accounts = {table.key: Account(table.at, (), table.weight) for table in tables}
    else:
        who = base_words(base, names, pairs=True)
        accounts = accounts_of(panel, names, codes, base)
    about = about_of(panel, item, names, groups, who, accounts)
    title += by_text(panel, groups, pairs=True, side="later" if back else "earlier")
    about = replace(about, measure="inflows", title=title, states=origins)
    own = [Own("destination", destinations), Own("origin", origins, "origin")]
    return tabulate(panel, about, groups, WAVES, own, tables)
