"""The values of a group in the rows of waves: named, put together, and coded."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Integers, SignedIntegers
from opinionpanel.errors import ReadError, count_people
from opinionpanel.questions.bands import Bands, Read, far_codes, left_numbers
from opinionpanel.questions.coded_values import CodedValues
from opinionpanel.questions.declared_groups import Grouping, Waves, group_columns
from opinionpanel.questions.group_states import GroupStates, code_states
from opinionpanel.questions.named_codes import code_labels
from opinionpanel.questions.naming import MANY_CODES, labels_shown, looks_open
from opinionpanel.questions.refusals import says_refusal, says_undecided
from opinionpanel.questions.refused_values import Refused
from opinionpanel.questions.spellings import Named, Spellings, spelling_key, spellings
from opinionpanel.questions.unused_categories import unused_values
from opinionpanel.waves import (
    Codes,
    Wave,
    canonical,
    code_text,
    declared_missing,
    from_table,
    own_words,
    read_codes,
)

# What messages call a group that is read for a purpose.
KINDS = {"groups": "group", "fixed": "fixed trait"}
# Categories that are numbers, from which a table by group has a row for each of too many.
MANY_NUMBERS = 12

# How notes speak of a refusal that no file declares.
GIVES_WAY = (
    "is no value: it gives way to that of another wave, and contradicts none; states={…} in a "
    "Grouping say otherwise"
)

# A group that stands under its own name, with the values of the file.
PLAIN = Grouping()

# Wave to value to its name.
Texts = dict[str, dict[object, str]]


def code_values(
    waves: Waves,
    name: str,
    *,
    purpose: str,
    labelled: bool,
    grouping: Grouping = PLAIN,
    times: Mapping[str, Integers] | None = None,
) -> CodedValues:
    """Name the values of a group in the rows of waves.

    Where neither states nor bands are declared, values are named by their labels if they are
    `labelled`, several spellings of a name being one. What a file declares missing, or says that
    somebody refused, is a value too, though it gives way to any other; categories that no row has
    are kept, as `unused_values` lists them. If not `labelled`, values are named by code, and
    declared missing ones are blank. `times` says how many people each row stands for; by default
    one.
    """
    columns = group_columns(waves, name, purpose, grouping)
    if grouping.states is not None:
        item = GroupStates(columns, grouping.states, rest=grouping.rest, named=KINDS[purpose])
        states, unused, notes = code_states(item, name, waves, times)
        names = item.state_names
        return CodedValues(names, (), states, grouping, unused, tuple(notes), frozenset(names))
    codes = {}
    for wave, column in columns.items():
        read = read_codes(waves[wave].column(column, wave, purpose=purpose))
        codes[wave] = read if times is None else replace(read, times=times[wave])
    if grouping.bands:
        return _in_bands(waves, f"{KINDS[purpose].capitalize()} {name!r}", columns, codes, grouping)
    return _by_name(waves, columns, codes, grouping, labelled=labelled, purpose=purpose)


def _in_bands(
    waves: Waves,
    what: str,
    columns: Mapping[str, str],
    codes: Mapping[str, Codes],
    grouping: Grouping,
) -> CodedValues:
    """Cut the numbers of columns into bands."""
    bands = Bands(tuple(grouping.bands), grouping.rest)
    found, refused = {}, Refused()
    notes: list[str] = []
    # A file without labels may hold the codes of refusals that another one names or declares.
    known: dict[object, str] = {}
    silent = [code for wave, column in columns.items() for code in _missing(waves[wave], column)]
    for wave, column in columns.items():
        known = _labels(waves[wave], column) | known
    for wave, column in columns.items():
        labels = known | _labels(waves[wave], column)
        read = bands.read(codes[wave].people, labels, silent)
        bands.check(read, labels, f"{what}: Wave {wave!r} ({waves[wave].where}), column {column!r}")
        found[wave] = read.places
        declared = _missing(waves[wave], column)
        notes += _doubts(wave, codes[wave].people, read, labels, declared=declared, silent=silent)
        for text, people in read.refused.items():
            refused.add(text, wave, people)
    used = {place for places in found.values() for place in places.values()}
    # Nobody is below the first number in most panels.
    first = 0 if 0 in used else 1
    names = bands.names[first:]
    size = np.min_scalar_type(-len(names))
    rows = {
        wave: _look_up(codes[wave], {key: place - first for key, place in places.items()}, size)
        for wave, places in found.items()
    }
    notes += refused.notes("is read as no value, since it is no number", known.values())
    unused = len(names) - len(used)
    return CodedValues(names, (), rows, grouping, unused, tuple(notes), frozenset(names))


def _doubts(
    wave: str,
    people: Mapping[object, int],
    read: Read,
    labels: Mapping[object, str],
    *,
    declared: Sequence[Any],
    silent: Sequence[Any],
) -> Iterator[str]:
    """Say which values of a wave may be read otherwise than they were meant.

    `declared` is what its file declares missing, `silent` what that of any wave does.
    """
    if left := left_numbers(read.wrong):
        yield (
            f"at {wave}, rest='missing' reads as no value what has a number in it: {left}. If it "
            "belongs to a band, write it as that number"
        )
    for key, number in people.items():
        if declared_missing(key, silent) and not declared_missing(key, declared):
            yield (
                f"{code_text(key)} ({wave}: {count_people(number)}) is declared missing at another "
                "wave, and is read as no value here as well"
            )
    for key, number in far_codes({key: people[key] for key in read.places}).items():
        # "98 or older" is a number.
        if key not in labels:
            yield (
                f"{code_text(key)} ({wave}: {count_people(number)}) is far above all other numbers "
                "and counts as one. If it stands for no answer, make it a blank"
            )


def _by_name(
    waves: Waves,
    columns: Mapping[str, str],
    codes: Mapping[str, Codes],
    grouping: Grouping,
    *,
    labelled: bool,
    purpose: str,
) -> CodedValues:
    """Take the values of columns as they stand, by their labels or codes."""
    texts = {
        wave: {key: _plain(key) for key in codes[wave].people if key is not None}
        for wave in columns
    }
    same, refused = Spellings({}, ()), Refused()
    if labelled:
        texts = _with_labels(waves, columns, codes, texts)
        same = _spellings(waves, columns, codes, texts)
        texts = {
            wave: {key: same.of(text) for key, text in here.items()} for wave, here in texts.items()
        }
        refused = _refused(waves, columns, codes, texts, fixed=purpose == "fixed")
    declared = {*_declared(waves, columns, texts), *refused.people}
    rank = _ranked(waves, columns, texts)
    seen = len(rank)
    if labelled:
        rank |= _unused(waves, columns, texts, rank, declared)
    else:
        rank = {text: value for text, value in rank.items() if text not in declared}
    valid = _in_order({text: value for text, value in rank.items() if text not in declared})
    last = _in_order({text: value for text, value in rank.items() if text in declared})
    place = {text: position for position, text in enumerate((*valid, *last))}
    size = np.min_scalar_type(-max(len(place), 1))
    rows = {
        wave: _look_up(
            codes[wave], {key: place.get(text, -1) for key, text in texts[wave].items()}, size
        )
        for wave in columns
    }
    told = _told(waves, columns, codes, place) if labelled else frozenset()
    notes = [*same.notes, *refused.notes(GIVES_WAY, told)]
    if purpose == "groups":
        notes += _numbers_note(valid)
    unused = max(len(rank) - seen, 0)
    return CodedValues((*valid, *last), tuple(last), rows, grouping, unused, tuple(notes), told)


def _told(
    waves: Waves, columns: Mapping[str, str], codes: Mapping[str, Codes], texts: Iterable[str]
) -> frozenset[str]:
    """Find the texts that a label says, unless labels are people's own words at some wave."""
    said, own = set[str](), set[str]()
    for wave, column in columns.items():
        labels = _labels(waves[wave], column)
        hidden = own_words(codes[wave].people, labels)
        said.update(spelling_key(text) for text in labels.values())
        own.update(spelling_key(labels[code]) for code in hidden)
    return frozenset(text for text in texts if spelling_key(text) in said - own)


