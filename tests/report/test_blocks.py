"""What pages are made of."""

from opinionpanel.errors import SelectionError
from opinionpanel.report.blocks import Picture


def test_a_picture_without_room_in_a_size_has_no_drawing_there():
    def draw(size):
        if size == "phone":
            raise SelectionError("no room")
        return size

    picture = Picture("name", "title", draw, "page", [])
    assert picture.drawing("page") == "page"
    assert picture.drawing("phone") is None
