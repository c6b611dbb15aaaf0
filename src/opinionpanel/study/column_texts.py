"""What ``opinionpanel check`` shows of a study's columns: weights and codes, wave by wave."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from opinionpanel.errors import OpinionPanelError
from opinionpanel.escaping import terminal_line, terminal_text
from opinionpanel.questions import (
    NOT_ASKED,
    NOT_INTERVIEWED,
    AnyQuestion,
    Item,
    Option,
    Score,
    labels_shown,
    looks_open,
    nameable,
    others_text,
    read_codes_of_score,
    unshown_labels_text,
    where_shown,
)
from opinionpanel.study.declaration import Declaration
from opinionpanel.study.declared_questions import columns_at
from opinionpanel.study.key_forms import StudyMultiple, StudyScale, StudyScore
from opinionpanel.study.keys import StudyKeys
from opinionpanel.study.texts import LANGUAGE, in_language
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
NO_ID_SHOWN = "the person id, of which no value is shown"


class CodeRow(NamedTuple):
    """A row of the table of codes, as it is printed."""

    code: str
    rows: str
    state: str
    label: str


class ColumnCodes(NamedTuple):
    """The codes of a column that a text may name; and how many people have each of the others."""

    rows: list[CodeRow]
    unshown: str
    unnamed: list[int]


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
    written = declared.keys.questions[name]
    question = in_language(written.question, LANGUAGE)
    lines = [f"Codes of {declared.keys.kind(name)} {name}" + (f": {question}" if question else "")]
    for wave, record in waves.items():
        draft = declared.drafts.get((name, wave)) or declared.drafts.get((name, ""))
        ids = columns_at(declared.keys.ids, wave)
        for column in columns_at(written.column, wave):
            if column in record.frame.columns:
                wording = record.wording.get(column, "")
                shown = f": {wording}" if wording and wording != question else ""
                lines.append(f"  {wave} ({record.where}), {column}{shown}")
                if column in ids:
                    lines.append(f"    {NO_ID_SHOWN}")
                    continue
                if isinstance(written, (StudyScore, StudyScale)):
                    lines += _number_lines(record, wave, column, declared.items.get(name))
                elif isinstance(written, StudyMultiple):
                    lines += _option_lines(record, wave, column, _options(name, declared))
                else:
                    lines += _code_lines(record, wave, column, draft, bool(written.states))
    return terminal_text(lines)


def _code_lines(
    record: Wave, wave: str, column: str, item: Item | None, has_states: bool
) -> list[str]:
    """Lay out the table of a column's codes; `item` knows what they mean, as far as it is right."""
    labels = labels_of(record, column)
    # States with a fault in them do not say what a code means.
    rest = "?" if has_states else "unmapped"
    meant: dict[object, str] = {}
    if item is not None:
        try:
            meant = _meant(item, wave, labels, record.missing.get(column, ()))
            rest = "no answer (rest)" if item.rest else "unmapped"
        except OpinionPanelError:
            pass
    try:
        codes = column_codes(record, column, meant, rest)
    except OpinionPanelError as error:
        return [f"    {error}"]
    lines = code_table(codes.rows)
    lines += [f"    {codes.unshown}"] if codes.unshown else []
    others = others_text(codes.unnamed)
    return [*lines, f"    {others}: {rest}. {where_shown(column)}"] if others else lines


def _options(name: str, declared: Declaration) -> list[Option]:
    """List the options of a question that takes several answers."""
    return [
        one for one in declared.items.values() if isinstance(one, Option) and one.multiple == name
    ]


def _option_lines(record: Wave, wave: str, column: str, options: Sequence[Option]) -> list[str]:
    """Lay out the table of a column's codes, with the option that each marks."""
    named = {label: code for code, label in labels_of(record, column).items()}
    meant: dict[object, str] = {}
    for option in options:
        if option.columns_at(wave) and column in (columns := option.marks_at(wave).columns):
            for code in option.marks_at(wave).own[columns.index(column)]:
                meant[named.get(str(code), canonical(code))] = option.option
    try:
        codes = column_codes(record, column, meant, "not selected")
    except OpinionPanelError as error:
        return [f"    {error}"]
    return [*code_table(codes.rows), *([f"    {codes.unshown}"] if codes.unshown else [])]


