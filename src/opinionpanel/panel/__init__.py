"""The same people at every wave: ids, linking and checks; the panel, its summary, its reading."""

from opinionpanel.panel.from_files import read_panel as read_panel
from opinionpanel.panel.ids import as_text as as_text, exact_ids as exact_ids
from opinionpanel.panel.linking import (
    Duplicates as Duplicates,
    Person as Person,
    link_waves as link_waves,
)
from opinionpanel.panel.long_and_wide import (
    answered as answered,
    named_waves as named_waves,
    waves_apart as waves_apart,
    with_ids as with_ids,
)
from opinionpanel.panel.panel import Panel as Panel
from opinionpanel.panel.people_in_memory import PeopleInMemory as PeopleInMemory
from opinionpanel.panel.wave_order import in_order as in_order, wave_text as wave_text
from opinionpanel.panel.who_was_asked import asked_notes as asked_notes
from opinionpanel.panel.wide_rows import order_of_waves as order_of_waves
