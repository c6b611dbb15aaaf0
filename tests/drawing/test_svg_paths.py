"""Outlines: whatever the letters of a path, they lead through the same places."""

import cmath
import math

import pytest
from hypothesis import given, strategies as st

from opinionpanel.drawing.svg_paths import (
    Placing,
    Step,
    UnknownMarkError,
    is_line,
    is_rectangle,
    places_of,
    steps_of,
)

coordinates = st.floats(-1000, 1000).map(lambda number: round(number, 3))
places = st.builds(complex, coordinates, coordinates)
angles = st.floats(-math.pi, math.pi)


def written(place):
    return f"{place.real!r},{place.imag!r}"


def bezier(start, step, along):
    first, second, end = step.places
    rest = 1 - along
    return (
        rest**3 * start
        + 3 * rest**2 * along * first
        + 3 * rest * along**2 * second
        + along**3 * end
    )


@given(st.lists(places, min_size=2, max_size=8))
def test_relative_places_are_the_same_as_absolute_ones(corners):
    absolute = "M" + "L".join(map(written, corners)) + "Z"
    moves = [end - start for start, end in zip([0j, *corners], corners, strict=False)]
    relative = "m" + " ".join(map(written, moves)) + "z"
    for path in (absolute, relative):
        steps = steps_of(path, Placing())
        assert [step.kind for step in steps] == ["move", *["line"] * (len(corners) - 1), "close"]
        assert places_of(steps) == pytest.approx(corners, abs=1e-6)


@given(places, st.floats(1, 500), angles, st.floats(0.01, 6.27), st.booleans())
def test_an_arc_keeps_its_distance_to_its_centre(centre, radius, begin, angle, sweep):
    turned = angle if sweep else -angle
    start, end = (centre + cmath.rect(radius, begin + part) for part in (0, turned))
    path = f"M{written(start)}A{radius!r},{radius!r},0,{angle > math.pi:d},{sweep:d},{written(end)}"
    first, *steps = steps_of(path, Placing())
    assert steps[-1].places[-1] == pytest.approx(end, abs=1e-4)
    here, total = first.places[0], 0.0
    for step in steps:
        for along in (0.25, 0.5, 0.75):
            distance = abs(bezier(here, step, along) - centre)
            # A curve of a quarter of a circle is off by up to 0.03%.
            assert distance == pytest.approx(radius, rel=4e-4)
        total += cmath.phase((step.places[-1] - centre) / (here - centre))
        here = step.places[-1]
    assert total == pytest.approx(turned, abs=1e-3)


@given(places, st.floats(-360, 360), places, places)
def test_what_is_placed_keeps_its_size(shift, degrees, one, other):
    placing = Placing().within(f"translate({written(shift)}) rotate({degrees!r})")
    assert abs(placing.at(one) - placing.at(other)) == pytest.approx(abs(one - other), abs=1e-6)
    assert placing.at(0) == shift


def test_a_group_within_a_group_is_placed_by_both():
    placing = Placing().within("translate(10,20) rotate(90)").within("translate(3,0)")
    assert placing.at(0) == pytest.approx(10 + 23j)
    assert placing.at(1) == pytest.approx(10 + 24j)


def test_other_letters():
    assert steps_of("M1,2H5v-3h1", Placing()) == (
        Step("move", (1 + 2j,)),
        Step("line", (5 + 2j,)),
        Step("line", (5 - 1j,)),
        Step("line", (6 - 1j,)),
    )
    # A parabola, in its middle a quarter of the way to the handle from both ends.
    move, curve = steps_of("M0,0q3-6 6,0", Placing())
    assert bezier(move.places[0], curve, 0.5) == pytest.approx(3 - 3j)
    # After the end of an outline the next begins where that began.
    assert steps_of("M1,1h1v1zh5", Placing())[-1] == Step("line", (6 + 1j,))
    assert steps_of("M0-.5.5 1e1", Placing())[1] == Step("line", (0.5 + 10j,))
    assert steps_of("", Placing()) == ()


def test_rectangles_and_lines_are_told():
    assert is_rectangle(steps_of("M0,0h10v5h-10Z", Placing()))
    assert is_rectangle(steps_of("M0,0v5h10v-5Z", Placing().within("rotate(90)")))
    for path in ("M0,0h10v5h-10", "M0,0h10v5h-9Z", "M0,0h10l1,5h-10Z", "M0,0h10v5Z"):
        assert not is_rectangle(steps_of(path, Placing()))
    assert not is_rectangle(steps_of("M0,0h10v5h-10Z", Placing().within("rotate(20)")))
    assert is_line(steps_of("M0,0L1,1", Placing()))
    assert not is_line(steps_of("M0,0L1,1L2,2", Placing()))


@pytest.mark.parametrize("path", ["M0,0S1,1,2,2", "MNaN,0L1,1", "0,0", "M0,0A1,2,0,0,0,1,1"])
def test_what_is_no_known_outline_is_told(path):
    with pytest.raises(UnknownMarkError):
        steps_of(path, Placing())


def test_what_is_stretched_is_told():
    with pytest.raises(UnknownMarkError):
        Placing().within("translate(1,1) scale(2,1)")
