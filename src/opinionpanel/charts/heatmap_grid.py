"""Where the cells of a heatmap lie, how rows and columns are called, and what cells say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from opinionpanel.charts.facets import BETWEEN, Facet, in_rows
from opinionpanel.charts.frame import Frame, own_columns
from opinionpanel.drawing import (
    LEAST_TYPE,
    LINE_HEIGHT,
    SILENT,
    WHOLE,
    Sheet,
    is_narrow,
    text_width,
    wrap,
)
from opinionpanel.estimates import PAIR, Estimates
from opinionpanel.measures import CROSSED

# Pixels between cells, and between the names of rows and the cells.
GAP, BESIDE = 2.0, 10.0
# Pixels around a text in a cell, on both sides together.
AROUND = 6.0
# In sizes of letters: the widest and the tallest cell, the room for names of rows, and that where
# there is little room.
WIDEST, TALLEST, NAMES, NARROW = 13.0, 6.5, 9.5, 7.5
# Where the height is given, cells are at most so many times as wide as the plot has height for.
FLAT = 2.2
# A cell that may be as tall as it likes is so many times as tall as its texts need, or in this
# relation to its width.
ROOMY, SHAPE = 1.35, 0.55
# Shares are written as large as this at most, in sizes of figures.
LARGEST = 1.6
# Differences of so much have the whole colour where there are no larger ones.
LARGE = 0.1
# The bar of a range, and the room above it.
BAR, ABOVE = 7.0, 4.0
# Lines of the name of a column.
MOST_LINES = 3


@dataclass(frozen=True)
class HeatmapGrid:
    """Where panels and cells lie, in pixels.

    Attributes
    ----------
    frame : Frame
    facets : sequence of Facet
    origins, destinations : list of str
        Of rows and columns.
    numbered : bool
        Whether columns are numbered, and rows with them, as names do not fit over the columns.
    limits : bool
        Whether there is room for intervals in the cells.
    columns : int
        How many panels stand side by side.
    block : int
        How many panels there are before one begins a row anew: those of a group.
    width, left, cell : float
        Widths of a panel, of the names of its rows, and of a cell.
    head, tall : float
        Heights of what stands above the cells of a panel, and of a cell.
    share : float
        Size of the letters of shares.
    upper : Frame, optional
        The upper bounds, where `frame` has the lower ones and nothing is known between them.
    """

    frame: Frame
    facets: Sequence[Facet]
    origins: list[str]
    destinations: list[str]
    numbered: bool
    limits: bool
    columns: int = 1
    block: int = 1
    width: float = 0.0
    left: float = 0.0
    cell: float = 0.0
    head: float = 0.0
    tall: float = 0.0
    share: float = 0.0
    upper: Frame | None = None

    @property
    def across(self) -> int:
        """How many rows the panels stand in."""
        return len(self.facets) // self.block * -(-self.block // self.columns)

    @property
    def height(self) -> float:
        """Height of all panels."""
        return self.across * (self.head + len(self.origins) * self.tall + BETWEEN) - BETWEEN

    @property
    def corners(self) -> list[tuple[float, float]]:
        """The upper left corner of each panel."""
        high = self.head + len(self.origins) * self.tall + BETWEEN
        places = []
        for place in range(len(self.facets)):
            group, own = divmod(place, self.block)
            down = group * -(-self.block // self.columns) + own // self.columns
            places.append((own % self.columns * (self.width + BETWEEN), down * high))
        return places

    @cached_property
    def strongest(self) -> float:
        """The move, or difference, that has the strongest colour."""
        figures = self.frame.figures
        if self.frame.estimates.unit == "change":
            # Small differences are not to look large where there are no others.
            return max(LARGE, float(np.nan_to_num(np.abs(figures.value)).max()))
        if is_crossed(self.frame.estimates):
            return float(np.nan_to_num(figures.value).max())
        moved = (figures.labels["origin"] != figures.labels["destination"]).to_numpy()
        return float(np.nan_to_num(figures.value * moved).max())

    def row_name(self, origin: str) -> list[str]:
        """Call a row, with the number of the column of its state where columns have numbers."""
        name = self.frame.name(origin)
        if self._rows_are_columns and origin in self.destinations:
            name = f"{self._number(origin)} {name}"
        room = NARROW if self.numbered else NAMES
        return wrap(name, room * self.frame.size.label, self.frame.size.label)

    @property
    def bar(self) -> float:
        """Height of the bar that shows a range, with the room above it; 0 where there is none."""
        return 0.0 if self.upper is None else BAR + ABOVE

    @property
    def least(self) -> float:
        """Size of the letters of shares at least."""
        return self.frame.size.number if self.limits else LEAST_TYPE

    def column_name(self, destination: str) -> list[str]:
        """Call a column."""
        if self.numbered:
            return [self._number(destination)]
        return wrap(self.frame.name(destination), self.cell - AROUND, self.frame.size.label)

    @property
    def strange(self) -> list[str]:
        """The numbers and names of columns that no row explains."""
        if not self.numbered:
            return []
        rows = self.origins if self._rows_are_columns else []
        others = [name for name in self.destinations if name not in rows]
        return [f"{self._number(name)} {self.frame.name(name)}" for name in others]

    @property
    def _rows_are_columns(self) -> bool:
        """Whether columns have numbers, which the rows of the same states explain."""
        return self.numbered and not is_crossed(self.frame.estimates)

    def _number(self, destination: str) -> str:
        return self.frame.language.count(self.destinations.index(destination) + 1)

    def title(self, place: int) -> list[str]:
        """Call a panel: by its groups, and by waves whose difference it shows."""
        facet, frame = self.facets[place], self.frame
        pair = [name for name in PAIR if name in frame.figures.labels]
        values = facet.values if len(pair) < len(PAIR) else facet.values[: -len(pair)]
        text = ", ".join(map(frame.name, values))
        return wrap(text, self.width, frame.size.label, bold=True, most=WHOLE)


def heatmap_grid(
    frame: Frame, parts: Sequence[Facet], sheet: Sheet, *, upper: Frame | None = None
) -> HeatmapGrid:
    """Choose how panels stand and how large their cells are.

    Raises
    ------
    SelectionError
        The size has no room.
    """
    grid = fitting_texts(frame, parts, sheet, upper=upper)
    least = grid.left + len(grid.destinations) * grid.cell
    widest = WIDEST * frame.size.label
    if sheet.plot_height is not None:
        widest = max(widest, FLAT * sheet.plot_height / len(grid.origins))
    block = _block(parts)
    most = grid.left + len(grid.destinations) * widest
    columns, width = in_rows(block, sheet.width, least, most)
    cell = (width - grid.left) / len(grid.destinations)
    grid = replace(grid, columns=columns, block=block, width=width, cell=cell)
    return _in_height(replace(grid, head=_head(grid)), sheet)


def fitting_texts(
    frame: Frame, parts: Sequence[Facet], sheet: Sheet, *, upper: Frame | None = None
) -> HeatmapGrid:
    """Choose the texts for which there is room in the width, and the least cells that hold them.

    Where there is little, columns have numbers instead of names; where there is less, intervals
    are left out.

    Raises
    ------
    SelectionError
        The width has no room even so.
    """
    origins, destinations = (_states(frame, end) for end in ends_of(frame.estimates))
    for numbered, limits in ((False, True), (True, True), (True, False)):
        grid = HeatmapGrid(frame, parts, origins, destinations, numbered, limits, upper=upper)
        grid = replace(grid, left=_left(grid), cell=_narrowest(grid))
        least = grid.left + len(grid.destinations) * grid.cell
        if least <= sheet.width:
            break
    sheet.needs(least)
    return grid


def _block(parts: Sequence[Facet]) -> int:
    """Count the panels of each group, where all have as many and there are several."""
    groups = [part.values[: -len(PAIR)] for part in parts]
    sizes = {groups.count(group) for group in groups}
    return sizes.pop() if len(sizes) == 1 and max(sizes) > 1 else len(parts)


def is_crossed(estimates: Estimates) -> bool:
    """Tell whether two items are crossed, with rows and columns of their own."""
    about = estimates.about
    # Contrasts of them may have other labels.
    ends = about.columns(estimates.labels, "origin", "state")
    return about.measure in CROSSED and len(ends) == 2


def is_matrix(estimates: Estimates) -> bool:
    """Tell whether estimates have rows and columns: moves, or two items crossed."""
    return is_crossed(estimates) or {"origin", "destination"} <= own_columns(estimates)


def ends_of(estimates: Estimates) -> tuple[str, str]:
    """Name the label columns of rows and of columns."""
    if not is_crossed(estimates):
        return "origin", "destination"
    about, labels = estimates.about, estimates.labels
    return about.columns(labels, "origin")[0], about.columns(labels, "state")[0]


def share_of(frame: Frame) -> str:
    """Tell what figures are shares of: of each row, of each column, or of all."""
    about = frame.estimates.about
    if is_crossed(frame.estimates):
        return CROSSED[about.measure]
    if about.flows or about.measure == "transition_bounds":
        return "joint"
    return "column" if about.measure == "inflows" else "row"


def has_counts(frame: Frame, end: str) -> bool:
    """Tell whether rows, or columns, have an n of their own."""
    return share_of(frame) == end


def counts(frame: Frame) -> list[str]:
    """List the widest texts that say how many people a row or a column rests on."""
    n = frame.figures.n
    few = [frame.few(n.min())] if n.min() < frame.withheld.min_n else []
    return [frame.say("n = {n}", n=int(n.max())), *few]


def cell_texts(grid: HeatmapGrid, row: int) -> tuple[str, str]:
    """Write a share or difference, and its limits; of what is only bounded, both bounds."""
    frame, upper = grid.frame, grid.upper
    figures, language = frame.figures, frame.language
    value, low, high = figures.value[row], figures.low[row], figures.high[row]
    if upper is not None:
        return _ranges(frame, (value, upper.figures.value[row]), (low, upper.figures.high[row]))
    signed = frame.estimates.unit == "change"
    digits = 1 if is_narrow(low, high) else 0
    shown = (language.points if signed else language.share)(value, digits=digits)
    if not np.isfinite(high - low):
        return shown, ""
    return shown, language.compact_limits(low, high, digits, signed=signed)


def _ranges(
    frame: Frame, bounds: tuple[float, float], limits: tuple[float, float]
) -> tuple[str, str]:
    """Write what is possible, and how far sampling error widens it."""
    if not np.isfinite(bounds).all():
        return frame.language.share(np.nan), ""
    digits = 1 if is_narrow(*bounds) and bounds[0] < bounds[1] else 0
    shown = frame.language.compact_limits(*bounds, digits) + frame.language.percent
    if bounds[0] == bounds[1]:
        shown = frame.language.share(bounds[0])
    if not np.isfinite(limits).all():
        return shown, ""
    return shown, frame.language.compact_limits(*limits, digits)


def _states(frame: Frame, end: str) -> list[str]:
    """List origins or destinations in the order of the item.

    Those without an opinion whom nobody is among are left out: at the first wave of a panel nobody
    is not interviewed.
    """
    figures = frame.figures
    column = figures.labels[end].to_numpy()
    there = (figures.n > 0) & (figures.hidden | (np.nan_to_num(figures.value) != 0))
    known = [*frame.estimates.about.states, *column]
    states = [state for state in dict.fromkeys(known) if (column == state).any()]
    return [s for s in states if s not in SILENT or there[column == s].any()]


def _left(grid: HeatmapGrid) -> float:
    """Measure the names of rows, the n below them, and the wave above them."""
    frame, size = grid.frame, grid.frame.size
    names = [line for origin in grid.origins for line in grid.row_name(origin)]
    small = [wave_names(frame, facet.rows[0])[0] for facet in grid.facets]
    if has_counts(frame, "row"):
        small += counts(frame)
    return BESIDE + max(
        *(text_width(name, size.label) for name in names),
        *(text_width(text, size.small) for text in small),
    )


def wave_names(frame: Frame, row: int) -> tuple[str, str]:
    """Call the waves of origins and destinations, or the two items that are crossed.

    A difference of waves has none of its own.
    """
    labels = frame.figures.labels
    if is_crossed(frame.estimates):
        rows, columns = map(frame.column, ends_of(frame.estimates))
        return f"{rows} ↓", f"{columns} →"
    if not set(PAIR) <= set(labels):
        return f"{frame.say('From')} ↓", f"{frame.say('To')} →"
    first, last = (frame.name(labels[name].iloc[row]) for name in PAIR)
    return f"{first} ↓", f"{last} →"


def _narrowest(grid: HeatmapGrid) -> float:
    """Measure what the widest text of a cell or column needs."""
    frame, size = grid.frame, grid.frame.size
    texts = [cell_texts(grid, row) for row in _shown(frame)]
    widths = [text_width(share, grid.least, bold=True) for share, _ in texts]
    small = [limits for _, limits in texts if grid.limits]
    if grid.limits and frame.figures.hidden.any():
        small.append(frame.say("withheld"))
    if has_counts(frame, "column"):
        small += counts(frame)
    widths += [text_width(text, size.small) for text in small]
    if not grid.numbered:
        widths += [_name_width(frame.name(name), size.label) for name in grid.destinations]
    waves = [wave_names(frame, facet.rows[0])[1] for facet in grid.facets]
    right = max(text_width(when, size.small) for when in waves)
    return max(AROUND + max(widths, default=0.0), right / len(grid.destinations))


def _shown(frame: Frame) -> list[int]:
    return np.flatnonzero(~frame.figures.hidden).tolist()


def _name_width(name: str, size: float) -> float:
    """Find the width in which a name has few lines, none of them a part of a word."""
    words = [text_width(word, size) for word in name.split()]
    width = max(words, default=0.0)
    # To break a long name into lines takes time: only where the words can fit.
    while sum(words) > MOST_LINES * width or len(wrap(name, width, size)) > MOST_LINES:
        width *= 1.1
    return width


def _head(grid: HeatmapGrid) -> float:
    """Measure what stands above the cells: title, waves, names of columns, and their n."""
    size = grid.frame.size
    titles = max(len(grid.title(place)) for place in range(len(grid.facets)))
    names = max(len(grid.column_name(name)) for name in grid.destinations)
    small = 1 + has_counts(grid.frame, "column")
    return LINE_HEIGHT * ((titles + names) * size.label + small * size.small) + 10


def _in_height(grid: HeatmapGrid, sheet: Sheet) -> HeatmapGrid:
    """Choose how tall cells are, and how large shares in them are written."""
    size, rows = grid.frame.size, len(grid.origins)
    limits = size.small * LINE_HEIGHT if grid.limits else 0.0
    texts = size.number * LINE_HEIGHT + limits + GAP + 4 + grid.bar
    count = size.small if has_counts(grid.frame, "row") else 0.0
    lines = max(len(grid.row_name(origin)) for origin in grid.origins)
    least = max(texts, LINE_HEIGHT * (lines * size.label + count) + GAP + 4)
    tall = max(least, min(TALLEST * size.label, max(ROOMY * texts, SHAPE * grid.cell)))
    room = sheet.room(replace(grid, tall=least).height)
    if room is not None:
        spare = (room - replace(grid, tall=0.0).height) / (grid.across * rows)
        tall = max(least, min(spare, grid.cell))
    shares = [cell_texts(grid, row)[0] for row in _shown(grid.frame)]
    wide = max((text_width(text, 1, bold=True) for text in shares), default=1.0)
    share = min(LARGEST * size.number, (grid.cell - AROUND) / wide)
    share = min(share, (tall - GAP - 4 - limits - grid.bar) / LINE_HEIGHT)
    return replace(grid, tall=tall, share=max(share, grid.least))
