"""Boxes of texts: where their ink is, and which of them overlap."""

from hypothesis import given, strategies as st

from opinionpanel.drawing.boxes import Box, overlapping, text_box
from opinionpanel.drawing.lettering import text_width
from opinionpanel.drawing.marks import Rect, Text


def text(words="approve", x=0.0, y=0.0, **how):
    return Text(x=x, y=y, text=words, size=how.pop("size", 12), color="#000000", **how)


@given(st.sampled_from(["left", "center", "right"]), st.floats(-500, 500), st.integers(9, 40))
def test_a_box_hangs_on_its_end_or_middle(align, x, size):
    box = text_box(text("two\nlines of text", x=x, size=size, align=align))
    width = text_width("lines of text", size)
    at = {"left": box.left, "center": (box.left + box.right) / 2, "right": box.right}[align]
    assert abs(at - x) < 1e-6
    assert abs(box.right - box.left - width) < 1e-6
    assert abs(box.top + box.bottom) < 1e-6


@given(st.floats(-60, 60), st.floats(-30, 30))
def test_texts_overlap_where_their_boxes_do(x, y):
    one, other = text(), text("oppose", x=x, y=y, bold=True)
    boxes = text_box(one), text_box(other)
    across = min(boxes[0].right, boxes[1].right) - max(boxes[0].left, boxes[1].left)
    down = min(boxes[0].bottom, boxes[1].bottom) - max(boxes[0].top, boxes[1].top)
    expected = [(one, other)] if min(across, down) > 0.5 else []
    assert overlapping([one, other]) == expected
    assert len(overlapping([other, one])) == len(expected)


def test_only_texts_can_overlap():
    under = Rect(x=-50, y=-50, width=100, height=100, fill="#ffffff")
    assert overlapping([under, text()]) == []
    assert overlapping([text(), text(y=14), text(y=28)]) == []


def test_boxes_that_touch_do_not_meet():
    box = Box(0, 0, 10, 10)
    assert not box.meets(Box(10, 0, 20, 10))
    assert not box.meets(Box(0, 10.4, 10, 20))
    assert box.meets(Box(9, 9, 20, 20))
    assert not box.meets(Box(9, 9, 20, 20), by=2)
