"""From rows on an engine to sums by wave, and to one row for each person."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from opinionpanel.engines import Kind, collected, nw
from opinionpanel.panel.rows_on_engine import WAVE, EngineRows

# Name to wave to an expression of the wave's rows.
Expressions: TypeAlias = "Mapping[str, Mapping[str, nw.Expr]]"


def single(frame: nw.LazyFrame[Any]) -> Any:
    """Bring the only value of a frame to the client."""
    return collected(frame).iloc[0, 0]


def as_number(condition: nw.Expr) -> nw.Expr:
    """Write a condition as 1 and 0: a boolean is no number everywhere."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def by_wave(
    source: EngineRows, *, sums: Expressions, lows: Expressions, highs: Expressions
) -> dict[str, dict[str, float]]:
    """Add up numbers and find extremes within every wave, in one pass over all rows.

    Returns
    -------
    dict
        Wave to name to number; NaN where a wave has no value.
    """
    wanted = {**sums, **lows, **highs, "rows": dict.fromkeys(source.waves, nw.lit(1))}
    types = dict.fromkeys(wanted, nw.Float64())
    frame = source.rows(wanted, types)
    asked = [
        *(nw.col(name).sum() for name in (*sums, "rows")),
        *(nw.col(name).min() for name in lows),
        *(nw.col(name).max() for name in highs),
    ]
    rows = collected(frame.group_by(WAVE).agg(*asked)).set_index(WAVE)
    numbers = rows.astype("float64").reindex(range(len(source.waves)))
    numbers[[*sums, "rows"]] = numbers[[*sums, "rows"]].fillna(0)
    return {
        wave: dict(zip(map(str, numbers.columns), values, strict=True))
        for wave, values in zip(source.waves, numbers.to_numpy().tolist(), strict=True)
    }


def mapped(
    values: nw.Expr, kind: Kind, places: Mapping[Any, int], *, blank: int, other: int, size: Any
) -> nw.Expr:
    """Put small whole numbers in the place of values.

    Parameters
    ----------
    values : narwhals.Expr
    kind : {"text", "whole", "float"}
    places : dict
        Value, null left out, to number.
    blank, other : int
        The number of nulls, and of values that `places` does not have.
    size : type
        Of the numbers.
    """
    plain = {"text": str, "whole": int, "float": float}[kind]
    known = {plain(value): place for value, place in places.items() if place != other}
    found = nw.lit(other, size)
    if known:
        found = values.replace_strict(
            list(known), list(known.values()), default=other, return_dtype=size
        )
    return nw.when(values.is_null()).then(nw.lit(blank, size)).otherwise(found)


def shared(
    places: Mapping[str, tuple[Hashable, Mapping[Any, int]]],
) -> dict[str, dict[Any, int]]:
    """Let waves of the same columns share what stands in the place of values, where it agrees.

    What is the same at all waves of a long frame is worked out once for every row.

    Parameters
    ----------
    places : dict
        Wave to what must be the same for waves to share, and value to number.
    """
    found: dict[str, dict[Any, int]] = {}
    sets: dict[Hashable, list[dict[Any, int]]] = {}
    for wave, (same, known) in places.items():
        for one in sets.setdefault(same, []):
            if all(one.get(value, number) == number for value, number in known.items()):
                one.update(known)
                found[wave] = one
                break
        else:
            found[wave] = dict(known)
            sets[same].append(found[wave])
    return found


@dataclass(frozen=True, eq=False)
class Variable:
    """A value of people at every wave, or one for all waves.

    Attributes
    ----------
    name : str
        Of the column; that of wave number k is the name, "_" and k.
    values : dict of str to narwhals.Expr
        Wave to the values in its rows.
    type : type
        Of the values.
    absent : int, float or None
        What stands for people without a row; less than any value. None for null.
    dropped : dict of str to int
        Wave to what stands for people whose rows were dropped; by default `absent`.
    steady : bool
        Only the least and the greatest value of each person is wanted: "_low" and "_high".
    """

    name: str
    values: Mapping[str, nw.Expr]
    type: Any
    absent: float | None
    dropped: Mapping[str, int]
    steady: bool = False

    def at(self, place: int) -> str:
        """Name the column of a wave."""
        return f"{self.name}_{place}"


def joined(
    rows: nw.LazyFrame[Any], variables: Sequence[Variable], waves: Sequence[str]
) -> nw.LazyFrame[Any]:
    """Bring everyone's rows together in one.

    A row that is alone at its wave gives the greatest of its values and of `absent`. This needs
    neither joins of waves nor as much memory, and an id that is there twice makes no further rows.
    """
    made: dict[str, nw.Expr] = {}
    wanted: list[nw.Expr] = []
    for variable in variables:
        value = nw.col(variable.name)
        if variable.steady:
            low, high = f"{variable.name}_low", f"{variable.name}_high"
            made |= {low: value, high: value}
            wanted += [nw.col(low).min(), nw.col(high).max()]
            continue
        for place, wave in enumerate(waves):
            if wave in variable.values or wave in variable.dropped:
                here = nw.when(nw.col(WAVE) == place).then(value)
                none = nw.lit(variable.absent, variable.type)
                made[variable.at(place)] = here if variable.absent is None else here.otherwise(none)
                wanted.append(nw.col(variable.at(place)).max())
    return rows.with_columns(**made).select("person", *made).group_by("person").agg(*wanted)
