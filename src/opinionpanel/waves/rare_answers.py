"""Labels that are not those of a questionnaire, but what people wrote in their own words."""

from collections.abc import Mapping
from typing import Any

from opinionpanel.waves.codes import folded

# An answer or a category that fewer people have may tell who they are.
LEAST_PEOPLE = 5
# Programs that number texts anew make labels of as many as there are; fewer show nothing.
LEAST_LABELS = 4
# A question has hardly more labels of which most are those of few people; where many people were
# asked, hardly any such ones.
MOST_LABELS = 12
MANY_PEOPLE, LEAST_RARE = 100, 3


def own_words(people: Mapping[Any, int], labels: Mapping[object, str]) -> frozenset[object]:
    """Find the codes of few people whose labels may be their own words.

    That is a label which only repeats a text; labels that number texts in the order of the
    alphabet, as programs do when they make codes of the texts of one wave or of all; and a list
    of labels most of which few people have, if it is long or many people were asked.

    Parameters
    ----------
    people : dict
        Code to how many people have it.
    labels : dict
        Code to text, both in their canonical form.

    Examples
    --------
    >>> people = {1: 90, 2: 1, 3: 2, 4: 80}
    >>> sorted(own_words(people, {1: "no", 2: "not since Ann left", 3: "till 9 May", 4: "yes"}))
    [2, 3]
    >>> own_words(people, {1: "yes", 2: "refused", 3: "spoilt", 4: "no"})
    frozenset()
    """
    few = {code for code in labels if people.get(code, 0) < LEAST_PEOPLE}
    held = [code for code in labels if code in people]
    rare = [code for code in held if code in few]
    asked = sum(number for code, number in people.items() if code is not None)
    many = len(held) > MOST_LABELS or (asked >= MANY_PEOPLE and len(rare) >= LEAST_RARE)
    if (many and 2 * len(rare) > len(held)) or (rare and _numbered_anew(labels)):
        return frozenset(few)
    return frozenset(
        code for code in few if isinstance(code, str) and folded(code) == folded(labels[code])
    )


def _numbered_anew(labels: Mapping[object, str]) -> bool:
    """Tell whether codes count texts in the order of the alphabet, from 0 or 1."""
    if len(labels) < LEAST_LABELS or not all(isinstance(code, int) for code in labels):
        return False
    codes = sorted(labels)  # type: ignore[type-var]
    texts = [labels[code] for code in codes]
    counted = codes[0] in (0, 1) and codes[-1] == codes[0] + len(codes) - 1
    return counted and (texts == sorted(texts) or texts == sorted(texts, key=str.casefold))
