"""Weights by wave and by pair of waves: where they stand, and whether they can be."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np

from opinionpanel.arrays import Floats
from opinionpanel.design.calibrated import Calibration
from opinionpanel.design.replicate_columns import check_replicate_keys, replicate_columns
from opinionpanel.design.replicate_design import ReplicateDesign, key_text
from opinionpanel.design.replicate_weights import (
    column_of,
    mean_of,
    side_by_side,
    some_negative,
)
from opinionpanel.design.sample_design import AnyDesign
from opinionpanel.engines import LEAST, NONE, Counting, PersonColumn, PersonRows, how_many
from opinionpanel.errors import DesignError, count_people, listing, unknown
from opinionpanel.waves import Wave

Waves = Mapping[str, Wave]
WaveKey = str | tuple[str, str]
# Wave, column and purpose, to everyone's number in it.
Numbers = Callable[[str, str, str], PersonColumn]

# The mean of fewer replicates is far from the weight by chance.
MANY_REPLICATES = 20


@dataclass(frozen=True, eq=False)
class PersonWeight:
    """The weight that counts at a wave or over a pair of waves.

    Attributes
    ----------
    values : numpy.ndarray, shape (people,)
        0 for people not sampled.
    text : str
        Its name in words.
    replicates : numpy.ndarray, shape (people, replicates), or ReplicateWeights, or None
    calibrations : tuple of Calibration
        What the weight was calibrated to, oldest first.
    interviewed : tuple of PersonColumn of bool
        Who was interviewed at each of the waves that it is used for: with a positive weight and
        at all of these, people are the sample that counts. None where a positive weight says so.
    sample : int
        Which of several samples of other people the weight belongs to.
    """

    values: PersonColumn
    text: str
    replicates: Any = None
    calibrations: tuple[Calibration, ...] = ()
    interviewed: tuple[PersonColumn, ...] = ()
    sample: int = 0


@dataclass(frozen=True)
class Weights:
    """The weights of a panel.

    Attributes
    ----------
    values : dict
        Wave, or (from wave, to wave), to weights, shape (people,); 0 for not sampled.
    missing : dict
        The same keys, to the number of people interviewed there whose weight is missing.
    replicates : dict
        The same keys, to replicate weights, shape (people, replicates); empty without any.
        `ReplicateWeights` where they were made from PSUs, or the people stay on an engine.
    notes : tuple of str
        How many replicate weights are negative.
    """

    values: Mapping[WaveKey, PersonColumn]
    missing: Mapping[WaveKey, int]
    replicates: Mapping[WaveKey, Floats]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class WeightColumns:
    """Where a weight and its replicates stand.

    Attributes
    ----------
    wave : str
        The wave whose file has them.
    names : tuple of str
        The weight's column, then those of its replicates; none where everybody counts alike.
    """

    wave: str
    names: tuple[str, ...]


def weight_columns(design: AnyDesign, waves: Waves) -> Iterator[tuple[WaveKey, WeightColumns]]:
    """Find the columns of the weight of every wave and every declared pair."""
    keys = _weight_keys(design.weight, list(waves))
    if isinstance(design, ReplicateDesign):
        check_replicate_keys(design, keys)
    for key in keys:
        column = design.weight.get(key) if isinstance(design.weight, Mapping) else design.weight
        if column is None:
            yield key, WeightColumns(str(key), ())
            continue
        wave = _holder(waves, key, column)
        # The weight must exist before its replicates are looked for.
        waves[wave].column(column, wave, purpose="weight")
        names = [column]
        if isinstance(design, ReplicateDesign) and design.replicates_at(key):
            names += replicate_columns(design, waves, wave, key)
        yield key, WeightColumns(wave, tuple(names))


def weigh_people(design: AnyDesign, waves: Waves, numbers: Numbers, present: PersonRows) -> Weights:
    """Give everyone the weights of every wave and declared pair, and refuse impossible ones.

    Parameters
    ----------
    design : Design, ReplicateDesign or Resampling
    waves : dict of str to Wave
        What is said of columns; their rows are not looked at.
    numbers : callable
        From a wave, a column and its purpose to everyone's number; `NONE` for who has none.
    present : PersonRows
        Who was interviewed at each wave.
    """
    places = {wave: place for place, wave in enumerate(waves)}
    columns: dict[WaveKey, WeightColumns] = {}
    counting = Counting()
    values: dict[WaveKey, PersonColumn] = {}
    replicates: dict[WaveKey, Any] = {}
    for key, held in weight_columns(design, waves):
        columns[key] = held
        if not held.names:
            values[key] = present[places[held.wave]].astype(np.float64)
            continue
        weight = numbers(held.wave, held.names[0], "weight")
        if _all_weighted(weight):
            values[key] = _kept_once(weight, values)
        else:
            there = reduce(np.logical_and, (present[places[name]] for name in _waves_of(key)))
            _ask(counting, (key, 0), weight)
            counting.add(("missing", key), there & (weight == NONE))
            values[key] = _kept_once(np.where(weight > 0, weight, 0.0), values)
        if isinstance(weight, np.ndarray):
            # What is wrong in memory is known before the next column is looked at.
            _refuse(waves, key, held, counting.found(), [0])
        if parts := held.names[1:]:
            read = _replicates(counting, waves, key, weight, held, numbers)
            replicates[key] = side_by_side(read, len(parts))
            if isinstance(weight, np.ndarray):
                _refuse_factors(waves, held, values[key], replicates[key])
    found = counting.found()
    for key, held in columns.items():
        _refuse(waves, key, held, found, range(len(held.names)))
        if key in replicates and not isinstance(values[key], np.ndarray):
            _refuse_factors(waves, held, values[key], replicates[key])
    _refuse_shared(design, values, replicates)
    missing = {key: found.get(("missing", key), 0) for key in columns}
    return Weights(values, missing, replicates, tuple(_negative_notes(columns, replicates, found)))


def _waves_of(key: WaveKey) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else key


def _all_weighted(weight: PersonColumn) -> bool:
    """Tell whether everybody has a weight that can be: two passes over an array, often all."""
    if not isinstance(weight, np.ndarray):
        return False
    return bool(weight.min(initial=np.inf) > 0 and weight.max(initial=1.0) < np.inf)


def _kept_once(weight: PersonColumn, before: Mapping[WaveKey, PersonColumn]) -> PersonColumn:
    """Keep an array once that came with every wave, as often: it is also added up once."""
    latest = list(before.values())[-1] if before else None
    if isinstance(latest, np.ndarray) and np.array_equal(weight, latest):
        return latest
    return weight


def _ask(counting: Counting, name: tuple[WaveKey, int], weight: PersonColumn) -> None:
    """Ask what `_refuse` needs to know of a weight."""
    counting.add(("negative", *name), (weight < 0) & (weight > NONE))
    # Minus infinity is read as the least number, which is negative in a weight.
    endless = weight == np.inf if not name[1] else (weight == np.inf) | (weight == LEAST)
    counting.add(("infinite", *name), endless)
    counting.add(("positive", *name), weight > 0)


def _refuse(
    waves: Waves,
    key: WaveKey,
    held: WeightColumns,
    found: Mapping[object, int],
    places: Iterable[int],
) -> None:
    """Refuse columns, by their places, that what was found says are no weights or replicates."""
    for place in places:
        name, where = held.names[place], _where(waves, held)
        if ("positive", key, place) in found:
            _refuse_numbers(f"{where}, weight column {name!r}", found, (key, place))
        if ("gaps", key, place) in found:
            _refuse_gaps(f"{where}, column {name!r}", found, (key, place))


def _where(waves: Waves, held: WeightColumns) -> str:
    return f"Wave {held.wave!r} ({waves[held.wave].where})"


def _refuse_numbers(where: str, found: Mapping[object, int], name: tuple[WaveKey, int]) -> None:
    """Refuse a column with impossible weights, or none that is positive.

    A replicate may be negative: some methods add more to a weight, or take more away, than it has.
    """
    for what in ("infinite",) if name[1] else ("negative", "infinite"):
        if bad := found[what, *name]:
            raise DesignError(
                f"{where}: {bad} weight(s) are {what}. A weight is the number of people "
                "someone stands for; mend the column, or leave it blank for people not sampled."
            )
    if not found["positive", *name]:
        raise DesignError(f"{where}: no weight is positive. Name the right column.")


def _replicates(
    counting: Counting,
    waves: Waves,
    key: WaveKey,
    weight: PersonColumn,
    held: WeightColumns,
    numbers: Numbers,
) -> Iterator[PersonColumn]:
    """Read the replicates of a weight one after the other, and ask about each."""
    for place, name in enumerate(held.names[1:], start=1):
        part = numbers(held.wave, name, "replicate weight")
        _ask(counting, (key, place), part)
        counting.add(("extra", key, place), (part > NONE) & (part != 0) & ~(weight > 0))
        counting.add(("gaps", key, place), (part == NONE) & (weight > 0))
        if isinstance(part, np.ndarray):
            _refuse(waves, key, held, counting.found(), [place])
        yield np.where(part > NONE, part, 0.0)


def _refuse_gaps(where: str, found: Mapping[object, int], name: tuple[WaveKey, int]) -> None:
    """Refuse people with a replicate only, and people with a weight only."""
    if extra := found["extra", *name]:
        raise DesignError(
            f"{where}: {count_people(extra)} with "
            "this replicate weight, but without a weight or with a weight of 0. Replicates belong "
            "to the people of the weight; mend one of the two columns."
        )
    if gaps := found["gaps", *name]:
        raise DesignError(
            f"{where}: {count_people(gaps)} with a "
            "weight without this replicate weight. Fill the column; a replicate that leaves "
            "someone out is 0."
        )


def _refuse_factors(
    waves: Waves, held: WeightColumns, weight: PersonColumn, replicates: Floats
) -> None:
    """Refuse columns that the weight is still to be multiplied by.

    For most people the mean of their replicates is then far from their weight, and much nearer
    to 1.
    """
    if replicates.shape[1] < MANY_REPLICATES:
        return
    mean, sampled = mean_of(replicates), weight > 0
    from_weight = _distance(mean / np.where(sampled, weight, 1.0))
    far = sampled & (from_weight > 0.1) & (from_weight > _distance(mean) * 2.0)
    found = how_many([("far", far), ("sampled", sampled)])
    if found["far"] > found["sampled"] / 2:
        raise DesignError(
            f"{_where(waves, held)}: the replicate columns average about 1 for most "
            "people, whatever their weight is. They look like factors; multiply each by the weight "
            "column first."
        )


def _negative_notes(
    columns: Mapping[WaveKey, WeightColumns],
    replicates: Mapping[WaveKey, Floats],
    found: Mapping[object, int],
) -> Iterator[str]:
    """Say how many replicate weights of how many people are negative."""
    number = {
        key: sum(found["negative", key, place] for place in range(1, len(columns[key].names)))
        for key in replicates
    }
    some = [key for key in replicates if number[key]]
    people = how_many((key, some_negative(replicates[key])) for key in some) if some else {}
    for key in some:
        one = number[key] == 1
        yield (
            f"{key_text(key)}: {number[key]:,} replicate weight{'' if one else 's'} of "
            f"{count_people(people[key])} {'is' if one else 'are'} negative, as those of some "
            "methods can be"
        )


def _distance(numbers: PersonColumn) -> PersonColumn:
    """Say how far numbers are from 1."""
    found: PersonColumn = np.where(numbers < 1.0, 1.0 - numbers, numbers - 1.0)
    return found


def _refuse_shared(
    design: AnyDesign, values: Mapping[WaveKey, PersonColumn], replicates: Mapping[WaveKey, Floats]
) -> None:
    """Refuse the replicates of one weight for another: a pattern fits the columns of both."""
    pairs = [
        (first, second)
        for first, second in combinations(replicates, 2)
        if replicates[first].shape == replicates[second].shape
        and values[first] is not values[second]
    ]
    # Those of other people or waves hardly ever begin alike.
    for pair in _same(pairs, replicates, [0]):
        number = replicates[pair[0]].shape[1]
        differ = how_many([("weight", values[pair[0]] != values[pair[1]])])["weight"]
        if differ and _same([pair], replicates, range(1, number)):
            first, second = pair
            texts = [key_text(first), key_text(second)]
            raise DesignError(
                f"The weights {design.weight_text(first)!r} ({texts[0]}) and "
                f"{design.weight_text(second)!r} ({texts[1]}) are not the same, but have the same "
                "replicates. Name those of each, with replicates={wave or (from wave, to wave): "
                "columns}."
            )


def _same(
    pairs: Sequence[tuple[WaveKey, WaveKey]],
    replicates: Mapping[WaveKey, Floats],
    places: Sequence[int],
) -> list[tuple[WaveKey, WaveKey]]:
    """List the pairs of weights some of whose replicates are the same for everyone."""
    found = how_many(
        (
            (pair, place),
            column_of(replicates[pair[0]], place) != column_of(replicates[pair[1]], place),
        )
        for pair in pairs
        for place in places
    )
    return [pair for pair in pairs if not any(found[pair, place] for place in places)]


def _weight_keys(weight: object, names: list[str]) -> list[WaveKey]:
    """List the waves and pairs that have a weight; every wave must be declared."""
    if not isinstance(weight, Mapping):
        return [*names]
    for key in weight:
        for name in key if isinstance(key, tuple) else (key,):
            if name not in names:
                raise unknown("wave in the design's weight:", name, names)
    pairs = [key for key in weight if isinstance(key, tuple)]
    for pair in pairs:
        if len(pair) != 2 or names.index(pair[0]) >= names.index(pair[1]):
            raise DesignError(
                f"The longitudinal weight of {pair!r} needs two waves in the order of "
                "fieldwork: (earlier wave, later wave)."
            )
        if weight[pair] is None:
            raise DesignError(
                f"The longitudinal weight of {pair!r} is None. Leave the pair out: the weight of "
                "the later wave then counts."
            )
    absent = [name for name in names if name not in weight]
    if absent:
        raise DesignError(
            f"No weight is declared for {listing(absent)}. Name a column for every wave, or "
            "None for a wave without weights."
        )
    return [*names, *pairs]


def _holder(waves: Waves, key: WaveKey, column: str) -> str:
    """Name the wave whose file has a weight: a longitudinal one comes with either of its waves."""
    if isinstance(key, str):
        return key
    first, last = key
    held = column in waves[last].frame.columns or column not in waves[first].frame.columns
    return last if held else first
