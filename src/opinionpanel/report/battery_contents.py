"""What the page of several items shows: a battery, or a question that takes several answers."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pandas as pd

from opinionpanel.arrays import Integers
from opinionpanel.disclosure import Published, Shown
from opinionpanel.escaping import in_order, one_line
from opinionpanel.estimates import About, Labels, Withheld, stacked
from opinionpanel.questions import SELECTED, Option
from opinionpanel.report.grids import without_limits
from opinionpanel.report.told import Told

# The label columns of items, and of the options of a question.
ITEM, OPTION = "item", "option"


class OneItem(Protocol):
    """What is needed of an item: what is published of it, and what was found."""

    item: str
    page: str
    told: Told

    @property
    def published(self) -> Published:
        """The tables of the item that leave together."""

    @property
    def findings(self) -> Sequence[str]:
        """What a reader should know first."""


class BatteryContents:
    """What the page of a battery shows: of each item what its own page would.

    Parameters
    ----------
    told : Told
    name : str
        Of the battery, or of the question.
    page : str
        The name of its page, and the beginning of those of its files.
    items : sequence of OneItem
    linked : sequence of str
        The pages of the items that have one.

    Attributes
    ----------
    column : {"item", "option"}
        The label column that tells items apart.
    """

    def __init__(
        self, told: Told, name: str, page: str, items: Sequence[OneItem], linked: Sequence[str]
    ) -> None:
        self.name, self.page, self.items, self.linked, self._told = name, page, items, linked, told
        first = told.study.panel.item(items[0].item)
        self.column = OPTION if isinstance(first, Option) else ITEM

    @cached_property
    def called(self) -> Mapping[str, str]:
        """What each item is called in tables and charts, by its name."""
        panel, found = self._told.study.panel, {}
        for one in self.items:
            asked = panel.item(one.item)
            option = asked.option if isinstance(asked, Option) else ""
            # What a study calls its options; "net" or "total" is then no word of the library.
            own = self._told.names.get(option, option)
            found[one.item] = in_order(one_line(own)) if option else one.told.label(one.item)
        return found

    @cached_property
    def told(self) -> Told:
        """What tells of the page, with the names of the items."""
        study = self._told.study
        texts = study.texts
        selected = {SELECTED: self._told.say("selected")}
        names = {**selected, **texts.names, **self._states, **self.called}
        return replace(self._told, study=replace(study, texts=replace(texts, names=names)))

    @property
    def _states(self) -> Mapping[str, str]:
        return self.items[0].told.names

    @property
    def label(self) -> str:
        """What readers are told the battery is called."""
        return self._told.study.said_of(self.name, "label") or self.name

    @property
    def question(self) -> str:
        """The wording that all items have in common; empty for none."""
        return self._told.study.said_of(self.name, "question")

    @cached_property
    def shares(self) -> Shown | None:
        """The shares of all items as one table, with intervals that hold at once."""
        parts = {
            one.item: _of_selected(shown) if self.column == OPTION else shown
            for one in self.items
            if (shown := one.published.shares()[0]) is not None
        }
        return self._joined(parts)

    @cached_property
    def drawn(self) -> Shown | None:
        """The shares that a chart shows: with change between two waves only where all may be told.

        A chart of dots gives the interval of the change, which may tell of few people.
        """
        shown = self.shares
        changes = [one.published.trend() for one in self.items]
        if shown is None or not any(one and without_limits(one) for one in changes):
            return shown
        labels = shown.estimates.labels
        last = labels.groupby(self.column)["wave"].transform("last")
        return _rows(shown, np.flatnonzero(labels["wave"] == last))

    @cached_property
    def turnover(self) -> Shown | None:
        """Who gave another answer between the main waves of each item; None where nobody can."""
        parts = {}
        for one in self.items:
            if (pair := one.published.main_pair) is not None:
                shown = one.published.turnover(*pair)
                total = (shown.estimates.labels["component"] == "total").to_numpy()
                parts[one.item] = _rows(shown, np.flatnonzero(total))
        return self._joined(parts)

    def _joined(self, parts: Mapping[str, Shown]) -> Shown | None:
        if not parts:
            return None
        labels = [
            part.estimates.labels.assign(**{self.column: name})[
                [self.column, *part.estimates.labels]
            ]
            for name, part in parts.items()
        ]
        first, *others = [part.estimates.about for part in parts.values()]

        def union(field: str) -> tuple[str, ...]:
            return tuple(
                dict.fromkeys(wave for one in (first, *others) for wave in getattr(one, field))
            )

        waves = union("waves")
        about = replace(
            first,
            item=self.label,
            label=self.label,
            question=self.question,
            called={**self.called},
            waves=tuple(wave for wave in first.all_waves if wave in waves),
            asked_waves=tuple(w for w in first.all_waves if w in union("asked_waves")),
            weights=_weights(first.all_waves, (*others, first)),
            # What is told of a single item stands below the table.
            asked={},
            weightless={},
            lost={},
            notes={},
            coded={},
            changes={},
            roles={**first.roles, self.column: "item"},
            simultaneous=True,
        )
        estimates = stacked(
            [part.estimates for part in parts.values()], Labels.of(pd.concat(labels)), about
        )
        rows = np.concatenate([part.hidden for part in parts.values()])
        dials = next(iter(parts.values())).withheld
        return Shown(estimates, Withheld(rows, dials.min_n, dials.min_cell))

    @property
    def findings(self) -> Sequence[str]:
        """What was found of each item that was asked twice, in a sentence."""
        return [
            self.told.say("{what}: {text}", what=self.called[one.item], text=one.findings[0])
            for one in self.items
            # Of what was asked once, nothing changed.
            if len(self._told.study.panel.asked(one.item)) > 1 and one.findings
        ]


def _weights(waves: Sequence[str], items: Sequence[About]) -> Mapping[Any, str]:
    """Join the weights of items, in the order of the waves."""
    every = {key: text for one in items for key, text in one.weights.items()}
    return {key: every[key] for key in sorted(every, key=lambda key: _order(waves, key))}


def _order(waves: Sequence[str], key: Hashable) -> list[int]:
    """Give the places of a wave, or of those of a pair."""
    names = key if isinstance(key, tuple) else (key,)
    return [waves.index(name) for name in names if name in waves]


def _of_selected(shown: Shown) -> Shown:
    """Keep the share of those who selected an option; the others are the rest."""
    rows = np.flatnonzero(shown.estimates.labels["state"] == SELECTED)
    return _rows(shown, rows)


def _rows(shown: Shown, rows: Integers) -> Shown:
    withheld = replace(shown.withheld, rows=shown.hidden[rows], limits=None)
    return Shown(shown.estimates.at(rows), withheld)
