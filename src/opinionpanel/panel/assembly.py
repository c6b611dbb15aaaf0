"""From linked people to the record of a panel: all that is read and checked about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from opinionpanel.arguments import check_whole
from opinionpanel.design import (
    AnyDesign,
    Design,
    Sampling,
    has_same_psus,
    sample_people,
    weigh_people,
)
from opinionpanel.engines import PersonColumn, PersonRows, how_many
from opinionpanel.errors import DesignError, LinkError, unknown
from opinionpanel.panel.cohorts import DUE, Cohorts, RotationGroups, rotation_groups
from opinionpanel.panel.declared import Declared, Due, told_waves
from opinionpanel.panel.due import rotation
from opinionpanel.panel.linking import Person, id_columns
from opinionpanel.panel.other_people import check_declared, once_each
from opinionpanel.panel.record import PanelRecord
from opinionpanel.panel.traits import check_traits
from opinionpanel.questions import (
    KINDS,
    Answers,
    AnyQuestion,
    Group,
    Grouping,
    Item,
    Score,
    average_parts,
    check_categories,
)
from opinionpanel.waves import Wave


class LinkedPeople(Protocol):
    """The same people at every wave, in memory or on an engine, and what is read of them."""

    @property
    def headers(self) -> Mapping[str, Wave]:
        """What is said of the columns of every wave; on an engine without rows."""

    @property
    def present(self) -> PersonRows:
        """Who was interviewed at each wave."""

    @property
    def everyone(self) -> PersonColumn:
        """Say of everyone that they count."""

    @property
    def numbered(self) -> Sequence[str]:
        """Waves whose ids look like row numbers."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the panel's summary should know of the linking."""

    @property
    def held(self) -> str:
        """How rows were read in batches, or where people stay; "" if frames were in memory."""

    def answers(self, name: str, item: AnyQuestion) -> Answers:
        """Read the states of an item, or the numbers of a score."""

    def group(self, name: str, grouping: Grouping, purpose: str) -> tuple[Group, PersonColumn]:
        """Read a group; also tell whose valid values differ between waves."""

    def numbers(self, wave: str, column: str, purpose: str) -> PersonColumn:
        """Read a column of numbers, `NONE` for who has none."""

    def sampling(self, design: Design, in_design: PersonColumn) -> tuple[Sampling, tuple[str, ...]]:
        """Read strata, PSUs and populations; also what to note."""


def assemble(
    people: LinkedPeople, declared: Declared, *, one_frame: bool = False, same_ids: bool = False
) -> PanelRecord:
    """Read all that a panel holds of linked people.

    `one_frame` says that all waves stood in one. In a wide one, and in tables of frequencies, an id
    is sure to mean the same at all waves, `same_ids`; in a long one it may restart at every wave.
    """
    waves, design, items = list(people.headers), declared.design, declared.items
    scales = declared.scales
    check_whole(waves, "Waves")
    check_whole([*items, *scales, *declared.groups, *declared.fixed], "Items and groups")
    for name, item in {**items, **scales}.items():
        if isinstance(item, Item):
            check_whole(item.state_names, f"States of item {name!r}")
        for wave in item.changes:
            if wave not in waves:
                raise unknown(f"wave in the changes of {item.kind} {name!r}:", wave, waves)
    check_declared(declared)
    _check_roles(design, declared.person, waves, declared.fixed)
    weights = weigh_people(design, people.headers, people.numbers, people.present)
    apart = declared.independent and not has_same_psus(design)
    sampled = sample_people(design, weights, people.present, people.sampling, apart=apart)
    traits, grouped = _traits(people, declared)
    numbered = () if same_ids else people.numbered
    trust: Sequence[str] = ()
    if not declared.independent:
        trust = check_traits(grouped, traits, waves, people.present, numbered=numbered)
    answers = {name: people.answers(name, item) for name, item in items.items()}
    answers |= {name: average_parts(one, name, waves, answers) for name, one in scales.items()}
    parts = {part for name, one in scales.items() for part in one.parts(name)}
    scores = {name: item for name, item in items.items() if isinstance(item, Score)}
    if declared.independent:
        rotated = once_each(waves, people.present)
    else:
        rotated = rotation(waves, people.present, _due(people, declared.due))
    return PanelRecord(
        waves=tuple(waves),
        items={name: item for name, item in items.items() if isinstance(item, Item)},
        scores={
            **{name: score for name, score in scores.items() if name not in parts},
            **scales,
        },
        numbers={
            name: answer.values for name, answer in answers.items() if answer.values is not None
        },
        answers={name: rotated.tell(waves, answer.codes) for name, answer in answers.items()},
        unread={name: answer.unread for name, answer in answers.items()},
        present=people.present,
        independent=declared.independent,
        told=told_waves(declared.interviewed, waves),
        due=rotated.due,
        came=rotated.came,
        linked=rotated.linked,
        not_due=rotated.not_due,
        weights=weights.values,
        without_weight=weights.missing,
        replicates=sampled.replicates,
        groups=grouped,
        fixed=traits,
        design=sampled.design,
        sampling=sampled.sampling,
        domain=people.everyone,
        held=people.held,
        sources={name: wave.file_text for name, wave in people.headers.items()},
        notes=(
            *_file_notes(people.headers, one_frame=one_frame),
            *people.notes,
            *(() if same_ids else trust),
            *weights.notes,
            *sampled.notes,
            *rotated.notes,
            *_trait_notes(traits, grouped),
            *(note for answer in answers.values() for note in answer.notes),
        ),
    )


