"""Panels with a battery of items, and a question that takes several answers."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from opinionpanel.arguments import checked
from opinionpanel.panel import Panel
from opinionpanel.questions import Item, multiple
from opinionpanel.strategies.drawn_panels import panel_parts
from opinionpanel.strategies.drawn_people import DESIGNS, DesignKind


@checked
@st.composite
def batteries(
    draw: st.DrawFn,
    *,
    items: tuple[int, int] = (2, 3),
    options: tuple[int, int] = (2, 3),
    waves: tuple[int, int] = (2, 3),
    people: tuple[int, int] = (4, 40),
    designs: Sequence[DesignKind] = DESIGNS,
) -> Panel:
    """Draw panels with a battery of items, and a question that takes several answers.

    Parameters
    ----------
    items, options : tuple of int
        Least and most: items of the battery, and options of the question.
    waves, people, designs
        As of `panel_parts`, which draws the first item and all else.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of Panel
        Panels with the items ``opinion``, ``opinion 2``, … with the same states, each with its own
        people who gave no answer, and ``media``, the name of a `multiple` with the options ``A``,
        ``B``, …; files have 0 or nothing where an option was not selected.

    Raises
    ------
    ArgumentError
        An argument of another kind, such as text where numbers are meant.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> import opinionpanel as op
    >>> @settings(max_examples=10, deadline=None)
    ... @given(batteries(items=(2, 2)))
    ... def both_add_up(panel):
    ...     shares = op.shares(panel, ["opinion", "opinion 2"])
    ...     assert abs(shares.value.sum() - len(shares) / len(shares.about.states)) < 1e-9
    >>> both_add_up()
    """
    parts = draw(panel_parts(waves=waves, people=people, designs=designs))
    names = [f"opinion {number}" for number in range(2, draw(st.integers(*items)) + 1)]
    letters = [chr(ord("A") + place) for place in range(draw(st.integers(*options)))]
    nothing = draw(st.sampled_from([0.0, np.nan]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    frames = {wave: frame.copy() for wave, frame in parts.frames.items()}
    for frame in frames.values():
        for name in names:
            codes = rng.integers(1, len(parts.item.state_names) + 1, len(frame))
            # The first people answer: each item links its waves.
            silent = (rng.random(len(frame)) < 0.2) & (np.arange(len(frame)) > 1)
            frame[name] = np.where(silent, np.nan, codes)
        for letter in (*letters, "none"):
            marked = (rng.random(len(frame)) < 0.4) | (np.arange(len(frame)) < 2)
            frame[letter] = np.where(marked, 1.0, nothing)
    others = {name: Item(name, parts.item.states) for name in names}
    media = multiple(
        {letter: letter for letter in letters}, selected=[1], unselected=[0], none="none"
    )
    return Panel.from_waves(
        frames,
        person="person",
        items={"opinion": parts.item, **others, "media": media},
        groups=parts.groups,
        design=parts.design,
    )
