"""Palettes: what colours the states of an item have, in every theme and for every reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from opinionpanel.drawing.colours import (
    READABLE,
    channels,
    contrast,
    ink,
    lettering,
    lightness,
    mix,
    toned,
)
from opinionpanel.drawing.themes import Theme
from opinionpanel.errors import SelectionError, shown, unknown

# People without an answer are in the base but not in an opinion, and what is merged is no state
# of its own: drawn as paper with an outline, by so much ink.
SILENT = {
    "no answer": 0.15,
    "other": 0.15,
    "not asked": 0.11,
    "without an answer": 0.11,
    "not interviewed": 0.08,
    "new entrant": 0.05,
    "not due": 0.05,
}
SILENT_CORE, SILENT_RIBBON = 0.14, 0.03

# Fills with less contrast with paper have an outline.
VISIBLE = 1.5
MOST_STATES = 7

Colors = Literal["ordered", "unordered"] | Mapping[str, str]


@dataclass(frozen=True)
class _Ramp:
    """The colours of a theme.

    `ordered` has those for 2, 4 and 6 states; `middle` comes between them for an odd number, and
    the neutral grey has a place of its own. The core and the ribbon of a state have its hue at a
    lightness between two limits: the first of them where the node is as light as `strong`, the
    other at `weak`. In print they take turns.
    """

    neutral: str
    middle: str
    ordered: Mapping[int, tuple[str, ...]]
    unordered: tuple[str, ...]
    strong: float
    weak: float
    core: tuple[float, float]
    ribbon: tuple[float, float]
    colourful: tuple[float, float]


_RAMPS = {
    "light": _Ramp(
        neutral="#a3a3a3",
        middle="#946791",
        ordered={
            2: ("#174a7e", "#e8912d"),
            4: ("#174a7e", "#62acf6", "#edab71", "#b05900"),
            6: ("#003054", "#0075c4", "#b1d5fd", "#f1c98f", "#e67f1a", "#764002"),
        },
        unordered=("#174a7e", "#e8912d", "#946791", "#642e08", "#ecd020", "#61aff4"),
        strong=25,
        weak=67,
        core=(57.5, 75.5),
        ribbon=(72, 84.2),
        colourful=(0.73, 0.47),
    ),
    "dark": _Ramp(
        neutral="#676767",
        middle="#8d5095",
        ordered={
            2: ("#53abff", "#e8912d"),
            4: ("#a9c6ff", "#3b87e3", "#914812", "#f3b650"),
            6: ("#b8ccfe", "#37a5fb", "#44639c", "#844813", "#dd7b1e", "#f2c28a"),
        },
        unordered=("#abceff", "#e8912d", "#b288e8", "#8f5629", "#fcd278", "#53a6b6"),
        strong=80,
        weak=36,
        core=(43.7, 33),
        ribbon=(30.8, 25.5),
        colourful=(0.73, 0.54),
    ),
    "print": _Ramp(
        neutral="#cfcfcf",
        middle="#666666",
        ordered={
            2: ("#2a2a2a", "#8a8a8a"),
            4: ("#242424", "#4a4a4a", "#828282", "#a8a8a8"),
            6: ("#1e1e1e", "#3c3c3c", "#585858", "#747474", "#909090", "#aeaeae"),
        },
        unordered=("#1e1e1e", "#909090", "#585858", "#aeaeae", "#3c3c3c", "#747474"),
        strong=0,
        weak=100,
        core=(50, 68),
        ribbon=(72, 84),
        colourful=(0, 0),
    ),
}
# Patterns in print: none for the first state, dots for the grey one.
HATCHES, HATCH_OF_GREY = (0, 1, 2, 4, 5, 3), 6
# Between the darkest and the palest ribbons in print: states side by side differ.
TURNS = (0.0, 1.0, 0.5)


@dataclass(frozen=True)
class Palette:
    """Colours by state, in the order of `states`.

    Parameters
    ----------
    states : tuple of str
    node, core, ribbon : tuple of str
        Fills: of what has the whole colour, such as nodes and bars, and of a ribbon's core and its
        fringe.
    outline : tuple of str
        The state's own colour, or a line around what is hardly darker or lighter than paper.
    ink, core_ink : tuple of str
        Text over nodes, and over ribbons with or without a core.
    lettering : tuple of str
        For the state's name and its line on paper.
    hatch : tuple of int
        The number of a pattern, as ``hatch_path`` draws them, and 0 for none; only in print.
    """

    states: tuple[str, ...]
    node: tuple[str, ...]
    core: tuple[str, ...]
    ribbon: tuple[str, ...]
    outline: tuple[str, ...]
    ink: tuple[str, ...]
    core_ink: tuple[str, ...]
    lettering: tuple[str, ...]
    hatch: tuple[int, ...]


def palette(
    states: Sequence[str], colors: Colors = "ordered", *, neutral: str = "", theme: Theme
) -> Palette:
    """Give every state its colours.

    Parameters
    ----------
    states : sequence of str
        In display order. Those of ``SILENT`` are pale with an outline, unless they are the neutral
        one or have a colour of their own.
    colors : {"ordered", "unordered"} or dict of str to str, default "ordered"
        A blue-to-orange ramp, a set for parties and the like, or hexadecimal colours for some
        states or all; the others keep those of the ramp. In print, which has no colours, all keep
        their greys. A colour on which no text reads is made a little lighter or darker.
    neutral : str, default ""
        The undecided state, which is grey wherever it stands; the ramp runs over the others.
        Without one, the middle of an odd number of ordered states is grey.
    theme : Theme

    Raises
    ------
    SelectionError
        More states than distinguishable colours, a colour that is not hexadecimal, or one for a
        state that is not there.

    Examples
    --------
    >>> from opinionpanel.drawing.themes import theme_of
    >>> palette(["approve", "oppose", "unsure"], neutral="unsure", theme=theme_of("light")).node
    ('#174a7e', '#e8912d', '#a3a3a3')
    """
    named = dict(colors) if isinstance(colors, Mapping) else {}
    kind = "ordered" if isinstance(colors, Mapping) else colors
    _check(states, named, kind)
    opinions = [
        state for state in states if state == neutral or state in named or state not in SILENT
    ]
    _check_count(opinions, named, theme)
    nodes, hatches = _nodes(opinions, neutral, kind, theme)
    if theme.name == "print":
        named = {}
    fills = [
        _fills(_readable(named.get(state) or nodes[state], theme), opinions.index(state), theme)
        if state in opinions
        else _silent_fills(state, theme)
        for state in states
    ]
    return Palette(
        states=tuple(states),
        node=tuple(node for node, _, _ in fills),
        core=tuple(core for _, core, _ in fills),
        ribbon=tuple(ribbon for _, _, ribbon in fills),
        outline=tuple(
            node if state in opinions and contrast(node, theme.paper) >= VISIBLE else theme.outline
            for state, (node, _, _) in zip(states, fills, strict=True)
        ),
        ink=tuple(ink(node, theme) for node, _, _ in fills),
        core_ink=tuple(ink(core, theme) for _, core, _ in fills),
        lettering=tuple(lettering(node, theme) for node, _, _ in fills),
        hatch=tuple(hatches.get(state, 0) for state in states),
    )


def _check(states: Sequence[str], named: Mapping[str, str], kind: str) -> None:
    if kind not in ("ordered", "unordered"):
        raise SelectionError(
            f"colors must be 'ordered', 'unordered' or {{state: colour}}, not {shown(kind)}."
        )
    for state, color in named.items():
        if state not in states:
            raise unknown("state in colors:", state, states)
        channels(color)


def _check_count(opinions: Sequence[str], named: Mapping[str, str], theme: Theme) -> None:
    count, printed = len(opinions), theme.name == "print"
    if count > MOST_STATES and (printed or len(named) < count):
        out = "draw another theme" if printed else "name colors={state: colour} for all"
        raise SelectionError(
            f"{count} states need more colours than readers can tell apart ({MOST_STATES}). "
            f"Merge states in the item, or {out}."
        )


def _nodes(
    opinions: Sequence[str], neutral: str, kind: str, theme: Theme
) -> tuple[dict[str, str], dict[str, int]]:
    """Give states the colours of the ramp, as far as it goes, and in print their patterns."""
    grey = _grey(opinions, neutral, kind)
    others = [state for state in opinions if state != grey]
    nodes = dict(zip(others, _row(len(others), kind, theme), strict=False))
    nodes[grey] = _RAMPS[theme.name].neutral
    if theme.name != "print":
        return nodes, {}
    return nodes, dict(zip(others, HATCHES, strict=False)) | {grey: HATCH_OF_GREY}


def _grey(opinions: Sequence[str], neutral: str, kind: str) -> str:
    """Name the state in neutral grey; empty if there is none."""
    count = len(opinions)
    if neutral in opinions:
        return neutral
    if kind == "ordered" and count > 1 and count % 2:
        return opinions[count // 2]
    return opinions[-1] if count == MOST_STATES else ""


def _row(count: int, kind: str, theme: Theme) -> list[str]:
    """List the colours of so many states that are not grey, or more."""
    ramp = _RAMPS[theme.name]
    if kind == "unordered":
        return list(ramp.unordered)
    row = list(ramp.ordered[min(max(count // 2 * 2, 2), 6)])
    if count % 2:
        row.insert(max(count // 2, 1), ramp.middle)
    return row


def _fills(node: str, place: int, theme: Theme) -> tuple[str, str, str]:
    """Make a node's core and fringe: its hue at a lightness on which the theme's text reads."""
    ramp = _RAMPS[theme.name]
    weakness = (lightness(node) - ramp.strong) / (ramp.weak - ramp.strong)
    share = TURNS[place % 3] if theme.name == "print" else min(max(weakness, 0.0), 1.0)
    core, ribbon = (
        toned(node, first + share * (last - first), colourful=kept)
        for (first, last), kept in zip((ramp.core, ramp.ribbon), ramp.colourful, strict=True)
    )
    return node, core, ribbon


def _silent_fills(state: str, theme: Theme) -> tuple[str, str, str]:
    strengths = (SILENT[state], SILENT_CORE, SILENT_RIBBON)
    node, core, ribbon = (mix(theme.text, strength, theme.paper) for strength in strengths)
    return node, core, ribbon


def _readable(color: str, theme: Theme) -> str:
    """Make a colour on which no text reads as little lighter or darker as will do."""
    light = lightness(color)
    steps = (way * step for step in range(9) for way in (1, -1))
    tries = (toned(color, light + step) if step else color for step in steps)
    return next(shade for shade in tries if contrast(ink(shade, theme), shade) >= READABLE)
