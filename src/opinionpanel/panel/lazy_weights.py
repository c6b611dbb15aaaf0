"""Weights on an engine: where they stand, whether they can be, and what becomes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from opinionpanel.design import (
    AnyDesign,
    ReplicateDesign,
    ReplicateWeights,
    WaveKey,
    Weights,
    check_replicate_keys,
    factors_error,
    holder,
    refuse_gaps,
    refuse_weights,
    replicate_columns,
    shared_error,
    weight_keys,
)
from opinionpanel.engines import Column, People, how_many
from opinionpanel.errors import ReadError
from opinionpanel.panel.lazy_passes import Expressions, as_number
from opinionpanel.panel.lazy_sources import Source
from opinionpanel.panel.lazy_variables import Variable
from opinionpanel.waves import canonical

__all__ = [
    "WeightColumn",
    "check_weights",
    "weigh",
    "weight_checks",
    "weight_columns",
    "weight_variables",
]

# What stands for no weight, which is not the same as a weight of 0.
NONE = -1
LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True, eq=False)
class WeightColumn:
    """A column of weights, or of replicate weights, in the rows of one wave.

    Attributes
    ----------
    key : str or (str, str)
        The wave or pair it is for.
    wave, column : str
        The wave whose rows hold it.
    label : str
        The name of its variable, shared by the same column of all waves.
    values : narwhals.Expr
        The weight of each row; null for none.
    """

    key: WaveKey
    wave: str
    column: str
    label: str
    values: nw.Expr


Columns = Mapping[WaveKey, Sequence[WeightColumn]]


def weight_columns(design: AnyDesign, source: Source) -> dict[WaveKey, list[WeightColumn]]:
    """Find the weight of every wave and pair, and after it its replicates; none for no weight."""
    headers = source.headers
    keys = weight_keys(design.weight, list(headers))
    if isinstance(design, ReplicateDesign):
        check_replicate_keys(design, keys)
    found: dict[WaveKey, list[WeightColumn]] = {}
    made: dict[tuple[int, str], nw.Expr] = {}
    for place, key in enumerate(keys):
        column = design.weight.get(key) if isinstance(design.weight, Mapping) else design.weight
        found[key] = []
        if column is None:
            continue
        wave, names = holder(headers, key, column), [column]
        if isinstance(design, ReplicateDesign) and design.replicates_at(key):
            # The weight must exist before its replicates are looked for.
            headers[wave].column(column, wave, purpose="weight")
            names += replicate_columns(design, headers, wave, key)
        kind = "weight" if isinstance(key, str) else f"pair{place}"
        for number, name in enumerate(names):
            purpose = "replicate weight" if number else "weight"
            values = _values(source, wave, name, purpose, made)
            found[key].append(WeightColumn(key, wave, name, f"{kind}_{number}", values))
    return found


def _values(
    source: Source, wave: str, name: str, purpose: str, made: dict[tuple[int, str], nw.Expr]
) -> nw.Expr:
    """Read a column of numbers; null for what a file declares missing as well."""
    record = source.waves[wave]
    record.wave.column(name, wave, purpose=purpose)
    if record.kind(name, wave) == "text":
        raise ReadError(
            f"{record.where(wave)}, weight column {name!r}: the values are text on "
            f"{source.engine}. Name a numeric column, or cast this one."
        )
    if (id(record), name) not in made:
        values = record.values(name, wave).cast(nw.Float64())
        for code in record.wave.missing.get(name, ()):
            low, high = map(canonical, code if isinstance(code, tuple) else (code, code))
            if isinstance(low, int | float) and isinstance(high, int | float):
                values = nw.when((values < low) | (values > high)).then(values)
        made[id(record), name] = values
    return made[id(record), name]


def weight_variables(columns: Columns) -> list[Variable]:
    """Make a variable of each column, the same for all waves that have it."""
    values: dict[str, dict[str, nw.Expr]] = {}
    made: dict[int, nw.Expr] = {}
    for one in _all(columns):
        filled = made.setdefault(id(one.values), one.values.fill_null(float(NONE)))
        values.setdefault(one.label, {})[one.wave] = filled
    return [Variable(label, by_wave, nw.Float64(), NONE, {}) for label, by_wave in values.items()]


def weight_checks(columns: Columns) -> tuple[Expressions, Expressions]:
    """Say what `check_weights` needs summed by wave, and of what it needs the greatest."""
    sums: dict[str, dict[str, nw.Expr]] = {}
    highs: dict[str, dict[str, nw.Expr]] = {}
    made: dict[int, tuple[nw.Expr, nw.Expr]] = {}
    for one in _all(columns):
        if id(one.values) not in made:
            negative, infinite = one.values < 0, one.values > LARGEST
            made[id(one.values)] = as_number(negative), as_number(infinite)
        negative_number, infinite_number = made[id(one.values)]
        sums.setdefault(f"negative_{one.label}", {})[one.wave] = negative_number
        sums.setdefault(f"infinite_{one.label}", {})[one.wave] = infinite_number
        highs.setdefault(f"high_{one.label}", {})[one.wave] = one.values
    return sums, highs


def check_weights(
    columns: Columns, source: Source, found: Mapping[str, Mapping[str, float]]
) -> None:
    """Refuse negative and infinite weights, and columns without any."""
    for one in _all(columns):
        numbers = found[one.wave]
        refuse_weights(
            f"{source.waves[one.wave].where(one.wave)}, weight column {one.column!r}",
            int(numbers[f"negative_{one.label}"]),
            int(numbers[f"infinite_{one.label}"]),
            numbers[f"high_{one.label}"],
        )


def _all(columns: Columns) -> list[WeightColumn]:
    return [one for named in columns.values() for one in named]


def weigh(
    design: AnyDesign,
    columns: Columns,
    source: Source,
    people: People,
    present: Sequence[Column],
) -> Weights:
    """Give everyone the weights of their rows, and refuse replicates that do not fit them."""
    names = list(source.waves)
    values: dict[WaveKey, Any] = {}
    replicates: dict[WaveKey, Any] = {}
    missing: dict[WaveKey, Column] = {}
    for key, named in columns.items():
        if not named:
            values[key] = present[names.index(str(key))].astype(np.float64)
            continue
        read = [
            Column(people, nw.col(f"{one.label}_{names.index(one.wave)}"), np.float64)
            for one in named
        ]
        values[key] = np.where(read[0] > 0, read[0], 0.0)
        waves = [key] if isinstance(key, str) else key
        here: list[Any] = [present[names.index(name)] for name in waves]
        there = reduce(np.logical_and, here)
        missing[key] = there & (read[0] < 0)
        if len(named) > 1:
            kept = [np.where(one > 0, one, 0.0) for one in read[1:]]
            replicates[key] = ReplicateWeights(tuple(kept))
            _check_replicates(source, named, read)
    counted = how_many(missing.items())
    _refuse_shared(design, columns)
    return Weights(values, {key: counted.get(key, 0) for key in columns}, replicates)


def _check_replicates(
    source: Source, named: Sequence[WeightColumn], read: Sequence[Column]
) -> None:
    """Refuse replicates of other people than the weight's, and factors in place of weights."""
    weight, parts = read[0], read[1:]
    asked: dict[Any, Any] = {"sampled": weight > 0}
    for number, part in enumerate(parts):
        asked["extra", number] = ~(weight > 0) & (part > 0)
        asked["gaps", number] = (part < 0) & (weight > 0)
    mean = _added(parts) / float(len(parts))
    positive = np.where(weight > 0, weight, 1.0)
    from_weight, from_one = _absolute(mean / positive - 1.0), _absolute(mean - 1.0)
    asked["off"] = (weight > 0) & (from_weight > 0.1) & (from_weight > from_one * 2.0)
    counts = how_many(asked.items())
    where = source.waves[named[0].wave].where(named[0].wave)
    for number, one in enumerate(named[1:]):
        refuse_gaps(
            f"{where}, column {one.column!r}", counts["extra", number], counts["gaps", number]
        )
    # The mean of a few replicates is far from the weight by chance.
    if len(parts) >= 20 and counts["off"] > counts["sampled"] / 2:
        raise factors_error(where)


def _absolute(column: Any) -> Any:
    return np.where(column < 0, -column, column)


def _added(columns: Sequence[Any]) -> Any:
    """Add up columns in pairs: engines do not like formulas nested hundreds deep."""
    if len(columns) == 1:
        return columns[0]
    half = len(columns) // 2
    return _added(columns[:half]) + _added(columns[half:])


def _refuse_shared(design: AnyDesign, columns: Columns) -> None:
    """Refuse the same replicate columns for two weight columns."""
    held = [
        (key, [(one.wave, one.column) for one in named])
        for key, named in columns.items()
        if len(named) > 1
    ]
    for (first, one), (second, two) in combinations(held, 2):
        if one[1:] == two[1:] and one[0] != two[0]:
            raise shared_error(design, first, second)
