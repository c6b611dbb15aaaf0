"""Text files that may be larger than memory: read once, in batches, and kept as numbers on disk.

What the columns are is known only when all rows were seen. Whatever is unusual about a file, or
wrong, stays with the way in which it is read at once: it has the words for it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from opinionpanel.waves.options import ReadOptions
from opinionpanel.waves.spelling import Written
from opinionpanel.waves.spool import Spool
from opinionpanel.waves.text_files import Layout, chosen_places, text_layout
from opinionpanel.waves.text_kinds import (
    Kind,
    NotInBatchesError,
    TextAfterAllError,
    TextIds,
    ValueTexts,
    Weights,
    WholeIds,
)
from opinionpanel.waves.text_pieces import Pieces


@dataclass(frozen=True)
class Roles:
    """What the columns of a text file are used as; one may be used as several.

    Attributes
    ----------
    ids, weights : frozenset of str
    values : frozenset of str
        Answers, traits, strata, PSUs and the like: what has few different values.
    """

    ids: frozenset[str]
    weights: frozenset[str]
    values: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class TextRows:
    """The rows of a text file, kept on disk.

    Attributes
    ----------
    types : dict of str to pyarrow.DataType
    read : callable
        From the names of columns to an iterator of record batches, in which values of a column may
        be given by their places among all of them.
    rows : int
    ranges : dict of str to (int, int)
        The lowest and the highest id.
    encoding : str
    written : dict of str to Written
        As in `Wave`.
    """

    types: Mapping[str, Any]
    read: Callable[[Sequence[str]], Iterator[Any]]
    rows: int
    ranges: Mapping[str, tuple[int, int]]
    encoding: str
    written: Mapping[str, Written]


def text_rows(path: Path, columns: Sequence[str], options: ReadOptions, roles: Roles) -> TextRows:
    """Read columns of a text file.

    Raises
    ------
    NotInBatchesError
        It is to be read at once.
    ReadError
        As where it is.
    """
    import pyarrow as pa

    layout = text_layout(path, options)
    texts, mark = set(options.text), "."
    while True:
        reading = _Reading(path, columns, options, roles, layout, frozenset(texts), mark)
        try:
            return reading.whole()
        except TextAfterAllError as error:
            texts |= set(error.args)
        except pa.ArrowInvalid as error:
            # Weights may have decimal commas, or no numbers.
            if mark == "," or not roles.weights:
                raise NotInBatchesError from error
            mark = ","
        except (UnicodeError, OSError) as error:
            raise NotInBatchesError from error


class _Reading:
    """One pass over a file."""

    def __init__(
        self,
        path: Path,
        columns: Sequence[str],
        options: ReadOptions,
        roles: Roles,
        layout: Layout,
        texts: frozenset[str],
        mark: str,
    ) -> None:
        self.path, self.options, self.layout, self.mark = path, options, layout, mark
        self.places = chosen_places(path, layout.names, list(columns))
        self.kinds: dict[str, Kind] = {}
        for name in (layout.names[place] for place in self.places):
            text = name in options.text
            if name in roles.ids:
                as_text = name in texts
                ids = TextIds(options.blanks, text=text) if as_text else WholeIds(options.blanks)
                self.kinds[name] = ids
            elif name in roles.weights - roles.values and not text:
                self.kinds[name] = Weights(options.blanks, mark, layout.delimiter)
            else:
                # A weight is a plain number.
                coded = name not in roles.weights
                self.kinds[name] = ValueTexts(
                    options.blanks, layout.delimiter, text=text, coded=coded
                )

    def _look(self, batch: Any) -> list[Any]:
        """Look at columns in the thread in which they were parted."""
        looked = []
        for (name, kind), column in zip(self.kinds.items(), batch.columns, strict=True):
            try:
                looked.append(kind.look(column))
            except TextAfterAllError:
                raise TextAfterAllError(name) from None
        return looked

    def whole(self) -> TextRows:
        """Read all rows."""
        spool, rows = Spool(self.path.name), 0
        types = zip(self.places, (kind.read_as for kind in self.kinds.values()), strict=True)
        pieces = Pieces(self.path, self.layout, self._look)
        blanks = ["", *self.options.blanks]
        for batch, looked in pieces.read(dict(types), null_values=blanks, decimal_point=self.mark):
            rows += batch.num_rows
            seen = zip(self.kinds.items(), batch.columns, looked, strict=True)
            spool.write({name: kind.keep(column, one) for (name, kind), column, one in seen})
        if not rows:
            raise NotInBatchesError
        written = {name: why for name, kind in self.kinds.items() if (why := kind.end())}
        for name, why in written.items():
            kind = self.kinds[name]
            if isinstance(kind, ValueTexts) and why != Written():
                written[name] = kind.typed(_counted(spool, name)) or why

        def read(names: Sequence[str]) -> Iterator[Any]:
            from pyarrow import record_batch

            for kept in spool.read(names):
                given = {name: self.kinds[name].give(column) for name, column in kept.items()}
                yield record_batch(given)

        return TextRows(
            types={name: kind.type for name, kind in self.kinds.items()},
            read=read,
            rows=rows,
            ranges={
                name: kind.range
                for name, kind in self.kinds.items()
                if isinstance(kind, WholeIds) and kind.range
            },
            encoding=self.layout.encoding,
            written=written,
        )


def _counted(spool: Spool, name: str) -> list[int]:
    counts = np.zeros(0, dtype=np.int64)
    for kept in spool.read([name]):
        found = np.bincount(kept[name].to_numpy(), minlength=len(counts))
        found[: len(counts)] += counts
        counts = found
    return counts.tolist()
