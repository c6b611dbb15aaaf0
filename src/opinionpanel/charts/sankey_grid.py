"""How a Sankey uses its room: panels beside each other, long chains of waves in rows, sizes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

import numpy as np

from opinionpanel.charts.facets import BETWEEN
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.sankey_tables import NOTHING, FlowTable, any_state
from opinionpanel.drawing import LEAST_TYPE, LINE_HEIGHT, WHOLE, Sheet, text_width, wrap

# Of the distance between two waves: the height that ribbons may have and not get too steep.
STEEP = 2.2
# Pixels: the tallest nodes of a wave, in a single panel and in one of several, and what stands for
# them where all is withheld.
SINGLE, PANEL, BLANK = 380.0, 240.0, 60.0
# In sizes of numbers: a distance between waves at which flows are followed easily, and the least
# one; a height in which a node has its number.
EASY, LEAST, NODE = 7.0, 2.6, 2.8
# Shares that may be too low for a number within them.
LOW = 0.08
# In sizes of numbers: the bar of new people.
NEW = 7.0
# In sizes of names: the widest one; and in shares of a panel, more for the sake of a long word.
NAME, NAME_SHARE, WORD_SHARE = 9.0, 0.2, 0.26
# In sizes of names: in panels that are narrower, flows need the room of names said twice.
NARROW = 40.0
# Pixels between a name and its node, between nodes without room for a number, of all else small.
BESIDE, CLOSE, AIR = 8.0, 4.0, 6.0
# How much smaller letters may get where there is no room, down to the least that is read.
SMALLER = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
# From here on a layout is good enough to keep its letters.
GOOD = 0.75
MOST_COLUMNS = 3


@dataclass(frozen=True)
class Letters:
    """Sizes of letters in pixels: of names, of numbers in nodes, and of those on ribbons.

    With `margins` nodes are wide enough for shares with ±.
    """

    label: float
    number: float
    small: float
    margins: bool


@dataclass(frozen=True)
class Grid:
    """Sizes in pixels, and how many waves and panels stand beside each other.

    Attributes
    ----------
    letters : Letters
    columns : int
        Panels side by side.
    width : float
        Of a panel.
    per_row : int
        Waves side by side; the last wave of a row is also the first of the next.
    rows : int
    title, head, height, foot, below : float
        Heights: of a panel's title; and in each row of the names of waves, of the nodes, of what
        stands below them, and of the space to the next row or panel.
    left, node, spacing : float
        Where the first nodes begin, their width, and the room between two waves.
    gap, scale : float
        The room between two nodes, and pixels for a share of 1.
    names : dict of str to list of str
        How states are called, in lines.
    named_once : bool
        Whether a state with a name beside the first nodes of a row has none beside the last.
    """

    letters: Letters
    columns: int
    width: float
    per_row: int
    rows: int
    title: float
    head: float
    height: float
    foot: float
    below: float
    left: float
    node: float
    spacing: float
    gap: float
    scale: float
    names: dict[str, list[str]]
    named_once: bool

    @property
    def pitch(self) -> float:
        """From one wave to the next."""
        return self.spacing + self.node

    @property
    def wave_room(self) -> float:
        """How wide the name of a wave may be."""
        right = self.width - self.x(self.per_row - 1) - self.node
        return _wave_room(self.pitch, min(self.left, right) + self.node / 2)

    @property
    def row(self) -> float:
        """The height of a row of waves, with the space below it."""
        return self.head + self.height + self.foot + self.below

    @property
    def tall(self) -> float:
        """The height of a panel."""
        return self.title + self.rows * self.row - self.below

    def x(self, wave: int) -> float:
        """Where the nodes of a wave begin, counted from the first of its row."""
        return self.left + wave * self.pitch

    def spans(self, waves: int) -> list[tuple[int, int]]:
        """Give the first and the last wave of every row."""
        return _spans(waves, self.rows)


@dataclass(frozen=True)
class _Needs:
    """What all layouts of a chart start from."""

    frame: Frame
    sheet: Sheet
    tables: Sequence[FlowTable]
    states: Sequence[str]
    # The most nodes of a wave.
    crowd: int
    entrants: bool
    waves: int


@dataclass(frozen=True)
class _Try:
    """A layout: how good it is, from 0 to 1, and how many pixels it lacks."""

    grid: Grid
    good: float
    lacks: tuple[float, float]
    height: float


def sankey_grid(
    frame: Frame, sheet: Sheet, tables: Sequence[FlowTable], *, entrants: bool
) -> tuple[Grid, float]:
    """Choose the layout in which flows are followed best; give it, and the height of all panels.

    Raises
    ------
    SelectionError
        The size has no room for the names of the states.
    """
    drawn = [table for table in tables if not table.blank]
    crowd = max((int((table.nodes > NOTHING).sum(axis=1).max()) for table in drawn), default=1)
    waves = max(len(table.waves) for table in tables)
    states = frame.estimates.about.states
    needs = _Needs(frame, sheet, tables, states, crowd, entrants, waves)
    for letters in _letters(frame):
        tries = list(_tries(needs, letters))
        # Enough room comes first, then flows that are followed easily, then a low chart.
        best = min(tries, key=lambda one: (sum(one.lacks), -round(one.good, 2), one.height))
        if not any(best.lacks) and (best.good >= GOOD or sheet.plot_height is None):
            break
    across, down = best.lacks
    sheet.needs(sheet.width + across, (sheet.plot_height or 0.0) + down)
    return best.grid, best.height


def _letters(frame: Frame) -> Iterator[Letters]:
    """Give the letters of the size, and smaller ones for a chart of a fixed height."""
    size = frame.size
    parts = SMALLER if size.height is not None else SMALLER[:1]
    for part, margins in [*((part, True) for part in parts), (parts[-1], False)]:
        label, number, small = (
            max(part * letters, LEAST_TYPE) for letters in (size.label, size.number, size.small)
        )
        yield Letters(label, number, small, margins)


def _tries(needs: _Needs, letters: Letters) -> Iterator[_Try]:
    """Lay the chart out in all ways: so many panels beside each other, so many waves."""
    count = len(needs.tables)
    for columns in range(1, min(count, MOST_COLUMNS) + 1):
        if columns > 1 and ceil(count / columns) == ceil(count / (columns - 1)):
            continue
        for rows in range(1, needs.waves):
            per_row = ceil((needs.waves - 1) / rows) + 1
            if rows == ceil((needs.waves - 1) / (per_row - 1)):
                yield _try(needs, letters, columns, per_row, rows)


def _try(needs: _Needs, letters: Letters, columns: int, per_row: int, rows: int) -> _Try:
    """Lay the chart out in one way."""
    width = floor((needs.sheet.width + BETWEEN) / columns - BETWEEN)
    spans = _spans(needs.waves, rows)
    names = _names(needs, letters, width)
    first, last = (_present(needs, [span[side] for span in spans]) for side in (0, 1))
    if narrow := width < NARROW * letters.label:
        last = _only_last(needs, spans)
    ends = [[names[state] for state in side] for side in (first, last)]
    # Whole pixels, so that edges are sharp.
    left, right = (ceil(BESIDE + _widest(lines, letters)) for lines in ends)
    node = ceil(_node_width(needs, letters))
    spacing = floor((width - left - right - per_row * node) / (per_row - 1))
    line = letters.label * LINE_HEIGHT
    room = _wave_room(spacing + node, min(left, right) + node / 2)
    heights = _Heights(
        title=_title_height(needs, letters, width),
        head=_head_lines(needs, letters, room) * line + AIR,
        foot=_foot(needs, letters),
        below=BETWEEN if needs.sheet.plot_height is None else BETWEEN / 2,
        least=max(sum(name_height(name, letters) for name in lines) for lines in ends),
        roomy=needs.crowd * NODE * letters.number,
        down=ceil(len(needs.tables) / columns),
        rows=rows,
    )
    height, lacks = heights.of_nodes(needs, spacing)
    gap = max(min(letters.number * 1.25, 0.4 * height / needs.crowd), CLOSE)
    grid = Grid(
        *(letters, columns, width, per_row, rows),
        *(heights.title, heights.head, height, heights.foot, heights.below),
        *(left, node, spacing, gap),
        scale=max(height - gap * (needs.crowd - 1), 1.0),
        names=names,
        named_once=narrow,
    )
    good = min(spacing / (EASY * letters.number), 1.0) * min(height / heights.roomy, 1.0)
    cramped = max(LEAST * letters.number - spacing, 0.0) * (per_row - 1) * columns
    return _Try(grid, good, (cramped, lacks), heights.down * (grid.tall + grid.below) - grid.below)


@dataclass(frozen=True)
class _Heights:
    """Heights in a panel, of which `down` stand below each other; the nodes' least and good one."""

    title: float
    head: float
    foot: float
    below: float
    least: float
    roomy: float
    down: int
    rows: int

    def of_nodes(self, needs: _Needs, spacing: float) -> tuple[float, float]:
        """Choose the height of nodes in a row of waves, and say how much room all rows lack."""
        room, roomy = needs.sheet.plot_height, max(self.least, self.roomy)
        if not any_state(needs.tables, needs.states, range(needs.waves)).any():
            return BLANK, 0.0
        if room is None:
            most = SINGLE if len(needs.tables) == 1 else PANEL
            return min(max(STEEP * spacing, roomy), max(most, roomy)), 0.0
        all_rows = self.down * self.rows
        others = self.down * self.title + all_rows * (self.head + self.foot + self.below)
        height = (room + self.below - others) / all_rows
        # Of a size that is given, room is better used than left, up to a limit.
        most = max(2 * STEEP * spacing, 1.6 * roomy)
        return min(max(height, self.least), most), max(self.least - height, 0.0) * all_rows


