"""Sums and extremes by wave in one pass over the rows, and values put in the place of others."""

from collections.abc import Hashable, Mapping
from typing import Any

import narwhals.stable.v2 as nw

from opinionpanel.engines import collected
from opinionpanel.panel.lazy_frames import Kind
from opinionpanel.panel.lazy_sources import WAVE, Source

__all__ = ["TYPES", "Expressions", "as_number", "by_wave", "mapped", "shared", "single"]

# The types of values, by what they are compared as.
TYPES: Mapping[Kind, Any] = {"whole": nw.Int64(), "float": nw.Float64(), "text": nw.String()}

# Name to wave to an expression of the wave's rows.
Expressions = Mapping[str, Mapping[str, nw.Expr]]


def single(frame: nw.LazyFrame[Any]) -> Any:
    """Bring the only value of a frame to the client."""
    return collected(frame).iloc[0, 0]


def as_number(condition: nw.Expr) -> nw.Expr:
    """Write a condition as 1 and 0: a boolean is no number everywhere."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def by_wave(
    source: Source, *, sums: Expressions, lows: Expressions, highs: Expressions
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
