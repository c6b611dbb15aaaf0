"""Estimates as a formatted table: as text for a terminal, as HTML for a notebook or a report."""

import textwrap
from dataclasses import dataclass

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.escaping import closed, html_text, terminal_line
from opinionpanel.estimates.captions import WIDTH, caption, turned_back
from opinionpanel.estimates.frames import (
    cautions,
    frame_of,
    in_order,
    level_used,
    without_limits,
)
from opinionpanel.estimates.intervals import Interval
from opinionpanel.estimates.label_columns import free_names
from opinionpanel.estimates.values import Values
from opinionpanel.estimates.withholding import Withheld

UNITS = {"share": "Per cent", "change": "Percentage points", "number": "Numbers"}
# In place of an estimate or of an interval that is undefined.
NONE = "–"
NO_INTERVAL = f"({NONE})"
# In place of one that would tell of few people, though its own base is large enough.
WITHHELD = "withheld"
# The column of a table whose rows say everything else, and that of the bases.
VALUE, BASE = "estimate", "n"


@dataclass(frozen=True, eq=False)
class PrintedTable:
    """A formatted table, for whatever shows it.

    Attributes
    ----------
    title : str
        The measure, labels that are the same in every row, the unit and the level.
    question : str
        The wording; empty where it is not known.
    header : list of str
        The labels, a column for each value of the last label, and the base n.
    rows : list of list of str
        The cells under the header.
    labels : int
        How many of the columns are labels.
    notes : list of str
        What the numbers rest on.
    """

    title: str
    question: str
    header: list[str]
    rows: list[list[str]]
    labels: int
    notes: list[str]


def cell_texts(frame: pd.DataFrame, unit: str) -> list[str]:
    """Show the estimates of a frame with the digits that their intervals deserve."""
    numbers, sign = _numbers(frame, unit), "+" if unit == "change" else ""
    return [_cell(row, at, sign) for row, at in zip(numbers, cell_digits(frame, unit), strict=True)]


def _numbers(frame: pd.DataFrame, unit: str) -> Floats:
    found: Floats = frame[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=np.float64)
    return found if unit == "number" else 100.0 * found


def cell_digits(frame: pd.DataFrame, unit: str) -> list[int]:
    """Choose how many digits after the point the intervals of a frame deserve."""
    numbers = _numbers(frame, unit)
    widths = numbers[:, 2] - numbers[:, 1]
    width = float(np.median(widths[np.isfinite(widths)])) if np.isfinite(widths).any() else 1.0
    # 4.5 (2.7 to 7.3), but 72 (60 to 81): no digit that is far inside the interval.
    digits = 1 if width < 10 else 0
    if unit == "number":
        digits = max(0, 1 - int(np.floor(np.log10(width)))) if width > 0 else 2
    return [digits if unit == "share" else _telling(row, digits) for row in numbers]


def _telling(row: Floats, digits: int) -> int:
    """Add digits where an end shown as 0 would not say on which side of 0 it lies."""
    ends = row[1:][np.isfinite(row[1:]) & (row[1:] != 0)]
    most = digits + 3
    while digits < most and (ends.round(digits) == 0).any():
        digits += 1
    return digits


def _cell(row: Floats, digits: int, sign: str) -> str:
    value, low, high = row
    if not np.isfinite(value):
        return NONE
    shown = _number(value, digits, sign)
    if not np.isfinite(high - low):
        return f"{shown} {NO_INTERVAL}"
    return f"{shown} ({_number(low, digits, sign)} to {_number(high, digits, sign)})"


