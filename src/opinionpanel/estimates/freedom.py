"""Degrees of freedom that nobody works out before they are looked at."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Places
from opinionpanel.estimates.derivatives import least


class Freedom:
    """The degrees of freedom of m estimates, found when first looked at.

    Values and covariances do without them, and those of replicate weights, a rank in every domain,
    cost more than everything else.

    Parameters
    ----------
    find : callable
        Gives an array of shape (m,).
    now : bool
        Find them at once: an engine may be gone when somebody looks.
    """

    def __init__(self, find: Callable[[], Floats], *, now: bool = False) -> None:
        self._find = find
        if now:
            _ = self.values

    @cached_property
    def values(self) -> Floats:
        """The degrees of freedom, shape (m,)."""
        found = self._find()
        # What finds them holds the people, who are needed no more.
        self._find = lambda: found
        return found

    def at(self, rows: Places | list[int]) -> "Freedom":
        """Keep those at some places."""
        return Freedom(lambda: self.values[rows])

    def least(self, depends: Booleans) -> "Freedom":
        """Take, for each row, the least of those that it depends on."""
        return Freedom(lambda: least(depends, self.values))

    def __reduce__(self) -> Any:
        # What finds them holds the people, and does not go into another process or a file.
        return Freedom, (partial(np.asarray, self.values),)
