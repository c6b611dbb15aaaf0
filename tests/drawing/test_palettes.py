"""Palettes: every text reads, and states are told apart, by every reader and in every theme."""

from functools import cache
from itertools import combinations, pairwise

import numpy as np
import pytest
from eyes import HEX, apart, lightness, seen
from hypothesis import given, strategies as st

from opinionpanel.drawing.colours import channels, contrast, ink
from opinionpanel.drawing.palettes import SILENT, palette
from opinionpanel.drawing.themes import THEMES
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.withholding import WITHOUT_OPINION

# Delta E (CIE 1976) of 2.3 is just noticed between fields that touch. Nearly three times as much
# is plain to see there, and four times at a glance. A key that is far away needs twice of that, and
# three states, of which most charts consist, can have more.
FRINGES, CORES, PARTS, NODES, THREE = 6.5, 9, 8, 19, 40
# Greys in print differ by lightness alone, of which there is less; nodes have patterns besides.
GREY_NODES, GREY_CORES, GREY_FRINGES = 10.5, 8, 5.5

KINDS = ["ordered", "unordered"]
SCREENS = [THEMES["light"], THEMES["dark"]]
PRINT = THEMES["print"]
EVERY_THEME = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
EACH_SCREEN = pytest.mark.parametrize("theme", SCREENS, ids=lambda theme: theme.name)
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)


def names(count):
    return [f"s{place}" for place in range(count)]


@cache
def palettes(kind, theme):
    """Palettes of 2 to 7 states, with the neutral one at every place and without."""
    return [
        (count, palette([*names(count), "not interviewed"], kind, neutral=neutral, theme=theme))
        for count in range(2, 8)
        for neutral in ("", *names(count))
    ]


@EVERY_KIND
@EVERY_THEME
def test_texts_read_on_every_fill_and_every_name_on_paper(theme, kind):
    for _, found in palettes(kind, theme):
        for place, node in enumerate(found.node):
            core, ribbon = found.core[place], found.ribbon[place]
            assert contrast(found.ink[place], node) >= 4.5
            # Of a number beside its node, half may stand on the core and half on the fringe.
            assert contrast(found.core_ink[place], core) >= 4.5
            assert contrast(found.core_ink[place], ribbon) >= 4.5
            assert found.core_ink[place] == theme.text == ink(ribbon, theme)
            assert contrast(found.lettering[place], theme.paper) >= 4.5


@EVERY_KIND
@EVERY_THEME
def test_fills_stand_out_from_paper_or_have_an_outline(theme, kind):
    for count, found in palettes(kind, theme):
        for fills in (found.node, found.core, found.ribbon):
            assert min(contrast(fill, theme.paper) for fill in fills[:count]) >= 1.5
        assert found.outline[:count] == found.node[:count]
        assert contrast(found.outline[-1], theme.paper) >= 3
        assert apart(found.core[-1], found.ribbon[-1]) >= PARTS


@EVERY_KIND
@EACH_SCREEN
def test_states_are_told_apart(theme, kind):
    for count, found in palettes(kind, theme):
        nodes = found.node[:count]
        assert min(apart(*two) for two in combinations(nodes, 2)) >= NODES
        # A neighbour in the chart may also be someone without an answer.
        assert min(apart(*two) for two in pairwise(found.core)) >= CORES
        assert min(apart(*two) for two in pairwise(found.ribbon)) >= FRINGES
        for parts in zip(nodes, found.core, found.ribbon, strict=False):
            assert min(apart(*two) for two in combinations(parts, 2)) >= PARTS


@EACH_SCREEN
def test_three_ordered_states_are_far_apart_wherever_the_neutral_one_stands(theme):
    for neutral in ("", *names(3)):
        nodes = palette(names(3), neutral=neutral, theme=theme).node
        assert min(apart(*two) for two in combinations(nodes, 2)) >= THREE


@EVERY_KIND
def test_print_tells_states_apart_by_grey_and_by_pattern(kind):
    for count, found in palettes(kind, PRINT):
        for color in {*found.node, *found.core, *found.ribbon, *found.lettering, *found.outline}:
            assert color[1:3] == color[3:5] == color[5:7]
        assert len(set(found.hatch[:count])) == count
        assert found.hatch[-1] == 0
        for fills, least in (
            (found.node[:count], GREY_NODES),
            (found.core[:count], GREY_CORES),
            (found.ribbon[:count], GREY_FRINGES),
        ):
            assert min(apart(*two) for two in pairwise(fills)) >= least
        for core, ribbon in zip(found.core, found.ribbon, strict=True):
            assert apart(core, ribbon) >= PARTS


def test_only_print_has_patterns():
    for theme in SCREENS:
        for _, found in palettes("ordered", theme):
            assert set(found.hatch) == {0}


def test_three_states_look_as_they_always_did():
    found = palette(["approve", "unsure", "oppose"], theme=THEMES["light"])
    assert found.node == ("#174a7e", "#a3a3a3", "#e8912d")
    assert found.ink == ("#ffffff", "#222222", "#222222")


@EVERY_KIND
@EACH_SCREEN
def test_no_colour_is_green_or_red(theme, kind):
    for _, found in palettes(kind, theme):
        for _, across, along in (seen(color)[0] for color in found.node):
            hue = np.degrees(np.arctan2(along, across)) % 360
            assert np.hypot(across, along) < 5 or 48 <= hue <= 98 or 200 <= hue <= 335


