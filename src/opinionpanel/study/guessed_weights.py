"""Guesses of the weights: by their names, their values, and the waves that they belong to."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans
from opinionpanel.escaping import literal_pattern
from opinionpanel.panel import as_text, exact_ids
from opinionpanel.study.guessing import MOST_CODES, GuessedColumn
from opinionpanel.waves import Wave, folded

WEIGHT_NAME = re.compile(
    r"\b(w|(wt|wgt|weights?|gew|ves|wes)\d*|(d|p|psp|an)w(ei)?gh?t|weging|gewicht\w*|\w+gewicht|"
    r"pond\w*|вес\w*)\b"
)
# What a weight is before it is fitted to the population at a wave, and after.
INITIAL = re.compile(
    r"\b(initial|base|baseline|design\w*|dw(ei)?gh?t|start\w*|selection|(w|wt|wgt|weight)0|"
    r"anfangs\w*|ausgangs\w*|auswahl\w*|basis\w*|start\w*|исходн\w*|начальн\w*|дизайн\w*)\b"
)
FINAL = re.compile(
    r"\b(final|post[- ]?strat\w*|pspw(ei)?gh?t|calibrat\w*|rak(ed|ing)|kalibri\w*|итогов\w*)\b"
)


def guess_weights(
    waves: Mapping[str, Wave],
    columns: Mapping[str, Sequence[GuessedColumn]],
    person: Mapping[str, Sequence[str]],
) -> dict[str, list[str]]:
    """Find the columns that look like weights, the likeliest first; waves without are left out."""
    found = {}
    linked = _linked(waves, person)
    weighted: Counter[tuple[str, str]] = Counter()
    for wave, record in waves.items():
        ranked = []
        for place, column in enumerate(columns[wave]):
            named = any(WEIGHT_NAME.search(words) for words in column.words)
            values = pd.to_numeric(record.frame[column.name], errors="coerce")
            if (
                column.labels
                or values.notna().sum() < 0.5 * record.frame[column.name].notna().sum()
            ):
                continue
            positive = values[values > 0]
            if len(positive) < 2 or (values < 0).any() or positive.nunique() < 2:
                continue
            near_one = bool(0.8 < positive.mean() < 1.25) and bool((positive % 1 != 0).any())
            if named or (near_one and positive.nunique() > MOST_CODES):
                rank = (not (named and near_one), not named, int(values.isna().sum()), place)
                ranked.append((rank, column.name))
                weighted[wave, column.name] = int((values > 0).to_numpy()[linked[wave]].sum())
        if ranked:
            found[wave] = [name for _, name in sorted(ranked)]
    # Waves that are weighted to the same population likely call the weight alike; else a weight
    # that leaves out those who link, such as one of a boost sample, is of no use for change.
    waves_of = Counter(name for names in found.values() for name in names)
    by_name = {(wave, column.name): column for wave in waves for column in columns[wave]}
    own = _numbers_of(list(waves))
    likeliest = {}
    for wave, names in found.items():
        most = max(weighted[wave, name] for name in names)
        ranks = {
            name: (
                2 * weighted[wave, name] < most,
                *_fitness(by_name[wave, name], wave, own),
                waves_of[name] < len(waves),
                -weighted[wave, name],
            )
            for name in names
        }
        likeliest[wave] = sorted(names, key=ranks.__getitem__)
    return likeliest


def _fitness(
    column: GuessedColumn, wave: str, own: Mapping[str, set[int]]
) -> tuple[bool, bool, bool, bool]:
    """Rank a weight by what it says of itself: of this wave, fitted to it, of another, initial."""
    text = " ".join(column.words)
    if not WEIGHT_NAME.search(text):
        return False, False, True, True
    known = set().union(*own.values())
    # A label says more than a name, which may just count questions.
    name, wording = map(_numbers_in, column.words)
    numbers = wording & known or name
    mine = bool(numbers & own[wave]) or _says(wave, text)
    others = [name for name in own if name != wave]
    of_others = any(numbers & own[name] or _says(name, text) for name in others)
    return (
        INITIAL.search(text) is not None,
        of_others and not mine,
        not mine,
        FINAL.search(text) is None,
    )


def _numbers_in(text: str) -> set[int]:
    """Find the numbers in a text; Python reads none of thousands of digits, which are none."""
    return {int(digits) for digits in re.findall(r"\d{1,18}", text)}


def _says(wave: str, text: str) -> bool:
    """Tell whether a text names a wave."""
    return re.search(rf"\b{literal_pattern(folded(wave.replace('_', ' ')))}\b", text) is not None


def _numbers_of(waves: Sequence[str]) -> dict[str, set[int]]:
    """Find the numbers that tell waves apart in their names; else their places."""
    numbers = {wave: _numbers_in(wave) for wave in waves}
    common = set.intersection(*numbers.values())
    apart = {wave: found - common for wave, found in numbers.items()}
    if any(apart.values()):
        return apart
    return {wave: {place} for place, wave in enumerate(waves, start=1)}


def _linked(waves: Mapping[str, Wave], person: Mapping[str, Sequence[str]]) -> dict[str, Booleans]:
    """Tell which rows of each wave have an id that another wave has as well."""
    ids = {wave: _ids(waves[wave], names) for wave, names in person.items()}
    linked = {}
    for wave, record in waves.items():
        others = {key for other, lists in ids.items() if other != wave for key in chain(*lists)}
        others.discard("")
        linked[wave] = np.zeros(len(record.frame), dtype=bool)
        for keys in ids.get(wave, []):
            linked[wave] |= np.array([key in others for key in keys], dtype=bool)
    return linked


def _ids(record: Wave, names: Sequence[str]) -> list[list[str]]:
    """Read id columns as text, "" for a blank."""
    lists = []
    for name in names:
        keys, blank = exact_ids(record.frame[name], "")
        lists.append(["" if no else str(key) for key, no in zip(as_text(keys), blank, strict=True)])
    return lists