def _file_notes(headers: Mapping[str, Wave], *, one_frame: bool) -> Iterator[str]:
    """Give what is to know of the files; of one file for all waves once."""
    for name, wave in headers.items():
        for note in wave.notes:
            yield f"{wave.source or 'the frame'}: {note}" if one_frame else f"{name}: {note}"
        if one_frame:
            return


def _traits(people: LinkedPeople, declared: Declared) -> tuple[dict[str, Group], dict[str, Group]]:
    """Read the fixed traits and the groups."""
    read = {
        (purpose, name): people.group(name, one, purpose)
        for (purpose, name), one in declared.traits.items()
        if purpose in KINDS
    }
    counts = how_many(
        (key, what)
        for (purpose, name), (group, changed) in read.items()
        for key, what in (
            (("changed", purpose, name), changed),
            (("known", purpose, name), group.codes >= 0),
        )
    )
    found: dict[str, dict[str, Group]] = {"fixed": {}, "groups": {}}
    for (purpose, name), (group, _) in read.items():
        found[purpose][name] = replace(group, changed=counts["changed", purpose, name])
        if purpose == "groups":
            check_categories(name, group, counts["known", purpose, name])
    return found["fixed"], found["groups"]


def _due(people: LinkedPeople, declared: Due) -> Mapping[str, Sequence[str]] | RotationGroups:
    """Read the rotation groups, if these say who was due."""
    return read_cohorts(people, declared) if isinstance(declared, Cohorts) else declared


def read_cohorts(people: LinkedPeople, cohorts: Cohorts) -> RotationGroups:
    """Read the rotation group of everyone."""
    group, changed = people.group("", cohorts.grouping, DUE)
    return rotation_groups(cohorts, people.headers, group, changed)


def _trait_notes(traits: Mapping[str, Group], groups: Mapping[str, Group]) -> Iterator[str]:
    """Say what was noted of groups and traits; of a column that is both, once."""
    for kind, read in (("groups", groups), ("fixed", traits)):
        for name, group in read.items():
            other = groups.get(name) if kind == "fixed" else None
            said = () if other is None else other.notes
            yield from (
                f"{KINDS[kind]} {name!r}: {note}" for note in group.notes if note not in said
            )


def _check_roles(
    design: AnyDesign, person: Person | None, waves: Sequence[str], fixed: Mapping[str, Grouping]
) -> None:
    """Refuse an id as a weight, a column of positive numbers as well, and as a fixed trait."""
    if person is None:
        return
    weight = design.weight
    named = list(weight.values()) if isinstance(weight, Mapping) else [weight]
    for wave in waves:
        for column in id_columns(person, wave):
            if any(one.column_at(wave, name) == column for name, one in fixed.items()):
                raise LinkError(
                    f"Column {column!r} is the person id, so it shows nothing about who was linked "
                    "by it. Name other traits in fixed=, such as gender and year of birth."
                )
            if column in named:
                raise DesignError(
                    f"Wave {wave!r}: column {column!r} is named as the person id and as a weight. "
                    "Name the weight column in the Design."
                )
