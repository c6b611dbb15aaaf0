"""Whether an item's codes fit its columns, and mean the same from wave to wave."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from opinionpanel.arrays import SmallIntegers
from opinionpanel.errors import ItemError, count_people, listing, unknown
from opinionpanel.questions.item import NO_ANSWER, NOT_ASKED, Item
from opinionpanel.waves import Codes, canonical, code_order, code_text, declared_missing, folded

# A blank gives way to whatever else coalesced columns say: below the other codes.
BLANK = min(NO_ANSWER, NOT_ASKED) - 1

MANY_CODES = 50
# Few people can give more different values than this only if it is no question with answer codes.
FEW_CODES = 12

# When a code counts as used at a wave, and when its absence cannot be chance: 10 expected
# answers fail to occur once in some 20,000 waves.
LEAST_PEOPLE, LEAST_SHARE, LEAST_EXPECTED = 5, 0.01, 10
LEAST_ANSWERS = 50

# How alike a label and a value must be for one to be a slip of the other.
ALIKE = 0.85
TAG = re.compile(r"\.?[A-Za-z_]")


@dataclass(frozen=True)
class ItemColumn:
    """A column that holds an item's answers at a wave, and what its codes mean.

    Attributes
    ----------
    wave, name, where : str
        The wave, the column and the file.
    codes : Codes
    labels : dict
        Canonical code to text.
    missing : sequence
        The codes and ranges that the file declares missing.
    meanings : dict
        Canonical code to the position of a state, or to ``NOT_ASKED``.
    states : numpy.ndarray of int8
        Each person's state; ``NOT_ASKED``, `BLANK`, or ``NO_ANSWER`` for codes without meaning.
    """

    wave: str
    name: str
    where: str
    codes: Codes
    labels: Mapping[object, str]
    missing: Sequence[Any]
    meanings: Mapping[object, int]
    states: SmallIntegers

    @cached_property
    def unmapped(self) -> dict[object, int]:
        """The codes that mean nothing here, with the number of people, in order."""
        # Counting takes longer than looking up, and most columns have no such code.
        if not (self.states == NO_ANSWER).any():
            return {}
        people = self.codes.people
        left = [code for code in people if code is not None and code not in self.meanings]
        return {code: people[code] for code in sorted(left, key=code_order)}

    @property
    def of_texts(self) -> bool:
        """Whether the answers are texts, which say what they mean."""
        keys = self.codes.keys
        # Blank text is a blank.
        return not isinstance(keys, range) and all(
            isinstance(key, str) for key in keys if key is not None
        )

    def code_text(self, code: object) -> str:
        """Show a code with its label."""
        label = self.labels.get(code)
        return code_text(code) if label is None else f"{code_text(code)} {label!r}"


def check_coding(item: Item, columns: Sequence[ItemColumn]) -> list[str]:
    """Refuse codes that are mapped nowhere, or whose meaning changes between columns.

    The checks that explain most come first: a code without a state often is a recoding. Returns
    what could not be decided, as notes.
    """
    _check_labels(item, columns)
    notes = [] if item.by_wave else _check_recoding(item, columns)
    _check_texts(item, columns)
    if item.rest == "missing":
        _check_left_out(item, columns)
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
        for code in _codes_of(item, column.wave):
            label = column.labels.get(code)
            if label is None:
                continue
            # Where each wave has its own codes, only the columns of one wave share a mapping.
            other = first.setdefault((column.wave if item.by_wave else "", code), column)
            if folded(other.labels[code]) != folded(label):
                different.setdefault(_place(other), []).append(
                    f"{code_text(code)} is {other.labels[code]!r} there and {label!r} here"
                )
        for place, texts in different.items():
            raise ItemError(
                f"Codes have other labels in another column. {place}, compared with "
                f"{_place(column)}: {'; '.join(texts[:12])}. {_own_mapping(item, columns)}, also "
                "where both labels mean the same; or map by label instead of by code."
            )


def _check_recoding(item: Item, columns: Sequence[ItemColumn]) -> list[str]:
    """Refuse a wave where a mapped code vanishes while another, mapped nowhere, appears.

    Labels would show a change of coding; this is for columns that have none. Where the new code
    is mapped too, as for a party that was founded, it is a note.
    """
    if not any(column.unmapped for column in columns) and all(
        column.labels or column.of_texts for column in columns
    ):
        return []
    answers = _answers(columns)
    labelled: dict[str, set[object]] = {wave: set() for wave in answers}
    unmapped: dict[str, set[object]] = {wave: set() for wave in answers}
    for column in columns:
        labelled[column.wave].update(column.labels)
        unmapped[column.wave].update(column.unmapped)
    notes = []
    for code in dict.fromkeys(code for wave in answers for code in _codes_of(item, wave)):
        users = [wave for wave in answers if _used(code, answers[wave])]
        if not users:
            continue
        share = sum(answers[wave][code] for wave in users) / sum(
            answers[wave].total() for wave in users
        )
        changed = {}
        for wave, here in answers.items():
            total = here.total()
            too_few = total < LEAST_ANSWERS or share * total < LEAST_EXPECTED
            same_label = code in labelled[wave] and any(code in labelled[user] for user in users)
            if code in here or same_label or too_few:
                continue
            appeared = [
                other
                for other in here
                if _used(other, here) and not any(other in answers[user] for user in users)
            ]
            if appeared:
                changed[wave] = appeared
        lost = {
            wave: left
            for wave, new in changed.items()
            if (left := [other for other in new if other in unmapped[wave]])
        }
        if lost:
            raise ItemError(_recoding_text(item, columns, code, lost, answers))
        if changed and not any(labelled.values()):
            others = dict.fromkeys(map(code_text, chain.from_iterable(changed.values())))
            notes.append(
                f"code {code_text(code)} does not occur at {listing(changed)}, where "
                f"{', '.join(others)} is new: check that the codes mean the same there"
            )
    return notes


def _answers(columns: Sequence[ItemColumn]) -> dict[str, Counter[object]]:
    """Count, by wave, the codes that answer; "not asked" and unmapped refusals do not."""
    answers: dict[str, Counter[object]] = {}
    for column in columns:
        here = answers.setdefault(column.wave, Counter())
        for code, count in column.codes.people.items():
            mapped = column.meanings.get(code)
            silent = (
                mapped in (NOT_ASKED, NO_ANSWER)
                if mapped is not None
                else _says_nothing(code, column)
            )
            if code is not None and not silent:
                here[code] += count
    return answers


def _recoding_text(
    item: Item,
    columns: Sequence[ItemColumn],
    code: object,
    changed: Mapping[str, Sequence[object]],
    answers: Mapping[str, Counter[object]],
) -> str:
    appeared = dict.fromkeys(other for others in changed.values() for other in others)
    shown = {*(key for wave in answers for key in _codes_of(item, wave)), *appeared}
    lines = []
    for wave, here in answers.items():
        counts = [
            f"{code_text(key)}: {here[key]:,}"
            for key in sorted(here, key=code_order)
            if key in shown
        ]
        more = f", and {len(counts) - 15} more" if len(counts) > 15 else ""
        where = next(column.where for column in columns if column.wave == wave)
        lines.append(f"\n  {wave!r} ({where}) {', '.join(counts[:15])}{more}")
    return (
        f"The coding seems to have changed: code {code_text(code)} does not occur at "
        f"{listing(changed)}, where {', '.join(map(code_text, appeared))}, mapped to no state, "
        f"is new. People by code:{''.join(lines)}\n{_own_mapping(item, columns)}."
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
        left = {
            code: count
            for column in here
            for code, count in column.unmapped.items()
            if isinstance(code, str)
        }
        names = item.codes_at(here[0].wave)
        for text in (canonical(code) for state in item.state_names for code in names[state]):
            if not isinstance(text, str) or text in labels or TAG.fullmatch(text):
                continue
            if any(_holds(column, text) for column in here):
                continue
            place = f"{_place(here[0])}{' and others' if len(here) > 1 else ''}"
            if any(_as_number(text) in column.labels for column in here):
                raise ItemError(
                    f"{place}: {text!r} is a code, not a label. Codes that are numbers stand "
                    f"without quotes: write {code_text(_as_number(text))}."
                )
            if labels:
                raise ItemError(f"{place}: {unknown('label', text, labels)}")
            close = difflib.get_close_matches(text, left, n=1, cutoff=ALIKE)
            # "Unsatisfied" is close to "satisfied", and no slip of it.
            if item.rest == "missing" and close and not _one_ends_other(text, close[0]):
                raise ItemError(
                    f"{place}: no answer is {text!r}, but rest='missing' would read {close[0]!r} "
                    f"({count_people(left[close[0]])}) as no answer. Did you mean {close[0]!r}? "
                    "If not, leave one of them out of the data or the states."
                )


def _check_left_out(item: Item, columns: Sequence[ItemColumn]) -> None:
    """Refuse codes that ``rest="missing"`` would leave out by what looks like a slip."""
    for column in columns:
        if not column.unmapped:
            continue
        place = _place(column)
        if as_other := _other_type(column, column.unmapped):
            raise ItemError(f"{place}: rest='missing' would leave answers out. {as_other}")
        names = {folded(key): key for key in column.meanings if isinstance(key, str)}
        for code, count in column.unmapped.items():
            text = code if isinstance(code, str) else str(column.labels.get(code, ""))
            named = names.get(folded(text))
            if named is not None and text and not TAG.fullmatch(text):
                also = ", or to not_asked" if item.has_not_asked else ""
                raise ItemError(
                    f"{place}: {text!r} ({count_people(count)}) differs from {named!r} in the "
                    "states by letter case, spaces or end marks only, and rest='missing' would "
                    f"read it as {item.nothing}. Add it to a state{also}."
                )
        for position, state in enumerate(item.state_names if not item.by_wave else ()):
            if position not in {column.meanings.get(code) for code in column.labels}:
                _check_renamed(item, state, column, columns)


def _check_renamed(
    item: Item, state: str, column: ItemColumn, columns: Sequence[ItemColumn]
) -> None:
    """Refuse a code that means a state by its label in another wave, and nothing in this one."""
    texts = set(map(canonical, item.codes_at(column.wave)[state]))
    for other in columns:
        for code, label in other.labels.items():
            if other.wave != column.wave and canonical(label) in texts and code in column.unmapped:
                here = column.labels.get(code)
                raise ItemError(
                    f"Codes have other labels in another column. {_place(other)}, compared with "
                    f"{_place(column)}: {code_text(code)} is {label!r}, state {state!r}, there and "
                    f"{'without a label' if here is None else repr(here)} here, where "
                    f"rest='missing' would read it as no answer. {_own_mapping(item, columns)}; or "
                    "add the label to a state."
                )


def _check_mapped(item: Item, columns: Sequence[ItemColumn]) -> None:
    """Refuse codes without a state; with ``rest="missing"`` only where no code has one."""
    faults = []
    for wave in dict.fromkeys(column.wave for column in columns):
        here = [column for column in columns if column.wave == wave]
        left = [column for column in here if column.unmapped]
        if left and (item.rest is None or not any(_mapped(column) for column in here)):
            faults += [_unmapped_text(item, column) for column in left]
    if faults:
        raise ItemError("\n".join(faults))


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
            f"{_place(column)}: {len(unmapped)} different values are mapped to no state. This "
            "looks like an id or an open answer; name the question's column."
        )
    found = "; ".join(
        f"{column.code_text(code)} ({count_people(count)})" for code, count in unmapped.items()
    )
    states = f"the states {listing(item.state_names)}"
    if as_other := _other_type(column, unmapped):
        way_out = as_other
    elif item.rest == "missing":
        way_out = f"No answer at all is mapped to {states}: mend their codes or labels."
    else:
        elsewhere = "to not_asked for people who were not asked, " if item.has_not_asked else ""
        way_out = (
            f"Add each code to one of {states}, {elsewhere}or set rest='missing' for "
            f"{item.nothing}."
        )
    codes = "1 answer code is" if len(unmapped) == 1 else f"{len(unmapped)} answer codes are"
    return f"{_place(column)}: {codes} mapped to no state: {found}. {way_out}"


def _other_type(column: ItemColumn, unmapped: Iterable[object]) -> str:
    """Say that answers and codes are the same but for being numbers and text."""
    for code in unmapped:
        other = _as_number(code) if isinstance(code, str) else str(code)
        # A label such as "10" is no number.
        if other is not None and other in column.meanings and other not in column.labels.values():
            kind = "text" if isinstance(code, str) else "numbers"
            return (
                f"The answers are stored as {kind}: write {code_text(code)} in the states where "
                f"they have {code_text(other)}, or convert the column."
            )
    return ""


def looks_open(codes: Mapping[object, int]) -> bool:
    """Tell whether values look like ids or open answers, which no message may show."""
    return len(codes) > min(MANY_CODES, max(FEW_CODES, sum(codes.values()) / 2))


def _as_number(text: str) -> object:
    try:
        return canonical(float(text))
    except ValueError:
        return None


def _codes_of(item: Item, wave: str) -> list[object]:
    """Return the codes that an item names at a wave, without blanks."""
    named = [code for codes in item.codes_at(wave).values() for code in codes]
    keys = dict.fromkeys(canonical(code) for code in (*named, *item.not_asked))
    return [key for key in keys if key is not None]


def _used(code: object, answers: Counter[object]) -> bool:
    return answers[code] >= max(LEAST_PEOPLE, LEAST_SHARE * answers.total())


def _says_nothing(code: object, column: ItemColumn) -> bool:
    """Tell whether a code is negative or declared missing, as refusals are."""
    negative = isinstance(code, (int, float)) and code < 0
    return negative or declared_missing(code, column.missing)


def _one_ends_other(one: str, other: str) -> bool:
    one, other = one.casefold(), other.casefold()
    return one != other and (one.endswith(other) or other.endswith(one))


def _own_mapping(item: Item, columns: Sequence[ItemColumn]) -> str:
    if item.by_wave:
        return "Recode one of the columns"
    waves = list(dict.fromkeys(column.wave for column in columns))
    if len(waves) == 1:
        return "Recode one of the columns"
    shown = ", ".join(f"{wave!r}: {{…}}" for wave in waves[:3]) + (", …" if waves[3:] else "")
    return f"Map each wave for itself, states={{{shown}}}"


def _place(column: ItemColumn) -> str:
    return f"Wave {column.wave!r} ({column.where}), column {column.name!r}"
