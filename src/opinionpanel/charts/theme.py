"""The look of every chart: fonts, sizes, colours, and how wide a text will be."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from opinionpanel.charts.font_faces import FAMILY
from opinionpanel.errors import SelectionError, listing
from opinionpanel.escaping import xml_characters

FONT = f"Arial, {FAMILY}, Liberation Sans, Helvetica, sans-serif"
TEXT = "#222222"
MUTED = "#595959"
PAPER = "#ffffff"
TITLE_SIZE, SUBTITLE_SIZE, LABEL_SIZE, SMALL_SIZE = 18, 13, 13, 11
LINE_HEIGHT = 1.3

# People without an answer are in the base but not in an opinion: drawn as paper with an outline.
SILENT = {
    "no answer": "#dddddd",
    "not asked": "#e6e6e6",
    "not interviewed": "#eeeeee",
    "without an answer": "#e6e6e6",
    "not due": "#f5f5f5",
}
OUTLINE = "#8c8c8c"

BLUE, GREY, ORANGE = "#174a7e", "#bdbdbd", "#e8912d"
ORDERED = {
    1: [BLUE],
    2: [BLUE, ORANGE],
    3: [BLUE, GREY, ORANGE],
    4: [BLUE, "#9cc4e8", "#f8cf9c", "#d97706"],
    5: [BLUE, "#9cc4e8", GREY, "#f8cf9c", "#d97706"],
    6: ["#10335a", "#2f6fb0", "#9cc3e6", "#fbe0bd", "#ee9f45", "#b85c00"],
    7: ["#10335a", "#2f6fb0", "#9cc3e6", GREY, "#fbe0bd", "#ee9f45", "#b85c00"],
}
UNORDERED = [BLUE, ORANGE, GREY, "#b784d1", "#8a5a00", "#f0e442", "#6e6e6e"]

# Widths of characters that are not as wide as most, in shares of the size.
WIDTHS = dict.fromkeys("iIjlrtf.,:;'|()[]! ", 0.36) | dict.fromkeys("mwMW%@—→ЖШЩЮжшщюмМ", 0.95)

Colors = Literal["ordered", "unordered"] | Mapping[str, str]


@dataclass(frozen=True)
class Palette:
    """Colours by state: of nodes, of ribbons and their dark cores, of outlines."""

    states: tuple[str, ...]
    node: tuple[str, ...]
    ribbon: tuple[str, ...]
    core: tuple[str, ...]
    outline: tuple[str, ...]


def palette(states: Sequence[str], colors: Colors) -> Palette:
    """Give every state its colours.

    Parameters
    ----------
    states : sequence of str
        In display order; ``no answer``, ``not asked`` and ``not interviewed`` are always pale
        with an outline.
    colors : {"ordered", "unordered"} or dict of str to str
        A blue-to-orange ramp through grey (grey only for an odd number of states), a set for
        parties and the like, or a hexadecimal colour for every state.

    Raises
    ------
    SelectionError
        More states than distinguishable colours, or a state without a colour.
    """
    opinions = [state for state in states if state not in SILENT]
    if isinstance(colors, Mapping):
        absent = [state for state in opinions if state not in colors]
        if absent:
            raise SelectionError(f"No colour for {listing(absent)}. Name one for every state.")
        chosen = dict(colors)
    elif colors in ("ordered", "unordered"):
        if len(opinions) > len(UNORDERED):
            raise SelectionError(
                f"{len(opinions)} states need more colours than readers can tell apart "
                f"({len(UNORDERED)}). Merge states in the item, or name colours="
                "{state: colour}."
            )
        ramp = ORDERED[max(len(opinions), 1)] if colors == "ordered" else UNORDERED
        chosen = dict(zip(opinions, ramp, strict=False))
    else:
        raise SelectionError(
            f"colors must be 'ordered', 'unordered' or {{state: colour}}, not {colors!r}."
        )
    node = [chosen.get(state) or SILENT[state] for state in states]
    silent = [state in SILENT for state in states]
    return Palette(
        states=tuple(states),
        node=tuple(node),
        ribbon=tuple(_mix(color, 0.3) for color in node),
        core=tuple(_core(color) for color in node),
        outline=tuple(OUTLINE if no else color for color, no in zip(node, silent, strict=True)),
    )


def ink(background: str) -> str:
    """Choose dark or white text, whichever has the higher contrast on a colour."""
    return max((TEXT, PAPER), key=lambda color: contrast(color, background))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21 (WCAG 2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text in pixels, a little too wide rather than too narrow.

    No font is at hand when the chart is made, and readers may lack the first one of the stack.
    """
    return sum(WIDTHS.get(character, 0.6) for character in text) * size


def wrap(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines that fit a width, between words."""
    lines: list[str] = []
    words = (part for word in xml_characters(text).split() for part in _parts(word, width, size))
    for word in words:
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _parts(word: str, width: float, size: float) -> list[str]:
    """Cut a word that no line holds, such as an address, before signs that stand by themselves."""
    if text_width(word, size) <= 2 * width:
        return [word]
    parts = [""]
    for sign in word:
        alone = not unicodedata.category(sign).startswith("M")
        if alone and parts[-1] and text_width(parts[-1] + sign, size) > width:
            parts.append("")
        parts[-1] += sign
    return parts


def title(text: str, subtitle: str, width: float) -> alt.TitleParams:
    """Set a chart's title and subtitle, wrapped to its width."""
    return alt.TitleParams(
        text=wrap(text, width, TITLE_SIZE),
        subtitle=wrap(subtitle, width, SUBTITLE_SIZE),
        anchor="start",
        frame="group",
        font=FONT,
        fontSize=TITLE_SIZE,
        fontWeight="bold",
        color=TEXT,
        lineHeight=TITLE_SIZE * LINE_HEIGHT,
        subtitleFont=FONT,
        subtitleFontSize=SUBTITLE_SIZE,
        subtitleColor=MUTED,
        subtitleLineHeight=SUBTITLE_SIZE * LINE_HEIGHT,
        subtitlePadding=6,
        offset=18,
    )


def _core(color: str) -> str:
    """Mix the darkest core, up to a limit, on which dark labels are still easy to read."""
    strengths = (0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45)
    mixed = [_mix(color, strength) for strength in strengths]
    return next((core for core in mixed if contrast(TEXT, core) >= 5), mixed[-1])


def _luminance(color: str) -> float:
    channels = [value / 255 for value in _channels(color)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(color: str) -> tuple[int, int, int]:
    try:
        if len(color) != 7 or color[0] != "#":
            raise ValueError
        return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
    except ValueError:
        raise SelectionError(f"Colour {color!r} is not of the form '#174a7e'.") from None


def _mix(color: str, strength: float) -> str:
    """Mix a colour with white paper."""
    mixed = (round(255 - strength * (255 - value)) for value in _channels(color))
    return "#" + "".join(f"{value:02x}" for value in mixed)
