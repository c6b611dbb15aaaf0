"""Sizes of a Sankey: texts have room, nodes keep their height, and ribbons do not get too steep."""

import pytest
from hypothesis import given, strategies as st

from opinionpanel.charts import theme
from opinionpanel.charts.sizes import GAP, NAME_WIDTH, line_height, measure

names = st.lists(st.text("abcdefgh ", max_size=30), min_size=2, max_size=6, unique=True)


def sizes_of(states, *, steps=1, panels=1, labels=("38% ±3",)):
    waves = [f"wave {place}" for place in range(steps + 1)]
    return measure(
        chains=[waves], ends=(states, states), labels=labels, crowd=len(states), panels=panels
    )


@given(names, st.integers(1, 5), st.integers(1, 4))
def test_names_fit_beside_the_first_nodes_and_all_nodes_into_the_width(states, steps, panels):
    sizes = sizes_of(states, steps=steps, panels=panels)
    for lines in sizes.names.values():
        assert all(theme.text_width(line, theme.LABEL_SIZE) <= sizes.left for line in lines)
    assert sizes.left + steps * sizes.pitch + sizes.node <= sizes.width + steps
    assert sizes.figure == sizes.width if panels == 1 else sizes.figure >= sizes.width
    # Ribbons are never steeper than this.
    assert sizes.pitch - sizes.node >= 0.6 * sizes.height - 1


@given(names, st.floats(0.5, 100))
def test_pixels_and_shares_are_proportional(states, pixels):
    sizes = sizes_of(states)
    assert sizes.share_of(2 * pixels) == pytest.approx(2 * sizes.share_of(pixels))
    assert sizes.share_of(GAP) == pytest.approx(sizes.gap)
    # All shares and the gaps between the nodes fill the height.
    assert 1 + sizes.gap * (len(states) - 1) == pytest.approx(sizes.total)


def test_long_names_are_wrapped_and_long_labels_widen_the_nodes():
    long = "a state with a name of many words that no line would hold"
    sizes = sizes_of(["short", long])
    assert len(sizes.names[long]) > 1
    assert sizes.left < theme.text_width(long, theme.LABEL_SIZE)
    assert sizes.left <= NAME_WIDTH + 11
    assert sizes_of(["a", "b"], labels=["100.0% ±10.0"]).node > sizes_of(["a", "b"]).node


def test_more_nodes_make_a_taller_chart():
    heights = [sizes_of([f"state {place}" for place in range(count)]).height for count in (3, 4, 9)]
    assert heights[0] == heights[1]
    assert heights[2] == heights[1] + 5 * GAP


def test_lines_add_up():
    assert line_height("a\nb\nc") == pytest.approx(3 * line_height("a"))
