"""Charts and tables as HTML for pages that are executed when they are built."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from opinionpanel.arguments import called
from opinionpanel.disclosure import MIN_N, Shown
from opinionpanel.escaping import html_text
from opinionpanel.estimates import Estimates, html_table, withheld_of
from opinionpanel.report.chart_boxes import chart_box

# A page may show the same chart twice; each page has a process of its own.
_shown: Counter[str] = Counter()


@dataclass(frozen=True)
class Html:
    """HTML that a notebook shows as it is."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


@called
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


@called
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

    Raises
    ------
    ArgumentError
        What is given is no estimates.

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


def _render(spec: dict[str, Any], **_: Any) -> dict[str, str]:
    _shown.update([str(spec)])
    return {"text/html": chart_box(spec, name=str(_shown[str(spec)]))}
