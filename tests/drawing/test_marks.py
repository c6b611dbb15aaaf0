"""Marks: every one can be laid out and drawn by what it lists."""

from dataclasses import fields

import pytest

from opinionpanel.drawing.marks import LINE_HEIGHT, Mark, Rect, Text, layered

KINDS = Mark.__subclasses__()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_a_mark_lists_is_all_of_its_fields(kind):
    own = {field.name for field in fields(kind)} - {field.name for field in fields(Mark)}
    assert {*kind.layout, *kind.style} == own
    assert len({*kind.layout, *kind.style}) == len(kind.layout) + len(kind.style)


def test_the_lines_of_a_text():
    text = Text(x=0, y=0, text="one\ntwo", size=10, color="#000000")
    assert text.lines == ["one", "two"]
    assert text.height == 2 * 10 * LINE_HEIGHT


def test_layers_lie_in_their_order_and_keep_that_of_their_marks():
    box = {"x": 0, "y": 0, "width": 9, "height": 9}
    text = Text(x=0, y=0, text="one", size=10, color="#000000")
    plate, first, second = Rect(**box, kind="plate"), Rect(**box, kind="a"), Rect(**box, kind="b")
    found = layered([text, plate, first, second], (Rect, "plate", Text))
    assert found == [first, second, plate, text]
