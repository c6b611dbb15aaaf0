"""Items whose answers are those of a score, so that both pages tell of the same people."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers
from opinionpanel.disclosure.people import Base, in_base
from opinionpanel.disclosure.publication import Published
from opinionpanel.disclosure.score_moves import MOST_NUMBERS
from opinionpanel.panel import Panel


def items_like(panel: Panel, score: str, most: int = MOST_NUMBERS) -> list[str]:
    """Name the items of two states and more whose answers tell the number of a score.

    Of a score of so many numbers at most, also those whose answers follow from it. Of others these
    tell nothing: steps within an answer could be any.
    """
    found = []
    for item in panel.items:
        waves = [wave for wave in panel.asked(score) if wave in panel.asked(item)]
        if not waves or len(panel.item(item).state_names) < 2:
            continue
        number, answer = (
            np.concatenate([np.asarray(rows[panel.position(wave)]) for wave in waves])
            for rows in (panel.answers[score], panel.answers[item])
        )
        inside = np.tile(np.asarray(panel.domain), len(waves)) & (number >= 0)
        both = np.unique(np.stack([number, answer])[:, inside], axis=1)
        numbers, answers = (len(np.unique(row)) for row in both)
        if both.shape[1] == answers or (both.shape[1] == numbers <= most):
            found.append(item)
    return found


def scores_like(panel: Panel, score: str) -> list[str]:
    """Name the scores before this one that give everyone who has both the same number.

    Such as two of one column with other codes of no answer, or two scales of the same columns of
    which one needs more answers: their means differ by the few who have a number of one alone.
    """
    found = list[str]()
    for other in panel.scores:
        if other == score:
            return found
        waves = [wave for wave in panel.asked(score) if wave in panel.asked(other)]
        same = [_same_numbers(panel, score, other, wave) for wave in waves]
        if True in same and False not in same:
            found.append(other)
    return found


def _same_numbers(panel: Panel, score: str, other: str, wave: str) -> bool | None:
    """Tell whether two scores give the same numbers at a wave; None where nobody has both."""
    one, two = (_numbers(panel, name, wave) for name in (score, other))
    both = np.isfinite(one) & np.isfinite(two)
    return bool(np.allclose(one[both], two[both])) if both.any() else None


def _numbers(panel: Panel, score: str, wave: str) -> Floats:
    """Give the number of each person at a wave; NaN for none."""
    codes = np.asarray(panel.answers[score][panel.position(wave)])
    values = np.append(np.asarray(panel.numbers[score], dtype=np.float64), np.nan)
    return values[np.where((codes >= 0) & np.asarray(panel.domain), codes, len(values) - 1)]


def in_bands(panel: Panel, score: str, group: str) -> bool:
    """Tell whether a group is made of bands: of any score, or of the numbers of this one.

    The latter is seen in the numbers: those of each category lie beside each other at some wave.
    """
    made = panel.groups[group].answers_to
    if made is not None and made[0] in panel.scores:
        return True
    for wave in panel.asked(score):
        numbers = _numbers(panel, score, wave)
        codes = np.asarray(panel.groups[group].at(panel.position(wave)))
        inside = np.isfinite(numbers) & (codes >= 0)
        pairs = np.unique(np.stack([numbers[inside], codes[inside]]), axis=1)
        categories = len(np.unique(pairs[1]))
        one_each = pairs.shape[1] == len(np.unique(pairs[0]))
        if categories > 1 and one_each and (np.diff(pairs[1]) != 0).sum() == categories - 1:
            return True
    return False


def people_told(page: Published) -> Iterator[tuple[str, Booleans]]:
    """Give whose answers at which wave the page of an item shows, table by table."""
    panel, inside = page.panel, np.asarray(page.panel.domain)
    for base in page.bases():
        people = in_base(panel, page.item, base) & inside
        yield from ((wave, people) for wave in base)
    for name in page.groups:
        for base in page.bases(name):
            people = in_base(panel, page.item, base) & inside
            codes = np.asarray(panel.groups[name].at(panel.position(base[-1])))
            for code in range(len(panel.groups[name].categories)):
                yield from ((wave, people & (codes == code)) for wave in base)


def told_by_group(
    panel: Panel,
    score: str,
    waves: Base,
    groups: list[str],
    pages: Sequence[Published],
) -> list[str]:
    """Leave out groups by which the page of an item with the same answers shows nothing.

    That is no change, or of a single wave no shares. Means of two or three numbers are shares. It
    left these out, as with the flows of all people they would tell of few in a category.
    """
    if len(panel.numbers[score]) > MOST_NUMBERS:
        return groups
    asked = [page for page in pages if set(waves) <= set(page.panel.asked(page.item))]

    def told(page: Published, name: str) -> bool:
        return page.by_group(name) if len(waves) > 1 else waves in page.bases(name)

    return [name for name in groups if all(told(page, name) for page in asked)]


def quiet_groups(
    panel: Panel,
    score: str,
    pair: tuple[str, str],
    inside: Booleans,
    groups: Mapping[str, Integers],
    pages: Mapping[Published, bool],
    min_cell: int,
) -> list[str] | None:
    """Say by which groups the page of a score tells nothing of moves; None where nowhere at all.

    Parameters
    ----------
    panel : Panel
    score : str
    pair : tuple of str
    inside : numpy.ndarray of bool, shape (people,)
        Whom the tables of change of the score are about.
    groups : dict of str to numpy.ndarray of int, shape (people,)
        The category of each person on the page of the score.
    pages : dict of Published to bool
        Of items with the same answers; and whether these tell the number, or nearly.
    min_cell : int

    Notes
    -----
    What an item withholds could be computed with one figure more. Where it withholds nothing, but
    few people moved from one number to another, that figure could tell these: states were put
    together, other people are in its tables, or it has no flows in the categories of a group.
    """
    start, end = (np.asarray(panel.answers[score][panel.position(wave)]) for wave in pair)

    def few(apart: Integers) -> bool:
        """Tell whether few people made some move, in some part."""
        _, people = np.unique(np.stack([apart, start, end])[:, inside], axis=1, return_counts=True)
        return bool(people.min() < min_cell)

    quiet: list[str] = []
    for page, tells in pages.items():
        if not set(pair) <= set(page.panel.asked(page.item)):
            continue
        people = in_base(page.panel, page.item, pair) & np.asarray(page.panel.domain)
        if not page.whole(*pair) or (tells and few(people.astype(np.int64))):
            return None
        shown = [name for name in groups if page.by_group(name)]
        quiet += [n for n in shown if not page.whole_by(n) or (tells and few(groups[n]))]
    return quiet
