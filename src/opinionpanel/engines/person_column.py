"""One value per person, wherever people live; and how many of them fulfil conditions."""

from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from opinionpanel.engines.engine_column import EngineColumn, count_on_engine

# What stands for no number, where columns of engines know no blanks; and the least number, which
# stands for -inf where a file has that.
NONE, LEAST = -np.inf, -float(np.finfo(np.float64).max)

Name = TypeVar("Name", bound=Hashable)


class PersonColumn(Protocol):
    """One value per person: a numpy array of shape (people,), or an `EngineColumn`.

    Both obey the operators of numpy, `numpy.where` and what `engine_column.FUNCTIONS` lists.
    """

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the values."""

    @property
    def shape(self) -> Any:
        """The number of people."""

    def __getitem__(self, people: Any, /) -> Any:
        """Take the values of some people; an engine refuses."""

    def __len__(self) -> int: ...
    def __array__(self) -> npt.NDArray[Any]: ...
    def astype(self, dtype: Any, /) -> Any:
        """Bring the values to another type."""

    def copy(self) -> Any:
        """Return a column that may be changed."""

    def any(self) -> Any:
        """Tell whether anyone's value is true."""

    def all(self) -> Any:
        """Tell whether everyone's value is true."""

    def sum(self) -> Any:
        """Add up everyone's value."""

    def __and__(self, other: Any, /) -> Any: ...
    def __or__(self, other: Any, /) -> Any: ...
    def __invert__(self) -> Any: ...
    def __add__(self, other: Any, /) -> Any: ...
    def __sub__(self, other: Any, /) -> Any: ...
    def __rsub__(self, other: Any, /) -> Any: ...
    def __mul__(self, other: Any, /) -> Any: ...
    def __truediv__(self, other: Any, /) -> Any: ...
    def __eq__(self, other: object, /) -> Any: ...
    def __ne__(self, other: object, /) -> Any: ...
    def __lt__(self, other: Any, /) -> Any: ...
    def __le__(self, other: Any, /) -> Any: ...
    def __gt__(self, other: Any, /) -> Any: ...
    def __ge__(self, other: Any, /) -> Any: ...


class PersonRows(Protocol):
    """A `PersonColumn` for each wave: an array of shape (waves, people), or a tuple of columns."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: Any, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...


class Counting:
    """Numbers of people for whom conditions hold.

    Arrays are counted at once and need not be kept; columns of an engine together, in one pass.
    """

    def __init__(self) -> None:
        self._found: dict[Any, int] = {}
        self._asked: dict[Any, EngineColumn] = {}

    def add(self, name: Hashable, condition: PersonColumn) -> None:
        """Ask for whom a condition holds."""
        if isinstance(condition, EngineColumn):
            self._asked[name] = condition
        else:
            self._found[name] = int(np.count_nonzero(condition))

    def found(self) -> dict[Any, int]:
        """Count what was asked for."""
        if self._asked:
            self._found |= count_on_engine(self._asked)
            self._asked = {}
        return self._found


def how_many(conditions: Iterable[tuple[Name, Any]]) -> dict[Name, int]:
    """Count the people for whom each of some named conditions holds."""
    counting = Counting()
    for name, condition in conditions:
        counting.add(name, condition)
    return counting.found()
