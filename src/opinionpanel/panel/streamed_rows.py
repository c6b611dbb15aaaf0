"""The rows of waves that are read in batches: which wave each is from, and which are left out."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Booleans, WholeNumbers
from opinionpanel.errors import ReadError
from opinionpanel.panel.batches import Batches, plain
from opinionpanel.panel.streamed_columns import Values, small_frame
from opinionpanel.panel.wave_order import check_roles, waves_of
from opinionpanel.waves import Wave, WaveLike, arrow_frame

# Batches that are read before they are needed.
AHEAD = 2
# After so many seconds the thread that reads looks whether anybody still wants more.
PATIENCE = 0.2
# The row's wave is none of the panel's.
ELSEWHERE = -1

# From a batch to which of its rows count.
Mark = Callable[[Any], Booleans]


@dataclass(frozen=True, eq=False)
class Marks:
    """Which rows of a wave something is true of.

    Attributes
    ----------
    of : callable
        From a batch to an array of True and False.
    columns : frozenset of str
        What must be read to tell.
    """

    of: Mark
    columns: frozenset[str]

    def __and__(self, other: "Marks") -> "Marks":
        return Marks(lambda batch: self.of(batch) & other.of(batch), self.columns | other.columns)

    def __or__(self, other: "Marks") -> "Marks":
        return Marks(lambda batch: self.of(batch) | other.of(batch), self.columns | other.columns)

    def __invert__(self) -> "Marks":
        return Marks(lambda batch: ~self.of(batch), self.columns)


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of one wave or of several.

    Attributes
    ----------
    batches : Batches
    waves : tuple of str
    column : str
        The column of waves; "" where all rows are of one.
    known : Values or None
        The values of this column.
    places : numpy.ndarray of int16
        By the number of such a value, the place of its wave in the panel.
    """

    batches: Batches
    waves: tuple[str, ...]
    column: str = ""
    known: Values | None = None
    places: Any = None

    def wave_of(self, batch: Any) -> WholeNumbers | None:
        """Return the place of every row's wave; None where all are of one."""
        if self.known is None:
            return None
        found: WholeNumbers = self.places[self.known.numbers(batch.column(self.column))]
        return found


@dataclass(frozen=True, eq=False)
class Rows:
    """Some rows that count.

    Attributes
    ----------
    part : Part
    batch : pyarrow.RecordBatch
    places : numpy.ndarray of int16
        The place of each row's wave.
    """

    part: Part
    batch: Any
    places: WholeNumbers

    def only(self, kept: Booleans) -> "Rows":
        """Keep some of the rows."""
        if kept.all():
            return self
        import pyarrow as pa

        return replace(self, batch=self.batch.filter(pa.array(kept)), places=self.places[kept])


@dataclass(frozen=True, eq=False)
class StreamedRows:
    """The waves of a panel, in sources that are read in batches.

    Attributes
    ----------
    parts : tuple of Part
    headers : dict of str to Wave
        What is said of the columns of every wave; the frames have these and no rows.
    marks : dict of str to Marks
        Which rows of a wave count; all of those that are not named.
    """

    parts: tuple[Part, ...]
    headers: Mapping[str, Wave]
    marks: Mapping[str, Marks] = field(default_factory=dict)

    def part(self, wave: str) -> Part:
        """Return where the rows of a wave are."""
        return next(part for part in self.parts if wave in part.waves)

    @property
    def rows(self) -> int | None:
        """How many rows there are, where that is known."""
        numbers = [part.batches.rows for part in self.parts]
        return None if None in numbers else sum(number or 0 for number in numbers)

    def read(self, wanted: Mapping[int, Iterable[str]]) -> Generator[Rows]:
        """Read columns of parts, named by their place, and leave out what does not count."""
        for number, part in enumerate(self.parts):
            if number not in wanted:
                continue
            marks = {wave: self.marks[wave] for wave in part.waves if wave in self.marks}
            more = [column for mark in marks.values() for column in sorted(mark.columns)]
            named = [*wanted[number], *more, *([part.column] if part.column else [])]
            # Rows without any column cannot be counted.
            columns = list(dict.fromkeys(named)) or [next(iter(part.batches.types))]
            with closing(ahead(part.batches, columns)) as batches:
                for batch in batches:
                    yield self._counting(part, batch, marks)

    def _counting(self, part: Part, batch: Any, marks: Mapping[str, Marks]) -> Rows:
        order = list(self.headers)
        places = part.wave_of(batch)
        if places is None:
            places = np.full(batch.num_rows, order.index(part.waves[0]), dtype=np.int16)
        kept = places != ELSEWHERE
        for wave, mark in marks.items():
            kept &= (places != order.index(wave)) | mark.of(batch)
        return Rows(part, batch, places).only(kept)


