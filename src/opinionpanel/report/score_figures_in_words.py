"""Sizes of changes of a score in words, and the groups that pages compare."""

from dataclasses import replace

from opinionpanel.charts import writing_of
from opinionpanel.drawing import Language
from opinionpanel.estimates import Estimates
from opinionpanel.panel import Panel

# So many digits after the point are enough for any limit.
MOST_DIGITS = 6


def comparable_groups(panel: Panel) -> list[str]:
    """Name the groups whose categories can be compared, few people apart."""
    return [
        name for name, group in panel.groups.items() if group.unused < len(group.categories) - 1
    ]


def amount(change: Estimates, language: Language) -> tuple[str, str]:
    """Write the size of a change or a difference that was found, and its limits, without signs."""
    row = change.to_frame().iloc[0]
    value, low, high = (float(row[name]) for name in ("estimate", "conf_low", "conf_high"))
    return scale_figures(change, value, low, high, language)


def scale_figures(
    of: Estimates, value: float, low: float, high: float, language: Language
) -> tuple[str, str]:
    """Write a size and its limits without signs, with the digits that figures of a score have."""
    writing = replace(writing_of(of, language), signed=False)
    digits = writing.digits([(low, high)])
    low, high = sorted((abs(low), abs(high)))
    # What is found has no limit of 0.
    while digits < MOST_DIGITS and round(low, digits) == 0:
        digits += 1
    return writing.figure(abs(value), digits), writing.limits(low, high, digits)
