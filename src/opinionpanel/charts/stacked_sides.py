"""The two sides of an item: which of its states agree and which disagree, and who is on neither."""

from collections.abc import Sequence
from dataclasses import dataclass

from opinionpanel.drawing import SILENT
from opinionpanel.questions import undecided_state


@dataclass(frozen=True)
class Sides:
    """States by the side they are on, each in the order of the item.

    Attributes
    ----------
    left, right : tuple of str
        Those that agree and those that disagree. Where an item has no two sides all are at the
        right.
    apart : tuple of str
        The undecided, and those without an answer.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    apart: tuple[str, ...]

    @property
    def two(self) -> bool:
        """Whether there are two sides."""
        return bool(self.left)


def sides_of(states: Sequence[str], *, neutral: str, ordered: bool) -> Sides:
    """Tell the sides of an item apart.

    Those before the undecided state agree, those after it disagree. Where it does not stand
    between them, or there is none, it is the first and the last half of the others, and of an odd
    number the middle is on neither side.

    Parameters
    ----------
    states : sequence of str
        In display order.
    neutral : str
        The undecided state; empty where the item has none.
    ordered : bool
        Whether the order says who agrees; parties have no sides.

    Examples
    --------
    >>> sides_of(["approve", "oppose", "unsure"], neutral="unsure", ordered=True)
    Sides(left=('approve',), right=('oppose',), apart=('unsure',))
    >>> sides_of(["red", "green", "blue"], neutral="", ordered=False).right
    ('red', 'green', 'blue')
    """
    if not ordered:
        return Sides((), tuple(states), ())
    # An item that says that nobody is undecided means all of its states.
    away = {state for state in states if state in SILENT or state == neutral}
    away |= {state for state in states if neutral and undecided_state([state])}
    decided = [state for state in states if state not in away]
    place = states.index(neutral) if neutral in states else 0
    left = [state for state in decided if states.index(state) < place]
    right = decided[len(left) :]
    if not left or not right:
        half = len(decided) // 2
        left, right = decided[:half], decided[len(decided) - half :]
    if not left:
        return Sides((), tuple(states), ())
    return Sides(
        tuple(left),
        tuple(right),
        tuple(state for state in states if state not in left and state not in right),
    )
