"""What a browser sees of every kind of chart: nothing meets, leaves, is small, pale or mute."""

from itertools import cycle, product

import pytest
from browser import CHROMIUM
from chart_panels import cases
from gallery import KINDS, SIZES, THEMES, WIDTHS, drawn, estimates_of, looked_at

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


def sample():
    """Every second pair of a kind and a panel, themes and sizes in turn."""
    ways = cycle(product(THEMES, SIZES, ("en", "ru")))
    specs = {}
    for place, (kind, (name, panel)) in enumerate(product(KINDS, cases().items())):
        if place % 2:
            continue
        theme, size, language = next(ways)
        spec = drawn(kind, estimates_of(kind, panel, name), theme, size, language)
        specs[f"{kind}, {name}, {theme}, {size}, {language}"] = [spec, WIDTHS[size]]
    return specs


def test_every_kind_of_chart_is_seen_as_it_is_meant(tmp_path):
    specs = sample()
    found, said = looked_at(specs, tmp_path)
    assert said == []
    assert {name: one["wrong"] for name, one in found.items() if one["wrong"]} == {}
    assert found.keys() == specs.keys()
    # Where the keyboard arrives, a tooltip says what is there.
    assert [name for name, one in found.items() if not one["tip"]] == []
