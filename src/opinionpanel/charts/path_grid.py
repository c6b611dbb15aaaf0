"""Where the rows of paths lie: how panels stand, how wide tiles and bars are, how many fit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from opinionpanel.charts.facets import BETWEEN, Facet, in_rows
from opinionpanel.charts.frame import Frame
from opinionpanel.charts.path_key import key_of
from opinionpanel.charts.path_rows import PathRow, PathTable, path_tables
from opinionpanel.charts.path_tiles import Tiles, tiles_of
from opinionpanel.drawing import LINE_HEIGHT, WHOLE, Mark, Sheet, text_width, wrap
from opinionpanel.measures import OTHER

# Pixels: between two tiles, between what stands beside each other in a row, the least for bars.
GAP, BESIDE, NARROWEST = 2.0, 10.0, 56.0
# In sizes of letters: heights of a row, where it is free, at least and at most; widths of the
# smallest tile and of one with room.
ROW, LEAST_ROW, MOST_ROW, LEAST_TILE, TILE = 2.0, 1.55, 2.6, 1.3, 2.6
# Of the room beyond the least, what tiles may take; the others are for bars.
FOR_TILES = 0.7
# In heights of a row: what parts the last rows from the others.
APART = 0.35
# Below this share whole per cents would make all paths look the same.
SMALL = 0.1
# Other paths have no bar where they are so many times the largest path, or more.
CROWDING = 4.0
# Paths that stand by themselves at least, where there are so many.
FEWEST = 3


@dataclass(frozen=True)
class PathGrid:
    """Where panels, tiles and bars lie, in pixels.

    Attributes
    ----------
    frame : Frame
    sheet : Sheet
    tables : sequence of PathTable
    tiles : Tiles
    columns : int
        How many panels stand side by side.
    width, pitch : float
        Of a panel, and from one tile to the next.
    waves : sequence of str
        What stands over the tiles: the names of the waves, or numbers where these do not fit.
    scale : float
        Pixels of a share of 1.
    most : float
        The largest share that has a bar.
    key, name, head, row : float
        Heights: of the key above all panels, of a panel's name, of all above its rows, of a row.
    """

    frame: Frame
    sheet: Sheet
    tables: Sequence[PathTable]
    tiles: Tiles
    columns: int
    width: float
    pitch: float
    waves: Sequence[str]
    scale: float
    most: float
    key: float
    name: float
    head: float
    row: float

    @property
    def bars(self) -> float:
        """Where bars begin, from the left end of a panel."""
        return len(self.waves) * self.pitch - GAP + BESIDE

    @property
    def rows_high(self) -> list[float]:
        """Heights of what stands side by side, in rows of paths."""
        high = [_rows_high(table) for table in self.tables]
        return [max(high[i : i + self.columns]) for i in range(0, len(high), self.columns)]

    @property
    def height(self) -> float:
        """Height of all."""
        across = len(self.rows_high)
        panels = across * self.head + sum(self.rows_high) * self.row
        return self.key + panels + (across - 1) * BETWEEN

    def drawn_key(self) -> tuple[list[Mark], float]:
        """Draw the key, and say how high it is."""
        stayed = any(row.stayed for table in self.tables for row in table.rows)
        return key_of(self.frame, self.sheet, self.tiles, self.waves, stayed=stayed)

    def corner(self, place: int) -> tuple[float, float]:
        """Give the upper left corner of a panel."""
        down, right = divmod(place, self.columns)
        above = sum(self.head + high * self.row + BETWEEN for high in self.rows_high[:down])
        return right * (self.width + BETWEEN), self.key + above


def fitting(frame: Frame, parts: Sequence[Facet], title: str, most: int) -> PathGrid:
    """Lay out the largest paths of each group, so many at most, as there is room for.

    Raises
    ------
    SelectionError
        A size in pixels has no room for a few of them; one that has a name gives way.
    """
    tables = path_tables(frame, parts, most)
    grid = _grid(frame, tables, frame.sheet(title=title, notes=_notes(frame, tables)))
    room = grid.sheet.plot_height
    if room is None or grid.height <= room + 0.5:
        return grid
    longest = min(most, max(len(table.rows) for table in tables))
    floor = min(longest, FEWEST)
    if longest > floor:
        over = math.ceil((grid.height - room) / (len(grid.rows_high) * grid.row))
        return fitting(frame, parts, title, max(longest - over, floor))
    grid.sheet.room(grid.height)
    return grid


def _notes(frame: Frame, tables: Sequence[PathTable]) -> list[str]:
    """Say what is not shown by itself."""
    if all(row.hidden for table in tables for row in table.last):
        return []
    return [frame.say("Other paths: all that are not shown by themselves, together.")]


def _grid(frame: Frame, tables: Sequence[PathTable], sheet: Sheet) -> PathGrid:
    """Choose how panels stand, and how wide tiles and bars are."""
    size, names = frame.size, [frame.name(wave) for wave in frame.estimates.about.waves]
    rows = [row for table in tables for row in (*table.rows, *table.last)]
    label = max((text_width(figure_text(frame, row), size.number) for row in rows), default=0)
    others = max((text_width(other_name(frame, row), size.label) for row in rows), default=0)
    counts = [people_text(frame, row) for row in rows]
    people = max(text_width(text, size.small) for text in (frame.say("People"), *counts))
    beside = 3 * BESIDE + label + people
    tight = max(LEAST_TILE * size.small, (others + GAP) / len(names))
    least = len(names) * tight + NARROWEST + beside
    sheet.needs(least, 0)
    columns, width = in_rows(len(tables), sheet.width, least, sheet.width)
    pitch, waves = _waves(frame, names, tight, tight + FOR_TILES * (width - least) / len(names))
    tiles = tiles_of(frame, _states(frame, tables), pitch - GAP)
    lines = max(len(name_lines(frame, table, width)) for table in tables)
    name = lines * size.label * LINE_HEIGHT
    over = max(wave.count("\n") + 1 for wave in waves) * size.small * LINE_HEIGHT
    most = _most(tables)
    free = sheet.plot_height is None
    grid = PathGrid(
        *(frame, sheet, tables, tiles, columns, width, pitch, waves),
        scale=(width - len(names) * pitch - beside) / most,
        most=most,
        key=0.0,
        name=name,
        head=name + over + 6,
        row=(ROW if free else LEAST_ROW) * size.label,
    )
    grid = replace(grid, key=grid.drawn_key()[1])
    return grid if sheet.plot_height is None else _spread(grid, sheet.plot_height)


def _most(tables: Sequence[PathTable]) -> float:
    """Give the share for which bars need room."""
    ends = [end_of(row) for table in tables for row in table.rows]
    others = [end_of(row) for table in tables for row in table.last if not row.hidden]
    longest = max(ends, default=1.0)
    return max([longest, *(end for end in others if end <= CROWDING * longest)])


def end_of(row: PathRow) -> float:
    """Give where a bar or the line of its interval ends, as a share."""
    return row.high if math.isfinite(row.high) else row.value


def _waves(
    frame: Frame, names: Sequence[str], tight: float, room: float
) -> tuple[float, list[str]]:
    """Choose the distance of tiles, and what stands over them: names where they fit."""
    size = frame.size
    wanted = 5 + max(text_width(word, size.small) for name in names for word in name.split())
    pitch = max(tight, min(max(TILE * size.label, wanted), room))
    if wanted > pitch:
        return pitch, [frame.language.count(place + 1) for place in range(len(names))]
    return pitch, ["\n".join(wrap(name, pitch - 4, size.small)) for name in names]


def _spread(grid: PathGrid, room: float) -> PathGrid:
    """Let rows grow where a picture of a given height has room for it."""
    units = sum(grid.rows_high)
    row = (room - grid.height) / units + grid.row
    return replace(grid, row=max(grid.row, min(row, MOST_ROW * grid.frame.size.label)))


def _rows_high(table: PathTable) -> float:
    return max(len(table.rows) + len(table.last), 1) + (APART if table.last else 0)


def _states(frame: Frame, tables: Sequence[PathTable]) -> list[str]:
    """List the states on the paths that are shown, in the order of the item."""
    shown = {state for table in tables for row in table.rows for state in row.steps}
    return [state for state in frame.estimates.about.states if state in shown]


def name_lines(frame: Frame, table: PathTable, width: float) -> list[str]:
    """Break the name of a group into lines that leave room for its n."""
    count = text_width(frame.count(table.n), frame.size.small)
    return wrap(table.name, width - count - BESIDE, frame.size.label, bold=True, most=WHOLE)


def other_name(frame: Frame, row: PathRow) -> str:
    """Name what has no tiles."""
    return "" if row.steps else frame.say("not shown" if row.hidden else OTHER)


def figure_text(frame: Frame, row: PathRow) -> str:
    """Write a share and its limits; nothing for what is withheld."""
    if row.hidden:
        return ""
    digits = 1 if row.value < SMALL else 0
    return frame.language.estimate(row.value, row.low, row.high, digits=digits, compact=True)


def people_text(frame: Frame, row: PathRow) -> str:
    """Write how many people took a path; nothing where that is not known."""
    return frame.language.count(int(row.people)) if math.isfinite(row.people) else ""