def _refused(
    waves: Waves,
    columns: Mapping[str, str],
    codes: Mapping[str, Codes],
    texts: Texts,
    *,
    fixed: bool,
) -> Refused:
    """Find the values that say so by their text or label.

    Not to know is no value of a trait that cannot change, and one of a group, which may be of
    opinions.
    """
    found = Refused()
    for wave, column in columns.items():
        missing = waves[wave].missing.get(column, ())
        for key, text in texts[wave].items():
            told = fixed or not says_undecided(text)
            if told and says_refusal(text) and not declared_missing(key, missing):
                found.add(text, wave, codes[wave].people[key])
    return found


def _declared(waves: Waves, columns: Mapping[str, str], texts: Texts) -> Iterator[str]:
    """Name the values that files declare missing."""
    for wave, column in columns.items():
        if missing := _missing(waves[wave], column):
            yield from (text for key, text in texts[wave].items() if declared_missing(key, missing))


def _ranked(waves: Waves, columns: Mapping[str, str], texts: Texts) -> dict[str, object]:
    """Give each name what it is put in order by."""
    ordered = _places(waves[wave].frame[column] for wave, column in columns.items())
    rank: dict[str, object] = {}
    for here in texts.values():
        for key, text in here.items():
            if isinstance(rank.setdefault(text, ordered.get(key, key)), str):
                # A file of codes knows the order better than one of label texts.
                rank[text] = ordered.get(key, _number(key))
    return rank


