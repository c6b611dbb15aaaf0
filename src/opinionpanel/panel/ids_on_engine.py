"""Person ids on an engine: one exact form for all waves, or a refusal that says why."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from opinionpanel.engines import Kind, collected, digits, is_letter, nw, of_kind, value_type
from opinionpanel.errors import EngineError, LinkError
from opinionpanel.panel.gathered_rows import as_number
from opinionpanel.panel.id_errors import lost_error, missing_error
from opinionpanel.panel.id_kinds import KINDS, OTHER, kind_notes
from opinionpanel.panel.ids import LOST_BY_NUMBERS, exact_texts, form, not_whole, whole_numbers
from opinionpanel.panel.linking import Person, complete_numbers, id_columns, numbered
from opinionpanel.panel.rows_on_engine import EngineRows

LOST = f"^(?:{LOST_BY_NUMBERS})$"
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

    def where(self, source: EngineRows, wave: str) -> str:
        """Name wave, file and column, for messages."""
        return f"{source.waves[wave].where(wave)}, column {self.columns[wave]!r}"

    @property
    def type(self) -> Any:
        """The type of the ids."""
        return value_type("text" if self.text else "whole")


def identify(source: EngineRows, person: Person, no_id: Sequence[Hashable] = ()) -> Identity:
    """Find the id columns, and write their values alike; null for those that stand for no id."""
    none = exact_texts(no_id)
    columns, kinds = {}, {}
    for wave, record in source.waves.items():
        named = id_columns(person, wave)
        for column in named:
            source.headers[wave].column(column, wave, purpose="person id")
        if len(named) > 1:
            raise EngineError(
                f"Wave {wave!r} has its ids in several columns, and {source.engine} joins people "
                "by one. Make one column of them, or take the waves into memory."
            )
        columns[wave] = named[0]
        wide = _is_wide(record.schema[named[0]])
        kinds[wave] = "text" if wide else record.kind(named[0], wave)
    text = "text" in kinds.values()
    parts: dict[str, dict[str, nw.Expr]] = {}
    made: dict[tuple[int, str], dict[str, nw.Expr]] = {}
    for wave, record in source.waves.items():
        # Rows of one long frame have one expression.
        place = (id(record), columns[wave])
        if place not in made:
            small = record.schema[columns[wave]] == nw.Float32
            values = record.values(columns[wave], wave)
            if _is_wide(record.schema[columns[wave]]):
                values = nw.col(columns[wave]).cast(nw.String())
            values = _without(values, kinds[wave], none)
            made[place] = _forms(values, kinds[wave], text, small=small)
            made[place] |= _kinds(made[place]["keys"]) if text else {}
        for part, expression in made[place].items():
            parts.setdefault(part, {})[wave] = expression
    return Identity(
        columns,
        parts["keys"],
        text,
        {name: parts[name] for name in ("missing", "broken", "lost", *(KINDS if text else ()))},
        {"low": parts["numbers"]},
        {"high": parts["numbers"], "length": parts["length"]},
    )


def _is_wide(dtype: Any) -> bool:
    """Tell whether whole numbers may be beyond those that engines count with.

    Their digits as text are exact.
    """
    return dtype in (nw.UInt64, nw.Int128, nw.UInt128)


def _without(values: nw.Expr, kind: Kind, texts: Set[str]) -> nw.Expr:
    """Leave a null where an id is one of those that stand for nobody."""
    known: list[Any] = sorted(texts) if kind == "text" else whole_numbers(texts)
    if kind == "float":
        known = [float(number) for number in known]
    return nw.when(~values.is_in(known)).then(values) if known else values


def _forms(values: nw.Expr, kind: Kind, text: bool, *, small: bool) -> dict[str, nw.Expr]:
    """Return ids in the form of all waves, what is wrong with them, and them as numbers.

    What cannot be a number becomes one that no numbering has: not every engine knows whole
    numbers that are null.
    """
    none = nw.lit(0)
    found = {"missing": as_number(values.is_null()), "broken": none, "lost": none, "length": none}
    if kind == "text":
        found["lost"] = as_number(values.str.contains(LOST).fill_null(False))
        plain = values
        for digit, same in digits().items():
            plain = plain.str.replace_all(f"[{same}]", digit)
        known = plain.str.contains(DIGITS).fill_null(False)
        numbers = nw.when(known).then(plain).otherwise(nw.lit("-1")).cast(nw.Int64())
        found["length"] = values.str.len_chars()
        return {**found, "keys": values, "numbers": numbers}
    if kind == "float":
        most = EXACT[small]
        whole = (values == values.floor()) & (values <= most) & (values >= -most)
        found["broken"] = as_number((~whole) & ~values.is_null())
        values = nw.when(whole).then(values).otherwise(nw.lit(-1.0)).cast(nw.Int64())
    return {**found, "keys": values.cast(nw.String()) if text else values, "numbers": values}


def _kinds(keys: nw.Expr) -> dict[str, nw.Expr]:
    """Tell of each id of which kind it is, as `id_kinds.kind` does; the rest are of other marks."""
    shape, left = shape_of(keys), nw.lit(True)
    found = {}
    for name, pattern in KINDS.items():
        fits = shape.str.contains(f"^(?:{pattern})$").fill_null(False)
        found[name] = as_number(fits & left)
        left = left & ~fits
    return found


def notes_on_kinds(identity: Identity, found: Mapping[str, Mapping[str, float]]) -> tuple[str, ...]:
    """Say which kinds of ids one wave alone has; numbers are all of one kind."""
    if not identity.text:
        return ()
    kinds = {}
    for wave, numbers in found.items():
        kinds[wave] = {name: int(numbers[name]) for name in KINDS}
        kinds[wave][OTHER] = int(numbers["rows"]) - sum(kinds[wave].values())
    return tuple(kind_notes(kinds))


def check_identity(
    identity: Identity, source: EngineRows, found: Mapping[str, Mapping[str, float]]
) -> tuple[str, ...]:
    """Refuse ids that are missing or cannot be compared; name waves that look numbered by row."""
    kinds = {source.waves[wave].kind(column, wave) for wave, column in identity.columns.items()}
    complete: dict[str, int] = {}
    for wave, numbers in found.items():
        where, rows = identity.where(source, wave), int(numbers["rows"])
        if not rows:
            raise LinkError(f"{where}: the wave has no rows. Leave it out of the panel.")
        if numbers["broken"]:
            way_out = source.headers[wave].as_text(identity.columns[wave])
            raise LinkError(f"{not_whole(where)}{way_out}")
        if numbers["missing"]:
            raise missing_error(where, int(numbers["missing"]), wave, identity.columns[wave])
        if len(kinds - {"text"}) and identity.text and numbers["lost"]:
            raise lost_error(where, int(numbers["lost"]), _lost_form(identity, source, wave))
        short = not identity.text or numbers["length"] <= len(str(rows))
        if short and complete_numbers(rows, numbers["low"], numbers["high"]):
            complete[wave] = rows
    return numbered(complete)


def shape_of(text: nw.Expr) -> nw.Expr:
    """Describe the shape of ids without showing them, as `ids.form` does."""
    digits = text.str.replace_all(f"[{of_kind(str.isdecimal)}]", "9")
    return digits.str.replace_all(f"[{of_kind(is_letter)}]", "a")


def _lost_form(identity: Identity, source: EngineRows, wave: str) -> str:
    """Describe one of the ids that are written as no number is."""
    rows = source.rows({"id": {wave: identity.keys[wave]}}, {"id": identity.type})
    one = collected(rows.filter(nw.col("id").str.contains(LOST)).select(nw.col("id").min()))
    return form(str(one.iloc[0, 0]))
