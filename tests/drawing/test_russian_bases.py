"""Russian words of bases: for all that captions of measures say of who is in them."""

from chart_panels import NAMES, panel_of

import opinionpanel as op
from opinionpanel.drawing.languages import RUSSIAN
from opinionpanel.drawing.russian_bases import RUSSIAN_BASES
from opinionpanel.drawing.russian_titles import RUSSIAN_TITLES


def test_no_phrase_is_said_in_two_tables():
    assert not RUSSIAN_BASES.keys() & RUSSIAN_TITLES.keys()
    assert RUSSIAN_BASES.items() <= RUSSIAN.words.items()


def test_the_bases_of_measures_are_russian():
    panel = panel_of(NAMES[3], 2)
    for base in ("answered", "balanced", "panel"):
        about = op.flows(panel, "support", base=base).about
        assert RUSSIAN.tell(about.base) != about.base
