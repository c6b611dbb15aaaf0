"""A function of one's own under one weight after the other, in one process or in several."""

import math
import pickle
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats
from opinionpanel.errors import SelectionError, listing, shown
from opinionpanel.models.people_as_frame import WEIGHT
from opinionpanel.progress import steps

Function = Callable[[pd.DataFrame], Any]
# What takes less seconds in one process is not worth starting others.
SECONDS = 10.0
# Portions of the replicates for each process: so many that none waits long for the others.
PORTIONS = 8
# Of the message of an error that is not ours, what one of ours shows.
LONGEST = 200


def value_of(
    function: Function, frame: pd.DataFrame, weight: Floats, where: str
) -> dict[str, float]:
    """Call the function with a copy of the frame and a weight, and read what it returns.

    Parameters
    ----------
    function : callable
    frame : pandas.DataFrame
        Without the weight.
    weight : numpy.ndarray, shape (rows,)
    where : str
        For errors: in which replicate, or on the whole sample.

    Raises
    ------
    SelectionError
        The function failed, with its own error as the cause; or it returned no numbers.
    """
    # Deep: whatever the function does to its frame, the next call gets it as it was.
    given = frame.copy(deep=True)
    given[WEIGHT] = np.array(weight)
    try:
        result = function(given)
    except Exception as error:
        text = " ".join(str(error).split())
        text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        raise SelectionError(
            f"The function failed {where}: {type(error).__name__}{': ' if text else ''}{text}"
        ) from error
    return _numbers(result, where)


def values_of(
    function: Function,
    frame: pd.DataFrame,
    column: Callable[[int], Floats],
    number: int,
    names: list[str],
    jobs: int | None,
    what: str,
) -> Floats:
    """Call the function under every replicate of the weight.

    Parameters
    ----------
    function, frame
        As in `value_of`.
    column : callable
        From the place of a replicate to its weights, shape (rows,).
    number : int
        How many replicates there are.
    names : list of str
        The names of the numbers that the function returned on the whole sample.
    jobs : int or None
        Processes; None for one or all processors, by the time that the first replicate takes.
    what : str
        For the progress bar.

    Returns
    -------
    numpy.ndarray, shape (number, names)
        NaN where a number is missing.
    """
    start = time.perf_counter()
    first = value_of(function, frame, column(0), _where(0, number))
    seconds = (time.perf_counter() - start) * (number - 1)
    if jobs is None:
        jobs = _processors() if seconds > SECONDS else 1
        jobs = jobs if jobs > 1 and _can_be_sent(function) else 1
    elif jobs > 1 and not _can_be_sent(function):
        raise SelectionError(
            "The function cannot be sent to other processes, as it holds something that cannot be "
            "copied, such as a connection to a database. Leave jobs= out, or connect inside the "
            "function."
        )
    jobs = min(jobs, number - 1)
    rest = _in_turn if jobs <= 1 else _in_processes
    rows = [first, *rest(function, frame, column, number, jobs, what)]
    return np.array([_row(found, names, _where(r, number)) for r, found in enumerate(rows)])


def _in_turn(
    function: Function,
    frame: pd.DataFrame,
    column: Callable[[int], Floats],
    number: int,
    jobs: int,
    what: str,
) -> Iterator[dict[str, float]]:
    for place in steps(range(1, number), what):
        yield value_of(function, frame, column(place), _where(place, number))


def _in_processes(
    function: Function,
    frame: pd.DataFrame,
    column: Callable[[int], Floats],
    number: int,
    jobs: int,
    what: str,
) -> Iterator[dict[str, float]]:
    """Share the replicates out among processes; one in which the function fails is told here."""
    from concurrent.futures.process import BrokenProcessPool

    import joblib

    portions = np.array_split(np.arange(1, number), min(number - 1, PORTIONS * jobs))
    work = (
        joblib.delayed(portion_of)(function, frame, [column(place) for place in places])
        for places in portions
    )
    # Without memory maps: nobody's answers are written to a disk.
    found = joblib.Parallel(n_jobs=jobs, return_as="generator", max_nbytes=None)(work)
    try:
        for places, _ in zip(portions, steps(portions, what), strict=True):
            for place, values in zip(places.tolist(), next(found), strict=True):
                if values is None:
                    # Here again, for the error with all that it tells.
                    values = value_of(function, frame, column(place), _where(place, number))
                yield values
    except SelectionError as error:
        # Ends what the processes still do, and comes back.
        found.throw(error)
    except BrokenProcessPool as error:
        raise SelectionError(
            "A process that ran the function ended by itself, as where memory runs out. Use fewer "
            "of them, jobs=1."
        ) from error


def portion_of(
    function: Function, frame: pd.DataFrame, weights: Iterable[Floats]
) -> list[dict[str, float] | None]:
    """Call the function under some weights; None where it fails."""
    return [_value_or_none(function, frame, weight) for weight in weights]


def _value_or_none(
    function: Function, frame: pd.DataFrame, weight: Floats
) -> dict[str, float] | None:
    try:
        return value_of(function, frame, weight, "")
    except SelectionError:
        return None


def _processors() -> int:
    import joblib

    return int(joblib.cpu_count())


def _can_be_sent(function: Function) -> bool:
    """Tell whether another process can be given the function."""
    import cloudpickle

    try:
        cloudpickle.dumps(function)
    except (pickle.PicklingError, TypeError, ValueError, AttributeError, RecursionError):
        return False
    return True


def _where(place: int, number: int) -> str:
    return f"in replicate {place + 1:,} of {number:,}"


def _row(found: Mapping[str, float], names: list[str], where: str) -> list[float]:
    """Put the numbers of a replicate in the order of those of the whole sample."""
    if more := [name for name in found if name not in names]:
        raise SelectionError(
            f"The function returned {listing(more)} {where}, and not on the whole sample. It must "
            "return the same numbers whatever the weights are; leave out what depends on them."
        )
    return [found.get(name, math.nan) for name in names]


def _numbers(result: Any, where: str) -> dict[str, float]:
    """Name the numbers that a function returned; "" for a single one without a name."""
    if isinstance(result, np.ndarray) and result.ndim == 0:
        result = result.item()
    named: dict[str, Any]
    if isinstance(result, Real) or result is pd.NA:
        named = {"": result}
    elif isinstance(result, (Mapping, pd.Series)):
        pairs = list(result.items())
        named = {str(name): value for name, value in pairs}
        if len(named) < len(pairs):
            raise SelectionError(
                f"The function returned {len(pairs)} numbers {where} under {len(named)} names. "
                "Give each a name of its own."
            )
    elif isinstance(result, (list, tuple)) or getattr(result, "ndim", 0) == 1:
        named = {str(place): value for place, value in enumerate(result, start=1)}
    else:
        raise _no_numbers(result, where)
    if not named:
        raise SelectionError(f"The function returned no number {where}.")
    for value in named.values():
        if not isinstance(value, Real) and value is not pd.NA:
            raise _no_numbers(value, where)
    # What stands for no number in pandas is none to Python.
    return {name: math.nan if value is pd.NA else float(value) for name, value in named.items()}


def _no_numbers(value: Any, where: str) -> SelectionError:
    what = "nothing (does it end with return?)" if value is None else shown(value)
    return SelectionError(
        f"The function returned {what} {where}. It must return a number, a dict or Series of named "
        "numbers, or a list or array of numbers in one row."
    )
