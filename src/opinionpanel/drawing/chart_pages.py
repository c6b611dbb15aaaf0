"""A chart as a page of its own: it opens from disk, fits its window, and has its table below."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from opinionpanel.drawing.font_faces import EXACT, FAMILY, font_faces
from opinionpanel.drawing.sizes import LEAST_TYPE
from opinionpanel.escaping import html_text, script_code, script_json

Spec = dict[str, Any]

VEGA_LITE = ".".join(alt.SCHEMA_VERSION.split(".")[:2])
# The menu offers pictures only: its other entries would send the chart to an outside editor.
EMBED = {
    "renderer": "svg",
    "actions": {"export": True, "source": False, "compiled": False, "editor": False},
}
# What Vega-Lite leaves between charts beside each other.
BETWEEN = 20
# On windows under 600 pixels the chart for phones is shown, where there is one.
STYLE = """
body { margin: 16px; font-family: Arial, Helvetica, sans-serif; }
.chart { overflow-x: auto; }
.chart.vega-embed { display: block; }
.chart .chart-wrapper { width: 100%; }
.chart svg.marks { display: block; width: 100%; height: auto; min-width: var(--least, 0); }
.chart [tabindex]:focus { outline: 2px solid currentcolor; outline-offset: 1px; }
@media (min-width: 600px) { .chart.narrow { display: none; } }
@media (max-width: 599px) {
  body { margin: 8px; }
  .chart.wide:has(~ .narrow) { display: none; }
  /* Here the chart needs the room of its menu. */
  .chart.vega-embed.has-actions { padding: 0; }
  .chart details { display: none; }
}
details.numbers { font-size: 14px; margin: 12px 0; overflow-x: auto; }
.numbers summary { cursor: pointer; }
.numbers table { border-collapse: collapse; margin: 8px 0 16px; }
@media print { .chart details { display: none; } .chart { break-inside: avoid; } }
.numbers :is(th, td) { border-bottom: 1px solid #8888; padding: 3px 14px 3px 0; text-align: left; }
"""
DRAW = """
for (const data of document.querySelectorAll("script.spec"))
  vegaEmbed(data.previousElementSibling, JSON.parse(data.textContent), %s).catch(console.error);
"""


@cache
def script_bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that sets ``window.vegaEmbed``.

    Tooltips show text only, and marks are reached by keyboard. Wrapped in a function, so that its
    short names do not collide with those of a page.
    """
    ours = (Path(__file__).parent / "embed.js").read_text(encoding="utf-8") % FAMILY
    code = vl_convert.javascript_bundle(ours, vl_version=VEGA_LITE)
    return f"(function(){{{code}}})();"


def chart_page(spec: Spec, phone: Spec | None = None) -> str:
    """Write a page with a chart, and another one for narrow windows where it is given."""
    page = told(spec)
    paper, ink = (html_text(page.get(name, "")) for name in ("paper", "ink"))
    charts = [_chart("wide", spec), *([] if phone is None else [_chart("narrow", phone)])]
    texts = "".join(sorted(set(script_json([spec, phone]))))
    return f"""<!DOCTYPE html>
<html lang="{html_text(page.get("language", "en"))}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html_text(_title(spec))}</title>
<style>{STYLE}
body {{ background: {paper or "white"}; color: {ink or "black"}; }}
{EXACT}
{font_faces({"normal": texts, "bold": texts})}</style>
</head>
<body>
{"".join(charts)}{_tables(spec)}<script>{script_code(script_bundle())}</script>
<script>{DRAW % script_json(EMBED)}</script>
</body>
</html>
"""


def described(spec: Spec) -> str:
    """Say what a chart shows, and each of those beside each other, to those who see none."""
    charts = [spec] if "description" in spec else _alone(spec)
    return " ".join(str(one["description"]) for one in charts if "description" in one) or "Chart"


def _alone(spec: Spec) -> Iterator[Spec]:
    """Go through the charts that stand beside and below each other; a single one is itself."""
    ways = [name for name in ("hconcat", "vconcat", "concat") if name in spec]
    if not ways:
        yield spec
    for name in ways:
        for part in spec[name]:
            yield from _alone(part)


def _title(spec: Spec) -> str:
    """Name the page: the title of the chart or of the first in it, else what is said of it."""
    for one in (spec, *_alone(spec)):
        title = one.get("title")
        text = title.get("text") if isinstance(title, dict) else title
        if text:
            return " ".join(map(str, text)) if isinstance(text, list) else str(text)
    return described(spec)


def _chart(name: str, spec: Spec) -> str:
    """Make a place for a chart, and lay its data beside it.

    It fills its window up to half as large again, and down to where its letters would not be read:
    there its box scrolls.
    """
    width, least = _width(spec), least_width(spec)
    style = "" if not least else f' style="max-width: {1.5 * width:.0f}px; --least: {least:.0f}px"'
    label = html_text(described(spec))
    return (
        f'<div class="chart {name}" role="group" aria-label="{label}"{style}></div>\n'
        f'<script type="application/json" class="spec">{script_json(spec)}</script>\n'
    )


def least_width(spec: Spec) -> float | None:
    """Find the pixels down to which the letters of charts of ours are read."""
    width, letters = _width(spec), [page["letters"] for page in _pages(spec)]
    return width * min(1.0, LEAST_TYPE / min(letters)) if width and letters else None


def _width(spec: Spec) -> float:
    """Add up the pixels of charts beside each other; 0 where they are not told."""
    if "hconcat" in spec:
        parts = [_width(part) for part in spec["hconcat"]]
        return sum(parts) + BETWEEN * (len(parts) - 1) if all(parts) else 0.0
    if "vconcat" in spec:
        return max(map(_width, spec["vconcat"]))
    width = spec.get("width")
    return float(width) if isinstance(width, (int, float)) else 0.0


def on_its_paper(spec: Spec) -> Spec:
    """Let the paper of a chart of ours reach the edges of what it is shown in."""
    paper = told(spec).get("paper")
    return spec if paper is None else {"padding": 0, "background": paper} | spec


def told(spec: Spec) -> dict[str, Any]:
    """Find what a chart of ours says for its page; nothing for any other chart."""
    return next(_pages(spec), {})


def _pages(spec: Spec) -> Iterator[dict[str, Any]]:
    return (row for rows in _data(spec) for row in rows if row.get("kind") == "page")


def _data(part: Any) -> Iterator[list[dict[str, Any]]]:
    """Find all data that stand in a specification, in their order."""
    if isinstance(part, list):
        for below in part:
            yield from _data(below)
    elif isinstance(part, dict):
        for name, below in part.items():
            if name == "values" and isinstance(below, list):
                yield [row for row in below if isinstance(row, dict)]
            elif name == "datasets" and isinstance(below, dict):
                yield from (
                    [row for row in rows if isinstance(row, dict)] for rows in below.values()
                )
            else:
                yield from _data(below)


def _tables(spec: Spec) -> str:
    """Write what the marks of our charts say as tables, for readers who do not see them."""
    tables = "".join(table for rows in _data(spec) for table in _tables_of(rows))
    if not tables:
        return ""
    summary = html_text(told(spec)["table"])
    return f'<details class="numbers"><summary>{summary}</summary>{tables}</details>\n'


def _tables_of(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    heads = {row["head"]: row["cells"] for row in rows if row.get("kind") == "heads"}
    for head, names in heads.items():
        # Some marks say the same, as a bar and the dot at its end.
        cells = dict.fromkeys(
            tuple(row["cells"])
            for row in rows
            if row.get("head") == head and row.get("kind") != "heads" and "cells" in row
        )
        if names and cells:
            columns = "".join(f'<th scope="col">{html_text(name)}</th>' for name in names)
            body = "".join(map(_table_row, cells))
            yield f"<table><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"


def _table_row(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{html_text(cell)}</td>' for cell in cells)}</tr>"
