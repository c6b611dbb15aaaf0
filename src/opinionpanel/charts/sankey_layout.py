"""Where the nodes and ribbons of a Sankey lie, in shares of the base; no drawing."""

from dataclasses import dataclass

import numpy as np

from opinionpanel.arrays import Floats


@dataclass(frozen=True)
class NodeColumn:
    """The nodes of one wave.

    Attributes
    ----------
    top, height : numpy.ndarray, shape (states,)
        From 0 at the top, downwards; the share of a state is its height.
    """

    top: Floats
    height: Floats


@dataclass(frozen=True)
class Layout:
    """Nodes by wave, and the upper edge of every ribbon at both of its ends.

    Attributes
    ----------
    columns : tuple of NodeColumn
    starts, ends : numpy.ndarray, shape (waves - 1, states, states)
        Upper edge at the origin and at the destination; the thickness is the flow itself.
    """

    columns: tuple[NodeColumn, ...]
    starts: Floats
    ends: Floats


def place(flows: Floats, nodes: Floats, gap: float) -> Layout:
    """Stack the states of every wave from the top, and the ribbons within every node.

    Parameters
    ----------
    flows : numpy.ndarray, shape (waves - 1, states, states)
        Shares from origin (second axis) to destination (third); 0 for those that are not drawn,
        which leave their room at the end of a node.
    nodes : numpy.ndarray, shape (waves, states)
        Shares of the states.
    gap : float
        White space between two nodes, as a share. States that nobody is in take no space.
    """
    columns = tuple(NodeColumn(_tops(height, gap), height) for height in nodes)
    tops = np.array([column.top for column in columns])
    # Ribbons leave a node in the order of their destinations and enter in that of their origins.
    starts = tops[:-1, :, None] + _before(flows, axis=2)
    ends = tops[1:, None, :] + _before(flows, axis=1)
    return Layout(columns, starts, ends)


def _tops(heights: Floats, gap: float) -> Floats:
    return _before(heights + gap * (heights > 0), axis=0)


def _before(values: Floats, axis: int) -> Floats:
    """Add up what comes before each value."""
    total: Floats = np.cumsum(values, axis=axis) - values
    return total
