"""The questions of a panel by name: items, whose answers are states, and scores, numbers."""

from collections.abc import Mapping

from opinionpanel.arrays import Floats
from opinionpanel.errors import SelectionError, listing, unknown
from opinionpanel.questions import AnyQuestion, Item, Option, Score


class QuestionsAsked:
    """What has items and scores; nothing is both."""

    items: Mapping[str, Item]
    scores: Mapping[str, Score]
    numbers: Mapping[str, Floats]

    def item(self, name: str) -> Item:
        """Return an item of the panel.

        Parameters
        ----------
        name : str
            The item's name in the panel.

        Returns
        -------
        Item
            The question, with its states and columns.

        Raises
        ------
        SelectionError
            The panel has no such item; the nearest name is in the message.

        Examples
        --------
        >>> import opinionpanel as op
        >>> op.datasets.load("attitudes_2024").panel.item("support").state_names
        ('approve', 'unsure', 'oppose')
        """
        if isinstance(name, str) and name in self.scores:
            items = f"Items of this panel: {listing(list(self.items))}."
            raise SelectionError(
                f"{name!r} is a score, whose answers are numbers: means, quantiles and mean_change "
                f"are for scores. {items if self.items else 'This panel has no items.'}"
            )
        self._refuse_several(name)
        if not isinstance(name, str) or name not in self.items:
            raise unknown("item", name, self.items)
        return self.items[name]

    def options_of(self, name: str) -> dict[str, Option]:
        """List the options of a question that takes several answers, by their names as items."""
        known = isinstance(name, str) and name not in self.items
        return {
            key: item
            for key, item in self.items.items()
            if known and isinstance(item, Option) and item.multiple == name
        }

    def _refuse_several(self, name: str) -> None:
        """Refuse a question that takes several answers where one of its options is needed."""
        if options := self.options_of(name):
            raise SelectionError(
                f"{name!r} takes several answers, and here one of its options is needed: "
                f"{listing(options)}. All of them together are for shares, turnover and "
                f"net_change, which take {name!r} by itself."
            )

    def score(self, name: str) -> Score:
        """Return a score of the panel.

        Parameters
        ----------
        name : str
            The score's name in the panel.

        Returns
        -------
        Score
            The question, with its columns and the ends of its scale.

        Raises
        ------
        SelectionError
            The panel has no such score; the nearest name is in the message.

        Examples
        --------
        >>> import pandas as pd
        >>> import opinionpanel as op
        >>> frame = pd.DataFrame({"id": [1, 2], "warmth": [40, 85]})
        >>> warmth = op.Score("warmth", low=0, high=100)
        >>> panel = op.Panel.from_waves({"May": frame}, person="id", items={"warmth": warmth})
        >>> panel.score("warmth").high
        100
        """
        if isinstance(name, str) and name in self.items:
            raise SelectionError(
                f"{name!r} is an item, whose answers are states: shares and flows are for items. "
                "To average its codes, declare the column as a Score as well, under another name."
            )
        if self.options_of(name):
            raise SelectionError(
                f"{name!r} takes several answers, none of which is a number: shares, turnover and "
                "net_change are for it."
            )
        if not isinstance(name, str) or name not in self.scores:
            raise unknown("score", name, self.scores)
        return self.scores[name]

    @property
    def questions(self) -> Mapping[str, AnyQuestion]:
        """All items, then all scores, by name."""
        return {**self.items, **self.scores}

    def question(self, name: str) -> AnyQuestion:
        """Return an item or a score of the panel."""
        known = self.questions
        self._refuse_several(name)
        if not isinstance(name, str) or name not in known:
            raise unknown("item or score", name, known)
        return known[name]

    def answers_known(self, name: str) -> int:
        """Count the answers that people may have: states, or the numbers that occur."""
        return len(self.numbers[name] if name in self.scores else self.items[name].state_names)
