"""Contents of reports that tests of pages share, each made once."""

from functools import cache

import opinionpanel as op
from opinionpanel.report.contents import Contents
from opinionpanel.report.plan import blocks_of
from opinionpanel.study import Study


@cache
def bundled(language="en"):
    return Contents(op.datasets.load("attitudes_2024"), language)


@cache
def plain():
    """Nothing optional is declared: no weight, group, label, wording or date."""
    panel = op.datasets.load("thomas_1991_3")
    return Contents(Study(title="A study", source="", panel=panel))


def part(contents, name, about=""):
    return blocks_of(contents, name, about)


def every(blocks, kind):
    """Those blocks of a kind, also within others."""
    found = []
    for block in blocks:
        found += [block] if isinstance(block, kind) else []
        found += every(getattr(block, "blocks", getattr(block, "grids", ())), kind)
    return found
