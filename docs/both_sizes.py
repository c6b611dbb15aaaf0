"""Charts of a page, each drawn twice: for wide windows, and for phones."""

from opinionpanel.report.embed import Html, chart_html


def drawn(kind, estimates, **options):
    """Draw a kind of chart, such as `op.charts.sankey`; narrow windows show its form for phones."""
    wide, phone = (kind(estimates, size=size, **options).to_dict() for size in ("page", "phone"))
    # Charts that are not of the library do not tell how small they may become.
    return Html(f'<div style="--least: 300px">{chart_html(wide, phone=phone)}</div>')
