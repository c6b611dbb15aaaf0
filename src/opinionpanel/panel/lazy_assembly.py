"""From waves on an engine to the fields of a panel, which stay there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from opinionpanel.design import AnyDesign, Design
from opinionpanel.engines import Column, People, how_many, literal
from opinionpanel.panel.assembly import check_dicts, check_roles
from opinionpanel.panel.lazy_answers import Coding, asked_columns, code_group, code_item
from opinionpanel.panel.lazy_designs import (
    DesignColumns,
    design_columns,
    design_projection,
    sample,
)
from opinionpanel.panel.lazy_frames import kept
from opinionpanel.panel.lazy_ids import Identity, check_identity, identify
from opinionpanel.panel.lazy_passes import by_wave, single
from opinionpanel.panel.lazy_people import (
    Dropped,
    all_rows,
    drop_doubled,
    refuse_apart,
    refuse_doubled,
)
from opinionpanel.panel.lazy_sources import Source
from opinionpanel.panel.lazy_spelling import check_writing
from opinionpanel.panel.lazy_variables import Variable, joined
from opinionpanel.panel.lazy_weights import (
    check_weights,
    weigh,
    weight_checks,
    weight_columns,
    weight_variables,
)
from opinionpanel.panel.linking import Duplicates, Person, check_call
from opinionpanel.panel.record import PanelRecord
from opinionpanel.panel.traits import check_traits, repeated
from opinionpanel.questions import (
    NOT_INTERVIEWED,
    Group,
    Grouping,
    Groups,
    Item,
    check_categories,
    group_columns,
    grouping,
    named_groups,
)

__all__ = ["read_lazily"]

ROW = "row"


def read_lazily(
    source: Source,
    *,
    person: Person,
    items: Mapping[str, Item],
    groups: Groups,
    design: AnyDesign | None,
    fixed: Sequence[str],
    duplicates: Duplicates = "error",
    together: bool = False,
) -> PanelRecord:
    """Link the waves and read all that a panel holds, as `building.read_people` does in memory.

    What travels is counted before: values of answers and groups, strata and PSUs, each with the
    number of people. A first pass finds these, a second checks ids and weights, a third makes the
    row of each person, which the engine keeps.
    """
    check_dicts(items=items)
    check_call(source.waves, duplicates)
    design = design or Design(weight=None)
    identity = identify(source, person)
    check_roles(design, person, list(source.waves), fixed)
    weights = weight_columns(design, source)
    sums, highs = weight_checks(weights)
    checks = by_wave(
        source,
        sums={**identity.checks, **sums},
        lows=identity.lows,
        highs={**identity.highs, **highs},
    )
    numbered = check_identity(identity, source, checks)
    dropped: Dropped | None = None
    if duplicates == "drop_all":
        source, dropped = drop_doubled(source, identity)
        if dropped is not None:
            weights = weight_columns(design, source)
            sums, highs = weight_checks(weights)
            checks = by_wave(source, sums=sums, lows={}, highs=highs)
    check_weights(weights, source, checks)
    answers, traits = _codings(source, items, groups, fixed)
    variables = [
        *(coding.variable for coding in answers.values()),
        *(coding.variable for coding in traits.values()),
        *weight_variables(weights),
    ]
    if not items:
        every = dict.fromkeys(source.waves, nw.lit(0))
        none = dict.fromkeys(source.waves, 0)
        variables.append(Variable(ROW, every, nw.Int8(), NOT_INTERVIEWED, none))
    marker = next(iter(answers.values())).variable if items else variables[-1]
    people, columns, moved = _people(
        source, identity, variables, list(traits.values()), design, dropped
    )
    waves = list(source.waves)
    present: Any = tuple(
        Column(people, nw.col(marker.at(place)) > NOT_INTERVIEWED, bool)
        for place in range(len(waves))
    )
    several = repeated(present) if len(waves) > 1 else present[0]
    found = how_many(
        [
            *((("present", wave), here) for wave, here in zip(waves, present, strict=True)),
            *(
                (("shared", wave), here & several)
                for wave, here in zip(waves, present, strict=True)
            ),
            *(
                (("moved", role), Column(people, condition, bool))
                for role, condition in moved.items()
            ),
            *(
                ((what, label), Column(people, condition, bool))
                for label in traits
                for what, condition in (
                    ("known", nw.col(f"{traits[label].variable.name}_chosen") >= 0),
                    ("changed", nw.col(f"{traits[label].variable.name}_changed")),
                )
            ),
        ]
    )
    if dropped is None and any(found["present", wave] < checks[wave]["rows"] for wave in waves):
        refuse_doubled(source, identity)
    if identity.text:
        check_writing(people, waves, present, list(identity.columns.values()))
    refuse_apart(source, identity, present, {wave: found["shared", wave] for wave in waves})
    weighed = weigh(design, weights, source, people, present)
    sampled = sample(
        design,
        columns,
        people,
        source,
        weighed,
        {role: found["moved", role] for role in columns.roles},
    )
    read = {label: _group(people, coding, label, found, waves) for label, coding in traits.items()}
    grouped = {name: group for (kind, name), group in read.items() if kind == "groups"}
    steady = {name: group for (kind, name), group in read.items() if kind == "fixed"}
    for name, group in grouped.items():
        check_categories(name, group, found["known", ("groups", name)])
    trust = check_traits(
        grouped,
        steady,
        waves,
        present,
        numbered=() if together else numbered,
    )
    coded = {name: coding.coded for name, coding in answers.items()}
    states: dict[str, Any] = {
        name: tuple(
            Column(people, nw.col(coding.variable.at(place)).cast(nw.Int64()), np.int64)
            for place in range(len(waves))
        )
        for name, coding in answers.items()
    }
    everyone: Any = literal(people, True)
    return PanelRecord(
        waves=tuple(waves),
        items=dict(items),
        answers=states,
        unread={name: one.unread for name, one in coded.items()},
        present=present,
        weights=weighed.values,
        without_weight=weighed.missing,
        replicates=sampled.replicates,
        groups=grouped,
        fixed=steady,
        design=sampled.design,
        sampling=sampled.sampling,
        domain=everyone,
        sources={name: wave.file_text for name, wave in source.headers.items()},
        notes=(
            *(f"{name}: {note}" for name, wave in source.headers.items() for note in wave.notes),
            *(() if dropped is None else dropped.notes),
            *(() if together else trust),
            *sampled.notes,
            *(note for one in coded.values() for note in one.notes),
        ),
    )


def _codings(
    source: Source, items: Mapping[str, Item], groups: Groups, fixed: Groups
) -> tuple[dict[str, Coding], dict[Any, Coding]]:
    """Find the values of items, groups and fixed traits that occur, and code them."""
    asked = asked_columns(source, items)
    wanted: dict[tuple[str, str], Grouping] = {
        **{("fixed", name): one for name, one in grouping(fixed).items()},
        **{("groups", name): one for name, one in named_groups(groups).items()},
    }
    for (purpose, name), one in wanted.items():
        for wave, column in group_columns(source.headers, name, purpose, one).items():
            asked[wave].append((column,))
    occurring = source.occurring(asked)
    traits = {
        key: code_group(key[1], f"trait{place}", key[0], one, source, occurring)
        for place, (key, one) in enumerate(wanted.items())
    }
    answers = {
        name: code_item(item, name, place, source, occurring)
        for place, (name, item) in enumerate(items.items())
    }
    return answers, traits


def _people(
    source: Source,
    identity: Identity,
    variables: Sequence[Variable],
    traits: Sequence[Coding],
    design: AnyDesign,
    dropped: Dropped | None,
) -> tuple[People, DesignColumns, dict[str, nw.Expr]]:
    """Make a row for each person, which the engine keeps; also who has several PSUs or the like.

    Hardly anybody's stratum or PSU differs between waves: only where somebody's does is it brought
    along wave by wave, by doing it again.
    """
    waves = list(source.waves)
    steady: dict[str, bool] = {}
    while True:
        columns = design_columns(design, source, steady=steady)
        known = [*variables, *columns.variables.values()]
        frame = joined(all_rows(source, identity, known, dropped), known, waves)
        chosen, several = design_projection(columns, waves)
        firsts = {f"{one.variable.name}_chosen": _chosen(one, waves) for one in traits}
        changed = {f"{one.variable.name}_changed": _changed(one, waves) for one in traits}
        moved = {f"{role}_moved": condition for role, condition in several.items()}
        for made in ({**firsts, **chosen}, {**changed, **moved}):
            frame = frame.with_columns(**made) if made else frame
        wanted = [
            *(["person"] if identity.text else []),
            *(
                variable.at(place)
                for variable in variables
                for place, wave in enumerate(waves)
                if wave in variable.values or wave in variable.dropped
            ),
            *firsts, *chosen, *changed, *moved,
        ]  # fmt: skip
        frame = kept(frame.select(*wanted), next(iter(source.waves.values())).frame)
        number = int(single(frame.select(nw.len().alias("n"))))
        people = People(frame, number, source.engine)
        conditions = {role: nw.col(f"{role}_moved") for role in several}
        counted = how_many(
            (role, Column(people, condition, bool)) for role, condition in conditions.items()
        )
        restless = [role for role, count in counted.items() if count and steady.get(role, True)]
        if not restless:
            return people, columns, conditions
        steady |= dict.fromkeys(restless, False)


def _held(coding: Coding, waves: Sequence[str]) -> list[nw.Expr]:
    """List the codes of a group at the waves that have it, in the order in which they count."""
    held = [
        nw.col(coding.variable.at(place))
        for place, wave in enumerate(waves)
        if wave in coding.variable.values
    ]
    return held[::-1] if coding.coded.use == "latest" else held


def _chosen(coding: Coding, waves: Sequence[str]) -> nw.Expr:
    """Take one value for each person, valid ones before those that a file declares missing."""
    group: Group = coding.coded
    valid = len(group.categories) - len(group.missing)
    found = nw.lit(-1, nw.Int32())
    held = _held(coding, waves)
    for code in reversed(held) if group.missing else ():
        found = nw.when(code >= valid).then(code).otherwise(found)
    for code in reversed(held):
        found = nw.when((code >= 0) & (code < valid)).then(code).otherwise(found)
    return found


def _changed(coding: Coding, waves: Sequence[str]) -> nw.Expr:
    """Tell whose valid values differ."""
    group: Group = coding.coded
    valid = len(group.categories) - len(group.missing)
    chosen = nw.col(f"{coding.variable.name}_chosen")
    differ = [(code >= 0) & (code < valid) & (code != chosen) for code in _held(coding, waves)]
    return reduce(lambda one, two: one | two, differ)


def _group(
    people: People, coding: Coding, label: Any, found: Mapping[Any, int], waves: Sequence[str]
) -> Group:
    """Put the people's codes in the place of those of the values that occur."""
    variable = coding.variable
    by_wave = tuple(
        Column(people, nw.col(variable.at(place)).cast(nw.Int64()), np.int64)
        if wave in variable.values
        else literal(people, -1)
        for place, wave in enumerate(waves)
    )
    codes = nw.col(f"{variable.name}_chosen").cast(nw.Int64())
    group: Group = coding.coded
    return replace(
        group,
        codes=Column(people, codes, np.int64),  # type: ignore[arg-type]
        by_wave=by_wave,  # type: ignore[arg-type]
        changed=found["changed", label],
    )
