"""Shares written on the ribbons of a Sankey: within them, or on a patch of paper across them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from opinionpanel.arrays import Floats
from opinionpanel.charts.sankey_marks import Panel
from opinionpanel.drawing import AROUND, Box, Text, is_narrow, text_box, text_width

# Every move of at least this share of the base has its number, where there is room.
LABELLED = 0.01
# Pixels from a node to a number.
AFTER = 6.0
# Places along a ribbon at which a number may stand; the further from the origin, the worse.
PLACES = 24
FAR = 0.6


@dataclass(frozen=True)
class Labels:
    """Numbers on ribbons, and the largest move without one."""

    texts: list[Text]
    left_out: float


def flow_labels(panel: Panel, taken: Sequence[Text]) -> Labels:
    """Write what flows are on them, the largest first.

    Parameters
    ----------
    panel : Panel
    taken : sequence of Text
        Texts of the panel that no number may meet.
    """
    texts, left_out = list[Text](), 0.0
    boxes = [text_box(text) for text in taken]
    for row, (first, last) in enumerate(panel.spans):
        for step in range(first, last):
            here = _Step(panel, row, step)
            near = [box for box in boxes if here.left < box.right and box.left < here.right]
            left_out = max(left_out, here.write(texts, near))
    return Labels(texts, left_out)


class _Step:
    """The ribbons from one wave to the next."""

    def __init__(self, panel: Panel, row: int, step: int) -> None:
        grid, table, places = panel.grid, panel.table, panel.places
        self.panel, self.step = panel, step
        self.size = grid.letters.small
        self.left = panel.across(row, step) + grid.node
        self.right = self.left + grid.spacing
        self.ways = np.argwhere(table.share[step] > 0)
        at = (step, *self.ways.T)
        self.share, self.thick = table.share[at], grid.scale * table.share[at]
        top = panel.top(row)
        starts, ends = (
            top + grid.scale * edge[at] + self.thick / 2 for edge in (places.starts, places.ends)
        )
        self.along = np.linspace(0.0, 1.0, PLACES)
        # A ribbon is one cubic, flat at both ends.
        bend = self.along**2 * (3 - 2 * self.along)
        self.middles: Floats = starts[:, None] + (ends - starts)[:, None] * bend

    def write(self, texts: list[Text], boxes: list[Box]) -> float:
        """Write the numbers; give the largest move that stays without."""
        left_out = 0.0
        for place in np.argsort(-self.share, kind="stable").tolist():
            i, j = self.ways[place].tolist()
            text = self._number(i, j)
            if not text or self._within(place, text, texts, boxes):
                continue
            moved = i != j and self.share[place] >= LABELLED
            if moved and not self._across(place, text, texts, boxes):
                left_out = max(left_out, self.share[place])
        return left_out

    def _number(self, i: int, j: int) -> str:
        table = self.panel.table
        value, low, high = (
            part[self.step, i, j] for part in (table.told, table.told_low, table.told_high)
        )
        if not np.isfinite(value):
            return ""
        digits = 1 if value < LABELLED or is_narrow(low, high) else 0
        return self.panel.frame.language.share(value, digits=digits)

    def _within(self, place: int, text: str, texts: list[Text], boxes: list[Box]) -> bool:
        """Write a number at the beginning of its ribbon, if it is thick enough there."""
        width = text_width(text, self.size)
        ends = np.array([AFTER, AFTER + width]) / self.panel.grid.spacing
        if ends[1] > 1:
            return False
        first, last = np.interp(ends, self.along, self.middles[place])
        if abs(last - first) + self.size > self.thick[place]:
            return False
        colours, at = self.panel.colours.of_flow(*self.ways[place].tolist())
        written = self._text(
            text, self.left + AFTER + width / 2, (first + last) / 2, colours.core_ink[at]
        )
        return self._add(written, texts, boxes)

    def _across(self, place: int, text: str, texts: list[Text], boxes: list[Box]) -> bool:
        """Write a number on a patch of paper, where it hides the least of other ribbons."""
        spacing = self.panel.grid.spacing
        width = text_width(text, self.size) + 2 * AROUND
        half = width / 2 / spacing
        free = (self.along > half + 2 / spacing) & (self.along < 1 - half - 2 / spacing)
        away = np.abs(self.middles - self.middles[place])
        height = self.size + 2 * AROUND
        hidden = np.clip((self.thick[:, None] + height) / 2 - away, 0.0, height)
        hidden[place] = 0.0
        cost = hidden.sum(axis=0) / height + FAR * self.along
        colours, at = self.panel.colours.of_flow(*self.ways[place].tolist())
        paper = self.panel.frame.theme.paper
        for spot in np.argsort(np.where(free, cost, np.inf))[: int(free.sum())]:
            x, y = self.left + self.along[spot] * spacing, self.middles[place, spot]
            written = self._text(text, x, y, colours.lettering[at])
            if self._add(replace(written, patch=paper), texts, boxes):
                return True
        return False

    def _text(self, text: str, x: float, y: float, color: str) -> Text:
        return self.panel.frame.write(
            text, x, y, kind="share", size=self.size, color=color, align="center"
        )

    def _add(self, text: Text, texts: list[Text], boxes: list[Box]) -> bool:
        """Write a text where it meets no other."""
        box = text_box(text)
        if any(box.meets(other, by=-AROUND) for other in boxes):
            return False
        texts.append(text)
        boxes.append(box)
        return True
