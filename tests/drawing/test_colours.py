"""Colour maths: contrast, inks, mixtures and tones."""

import pytest
from eyes import HEX, seen
from hypothesis import given, strategies as st

from opinionpanel.drawing import colours
from opinionpanel.drawing.themes import THEMES
from opinionpanel.errors import SelectionError


def test_contrasts_that_others_publish():
    # WCAG 2: black on white; #767676 is the lightest grey that reads on white, #777777 does not.
    assert colours.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert colours.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@given(one=HEX, other=HEX)
def test_contrast_has_no_direction(one, other):
    assert colours.contrast(one, other) == colours.contrast(other, one) >= 1
    assert colours.contrast(one, one) == 1


@given(background=HEX, theme=st.sampled_from(list(THEMES.values())))
def test_ink_is_the_text_or_the_paper_that_reads_better(background, theme):
    ink = colours.ink(background, theme)
    assert ink in (theme.text, theme.paper)
    assert colours.contrast(ink, background) >= colours.contrast(theme.text, background)
    assert colours.contrast(ink, background) >= colours.contrast(theme.paper, background)


@given(color=HEX, paper=HEX)
def test_a_mixture_goes_from_paper_to_the_colour(color, paper):
    assert colours.mix(color, 0, paper) == paper
    assert colours.mix(color, 1, paper) == color
    middle = colours.channels(colours.mix(color, 0.5, paper))
    for mixed, one, other in zip(
        middle, colours.channels(color), colours.channels(paper), strict=True
    ):
        assert abs(mixed - (one + other) / 2) <= 0.5


@given(color=HEX, light=st.floats(-5, 105), colourful=st.floats(0, 1))
def test_a_tone_has_the_lightness_asked_for_and_no_more_colour(color, light, colourful):
    tone = colours.toned(color, light, colourful=colourful)
    lab, before = seen(tone)[0], seen(color)[0]
    assert abs(lab[0] - min(max(light, 0), 100)) < 0.8
    assert (lab[1:] ** 2).sum() ** 0.5 <= (before[1:] ** 2).sum() ** 0.5 + 2
    assert abs(colours.lightness(color) - before[0]) < 0.1


@given(color=HEX)
def test_a_tone_of_the_same_lightness_is_the_colour(color):
    tone = colours.toned(color, colours.lightness(color))
    pairs = zip(colours.channels(tone), colours.channels(color), strict=True)
    assert max(abs(one - other) for one, other in pairs) <= 4
    assert len(set(colours.channels(colours.toned(color, 50, colourful=0)))) == 1


@pytest.mark.parametrize(
    "color",
    ["red", "#fff", "#12345g", "174a7e0", "#+1+1+1", "#1 2 3 ", "#174a7e\n", "#１２３４５６"],
)
def test_what_is_not_hexadecimal_is_refused(color):
    with pytest.raises(SelectionError, match="is not of the form '#174a7e'"):
        colours.channels(color)
