"""From answer codes to states and groups: questions, their checks, and grouping."""

from opinionpanel.questions.answers import Answers, code_answers, read_answers
from opinionpanel.questions.code_checks import BLANK, Column, looks_open
from opinionpanel.questions.groups import (
    RESERVED,
    CodedValues,
    Group,
    Grouping,
    Groups,
    Use,
    check_categories,
    code_values,
    first_values,
    group_columns,
    grouping,
    named_groups,
    read_fixed,
    read_groups,
)
from opinionpanel.questions.item import (
    NO_ANSWER,
    NOT_ASKED,
    NOT_INTERVIEWED,
    Item,
    coalesce,
)

__all__ = [
    "BLANK",
    "NOT_ASKED",
    "NOT_INTERVIEWED",
    "NO_ANSWER",
    "RESERVED",
    "Answers",
    "CodedValues",
    "Column",
    "Group",
    "Grouping",
    "Groups",
    "Item",
    "Use",
    "check_categories",
    "coalesce",
    "code_answers",
    "code_values",
    "first_values",
    "group_columns",
    "grouping",
    "looks_open",
    "named_groups",
    "read_answers",
    "read_fixed",
    "read_groups",
]
