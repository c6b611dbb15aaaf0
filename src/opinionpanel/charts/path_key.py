"""The key of paths, above them: what tiles, bars and lines are, and which wave is which."""

from collections.abc import Sequence
from functools import partial

from opinionpanel.charts.frame import Frame, unbroken
from opinionpanel.charts.path_tiles import Tiles
from opinionpanel.drawing import (
    LINE_HEIGHT,
    NO_BREAK,
    WHOLE,
    KeyEntry,
    Mark,
    Rect,
    Rule,
    Sheet,
    wrap,
)

# Pixels below the key.
BELOW_KEY = 10.0


def key_of(
    frame: Frame, sheet: Sheet, tiles: Tiles, waves: Sequence[str], *, stayed: bool
) -> tuple[list[Mark], float]:
    """Place the key, and say how high it is.

    Parameters
    ----------
    frame : Frame
    sheet : Sheet
    tiles : Tiles
    waves : sequence of str
        What stands over the tiles. Numbers are told with the names that they stand for.
    stayed : bool
        Whether a path is shown of people who gave the same answer every time.
    """
    level = frame.say("{level} interval", level=frame.level)
    marks, y = sheet.entries(tiles.key(), 0.0)
    entries = [KeyEntry(level, partial(_whisker, frame))] if tiles.states else []
    if stayed:
        sample = partial(bar, frame, stayed)
        entries.insert(0, KeyEntry(frame.say("same answer every time"), sample))
    more, y = sheet.entries(entries, y)
    marks += more
    if waves[0] == frame.language.count(1):
        names = [frame.name(wave) for wave in frame.estimates.about.waves]
        # No line breaks between a number and its name.
        pairs = zip(waves, map(unbroken, names), strict=True)
        told = ", ".join(f"{number}{NO_BREAK}{name}" for number, name in pairs)
        told = frame.say("Waves: {waves}", waves=told)
        lines_of_waves = wrap(told, sheet.width, frame.size.small, most=WHOLE)
        height = len(lines_of_waves) * frame.size.small * LINE_HEIGHT
        marks.append(frame.remark("\n".join(lines_of_waves), 0, y + height / 2, kind="key"))
        y += height
    return marks, y + BELOW_KEY


def bar(frame: Frame, stayed: bool, x: float, y: float, width: float, height: float) -> list[Rect]:
    """Draw the bar of a path, stronger where nobody on it changed."""
    fill = frame.theme.outline if stayed else frame.theme.stay
    return [Rect(kind="bar", x=x, y=y, width=width, height=height, fill=fill)]


def _whisker(frame: Frame, x: float, y: float, width: float, height: float) -> list[Mark]:
    middle = y + height / 2
    return [Rule(x=x, y=middle, x2=x + width, y2=middle, color=frame.theme.text, width=1.5)]
