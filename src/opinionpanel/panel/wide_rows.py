"""The rows of a wide frame: which columns each wave has, and that every row is a person."""

import re
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import pandas as pd

from opinionpanel.arguments import listed
from opinionpanel.arrays import Booleans, Integers
from opinionpanel.errors import ItemError, LinkError, listing, unknown
from opinionpanel.panel.declared import Interviewed, told_waves
from opinionpanel.panel.ids import as_text, exact_ids, exact_texts, is_placeholder
from opinionpanel.panel.linking import Duplicates
from opinionpanel.panel.wave_order import in_order, refuse_twice
from opinionpanel.questions import AnyQuestion, Questions
from opinionpanel.waves import Wave


def columns_by_wave(items: Questions, waves: Sequence[str] | None = None) -> dict[str, list[str]]:
    """List the columns of the items at every wave, the waves in their order."""
    if not items:
        raise ItemError("A wide frame has the waves that items name, and no item is given.")
    for name, item in items.items():
        if not isinstance(item.column, Mapping):
            raise ItemError(
                f"Item {name!r} names one column, {item.column}, for all waves. A wide frame "
                "has one by wave: column={'w1': 'q1_w1', 'w2': 'q1_w2'}."
            )
    known = _named(items)
    waves = order_of_waves(known) if waves is None else listed(waves)
    for wave in waves:
        if not any(wave in columns for columns in known):
            every = dict.fromkeys(name for columns in known for name in columns)
            raise unknown("wave: no item names a column for", wave, every)
    refuse_twice(waves)
    return {
        wave: list(
            dict.fromkeys(column for item in items.values() for column in item.columns_at(wave))
        )
        for wave in waves
    }


def telling_columns(
    asked: Mapping[str, Sequence[str]], interviewed: Interviewed
) -> dict[str, Sequence[str]]:
    """List the columns of which an answer tells that somebody was interviewed at a wave.

    None where a status or a weight is declared to tell it: there every row may be an interview,
    also one without an answer.
    """
    told = told_waves(interviewed, asked)
    return {wave: () if wave in told else columns for wave, columns in asked.items()}


def check_columns(header: Wave, asked: Mapping[str, Sequence[str]]) -> None:
    """Refuse a column of an item that is not there."""
    for wave, columns in asked.items():
        for column in columns:
            header.column(column, wave, purpose="item")


def order_of_waves(named: Sequence[Sequence[str]]) -> list[str]:
    """Put the waves that each item names into one order that goes with that of every item.

    Examples
    --------
    >>> order_of_waves([["w1", "w3"], ["w2"]])
    ['w1', 'w2', 'w3']
    """
    left = list(dict.fromkeys(wave for waves in named for wave in waves))
    # Of waves that no item names beside each other, their numbers or dates may tell the order.
    left = in_order(left) or _by_number(left) or left
    order: list[str] = []
    while left:
        heads = [waves[0] for waves in named if waves]
        later = {wave for waves in named for wave in waves[1:]}
        free = [wave for wave in left if wave in heads and wave not in later]
        if not free:
            raise ItemError(
                f"Items name the waves {listing(left)} in different orders. Name them in the "
                "order of fieldwork in every item, or by waves=."
            )
        order.append(free[0])
        left.remove(free[0])
        named = [[wave for wave in waves if wave != free[0]] for waves in named]
    return order


def _named(items: Questions) -> list[list[str]]:
    """List the waves that every item names."""
    return [list(item.column) for item in items.values() if isinstance(item.column, Mapping)]


def _by_number(names: Sequence[str]) -> list[str] | None:
    """Sort names that differ in a single number, as w1 and w2 do."""
    # Python reads no number of thousands of digits, and nobody calls a wave so.
    parts = [re.split(r"(\d{1,18})", name) for name in names]
    if {len(part) for part in parts} != {3} or len({tuple(part[::2]) for part in parts}) > 1:
        return None
    number = {name: int(part[1]) for name, part in zip(names, parts, strict=True)}
    return sorted(names, key=number.__getitem__)


def items_at(items: Questions, waves: Sequence[str]) -> dict[str, AnyQuestion]:
    """Narrow items to the waves that are taken; those of none are refused."""
    narrowed = {}
    for name, item in items.items():
        taken = item.within(waves)
        if taken is None:
            raise ItemError(f"Item {name!r} was asked at none of the waves {listing(waves)}.")
        narrowed[name] = taken
    return narrowed


def refuse_count_of_ids(count: str, person: str | None) -> None:
    """Refuse an id beside a count of people."""
    if person is not None:
        raise LinkError(
            f"With count={count!r} a row stands for several people, so it cannot have an id "
            f"of one person. Leave person={person!r} out."
        )


def row_ids(column: pd.Series, where: str, no_id: Sequence[Hashable]) -> tuple[Integers, Booleans]:
    """Give every id a number, and every row without one its own; also tell who has none."""
    keys, blank = exact_ids(column, where)
    texts = as_text(keys)
    codes, found = pd.factorize(texts)
    times = np.bincount(codes, minlength=len(found))
    none = exact_texts(no_id)
    nobody = np.array(
        [
            text in none or (rows > 1 and is_placeholder(text, int(rows)))
            for text, rows in zip(found, times, strict=True)
        ],
        dtype=bool,
    )[codes]
    nobody |= blank
    ids = codes.astype(np.int64)
    ids[nobody] = len(found) + np.arange(int(nobody.sum()))
    return ids, nobody


def check_ids(
    where: str, person: str, duplicates: Duplicates, *, nobody: int, rows: int, ids: int
) -> str:
    """Refuse ids that stand in several rows of a wide frame; give a note on rows without one."""
    if rows and duplicates == "error":
        raise LinkError(
            f"{where}: {ids} id(s) stand in more than one row ({rows} rows, {rows - ids} too "
            "many). In a wide file every row is a person: remove the repeated rows, name the right "
            "id column in person=, leave person= out if every row is another person, or leave out "
            "all of these rows by duplicates='drop_all'. If it has a row per person and wave, it "
            "is long: name the column of waves, wave='…' (in frames, Panel.from_long)."
        )
    if not nobody:
        return ""
    return (
        f"column {person!r}: {nobody:,} row(s) have no id, or a value that stands for none; in a "
        "wide file every row is a person, so these are people of their own"
    )
