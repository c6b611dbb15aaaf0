"""From answer codes to states and groups: questions, their checks, and grouping."""

from opinionpanel.questions.answers import (
    Answers as Answers,
    AnyQuestion as AnyQuestion,
    Questions as Questions,
    Unread as Unread,
    code_answers as code_answers,
    read_answers as read_answers,
)
from opinionpanel.questions.bands import Bands as Bands
from opinionpanel.questions.coalesced import Coalesce as Coalesce, coalesce as coalesce
from opinionpanel.questions.coded_values import (
    CodedValues as CodedValues,
    Group as Group,
    narrowed as narrowed,
)
from opinionpanel.questions.declared_groups import (
    Grouping as Grouping,
    Groups as Groups,
    Use as Use,
    group_columns as group_columns,
    grouping as grouping,
)
from opinionpanel.questions.group_values import KINDS as KINDS, code_values as code_values
from opinionpanel.questions.groups import (
    check_categories as check_categories,
    first_values as first_values,
    read_fixed as read_fixed,
    read_groups as read_groups,
    unknown_category as unknown_category,
)
from opinionpanel.questions.item import Item as Item, joined_name as joined_name
from opinionpanel.questions.item_columns import (
    BLANK as BLANK,
    ItemColumn as ItemColumn,
)
from opinionpanel.questions.named_codes import named_categories as named_categories
from opinionpanel.questions.naming import (
    OtherAnswers as OtherAnswers,
    labels_shown as labels_shown,
    looks_open as looks_open,
    nameable as nameable,
    nameable_categories as nameable_categories,
    others_text as others_text,
    small_text as small_text,
    unshown_labels_text as unshown_labels_text,
    where_shown as where_shown,
)
from opinionpanel.questions.no_interview import (
    STATUS as STATUS,
    Values as Values,
    check_silence as check_silence,
    read_silence as read_silence,
    read_status as read_status,
)
from opinionpanel.questions.option_marks import SELECTED as SELECTED, Option as Option
from opinionpanel.questions.question import (
    NO_ANSWER as NO_ANSWER,
    NOT_ASKED as NOT_ASKED,
    NOT_DUE as NOT_DUE,
    NOT_INTERVIEWED as NOT_INTERVIEWED,
    Question as Question,
)
from opinionpanel.questions.scale_answers import (
    average_parts as average_parts,
    with_parts as with_parts,
)
from opinionpanel.questions.scale_of_columns import Scale as Scale, scale as scale
from opinionpanel.questions.score import Score as Score
from opinionpanel.questions.score_answers import read_codes_of_score as read_codes_of_score
from opinionpanel.questions.several_answers import (
    Multiple as Multiple,
    QuestionsGiven as QuestionsGiven,
    each_item as each_item,
    multiple as multiple,
)
from opinionpanel.questions.silent_labels import says_no_interview as says_no_interview
from opinionpanel.questions.spellings import spelt_apart as spelt_apart
from opinionpanel.questions.status import Status as Status
from opinionpanel.questions.undecided import undecided_state as undecided_state
