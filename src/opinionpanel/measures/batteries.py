"""Batteries: several items in one tally, so that there is a covariance between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates import About, Estimates, Role
from opinionpanel.panel import Panel
from opinionpanel.phrases import in_a_row
from opinionpanel.questions import SELECTED

# An item of the panel, or several of them.
Items = str | Sequence[str]
# Of more items a title says how many they are.
MOST_NAMED = 3


@dataclass(frozen=True)
class Battery:
    """Items that are measured together.

    Attributes
    ----------
    items : dict of str to str
        The items by their names in the panel, with what tables call them.
    column : str
        The label column that tells them apart; "" where there is a single item.
    name : str
        What titles of tables call all of them; "" for their own names.
    label : str
        What titles of charts call all of them; "" for nothing.
    called : dict of str to str
        What charts call each, by what tables do.
    state : str
        The state whose figures alone are given; "" for those of all.
    """

    items: Mapping[str, str]
    column: str = ""
    name: str = ""
    label: str = ""
    called: Mapping[str, str] = field(default_factory=dict)
    state: str = ""

    @property
    def apart(self) -> bool:
        """Whether each item has a base of its own."""
        return bool(self.column) and not self.state

    @property
    def names(self) -> list[str]:
        """The items, as the panel names them."""
        return list(self.items)

    @property
    def keys(self) -> dict[str, Role]:
        """The label column that tells items apart, and what it stands for."""
        return {self.column: "item"} if self.column else {}

    def key(self, item: str) -> tuple[str, ...]:
        """Label the tables of an item."""
        return (self.items[item],) if self.column else ()

    def told(self, about: About, title: str) -> About:
        """Say in a caption what it is about."""
        if not self.column:
            return replace(about, title=title)
        label = self.label
        return replace(about, title=title, item=str(self), label=label, called=self.called)

    def kept(self, estimates: Estimates) -> Estimates:
        """Keep the figures of the one state that matters."""
        return estimates.select(state=self.state) if self.state else estimates

    def __str__(self) -> str:
        names = list(self.items.values())
        if self.name:
            return self.name
        return in_a_row(names) if len(names) <= MOST_NAMED else f"{len(names)} items"


def as_battery(panel: Panel, item: str | Battery) -> Battery:
    """Take a single item as a battery of one without a column."""
    if isinstance(item, Battery):
        return item
    # What takes scores as well refuses one that it does not take.
    if item not in panel.scores:
        panel.item(item)
    return Battery({item: item})


def battery_of(panel: Panel, item: Items) -> Battery:
    """Look up the items to measure, and refuse those that do not go into one table.

    Raises
    ------
    SelectionError
        An item that the panel does not have, or one twice; none; items with other states.
    """
    if isinstance(item, str):
        options = panel.options_of(item)
        if not options:
            return as_battery(panel, item)
        first = next(iter(options.values()))
        names = {name: option.option for name, option in options.items()}
        return Battery(names, "option", item, first.title, state=SELECTED)
    several = list(item)
    if not several or len(set(several)) < len(several):
        raise SelectionError(
            f"A battery is a list of different items, got {listing(several)}. This panel has "
            f"{listing(panel.items)}."
        )
    _check_states(panel, several)
    labels = {name: label for name in several if (label := panel.item(name).label)}
    return Battery({name: name for name in several}, "item", called=labels)


def _check_states(panel: Panel, names: Sequence[str]) -> None:
    """Refuse items whose states are other ones, or stand in another order."""
    first, *others = names
    states = panel.item(first).state_names
    for name in others:
        if (own := panel.item(name).state_names) != states:
            raise SelectionError(
                f"Items in one table have the same states in the same order: {first!r} has "
                f"{listing(states)}, and {name!r} has {listing(own)}. Call the measure for each "
                "of them, or give them the same states in their Items."
            )


def one_base(names: Mapping[str, Sequence[str]], base: str) -> list[str]:
    """List the waves of some items once; where the base needs all of them, the same for each."""
    different = {tuple(waves) for waves in names.values()}
    if base != "answered" and len(different) > 1:
        raise SelectionError(
            f"base={base!r} has one base for all waves, and these items were asked at different "
            "ones. Name waves that asked all of them, with waves=."
        )
    return list(dict.fromkeys(wave for waves in names.values() for wave in waves))


def same_of(texts: Iterable[str]) -> str:
    """Give the text that several items share; "" where they differ."""
    different = set(texts)
    return different.pop() if len(different) == 1 else ""
