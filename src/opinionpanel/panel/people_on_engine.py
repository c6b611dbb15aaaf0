"""Linked people who stay on an engine, such as Dask or Spark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opinionpanel.design import AnyDesign, Design, Sampling, weight_columns
from opinionpanel.engines import (
    NONE,
    EngineColumn,
    People,
    PersonColumn,
    how_many,
    kept,
    literal,
    nw,
)
from opinionpanel.panel.codes_on_engine import Coding, asked_columns, code_group, code_item
from opinionpanel.panel.declared import Declared
from opinionpanel.panel.duplicates_on_engine import (
    Dropped,
    all_rows,
    drop_doubled,
    refuse_apart,
    refuse_doubled,
)
from opinionpanel.panel.gathered_rows import Variable, by_wave, joined, single
from opinionpanel.panel.ids_on_engine import Identity, check_identity, identify, notes_on_kinds
from opinionpanel.panel.interviewed import RowsOnEngine, interviews
from opinionpanel.panel.linking import check_waves
from opinionpanel.panel.numeric_columns import numbers_on_engine
from opinionpanel.panel.rows_on_engine import EngineRows
from opinionpanel.panel.sampling_on_engine import (
    DesignColumns,
    compile_on_engine,
    design_columns,
    design_projection,
)
from opinionpanel.panel.spelling_on_engine import check_writing
from opinionpanel.panel.traits import repeated
from opinionpanel.questions import (
    NOT_INTERVIEWED,
    Answers,
    AnyQuestion,
    Group,
    Grouping,
    group_columns,
)
from opinionpanel.waves import Wave

ROW = "row"


@dataclass(frozen=True, eq=False)
class PeopleOnEngine:
    """People who stay on an engine; see `opinionpanel.panel.assembly.LinkedPeople`.

    All that is read of them was named before their rows were brought together.

    Attributes
    ----------
    people : People
        A row for each person.
    source : EngineRows
    present : tuple of EngineColumn
    coded_answers : dict of str to Coding
    coded_traits : dict of (purpose, name) to Coding
    numbers_in : dict of (wave, column) to str
        The column of `people`.
    design_columns : DesignColumns
    moved : dict of str to narwhals.Expr
        By role in the design, whose value differs between waves.
    numbered, notes
        As in `Linked`.
    """

    people: People
    source: EngineRows
    present: tuple[EngineColumn, ...]
    coded_answers: Mapping[str, Coding]
    coded_traits: Mapping[tuple[str, str], Coding]
    numbers_in: Mapping[tuple[str, str], str]
    design_columns: DesignColumns
    moved: Mapping[str, nw.Expr]
    numbered: Sequence[str] = ()
    notes: tuple[str, ...] = ()

    @property
    def held(self) -> str:
        """Where people are."""
        return f"people stay on {self.source.engine}, which adds them up"

    @property
    def headers(self) -> Mapping[str, Wave]:
        """What is said of the columns of every wave."""
        return self.source.headers

    @property
    def everyone(self) -> EngineColumn:
        """Say of everyone that they count."""
        return literal(self.people, True)

    def answers(self, name: str, item: AnyQuestion) -> Answers:
        """Read the states of an item, or the numbers of a score, which was named before."""
        coding = self.coded_answers[name]
        states = tuple(
            EngineColumn(self.people, nw.col(coding.variable.at(place)).cast(nw.Int64()), np.int64)
            for place in range(len(self.headers))
        )
        coded = coding.coded
        return Answers(states, coded.unread, coded.notes, coded.values)

    def group(self, name: str, grouping: Grouping, purpose: str) -> tuple[Group, PersonColumn]:
        """Read a group, which was named before; also tell whose valid values differ."""
        coding = self.coded_traits[purpose, name]
        label = coding.variable.name
        codes = nw.col(f"{label}_chosen").cast(nw.Int64())
        group = coding.coded.group(
            _codes_by_wave(self.people, coding, list(self.headers)),
            EngineColumn(self.people, codes, np.int64),
        )
        return group, EngineColumn(self.people, nw.col(f"{label}_changed"), bool)

    def numbers(self, wave: str, column: str, purpose: str) -> EngineColumn:
        """Read a column of numbers, `NONE` for who has none."""
        return EngineColumn(self.people, nw.col(self.numbers_in[wave, column]), np.float64)

    def sampling(self, design: Design, in_design: PersonColumn) -> tuple[Sampling, tuple[str, ...]]:
        """Read strata, PSUs and populations; also what to note."""
        counted = how_many(
            (role, EngineColumn(self.people, condition, bool))
            for role, condition in self.moved.items()
        )
        return compile_on_engine(self.design_columns, self.people, self.source, in_design, counted)


def link_on_engine(source: EngineRows, declared: Declared) -> PeopleOnEngine:
    """Find the same people at every wave, and bring all that is read of them into one row each.

    What travels is counted before: values of answers and groups, strata and PSUs, each with the
    number of people. A first pass finds these, a second checks ids, a third makes the row of each
    person, which the engine keeps.
    """
    check_waves(source.waves, declared.duplicates)
    held, notes = interviews(
        RowsOnEngine(source), declared.interviewed, declared.items, declared.design
    )
    source = held.source
    # Without ids people are in memory.
    assert declared.person is not None
    identity = identify(source, declared.person, declared.no_id)
    checks = by_wave(source, sums=identity.checks, lows=identity.lows, highs=identity.highs)
    numbered = check_identity(identity, source, checks)
    delivered, dropped = source, None
    if declared.duplicates == "drop_all":
        source, dropped = drop_doubled(source, identity)
    numbers, numbers_in = _number_variables(declared.design, source)
    answers, traits = _codings(source, declared)
    variables = [
        *(coding.variable for coding in answers.values()),
        *(coding.variable for coding in traits.values()),
        *numbers,
    ]
    if not answers:
        every = dict.fromkeys(source.waves, nw.lit(0))
        none = dict.fromkeys(source.waves, 0)
        variables.append(Variable(ROW, every, nw.Int8(), NOT_INTERVIEWED, none))
    marker = next(iter(answers.values())).variable if answers else variables[-1]
    people, columns, moved = _people(
        source, identity, variables, list(traits.values()), declared.design, dropped
    )
    waves = list(source.waves)
    present = tuple(
        EngineColumn(people, nw.col(marker.at(place)) > NOT_INTERVIEWED, bool)
        for place in range(len(waves))
    )
    rows = None if dropped else {wave: int(checks[wave]["rows"]) for wave in waves}
    _check_presence(delivered, identity, people, present, rows)
    return PeopleOnEngine(
        people=people,
        source=source,
        present=present,
        coded_answers=answers,
        coded_traits=traits,
        numbers_in=numbers_in,
        design_columns=columns,
        moved=moved,
        numbered=numbered,
        notes=(
            *notes,
            *notes_on_kinds(identity, checks),
            *(() if dropped is None else dropped.notes),
        ),
    )


def _check_presence(
    source: EngineRows,
    identity: Identity,
    people: People,
    present: tuple[EngineColumn, ...],
    rows: Mapping[str, int] | None,
) -> None:
    """Refuse ids that stand twice, are written in two ways, or link nobody.

    `rows` counts the rows of each wave; None where those of doubled ids were dropped.
    """
    waves = list(source.waves)
    several = repeated(present) if len(waves) > 1 else present[0]
    found = how_many(
        (key, condition)
        for wave, here in zip(waves, present, strict=True)
        for key, condition in ((("present", wave), here), (("shared", wave), here & several))
    )
    if rows is not None and any(found["present", wave] < rows[wave] for wave in waves):
        refuse_doubled(source, identity)
    if identity.text:
        check_writing(people, waves, present, list(identity.columns.values()))
    refuse_apart(source, identity, present, {wave: found["shared", wave] for wave in waves})


def _number_variables(
    design: AnyDesign, source: EngineRows
) -> tuple[list[Variable], dict[tuple[str, str], str]]:
    """Make a variable of every column of weights and replicates; also say where each will stand."""
    waves = list(source.waves)
    values: dict[str, dict[str, nw.Expr]] = {}
    made: dict[tuple[int, str], nw.Expr] = {}
    for _, held in weight_columns(design, source.headers):
        for name in held.names:
            place = (id(source.waves[held.wave]), name)
            if place not in made:
                made[place] = numbers_on_engine(source, held.wave, name)
            values.setdefault(name, {})[held.wave] = made[place]
    variables = {
        name: Variable(f"number{place}", by_wave, nw.Float64(), NONE, {})
        for place, (name, by_wave) in enumerate(values.items())
    }
    named = {
        (wave, name): variable.at(waves.index(wave))
        for name, variable in variables.items()
        for wave in variable.values
    }
    return list(variables.values()), named


def _codings(source: EngineRows, declared: Declared) -> tuple[dict[str, Coding], dict[Any, Coding]]:
    """Find the values of items, groups and fixed traits that occur, and code them."""
    asked = asked_columns(source.headers, declared.items)
    for (purpose, name), one in declared.traits.items():
        for wave, column in group_columns(source.headers, name, purpose, one).items():
            asked[wave].append((column,))
    occurring = source.occurring(asked)
    traits = {
        key: code_group(key[1], f"trait{place}", key[0], one, source, occurring)
        for place, (key, one) in enumerate(declared.traits.items())
    }
    answers = {
        name: code_item(item, name, place, source, occurring)
        for place, (name, item) in enumerate(declared.items.items())
    }
    return answers, traits


def _people(
    source: EngineRows,
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
        moved = {f"{role}_moved": condition for role, condition in several.items()}
        found = People(frame, 0, source.engine)
        firsts = {
            f"{one.variable.name}_chosen": one.coded.chosen(_codes_by_wave(found, one, waves))
            for one in traits
        }
        frame = _with(frame, firsts, chosen)
        found = People(frame, 0, source.engine)
        changed = {
            f"{one.variable.name}_changed": one.coded.changed(
                _codes_by_wave(found, one, waves),
                EngineColumn(found, nw.col(f"{one.variable.name}_chosen"), np.int64),
            )
            for one in traits
        }
        frame = _with(frame, changed, moved)
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
            (role, EngineColumn(people, condition, bool)) for role, condition in conditions.items()
        )
        restless = [role for role, count in counted.items() if count and steady.get(role, True)]
        if not restless:
            return people, columns, conditions
        steady |= dict.fromkeys(restless, False)


def _with(
    frame: nw.LazyFrame[Any], columns: Mapping[str, EngineColumn], more: Mapping[str, nw.Expr]
) -> nw.LazyFrame[Any]:
    """Add columns to a frame."""
    made = {name: column.expression() for name, column in columns.items()} | dict(more)
    return frame.with_columns(**made) if made else frame


def _codes_by_wave(
    people: People, coding: Coding, waves: Sequence[str]
) -> tuple[EngineColumn, ...]:
    """Take the codes of a group at every wave."""
    variable = coding.variable
    return tuple(
        EngineColumn(people, nw.col(variable.at(place)).cast(nw.Int64()), np.int64)
        if wave in variable.values
        else literal(people, -1)
        for place, wave in enumerate(waves)
    )
