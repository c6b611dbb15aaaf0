"""Whatever users give as waves: frames in memory, sources read in batches, rows on an engine.

What reads in batches is loaded where something is: most panels are of frames and small files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from opinionpanel.design import matching
from opinionpanel.panel.batches import Batches, stream_of
from opinionpanel.panel.columns_to_read import mentioned
from opinionpanel.panel.declared import Declared
from opinionpanel.panel.linking import Person, all_id_columns, id_columns
from opinionpanel.panel.long_and_wide import WideParts, long_parts, wide_parts
from opinionpanel.panel.other_people import check_declared, no_engine
from opinionpanel.panel.rows_on_engine import EngineRows, apart, is_lazy_wave, long, table_of
from opinionpanel.panel.wide_on_engine import WideRows, wide_rows
from opinionpanel.questions import Questions
from opinionpanel.waves import Wave, WaveLike, as_wave

if TYPE_CHECKING:
    from opinionpanel.panel.streamed_rows import StreamedRows

    Waves = Mapping[str, WaveLike] | EngineRows | StreamedRows


def take_waves(waves: Mapping[str, WaveLike], declared: Declared) -> Waves:
    """Take a frame or a source for each wave."""
    check_declared(declared)
    found = {name: stream_of(wave, name) for name, wave in waves.items()}
    streams = {name: batches for name, batches in found.items() if batches is not None}
    elsewhere = any(is_lazy_wave(wave) for name, wave in waves.items() if name not in streams)
    if elsewhere:
        rows = apart(waves)
        if declared.person is None:
            raise no_engine(rows.engine)
        return rows
    if not streams:
        return waves
    if len(streams) == len(waves) and _one_id(declared.person, waves):
        from opinionpanel.panel.streamed_rows import streams_of

        return streams_of(streams, waves)
    # What does not come in batches alone is linked in memory.
    columns = mentioned(declared)
    return {
        name: _whole(streams[name], wave, columns) if name in streams else wave
        for name, wave in waves.items()
    }


def take_long(
    frame: WaveLike,
    wave: str,
    waves: Sequence[str] | None,
    count: str | None,
    declared: Declared,
) -> Waves:
    """Take one frame or source with a row per person and wave."""
    check_declared(declared)
    ids = [] if declared.person is None else all_id_columns(declared.person)
    batches = stream_of(frame)
    if batches is None:
        if is_lazy_wave(frame):
            if declared.person is None:
                raise no_engine(table_of(frame).engine)
            return long(frame, ids, wave, waves, count)
        return long_parts(as_wave("", frame), declared.person, wave, waves, count)
    if count is None and len(ids) == 1:
        from opinionpanel.panel.streamed_rows import long_stream

        return long_stream(batches, frame, ids, wave, waves)
    whole = _whole(batches, frame, [wave, count, *mentioned(declared)])
    return long_parts(whole, declared.person, wave, waves, count)


def take_wide(
    frame: WaveLike,
    person: str | None,
    items: Questions,
    columns: Sequence[str | None],
    **options: Any,
) -> WideParts | WideRows:
    """Take one frame or source with a row per person; `columns` are all that are named."""
    batches = stream_of(frame)
    if batches is not None:
        # A row for each person is no more than memory holds of them later.
        frame = _whole(batches, frame, columns)
    elif is_lazy_wave(frame):
        return wide_rows(frame, person, items, **options)
    return wide_parts(as_wave("", frame), person, items, **options)


def _one_id(person: Person | None, waves: Iterable[str]) -> bool:
    return person is not None and all(len(id_columns(person, wave)) == 1 for wave in waves)


def _whole(batches: Batches, wave: WaveLike, columns: Sequence[str | None]) -> Wave:
    """Take the columns that are named, replicate weights as patterns, into memory."""
    from opinionpanel.panel.streamed_rows import collected

    names = [name for one in columns if one for name in matching(one, batches.types)]
    return collected(batches, wave, names)
