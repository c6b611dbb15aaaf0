"""Weights by wave and by pair of waves, and the sample they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.design import Design, Sampling, compile_sampling
from opinionpanel.errors import DesignError, ReadError, listing, unknown
from opinionpanel.groups import Group, first_values
from opinionpanel.waves import Wave

__all__ = ["WaveKey", "Weights", "sample_people", "weigh_people"]

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Waves = Mapping[str, Wave]
Rows = Mapping[str, Integers]
WaveKey = str | tuple[str, str]


@dataclass(frozen=True)
class Weights:
    """Weights by wave or pair, shape (people,); 0 for not sampled; and how many were missing."""

    values: Mapping[WaveKey, Floats]
    missing: Mapping[WaveKey, int]


def weigh_people(
    design: Design, waves: Waves, rows: Rows, present: npt.NDArray[np.bool_]
) -> Weights:
    """Read the weights of every wave and every declared pair, and refuse impossible ones."""
    people = present.shape[1]
    names = list(waves)
    keys: list[WaveKey] = [*names]
    if isinstance(design.weight, Mapping):
        for key in design.weight:
            for name in key if isinstance(key, tuple) else (key,):
                if name not in names:
                    raise unknown("wave in the design's weight:", name, names)
        pairs = [key for key in design.weight if isinstance(key, tuple)]
        for pair in pairs:
            if len(pair) != 2 or names.index(pair[0]) >= names.index(pair[1]):
                raise DesignError(
                    f"The longitudinal weight of {pair!r} needs two waves in the order of "
                    "fieldwork: (earlier wave, later wave)."
                )
        keys += pairs
        absent = [name for name in names if name not in design.weight]
        if absent:
            raise DesignError(
                f"No weight is declared for {listing(absent)}. Name a column for every wave, or "
                "None for a wave without weights."
            )
    values: dict[WaveKey, Floats] = {}
    missing: dict[WaveKey, int] = {}
    for key in keys:
        column = design.weight.get(key) if isinstance(design.weight, Mapping) else design.weight
        # A longitudinal weight is delivered with the later wave.
        wave = key[1] if isinstance(key, tuple) else key
        if column is None:
            values[key], missing[key] = present[names.index(wave)].astype(np.float64), 0
            continue
        weight = _checked_weight(waves[wave].valid(column, wave, purpose="weight"), waves, wave)
        values[key] = np.zeros(people)
        values[key][rows[wave]] = np.nan_to_num(weight)
        missing[key] = int(np.isnan(weight).sum())
    return Weights(values, missing)


def sample_people(
    design: Design, waves: Waves, rows: Rows, people: int, weights: Weights
) -> Sampling:
    """Compile the design over everyone with a positive weight at any wave."""
    in_design = np.zeros(people, dtype=bool)
    for weight in weights.values.values():
        in_design |= weight > 0
    if not in_design.any():
        raise DesignError("Nobody has a positive weight at any wave: there is nothing to estimate.")
    columns: dict[str, Group] = {}
    for role in ("stratum", "psu", "fpc"):
        name = getattr(design, role)
        if name is not None:
            # By code: two strata with the same label are still two strata.
            column = first_values(waves, rows, people, name, purpose=role, labelled=False)
            _no_gaps(column, in_design, name, role)
            columns[role] = column
    stratum, psu, fpc = columns.get("stratum"), columns.get("psu"), columns.get("fpc")
    return compile_sampling(
        design,
        in_design,
        None if stratum is None else stratum.codes,
        None if psu is None else psu.codes,
        None if fpc is None else _numbers(fpc),
    )


def _no_gaps(column: Group, in_design: npt.NDArray[np.bool_], name: str, role: str) -> None:
    gaps = int((column.codes[in_design] < 0).sum())
    if gaps:
        raise DesignError(
            f"Column {name!r}: {gaps} weighted people have no {role} at any wave. Every sampled "
            f"person needs one; fill the column, or leave {role}= out of the Design."
        )


def _numbers(column: Group) -> Floats:
    """Read back a column of numbers; NaN for what is none, and for people without a value."""
    numbers = pd.to_numeric(pd.Series([*column.categories, None], dtype=object), errors="coerce")
    return numbers.to_numpy(dtype=np.float64)[column.codes]


def _checked_weight(column: pd.Series, waves: Waves, wave: str) -> Floats:
    where = f"Wave {wave!r} ({waves[wave].where}), weight column {column.name!r}"
    weight = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    texts = int((np.isnan(weight) & column.notna().to_numpy()).sum())
    if texts:
        raise ReadError(f"{where}: {texts} value(s) are not numbers. Name a numeric column.")
    for bad, what in ((weight < 0, "negative"), (np.isinf(weight), "infinite")):
        if bad.any():
            raise DesignError(
                f"{where}: {int(bad.sum())} weight(s) are {what}. A weight is the number of people "
                "someone stands for; mend the column, or leave it blank for people not sampled."
            )
    if not (weight > 0).any():
        raise DesignError(f"{where}: no weight is positive. Name the right column.")
    return weight
