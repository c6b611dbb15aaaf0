"""Who was interviewed, of rows that come in batches; see `interviewed.Rows`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from opinionpanel.arrays import Booleans, Integers
from opinionpanel.panel.numeric_columns import weight_place
from opinionpanel.panel.streamed_columns import NumberColumn, Values, small_frame
from opinionpanel.panel.streamed_rows import Marks, StreamedRows
from opinionpanel.questions import ItemColumn, Values as Read
from opinionpanel.waves import Wave


@dataclass(frozen=True, eq=False)
class RowsInBatches:
    """Rows of sources that are read in batches; each question to them is a pass."""

    source: StreamedRows
    known: dict[tuple[str, str], tuple[Values, Integers]] = field(default_factory=dict)

    @property
    def headers(self) -> Mapping[str, Wave]:
        """What is said of the columns of every wave."""
        return self.source.headers

    def values(self, columns: Sequence[tuple[str, str]], purpose: str) -> Read:
        """Read the values that occur in columns, each with its wave."""
        for wave, column in columns:
            self.headers[wave].column(column, wave, purpose=purpose)
        parts, waves = self.source.parts, list(self.headers)
        by_part = [
            {
                column: Values(part.batches.types[column])
                for wave, column in columns
                if wave in part.waves
            }
            for part in parts
        ]
        counts = {one: np.zeros(0, dtype=np.int64) for one in columns}
        wanted = {place: list(known) for place, known in enumerate(by_part) if known}
        for rows in self.source.read(wanted):
            known = by_part[parts.index(rows.part)]
            found = {
                name: values.numbers(rows.batch.column(name)) for name, values in known.items()
            }
            for wave, column in columns:
                if wave in rows.part.waves:
                    here = found[column][rows.places == waves.index(wave)]
                    more = np.bincount(here, minlength=len(known[column]) + 1)
                    more[: len(counts[wave, column])] += counts[wave, column]
                    counts[wave, column] = more
        read = {}
        for wave, column in columns:
            known = by_part[parts.index(self.source.part(wave))]
            occurring = np.flatnonzero(counts[wave, column][1:])
            self.known[wave, column] = known[column], occurring + 1
            frame = small_frame({column: known[column].array().take(occurring)})
            read[wave, column] = (
                replace(self.headers[wave], frame=frame),
                counts[wave, column][1:][occurring],
            )
        return read

    def marked(self, record: Wave, column: ItemColumn, chosen: Booleans) -> Marks:
        """Mark the rows with values of a column, which were the last to be read of it."""
        name = column.name
        values, occurring = self.known[column.wave, name]

        def of(batch: Any) -> Booleans:
            numbers = values.numbers(batch.column(name))
            # Of other waves there may be other values.
            table = np.zeros(len(values) + 1, dtype=bool)
            table[occurring] = chosen
            found: Booleans = table[numbers]
            return found

        return Marks(of, frozenset([name]))

    def weighted(self, wave: str, column: str) -> Marks:
        """Mark the rows with a weight."""
        self.headers[wave].column(column, wave, purpose="weight")
        record = self.headers[wave]
        read = NumberColumn({0: weight_place(record, wave, column)}, record, column, 0).read

        def of(batch: Any) -> Booleans:
            numbers, _ = read(batch.column(column))
            weighted: Booleans = (numbers != 0) & ~np.isnan(numbers)
            return weighted

        return Marks(of, frozenset([column]))

    def only(self, marks: Mapping[str, Marks]) -> Self:
        """Keep the rows that are marked."""
        before = self.source.marks
        both = {wave: before[wave] & one if wave in before else one for wave, one in marks.items()}
        return replace(self, source=replace(self.source, marks={**before, **both}))

    def counts(self) -> dict[str, int]:
        """Count the rows of every wave."""
        waves = list(self.headers)
        found = np.zeros(len(waves), dtype=np.int64)
        for rows in self.source.read({place: [] for place in range(len(self.source.parts))}):
            found += np.bincount(rows.places, minlength=len(waves))
        return dict(zip(waves, found.tolist(), strict=True))
