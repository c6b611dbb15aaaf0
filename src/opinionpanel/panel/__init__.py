"""The same people at every wave: ids, linking and checks; the panel, its summary, its reading."""

from opinionpanel.panel.assembly import read_cohorts as read_cohorts
from opinionpanel.panel.cohorts import Cohorts as Cohorts
from opinionpanel.panel.declared import Due as Due, Interviewed as Interviewed
from opinionpanel.panel.due import first_wave as first_wave
from opinionpanel.panel.fieldwork_days import (
    Fieldwork as Fieldwork,
    words_and_days as words_and_days,
)
from opinionpanel.panel.file_options import (
    options_by_wave as options_by_wave,
    options_of_one as options_of_one,
    rows_of as rows_of,
)
from opinionpanel.panel.from_files import read_panel as read_panel
from opinionpanel.panel.ids import as_text as as_text, exact_ids as exact_ids
from opinionpanel.panel.imputed_answers import ImputedAnswers as ImputedAnswers
from opinionpanel.panel.interviewed import (
    RowsInMemory as RowsInMemory,
    interviews as interviews,
)
from opinionpanel.panel.linkage import linkage_frame as linkage_frame
from opinionpanel.panel.linking import (
    Duplicates as Duplicates,
    Person as Person,
    link_waves as link_waves,
)
from opinionpanel.panel.long_and_wide import (
    named_waves as named_waves,
    people_at as people_at,
    waves_apart as waves_apart,
    with_ids as with_ids,
)
from opinionpanel.panel.made_groups import (
    answers_text as answers_text,
    steady_group as steady_group,
    with_group as with_group,
)
from opinionpanel.panel.noticed import counted_notes as counted_notes
from opinionpanel.panel.panel import Panel as Panel
from opinionpanel.panel.people_in_memory import PeopleInMemory as PeopleInMemory
from opinionpanel.panel.summary import panel_text as panel_text
from opinionpanel.panel.wave_order import in_order as in_order, wave_text as wave_text
from opinionpanel.panel.wide_rows import (
    order_of_waves as order_of_waves,
    telling_columns as telling_columns,
)
