"""Estimates as text for a terminal and as HTML for a notebook or a report."""

from html import escape

import numpy as np
import pandas as pd

from opinionpanel.estimates import About, Estimates

__all__ = ["caption", "html_table", "text_table"]

SMALL_BASE = 10


def caption(about: About, n: str, *, level: float = 0.95, interval: bool = True) -> list[str]:
    """Say what the numbers rest on: base, weight, fieldwork, source, and what intervals assume."""
    lines = [f"Base: {about.base}; n = {n} (unweighted)." if about.base else f"n = {n}."]
    lines.append(f"Weight: {about.weight}." if about.weight else "Unweighted.")
    dates = [f"{wave}: {about.dates[wave]}" for wave in about.waves if about.dates.get(wave)]
    if dates:
        lines.append("Fieldwork: " + "; ".join(dates) + ".")
    if about.source:
        lines.append(f"Source: {about.source}" + ("" if about.source.endswith(".") else "."))
    if interval:
        text = f"{level:.0%} intervals from the design ({about.design})."
        if about.sample == "nonprobability":
            text += (
                " Opt-in sample: the intervals are model-based and assume that, given the "
                "weights, joining the panel is unrelated to the answers."
            )
        lines.append(text)
    return lines


def base_range(estimates: Estimates) -> str:
    """Show the unweighted base of estimates: one number or a range."""
    n = estimates.n[np.isfinite(estimates.n)].astype(int)
    if not len(n):
        return "0"
    return f"{n.min():,}" if n.min() == n.max() else f"{n.min():,} to {n.max():,}"


def cell_text(value: float, low: float, high: float, *, points: bool) -> str:
    """Show an estimate in per cent with the digits that its interval deserves."""
    if not np.isfinite(value):
        return "–"
    digits = 1 if not np.isfinite(high - low) or high - low < 0.1 else 0
    sign = "+" if points else ""
    shown = f"{_number(value, digits, sign)}"
    if np.isfinite(high - low):
        to = f"{_number(low, digits, sign)} to {_number(high, digits, sign)}"
        shown += f" ({to})"
    return shown


def wide_table(estimates: Estimates, *, min_n: int = 0) -> pd.DataFrame:
    """Arrange formatted cells with the last label in the columns, and the base of each row."""
    frame = estimates.to_frame(min_n=min_n)
    *rows, last = list(estimates.labels)
    points = estimates.kind == "difference"
    frame["cell"] = [
        cell_text(value, low, high, points=points)
        for value, low, high in zip(
            frame["estimate"], frame["conf_low"], frame["conf_high"], strict=True
        )
    ]
    if min_n:
        frame.loc[frame["withheld"], "cell"] = f"n < {min_n}"
    if not rows:
        return pd.DataFrame({last: frame[last], "estimate": frame["cell"], "n": frame["n"]})
    columns = frame[last].drop_duplicates().tolist()
    records = []
    for key, part in frame.groupby(rows, sort=False, observed=True):
        cells = dict(zip(part[last], part["cell"], strict=True))
        n = part["n"]
        base = f"{n.min():,}" if n.min() == n.max() else f"{n.min():,}–{n.max():,}"  # noqa: RUF001
        records.append([*key, *(cells.get(column, "") for column in columns), base])
    return pd.DataFrame(records, columns=pd.Index([*rows, *columns, "n"]))


def text_table(estimates: Estimates) -> str:
    """Lay estimates out for a terminal."""
    about = estimates.about
    table = wide_table(estimates)
    head = [about.title] + ([f"“{about.question}”"] if about.question else [])
    unit = "percentage points" if estimates.kind == "difference" else "per cent"
    body = _aligned(table, text_columns=len(list(estimates.labels)) - 1 or 1)
    foot = caption(about, base_range(estimates))
    return "\n".join([*head, f"In {unit}, with 95% intervals.", "", *body, "", *foot])


def html_table(estimates: Estimates, *, min_n: int = 0) -> str:
    """Lay estimates out as an HTML table with its caption."""
    about = estimates.about
    table = wide_table(estimates, min_n=min_n)
    unit = "percentage points" if estimates.kind == "difference" else "per cent"
    labels = len(list(estimates.labels)) - 1 or 1
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
    notes = " ".join(caption(about, base_range(estimates)))
    return (
        '<table class="opinionpanel-table">'
        f"<caption>{escape(about.title)}, {unit} (95% interval)</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f'<p class="opinionpanel-note">{escape(notes)}</p>'
    )


def _number(value: float, digits: int, sign: str) -> str:
    text = f"{100 * value:{sign}.{digits}f}"
    # "-0.0" reads as a fall where there is none.
    return text.replace("-0.0", "0.0") if float(text) == 0 else text.replace("-", "−")  # noqa: RUF001


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
