"""The modules of the package, parsed: for tests that look at what is written, not at what runs."""

import ast
from functools import cache
from pathlib import Path

from places import files

import opinionpanel

PACKAGE = Path(opinionpanel.__file__).parent


@cache
def trees():
    """Every module as a tree, by its path; parsed once for all tests, which change none."""
    return {path: tree(path) for path in files(PACKAGE, "**/*.py")}


def tree(path):
    """Parse one file."""
    return ast.parse(path.read_text(encoding="utf-8"))
