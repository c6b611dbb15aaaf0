"""Themes: the colours that stand for no state, on light and dark screens and in print."""

from dataclasses import dataclass

from opinionpanel.errors import unknown


@dataclass(frozen=True)
class Theme:
    """Colours of paper, texts and lines, and of marks without a state.

    Parameters
    ----------
    name : str
        As users write it: ``light``, ``dark`` or ``print``.
    paper : str
        What is drawn on, as all colours here in the form ``#174a7e``.
    text, muted : str
        The main ink and that of secondary text; both have a contrast of at least 4.5 with paper.
    faint : str
        Grid lines.
    outline : str
        Lines around what is hardly darker or lighter than paper; a contrast of at least 3.
    accent, accent_soft : str
        One strong colour, for dots and bars that stand for no state, and its intervals' bands.
    stay : str
        Those who stayed, on the diagonal of a heatmap.
    """

    name: str
    paper: str
    text: str
    muted: str
    faint: str
    outline: str
    accent: str
    accent_soft: str
    stay: str


# Printers set pure black without a screen, and it reads on every grey.
THEMES = {
    "light": Theme(
        name="light",
        paper="#ffffff",
        text="#222222",
        muted="#595959",
        faint="#e3e3e3",
        outline="#8c8c8c",
        accent="#174a7e",
        accent_soft="#b9cee6",
        stay="#d0d0d0",
    ),
    "dark": Theme(
        name="dark",
        paper="#1b1d21",
        text="#e8e8e8",
        muted="#a6a8ab",
        faint="#33363b",
        outline="#767a80",
        accent="#74ade8",
        accent_soft="#2c4a6b",
        stay="#43464b",
    ),
    "print": Theme(
        name="print",
        paper="#ffffff",
        text="#000000",
        muted="#4d4d4d",
        faint="#dedede",
        outline="#808080",
        accent="#1a1a1a",
        accent_soft="#c4c4c4",
        stay="#d0d0d0",
    ),
}


def theme_of(name: str) -> Theme:
    """Look up a theme by its name.

    Parameters
    ----------
    name : {"light", "dark", "print"}

    Raises
    ------
    SelectionError
        Another name.

    Examples
    --------
    >>> theme_of("dark").paper
    '#1b1d21'
    """
    if name not in THEMES:
        raise unknown("theme", name, THEMES)
    return THEMES[name]
