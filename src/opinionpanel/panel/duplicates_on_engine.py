"""From the waves on an engine to one row per person: duplicates, overlap, and ids' writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from opinionpanel.engines import EngineColumn, collected, is_letter, nw, of_kind
from opinionpanel.panel.gathered_rows import Variable, as_number
from opinionpanel.panel.id_errors import Doubled, apart_error, doubled_error, dropped_note
from opinionpanel.panel.ids import BELOW_ZERO, CODES_FOR_NOBODY, NO_ID, PLACEHOLDER_ROWS
from opinionpanel.panel.ids_on_engine import Identity, shape_of
from opinionpanel.panel.rows_on_engine import WAVE, EngineRows
from opinionpanel.waves import Written

# Different forms of ids that come back to be counted.
MOST_SHAPES = 10_000


@dataclass(frozen=True, eq=False)
class Dropped:
    """People whose rows were dropped, as they stand in several of a wave.

    Attributes
    ----------
    people : narwhals.LazyFrame
        "person" and "wave", the wave's place.
    notes : tuple of str
    """

    people: nw.LazyFrame[Any]
    notes: tuple[str, ...]


def _keyed(source: EngineRows, identity: Identity) -> nw.LazyFrame[Any]:
    return source.rows({"person": identity.keys}, {"person": identity.type})


def _doubled(source: EngineRows, identity: Identity) -> nw.LazyFrame[Any]:
    """Find the ids that stand in several rows of a wave, and in how many, "n"."""
    rows = _keyed(source, identity).group_by("person", WAVE).agg(nw.len().alias("n"))
    nobody = as_number(stands_for_nobody(nw.col("person").cast(nw.String()), nw.col("n")))
    return rows.filter(nw.col("n") > 1).with_columns(n=nw.col("n").cast(nw.Int64()), nobody=nobody)


def stands_for_nobody(text: nw.Expr, rows: nw.Expr) -> nw.Expr:
    """Tell what `ids.is_placeholder` tells."""
    letters, digits = of_kind(is_letter), of_kind(str.isdecimal)
    code = text.str.contains(f"^(?:{CODES_FOR_NOBODY})$")
    return (
        text.str.to_lowercase().is_in(sorted(NO_ID))
        | ~text.str.contains(f"[{letters}{digits}]")
        | text.str.contains("^0*$")
        | ((rows >= PLACEHOLDER_ROWS) & code)
        | ((rows > 1) & text.str.contains(f"^{BELOW_ZERO}$"))
    )


def refuse_doubled(source: EngineRows, identity: Identity) -> None:
    """Refuse ids that stand in several rows, naming the first wave that has some."""
    doubled = _doubled(source, identity)
    nobody = nw.col("nobody")
    counted = doubled.with_columns(
        one=1 - nobody,
        rows=nw.col("n") * (1 - nobody),
        nobody_rows=nw.col("n") * nobody,
    )
    sums = [nw.col(name).sum() for name in ("one", "nobody", "rows", "nobody_rows")]
    asked = counted.with_columns(most=nw.col("rows")).group_by(WAVE)
    rows = collected(asked.agg(*sums, nw.col("most").max())).set_index(WAVE)
    place = int(rows.index.min())
    told: dict[Any, Any] = rows.loc[place].to_dict()
    found = {name: int(number) for name, number in told.items()}
    # The message names the least of those that stand for nobody.
    unnamed = doubled.filter((nw.col(WAVE) == place) & (nobody == 1))
    least = collected(unnamed.select(nw.col("person").min())).iloc[0, 0] if found["nobody"] else ""
    wave = list(source.waves)[place]
    raise doubled_error(
        identity.where(source, wave),
        wave,
        identity.columns[wave],
        Doubled(
            rows=found["rows"],
            ids=found["one"],
            most=found["most"],
            nobody_rows=found["nobody_rows"],
            nobody_ids=found["nobody"],
            nobody=str(least),
        ),
        source.headers[wave].written.get(identity.columns[wave], Written()).sentence,
    )


def drop_doubled(source: EngineRows, identity: Identity) -> tuple[EngineRows, Dropped | None]:
    """Leave out all rows of ids that stand in several of a wave; also who they are."""
    doubled = _doubled(source, identity)
    counted = doubled.with_columns(one=nw.lit(1), rows=nw.col("n") * nw.col("nobody"))
    counts = collected(
        counted.group_by(WAVE).agg(nw.col("one").sum(), nw.col("n").sum(), nw.col("rows").sum())
    ).set_index(WAVE).sort_index()  # fmt: skip
    if not len(counts):
        return source, None
    names = list(source.waves)
    notes = tuple(
        dropped_note(names[int(place)], *(int(row[part]) for part in ("n", "one", "rows")))
        for place, row in zip(counts.index, counts.to_dict("records"), strict=True)
    )
    found = doubled.select("person", WAVE)
    people = doubled.filter(nw.col("nobody") == 0).select("person", WAVE)
    return _without(source, identity, found), Dropped(people, notes)


def _without(source: EngineRows, identity: Identity, doubled: nw.LazyFrame[Any]) -> EngineRows:
    """Leave rows out of the frames of a source."""
    person, wave = "opinionpanel_person", "opinionpanel_wave"
    doubled = doubled.rename({"person": person, WAVE: wave})
    waves = {}
    made: dict[int, Any] = {}
    for place, (name, record) in enumerate(source.waves.items()):
        if id(record) not in made:
            position = source.position
            if position is None:
                position = nw.lit(place)
            keyed = {person: identity.keys[name], wave: position.cast(nw.Int64())}
            left = record.frame.with_columns(**keyed)
            left = left.join(doubled, on=[person, wave], how="anti").drop(person, wave)
            made[id(record)] = replace(record, frame=left)
        waves[name] = made[id(record)]
    return replace(source, waves=waves)


def all_rows(
    source: EngineRows, identity: Identity, variables: Sequence[Variable], dropped: Dropped | None
) -> nw.LazyFrame[Any]:
    """Bring the values of all waves' rows into one frame, dropped ones as people without any."""
    types = {variable.name: variable.type for variable in variables}
    columns: dict[str, Mapping[str, nw.Expr]] = {
        variable.name: variable.values for variable in variables
    }
    rows = source.rows(
        {"person": identity.keys, **columns},
        {"person": identity.type, **types},
        {variable.name: variable.absent for variable in variables},
    )
    if dropped is None:
        return rows
    names = list(source.waves)
    made = {}
    for variable in variables:
        value = nw.lit(variable.absent).cast(variable.type)
        for wave, code in variable.dropped.items():
            here = nw.col(WAVE) == names.index(wave)
            value = nw.when(here).then(nw.lit(code, variable.type)).otherwise(value)
        made[variable.name] = value
    order = [WAVE, "person", *types]
    return nw.concat([rows, dropped.people.with_columns(**made).select(*order)])


def refuse_apart(
    source: EngineRows,
    identity: Identity,
    present: Sequence[EngineColumn],
    shared: Mapping[str, int],
) -> None:
    """Refuse a wave whose people are in no other; `shared` counts who is."""
    for wave, number in shared.items():
        if len(present) > 1 and not number:
            shapes = "; ".join(f"{name}: {_shape(source, identity, name)}" for name in source.waves)
            raise apart_error(wave, shapes)


def _shape(source: EngineRows, identity: Identity, wave: str) -> str:
    """Describe the most frequent form of the ids of a wave, as `ids.forms` does."""
    column = identity.columns[wave]
    if not identity.text:
        return f"numbers in column {column!r}"
    rows = source.rows({"person": {wave: identity.keys[wave]}}, {"person": identity.type})
    shape = shape_of(nw.col("person"))
    counted = rows.with_columns(shape=shape).filter(~nw.col("shape").is_null())
    shapes = collected(counted.group_by("shape").agg(nw.len().alias("n")).head(MOST_SHAPES))
    best = shapes.sort_values(["n", "shape"], ascending=[False, True])["shape"].iloc[0]
    return f"text of the form {best!r} in column {column!r}"
