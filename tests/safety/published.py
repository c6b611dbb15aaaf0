"""What a reader finds on the pages of a report: tables, sentences and the data of charts.

Knows HTML and nothing else: whatever is not there is left out, whatever is unknown is kept as text.
"""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Table:
    """A printed table: its caption, header, rows with how many of their cells are labels, note."""

    caption: str = ""
    header: list[str] = field(default_factory=list)
    rows: list[tuple[list[str], int]] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Part:
    """One part of a page: what was asked for, and all that a reader can take from it.

    `charts` are the rows of data of each chart, with the chart's title among them as kind
    "title".
    """

    name: str
    arguments: tuple[str, ...]
    tables: list[Table]
    sentences: list[str]
    charts: list[list[dict]]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tables, self.sentences, self.charts = [], [], []
        self.kept, self.text, self.cells, self.labels = None, "", [], 0

    def handle_starttag(self, tag, attrs):
        kind = dict(attrs).get("class") or ""
        if tag == "table":
            self.tables.append(Table())
        elif tag == "tr":
            self.cells, self.labels, self.head = [], 0, True
        elif tag in ("caption", "th", "td", "p", "li"):
            self.kept, self.text = ("note" if "note" in kind else tag), ""
        elif tag == "script" and "opinionpanel-spec" in kind:
            self.kept, self.text = "script", ""

    def handle_data(self, data):
        if self.kept:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "tr" and self.tables:
            table = self.tables[-1]
            if not table.header:
                table.header = self.cells
            else:
                table.rows.append((self.cells, self.labels))
        if not self.kept or tag not in ("caption", "th", "td", "p", "li", "script"):
            return
        text = self.text.replace("\u00a0", " ").strip()
        if self.kept == "caption":
            self.tables[-1].caption = text
        elif self.kept in ("th", "td"):
            self.cells.append(text)
            self.labels += self.kept == "th"
        elif self.kept == "note" and self.tables:
            self.tables[-1].note = text
        elif self.kept == "script":
            self.charts.append(chart_rows(json.loads(self.text)))
        else:
            self.sentences.append(text)
        self.kept = None


def chart_rows(spec):
    """Collect every record of data in a specification, and its title."""
    rows, left = [], [spec]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if "kind" in one:
                rows.append(one)
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return [{"kind": "title", "text": str(spec.get("description", ""))}, *rows]


def read_part(name, arguments, html):
    """Read what one part of a page shows."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Part(name, tuple(arguments), reader.tables, reader.sentences, reader.charts)
