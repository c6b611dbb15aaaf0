"""Strata and PSUs on an engine: read off a small table of their combinations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Integers
from opinionpanel.design import (
    AnyDesign,
    Design,
    ReplicateDesign,
    Resampling,
    Sampling,
    columns_text,
    moved_note,
    read_sampling,
)
from opinionpanel.engines import EngineColumn, Kind, People, PersonColumn, literal, nw, value_type
from opinionpanel.errors import EngineError
from opinionpanel.panel.gathered_rows import Variable
from opinionpanel.panel.rows_on_engine import EngineRows
from opinionpanel.questions import Grouping, group_columns
from opinionpanel.waves import Wave, canonical

# More PSUs than this are people, whose number need not travel.
MOST_UNITS = 500_000
UNIT = "unit"


@dataclass(frozen=True, eq=False)
class DesignColumns:
    """Strata, PSUs and populations.

    Attributes
    ----------
    design : Design or None
        None where replicate weights are all.
    roles : dict of str to str
        "stratum", "psu" and "fpc", as far as there are, to the name of the column, or the names
        by wave in words.
    variables : dict of str to Variable
        The same, to values as they stand.
    """

    design: Design | None
    roles: Mapping[str, str]
    variables: Mapping[str, Variable]


def design_columns(
    design: AnyDesign, source: EngineRows, *, steady: Mapping[str, bool]
) -> DesignColumns:
    """Find the columns of a design; those not `steady` are wanted at every wave."""
    if isinstance(design, ReplicateDesign):
        return DesignColumns(None, {}, {})
    declared = design.design if isinstance(design, Resampling) else design
    roles: dict[str, str] = {}
    variables: dict[str, Variable] = {}
    for role in ("stratum", "psu", "fpc"):
        named = getattr(declared, role)
        if named is None:
            continue
        name = columns_text(named)
        columns = group_columns(source.headers, role, role, Grouping(named))
        kinds = {source.waves[wave].kind(column, wave) for wave, column in columns.items()}
        kind: Kind = "text" if "text" in kinds else "float" if "float" in kinds else "whole"
        if kind == "text" and "float" in kinds:
            raise EngineError(
                f"Column {name!r}, {role}: some waves hold text and others numbers with decimals. "
                f"Store it in the same form in every wave on {source.engine}."
            )
        gaps = any(source.headers[wave].missing.get(column) for wave, column in columns.items())
        if kind == "whole" and (gaps or len(columns) < len(source.waves)):
            # Not every engine knows whole numbers that are null.
            kind = "float"
        # In a long frame, waves of one column share what is made of it.
        made: dict[tuple[int, str], nw.Expr] = {}
        values = {}
        for wave, column in columns.items():
            key = (id(source.waves[wave]), column)
            if key not in made:
                made[key] = source.valid(column, wave).cast(value_type(kind))
            values[wave] = made[key]
        roles[role] = name
        variables[role] = Variable(role, values, value_type(kind), None, {}, steady.get(role, True))
    return DesignColumns(declared, roles, variables)


def design_projection(
    columns: DesignColumns, waves: Sequence[str]
) -> tuple[dict[str, nw.Expr], dict[str, nw.Expr]]:
    """Say how one value for each person is made of all, and who has several."""
    chosen: dict[str, nw.Expr] = {}
    several: dict[str, nw.Expr] = {}
    for role, variable in columns.variables.items():
        if variable.steady:
            low, high = nw.col(f"{role}_low"), nw.col(f"{role}_high")
            chosen[role] = low
            several[role] = _differ(low, high)
            continue
        here = [nw.col(variable.at(waves.index(wave))) for wave in variable.values]
        first = here[-1]
        for value in reversed(here[:-1]):
            first = nw.when(~value.is_null()).then(value).otherwise(first)
        chosen[role] = first
        differ = [_differ(value, first) for value in here]
        several[role] = reduce(lambda one, two: one | two, differ)
    if columns.design is not None and columns.design.nest and {"stratum", "psu"} <= set(chosen):
        # A PSU is known by its stratum and its number.
        parts = [chosen[role].cast(nw.String()) for role in ("stratum", "psu")]
        chosen[UNIT] = nw.concat_str(parts, separator="\x1f")
    return chosen, several


def _differ(one: nw.Expr, other: nw.Expr) -> nw.Expr:
    """Tell whether two values are there and differ; engines compare blanks each in their way."""
    return ~one.is_null() & ~other.is_null() & (one != other).fill_null(False)


def compile_on_engine(
    columns: DesignColumns,
    people: People,
    source: EngineRows,
    in_design: PersonColumn,
    moved: Mapping[str, int],
) -> tuple[Sampling, tuple[str, ...]]:
    """Compile strata and PSUs over the people of the design; also what to note.

    `moved` counts, by role, people whose value differs between waves.
    """
    assert columns.design is not None
    table, times = _combinations(columns, people, source, in_design)
    sampling, said = compile_table(columns.design, columns.roles, table, times)
    notes = (
        moved_note(role, columns.roles[role], number) for role, number in moved.items() if number
    )
    return _of_people(sampling, columns, people, table), (*notes, *said)


def compile_table(
    design: Design, roles: Mapping[str, str], table: pd.DataFrame, times: Integers
) -> tuple[Sampling, tuple[str, ...]]:
    """Compile strata and PSUs by a table of those that occur together, and how often.

    In the table each has one column, whatever its names by wave; `roles` names it.
    """
    everyone = np.ones(len(table), dtype=bool)
    stratum, psu, fpc = map(roles.get, ("stratum", "psu", "fpc"))
    named = replace(design, stratum=stratum, psu=psu, fpc=fpc)
    return read_sampling(named, {"all": Wave(table)}, {"all": slice(None)}, everyone, times)


def _combinations(
    columns: DesignColumns, people: People, source: EngineRows, in_design: Any
) -> tuple[pd.DataFrame, Any]:
    """Count the people of the design by stratum, PSU and population."""
    roles = columns.roles
    frame = people.frame.with_columns(counted=in_design.expression()).filter(nw.col("counted"))
    if not roles:
        return pd.DataFrame(index=[0]), np.array([in_design.sum()])
    extra = [UNIT] if _nested(columns) else []
    counted = frame.group_by(*roles, *extra).agg(nw.len().alias("n"))
    rows = people.collect(counted.head(MOST_UNITS + 1))
    if len(rows) > MOST_UNITS:
        raise EngineError(
            f"Columns {', '.join(map(repr, roles.values()))} tell more than {MOST_UNITS:,} PSUs "
            f"apart, and all of them would have to leave {source.engine}. Leave psu= out where "
            "every person is a PSU, or take fewer people."
        )
    times = rows["n"].to_numpy(dtype=np.int64)
    named = {
        name: rows[role].astype(object).where(rows[role].notna(), None).tolist()
        for role, name in roles.items()
    }
    table = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in named.items()})
    for role, name in roles.items():
        spelled = table[name].dropna().drop_duplicates()
        if spelled.map(canonical).nunique() < len(spelled):
            raise EngineError(
                f"Column {name!r}, {role}: some values differ only in how they are written in "
                f"Unicode, which {source.engine} takes for different ones. Normalise the column."
            )
    if extra:
        table[UNIT_COLUMN] = rows[UNIT].tolist()
    return table, times


# A name that no column of a file has.
UNIT_COLUMN = "opinionpanel_unit"


def _nested(columns: DesignColumns) -> bool:
    assert columns.design is not None
    return columns.design.nest and {"stratum", "psu"} <= set(columns.roles)


def _of_people(
    sampling: Sampling, columns: DesignColumns, people: People, table: pd.DataFrame
) -> Sampling:
    """Look the strata and PSUs of the table up for everyone."""
    stratum: Any = literal(people, 0)
    if "stratum" in columns.roles:
        stratum = _looked_up(people, "stratum", table[columns.roles["stratum"]], sampling.stratum)
    psu: Any = None
    if sampling.psu is not None:
        name = UNIT_COLUMN if _nested(columns) else columns.roles["psu"]
        psu = _looked_up(people, UNIT if _nested(columns) else "psu", table[name], sampling.psu)
    return replace(sampling, stratum=stratum, psu=psu)


def _looked_up(people: People, column: str, keys: pd.Series, codes: Any) -> EngineColumn:
    once = ~keys.duplicated().to_numpy()
    values = np.array(keys[once].tolist())
    table = np.asarray(codes)[once].astype(np.int64)
    return EngineColumn(people, nw.col(column), np.int64, values=values, table=table)
