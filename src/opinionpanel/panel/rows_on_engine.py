"""Where the waves are: one lazy frame each, or one long frame; and what values occur in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from opinionpanel.engines import LazyTable, collected, is_lazy_frame, lazy_table, nw
from opinionpanel.errors import EngineError, ReadError, listing
from opinionpanel.panel.wave_order import check_roles, waves_of
from opinionpanel.waves import Wave, WaveLike, missing_ranges

# The place of a row's wave in the panel, in frames made here.
WAVE = "wave"
# Columns with more different values are no answers, groups or strata.
MOST_VALUES = 100_000

# The number of rows, beside columns of a file: a name that no file has.
TIMES = "opinionpanel_times"

# Wave to the values that occur in one or several columns, with the number of rows, `TIMES`.
Values = Mapping[str, pd.DataFrame]
# Columns of a wave that belong together.
Columns = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class EngineRows:
    """The waves of a panel on an engine.

    Attributes
    ----------
    waves : dict of str to LazyTable
        Of a long frame, the same for every wave.
    headers : dict of str to Wave
        What is said of their columns; the frames have these and no rows.
    position : narwhals.Expr or None
        Of a long frame, the place of each row's wave in `waves`; -1 for other waves.
    """

    waves: Mapping[str, LazyTable]
    headers: Mapping[str, Wave]
    position: nw.Expr | None = None

    @property
    def engine(self) -> str:
        """The engine's name."""
        return next(iter(self.waves.values())).engine

    def valid(self, column: str, wave: str) -> nw.Expr:
        """Return a column's values; null for a blank and for what the file declares missing."""
        table = self.waves[wave]
        values, text = table.values(column, wave), table.kind(column, wave) == "text"
        for low, high in missing_ranges(self.headers[wave].missing.get(column, ())):
            if isinstance(low, str) == text:
                values = nw.when((values < low) | (values > high)).then(values)
        return values

    def rows(
        self,
        columns: Mapping[str, Mapping[str, nw.Expr]],
        types: Mapping[str, Any],
        absent: Mapping[str, float | None] | None = None,
    ) -> nw.LazyFrame[Any]:
        """Bring the rows of all waves into one long frame.

        Parameters
        ----------
        columns : dict of str to dict of str to narwhals.Expr
            New column to wave to its values.
        types : dict of str to type
            New column to the type of its values.
        absent : dict of str to int or None, optional
            New column to its value at waves that it does not name; by default null.

        Returns
        -------
        narwhals.LazyFrame
            These columns, and "wave", the place of the wave.
        """
        names = list(self.waves)
        none = {name: nw.lit((absent or {}).get(name)) for name in columns}
        if self.position is not None:
            frame = next(iter(self.waves.values())).frame
            frame = frame.with_columns(**{WAVE: self.position.cast(nw.Int64())})
            frame = frame.filter(nw.col(WAVE) >= 0)
            made = {
                name: self._by_wave(values, none[name], types[name]).cast(types[name])
                for name, values in columns.items()
            }
            # Two steps: a column made here may have the name of one that another needs.
            return _only(frame, {WAVE: nw.col(WAVE), **made})
        parts = []
        for place, name in enumerate(names):
            made = {
                column: values.get(name, none[column]).cast(types[column])
                for column, values in columns.items()
            }
            position = nw.lit(place, nw.Int64())
            parts.append(_only(self.waves[name].frame, {WAVE: position, **made}))
        return nw.concat(parts) if len(parts) > 1 else parts[0]

    def _by_wave(self, values: Mapping[str, nw.Expr], none: nw.Expr, kind: Any) -> nw.Expr:
        """Take the values of each row's wave; what is the same at all waves is taken once."""
        names = list(self.waves)
        different: dict[int, list[int]] = {}
        for name, value in values.items():
            different.setdefault(id(value), []).append(names.index(name))
        by_id = {id(value): value for value in values.values()}
        if len(values) == len(names) and len(different) == 1:
            return next(iter(by_id.values()))
        found = none.cast(kind)
        for key, places in different.items():
            here = nw.col(WAVE).is_in(places)
            found = nw.when(here).then(by_id[key].cast(kind)).otherwise(found)
        return found

    def occurring(self, asked: Mapping[str, Sequence[Columns]]) -> Mapping[Columns, Values]:
        """Find the values that occur, with the number of rows, in as few passes as can be.

        Parameters
        ----------
        asked : dict of str to list of tuple of str
            Wave to columns, or columns that belong together.

        Returns
        -------
        dict
            The columns, to wave, to a frame of the values that occur, null for a blank, and
            `TIMES`.
        """
        found: dict[Columns, dict[str, pd.DataFrame]] = {}
        names = list(self.waves)
        # Wave and columns by the types of their values: those of one type are read together.
        alike: dict[tuple[str, ...], list[tuple[str, Columns]]] = {}
        for wave, wanted in asked.items():
            for columns in dict.fromkeys(wanted):
                kinds = tuple(self.waves[wave].kind(column, wave) for column in columns)
                alike.setdefault(kinds, []).append((wave, columns))
        for pairs in alike.values():
            places = list(dict.fromkeys(columns for _, columns in pairs))
            parts = [
                self._part(places.index(columns), columns, waves)
                for columns, waves in self._sets(pairs)
            ]
            frame = nw.concat(parts) if len(parts) > 1 else parts[0]
            keys = frame.collect_schema().names()
            counted = frame.group_by(*keys).agg(nw.len().alias("n")).head(MOST_VALUES + 1)
            rows = collected(counted)
            if len(rows) > MOST_VALUES:
                shown = listing(dict.fromkeys(name for columns in places for name in columns))
                raise EngineError(
                    f"Columns {shown} have more than {MOST_VALUES:,} different values, as ids and "
                    "open answers have. Name the question's or the group's column."
                )
            for wave, columns in pairs:
                here = rows[
                    (rows["place"] == places.index(columns)) & (rows[WAVE] == names.index(wave))
                ]
                values = here[[f"v{k}" for k in range(len(columns))]].set_axis(columns, axis=1)
                values = values.astype(object).where(values.notna(), None)
                values[TIMES] = here["n"].astype("int64")
                found.setdefault(columns, {})[wave] = values.reset_index(drop=True)
        return found

    def _sets(self, pairs: Iterable[tuple[str, Columns]]) -> list[tuple[Columns, list[str]]]:
        """Say which columns are read of which waves at a time: of a long frame, of all."""
        if self.position is None:
            return [(columns, [wave]) for wave, columns in pairs]
        waves: dict[Columns, list[str]] = {}
        for wave, columns in pairs:
            waves.setdefault(columns, []).append(wave)
        return list(waves.items())

    def _part(self, place: int, columns: Columns, waves: Sequence[str]) -> nw.LazyFrame[Any]:
        wave = self.waves[waves[0]]
        position = self.position
        if position is None:
            position = nw.lit(list(self.waves).index(waves[0]))
        made = {
            "place": nw.lit(place, nw.Int64()),
            WAVE: position.cast(nw.Int64()),
            **{f"v{k}": wave.values(column, waves[0]) for k, column in enumerate(columns)},
        }
        frame = _only(wave.frame, made)
        return frame if self.position is None else frame.filter(nw.col(WAVE) >= 0)