def table_of(
    estimates: Values,
    *,
    withheld: Withheld | None = None,
    level: float = 0.95,
    interval: Interval = "logit",
) -> PrintedTable:
    """Arrange formatted cells with the last label in the columns, and the base of each row."""
    frame = frame_of(estimates, level=level, interval=interval, withheld=withheld)
    cells = pd.Series(cell_texts(frame, estimates.unit))
    about, notes = estimates.about, caption(estimates, level=level)
    if cells.str.endswith(NO_INTERVAL).any():
        notes.append(
            f"“{NO_INTERVAL}”: no interval. The design gives none there, or a note says why."
        )
    notes += cautions(estimates)
    if withheld is not None and withheld.asked:
        small = estimates.n < withheld.min_n
        cells[withheld.rows] = WITHHELD
        cells[withheld.rows & small] = f"n < {withheld.min_n}"
        used = level_used(estimates, level, interval)
        limited = without_limits(estimates, withheld, used) & ~withheld.rows
        notes += _withheld_note(estimates, withheld, small, limited)
    fixed, header, rows, labels = arranged(estimates, cells)
    title = about.title + (f", {fixed}" if fixed else "")
    title = turned_back(estimates, title)
    kind = "simultaneous " if about.simultaneous else ""
    title = f"{title}. {UNITS[estimates.unit]}, with {kind}{100 * level:.4g}% intervals"
    return PrintedTable(title, closed(about.question), header, rows, labels, notes)


def _withheld_note(
    estimates: Values, withheld: Withheld, small: Booleans, limited: Booleans
) -> list[str]:
    """Say why something is withheld; which cell is itself small is told of none."""
    texts, of_people = [], estimates.own_limits is not None
    if (withheld.rows & small).any():
        texts.append(f"“n < {withheld.min_n}”: withheld, as the base is small.")
    if (withheld.rows & ~small).any():
        text = "with it and what else is shown, numbers of few people could be computed."
        if of_people:
            text = f"fewer than {withheld.min_n} people are there or beyond it."
        elif estimates.imputations is not None:
            text = "few of these people answered, or with it numbers of few could be computed."
        elif estimates.n_cell is not None and withheld.min_cell:
            text = f"fewer than {withheld.min_cell} people, or with it so few could be computed."
        texts.append(f"“{WITHHELD}”: {text}")
    if limited.any() and of_people:
        text = f"fewer than {withheld.min_n} people are at a limit of it or beyond."
        texts.append(f"Without an interval: {text}")
    elif limited.any():
        of_what = "numbers" if estimates.sources is not None else "flows"
        texts.append(f"Without an interval: its width would tell of {of_what} of few people.")
    return [" ".join(texts)] if texts else []


def arranged(
    estimates: Values, cells: "pd.Series[str]"
) -> tuple[str, list[str], list[list[str]], int]:
    """Give the labels that are the same in every row, in words; header, rows, label columns."""
    about, n = estimates.about, pd.Series(estimates.n).astype(int)
    names = free_names([*estimates.labels], [VALUE, BASE])
    roles = dict(zip(names, map(about.role, estimates.labels), strict=True))
    times = [name for name, role in roles.items() if role == "time"]
    labels = estimates.labels.set_axis(names, axis=1).reset_index(drop=True)
    if (len(times) > 1 and names[-1] in times) or _bases_differ(labels, names[:-1], n):
        # A column for each later wave would look as if it were about that wave alone; and columns
        # with a base of their own need rows to show it.
        labels, names = labels.assign(**{VALUE: VALUE}), [*names, VALUE]
    *rows, last = names
    if not rows:
        lines = zip(labels[last], cells, n, strict=True)
        return "", [last, VALUE, BASE], [[str(a), cell, f"{b:,}"] for a, cell, b in lines], 1
    constant = [name for name in rows if labels[name].nunique() == 1 and roles[name] != "origin"]
    if not set(times) <= {*constant, last}:
        # Both waves of a pair stand in the title, or both beside the numbers.
        constant = [name for name in constant if name not in times]
    varying = [name for name in rows if name not in constant]
    columns = in_order(labels[last].drop_duplicates().tolist(), about.states)
    records = []
    parts = labels.groupby(varying, sort=False) if varying else [((), labels)]
    for key, part in parts:
        shown = dict(zip(part[last], cells[part.index], strict=True))
        low, high = n[part.index].min(), n[part.index].max()
        base = f"{low:,}" if low == high else f"{low:,}–{high:,}"
        records.append([*map(str, key), *(shown.get(column, "") for column in columns), base])
    fixed = _fixed_text({name: str(labels[name].iloc[0]) for name in constant}, times)
    return fixed, [*varying, *map(str, columns), BASE], records, len(varying)


