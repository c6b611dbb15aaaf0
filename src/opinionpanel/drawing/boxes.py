"""The room that texts take: boxes around them, and whether any two of them overlap."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from opinionpanel.drawing.lettering import text_width
from opinionpanel.drawing.marks import Mark, Text


class Box(NamedTuple):
    """A rectangle, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box", *, by: float = 0.5) -> bool:
        """Tell whether two boxes overlap by more than so many pixels both ways."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > by and down > by


def text_box(text: Text) -> Box:
    """Measure the ink of a text: from the top of its capitals to the end of its descenders."""
    width = max(text_width(line, text.size, bold=text.bold) for line in text.lines)
    left = text.x - {"left": 0.0, "center": 0.5, "right": 1.0}[text.align] * width
    # Of all lines but for the space above the first and below the last.
    half = (text.height - 0.3 * text.size) / 2
    return Box(left, text.y - half, left + width, text.y + half)


def overlapping(marks: Iterable[Mark]) -> list[tuple[Text, Text]]:
    """List the texts that overlap."""
    texts: Sequence[Text] = [mark for mark in marks if isinstance(mark, Text)]
    boxes = [text_box(text) for text in texts]
    return [
        (texts[one], texts[other])
        for one, other in combinations(range(len(texts)), 2)
        if boxes[one].meets(boxes[other])
    ]
