"""What a chart's numbers rest on, in one or two lines."""

from opinionpanel.charts.languages import Language
from opinionpanel.estimates import Estimates, Interval, caption


def short_caption(
    estimates: Estimates, language: Language, *, level: float, interval: Interval
) -> list[str]:
    """Say base, n, weight, interval and source, the base first."""
    return caption(estimates, level=level)[:3]
