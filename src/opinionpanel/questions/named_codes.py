"""Which categories of a group are meant by codes or value labels that somebody names."""

from collections.abc import Collection, Hashable, Iterable, Mapping

from opinionpanel.errors import SelectionError, near
from opinionpanel.questions.item_columns import as_number
from opinionpanel.questions.naming import looks_open, nameable_categories
from opinionpanel.questions.spellings import spelling_key
from opinionpanel.waves import Wave, canonical, code_text

# Code to its labels by their folded form, each with a wave that says so.
Labels = dict[object, dict[str, tuple[str, str]]]


def code_labels(waves: Mapping[str, Wave], columns: Mapping[str, str]) -> Labels:
    """Collect the labels that waves give the codes of a group's columns."""
    found: Labels = {}
    for wave, column in columns.items():
        for code, text in waves[wave].labels.get(column, {}).items():
            label = canonical(text)
            if isinstance(label, str):
                here = found.setdefault(canonical(code), {})
                here.setdefault(spelling_key(label), (label, wave))
    return found


def named_categories(
    named: Iterable[Hashable],
    people: Mapping[str, int],
    waves: Mapping[str, Wave],
    columns: Mapping[str, str],
    what: str,
    told: Collection[str],
) -> list[int]:
    """Find the category of each code or label; -1 for one that is only in the labels.

    Parameters
    ----------
    named : iterable
        Codes, also as text, or value labels.
    people : dict of str to int
        The categories of the group, as `code_values` names them, and how many people are in each.
    told : collection of str
        Those that a label names.
    waves : dict of str to Wave
    columns : dict of str to str
        The group's column by wave.
    what : str
        What messages call it.

    Raises
    ------
    SelectionError
        A code or label that occurs nowhere, that may mean two categories, or that means the same
        as another one.
    """
    labels = code_labels(waves, columns)
    by_label = {key for here in labels.values() for key in here}
    places = {spelling_key(text): place for place, text in enumerate(people)}
    # Where two categories differ in spelling alone, the one that is written so.
    exact = {text: place for place, text in enumerate(people)}
    found: list[int] = []
    for code in named:
        meant = {
            exact.get(text, places.get(spelling_key(text), -1))
            for text in _texts(code, labels, what, told)
            if spelling_key(text) in places.keys() | by_label
        }
        if not meant:
            # Values that look like ids are not shown.
            hint = "" if looks_open(people) else near(code, nameable_categories(people, told))
            raise SelectionError(f"{what}: the code or label {code!r} occurs at no wave.{hint}")
        if len(meant) > 1:
            raise SelectionError(
                f"{what}: {code!r} is a code, and the label of another one. Recode the column."
            )
        place = meant.pop()
        if place >= 0 and place in found:
            raise SelectionError(
                f"{what}: {code!r} is what another code or label here means as well. Name each "
                "once, by its code or by its label."
            )
        found.append(place)
    return found


def _texts(code: Hashable, labels: Labels, what: str, told: Collection[str]) -> list[str]:
    """Give the names that a code or label may have as a category; messages show those `told`."""
    key = canonical(code)
    texts = [key] if isinstance(key, str) else []
    number = as_number(key) if isinstance(key, str) else key
    # Text is a code only as codes are written: "007" is not 7.
    if number is None or (texts and code_text(number) != key):
        return texts
    said = labels.get(number, {})
    if len(said) > 1:
        both = " and ".join(
            f"{repr(label) if label in told else 'a label of few people'} at wave {wave!r}"
            for label, wave in said.values()
        )
        raise SelectionError(
            f"{what}: code {code_text(number)} is {both}. Name labels instead of codes."
        )
    return texts + [label for label, _ in said.values()] if said else [code_text(number)]
