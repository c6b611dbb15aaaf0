"""The waves of one file: their names, and the order in which they were in the field."""

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from opinionpanel.arguments import listed
from opinionpanel.errors import LinkError, ReadError, SelectionError, listing, unknown
from opinionpanel.panel.fieldwork_dates import readings
from opinionpanel.questions import nameable
from opinionpanel.waves import canonical, code_text, folded

NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
# More different values are no waves, but ids, which no message shows; fewer are if hardly any row
# shares its value with others.
MOST_WAVES = 200
FEW_WAVES, LEAST_ROWS = 12, 4
MOST_NAMED = 8


def waves_of(
    counts: Mapping[Hashable, int],
    column: str,
    *,
    levels: Sequence[object] | None = None,
    labels: Mapping[Hashable, str] | None = None,
    waves: Sequence[str] | None = None,
) -> dict[str, list[Hashable]]:
    """Name the waves of a column of waves, in the order of fieldwork.

    Parameters
    ----------
    counts : dict
        Value to the number of its rows; None for a blank. Values that are written with other
        spaces around them may stand apart.
    column : str
    levels : sequence, optional
        The values of an ordered category, in their order.
    labels : dict, optional
        Value to label, where the file has labels.
    waves : sequence of str, optional
        Which waves to take, and in which order; by value or by label.

    Returns
    -------
    dict of str to list
        Wave to its values.

    Raises
    ------
    LinkError
        Rows without a wave, or text whose order nobody can know.
    SelectionError
        A wave in `waves` that does not occur.

    Examples
    --------
    >>> list(waves_of({10: 50, 9: 50}, "wave"))
    ['9', '10']
    >>> list(waves_of({"Nov 2024": 50, "Jul 2024": 50}, "wave"))
    ['Jul 2024', 'Nov 2024']
    >>> list(waves_of({1: 50, 2: 50}, "wave", labels={1: "Spring", 2: "Autumn"}, waves=["Spring"]))
    ['Spring']
    """
    if gaps := sum(rows for value, rows in counts.items() if wave_text(value) is None):
        raise LinkError(
            f"Column {column!r}: {gaps} row(s) do not say which wave they are from. Fill the "
            "column, or remove these rows."
        )
    found: dict[str, list[Hashable]] = {}
    for value in counts:
        found.setdefault(str(wave_text(value)), []).append(value)
    few = len(found) > FEW_WAVES and sum(counts.values()) < LEAST_ROWS * len(found)
    if few or len(found) > MOST_WAVES:
        raise LinkError(
            f"Column {column!r} has {len(found):,} different values, as ids and times of "
            "interviews have. Name the column that says which wave a row is from."
        )
    if waves is not None:
        return _chosen(found, labels or {}, waves, _of_several(found, counts))
    order = None if levels is None else [str(wave_text(level)) for level in levels]
    names = in_order(list(found)) if order is None else sorted(found, key=order.index)
    if names is None:
        several = _of_several(found, counts)
        raise LinkError(_no_order(column, several, len(found) - len(several)))
    return {name: found[name] for name in names}


def check_roles(ids: Sequence[str], wave: str) -> None:
    """Refuse an id as the column of waves, whose values are shown."""
    if wave in ids:
        raise LinkError(
            f"Column {wave!r} is named as the person id and as the column of waves. In wave= name "
            "the column that says which wave a row is from."
        )


def refuse_twice(waves: Sequence[str]) -> None:
    """Refuse waves of one file of which some are named twice."""
    if twice := [wave for wave, times in Counter(waves).items() if times > 1]:
        raise ReadError(f"waves= names {listing(twice)} twice. Name each wave once.")


def wave_text(value: object) -> str | None:
    """Write a value as the name of a wave; None for a blank.

    Examples
    --------
    >>> wave_text(2016.0), wave_text(" May "), wave_text(date(2024, 7, 18)), wave_text(float("nan"))
    ('2016', 'May', '2024-07-18', None)
    """
    if canonical(value) is None:
        return None
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    if isinstance(value, bool):
        # As on engines, where a boolean is a number.
        value = int(value)
    return str(canonical(value)) if isinstance(value, (str, date)) else code_text(value)


