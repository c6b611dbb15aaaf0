"""New people of a panel: who joined at a wave, drawn below those who were there before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Floats
from opinionpanel.charts.blanks import blank
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.sankey_grid import AIR, NEW
from opinionpanel.charts.sankey_marks import Panel, block
from opinionpanel.charts.sankey_names import WITHIN, fitting, node_number
from opinionpanel.drawing import LINE_HEIGHT, Mark, wrap
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import Estimates, Withheld, frame_of

# Fresh people, as measures call them.
FRESH = "fresh"


@dataclass(frozen=True)
class Entrants:
    """The people who joined at a wave, and their states.

    Attributes
    ----------
    wave : str
    groups : tuple of str
        Their value in each group column.
    n : int
        Unweighted people.
    hidden : bool
        Withheld.
    value, low, high : numpy.ndarray, shape (states,)
        Shares among them; NaN where they are withheld.
    """

    wave: str
    groups: tuple[str, ...]
    n: int
    hidden: bool
    value: Floats
    low: Floats
    high: Floats


def entrants_of(
    frame: Frame, groups: Sequence[str], given: Sequence[tuple[Estimates, Withheld]]
) -> list[Entrants]:
    """Read who joined from estimates of fresh and staying people.

    Parameters
    ----------
    frame : Frame
        Of the flows.
    groups : sequence of str
        Label columns that make panels of it.
    given : sequence of (Estimates, Withheld)

    Raises
    ------
    SelectionError
        Estimates of something else, or of other groups, waves or states than the flows.
    """
    return [part for one, withheld in given for part in _read(frame, groups, one, withheld)]


def _read(
    frame: Frame, groups: Sequence[str], estimates: Estimates, withheld: Withheld
) -> Iterator[Entrants]:
    options, about = frame.options, frame.estimates.about
    columns = {"wave", "side", "state"}
    known = estimates.about.columns(estimates.labels, "group")
    own = [name for name in known if name not in columns]
    if not columns <= set(estimates.labels) or estimates.unit != "share" or own != [*groups]:
        raise SelectionError(
            "entrants= takes what opinionpanel.fresh_and_staying(panel, item, wave=...) gives, by "
            f"the groups of the flows ({listing(groups)}), and these estimates are "
            f"{estimates.about.measure} ({estimates.about.title})."
        )
    rows = frame_of(estimates, level=options.level, interval=options.interval, withheld=withheld)
    rows["hidden"] = withheld.rows
    for key, part in rows[rows["side"] == FRESH].groupby(["wave", *groups], sort=False):
        wave, *values = map(str, key)
        strange = {*map(str, part["state"])} - {*about.states} | {wave} - {*about.waves}
        if strange:
            raise SelectionError(
                f"entrants= has {listing(sorted(strange))}, which the flows do not have. They have "
                f"{listing([*about.waves, *about.states])}."
            )
        by_state = part.set_index("state").reindex(about.states)
        hidden = bool(part["hidden"].any())
        shares = (
            np.where(hidden, np.nan, by_state[name].to_numpy(dtype=np.float64))
            for name in ("estimate", "conf_low", "conf_high")
        )
        yield Entrants(wave, tuple(values), int(part["n"].min()), hidden, *shares)


def entrant_marks(panel: Panel, one: Entrants) -> Iterator[Mark]:
    """Draw new people below the nodes of the wave at which they joined."""
    if one.groups != panel.table.groups:
        return
    for row, wave in panel.columns():
        # The first wave of a row repeats the last of the row above.
        if row and wave == panel.spans[row][0]:
            continue
        if one.wave == panel.table.waves[wave]:
            yield from _marks(panel, row, wave, one)


def _marks(panel: Panel, row: int, wave: int, one: Entrants) -> Iterator[Mark]:
    frame, grid = panel.frame, panel.grid
    size, line = grid.letters.small, grid.letters.small * LINE_HEIGHT
    text = frame.say("new at {wave}, {n}", wave=frame.name(one.wave), n=frame.count(one.n))
    lines = wrap(text, grid.pitch - AIR, size)[:2]
    x = panel.across(row, wave)
    bottom = panel.top(row) + grid.height + grid.foot
    box = (x, bottom - NEW * grid.letters.number, grid.node, NEW * grid.letters.number)
    yield frame.write(
        "\n".join(lines),
        x + grid.node / 2,
        box[1] - AIR / 2 - len(lines) * line / 2,
        kind="new",
        size=size,
        align="center",
    )
    if one.hidden:
        yield from blank(frame, *box, frame.few(one.n))
    else:
        yield from _bar(panel, one, box)


def _bar(panel: Panel, one: Entrants, box: tuple[float, float, float, float]) -> Iterator[Mark]:
    """Divide new people by their states."""
    frame, size = panel.frame, panel.grid.letters.number
    x, y, width, height = box
    for k in np.flatnonzero(one.value > 0).tolist():
        figures = float(one.value[k]), float(one.low[k]), float(one.high[k])
        part = height * figures[0]
        colours, at = panel.colours.of_node(k)
        told = [
            (frame.say("Wave"), frame.name(one.wave)),
            (frame.say("New people"), frame.name(panel.states[k])),
            (frame.say("Share"), frame.language.estimate(*figures)),
        ]
        yield from block(
            frame,
            (x, y, width, part),
            colours,
            at,
            kind="entrants",
            words=panel.words(told, figures=1),
            data={"share": figures[0]},
        )
        middle = x + width / 2, y + part / 2
        text = fitting(frame.language.margin(*figures), width - WITHIN, part, size)
        if text:
            yield node_number(panel, text, *middle, k)
        y += part
