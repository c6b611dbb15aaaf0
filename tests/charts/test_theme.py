"""Colours that readers can tell apart, with and without a colour-vision deficiency."""

from itertools import combinations

import numpy as np
import pytest

from opinionpanel.charts import theme
from opinionpanel.errors import SelectionError
from opinionpanel.estimates.withholding import WITHOUT_OPINION
from opinionpanel.measures import bases

# Full deficiency in linear RGB: Machado, Oliveira and Fernandes (2009), Table 1, severity 1.0.
VISION = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])


def lab(color, vision):
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(np.clip(TO_XYZ @ np.clip(VISION[vision] @ linear, 0, 1), 0.0089, None))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def least_difference(colors, vision):
    return min(
        np.linalg.norm(lab(one, vision) - lab(two, vision)) for one, two in combinations(colors, 2)
    )


@pytest.mark.parametrize("vision", VISION)
def test_three_states_and_the_absent_are_far_apart(vision):
    states = ["approve", "unsure", "oppose"]
    assert least_difference(theme.palette(states, "ordered").node, vision) > 40


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("count", range(2, 8))
@pytest.mark.parametrize("colors", ["ordered", "unordered"])
def test_states_differ(count, colors, vision):
    nodes = theme.palette([f"s{k}" for k in range(count)], colors).node
    assert len(set(nodes)) == count
    assert least_difference(nodes, vision) > 18


@pytest.mark.parametrize("count", range(2, 8))
@pytest.mark.parametrize("colors", ["ordered", "unordered"])
def test_labels_are_readable_on_nodes_and_cores(count, colors):
    palette = theme.palette([*(f"s{k}" for k in range(count)), "not interviewed"], colors)
    for node, core in zip(palette.node, palette.core, strict=True):
        assert theme.contrast(theme.ink(node), node) >= 4.5
        assert theme.contrast(theme.TEXT, core) >= 4.5


def test_only_an_odd_number_of_ordered_states_has_a_grey_middle():
    for count in range(2, 8):
        nodes = theme.palette([f"s{k}" for k in range(count)], "ordered").node
        assert (theme.GREY in nodes) == (count % 2 == 1)


def test_people_without_an_answer_are_named_as_the_measures_name_them():
    merged = {"without an answer"}
    assert set(theme.SILENT) == set(bases.ADDED.values()) | merged
    assert set(WITHOUT_OPINION) == set(bases.LOOKING_BACK.values()) | merged


def test_own_colours():
    own = {"a": "#112233", "b": "#ddeeff"}
    assert theme.palette(["a", "b", "not interviewed"], own).node[:2] == ("#112233", "#ddeeff")
    with pytest.raises(SelectionError, match="No colour for 'b'"):
        theme.palette(["a", "b"], {"a": "#112233"})
    with pytest.raises(SelectionError, match="'red' is not of the form"):
        theme.palette(["a"], {"a": "red"})
    with pytest.raises(SelectionError, match="8 states"):
        theme.palette([f"s{k}" for k in range(8)], "ordered")
    with pytest.raises(SelectionError, match="'rainbow'"):
        theme.palette(["a"], "rainbow")


def test_wrapped_lines_fit_and_keep_every_word():
    text = "How much do you trust the government of your country to do what is right?"
    lines = theme.wrap(text, 150, 13)
    assert " ".join(lines) == text
    assert max(theme.text_width(line, 13) for line in lines) <= 150


def test_a_word_that_no_line_holds_is_cut_before_signs_that_stand_by_themselves():
    address, accents = "x" * 300, "e\u0301" * 100
    for word in (address, accents):
        lines = theme.wrap(f"see {word}", 150, 13)
        assert "".join(lines[1:]) == word
        assert len(lines) > 3
        assert not [line for line in lines if line.startswith("\u0301")]
    assert max(theme.text_width(line, 13) for line in theme.wrap(address, 150, 13)) <= 150
    # A word that is only somewhat too long stays whole.
    assert theme.wrap("Donaudampfschifffahrt", 100, 13) == ["Donaudampfschifffahrt"]
    assert theme.wrap("", 100, 13) == []
