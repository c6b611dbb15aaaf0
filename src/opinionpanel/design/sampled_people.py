"""The sample that the people of a panel are: strata and PSUs, or replicate weights."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.design.other_samples import Units, by_sample
from opinionpanel.design.replicate_design import ReplicateDesign, columns_text, key_text
from opinionpanel.design.resampling import resample
from opinionpanel.design.sample_design import (
    AnyDesign,
    CompiledDesign,
    Design,
    Resampling,
)
from opinionpanel.design.samples import samples_of
from opinionpanel.design.sampling import AnySampling, Replication, Sampling, compile_sampling
from opinionpanel.design.weights import PersonWeight, WaveKey, Weights
from opinionpanel.engines import Key, PersonColumn, PersonRows, Table, tables
from opinionpanel.errors import DesignError, count_people, listing
from opinionpanel.questions import Group, Grouping, first_values, spelt_apart
from opinionpanel.waves import Rows, Wave

# Sampled fraction of PSUs times the share of people lost inside: what the variance misses.
MOST_LOST_INSIDE = 0.05

Waves = Mapping[str, Wave]
# From a design and who is in it to its strata and PSUs, and what to note about them.
ReadSampling = Callable[[Design, PersonColumn], tuple[Sampling, tuple[str, ...]]]


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


def sample_people(
    design: AnyDesign,
    weights: Weights,
    present: PersonRows,
    read: ReadSampling,
    *,
    apart: bool = False,
) -> Sampled:
    """Compile the design over everyone with a positive weight at any wave.

    `present` says who was interviewed at each wave; `apart`, that each wave is a sample of its own.
    """
    different = _different(weights)
    in_design = reduce(np.logical_or, (weights.values[key] > 0 for key in different))
    if not in_design.any():
        raise DesignError("Nobody has a positive weight at any wave: there is nothing to estimate.")
    if isinstance(design, ReplicateDesign):
        design = design.with_constants(_replicate_count(weights))
        return Sampled(design, _replication(design, apart=apart), weights.replicates)
    declared = design.design if isinstance(design, Resampling) else design
    sampling, notes = read(declared, in_design)
    if sampling.finite:
        sampling = with_fractions_by_wave(declared, sampling, weights)
        notes += _lost_inside(declared, sampling, weights, in_design)
    if not isinstance(design, Resampling):
        return Sampled(design, sampling, {}, notes)
    if apart and design.kind == "jk1":
        raise DesignError(
            "jk1 knows no strata, and each wave is a sample of its own, as a stratum is: other "
            "people were asked at each. Use as_replicates('jkn')."
        )
    differ = sampling.finite and _samples_differ(sampling, weights, present)
    # What is a matter of each wave and pair is left to the estimates.
    drawn = replace(sampling, population=np.full(len(sampling.sampled), np.inf))
    resampled = resample(
        design, drawn if differ else sampling, in_design, stratum_by_stratum=differ
    )
    # The same PSUs are left out or drawn for every wave and pair, so that their covariance shows.
    replicates = {key: resampled.replicates(values) for key, values in weights.values.items()}
    replication = _replication(resampled.design, apart=apart)
    if apart and resampled.stratum is not None:
        of_stratum = np.empty(len(sampling.sampled), dtype=np.int64)
        of_stratum[sampling.stratum[in_design]] = np.asarray(present).argmax(axis=0)[in_design]
        replication = replace(replication, sample=of_stratum[resampled.stratum])
    if differ:
        replication = replace(
            replication,
            sampling=sampling,
            stratum=resampled.stratum,
            factors=resampled.factors,
            unit=resampled.unit,
        )
    return Sampled(resampled.design, replication, replicates, notes)


def resample_weight(
    resampling: Resampling,
    sampling: Sampling,
    weights: Mapping[WaveKey, PersonColumn],
    weight: PersonWeight,
) -> tuple[ReplicateDesign, Replication, Any]:
    """Make replicates of one weight of a panel whose design was compiled without any.

    Parameters
    ----------
    resampling : Resampling
        What is to be made.
    sampling : Sampling
    weights : dict
        All weights of the panel: whoever has one is in the design.
    weight : PersonWeight

    Returns
    -------
    tuple
        The design with its constants, these compiled, and the replicates.

    Raises
    ------
    DesignError
        The population is finite, and the people who count with this weight are a smaller sample
        of it than those of all waves; or what `resample` refuses.
    """
    in_design = reduce(np.logical_or, (values > 0 for values in weights.values()))
    if sampling.finite:
        counted = [(in_design, ()), (weight.values, weight.interviewed)]
        if samples_of(sampling, counted)[0].number > 1:
            raise DesignError(
                f"Column {columns_text(resampling.design.fpc)!r}: each wave is a sample of its own "
                "of the finite population, and no replicates of one weight say so. Leave fpc= out "
                "of the Design; intervals are then rather too long."
            )
    made = resample(resampling, sampling, in_design, stratum_by_stratum=False)
    return made.design, _replication(made.design, apart=False), made.replicates(weight.values)


def _different(weights: Weights) -> list[WaveKey]:
    """List the waves and pairs, each weight that several share once."""
    return list({id(weight): key for key, weight in weights.values.items()}.values())


def with_fractions_by_wave(design: Design, sampling: Sampling, weights: Weights) -> Sampling:
    """Compare the populations with the sample of each wave, which must fit.

    Sampled fractions are those of the wave with the most units of the stratum.
    """
    keys = _different(weights)
    counted = [(weights.values[key], ()) for key in keys]
    samples, places = samples_of(sampling, counted)
    if sampling.fractions:
        most = np.diagonal(samples.together).max(axis=1)
        return replace(sampling, population=sampling.population * most / sampling.sampled)
    for key, place in zip(keys, places, strict=True):
        small = int((samples.fraction[place] > 1).sum())
        if small:
            unit = "people" if sampling.psu is None else "PSUs"
            strata = "stratum has" if small == 1 else "strata have"
            raise DesignError(
                f"Column {columns_text(design.fpc)!r}: {small} {strata} fewer {unit} in the "
                f"population than in the sample at {key_text(key)}. Give population counts, "
                "not sample counts."
            )
    return sampling


def _lost_inside(
    design: Design, sampling: Sampling, weights: Weights, in_design: PersonColumn
) -> tuple[str, ...]:
    """Note at which waves people are lost inside PSUs of which many were taken.

    The sampled fraction is one of PSUs. To the loss inside it is blind, as R's survey is.
    """
    if sampling.psu is None:
        return ()
    keys = _different(weights)
    unit = Key(*sampling.units)
    positive = [weights.values[key] > 0 for key in keys]
    ever, *at_waves = tables([Table((unit,), (people,)) for people in [in_design, *positive]])
    notes = []
    for key, here in zip(keys, at_waves, strict=True):
        stratum = np.asarray(sampling.stratum_of_psu)[here > 0]
        strata = len(sampling.population)
        psus, all_there, counted = (
            np.bincount(stratum, number, strata)
            for number in (None, ever[here > 0], here[here > 0])
        )
        lost = 1 - np.divide(counted, all_there, out=np.ones(strata), where=all_there > 0)
        if (lost * psus / sampling.population).max() > MOST_LOST_INSIDE:
            notes.append(
                f"fpc {columns_text(design.fpc)}: at {key_text(key)}, "
                f"{int((all_there - counted).sum()):,} of "
                f"{count_people(int(all_there.sum()))} of its PSUs do not count. The sampled "
                "fraction is one of PSUs and blind to that, so that intervals there are too short; "
                "without fpc= in the Design they are rather too long"
            )
    return tuple(notes)


def _samples_differ(sampling: Sampling, weights: Weights, present: PersonRows) -> bool:
    """Tell whether any wave or pair of waves rests on other units than the others."""
    counted: list[tuple[PersonColumn, tuple[PersonColumn, ...]]] = []
    for weight in weights.values.values():
        counted += [(weight, ()), *((weight, (here,)) for here in present)]
    return samples_of(sampling, counted)[0].number > 1


def read_sampling(
    design: Design,
    waves: Waves,
    rows: Rows,
    in_design: PersonColumn,
    times: Integers | None = None,
    sample: Integers | None = None,
) -> tuple[Sampling, tuple[str, ...]]:
    """Read strata, PSUs and populations and compile them; also what to note.

    `times` says how many people each place stands for; by default one. `sample` tells the wave of
    everyone where each wave asked other people.
    """
    inside: Booleans = np.asarray(in_design)
    people = len(inside)
    columns: dict[str, Group] = {}
    notes: list[str] = []
    for role in ("stratum", "psu", "fpc"):
        named = getattr(design, role)
        if named is None:
            continue
        where, name = Grouping(named), columns_text(named)
        # By code: two strata with the same label are still two strata.
        column = first_values(
            waves, rows, people, role, purpose=role, labelled=False, grouping=where
        )
        _no_gaps(column, inside, name, role, times)
        columns[role] = column
        if column.changed:
            notes.append(moved_note(role, name, column.changed))
        if role != "fpc" and (said := spelt_apart(_people_by_name(column, inside, times))):
            notes.append(f"{role} {name}: {said}")
    stratum, psu, fpc = columns.get("stratum"), columns.get("psu"), columns.get("fpc")
    units = Units(
        None if stratum is None else np.asarray(stratum.codes),
        None if psu is None else np.asarray(psu.codes),
    )
    number = 1
    if sample is not None:
        units, number, shared = by_sample(design, units, sample, inside, len(waves))
        notes += shared
    sampling = compile_sampling(
        design,
        inside,
        units.stratum,
        units.psu,
        None if fpc is None else _numbers(fpc),
        times,
    )
    return replace(sampling, samples=number), tuple(notes)


def _people_by_name(column: Group, in_design: Booleans, times: Integers | None) -> dict[str, int]:
    """Count the people of the design in every stratum or PSU; those of nobody are left out."""
    known = in_design & (column.codes >= 0)
    people = np.bincount(
        np.asarray(column.codes)[known],
        None if times is None else times[known],
        minlength=len(column.categories),
    )
    return {name: int(n) for name, n in zip(column.categories, people, strict=True) if n}


def moved_note(role: str, name: str, people: int) -> str:
    """Say whose stratum, PSU or population differs between waves."""
    return (
        f"{role} {name}: {count_people(people)} with another value at a later "
        "wave; that of recruitment, the first, counts"
    )


def _replicate_count(weights: Weights) -> int:
    """Count the replicates, which must be as many at every wave."""
    numbers: dict[str, int] = {
        key_text(key): part.shape[1] for key, part in weights.replicates.items()
    }
    if len(set(numbers.values())) != 1:
        raise DesignError(
            "Replicate weights are compared one by one between waves, so every wave needs as many; "
            f"found {listing(f'{count} at {where}' for where, count in numbers.items())}."
            " Name the same replicates for each wave."
        )
    return next(iter(numbers.values()))


def _replication(design: ReplicateDesign, *, apart: bool) -> Replication:
    """Keep the constants of a replicate design."""
    assert design.scale is not None
    rscales = np.array(design.rscales, dtype=np.float64)
    df = None if design.df is None else float(design.df)
    return Replication(design.kind, design.scale, rscales, bool(design.mse), df, apart=apart)


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
