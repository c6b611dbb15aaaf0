"""Codes without gaps: numbers for those that occur."""

import numpy as np

from opinionpanel.arrays import Integers

# Up to so many codes for each person a table of all is quicker than sorting.
MOST_CODES = 8


def renumbered(codes: Integers) -> tuple[Integers, Integers]:
    """Give the codes that occur the numbers 0, 1, … in their order; -1 stays -1.

    Returns
    -------
    used : numpy.ndarray of int
        The codes that occur, in order.
    numbers : numpy.ndarray of int
        The number of each person's code.

    Examples
    --------
    >>> import numpy as np
    >>> used, numbers = renumbered(np.array([7, 2, -1, 7]))
    >>> used.tolist(), numbers.tolist()
    ([2, 7], [1, 0, -1, 1])
    """
    most = int(codes.max(initial=-1))
    if most >= MOST_CODES * len(codes):
        used = np.unique(codes[codes >= 0])
        return used, np.where(codes >= 0, np.searchsorted(used, codes), -1)
    # The code -1 has the place at the end.
    occurs = np.zeros(most + 2, dtype=bool)
    occurs[codes] = True
    occurs[-1] = False
    number = np.cumsum(occurs) - 1
    number[-1] = -1
    return np.flatnonzero(occurs), number[codes]
