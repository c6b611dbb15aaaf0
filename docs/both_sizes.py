"""Charts of a page, each drawn twice: for wide windows, and for phones."""

from opinionpanel.report.chart_boxes import chart_box
from opinionpanel.report.embed import Html

SIZES = {"page": "wide", "phone": "narrow"}


def drawn(kind, estimates, **options):
    """Draw a kind of chart, such as `op.charts.sankey`; narrow windows show its form for phones."""
    boxes = [
        chart_box(kind(estimates, size=size, **options).to_dict(), windows=windows)
        for size, windows in SIZES.items()
    ]
    # Charts that are not of the library do not tell how small they may become.
    return Html(f'<div style="--least: 300px">{"".join(boxes)}</div>')
