"""Write a chart to one file that needs nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from opinionpanel.arguments import checked
from opinionpanel.drawing.chart_pages import VEGA_LITE, chart_page, described, on_its_paper, told
from opinionpanel.drawing.font_faces import register_font, with_fonts
from opinionpanel.drawing.missing_fonts import missing_fonts
from opinionpanel.drawing.slides import native_slide, picture_slide
from opinionpanel.errors import OpinionPanelError, SelectionError, WriteError, listing
from opinionpanel.escaping import html_text, script_json, xml_characters
from opinionpanel.written_files import write_file

# How many times larger a picture may be made.
LARGEST = 20
ENDINGS = (".html", ".svg", ".png", ".pdf", ".pptx", ".json")


@checked
def save(
    chart: alt.TopLevelMixin,
    path: str | Path,
    *,
    scale: float = 2.0,
    phone: alt.TopLevelMixin | None = None,
) -> Path:
    """Write a chart to a file; its ending decides the format.

    Parameters
    ----------
    chart : altair chart
        From `sankey` or another kind of chart, or any other chart of Altair.
    path : str or Path
        Ending in ``.html`` (one file with Vega in it: opens without a network, fits its window, and
        has the chart's numbers as a table below), ``.svg``, ``.png``, ``.pdf``, ``.pptx`` (a slide
        whose shapes and texts can be edited; a picture of 300 dpi where a mark is no shape, such as
        an image), or ``.json`` (the specification).
    scale : float
        Of ``.png``: 2, the default, is sharp in print and on dense screens. Its size in print stays
        that of the chart, at 96 pixels to the inch.
    phone : altair chart, optional
        Of ``.html``: shown in its place where the window is narrow, such as the same chart made
        with ``size="phone"``.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    SelectionError
        Another ending, a folder that does not exist, a scale that makes no picture, a chart for
        phones where there is no page, or a ``.pptx`` without the library that writes it.
    WriteError
        The file cannot be written, as on a full disk, or a font for its texts is not installed; an
        older file is as it was.

    Examples
    --------
    >>> import tempfile
    >>> import opinionpanel as op
    >>> flows = op.flows(op.datasets.load("thomas_1991_3"), "opinion")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     op.charts.save(op.charts.sankey(flows), f"{folder}/moved.html").name
    'moved.html'
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
    if phone is not None and ending != ".html":
        raise SelectionError(f"A {ending} holds one chart. Leave phone= out, or save as .html.")
    spec = _spec(chart)
    if ending == ".html":
        content: str | bytes = chart_page(spec, None if phone is None else _spec(phone))
    else:
        content = _picture(spec, ending, scale)
    write_file(path, content)
    return path


def _spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Write a chart as data."""
    return on_its_paper(_drawable(chart.to_dict()))


def _drawable(part: Any) -> Any:
    """Show what pictures cannot hold; by itself a control character would end the program."""
    if isinstance(part, str):
        return xml_characters(part)
    if isinstance(part, dict):
        return {name: _drawable(below) for name, below in part.items()}
    return [_drawable(below) for below in part] if isinstance(part, list) else part


def pictures_of(spec: dict[str, Any], endings: Sequence[str]) -> dict[str, str | bytes]:
    """Draw a specification once, in several formats by their endings, such as ``.svg``."""
    drawn = on_its_paper(_drawable(spec))
    register_font()
    svg = _svg(drawn)
    return {ending: _converted(svg, drawn, ending, 2.0) for ending in endings}


def _picture(spec: dict[str, Any], ending: str, scale: float) -> str | bytes:
    if ending == ".json":
        return script_json(spec)
    register_font()
    return _converted(_svg(spec), spec, ending, scale)


def _svg(spec: dict[str, Any]) -> str:
    try:
        return vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
    except (ValueError, OSError) as error:
        raise _undrawn(".svg", error) from None


def _converted(svg: str, spec: dict[str, Any], ending: str, scale: float) -> str | bytes:
    """Turn a picture into another format."""
    try:
        if ending == ".svg":
            return with_fonts(_described(svg, spec))
        about = described(spec)
        if ending == ".pptx" and (slide := native_slide(svg, about)):
            return slide
        if fonts := missing_fonts(svg):
            raise WriteError(
                f"No font of {listing(fonts)} is on this machine, so that a {ending} would have no "
                "text. Install one, name another (Liberation Sans is always there), or save the "
                "chart as .svg or .html, which take the fonts of whoever opens them."
            )
        if ending == ".png":
            # Inches of 72 points, of which the program thinks, are ones of 96 pixels.
            return vl_convert.svg_to_png(svg, scale=72 / 96, ppi=96 * scale)
        if ending == ".pptx":
            return picture_slide(svg, about)
        return vl_convert.svg_to_pdf(svg)
    except OpinionPanelError:
        raise
    except (ValueError, OSError) as error:
        raise _undrawn(ending, error) from None


def _undrawn(ending: str, error: Exception) -> WriteError:
    # What follows the first lines is the path through another program.
    cause = " ".join(str(error).split("\n    at ")[0].split())
    return WriteError(f"The chart cannot be drawn as {ending}: {cause}.")


def _described(svg: str, spec: dict[str, Any]) -> str:
    """Let a picture say what it shows, to those who do not see it."""
    label = html_text(described(spec))
    lang = html_text(told(spec).get("language", "en"))
    return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" lang="{lang}" ', 1)
