"""Codes that ``rest="missing"`` would read as no answer, though a state has them or their like."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from opinionpanel.errors import ItemError, count_people
from opinionpanel.questions.item import Item
from opinionpanel.questions.item_columns import ItemColumn, other_type, own_mapping, place_of
from opinionpanel.questions.naming import looks_open, others_text, where_shown
from opinionpanel.questions.question import NO_ANSWER, NOT_ASKED, NOT_INTERVIEWED
from opinionpanel.questions.refusals import says_refusal
from opinionpanel.waves import LEAST_PEOPLE, folded

# How alike two texts must be for one to be the other, mistyped or renamed.
ALIKE = 0.85
# A number before a label, as in "1. Yes" and "(2) No", says nothing about it.
NUMBERED = re.compile(r"\W*\d+\s*(?:[.):=]|[-–]\s)\s*(?=\w)")
# Begins as a "no" does, and is none.
NO_ANSWER_AT_ALL = re.compile(
    r"(?:no|not|non|нет)\W+(?:answer|response|réponse|respuesta|stated|given|asked|applicable|"
    r"data|information|ответа|данных).*"
)
# By how many characters a text may be longer or shorter than the one that it was to be.
MISTYPED = 2
MOST_SHOWN = 12


@dataclass(frozen=True)
class _Meant:
    """A code or a text that means a state, or "not asked", in a column."""

    column: ItemColumn
    code: object

    @property
    def position(self) -> int:
        return self.column.meanings[self.code]

    @property
    def people(self) -> int:
        return self.column.codes.people.get(self.code, 0)

    @cached_property
    def text(self) -> str:
        return folded(self.column.text(self.code))


class _Texts:
    """What has a meaning somewhere, by text and by code, and which texts stand together."""

    def __init__(self, columns: Sequence[ItemColumn]) -> None:
        self.by_text: dict[str, _Meant] = {}
        self.by_code: dict[object, list[_Meant]] = {}
        self.at_column: list[set[str]] = []
        for column in columns:
            self.at_column.append(set(map(folded, column.all_texts)))
            for code, position in column.meanings.items():
                # A group may know codes that mean nothing.
                if code is None or position == NO_ANSWER:
                    continue
                meant = _Meant(column, code)
                self.by_code.setdefault(code, []).append(meant)
                known = self.by_text.get(meant.text)
                if meant.text and (known is None or meant.people > known.people):
                    self.by_text[meant.text] = meant

    def together(self, one: str, other: str) -> bool:
        """Tell whether two texts are answers of their own: some column knows both."""
        return any(one in here and other in here for here in self.at_column)


def check_left_out(item: Item, columns: Sequence[ItemColumn]) -> list[str]:
    """Refuse codes that ``rest="missing"`` would leave out by what looks like a slip.

    A text that has a meaning at any wave, or resembles one that has; or a code that has a meaning
    at another wave. What cannot be decided is returned as notes.
    """
    if not any(column.unmapped for column in columns):
        return []
    texts = _Texts(columns)
    notes = []
    for column in columns:
        if as_other := other_type(column, column.unmapped):
            raise ItemError(
                f"{place_of(column)}: rest='missing' would leave answers out. {as_other}"
            )
        if slips := list(_slips(item, column, texts)):
            raise _left_out_error(item, columns, column, slips)
        notes += _unlabelled_notes(item, column, texts)
    return notes + _renamed_notes(item, columns)


def _slips(item: Item, column: ItemColumn, texts: _Texts) -> Iterator[tuple[object, _Meant, bool]]:
    """Find codes that are left out, with what has a meaning; also whether by the code alone."""
    few = not looks_open(column.unmapped)
    for code, people in column.unmapped.items():
        text = folded(column.text(code))
        alike = texts.by_text.get(text)
        if alike is None and text and (few or people >= LEAST_PEOPLE or code in column.labels):
            alike = next(
                (
                    meant
                    for other, meant in texts.by_text.items()
                    if _resemble(text, other) and not texts.together(text, other)
                ),
                None,
            )
        if alike is not None:
            yield code, alike, False
        elif not item.by_wave:
            for meant in _at_other_waves(code, column, texts):
                if not (text and texts.together(text, meant.text)):
                    yield code, meant, True
                    break


def _at_other_waves(code: object, column: ItemColumn, texts: _Texts) -> list[_Meant]:
    return [meant for meant in texts.by_code.get(code, ()) if meant.column.wave != column.wave]


def _unlabelled_notes(item: Item, column: ItemColumn, texts: _Texts) -> list[str]:
    """Say which codes mean a state at another wave only, where no two labels can be compared."""
    if not item.by_wave:
        return []
    found = []
    for code in column.unmapped:
        for meant in _at_other_waves(code, column, texts):
            if not (meant.text and column.text(code)):
                found.append(f"{_counted(column, code)}, {_meaning(item, column, meant)}")
                break
    if not found:
        return []
    return [
        f"at {column.wave}, rest='missing' reads as {item.nothing} what has a state at another "
        "wave: "
        f"{_some(found)}; check that the coding changed"
    ]


def _renamed_notes(item: Item, columns: Sequence[ItemColumn]) -> list[str]:
    """Say where labels of states are gone, while others that are left out are new.

    They may have been renamed, split or put together under codes of their own.
    """
    if item.by_wave:
        return []
    at_wave: dict[str, set[str]] = {}
    for column in columns:
        at_wave.setdefault(column.wave, set()).update(map(folded, column.all_texts))
    notes = []
    for wave in at_wave:
        gone = _gone(columns, wave, at_wave)
        # That people may refuse is no new name of an answer.
        refused = any(says_refusal(meant.text) for meant in gone)
        new = _new(columns, wave, at_wave, refused=refused)
        if gone and new:
            texts = [_labelled(item, meant) for meant in gone]
            notes.append(
                f"at {wave}, no label is {_some(texts)}, while rest='missing' reads as "
                f"{item.nothing} what no other wave has: {_some(new)}. If labels were renamed, "
                "split or put together, add these to a state"
            )
    return notes


def _gone(
    columns: Sequence[ItemColumn], wave: str, at_wave: Mapping[str, Collection[str]]
) -> list[_Meant]:
    """Find the labels of states that a wave does not have, nor a new one of the same state."""
    own: dict[int, set[str]] = {}
    for column in columns:
        if column.wave == wave:
            for code, position in column.meanings.items():
                own.setdefault(position, set()).add(folded(column.text(code)))
    found: dict[str, _Meant] = {}
    for column in columns:
        for code, position in column.meanings.items():
            meant = _Meant(column, code)
            there = at_wave[column.wave]
            renamed = (own.get(position, set()) & set(at_wave[wave])) - set(there)
            known = meant.text in {"", *at_wave[wave]} or meant.people < LEAST_PEOPLE
            if position >= 0 and not known and not renamed:
                found.setdefault(meant.text, meant)
    return list(found.values())


def _labelled(item: Item, meant: _Meant) -> str:
    return (
        f"{meant.column.text(meant.code)!r} ({count_people(meant.people)} at {meant.column.wave}; "
        f"state {item.state_names[meant.position]!r})"
    )


def _new(
    columns: Sequence[ItemColumn],
    wave: str,
    at_wave: Mapping[str, Collection[str]],
    *,
    refused: bool,
) -> list[str]:
    """Show the codes left out at a wave whose labels no other has; refusals if they are to."""
    known = {text for other, texts in at_wave.items() if other != wave for text in texts}
    return [
        _counted(column, code)
        for column in columns
        if column.wave == wave and not looks_open(column.unmapped)
        for code, people in column.unmapped.items()
        if people >= LEAST_PEOPLE
        and (text := folded(column.text(code))) not in {"", *known}
        and (refused or not says_refusal(text))
    ]


def _left_out_error(
    item: Item,
    columns: Sequence[ItemColumn],
    column: ItemColumn,
    slips: Sequence[tuple[object, _Meant, bool]],
) -> ItemError:
    found, others = [], dict[str, list[int]]()
    for code, meant, _ in slips:
        meaning = _meaning(item, column, meant)
        if _may_name(column, code, meant):
            found.append(f"{_counted(column, code, like=meant)}, but {meaning}")
        else:
            others.setdefault(meaning, []).append(column.codes.people[code])
    found += [f"{others_text(people)}, but {meaning}" for meaning, people in others.items()]
    ways = [f"Add each to a state, old or new{', or to not_asked' if item.has_not_asked else ''}"]
    if any(by_code for *_, by_code in slips):
        mapping = own_mapping(item, columns)
        ways.append(mapping[0].lower() + mapping[1:])
    ways.append(f"or make it a blank in the data if it is {item.nothing}")
    if others:
        shown = where_shown(column.name)
        ways.append(shown[0].lower() + shown[1:])
    return ItemError(
        f"{place_of(column)}: rest='missing' would read as {item.nothing} what a state has, or "
        f"what resembles it: {_some(found)}. {'; '.join(ways)}."
    )


def _some(texts: Sequence[str]) -> str:
    more = f"; and {len(texts) - MOST_SHOWN} more" if len(texts) > MOST_SHOWN else ""
    return "; ".join(texts[:MOST_SHOWN]) + more


def _counted(column: ItemColumn, code: object, like: _Meant | None = None) -> str:
    people = column.codes.people.get(code, 0)
    text = column.code_text(code) if _may_name(column, code, like) else "another answer"
    return f"{text} ({count_people(people) if people else 'nobody'})"


def _may_name(column: ItemColumn, code: object, like: _Meant | None) -> bool:
    """Tell whether a message may show a code; what is one of a state, mistyped, names nobody."""
    if like is not None and code not in column.labels:
        length = abs(len(like.text) - len(folded(code)))
        if length <= MISTYPED and _resemble(folded(code), like.text):
            return True
    return code in column.nameable or not column.codes.people.get(code)


def _meaning(item: Item, column: ItemColumn, meant: _Meant) -> str:
    other = meant.column
    at = "here" if other.wave == column.wave else f"at {other.wave!r} ({other.where})"
    silent = {NOT_ASKED: "not_asked", NOT_INTERVIEWED: "no_interview"}
    state = silent.get(meant.position) or f"state {item.state_names[meant.position]!r}"
    same = meant.code in other.labels or isinstance(meant.code, str)
    label = "" if same else " without a label"
    return f"{at} {_counted(other, meant.code)}{label} is {state}"


def _resemble(one: str, other: str) -> bool:
    """Tell whether two folded texts are one, mistyped, or with something added at the end."""
    one, other = NUMBERED.sub("", one, count=1), NUMBERED.sub("", other, count=1)
    if one == other:
        return True
    # "18 to 29" is no slip of "18 to 30", nor is "unsatisfied" one of "satisfied".
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    if one.endswith(other) or other.endswith(one):
        return False
    short, long = sorted((one, other), key=len)
    if short and long.startswith(short) and not long[len(short)].isalnum():
        # Spanish "no sabe" is no slip of "no", nor Polish "nie wiem" one of "nie".
        refused = says_refusal(long) and not says_refusal(short)
        return not (refused or NO_ANSWER_AT_ALL.fullmatch(long))
    matcher = SequenceMatcher(None, one, other)
    # The exact ratio takes long, and most texts differ at a glance.
    return (
        matcher.real_quick_ratio() >= ALIKE
        and matcher.quick_ratio() >= ALIKE
        and matcher.ratio() >= ALIKE
    )
