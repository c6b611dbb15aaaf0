"""Names of the version before this one: they still work, and say how they are written now."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

# Rooms are imported when an old name is called: asking for one must not load what it stands on.


def moves(*args: Any, **named: Any) -> Any:
    """Do what `direction` does."""
    from opinionpanel.measures import direction

    return direction(*args, **named)


def mean_changes(*args: Any, **named: Any) -> Any:
    """Do what `number_of_changes` does with ``mean=True``."""
    from opinionpanel.measures import number_of_changes

    return number_of_changes(*args, mean=True, **named)


def turnover_interval(bounds: Any, *, level: float = 0.95) -> Any:
    """Do what ``.between_bounds()`` does, with its columns in another order."""
    found = bounds.between_bounds(level=level)
    last = ["retained", "answered", "n"]
    return found[[*(name for name in found if name not in last), *last]]


def corrected_flows(*args: Any, response: Any, **named: Any) -> Any:
    """Do what `error_sensitivity` does with ``measure="flows"``."""
    from opinionpanel.measures import error_sensitivity

    return error_sensitivity(*args, response=response, measure="flows", **named)


def error_rates(*args: Any, rates: Sequence[float] = (0.0, 0.02, 0.05, 0.1), **named: Any) -> Any:
    """Do what `error_sensitivity` does with several shares of wrong answers."""
    from opinionpanel.measures import error_sensitivity

    return error_sensitivity(*args, response=rates, **named)


# Each with the call that takes its place.
EARLIER: Mapping[str, tuple[Callable[..., Any], str]] = MappingProxyType(
    {
        "moves": (moves, "direction(panel, item)"),
        "mean_changes": (mean_changes, "number_of_changes(panel, item, mean=True)"),
        "turnover_interval": (turnover_interval, "turnover_bounds(panel, item).between_bounds()"),
        "corrected_flows": (
            corrected_flows,
            "error_sensitivity(panel, item, response=…, measure='flows')",
        ),
        "error_rates": (error_rates, "error_sensitivity(panel, item, response=[0.02, 0.05])"),
    }
)


def earlier(name: str) -> Callable[..., Any]:
    """Give what a name of `EARLIER` stood for, with a warning where it was asked for."""
    function, now = EARLIER[name]
    warnings.warn(
        f"opinionpanel.{name} goes with the next version. Write opinionpanel.{now}.",
        DeprecationWarning,
        stacklevel=3,
    )
    return function