def ahead(batches: Batches, columns: Sequence[str]) -> Generator[Any]:
    """Read batches in a thread of its own, some before they are needed."""
    found: Queue[Any] = Queue(AHEAD)
    stop, done = Event(), object()

    def handed_over(one: object) -> bool:
        """Hand something over; False if nobody wants more."""
        while not stop.is_set():
            with suppress(Full):
                found.put(one, timeout=PATIENCE)
                return True
        return False

    def work() -> None:
        last: object = done
        try:
            for batch in batches.read(columns):
                if not handed_over(plain(batch)):
                    return
        # Whoever waits for rows is told whatever ended them, also what a library calls a panic.
        except BaseException as error:
            last = error
        handed_over(last)

    thread = Thread(target=work, daemon=True)
    try:
        thread.start()
        while (one := found.get()) is not done:
            if isinstance(one, BaseException):
                raise _unreadable(batches, one) from one
            yield one
    finally:
        stop.set()
        # Room for what is being handed over: the thread then ends at once.
        with suppress(Empty):
            while True:
                found.get_nowait()
        # An interrupt may have come while it started.
        if thread.is_alive():
            thread.join()


def _unreadable(batches: Batches, error: BaseException) -> Exception:
    """Say that reading stopped; what the reader says may show a person's values."""
    if isinstance(error, (ReadError, MemoryError)):
        return error
    return ReadError(
        f"{batches.source or 'The frame'}: its rows cannot be read to the end "
        f"({type(error).__name__}). Is the file damaged? Read it by itself to hear more, and write "
        "it anew."
    )


def header_of(batches: Batches, wave: WaveLike) -> Wave:
    """Say of a source what its file says, with its columns and without its rows."""
    import pyarrow as pa

    empty: dict[str, pd.Series] = {}
    for name, kind in batches.types.items():
        nested = pa.types.is_nested(kind)
        # A column of lists or the like is refused by what it holds.
        empty[name] = pd.Series([[]] if nested else [], dtype=object)
    frame = pd.DataFrame(empty)
    if isinstance(wave, Wave):
        return replace(wave, frame=frame)
    return Wave(frame, source=batches.source)


def collected(batches: Batches, wave: WaveLike, columns: Sequence[str]) -> Wave:
    """Take columns of a source into memory, as far as it has them."""
    import pyarrow as pa

    named = [name for name in dict.fromkeys(columns) if name in batches.types]
    with closing(ahead(batches, named)) as read:
        schema = pa.schema([(name, batches.types[name]) for name in named])
        frame = arrow_frame(pa.Table.from_batches([one.cast(schema) for one in read], schema))
    known = tuple(batches.types)
    if isinstance(wave, Wave):
        return replace(wave, frame=frame, known=known)
    return Wave(frame, source=batches.source, known=known)


def streams_of(streams: Mapping[str, Batches], waves: Mapping[str, WaveLike]) -> StreamedRows:
    """Take a source for each wave; of `waves`, what their files say."""
    parts = tuple(Part(batches, (name,)) for name, batches in streams.items())
    headers = {name: header_of(batches, waves[name]) for name, batches in streams.items()}
    return StreamedRows(parts, headers)


def long_stream(
    batches: Batches, frame: WaveLike, ids: Sequence[str], wave: str, waves: Sequence[str] | None
) -> StreamedRows:
    """Take one source with a row per person and wave; of `frame`, what its file says."""
    header = header_of(batches, frame)
    check_roles(ids, wave)
    for name in (*ids, wave):
        header.column(name, "", purpose="from_long")
    known = Values(batches.types[wave])
    counts = np.zeros(1, dtype=np.int64)
    with closing(ahead(batches, [wave])) as read:
        for batch in read:
            found = np.bincount(known.numbers(batch.column(0)), minlength=len(known) + 1)
            found[: len(counts)] += counts
            counts = found
    small = small_frame({wave: known.array()})[wave]
    rows = dict(zip(small.tolist(), counts[1:].tolist(), strict=True))
    levels = None
    if isinstance(small.dtype, pd.CategoricalDtype) and small.dtype.ordered:
        levels = list(small.cat.categories)
    counted = {value: number for value, number in rows.items() if number}
    named = waves_of(counted, wave, levels=levels, labels=header.labels.get(wave), waves=waves)
    place_of = {value: place for place, found in enumerate(named.values()) for value in found}
    places = np.array([ELSEWHERE, *(place_of.get(value, ELSEWHERE) for value in rows)], np.int16)
    part = Part(batches, tuple(named), wave, known, places)
    return StreamedRows((part,), dict.fromkeys(named, header))
