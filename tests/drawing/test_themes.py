"""Themes: what is written and drawn without a state's colour can be seen."""

import pytest

from opinionpanel.drawing.colours import contrast, ink
from opinionpanel.drawing.themes import THEMES, theme_of
from opinionpanel.errors import SelectionError


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_texts_and_marks_stand_out_from_paper(theme):
    assert theme_of(theme.name) is theme
    assert contrast(theme.text, theme.paper) >= 12
    assert contrast(theme.muted, theme.paper) >= 4.5
    assert contrast(theme.outline, theme.paper) >= 3
    assert contrast(theme.accent, theme.paper) >= 4.5
    assert 1.1 <= contrast(theme.faint, theme.paper) < 1.5
    for fill in (theme.accent_soft, theme.stay):
        assert contrast(fill, theme.paper) >= 1.5
        assert contrast(ink(fill, theme), fill) >= 4.5
    assert contrast(theme.accent, theme.accent_soft) >= 3


def test_print_has_greys_only():
    theme = THEMES["print"]
    for color in (value for name, value in vars(theme).items() if name != "name"):
        assert color[1:3] == color[3:5] == color[5:7]


def test_an_unknown_theme_is_refused_with_those_there_are():
    with pytest.raises(SelectionError, match=r"'drak'.*'dark'.*'light', 'dark', 'print'"):
        theme_of("drak")