def _number_lines(record: Wave, wave: str, column: str, score: AnyQuestion | None) -> list[str]:
    """Count the numbers of a score together, and list the codes that are none, or have a label."""
    if not isinstance(score, Score):
        # Without the ends of its scale nobody knows what is a number of it.
        return _code_lines(record, wave, column, None, has_states=True)
    try:
        numbers, meant = read_codes_of_score(score, wave, column, record)
        codes = column_codes(record, column, meant, "?", leave_out=numbers)
    except OpinionPanelError as error:
        return [f"    {error}"]
    rows = sum(numbers.values())
    lines = [f"    numbers from {score.ends}: {rows:,} rows, {len(numbers):,} different"]
    lines += code_table(codes.rows)
    others = others_text(codes.unnamed)
    return [*lines, f"    {others}: ?. {where_shown(column)}"] if others else lines


def labels_of(record: Wave, column: str) -> dict[object, str]:
    """Give the labels of a column by the canonical form of their codes."""
    return {
        code: str(text)
        for key, text in record.labels.get(column, {}).items()
        if (code := canonical(key)) is not None
    }


def column_codes(
    record: Wave,
    column: str,
    meant: Mapping[object, str],
    rest: str,
    *,
    leave_out: Collection[object] = (),
) -> ColumnCodes:
    """Count the codes of a column; what few people have is counted together.

    Parameters
    ----------
    record : Wave
    column : str
    meant : dict
        Code to the state that it is read as.
    rest : str
        What other codes are read as; "" where no states are looked at.
    leave_out : collection
        Codes that are counted elsewhere.

    Raises
    ------
    OpinionPanelError
        The column holds no answers, but lists or the like.
    """
    people = {
        code: count
        for code, count in read_codes(record.frame[column]).people.items()
        if code not in leave_out
    }
    blanks = people.pop(None, 0)
    labels = labels_of(record, column)
    named, said = nameable(people, labels, meant), labels_shown(people, labels)
    if looks_open(people):
        # Most likely ids or open answers, which nobody may read here.
        named &= labels.keys() | meant.keys()
    rows = []
    for code in sorted(named, key=code_order):
        state = meant.get(code, rest if code in people else "")
        label = shortened(said.get(code, ""))
        if declared_missing(code, record.missing.get(column, ())):
            label = f"{label} (declared missing)".strip()
        rows.append(CodeRow(code_text(code), f"{people.get(code, 0):,}", state, label))
    if blanks:
        state = meant.get(None, "no answer" if rest else "")
        rows.append(CodeRow("blank", f"{blanks:,}", state, ""))
    return ColumnCodes(
        rows,
        unshown_labels_text(named, labels, said, column),
        [count for code, count in people.items() if code not in named],
    )


def _meant(
    item: Item, wave: str, labels: Mapping[object, str], missing: Sequence[Any]
) -> dict[object, str]:
    """Name the state that each code is read as, and what is no answer by declaration."""
    meanings = item.meanings(wave, labels=labels, missing=missing)
    names = dict(enumerate(item.state_names))
    names |= {NOT_ASKED: "not asked", NOT_INTERVIEWED: "no interview"}
    return {code: names[meaning] for code, meaning in meanings.items()}


def code_table(rows: Sequence[CodeRow]) -> list[str]:
    """Lay out codes with a head; without the column of states where no code has one."""
    if not rows:
        return []
    head = CodeRow("code", "rows", "state" if any(row.state for row in rows) else "", "label")
    texts = [CodeRow(*map(terminal_line, row)) for row in (head, *rows)]
    code, number, state, _ = (max(map(len, cells)) for cells in zip(*texts, strict=True))
    return [
        "  ".join(
            [
                f"    {row.code:>{code}}",
                f"{row.rows:>{number}}",
                *([f"{row.state:<{state}}"] if state else []),
                row.label,
            ]
        ).rstrip()
        for row in texts
    ]


def shortened(label: str) -> str:
    """Cut a long text for a place in a table."""
    return label if len(label) <= MOST_LABEL else label[: MOST_LABEL - 1] + "…"
