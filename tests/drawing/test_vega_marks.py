"""Layers: one for each run of marks, with values where all are alike, and expressions else."""

from opinionpanel.drawing.marks import Dot, Rect, Text, Words
from opinionpanel.drawing.vega_marks import head_of, layers

BLACK, GREY = "#000000", "#888888"


def layers_of(run, heads=(), lit=""):
    styles = dict.fromkeys(tuple(getattr(mark, name) for name in mark.style) for mark in run)
    numbered = {style: 5 + place for place, style in enumerate(styles)}
    return [layer.to_dict() for layer in layers(run, numbered, list(heads), lit)]


def test_what_all_marks_have_is_a_value_and_what_differs_is_looked_up():
    dots = [Dot(x=0, y=0, size=6, fill=fill, stroke=BLACK) for fill in (BLACK, GREY)]
    (layer,) = layers_of(dots)
    assert layer["mark"]["stroke"] == BLACK
    assert layer["mark"]["fill"]["expr"].replace(" ", "") == f'["{BLACK}","{GREY}"][datum.style-5]'
    assert layer["transform"] == [{"filter": "inrange(datum.style, [5, 6])"}]


def test_only_texts_with_a_patch_have_a_layer_below_them():
    plain = Text(x=0, y=0, text="one", size=10, color=BLACK)
    assert [layer["mark"]["type"] for layer in layers_of([plain])] == ["text"]
    patched = Text(x=0, y=0, text="one", size=10, color=BLACK, patch=GREY)
    assert [layer["mark"]["type"] for layer in layers_of([plain, patched])] == ["rect", "text"]


def test_marks_without_words_are_silent():
    words = Words(("State", "Share"), ("approve", "46%"))
    box = {"x": 0, "y": 0, "width": 9, "height": 9}
    (silent,) = layers_of([Rect(**box)])
    (told,) = layers_of([Rect(**box, words=words)], [head_of(words)])
    assert silent["mark"]["aria"] is False
    assert {"description", "tooltip"} <= set(told["mark"])
