"""Which rows of a wave are no interviews, as its columns say.

Rows are people, or the values that occur, each with how many people have it.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence

from opinionpanel.arrays import Integers
from opinionpanel.errors import ItemError, count_people, near, placed
from opinionpanel.questions.answers import read_column
from opinionpanel.questions.item import Item
from opinionpanel.questions.item_columns import ItemColumn
from opinionpanel.questions.naming import TAG, looks_open, others_text
from opinionpanel.questions.status import Status
from opinionpanel.waves import Wave, canonical, code_order, code_text, folded

# Wave and column, to its values and how many people have each; None for one.
Values = Mapping[tuple[str, str], tuple[Wave, Integers | None]]

STATUS = "interviewed"


def read_status(status: Status, values: Values) -> list[ItemColumn]:
    """Read the columns that say who was interviewed: rows in their only state were.

    Raises
    ------
    ItemError
        A code that occurs at no wave, or that has another label at another.
    """
    item = Item(status.column, {"interviewed": list(status.interviewed)}, rest="missing")
    columns = _read(item, STATUS, values)
    _check_known(status.interviewed, STATUS, columns)
    _check_labels(status.interviewed, columns)
    return columns


def read_silence(item: Item, name: str, values: Values) -> list[ItemColumn]:
    """Read the columns of an item with `no_interview`.

    Raises
    ------
    ItemError
        A label that occurs at no wave.
    """
    try:
        columns = _read(item, f"item {name!r}", values)
        labels = [code for code in item.no_interview if isinstance(canonical(code), str)]
        _check_known(labels, "no_interview", columns)
    except ItemError as error:
        raise ItemError(*placed(f"Item {name!r}", error)) from None
    return columns


def check_silence(item: Item, name: str, values: Values, why: Mapping[str, str]) -> None:
    """Refuse answers in rows that are no interviews; `why` says by wave what tells so."""
    for column in _read(item, f"item {name!r}", values):
        answered = column.codes.among(column.states >= 0).people
        if people := sum(answered.values()):
            codes = "different answers"
            if not looks_open(answered):
                named = {code: answered[code] for code in answered if code in column.nameable}
                texts = [f"{column.code_text(code)} ({count:,})" for code, count in named.items()]
                others = others_text(n for code, n in answered.items() if code not in named)
                codes = ", ".join([*texts, others] if others else texts)
            raise ItemError(
                f"Item {name!r}: Wave {column.wave!r} ({column.where}), column {column.name!r}: "
                f"{count_people(people)} had no interview by {why[column.wave]}, and have an "
                f"answer here: {codes}. Add these codes to no_interview of this item if they say "
                "the same; otherwise take the other's out of its no_interview."
            )


def _read(item: Item, purpose: str, values: Values) -> list[ItemColumn]:
    return [
        read_column(item, purpose, wave, column, record, times)
        for (wave, column), (record, times) in values.items()
    ]


def _check_known(codes: Iterable[Hashable], what: str, columns: Sequence[ItemColumn]) -> None:
    """Refuse a code or label that no wave has: most likely a slip."""
    seen: Counter[object] = Counter()
    for column in columns:
        seen.update(column.codes.people)
    labels = {code: text for column in columns for code, text in column.labels.items()}
    may_name = {code for column in columns for code in column.nameable}
    known = {*seen, *labels, *map(canonical, labels.values())}
    for code in codes if columns else ():
        key = canonical(code)
        if key is None or key in known or (isinstance(key, str) and TAG.fullmatch(key)):
            continue
        if same := [other for other in known if str(other) == str(key)]:
            kind = "numbers" if isinstance(key, str) else "text"
            raise ItemError(
                f"{what}: the codes are {kind} here, and {code!r} is none. Write {same[0]!r}."
            )
        # Values that look like ids or open answers are not shown.
        values = [] if looks_open(seen) else sorted(seen.keys() & may_name, key=code_order)
        shown = [text for column in columns for text in column.shown_labels.values()]
        names = list(dict.fromkeys([*shown, *values]))
        raise ItemError(
            f"{what}: the code or label {code!r} occurs at no wave.{near(str(code), names)}"
        )


def _check_labels(codes: Iterable[Hashable], columns: Sequence[ItemColumn]) -> None:
    """Refuse a code that means something else at another wave, as far as labels tell."""
    for code in map(canonical, codes):
        told = [column for column in columns if code in column.labels]
        for column in told:
            if folded(column.labels[code]) != folded(told[0].labels[code]):
                raise ItemError(
                    f"{STATUS}: code {code_text(code)} is {told[0].label_text(code)} at wave "
                    f"{told[0].wave!r} and {column.label_text(code)} at wave {column.wave!r}. Name "
                    "labels instead of codes: those that mean an interview at any wave."
                )
