"""From columns by wave to one value per person: answers, groups, strata, weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.design import Design, Sampling, compile_sampling
from opinionpanel.errors import DesignError, ItemError, ReadError, SelectionError, listing, unknown
from opinionpanel.items import Item, code_text
from opinionpanel.linking import filled, link
from opinionpanel.waves import Wave

__all__ = [
    "Group",
    "Person",
    "Weights",
    "expand",
    "group_people",
    "id_columns",
    "link_waves",
    "read_answers",
    "sample_people",
    "weigh_people",
]

# Label and result columns of estimates.
RESERVED = (
    *("wave", "from_wave", "to_wave", "state", "origin", "destination", "component"),
    *("estimate", "std_error", "conf_low", "conf_high", "n", "n_cell", "withheld"),
)

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Waves = Mapping[str, Wave]
Rows = Mapping[str, Integers]
WaveKey = str | tuple[str, str]
Person = str | Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Group:
    """A grouping of people: codes by person (-1 for none) and the categories, in order.

    ``changed`` counts the people whose value differs between waves; the first one is used.
    """

    codes: Integers
    categories: tuple[str, ...]
    changed: int = 0


@dataclass(frozen=True)
class Weights:
    """Weights by wave or pair, shape (people,); 0 for not sampled; and how many were missing."""

    values: Mapping[WaveKey, Floats]
    missing: Mapping[WaveKey, int]


def id_columns(person: Person, wave: str) -> list[str]:
    """Name the id columns of a wave: the first, and those that fill its gaps."""
    if isinstance(person, str):
        return [person]
    if wave not in person:
        raise unknown("wave: person= names no id column for", wave, person)
    columns = person[wave]
    return [columns] if isinstance(columns, str) else list(columns)


def link_waves(waves: Waves, person: Person) -> tuple[int, dict[str, Integers]]:
    """Read the id columns and find the same people: how many, and the person of every row."""
    ids = {}
    for name, wave in waves.items():
        first, *others = id_columns(person, name)
        ids[name] = wave.column(first, name, purpose="person id")
        for other in others:
            ids[name] = filled(ids[name], wave.column(other, name, purpose="person id"))
    people, rows = link(ids, {name: wave.where for name, wave in waves.items()})
    return people, dict(zip(waves, rows, strict=True))


def read_answers(
    item: Item, name: str, waves: Waves, rows: Rows, people: int
) -> npt.NDArray[np.int8]:
    """Read the states of an item, shape (waves, people); -1 for no answer."""
    answers = np.full((len(waves), people), -1, dtype=np.int8)
    if not isinstance(item.column, str):
        for wave_name in item.column:
            if wave_name not in waves:
                raise unknown(f"wave in the columns of item {name!r}:", wave_name, waves)
    for position, (wave_name, wave) in enumerate(waves.items()):
        column = item.column_at(wave_name)
        if column is None:
            continue
        series = wave.column(column, wave_name, purpose=f"item {name!r}")
        try:
            codes = item.encode(series, wave_name, labels=wave.labels.get(column))
        except ItemError as error:
            raise ItemError(f"Item {name!r} ({wave.where}): {error}") from None
        answers[position, rows[wave_name]] = codes
    return answers


def expand(counts: pd.Series, frame: pd.DataFrame) -> pd.DataFrame:
    """Repeat the rows of a frequency table, one for each person they stand for."""
    times = pd.to_numeric(counts, errors="coerce").to_numpy(dtype=np.float64)
    bad = int((~np.isfinite(times) | (times < 0) | (times != np.floor(times))).sum())
    if bad:
        raise ReadError(
            f"Column {counts.name!r}: {bad} count(s) are not whole numbers of people. Weighted "
            "tables do not hold people and cannot become a panel."
        )
    repeated = np.repeat(np.arange(len(frame)), times.astype(np.int64))
    return frame.iloc[repeated].reset_index(drop=True)


def group_people(waves: Waves, rows: Rows, people: int, name: str) -> Group:
    """Group people by a column, named by its labels: the value at the first wave that has one."""
    if name in RESERVED:
        raise SelectionError(
            f"A group cannot be named {name!r}: results use this name for a column of their own. "
            "Rename the column in the data."
        )
    return _first_values(waves, rows, people, name, purpose="groups", labelled=True)


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
            column = _first_values(waves, rows, people, name, purpose=role, labelled=False)
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


def _first_values(
    waves: Waves, rows: Rows, people: int, name: str, *, purpose: str, labelled: bool
) -> Group:
    """Take each person's value at the first wave that has one."""
    holding = [wave for wave in waves if name in waves[wave].frame.columns]
    if not holding:
        first = next(iter(waves))
        waves[first].column(name, first, purpose=purpose)
    found: dict[str, int] = {}
    rank: dict[str, object] = {}
    codes = np.full(people, -1, dtype=np.int64)
    changed = np.zeros(people, dtype=bool)
    for wave in holding:
        take = waves[wave].column if labelled else waves[wave].valid
        column = take(name, wave, purpose=purpose)
        positions, seen = pd.factorize(column.array, use_na_sentinel=True)
        labels = waves[wave].labels.get(name, {}) if labelled else {}
        texts = [str(labels.get(code, _plain(code))).strip() for code in seen]
        for text, value in zip(texts, _ranks(column, seen), strict=True):
            rank.setdefault(text, value)
        lookup = [found.setdefault(text, len(found)) if text else -1 for text in texts]
        here = np.array([*lookup, -1], dtype=np.int64)[positions]
        before = codes[rows[wave]]
        changed[rows[wave]] |= (here >= 0) & (before >= 0) & (here != before)
        codes[rows[wave]] = np.where(before >= 0, before, here)
    order = _in_order({text: rank[text] for text in found})
    place = np.array([*(order.index(text) for text in found), -1], dtype=np.int64)
    return Group(place[codes], tuple(order), int(changed.sum()))


def _ranks(column: pd.Series, seen: pd.Index) -> list[object]:
    """Give the order of values: that of the categories where the column has them, else its own."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [list(column.cat.categories).index(value) for value in seen]
    return list(seen)


def _plain(code: object) -> str:
    return code if isinstance(code, str) else code_text(code)


def _in_order(order: Mapping[str, object]) -> list[str]:
    """Sort by code where codes are numbers, else by text."""
    numbers = all(isinstance(code, (int, float, np.number)) for code in order.values())
    if numbers:
        return sorted(order, key=lambda text: float(order[text]))  # type: ignore[arg-type]
    return sorted(order)


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