def _unused(
    waves: Waves,
    columns: Mapping[str, str],
    texts: Texts,
    rank: Mapping[str, object],
    declared: set[str],
) -> dict[str, object]:
    """Rank the categories that nobody has, but for other spellings of those that occur."""
    ordered = _places(waves[wave].frame[column] for wave, column in columns.items())
    known = {wave: set(own) for wave, own in texts.items()}
    spelt = {spelling_key(text) for text in rank}
    found: dict[str, object] = {}
    for code, text in unused_values(waves, columns, known, len(rank) - len(declared)).items():
        if spelling_key(text) not in spelt and not says_refusal(text):
            found.setdefault(text, ordered.get(code, code))
    return found


def _numbers_note(valid: Iterable[str]) -> list[str]:
    numbers = sum(re.fullmatch(r"-?\d+(\.\d+)?", text) is not None for text in valid)
    if numbers <= MANY_NUMBERS:
        return []
    return [
        f"{numbers} categories are numbers, and tables by group have a row for each. "
        "Grouping(…, bands=[…]) puts them together"
    ]


def _look_up(codes: Codes, meanings: Mapping[Any, int], size: np.dtype[Any]) -> SignedIntegers:
    """Replace codes by the positions of their categories; -1 for none."""
    table = np.full(len(codes.keys) + 1, -1, dtype=size)
    if isinstance(codes.keys, range):
        for key, position in meanings.items():
            table[1 + codes.keys.index(key)] = position
    else:
        table[1:] = [meanings.get(key, -1) for key in codes.keys]
    return from_table(table, codes.places)


def _places(columns: Iterable[pd.Series]) -> dict[object, int]:
    """Give the order of the values of categorical columns; empty where they are as sorted.

    Categories that only some waves have go where these waves have them.
    """
    merged: list[object] = []
    for column in columns:
        values = [canonical(value) for value in getattr(column.dtype, "categories", ())]
        texts = [value for value in values if isinstance(value, str)]
        numbers = all(isinstance(_number(value), (int, float)) for value in values)
        if numbers or (texts == values and texts == sorted(texts)):
            continue
        place = 0
        for value in values:
            if value in merged:
                place = merged.index(value)
            else:
                merged.insert(place, value)
            place += 1
    return {value: place for place, value in enumerate(merged)}


def _number(key: object) -> object:
    """Read text as the code it shows: files without labels may hold "1" for 1."""
    # Longer ones Python does not read.
    return int(key) if isinstance(key, str) and re.fullmatch(r"-?\d{1,4000}", key) else key


def _labels(wave: Wave, column: str) -> dict[object, str]:
    """Read the labels of a column."""
    read = {canonical(code): canonical(text) for code, text in wave.labels.get(column, {}).items()}
    return {code: text for code, text in read.items() if isinstance(text, str)}


def _missing(wave: Wave, column: str) -> Sequence[Any]:
    """Read what the file declares missing in a column."""
    return wave.missing.get(column, ())


def _plain(key: object) -> str:
    return key if isinstance(key, str) else code_text(key)


def _with_labels(
    waves: Waves, columns: Mapping[str, str], codes: Mapping[str, Codes], texts: Texts
) -> Texts:
    """Name values by their labels, or by those that other waves give the codes."""
    labels = {wave: _labels(waves[wave], column) for wave, column in columns.items()}
    shared = code_labels(waves, columns)
    found: Texts = {}
    for wave, here in texts.items():
        found[wave] = {}
        for key, text in here.items():
            others = shared.get(_number(key), {})
            if key not in labels[wave] and len(others) > 1:
                told = {
                    one: labels_shown(codes[one].people, labels[one]).get(_number(key))
                    for _, one in others.values()
                }
                said = " and ".join(
                    f"{'a label of few people' if text is None else repr(text)} in wave {one!r}"
                    for one, text in told.items()
                )
                raise ReadError(
                    f"Wave {wave!r} ({waves[wave].where}), column {columns[wave]!r}: code "
                    f"{code_text(key)} has no label here and means {said}. Label it, or recode the "
                    "column."
                )
            first = next(iter(others.values()))[0] if others else text
            found[wave][key] = labels[wave].get(key, first)
    return found


def _spellings(
    waves: Waves, columns: Mapping[str, str], codes: Mapping[str, Codes], texts: Texts
) -> Spellings:
    """Find the names that stand in several spellings."""
    values, people = [], dict[object, int]()
    for wave, here in texts.items():
        labels = _labels(waves[wave], columns[wave])
        for key, text in here.items():
            count = codes[wave].people[key]
            people[text] = people.get(text, 0) + count
            values.append(Named(wave, text, key in labels, count))
    # No message may show what people wrote in their own words.
    return spellings(values, shown=len(people) <= MANY_CODES and not looks_open(people))


def _in_order(order: Mapping[str, object]) -> list[str]:
    """Sort by code where codes are numbers, else by text."""
    numbers = all(isinstance(code, (int, float, np.number)) for code in order.values())
    if numbers:
        return sorted(order, key=lambda text: float(order[text]))  # type: ignore[arg-type]
    return sorted(order)
