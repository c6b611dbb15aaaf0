"""One lazy frame with a row per person, as the rows of each wave on its engine."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from opinionpanel.engines import LazyTable, collected, nw
from opinionpanel.errors import EngineError
from opinionpanel.panel.declared import Interviewed
from opinionpanel.panel.duplicates_on_engine import stands_for_nobody
from opinionpanel.panel.gathered_rows import as_number
from opinionpanel.panel.ids import exact_texts
from opinionpanel.panel.ids_on_engine import identify
from opinionpanel.panel.linking import Duplicates
from opinionpanel.panel.rows_on_engine import EngineRows, header_of, no_count, table_of
from opinionpanel.panel.wide_rows import (
    check_columns,
    check_ids,
    columns_by_wave,
    items_at,
    refuse_count_of_ids,
    telling_columns,
)
from opinionpanel.questions import Questions
from opinionpanel.waves import WaveLike

# Names that no file has, for columns that are made beside those of a frame.
ID, ROWS, HERE = "opinionpanel_id", "opinionpanel_rows", "opinionpanel_here"


@dataclass(frozen=True, eq=False)
class WideRows:
    """A frame with a row per person on an engine, parted by wave.

    Attributes
    ----------
    waves : EngineRows
        The people who may have been interviewed at each wave.
    person : str
    items : dict of str to Item
        At these waves.
    """

    waves: EngineRows
    person: str
    items: Questions


def wide_rows(
    frame: WaveLike,
    person: str | None,
    items: Questions,
    *,
    waves: Sequence[str] | None = None,
    count: str | None = None,
    duplicates: Duplicates = "error",
    no_id: Sequence[Hashable] = (),
    interviewed: Interviewed = None,
) -> WideRows:
    """Take one lazy frame with a row per person."""
    asked = columns_by_wave(items, waves)
    whole = table_of(frame)
    header = header_of(frame, whole)
    if count is not None:
        refuse_count_of_ids(count, person)
        raise no_count(count, whole.engine)
    if person is None:
        raise EngineError(
            f"Rows have no number on {whole.engine}: name a column of ids in person=, or collect "
            "the frame first."
        )
    check_columns(header, asked)
    telling = telling_columns(asked, interviewed)
    frames = _people_at(whole, telling)
    if _doubled_ids(whole, header, person, duplicates, no_id):
        frames = _people_by_id(whole, telling, person)
    parts = {wave: replace(whole, frame=part) for wave, part in frames.items()}
    rows = EngineRows(parts, dict.fromkeys(parts, header))
    return WideRows(rows, person, items_at(items, list(asked)))


def _given(whole: LazyTable, columns: Sequence[str], wave: str) -> nw.Expr:
    """Tell which rows hold any answer."""
    return reduce(or_, (~whole.values(column, wave).is_null() for column in columns))


def _people_at(
    whole: LazyTable, telling: Mapping[str, Sequence[str]]
) -> dict[str, nw.LazyFrame[Any]]:
    """Take the people with an answer in any of the columns, everyone where none tells."""
    return {
        wave: whole.frame.filter(_given(whole, columns, wave)) if columns else whole.frame
        for wave, columns in telling.items()
    }


def _people_by_id(
    whole: LazyTable, telling: Mapping[str, Sequence[str]], person: str
) -> dict[str, nw.LazyFrame[Any]]:
    """Take all rows of an id of which any is here: nobody can tell which of them is right."""
    here = {
        f"{HERE}_{place}": as_number(_given(whole, columns, wave)) if columns else nw.lit(1)
        for place, (wave, columns) in enumerate(telling.items())
    }
    keyed = whole.frame.with_columns(**{ID: whole.values(person, "")}, **here)
    found = keyed.group_by(ID).agg(*(nw.col(name).max() for name in here))
    rest = whole.frame.with_columns(**{ID: whole.values(person, "")})
    both = rest.join(found, on=ID, how="left")
    return {
        wave: both.filter(nw.col(f"{HERE}_{place}") == 1).drop(ID, *here)
        for place, wave in enumerate(telling)
    }


def _doubled_ids(
    whole: LazyTable, header: Any, person: str, duplicates: Duplicates, no_id: Sequence[Hashable]
) -> bool:
    """Tell whether ids stand in several rows; refuse rows without one, which nobody can number."""
    source = EngineRows({"": whole}, {"": header})
    identity = identify(source, person)
    where = identity.where(source, "")
    keyed = source.rows(
        {"person": identity.keys, "gap": identity.checks["missing"]},
        {"person": identity.type, "gap": nw.Int64()},
    )
    counted = keyed.group_by("person", "gap").agg(nw.len().alias(ROWS))
    text = nw.col("person").cast(nw.String())
    several = nw.col(ROWS) > 1
    none = text.is_in(sorted(exact_texts(no_id))) if no_id else nw.lit(False)
    nobody = (nw.col("gap") == 1) | none | (several & stands_for_nobody(text, nw.col(ROWS)))
    kinds = counted.with_columns(
        nobody=as_number(nobody.fill_null(True)), several=as_number(several), one=nw.lit(1)
    )
    rows = collected(
        kinds.filter((nw.col("nobody") == 1) | (nw.col("several") == 1))
        .group_by("nobody")
        .agg(nw.col("one").sum(), nw.col(ROWS).sum())
    )
    found = {int(nobody): (int(ids), int(n)) for nobody, ids, n in rows.to_numpy().tolist()}
    if 1 in found:
        raise EngineError(
            f"{where}: {found[1][1]} row(s) have no id, or a value that stands for none, "
            f"and rows have no number on {whole.engine}. Give each of these rows an id of its own, "
            "or collect the frame first: in memory they are people of their own."
        )
    if 0 in found:
        ids, number = found[0]
        check_ids(where, person, duplicates, nobody=0, rows=number, ids=ids)
    return 0 in found
