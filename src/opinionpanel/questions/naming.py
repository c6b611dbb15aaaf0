"""Which answers and categories a text may name, and how it counts the others.

What people wrote in their own words may tell who they are, and so may the name of a small place, a
date or a long number. The rule stands here once for all that is printed or written: the summary of
a panel, what `check` prints, drafts, notes and refusals.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Set
from typing import Any, NamedTuple

from opinionpanel.errors import count_people
from opinionpanel.questions.refusals import REFUSALS
from opinionpanel.waves import BLANK_WORDS, LEAST_PEOPLE, folded, own_words

MANY_CODES = 50
# Few people can give more different values than this only if it is no question with answer codes.
FEW_CODES = 12

TAG = re.compile(r"\.?[A-Za-z_]")
# Codes as questionnaires have them, such as 7, -9, 98 and 80+, and those that stand for no answer.
PLAIN = re.compile(r"-?(\d{1,3}\+?|9+[6-9]|8+|7+|inf)(\.0)?")


class OtherAnswers(NamedTuple):
    """Answers that are counted together, because none of them may be named: how many."""

    number: int

    def __str__(self) -> str:
        return f"{self.number:,} other answer{'' if self.number == 1 else 's'}"


def looks_open(codes: Mapping[Any, int]) -> bool:
    """Tell whether values look like ids or open answers, which no message may show."""
    return len(codes) > min(MANY_CODES, max(FEW_CODES, sum(codes.values()) / 2))


def nameable(
    people: Mapping[Any, int], labels: Mapping[object, str], declared: Collection[object] = ()
) -> Set[object]:
    """Find the codes of a column that a text may name.

    These are codes that the study declares, or the file by a label; those of five people or more;
    and a few codes that are small whole numbers, or words for no answer, which name nobody. The
    file's labels that are people's own words do not count.

    Parameters
    ----------
    people : dict
        Code to how many people have it; None, a blank, is left out.
    labels : dict
        Code to text.
    declared : collection
        The codes that a study names.

    Examples
    --------
    >>> people = {1: 60, 7: 1, "moved to Ann's": 1, "refused": 2, 48.25: 1}
    >>> nameable(people, {}) == {1, 7, "refused"}
    True
    """
    known = _known(people, labels, declared)
    plain = {code for code in people if code not in known and PLAIN.fullmatch(str(code))}
    # More of them are what somebody measured, such as years of age.
    return known | plain if len(plain) <= FEW_CODES else known


def nameable_categories(people: Mapping[str, int], told: Collection[str]) -> list[str]:
    """List the categories of a group that a text may name.

    A small category is not named by a number either: its people may be as old, or live there. Nor
    is one that nobody has, where there are small ones: they may have been left out.

    Parameters
    ----------
    people : dict of str to int
    told : collection of str
        Those that a label or the study names.
    """
    known = _known(people, {}, told)
    if all(text in known for text, number in people.items() if number):
        return list(people)
    return [text for text in people if text in known]


def _known(
    people: Mapping[Any, int], labels: Mapping[object, str], declared: Collection[object]
) -> set[object]:
    """Find what a label or the study names, what several people have, and words for nothing."""
    known = {*labels_shown(people, labels), *declared}
    # Another spelling of what is known names nobody either.
    texts = {folded(labels.get(code, code)) for code in known}
    texts.update(folded(code) for code, number in people.items() if number >= LEAST_PEOPLE)
    known |= {
        code
        for code, number in people.items()
        if number >= LEAST_PEOPLE or folded(code) in texts or _for_nothing(code)
    }
    return known - {None}


def _for_nothing(code: object) -> bool:
    """Tell whether a code is a tag, or a word for a blank or for no answer and nothing else."""
    if not isinstance(code, str):
        return False
    return bool(TAG.fullmatch(code)) or folded(code) in REFUSALS or code.casefold() in BLANK_WORDS


def labels_shown(people: Mapping[Any, int], labels: Mapping[object, str]) -> Mapping[object, str]:
    """Keep the labels that a text may show."""
    own = own_words(people, labels)
    if not own:
        return labels
    return {c: text for c, text in labels.items() if c not in own or _for_nothing(text)}


def others_text(counts: Iterable[int]) -> str:
    """Count the answers that no text names, and their people; "" where there are none.

    Examples
    --------
    >>> others_text([1, 3]), others_text([1])
    ('2 other answers, 4 people', '1 other answer, 1 person')
    """
    people = list(counts)
    return f"{OtherAnswers(len(people))}, {count_people(sum(people))}" if people else ""


def small_text(counts: Iterable[int]) -> str:
    """Count the categories that no text names, and their people; "" where there are none.

    Examples
    --------
    >>> small_text([1, 3]), small_text([1])
    ('2 small categories, 4 people', '1 small category, 1 person')
    """
    people = list(counts)
    kind = f"small categor{'y' if len(people) == 1 else 'ies'}"
    return f"{len(people):,} {kind}, {count_people(sum(people))}" if people else ""


def where_shown(column: str) -> str:
    """Say how whoever may see the data finds the answers that no text names."""
    return (
        f"What they are, read_wave(…).frame[{column!r}].value_counts() shows in a session of your "
        "own"
    )


def unshown_labels_text(
    named: Set[object], labels: Mapping[object, str], shown: Mapping[object, str], column: str
) -> str:
    """Count the labels that no text shows of codes that one names; "" where there are none.

    Examples
    --------
    >>> unshown_labels_text({1, 2}, {1: "yes", 2: "Ann left"}, {1: "yes"}, "q").partition(";")[0]
    '1 label of few people left out'
    """
    number = len((labels.keys() - shown.keys()) & named)
    if not number:
        return ""
    which = "label" if number == 1 else "labels"
    return (
        f"{number} {which} of few people left out; read_wave(…).labels[{column!r}] shows all in a "
        "session of your own"
    )
