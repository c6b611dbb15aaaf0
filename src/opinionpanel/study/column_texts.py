"""What ``opinionpanel check`` shows of a study's columns: weights and codes, wave by wave."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from opinionpanel.errors import OpinionPanelError
from opinionpanel.escaping import terminal_line, terminal_text
from opinionpanel.questions import (
    NOT_ASKED,
    NOT_INTERVIEWED,
    Item,
    labels_shown,
    looks_open,
    nameable,
    others_text,
    unshown_labels_text,
    where_shown,
)
from opinionpanel.study.declaration import Declaration, columns_at
from opinionpanel.study.keys import StudyKeys
from opinionpanel.waves import (
    LEAST_PEOPLE,
    Wave,
    canonical,
    code_order,
    code_text,
    declared_missing,
    read_codes,
)

MOST_LABEL = 60


class CodeRow(NamedTuple):
    """A row of the table of codes, as it is printed."""

    code: str
    rows: str
    state: str
    label: str


def weights_text(keys: StudyKeys, waves: Mapping[str, Wave]) -> str:
    """Describe the weights of every wave, whether or not the waves link."""
    if keys.design is None or keys.design.weight is None:
        return ""
    lines = [
        f"  {name}, {column}: {_weight_text(wave, name, column)}"
        for name, wave in waves.items()
        for column in columns_at(keys.design.weight, name)
        if column in wave.frame.columns
    ]
    return terminal_text(["Weights", *lines]) if lines else ""


def _weight_text(wave: Wave, name: str, column: str) -> str:
    values = pd.to_numeric(wave.valid(column, name, purpose="weight"), errors="coerce").to_numpy(
        dtype=float, na_value=np.nan
    )
    positive = np.sort(values[values > 0])
    text = f"{len(positive):,} positive"
    if len(positive) >= 2 * LEAST_PEOPLE:
        # The least and the greatest are each one person's.
        low, high = positive[LEAST_PEOPLE - 1], positive[-LEAST_PEOPLE]
        text += f" (mean {positive.mean():.3g}; at least {LEAST_PEOPLE} people have {low:.3g} or "
        text += f"less, and {high:.3g} or more)"
    for count, what in (
        ((values == 0).sum(), "zero"),
        ((values < 0).sum(), "negative"),
        (np.isnan(values).sum(), "blank or no number"),
    ):
        text += f", {count:,} {what}" if count else ""
    return text


def rows_text(waves: Mapping[str, Wave], people: Mapping[str, int]) -> str:
    """Say at which waves the file's rows, which tables of codes count, are not the panel's people.

    `people` are those interviewed at each wave.
    """
    lines = [
        f"  {name}: {len(waves[name].frame):,} in the file, {number:,} in the panel"
        for name, number in people.items()
        if name in waves and len(waves[name].frame) != number
    ]
    head = "Rows in the tables of codes below, which are the file's, and people in the panel above"
    return terminal_text([head, *lines]) if lines else ""


def item_text(name: str, declared: Declaration, waves: Mapping[str, Wave]) -> str:
    """List the codes of an item by wave: label, rows of the file, and the state each is read as."""
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
    return terminal_text(lines)


def _code_lines(
    record: Wave, wave: str, column: str, item: Item | None, has_states: bool
) -> list[str]:
    """Lay out the table of a column's codes; `item` knows what they mean, as far as it is right."""
    try:
        people = read_codes(record.frame[column]).people
    except OpinionPanelError as error:
        return [f"    {error}"]
    blanks = people.pop(None, 0)
    labels = {
        canonical(code): str(text)
        for code, text in record.labels.get(column, {}).items()
        if canonical(code) is not None
    }
    missing = record.missing.get(column, ())
    # States with a fault in them do not say what a code means.
    rest = "?" if has_states else "unmapped"
    meant: dict[object, str] = {}
    if item is not None:
        try:
            meant = _meant(item, wave, labels, missing)
            rest = "no answer (rest)" if item.rest else "unmapped"
        except OpinionPanelError:
            pass
    rows = [CodeRow("code", "rows", "state", "label")]
    named, said = nameable(people, labels, meant), labels_shown(people, labels)
    if looks_open(people):
        # Most likely ids or open answers, which nobody may read here.
        named &= labels.keys() | meant.keys()
    for code in sorted(named, key=code_order):
        state = meant.get(code, rest if code in people else "")
        label = _short(said.get(code, ""))
        if declared_missing(code, missing):
            label = f"{label} (declared missing)".strip()
        rows.append(CodeRow(code_text(code), f"{people.get(code, 0):,}", state, label))
    if blanks:
        rows.append(CodeRow("blank", f"{blanks:,}", meant.get(None, "no answer"), ""))
    others = others_text(count for code, count in people.items() if code not in named)
    lines = _table(rows) if len(rows) > 1 else []
    if unshown := unshown_labels_text(named, labels, said, column):
        lines.append(f"    {unshown}")
    return [*lines, f"    {others}: {rest}. {where_shown(column)}"] if others else lines


def _meant(
    item: Item, wave: str, labels: Mapping[object, str], missing: Sequence[Any]
) -> dict[object, str]:
    """Name the state that each code is read as, and what is no answer by declaration."""
    meanings = item.meanings(wave, labels=labels, missing=missing)
    names = dict(enumerate(item.state_names))
    names |= {NOT_ASKED: "not asked", NOT_INTERVIEWED: "no interview"}
    return {code: names[meaning] for code, meaning in meanings.items()}


def _table(rows: list[CodeRow]) -> list[str]:
    rows = [CodeRow(*map(terminal_line, row)) for row in rows]
    first, second, third, _ = (max(map(len, texts)) for texts in zip(*rows, strict=True))
    return [
        f"    {code:>{first}}  {people:>{second}}  {state:<{third}}  {label}".rstrip()
        for code, people, state, label in rows
    ]


def _short(label: str) -> str:
    return label if len(label) <= MOST_LABEL else label[: MOST_LABEL - 1] + "…"
