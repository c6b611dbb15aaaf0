"""What of a Sankey stands out: some states or flows, while the rest is grey."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Booleans
from opinionpanel.errors import SelectionError, shown, unknown

# A state, or an origin and a destination; or several of these.
Highlight = str | tuple[str, str] | Sequence[str | tuple[str, str]]


@dataclass(frozen=True)
class Lit:
    """Which states, and which flows from each state to each, keep their colours."""

    states: Booleans
    flows: Booleans


def lit(highlight: Highlight | None, states: Sequence[str]) -> Lit:
    """Mark what is highlighted; everything where nothing is asked for.

    A state lights all flows from and to it; a flow lights the states at its ends.

    Raises
    ------
    SelectionError
        A state that is not there, or a flow of other than two.

    Examples
    --------
    >>> lit(("approve", "unsure"), ["approve", "unsure", "oppose"]).states
    array([ True,  True, False])
    """
    size = len(states)
    if highlight is None:
        return Lit(np.ones(size, dtype=bool), np.ones((size, size), dtype=bool))
    several = [highlight] if isinstance(highlight, (str, tuple)) else highlight
    nodes, flows = np.zeros(size, dtype=bool), np.zeros((size, size), dtype=bool)
    for one in several:
        ends = [_place(state, states) for state in ([one] if isinstance(one, str) else one)]
        if not isinstance(one, str) and len(ends) != 2:
            raise SelectionError(
                f"highlight= names a flow by its origin and its destination, not by {len(ends)} "
                f"states: {shown(one)}. Several states or flows stand in a list."
            )
        nodes[ends] = True
        if isinstance(one, str):
            flows[ends, :] = flows[:, ends] = True
        else:
            flows[ends[0], ends[1]] = True
    return Lit(nodes, flows)


def _place(state: str, states: Sequence[str]) -> int:
    if state not in states:
        raise unknown("state in highlight:", state, states)
    return states.index(state)
