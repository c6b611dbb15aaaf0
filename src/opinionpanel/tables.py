"""Estimates as text for a terminal and as HTML for a notebook or a report."""

import textwrap
from html import escape

import numpy as np
import pandas as pd

from opinionpanel.about import PAIR, About
from opinionpanel.estimates import Estimates

__all__ = ["caption", "html_table", "text_table"]

UNITS = {"share": "Per cent", "change": "Percentage points", "number": "Numbers"}


def caption(about: About, n: str, *, level: float = 0.95) -> list[str]:
    """Say what the numbers rest on: base, weight, fieldwork, source, and what intervals assume."""
    lines = [f"Base: {about.base}; n = {n} (unweighted)." if about.base else f"n = {n}."]
    lines.append(f"Weight: {about.weight}." if about.weight else "Unweighted.")
    dates = [f"{wave}: {about.dates[wave]}" for wave in about.waves if about.dates.get(wave)]
    if dates:
        lines.append("Fieldwork: " + "; ".join(dates) + ".")
    if about.source:
        lines.append(f"Source: {about.source}" + ("" if about.source.endswith(".") else "."))
    text = f"{level:.0%} intervals from the design ({about.design})."
    if about.sample == "nonprobability":
        text += (
            " Opt-in sample: the intervals are model-based and assume that, given the weights, "
            "joining the panel is unrelated to the answers."
        )
    lines.append(text)
    return lines


def base_range(estimates: Estimates) -> str:
    """Show the unweighted base of estimates: one number or a range."""
    n = estimates.n[np.isfinite(estimates.n)].astype(int)
    if not len(n):
        return "0"
    return f"{n.min():,}" if n.min() == n.max() else f"{n.min():,} to {n.max():,}"


def cell_texts(frame: pd.DataFrame, unit: str) -> list[str]:
    """Show the estimates of a frame with the digits that their intervals deserve."""
    scale, sign = (1.0, "") if unit == "number" else (100.0, "+" if unit == "change" else "")
    numbers = frame[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=np.float64) * scale
    widths = numbers[:, 2] - numbers[:, 1]
    width = float(np.median(widths[np.isfinite(widths)])) if np.isfinite(widths).any() else 1.0
    # 4.5 (2.7 to 7.3), but 72 (60 to 81): no digit that is far inside the interval.
    digits = 1 if width < 10 else 0
    if unit == "number":
        digits = max(0, 1 - int(np.floor(np.log10(width)))) if width > 0 else 2
    return [_cell(value, low, high, digits, sign) for value, low, high in numbers]


def _cell(value: float, low: float, high: float, digits: int, sign: str) -> str:
    if not np.isfinite(value):
        return "–"
    shown = _number(value, digits, sign)
    if not np.isfinite(high - low):
        return shown
    return f"{shown} ({_number(low, digits, sign)} to {_number(high, digits, sign)})"


def wide_table(estimates: Estimates, *, min_n: int = 0) -> tuple[str, pd.DataFrame]:
    """Arrange formatted cells with the last label in the columns, and the base of each row.

    Labels that are the same in every row are said once, in the text that comes first.
    """
    frame = estimates.to_frame(min_n=min_n)
    frame["cell"] = cell_texts(frame, estimates.unit)
    if min_n:
        frame.loc[frame["withheld"], "cell"] = f"n < {min_n}"
    *rows, last = list(estimates.labels)
    if not rows:
        bases = [f"{n:,}" for n in frame["n"]]
        return "", pd.DataFrame({last: frame[last], "estimate": frame["cell"], "n": bases})
    constant = [name for name in rows if frame[name].nunique() == 1 and name != "origin"]
    varying = [name for name in rows if name not in constant]
    columns = frame[last].drop_duplicates().tolist()
    records = []
    parts = frame.groupby(varying, sort=False) if varying else [((), frame)]
    for key, part in parts:
        cells = dict(zip(part[last], part["cell"], strict=True))
        low, high = part["n"].min(), part["n"].max()
        base = f"{low:,}" if low == high else f"{low:,}–{high:,}"
        records.append([*key, *(cells.get(column, "") for column in columns), base])
    fixed = _fixed_text({str(name): str(frame[name].iloc[0]) for name in constant})
    return fixed, pd.DataFrame(records, columns=pd.Index([*varying, *columns, "n"]))


def _fixed_text(labels: dict[str, str]) -> str:
    parts = [] if "to_wave" not in labels else [f"{labels['from_wave']} → {labels['to_wave']}"]
    parts += [text for name, text in labels.items() if name not in PAIR or not parts]
    return ", ".join(parts)


def _text_columns(estimates: Estimates, table: pd.DataFrame) -> int:
    """Count the label columns of a table made by `wide_table`."""
    *rows, last = list(estimates.labels)
    return sum(name in rows for name in table.columns) or int(table.columns[0] == last)


def _heading(estimates: Estimates, fixed: str) -> str:
    title = estimates.about.title + (f", {fixed}" if fixed else "")
    return f"{title}. {UNITS[estimates.unit]}, with 95% intervals"


def text_table(estimates: Estimates) -> str:
    """Lay estimates out for a terminal."""
    about = estimates.about
    fixed, table = wide_table(estimates)
    head = [_heading(estimates, fixed)] + ([f"“{about.question}”"] if about.question else [])
    body = _aligned(table, text_columns=_text_columns(estimates, table))
    foot = [
        line
        for text in caption(about, base_range(estimates))
        for line in textwrap.wrap(text, width=100, break_on_hyphens=False)
    ]
    return "\n".join([*head, "", *body, "", *foot])


def html_table(estimates: Estimates, *, min_n: int = 0) -> str:
    """Lay estimates out as an HTML table with its caption."""
    fixed, table = wide_table(estimates, min_n=min_n)
    labels = _text_columns(estimates, table)
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in table.columns)
    rows = []
    for values in table.itertuples(index=False):
        cells = "".join(
            f'<th scope="row">{escape(str(value))}</th>'
            if position < labels
            else f"<td>{escape(str(value))}</td>"
            for position, value in enumerate(values)
        )
        rows.append(f"<tr>{cells}</tr>")
    notes = " ".join(caption(estimates.about, base_range(estimates)))
    return (
        '<table class="opinionpanel-table">'
        f"<caption>{escape(_heading(estimates, fixed))}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f'<p class="opinionpanel-note">{escape(notes)}</p>'
    )


def _number(value: float, digits: int, sign: str) -> str:
    text = f"{value:{sign}.{digits}f}"
    # "-0.0" and "+0.0" read as a change where there is none.
    return text.lstrip("+-") if float(text) == 0 else text.replace("-", "−")


def _aligned(table: pd.DataFrame, *, text_columns: int) -> list[str]:
    cells = [[str(name) for name in table.columns]] + [
        [str(value) for value in row] for row in table.itertuples(index=False)
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = []
    for row in cells:
        parts = [
            text.ljust(width) if column < text_columns else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(parts).rstrip())
    lines.insert(1, "-" * max(len(line) for line in lines))
    return lines
