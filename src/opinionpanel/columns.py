"""From columns by wave to one value per person: answers, groups, strata, weights."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.design import Design, Sampling, compile_sampling
from opinionpanel.errors import DesignError, ItemError, ReadError, listing, unknown
from opinionpanel.items import Item, code_text
from opinionpanel.linking import link
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
            ids[name] = ids[name].fillna(wave.column(other, name, purpose="person id"))
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
    return frame.loc[frame.index.repeat(times.astype(np.int64))].reset_index(drop=True)


def group_people(waves: Waves, rows: Rows, people: int, name: str) -> Group:
    """Group people by a column: the value at the first wave that has one."""
    values, order = _first_values(waves, rows, people, name, purpose="groups")
    codes = np.full(people, -1, dtype=np.int64)
    for position, text in enumerate(order):
        codes[values.first == text] = position
    return Group(codes, tuple(order), values.changed)


def sample_people(
    design: Design, waves: Waves, rows: Rows, people: int, weights: Weights
) -> Sampling:
    """Compile the design over everyone with a positive weight at any wave."""
    in_design = np.zeros(people, dtype=bool)
    for weight in weights.values.values():
        in_design |= weight > 0
    if not in_design.any():
        raise DesignError("Nobody has a positive weight at any wave: there is nothing to estimate.")
    codes: dict[str, Integers] = {}
    for role in ("stratum", "psu"):
        column = getattr(design, role)
        if column is not None:
            values, _ = _first_values(waves, rows, people, column, purpose=role)
            _no_gaps(values.first, in_design, column, role)
            codes[role] = np.asarray(pd.factorize(values.first)[0], dtype=np.int64)
    fpc = None
    if design.fpc is not None:
        values, _ = _first_values(waves, rows, people, design.fpc, purpose="fpc")
        _no_gaps(values.first, in_design, design.fpc, "fpc")
        numbers = pd.to_numeric(pd.Series(values.first, dtype=object), errors="coerce")
        fpc = numbers.to_numpy(dtype=np.float64)
    return compile_sampling(design, in_design, codes.get("stratum"), codes.get("psu"), fpc)


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
        keys += [key for key in design.weight if isinstance(key, tuple)]
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
        weight = _checked_weight(waves[wave].column(column, wave, purpose="weight"), waves, wave)
        values[key] = np.zeros(people)
        values[key][rows[wave]] = np.nan_to_num(weight)
        missing[key] = int(np.isnan(weight).sum())
    return Weights(values, missing)


@dataclass(frozen=True)
class _First:
    first: npt.NDArray[np.object_]
    changed: int


def _first_values(
    waves: Waves, rows: Rows, people: int, name: str, *, purpose: str
) -> tuple[_First, list[str]]:
    """Take each person's value at the first wave that has one, as label text; and the order."""
    holding = [wave for wave in waves if name in waves[wave].frame.columns]
    if not holding:
        first = next(iter(waves))
        waves[first].column(name, first, purpose=purpose)
    values = np.full(people, None, dtype=object)
    changed = np.zeros(people, dtype=bool)
    order: dict[str, object] = {}
    for wave in holding:
        column = waves[wave].column(name, wave, purpose=purpose)
        texts, codes = _as_texts(column, waves[wave].labels.get(name, {}))
        order |= {text: code for text, code in codes.items() if text not in order}
        row = rows[wave]
        known = np.array([text is not None for text in texts], dtype=bool)
        before = values[row]
        had = np.array([text is not None for text in before], dtype=bool)
        changed[row] |= known & had & (before != texts)
        values[row] = np.where(had, before, texts)
    return _First(values, int(changed.sum())), _in_order(order)


def _as_texts(
    column: pd.Series, labels: Mapping[Hashable, str]
) -> tuple[npt.NDArray[np.object_], dict[str, object]]:
    positions, seen = pd.factorize(column.array, use_na_sentinel=True)
    texts = [str(labels.get(code, _plain(code))).strip() for code in seen]
    lookup = np.array([*(text or None for text in texts), None], dtype=object)
    if isinstance(column.dtype, pd.CategoricalDtype):
        ranks = {category: rank for rank, category in enumerate(column.cat.categories)}
        codes = {text: ranks[code] for text, code in zip(texts, seen, strict=True)}
    else:
        codes = dict(zip(texts, seen, strict=True))
    return lookup[positions], {text: code for text, code in codes.items() if text}


def _plain(code: object) -> str:
    return code if isinstance(code, str) else code_text(code)


def _in_order(order: Mapping[str, object]) -> list[str]:
    """Sort by code where codes are numbers, else by text."""
    numbers = all(isinstance(code, (int, float, np.number)) for code in order.values())
    if numbers:
        return sorted(order, key=lambda text: float(order[text]))  # type: ignore[arg-type]
    return sorted(order)


def _no_gaps(
    values: npt.NDArray[np.object_], in_design: npt.NDArray[np.bool_], column: str, role: str
) -> None:
    gaps = int(sum(value is None for value in values[in_design]))
    if gaps:
        raise DesignError(
            f"Column {column!r}: {gaps} weighted people have no {role} at any wave. Every sampled "
            f"person needs one; fill the column, or leave {role}= out of the Design."
        )


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
