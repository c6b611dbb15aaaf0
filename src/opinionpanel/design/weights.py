"""Weights by wave and by pair of waves, and the sample they belong to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design.calibrated import Calibration
from opinionpanel.design.replicate_design import key_text
from opinionpanel.design.resampling import resample
from opinionpanel.design.sample_design import (
    AnyDesign,
    CompiledDesign,
    Design,
    ReplicateDesign,
    Resampling,
)
from opinionpanel.design.sampling import AnySampling, Replication, Sampling, compile_sampling
from opinionpanel.errors import DesignError, ReadError, count_people, listing, unknown
from opinionpanel.questions import Group, first_values
from opinionpanel.waves import Rows, Wave

__all__ = [
    "PersonWeight",
    "Sampled",
    "WaveKey",
    "Weights",
    "check_replicate_keys",
    "factors_error",
    "holder",
    "matching",
    "moved_note",
    "no_weight_error",
    "read_sampling",
    "refuse_gaps",
    "refuse_weights",
    "replicate_columns",
    "replicate_count",
    "replication",
    "sample_people",
    "shared_error",
    "weigh_people",
    "weight_keys",
]

Waves = Mapping[str, Wave]
WaveKey = str | tuple[str, str]


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
    """

    values: Floats
    text: str
    replicates: Floats | None = None
    calibrations: tuple[Calibration, ...] = ()


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
    """

    values: Mapping[WaveKey, Floats]
    missing: Mapping[WaveKey, int]
    replicates: Mapping[WaveKey, Floats]


@dataclass(frozen=True)
class Sampled:
    """The design of a panel, compiled.

    Attributes
    ----------
    design : Design or ReplicateDesign
        As declared; replicate designs with all their constants.
    sampling : Sampling or Replication
    replicates : dict
        As in `Weights`, delivered or made.
    notes : tuple of str
        For the panel's summary.
    """

    design: CompiledDesign
    sampling: AnySampling
    replicates: Mapping[WaveKey, Floats]
    notes: tuple[str, ...] = ()


def weigh_people(design: AnyDesign, waves: Waves, rows: Rows, present: Booleans) -> Weights:
    """Read the weights of every wave and every declared pair, and refuse impossible ones."""
    people = present.shape[1]
    names = list(waves)
    values: dict[WaveKey, Floats] = {}
    missing: dict[WaveKey, int] = {}
    replicates: dict[WaveKey, Floats] = {}
    keys = weight_keys(design.weight, names)
    if isinstance(design, ReplicateDesign):
        check_replicate_keys(design, keys)
    for key in keys:
        column = design.weight.get(key) if isinstance(design.weight, Mapping) else design.weight
        if column is None:
            values[key], missing[key] = present[names.index(str(key))].astype(np.float64), 0
            continue
        wave = holder(waves, key, column)
        weight = _checked_weight(waves[wave].valid(column, wave, purpose="weight"), waves, wave)
        gaps = np.isnan(weight)
        by_person = _by_person(weight, gaps, rows[wave], people)
        # Often one column came with every wave: kept once, it is also added up once.
        latest = next(reversed(values.values()), None)
        if latest is not None and np.array_equal(latest, by_person):
            by_person = latest
        values[key] = by_person
        # Of people interviewed there, at both waves for a pair, who has a row and a weight in it.
        there = present[[names.index(name) for name in ([key] if isinstance(key, str) else key)]]
        expected: Booleans = np.logical_and.reduce(there)
        weighted = int(np.count_nonzero(expected[rows[wave]] & ~gaps))
        missing[key] = int(np.count_nonzero(expected)) - weighted
        if isinstance(design, ReplicateDesign) and design.replicates_at(key):
            columns = replicate_columns(design, waves, wave, key)
            replicates[key] = np.zeros((people, len(columns)))
            for place, name in enumerate(columns):
                replicate = waves[wave].valid(name, wave, purpose="replicate weight")
                part = _checked_weight(replicate, waves, wave)
                _no_replicate_gaps(weight, part, name, waves, wave)
                replicates[key][:, place] = _by_person(part, np.isnan(part), rows[wave], people)
            _no_factors(values[key], replicates[key], waves, wave)
    _no_shared_replicates(design, values, replicates)
    return Weights(values, missing, replicates)


def _no_shared_replicates(
    design: AnyDesign, values: Mapping[WaveKey, Floats], replicates: Mapping[WaveKey, Floats]
) -> None:
    """Refuse the replicates of one weight for another: a pattern fits the columns of both."""
    for first, second in combinations(replicates, 2):
        if np.array_equal(replicates[first], replicates[second]) and not np.array_equal(
            values[first], values[second]
        ):
            raise shared_error(design, first, second)


def shared_error(design: AnyDesign, first: WaveKey, second: WaveKey) -> DesignError:
    """Refuse two weights with the same replicates."""
    texts = [key_text(first), key_text(second)]
    return DesignError(
        f"The weights {design.weight_text(first)!r} ({texts[0]}) and "
        f"{design.weight_text(second)!r} ({texts[1]}) are not the same, but have the same "
        "replicates. Name those of each, with replicates={wave or (from wave, to wave): "
        "columns}."
    )


def _by_person(weight: Floats, gaps: Booleans, rows: Integers | slice, people: int) -> Floats:
    """Give everyone the weight of their row; 0 for who has none."""
    if gaps.any():
        weight = np.where(gaps, 0.0, weight)
    if isinstance(rows, slice):
        return weight.copy()
    values = np.zeros(people)
    values[rows] = weight
    return values


def weight_keys(weight: object, names: list[str]) -> list[WaveKey]:
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


def holder(waves: Waves, key: WaveKey, column: str) -> str:
    """Name the wave whose file has a weight: a longitudinal one comes with either of its waves."""
    if isinstance(key, str):
        return key
    first, last = key
    held = column in waves[last].frame.columns or column not in waves[first].frame.columns
    return last if held else first


def check_replicate_keys(design: ReplicateDesign, keys: Sequence[WaveKey]) -> None:
    """Refuse replicates of a wave or a pair that has no weight: nothing would use them."""
    named = list(design.replicates) if isinstance(design.replicates, Mapping) else []
    for key in named:
        if key not in keys:
            raise DesignError(
                f"Replicates are named for {key!r}, which has no weight of its own. Name its "
                "weight as well, or mend the wave's name."
            )


def replicate_columns(design: ReplicateDesign, waves: Waves, wave: str, key: WaveKey) -> list[str]:
    """Find the replicate columns of a wave by name or pattern, in natural order."""
    known = [str(name) for name in waves[wave].frame.columns]
    columns: list[str] = []
    for wanted in design.replicates_at(key):
        found = matching(wanted, known)
        if not found:
            raise ReadError(
                f"Wave {wave!r} ({waves[wave].where}), replicate weights: no column is named like "
                f"{wanted!r}. Mend the pattern, for example 'rep_*'."
            )
        columns += found
    where = f"Wave {wave!r} ({waves[wave].where})"
    if len(set(columns)) < len(columns):
        raise DesignError(f"{where}: some replicate columns are named twice. Name each once.")
    if design.weight_text(key) in columns:
        raise DesignError(
            f"{where}: the replicates {listing(design.replicates_at(key))} include the weight "
            f"{design.weight_text(key)!r} itself. Mend the pattern or the list."
        )
    given = design.rscales
    rscales = None if given is None or np.ndim(given) == 0 else np.asarray(given)
    if len(columns) < 2 or (rscales is not None and len(rscales) != len(columns)):
        raise DesignError(
            f"{where}: {len(columns)} replicate column(s), with "
            f"{'no' if rscales is None else len(rscales)} rscales. Replicates need at least two "
            "columns, and rscales one number for each."
        )
    return columns


def matching(pattern: str, names: Sequence[str]) -> list[str]:
    """List the names a pattern stands for, ``*`` being a number; rep_2 comes before rep_10."""
    form = re.escape(pattern).replace(r"\*", r"\d+")
    found = [name for name in names if name == pattern or re.fullmatch(form, name)]
    return sorted(
        found,
        key=lambda name: [
            int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)
        ],
    )


def _no_replicate_gaps(weight: Floats, part: Floats, name: str, waves: Waves, wave: str) -> None:
    sampled = np.nan_to_num(weight) > 0
    extra = int((~sampled & (np.nan_to_num(part) > 0)).sum())
    gaps = int((np.isnan(part) & sampled).sum())
    refuse_gaps(f"Wave {wave!r} ({waves[wave].where}), column {name!r}", extra, gaps)


def refuse_gaps(where: str, extra: int, gaps: int) -> None:
    """Refuse people with a replicate only, and people with a weight only."""
    if extra:
        raise DesignError(
            f"{where}: {count_people(extra)} with "
            "this replicate weight, but without a weight or with a weight of 0. Replicates belong "
            "to the people of the weight; mend one of the two columns."
        )
    if gaps:
        raise DesignError(
            f"{where}: {count_people(gaps)} with a "
            "weight without this replicate weight. Fill the column; a replicate that leaves "
            "someone out is 0."
        )


def _no_factors(weight: Floats, replicates: Floats, waves: Waves, wave: str) -> None:
    """Refuse columns that the weight is still to be multiplied by."""
    # The mean of a few replicates is far from the weight by chance.
    if replicates.shape[1] < 20:
        return
    weight, mean = weight[weight > 0], replicates[weight > 0].mean(axis=1)
    from_weight, from_one = np.median(np.abs(mean / weight - 1)), np.median(np.abs(mean - 1))
    if from_weight > 0.1 and from_weight > 2 * from_one:
        raise factors_error(f"Wave {wave!r} ({waves[wave].where})")


def factors_error(where: str) -> DesignError:
    """Refuse replicates that the weight is still to be multiplied by."""
    return DesignError(
        f"{where}: the replicate columns average about 1 for most "
        "people, whatever their weight is. They look like factors; multiply each by the weight "
        "column first."
    )


def sample_people(
    design: AnyDesign, waves: Waves, rows: Rows, people: int, weights: Weights
) -> Sampled:
    """Compile the design over everyone with a positive weight at any wave."""
    in_design = np.zeros(people, dtype=bool)
    for weight in weights.values.values():
        in_design |= weight > 0
        if in_design.all():
            break
    if not in_design.any():
        raise no_weight_error()
    if isinstance(design, ReplicateDesign):
        design = design.with_constants(replicate_count(weights))
        return Sampled(design, replication(design), weights.replicates)
    declared = design.design if isinstance(design, Resampling) else design
    sampling, notes = read_sampling(declared, waves, rows, in_design)
    if not isinstance(design, Resampling):
        return Sampled(design, sampling, {}, notes)
    resampled = resample(design, sampling, in_design)
    # The same PSUs are left out or drawn for every wave and pair, so that their covariance shows.
    replicates = {key: resampled.replicates(values) for key, values in weights.values.items()}
    return Sampled(resampled.design, replication(resampled.design), replicates, notes)


def no_weight_error() -> DesignError:
    """Refuse a panel of nobody."""
    return DesignError("Nobody has a positive weight at any wave: there is nothing to estimate.")


def read_sampling(
    design: Design,
    waves: Waves,
    rows: Rows,
    in_design: Booleans,
    times: Integers | None = None,
) -> tuple[Sampling, tuple[str, ...]]:
    """Read strata, PSUs and populations and compile them; also what to note.

    `times` says how many people each place stands for; by default one.
    """
    people = len(in_design)
    columns: dict[str, Group] = {}
    notes: list[str] = []
    for role in ("stratum", "psu", "fpc"):
        name = getattr(design, role)
        if name is not None:
            # By code: two strata with the same label are still two strata.
            column = first_values(waves, rows, people, name, purpose=role, labelled=False)
            _no_gaps(column, in_design, name, role, times)
            columns[role] = column
            if column.changed:
                notes.append(moved_note(role, name, column.changed))
    stratum, psu, fpc = columns.get("stratum"), columns.get("psu"), columns.get("fpc")
    sampling = compile_sampling(
        design,
        in_design,
        None if stratum is None else stratum.codes,
        None if psu is None else psu.codes,
        None if fpc is None else _numbers(fpc),
        times,
    )
    return sampling, tuple(notes)


def moved_note(role: str, name: str, people: int) -> str:
    """Say whose stratum, PSU or population differs between waves."""
    return (
        f"{role} {name}: {count_people(people)} with another value at a later "
        "wave; that of recruitment, the first, counts"
    )


def replicate_count(weights: Weights) -> int:
    """Count the replicates, which must be as many at every wave."""
    numbers: dict[str, int] = {
        key_text(key): part.shape[1] for key, part in weights.replicates.items()
    }
    if len(set(numbers.values())) != 1:
        raise DesignError(
            "Replicate weights are compared one by one between waves, so every wave needs as many; "
            f"found {listing(f'{count} at {where}' for where, count in numbers.items()) or 'none'}."
            " Name the same replicates for each wave."
        )
    return next(iter(numbers.values()))


def replication(design: ReplicateDesign) -> Replication:
    """Keep the constants of a replicate design."""
    assert design.scale is not None
    rscales = np.array(design.rscales, dtype=np.float64)
    df = None if design.df is None else float(design.df)
    return Replication(design.kind, design.scale, rscales, bool(design.mse), df)


def _no_gaps(
    column: Group,
    in_design: Booleans,
    name: str,
    role: str,
    times: Integers | None,
) -> None:
    without = in_design & (column.codes < 0)
    gaps = int(without.sum() if times is None else times[without].sum())
    if gaps:
        raise DesignError(
            f"Column {name!r}: {count_people(gaps)} with a weight, but no {role} at any wave. "
            f"Every sampled person needs one; fill the column, or leave {role}= out of the Design."
        )


def _numbers(column: Group) -> Floats:
    """Read back a column of numbers; NaN for what is none, and for people without a value."""
    numbers = pd.to_numeric(pd.Series([*column.categories, None], dtype=object), errors="coerce")
    return numbers.to_numpy(dtype=np.float64)[column.codes]


def _checked_weight(column: pd.Series, waves: Waves, wave: str) -> Floats:
    where = f"Wave {wave!r} ({waves[wave].where}), weight column {column.name!r}"
    weight = column.to_numpy() if column.dtype == np.float64 else _as_floats(column, where)
    # One pass each for the least and the most finds what is wrong; only then it is counted.
    # Without blanks the plain minimum is several times faster.
    low, high = weight.min(initial=np.inf), weight.max(initial=0.0)
    if np.isnan(low):
        low, high = np.fmin.reduce(weight, initial=np.inf), np.fmax.reduce(weight, initial=0.0)
    if low < 0 or np.isinf(high):
        refuse_weights(where, int((weight < 0).sum()), int(np.isinf(weight).sum()), high)
    refuse_weights(where, 0, 0, high)
    return weight


def refuse_weights(where: str, negative: int, infinite: int, highest: float) -> None:
    """Refuse a weight column with negative or infinite weights, or none that is positive."""
    if negative or infinite:
        bad, what = (negative, "negative") if negative else (infinite, "infinite")
        raise DesignError(
            f"{where}: {bad} weight(s) are {what}. A weight is the number of people "
            "someone stands for; mend the column, or leave it blank for people not sampled."
        )
    if not highest > 0:
        raise DesignError(f"{where}: no weight is positive. Name the right column.")


def _as_floats(column: pd.Series, where: str) -> Floats:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise ReadError(f"{where}: the values are dates. Name a numeric column.")
    if not pd.api.types.is_numeric_dtype(column.dtype):
        # A blank text is a blank.
        column = column.mask(column.astype(str).str.strip() == "")
    weight = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    texts = int((np.isnan(weight) & column.notna().to_numpy()).sum())
    if texts:
        raise ReadError(f"{where}: {texts} value(s) are not numbers. Name a numeric column.")
    return weight
