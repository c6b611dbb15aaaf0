"""From waves to the fields of a panel: link the people, then read everything about them."""

from collections.abc import Mapping, Sequence

import numpy as np

from opinionpanel.design import AnyDesign, Design, sample_people, weigh_people
from opinionpanel.errors import DesignError, LinkError
from opinionpanel.panel.linking import Duplicates, Linked, Person, id_columns, link_waves
from opinionpanel.panel.record import PanelRecord
from opinionpanel.panel.traits import check_traits
from opinionpanel.questions import Groups, Item, read_answers, read_fixed, read_groups
from opinionpanel.waves import Rows, WaveLike, as_wave

__all__ = ["check_dicts", "check_roles", "read_people"]


def read_people(
    waves: Mapping[str, WaveLike],
    *,
    person: Person,
    items: Mapping[str, Item],
    groups: Groups,
    design: AnyDesign | None,
    fixed: Sequence[str],
    duplicates: Duplicates = "error",
    together: bool = False,
) -> PanelRecord:
    """Link the waves and read all that a panel holds; the arguments are those of a panel.

    `together` says that the waves stood in one frame, so that an id means the same in all.
    """
    check_dicts(waves=waves, items=items)
    linked = link_waves(
        {name: as_wave(name, wave) for name, wave in waves.items()}, person, duplicates=duplicates
    )
    records, people = linked.waves, linked.people
    rows = _in_order(linked)
    design = design or Design(weight=None)
    check_roles(design, person, list(records), fixed)
    weights = weigh_people(design, records, rows, linked.present)
    sampled = sample_people(design, records, rows, people, weights)
    traits = read_fixed(fixed, records, rows, people)
    grouped = read_groups(groups, records, rows, people)
    numbered = () if together else linked.numbered
    trust = check_traits(grouped, traits, list(records), linked.present, numbered=numbered)
    answers = {
        name: read_answers(item, name, records, rows, linked.present)
        for name, item in items.items()
    }
    return PanelRecord(
        waves=tuple(records),
        items=dict(items),
        answers={name: answer.codes for name, answer in answers.items()},
        unread={name: answer.unread for name, answer in answers.items()},
        present=linked.present,
        weights=weights.values,
        without_weight=weights.missing,
        replicates=sampled.replicates,
        groups=grouped,
        fixed=traits,
        design=sampled.design,
        sampling=sampled.sampling,
        domain=np.ones(people, dtype=bool),
        sources={name: wave.file_text for name, wave in records.items()},
        notes=(
            *(f"{name}: {note}" for name, wave in records.items() for note in wave.notes),
            *linked.notes,
            *(() if together else trust),
            *sampled.notes,
            *(note for answer in answers.values() for note in answer.notes),
        ),
    )


def check_dicts(**given: object) -> None:
    """Refuse arguments that are no dict by name."""
    for name, value in given.items():
        if not isinstance(value, Mapping):
            raise LinkError(
                f"{name}= must be a dict of name to {name[:-1]}, not a {type(value).__name__}: "
                f"{name}={{'name': …}}."
            )


def check_roles(
    design: AnyDesign, person: Person, waves: Sequence[str], fixed: Sequence[str]
) -> None:
    """Refuse an id as a weight, a column of positive numbers as well, and as a fixed trait."""
    weight = design.weight
    named = list(weight.values()) if isinstance(weight, Mapping) else [weight]
    for wave in waves:
        for column in id_columns(person, wave):
            if column in fixed:
                raise LinkError(
                    f"Column {column!r} is the person id, so it shows nothing about who was linked "
                    "by it. Name other traits in fixed=, such as gender and year of birth."
                )
            if column in named:
                raise DesignError(
                    f"Wave {wave!r}: column {column!r} is named as the person id and as a weight. "
                    "Name the weight column in the Design."
                )


def _in_order(linked: Linked) -> Rows:
    """Take rows that are the people in order as a slice, which is copied many times faster."""
    everyone = np.arange(linked.people)
    # Waves in the same order share one array.
    ordered = {
        id(row): np.array_equal(row, everyone)
        for row in {id(row): row for row in linked.rows.values()}.values()
    }
    return {name: slice(None) if ordered[id(row)] else row for name, row in linked.rows.items()}
