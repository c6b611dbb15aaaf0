"""Tables and charts of pages that read on a phone, too: each in a box of its own."""

import re
from html import escape

from IPython.display import HTML

STYLE = """<style>
.evidence { border-collapse: collapse; font-size: 0.85rem; line-height: 1.3; }
.evidence th, .evidence td {
  border: 0; border-bottom: 1px solid #8886; padding: 0.3rem 0.35rem; vertical-align: top;
}
.evidence th { font-weight: 400; text-align: left; }
.evidence thead th { font-weight: 600; vertical-align: bottom; }
.evidence td { font-variant-numeric: tabular-nums; }
.evidence code { overflow-wrap: anywhere; }
.evidence .text { min-width: 5rem; text-align: left; }
.evidence .figure { text-align: right; }
.evidence td.figure, .evidence.frame td { white-space: nowrap; }
.cell_output table.evidence.frame :is(th, td) { border-bottom: 1px solid #8884; }
.cell_output table.evidence.frame tbody th { text-align: left; }
/* A chart is drawn twice, once as wide as a phone; the window shows one of them. */
.on-phones { display: none; }
.on-phones svg.marks { min-width: 0; }
@media (max-width: 599px) {
  .on-pages { display: none; }
  .on-phones { display: block; }
  .evidence { font-size: 0.78rem; }
  .evidence .text { min-width: 4.2rem; }
  .evidence th, .evidence td { padding: 0.25rem; }
}
</style>"""


def table(name, frame, *, texts=()):
    """Lay out a frame: texts on the left and wrapped, figures on the right and on one line.

    Between backquotes stands code, between two stars what is important; everything else is shown
    as it is.
    """
    kinds = ["text" if column in texts else "figure" for column in frame.columns]
    head = _row("th", frame.columns, kinds)
    body = "".join(_row("td", row, kinds) for row in frame.itertuples(index=False, name=None))
    return box(name, f'<table class="evidence"><thead>{head}</thead><tbody>{body}</tbody></table>')


def framed(name, frame):
    """Lay out a frame with its index, however many levels that has."""
    return box(name, frame.to_html(classes="evidence frame", border=0))


def box(name, inner):
    """Put a table into a box that scrolls; as keyboards can reach it, it needs a name."""
    return HTML(
        f'{STYLE}<div class="opinionpanel-scroll" tabindex="0" role="group" '
        f'aria-label="{escape(name)}">{inner}</div>'
    )


def chart(draw, numbers=None):
    """Show a chart as wide as the page and, on phones, as a phone; below it its table, folded.

    `draw` takes the width in pixels, and describes the chart in words. `report.notebook` must have
    been called.
    """
    folded = ""
    if numbers is not None:
        folded = (
            '<details class="opinionpanel-numbers"><summary>The numbers of this chart as a '
            f"table</summary>{numbers.data}</details>"
        )
    drawn = "".join(
        f'<div class="{windows}">{draw(width)._repr_mimebundle_()["text/html"]}</div>'
        for windows, width in (("on-pages", 720), ("on-phones", 250))
    )
    return HTML(STYLE + drawn + folded)


def _row(tag, cells, kinds):
    scope = ' scope="col"' if tag == "th" else ""
    shown = [
        f'<{tag} class="{kind}"{scope}>{_marked(str(cell))}</{tag}>'
        for cell, kind in zip(cells, kinds, strict=True)
    ]
    return f"<tr>{''.join(shown)}</tr>"


def _marked(text):
    text = re.sub(r"`(.+?)`", r"<code>\1</code>", escape(text))
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
