"""The same people at every wave: ids, linking and checks; the panel, its summary, its reading."""

from opinionpanel.panel.from_files import read_panel
from opinionpanel.panel.ids import as_text, exact_ids
from opinionpanel.panel.linking import Duplicates, Person, link_waves
from opinionpanel.panel.panel import Panel
from opinionpanel.panel.people_in_memory import PeopleInMemory

__all__ = [
    "Duplicates",
    "Panel",
    "PeopleInMemory",
    "Person",
    "as_text",
    "exact_ids",
    "link_waves",
    "read_panel",
]