@EVERY_THEME
@pytest.mark.parametrize("count", range(2, 8))
@pytest.mark.parametrize("kind", KINDS)
def test_the_neutral_state_is_grey_wherever_it_stands_and_takes_no_colour(count, kind, theme):
    others = names(count - 1)
    rows = []
    for place in range(count):
        states = [*others[:place], "hard to say", *others[place:]]
        found = palette(states, kind, neutral="hard to say", theme=theme)
        looks = list(zip(found.node, found.hatch, strict=True))
        rows.append((looks.pop(place), looks))
    assert all(row == rows[0] for row in rows)
    red, green, blue = channels(rows[0][0][0])
    assert red == green == blue


def test_the_neutral_last_leaves_strong_and_mid_colours_on_both_sides():
    states = ["definitely", "rather", "rather not", "definitely not", "hard to say"]
    nodes = palette(states, neutral="hard to say", theme=THEMES["light"]).node
    hues = [seen(color)[0, 2] for color in nodes]
    assert max(hues[:2]) < -15
    assert min(hues[2:4]) > 15
    assert abs(hues[4]) < 1
    assert lightness(nodes[0]) < lightness(nodes[1])
    assert lightness(nodes[3]) < lightness(nodes[2])


@EACH_SCREEN
def test_without_a_neutral_state_the_middle_of_an_odd_number_is_grey(theme):
    grey = palette(["a", "b"], neutral="b", theme=theme).node[1]
    for count in range(2, 8):
        nodes = palette(names(count), theme=theme).node
        assert [place for place, color in enumerate(nodes) if color == grey] == (
            [count // 2] if count % 2 else []
        )


@given(data=st.data(), theme=st.sampled_from(list(THEMES.values())))
def test_people_without_an_answer_change_no_colour(data, theme):
    opinions = names(data.draw(st.integers(1, 7)))
    neutral = data.draw(st.sampled_from(["", *opinions]))
    kind = data.draw(st.sampled_from(KINDS))
    states = list(opinions)
    for silent in data.draw(st.lists(st.sampled_from(sorted(SILENT)), unique=True)):
        states.insert(data.draw(st.integers(0, len(states))), silent)
    alone = palette(opinions, kind, neutral=neutral, theme=theme)
    found = palette(states, kind, neutral=neutral, theme=theme)
    for field in ("node", "core", "ribbon", "outline", "ink", "core_ink", "lettering", "hatch"):
        looks = dict(zip(states, getattr(found, field), strict=True))
        assert tuple(looks[state] for state in opinions) == getattr(alone, field)
    for state, outline in zip(states, found.outline, strict=True):
        assert (outline == theme.outline) == (state in SILENT)


def test_a_neutral_state_is_grey_even_if_its_name_is_that_of_no_answer():
    found = palette(["yes", "other", "no"], neutral="other", theme=THEMES["light"])
    assert found.node == ("#174a7e", "#a3a3a3", "#e8912d")


def test_people_without_an_answer_are_named_as_the_measures_name_them():
    assert set(SILENT) == {*WITHOUT_OPINION, "other"}


@given(own=st.lists(HEX, min_size=1, max_size=9), theme=st.sampled_from(list(THEMES.values())))
def test_texts_read_on_any_colours_that_are_named(own, theme):
    if theme is PRINT:
        own = own[:7]
    states = names(len(own))
    found = palette(states, dict(zip(states, own, strict=True)), theme=theme)
    for place, color in enumerate(own):
        node, core, ribbon = found.node[place], found.core[place], found.ribbon[place]
        assert contrast(found.ink[place], node) >= 4.5
        assert min(contrast(found.core_ink[place], fill) for fill in (core, ribbon)) >= 4.5
        assert min(contrast(core, theme.paper), contrast(ribbon, theme.paper)) >= 1.5
        assert contrast(found.lettering[place], theme.paper) >= 4.5
        assert found.outline[place] in (node, theme.outline)
        assert contrast(found.outline[place], theme.paper) >= 1.5
        if theme is not PRINT and contrast(ink(color, theme), color) >= 4.5:
            assert node == color
        elif theme is not PRINT:
            assert abs(lightness(node) - lightness(color)) < 9


@EVERY_THEME
def test_states_that_are_not_named_keep_their_colours(theme):
    states = ["a", "b", "c", "not interviewed"]
    before = palette(states, theme=theme).node
    after = palette(states, {"b": "#7a1f5c"}, theme=theme).node
    assert (after[0], after[2], after[3]) == (before[0], before[2], before[3])
    assert after[1] == (before[1] if theme is PRINT else "#7a1f5c")
    neutral = palette(states, {"a": "#7a1f5c"}, neutral="a", theme=THEMES["light"])
    assert neutral.node[0] == "#7a1f5c"
    silent = palette(states, {"not interviewed": "#7a1f5c"}, theme=THEMES["light"])
    assert silent.node[3] == silent.outline[3] == "#7a1f5c"


def test_what_cannot_be_coloured_is_refused():
    light = THEMES["light"]
    with pytest.raises(SelectionError, match=r"'d'.*Known: 'a', 'b'"):
        palette(["a", "b"], {"d": "#112233"}, theme=light)
    with pytest.raises(SelectionError, match="'red' is not of the form"):
        palette(["a"], {"a": "red"}, theme=light)
    with pytest.raises(SelectionError, match=r"8 states.*Merge states.*name colors="):
        palette(names(8), theme=light)
    with pytest.raises(SelectionError, match="8 states"):
        palette(names(8), dict.fromkeys(names(7), "#112233"), theme=light)
    with pytest.raises(SelectionError, match=r"8 states.*draw another theme"):
        palette(names(8), dict.fromkeys(names(8), "#112233"), theme=PRINT)
    with pytest.raises(SelectionError, match="'rainbow'"):
        palette(["a"], "rainbow", theme=light)
