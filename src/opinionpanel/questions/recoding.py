"""Whether a wave's codes are those of the other waves, where no label says so."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from opinionpanel.errors import ItemError, listing
from opinionpanel.questions.item import Item
from opinionpanel.questions.item_columns import (
    ItemColumn,
    codes_of,
    own_mapping,
    says_itself,
    says_nothing,
)
from opinionpanel.questions.question import NO_ANSWER, NOT_ASKED
from opinionpanel.waves import code_order, code_text, folded

# When a code counts as used at a wave, and when its absence cannot be chance: 10 expected
# answers fail to occur once in some 20,000 waves.
LEAST_PEOPLE, LEAST_SHARE, LEAST_EXPECTED = 5, 0.01, 10
LEAST_ANSWERS = 50


def check_recoding(item: Item, columns: Sequence[ItemColumn]) -> list[str]:
    """Refuse a wave where a mapped code vanishes while another, mapped nowhere, appears.

    Labels on both sides would show a change of coding; this is for codes that lack one. Where the
    new code is mapped too, as for a party that was founded, it is a note.
    """
    if not any(column.unmapped for column in columns) and all(
        column.of_texts or _all_labelled(item, column) for column in columns
    ):
        return []
    answers = _answers(columns)
    unmapped: dict[str, set[object]] = {wave: set() for wave in answers}
    for column in columns:
        unmapped[column.wave].update(column.unmapped)
    notes = []
    for code, changed in _vanished(item, columns, answers):
        lost = {
            wave: left
            for wave, new in changed.items()
            if (left := [other for other in new if other in unmapped[wave]])
        }
        if lost:
            raise ItemError(*_recoding_lines(item, columns, code, lost, answers))
        # Texts say what they mean.
        coded = {
            wave: left
            for wave, new in changed.items()
            if not says_itself(code) and (left := [one for one in new if not says_itself(one)])
        }
        if coded:
            others = dict.fromkeys(map(code_text, chain.from_iterable(coded.values())))
            are = "is" if len(others) == 1 else "are"
            notes.append(
                f"code {code_text(code)} does not occur at {listing(coded)}, where "
                f"{', '.join(others)} {are} new: check that the codes mean the same there"
            )
    return notes


def _vanished(
    item: Item, columns: Sequence[ItemColumn], answers: Mapping[str, Counter[object]]
) -> Iterator[tuple[object, dict[str, list[object]]]]:
    """Find codes that vanish at some waves, with those that appear at each of these waves."""
    labelled: dict[str, set[object]] = {wave: set() for wave in answers}
    for column in columns:
        labelled[column.wave].update(column.labels)
    for code in dict.fromkeys(code for wave in answers for code in codes_of(item, wave)):
        users = [wave for wave in answers if _used(code, answers[wave])]
        if not users:
            continue
        share = sum(answers[wave][code] for wave in users) / sum(
            answers[wave].total() for wave in users
        )
        changed = {}
        for wave, here in answers.items():
            if any(says_itself(one) and folded(one) == folded(code) for one in here):
                # The same text in another spelling is no other coding.
                continue
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
        if changed:
            yield code, changed


def _all_labelled(item: Item, column: ItemColumn) -> bool:
    """Tell whether every code that the item names has a label, which has been compared."""
    return all(code in column.labels for code in codes_of(item, column.wave))


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
                else says_nothing(code, column)
            )
            if code is not None and not silent:
                here[code] += count
    return answers


def _recoding_lines(
    item: Item,
    columns: Sequence[ItemColumn],
    code: object,
    changed: Mapping[str, Sequence[object]],
    answers: Mapping[str, Counter[object]],
) -> list[str]:
    appeared = dict.fromkeys(other for others in changed.values() for other in others)
    shown = {*(key for wave in answers for key in codes_of(item, wave)), *appeared}
    lines = []
    for wave, here in answers.items():
        counts = [
            f"{code_text(key)}: {here[key]:,}"
            for key in sorted(here, key=code_order)
            if key in shown
        ]
        more = f", and {len(counts) - 15} more" if len(counts) > 15 else ""
        where = next(column.where for column in columns if column.wave == wave)
        lines.append(f"  {wave!r} ({where}) {', '.join(counts[:15])}{more}")
    head = (
        f"The coding seems to have changed: code {code_text(code)} does not occur at "
        f"{listing(changed)}, where {', '.join(map(code_text, appeared))}, mapped to no state, "
        "is new. People by code:"
    )
    return [head, *lines, f"{own_mapping(item, columns)}."]


def _used(code: object, answers: Counter[object]) -> bool:
    return answers[code] >= max(LEAST_PEOPLE, LEAST_SHARE * answers.total())
