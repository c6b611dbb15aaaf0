"""What every kind of chart can be asked for."""

import inspect
import re
from dataclasses import fields

import pytest

from opinionpanel import charts
from opinionpanel.charts.chart_options import Options
from opinionpanel.drawing.sizes import SIZES

KINDS = (charts.sankey, charts.heatmap, charts.trend, charts.dots, charts.stacked, charts.paths)
# What a study calls things is no option of its own: `labels` are the reader's.
NAMED = [field for field in fields(Options) if field.name != "names"]
COMMON = [*(field.name for field in NAMED), "min_n", "min_cell"]


def told(kind):
    """What is said of the options that all kinds have: type and first sentence, by names."""
    entries = re.findall(
        r"^(\w[\w, ]*) : (.+)\n((?: {4}.+\n)+)", inspect.getdoc(kind), re.MULTILINE
    )
    return {
        names: (types, re.split(r"(?<=\.)\s", " ".join(text.split()))[0])
        for names, types, text in entries
        if set(names.split(", ")) <= {*COMMON} - {"min_cell"}
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_ends_with_the_options_of_all_and_their_defaults(kind):
    parameters = inspect.signature(kind).parameters
    assert [*parameters][-len(COMMON) :] == COMMON
    for field in NAMED:
        assert parameters[field.name].default == field.default
        assert parameters[field.name].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["min_n"].default == 10


@pytest.mark.parametrize("kind", KINDS)
def test_options_are_told_in_the_same_words(kind):
    found = told(kind)
    assert sorted(name for names in found for name in names.split(", ")) == sorted(COMMON[:-1])
    assert list(found.items()) == list(told(charts.sankey).items())


def test_the_size_of_options_is_that_of_its_name():
    assert Options(size="phone").measures == SIZES["phone"]
