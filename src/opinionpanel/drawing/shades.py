"""Shades of a heatmap: the more, the stronger, and never so strong that its number is lost."""

from collections.abc import Callable

from opinionpanel.drawing.colours import ink, mix, toned
from opinionpanel.drawing.themes import Theme

Steps = Callable[[float], tuple[str, str]]

# From this value on a shade is told from paper. Most moves are small: steps go by the root.
LEAST = 0.02
# Hues of the two directions, and how light the least and the strongest shade are: text reads on
# either, and between them.
MORE, LESS, GREY = "#7fadde", "#dfa563", "#808080"
LIGHTNESS = {"light": (84.0, 67.0), "dark": (26.0, 43.0), "print": (84.0, 58.0)}


def moves(theme: Theme) -> Steps:
    """Give the shades of shares that moved.

    Parameters
    ----------
    theme : Theme

    Returns
    -------
    callable
        Takes a share, from 0 to 1, and returns a fill and the ink that reads on it. Larger shares
        are drawn as 1; NaN has no shade.

    Examples
    --------
    >>> from opinionpanel.drawing.themes import theme_of
    >>> moves(theme_of("light"))(0.0)
    ('#ffffff', '#222222')
    """
    return lambda share: _step(share, GREY if theme.name == "print" else MORE, theme)


def diverging(theme: Theme) -> Steps:
    """Give the shades of differences: orange below 0, paper at 0, blue above.

    Print has no two colours: there only the number, or a pattern, tells which way it goes.

    Parameters
    ----------
    theme : Theme

    Returns
    -------
    callable
        Takes a difference, scaled to -1 to 1, and returns a fill and the ink that reads on it.

    Examples
    --------
    >>> from opinionpanel.drawing.themes import theme_of
    >>> steps = diverging(theme_of("light"))
    >>> steps(-0.5)[0] != steps(0.5)[0]
    True
    """
    hues = (GREY, GREY) if theme.name == "print" else (LESS, MORE)
    return lambda value: _step(abs(value), hues[value > 0], theme)


def _step(share: float, hue: str, theme: Theme) -> tuple[str, str]:
    least, most = LIGHTNESS[theme.name]
    strength = (max(min(share, 1.0), LEAST) ** 0.5 - LEAST**0.5) / (1 - LEAST**0.5)
    shade = toned(hue, least + strength * (most - least), colourful=(1 + strength) / 2)
    fill = mix(shade, min(share / LEAST, 1.0), theme.paper)
    return fill, ink(fill, theme)
