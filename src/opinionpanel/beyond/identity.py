"""Person ids on an engine: one exact form for all waves, or a refusal that says why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from opinionpanel.beyond.frames import Kind
from opinionpanel.beyond.passes import TYPES, as_number
from opinionpanel.beyond.sources import Source
from opinionpanel.errors import EngineError, LinkError
from opinionpanel.expressions import collected
from opinionpanel.ids import form, not_whole
from opinionpanel.linking import Person, complete_numbers, id_columns, lost_error, missing_error

__all__ = ["Identity", "check_identity", "identify"]

# Forms that a number does not keep, for text ids of one wave next to numbers of another.
LOST = r"^(0+[0-9]+|[0-9]+\.0+)$"
DIGITS = r"^[0-9]{1,15}$"
# The largest whole numbers that floats hold exactly, by the size of the type.
EXACT = {True: 2.0**24 - 1, False: 2.0**53 - 1}


@dataclass(frozen=True, eq=False)
class Identity:
    """The ids of all waves.

    Attributes
    ----------
    columns : dict of str to str
        Wave to id column.
    keys : dict of str to narwhals.Expr
        Wave to the id of each row, of one type in all waves; null for none.
    text : bool
        Ids are text.
    checks : dict of str to dict of str to narwhals.Expr
        What `check_identity` needs summed by wave.
    lows, highs : dict of str to dict of str to narwhals.Expr
        Of which it needs the extremes.
    """

    columns: Mapping[str, str]
    keys: Mapping[str, nw.Expr]
    text: bool
    checks: Mapping[str, Mapping[str, nw.Expr]]
    lows: Mapping[str, Mapping[str, nw.Expr]]
    highs: Mapping[str, Mapping[str, nw.Expr]]

    def where(self, source: Source, wave: str) -> str:
        """Name wave, file and column, for messages."""
        return f"{source.waves[wave].where(wave)}, column {self.columns[wave]!r}"

    @property
    def type(self) -> Any:
        """The type of the ids."""
        return TYPES["text" if self.text else "whole"]


def identify(source: Source, person: Person) -> Identity:
    """Find the id columns, and write their values alike."""
    columns, kinds = {}, {}
    for wave, record in source.waves.items():
        named = id_columns(person, wave)
        for column in named:
            record.wave.column(column, wave, purpose="person id")
        if len(named) > 1:
            raise EngineError(
                f"Wave {wave!r} has its ids in several columns, and {source.engine} joins people "
                "by one. Make one column of them, or take the waves into memory."
            )
        columns[wave] = named[0]
        kinds[wave] = record.kind(named[0], wave)
    text = "text" in kinds.values()
    keys, broken, lost, numbers, length = {}, {}, {}, {}, {}
    made: dict[tuple[int, str], tuple[nw.Expr, ...]] = {}
    for wave, record in source.waves.items():
        # Rows of one long frame have one expression.
        place = (id(record), columns[wave])
        if place not in made:
            dtype = record.schema[columns[wave]]
            values = record.values(columns[wave], wave)
            made[place] = _forms(values, kinds[wave], text, small=dtype == nw.Float32)
        keys[wave], broken[wave], lost[wave], numbers[wave], length[wave] = made[place]
    missing = {wave: _shared(made, "missing", key) for wave, key in keys.items()}
    return Identity(
        columns,
        keys,
        text,
        {"missing": missing, "broken": broken, "lost": lost},
        {"low": numbers},
        {"high": numbers, "length": length},
    )


def _shared(made: dict[Any, Any], what: str, key: nw.Expr) -> nw.Expr:
    """Make one expression for one id column."""
    found: nw.Expr = made.setdefault((what, id(key)), as_number(key.is_null()))
    return found


def _forms(values: nw.Expr, kind: Kind, text: bool, *, small: bool) -> tuple[nw.Expr, ...]:
    """Return ids in the form of all waves, what is wrong with them, and them as numbers."""
    none = nw.lit(0)
    if kind == "text":
        written = as_number(values.str.contains(LOST).fill_null(False))
        digits = nw.when(values.str.contains(DIGITS)).then(values).cast(nw.Int64())
        # A single id that is no number makes a wave's numbering incomplete.
        numbers = nw.when(values.str.contains(DIGITS)).then(digits).otherwise(nw.lit(-1))
        return values, none, written, numbers, values.str.len_chars()
    broken = none
    if kind == "float":
        whole = (values == values.floor()) & (values <= EXACT[small]) & (values >= -EXACT[small])
        broken = as_number((~whole).fill_null(False))
        values = nw.when(whole).then(values).cast(nw.Int64())
    return values.cast(nw.String()) if text else values, broken, none, values, none


def check_identity(
    identity: Identity, source: Source, found: Mapping[str, Mapping[str, float]]
) -> tuple[str, ...]:
    """Refuse ids that are missing or cannot be compared; name waves that look numbered by row."""
    kinds = {source.waves[wave].kind(column, wave) for wave, column in identity.columns.items()}
    complete: dict[str, int] = {}
    for wave, numbers in found.items():
        where, rows = identity.where(source, wave), int(numbers["rows"])
        if not rows:
            raise LinkError(f"{where}: the wave has no rows. Leave it out of the panel.")
        if numbers["broken"]:
            raise not_whole(where)
        if numbers["missing"]:
            raise missing_error(where, int(numbers["missing"]), wave, identity.columns[wave])
        if len(kinds - {"text"}) and identity.text and numbers["lost"]:
            raise lost_error(where, int(numbers["lost"]), _lost_form(identity, source, wave))
        short = not identity.text or numbers["length"] <= len(str(rows))
        if short and complete_numbers(rows, numbers["low"], numbers["high"]):
            complete[wave] = rows
    return tuple(complete) if len(set(complete.values())) > 1 else ()


def _lost_form(identity: Identity, source: Source, wave: str) -> str:
    """Describe one of the ids that are written as no number is."""
    rows = source.rows({"id": {wave: identity.keys[wave]}}, {"id": identity.type})
    one = collected(rows.filter(nw.col("id").str.contains(LOST)).select(nw.col("id").min()))
    return form(str(one.iloc[0, 0]))
