"""Totals and their covariance, tallied once; estimates, and the forms in which they are shown."""

from opinionpanel.estimates.about import PAIR, About
from opinionpanel.estimates.derivatives import jacobian, sandwich
from opinionpanel.estimates.estimates import Estimates
from opinionpanel.estimates.intervals import check_level, confidence_limits
from opinionpanel.estimates.label_columns import Role, beside, free_name, repeated
from opinionpanel.estimates.replicates import Replicates
from opinionpanel.estimates.scores import Kinds, kinds_of
from opinionpanel.estimates.tables import (
    WIDTH,
    base_range,
    base_text,
    caption,
    cell_texts,
    html_table,
    text_table,
)
from opinionpanel.estimates.totals import Cells, Totals, tally, weighted_cells
from opinionpanel.estimates.wald import TestResult, left_out, p_text, varies, wald_test

__all__ = [
    "PAIR",
    "WIDTH",
    "About",
    "Cells",
    "Estimates",
    "Kinds",
    "Replicates",
    "Role",
    "TestResult",
    "Totals",
    "base_range",
    "base_text",
    "beside",
    "caption",
    "cell_texts",
    "check_level",
    "confidence_limits",
    "free_name",
    "html_table",
    "jacobian",
    "kinds_of",
    "left_out",
    "p_text",
    "repeated",
    "sandwich",
    "tally",
    "text_table",
    "varies",
    "wald_test",
    "weighted_cells",
]
