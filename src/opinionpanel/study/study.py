"""A study: a panel with its declaration."""

from dataclasses import dataclass

from opinionpanel.escaping import html_text, terminal_text
from opinionpanel.panel import Panel


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """A panel and what was declared about it once, for reports.

    Attributes
    ----------
    title : str
        What the report is called.
    source : str
        Where the data come from.
    panel : Panel
        The linked people, for every function of the library.
    """

    title: str
    source: str
    panel: Panel

    def __str__(self) -> str:
        head = [f"Study: {self.title}"] + ([f"Source: {self.source}"] if self.source else [])
        return f"{terminal_text(head)}\n\n{self.panel}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html_text(self)}</pre>"
