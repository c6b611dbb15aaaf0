"""Charts and tables as HTML for pages that are executed when they are built."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.escaping import html_text, script_json
from opinionpanel.estimates import Estimates, html_table, withheld_of

# A page may show the same chart twice; each page has a process of its own.
_shown: Counter[str] = Counter()


@dataclass(frozen=True)
class Html:
    """HTML that a notebook shows as it is."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


def notebook() -> None:
    """Show Altair charts for pages built with `opinionpanel.report.extension`.

    Call it in the first cell of such a page. Charts then hold only themselves; the page loads
    what draws them from its own folder.

    Examples
    --------
    In the first cell of a page::

        from opinionpanel import report

        report.notebook()
    """
    import altair as alt

    alt.renderers.register("opinionpanel", _render)
    alt.renderers.enable("opinionpanel")


def table(*estimates: Estimates | Shown) -> Html:
    """Fold the tables of a chart, for readers who cannot see the chart.

    Parameters
    ----------
    *estimates : Estimates
        What the chart draws, one table for each. Those with a base under 10, and flows of fewer
        than 5 people, are withheld, as are those from which they could be computed.

    Returns
    -------
    Html
        A folded table under one heading, which a notebook shows as it is.

    Examples
    --------
    >>> import opinionpanel as op
    >>> from opinionpanel import report
    >>> flows = op.flows(op.datasets.load("agresti_approval"), "opinion")
    >>> report.table(flows).text[:42]
    '<details class="opinionpanel-numbers"><sum'
    """
    return Html(
        '<details class="opinionpanel-numbers"><summary>The numbers of this chart as a table'
        f"</summary>{''.join(map(table_html, estimates))}</details>"
    )


def table_html(shown: Estimates | Shown) -> str:
    """Lay estimates out in a box that scrolls sideways where the page is narrow."""
    if isinstance(shown, Estimates):
        shown = Shown(shown, withheld_of(shown, MIN_N))
    estimates = shown.estimates
    inner = html_table(estimates, shown.withheld)
    # A box that scrolls must be reachable by keyboard, and then needs a name.
    name = html_text(estimates.about.title)
    box = f'<div class="opinionpanel-scroll" tabindex="0" role="group" aria-label="{name}">'
    return f"{box}{inner}</div>"


def chart_html(spec: dict[str, Any], *, phone: dict[str, Any] | None = None) -> str:
    """Turn a Vega-Lite specification into a box and its data; the page's script draws it.

    Narrow windows show the one for phones in its place, where there is one.
    """
    if phone is None:
        return _box(spec)
    return _box(spec, " wide") + _box(phone, " narrow")


def _box(spec: dict[str, Any], windows: str = "") -> str:
    from opinionpanel.drawing import described, least_width, on_its_paper

    least = least_width(spec)
    style = "" if least is None else f' style="--least: {least:.0f}px"'
    data = script_json(on_its_paper(spec))
    # A name by content, so that two builds of the same page are equal.
    name = "chart-" + hashlib.sha256(data.encode()).hexdigest()[:12]
    _shown[name] += 1
    if _shown[name] > 1:
        name += f"-{_shown[name]}"
    label = html_text(described(spec))
    return (
        f'<div class="opinionpanel-chart{windows}" id="{name}" tabindex="0" role="group" '
        f'aria-label="{label}"{style}>'
        "<noscript>This chart needs JavaScript; the table below holds its numbers.</noscript></div>"
        f'<script type="application/json" class="opinionpanel-spec" data-chart="{name}">{data}'
        "</script>"
    )


def _render(spec: dict[str, Any], **_: Any) -> dict[str, str]:
    return {"text/html": chart_html(spec)}
