"""The tiles of paths: states as coloured squares, lettered where a letter tells them apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from opinionpanel.charts.frame import Frame
from opinionpanel.drawing import (
    SAMPLE,
    KeyEntry,
    Mark,
    Palette,
    Rect,
    Text,
    hatched,
    text_width,
)

# Whoever joined later has no opinion yet, as people who were not interviewed have none.
NEW_ENTRANT = "new entrant"
# Pixels around a letter in a tile.
AROUND = 3.0


@dataclass(frozen=True)
class Tiles:
    """How states are drawn.

    Attributes
    ----------
    frame : Frame
    states : sequence of str
        Those on the paths that are shown.
    palette : Palette
        Of all states of the item, so that colours are those of its other charts.
    letters : dict of str to str
        The letter of each state; none where two states would have the same. That of new entrants,
        whose tile is as pale as that of people who were not interviewed, is always a plus.
    """

    frame: Frame
    states: Sequence[str]
    palette: Palette
    letters: Mapping[str, str]

    def tile(self, state: str, x: float, y: float, width: float, height: float) -> list[Mark]:
        """Draw a state into a box."""
        palette, theme = self.palette, self.frame.theme
        place = palette.states.index(state)
        fill, outline = palette.node[place], palette.outline[place]
        line = None if outline == fill else outline
        tile = Rect(kind="tile", x=x, y=y, width=width, height=height, fill=fill, stroke=line)
        # Letters over hatching are hard to read, and one of the two is enough.
        pattern = 0 if self.letters.keys() - {NEW_ENTRANT} else palette.hatch[place]
        marks = [tile, *hatched(tile, pattern, theme)]
        if letter := self.letters.get(state):
            marks.append(
                Text(
                    kind="letter",
                    x=x + width / 2,
                    y=y + height / 2,
                    text=letter,
                    size=self.frame.size.small,
                    color=palette.ink[place],
                    align="center",
                )
            )
        return marks

    def key(self) -> list[KeyEntry]:
        """Show what each tile stands for."""
        names = {state: self.frame.name(state) for state in self.states}
        return [KeyEntry(name, partial(self.tile, state)) for state, name in names.items()]


def tiles_of(frame: Frame, states: Sequence[str], width: float) -> Tiles:
    """Choose the colours and letters of states, in tiles of a width in pixels."""
    names = {state: frame.name(state) for state in states}
    letters = {state: name[:1].upper() for state, name in names.items()}
    sign = {NEW_ENTRANT: "+"} if NEW_ENTRANT in names else {}
    letters |= sign
    room = min(width, SAMPLE) - 2 * AROUND
    wide = max((text_width(letter, frame.size.small) for letter in letters.values()), default=0)
    told_apart = len(set(letters.values())) == len(letters) and wide <= room
    palette = frame.palette(frame.estimates.about.states)
    return Tiles(frame, states, palette, letters if told_apart else sign)