def _only(frame: nw.LazyFrame[Any], made: Mapping[str, nw.Expr]) -> nw.LazyFrame[Any]:
    """Make columns and keep nothing else, whatever names the frame had."""
    named = {f"opinionpanel_{place}": value for place, value in enumerate(made.values())}
    kept = [nw.col(new).alias(name) for new, name in zip(named, made, strict=True)]
    # In two steps: a selection of constants alone is a single row on some engines.
    return frame.with_columns(**named).select(*kept)


def is_lazy_wave(wave: WaveLike) -> bool:
    """Tell whether a wave is a lazy frame, or was read as one."""
    frame = wave.frame if isinstance(wave, Wave) else wave
    return not isinstance(frame, pd.DataFrame) and is_lazy_frame(frame)


def table_of(wave: WaveLike) -> LazyTable:
    """Take a lazy frame, or a wave that was read as one."""
    if isinstance(wave, Wave):
        return lazy_table(wave.frame, wave.where)
    return lazy_table(wave, Wave(pd.DataFrame()).where)


def header_of(wave: WaveLike, table: LazyTable) -> Wave:
    """Say of a lazy frame what its file says, with its columns and without its rows."""
    frame = pd.DataFrame({name: _empty(dtype) for name, dtype in table.schema.items()})
    return replace(wave, frame=frame) if isinstance(wave, Wave) else Wave(frame)


