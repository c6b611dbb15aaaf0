"""Whole shares of a base by what people did, not by what they answered: moves, numbers of changes.

They are drawn as the states of an item are.
"""

from opinionpanel.charts.stacked_sides import Sides, sides_of
from opinionpanel.estimates import PAIR, Estimates

# By their measure: the label column whose shares add up, and the one of its values that is grey.
WHOLES = {
    "direction": ("move", "same"),
    "joint_change": ("moved", "neither"),
    "number_of_changes": ("changes", "0"),
}


def is_whole(estimates: Estimates) -> bool:
    """Tell whether estimates are such shares: several of a base, and no differences of them."""
    about = estimates.about
    column, _ = WHOLES.get(about.measure, ("", ""))
    mine = about.columns(estimates.labels, "time", "component")
    if estimates.unit != "share" or mine != [*_times(estimates), column]:
        return False
    # A single one has an interval in a chart of dots.
    return estimates.labels[column].nunique() > 1


def answers_column(estimates: Estimates) -> str:
    """Name the label column of the shares of a base that add up."""
    return WHOLES[estimates.about.measure][0] if is_whole(estimates) else "state"


def time_columns(estimates: Estimates) -> list[str]:
    """Name the label columns of waves, or of pairs of waves."""
    return _times(estimates) if is_whole(estimates) else ["wave"]


def answers_of(estimates: Estimates) -> list[str]:
    """List states, or what people did, in the order in which bars stand."""
    found = [str(value) for value in estimates.labels[answers_column(estimates)].unique()]
    # Towards the state that an item names first, as its own bars begin with it.
    along = estimates.about.measure == "direction" and estimates.about.states
    return found[::-1] if along else found


def neutral_of(estimates: Estimates) -> str:
    """Name the state, or what people did, that is grey."""
    return WHOLES[estimates.about.measure][1] if is_whole(estimates) else estimates.about.neutral


def sides_in(estimates: Estimates, *, ordered: bool) -> Sides:
    """Tell sides apart: of moves both ways, of an item as its states are ordered."""
    ordered = ordered and (not is_whole(estimates) or estimates.about.measure == "direction")
    return sides_of(answers_of(estimates), neutral=neutral_of(estimates), ordered=ordered)


def _times(estimates: Estimates) -> list[str]:
    return [name for name in PAIR if name in estimates.about.columns(estimates.labels, "time")]
