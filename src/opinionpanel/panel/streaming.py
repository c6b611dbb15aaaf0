"""From rows that come in batches to linked people, in one pass over them."""

import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from threading import Lock

import numpy as np

from opinionpanel.arrays import Array, Booleans, Integers
from opinionpanel.errors import LinkError, listing
from opinionpanel.panel.by_person import ByPerson, Placed
from opinionpanel.panel.declared import Declared
from opinionpanel.panel.id_errors import doubled_error, dropped_note
from opinionpanel.panel.id_kinds import kind_notes
from opinionpanel.panel.ids import Keys, text_form
from opinionpanel.panel.ids_in_arrow import complete_waves, count_kinds, usual_forms
from opinionpanel.panel.interviewed import interviews
from opinionpanel.panel.linking import (
    check_waves,
    complete_numbers,
    count_doubled,
    numbered,
    of_placeholders,
    refuse_apart,
)
from opinionpanel.panel.numeric_columns import weight_place
from opinionpanel.panel.people_streamed import Needed, PeopleStreamed, needed_columns
from opinionpanel.panel.room import check_room, size_text
from opinionpanel.panel.spelling_in_arrow import check_writing
from opinionpanel.panel.streamed_columns import MOST_PACKED, NumberColumn, ValueColumn, Words
from opinionpanel.panel.streamed_ids import StreamedIds, find_ids
from opinionpanel.panel.streamed_interviews import RowsInBatches
from opinionpanel.panel.streamed_rows import Part, StreamedRows
from opinionpanel.panel.text_numbers import TextNumbers
from opinionpanel.panel.whole_id_numbers import WholeIdNumbers
from opinionpanel.waves import Written

# For so many people there is room at first where the number of rows is not known.
LEAST_ROOM = 1 << 16
# Columns are filled by so many threads; no column by two.
THREADS = 2

# Seconds after which a thread hands over; Python's 5 ms are as long as all that is done of a batch.
TURN = 0.0005
# Rooms for people are made by half as many more.
GROWTH = 1.5

Column = Words | NumberColumn