def _empty(dtype: Any) -> pd.Series:
    """Make a column without values; the order of known categories counts."""
    if isinstance(dtype, nw.Enum):
        return pd.Series([], dtype=pd.CategoricalDtype(list(dtype.categories), ordered=True))
    return pd.Series([], dtype=object)


def apart(waves: Mapping[str, WaveLike]) -> EngineRows:
    """Take one lazy frame for each wave."""
    names: list[object] = [name for name in waves if not isinstance(name, str)]
    if names:
        raise ReadError(f"Wave names must be text, got {names[0]!r}. Write {str(names[0])!r}.")
    here = [name for name, wave in waves.items() if not is_lazy_wave(wave)]
    lazy = {name: table_of(wave) for name, wave in waves.items() if name not in here}
    engines = dict.fromkeys(wave.engine for wave in lazy.values())
    if here or len(engines) > 1:
        where = " and ".join([*engines, *(["memory"] if here else [])])
        raise EngineError(
            f"The waves are on {where}: they link on one engine only. Give all of them to the "
            "same, or collect them."
        )
    headers = {name: header_of(wave, lazy[name]) for name, wave in waves.items()}
    return EngineRows(lazy, headers)


def no_count(count: str, engine: str) -> EngineError:
    """Refuse to make people of a table of frequencies on an engine."""
    return EngineError(
        f"count={count!r} makes people of rows, which {engine} is not asked to. Tables of "
        "frequencies are small: collect the frame first."
    )


def long(
    frame: WaveLike, ids: Sequence[str], wave: str, waves: Sequence[str] | None, count: str | None
) -> EngineRows:
    """Take one lazy frame with a row per person and wave."""
    whole = table_of(frame)
    header = header_of(frame, whole)
    if count is not None:
        raise no_count(count, whole.engine)
    check_roles(ids, wave)
    for name in (*ids, wave):
        header.column(name, "", purpose="from_long")
    values = _wave_values(whole, header, wave)
    rows = collected(
        _only(whole.frame, {"v": values}).group_by("v").agg(nw.len().alias("n"))
        .head(MOST_VALUES + 1)
    )  # fmt: skip
    counts = {
        None if pd.isna(value) else value: int(number)
        for value, number in zip(rows["v"].tolist(), rows["n"].tolist(), strict=True)
    }
    levels = getattr(header.frame[wave].dtype, "categories", None)
    labels = header.labels.get(wave)
    named = waves_of(counts, wave, levels=levels, labels=labels, waves=waves)
    # Every row is asked for its wave: comparing is quicker than looking up.
    position = nw.lit(-1, nw.Int64())
    for place, found in enumerate(named.values()):
        for value in found:
            position = nw.when(values == value).then(nw.lit(place, nw.Int64())).otherwise(position)
    return EngineRows(dict.fromkeys(named, whole), dict.fromkeys(named, header), position)


def _wave_values(whole: LazyTable, header: Wave, wave: str) -> nw.Expr:
    """Return the values of a column of waves, which may be dates."""
    if whole.schema[wave] in (nw.Date, nw.Datetime):
        return nw.col(wave)
    return EngineRows({"": whole}, {"": header}).valid(wave, "")
