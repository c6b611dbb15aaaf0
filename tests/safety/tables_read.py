"""What the printed tables of a report say."""

import re
from itertools import combinations

import numpy as np
from figures import base, cell, pieces
from unknowns import NotToldApartError


class Tables:
    """Reads tables; what they say goes to a `Said`."""

    def __init__(self, said):
        self.said, self.outline = said, said.outline

    def take(self, part, table):
        """Read one table, if it is of a kind that is known."""
        read = {
            "shares": self._shares,
            "shares_by": self._shares_by,
            "flows": self._flows,
            "all_waves": self._flows,
            "transitions": self._transitions,
            "opposites": self._opposites,
            "turnover": self._turnover,
            "net_change": self._net_change,
            "response_error": self._observed,
        }.get(part.name)
        self.said.source = f"table of {part.name}"
        try:
            if read:
                read(part, table)
        except NotToldApartError:
            # About more waves at once than the unknowns tell apart.
            return

    def _rows(self, table):
        """Give the labels, the cells by column and the base of every row."""
        for cells, labels in table.rows:
            values = dict(zip(table.header, cells, strict=False))
            yield cells[:labels], values, base(values.get("n", ""))

    def _columns(self, values):
        """Give the columns that are states, merged ones too, with their cells."""
        for name, text in values.items():
            if states := self.said.values(name):
                yield states, text

    def _of_pair(self, part, table):
        """Give the rows of a table about a pair of waves, with the pair and the base."""
        pair = self.said.pair(table.caption, part.arguments)
        of = self.said.base(table.note, pair or ())
        if pair and of:
            for labels, values, people in self._rows(table):
                yield pair, of, labels, values, people

    def _row(self, of, wave, values, people, key):
        """Read a row of shares of one base; key names its cells but for the state."""
        self.said.base_is(of, people)
        for states, text in self._columns(values):
            counted = self.said.count(self.said.within(of, {wave: states}))
            self.said.cell(counted, of, text)
            if key and len(states) == 1 and (cell(text) or text == "–"):
                self.said.shown.add((*key, *states))

    def _shares(self, part, table):
        for labels, values, people in self._rows(table):
            for wave in self.outline.waves:
                if wave in labels and (of := self.said.base(table.note, [self.said.wave(wave)])):
                    self._row(of, self.said.wave(wave), values, people, ("share", wave))

    def _shares_by(self, part, table):
        group, last = part.arguments[0], len(self.outline.waves) - 1
        of = self.said.base(table.note, [last])
        for labels, values, people in self._rows(table):
            categories = pieces(labels[0], self.outline.groups[group]) if labels else None
            if categories and of:
                key = ("by", group, *categories) if len(categories) == 1 else None
                self._row({**of, group: categories}, last, values, people, key)

    def _flows(self, part, table):
        for pair, of, labels, values, people in self._of_pair(part, table):
            self.said.base_is(of, people)
            origins = self.said.values(labels[0]) if labels else None
            for destinations, text in self._columns(values) if origins else ():
                inside = self.said.within(of, {pair[0]: origins, pair[1]: destinations})
                self.said.cell(self.said.count(inside), of, text)
                if cell(text) and len(origins) == len(destinations) == 1:
                    key = ("flow", pair, part.name == "all_waves", *origins, *destinations)
                    self.said.shown.add(key)

    def _transitions(self, part, table):
        for pair, of, labels, values, people in self._of_pair(part, table):
            origins = self.said.values(labels[0]) if labels else None
            if origins:
                key = ("transition", pair, *origins) if len(origins) == 1 else None
                self._row(self.said.within(of, {pair[0]: origins}), pair[1], values, people, key)

    def _opposites(self, part, table):
        for pair, of, labels, values, people in self._of_pair(part, table):
            found = re.fullmatch(r"(.*) → (.*) minus (.*) → (.*)", labels[0] if labels else "")
            ends = [self.said.values(name) for name in found.groups()] if found else [None]
            if all(ends):
                self.said.base_is(of, people)
                there, back = (
                    self.said.count(self.said.within(of, dict(zip(pair, way, strict=True))))
                    for way in (ends[:2], ends[2:])
                )
                self.said.cell(there - back, of, values.get("estimate", ""), there + back)

    def _turnover(self, part, table):
        for pair, of, _, values, people in self._of_pair(part, table):
            self.said.base_is(of, people)
            net, exchange = (cell(values.get(name, "")) for name in ("net", "exchange"))
            self.said.cell(self.said.movers(of, pair), of, values.get("total", ""))
            if net:
                self._net(of, pair, net)
            if exchange:
                self._exchange(of, pair, exchange)

    def _net(self, of, pair, share):
        """Half the sum of the sizes of all changes: no more than is printed."""
        sizes = {}
        for state in self.outline.states:
            size = self.said.helper()
            sizes[size] = -0.5
            change = self.said.change(of, pair, {state})
            for one in (change, -change):
                self.said.between(one, 0, np.inf, {size: 1.0})
        self.said.between(share.high * self.said.count(of), 0, np.inf, sizes)

    def _exchange(self, of, pair, share):
        """Twice the sum of the smaller of opposite flows: no less than is printed."""
        smaller = {}
        for a, b in combinations(self.outline.states, 2):
            name = self.said.helper()
            smaller[name] = 2.0
            for ends in ((a, b), (b, a)):
                way = {wave: {state} for wave, state in zip(pair, ends, strict=True)}
                flow = self.said.count(self.said.within(of, way))
                self.said.between(flow, 0, np.inf, {name: -1.0})
        self.said.between(-share.low * self.said.count(of), 0, np.inf, smaller)

    def _net_change(self, part, table):
        for pair, of, _, values, people in self._of_pair(part, table):
            self.said.base_is(of, people)
            for states, text in self._columns(values):
                change = self.said.change(of, pair, states)
                self.said.cell(change, of, text, self.said.moved(of, pair, states))

    def _observed(self, part, table):
        """Read the turnover that a model was fitted to: that of everyone who always answered."""
        for labels, values, people in self._rows(table):
            pair = tuple(self.said.wave(one) for one in labels if one in self.outline.waves)
            of = self.said.base(table.note, pair)
            if of and len(pair) == 2:
                self.said.base_is(of, people)
                movers = self.said.movers(of, pair)
                self.said.cell(movers, of, values.get("observed", "").partition(" ")[0])
