"""Boxes of charts in a page, and the data from which the script of the page draws them."""

import hashlib
from typing import Any

from opinionpanel.drawing import described, least_width, on_its_paper
from opinionpanel.escaping import html_text, script_json

NEEDS = "This chart needs JavaScript; the table below holds its numbers."


def chart_box(
    spec: dict[str, Any], *, name: str = "", windows: str = "", needs: str = NEEDS
) -> str:
    """Write a box for a chart, and its data.

    Parameters
    ----------
    spec : dict
        A Vega-Lite specification.
    name : str
        Tells charts of a page from each other that draw the same.
    windows : {"", "wide", "narrow"}
        In which windows the chart is shown; by default in all.
    needs : str
        What is shown without JavaScript.
    """
    least = least_width(spec)
    style = "" if least is None else f' style="--least: {least:.0f}px"'
    data = script_json(on_its_paper(spec))
    # An id by content, so that two builds of the same page are equal.
    number = hashlib.sha256(f"{name} {windows} {data}".encode()).hexdigest()[:12]
    return (
        f'<div class="opinionpanel-chart {windows}" id="chart-{number}" tabindex="0" role="group" '
        f'aria-label="{html_text(described(spec))}"{style}>'
        f"<noscript>{html_text(needs)}</noscript></div>"
        f'<script type="application/json" class="opinionpanel-spec" data-chart="chart-{number}">'
        f"{data}</script>"
    )