def _spans(waves: int, rows: int) -> list[tuple[int, int]]:
    """Divide the steps between waves into rows as even as can be, the longest first."""
    edges = [ceil(row * (waves - 1) / rows) for row in range(rows + 1)]
    return list(pairwise(edges))


def _present(needs: _Needs, waves: Sequence[int]) -> list[str]:
    there = any_state(needs.tables, needs.states, waves)
    return [state for state, here in zip(needs.states, there, strict=True) if here]


def _only_last(needs: _Needs, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Name the states that some panel has at the end of a row and not at its start."""
    found = np.zeros(len(needs.states), dtype=bool)
    for table in needs.tables:
        for first, last in spans:
            here, before = (any_state([table], needs.states, [wave]) for wave in (last, first))
            found |= here & ~before
    return [state for state, is_new in zip(needs.states, found, strict=True) if is_new]


def _names(needs: _Needs, letters: Letters, width: float) -> dict[str, list[str]]:
    """Write the names of states in lines that leave room for the flows."""
    size, shown = letters.label, [needs.frame.name(state) for state in needs.states]
    words = (text_width(word, size) for name in shown for word in name.split())
    share = min(max(NAME_SHARE * width, *words), WORD_SHARE * width)
    widest = min(NAME * size, share)
    return {
        state: wrap(name, widest, size) for state, name in zip(needs.states, shown, strict=True)
    }


def name_height(lines: Sequence[str], letters: Letters) -> float:
    """Give a state's name its height, with some air between it and the next."""
    return (len(lines) * LINE_HEIGHT + 0.3) * letters.label


def _widest(names: Sequence[Sequence[str]], letters: Letters) -> float:
    return max((text_width(line, letters.label) for lines in names for line in lines), default=0.0)


def _node_width(needs: _Needs, letters: Letters) -> float:
    """Give nodes room for their shares with ±; limits may stand elsewhere."""
    language = needs.frame.language
    texts = (
        language.margin(*figures)
        for table in needs.tables
        if not table.blank
        for figures in zip(
            table.nodes.flat, table.nodes_low.flat, table.nodes_high.flat, strict=True
        )
    )
    widths = [text_width(text, letters.number, bold=True) for text in texts if "(" not in text]
    least = text_width(language.share(0.88), letters.number, bold=True) + AIR
    return max([least, *(width + 2 * AIR for width in widths if letters.margins)])


def _title_height(needs: _Needs, letters: Letters, width: float) -> float:
    """Give a panel's title its height; a chart of one panel has none."""
    titles = [panel_title(needs.frame, table) for table in needs.tables]
    lines = max(len(title_lines(title, width, letters)) for title in titles)
    return lines * letters.label * LINE_HEIGHT + AIR if any(titles) else 0.0


def title_lines(title: str, width: float, letters: Letters) -> list[str]:
    """Write the title of a panel, in lines."""
    return wrap(title, width, letters.label, bold=True, most=WHOLE)


def _wave_room(pitch: float, beside: float) -> float:
    """Give names of waves a width in which none meets another, or leaves the chart.

    `beside` lies between the middle of the nodes at an end and the edge. A name that is wider than
    that on both sides is moved, and then has half of the way to the next wave.
    """
    return min(pitch - 2 * AIR, max(2 * beside, pitch / 2))


def _head_lines(needs: _Needs, letters: Letters, room: float) -> int:
    waves = {wave for table in needs.tables for wave in table.waves}
    name = needs.frame.name
    return max(len(wave_lines(name(wave), letters, room)) for wave in waves)


def wave_lines(name: str, letters: Letters, room: float) -> list[str]:
    """Write the name of a wave above its nodes, in lines."""
    return wrap(name, room, letters.label, bold=True, most=WHOLE)


def panel_title(frame: Frame, table: FlowTable) -> str:
    """Say what a panel is about, and how many people it rests on; nothing for a single panel."""
    return f"{table.name}, {frame.count(table.n)}" if table.name else ""


def _foot(needs: _Needs, letters: Letters) -> float:
    """Give what stands below the nodes its height: the number of a low one, and new people."""
    shown = [table.nodes for table in needs.tables if not table.blank]
    last = [share[share > NOTHING][-1] for nodes in shown for share in nodes]
    foot = letters.number * LINE_HEIGHT if min(last, default=1.0) < LOW else AIR
    return foot + (entrants_height(letters) if needs.entrants else 0.0)


def entrants_height(letters: Letters) -> float:
    """Give new people their height below the panel's nodes: two lines and a bar."""
    return 2 * letters.small * LINE_HEIGHT + NEW * letters.number + 2 * AIR
