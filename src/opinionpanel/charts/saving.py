"""Write a chart to one file that needs nothing else."""

from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from opinionpanel.arguments import checked
from opinionpanel.charts.font_faces import register_font, with_fonts
from opinionpanel.charts.fonts import missing_fonts
from opinionpanel.errors import SelectionError, WriteError, listing
from opinionpanel.escaping import html_text, script_code, script_json
from opinionpanel.written_files import write_file

# How many times larger a picture may be made.
LARGEST = 20
ENDINGS = (".html", ".svg", ".png", ".pdf")
VEGA_LITE = ".".join(alt.SCHEMA_VERSION.split(".")[:2])

# The menu offers pictures only: its other entries would send the chart to an outside editor.
EMBED = {
    "renderer": "svg",
    "actions": {"export": True, "source": False, "compiled": False, "editor": False},
}
# By itself a tooltip loads what stands in a row named "image", as a group may be. Here it is text.
EMBED_AS_TEXT = """
const text = (part) =>
  typeof part === "object" && !(part instanceof Date) ? JSON.stringify(part) : part;
const row = (safe) => ([key, part]) =>
  `<tr><td class="key">${safe(key)}</td><td class="value">${safe(text(part))}</td></tr>`;
const formatTooltip = (shown, safe) => {
  if (typeof shown !== "object" || shown === null) return safe(shown);
  const rows = Object.entries(shown).filter(([, part]) => part !== undefined);
  return `<table><tbody>${rows.map(row(safe)).join("")}</tbody></table>`;
};
window.vegaEmbed = (place, spec, options) =>
  vegaEmbed(place, spec, { ...options, tooltip: { formatTooltip } });
"""
DRAW = """\
const spec = JSON.parse(document.getElementById("spec").textContent);
vegaEmbed("#chart", spec, %s).catch(console.error);
"""


@checked
def save(chart: alt.TopLevelMixin, path: str | Path, *, scale: float = 2.0) -> Path:
    """Write a chart to a file; its ending decides the format.

    Parameters
    ----------
    chart : altair chart
    path : str or Path
        Ending in ``.html`` (one file with Vega in it: opens without a network), ``.svg``,
        ``.png`` or ``.pdf``.
    scale : float
        Of ``.png``: 2, the default, is sharp in print and on dense screens.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    SelectionError
        Another ending, a folder that does not exist, or a scale that makes no picture.
    WriteError
        The file cannot be written, as on a full disk, or a font for its texts is not installed; an
        older file is as it was.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise SelectionError(
            f"Cannot save a chart as {path.name!r}: its ending must be one of {listing(ENDINGS)}."
        )
    if not 0 < scale <= LARGEST:
        raise SelectionError(f"scale must be above 0 and at most {LARGEST}, not {scale!r}.")
    if not path.parent.is_dir():
        raise SelectionError(f"Folder {str(path.parent)!r} does not exist. Create it first.")
    spec: dict[str, Any] = chart.to_dict()
    write_file(path, _content(spec, ending, scale))
    return path


def _content(spec: dict[str, Any], ending: str, scale: float) -> str | bytes:
    if ending == ".html":
        return _page(spec)
    register_font()
    try:
        svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
        if ending == ".svg":
            return with_fonts(svg)
        if fonts := missing_fonts(svg):
            raise WriteError(
                f"No font of {listing(fonts)} is on this machine, so that a {ending} would have no "
                "text. Install one, name another (Liberation Sans is always there), or save the "
                "chart as .svg or .html, which take the fonts of whoever opens them."
            )
        if ending == ".png":
            return vl_convert.svg_to_png(svg, scale=scale)
        return vl_convert.svg_to_pdf(svg)
    except WriteError:
        raise
    except (ValueError, OSError) as error:
        # What follows the first lines is the path through another program.
        cause = " ".join(str(error).split("\n    at ")[0].split())
        raise WriteError(f"The chart cannot be drawn as {ending}: {cause}.") from None


@cache
def script_bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that sets ``window.vegaEmbed``.

    Tooltips show text only. Wrapped in a function, so that its short names do not collide with
    those of a page.
    """
    code = vl_convert.javascript_bundle(EMBED_AS_TEXT, vl_version=VEGA_LITE)
    return f"(function(){{{code}}})();"


def _page(spec: dict[str, Any]) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html_text(spec.get("description", "Chart"))}</title>
<style>body {{ margin: 16px; background: white; }}</style>
</head>
<body>
<div id="chart"></div>
<script type="application/json" id="spec">{script_json(spec)}</script>
<script>{script_code(script_bundle())}</script>
<script>
{DRAW % script_json(EMBED)}</script>
</body>
</html>
"""
