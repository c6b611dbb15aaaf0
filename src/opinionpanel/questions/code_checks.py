"""Whether an item's codes fit its columns, and mean the same from wave to wave."""

from collections.abc import Sequence

from opinionpanel.errors import ItemError, listing, unknown
from opinionpanel.questions.item import Item
from opinionpanel.questions.item_columns import (
    ItemColumn,
    as_number,
    codes_of,
    other_type,
    own_mapping,
    place_of,
    says_itself,
)
from opinionpanel.questions.left_out import check_left_out
from opinionpanel.questions.naming import TAG, looks_open, where_shown
from opinionpanel.questions.question import NOT_ASKED
from opinionpanel.questions.recoding import check_recoding
from opinionpanel.waves import canonical, code_text, folded


def check_coding(item: Item, columns: Sequence[ItemColumn]) -> list[str]:
    """Refuse codes that are mapped nowhere, or whose meaning changes between columns.

    The checks that explain most come first: a code without a state often is a label that was
    renamed, or a recoding. Returns what could not be decided, as notes.
    """
    _check_labels(item, columns)
    _check_stored(columns)
    _check_texts(item, columns)
    notes = check_left_out(item, columns) if item.rest == "missing" else []
    if not item.by_wave:
        notes += check_recoding(item, columns)
    _check_mapped(item, columns)
    return notes


def _check_labels(item: Item, columns: Sequence[ItemColumn]) -> None:
    """Refuse a code that has another label in another column.

    Codes reached by their label are looked up anew at every wave; only those that the item
    names as codes can change their meaning unseen.
    """
    first: dict[tuple[str, object], ItemColumn] = {}
    for column in columns:
        different: dict[str, list[str]] = {}
        for code in codes_of(item, column.wave):
            label = column.labels.get(code)
            if label is None:
                continue
            # Where each wave has its own codes, only the columns of one wave share a mapping.
            other = first.setdefault((column.wave if item.by_wave else "", code), column)
            if folded(other.labels[code]) != folded(label):
                different.setdefault(place_of(other), []).append(
                    f"{code_text(code)} is {other.label_text(code)} there and "
                    f"{column.label_text(code)} here"
                )
        for place, texts in different.items():
            raise ItemError(
                f"Codes have other labels in another column. {place}, compared with "
                f"{place_of(column)}: {'; '.join(texts[:12])}. {own_mapping(item, columns)}, also "
                "where both labels mean the same; or map by label instead of by code."
            )


def _check_stored(columns: Sequence[ItemColumn]) -> None:
    """Refuse numbers that a file has as text, where it is known why."""
    for column in columns:
        if column.written.why and other_type(column, column.unmapped):
            raise ItemError(
                f"{place_of(column)}: the answers are stored as text, so that no code is "
                f"found among them. {column.written.sentence}"
            )


def _check_texts(item: Item, columns: Sequence[ItemColumn]) -> None:
    """Refuse a label in the states that the columns do not have: most likely a slip."""
    for wave in dict.fromkeys(column.wave for column in columns) if item.by_wave else [None]:
        here = [column for column in columns if wave in (None, column.wave)]
        if not here:
            continue
        labels = dict.fromkeys(
            text
            for column in here
            for text in map(canonical, column.labels.values())
            if isinstance(text, str)
        )
        names = item.codes_at(here[0].wave)
        for text in (canonical(code) for state in item.state_names for code in names[state]):
            if not isinstance(text, str) or text in labels or TAG.fullmatch(text):
                continue
            if any(_holds(column, text) for column in here):
                continue
            place = f"{place_of(here[0])}{' and others' if len(here) > 1 else ''}"
            if any(as_number(text) in column.labels for column in here):
                raise ItemError(
                    f"{place}: {text!r} is a code, not a label. Codes that are numbers stand "
                    f"without quotes: write {code_text(as_number(text))}."
                )
            if labels:
                shown = (map(canonical, column.shown_labels.values()) for column in here)
                known = dict.fromkeys(text for texts in shown for text in texts if text)
                raise ItemError(f"{place}: {unknown('label', text, known)}")


def _check_mapped(item: Item, columns: Sequence[ItemColumn]) -> None:
    """Refuse codes without a state; with ``rest="missing"`` only where no code has one."""
    faults = []
    for wave in dict.fromkeys(column.wave for column in columns):
        here = [column for column in columns if column.wave == wave]
        left = [column for column in here if column.unmapped]
        if left and (item.rest is None or not any(_mapped(column) for column in here)):
            faults += [_unmapped_text(item, column) for column in left]
    if faults:
        raise ItemError(*faults)


def _holds(column: ItemColumn, text: str) -> bool:
    """Tell whether a text is among a column's values, or its categories, chosen or not."""
    keys = column.codes.keys
    return not isinstance(keys, range) and text in keys


def _mapped(column: ItemColumn) -> bool:
    """Tell whether any answer has a meaning."""
    return bool(((column.states >= 0) | (column.states == NOT_ASKED)).any())


def _unmapped_text(item: Item, column: ItemColumn) -> str:
    unmapped = column.unmapped
    if looks_open(unmapped):
        # Most likely ids or free text, which no message may show.
        return (
            f"{place_of(column)}: {len(unmapped)} different values are mapped to no state. This "
            "looks like an id or an open answer; name the question's column."
        )
    found = "; ".join(column.counted(unmapped))
    states = f"the states {listing(item.state_names)}"
    if as_other := other_type(column, unmapped):
        way_out = as_other
    elif item.takes_several:
        way_out = (
            "No answer at all is named in selected= or unselected=: mend their codes or labels."
            if item.rest == "missing"
            else "Add each code to selected=, to unselected=, to not_asked=, or set rest='missing' "
            "for no answer."
        )
    elif item.rest == "missing":
        way_out = f"No answer at all is mapped to {states}: mend their codes or labels."
    else:
        elsewhere = "to not_asked for people who were not asked, " if item.has_not_asked else ""
        way_out = (
            f"Add each code to one of {states}, {elsewhere}or set rest='missing' for "
            f"{item.nothing}."
        )
    if spelt := _other_spellings(item, column):
        way_out = f"{spelt}: write it as the data do, or mend the data. {way_out}"
    if any(code in column.written.words for code in unmapped):
        way_out += f" {column.written.sentence}"
    if not unmapped.keys() <= column.nameable:
        way_out += f" {where_shown(column.name)}."
    codes = "1 answer code is" if len(unmapped) == 1 else f"{len(unmapped)} answer codes are"
    return f"{place_of(column)}: {codes} mapped to no state: {found}. {way_out}"


def _other_spellings(item: Item, column: ItemColumn) -> str:
    """Say which codes without a state only differ in spelling from what a state names."""
    texts = [code for code in codes_of(item, column.wave) if says_itself(code)]
    named = {folded(text): text for text in texts}
    found = [
        f"{column.text(code)!r} is {named[text]!r} in another spelling"
        for code in column.unmapped
        if (text := folded(column.text(code))) in named
    ]
    return "; ".join(found)
