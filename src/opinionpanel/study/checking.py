"""What ``opinionpanel check`` prints: all that can be said of a study, finished or not."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from opinionpanel.design import matching, weigh_people
from opinionpanel.errors import OpinionPanelError
from opinionpanel.panel import Panel, PeopleInMemory, link_waves
from opinionpanel.questions import (
    NOT_ASKED,
    Grouping,
    Item,
    grouping,
    looks_open,
    read_answers,
    read_fixed,
    read_groups,
)
from opinionpanel.study.declaration import Declaration, columns_at, declare, read_declared
from opinionpanel.study.keys import Keys, key_text, near
from opinionpanel.waves import (
    Request,
    Wave,
    canonical,
    code_text,
    column_names,
    declared_missing,
    fault,
    read_codes,
    read_wave,
    single_column,
    survey,
)

__all__ = ["check_study"]

Made = TypeVar("Made")
MOST_LABEL = 60


def check_study(path: str | Path) -> tuple[str, Keys]:
    """Read and link a study as far as it goes.

    Parameters
    ----------
    path : str or pathlib.Path
        The study's declaration.

    Returns
    -------
    text : str
        The summary of the panel, the weights, and the codes of every item with their states; at
        the end, where there is no fault, what to look at. Counts only, never an id or a row.
    keys : Keys
        What the file declares; its `faults` are those of the file, of the wave files and of the
        panel, all of them.

    Raises
    ------
    StudyError
        The file is missing, or is not TOML.

    Examples
    --------
    >>> import opinionpanel as op
    >>> text, keys = check_study(op.datasets.folder("attitudes_2024") / "study.toml")
    >>> keys.faults
    []
    """
    declared = declare(path)
    keys = declared.keys
    waves, lacking = _read_waves(declared)
    parts = [f"Study: {keys.title or 'without a title'} ({keys.path.name})"]
    panel = _partial(declared, waves, lacking)
    if not keys.faults:
        # The very read that a report does: what is said to be good is good.
        panel = _try(keys, "", partial(read_declared, declared))
    elif panel is not None:
        parts.append("The summary is of what is right; the faults are listed at the end.")
    if panel is not None:
        parts.append(str(panel))
    parts.append(_weights_text(keys, waves))
    parts += [_item_text(name, declared, waves) for name in keys.items]
    if panel is not None and not keys.faults:
        parts.append(_ending([*_weight_warnings(panel), *panel.notes]))
    return "\n\n".join(part for part in parts if part), keys


def _ending(notes: Sequence[str]) -> str:
    if not notes:
        return "No fault: the study can be read."
    things = "1 thing" if len(notes) == 1 else f"{len(notes)} things"
    return "\n  ".join([f"No fault, but {things} to look at:", *notes])


def _weight_warnings(panel: Panel) -> list[str]:
    """Name the pairs of waves whose weight leaves out most of those who answered both."""
    found: dict[tuple[str, str], str] = {}
    for name in panel.items:
        for first, last in pairwise(panel.asked(name)):
            codes = panel.answers[name]
            both = (codes[panel.position(first)] >= 0) & (codes[panel.position(last)] >= 0)
            weighted, people = (
                int((panel.weight(first, last).values[both] > 0).sum()),
                int(both.sum()),
            )
            if 2 * weighted < people:
                key = (first, last) if (first, last) in panel.weights else last
                have = "has" if weighted == 1 else "have"
                found.setdefault(
                    (first, last),
                    f"design.weight: {first} → {last}: only {weighted:,} of the {people:,} people "
                    f"who answered both {have} a positive {panel.design.weight_text(key)!r}. "
                    "Another column may be the weight.",
                )
    return list(found.values())


def _try(keys: Keys, key: str, make: Callable[[], Made]) -> Made | None:
    try:
        return make()
    except OpinionPanelError as error:
        # The key says which item it is.
        text = re.sub(r"^Item '[^']*': ", "", str(error))
        line = f"{key}: {text}" if key else text
        # The whole may be refused for what a part was refused for.
        if line not in keys.faults and (key or not any(f.endswith(text) for f in keys.faults)):
            keys.faults.append(line)
        return None


def _read_waves(declared: Declaration) -> tuple[dict[str, Wave], set[str]]:
    """Read what the study names of every wave; and collect the keys that name a missing column."""
    keys = declared.keys
    waves: dict[str, Wave] = {}
    lacking: set[str] = set()
    absent: dict[tuple[str, str], list[str]] = {}
    found: set[tuple[str, str]] = set()
    # A damaged header could end this program: other ones look first.
    damages = _try(keys, "waves", partial(survey, declared.files.values())) or {}
    for wave, path in declared.files.items():
        if damage := damages.get(path):
            keys.faults.append(f"wave {wave!r}: {fault(path, damage)}")
            continue
        encoding = declared.encoding.get(wave)
        request = Request(path, None, encoding, keys.allow_lost_missing)
        names = _try(keys, f"wave {wave!r}", partial(column_names, request))
        if names is None:
            continue
        take: list[str] = []
        for key, column, required in _needed(declared, wave, names):
            if column in names:
                take.append(column)
                found.add((key, column))
            elif required:
                keys.faults.append(_no_column(key, column, f"wave {wave!r}", path, names))
                lacking.add(key)
            else:
                absent.setdefault((key, column), names)
        if not take:
            continue
        read = _try(
            keys,
            f"wave {wave!r}",
            partial(
                read_wave,
                path,
                columns=take,
                encoding=encoding,
                allow_lost_missing=keys.allow_lost_missing,
            ),
        )
        if read is not None:
            waves[wave] = read
    for (key, column), names in absent.items():
        if (key, column) not in found:
            keys.faults.append(_no_column(key, column, "no wave that was read", None, names))
            lacking.add(key)
    return waves, lacking


def _no_column(key: str, column: str, where: str, path: Path | None, names: list[str]) -> str:
    if path is None:
        return f"{key}: {where} has a column {column!r}.{near(column, names)}"
    hint = f"{near(column, names)}{single_column(path, names)}"
    return f"{key}: {where} ({path.name}) has no column {column!r}.{hint}"


def _needed(declared: Declaration, wave: str, names: list[str]) -> list[tuple[str, str, bool]]:
    """List the columns named for a wave: the key, the column, whether it must be in this wave."""
    keys, design = declared.keys, declared.keys.design
    needed = [("person", column, True) for column in columns_at(keys.person or [], wave)]
    for name, item in keys.items.items():
        needed += [
            (key_text(["items", name]), column, True) for column in columns_at(item.column, wave)
        ]
    for name, one in grouping(declared.groups).items():
        if (column := one.column_at(wave, name)) is not None:
            needed.append((key_text(["groups", name]), column, isinstance(one.column, Mapping)))
    needed += [("fixed", column, False) for column in keys.fixed]
    if design is None:
        return needed
    if wave not in design.unweighted:
        weights = columns_at(design.weight or [], wave)
        needed += [("design.weight", column, True) for column in weights]
    for role in ("stratum", "psu", "fpc"):
        if (column := getattr(design, role)) is not None:
            needed.append((f"design.{role}", column, False))
    patterns = columns_at(design.replicates.columns if design.replicates else [], wave)
    for pair in design.longitudinal:
        if wave in (pair.start, pair.end):
            # A longitudinal weight may come with either of its waves.
            needed.append(("design.longitudinal", pair.weight, False))
            patterns += columns_at(pair.replicates or [], wave)
    for pattern in patterns:
        needed += [("design.replicates", column, False) for column in matching(pattern, names)]
    return needed


def _partial(declared: Declaration, waves: Mapping[str, Wave], lacking: set[str]) -> Panel | None:
    """Try every part of the panel by itself; build one of the parts that are right."""
    keys, person = declared.keys, declared.person
    if not waves:
        return None
    # Until they are linked, the people of every wave are people of their own.
    sizes = [len(wave.frame) for wave in waves.values()]
    of_wave = np.repeat(np.arange(len(waves)), sizes)
    rows = {name: np.flatnonzero(of_wave == place) for place, name in enumerate(waves)}
    present = of_wave == np.arange(len(waves))[:, None]
    people = len(of_wave)
    items = {}
    for name, whole in declared.items.items():
        item = _within(whole, waves)
        if item is None or key_text(["items", name]) in lacking:
            continue
        read = partial(read_answers, item, name, waves, rows, present)
        if _try(keys, key_text(["items", name]), read) is not None:
            items[name] = item
    groups: dict[str, Grouping] = {}
    fixed: list[str] = []
    design = None
    if set(waves) == set(keys.wave_names):
        for name, one in grouping(declared.groups).items():
            sort = partial(read_groups, {name: one}, waves, rows, people)
            if (
                key_text(["groups", name]) not in lacking
                and _try(keys, key_text(["groups", name]), sort) is not None
            ):
                groups[name] = one
        compare = partial(read_fixed, keys.fixed, waves, rows, people)
        if "fixed" not in lacking and _try(keys, "fixed", compare) is not None:
            fixed = keys.fixed
        everyone = PeopleInMemory(waves, rows, present)
        if declared.design is not None and not any(key.startswith("design.") for key in lacking):
            design = declared.design
            if (
                _try(
                    keys, "design", partial(weigh_people, design, waves, everyone.numbers, present)
                )
                is None
            ):
                design = None
    named = isinstance(person, str) or all(wave in (person or {}) for wave in waves)
    if person is None or not named or "person" in lacking:
        return None
    linked = _try(keys, "person", partial(link_waves, waves, person, duplicates=keys.duplicates))
    if linked is None:
        return None
    for chosen in (design, None):
        build = partial(
            Panel.from_waves,
            waves,
            person=person,
            items=items,
            groups=groups,
            design=chosen,
            fixed=fixed,
            duplicates=keys.duplicates,
            dates=declared.dates,
            source=keys.source,
        )
        if (panel := _try(keys, "", build)) is not None:
            return panel
    return None


def _within(item: Item, waves: Iterable[str]) -> Item | None:
    """Narrow an item to the waves that could be read."""
    if not isinstance(item.column, Mapping):
        return item
    columns = {wave: item.column[wave] for wave in waves if wave in item.column}
    return replace(item, column=columns) if columns else None


def _weights_text(keys: Keys, waves: Mapping[str, Wave]) -> str:
    """Describe the weights of every wave, whether or not the waves link."""
    if keys.design is None or keys.design.weight is None:
        return ""
    lines = []
    for name, wave in waves.items():
        for column in columns_at(keys.design.weight, name):
            if column not in wave.frame.columns:
                continue
            values = pd.to_numeric(
                wave.valid(column, name, purpose="weight"), errors="coerce"
            ).to_numpy(dtype=float, na_value=np.nan)
            positive = values[values > 0]
            text = f"  {name}, {column}: {len(positive):,} positive"
            if len(positive):
                text += f" (mean {positive.mean():.3g}, from {positive.min():.3g} "
                text += f"to {positive.max():.3g})"
            for count, what in (
                ((values == 0).sum(), "zero"),
                ((values < 0).sum(), "negative"),
                (np.isnan(values).sum(), "blank or no number"),
            ):
                text += f", {count:,} {what}" if count else ""
            lines.append(text)
    return "\n".join(["Weights", *lines]) if lines else ""


def _item_text(name: str, declared: Declaration, waves: Mapping[str, Wave]) -> str:
    """List the codes of an item by wave: label, people, and the state each is read as."""
    written = declared.keys.items[name]
    lines = [f"Codes of item {name}" + (f": {written.question}" if written.question else "")]
    for wave, record in waves.items():
        draft = declared.drafts.get((name, wave)) or declared.drafts.get((name, ""))
        ids = columns_at(declared.keys.person or [], wave)
        for column in columns_at(written.column, wave):
            if column in record.frame.columns:
                wording = record.wording.get(column, "")
                shown = f": {wording}" if wording and wording != written.question else ""
                lines.append(f"  {wave} ({record.where}), {column}{shown}")
                if column in ids:
                    lines.append("    the person id, of which no value is shown")
                    continue
                lines += _code_lines(record, wave, column, draft, bool(written.states))
    return "\n".join(lines)


def _code_lines(
    record: Wave, wave: str, column: str, item: Item | None, has_states: bool
) -> list[str]:
    try:
        people = read_codes(record.frame[column]).people
    except OpinionPanelError as error:
        return [f"    {error}"]
    labels = {canonical(code): text for code, text in record.labels.get(column, {}).items()}
    missing = record.missing.get(column, ())
    blanks = people.pop(None, 0)
    if looks_open(people):
        # Most likely ids or open answers, which nobody may read here.
        return [f"    {len(people):,} different values, {blanks:,} blank"]
    states: tuple[str, ...] = ()
    meanings: Mapping[object, int] = {}
    # States with a fault in them do not say what a code means.
    rest = "?" if has_states else "unmapped"
    if item is not None:
        try:
            meanings = item.meanings(wave, labels=labels, missing=missing)
            states, rest = item.state_names, "no answer (rest)" if item.rest else "unmapped"
        except OpinionPanelError:
            pass
    rows = [("code", "people", "state", "label")]
    codes = [*people, *(code for code in labels if code is not None and code not in people)]
    for code in sorted(codes, key=_rank):
        meant = meanings.get(code)
        state = rest if code in people else ""
        if meant is not None:
            state = "not asked" if meant == NOT_ASKED else states[meant]
        label = _short(str(labels.get(code, "")))
        if declared_missing(code, missing):
            label = f"{label} (declared missing)".strip()
        rows.append((code_text(code), f"{people.get(code, 0):,}", state, label))
    if blanks:
        meant = meanings.get(None)
        state = "no answer"
        if meant is not None:
            state = "not asked" if meant == NOT_ASKED else states[meant]
        rows.append(("blank", f"{blanks:,}", state, ""))
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    return [
        f"    {code:>{widths[0]}}  {count:>{widths[1]}}  {state:<{widths[2]}}  {label}".rstrip()
        for code, count, state, label in rows
    ]


def _short(label: str) -> str:
    return label if len(label) <= MOST_LABEL else label[: MOST_LABEL - 1] + "…"


def _rank(code: object) -> tuple[bool, float, str]:
    number = isinstance(code, (int, float))
    return not number, float(code) if number else 0.0, str(code)  # type: ignore[arg-type]
