"""Items whose answers are those of a score, so that both pages tell of the same moves."""

from collections.abc import Callable, Mapping

import numpy as np

from opinionpanel.arrays import Booleans, Integers
from opinionpanel.disclosure.publication import Published
from opinionpanel.disclosure.score_moves import MOST_NUMBERS
from opinionpanel.panel import Panel

Pair = tuple[str, str]


def items_like(panel: Panel, score: str, pair: Pair, inside: Booleans) -> list[str]:
    """Name the items of two states and more whose answers tell the number of a score.

    Of a score of two or three numbers also those whose answers follow from it. Of others they tell
    nothing of these: steps within an answer could be any.

    Parameters
    ----------
    panel : Panel
    score : str
    pair : tuple of str
    inside : numpy.ndarray of bool, shape (people,)
        Who has a number at both waves.
    """
    number = _both(panel, score, pair, inside)
    found = []
    for item in panel.items:
        if not set(pair) <= set(panel.asked(item)) or len(panel.item(item).state_names) < 2:
            continue
        answer = _both(panel, item, pair, inside)
        together = np.unique(np.stack([number, answer]), axis=1).shape[1]
        numbers, answers = len(np.unique(number)), len(np.unique(answer))
        if together == answers or (together == numbers <= MOST_NUMBERS):
            found.append(item)
    return found


def told_beside(
    panel: Panel,
    score: str,
    pair: Pair,
    inside: Booleans,
    groups: Mapping[str, Integers],
    published: Callable[[str], Published],
    min_cell: int,
) -> list[str] | None:
    """Say by which groups the page of a score tells nothing of moves; None where nowhere at all.

    Parameters
    ----------
    panel : Panel
        As every page has it, before anything is put together.
    score : str
    pair : tuple of str
    inside : numpy.ndarray of bool, shape (people,)
        Who has a number at both waves.
    groups : dict of str to numpy.ndarray of int, shape (people,)
        The category of each person on the page of the score.
    published : function
        Decides what the page of an item shows.
    min_cell : int

    Notes
    -----
    What an item withholds could be computed with one figure more. By group it tells of moves of few
    people as far as it does not tell how many these are, which one figure more may do as well.
    """
    quiet: list[str] = []
    for item in items_like(panel, score, pair, inside):
        page = published(item)
        if not page.whole(*pair):
            return None
        start, end = (np.asarray(panel.answers[score][panel.position(wave)]) for wave in pair)
        for group, codes in groups.items():
            moves = np.stack([codes, start, end])[:, inside]
            _, people = np.unique(moves, axis=1, return_counts=True)
            if page.by_group(group) and (people.min() < min_cell or not page.whole_by(group)):
                quiet.append(group)
    return quiet


def _both(panel: Panel, question: str, pair: Pair, inside: Booleans) -> Integers:
    """Give the answers of some people at two waves, one after the other."""
    rows = panel.answers[question]
    return np.concatenate([np.asarray(rows[panel.position(wave)])[inside] for wave in pair])