def _bases_differ(labels: pd.DataFrame, rows: list[str], n: "pd.Series[int]") -> bool:
    """Whether the values of the last label, all other labels alike, have bases of their own."""
    same = [labels[name] for name in rows]
    return bool(rows) and bool((n.groupby(same, sort=False).nunique() > 1).any())


def _fixed_text(labels: dict[str, str], times: list[str]) -> str:
    """Name what all rows have in common, both waves of a pair first."""
    when = [labels[name] for name in times if name in labels]
    pair = [" → ".join(when)] if len(when) > 1 else []
    return ", ".join([*pair, *(labels[name] for name in labels if not (pair and name in times))])


def text_table(estimates: Values) -> str:
    """Lay estimates out for a terminal, wide tables in blocks of columns."""
    table = _in_lines(table_of(estimates))
    head = [table.title] + ([f"“{table.question}”"] if table.question else [])
    body = [line for block in _blocks(table) for line in ["", *_aligned(block, table.labels)]]
    foot = [
        line
        for text in table.notes
        for line in textwrap.wrap(text, width=WIDTH, break_on_hyphens=False)
    ]
    return "\n".join([*head, *body, "", *foot])


def _in_lines(table: PrintedTable) -> PrintedTable:
    """Keep every text of a table within its line of a terminal."""
    return PrintedTable(
        terminal_line(table.title),
        terminal_line(table.question),
        [terminal_line(name) for name in table.header],
        [[terminal_line(cell) for cell in row] for row in table.rows],
        table.labels,
        [terminal_line(note) for note in table.notes],
    )


def frame_text(frame: pd.DataFrame, *, index: bool = False) -> str:
    """Lay out a frame for a terminal, each of its labels within its line."""

    def line(value: object) -> object:
        return terminal_line(value) if isinstance(value, str) else value

    shown = frame.map(line).rename(index=line, columns=line).rename_axis(index=line, columns=line)
    return shown.to_string(index=index, na_rep="–")


def _blocks(table: PrintedTable) -> list[list[list[str]]]:
    """Split the columns into blocks that fit, each with the header, the labels and the base."""
    cells = [table.header, *table.rows]
    widths = [2 + max(map(len, column)) for column in zip(*cells, strict=True)]
    last = len(widths) - 1
    room = WIDTH + 2 - sum(widths[: table.labels]) - widths[last]
    blocks: list[list[int]] = [[]]
    for position in range(table.labels, last):
        if blocks[-1] and sum(widths[other] for other in [*blocks[-1], position]) > room:
            blocks.append([])
        blocks[-1].append(position)
    kept = [[*range(table.labels), *block, last] for block in blocks]
    return [[[row[column] for column in columns] for row in cells] for columns in kept]


def html_table(estimates: Values, withheld: Withheld | None = None) -> str:
    """Lay estimates out as an HTML table with its caption."""
    table = table_of(estimates, withheld=withheld)
    head = "".join(f'<th scope="col">{html_text(name)}</th>' for name in table.header)
    rows = []
    for values in table.rows:
        cells = "".join(
            f'<th scope="row">{html_text(value)}</th>'
            if position < table.labels
            else f"<td>{html_text(value)}</td>"
            for position, value in enumerate(values)
        )
        rows.append(f"<tr>{cells}</tr>")
    question = [f"“{table.question}”"] if table.question else []
    return (
        '<table class="opinionpanel-table">'
        f"<caption>{html_text(table.title)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f'<p class="opinionpanel-note">{html_text(" ".join([*question, *table.notes]))}</p>'
    )


def _number(value: float, digits: int, sign: str) -> str:
    text = f"{value:{sign}.{digits}f}"
    # "-0.0" and "+0.0" read as a change where there is none.
    return text.lstrip("+-") if float(text) == 0 else text.replace("-", "−")


def _aligned(cells: list[list[str]], labels: int) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        parts = [
            text.ljust(width) if column < labels else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(parts).rstrip())
    lines.insert(1, "-" * max(len(line) for line in lines))
    return lines
