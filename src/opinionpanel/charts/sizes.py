"""The sizes of a Sankey in pixels: names and labels have room, and no ribbon gets too steep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opinionpanel.charts import theme

# Heights in pixels that a text needs: beside a ribbon's start, in a node, between two nodes.
FLOW_LABEL, NODE_LABEL, GAP = 12.0, 15.0, 18.0
NODE_TEXT = 12
SINGLE_WIDTH, SINGLE_HEIGHT, PANEL_HEIGHT = 760.0, 380.0, 270.0
NAME_WIDTH = 120.0
MANY_WAVES = 5
# Pixels between two panels, and those of a panel's title.
BETWEEN, PANEL_TITLE = 40.0, 28.0


@dataclass(frozen=True)
class Sizes:
    """Sizes of a chart in pixels, except `gap` and `total`, which are shares of the base.

    `left` is where the first nodes begin, `pitch` the distance from one wave to the next.
    """

    height: float
    width: float
    figure: float
    node: float
    left: float
    pitch: float
    gap: float
    total: float
    columns: int
    names: Mapping[str, list[str]]
    headers: Mapping[str, list[str]]

    def share_of(self, pixels: float) -> float:
        """Convert a height in pixels to shares."""
        return pixels * self.total / self.height


def line_height(text: str) -> float:
    """Height in pixels of the lines of a label."""
    return (text.count("\n") + 1) * theme.LABEL_SIZE * theme.LINE_HEIGHT


def measure(
    *,
    chains: Sequence[Sequence[str]],
    ends: tuple[Sequence[str], Sequence[str]],
    labels: Sequence[str],
    crowd: int,
    panels: int,
) -> Sizes:
    """Choose sizes in which names and labels have room and no ribbon gets too steep.

    Parameters
    ----------
    chains : sequence of sequences of str
        The waves of the panels, as many in each.
    ends : two sequences of str
        The states that need a name at the first and at the last wave.
    labels : sequence of str
        Texts of the nodes.
    crowd : int
        The most nodes that a wave has.
    panels : int
        Small multiples.
    """
    height = SINGLE_HEIGHT if panels == 1 else PANEL_HEIGHT
    steps = len(chains[0]) - 1
    if steps >= MANY_WAVES:
        height *= 0.85
    # The nodes keep a readable height when there are many.
    height += GAP * max(crowd - 4, 0)
    wrapped = {
        name: theme.wrap(name, NAME_WIDTH, theme.LABEL_SIZE) or [""]
        for names in ends
        for name in names
    }
    left, right = (
        10
        + max(theme.text_width(line, theme.LABEL_SIZE) for name in names for line in wrapped[name])
        for names in ends
    )
    node = max(40.0, *(theme.text_width(label, NODE_TEXT) + 12 for label in labels))
    columns = 1 if panels == 1 else max(1, 3 - steps)
    room = SINGLE_WIDTH if panels == 1 else SINGLE_WIDTH * 0.65
    spacing = max(0.6 * height, (room - left - right - node) / steps - node)
    pitch = spacing + node
    width = left + steps * pitch + node + right
    gaps = GAP * (crowd - 1)
    return Sizes(
        height=height,
        width=round(width),
        figure=round(width) * columns + BETWEEN * (columns - 1),
        node=round(node),
        left=round(left),
        pitch=round(pitch, 1),
        gap=GAP / (height - gaps),
        total=height / (height - gaps),
        columns=columns,
        names=wrapped,
        headers={
            wave: theme.wrap(wave, 0.9 * pitch, theme.LABEL_SIZE) or [""]
            for waves in chains
            for wave in waves
        },
    )
