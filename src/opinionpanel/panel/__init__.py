"""The same people at every wave: ids, linking and checks; the panel, its summary, its reading."""

from opinionpanel.panel.declared import Interviewed as Interviewed
from opinionpanel.panel.from_files import read_panel as read_panel
from opinionpanel.panel.ids import as_text as as_text, exact_ids as exact_ids
from opinionpanel.panel.interviewed import (
    RowsInMemory as RowsInMemory,
    interviews as interviews,
)
from opinionpanel.panel.linking import (
    Duplicates as Duplicates,
    Person as Person,
    link_waves as link_waves,
)
from opinionpanel.panel.panel import Panel as Panel
from opinionpanel.panel.people_in_memory import PeopleInMemory as PeopleInMemory
from opinionpanel.panel.silent_people import silence_notes as silence_notes
from opinionpanel.panel.who_was_asked import asked_notes as asked_notes