class People:
    """The people whose rows came, and what is held of them.

    Parameters
    ----------
    source : StreamedRows
    needed : Needed
    ids : StreamedIds
    """

    def __init__(self, source: StreamedRows, needed: Needed, ids: StreamedIds) -> None:
        self.source, self.ids, self.waves = source, ids, list(source.headers)
        room = max(LEAST_ROOM, (source.rows or 0) // len(self.waves))
        self.numbers = TextNumbers(room) if ids.text else WholeIdNumbers(room, self._between())
        self.rows = np.zeros(len(self.waves), dtype=np.int64)
        # By the place of the part, what its rows fill.
        self.columns: list[list[Column]] = []
        self.values: dict[tuple[str, str], ValueColumn] = {}
        self.numbers_in: dict[tuple[str, str], NumberColumn] = {}
        for part in source.parts:
            self.columns.append(
                [*self._words(part, needed, room), *self._weights(part, needed, room)]
            )
        # Who has a row has a value in every column of the wave, if only a blank.
        self._telling = {wave: held for (wave, _), held in self.values.items()}
        untold = [place for place, wave in enumerate(self.waves) if wave not in self._telling]
        self.present = ByPerson(untold, np.bool_, room)
        self.room, self.number, self._known_size = room, 0, self.size
        self._check_room(room * self.size)

    def _words(self, part: Part, needed: Needed, room: int) -> Iterator[Words]:
        """Pack the columns of values of a part that are read of the same waves."""
        alike: dict[tuple[str, ...], list[str]] = {}
        for column in part.batches.types:
            waves = tuple(wave for wave in part.waves if (wave, column) in needed.values)
            if waves:
                alike.setdefault(waves, []).append(column)
        for waves, columns in alike.items():
            for start in range(0, len(columns), MOST_PACKED):
                names = columns[start : start + MOST_PACKED]
                types = {name: part.batches.types[name] for name in names}
                words = Words(types, [self.waves.index(wave) for wave in waves], room)
                held = {name: ValueColumn(words, name) for name in names}
                self.values |= {(wave, name): held[name] for wave in waves for name in names}
                yield words

    def _weights(self, part: Part, needed: Needed, room: int) -> Iterator[NumberColumn]:
        headers = self.source.headers
        for column in part.batches.types:
            waves = [wave for wave in part.waves if (wave, column) in needed.numbers]
            where = {
                self.waves.index(wave): weight_place(headers[wave], wave, column) for wave in waves
            }
            if waves:
                numbers = NumberColumn(where, headers[waves[0]], column, room)
                self.numbers_in |= {(wave, column): numbers for wave in waves}
                yield numbers

    def _between(self) -> tuple[int, int] | None:
        """Return the lowest and the highest id, where all files know it."""
        named = {part.batches: self.ids.columns[part.waves[0]] for part in self.source.parts}
        if not all(column in batches.ranges for batches, column in named.items()):
            return None
        lows, highs = zip(*(batches.ranges[one] for batches, one in named.items()), strict=True)
        return min(lows), max(highs)

    @property
    def held(self) -> list[ByPerson]:
        """All that is held."""
        return [self.present, *(held for one in self.all_columns for held in one.all_held)]

    @property
    def all_columns(self) -> list[Column]:
        """All that rows fill."""
        return [one for columns in self.columns for one in columns]

    def read(self) -> None:
        """Read all rows."""
        places = {id(part): place for place, part in enumerate(self.source.parts)}
        wanted = {
            place: [
                *(name for one in self.columns[place] for name in one.names),
                self.ids.columns[part.waves[0]],
            ]
            for place, part in enumerate(self.source.parts)
        }
        at_work: list[Future[None]] = []
        with (
            TURNS.often(),
            ThreadPoolExecutor(THREADS) as threads,
            closing(self.source.read(wanted)) as read,
        ):
            for rows in read:
                rows, ids = self.ids.read(rows, self.waves)
                placed = Placed(rows.places, self.numbers.number(ids), len(self.numbers))
                for task in at_work:
                    task.result()
                self._check_growth()
                if placed.number > self.room:
                    self._make_room()
                columns = self.columns[places[id(rows.part)]]
                for waves in {held.waves for one in columns for held in one.all_held}:
                    placed.flat(waves, self.room)
                at_work = [threads.submit(one.fill, rows.batch, placed) for one in columns]
                self.rows += np.bincount(rows.places, minlength=len(self.rows))
                self.present.put(placed, True)
            for task in at_work:
                task.result()
        self.number = len(self.numbers)
        for held in self.held:
            held.end(self.number)

    def _here(self, place: int) -> Array:
        """Return an array that is 0 for those without a row at a wave."""
        telling = self._telling.get(self.waves[place])
        return self.present.at(place) if telling is None else telling.words.held.at(place)

    def presence(self) -> Booleans:
        """Tell who has a row at each wave."""
        present = np.empty((len(self.waves), self.number), dtype=bool)
        for place, here in enumerate(present):
            np.not_equal(self._here(place), 0, out=here)
        return present

    def let_go(self) -> None:
        """Forget ids that nobody will ask for: whole numbers that are not those of rows."""
        if isinstance(self.numbers, WholeIdNumbers) and not self.numbers.holds(0, 1):
            self.numbers = WholeIdNumbers()

    def doubled(self) -> dict[int, Integers]:
        """Find the waves in which ids stand in several rows, and in how many everyone's does."""
        once = [np.count_nonzero(self._here(place)) for place in range(len(self.waves))]
        return {place: self.times(place) for place in np.flatnonzero(self.rows > once).tolist()}

    def times(self, place: int) -> Integers:
        """Count the rows of everyone at a wave."""
        wave = self.waves[place]
        part = self.source.part(wave)
        number = self.source.parts.index(part)
        times = np.zeros(self.number, dtype=np.int64)
        for rows in self.source.read({number: [self.ids.columns[wave]]}):
            rows, ids = self.ids.read(rows.only(rows.places == place), self.waves)
            times += np.bincount(self.numbers.number(ids), minlength=len(times))
        return times

    def ids_of(self, chosen: Booleans) -> Keys:
        """Return the ids of some people."""
        if isinstance(self.numbers, WholeIdNumbers):
            return self.numbers.ids()[chosen]
        import pyarrow as pa

        found: Keys = self.numbers.texts.filter(pa.array(chosen)).to_numpy()
        return found

    def numbered(self, present: Booleans) -> tuple[str, ...]:
        """Name the waves that look numbered by row: complete from 0 or 1 on, of other sizes."""
        here = dict(zip(self.waves, present, strict=True))
        if not isinstance(self.numbers, WholeIdNumbers):
            return numbered(complete_waves(self.numbers.texts, here))
        # Most ids are far from 0.
        if not self.numbers.holds(0, 1):
            return ()
        ids = self.numbers.ids()
        complete: dict[str, int] = {}
        for wave, chosen in here.items():
            if rows := int(np.count_nonzero(chosen)):
                low, high = ids[chosen].min(), ids[chosen].max()
                complete |= {wave: rows} if complete_numbers(rows, low, high) else {}
        return numbered(complete)

    def forms(self, present: Booleans) -> str:
        """Describe the ids of every wave."""
        columns = self.ids.columns
        if isinstance(self.numbers, WholeIdNumbers):
            return "; ".join(f"{wave}: numbers in column {columns[wave]!r}" for wave in self.waves)
        here = dict(zip(self.waves, present, strict=True))
        usual = usual_forms(self.numbers.texts, here)
        return "; ".join(f"{wave}: {text_form(usual[wave], columns[wave])}" for wave in self.waves)

    @property
    def size(self) -> int:
        """How many bytes everyone takes."""
        return sum(held.size for held in self.held)

    def _check_room(self, needed: int, taken: int = 0) -> None:
        names = dict.fromkeys(part.batches.source for part in self.source.parts)
        check_room(needed, " and ".join(filter(None, names)), self.source.rows, taken)

    def _check_growth(self) -> None:
        """Look at the room again where everyone takes more than was thought."""
        size = self.size
        if size > self._known_size:
            self._check_room(self.room * size, self.room * self._known_size)
        self._known_size = size

    def _make_room(self) -> None:
        more = int(len(self.numbers) * GROWTH)
        self._check_room(more * self.size, self.room * self.size)
        for held in self.held:
            held.make_room(more)
        self.room = more


class _Turns:
    """How often threads take turns: of several panels that are read, the last puts it back."""

    def __init__(self) -> None:
        self._lock, self._panels, self._before = Lock(), 0, 0.0

    @contextmanager
    def often(self) -> Iterator[None]:
        """Let threads take turns more often: each waits for the others at every step of a batch."""
        with self._lock:
            if not self._panels:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(min(self._before, TURN))
            self._panels += 1
        try:
            yield
        finally:
            with self._lock:
                self._panels -= 1
                if not self._panels:
                    sys.setswitchinterval(self._before)


TURNS = _Turns()


def link_streamed(source: StreamedRows, declared: Declared) -> PeopleStreamed:
    """Read the rows of all waves, and find the same people in them."""
    check_waves(source.headers, declared.duplicates)
    # Without ids people are in memory.
    assert declared.person is not None
    ids = find_ids(source, declared.person, declared.no_id)
    held, notes = interviews(
        RowsInBatches(source), declared.interviewed, declared.items, declared.design
    )
    people = People(held.source, needed_columns(source, declared), ids)
    people.read()
    rows = dict(zip(people.waves, people.rows.tolist(), strict=True))
    ids.check(source.headers, rows)
    doubled = people.doubled()
    if doubled and declared.duplicates == "error":
        raise _doubled_error(people, *next(iter(doubled.items())))
    if not doubled:
        people.let_go()
    present = people.presence()
    said = _written(people, present)
    notes = (*notes, *said, *_drop(people, present, doubled))
    row_numbers, before = people.numbered(present), present
    used = np.logical_or.reduce(present)
    if not used.all():
        # Placeholders were nobody.
        present = present[:, used]
        for one in people.held:
            one.only(used)
    refuse_apart(people.waves, present, partial(people.forms, before))
    return PeopleStreamed(
        headers=source.headers,
        present=present,
        values=people.values,
        numbers_in=people.numbers_in,
        numbered=row_numbers,
        notes=notes,
        held=_held(people, present.shape[1]),
    )


def _held(people: People, number: int) -> str:
    """Say that rows were read in batches, and how much is held of them."""
    rows, size = int(people.rows.sum()), size_text(number * people.size)
    return f"{rows:,} rows, read in batches and held in {size} of memory"


def _doubled_error(people: People, place: int, times: Integers) -> LinkError:
    wave = people.waves[place]
    column, header = people.ids.columns[wave], people.source.headers[wave]
    return doubled_error(
        people.ids.wheres[wave],
        wave,
        column,
        count_doubled(people.ids_of(times > 1), times[times > 1]),
        header.written.get(column, Written()).sentence,
    )


def _drop(people: People, present: Booleans, doubled: Mapping[int, Integers]) -> Iterator[str]:
    """Leave out all rows of ids that stand in several; who has one was still interviewed."""
    for place, times in doubled.items():
        who = np.flatnonzero(times > 1)
        nobody = of_placeholders(people.ids_of(times > 1), times[who])
        present[place, who[nobody]] = False
        for column in people.all_columns:
            column.take_out(place, who)
        rows = int(times[who].sum()), len(who), int(times[who[nobody]].sum())
        yield dropped_note(people.waves[place], *rows)


def _written(people: People, present: Booleans) -> list[str]:
    """Refuse ids that are written in two ways, and say which kinds one wave alone has."""
    if isinstance(people.numbers, WholeIdNumbers):
        return []
    texts, columns = people.numbers.texts, listing(dict.fromkeys(people.ids.columns.values()))
    check_writing(people.waves, columns, texts, present)
    return kind_notes(count_kinds(texts, dict(zip(people.waves, present, strict=True))))