def in_order(names: Sequence[str]) -> list[str] | None:
    """Sort names that are numbers or dates; None where nobody can know their order.

    Dates may be of different kinds, but must all tell their order, with the day as with the month
    first.
    """
    if len(names) < 2:
        return list(names)
    keys: list[Any]
    if all(NUMBER.fullmatch(name) for name in names):
        keys = [float(name) for name in names]
        ranked = sorted(names, key=lambda name: keys[names.index(name)])
        return ranked if len(set(keys)) == len(keys) else None
    orders = [_by_date(names, reading) for reading in (0, 1)]
    return orders[0] if orders[0] == orders[1] else None


def _by_date(names: Sequence[str], reading: int) -> list[str] | None:
    """Sort names by their dates; None where some tell none, or not which of two is earlier."""
    dates = {name: (*readings(name)[reading], *_clock(name)) for name in names}
    ranked = sorted(names, key=lambda name: dates[name])
    for one, other in pairwise(ranked):
        told = min(len(dates[one]), len(dates[other]))
        if dates[one][:told] == dates[other][:told]:
            return None
    return ranked


def _clock(name: str) -> tuple[int, ...]:
    """Read the time of a day that is written as computers write it."""
    try:
        moment = datetime.fromisoformat(name)
    except ValueError:
        return ()
    clock = moment.time()
    return () if clock == time() else (clock.hour, clock.minute, clock.second, clock.microsecond)


def _chosen(
    found: Mapping[str, list[Hashable]],
    labels: Mapping[Hashable, str],
    waves: Sequence[str],
    known: Sequence[str],
) -> dict[str, list[Hashable]]:
    """Take the waves that are named, by their values or else by the labels of these.

    Messages name those that are `known`.
    """
    told = {canonical(code): text for code, text in labels.items()}
    by_label: dict[str, list[Hashable]] = {}
    for values in found.values():
        for value in values:
            if (text := told.get(canonical(value))) is not None:
                by_label.setdefault(folded(text), []).append(value)
    names = [str(wave_text(name)) for name in listed(waves)]
    refuse_twice(names)
    taken: dict[str, list[Hashable]] = {}
    for name in names:
        values = found.get(name, by_label.get(folded(name), []))
        if not values:
            labelled = [str(told[code]) for code in map(canonical, _flat(found)) if code in told]
            rare = f" Others have a few rows: {left}." if (left := len(found) - len(known)) else ""
            known = [*(in_order(known) or known), *labelled]
            raise SelectionError(f"{unknown('wave', name, known)}{rare}")
        if any(values == other for other in taken.values()):
            raise ReadError(f"waves= names one wave twice, also as {name!r}. Name it once.")
        taken[name] = values
    return taken


def _of_several(found: Mapping[str, list[Hashable]], counts: Mapping[Hashable, int]) -> list[str]:
    """List the waves of several rows: what stands in a few may be anything."""
    rows = {name: sum(counts[value] for value in values) for name, values in found.items()}
    named = nameable(dict(rows), {})
    return sorted(name for name in found if name in named)


def _flat(found: Mapping[str, list[Hashable]]) -> list[Hashable]:
    return [value for values in found.values() for value in values]


def _no_order(column: str, names: Sequence[str], others: int) -> str:
    more = others or len(names) > MOST_NAMED
    shown = ", ".join([*map(repr, names[:MOST_NAMED]), *(["…"] if more else [])])
    rare = f"{' and ' if names else ''}{others} of a few rows" if others else ""
    return (
        f"Column {column!r} names the waves by text, whose order nobody can know: "
        f"{listing(names)}{rare}. Name the waves in the order of fieldwork: waves=[{shown}], or in "
        "study.toml a block [[waves]] with the name of each."
    )
