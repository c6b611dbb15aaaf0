"""Values in a score's column that may be averaged by mistake: refused, or noted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from opinionpanel.errors import ItemError, near
from opinionpanel.questions.bands import as_number
from opinionpanel.questions.item_columns import ItemColumn, place_of, says_itself
from opinionpanel.questions.naming import looks_open, where_shown
from opinionpanel.questions.score import LARGEST, Score
from opinionpanel.waves import canonical, code_order

# Of the values of a kind, a message shows so many.
MOST_SHOWN = 12
# Answers in steps of five, as on a thermometer, of which so many are enough to tell.
STEP, LEAST_STEPS = 5, 6
# Codes that stand for no answer more often than for a number between two steps.
FIRST_SILENT, LAST_SILENT = 96, 99
# Labels of a scale stand at all its numbers, or at the ends and the middle; a label at one of many
# numbers elsewhere says something else.
FEW_LABELS = 4


@dataclass
class ReadNumbers:
    """The numbers of a column, by code, and the values that are none, with their people.

    Attributes
    ----------
    numbers : dict
        Code to number.
    refused : dict
        Numbers of the scale whose labels say that somebody refused or did not know.
    outside : dict
        Numbers below or above the scale.
    large : dict
        Numbers of a scale without an end whose squares are more than can be computed with.
    texts : dict
        What is no number at all.
    """

    numbers: dict[object, float] = field(default_factory=dict)
    refused: dict[object, int] = field(default_factory=dict)
    outside: dict[object, int] = field(default_factory=dict)
    large: dict[object, int] = field(default_factory=dict)
    texts: dict[object, int] = field(default_factory=dict)


def check_numbers(score: Score, column: ItemColumn, read: ReadNumbers) -> None:
    """Refuse values that are no number of the scale, each kind with its way out."""
    found = []
    if read.refused:
        one = len(read.refused) == 1
        found.append(
            f"{_values(read.refused, 'are')} no answer by {'its label' if one else 'their labels'}"
            f"{_shown(column, read.refused)}. Name {'it' if one else 'them'} in missing=[…]."
        )
    if read.outside:
        found.append(
            f"{_values(read.outside, 'lie')} outside {score.ends}{_shown(column, read.outside)}. "
            "Name codes of no answer in missing=[…], or set low and high to what the scale has."
        )
    if read.large:
        found.append(
            f"{_values(read.large, 'are')} beyond {LARGEST:g}, where squares are more than can be "
            f"computed with{_shown(column, read.large)}. Name codes of no answer in missing=[…], "
            "or bring the column to other units."
        )
    if read.texts:
        found.append(
            f"{_values(read.texts, 'are')} no number{_shown(column, read.texts)}. "
            f"{_way_out(column, read)}"
        )
    if not found:
        return
    every = {*read.refused, *read.outside, *read.large, *read.texts}
    if not looks_open(dict.fromkeys(every, 1)) and not every <= column.nameable:
        found.append(f"{where_shown(column.name)}.")
    raise ItemError(f"{place_of(column)}: {' '.join(found)}")


def _way_out(column: ItemColumn, read: ReadNumbers) -> str:
    """Say what to do with texts where numbers should be."""
    if all(as_number(code, ",") is not None for code in read.texts):
        return "They have a decimal comma: convert the column to numbers."
    if any(code in column.written.words for code in read.texts):
        return f"Name those of no answer in missing=[…]. {column.written.sentence}"
    if read.numbers:
        return "Name those of no answer in missing=[…], or convert the column to numbers."
    return "Name a column of numbers."


def _values(codes: Collection[object], verb: str) -> str:
    """Count values, with a verb for several of them: "2 values lie", "1 value lies"."""
    if len(codes) > 1:
        return f"{len(codes):,} values {verb}"
    return f"1 value {'is' if verb == 'are' else f'{verb}s'}"


def _shown(column: ItemColumn, codes: Mapping[object, int]) -> str:
    """Show values with how many people have each; nothing of what may be ids or open answers."""
    if looks_open(codes):
        return ""
    texts = column.counted({code: codes[code] for code in sorted(codes, key=code_order)})
    more = f"; and {len(texts) - MOST_SHOWN} more" if len(texts) > MOST_SHOWN else ""
    return f": {'; '.join(texts[:MOST_SHOWN])}{more}"


def check_named(score: Score, columns: Sequence[ItemColumn]) -> None:
    """Refuse a text in missing or not_asked that no column has: most likely a slip."""
    known = {canonical(text) for column in columns for text in column.all_texts}
    for name in ("missing", "not_asked"):
        for code in getattr(score, name):
            key = canonical(code)
            if key is not None and says_itself(key) and key not in known:
                labels = [text for column in columns for text in column.shown_labels.values()]
                raise ItemError(
                    f"{name}: the label {code!r} occurs at no wave."
                    f"{near(code, dict.fromkeys(labels))}"
                )


def doubtful_notes(score: Score, column: ItemColumn, numbers: Mapping[object, float]) -> list[str]:
    """Note codes that are averaged as numbers, and may be codes of no answer."""
    labelled = {code for code in numbers if _odd_label(score, column, code, numbers)}
    notes = _doubt(column, labelled, "{have} a label, unlike most others")
    others = {value for value in numbers.values() if not FIRST_SILENT <= value <= LAST_SILENT}
    if len(others) >= LEAST_STEPS and all(value % STEP == 0 for value in others):
        between = {c for c, value in numbers.items() if value not in others} - labelled
        notes += _doubt(column, between, f"all others are in steps of {STEP}")
    return notes


def _odd_label(
    score: Score, column: ItemColumn, code: object, numbers: Mapping[object, float]
) -> bool:
    """Tell whether a code is one of few with a label, and not at an end or in the middle."""
    value, labels = numbers[code], column.labels.keys() & numbers.keys()
    return (
        code in labels
        and len(labels) <= FEW_LABELS
        and len(numbers) >= FEW_LABELS * len(labels)
        and value not in (score.low, score.high, (score.low + score.high) / 2)
        and str(column.labels[code]).strip() != str(code)
    )


def _doubt(column: ItemColumn, codes: Collection[object], why: str) -> list[str]:
    if not codes:
        return []
    people = column.codes.people
    shown = "; ".join(column.counted({c: people[c] for c in sorted(codes, key=code_order)}))
    if len(codes) == 1:
        return [
            f"at {column.wave}, {shown} is averaged as a number, and {why.format(have='has')}: if "
            "it is no answer, name it in missing=[…]"
        ]
    return [
        f"at {column.wave}, {shown} are averaged as numbers, and {why.format(have='have')}: if "
        "they are no answers, name them in missing=[…]"
    ]
