"""Columns as a design names them: one name for all waves, or a name by wave."""

from collections.abc import Hashable, Mapping

from opinionpanel.errors import DesignError, shown

# Strata, PSUs or populations; None where there are none.
UnitColumns = str | Mapping[str, str] | None

EXAMPLES = {"stratum": "region", "psu": "village", "fpc": "N", "weight": "wgt"}


def check_units(role: str, columns: object) -> None:
    """Refuse what names no column of strata, PSUs or populations."""
    if columns is None or _is_name(columns):
        return
    named = isinstance(columns, Mapping) and len(columns) > 0
    if named and all(map(_is_name, columns)) and all(map(_is_name, columns.values())):  # type: ignore[attr-defined, call-overload]
        return
    example = EXAMPLES[role]
    raise DesignError(
        f"{role} must be a column name, or a dict of column names by wave, not "
        f"{_given(columns)}. Write {role}={example!r}, or {role}={{'2016': '{example}16', '2020': "
        f"'{example}20'}}.{_hint(role, columns)}"
    )


def check_weights(columns: object) -> None:
    """Refuse what names no column of weights."""
    if columns is None or _is_name(columns):
        return
    if isinstance(columns, Mapping) and len(columns):
        if all(_is_place(key) and (one is None or _is_name(one)) for key, one in columns.items()):
            return
        if numbers := [key for key in columns if not _is_place(key)]:
            raise DesignError(
                f"The keys of weight are waves, named by text, or pairs (from wave, to wave), not "
                f"{shown(numbers[0])}. Write weight={{'2016': 'wgt16', ('2016', '2020'): 'long'}}."
            )
    raise DesignError(
        f"weight must be a column name, a dict of column names by wave, or None for no weights, "
        f"not {_given(columns)}. Write weight='wgt', or weight={{'2016': 'wgt16', '2020': "
        f"'wgt20'}}.{_hint('weight', columns)}"
    )


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_place(key: Hashable) -> bool:
    pair = isinstance(key, tuple) and len(key) == 2 and all(map(_is_name, key))
    return pair or _is_name(key)


def _given(columns: object) -> str:
    """Show what was given; of a dict, what is wrong in it."""
    if isinstance(columns, Mapping):
        wrong = [one for one in (*columns, *columns.values()) if not _is_name(one)]
        return f"a dict with {shown(wrong[0])}" if wrong else "an empty dict"
    return shown(columns)


def _hint(role: str, columns: object) -> str:
    if isinstance(columns, (list, tuple)):
        return " Several columns are put together in one first."
    if not isinstance(columns, (int, float)) or isinstance(columns, bool):
        return ""
    if role == "fpc":
        return " A number that holds for everyone stands in a column, too: frame.assign(N=…)."
    return " A column that is named by a number is renamed first."
