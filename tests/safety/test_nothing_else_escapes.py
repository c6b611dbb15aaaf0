"""Guards that study text gets into a place with a grammar by the functions of `escaping` only."""

import ast
import re

import pytest
from parsed import PACKAGE, trees

from opinionpanel import escaping

ESCAPES = {
    *("html.escape", "re.escape", "json.dumps", "json.dump", "shlex.quote", "urllib.parse.quote"),
    *("xml.sax.saxutils.escape", "xml.sax.saxutils.quoteattr", "markupsafe.escape"),
}
LAST = {name.rpartition(".")[2] for name in ESCAPES}
# What they write is read by a process of our own, or is a file of JSON and nothing else.
ALLOWED = {
    *(("waves/header_probe.py", "json.dumps"), ("report/manifest.py", "json.dumps")),
    *(("report/prepared.py", "json.dumps"), ("report/data_packages.py", "json.dumps")),
    ("report/projects.py", "json.dumps"),
}
# Signs that a grammar takes as special: who replaces them escapes.
SPECIAL = re.compile(r"""[<>&"'`\\\r\x00$]|</.*|<!--|\{\{""")


def modules():
    """All modules but the one that escapes, by their places in the package."""
    for path, tree in trees().items():
        if path.name != "escaping.py":
            yield str(path.relative_to(PACKAGE)), tree


def escapes(tree):
    """Name the functions that escape, as a file uses them, and the replaced special signs."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {
                alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names
            }
        if getattr(node, "attr", getattr(node, "id", "")) in LAST | {*names}:
            text = ast.unparse(node)
            yield names.get(text, text)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "replace":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield f"replace {first.value}" if SPECIAL.fullmatch(first.value) else ""


def test_nothing_else_escapes():
    found = {
        (place, name)
        for place, tree in modules()
        for name in escapes(tree)
        if name in ESCAPES or name.startswith("replace ")
    }
    assert found == ALLOWED


@pytest.mark.parametrize(
    "code",
    [
        "import html\nhtml.escape(a)",
        "from re import escape as e\ne(a)",
        "def f():\n    import json\n    json.dumps(a)",
        "a.replace('<', '&lt;')",
    ],
)
def test_what_escapes_would_be_found(code):
    found = set(escapes(ast.parse(code)))
    assert found & ESCAPES or any(name.startswith("replace ") for name in found)


def open_parts(tree):
    """Give what f-strings put into HTML without one of our functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and re.search(
            "</?[a-z]+[ >]",
            "".join(str(p.value) for p in node.values if isinstance(p, ast.Constant)),
        ):
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    function = getattr(part.value, "func", None)
                    if getattr(function, "id", "") not in escaping.__all__:
                        yield ast.unparse(part.value)


# HTML that was made by one of these functions, or numbers of our own.
MADE = {
    # A regular expression with named parts.
    "models/formula.py": {"WORD.pattern"},
    "report/chart_boxes.py": {"windows", "number", "style", "data"},
    "report/html.py": {
        *("points", "inner", "head", "rows", "note", "files", "kind", "ending"),
        *("DOWNLOADS", "links", "block.kind", "name", "part"),
        *("_cells(row, grid.labels, own)", "' · '.join(links)"),
    },
    "report/embed.py": {"''.join(map(table_html, estimates))", "name", "inner", "box"},
    "report/paper.py": {
        *("title", "lang", "head", "first", "text", "level", "name", "data", "alt", "_style()"),
        *("''.join(entries)", "''.join(body)"),
    },
    "estimates/tables.py": {"head", "''.join(rows)", "cells"},
    # A regular expression.
    "study/guessed_file.py": {"MARK"},
    # A regular expression of the same file, and rules that hold a font in base 64.
    "drawing/font_faces.py": {"ATTRIBUTES", "EXACT", "faces"},
    "drawing/notebooks.py": {"name", "data", "whole_font()"},
    "drawing/saving.py": {"label", "lang"},
    "drawing/chart_pages.py": {
        "DRAW % script_json(EMBED)",
        "STYLE",
        "EXACT",
        "font_faces({'normal': texts, 'bold': texts})",
        "paper or 'white'",
        "ink or 'black'",
        "''.join(charts)",
        "''.join((f'<td>{html_text(cell)}</td>' for cell in cells))",
        "_tables(spec)",
        "summary",
        "tables",
        "columns",
        "body",
        "label",
        "name",
        "style",
    },
}


def test_what_goes_into_html_is_escaped():
    for place, tree in modules():
        assert set(open_parts(tree)) <= MADE.get(place, set()), place
