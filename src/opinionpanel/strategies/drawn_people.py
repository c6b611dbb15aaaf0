"""People, answers, weights and the design of a panel, drawn with a generator."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from opinionpanel.arrays import Booleans, Floats, Integers, Objects
from opinionpanel.design import AnyDesign, Design, ReplicateDesign

DesignKind = Literal["people", "stratified", "clustered", "jackknife", "replicates"]
WeightKind = Literal["none", "constant", "varying", "longitudinal"]

JOB: Mapping[str, Sequence[str]] = MappingProxyType({"job": ("at home", "at work")})
GENDER: Mapping[str, Sequence[str]] = MappingProxyType({"gender": ("man", "woman")})
DESIGNS: tuple[DesignKind, ...] = (
    "people",
    "stratified",
    "clustered",
    "jackknife",
    "replicates",
)
CLUSTERED: tuple[DesignKind, ...] = ("clustered", "jackknife", "replicates")
REPLICATES = 8
WEIGHTS: tuple[WeightKind, ...] = ("none", "constant", "varying", "longitudinal")
SCALES = (1.0, 1e7)
NOT_ASKED = 99


def number_of_strata(draw: st.DrawFn, design: DesignKind, size: int) -> int:
    """Draw the number of strata that so many people can have, two PSUs in each."""
    if design == "people":
        return 1
    return draw(st.integers(2 if design == "stratified" else 1, max(2, min(3, size // 4))))


def draw_people(
    rng: np.random.Generator,
    design: DesignKind,
    unit: Integers,
    strata: int,
    groups: Mapping[str, Sequence[str]],
    *,
    gathered: bool,
) -> pd.DataFrame:
    """Give people ids, what the design needs to know, and groups of which each has someone.

    With `gathered` everyone in one PSU, and nobody else, is in the last category.
    """
    people = pd.DataFrame({"person": np.arange(1, len(unit) + 1)})
    if design != "people":
        people["stratum"] = unit % strata + 1
    if design in CLUSTERED:
        people["psu"] = unit + 1
    for name, categories in groups.items():
        last = len(categories) - 1
        if gathered and 0 < last < unit.max():
            drawn = np.where(unit == last, last, rng.integers(0, last, len(unit)))
        else:
            drawn = rng.integers(0, last + 1, len(unit))
        people[name] = _one_of_each(drawn, categories)
    return people


def _one_of_each(drawn: Integers, categories: Sequence[str]) -> Objects:
    """Name categories by person, of which the first people have one each."""
    first = np.arange(min(len(categories), len(drawn)))
    drawn[first] = first
    return np.array(categories, dtype=object)[drawn]


def changing_groups(
    rng: np.random.Generator, shape: tuple[int, int], changing: Mapping[str, Sequence[str]]
) -> dict[str, list[Objects]]:
    """Categories by wave and person; a third of the people draw again at every wave."""
    return {
        name: [_one_of_each(codes - 1, categories) for codes in drawn.astype(np.int64)]
        for name, categories in changing.items()
        for drawn in [draw_answers(rng, shape, len(categories), 1 / 3)]
    }


def rotated(rng: np.random.Generator, shape: tuple[int, int], *, rotating: bool) -> Booleans:
    """Tell who could be there: with `rotating`, each from a wave to a later one."""
    wave = np.arange(shape[0])[:, None]
    ends = np.sort(rng.integers(0, shape[0], (2, shape[1])), axis=0)
    there: Booleans = (wave >= ends[0]) & (wave <= ends[1]) | (not rotating)
    return there


def draw_answers(
    rng: np.random.Generator, shape: tuple[int, int], states: int, change: float
) -> Floats:
    """Codes 1 … states by wave and person; each wave a share `change` answers afresh."""
    fresh = rng.integers(1, states + 1, shape).astype(np.float64)
    moved = rng.random(shape) < change
    for wave in range(1, shape[0]):
        fresh[wave] = np.where(moved[wave], fresh[wave], fresh[wave - 1])
    return fresh


def draw_numbers(
    rng: np.random.Generator, answers: Floats, ends: tuple[float, float], change: float
) -> Floats:
    """Numbers by wave and person, of whom those without an answer have none either."""
    low, high = ends
    found = np.round(rng.uniform(low, high, answers.shape), 1).clip(low, high)
    moved = rng.random(answers.shape) < change
    for wave in range(1, len(found)):
        found[wave] = np.where(moved[wave], found[wave], found[wave - 1])
    found[answers == NOT_ASKED] = high + 1
    found[np.isnan(answers)] = np.nan
    return found


def draw_weights(
    rng: np.random.Generator,
    kind: WeightKind,
    names: Sequence[str],
    anchor: Booleans,
    unweighted: float,
    scale: float,
) -> dict[str, dict[str, Floats]]:
    """Weight columns by wave; others than the anchors may have a weight of zero or none."""

    def column() -> Floats:
        weight = np.round(rng.lognormal(0.0, 0.6, len(anchor)), 3) + 0.001
        lost = (rng.random(len(anchor)) < unweighted) & ~anchor
        return scale * np.where(lost, rng.choice([0.0, np.nan], len(anchor)), weight)

    if kind == "none":
        return {name: {} for name in names}
    if kind == "constant":
        constant = column()
        return {name: {"weight": constant} for name in names}
    columns = {name: {"weight": column()} for name in names}
    if kind == "longitudinal":
        for first, second in _weighted_pairs(names):
            columns[second][f"weight_{first}_{second}"] = column()
    return columns


def _weighted_pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Pair the waves that have a longitudinal weight."""
    return list(dict.fromkeys([*pairwise(names), (names[0], names[-1])]))


def with_replicates(
    rng: np.random.Generator,
    columns: Mapping[str, Mapping[str, Floats]],
    unit: Integers,
) -> dict[str, dict[str, Floats]]:
    """Add the replicates of every weight, all multiplied by the same numbers, one for each PSU."""
    factors = np.round(rng.exponential(size=(REPLICATES, unit.max() + 1)), 3) + 0.001
    weighted = {}
    for name, given in columns.items():
        weights = dict(given) or {"weight": np.ones(len(unit))}
        weighted[name] = weights | {
            f"{column}_rep_{replicate + 1}": weight * factors[replicate][unit]
            for column, weight in weights.items()
            for replicate in range(REPLICATES)
        }
    return weighted


def declared_design(
    design: DesignKind, weight: str | Mapping[Hashable, str | None] | None
) -> AnyDesign:
    """Declare a design by the columns that were drawn."""
    if design == "replicates":
        if not isinstance(weight, Mapping):
            return ReplicateDesign.bootstrap(weight="weight", replicates="weight_rep_*")
        patterns = {key: f"{column}_rep_*" for key, column in weight.items()}
        return ReplicateDesign.bootstrap(weight=weight, replicates=patterns)
    declared = Design(
        weight=weight,
        stratum=None if design == "people" else "stratum",
        psu=None if design in ("people", "stratified") else "psu",
    )
    return declared.as_replicates("jkn") if design == "jackknife" else declared


def declared_weight(
    kind: WeightKind, names: Sequence[str]
) -> str | Mapping[Hashable, str | None] | None:
    """Name the weight columns that were drawn, by wave and pair of waves where they differ."""
    if kind == "none":
        return None
    if kind != "longitudinal":
        return "weight"
    declared: dict[Hashable, str | None] = dict.fromkeys(names, "weight")
    for first, second in _weighted_pairs(names):
        declared[first, second] = f"weight_{first}_{second}"
    return declared
