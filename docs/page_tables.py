"""Tables of pages: in a box that scrolls where the page is narrow, with cells that fit a phone."""

import re
from html import escape

from IPython.display import HTML

STYLE = """<style>
.evidence { border-collapse: collapse; font-size: 0.85rem; line-height: 1.3; }
.evidence th, .evidence td {
  border: 0; border-bottom: 1px solid #8886; padding: 0.3rem 0.35rem; vertical-align: top;
}
.evidence thead th { font-weight: 600; vertical-align: bottom; }
.evidence tbody th { font-weight: 400; }
.evidence code { overflow-wrap: anywhere; }
.evidence .text { min-width: 6rem; text-align: left; }
.evidence .figure { font-variant-numeric: tabular-nums; text-align: right; }
.evidence td.figure { white-space: nowrap; }
</style>"""


def table(name, frame, *, texts=()):
    """Lay out a frame: texts on the left and wrapped, figures on the right and on one line.

    Between backquotes stands code, between two stars what is important; everything else is shown
    as it is. Levels of the columns' names are joined by a comma.
    """
    kinds = ["text" if column in texts else "figure" for column in frame.columns]
    heads = [
        ", ".join(map(str, column)) if isinstance(column, tuple) else str(column)
        for column in frame.columns
    ]
    head = _row("th", heads, kinds)
    body = "".join(_row("td", row, kinds) for row in frame.itertuples(index=False, name=None))
    return box(name, f'<table class="evidence"><thead>{head}</thead><tbody>{body}</tbody></table>')


def box(name, inner):
    """Put a table into a box of its own; as it can be reached by keyboard, it needs a name."""
    return HTML(
        f'{STYLE}<div class="opinionpanel-scroll" tabindex="0" role="group" '
        f'aria-label="{escape(name)}">{inner}</div>'
    )


def _row(tag, cells, kinds):
    scope = ' scope="col"' if tag == "th" else ""
    return "<tr>{}</tr>".format(
        "".join(
            f'<{tag} class="{kind}"{scope}>{_marked(str(cell))}</{tag}>'
            for cell, kind in zip(cells, kinds, strict=True)
        )
    )


def _marked(text):
    text = re.sub(r"`(.+?)`", r"<code>\1</code>", escape(text))
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
