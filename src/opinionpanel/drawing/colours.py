"""Plain colour maths: contrast and mixtures, the ink that reads, a colour at another lightness."""

import re
from collections.abc import Sequence

from opinionpanel.drawing.themes import Theme
from opinionpanel.errors import SelectionError, shown

# Contrast that text needs to be read (WCAG 2, level AA).
READABLE = 4.5

# Linear light of red, green and blue to CIE XYZ, in shares of the white point D65, and back. The
# second row is luminance.
XYZ = (
    (0.433887, 0.376224, 0.189889),
    (0.212639, 0.715169, 0.072192),
    (0.017750, 0.109448, 0.872802),
)
LIGHT = (
    (3.080399, -1.537383, -0.543016),
    (-0.921223, 1.875968, 0.045256),
    (0.052874, -0.203977, 1.151103),
)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21 (WCAG 2).

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink(background: str, theme: Theme) -> str:
    """Choose the theme's text or its paper to write on a colour, whichever reads better."""
    return max((theme.text, theme.paper), key=lambda color: contrast(color, background))


def mix(color: str, strength: float, paper: str) -> str:
    """Mix a colour with paper: all of it at a strength of 1, bare paper at 0.

    Examples
    --------
    >>> mix("#174a7e", 0.5, "#ffffff")
    '#8ba4be'
    """
    pairs = zip(channels(color), channels(paper), strict=True)
    return _hexadecimal([under + strength * (over - under) for over, under in pairs])


def lightness(color: str) -> float:
    """Lightness as it is seen: L* of CIE Lab, from 0 (black) to 100 (white)."""
    return 116 * _seen(_luminance(color)) - 16


def toned(color: str, light: float, *, colourful: float = 1.0) -> str:
    """Give a colour's hue at another lightness, no more colourful than screens can show.

    Contrast depends on lightness alone, and so holds for every hue.

    Parameters
    ----------
    color : str
    light : float
        L* of CIE Lab; below 0 is black and above 100 white.
    colourful : float, default 1
        The share of its chroma that is kept; 0 is grey.

    Examples
    --------
    >>> toned("#174a7e", 60)
    '#6d92cc'
    """
    light = min(max(light, 0.0), 100.0)
    x, y, z = (_seen(_sum(row, _linear(color))) for row in XYZ)

    def light_of(kept: float) -> list[float]:
        middle = (light + 16) / 116
        seen = (middle + kept * (x - y), middle, middle + kept * (z - y))
        return [_sum(row, [_unseen(value) for value in seen]) for row in LIGHT]

    low, high = 0.0, colourful
    if _on_screen(light_of(high)):
        low = high
    while high - low > 0.01:
        middle = (low + high) / 2
        low, high = (middle, high) if _on_screen(light_of(middle)) else (low, middle)
    return _hexadecimal([255 * _encoded(min(max(value, 0.0), 1.0)) for value in light_of(low)])


def lettering(color: str, theme: Theme) -> str:
    """Make a colour as light or dark as it takes to read it on the theme's paper.

    Examples
    --------
    >>> from opinionpanel.drawing.themes import theme_of
    >>> lettering("#e8912d", theme_of("light")), lettering("#e8912d", theme_of("dark"))
    ('#ac6400', '#e8912d')
    """
    if contrast(color, theme.paper) >= READABLE:
        return color
    paper = _luminance(theme.paper) + 0.05
    darker = lightness(theme.text) < lightness(theme.paper)
    limit = (paper / READABLE if darker else paper * READABLE) - 0.05
    # Half a step more, for what rounding takes.
    return toned(color, 116 * _seen(limit) - 16 + (-0.5 if darker else 0.5))


def channels(color: str) -> tuple[int, int, int]:
    """Read red, green and blue, from 0 to 255.

    Raises
    ------
    SelectionError
        A colour that is not of the form ``#174a7e``.
    """
    if not re.fullmatch("#[0-9a-fA-F]{6}", color):
        raise SelectionError(f"Colour {shown(color)} is not of the form '#174a7e'.")
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _hexadecimal(values: list[float]) -> str:
    return "#" + "".join(f"{round(value):02x}" for value in values)


def _on_screen(linear: list[float]) -> bool:
    return all(-0.0005 <= value <= 1.0005 for value in linear)


def _luminance(color: str) -> float:
    return _sum(XYZ[1], _linear(color))


def _linear(color: str) -> list[float]:
    shares = [value / 255 for value in channels(color)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]


def _encoded(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def _seen(light: float) -> float:
    """Compress light as the eye does (CIE Lab)."""
    return light ** (1 / 3) if light > (6 / 29) ** 3 else light / (3 * (6 / 29) ** 2) + 4 / 29


def _unseen(seen: float) -> float:
    return seen**3 if seen > 6 / 29 else 3 * (6 / 29) ** 2 * (seen - 4 / 29)


def _sum(weights: tuple[float, float, float], values: Sequence[float]) -> float:
    return weights[0] * values[0] + weights[1] * values[1] + weights[2] * values[2]
